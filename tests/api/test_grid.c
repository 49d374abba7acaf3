#include <gridbeat/gridbeat.h>

#include "random_areas.h"
#include "test.h"

/*
 * A row of six areas of 100 m, each 4 heavy, the third pair of neighbours
 * over a river:  0 - 1 - 2 ~ 3 - 4 - 5
 */
static const gb_point ROW_AT[] = { { 0, 0 },   { 100, 0 }, { 200, 0 },
                                   { 300, 0 }, { 400, 0 }, { 500, 0 } };
static const uint32_t ROW_FIRST[] = { 0, 1, 3, 5, 7, 9, 10 };
static const uint32_t ROW_NEXT[] = { 1, 0, 2, 1, 3, 2, 4, 3, 5, 4 };
static const uint8_t RIVER[] = { 0, 0, 0, 0, 1, 1, 0, 0, 0, 0 };
static const uint8_t WALL[] = { 0, 0, 0, 0, 2, 2, 0, 0, 0, 0 };
static const double BORDER[] = { 100, 100, 100, 100, 100,
                                 100, 100, 100, 100, 100 };
static const double SIZE[] = { 10000, 10000, 10000, 10000, 10000, 10000 };
static const double OUTLINE[] = { 400, 400, 400, 400, 400, 400 };
static const double FOURS[] = { 4, 4, 4, 4, 4, 4 };

static gb_areas row_of_six(void)
{
    return (gb_areas){ sizeof(gb_areas), 6, 1, ROW_AT, SIZE, OUTLINE,
                       ROW_FIRST, ROW_NEXT, BORDER, RIVER, FOURS };
}

static gb_territory_rules rules_for(size_t n_territories)
{
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;

    rules.n_territories = n_territories;
    return rules;
}

static gb_territories *build(gb_context *ctx, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const gb_territory_options *options)
{
    gb_territories *made = NULL;

    assert_ok(ctx, gb_territory_build(ctx, areas, rules, options, &made));
    ck_assert_ptr_nonnull(made);
    return made;
}

static gb_territory_summary summary_of(const gb_territories *made)
{
    gb_territory_summary s = { .size = sizeof s };

    gb_territories_summary(made, &s);
    return s;
}

static const gb_territory_finding *find(const gb_territories *made,
                                        gb_territory_finding_kind kind)
{
    size_t n;
    const gb_territory_finding *f = gb_territories_findings(made, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].kind == (int32_t)kind)
            return &f[i];
    return NULL;
}

START_TEST(a_row_is_cut_in_the_middle_and_numbered_from_west_to_east)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const gb_territory_rules rules = rules_for(2);
    gb_territories *made = build(ctx, &areas, &rules, NULL);
    const uint32_t *owner = gb_territories_owners(made);
    const uint32_t wanted[] = { 0, 0, 0, 1, 1, 1 };
    const gb_territory_summary s = summary_of(made);
    size_t n;

    ck_assert_mem_eq(owner, wanted, sizeof wanted);
    ck_assert(s.is_valid && s.is_balanced);
    ck_assert_uint_eq(s.n_cut, 1);
    assert_near(s.border_m, 100, 1e-9);
    assert_near(s.barrier_m, 0, 0);
    assert_near(s.moment, 2 * 2 * 4 * 10000, 1e-6);
    assert_near(s.objective, s.moment, 0);
    assert_near(s.max_deviation, 0, 1e-12);
    /* 300 by 100 metres: 4 pi 30000 / 800^2 */
    assert_near(s.polsby_popper, 0.589048622548, 1e-9);
    ck_assert(s.first_valid_s >= 0);
    gb_territories_findings(made, &n);
    ck_assert_uint_eq(n, 0);
    gb_context_free(ctx);
    gb_territories_free(made); /* after its context */
    gb_territories_free(NULL);
}
END_TEST

START_TEST(unequal_shares_and_tolerances_are_kept)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const double shares[] = { 0.5, 1 }, tolerances[] = { 0 };
    gb_territory_rules rules = rules_for(2);
    gb_territories *made;
    gb_territory_measure m[2];
    double activity[2], deviation[2];

    rules.shares = shares;
    rules.tolerances = tolerances;
    made = build(ctx, &areas, &rules, NULL);
    ck_assert(summary_of(made).is_valid);
    assert_ok(ctx, gb_territory_measures(ctx, &areas, &rules,
                                         gb_territories_owners(made), m,
                                         activity, deviation));
    ck_assert_uint_eq(m[0].n_areas, 2);
    ck_assert_uint_eq(m[1].n_areas, 4);
    assert_near(activity[0], 8, 0);
    assert_near(activity[1], 16, 0);
    assert_near(deviation[0], 0, 1e-12);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(locks_and_seeds_decide_who_is_where)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t none = GB_GRID_NONE;
    const uint32_t locks[] = { 1, none, none, none, none, none };
    const uint32_t seeds[] = { 4, none };
    gb_territory_rules rules = rules_for(2);
    gb_territories *made;
    const uint32_t wanted[] = { 1, 1, 1, 0, 0, 0 };

    rules.locks = locks;
    made = build(ctx, &areas, &rules, NULL);
    ck_assert_mem_eq(gb_territories_owners(made), wanted, sizeof wanted);
    gb_territories_free(made);
    rules.locks = NULL;
    rules.seeds = seeds;
    made = build(ctx, &areas, &rules, NULL);
    ck_assert_uint_eq(gb_territories_owners(made)[4], 0);
    ck_assert(summary_of(made).is_valid);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(travel_decides_who_is_where)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const gb_territory_rules rules = rules_for(2);
    /* The first starts in the east, the second in the west. */
    const uint32_t travel[] = { 500, 400, 300, 200, 100, 0,
                                0,   100, 200, 300, 400, 500 };
    const uint32_t wanted[] = { 1, 1, 1, 0, 0, 0 };
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made;

    options.travel_s = travel;
    made = build(ctx, &areas, &rules, &options);
    ck_assert_mem_eq(gb_territories_owners(made), wanted, sizeof wanted);
    assert_near(summary_of(made).travel, 100, 1e-9);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(soft_barriers_are_better_not_crossed)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    /* Between 1 and 2, where the middle is not. */
    const uint8_t river[] = { 0, 0, 1, 1, 0, 0, 0, 0, 0, 0 };
    const double tolerances[] = { 0.4 };
    const uint32_t kept[] = { 0, 0, 1, 1, 1, 1 };
    gb_territory_rules rules = rules_for(2);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made;

    areas.barriers = river;
    rules.tolerances = tolerances;
    options.barrier_weight = 10;
    made = build(ctx, &areas, &rules, &options);
    ck_assert_mem_eq(gb_territories_owners(made), kept, sizeof kept);
    gb_territories_free(made);
    options.barrier_weight = -1;
    made = build(ctx, &areas, &rules, &options);
    assert_near(summary_of(made).barrier_m, 100, 0);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

