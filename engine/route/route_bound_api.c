/*
 * route_bound_api.c - implements gridbeat/route_bound.h.
 */
#include <gridbeat/route_bound.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_options.h"
#include "route_bound_solve.h"

enum {
    DEFAULT_ROUNDS = 2000,
    DEFAULT_LABELS = 4000000,
    MOST_THREADS = 1024,
    POLISH_ITERATIONS = 2000, /* and so many a client: */
    POLISH_A_CLIENT = 120,
    SEARCH_PART = 4 /* of the time, one in so many */
};

/* All that one call has at hand. */
typedef struct job {
    gb_context *ctx;
    const gb_route_problem *problem;
    gb_route_bound_options options;
    base_run run;
    rb_model model;
    rb_known known;
    gb_route_solution *given;   /* options.known, driven */
    gb_route_solution *better;
    uint64_t n_rounds, n_columns, n_labels;
    uint32_t musts_upper; /* proven: no plan serves more */
    bool is_infeasible;   /* proven: there are more */
} job;

static gb_status resolve(gb_context *ctx,
                         const gb_route_bound_options *options,
                         gb_route_bound_options *out)
{
    gb_status status = base_options_take(ctx, out, sizeof *out, options,
                                         sizeof(gb_route_bound_options));

    if (status)
        return status;
    if (out->time_limit_ms < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a time limit of %lld ms is below 0",
                         (long long)out->time_limit_ms);
    if (out->n_threads > MOST_THREADS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%u threads; %d at most",
                         out->n_threads, MOST_THREADS);
    if (out->max_rounds == 0)
        out->max_rounds = DEFAULT_ROUNDS;
    if (out->max_labels == 0)
        out->max_labels = DEFAULT_LABELS;
    if (out->max_labels > UINT32_MAX / 2)
        out->max_labels = UINT32_MAX / 2;
    return GB_OK;
}

/* --- plans ----------------------------------------------------------------- */

/* Must clients that are served, and must groups of which one is. */
static gb_status count_musts(job *j, const gb_route_solution *solution,
                             uint32_t *n)
{
    const gb_route_problem *p = &j->model.problem;
    uint8_t *is_counted
        = base_alloc_zeroed(j->ctx->mem, j->model.n_groups, 1);

    *n = 0;
    if (!is_counted)
        return base_fail_nomem(j->ctx);
    for (uint32_t c = 0; c < p->n_clients; c++) {
        const rb_customer *customer
            = &j->model.customers[j->model.customer_of[c]];
        uint32_t vehicle, item;

        if (!gb_route_solution_find(solution, c, &vehicle, &item)
            || vehicle == GB_ROUTE_NONE)
            continue;
        *n += p->client_must && p->client_must[c];
        if (customer->group == GB_ROUTE_NONE || !p->group_must
            || !p->group_must[p->client_group[c]]
            || is_counted[customer->group - j->model.n_cover])
            continue;
        is_counted[customer->group - j->model.n_cover] = 1;
        (*n)++;
    }
    base_free(j->ctx->mem, is_counted);
    return GB_OK;
}

/* Whether some must is left out of every plan. */
static gb_status find_infeasible(job *j)
{
    const gb_route_problem *p = &j->model.problem;
    uint8_t *is_counted
        = base_alloc_zeroed(j->ctx->mem, j->model.n_groups, 1);
    uint32_t n = 0;

    if (!is_counted)
        return base_fail_nomem(j->ctx);
    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint32_t group
            = j->model.customers[j->model.customer_of[c]].group;

        n += p->client_must && p->client_must[c];
        if (group == GB_ROUTE_NONE || !p->group_must
            || !p->group_must[p->client_group[c]]
            || is_counted[group - j->model.n_cover])
            continue;
        is_counted[group - j->model.n_cover] = 1;
        n++;
    }
    j->is_infeasible = j->musts_upper < n;
    base_free(j->ctx->mem, is_counted);
    return GB_OK;
}

/* Routes as lists of customers become an order of clients. */
typedef struct draft {
    gb_route_order order;
    uint32_t *first, *items, *column_of;
    uint32_t *n_visits; /* of each customer, so far */
    uint32_t *n_used;   /* vehicles of each kind */
} draft;

static void clear_draft(job *j, draft *d)
{
    base_mem *mem = j->ctx->mem;

    base_free(mem, d->first);
    base_free(mem, d->items);
    base_free(mem, d->column_of);
    base_free(mem, d->n_visits);
    base_free(mem, d->n_used);
}

