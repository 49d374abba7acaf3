/*
 * grid_api.c - implements gridbeat/grid.h.
 */
#include <gridbeat/grid.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "grid_catchment.h"
#include "grid_check.h"
#include "grid_problem.h"
#include "grid_reason.h"
#include "grid_solve.h"
#include "grid_text.h"

/* Ids and arcs stay well inside of 32 bits. */
enum { MOST_AREAS = 1 << 28, MOST_MEASURES = 64, MOST_STARTS = 4096 };
static const double MOST_METRES = 1e9;
static const double MOST_ACTIVITY = 1e100;

struct gb_territories {
    base_mem *mem;
    uint32_t *owners;
    grid_findings findings;
    gb_territory_summary summary;
};

/* --- the door: areas ----------------------------------------------------- */

static gb_status check_sizes(gb_context *ctx, const gb_areas *areas)
{
    if (areas->n_areas == 0 || areas->n_areas > MOST_AREAS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu areas, not between 1 and %d", areas->n_areas,
                         (int)MOST_AREAS);
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

static gb_status take_areas(gb_context *ctx, gb_areas *to,
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

/* --- the door: rules and options ----------------------------------------- */

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

static gb_status take_rules(gb_context *ctx, const gb_areas *areas,
                            gb_territory_rules *to,
                            const gb_territory_rules *from)
{
    gb_status status;

    if (!from)
        return base_fail(ctx, GB_ERR_ARGUMENT, "rules: NULL");
    status = base_options_take(ctx, to, sizeof *to, from, sizeof *to);
    if (status)
        return status;
    if (to->n_territories == 0 || to->n_territories > MOST_AREAS)
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
        || options->objective > GB_TERRITORY_CUT)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "objective %d is unknown", (int)options->objective);
    if (!(fabs(options->barrier_weight) <= 1e6
          && fabs(options->travel_weight) <= 1e6
          && fabs(options->stay_price) <= 1e6))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a weight is beyond 1000000 or no number");
    if (options->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "time limit below 0");
    if (options->n_starts > MOST_STARTS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u starts, more than %d", options->n_starts,
                         (int)MOST_STARTS);
    return GB_OK;
}

static gb_status take_options(gb_context *ctx, size_t n_areas,
                              gb_territory_options *to,
                              const gb_territory_options *from)
{
    gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (!status)
        status = check_options(ctx, to);
    if (status)
        return status;
    to->barrier_weight = weight_or(to->barrier_weight, 0.1);
    to->travel_weight = weight_or(to->travel_weight, 0.5);
    to->stay_price = weight_or(to->stay_price, 5);
    if (to->max_iterations == 0 && to->time_limit_ms == 0)
        to->max_iterations = default_iterations(n_areas);
    if (to->n_starts == 0)
        to->n_starts = 1;
    return GB_OK;
}

/* --- build --------------------------------------------------------------- */

static bool numbers_mean_something(const gb_territory_rules *rules,
                                   const gb_territory_options *options)
{
    return rules->shares || rules->locks || rules->seeds
        || options->travel_s || options->previous;
}

typedef struct finishing {
    base_run *run;
    const gb_areas *areas;
    const gb_territory_rules *rules;
    const gb_territory_options *options;
    gb_territory_measure *measures;
    double *deviation;
    uint32_t *number; /* n_territories */
} finishing;

/* From west to east, by the mean of the centres. */
static void number_westwards(finishing *x, uint32_t *owners)
{
    const size_t k = x->rules->n_territories;

    for (size_t t = 0; t < k; t++) {
        const gb_point at = x->measures[t].centre;

        x->number[t] = 0;
        for (size_t u = 0; u < k; u++) {
            const gb_point other = x->measures[u].centre;

            x->number[t] += other.x_m < at.x_m
                || (other.x_m <= at.x_m
                    && (other.y_m < at.y_m
                        || (other.y_m <= at.y_m && u < t)));
        }
    }
    for (size_t a = 0; a < x->areas->n_areas; a++)
        owners[a] = x->number[owners[a]];
}

