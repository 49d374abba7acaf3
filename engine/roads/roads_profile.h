/*
 * roads_profile.h - who may use a street, in which direction, how fast.
 *
 * The tables of roads_profile.c are the profile: classes with their speeds by
 * mode, values of access tags, barriers.  In short:
 *
 * - The most specific access tag decides: foot; bicycle, vehicle; motorcar,
 *   motor_vehicle, vehicle; and access for all.  `no`, `private` and the like
 *   close, `yes`, `destination` and the like open; only a tag of the mode's
 *   own opens a class that is closed to it.
 * - One-way: oneway=yes, -1, no; roundabouts and motorways imply it; binds
 *   cars and e-bikes, these unless oneway:bicycle=no or cycleway=opposite*;
 *   those on foot go both ways.
 * - E-bikes count as bicycles; not on motorway or trunk; pushed (5 km/h) on
 *   footways; not over steps.
 */
#ifndef ROADS_PROFILE_H
#define ROADS_PROFILE_H

#include "roads_osm.h"

/* Speeds in tenths of a km/h, by mode, along and against the way's nodes;
 * 0 is closed. */
typedef struct roads_rule {
    uint16_t speed_dkmh[GB_MODE_COUNT][2];
    uint8_t class; /* number of the class in the table */
} roads_rule;

typedef enum roads_verdict {
    ROADS_OPEN = 0,       /* to one mode at least */
    ROADS_NO_STREET = 1,  /* nothing to travel on */
    ROADS_BAD_CLASS = 2,  /* a street of a class that is not taken */
    ROADS_CLOSED = 3      /* to all modes */
} roads_verdict;

roads_verdict roads_profile_way(const roads_osm *osm, const roads_element *way,
                                const gb_roads_options *options,
                                roads_rule *rule);

/* Bit m set: mode m does not get past this node. */
uint8_t roads_profile_node(const roads_osm *osm, const roads_element *node);

#endif
