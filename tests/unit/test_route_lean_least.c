#include "route_lean.h"

#include "base_rng.h"
#include "test.h"

/* Every pair is near, also two at one place; the matrix is any. */
enum { CLIENTS = 12, PLACES = 10, PAIRS = CLIENTS * (CLIENTS - 1) };

static int32_t COST[PLACES * PLACES];
static route_client CLIENT[CLIENTS];
static route_lean_near NEAR[PAIRS];
static uint32_t FIRST_NEAR[CLIENTS + 1];

static void draw_matrix(base_rng *rng, bool is_symmetric)
{
    for (uint32_t i = 0; i < PLACES; i++)
        for (uint32_t j = 0; j < PLACES; j++) {
            const int32_t cost = (int32_t)base_rng_below(rng, 1000);

            COST[i * PLACES + j] = is_symmetric && j < i
                ? COST[j * PLACES + i]
                : cost;
        }
}

static void find_least(const route_data *data, bool is_symmetric)
{
    route_lean_kind kind = { .cost = COST };
    route_lean_model m = { .data = data,
                           .n_clients = CLIENTS,
                           .n_stride = PLACES,
                           .kinds = &kind,
                           .first_near = FIRST_NEAR,
                           .near = NEAR,
                           .is_symmetric = is_symmetric };
    uint32_t at = 0;

    for (uint32_t c = 0; c < CLIENTS; c++) {
        FIRST_NEAR[c] = at;
        for (uint32_t d = 0; d < CLIENTS; d++)
            if (d != c)
                NEAR[at++].client = d;
    }
    FIRST_NEAR[CLIENTS] = at;
    route_lean_find_least(&m);
}

/* Of all gaps before and after a: what c adds there, at least the least. */
static void check_pair(uint32_t c, const route_lean_near *near)
{
    const uint32_t to = CLIENT[c].location;
    const uint32_t at = CLIENT[near->client].location;

    for (uint32_t b = 0; b < PLACES; b++) {
        const int32_t on = COST[at * PLACES + b], in = COST[b * PLACES + at];
        const int32_t after
            = COST[at * PLACES + to] + COST[to * PLACES + b] - on;
        const int32_t before
            = COST[b * PLACES + to] + COST[to * PLACES + at] - in;

        ck_assert_int_ge(after, 2 * (near->least - on));
        ck_assert_int_ge(before, 2 * (near->least - in));
    }
}

START_TEST(no_gap_beside_a_near_client_costs_less_than_is_said)
{
    base_rng rng = base_rng_stream(1, (uint64_t)_i);
    const route_data data = { .clients = CLIENT, .n_clients = CLIENTS };

    for (uint32_t c = 0; c < CLIENTS; c++)
        CLIENT[c].location = c % PLACES;
    draw_matrix(&rng, _i % 2);
    find_least(&data, _i % 2);
    for (uint32_t c = 0; c < CLIENTS; c++)
        for (uint32_t k = FIRST_NEAR[c]; k < FIRST_NEAR[c + 1]; k++)
            check_pair(c, &NEAR[k]);
}
END_TEST

/* On a line nothing is lost: the way to a, and back along the leg. */
START_TEST(on_a_line_it_is_what_the_way_to_it_is)
{
    const route_data data = { .clients = CLIENT, .n_clients = CLIENTS };

    for (uint32_t c = 0; c < CLIENTS; c++)
        CLIENT[c].location = c % PLACES;
    for (int32_t i = 0; i < PLACES; i++)
        for (int32_t j = 0; j < PLACES; j++)
            COST[i * PLACES + j] = i < j ? j - i : i - j;
    find_least(&data, true);
    for (uint32_t c = 0; c < CLIENTS; c++)
        for (uint32_t k = FIRST_NEAR[c]; k < FIRST_NEAR[c + 1]; k++)
            ck_assert_int_eq(NEAR[k].least,
                             COST[CLIENT[c].location * PLACES
                                  + CLIENT[NEAR[k].client].location]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_lean_least");
    TCase *tc = tcase_create("all");

    suite_add_tcase(suite, tc);
    tcase_add_loop_test(
        tc, no_gap_beside_a_near_client_costs_less_than_is_said, 0, 20);
    tcase_add_test(tc, on_a_line_it_is_what_the_way_to_it_is);
    return suite;
}
