/*
 * location_api.c - implements gridbeat/location.h.
 */
#include <gridbeat/location.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_options.h"
#include "base_text.h"
#include "grid_locate.h"

static const uint64_t DEFAULT_ITERATIONS = 22000000;
static const int64_t MOST_DEMAND = INT64_C(1) << 40;
static const int64_t MOST_CAPACITY = INT64_C(1) << 50;
static const double MOST_DISTANCE = 1e12, MOST_METRES = 1e9;
enum { DEFAULT_STARTS = 1, MOST_STARTS = 4096, DEFAULT_BOUND_ROUNDS = 300 };

/* --- the door ------------------------------------------------------------ */

static gb_status check_node(gb_context *ctx, const gb_location_nodes *nodes,
                            size_t a)
{
    if (nodes->demands[a] < 0 || nodes->demands[a] > MOST_DEMAND)
        return base_fail(ctx, GB_ERR_DATA,
                         "node %zu: its demand is %lld, not between 0 and "
                         "%lld", a, (long long)nodes->demands[a],
                         (long long)MOST_DEMAND);
    if (nodes->capacities[a] < 0 || nodes->capacities[a] > MOST_CAPACITY)
        return base_fail(ctx, GB_ERR_DATA,
                         "node %zu: its capacity is %lld, not between 0 and "
                         "%lld", a, (long long)nodes->capacities[a],
                         (long long)MOST_CAPACITY);
    if (!nodes->distances
        && !(fabs(nodes->points[a].x_m) <= MOST_METRES
             && fabs(nodes->points[a].y_m) <= MOST_METRES))
        return base_fail(ctx, GB_ERR_DATA,
                         "node %zu: its point is no place in metres", a);
    for (size_t b = 0; nodes->distances && b < nodes->n_nodes; b++)
        if (!(nodes->distances[a * nodes->n_nodes + b] >= 0
              && nodes->distances[a * nodes->n_nodes + b] <= MOST_DISTANCE))
            return base_fail(ctx, GB_ERR_DATA,
                             "node %zu: its distance to node %zu is negative "
                             "or no number", a, b);
    return GB_OK;
}

static gb_status take_nodes(gb_context *ctx, const gb_location_nodes *from,
                            size_t n_medians, gb_location_nodes *to)
{
    gb_status status = from ? base_options_take(ctx, to, sizeof *to, from,
                                                sizeof *to)
                            : base_fail(ctx, GB_ERR_ARGUMENT, "nodes: NULL");

    if (status)
        return status;
    if (to->n_nodes == 0 || to->n_nodes > GB_LOCATION_MOST)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu nodes, not between 1 and %d", to->n_nodes,
                         GB_LOCATION_MOST);
    if (!to->demands || !to->capacities || (!to->points && !to->distances))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "nodes: demands, capacities, or both points and "
                         "distances are NULL");
    if (n_medians == 0 || n_medians > to->n_nodes)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu medians of %zu nodes",
                         n_medians, to->n_nodes);
    if (to->metric < GB_LOCATION_STRAIGHT || to->metric > GB_LOCATION_WHOLE)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no metric of locations has the number %d",
                         (int)to->metric);
    for (size_t a = 0; !status && a < to->n_nodes; a++)
        status = check_node(ctx, to, a);
    return status;
}

static gb_status take_options(gb_context *ctx,
                              const gb_location_options *from,
                              gb_location_options *to)
{
    const gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (status)
        return status;
    if (to->n_starts > MOST_STARTS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u starts, not between 1 and %d", to->n_starts,
                         (int)MOST_STARTS);
    if (to->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "the time limit is %lld ms",
                         (long long)to->time_limit_ms);
    if (to->n_starts == 0)
        to->n_starts = DEFAULT_STARTS;
    if (to->max_iterations == 0 && to->time_limit_ms == 0)
        to->max_iterations = DEFAULT_ITERATIONS;
    if (to->bound_rounds == 0)
        to->bound_rounds = DEFAULT_BOUND_ROUNDS;
    return GB_OK;
}

static int falling(const void *a, const void *b)
{
    const int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;

    return (l < r) - (l > r);
}

/* The most that so many medians hold, and that one does. */
static gb_status check_capacity(base_run *run, const grid_locate_problem *p)
{
    int64_t *capacity = base_alloc_array(run->mem, p->n, sizeof *capacity);
    int64_t held = 0, wanted = 0, largest;

    if (!capacity)
        return base_fail_nomem(run->ctx);
    memcpy(capacity, p->capacity, p->n * sizeof *capacity);
    qsort(capacity, p->n, sizeof *capacity, falling);
    for (size_t c = 0; c < p->k; c++)
        held += capacity[c];
    largest = capacity[0];
    base_free(run->mem, capacity);
    for (size_t a = 0; a < p->n; a++) {
        wanted += p->demand[a];
        if (p->demand[a] > largest)
            return base_fail(run->ctx, GB_ERR_INFEASIBLE,
                             "node %zu: its demand is %lld, no node holds "
                             "more than %lld", a, (long long)p->demand[a],
                             (long long)largest);
    }
    if (wanted > held)
        return base_fail(run->ctx, GB_ERR_INFEASIBLE,
                         "the demand is %lld, %zu medians hold %lld at most",
                         (long long)wanted, p->k, (long long)held);
    return GB_OK;
}

