/* Routes of many plans, and the best plan made of them. */
#include "route_lean_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_rng.h"
#include "test.h"

enum { N_CLIENTS = 14, N_VEHICLES = 8, N_LOCATIONS = N_CLIENTS + 2 };
enum { N_PLANS = 12, MANY_NODES = 1000000 };

static int32_t SECONDS[N_LOCATIONS * N_LOCATIONS];
static uint32_t LOCATION[N_CLIENTS];
static uint8_t MUST[N_CLIENTS];
static gb_route_vehicle VEHICLES[N_VEHICLES];
static const gb_route_profile PROFILE = { .seconds = SECONDS };

/* Two depots, whose vehicles are few; any route is possible. */
static void make_problem(gb_route_problem *p, uint64_t seed)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(seed);
    int32_t x[N_LOCATIONS], y[N_LOCATIONS];

    *p = none;
    for (uint32_t i = 0; i < N_LOCATIONS; i++) {
        x[i] = (int32_t)base_rng_between(&rng, 0, 1000);
        y[i] = (int32_t)base_rng_between(&rng, 0, 1000);
    }
    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        for (uint32_t j = 0; j < N_LOCATIONS; j++)
            SECONDS[i * N_LOCATIONS + j] = abs(x[i] - x[j])
                + abs(y[i] - y[j]);
    for (uint32_t c = 0; c < N_CLIENTS; c++) {
        LOCATION[c] = c + 2;
        MUST[c] = 1;
    }
    for (uint32_t v = 0; v < N_VEHICLES; v++) {
        VEHICLES[v] = vehicle;
        VEHICLES[v].start_location = VEHICLES[v].end_location = v % 2;
        VEHICLES[v].shift_end_s = 100000;
        VEHICLES[v].cost_per_travel_s_milli = 1000;
        VEHICLES[v].fixed_cost = 100;
    }
    p->n_locations = N_LOCATIONS;
    p->n_profiles = 1;
    p->profiles = &PROFILE;
    p->n_clients = N_CLIENTS;
    p->client_location = LOCATION;
    p->client_must = MUST;
    p->n_vehicles = N_VEHICLES;
    p->vehicles = VEHICLES;
}

/* Everybody on some route, by chance. */
static void draw_plan(route_lean *s, base_rng *rng)
{
    uint32_t clients[N_CLIENTS], n = 0, at = 0;

    route_lean_open(s);
    while (s->n_used > 0) {
        const uint32_t r = s->used[0];

        route_lean_unlink(s, s->nodes[route_lean_start(s->model, r)].next,
                          s->nodes[route_lean_end(s->model, r)].prev);
    }
    for (uint32_t c = 0; c < N_CLIENTS; c++)
        clients[n++] = c;
    base_rng_shuffle(rng, clients, n);
    for (uint32_t r = 0; r < N_VEHICLES && at < n; r++) {
        uint32_t some = (uint32_t)base_rng_between(rng, 1, 4);

        some = r + 1 == N_VEHICLES || some > n - at ? n - at : some;
        route_lean_put(s, r, clients + at, some);
        at += some;
    }
    route_lean_keep(s);
}

/* The least that columns from `i` on, who share nobody, cost for `left`. */
static int64_t least_by_trying(const route_lean_pool *pool, uint32_t left,
                               uint32_t spare[2])
{
    const int64_t none = INT64_MAX / 4;
    int64_t least = none;
    uint32_t c = 0;

    if (left == 0)
        return 0;
    while (!(left >> c & 1))
        c++;
    for (uint32_t i = 0; i < pool->n; i++) {
        const route_lean_column *column = &pool->columns[i];
        uint32_t set = 0;
        int64_t rest;

        for (uint32_t k = 0; k < column->n; k++)
            set |= 1u << pool->clients[column->first + k];
        if (!(set >> c & 1) || (set & ~left) || spare[column->kind] == 0)
            continue;
        spare[column->kind]--;
        rest = least_by_trying(pool, left & ~set, spare);
        spare[column->kind]++;
        if (rest < none && rest + column->cost < least)
            least = rest + column->cost;
    }
    return least;
}

typedef struct stage {
    gb_context *ctx;
    gb_route_problem problem;
    route_data data;
    route_lean_model model;
    route_lean search;
    route_lean_pool pool;
    base_rng rng;
} stage;

static void set_up(stage *it, uint64_t seed, uint32_t most)
{
    it->ctx = test_context();
    make_problem(&it->problem, seed);
    assert_ok(it->ctx, route_data_build(it->ctx, &it->problem, &it->data));
    assert_ok(it->ctx,
              route_lean_model_init(it->ctx, &it->data, &it->model));
    ck_assert_uint_eq(it->model.n_kinds, 2);
    ck_assert(route_lean_init(&it->search, &it->model, seed, 0));
    ck_assert(route_lean_pool_init(&it->pool, &it->model, most));
    it->rng = base_rng_seeded(seed);
}

