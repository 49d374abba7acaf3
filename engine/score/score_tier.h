/*
 * score_tier.h - a tiering as it is read, and who comes into which tier.
 */
#ifndef SCORE_TIER_H
#define SCORE_TIER_H

#include <gridbeat/tier.h>

#include "base_run.h"

enum { SCORE_MOST_TIERS = 64, SCORE_TIER_NAME = 64 /* bytes with '\0' */ };

struct gb_tiers {
    base_mem *mem; /* a count of its own */
    size_t n;
    bool by_shares;
    bool is_open;                    /* the last one has no threshold */
    double share[SCORE_MOST_TIERS];  /* by shares: they sum up to 1 at most */
    double at_least[SCORE_MOST_TIERS]; /* by thresholds, falling */
    char name[SCORE_MOST_TIERS][SCORE_TIER_NAME];
};

/* Fills a zeroed struct but for `mem`; GB_ERR_PARSE names the piece. */
gb_status score_tiers_read(gb_context *ctx, const char *text, gb_tiers *out);

gb_status score_tiers_assign(base_run *run, const gb_tiers *tiers,
                             const double *values, size_t n,
                             const gb_tiers_options *options, uint32_t *tier,
                             uint32_t *rank, gb_tier *figures);

void score_tiers_drift(const uint64_t *moves, size_t n, gb_tier_drift *out);

#endif
