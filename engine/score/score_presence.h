/*
 * score_presence.h - presence learnt from attempts, level by level.
 *
 * Each level sorts its attempts by unit, the oldest first; a unit's run gives
 * its odds ratio and its counts by band.  What a level foretells for each
 * attempt, from those before it, is the parent of the next level.
 */
#ifndef SCORE_PRESENCE_H
#define SCORE_PRESENCE_H

#include <gridbeat/presence.h>

#include "base_run.h"

typedef struct score_band_count {
    uint32_t band;
    double met, n;
    double odds; /* against the unit's chance in all */
} score_band_count;

typedef struct score_units {
    size_t n;
    uint32_t *ids;   /* rising */
    uint32_t *first; /* n + 1 places in counts */
    double *ratios;  /* of odds: how much likelier than its parent */
    double *met, *tried; /* of a unit, over all bands */
    score_band_count *counts; /* bands rise within a unit */
    double strength;
} score_units;

struct gb_presence {
    base_mem *mem;
    uint32_t n_bands;
    double prior;
    score_units levels[GB_PRESENCE_LEVELS];
};

/* On checked attempts and options; free with gb_presence_free(). */
gb_status score_presence_learn(base_run *run,
                               const gb_presence_attempts *attempts,
                               const gb_presence_options *options,
                               gb_presence **out);

/* On checked attempts; score_presence_tries.c. */
gb_status score_presence_by_try(base_run *run,
                                const gb_presence_attempts *attempts,
                                gb_presence_try *rows, size_t n_rows);

/* What a level makes of its parent's chance. */
double score_presence_step(const score_units *level, uint32_t unit,
                           uint32_t band, double parent);

#endif