static double mean_travel(const finishing *x, const uint32_t *owners)
{
    const size_t n = x->areas->n_areas;
    double seconds = 0, weight = 0;

    for (size_t a = 0; x->options->travel_s && a < n; a++) {
        const uint32_t s = x->options->travel_s[owners[a] * n + a];

        if (s == GB_GRID_UNREACHABLE)
            continue;
        seconds += x->areas->activity[a] * s;
        weight += x->areas->activity[a];
    }
    return weight > 0 ? seconds / weight : 0;
}

static void sum_up(const finishing *x, gb_territories *made)
{
    gb_territory_summary *s = &made->summary;
    const size_t k = x->rules->n_territories;

    s->n_areas = x->areas->n_areas;
    s->n_territories = k;
    s->n_cut = grid_count_cut(x->areas, made->owners, &s->barrier_m);
    for (size_t t = 0; t < k; t++) {
        s->moment += x->measures[t].moment;
        s->border_m += x->measures[t].border_m / 2;
        s->polsby_popper += x->measures[t].polsby_popper / (double)k;
    }
    for (size_t i = 0; i < k * x->areas->n_measures; i++)
        s->max_deviation = fmax(s->max_deviation, fabs(x->deviation[i]));
    s->travel = mean_travel(x, made->owners);
    for (size_t a = 0; x->options->previous && a < s->n_areas; a++)
        s->n_moved += x->options->previous[a] != GB_GRID_NONE
            && x->options->previous[a] != made->owners[a];
    s->objective = x->options->objective == GB_TERRITORY_BORDER ? s->border_m
        : x->options->objective == GB_TERRITORY_CUT ? (double)s->n_cut
                                                    : s->moment;
}

/* What the check finds, then the reasons where it finds something. */
static gb_status find_faults(finishing *x, const grid_problem *problem,
                             gb_territories *made)
{
    gb_territory_summary *s = &made->summary;
    gb_status status = grid_check(x->run, x->areas, x->rules, made->owners,
                                  &made->findings);

    s->is_valid = made->findings.n == 0;
    s->is_balanced = true;
    for (size_t i = 0; i < made->findings.n; i++)
        if (made->findings.items[i].kind == GB_FINDING_BALANCE)
            s->is_balanced = false;
    if (status || s->is_valid)
        return status;
    return grid_reasons(x->run, problem, x->rules, &made->findings);
}

static gb_status finish(finishing *x, const grid_problem *problem,
                        gb_territories *made)
{
    base_mem *mem = x->run->mem;
    const size_t k = x->rules->n_territories;
    gb_status status;

    x->measures = base_alloc_array(mem, k, sizeof *x->measures);
    x->deviation = base_alloc_array(mem, k * x->areas->n_measures,
                                    sizeof *x->deviation);
    x->number = base_alloc_array(mem, k, sizeof *x->number);
    if (!x->measures || !x->deviation || !x->number) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    if (!numbers_mean_something(x->rules, x->options)) {
        status = grid_measure(x->run, x->areas, x->rules, made->owners,
                              x->measures, NULL, NULL);
        if (status)
            goto done;
        number_westwards(x, made->owners);
    }
    status = grid_measure(x->run, x->areas, x->rules, made->owners,
                          x->measures, NULL, x->deviation);
    if (status)
        goto done;
    sum_up(x, made);
    status = find_faults(x, problem, made);

done:
    base_free(mem, x->measures);
    base_free(mem, x->deviation);
    base_free(mem, x->number);
    return status;
}

static gb_territories *new_territories(gb_context *ctx, size_t n_areas)
{
    gb_territories *made = base_alloc_zeroed(ctx->mem, 1, sizeof *made);

    if (!made)
        return NULL;
    made->mem = base_mem_ref(ctx->mem);
    made->owners
        = base_alloc_array(made->mem, n_areas, sizeof *made->owners);
    if (made->owners)
        return made;
    gb_territories_free(made);
    return NULL;
}