/* --- distances ----------------------------------------------------------- */

static double distance(const gb_location_nodes *nodes, size_t a, size_t b)
{
    double far;

    if (nodes->distances)
        return nodes->distances[a * nodes->n_nodes + b];
    far = hypot(nodes->points[a].x_m - nodes->points[b].x_m,
                nodes->points[a].y_m - nodes->points[b].y_m);
    return nodes->metric == GB_LOCATION_WHOLE ? floor(far) : far;
}

static gb_status fill_distances(base_run *run, const gb_location_nodes *nodes,
                                double **far)
{
    const size_t n = nodes->n_nodes;
    gb_status status = GB_OK;

    *far = base_alloc_array(run->mem, n, n * sizeof **far);
    if (!*far)
        return base_fail_nomem(run->ctx);
    for (size_t a = 0; !status && a < n; a++) {
        for (size_t b = 0; b < n; b++)
            (*far)[a * n + b] = distance(nodes, a, b);
        status = base_poll(run);
    }
    return status;
}

/* --- measure ------------------------------------------------------------- */

typedef struct group {
    int64_t demand, best_room;
    double cost;
    uint32_t median;
} group;

/* Whether node a, at that cost, is a better median than the one before. */
static bool is_better(const gb_location_nodes *nodes, const group *g,
                      size_t a, double cost)
{
    const int64_t room = nodes->capacities[a] < g->demand
        ? nodes->capacities[a] : g->demand;

    if (g->median == UINT32_MAX || room != g->best_room)
        return g->median == UINT32_MAX || room > g->best_room;
    return cost < g->cost;
}

static gb_status measure(base_run *run, const gb_location_nodes *nodes,
                         size_t k, const uint32_t *owners, group *groups)
{
    gb_status status = GB_OK;

    for (size_t c = 0; c < k; c++)
        groups[c] = (group){ 0, 0, 0, UINT32_MAX };
    for (size_t a = 0; a < nodes->n_nodes; a++)
        groups[owners[a]].demand += nodes->demands[a];
    for (size_t a = 0; !status && a < nodes->n_nodes; a++) {
        group *g = &groups[owners[a]];
        double cost = 0;

        for (size_t b = 0; b < nodes->n_nodes; b++)
            if (owners[b] == owners[a])
                cost += distance(nodes, b, a);
        if (is_better(nodes, g, a, cost)) {
            g->best_room = nodes->capacities[a] < g->demand
                ? nodes->capacities[a] : g->demand;
            g->cost = cost;
            g->median = (uint32_t)a;
        }
        status = base_poll(run);
    }
    return status;
}

static void sum_groups(const group *groups, size_t k, uint32_t *medians,
                       double *objective, int64_t *beyond)
{
    *objective = 0;
    *beyond = 0;
    for (size_t c = 0; c < k; c++) {
        *objective += groups[c].cost;
        *beyond += groups[c].demand - groups[c].best_room;
        if (medians)
            medians[c] = groups[c].median;
    }
}

gb_status gb_location_measure(gb_context *ctx, const gb_location_nodes *nodes,
                              size_t n_medians, const uint32_t *owners,
                              uint32_t *medians, double *objective,
                              int64_t *beyond)
{
    gb_location_nodes known;
    group *groups;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!owners || !objective || !beyond)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "owners, objective or beyond: NULL");
    status = take_nodes(ctx, nodes, n_medians, &known);
    for (size_t a = 0; !status && a < known.n_nodes; a++)
        if (owners[a] >= n_medians)
            status = base_fail(ctx, GB_ERR_DATA,
                               "node %zu: its median has the number %u, there "
                               "are %zu", a, owners[a], n_medians);
    if (status)
        return status;
    groups = base_alloc_array(ctx->mem, n_medians, sizeof *groups);
    if (!groups)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = measure(&run, &known, n_medians, owners, groups);
    if (!status)
        sum_groups(groups, n_medians, medians, objective, beyond);
    base_free(ctx->mem, groups);
    return base_run_end(&run, status);
}

/* --- solve --------------------------------------------------------------- */