/* --- what cannot be ------------------------------------------------------ */

START_TEST(an_area_too_heavy_is_named_with_the_tolerance_that_would_do)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    const double heavy[] = { 4, 4, 30, 4, 4, 4 };
    gb_territory_rules rules = rules_for(2);
    const gb_territory_finding *f;
    gb_territories *made;
    double tolerance;
    char text[300];

    areas.activity = heavy;
    made = build(ctx, &areas, &rules, NULL);
    ck_assert(!summary_of(made).is_valid && !summary_of(made).is_balanced);
    ck_assert_ptr_nonnull(find(made, GB_FINDING_BALANCE));
    f = find(made, GB_FINDING_HEAVY_AREA);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 2);
    assert_near(f->value, 30, 0);
    assert_near(f->limit, 26, 1e-9);
    assert_near(f->mend, 0.2, 1e-9);
    assert_ok(ctx, gb_territory_finding_text(ctx, f, text, sizeof text,
                                             NULL));
    ck_assert_str_eq(text, "area 2 alone has 30.00 of measure 0, 15.38 % more"
                           " than a territory may have (26.00): split it, or"
                           " allow a tolerance of 20.0000 %");
    /* The mend told by the balance of the plan mends. */
    tolerance = 0;
    for (uint32_t t = 0; t < 2; t++) {
        size_t n;
        const gb_territory_finding *all = gb_territories_findings(made, &n);

        for (size_t i = 0; i < n; i++)
            if (all[i].kind == GB_FINDING_BALANCE)
                tolerance = fmax(tolerance, all[i].mend);
    }
    gb_territories_free(made);
    rules.tolerances = &tolerance;
    made = build(ctx, &areas, &rules, NULL);
    ck_assert(summary_of(made).is_valid);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(components_locks_and_contradictions_are_told)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    const uint32_t none = GB_GRID_NONE;
    const uint32_t apart[] = { 0, 1, 0, none, none, none };
    const uint32_t full[] = { 0, 0, 0, 0, none, none };
    const uint32_t west[] = { 0, none, 1, none, none, none };
    const uint32_t seeds[] = { none, 0 };
    gb_territory_rules rules = rules_for(1);
    const gb_territory_finding *f;
    gb_territories *made;

    areas.barriers = WALL;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_COMPONENTS);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->count, 2);
    ck_assert_ptr_nonnull(find(made, GB_FINDING_SPLIT));
    ck_assert(summary_of(made).is_balanced && !summary_of(made).is_valid);
    gb_territories_free(made);

    rules = rules_for(3);
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_COMPONENT_LOAD);
    ck_assert_ptr_nonnull(f);
    assert_near(f->value, 12, 0);
    ck_assert_ptr_null(find(made, GB_FINDING_SPLIT));
    gb_territories_free(made);

    rules = rules_for(2);
    rules.locks = west;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_LOCKED_OUT);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 3);
    gb_territories_free(made);

    areas.barriers = NULL;
    rules.locks = apart;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_LOCKS_APART);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 2);
    ck_assert_uint_eq(f->territory, 0);
    gb_territories_free(made);

    rules.locks = full;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_LOCKS_HEAVY);
    ck_assert_ptr_nonnull(f);
    assert_near(f->value, 16, 0);
    gb_territories_free(made);

    rules.seeds = seeds;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_LOCKS_CONTRADICT);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 0);
    ck_assert_ptr_nonnull(find(made, GB_FINDING_LOCK));
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

/* --- rules about pairs, bars and the plan before ------------------------- */

