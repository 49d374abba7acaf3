/*
 * A routing problem made of the bytes (tests/harness/route_case.h; what they
 * do not say is 0): a bank's day with any parts of the model, or one of a
 * plain family.  It is solved with a few iterations, then from that solution
 * with some of it frozen; it is driven in nearest-neighbour order, down a list
 * and as the bytes say.  The checker must find nothing in any answer, a start
 * is never made worse, and nothing is better than the best there is.
 */
#include "route_case.h"
#include "route_oracle.h"

#include <gridbeat/route.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    CASE_FUZZED = CASE_HAS_ALL
};

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

static uint32_t draw_bytes(void *source, uint32_t bound)
{
    bytes *b = source;
    uint32_t value = 0;
    const int n = bound <= 256 ? 1 : 2;

    for (int i = 0; i < n && b->left > 0; i++) {
        value = value << 8 | *b->at++;
        b->left--;
    }
    return value % bound;
}

static void must(bool holds, const char *why)
{
    if (!holds) {
        fprintf(stderr, "%s\n", why);
        abort();
    }
}

static void hold(gb_context *ctx, const gb_route_problem *problem,
                 const gb_route_solution *solution)
{
    gb_route_findings *findings;

    must(gb_route_check(ctx, problem, solution, &findings) == GB_OK,
         gb_last_error(ctx));
    must(gb_route_findings_count(findings) == 0,
         gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
}

static gb_route_solution *solve(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_options *options)
{
    gb_route_solution *solution;

    must(gb_route_solve(ctx, problem, options, &solution) == GB_OK,
         gb_last_error(ctx));
    hold(ctx, problem, solution);
    return solution;
}

/* Is `b` better than `a`? */
static bool is_better(const gb_route_summary *a, const gb_route_summary *b)
{
    return b->n_musts_unserved != a->n_musts_unserved
        ? b->n_musts_unserved < a->n_musts_unserved
        : b->value_milli > a->value_milli;
}

static gb_route_summary figures(const gb_route_solution *solution)
{
    gb_route_summary sum = { .size = sizeof sum };

    must(gb_route_solution_summary(solution, &sum), "no summary");
    return sum;
}

static void hold_to_best(const gb_route_problem *problem,
                         const gb_route_summary *sum)
{
    static oracle_best best;

    if (problem->n_clients > 4 || problem->n_vehicles > 2)
        return;
    oracle_solve(problem, &best);
    must(sum->n_musts_unserved >= best.n_musts_unserved
             && (sum->n_musts_unserved > best.n_musts_unserved
                 || sum->value_milli <= best.value_milli),
         "better than the best");
}

static void make(route_case *it, bytes *source)
{
    const uint32_t kind = draw_bytes(source, 2 * CASE_FAMILIES);
    route_case_size wanted;

    wanted.n_clients = draw_bytes(source, 24);
    wanted.n_vehicles = draw_bytes(source, CASE_VEHICLES + 1);
    wanted.features = 0;
    if (kind < CASE_FAMILIES) {
        if (wanted.n_vehicles == 0)
            wanted.n_vehicles = 1;
        route_case_make_plain(it, (case_family)kind, wanted, draw_bytes,
                              source);
        return;
    }
    wanted.features = draw_bytes(source, CASE_HAS_ALL + 1) & CASE_FUZZED;
    route_case_make(it, wanted, draw_bytes, source);
}

/* Clients in any order and number, each once, with breaks or without. */
static void drive_any(gb_context *ctx, const gb_route_problem *problem,
                      bytes *source)
{
    uint32_t first[CASE_VEHICLES + 1] = { 0 };
    uint32_t items[CASE_CLIENTS + 2 * CASE_VEHICLES], n = 0;
    uint64_t seen = 0;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *solution;
    gb_status status;

    for (uint32_t v = 0; v < problem->n_vehicles; v++) {
        for (uint32_t k = draw_bytes(source, 8);
             k > 0 && problem->n_clients > 0; k--) {
            const uint32_t c = draw_bytes(source, problem->n_clients);

            if (!(seen >> c & 1))
                items[n++] = c;
            seen |= UINT64_C(1) << c;
        }
        if (problem->vehicles[v].n_breaks && draw_bytes(source, 2))
            items[n++] = GB_ROUTE_BREAK(0);
        first[v + 1] = n;
    }
    order.first = first;
    order.items = items;
    status = gb_route_evaluate(ctx, problem, &order, &solution);
    must(status == GB_OK || status == GB_ERR_INFEASIBLE, gb_last_error(ctx));
    if (solution)
        hold(ctx, problem, solution);
    gb_route_solution_free(solution);
}

static void drive_habits(gb_context *ctx, const gb_route_problem *problem,
                         const gb_route_solution *solution)
{
    uint32_t list[CASE_CLIENTS];
    gb_route_solution *other;

    for (uint32_t c = 0; c < problem->n_clients; c++)
        list[c] = problem->n_clients - 1 - c;
    must(gb_route_greedy(ctx, problem, list, problem->n_clients, &other)
             == GB_OK,
         gb_last_error(ctx));
    hold(ctx, problem, other);
    gb_route_solution_free(other);
    must(gb_route_nearest_neighbour(ctx, problem, solution, &other) == GB_OK,
         gb_last_error(ctx));
    hold(ctx, problem, other);
    gb_route_solution_free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static route_case it;
    bytes source = { data, size };
    gb_context *ctx = NULL;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[CASE_VEHICLES + 1];
    uint32_t items[CASE_CLIENTS + 2 * CASE_VEHICLES];
    uint32_t n_frozen[CASE_VEHICLES];
    gb_route_solution *solution;
    gb_route_summary before, after;
    size_t n;

    make(&it, &source);
    if (gb_context_new(NULL, &ctx))
        return 0;
    options.max_iterations = 30;
    options.seed = size;
    solution = solve(ctx, &it.problem, &options);
    before = figures(solution);
    hold_to_best(&it.problem, &before);
    must(gb_route_solution_order(solution, first, items,
                                 CASE_CLIENTS + 2 * CASE_VEHICLES, &n)
             == GB_OK,
         "no order");
    drive_habits(ctx, &it.problem, solution);
    gb_route_solution_free(solution);
    for (uint32_t v = 0; v < it.problem.n_vehicles; v++)
        n_frozen[v] = draw_bytes(&source, first[v + 1] - first[v] + 1);
    order.first = first;
    order.items = items;
    order.n_frozen = n_frozen;
    options.start = &order;
    solution = solve(ctx, &it.problem, &options);
    after = figures(solution);
    must(!is_better(&after, &before), "worse than its start");
    gb_route_solution_free(solution);
    drive_any(ctx, &it.problem, &source);
    gb_context_free(ctx);
    return 0;
}
