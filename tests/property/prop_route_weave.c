/*
 * Plans that breed: what a child of two plans has of them, that it keeps every
 * limit (the checker shares no code with the search), and the search that makes
 * them where there are windows.  Debug builds price every move to the unit.
 */
#include "base_rng.h"
#include "route_hold.h"
#include "route_lean_cross.h"

#include <math.h>

/* Two searches of one problem, and room for a third plan. */
typedef struct parents {
    route_data data;
    route_lean_model model;
    route_lean_cross cross;
    route_lean mother, father, child;
} parents;

static void search_a_while(route_lean *s)
{
    route_lean_begin(s, NULL);
    for (int i = 0; i < 300; i++)
        route_lean_step(s, i / 300.0);
}

/* False: the problem is none for it. */
static bool meet(gb_context *ctx, const gb_route_problem *problem,
                 uint64_t seed, parents *p)
{
    assert_ok(ctx, route_data_build(ctx, problem, &p->data));
    if (!route_lean_suits(&p->data)) {
        route_data_clear(&p->data);
        return false;
    }
    assert_ok(ctx, route_lean_model_init(ctx, &p->data, &p->model));
    ck_assert(route_lean_init(&p->mother, &p->model, seed, 0));
    ck_assert(route_lean_init(&p->father, &p->model, seed, 1));
    ck_assert(route_lean_init(&p->child, &p->model, seed, 2));
    ck_assert(route_lean_cross_init(&p->cross, &p->model));
    search_a_while(&p->mother);
    search_a_while(&p->father);
    route_lean_begin(&p->child, NULL);
    return true;
}

static void part(parents *p)
{
    route_lean_cross_clear(&p->cross);
    route_lean_clear(&p->child);
    route_lean_clear(&p->father);
    route_lean_clear(&p->mother);
    route_lean_model_clear(&p->model);
    route_data_clear(&p->data);
}

/* The plan as a caller would give it: driven, and held to the checker. */
static void hold(gb_context *ctx, const gb_route_problem *problem,
                 const route_lean *s, uint64_t seed)
{
    const route_lean_model *m = s->model;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    uint32_t first[CASE_VEHICLES + 1], items[CASE_CLIENTS], n = 0;
    gb_route_solution *solution;
    gb_status status;

    ck_assert(route_lean_is_sound(s));
    for (uint32_t v = 0; v < m->n_routes; v++) {
        const uint32_t r = m->route_of[v];

        first[v] = n;
        for (uint32_t a = s->nodes[route_lean_start(m, r)].next;
             a != route_lean_end(m, r); a = s->nodes[a].next)
            items[n++] = a;
    }
    first[m->n_routes] = n;
    order.first = first;
    order.items = items;
    ck_assert_uint_eq(n + s->n_out, m->n_clients);
    status = gb_route_evaluate(ctx, problem, &order, &solution);
    ck_assert_msg(status == GB_OK, "seed %llu: %s", (unsigned long long)seed,
                  gb_last_error(ctx));
    route_hold_to_checker(ctx, problem, solution, "a child", seed);
    gb_route_solution_free(solution);
}

static void make_case(route_case *it, int family, uint64_t seed)
{
    base_rng rng = base_rng_seeded(seed);
    const route_case_size size
        = { 10 + (uint32_t)base_rng_below(&rng, 30),
            1 + (uint32_t)base_rng_below(&rng, CASE_VEHICLES), 0 };

    route_case_make_plain(it, (case_family)family, size, route_draw_random,
                          &rng);
}

START_TEST(a_child_keeps_every_limit)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(20);

    for (int i = 0; i < n_cases && _i != CASE_PVRP; i++) {
        const uint64_t seed = test_seed() + 1000 * (uint64_t)_i + (uint64_t)i;
        static route_case it;
        static parents p;

        make_case(&it, _i, seed);
        if (!meet(ctx, &it.problem, seed, &p))
            continue;
        ck_assert(route_lean_cross_suits(&p.model));
        for (int k = 0; k < 10; k++)
            if (route_lean_cross_over(&p.cross, &p.child, p.mother.best_next,
                                      p.father.best_next))
                hold(ctx, &it.problem, &p.child, seed);
        part(&p);
    }
    gb_context_free(ctx);
}
END_TEST

/* Nothing more is wrong with it than with its parents, so nobody goes out. */
START_TEST(with_all_cycles_exchanged_the_child_is_the_father)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(20);
    int n_apart = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 1000 * (uint64_t)_i + (uint64_t)i;
        static route_case it;
        static parents p;
        uint32_t n;

        make_case(&it, _i, seed);
        if (!meet(ctx, &it.problem, seed, &p))
            continue;
        n = route_lean_cross_pair(&p.cross, &p.child.rng, p.mother.best_next,
                                  p.father.best_next);
        memset(p.cross.is_chosen, 1, n);
        route_lean_cross_child(&p.cross, &p.child, p.mother.best_next);
        hold(ctx, &it.problem, &p.child, seed);
        if (p.father.best_musts_out == 0)
            ck_assert_int_eq(route_lean_true_cost(&p.child),
                             p.father.best_cost);
        /* Whom he serves is served by the same neighbours. */
        for (uint32_t c = 0; c < p.model.n_clients; c++)
            if (p.father.best_next[c] < p.model.n_clients
                && p.father.best_musts_out == 0)
                ck_assert_uint_eq(p.child.nodes[c].next,
                                  p.father.best_next[c]);
        n_apart += n > 0;
        part(&p);
    }
    ck_assert_int_gt(n_apart, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_plan_has_no_cycles_with_itself)
{
    gb_context *ctx = test_context();
    static route_case it;
    static parents p;

    make_case(&it, CASE_VRPTW, 7);
    ck_assert(meet(ctx, &it.problem, 7, &p));
    ck_assert_uint_eq(route_lean_cross_pair(&p.cross, &p.child.rng,
                                            p.mother.best_next,
                                            p.mother.best_next),
                      0);
    ck_assert(!route_lean_cross_over(&p.cross, &p.child, p.mother.best_next,
                                     p.mother.best_next));
    part(&p);
    gb_context_free(ctx);
}
END_TEST

