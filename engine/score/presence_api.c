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
        if (attempts->chances
            && !(attempts->chances[i] > 0 && attempts->chances[i] < 1))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "attempt %zu: the chance that was supposed is "
                             "not between 0 and 1", i);
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

gb_status gb_presence_by_try(gb_context *ctx,
                             const gb_presence_attempts *attempts,
                             gb_presence_try *rows, size_t n_rows)
{
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!rows || n_rows == 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the tries");
    status = check_attempts(ctx, attempts, MOST_BANDS);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    if (!status)
        status = score_presence_by_try(&run, attempts, rows, n_rows);
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
        base_free(mem, presence->levels[level].met);
        base_free(mem, presence->levels[level].tried);
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

double gb_presence_from(const gb_presence *presence, double chance,
                        gb_presence_whom whom, uint32_t band, double *steps)
{
    const uint32_t units[] = { 0, whom.segment, whom.place, whom.customer };
    const bool is_known = presence && band < presence->n_bands && chance > 0
                          && chance < 1;

    for (int level = 0; level < GB_PRESENCE_LEVELS; level++) {
        chance = is_known ? score_presence_step(&presence->levels[level],
                                                units[level], band, chance)
                          : (double)NAN;
        if (steps)
            steps[level] = chance;
    }
    return chance;
}

double gb_presence_at(const gb_presence *presence, uint32_t segment,
                      uint32_t place, uint32_t customer, uint32_t band)
{
    const gb_presence_whom whom = { segment, place, customer };

    return gb_presence_from(presence, presence ? presence->prior : 0, whom,
                            band, NULL);
}

/* The last unit whose rows begin at or before i: unit u has one row in all
 * and those of its bands, from first[u] + u on. */
static size_t unit_of_row(const score_units *level, size_t i)
{
    size_t low = 0, high = level->n;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (level->first[middle] + middle <= i)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool gb_presence_row_at(const gb_presence *presence, int32_t level, size_t i,
                        gb_presence_row *row)
{
    const score_units *of;
    const score_band_count *count;
    size_t u, offset;

    if (!presence || !row || level < 0 || level >= GB_PRESENCE_LEVELS)
        return false;
    of = &presence->levels[level];
    if (of->n == 0 || i >= of->n + of->first[of->n])
        return false;
    u = unit_of_row(of, i);
    offset = i - u - of->first[u];
    if (offset == 0) {
        *row = (gb_presence_row){ of->ids[u], GB_PRESENCE_NONE, of->tried[u],
                                  of->met[u], of->ratios[u] };
        return true;
    }
    count = &of->counts[of->first[u] + offset - 1];
    *row = (gb_presence_row){ of->ids[u], count->band, count->n, count->met,
                              count->odds };
    return true;
}
