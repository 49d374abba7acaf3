/*
 * roads_facts.h - what OpenStreetMap's tags come to: the facts of a street,
 * of a node, of a turn restriction.
 *
 * https://wiki.openstreetmap.org/wiki/Key:access, Key:oneway, Key:barrier,
 * Relation:restriction.  Conditional tags ("@") are not read.
 */
#ifndef ROADS_FACTS_H
#define ROADS_FACTS_H

#include "roads_source.h"

typedef enum roads_verdict {
    ROADS_STREET,
    ROADS_NO_STREET,  /* neither a highway nor a ferry */
    ROADS_BAD_CLASS   /* of no class known here; being planned or built */
} roads_verdict;

roads_verdict roads_facts_way(const roads_osm *osm, const roads_element *way,
                              roads_kind *out);

/* ROADS_NODE_* of a tagged node. */
uint8_t roads_facts_node(const roads_osm *osm, const roads_element *node);

/* Which modes a restriction binds, by what it says to them. */
typedef struct roads_turn_facts {
    uint8_t no, only; /* bit m: mode m */
} roads_turn_facts;

roads_turn_facts roads_facts_turn(const roads_osm *osm,
                                  const roads_element *restriction);

/* "50", "30 mph", "walk" in tenths of km/h; 0: no number, as "none", and
 * "CN:urban", which says no more than the class of the street. */
uint16_t roads_facts_limit(const char *maxspeed);

/* Append the restrictions as bans: roads_osm_source() only.  `parts`: of each
 * way of `osm` its first way in `source`, and one more; `number`: of each node
 * its number there. */
gb_status roads_osm_bans(base_run *run, const roads_osm *osm,
                         const uint32_t *parts, const uint32_t *number,
                         roads_source *source, gb_roads_report *report);

#endif