START_TEST(pairs_stay_apart_and_bars_are_kept)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t apart[] = { 1, 2 }, barred[] = { 0, 0, 5, 1 };
    const double wide[] = { 0.5 };
    gb_territory_rules rules = rules_for(2);
    gb_territories *made;
    const uint32_t *owners;

    rules.tolerances = wide;
    rules.apart = apart;
    rules.n_apart = 1;
    rules.barred = barred;
    rules.n_barred = 2;
    made = build(ctx, &areas, &rules, NULL);
    owners = gb_territories_owners(made);
    ck_assert(summary_of(made).is_valid);
    /* The one cut is between 1 and 2, and 0 may not be in 0. */
    for (size_t a = 0; a < 6; a++)
        ck_assert_uint_eq(owners[a], a < 2 ? 1 : 0);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_rebuild_keeps_to_its_budget_and_says_how_many_it_takes)
{
    gb_context *ctx = test_context();
    const double heavier[] = { 4, 4, 4, 4, 8, 16 };
    const uint32_t before[] = { 0, 0, 0, 1, 1, 1 };
    const double wide[] = { 0.3 };
    gb_areas areas = row_of_six();
    gb_territory_rules rules = rules_for(2);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    const gb_territory_finding *f;
    gb_territory_summary s;
    gb_territories *made;

    /* 12 and 28; 14 to 26 are allowed: 3 must go over. */
    areas.activity = heavier;
    rules.tolerances = wide;
    options.previous = before;
    options.max_moved = 1;
    made = build(ctx, &areas, &rules, &options);
    s = summary_of(made);
    ck_assert(s.is_valid);
    ck_assert_uint_eq(s.n_moved, 1);
    gb_territories_free(made);

    /* 0 and 4 must both go over. */
    rules.tolerances = (const double[]){ 0.2 };
    options.max_moved = 2;
    areas.activity = (const double[]){ 4, 4, 0, 4, 12, 16 };
    made = build(ctx, &areas, &rules, &options);
    ck_assert(summary_of(made).is_valid);
    ck_assert_uint_eq(summary_of(made).n_moved, 2);
    gb_territories_free(made);
    options.max_moved = 1;
    made = build(ctx, &areas, &rules, &options);
    s = summary_of(made);
    ck_assert(!s.is_valid);
    ck_assert_uint_le(s.n_moved, 1);
    ck_assert_ptr_nonnull(find(made, GB_FINDING_NO_PLAN));
    gb_territories_free(made);

    /* 20 and 4: two of 4 must go. */
    rules.tolerances = (const double[]){ 0.01 };
    areas.activity = FOURS;
    options.previous = (const uint32_t[]){ 0, 0, 0, 0, 0, 1 };
    made = build(ctx, &areas, &rules, &options);
    f = find(made, GB_FINDING_MOVES_SHORT);
    ck_assert_ptr_nonnull(f);
    assert_near(f->value, 2, 0);
    assert_near(f->limit, 1, 0);
    ck_assert_uint_le(summary_of(made).n_moved, 1);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_frozen_territory_stays_and_the_others_move_round_it)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t before[] = { 0, 0, 0, 1, 2, 2 };
    const uint8_t frozen[] = { 0, 0, 1 };
    const double wide[] = { 0.1 };
    gb_territory_rules rules = rules_for(3);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made;
    size_t n;

    rules.tolerances = wide;
    rules.frozen = frozen;
    options.previous = before;
    made = build(ctx, &areas, &rules, &options);
    ck_assert(summary_of(made).is_valid);
    ck_assert_uint_eq(gb_territories_owners(made)[2], 1);
    ck_assert_uint_eq(gb_territories_owners(made)[4], 2);
    ck_assert_uint_eq(gb_territories_owners(made)[5], 2);
    assert_ok(ctx, gb_territory_check_change(ctx, &areas, &rules, before, 1,
                                             gb_territories_owners(made),
                                             NULL, 0, &n));
    ck_assert_uint_eq(n, 0);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(customers_stay_with_who_knows_them)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const double known[] = { 0, 0, 0, 3, 3, 3, 2, 2, 2, 0, 0, 1 };
    const gb_territory_rules rules = rules_for(2);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made;

    options.familiarity = known;
    options.familiarity_weight = 4;
    made = build(ctx, &areas, &rules, &options);
    ck_assert_uint_eq(gb_territories_owners(made)[0], 1);
    ck_assert_uint_eq(gb_territories_owners(made)[5], 0);
    assert_near(summary_of(made).familiarity_kept, 1, 1e-9);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(reasons_are_told_for_pairs_bars_and_frozen_territories)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t none = GB_GRID_NONE;
    const uint32_t crowd[] = { 0, 2, 2, 4, 4, 0 };
    const uint32_t locks[] = { 0, none, 0, none, none, none };
    const uint32_t barred[] = { 5, 0, 5, 1, 0, 0 };
    const uint8_t frozen[] = { 1, 0 };
    const uint32_t before[] = { 0, 1, 0, 1, 1, 1 };
    const uint32_t unlike[] = { none, none, 1, none, none, none };
    gb_territory_rules rules = rules_for(2);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    const gb_territory_finding *f;
    gb_territories *made;

    rules.apart = crowd;
    rules.n_apart = 3;
    rules.locks = locks;
    rules.barred = barred;
    rules.n_barred = 3;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_APART_CROWD);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->count, 3);
    assert_near(f->limit, 2, 0);
    f = find(made, GB_FINDING_APART_LOCKED);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area + f->other, 2);
    f = find(made, GB_FINDING_BARRED_LOCKED);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 0);
    f = find(made, GB_FINDING_BARRED_OUT);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 5);
    gb_territories_free(made);

    rules = rules_for(2);
    rules.frozen = frozen;
    rules.locks = unlike;
    options.previous = before;
    made = build(ctx, &areas, &rules, &options);
    f = find(made, GB_FINDING_FROZEN_SPLIT);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->count, 2);
    ck_assert_uint_eq(f->area, 2);
    f = find(made, GB_FINDING_FROZEN_LOAD);
    ck_assert_ptr_nonnull(f);
    assert_near(f->value, 8, 0);
    assert_near(f->limit, 12, 1);
    f = find(made, GB_FINDING_FROZEN_LOCKED);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 2);
    ck_assert_uint_eq(f->other, 1);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_hangs_on_one_area_and_islands_that_cannot_be_divided_are_told)
{
    gb_context *ctx = test_context();
    /* 0 and 1 come to 6 and hang on 2, with which they have 18 of 12. */
    const double tail[] = { 2, 4, 12, 6, 6, 6 };
    /* 3 times 8 before a wall: two territories of 12 it is not. */
    const double island[] = { 8, 8, 8, 9, 6, 9 };
    gb_areas areas = row_of_six();
    gb_territory_rules rules = rules_for(3);
    const gb_territory_finding *f;
    gb_territories *made;

    areas.activity = tail;
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_POCKET);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 0);
    ck_assert_uint_eq(f->other, 2);
    ck_assert_uint_eq(f->count, 2);
    assert_near(f->value, 18, 0);
    f = find(made, GB_FINDING_NO_PLAN);
    ck_assert_ptr_nonnull(f);
    assert_near(f->mend, 0.5, 1e-6);
    ck_assert_uint_eq(f->count, 1);
    gb_territories_free(made);

    areas.activity = island;
    areas.barriers = WALL;
    rules = rules_for(4);
    made = build(ctx, &areas, &rules, NULL);
    f = find(made, GB_FINDING_NO_PARTS);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->area, 0);
    ck_assert_uint_eq(f->count, 3);
    assert_near(f->mend, 1.0 / 3, 1e-6);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

