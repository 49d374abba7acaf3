/*
 * small_map.h - maps of a dozen streets with a profile, by hand or by chance,
 * for tests of what stands on roads_map.
 *
 *   small_map map;
 *   small_map_random(&rng, 12, 20, 4, &map);
 *   roads_states_build(&run, &map.view, &map.profile, mode, NULL, &states);
 *   ...
 *   small_map_clear(&map);
 *
 * By hand: small_map_begin(), small_map_kind(), small_map_link() in the order
 * of their ends, small_map_ban(), small_map_finish().  A link added as number
 * l is streets 2 * l (along) and 2 * l + 1 (against).
 *
 * Lengths have nothing to do with where the vertices are, on a grid of some
 * metres near 104 E 30 N, and every link has two points.  There is no R-tree:
 * nothing can be snapped; places are made with small_map_place().
 */
#ifndef SMALL_MAP_H
#define SMALL_MAP_H

#include "base_rng.h"
#include "roads_map.h"
#include "roads_profile.h"

enum { SMALL_MAP_VERTICES = 64, SMALL_MAP_LINKS = 256, SMALL_MAP_KINDS = 16,
       SMALL_MAP_BANS = 64 };

typedef struct small_map {
    roads_map view;        /* points into *self: a small_map is not copied */
    roads_profile profile;
    struct small_map_arrays *self;
} small_map;

/*
 * Vertices on a grid; about a third of the links between neighbours, the
 * others anywhere: one-way streets by their kind, parallel links, loops, links
 * of no length, islands; streets of all classes, some closed by tags or
 * profile, some for a route's end only (by class, by access); signals, shut
 * and private vertices; n_bans restrictions, no and only, of two to four
 * streets each.  At most the numbers above.  The profile is random too: foot
 * is not turn-aware, the two others are.
 */
void small_map_random(base_rng *rng, size_t n_vertices, size_t n_links,
                      size_t n_bans, small_map *out);
void small_map_clear(small_map *map);

/* By hand: a profile that opens all classes to all at 36 km/h (10 m/s), turns
 * free, U-turns free and anywhere, nothing for a route's end only but private
 * streets. */
void small_map_begin(small_map *map, size_t n_vertices);
/* A residential street, open to all, both ways; change it in map->self. */
roads_kind small_map_residential(void);
uint32_t small_map_kind(small_map *map, roads_kind kind);
/* The number of the link; in the order of (from, to). */
uint32_t small_map_link(small_map *map, uint32_t from, uint32_t to,
                        uint32_t cm, uint32_t kind);
void small_map_bearing(small_map *map, uint32_t link, uint8_t setting_out,
                       uint8_t against);
void small_map_vertex(small_map *map, uint32_t vertex, uint8_t flags);
/* modes: bits, with ROADS_BAN_ONLY. */
void small_map_ban(small_map *map, uint8_t modes, const uint32_t *streets,
                   size_t n);
void small_map_finish(small_map *map);

/* A place, GB_SNAP_OK, so far from the beginning of a link. */
gb_roads_place small_map_place(const small_map *map, gb_mode mode,
                               uint32_t link, uint32_t along_cm);
/* Anywhere: inside links, at their ends, each about as often. */
gb_roads_place small_map_random_place(base_rng *rng, const small_map *map,
                                      gb_mode mode);

#endif