/* --- the search --- */

enum { N_CLIENTS = 24, N_LOCATIONS = N_CLIENTS + 1, N_VEHICLES = 8 };
/* Plans are bred where the iterations are many for the clients. */
enum { MANY = 5000 * N_CLIENTS };

typedef struct town {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[N_VEHICLES];
    int32_t seconds[N_LOCATIONS * N_LOCATIONS];
    uint32_t location[N_CLIENTS], first_window[N_CLIENTS + 1];
    gb_route_window windows[N_CLIENTS];
    uint8_t must[N_CLIENTS];
} town;

/* Clients in a square about the depot, half of them with a window. */
static void make_town(town *made, uint64_t seed)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(seed);
    double x[N_LOCATIONS], y[N_LOCATIONS];

    memset(made, 0, sizeof *made);
    for (uint32_t i = 0; i < N_LOCATIONS; i++) {
        x[i] = i ? 1000 * base_rng_unit(&rng) : 500;
        y[i] = i ? 1000 * base_rng_unit(&rng) : 500;
    }
    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        for (uint32_t k = 0; k < N_LOCATIONS; k++)
            made->seconds[i * N_LOCATIONS + k]
                = (int32_t)(hypot(x[i] - x[k], y[i] - y[k]) + 0.5);
    for (uint32_t c = 0; c < N_CLIENTS; c++) {
        made->location[c] = c + 1;
        made->must[c] = 1;
        made->first_window[c] = c;
        made->windows[c].early_s
            = c % 2 ? 0 : (int32_t)base_rng_below(&rng, 4000);
        made->windows[c].late_s
            = c % 2 ? 6000 : made->windows[c].early_s + 1000;
    }
    made->first_window[N_CLIENTS] = N_CLIENTS;
    made->profile.seconds = made->seconds;
    made->problem = none;
    for (uint32_t v = 0; v < N_VEHICLES; v++) {
        made->vehicles[v] = vehicle;
        made->vehicles[v].shift_end_s = 8000;
        made->vehicles[v].cost_per_travel_s_milli = 1000;
    }
    made->problem.n_locations = N_LOCATIONS;
    made->problem.n_profiles = 1;
    made->problem.profiles = &made->profile;
    made->problem.n_clients = N_CLIENTS;
    made->problem.client_location = made->location;
    made->problem.client_first_window = made->first_window;
    made->problem.windows = made->windows;
    made->problem.client_must = made->must;
    made->problem.n_vehicles = N_VEHICLES;
    made->problem.vehicles = made->vehicles;
}

START_TEST(the_best_child_serves_all_and_is_no_dearer_than_the_first_plan)
{
    gb_context *ctx = test_context();
    static town it;
    int64_t cost[2], gain = 0;

    for (uint64_t seed = 0; seed < 6; seed++) {
        make_town(&it, seed);
        for (int k = 0; k < 2; k++) {
            const gb_route_options options
                = route_hold_options(k ? MANY : 2, 1, 1);
            gb_route_solution *solution;

            assert_ok(ctx, gb_route_solve(ctx, &it.problem, &options,
                                          &solution));
            route_hold_to_checker(ctx, &it.problem, solution, "a herd", seed);
            ck_assert_uint_eq(route_summary_of(solution).n_unserved, 0);
            cost[k] = route_summary_of(solution).cost_milli;
            gb_route_solution_free(solution);
        }
        ck_assert_int_le(cost[1], cost[0]);
        gain += cost[0] - cost[1];
    }
    ck_assert_int_gt(gain, 0);
    gb_context_free(ctx);
}
END_TEST

START_TEST(threads_change_nothing)
{
    const gb_route_options options = route_hold_options(3 * MANY, 3, 1);
    static town it;

    make_town(&it, 3);
    route_hold_to_threads(&it.problem, &options);
}
END_TEST

START_TEST(lack_of_memory_for_a_herd_is_survived)
{
    const gb_route_options options = route_hold_options(64, 1, 1);
    static town it;

    make_town(&it, 3);
    route_hold_to_memory(&it.problem, &options, false);
}
END_TEST

START_TEST(children_take_no_memory)
{
    const gb_route_options options = route_hold_options(MANY, 1, 1);
    static town it;

    make_town(&it, 3);
    route_hold_to_requests(&it.problem, &options);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_weave");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, a_child_keeps_every_limit, 0, CASE_FAMILIES);
    tcase_add_loop_test(tc,
                        with_all_cycles_exchanged_the_child_is_the_father,
                        CASE_VRPTW, CASE_HFVRP + 1);
    tcase_add_test(tc, a_plan_has_no_cycles_with_itself);
    tcase_add_test(
        tc, the_best_child_serves_all_and_is_no_dearer_than_the_first_plan);
    tcase_add_test(tc, threads_change_nothing);
    tcase_add_test(tc, lack_of_memory_for_a_herd_is_survived);
    tcase_add_test(tc, children_take_no_memory);
    return suite;
}