START_TEST(every_kind_of_finding_has_a_sentence_and_a_buffer_may_be_short)
{
    gb_context *ctx = test_context();
    enum { LAST_OF_A_PLAN = 9, FIRST_REASON = 11, LAST_REASON = 28 };
    gb_territory_finding f = { .territory = 7, .area = 3, .count = 2,
                               .value = 1234.5, .limit = 1000,
                               .mend = 0.2345 };
    char text[600];
    size_t needed;

    for (f.kind = 1; f.kind <= LAST_REASON; f.kind++) {
        if (f.kind > LAST_OF_A_PLAN && f.kind < FIRST_REASON)
            continue;
        assert_ok(ctx, gb_territory_finding_text(ctx, &f, text, sizeof text,
                                                 &needed));
        ck_assert_uint_eq(strlen(text) + 1, needed);
        ck_assert_ptr_null(strchr(text, '{'));
        assert_status(ctx, GB_ERR_BUFFER,
                      gb_territory_finding_text(ctx, &f, text, needed - 1,
                                                &needed));
        assert_status(ctx, GB_ERR_BUFFER,
                      gb_territory_finding_text(ctx, &f, NULL, 0, &needed));
        ck_assert_uint_gt(needed, 10);
    }
    f.kind = GB_FINDING_BALANCE;
    assert_ok(ctx, gb_territory_finding_text(ctx, &f, text, sizeof text,
                                             NULL));
    ck_assert_ptr_nonnull(strstr(text, "at most 1000 (23.45 % more"));
    f.value = 900;
    assert_ok(ctx, gb_territory_finding_text(ctx, &f, text, sizeof text,
                                             NULL));
    ck_assert_ptr_nonnull(strstr(text, "at least 1000 (10.00 % less"));
    f.kind = LAST_OF_A_PLAN + 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_finding_text(ctx, &f, text, sizeof text,
                                            NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_finding_text(ctx, NULL, text, 1, NULL));
    gb_context_free(ctx);
}
END_TEST

START_TEST(more_territories_than_areas_have_no_answer)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const gb_territory_rules rules = rules_for(7);
    gb_territories *made = (gb_territories *)ctx;

    assert_status(ctx, GB_ERR_INFEASIBLE,
                  gb_territory_build(ctx, &areas, &rules, NULL, &made));
    ck_assert_ptr_null(made);
    ck_assert_str_eq(gb_last_error(ctx),
                     "7 territories cannot be made of 6 areas");
    gb_context_free(ctx);
}
END_TEST

/* --- what is refused ----------------------------------------------------- */

static void refuse_data(gb_areas areas, const char *words)
{
    gb_context *ctx = test_context();
    const gb_territory_rules rules = rules_for(2);
    const uint32_t travel[6] = { 0 };
    uint32_t owner[6] = { 0 };
    gb_territory_measure m[2];
    gb_territories *made;
    size_t n;

    assert_status(ctx, GB_ERR_DATA,
                  gb_territory_build(ctx, &areas, &rules, NULL, &made));
    ck_assert_msg(strstr(gb_last_error(ctx), words) != NULL, "%s",
                  gb_last_error(ctx));
    ck_assert_ptr_null(made);
    assert_status(ctx, GB_ERR_DATA,
                  gb_territory_check(ctx, &areas, &rules, owner, NULL, 0,
                                     &n));
    assert_status(ctx, GB_ERR_DATA,
                  gb_territory_measures(ctx, &areas, &rules, owner, m, NULL,
                                        NULL));
    assert_status(ctx, GB_ERR_DATA,
                  gb_areas_bridge(ctx, &areas, NULL, 0, &n));
    assert_status(ctx, GB_ERR_DATA,
                  gb_catchment_build(ctx, &areas, 1, travel, NULL, owner));
    gb_context_free(ctx);
}

START_TEST(broken_areas_are_refused_and_named)
{
    const uint32_t beyond[] = { 1, 0, 2, 1, 3, 2, 4, 3, 9, 4 };
    const uint32_t self[] = { 1, 0, 2, 2, 3, 2, 4, 3, 5, 4 };
    const uint32_t twice[] = { 1, 0, 0, 1, 3, 2, 4, 3, 5, 4 };
    const uint32_t one_way[] = { 1, 0, 2, 1, 3, 2, 5, 3, 5, 4 };
    const uint32_t backwards[] = { 0, 5, 3, 5, 7, 9, 10 };
    const uint32_t late[] = { 1, 1, 3, 5, 7, 9, 10 };
    const double uneven[] = { 100, 99, 100, 100, 100,
                              100, 100, 100, 100, 100 };
    const double below[] = { 4, 4, -1, 4, 4, 4 };
    const double no_number[] = { 4, (double)NAN, 4, 4, 4, 4 };
    const uint8_t moat[] = { 3, 3, 0, 0, 0, 0, 0, 0, 0, 0 };
    const gb_point nowhere[] = { { 0, 0 }, { 1, 0 }, { (double)INFINITY, 0 },
                                 { 3, 0 }, { 4, 0 }, { 5, 0 } };
    gb_areas areas = row_of_six();

    areas.neighbours = beyond;
    refuse_data(areas, "area 4: neighbour 9 is not one of the 6");
    areas.neighbours = self;
    refuse_data(areas, "area 2 is its own neighbour");
    areas.neighbours = twice;
    refuse_data(areas, "area 1 has the neighbour 0 twice");
    areas.neighbours = one_way;
    refuse_data(areas, "which has it not");
    areas = row_of_six();
    areas.first_neighbour = backwards;
    refuse_data(areas, "end before they begin");
    areas.first_neighbour = late;
    refuse_data(areas, "begins at 1");
    areas = row_of_six();
    areas.shared_border_m = uneven;
    refuse_data(areas, "areas 0 and 1 do not agree");
    areas.shared_border_m = NULL;
    areas.activity = below;
    refuse_data(areas, "area 2: measure 0");
    areas.activity = no_number;
    refuse_data(areas, "area 1: measure 0");
    areas = row_of_six();
    areas.barriers = moat;
    refuse_data(areas, "unknown kind (3)");
    areas = row_of_six();
    areas.centres = nowhere;
    refuse_data(areas, "area 2: its centre");
    areas = row_of_six();
    areas.perimeters_m = below;
    refuse_data(areas, "area 2: its size or perimeter");
}
END_TEST

