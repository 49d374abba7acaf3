/*
 * call_way.h - a way told in words, and as documents: GeoJSON, a cue sheet, a
 * text.
 */
#ifndef CALL_WAY_H
#define CALL_WAY_H

#include "call_travel.h"

/* What a document on a way is made of. */
typedef struct call_way {
    const call_travel *travel;
    const gb_roads_directions *directions;
    const char *band;  /* whose speeds these are; NULL: free flow */
    int32_t depart_s, arrive_s; /* of the day; -1: not asked for */
} call_way;

/* What to do at a step, and where: "Turn left onto Aeulestrasse". */
void call_way_words(const call *c, gb_mode mode, const gb_roads_step *step,
                    base_text *text);
/* The street alone: its name, or what it is like. */
const char *call_way_street(const call *c, const gb_roads_step *step);
/* What kind of turn, in one or two words; for the cue sheet. */
void call_way_turn(const call *c, const gb_roads_step *step, base_text *text);

/* One feature, a LineString, the steps among its properties (RFC 7946). */
void call_way_geojson(const call *c, const call_way *way, base_text *out);
/* HTML, a page of A4. */
void call_way_cue(const call *c, const call_way *way, base_text *out);
/* Lines for people. */
void call_way_text(const call *c, const call_way *way, base_text *out);

/* "foot", "ebike", "car" as words; a time of day as 08:30. */
const char *call_mode_words(const call *c, gb_mode mode);
void call_put_clock(base_text *text, int32_t day_s);

#endif
