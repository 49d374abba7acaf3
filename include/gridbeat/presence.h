/*
 * gridbeat/presence.h - the chance to meet somebody, by hour and kind of day,
 * learnt from the visits so far.
 *
 * A customer who was absent twice on a workday morning is looked for in the
 * evening.  Few visits say little, so each level leans on the one above it:
 * a customer on his place, a place on its segment, a segment on everybody,
 * and everybody on what was supposed before any visit, as by a score card.
 */
#ifndef GRIDBEAT_PRESENCE_H
#define GRIDBEAT_PRESENCE_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GB_PRESENCE_NONE UINT32_MAX /* the unit is not known */

/** Levels, each within the one before it. */
typedef enum gb_presence_level {
    GB_PRESENCE_ALL = 0,
    GB_PRESENCE_SEGMENT = 1,
    GB_PRESENCE_PLACE = 2,
    GB_PRESENCE_CUSTOMER = 3,
    GB_PRESENCE_LEVELS = 4
} gb_presence_level;

/**
 * Visits that were tried.  Borrowed for the call.
 */
typedef struct gb_presence_attempts {
    size_t size;
    size_t n;
    const uint32_t *segments, *places, *customers; /* numbers, or
                              GB_PRESENCE_NONE; NULL: all of them NONE */
    const uint16_t *bands;  /* hour and kind of day as one number */
    const uint8_t *is_met;  /* 1: somebody was there */
    const double *age_days; /* before today, >= 0; NULL: all 0 */
    const double *chances;  /* what was supposed of a meeting without any
                              visit, above 0 and below 1; NULL: all the
                              prior of the options */
} gb_presence_attempts;
#define GB_PRESENCE_ATTEMPTS_INIT                                             \
    { sizeof(gb_presence_attempts), 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct gb_presence_options {
    size_t size;
    uint32_t n_bands;      /* 1 to 10,000 */
    uint32_t reserved;
    double half_life_days; /* an attempt this old weighs a half; 0 = 365;
                              infinite: age does not matter */
    double prior;          /* chance where nothing is known; 0 = .5 */
    double strengths[GB_PRESENCE_LEVELS]; /* how many attempts the level
                              above is worth; 0: learnt */
} gb_presence_options;
#define GB_PRESENCE_OPTIONS_INIT                                              \
    { sizeof(gb_presence_options), 1, 0, 0, 0, { 0, 0, 0, 0 } }

/** What was learnt; immutable, any thread. */
typedef struct gb_presence gb_presence;

/**
 * Learn from attempts.
 *
 * At each level a unit's own attempts first move all bands together, by the
 * ratio of meetings to those expected from the level above (as an odds
 * ratio), then each band by its own n attempts:
 *
 *   r = (met + k) / (expected + k)
 *   p' = p r / (1 - p + p r)
 *   q = (met in the band + k m) / (n + k)
 *   p'' = p' o / (1 - p' + p' o),  o = q (1 - m) / ((1 - q) m)
 *
 * where k is the level's strength and m the mean of p over those n attempts,
 * moved by r as p was.  p of an attempt, and so what was expected, is what the
 * level above foretold from the attempts before it; p of a question rests on
 * all of them.  Attempts of one age stand in the order given.  Where all of them have one p, p'' is q: Beta-Bernoulli
 * shrinkage.  Where they differ (tenants and shops of one building), each
 * keeps its distance from the others.  A learnt strength is the power of two
 * from 1/2 to 1024 under which the level's attempts, each foretold from those
 * that stand before it, are the likeliest.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a band of n_bands or above, an age below
 *         0 or not a number, a chance that is not between 0 and 1, options out of range; GB_ERR_CANCELLED;
 *         GB_ERR_NOMEM.
 *
 * Ownership: free with gb_presence_free().  Threads: one thread a context.
 * Cost: O(n log n), times the strengths that are tried.
 * Method: beta-binomial shrinkage, B. Efron, Large-Scale Inference (2010);
 * the strength by prequential likelihood, A. P. Dawid, JRSS A 147 (1984).
 * Since: 0.1.
 */
GB_API gb_status gb_presence_learn(gb_context *ctx,
                                   const gb_presence_attempts *attempts,
                                   const gb_presence_options *options,
                                   gb_presence **out);

GB_API void gb_presence_free(gb_presence *presence);

/** The strength of a level, given or learnt; 0 for no level.  Any thread. */
GB_API double gb_presence_strength(const gb_presence *presence, int32_t level);

/**
 * The chance of a meeting, 0 to 1; a unit that is NONE or was never tried is
 * as the level above it.  NaN for no presence or a band out of range.  Any
 * thread.  Cost: O(log n).
 */
GB_API double gb_presence_at(const gb_presence *presence, uint32_t segment,
                             uint32_t place, uint32_t customer,
                             uint32_t band);

/** Who is asked about; NONE for what is not known. */
typedef struct gb_presence_whom {
    uint32_t segment, place, customer;
} gb_presence_whom;

/**
 * The same from what is supposed of him without any visit, above 0 and below
 * 1: as the attempts' `chances`.
 *
 * @param steps  What it was after each level, GB_PRESENCE_LEVELS numbers, the
 *               last of which is the answer: why he is likelier now.  May be
 *               NULL.
 */
GB_API double gb_presence_from(const gb_presence *presence, double chance,
                               gb_presence_whom whom, uint32_t band,
                               double *steps);

/** What was learnt of a unit, in all (band GB_PRESENCE_NONE) or in a band. */
typedef struct gb_presence_row {
    uint32_t unit, band;
    double attempts, met; /* weighed by age */
    double odds;          /* the odds of a meeting are so many times those by
                             the level above, and by the unit in all */
} gb_presence_row;

/**
 * Row i of a level: units rise; of each first the row in all, then its bands
 * that were tried, rising.  False when there are no more.  Any thread.
 * Cost: O(log n).
 */
GB_API bool gb_presence_row_at(const gb_presence *presence, int32_t level,
                               size_t i, gb_presence_row *row);

/** What came of a try: the first since somebody was met, the second, ... */
typedef struct gb_presence_try {
    uint64_t attempts, met;
    double share, low, high; /* met of attempts, with the interval that holds
                                95 % of the time; without attempts 0, 0, 1 */
} gb_presence_try;

/**
 * Is a third attempt worth while?  Attempts by how often the customer has been
 * missed since the last meeting: rows[0] those after none, rows[n_rows - 1]
 * those after n_rows - 1 misses or more.  Attempts of customers who are NONE
 * are left out; each counts once, whatever its age.
 *
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Cost: O(n log n).
 * Method: E. B. Wilson's interval, JASA 22 (1927).  Since: 0.1.
 */
GB_API gb_status gb_presence_by_try(gb_context *ctx,
                                    const gb_presence_attempts *attempts,
                                    gb_presence_try *rows, size_t n_rows);

#ifdef __cplusplus
}
#endif
#endif