static gb_status build(base_run *run, const gb_areas *areas,
                       const gb_territory_rules *rules,
                       const gb_territory_options *options,
                       gb_territories *made)
{
    finishing rest = { .run = run, .areas = areas, .rules = rules,
                       .options = options };
    grid_problem problem;
    grid_result result;
    gb_status status;

    base_run_phase(run, GB_N("reading areas"), 0, 0.02, 0);
    status = base_poll(run);
    if (status)
        return status;
    status = grid_problem_build(run, areas, rules, options->travel_s,
                                options->previous, &problem);
    if (status)
        return status;
    status = grid_solve(run, &problem, options, made->owners, &result);
    if (status)
        goto done;
    made->summary.outcome = result.outcome;
    made->summary.n_iterations = result.n_priced;
    made->summary.first_valid_s = result.first_valid_s;
    status = finish(&rest, &problem, made);

done:
    grid_problem_clear(&problem);
    return status;
}

gb_status gb_territory_build(gb_context *ctx, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const gb_territory_options *options,
                             gb_territories **out)
{
    gb_territories *made = NULL;
    gb_territory_options wishes;
    gb_territory_rules must;
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "out: NULL");
    *out = NULL;
    status = take_areas(ctx, &known, areas);
    if (!status)
        status = take_rules(ctx, &known, &must, rules);
    if (!status)
        status = take_options(ctx, known.n_areas, &wishes, options);
    if (status)
        return status;
    if (must.n_territories > known.n_areas)
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "%zu territories cannot be made of %zu areas",
                         must.n_territories, known.n_areas);
    made = new_territories(ctx, known.n_areas);
    if (!made)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx,
                   (base_limits){ wishes.time_limit_ms, wishes.max_iterations,
                                  wishes.n_threads });
    status = build(&run, &known, &must, &wishes, made);
    if (status) {
        gb_territories_free(made);
        return status;
    }
    *out = made;
    return base_run_end(&run, GB_OK);
}

void gb_territories_free(gb_territories *territories)
{
    base_mem *mem;

    if (!territories)
        return;
    mem = territories->mem;
    base_free(mem, territories->owners);
    base_array_clear(mem, &territories->findings);
    base_free(mem, territories);
    base_mem_unref(mem);
}

const uint32_t *gb_territories_owners(const gb_territories *territories)
{
    return territories->owners;
}

void gb_territories_summary(const gb_territories *territories,
                            gb_territory_summary *out)
{
    const size_t size = out->size < sizeof *out ? out->size : sizeof *out;

    if (size <= sizeof out->size)
        return;
    memcpy((char *)out + sizeof out->size,
           (const char *)&territories->summary + sizeof out->size,
           size - sizeof out->size);
}

const gb_territory_finding *
gb_territories_findings(const gb_territories *territories, size_t *n_findings)
{
    *n_findings = territories->findings.n;
    return territories->findings.items;
}

gb_status gb_territory_finding_text(gb_context *ctx,
                                    const gb_territory_finding *finding,
                                    char *buffer, size_t capacity,
                                    size_t *needed)
{
    base_text text;
    gb_status status = GB_OK;

    base_enter(ctx);
    if (!finding || (!buffer && capacity > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "finding or buffer: NULL");
    base_text_init(&text, ctx->mem);
    if (!grid_finding_text(ctx->lang, finding, &text))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "finding of an unknown kind (%d)",
                           (int)finding->kind);
    else if (text.is_short)
        status = base_fail_nomem(ctx);
    if (!status && needed)
        *needed = text.n + 1;
    if (!status && text.n + 1 > capacity)
        status = base_fail(ctx, GB_ERR_BUFFER,
                           "the text needs %zu bytes, the buffer has %zu",
                           text.n + 1, capacity);
    else if (!status)
        memcpy(buffer, text.chars, text.n + 1);
    base_text_clear(&text);
    return status;
}

/* --- check, figures, differences ----------------------------------------- */

