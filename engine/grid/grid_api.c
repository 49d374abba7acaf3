/*
 * grid_api.c - implements gridbeat/grid.h.
 */
#include <gridbeat/grid.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "grid_catchment.h"
#include "grid_check.h"
#include "grid_door.h"
#include "grid_hess.h"
#include "grid_problem.h"
#include "grid_prove.h"
#include "grid_reason.h"
#include "grid_solve.h"
#include "grid_text.h"

struct gb_territories {
    base_mem *mem;
    uint32_t *owners;
    grid_findings findings;
    gb_territory_summary summary;
};

/* --- build --------------------------------------------------------------- */

static bool numbers_mean_something(const gb_territory_rules *rules,
                                   const gb_territory_options *options)
{
    return rules->shares || rules->locks || rules->seeds
        || rules->n_barred > 0 || options->travel_s || options->previous
        || options->familiarity;
}

typedef struct finishing {
    base_run *run;
    const gb_areas *areas;
    const gb_territory_rules *rules;
    const gb_territory_options *options;
    gb_territory_measure *measures;
    double *deviation;
    uint32_t *number; /* n_territories */
    grid_proof proof;
} finishing;

/* Looks at an area: less than a second, and no more than the search took. */
enum { PROOF_MOST = 30000000, PROOF_LEAST = 20000, LOOKS_A_MOVE = 20,
       MOVES_A_MS = 500 };

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

static double familiarity_kept(const finishing *x, const uint32_t *owners)
{
    const double *known = x->options->familiarity;
    const size_t n = x->areas->n_areas;
    double kept = 0, most = 0;

    for (size_t a = 0; known && a < n; a++) {
        double best = 0;

        for (size_t t = 0; t < x->rules->n_territories; t++)
            best = fmax(best, known[t * n + a]);
        most += best;
        kept += known[owners[a] * n + a];
    }
    return most > 0 ? kept / most : 1;
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
    s->familiarity_kept = familiarity_kept(x, made->owners);
    for (size_t a = 0; x->options->previous && a < s->n_areas; a++)
        s->n_moved += x->options->previous[a] != GB_GRID_NONE
            && x->options->previous[a] != made->owners[a];
    s->objective = x->options->objective == GB_TERRITORY_BORDER ? s->border_m
        : x->options->objective == GB_TERRITORY_CUT ? (double)s->n_cut
                                                    : s->moment;
}

/* --- where the search has found no valid plan ---------------------------- */

/* The tolerance by which the plan would do; infinite where more is wrong. */
static double tolerance_of(const grid_findings *findings)
{
    double need = 0;

    for (size_t i = 0; i < findings->n; i++) {
        if (findings->items[i].kind != GB_FINDING_BALANCE)
            return INFINITY;
        need = fmax(need, findings->items[i].mend);
    }
    return need;
}

static gb_status check_owners(const finishing *x, const uint32_t *owners,
                              grid_findings *findings)
{
    const grid_plan plan = { owners, x->options->previous,
                             x->options->max_moved };

    findings->n = 0;
    return grid_check(x->run, x->areas, x->rules, &plan, findings);
}

static uint64_t proof_work(const gb_territory_options *options)
{
    uint64_t n = options->max_iterations;

    if (n == 0)
        n = (uint64_t)options->time_limit_ms * MOVES_A_MS;
    if (n == 0 || n > PROOF_MOST / LOOKS_A_MOVE / options->n_starts)
        return PROOF_MOST;
    return n * options->n_starts * LOOKS_A_MOVE > PROOF_LEAST
        ? n * options->n_starts * LOOKS_A_MOVE : PROOF_LEAST;
}

/*
 * Small graphs are not given up: all ways are tried, until one keeps the
 * rules or there is none.
 */
static gb_status close_gap(const finishing *x, const grid_problem *problem,
                           uint32_t *owners, grid_proof *proof)
{
    base_mem *mem = x->run->mem;
    grid_findings findings = BASE_ARRAY_INIT;
    uint32_t *other = NULL;
    gb_status status;
    double upper;

    *proof = (grid_proof){ 0 };
    if (!grid_prove_fits(problem))
        return GB_OK;
    status = check_owners(x, owners, &findings);
    if (status || findings.n == 0)
        goto done;
    other = base_alloc_array(mem, problem->n, sizeof *other);
    if (!other) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    upper = tolerance_of(&findings);
    status = grid_prove(x->run, problem, upper, proof_work(x->options), other,
                        proof);
    if (status || !(proof->has_plan || proof->has_mended))
        goto done;
    status = check_owners(x, other, &findings);
    if (status)
        goto done;
    /* Of plans that are none, one that breaks the balance alone. */
    if (findings.n == 0
        || (upper == (double)INFINITY
            && tolerance_of(&findings) < (double)INFINITY))
        memcpy(owners, other, problem->n * sizeof *owners);
    if (tolerance_of(&findings) == (double)INFINITY) {
        /* Rules that contradict each other: nothing is said of tolerances. */
        proof->mend = (double)INFINITY;
        proof->is_least = false;
    }

done:
    base_free(mem, other);
    base_array_clear(mem, &findings);
    return status;
}

