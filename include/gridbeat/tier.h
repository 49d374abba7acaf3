/*
 * gridbeat/tier.h - customers parted into tiers by a number.
 *
 * A tiering is a short text that a person writes and signs:
 *
 *   A=20%,B=30%,C          by shares: the highest fifth, the next 30 %, the
 *                          rest; tiers without a share divide what is left
 *   A>=500,B>=200,C        by thresholds; without an open last tier those
 *                          below the last threshold are in none
 *
 * Names are any text without , = < > and %, up to 64 of them.  What a customer's
 * tier rests on is told with it: his value, his rank, and where the tier
 * begins.  The workspace keeps tiers by date (gridbeat/plan.h).
 */
#ifndef GRIDBEAT_TIER_H
#define GRIDBEAT_TIER_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** In no tier. */
#define GB_TIER_NONE UINT32_MAX

/** A tiering; immutable, any thread. */
typedef struct gb_tiers gb_tiers;

/**
 * Read a tiering.
 *
 * @param text  As above; a threshold is any finite number.
 * @return GB_OK; GB_ERR_PARSE for what is no tiering, naming the piece: names
 *         that are there twice, shares beyond 100 % or without a rest for the
 *         others, thresholds that do not fall, shares among thresholds;
 *         GB_ERR_ARGUMENT; GB_ERR_NOMEM.
 *
 * Ownership: free with gb_tiers_free().  Threads: one thread a context.
 * Since: 0.1.
 */
GB_API gb_status gb_tiers_parse(gb_context *ctx, const char *text,
                                gb_tiers **out);
/** NULL is taken. */
GB_API void gb_tiers_free(gb_tiers *tiers);

/** Number of tiers, and the name of one (NULL past the last).  Any thread. */
GB_API size_t gb_tiers_count(const gb_tiers *tiers);
GB_API const char *gb_tiers_name(const gb_tiers *tiers, size_t tier);

/** One tier as it came out. */
typedef struct gb_tier {
    uint64_t n;      /* customers in it */
    uint64_t n_kept; /* of these only by options->keep */
    double at_least; /* where it begins: its threshold, or the lowest value
                        that its share lets in; NaN: nobody, or no border */
    double highest, lowest, sum; /* of the values in it; NaN when it is empty,
                                    the sum 0 */
} gb_tier;

typedef struct gb_tiers_options {
    size_t size;
    const uint32_t *before; /* the tier of each until now, GB_TIER_NONE: none;
                               NULL: nobody had one */
    double keep;            /* 0 to 0.5: how far across the border of his tier
                               one may come and stay in it, as a share of all
                               customers, or of the threshold; 0: not at all */
} gb_tiers_options;
#define GB_TIERS_OPTIONS_INIT { sizeof(gb_tiers_options), 0, 0 }

/**
 * Give each customer his tier.
 *
 * Equal values are never parted: by shares, those who stand at a border go
 * where the middle of them lies.  So a tier may hold more or fewer than its
 * share, and says how many.  With `keep`, who comes across the border of his
 * tier by little stays in it, so that nobody goes to and fro from night to
 * night.
 *
 * @param values   n; NaN is unknown and in no tier.
 * @param options  NULL: all defaults.
 * @param tier     n, GB_TIER_NONE for none.
 * @param rank     n, 1 the highest, equal values alike, 0 unknown; or NULL.
 * @param figures  One a tier; or NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for an infinite value or a `before` that is
 *         no tier; GB_ERR_OPTIONS; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context; the tiering is only read.  The order of the
 * customers does not matter.  Cost: O(n) for the order of 64-bit keys.
 * Since: 0.1.
 */
GB_API gb_status gb_tiers_assign(gb_context *ctx, const gb_tiers *tiers,
                                 const double *values, size_t n,
                                 const gb_tiers_options *options,
                                 uint32_t *tier, uint32_t *rank,
                                 gb_tier *figures);

/** What moved between two dates. */
typedef struct gb_tier_drift {
    size_t size;
    uint64_t entered, left; /* in a tier on one of the dates alone */
    uint64_t stayed;        /* in the same */
    uint64_t up, down;      /* to a higher one, to a lower one */
    double psi; /* population stability index of the shares of the tiers:
                   below .1 quiet, above .25 loud; half a customer is added to
                   each tier; NaN when nobody is in any on one of the dates */
} gb_tier_drift;

/**
 * Add up a table of moves.
 *
 * @param moves  (n_tiers + 1) rows, where one was, of as many columns, where
 *               one is; the last of each stands for no tier.
 * @param drift  Its size must be set.
 * @return GB_OK; GB_ERR_ARGUMENT.
 *
 * Threads: one thread a context.  Since: 0.1.
 */
GB_API gb_status gb_tiers_drift(gb_context *ctx, const uint64_t *moves,
                                size_t n_tiers, gb_tier_drift *drift);

#ifdef __cplusplus
}
#endif
#endif
