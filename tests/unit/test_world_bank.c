#include "small_town.h"
#include "test.h"
#include "world_bank.h"
#include "world_date.h"

typedef struct scene {
    gb_context *ctx;
    base_run run;
    world_bank bank;
} scene;

static gb_status build(scene *s, int n_blocks, uint32_t n_branches,
                       uint32_t n_managers)
{
    char path[512];
    gb_status status;

    snprintf(path, sizeof path, "%s/town.osm", test_folder());
    small_town_write(path, n_blocks);
    s->ctx = test_context();
    base_run_begin(&s->run, s->ctx, (base_limits){ 0 });
    s->bank = (world_bank){ .seed = 3, .as_of_day = 20514,
                            .n_customers = 5000 };
    status = world_ground_read(&s->run, path, &s->bank.ground);
    if (!status)
        status = world_bank_settle(&s->run, &s->bank);
    if (!status)
        status = world_bank_open_branches(&s->run, &s->bank, n_branches);
    return status ? status
                  : world_bank_hire(&s->run, &s->bank, n_managers);
}

static void tear_down(scene *s)
{
    world_bank_clear(s->run.mem, &s->bank);
    gb_context_free(s->ctx);
}

START_TEST(the_ground_has_what_the_map_shows)
{
    scene s;
    double street_m;

    assert_ok(s.ctx, build(&s, 10, 4, 8));
    ck_assert_uint_eq(s.bank.ground.n_banks, 2);
    ck_assert_uint_eq(s.bank.ground.n_settlements, 1);
    ck_assert_uint_eq(s.bank.n_compounds, 20);
    /* 80 blocks of three houses, and the market. */
    ck_assert_uint_eq(s.bank.n_places, 20 + 240 + 1);
    for (uint32_t p = 0; p < s.bank.n_places; p++) {
        world_ground_street(&s.bank.ground, s.bank.places[p].gate, &street_m);
        ck_assert_double_le(street_m, 40);
    }
    tear_down(&s);
}
END_TEST

START_TEST(degrees_and_metres_are_inverse)
{
    scene s;

    assert_ok(s.ctx, build(&s, 4, 1, 1));
    for (uint32_t p = 0; p < s.bank.n_places; p++) {
        const gb_point at = s.bank.places[p].at;
        const gb_point back = world_ground_point(
            &s.bank.ground, world_ground_lonlat(&s.bank.ground, at));

        assert_near(geo_distance_m(at, back), 0, 1e-6);
    }
    tear_down(&s);
}
END_TEST

START_TEST(a_gate_lies_on_the_border_of_its_compound)
{
    scene s;

    assert_ok(s.ctx, build(&s, 10, 4, 8));
    for (uint32_t p = 0; p < s.bank.n_compounds; p++) {
        const world_place *place = &s.bank.places[p];
        const world_site *site = &s.bank.ground.sites[place->site];
        const gb_point *border = s.bank.ground.points + site->first;
        double nearest = HUGE_VAL;

        for (uint32_t i = 0; i < site->n; i++)
            nearest = fmin(nearest,
                           geo_segment_distance_m(place->gate, border[i],
                                                  border[(i + 1) % site->n],
                                                  NULL));
        assert_near(nearest, 0, 0.01);
        ck_assert(world_site_contains(&s.bank.ground, site, place->at));
    }
    tear_down(&s);
}
END_TEST

START_TEST(banks_come_first_and_no_two_branches_share_a_spot)
{
    scene s;

    assert_ok(s.ctx, build(&s, 12, 8, 20));
    ck_assert(s.bank.branches[0].is_mapped && s.bank.branches[1].is_mapped);
    for (uint32_t a = 0; a < 8; a++)
        for (uint32_t b = 0; b < a; b++)
            ck_assert_double_ge(geo_distance_m(s.bank.branches[a].at,
                                               s.bank.branches[b].at),
                                25);
    tear_down(&s);
}
END_TEST

START_TEST(more_branches_than_spots_are_refused)
{
    scene s;

    ck_assert_int_eq(build(&s, 1, 50, 50), GB_ERR_DATA);
    ck_assert_ptr_nonnull(strstr(gb_last_error(s.ctx), "has room for"));
    tear_down(&s);
}
END_TEST

START_TEST(each_place_knows_its_two_nearest_branches)
{
    scene s;

    assert_ok(s.ctx, build(&s, 10, 5, 9));
    for (uint32_t p = 0; p < s.bank.n_places; p++) {
        const world_place *place = &s.bank.places[p];
        uint32_t nearer = 0;

        for (uint32_t b = 0; b < 5; b++)
            nearer += geo_distance_m(place->at, s.bank.branches[b].at)
                      < geo_distance_m(
                          place->at,
                          s.bank.branches[place->branches[1]].at);
        ck_assert_uint_le(nearer, 1);
        ck_assert_uint_ne(place->branches[0], place->branches[1]);
    }
    tear_down(&s);
}
END_TEST

START_TEST(each_branch_has_a_manager_who_works_all_day)
{
    scene s;
    uint32_t n = 0;

    assert_ok(s.ctx, build(&s, 10, 5, 23));
    for (uint32_t b = 0; b < 5; b++) {
        const world_manager *first
            = &s.bank.managers[s.bank.branches[b].first_manager];

        ck_assert_uint_eq(s.bank.branches[b].first_manager, n);
        ck_assert_uint_ge(s.bank.branches[b].n_managers, 1);
        ck_assert_int_ge(first->shift_end_min - first->shift_start_min, 540);
        n += s.bank.branches[b].n_managers;
    }
    ck_assert_uint_eq(n, 23);
    tear_down(&s);
}
END_TEST

START_TEST(never_two_of_a_branch_are_on_leave_on_one_day)
{
    scene s;
    int n_leaves = 0;

    assert_ok(s.ctx, build(&s, 10, 3, 30));
    for (int32_t day = s.bank.as_of_day; day <= s.bank.as_of_day + 90; day++)
        for (uint32_t b = 0; b < 3; b++) {
            int away = 0;

            for (uint32_t k = 0; k < s.bank.branches[b].n_managers; k++)
                away += world_manager_is_on_leave(
                    &s.bank, s.bank.branches[b].first_manager + k, day);
            ck_assert_int_le(away, 1);
            ck_assert(!away || world_is_working_day(day));
            n_leaves += away;
        }
    ck_assert_int_ge(n_leaves, 20);
    tear_down(&s);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world_bank");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, the_ground_has_what_the_map_shows);
    tcase_add_test(tcase, degrees_and_metres_are_inverse);
    tcase_add_test(tcase, a_gate_lies_on_the_border_of_its_compound);
    tcase_add_test(tcase, banks_come_first_and_no_two_branches_share_a_spot);
    tcase_add_test(tcase, more_branches_than_spots_are_refused);
    tcase_add_test(tcase, each_place_knows_its_two_nearest_branches);
    tcase_add_test(tcase, each_branch_has_a_manager_who_works_all_day);
    tcase_add_test(tcase, never_two_of_a_branch_are_on_leave_on_one_day);
    suite_add_tcase(suite, tcase);
    return suite;
}