static gb_status begin_draft(job *j, draft *d)
{
    base_mem *mem = j->ctx->mem;
    const rb_model *m = &j->model;

    d->first
        = base_alloc_zeroed(mem, m->problem.n_vehicles + 1, sizeof *d->first);
    d->items = base_alloc_array(mem, m->problem.n_clients, sizeof *d->items);
    d->column_of
        = base_alloc_array(mem, m->problem.n_vehicles, sizeof *d->column_of);
    d->n_visits
        = base_alloc_zeroed(mem, m->n_customers, sizeof *d->n_visits);
    d->n_used = base_alloc_zeroed(mem, m->n_kinds, sizeof *d->n_used);
    if (!d->first || !d->items || !d->column_of || !d->n_visits || !d->n_used)
        return base_fail_nomem(j->ctx);
    d->order = (gb_route_order)GB_ROUTE_ORDER_INIT;
    d->order.first = d->first;
    d->order.items = d->items;
    return GB_OK;
}

/* The k-th client of a customer; GB_ROUTE_NONE: it has no more. */
static uint32_t visit_of(const rb_model *m, uint32_t customer, uint32_t k)
{
    uint32_t c = m->customers[customer].client;

    for (; c < m->problem.n_clients; c++)
        if (m->customer_of[c] == customer && k-- == 0)
            return c;
    return GB_ROUTE_NONE;
}

/* Give each chosen column a vehicle of its kind. */
static void deal_columns(const job *j, const rb_master *t,
                         const uint8_t *chosen, draft *d)
{
    const rb_model *m = &j->model;

    memset(d->n_used, 0, m->n_kinds * sizeof *d->n_used);
    memset(d->n_visits, 0, m->n_customers * sizeof *d->n_visits);
    for (uint32_t v = 0; v < m->problem.n_vehicles; v++)
        d->column_of[v] = GB_ROUTE_NONE;
    for (size_t c = 0; c < t->columns.n; c++) {
        const uint32_t kind = t->columns.items[c].kind;
        uint32_t v = m->kinds[kind].vehicle;

        if (!chosen[c] || t->columns.items[c].is_bad)
            continue;
        while (v < m->problem.n_vehicles
               && (m->kind_of[v] != kind || d->column_of[v] != GB_ROUTE_NONE))
            v++;
        if (v < m->problem.n_vehicles)
            d->column_of[v] = (uint32_t)c;
    }
}

/* Write the order down; only `one`'s route, or all for GB_ROUTE_NONE. */
static void write_order(const job *j, const rb_master *t, draft *d,
                        uint32_t one)
{
    const rb_model *m = &j->model;
    uint32_t n = 0;

    memset(d->n_visits, 0, m->n_customers * sizeof *d->n_visits);
    for (uint32_t v = 0; v < m->problem.n_vehicles; v++) {
        const rb_column *column;

        d->first[v] = n;
        if (d->column_of[v] == GB_ROUTE_NONE
            || (one != GB_ROUTE_NONE && one != v))
            continue;
        column = &t->columns.items[d->column_of[v]];
        for (uint32_t i = 0; i < column->n; i++) {
            const uint32_t u = t->stops.items[column->first + i];
            const uint32_t c = visit_of(m, u, d->n_visits[u]++);

            if (c != GB_ROUTE_NONE)
                d->items[n++] = c;
        }
    }
    d->first[m->problem.n_vehicles] = n;
}

/* Drive an order; *out stays NULL when it cannot be. */
static gb_status drive(job *j, const gb_route_order *order, uint64_t polish,
                       gb_route_solution **out)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_context child;
    gb_status status;

    *out = NULL;
    base_context_fork(&child, j->ctx);
    if (polish) {
        options.start = order;
        options.max_iterations = polish;
        options.seed = j->options.seed;
        options.n_searches = 1;
        options.skip_reasons = true;
        if (j->run.limits.time_limit_ms > 0) {
            const double left
                = (j->run.deadline_s - base_clock_s()) * 1000;

            options.time_limit_ms = left > 1 ? (int64_t)left : 1;
        }
        status = gb_route_solve(&child, j->problem, &options, out);
    } else {
        status = gb_route_evaluate(&child, j->problem, order, out);
    }
    if (status == GB_ERR_INFEASIBLE)
        status = GB_OK;
    if (status) {
        (void)base_context_adopt(j->ctx, &child);
        gb_route_solution_free(*out);
        *out = NULL;
    }
    base_context_join(&child);
    return status;
}

/* Find the routes that cannot be driven, and leave them out. */
static gb_status drop_bad(job *j, rb_master *t, draft *d)
{
    for (uint32_t v = 0; v < j->model.problem.n_vehicles; v++) {
        gb_route_solution *alone;
        gb_status status;

        if (d->column_of[v] == GB_ROUTE_NONE)
            continue;
        write_order(j, t, d, v);
        status = drive(j, &d->order, 0, &alone);
        if (status)
            return status;
        if (!alone) {
            t->columns.items[d->column_of[v]].is_bad = true;
            d->column_of[v] = GB_ROUTE_NONE;
        }
        gb_route_solution_free(alone);
    }
    write_order(j, t, d, GB_ROUTE_NONE);
    return GB_OK;
}