static void refuse_rules_saying(gb_territory_rules rules, const char *words)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    gb_territories *made;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_build(ctx, &areas, &rules, NULL, &made));
    ck_assert_msg(strstr(gb_last_error(ctx), words) != NULL, "%s",
                  gb_last_error(ctx));
    gb_context_free(ctx);
}

START_TEST(pairs_that_are_none_are_refused_and_named)
{
    const uint32_t ids[] = { 0, 1, 2, 6 }, same[] = { 3, 3 };
    const uint32_t bars[] = { 0, 1, 5, 2 };
    const uint8_t frozen[] = { 0, 1 }, odd[] = { 0, 2 };
    gb_territory_rules rules = rules_for(2);

    rules.n_apart = 1;
    refuse_rules_saying(rules, "apart: NULL");
    rules.apart = ids;
    rules.n_apart = 2;
    refuse_rules_saying(rules, "areas 2 and 6 must be apart");
    rules.apart = same;
    rules.n_apart = 1;
    refuse_rules_saying(rules, "area 3 cannot be apart from itself");
    rules = rules_for(2);
    rules.n_barred = 1;
    refuse_rules_saying(rules, "barred: NULL");
    rules.barred = bars;
    rules.n_barred = 2;
    refuse_rules_saying(rules, "area 5 is barred from territory 2");
    rules = rules_for(2);
    rules.frozen = odd;
    refuse_rules_saying(rules, "2 of territory 1");
    rules.frozen = frozen;
    refuse_rules_saying(rules, "territory 1 is frozen");
}
END_TEST

static void refuse_rules(gb_territory_rules rules)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    gb_territories *made;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_build(ctx, &areas, &rules, NULL, &made));
    ck_assert_ptr_null(made);
    gb_context_free(ctx);
}

START_TEST(rules_out_of_range_are_refused)
{
    const double shares[] = { 1, 0 }, tolerances[] = { -0.1 };
    const uint32_t locks[] = { 0, 0, 2, 1, 1, 1 }, seeds[] = { 0, 6 };
    gb_territory_rules rules = rules_for(0);

    refuse_rules(rules);
    rules = rules_for(2);
    rules.shares = shares;
    refuse_rules(rules);
    rules = rules_for(2);
    rules.tolerances = tolerances;
    refuse_rules(rules);
    rules = rules_for(2);
    rules.locks = locks;
    refuse_rules(rules);
    rules = rules_for(2);
    rules.seeds = seeds;
    refuse_rules(rules);
}
END_TEST

static void refuse_options(gb_status status, gb_territory_options options)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const gb_territory_rules rules = rules_for(2);
    gb_territories *made;

    assert_status(ctx, status,
                  gb_territory_build(ctx, &areas, &rules, &options, &made));
    ck_assert_ptr_null(made);
    gb_context_free(ctx);
}

START_TEST(options_out_of_range_are_refused)
{
    const double unknown[12] = { 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0 };
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;

    options.objective = 4;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.objective = -1;
    refuse_options(GB_ERR_ARGUMENT, options);
    options = (gb_territory_options)GB_TERRITORY_OPTIONS_INIT;
    options.stay_price = (double)NAN;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.stay_price = 0;
    options.time_limit_ms = -1;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.time_limit_ms = 0;
    options.n_starts = 5000;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.n_starts = 1;
    options.max_moved = 3;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.max_moved = 0;
    options.familiarity_weight = (double)NAN;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.familiarity_weight = 0;
    options.familiarity = unknown;
    refuse_options(GB_ERR_ARGUMENT, options);
    options.familiarity = NULL;
    options.size = 5;
    refuse_options(GB_ERR_OPTIONS, options);
}
END_TEST

START_TEST(null_and_nonsense_are_refused_everywhere)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    gb_territory_rules rules = rules_for(2);
    gb_catchment_options pull = GB_CATCHMENT_OPTIONS_INIT;
    uint32_t owner[6] = { 0 }, travel[12] = { 0 };
    const double shares[] = { 1, -1 };
    const uint32_t locks[] = { 0, 5, 0, 0, 0, 0 };
    gb_territory_measure m[2];
    gb_territories *made;
    size_t n;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_build(ctx, &areas, &rules, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_build(ctx, NULL, &rules, NULL, &made));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_build(ctx, &areas, NULL, NULL, &made));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_check(ctx, &areas, &rules, NULL, NULL, 0,
                                     &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_check(ctx, &areas, &rules, owner, NULL, 1,
                                     &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_measures(ctx, &areas, &rules, owner, NULL,
                                        NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_measures(ctx, &areas, NULL, owner, m, NULL,
                                        NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_diff(ctx, owner, NULL, 6, NULL, 0, &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_bridge(ctx, &areas, NULL, 0, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 2, NULL, NULL, owner));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 0, travel, NULL, owner));
    pull.pull = 0.5;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 2, travel, &pull, owner));
    pull.shares = shares;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 2, travel, &pull, owner));
    pull.shares = NULL;
    pull.pull = 2;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 2, travel, &pull, owner));
    pull.pull = 0;
    pull.locks = locks;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_catchment_build(ctx, &areas, 2, travel, &pull, owner));
    pull.locks = NULL;
    pull.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_catchment_build(ctx, &areas, 2, travel, &pull, owner));
    areas.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_areas_bridge(ctx, &areas, NULL, 0, &n));
    areas = row_of_six();
    areas.n_areas = 0;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_bridge(ctx, &areas, NULL, 0, &n));
    areas = row_of_six();
    areas.n_measures = 0;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_bridge(ctx, &areas, NULL, 0, &n));
    areas = row_of_six();
    areas.centres = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_bridge(ctx, &areas, NULL, 0, &n));
    rules.size = 2;
    areas = row_of_six();
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_territory_check(ctx, &areas, &rules, owner, NULL, 0,
                                     &n));
    gb_context_free(ctx);
}
END_TEST

/* --- check, diff, bridge, catchment -------------------------------------- */

