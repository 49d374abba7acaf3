#include "route_lean.h"

#include "base_rng.h"
#include "test.h"

/* Two vehicles, far too few for all clients, most of whom pay for the way. */
enum { CLIENTS = 30, PLACES = CLIENTS + 1, VEHICLES_OF = 2 };

static int32_t SECONDS[PLACES * PLACES], SERVICE_S[CLIENTS];
static uint32_t LOCATION[CLIENTS];
static int64_t PRIZE[CLIENTS], LOAD[CLIENTS], CAPACITY;
static uint8_t MUST[CLIENTS];
static gb_route_vehicle VEHICLES[VEHICLES_OF];
static const gb_route_profile PROFILE = { .seconds = SECONDS };

typedef struct made {
    gb_context *ctx;
    route_data data;
    route_lean_model model;
    route_lean search;
} made;

static void draw_way(base_rng *rng)
{
    int32_t x[PLACES], y[PLACES];

    for (uint32_t i = 0; i < PLACES; i++) {
        x[i] = (int32_t)base_rng_below(rng, 1000);
        y[i] = (int32_t)base_rng_below(rng, 1000);
    }
    for (uint32_t i = 0; i < PLACES; i++)
        for (uint32_t k = 0; k < PLACES; k++)
            SECONDS[i * PLACES + k] = abs(x[i] - x[k]) + abs(y[i] - y[k]);
}

/* A second of travel costs a point: prizes of such a size compete with it. */
static gb_route_problem problem_of(int64_t most_prize, bool are_musts,
                                   int64_t capacity)
{
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    gb_route_problem p = GB_ROUTE_PROBLEM_INIT;
    base_rng rng = base_rng_stream(7, 0);

    draw_way(&rng);
    CAPACITY = capacity;
    for (uint32_t c = 0; c < CLIENTS; c++) {
        LOCATION[c] = c + 1;
        LOAD[c] = 1;
        MUST[c] = are_musts;
        SERVICE_S[c] = 10;
        PRIZE[c] = 1 + (int64_t)base_rng_below(&rng, (uint64_t)most_prize);
    }
    for (uint32_t v = 0; v < VEHICLES_OF; v++) {
        VEHICLES[v] = vehicle;
        VEHICLES[v].shift_end_s = 100000;
        VEHICLES[v].cost_per_travel_s_milli = 1000;
        VEHICLES[v].capacity = &CAPACITY;
    }
    p.n_locations = PLACES;
    p.n_profiles = 1;
    p.profiles = &PROFILE;
    p.n_clients = CLIENTS;
    p.client_location = LOCATION;
    p.client_service_s = SERVICE_S;
    p.client_prize = are_musts ? NULL : PRIZE;
    p.client_must = MUST;
    p.n_loads = 1;
    p.client_load = LOAD;
    p.n_vehicles = VEHICLES_OF;
    p.vehicles = VEHICLES;
    return p;
}

/* The search of this number of a race. */
static void make_one(made *it, const gb_route_problem *problem,
                     uint64_t number)
{
    ck_assert_int_eq(gb_context_new(NULL, &it->ctx), GB_OK);
    ck_assert_int_eq(route_data_build(it->ctx, problem, &it->data), GB_OK);
    ck_assert(route_lean_suits(&it->data));
    ck_assert_int_eq(route_lean_model_init(it->ctx, &it->data, &it->model),
                     GB_OK);
    ck_assert(route_lean_init(&it->search, &it->model, 1, number));
    route_lean_begin(&it->search, NULL);
}

static void make(made *it, const gb_route_problem *problem)
{
    make_one(it, problem, 0);
}

static void clear(made *it)
{
    route_lean_clear(&it->search);
    route_lean_model_clear(&it->model);
    route_data_clear(&it->data);
    gb_context_free(it->ctx);
}

/* What the routes cost and the served bring, added up anew. */
static int64_t plain_cost(const route_lean *s)
{
    const route_lean_model *m = s->model;
    int64_t cost = 0;

    for (uint32_t r = 0; r < m->n_routes; r++) {
        const uint32_t end = route_lean_end(m, r);

        for (uint32_t a = route_lean_start(m, r); a != end;
             a = s->nodes[a].next) {
            const uint32_t b = s->nodes[a].next;

            cost += (int64_t)SECONDS[s->nodes[a].location * PLACES
                                     + s->nodes[b].location];
            if (a < CLIENTS)
                cost -= PRIZE[a];
        }
    }
    return cost;
}

START_TEST(a_bonus_is_everybodys_and_costs_are_told_without)
{
    const gb_route_problem problem = problem_of(400, false, 6);
    made it;
    route_lean *s = &it.search;
    int64_t cost, worth[CLIENTS];
    uint32_t n_in;

    make(&it, &problem);
    route_lean_set_bonus(s, 0);
    n_in = CLIENTS - s->n_out;
    ck_assert_uint_gt(n_in, 0);
    ck_assert_uint_gt(s->n_out, 0);
    cost = s->cost;
    ck_assert_int_eq(cost, plain_cost(s) * it.model.point);
    for (uint32_t c = 0; c < CLIENTS; c++)
        worth[c] = s->nodes[c].worth;
    route_lean_set_bonus(s, 12345);
    for (uint32_t c = 0; c < CLIENTS; c++) {
        ck_assert_int_eq(s->nodes[c].worth, worth[c] + 12345);
        ck_assert_int_eq(route_lean_worth(s, c), s->nodes[c].worth);
    }
    ck_assert_int_eq(s->cost, cost - 12345 * (int64_t)n_in);
    ck_assert_int_eq(route_lean_true_cost(s), cost);
    ck_assert(route_lean_is_sound(s));
    route_lean_set_bonus(s, 0);
    ck_assert_int_eq(s->cost, cost);
    clear(&it);
}
END_TEST