static void tear_down(stage *it)
{
    route_lean_pool_clear(&it->pool);
    route_lean_clear(&it->search);
    route_lean_model_clear(&it->model);
    route_data_clear(&it->data);
    gb_context_free(it->ctx);
}

/* Plans drawn, and all their routes in the pool; what the best costs. */
static int64_t fill(stage *it)
{
    int64_t best = INT64_MAX;

    for (uint32_t i = 0; i < N_PLANS; i++) {
        draw_plan(&it->search, &it->rng);
        route_lean_pool_take(&it->pool, &it->search, &it->pool);
        if (route_lean_true_cost(&it->search) < best) {
            route_lean_take_best(&it->search);
            best = it->search.best_cost;
        }
    }
    return best;
}

static void price(stage *it, base_run *run)
{
    bool is_priced = false;

    base_run_begin(run, it->ctx, (base_limits){ 0, 0, 0 });
    assert_ok(it->ctx,
              route_lean_pool_price(run, &it->pool, HUGE_VAL, &is_priced));
    ck_assert(is_priced);
}

START_TEST(the_best_plan_of_the_routes_is_found)
{
    uint32_t n_better = 0;

    for (uint64_t seed = 1; seed <= 40; seed++) {
        static stage it;
        uint32_t spare[2] = { N_VEHICLES / 2, N_VEHICLES / 2 };
        int64_t before, least;
        base_run run;

        set_up(&it, seed, 400);
        before = fill(&it);
        least = least_by_trying(&it.pool, (1u << N_CLIENTS) - 1, spare);
        price(&it, &run);
        assert_ok(it.ctx, route_lean_join_pool(&run, &it.pool, &it.search,
                                               MANY_NODES, HUGE_VAL));
        ck_assert_int_eq(it.search.best_cost, least);
        ck_assert_int_eq(route_lean_true_cost(&it.search) >= least, 1);
        ck_assert(route_lean_is_sound(&it.search));
        n_better += least < before;
        tear_down(&it);
    }
    ck_assert_uint_ge(n_better, 5);
}
END_TEST

/* What the program costs by its prices, which are right for each route. */
static double priced(const route_lean_pool *pool, const double *of_kind)
{
    double sum = 0;

    for (uint32_t c = 0; c < N_CLIENTS; c++)
        sum += pool->prices[c];
    for (uint32_t k = 0; k < 2; k++) {
        ck_assert_double_le(of_kind[k], 1e-3);
        sum += of_kind[k] * pool->model->kinds[k].n_routes;
    }
    for (uint32_t i = 0; i < pool->n; i++) {
        const route_lean_column *column = &pool->columns[i];
        double excess = (double)column->cost - of_kind[column->kind];

        for (uint32_t k = 0; k < column->n; k++)
            excess -= pool->prices[pool->clients[column->first + k]];
        ck_assert_double_ge(excess, -1e-2);
        ck_assert_double_le(fabs(excess - column->excess), 1e-2);
    }
    return sum;
}

START_TEST(vehicles_that_are_few_have_a_price)
{
    uint32_t n_few = 0;

    for (uint64_t seed = 1; seed <= 40; seed++) {
        static stage it;
        uint32_t spare[2] = { N_VEHICLES / 2, N_VEHICLES / 2 };
        const double *of_kind;
        double bound;
        int64_t least;
        base_run run;

        set_up(&it, seed, 400);
        (void)fill(&it);
        least = least_by_trying(&it.pool, (1u << N_CLIENTS) - 1, spare);
        price(&it, &run);
        of_kind = &it.pool.prices[N_CLIENTS];
        bound = priced(&it.pool, of_kind);
        ck_assert_double_le(bound, (double)least + 1);
        n_few += of_kind[0] < -1 || of_kind[1] < -1;
        /* A plan of twice the cost may have that much more in a route. */
        route_lean_pool_set_limit(&it.pool, 2 * least);
        ck_assert_double_le(fabs(it.pool.limit - (2 * (double)least - bound)),
                            1);
        tear_down(&it);
    }
    ck_assert_uint_ge(n_few, 5);
}
END_TEST

