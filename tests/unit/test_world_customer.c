#include "small_town.h"
#include "test.h"
#include "world_customer.h"
#include "world_presence.h"

enum { N = 20000 };

typedef struct scene {
    gb_context *ctx;
    base_run run;
    world_bank bank;
} scene;

static void build(scene *s)
{
    char path[512];

    snprintf(path, sizeof path, "%s/town.osm", test_folder());
    small_town_write(path, 14);
    s->ctx = test_context();
    base_run_begin(&s->run, s->ctx, (base_limits){ 0 });
    s->bank = (world_bank){ .seed = 3, .as_of_day = 20514, .n_customers = N };
    assert_ok(s->ctx, world_ground_read(&s->run, path, &s->bank.ground));
    assert_ok(s->ctx, world_bank_settle(&s->run, &s->bank));
    assert_ok(s->ctx, world_bank_open_branches(&s->run, &s->bank, 4));
    assert_ok(s->ctx, world_bank_hire(&s->run, &s->bank, 12));
}

static void tear_down(scene *s)
{
    world_bank_clear(s->run.mem, &s->bank);
    gb_context_free(s->ctx);
}

static int compare_refs(const void *a, const void *b)
{
    return strcmp(a, b);
}

START_TEST(references_are_all_different)
{
    static char refs[300000][12];
    world_bank bank = { .seed = 9 };

    for (uint32_t i = 0; i < 300000; i++)
        world_customer_ref(&bank, i, refs[i]);
    qsort(refs, 300000, sizeof *refs, compare_refs);
    for (uint32_t i = 1; i < 300000; i++)
        ck_assert_str_ne(refs[i - 1], refs[i]);
    ck_assert_uint_eq(strlen(refs[0]), 8);
}
END_TEST

START_TEST(one_row_in_each_full_hundred_is_spoilt_and_never_the_first)
{
    const world_bank bank = { .seed = 4, .n_customers = 1050 };
    int counts[WORLD_SPOIL_COUNT] = { 0 };

    for (uint32_t hundred = 0; hundred < 11; hundred++) {
        int n = 0;

        for (uint32_t i = 0; i < 100; i++) {
            const world_spoil spoil
                = world_customer_spoil(&bank, hundred * 100 + i);

            ck_assert(i > 0 || spoil == WORLD_SPOIL_NOT);
            n += spoil != WORLD_SPOIL_NOT;
            counts[spoil]++;
        }
        ck_assert_int_eq(n, hundred < 10);
    }
    ck_assert_int_eq(counts[0], 1090);
}
END_TEST

START_TEST(a_customer_is_the_same_whoever_came_before)
{
    scene s;
    world_customer a, b;

    build(&s);
    a = world_customer_make(&s.bank, 777);
    world_customer_make(&s.bank, 5);
    b = world_customer_make(&s.bank, 777);
    ck_assert_str_eq(a.ref, b.ref);
    ck_assert_int_eq(a.balance_fen, b.balance_fen);
    ck_assert_int_eq(a.n_holdings, b.n_holdings);
    assert_near(geo_distance_m(a.at, b.at), 0, 0);
    tear_down(&s);
}
END_TEST

