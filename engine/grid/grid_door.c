/*
 * grid_door.c - the checks at the door of gridbeat/grid.h.
 */
#include "grid_door.h"

#include <math.h>
#include <string.h>

#include "base_options.h"

enum { MOST_MEASURES = 64, MOST_STARTS = 4096 };
static const double MOST_METRES = 1e9;
static const double MOST_ACTIVITY = 1e100;

/* --- areas --------------------------------------------------------------- */

static gb_status check_sizes(gb_context *ctx, const gb_areas *areas)
{
    if (areas->n_areas == 0 || areas->n_areas > GRID_MOST_AREAS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu areas, not between 1 and %d", areas->n_areas,
                         (int)GRID_MOST_AREAS);
    if (areas->n_measures == 0 || areas->n_measures > MOST_MEASURES)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu measures, not between 1 and %d",
                         areas->n_measures, (int)MOST_MEASURES);
    if (!areas->centres || !areas->first_neighbour || !areas->activity
        || (!areas->neighbours && areas->first_neighbour[areas->n_areas] > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "areas: centres, first_neighbour, neighbours or"
                         " activity is NULL");
    return GB_OK;
}

static bool is_amount(double value, double most)
{
    return value >= 0 && value <= most;
}

static gb_status check_numbers(gb_context *ctx, const gb_areas *areas)
{
    for (size_t a = 0; a < areas->n_areas; a++) {
        const gb_point at = areas->centres[a];

        if (!(fabs(at.x_m) <= MOST_METRES && fabs(at.y_m) <= MOST_METRES))
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: its centre is no place in metres", a);
        if ((areas->areas_m2
             && !is_amount(areas->areas_m2[a], MOST_METRES * MOST_METRES))
            || (areas->perimeters_m
                && !is_amount(areas->perimeters_m[a], MOST_METRES)))
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: its size or perimeter is negative or"
                             " no number", a);
        for (size_t m = 0; m < areas->n_measures; m++)
            if (!is_amount(areas->activity[m * areas->n_areas + a],
                           MOST_ACTIVITY))
                return base_fail(ctx, GB_ERR_DATA,
                                 "area %zu: measure %zu is negative or no"
                                 " number", a, m);
    }
    return GB_OK;
}

static gb_status check_row(gb_context *ctx, const gb_areas *areas, size_t a)
{
    for (size_t i = areas->first_neighbour[a];
         i < areas->first_neighbour[a + 1]; i++) {
        if (areas->neighbours[i] >= areas->n_areas)
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: neighbour %u is not one of the %zu"
                             " areas", a, areas->neighbours[i],
                             areas->n_areas);
        if (areas->neighbours[i] == a)
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu is its own neighbour", a);
        if (areas->shared_border_m
            && !is_amount(areas->shared_border_m[i], MOST_METRES))
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: the border with area %u is negative"
                             " or no number", a, areas->neighbours[i]);
        if (areas->barriers && areas->barriers[i] > GB_BARRIER_HARD)
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: the barrier to area %u is of an"
                             " unknown kind (%u)", a, areas->neighbours[i],
                             (unsigned)areas->barriers[i]);
    }
    return GB_OK;
}

static gb_status check_rows(gb_context *ctx, const gb_areas *areas)
{
    if (areas->first_neighbour[0] != 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "areas: the first row of neighbours begins at %u,"
                         " not at 0", areas->first_neighbour[0]);
    for (size_t a = 0; a < areas->n_areas; a++)
        if (areas->first_neighbour[a] > areas->first_neighbour[a + 1])
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: its neighbours end before they begin",
                             a);
    for (size_t a = 0; a < areas->n_areas; a++) {
        gb_status status = check_row(ctx, areas, a);

        if (status)
            return status;
    }
    return GB_OK;
}

/* The arcs into each area, as arcs[into[a] .. into[a + 1]). */
static void turn_round(const gb_areas *areas, uint32_t *into, uint32_t *arcs,
                       uint32_t *tails)
{
    const size_t n = areas->n_areas;

    memset(into, 0, (n + 2) * sizeof *into);
    for (size_t i = 0; i < areas->first_neighbour[n]; i++)
        into[areas->neighbours[i] + 2]++;
    for (size_t a = 0; a < n; a++)
        into[a + 2] += into[a + 1];
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++) {
            const uint32_t at = into[areas->neighbours[i] + 1]++;

            arcs[at] = i;
            tails[at] = a;
        }
}

static bool is_same_arc(const gb_areas *areas, size_t i, size_t j)
{
    return (!areas->shared_border_m
            || !(areas->shared_border_m[i] < areas->shared_border_m[j]
                 || areas->shared_border_m[i] > areas->shared_border_m[j]))
        && (!areas->barriers || areas->barriers[i] == areas->barriers[j]);
}