gb_status gb_territory_check(gb_context *ctx, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const uint32_t *owners,
                             gb_territory_finding *findings, size_t capacity,
                             size_t *n_found)
{
    grid_findings found = BASE_ARRAY_INIT;
    gb_territory_rules must;
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!owners || !n_found || (!findings && capacity > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "owners, findings or n_found: NULL");
    *n_found = 0;
    status = take_areas(ctx, &known, areas);
    if (!status)
        status = take_rules(ctx, &known, &must, rules);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = grid_check(&run, &known, &must, owners, &found);
    if (!status) {
        *n_found = found.n;
        if (capacity > found.n)
            capacity = found.n;
        if (capacity > 0)
            memcpy(findings, found.items, capacity * sizeof *findings);
    }
    base_array_clear(ctx->mem, &found);
    return status;
}

gb_status gb_territory_measures(gb_context *ctx, const gb_areas *areas,
                                const gb_territory_rules *rules,
                                const uint32_t *owners,
                                gb_territory_measure *measures,
                                double *activity, double *deviation)
{
    gb_territory_rules must;
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!owners || !measures)
        return base_fail(ctx, GB_ERR_ARGUMENT, "owners or measures: NULL");
    status = take_areas(ctx, &known, areas);
    if (!status)
        status = take_rules(ctx, &known, &must, rules);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return grid_measure(&run, &known, &must, owners, measures, activity,
                        deviation);
}

gb_status gb_territory_diff(gb_context *ctx, const uint32_t *before,
                            const uint32_t *after, size_t n_areas,
                            gb_territory_change *changes, size_t capacity,
                            size_t *n_changes)
{
    size_t n = 0;

    base_enter(ctx);
    if (!before || !after || !n_changes || (!changes && capacity > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "before, after, changes or n_changes: NULL");
    for (size_t a = 0; a < n_areas; a++) {
        if (before[a] == after[a])
            continue;
        if (n < capacity)
            changes[n] = (gb_territory_change){ (uint32_t)a, before[a],
                                                after[a] };
        n++;
    }
    *n_changes = n;
    return GB_OK;
}

/* --- bridges and catchments ---------------------------------------------- */

gb_status gb_areas_bridge(gb_context *ctx, const gb_areas *areas,
                          uint32_t *links, size_t capacity, size_t *n_links)
{
    uint32_t *component = NULL, *found = NULL;
    size_t n_components = 0;
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!n_links || (!links && capacity > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "links or n_links: NULL");
    *n_links = 0;
    status = take_areas(ctx, &known, areas);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    component = base_alloc_array(ctx->mem, known.n_areas, sizeof *component);
    if (!component) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    status = grid_components(&run, &known, component, &n_components);
    if (status)
        goto done;
    found = base_alloc_array(ctx->mem, 2 * n_components, sizeof *found);
    if (!found) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    status = grid_bridge(&run, &known, component, n_components, found);
    if (status)
        goto done;
    *n_links = n_components - 1;
    if (capacity > *n_links)
        capacity = *n_links;
    if (capacity > 0)
        memcpy(links, found, 2 * capacity * sizeof *links);

done:
    base_free(ctx->mem, component);
    base_free(ctx->mem, found);
    return status;
}

static gb_status take_catchment(gb_context *ctx, const gb_areas *areas,
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

gb_status gb_catchment_build(gb_context *ctx, const gb_areas *areas,
                             size_t n_branches, const uint32_t *travel_s,
                             const gb_catchment_options *options,
                             uint32_t *owners)
{
    gb_catchment_options wishes;
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!travel_s || !owners)
        return base_fail(ctx, GB_ERR_ARGUMENT, "travel_s or owners: NULL");
    if (n_branches == 0 || n_branches > MOST_AREAS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu branches", n_branches);
    status = take_areas(ctx, &known, areas);
    if (!status)
        status = take_catchment(ctx, &known, n_branches, &wishes, options);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ wishes.time_limit_ms, 0, 0 });
    base_run_phase(&run, GB_N("catchments"), 0, 1, 0);
    return base_run_end(&run, grid_catchment(&run, &known, n_branches,
                                             travel_s, &wishes, owners));
}
