#include "route_result.h"
#include "route_search.h"

#include <stdlib.h>
#include <string.h>

#include "base_rng.h"
#include "test.h"

/* Many clients at random places of a square of a day's drive. */
enum { N_CLIENTS = 1000, N_VEHICLES = 300, N_LOCATIONS = 60 };

static int32_t SECONDS[N_LOCATIONS * N_LOCATIONS];
static uint32_t LOCATION[N_CLIENTS];
static int64_t PRIZE[N_CLIENTS];
static gb_route_vehicle VEHICLES[N_VEHICLES];
static const gb_route_profile PROFILE = { .seconds = SECONDS };

static void make_problem(gb_route_problem *p, uint32_t n_clients,
                         uint32_t n_vehicles)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;

    *p = none;
    for (uint32_t i = 0; i < N_LOCATIONS; i++)
        for (uint32_t j = 0; j < N_LOCATIONS; j++)
            SECONDS[i * N_LOCATIONS + j] = 30 * abs((int)i - (int)j);
    for (uint32_t c = 0; c < n_clients; c++) {
        LOCATION[c] = c * 7 % N_LOCATIONS;
        PRIZE[c] = 1 + c % 10;
    }
    for (uint32_t v = 0; v < n_vehicles; v++) {
        VEHICLES[v] = vehicle;
        VEHICLES[v].shift_end_s = 1000000;
    }
    p->n_locations = N_LOCATIONS;
    p->n_profiles = 1;
    p->profiles = &PROFILE;
    p->n_clients = n_clients;
    p->client_location = LOCATION;
    p->client_prize = PRIZE;
    p->n_vehicles = n_vehicles;
    p->vehicles = VEHICLES;
}

/* Bytes asked for, kept before each block. */
static size_t LIVE, MOST;

static void counted_release(void *state, void *block)
{
    size_t *begin = block;

    (void)state;
    if (!block)
        return;
    LIVE -= begin[-2];
    free(begin - 2);
}

static void *counted_reallocate(void *state, void *old, size_t size)
{
    size_t *block = malloc(size + 16);

    if (!block)
        return NULL;
    *block = size;
    LIVE += size;
    MOST = LIVE > MOST ? LIVE : MOST;
    if (old) {
        const size_t was = ((size_t *)old)[-2];

        memcpy(block + 2, old, was < size ? was : size);
        counted_release(state, old);
    }
    return block + 2;
}

START_TEST(memory_of_a_search_goes_with_clients_and_vehicles)
{
    const gb_allocator allocator
        = { NULL, counted_reallocate, counted_release };
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_route_problem problem;
    route_search searches[2];
    route_guide guide;
    route_data data;
    gb_context *ctx;

    options.allocator = &allocator;
    ck_assert_int_eq(gb_context_new(&options, &ctx), GB_OK);
    make_problem(&problem, N_CLIENTS, N_VEHICLES);
    assert_ok(ctx, route_data_build(ctx, &problem, &data));
    ck_assert(route_guide_init(&guide, &data));
    for (uint32_t i = 0; i < 2; i++)
        ck_assert(route_search_init(&searches[i], &data, &guide, 1, i));
    for (uint32_t i = 0; i < 2; i++)
        route_search_clear(&searches[i]);
    route_guide_clear(&guide, &data);
    route_data_clear(&data);
    gb_context_free(ctx);
    ck_assert_uint_eq(LIVE, 0);
    ck_assert_uint_lt(MOST, 20u << 20);
}
END_TEST

/* Every figure that a tour keeps is that of a plan made from nothing. */
static void hold_to_fresh(const route_plan *plan, route_plan *fresh)
{
    for (uint32_t v = 0; v < plan->data->n_vehicles; v++)
        route_plan_forget(fresh, v);
    for (uint32_t v = 0; v < plan->data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v], *other = &fresh->tours[v];

        ck_assert(route_plan_set(fresh, v, tour->items, tour->n_items));
        ck_assert_uint_eq(other->behind_last, tour->behind_last);
        ck_assert_int_eq(memcmp(&tour->end, &other->end, sizeof tour->end), 0);
        ck_assert_int_eq(memcmp(tour->late_s, other->late_s,
                                tour->n_items * sizeof *tour->late_s),
                         0);
        ck_assert_int_eq(tour->most_room_s, other->most_room_s);
    }
    ck_assert_int_eq(memcmp(&plan->worth, &fresh->worth, sizeof plan->worth),
                     0);
    ck_assert_int_eq(memcmp(plan->tour_of, fresh->tour_of,
                            plan->data->n_clients * sizeof *plan->tour_of),
                     0);
}

