/*
 * tier_api.c - implements gridbeat/tier.h.
 */
#include <gridbeat/tier.h>

#include <math.h>

#include "base_options.h"
#include "score_tier.h"

static const double MOST_KEPT = 0.5;
enum { MOST_MOVES = 65536 };

gb_status gb_tiers_parse(gb_context *ctx, const char *text, gb_tiers **out)
{
    gb_tiers *made;
    gb_status status;

    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!text)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no tiers are given");
    made = base_alloc_zeroed(ctx->mem, 1, sizeof *made);
    if (!made)
        return base_fail_nomem(ctx);
    status = score_tiers_read(ctx, text, made);
    if (status) {
        base_free(ctx->mem, made);
        return status;
    }
    made->mem = base_mem_ref(ctx->mem);
    *out = made;
    return GB_OK;
}

void gb_tiers_free(gb_tiers *tiers)
{
    base_mem *mem;

    if (!tiers)
        return;
    mem = tiers->mem;
    base_free(mem, tiers);
    base_mem_unref(mem);
}

size_t gb_tiers_count(const gb_tiers *tiers)
{
    return tiers ? tiers->n : 0;
}

const char *gb_tiers_name(const gb_tiers *tiers, size_t tier)
{
    return tiers && tier < tiers->n ? tiers->name[tier] : NULL;
}

static gb_status take(gb_context *ctx, const gb_tiers *tiers,
                      const double *values, size_t n,
                      const gb_tiers_options *options, gb_tiers_options *own)
{
    const gb_status status = base_options_take(ctx, own, sizeof *own, options,
                                               sizeof *own);

    if (status)
        return status;
    if (!(own->keep >= 0 && own->keep <= MOST_KEPT))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "what may be kept is not within 0 to 0.5");
    if (n >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu customers are too many",
                         n);
    for (size_t i = 0; i < n; i++) {
        if (isinf(values[i]))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the value of customer %zu is infinite", i);
        if (own->before && own->before[i] != GB_TIER_NONE
            && own->before[i] >= tiers->n)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "customer %zu was in tier %u of %zu", i,
                             own->before[i], tiers->n);
    }
    return GB_OK;
}

gb_status gb_tiers_assign(gb_context *ctx, const gb_tiers *tiers,
                          const double *values, size_t n,
                          const gb_tiers_options *options, uint32_t *tier,
                          uint32_t *rank, gb_tier *figures)
{
    gb_tiers_options own;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!tiers || (n > 0 && (!values || !tier)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "tiers, values or a place for the answer are "
                         "missing");
    status = take(ctx, tiers, values, n, options, &own);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("giving tiers"), 0, 1, n);
    return base_run_end(&run, score_tiers_assign(&run, tiers, values, n, &own,
                                                 tier, rank, figures));
}

gb_status gb_tiers_drift(gb_context *ctx, const uint64_t *moves,
                         size_t n_tiers, gb_tier_drift *drift)
{
    gb_tier_drift made = { .size = sizeof made };

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!moves || !drift)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the answer");
    if (n_tiers == 0 || n_tiers > MOST_MOVES)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu tiers; 1 to %d can be compared", n_tiers,
                         MOST_MOVES);
    score_tiers_drift(moves, n_tiers, &made);
    if (!base_options_give(drift, &made, sizeof made))
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the answer");
    return GB_OK;
}