START_TEST(balances_dates_and_holdings_are_sound)
{
    scene s;

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);

        ck_assert_int_ge(c.balance_fen, 0);
        ck_assert_int_ge(c.peak_24m_fen, c.balance_fen);
        ck_assert_int_le(c.peak_24m_fen, INT64_C(20000000000));
        ck_assert_uint_lt(c.branch, s.bank.n_branches);
        if (c.manager != WORLD_NONE)
            ck_assert_uint_eq(s.bank.managers[c.manager].branch, c.branch);
        if (c.last_txn_day != WORLD_NO_DAY) {
            ck_assert_int_lt(c.opened_day, c.last_txn_day);
            ck_assert_int_le(c.last_txn_day, s.bank.as_of_day);
            ck_assert(c.is_dormant
                      == (s.bank.as_of_day - c.last_txn_day >= 184));
        }
        for (uint32_t h = 0; h < c.n_holdings; h++) {
            const world_holding *x = &c.holdings[h];

            ck_assert_int_ge(x->amount_fen, 0);
            ck_assert_int_ge(x->opened_day, c.opened_day);
            ck_assert_int_le(x->opened_day, s.bank.as_of_day);
            ck_assert(x->matures_day == WORLD_NO_DAY
                      || x->matures_day > x->opened_day);
            ck_assert(x->closed_day == WORLD_NO_DAY
                      || (x->closed_day > x->opened_day
                          && x->closed_day <= s.bank.as_of_day));
        }
    }
    tear_down(&s);
}
END_TEST

START_TEST(the_shares_are_those_of_a_retail_bank)
{
    scene s;
    double n_dormant = 0, n_coarse = 0, n_refuse = 0, n_low = 0, n_rich = 0;

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);

        n_dormant += c.is_dormant;
        n_coarse += c.accuracy >= WORLD_ACCURACY_STREET;
        n_refuse += c.do_not_visit;
        n_low += c.is_dormant && c.balance_fen < 300000;
        n_rich += c.is_dormant && c.peak_24m_fen > 5000000;
    }
    ck_assert(n_dormant > 0.6 * N && n_dormant < 0.75 * N);
    ck_assert(n_coarse > 0.03 * N && n_coarse < 0.07 * N);
    ck_assert(n_refuse > 0.02 * N && n_refuse < 0.03 * N);
    ck_assert_double_gt(n_low, 0.5 * n_dormant);
    ck_assert_double_gt(n_rich, 0.05 * n_dormant);
    tear_down(&s);
}
END_TEST

START_TEST(who_lives_far_sleeps_more_and_rich_places_hold_more)
{
    scene s;
    double near[2] = { 0, 0 }, far[2] = { 0, 0 };
    double poor[2] = { 0, 0 }, rich[2] = { 0, 0 };

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);
        const world_place *place;
        double *side;

        if (c.place == WORLD_NONE)
            continue;
        place = &s.bank.places[c.place];
        side = place->branch_m < s.bank.reach_m ? near : far;
        side[0] += c.is_dormant;
        side[1]++;
        side = place->wealth < 0 ? poor : rich;
        side[0] += (double)(c.peak_24m_fen < 10000000 ? c.peak_24m_fen
                                                      : 10000000);
        side[1]++;
    }
    ck_assert_double_gt(far[0] / far[1], near[0] / near[1] + 0.04);
    ck_assert_double_gt(rich[0] / rich[1], 1.2 * poor[0] / poor[1]);
    tear_down(&s);
}
END_TEST

START_TEST(the_well_off_have_managers_of_their_side_of_the_branch)
{
    scene s;
    double n_rich = 0, n_kept = 0, n_poor = 0, n_poor_kept = 0;
    double x[12] = { 0 }, n[12] = { 0 };

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);
        const bool is_rich = c.peak_24m_fen >= 5000000;

        *(is_rich ? &n_rich : &n_poor) += 1;
        *(is_rich ? &n_kept : &n_poor_kept) += c.manager != WORLD_NONE;
        if (c.manager != WORLD_NONE && c.place != WORLD_NONE) {
            x[c.manager] += s.bank.places[c.place].at.y_m
                            - s.bank.branches[c.branch].at.y_m;
            n[c.manager]++;
        }
    }
    ck_assert(n_kept > 0.7 * n_rich && n_kept < 0.8 * n_rich);
    ck_assert_double_lt(n_poor_kept, 0.05 * n_poor);
    /* The first of a branch has the north-east, the last the south-east. */
    for (uint32_t b = 0; b < s.bank.n_branches; b++) {
        const uint32_t first = s.bank.branches[b].first_manager;
        const uint32_t last = first + s.bank.branches[b].n_managers - 1;

        if (last > first && n[first] > 50 && n[last] > 50)
            ck_assert_double_gt(x[first] / n[first], x[last] / n[last]);
    }
    tear_down(&s);
}
END_TEST

