/*
 * presence_api.c - implements gridbeat/presence.h.
 */
#include <gridbeat/presence.h>

#include <math.h>

#include "base_options.h"
#include "base_text.h"
#include "score_presence.h"

static const double HALF_LIFE_DAYS = 365, PRIOR = 0.5;
enum { MOST_BANDS = 10000 };

static gb_status take_options(gb_context *ctx,
                              const gb_presence_options *options,
                              gb_presence_options *own)
{
    const gb_status status = base_options_take(ctx, own, sizeof *own, options,
                                               sizeof *own);

    if (status)
        return status;
    if (own->n_bands == 0)
        own->n_bands = 1;
    if (own->half_life_days == 0)
        own->half_life_days = HALF_LIFE_DAYS;
    if (own->prior == 0)
        own->prior = PRIOR;
    if (own->n_bands > MOST_BANDS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u bands are too many: at most %d", own->n_bands,
                         (int)MOST_BANDS);
    if (!(own->half_life_days > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "the half-life is not above 0");
    if (!(own->prior > 0 && own->prior < 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the chance to begin with is not between 0 and 1");
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        if (!(own->strengths[level] >= 0 && own->strengths[level] <= 1e9))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the strength of level %d is not within 0 to "
                             "1e9", level);
    return GB_OK;
}

static gb_status check_attempts(gb_context *ctx,
                                const gb_presence_attempts *attempts,
                                uint32_t n_bands)
{
    if (!attempts || attempts->size < sizeof *attempts
        || attempts->n >= UINT32_MAX
        || (attempts->n > 0 && (!attempts->bands || !attempts->is_met)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no attempts, or of unknown size");
    for (size_t i = 0; i < attempts->n; i++) {
        if (attempts->bands[i] >= n_bands)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "attempt %zu is of band %u of %u", i,
                             (unsigned)attempts->bands[i], n_bands);
        if (attempts->age_days && !(attempts->age_days[i] >= 0))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "attempt %zu is of the future, or of no time",
                             i);
    }
    return GB_OK;
}

gb_status gb_presence_learn(gb_context *ctx,
                            const gb_presence_attempts *attempts,
                            const gb_presence_options *options,
                            gb_presence **out)
{
    gb_presence_options own;
    base_run run;
    gb_status status;

    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    status = take_options(ctx, options, &own);
    if (!status)
        status = check_attempts(ctx, attempts, own.n_bands);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("learning when people are met"), 0, 1, 0);
    if (!status)
        status = score_presence_learn(&run, attempts, &own, out);
    return base_run_end(&run, status);
}

void gb_presence_free(gb_presence *presence)
{
    base_mem *mem = presence ? presence->mem : NULL;

    if (!presence)
        return;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++) {
        base_free(mem, presence->levels[level].ids);
        base_free(mem, presence->levels[level].first);
        base_free(mem, presence->levels[level].ratios);
        base_free(mem, presence->levels[level].counts);
    }
    base_free(mem, presence);
    base_mem_unref(mem);
}

double gb_presence_strength(const gb_presence *presence, int32_t level)
{
    return presence && level >= 0 && level < GB_PRESENCE_LEVELS
        ? presence->levels[level].strength : 0;
}

double gb_presence_at(const gb_presence *presence, uint32_t segment,
                      uint32_t place, uint32_t customer, uint32_t band)
{
    const uint32_t units[] = { 0, segment, place, customer };
    double chance;

    if (!presence || band >= presence->n_bands)
        return (double)NAN;
    chance = presence->prior;
    for (int level = 0; level < GB_PRESENCE_LEVELS; level++)
        chance = score_presence_step(&presence->levels[level], units[level],
                                     band, chance);
    return chance;
}