/* Into any route that takes it, or all of a route out again. */
static void change(route_plan *plan, base_rng *rng, uint32_t favourite,
                   uint32_t n_vehicles)
{
    const uint32_t c = (uint32_t)base_rng_below(rng, plan->data->n_clients);
    const uint32_t v = (uint32_t)(base_rng_below(rng, 3)
                                      ? favourite
                                      : base_rng_below(rng, n_vehicles));
    const route_tour *tour = &plan->tours[v];
    route_end end;

    if (v != favourite && base_rng_below(rng, 8) == 0) {
        ck_assert(route_plan_set(plan, v, NULL, 0));
    } else if (plan->tour_of[c] == GB_ROUTE_NONE
               && route_plan_may_insert(plan, v, c)) {
        const uint32_t gap
            = (uint32_t)base_rng_below(rng, tour->n_items + 1);

        if (route_tour_price(plan->data, tour, gap, c, &end)) {
            ck_assert(route_plan_insert(plan, v, gap, c));
            ck_assert_int_eq(memcmp(&tour->end.worth, &end.worth,
                                    sizeof end.worth),
                             0);
        }
    }
}

START_TEST(tours_that_grow_and_shrink_keep_what_they_know)
{
    enum { FEW_CLIENTS = 120, FEW_VEHICLES = 9 };
    gb_context *ctx = test_context();
    base_rng rng = base_rng_seeded(test_seed());
    gb_route_problem problem;
    route_data data;
    route_plan plan, fresh, copy;
    uint32_t n_moves = 0;

    make_problem(&problem, FEW_CLIENTS, FEW_VEHICLES);
    assert_ok(ctx, route_data_build(ctx, &problem, &data));
    ck_assert(route_plan_init(&plan, &data) && route_plan_init(&fresh, &data)
              && route_plan_init(&copy, &data));
    for (uint32_t i = 0; i < 6000; i++) {
        const uint32_t in_use = plan.in_use;

        change(&plan, &rng, i / 400 % FEW_VEHICLES, FEW_VEHICLES);
        n_moves += plan.in_use != in_use;
        if (i % 100)
            continue;
        hold_to_fresh(&plan, &fresh);
        route_plan_copy(&copy, &plan, NULL);
        hold_to_fresh(&copy, &fresh);
    }
    ck_assert_uint_gt(n_moves, 3);
    route_plan_clear(&plan);
    route_plan_clear(&fresh);
    route_plan_clear(&copy);
    route_data_clear(&data);
    gb_context_free(ctx);
}
END_TEST

START_TEST(plain_lists_make_the_solution_that_a_plan_makes)
{
    gb_context *ctx = test_context();
    gb_route_problem problem;
    gb_route_solution *a, *b;
    uint32_t first[4] = { 0, 3, 3, 5 };
    const uint32_t items[5] = { 4, 1, 9, 7, 2 };
    route_data data;
    route_plan plan;

    make_problem(&problem, 12, 3);
    assert_ok(ctx, route_data_build(ctx, &problem, &data));
    ck_assert(route_plan_init(&plan, &data));
    for (uint32_t v = 0; v < 3; v++)
        ck_assert(route_plan_set(&plan, v, items + first[v],
                                 first[v + 1] - first[v]));
    a = route_result_new(&plan);
    ck_assert_ptr_nonnull(a);
    assert_ok(ctx, route_result_from_items(ctx, &data, first, items, NULL,
                                           &b));
    ck_assert_int_eq(memcmp(&a->summary, &b->summary, sizeof a->summary), 0);
    ck_assert_int_eq(memcmp(a->stops, b->stops, 5 * sizeof *a->stops), 0);
    ck_assert_int_eq(memcmp(a->totals, b->totals, 3 * sizeof *a->totals), 0);
    gb_route_solution_free(a);
    gb_route_solution_free(b);
    VEHICLES[0].shift_end_s = 10; /* the matrices are the caller's, not this */
    data.vehicles[0].shift_end_s = 10;
    assert_status(ctx, GB_ERR_INTERNAL,
                  route_result_from_items(ctx, &data, first, items, NULL,
                                          &b));
    ck_assert_ptr_null(b);
    route_plan_clear(&plan);
    route_data_clear(&data);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_plan");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, memory_of_a_search_goes_with_clients_and_vehicles);
    tcase_add_test(tc, tours_that_grow_and_shrink_keep_what_they_know);
    tcase_add_test(tc, plain_lists_make_the_solution_that_a_plan_makes);
    return suite;
}