static gb_status keep_better(job *j, gb_route_solution *solution,
                             rb_known *known)
{
    gb_route_summary summary = { .size = sizeof summary };
    uint32_t musts;
    gb_status status = count_musts(j, solution, &musts);

    if (status) {
        gb_route_solution_free(solution);
        return status;
    }
    (void)gb_route_solution_summary(solution, &summary);
    if (known->has_plan
        && (musts < known->musts
            || (musts == known->musts
                && summary.value_milli <= known->value_milli))) {
        gb_route_solution_free(solution);
        return GB_OK;
    }
    gb_route_solution_free(j->better);
    j->better = solution;
    known->has_plan = true;
    known->musts = musts;
    known->value_milli = summary.value_milli;
    known->solution = solution;
    return GB_OK;
}

/* A part of the time goes into a search of our own. */
static gb_status search_anew(job *j, rb_known *known)
{
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    gb_context child;
    const double left = (j->run.deadline_s - base_clock_s()) * 1000;
    gb_status status;

    options.time_limit_ms = j->options.time_limit_ms / SEARCH_PART;
    if (left < (double)options.time_limit_ms)
        options.time_limit_ms = (int64_t)left;
    if (options.time_limit_ms <= 0)
        return GB_OK;
    options.seed = j->options.seed + 1;
    options.skip_reasons = true;
    base_context_fork(&child, j->ctx);
    status = gb_route_solve(&child, j->problem, &options, &solution);
    if (status == GB_ERR_INFEASIBLE)
        status = GB_OK;
    if (status)
        (void)base_context_adopt(j->ctx, &child);
    base_context_join(&child);
    if (status == GB_OK && solution)
        return keep_better(j, solution, known);
    gb_route_solution_free(solution);
    return status;
}

static gb_status try_plan(void *user, rb_master *t, const uint8_t *chosen,
                          rb_known *known)
{
    job *j = user;
    draft d = { .first = NULL };
    gb_route_solution *solution = NULL;
    const uint64_t polish
        = POLISH_ITERATIONS
        + POLISH_A_CLIENT * (uint64_t)j->model.problem.n_clients;
    gb_status status;

    if (!t)
        return search_anew(j, known);
    status = begin_draft(j, &d);
    if (status == GB_OK) {
        deal_columns(j, t, chosen, &d);
        write_order(j, t, &d, GB_ROUTE_NONE);
        status = drive(j, &d.order, polish, &solution);
    }
    if (status == GB_OK && !solution) {
        status = drop_bad(j, t, &d);
        if (status == GB_OK)
            status = drive(j, &d.order, polish, &solution);
    }
    if (status == GB_OK && solution)
        status = keep_better(j, solution, known);
    clear_draft(j, &d);
    return status;
}

/* --- the phases ------------------------------------------------------------ */

static void add_counts(job *j, const rb_outcome *out)
{
    j->n_rounds += out->n_rounds;
    j->n_columns += out->n_columns;
    j->n_labels += out->n_labels;
}

/* How many musts a plan can serve at most, where that is in doubt. */
static gb_status bound_musts(job *j)
{
    rb_known none = { .solution = j->known.solution };
    rb_outcome out;
    gb_status status;
    const int64_t grain = j->model.grain;

    j->model.counts_musts = true;
    j->model.grain = 1000;
    rb_model_ask(&j->model, 0);
    /* 0 of all is "all" when there is none. */
    j->model.is_all_musts = false;
    status = rb_solve(&j->run, &j->model, &j->options, 1000, &none, NULL,
                      NULL, &out);
    j->model.counts_musts = false;
    j->model.grain = grain;
    add_counts(j, &out);
    if (status == GB_OK && out.upper / 1000 < (int64_t)j->musts_upper)
        j->musts_upper = (uint32_t)(out.upper / 1000);
    return status;
}

static gb_status take_known(job *j)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_context child;
    gb_status status;

    if (!j->options.known)
        return GB_OK;
    base_context_fork(&child, j->ctx);
    status
        = gb_route_evaluate(&child, j->problem, j->options.known, &j->given);
    if (status)
        (void)base_context_adopt(j->ctx, &child);
    base_context_join(&child);
    if (status == GB_OK)
        status = count_musts(j, j->given, &j->known.musts);
    if (status)
        return status;
    (void)gb_route_solution_summary(j->given, &summary);
    j->known.has_plan = true;
    j->known.value_milli = summary.value_milli;
    j->known.solution = j->given;
    return GB_OK;
}