START_TEST(an_exact_customer_of_a_compound_is_inside_it)
{
    scene s;
    int n = 0;

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);

        if (c.accuracy != WORLD_ACCURACY_EXACT
            || s.bank.places[c.place].kind != WORLD_PLACE_COMPOUND)
            continue;
        ck_assert(world_site_contains(
            &s.bank.ground, &s.bank.ground.sites[s.bank.places[c.place].site],
            c.at));
        n++;
    }
    ck_assert_int_gt(n, 1000);
    tear_down(&s);
}
END_TEST

static double sum_of(const scene *s, const world_customer *c, bool is_workday)
{
    double chances[WORLD_HOURS], sum = 0;

    world_presence(&s->bank, c, is_workday, chances);
    for (int h = 0; h < WORLD_HOURS; h++) {
        ck_assert(chances[h] > 0 && chances[h] < 1);
        sum += chances[h];
    }
    return sum / WORLD_HOURS;
}

/* Chances of a place's clerks differ less within than between places, and
 * clerks are at home on days off. */
START_TEST(who_is_there_when_goes_by_life_place_and_customer)
{
    scene s;
    double sum[WORLD_LIFE_COUNT] = { 0 }, off[WORLD_LIFE_COUNT] = { 0 };
    double of_place[2] = { 0, 0 };
    int n[WORLD_LIFE_COUNT] = { 0 }, n_place[2] = { 0, 0 };
    double lowest = 1, highest = 0;

    build(&s);
    for (uint32_t i = 0; i < N; i++) {
        const world_customer c = world_customer_make(&s.bank, i);
        const double mean = sum_of(&s, &c, true);

        ck_assert(mean <= sum_of(&s, &c, true) /* the same again */);
        n[c.life]++;
        sum[c.life] += mean;
        off[c.life] += sum_of(&s, &c, false);
        lowest = fmin(lowest, mean);
        highest = fmax(highest, mean);
        if (c.place < 2 && c.life == WORLD_LIFE_FAMILY) {
            n_place[c.place]++;
            of_place[c.place] += mean;
        }
    }
    ck_assert(sum[WORLD_LIFE_OFFICE] / n[WORLD_LIFE_OFFICE] < 0.33);
    ck_assert(off[WORLD_LIFE_OFFICE] / n[WORLD_LIFE_OFFICE] > 0.45);
    ck_assert(sum[WORLD_LIFE_MERCHANT] / n[WORLD_LIFE_MERCHANT] > 0.6);
    ck_assert(lowest < 0.1 && highest > 0.9);
    if (n_place[0] > 20 && n_place[1] > 20)
        ck_assert(fabs(of_place[0] / n_place[0] - of_place[1] / n_place[1])
                  > 0.01);
    tear_down(&s);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world_customer");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, references_are_all_different);
    tcase_add_test(
        tcase, one_row_in_each_full_hundred_is_spoilt_and_never_the_first);
    tcase_add_test(tcase, a_customer_is_the_same_whoever_came_before);
    tcase_add_test(tcase, balances_dates_and_holdings_are_sound);
    tcase_add_test(tcase, the_shares_are_those_of_a_retail_bank);
    tcase_add_test(tcase,
                   who_lives_far_sleeps_more_and_rich_places_hold_more);
    tcase_add_test(tcase,
                   the_well_off_have_managers_of_their_side_of_the_branch);
    tcase_add_test(tcase, an_exact_customer_of_a_compound_is_inside_it);
    tcase_add_test(tcase,
                   who_is_there_when_goes_by_life_place_and_customer);
    suite_add_tcase(suite, tcase);
    return suite;
}
