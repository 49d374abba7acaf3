/*
 * A routing problem made of the bytes (tests/harness/route_case.h; what they
 * do not say is 0), solved with a few iterations, then from that solution with
 * some of it frozen; the checker must find nothing in either.
 */
#include "route_case.h"

#include <gridbeat/route.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static gb_route_solution *solve(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_options *options)
{
    gb_route_solution *solution;
    gb_route_findings *findings;

    must(gb_route_solve(ctx, problem, options, &solution) == GB_OK,
         gb_last_error(ctx));
    must(gb_route_check(ctx, problem, solution, &findings) == GB_OK,
         gb_last_error(ctx));
    must(gb_route_findings_count(findings) == 0,
         gb_route_findings_text(findings, 0));
    gb_route_findings_free(findings);
    return solution;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static route_case it;
    bytes source = { data, size };
    route_case_size wanted;
    gb_context *ctx = NULL;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[CASE_VEHICLES + 1], items[CASE_CLIENTS + 8];
    uint32_t n_frozen[CASE_VEHICLES];
    gb_route_solution *solution;
    size_t n;

    wanted.features = 0;
    wanted.n_clients = draw_bytes(&source, 24);
    wanted.n_vehicles = draw_bytes(&source, CASE_VEHICLES + 1);
    route_case_make(&it, wanted, draw_bytes, &source);
    if (gb_context_new(NULL, &ctx))
        return 0;
    options.max_iterations = 30;
    options.seed = size;
    solution = solve(ctx, &it.problem, &options);
    must(gb_route_solution_order(solution, first, items, CASE_CLIENTS + 8, &n)
             == GB_OK,
         "no order");
    gb_route_solution_free(solution);
    for (uint32_t v = 0; v < it.problem.n_vehicles; v++)
        n_frozen[v] = draw_bytes(&source, first[v + 1] - first[v] + 1);
    order.first = first;
    order.items = items;
    order.n_frozen = n_frozen;
    options.start = &order;
    gb_route_solution_free(solve(ctx, &it.problem, &options));
    gb_context_free(ctx);
    return 0;
}