START_TEST(pools_give_their_last_routes_first)
{
    static stage it;
    route_lean_pool others[2];

    set_up(&it, 7, 6);
    for (int k = 0; k < 2; k++) {
        ck_assert(route_lean_pool_init(&others[k], &it.model, 20));
        while (others[k].n < 20) {
            draw_plan(&it.search, &it.rng);
            route_lean_pool_take(&others[k], &it.search, &others[k]);
        }
    }
    route_lean_pool_merge(&it.pool, others, 2);
    ck_assert_uint_eq(it.pool.n, 6);
    for (uint32_t i = 0; i < 2; i++)
        for (uint32_t back = 1; back <= 3; back++)
            ck_assert_uint_eq(it.pool.columns[2 * (back - 1) + i].hash,
                              others[i].columns[20 - back].hash);
    route_lean_pool_clear(&others[0]);
    route_lean_pool_clear(&others[1]);
    tear_down(&it);
}
END_TEST

/* Vehicles of two kinds from one place are no two depots. */
START_TEST(depots_are_told_from_kinds)
{
    for (int n_depots = 1; n_depots <= 2; n_depots++) {
        gb_context *ctx = test_context();
        gb_route_problem problem;
        route_data data;
        route_lean_model model;

        make_problem(&problem, 11);
        for (uint32_t v = 0; v < N_VEHICLES && n_depots == 1; v++) {
            VEHICLES[v].start_location = VEHICLES[v].end_location = 0;
            VEHICLES[v].fixed_cost += v % 2;
        }
        assert_ok(ctx, route_data_build(ctx, &problem, &data));
        assert_ok(ctx, route_lean_model_init(ctx, &data, &model));
        ck_assert_uint_eq(model.n_kinds, 2);
        ck_assert_int_eq(model.has_depots, n_depots == 2);
        route_lean_model_clear(&model);
        route_data_clear(&data);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(of_the_same_clients_the_cheaper_order_is_kept)
{
    static stage it;
    const uint32_t one_way[] = { 0, 1, 2, 3 }, other_way[] = { 2, 0, 3, 1 };
    int64_t cost[2];

    set_up(&it, 3, 50);
    for (int k = 0; k < 2; k++) {
        route_lean_open(&it.search);
        route_lean_put(&it.search, 0, k ? other_way : one_way, 4);
        route_lean_keep(&it.search);
        cost[k] = it.search.routes[0].n_clients == 4
            ? route_lean_true_cost(&it.search)
            : 0;
        route_lean_pool_take(&it.pool, &it.search, &it.pool);
        route_lean_open(&it.search);
        route_lean_unlink(&it.search,
                          it.search.nodes[route_lean_start(&it.model, 0)].next,
                          it.search.nodes[route_lean_end(&it.model, 0)].prev);
        route_lean_keep(&it.search);
    }
    ck_assert_int_ne(cost[0], cost[1]);
    ck_assert_uint_eq(it.pool.n, 1);
    ck_assert_uint_eq(route_lean_pool_find(&it.pool, 0, other_way, 4), 0);
    ck_assert_uint_eq(route_lean_pool_find(&it.pool, 1, other_way, 4),
                      GB_ROUTE_NONE);
    ck_assert_uint_eq(it.pool.clients[1], cost[1] < cost[0] ? 0 : 1);
    tear_down(&it);
}
END_TEST

START_TEST(a_full_pool_takes_no_more_and_thins_to_the_least_excess)
{
    static stage it;
    uint32_t n;

    set_up(&it, 5, 20);
    for (uint32_t i = 0; i < N_PLANS; i++) {
        draw_plan(&it.search, &it.rng);
        route_lean_pool_take(&it.pool, &it.search, &it.pool);
    }
    ck_assert_uint_eq(it.pool.n, 20);
    for (uint32_t i = 0; i < 20; i++)
        it.pool.columns[i].excess = i * 7 % 20;
    route_lean_pool_thin(&it.pool);
    ck_assert_uint_eq(it.pool.n, 10);
    it.pool.limit = 4;
    route_lean_pool_thin(&it.pool);
    n = it.pool.n;
    ck_assert_uint_eq(n, 5);
    for (uint32_t i = 0; i < n; i++) {
        const route_lean_column *column = &it.pool.columns[i];

        ck_assert_double_le(column->excess, 4);
        ck_assert_uint_eq(
            route_lean_pool_find(&it.pool, column->kind,
                                 &it.pool.clients[column->first], column->n),
            i);
    }
    tear_down(&it);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_pool");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, the_best_plan_of_the_routes_is_found);
    tcase_add_test(tc, vehicles_that_are_few_have_a_price);
    tcase_add_test(tc, pools_give_their_last_routes_first);
    tcase_add_test(tc, depots_are_told_from_kinds);
    tcase_add_test(tc, of_the_same_clients_the_cheaper_order_is_kept);
    tcase_add_test(tc, a_full_pool_takes_no_more_and_thins_to_the_least_excess);
    return suite;
}