START_TEST(the_check_finds_each_fault_by_hand)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t none = GB_GRID_NONE;
    const uint32_t locks[] = { none, 0, none, none, none, none };
    const uint32_t owner[] = { 0, 1, 0, 0, none, 1 };
    gb_territory_rules rules = rules_for(3);
    gb_territory_finding f[16];
    size_t n;

    rules.locks = locks;
    assert_ok(ctx, gb_territory_check(ctx, &areas, &rules, owner, f, 16,
                                      &n));
    ck_assert_uint_eq(n, 7);
    ck_assert_int_eq(f[0].kind, GB_FINDING_UNOWNED);
    ck_assert_uint_eq(f[0].area, 4);
    ck_assert_int_eq(f[1].kind, GB_FINDING_EMPTY);
    ck_assert_uint_eq(f[1].territory, 2);
    ck_assert_int_eq(f[2].kind, GB_FINDING_SPLIT);
    ck_assert_uint_eq(f[2].area, 0); /* 2 and 3 are heavier */
    ck_assert_uint_eq(f[2].territory, 0);
    ck_assert_uint_eq(f[2].count, 2);
    ck_assert_int_eq(f[3].kind, GB_FINDING_SPLIT);
    ck_assert_uint_eq(f[3].area, 5);
    ck_assert_int_eq(f[4].kind, GB_FINDING_BALANCE);
    assert_near(f[4].value, 12, 0);
    assert_near(f[4].limit, 8.4, 1e-9);
    assert_near(f[4].mend, 0.5, 1e-6);
    ck_assert_int_eq(f[5].kind, GB_FINDING_BALANCE);
    assert_near(f[5].value, 0, 0);
    ck_assert_int_eq(f[6].kind, GB_FINDING_LOCK);
    ck_assert_uint_eq(f[6].area, 1);
    /* A short list still has the whole count. */
    assert_ok(ctx, gb_territory_check(ctx, &areas, &rules, owner, f, 1, &n));
    ck_assert_uint_eq(n, 7);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_may_not_be_and_what_may_not_change_is_found_by_hand)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const uint32_t apart[] = { 0, 3, 5, 4 }, barred[] = { 0, 1, 2, 0 };
    const uint8_t frozen[] = { 0, 0, 1 };
    const uint32_t before[] = { 0, 0, 1, 2, 2, 7 };
    const uint32_t owner[] = { 0, 0, 0, 1, 2, 2 };
    gb_territory_rules rules = rules_for(3);
    gb_territory_finding f[8];
    size_t n;

    rules.apart = apart;
    rules.n_apart = 2;
    rules.barred = barred;
    rules.n_barred = 2;
    rules.tolerances = (const double[]){ 1 };
    assert_ok(ctx, gb_territory_check(ctx, &areas, &rules, owner, f, 8, &n));
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(f[0].kind, GB_FINDING_APART);
    ck_assert_uint_eq(f[0].area, 5);
    ck_assert_uint_eq(f[0].other, 4);
    ck_assert_uint_eq(f[0].territory, 2);
    ck_assert_int_eq(f[1].kind, GB_FINDING_BARRED);
    ck_assert_uint_eq(f[1].area, 2);
    ck_assert_uint_eq(f[1].territory, 0);
    rules.frozen = frozen;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_check(ctx, &areas, &rules, owner, f, 8, &n));
    /* 2 and 3 have changed hands; 5 had to, its territory has left. */
    assert_ok(ctx, gb_territory_check_change(ctx, &areas, &rules, before, 2,
                                             owner, f, 8, &n));
    ck_assert_uint_eq(n, 4);
    assert_ok(ctx, gb_territory_check_change(ctx, &areas, &rules, before, 1,
                                             owner, f, 8, &n));
    ck_assert_uint_eq(n, 5);
    ck_assert_int_eq(f[2].kind, GB_FINDING_MOVED);
    assert_near(f[2].value, 2, 0);
    assert_near(f[2].limit, 1, 0);
    ck_assert_int_eq(f[3].kind, GB_FINDING_FROZEN);
    ck_assert_uint_eq(f[3].area, 3);
    ck_assert_uint_eq(f[3].territory, 2);
    ck_assert_uint_eq(f[3].count, 0);
    ck_assert_int_eq(f[4].kind, GB_FINDING_FROZEN);
    ck_assert_uint_eq(f[4].area, 5);
    ck_assert_uint_eq(f[4].count, 1);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_check_change(ctx, &areas, &rules, NULL, 1,
                                            owner, f, 8, &n));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_hard_barrier_does_not_connect_in_the_check_either)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    const uint32_t owner[6] = { 0 };
    const gb_territory_rules rules = rules_for(1);
    gb_territory_finding f;
    size_t n;

    assert_ok(ctx, gb_territory_check(ctx, &areas, &rules, owner, &f, 1,
                                      &n));
    ck_assert_uint_eq(n, 0);
    areas.barriers = WALL;
    assert_ok(ctx, gb_territory_check(ctx, &areas, &rules, owner, &f, 1,
                                      &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(f.kind, GB_FINDING_SPLIT);
    ck_assert_uint_eq(f.area, 3);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_difference_lists_who_changes_hands)
{
    gb_context *ctx = test_context();
    const uint32_t before[] = { 0, 0, 1, GB_GRID_NONE };
    const uint32_t after[] = { 0, 1, 1, 2 };
    gb_territory_change c[4];
    size_t n;

    assert_ok(ctx, gb_territory_diff(ctx, before, after, 4, c, 4, &n));
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(c[0].area, 1);
    ck_assert_uint_eq(c[0].from, 0);
    ck_assert_uint_eq(c[0].to, 1);
    ck_assert_uint_eq(c[1].from, GB_GRID_NONE);
    assert_ok(ctx, gb_territory_diff(ctx, before, after, 4, NULL, 0, &n));
    ck_assert_uint_eq(n, 2);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_bridge_joins_what_a_wall_parts)
{
    gb_context *ctx = test_context();
    gb_areas areas = row_of_six();
    uint32_t links[2];
    size_t n;

    assert_ok(ctx, gb_areas_bridge(ctx, &areas, links, 1, &n));
    ck_assert_uint_eq(n, 0);
    areas.barriers = WALL;
    assert_ok(ctx, gb_areas_bridge(ctx, &areas, links, 1, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(links[0], 2);
    ck_assert_uint_eq(links[1], 3);
    gb_context_free(ctx);
}
END_TEST

START_TEST(catchments_go_by_travel_and_are_pulled_to_shares)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    /* By travel alone the first has four areas. */
    const uint32_t travel[] = { 0,    300, 600, 900, 1200, 1500,
                                2000, 1600, 1200, 1000, 300,  0 };
    const uint32_t nearest[] = { 0, 0, 0, 0, 1, 1 };
    const uint32_t even[] = { 0, 0, 0, 1, 1, 1 };
    const double shares[] = { 1, 1 };
    gb_catchment_options options = GB_CATCHMENT_OPTIONS_INIT;
    uint32_t owner[6];

    assert_ok(ctx, gb_catchment_build(ctx, &areas, 2, travel, NULL, owner));
    ck_assert_mem_eq(owner, nearest, sizeof nearest);
    options.shares = shares;
    options.pull = 1;
    assert_ok(ctx, gb_catchment_build(ctx, &areas, 2, travel, &options,
                                      owner));
    ck_assert_mem_eq(owner, even, sizeof even);
    gb_context_free(ctx);
}
END_TEST

/* --- repeatable, stable -------------------------------------------------- */

START_TEST(threads_do_not_change_a_byte)
{
    random_areas in = random_areas_plain(3, 200, 8, 0.05);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    uint32_t first[200] = { 0 };

    options.max_iterations = 20000;
    options.n_starts = 8;
    options.objective = GB_TERRITORY_CUT;
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        gb_context *ctx = test_context();
        gb_territories *made;

        options.n_threads = threads;
        made = build(ctx, &in.areas, &in.rules, &options);
        ck_assert(summary_of(made).is_valid);
        ck_assert_int_eq(summary_of(made).outcome,
                         GB_OUTCOME_ITERATION_LIMIT);
        if (threads == 1)
            memcpy(first, gb_territories_owners(made), sizeof first);
        ck_assert_mem_eq(first, gb_territories_owners(made), sizeof first);
        gb_territories_free(made);
        gb_context_free(ctx);
    }
    random_areas_free(&in);
}
END_TEST

START_TEST(a_night_without_change_moves_nobody_and_drift_moves_few)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(5, 250, 10, 0.05);
    double drifted[250];
    uint32_t before[250];
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territory_summary s;
    gb_territories *made = build(ctx, &in.areas, &in.rules, &options);
    random_source source = { .seed = 9 };
    size_t n_found, n_changed;

    memcpy(before, gb_territories_owners(made), sizeof before);
    gb_territories_free(made);
    options.previous = before;
    options.stay_price = 100;
    made = build(ctx, &in.areas, &in.rules, &options);
    ck_assert_uint_eq(summary_of(made).n_moved, 0);
    gb_territories_free(made);

    for (size_t a = 0; a < 250; a++)
        drifted[a] = in.areas.activity[a] * (80 + random_below(&source, 41))
            / 100;
    in.areas.activity = drifted;
    assert_ok(ctx, gb_territory_check(ctx, &in.areas, &in.rules, before,
                                      NULL, 0, &n_found));
    ck_assert_uint_gt(n_found, 0);
    made = build(ctx, &in.areas, &in.rules, &options);
    s = summary_of(made);
    ck_assert(s.is_valid);
    ck_assert_uint_gt(s.n_moved, 0);
    ck_assert_uint_le(s.n_moved, 20);
    assert_ok(ctx, gb_territory_diff(ctx, before,
                                     gb_territories_owners(made), 250, NULL,
                                     0, &n_changed));
    ck_assert_uint_eq(n_changed, s.n_moved);
    gb_territories_free(made);

    /* A manager leaves: whoever had the last number is shared out. */
    in.rules.n_territories = 9;
    made = build(ctx, &in.areas, &in.rules, &options);
    ck_assert(summary_of(made).is_valid);
    gb_territories_free(made);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_time_limit_ends_the_search_with_an_answer)
{
    gb_context *ctx = test_context();
    random_areas in = random_areas_plain(6, 250, 10, 0.05);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made;

    options.time_limit_ms = 100;
    options.n_starts = 3;
    options.n_threads = 2;
    made = build(ctx, &in.areas, &in.rules, &options);
    ck_assert_int_eq(summary_of(made).outcome, GB_OUTCOME_TIME_LIMIT);
    ck_assert(summary_of(made).is_valid);
    gb_territories_free(made);
    options.max_iterations = UINT64_MAX / 8;
    made = build(ctx, &in.areas, &in.rules, &options);
    ck_assert_int_eq(summary_of(made).outcome, GB_OUTCOME_TIME_LIMIT);
    gb_territories_free(made);
    random_areas_free(&in);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_shorter_summary_of_an_older_caller_is_not_overrun)
{
    gb_context *ctx = test_context();
    const gb_areas areas = row_of_six();
    const gb_territory_rules rules = rules_for(2);
    gb_territories *made = build(ctx, &areas, &rules, NULL);
    gb_territory_summary s;

    memset(&s, 0x5a, sizeof s);
    s.size = offsetof(gb_territory_summary, outcome);
    gb_territories_summary(made, &s);
    ck_assert_uint_eq(s.n_areas, 6);
    ck_assert_int_eq(s.outcome, 0x5a5a5a5a);
    gb_territories_free(made);
    gb_context_free(ctx);
}
END_TEST