/* `own` holds for a neighbour of the present area the arc to it, plus 1. */
static gb_status check_both_ways(gb_context *ctx, const gb_areas *areas,
                                 uint32_t a, const uint32_t *into,
                                 const uint32_t *arcs, const uint32_t *tails,
                                 uint32_t *own)
{
    const uint32_t from = areas->first_neighbour[a];
    const uint32_t to = areas->first_neighbour[a + 1];
    gb_status status = GB_OK;
    uint32_t j;

    for (uint32_t i = from; i < to && !status; i++) {
        if (own[areas->neighbours[i]])
            status = base_fail(ctx, GB_ERR_DATA,
                               "area %u has the neighbour %u twice", a,
                               areas->neighbours[i]);
        own[areas->neighbours[i]] = i + 1;
    }
    for (j = into[a]; j < into[a + 1] && !status; j++) {
        const uint32_t i = own[tails[j]];

        if (!i)
            status = base_fail(ctx, GB_ERR_DATA,
                               "area %u has the neighbour %u, which has it"
                               " not", tails[j], a);
        else if (!is_same_arc(areas, i - 1, arcs[j]))
            status = base_fail(ctx, GB_ERR_DATA,
                               "areas %u and %u do not agree on their border"
                               " or barrier", a, tails[j]);
    }
    for (uint32_t i = from; i < to; i++)
        own[areas->neighbours[i]] = 0;
    return status;
}

static gb_status check_symmetry(gb_context *ctx, const gb_areas *areas)
{
    const size_t n = areas->n_areas, n_arcs = areas->first_neighbour[n];
    uint32_t *into = base_alloc_array(ctx->mem, n + 2, sizeof *into);
    uint32_t *arcs = base_alloc_array(ctx->mem, n_arcs, sizeof *arcs);
    uint32_t *tails = base_alloc_array(ctx->mem, n_arcs, sizeof *tails);
    uint32_t *own = base_alloc_zeroed(ctx->mem, n, sizeof *own);
    gb_status status = GB_OK;

    if (!into || !arcs || !tails || !own) {
        status = base_fail_nomem(ctx);
    } else {
        turn_round(areas, into, arcs, tails);
        for (uint32_t a = 0; a < n && !status; a++)
            status = check_both_ways(ctx, areas, a, into, arcs, tails, own);
    }
    base_free(ctx->mem, into);
    base_free(ctx->mem, arcs);
    base_free(ctx->mem, tails);
    base_free(ctx->mem, own);
    return status;
}

gb_status grid_door_areas(gb_context *ctx, gb_areas *to,
                          const gb_areas *from)
{
    gb_status status;

    if (!from)
        return base_fail(ctx, GB_ERR_ARGUMENT, "areas: NULL");
    status = base_options_take(ctx, to, sizeof *to, from, sizeof *to);
    if (!status)
        status = check_sizes(ctx, to);
    if (!status)
        status = check_rows(ctx, to);
    if (!status)
        status = check_numbers(ctx, to);
    if (!status)
        status = check_symmetry(ctx, to);
    return status;
}

/* --- rules and options --------------------------------------------------- */

static gb_status check_locks(gb_context *ctx, const uint32_t *locks,
                             size_t n, size_t k)
{
    for (size_t a = 0; locks && a < n; a++)
        if (locks[a] != GB_GRID_NONE && locks[a] >= k)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "area %zu is locked to territory %u; there are"
                             " %zu", a, locks[a], k);
    return GB_OK;
}

static gb_status check_shares(gb_context *ctx, const double *shares,
                              size_t k)
{
    for (size_t t = 0; shares && t < k; t++)
        if (!(shares[t] > 0 && shares[t] <= 1e9))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the share of territory %zu is not above 0", t);
    return GB_OK;
}

static gb_status check_seeds(gb_context *ctx, const uint32_t *seeds,
                             size_t n, size_t k)
{
    for (size_t t = 0; seeds && t < k; t++)
        if (seeds[t] != GB_GRID_NONE && seeds[t] >= n)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "territory %zu must contain area %u; there are"
                             " %zu", t, seeds[t], n);
    return GB_OK;
}

static gb_status check_apart(gb_context *ctx,
                             const gb_territory_rules *rules, size_t n)
{
    if (rules->n_apart > 0 && !rules->apart)
        return base_fail(ctx, GB_ERR_ARGUMENT, "apart: NULL");
    for (size_t i = 0; i < rules->n_apart; i++) {
        const uint32_t a = rules->apart[2 * i], b = rules->apart[2 * i + 1];

        if (a >= n || b >= n)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "areas %u and %u must be apart; there are %zu",
                             a, b, n);
        if (a == b)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "area %u cannot be apart from itself", a);
    }
    return GB_OK;
}

static gb_status check_barred(gb_context *ctx,
                              const gb_territory_rules *rules, size_t n)
{
    if (rules->n_barred > 0 && !rules->barred)
        return base_fail(ctx, GB_ERR_ARGUMENT, "barred: NULL");
    for (size_t i = 0; i < rules->n_barred; i++) {
        const uint32_t a = rules->barred[2 * i];
        const uint32_t t = rules->barred[2 * i + 1];

        if (a >= n || t >= rules->n_territories)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "area %u is barred from territory %u; there are"
                             " %zu areas and %zu territories", a, t, n,
                             rules->n_territories);
    }
    return GB_OK;
}