START_TEST(the_bonus_melts_to_what_the_warmth_leaves_of_it)
{
    const gb_route_problem problem = problem_of(400, false, 6);
    made it;
    route_lean *s = &it.search;
    int64_t before;

    make(&it, &problem);
    s->warmth = s->scale;
    route_lean_tune_bonus(s, 0);
    ck_assert_int_gt(s->bonus, (int64_t)s->scale);
    before = s->bonus;
    for (double progress = 0.05; progress <= 1; progress += 0.05) {
        route_lean_tune_bonus(s, progress);
        ck_assert_int_le(s->bonus, before);
        before = s->bonus;
    }
    /* Some are out, so some of it stays; it goes with the warmth. */
    ck_assert_int_gt(s->bonus, 0);
    ck_assert_int_lt(s->bonus, (int64_t)s->warmth);
    s->warmth = 0;
    route_lean_tune_bonus(s, 1);
    ck_assert_int_eq(s->bonus, 0);
    ck_assert(route_lean_is_sound(s));
    clear(&it);
}
END_TEST

START_TEST(with_a_bonus_more_are_served_and_the_end_is_without)
{
    const gb_route_problem problem = problem_of(60, false, CLIENTS);
    made it;
    route_lean *s = &it.search;
    uint32_t n_in;

    make(&it, &problem);
    route_lean_set_bonus(s, 0);
    for (int i = 0; i < 2000; i++)
        route_lean_step(s, 0.999);
    n_in = CLIENTS - s->n_out;
    for (int i = 0; i < 2000; i++)
        route_lean_step(s, 0);
    ck_assert_int_gt(s->bonus, 0);
    ck_assert_uint_gt(CLIENTS - s->n_out, n_in);
    route_lean_finish(s);
    ck_assert_int_eq(s->bonus, 0);
    ck_assert_int_eq(s->cost, plain_cost(s) * it.model.point);
    ck_assert_int_eq(s->cost, route_lean_true_cost(s));
    ck_assert_int_le(s->cost, 0);
    clear(&it);
}
END_TEST

START_TEST(a_toll_is_a_vehicles_and_costs_are_told_without)
{
    const gb_route_problem problem = problem_of(400, false, 6);
    made it;
    route_lean *s = &it.search;
    int64_t cost;

    make(&it, &problem);
    cost = s->cost;
    ck_assert_uint_eq(s->n_used, VEHICLES_OF);
    route_lean_set_toll(s, 777);
    ck_assert_int_eq(s->cost, cost + VEHICLES_OF * 777);
    ck_assert_int_eq(route_lean_true_cost(s),
                     plain_cost(s) * it.model.point);
    ck_assert(route_lean_is_sound(s));
    route_lean_set_toll(s, 0);
    ck_assert_int_eq(s->cost, cost);
    clear(&it);
}
END_TEST

START_TEST(searches_of_a_race_charge_tolls_of_their_own_while_it_is_warm)
{
    const gb_route_problem problem = problem_of(400, false, 6);
    int64_t tolls[3];

    for (uint64_t number = 0; number < 3; number++) {
        made it;
        route_lean *s = &it.search;

        make_one(&it, &problem, number);
        s->warmth = (double)s->round_trip / 100;
        route_lean_tune_bonus(s, 0.5);
        tolls[number] = s->toll;
        /* In debug builds each move is priced to the unit, tolls and all. */
        for (int i = 0; i < 2000; i++)
            route_lean_step(s, i / 2000.0);
        ck_assert(route_lean_is_sound(s));
        ck_assert_int_eq(route_lean_true_cost(s),
                         plain_cost(s) * it.model.point);
        s->warmth = 100 * (double)s->round_trip;
        route_lean_tune_bonus(s, 0.5);
        ck_assert_int_le(s->toll, s->round_trip);
        route_lean_finish(s);
        ck_assert_int_eq(s->toll, 0);
        ck_assert_int_eq(s->cost, plain_cost(s) * it.model.point);
        clear(&it);
    }
    ck_assert_int_eq(tolls[0], 0);
    ck_assert_int_gt(tolls[1], 0);
    ck_assert_int_gt(tolls[2], tolls[1]);
}
END_TEST

START_TEST(there_is_none_where_all_are_musts_or_only_prizes_count)
{
    const gb_route_problem musts = problem_of(400, true, CLIENTS);
    made it;

    make(&it, &musts);
    ck_assert_uint_eq(it.search.n_out, 0);
    route_lean_tune_bonus(&it.search, 0);
    ck_assert_int_eq(it.search.bonus, 0);
    clear(&it);
    {
        const gb_route_problem dear = problem_of(10000000, false, 6);

        make(&it, &dear);
        ck_assert_int_gt(it.search.extra, 0);
        route_lean_tune_bonus(&it.search, 0);
        ck_assert_int_eq(it.search.bonus, 0);
        clear(&it);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_lean_bonus");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_bonus_is_everybodys_and_costs_are_told_without);
    tcase_add_test(tc, the_bonus_melts_to_what_the_warmth_leaves_of_it);
    tcase_add_test(tc, with_a_bonus_more_are_served_and_the_end_is_without);
    tcase_add_test(tc, a_toll_is_a_vehicles_and_costs_are_told_without);
    tcase_add_test(
        tc, searches_of_a_race_charge_tolls_of_their_own_while_it_is_warm);
    tcase_add_test(tc, there_is_none_where_all_are_musts_or_only_prizes_count);
    return suite;
}