static const char TWO[] = "TG1 two n=2 m=1\n# id lon lat pop\n0 7 50 1\n"
                          "1 7 50.1 3\n# i j\n0 1\n";

static gb_status read_two(gb_context *ctx, size_t n_bytes, gb_area_file **out)
{
    return gb_areas_read(ctx, "two.tg", TWO, n_bytes, GB_AREA_FORMAT_ANY,
                         out);
}

START_TEST(a_file_of_areas_is_read_solved_and_outlives_its_context)
{
    gb_context *ctx = test_context();
    gb_area_facts facts = { .size = sizeof facts };
    const gb_territory_rules rules = rules_for(1);
    gb_area_file *file = NULL;
    gb_territories *made;
    uint32_t centre;
    double moment;

    assert_ok(ctx, read_two(ctx, sizeof TWO - 1, &file));
    gb_area_file_facts(file, &facts);
    ck_assert_uint_eq(facts.n_areas, 2);
    ck_assert_uint_eq(facts.n_territories, 0);
    made = build(ctx, gb_area_file_areas(file), &rules, NULL);
    ck_assert(summary_of(made).is_valid);
    assert_ok(ctx, gb_territory_moment(ctx, gb_area_file_areas(file),
                                       gb_area_file_places(file), 1,
                                       gb_territories_owners(made), &centre,
                                       &moment));
    ck_assert_uint_eq(centre, 1);
    assert_near(moment, 11.123 * 11.123, 0.05);
    gb_territories_free(made);
    gb_context_free(ctx);
    ck_assert_ptr_null(gb_area_file_ref(file, 0));
    facts.size = sizeof facts.size; /* of a caller that knows nothing */
    gb_area_file_facts(file, &facts);
    gb_area_file_free(file);
    gb_area_file_free(NULL);
}
END_TEST

