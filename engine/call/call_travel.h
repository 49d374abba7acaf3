/*
 * call_travel.h - what the methods on travel share: the road index with the
 * speeds that are asked for, and places on it.
 */
#ifndef CALL_TRAVEL_H
#define CALL_TRAVEL_H

#include "call_door.h"
#include "call_points.h"

/* Parameters, by the same names in all of them. */
#define CALL_ROADS_PARAM                                                      \
    { .name = "roads", .type = CALL_PATH,                                     \
      .help = GB_N("the road index; else that beside the workspace") }
#define CALL_MODE_PARAM                                                       \
    { .name = "mode", .type = CALL_ENUM, .choices = "foot|ebike|car",         \
      .fallback = "foot", .help = GB_N("the way of travel") }
#define CALL_SNAP_PARAM                                                       \
    { .name = "max_snap_m", .type = CALL_REAL, .unit = "m", .min = 0,         \
      .max = 100000, .fallback = "1000",                                      \
      .help = GB_N("set aside what is farther from a street") }
#define CALL_PROFILE_PARAM                                                    \
    { .name = "profile", .type = CALL_PATH,                                   \
      .help = GB_N("JSON with other speeds: see data/PROFILES.md") }
#define CALL_BAND_PARAM                                                       \
    { .name = "band", .type = CALL_TEXT,                                      \
      .help = GB_N("speeds of a time band of the profile, as morning_peak") }

typedef struct call_travel {
    const gb_roads *roads; /* with the speeds that are asked for */
    gb_roads *own;         /* the same, where they are not the index's */
    gb_mode mode;
} call_travel;

/* By the parameters roads, mode, profile and band.  Close in any case. */
gb_status call_travel_open(call *c, call_travel *out);
void call_travel_close(call_travel *travel);

/* Snap by the parameter max_snap_m; one place, or those of a file, into an
 * array to be freed with base_free(). */
gb_status call_travel_snap(call *c, const call_travel *travel,
                           const gb_lonlat *at, size_t n,
                           gb_roads_place *out);
gb_status call_travel_snap_all(call *c, const call_travel *travel,
                               const call_points *points,
                               gb_roads_place **out);

/* The ids of places that are not on a street, added to a list. */
bool call_put_set_aside(json_t *list, const call_points *points,
                        const gb_roads_place *places);

/* "far", "invalid"; of a place that is not on a street. */
const char *call_snap_word(int32_t status);

#endif
