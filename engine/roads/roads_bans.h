/*
 * roads_bans.h - turn restrictions, told by ways, as runs of streets.
 *
 * A way may go on beyond the node where it is restricted, and even pass
 * through it.  So a restriction is first placed on pieces (roads_join.h),
 * which says where links must end; when these are joined, pieces become the
 * streets that run along them.
 *
 * A way that passes through the node could be meant on either side.  One-way
 * streets can be meant on one only.  From a way to itself, "no" can only mean
 * turning back and "only" going straight on, on both sides.  Whatever is left
 * of doubt is refused: a turn wrongly forbidden leads round a city, and one
 * wrongly allowed is what the street had without the restriction.
 */
#ifndef ROADS_BANS_H
#define ROADS_BANS_H

#include "roads_join.h"

/* Steps are 2 * piece + d, d = 1 against the piece; streets at last. */
typedef struct roads_bans {
    BASE_ARRAY(uint32_t) first; /* of each run; n + 1 when all are there */
    BASE_ARRAY(uint32_t) steps;
    BASE_ARRAY(uint8_t) modes;  /* as in roads_map.h */
    uint64_t n_kept, n_refused; /* restrictions */
} roads_bans;

/* Place all on pieces and mark the vertices that they need. */
gb_status roads_bans_place(roads_join *join, roads_bans *bans);

/* Once links are joined: steps become streets of join->links. */
void roads_bans_follow(const roads_join *join, roads_bans *bans);

void roads_bans_clear(base_mem *mem, roads_bans *bans);

#endif