START_TEST(a_file_of_areas_is_refused_by_its_status)
{
    gb_context *ctx = test_context();
    gb_area_file *file = (gb_area_file *)ctx;

    assert_status(ctx, GB_ERR_PARSE, read_two(ctx, 20, &file));
    ck_assert_ptr_null(file);
    assert_status(ctx, GB_ERR_ARGUMENT, read_two(ctx, 20, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_read(ctx, NULL, TWO, 3, 0, &file));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_read(ctx, "x", NULL, 3, 0, &file));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_areas_read(ctx, "x", TWO, 3, 99, &file));
    assert_status(ctx, GB_ERR_PARSE,
                  gb_areas_read(ctx, "x", NULL, 0, 0, &file));
    assert_status(ctx, GB_ERR_DATA,
                  gb_areas_read(ctx, "x", "TG1 n=99 m=0", 12, 0, &file));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_moment_of_nonsense_is_refused)
{
    static const uint32_t owners[] = { 0, 0 };
    gb_lonlat nowhere[] = { { 0, 0 }, { 0, 91 } };
    gb_context *ctx = test_context();
    gb_area_file *file;
    const gb_areas *areas;
    double m;

    assert_ok(ctx, read_two(ctx, sizeof TWO - 1, &file));
    areas = gb_area_file_areas(file);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_moment(ctx, areas, NULL, 1, NULL, NULL, &m));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_median(ctx, areas, NULL, 1, owners, NULL,
                                      NULL));
    assert_ok(ctx, gb_territory_median(ctx, areas, NULL, 1, owners, NULL,
                                       &m));
    assert_near(m, 11120, 15); /* on the plane: metres */
    ck_assert_ptr_null(gb_area_file_tolerances(file));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_territory_moment(ctx, areas, nowhere, 3, owners, NULL,
                                      &m));
    assert_status(ctx, GB_ERR_DATA,
                  gb_territory_moment(ctx, areas, nowhere, 1, owners, NULL,
                                      &m));
    gb_area_file_free(file);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *c = tcase_create("build");

    tcase_set_timeout(c, 60);
    tcase_add_test(c,
                   a_row_is_cut_in_the_middle_and_numbered_from_west_to_east);
    tcase_add_test(c, unequal_shares_and_tolerances_are_kept);
    tcase_add_test(c, locks_and_seeds_decide_who_is_where);
    tcase_add_test(c, travel_decides_who_is_where);
    tcase_add_test(c, soft_barriers_are_better_not_crossed);
    tcase_add_test(
        c, an_area_too_heavy_is_named_with_the_tolerance_that_would_do);
    tcase_add_test(c, components_locks_and_contradictions_are_told);
    tcase_add_test(c, pairs_stay_apart_and_bars_are_kept);
    tcase_add_test(
        c, a_rebuild_keeps_to_its_budget_and_says_how_many_it_takes);
    tcase_add_test(c, a_frozen_territory_stays_and_the_others_move_round_it);
    tcase_add_test(c, customers_stay_with_who_knows_them);
    tcase_add_test(c, reasons_are_told_for_pairs_bars_and_frozen_territories);
    tcase_add_test(
        c, what_hangs_on_one_area_and_islands_that_cannot_be_divided_are_told);
    tcase_add_test(
        c, every_kind_of_finding_has_a_sentence_and_a_buffer_may_be_short);
    tcase_add_test(c, more_territories_than_areas_have_no_answer);
    tcase_add_test(c, broken_areas_are_refused_and_named);
    tcase_add_test(c, rules_out_of_range_are_refused);
    tcase_add_test(c, pairs_that_are_none_are_refused_and_named);
    tcase_add_test(c, options_out_of_range_are_refused);
    tcase_add_test(c, null_and_nonsense_are_refused_everywhere);
    tcase_add_test(c, the_check_finds_each_fault_by_hand);
    tcase_add_test(
        c, what_may_not_be_and_what_may_not_change_is_found_by_hand);
    tcase_add_test(c, a_hard_barrier_does_not_connect_in_the_check_either);
    tcase_add_test(c, a_difference_lists_who_changes_hands);
    tcase_add_test(c, a_bridge_joins_what_a_wall_parts);
    tcase_add_test(c, catchments_go_by_travel_and_are_pulled_to_shares);
    tcase_add_test(c, threads_do_not_change_a_byte);
    tcase_add_test(c, a_night_without_change_moves_nobody_and_drift_moves_few);
    tcase_add_test(c, a_time_limit_ends_the_search_with_an_answer);
    tcase_add_test(c, a_shorter_summary_of_an_older_caller_is_not_overrun);
    tcase_add_test(c, a_file_of_areas_is_read_solved_and_outlives_its_context);
    tcase_add_test(c, a_file_of_areas_is_refused_by_its_status);
    tcase_add_test(c, a_moment_of_nonsense_is_refused);
    suite_add_tcase(suite, c);
    return suite;
}