static gb_status bound_value(job *j, int64_t most_milli, rb_outcome *out)
{
    gb_status status;

    rb_model_ask(&j->model, j->known.has_plan ? j->known.musts
                                              : j->musts_upper);
    status = rb_solve(&j->run, &j->model, &j->options, most_milli, &j->known,
                      j->options.skip_plan ? NULL : try_plan, j, out);
    add_counts(j, out);
    return status;
}

static gb_status run_phases(job *j, rb_outcome *out)
{
    int64_t most_milli;
    gb_status status = rb_find_reach(&j->run, &j->model, &most_milli);

    if (status)
        return status;
    rb_model_count_musts(&j->model);
    j->musts_upper = j->model.musts_sum;
    status = take_known(j);
    if (status == GB_OK && j->known.has_plan
        && j->known.musts < j->musts_upper)
        status = bound_musts(j);
    if (status == GB_OK && j->known.musts > j->musts_upper)
        j->musts_upper = j->known.musts;
    if (status == GB_OK)
        status = bound_value(j, most_milli, out);
    if (status == GB_OK && out->misses_musts && !j->options.known) {
        const uint32_t before = j->musts_upper;

        status = bound_musts(j);
        if (status == GB_OK && j->musts_upper < before)
            status = bound_value(j, most_milli, out);
    }
    return status == GB_OK ? find_infeasible(j) : status;
}

static void fill(const job *j, const rb_outcome *out,
                 gb_route_bound_result *r)
{
    const bool is_near = j->known.has_plan
        && j->known.musts >= j->model.n_musts;

    r->value_milli_upper = out->upper;
    r->root_upper = out->root_upper;
    r->n_musts = j->model.n_musts;
    r->musts_upper = j->musts_upper;
    r->relaxed = j->model.relaxed | out->relaxed;
    r->has_best = j->known.has_plan;
    r->best_musts = j->known.musts;
    r->best_value_milli
        = j->known.has_plan ? j->known.value_milli : INT64_MIN;
    r->gap = 1;
    if (is_near)
        r->gap = ((double)out->upper - (double)j->known.value_milli)
            / fmax(fabs((double)j->known.value_milli), 1);
    r->is_closed = is_near && j->known.musts >= j->musts_upper
        && out->upper <= j->known.value_milli;
    r->is_infeasible = j->is_infeasible;
    r->is_trivial = out->is_trivial;
    r->outcome = r->is_closed                   ? GB_OUTCOME_OPTIMAL
        : j->run.is_late                        ? GB_OUTCOME_TIME_LIMIT
        : j->n_rounds >= j->options.max_rounds  ? GB_OUTCOME_ITERATION_LIMIT
                                                : GB_OUTCOME_CONVERGED;
    r->n_kinds = j->model.n_kinds;
    r->n_cuts = out->n_cuts;
    r->n_columns = j->n_columns;
    r->n_rounds = j->n_rounds;
    r->n_labels = j->n_labels;
    r->seconds = base_run_elapsed_s(&j->run);
}

static gb_status check_problem(gb_context *ctx,
                               const gb_route_problem *problem)
{
    route_data data;
    const gb_status status = route_data_build(ctx, problem, &data);

    if (status == GB_OK)
        route_data_clear(&data);
    return status;
}

gb_status gb_route_bound(gb_context *ctx, const gb_route_problem *problem,
                         const gb_route_bound_options *options,
                         gb_route_bound_result *result,
                         gb_route_solution **better)
{
    job j = { .ctx = ctx, .problem = problem };
    rb_outcome out = { .upper = 0 };
    gb_status status;

    base_enter(ctx);
    if (better)
        *better = NULL;
    if (!result)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `result` is given");
    if (result->size != sizeof *result)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "the result's size is %zu; %zu expected",
                         result->size, sizeof *result);
    status = resolve(ctx, options, &j.options);
    if (status)
        return status;
    if (!better)
        j.options.skip_plan = true;
    base_run_begin(&j.run, ctx,
                   (base_limits){ .time_limit_ms = j.options.time_limit_ms,
                                  .n_threads = 1 });
    base_run_phase(&j.run, GB_N("proving a bound"), -1, -1, 0);
    status = check_problem(ctx, problem);
    if (status == GB_OK)
        status = rb_model_build(ctx, problem, &j.model);
    if (status == GB_OK) {
        status = run_phases(&j, &out);
        if (status == GB_OK) {
            const size_t size = result->size;

            memset(result, 0, sizeof *result);
            result->size = size;
            fill(&j, &out, result);
            if (better) {
                *better = j.better;
                j.better = NULL;
            }
        }
        rb_model_clear(&j.model);
    }
    gb_route_solution_free(j.given);
    gb_route_solution_free(j.better);
    return base_run_end(&j.run, status);
}