static gb_status check_frozen(gb_context *ctx,
                              const gb_territory_rules *rules)
{
    for (size_t t = 0; rules->frozen && t < rules->n_territories; t++)
        if (rules->frozen[t] > 1)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "frozen: %u of territory %zu is neither 0 nor 1",
                             (unsigned)rules->frozen[t], t);
    return GB_OK;
}

gb_status grid_door_rules(gb_context *ctx, const gb_areas *areas,
                          gb_territory_rules *to,
                          const gb_territory_rules *from)
{
    gb_status status;

    if (!from)
        return base_fail(ctx, GB_ERR_ARGUMENT, "rules: NULL");
    status = base_options_take(ctx, to, sizeof *to, from, sizeof *to);
    if (status)
        return status;
    if (to->n_territories == 0 || to->n_territories > GRID_MOST_AREAS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu territories",
                         to->n_territories);
    for (size_t m = 0; to->tolerances && m < areas->n_measures; m++)
        if (!is_amount(to->tolerances[m], 1e6))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the tolerance of measure %zu is negative or no"
                             " number", m);
    status = check_shares(ctx, to->shares, to->n_territories);
    if (!status)
        status = check_locks(ctx, to->locks, areas->n_areas,
                             to->n_territories);
    if (!status)
        status = check_seeds(ctx, to->seeds, areas->n_areas,
                             to->n_territories);
    if (!status)
        status = check_apart(ctx, to, areas->n_areas);
    if (!status)
        status = check_barred(ctx, to, areas->n_areas);
    if (!status)
        status = check_frozen(ctx, to);
    return status;
}

static double weight_or(double given, double otherwise)
{
    if (given < 0)
        return 0;
    return given > 0 ? given : otherwise;
}

static uint64_t default_iterations(size_t n_areas)
{
    return n_areas > 1000 ? 200 * (uint64_t)n_areas : 200000;
}

static gb_status check_options(gb_context *ctx,
                               const gb_territory_options *options)
{
    if (options->objective < GB_TERRITORY_MOMENT
        || options->objective > GB_TERRITORY_MEDIAN)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "objective %d is unknown", (int)options->objective);
    if (!(fabs(options->barrier_weight) <= 1e6
          && fabs(options->travel_weight) <= 1e6
          && fabs(options->stay_price) <= 1e6
          && fabs(options->familiarity_weight) <= 1e6))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a weight is beyond 1000000 or no number");
    if (options->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "time limit below 0");
    if (options->n_starts > MOST_STARTS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u starts, more than %d", options->n_starts,
                         (int)MOST_STARTS);
    if (options->max_moved > 0 && !options->previous)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "max_moved needs the plan before: previous is NULL");
    return GB_OK;
}

static gb_status check_familiarity(gb_context *ctx, const double *known,
                                   size_t n, size_t k)
{
    for (size_t i = 0; known && i < k * n; i++)
        if (!is_amount(known[i], MOST_ACTIVITY))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the familiarity of territory %zu with area %zu"
                             " is negative or no number", i / n, i % n);
    return GB_OK;
}

gb_status grid_door_needs_previous(gb_context *ctx,
                                   const gb_territory_rules *rules,
                                   const uint32_t *previous)
{
    for (size_t t = 0; rules->frozen && t < rules->n_territories; t++)
        if (rules->frozen[t] && !previous)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "territory %zu is frozen as it was in the plan"
                             " before: previous is NULL", t);
    return GB_OK;
}

gb_status grid_door_options(gb_context *ctx, const gb_areas *areas,
                            const gb_territory_rules *rules,
                            gb_territory_options *to,
                            const gb_territory_options *from)
{
    const size_t n = areas->n_areas;
    gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (!status)
        status = check_options(ctx, to);
    if (!status)
        status = check_familiarity(ctx, to->familiarity, n,
                                   rules->n_territories);
    if (!status)
        status = grid_door_needs_previous(ctx, rules, to->previous);
    if (status)
        return status;
    to->barrier_weight = weight_or(to->barrier_weight, 0.1);
    to->travel_weight = weight_or(to->travel_weight, 0.5);
    to->stay_price = weight_or(to->stay_price, 5);
    to->familiarity_weight = weight_or(to->familiarity_weight, 0.5);
    if (to->max_iterations == 0 && to->time_limit_ms == 0)
        to->max_iterations = default_iterations(n);
    if (to->n_starts == 0)
        to->n_starts = 1;
    return GB_OK;
}

gb_status grid_door_catchment(gb_context *ctx, const gb_areas *areas,
                              size_t n_branches, gb_catchment_options *to,
                              const gb_catchment_options *from)
{
    gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (status)
        return status;
    if (!(to->pull >= 0 && to->pull <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT, "pull: not between 0 and 1");
    if (to->pull > 0 && !to->shares)
        return base_fail(ctx, GB_ERR_ARGUMENT, "a pull needs shares");
    if (to->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "time limit below 0");
    status = check_shares(ctx, to->shares, n_branches);
    if (!status)
        status = check_locks(ctx, to->locks, areas->n_areas, n_branches);
    return status;
}
