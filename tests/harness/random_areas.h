/*
 * random_areas.h - random instances of territories, from a seed or from the
 * bytes of a fuzzer: patches of a jittered raster with holes, islands,
 * diagonals, far links, barriers, areas without weight, and rules.
 */
#ifndef RANDOM_AREAS_H
#define RANDOM_AREAS_H

#include <gridbeat/grid.h>

enum { RANDOM_AREAS_MOST = 256, RANDOM_TERRITORIES_MOST = 16,
       RANDOM_MEASURES_MOST = 3 };

typedef struct random_areas {
    gb_areas areas;
    gb_territory_rules rules;
    uint32_t *travel_s; /* n_territories rows of n_areas */
    /* Of random_change() only. */
    uint32_t *previous;  /* n_areas; NULL: none */
    double *familiarity; /* as travel_s; NULL: none */
    uint64_t max_moved;
    /* what the pointers above point to */
    struct random_areas_store *store;
} random_areas;

/* Where chance comes from; bytes NULL: from the seed. */
typedef struct random_source {
    uint64_t seed;
    const uint8_t *bytes;
    size_t n_bytes, at;
} random_source;

uint32_t random_below(random_source *source, uint32_t bound);

/* At most `most_areas` areas (and RANDOM_AREAS_MOST) and most_territories. */
random_areas random_areas_new(random_source *source, uint32_t most_areas,
                              uint32_t most_territories);
/* Without rules but the count and the tolerance, and connected. */
random_areas random_areas_plain(uint64_t seed, uint32_t n_areas,
                                uint32_t n_territories, double tolerance);
/*
 * What may not be, and what the plan before asks: pairs apart, bars, frozen
 * territories, a budget of moves, familiarity; each with some chance.
 * `previous` is by chance, and good for nothing: a test that wants a better
 * one writes it there.
 */
void random_change(random_areas *areas, random_source *source);
void random_areas_free(random_areas *areas);

#endif