/* Numbers in the order of the medians' ids. */
static void renumber(const group *groups, size_t n, size_t k,
                     const uint32_t *found, uint32_t *owners,
                     uint32_t *medians)
{
    for (size_t a = 0; a < n; a++) {
        const uint32_t median = groups[found[a]].median;
        uint32_t before = 0;

        for (size_t c = 0; c < k; c++)
            before += groups[c].median < median;
        owners[a] = before;
        medians[before] = median;
    }
}

static void give_summary(gb_location_summary *out,
                         const gb_location_summary *from)
{
    const size_t size = out->size < sizeof *out ? out->size : sizeof *out;

    if (size > sizeof out->size)
        memcpy((char *)out + sizeof out->size,
               (const char *)from + sizeof from->size,
               size - sizeof out->size);
}

static bool is_proved(const gb_location_summary *s, bool is_whole)
{
    /* Whole distances: the bound may be rounded up. */
    const double bound = is_whole ? ceil(s->bound - 1e-6) : s->bound;

    return s->is_valid && s->bound > 0
        && bound >= s->objective - 1e-9 * s->objective;
}

/* A tenth of the limit of time is the bound's. */
static gb_status solve(base_run *run, const gb_location_nodes *nodes,
                       const grid_locate_problem *p,
                       const gb_location_options *options, group *groups,
                       uint32_t *found, gb_location_summary *s)
{
    const double for_bound_s = options->bound_rounds > 0
        ? (double)options->time_limit_ms * 1e-4 : 0;
    grid_locate_result result = { 0 };
    gb_status status;

    base_run_phase(run, GB_N("choosing medians"), 0.05, 0.9,
                   options->n_starts);
    run->deadline_s -= for_bound_s;
    status = grid_locate(run, p, options, found, &result);
    run->deadline_s += for_bound_s;
    run->is_late = false;
    if (!status)
        status = measure(run, nodes, p->k, found, groups);
    if (status)
        return status;
    sum_groups(groups, p->k, NULL, &s->objective, &s->beyond);
    s->is_valid = s->beyond == 0;
    s->n_iterations = result.n_priced;
    s->first_valid_s = result.first_valid_s;
    s->outcome = options->time_limit_ms
            && (!options->max_iterations
                || result.n_priced < options->max_iterations)
        ? GB_OUTCOME_TIME_LIMIT : GB_OUTCOME_ITERATION_LIMIT;
    if (options->bound_rounds > 0) {
        base_run_phase(run, GB_N("a bound for medians"), 0.9, 0.98,
                       (uint64_t)options->bound_rounds);
        status = grid_locate_bound(run, p, options->bound_rounds,
                                   s->objective, &s->bound);
    }
    if (!status
        && is_proved(s, nodes->metric == GB_LOCATION_WHOLE
                            && !nodes->distances))
        s->outcome = GB_OUTCOME_OPTIMAL;
    return status;
}

static gb_status solve_all(base_run *run, const gb_location_nodes *nodes,
                           const gb_location_options *options,
                           size_t n_medians, uint32_t *owners,
                           uint32_t *medians, gb_location_summary *s)
{
    base_mem *mem = run->mem;
    const size_t n = nodes->n_nodes;
    uint32_t *found = base_alloc_array(mem, n, sizeof *found);
    group *groups = base_alloc_array(mem, n_medians, sizeof *groups);
    double *far = NULL;
    gb_status status = found && groups
        ? fill_distances(run, nodes, &far) : base_fail_nomem(run->ctx);
    const grid_locate_problem p = { n, n_medians, nodes->demands,
                                    nodes->capacities, far };

    if (!status)
        status = check_capacity(run, &p);
    if (!status)
        status = solve(run, nodes, &p, options, groups, found, s);
    if (!status)
        renumber(groups, n, n_medians, found, owners, medians);
    base_free(mem, found);
    base_free(mem, groups);
    base_free(mem, far);
    return status;
}

gb_status gb_location_solve(gb_context *ctx, const gb_location_nodes *nodes,
                            size_t n_medians,
                            const gb_location_options *options,
                            uint32_t *owners, uint32_t *medians,
                            gb_location_summary *summary)
{
    gb_location_summary s = { .size = sizeof s, .first_valid_s = -1 };
    gb_location_nodes known;
    gb_location_options wishes;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!owners || !medians)
        return base_fail(ctx, GB_ERR_ARGUMENT, "owners or medians: NULL");
    status = take_nodes(ctx, nodes, n_medians, &known);
    if (!status)
        status = take_options(ctx, options, &wishes);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ wishes.time_limit_ms, 0,
                                             wishes.n_threads });
    status = solve_all(&run, &known, &wishes, n_medians, owners, medians, &s);
    if (!status && summary)
        give_summary(summary, &s);
    return base_run_end(&run, status);
}
