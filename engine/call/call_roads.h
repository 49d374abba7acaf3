/*
 * call_roads.h - what is behind the methods of call_roads.c, one file or two a
 * kind.
 */
#ifndef CALL_ROADS_H
#define CALL_ROADS_H

#include "call_door.h"

/* call_roads_build.c */
gb_status call_roads_build(call *c, json_t **result);
gb_status call_roads_customise(call *c, json_t **result);
gb_status call_roads_verify(call *c, json_t **result);
/* call_roads_info.c */
gb_status call_roads_info(call *c, json_t **result);
gb_status call_roads_profile(call *c, json_t **result);
/* call_roads_place.c */
gb_status call_roads_nearest(call *c, json_t **result);
/* call_roads_reach.c */
gb_status call_roads_reach(call *c, json_t **result);
gb_status call_roads_catchments(call *c, json_t **result);
/* call_roads_path.c */
gb_status call_roads_path_find(call *c, json_t **result);
/* call_table.c */
gb_status call_roads_table(call *c, json_t **result);

/* What a mode comes to, as build and info tell it. */
json_t *call_describe_mode(gb_mode mode, const gb_roads_mode_report *report);

#endif