static gb_status tell_proof(const finishing *x, const grid_proof *proof,
                            grid_findings *findings)
{
    const gb_territory_finding f = {
        .kind = GB_FINDING_NO_PLAN, .territory = GB_GRID_NONE,
        .other = GB_GRID_NONE, .area = GB_GRID_NONE,
        .measure = GB_GRID_NONE, .count = proof->is_least,
        .mend = proof->mend < (double)INFINITY
            ? grid_mend_tolerance(1 + proof->mend, 1) : 0
    };

    if (!proof->has_none || base_array_push(x->run->mem, findings, f))
        return GB_OK;
    return base_fail_nomem(x->run->ctx);
}

/* What the check finds, then the reasons where it finds something. */
static gb_status find_faults(finishing *x, const grid_problem *problem,
                             gb_territories *made)
{
    gb_territory_summary *s = &made->summary;
    gb_status status = check_owners(x, made->owners, &made->findings);

    s->is_valid = made->findings.n == 0;
    s->is_balanced = true;
    for (size_t i = 0; i < made->findings.n; i++)
        if (made->findings.items[i].kind == GB_FINDING_BALANCE)
            s->is_balanced = false;
    if (status || s->is_valid)
        return status;
    status = grid_reasons(x->run, problem, x->rules, &made->findings);
    if (!status)
        status = tell_proof(x, &x->proof, &made->findings);
    return status;
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
    if (x->options->objective == GB_TERRITORY_MEDIAN)
        status = grid_hess_sum(x->run, x->areas, NULL, k, made->owners, false,
                               NULL, &made->summary.objective);
    if (!status)
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
    status = grid_problem_build(run, areas, rules, options, &problem);
    if (status)
        return status;
    status = grid_solve(run, &problem, options, made->owners, &result);
    if (status)
        goto done;
    made->summary.outcome = result.outcome;
    made->summary.n_iterations = result.n_priced;
    made->summary.first_valid_s = result.first_valid_s;
    status = close_gap(&rest, &problem, made->owners, &rest.proof);
    if (status)
        goto done;
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
    status = grid_door_areas(ctx, &known, areas);
    if (!status)
        status = grid_door_rules(ctx, &known, &must, rules);
    if (!status)
        status = grid_door_options(ctx, &known, &must, &wishes, options);
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
    if (!grid_finding_text(ctx->lang, finding, NULL, &text))
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

static gb_status check_plan(gb_context *ctx, const gb_areas *areas,
                            const gb_territory_rules *rules,
                            const grid_plan *plan,
                            gb_territory_finding *findings, size_t capacity,
                            size_t *n_found)
{
    grid_findings found = BASE_ARRAY_INIT;
    gb_territory_rules must;
    gb_areas known;
    base_run run;
    gb_status status;

    if (!plan->owners || !n_found || (!findings && capacity > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "owners, findings or n_found: NULL");
    *n_found = 0;
    status = grid_door_areas(ctx, &known, areas);
    if (!status)
        status = grid_door_rules(ctx, &known, &must, rules);
    if (!status)
        status = grid_door_needs_previous(ctx, &must, plan->previous);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = grid_check(&run, &known, &must, plan, &found);
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

gb_status gb_territory_check(gb_context *ctx, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const uint32_t *owners,
                             gb_territory_finding *findings, size_t capacity,
                             size_t *n_found)
{
    const grid_plan plan = { owners, NULL, 0 };

    base_enter(ctx);
    return check_plan(ctx, areas, rules, &plan, findings, capacity, n_found);
}

gb_status gb_territory_check_change(
    gb_context *ctx, const gb_areas *areas, const gb_territory_rules *rules,
    const uint32_t *previous, uint64_t max_moved, const uint32_t *owners,
    gb_territory_finding *findings, size_t capacity, size_t *n_found)
{
    const grid_plan plan = { owners, previous, max_moved };

    base_enter(ctx);
    if (!previous)
        return base_fail(ctx, GB_ERR_ARGUMENT, "previous: NULL");
    return check_plan(ctx, areas, rules, &plan, findings, capacity, n_found);
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
    status = grid_door_areas(ctx, &known, areas);
    if (!status)
        status = grid_door_rules(ctx, &known, &must, rules);
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
    status = grid_door_areas(ctx, &known, areas);
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
    if (n_branches == 0 || n_branches > GRID_MOST_AREAS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu branches", n_branches);
    status = grid_door_areas(ctx, &known, areas);
    if (!status)
        status = grid_door_catchment(ctx, &known, n_branches, &wishes,
                                     options);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ wishes.time_limit_ms, 0, 0 });
    base_run_phase(&run, GB_N("catchments"), 0, 1, 0);
    return base_run_end(&run, grid_catchment(&run, &known, n_branches,
                                             travel_s, &wishes, owners));
}
