#include "ground.h"
#include "store_query.h"

static const store_scope everyone = { STORE_SCOPE_ALL, 0 };
static bank b;
static ground g;
static store_branches branches;
static store_managers managers;
static store_places places;

static int32_t day(const char *text)
{
    return store_day_parse(text);
}

static void enter(void)
{
    store_enter(b.ws, &b.run);
}

static void leave(void)
{
    store_leave(b.ws);
}

static void load_people(const char *on)
{
    assert_ok(b.ctx, store_load_branches(b.ws, NULL, &branches));
    assert_ok(b.ctx,
              store_load_managers(b.ws, &branches, day(on), &managers));
    assert_ok(b.ctx, store_load_places(b.ws, &places));
}

static void set_up(void)
{
    bank_open(&b);
}

static void tear_down(void)
{
    store_branches_clear(&branches);
    store_managers_clear(&managers);
    store_places_clear(&places);
    bank_close(&b);
}

static void select_all(const char *as_of)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;

    assert_ok(b.ctx,
              gb_segment_define(b.ctx, b.ws,
                                "{\"name\": \"all\", \"clauses\": "
                                "[{\"name\": \"a\", \"sql\": \"1\"}]}",
                                &result));
    gb_segment_result_free(result);
    options.name = "all";
    options.as_of = as_of;
    assert_ok(b.ctx, gb_segment_select(b.ctx, b.ws, &options, &result));
    gb_segment_result_free(result);
}

START_TEST(people_and_places_come_in_order_with_their_indices)
{
    store_orgs orgs;

    enter();
    assert_ok(b.ctx, store_load_orgs(b.ws, &orgs));
    ck_assert_uint_eq(orgs.n, 4);
    ck_assert_str_eq(orgs.items[0].ref, "city");
    ck_assert_uint_eq(orgs.items[0].parent, 1);
    ck_assert_uint_eq(orgs.items[1].parent, STORE_NONE);
    assert_ok(b.ctx, store_load_branches(b.ws, &orgs, &branches));
    ck_assert_str_eq(orgs.items[branches.items[1].org].ref, "sub2");
    assert_near(branches.items[1].at.lon_deg, 114.34, 0);
    store_branches_clear(&branches);
    load_people("2026-03-02");
    ck_assert_uint_eq(managers.n, 2);
    ck_assert_int_eq(managers.items[0].mode, STORE_MODE_FOOT);
    ck_assert_int_eq(managers.items[0].break_s, 3600);
    ck_assert_int_eq(managers.items[1].break_from_s, STORE_NO_TIME);
    ck_assert_uint_eq(managers.items[1].branch, 1);
    ck_assert_int_eq(places.items[0].access_s, 120);
    assert_near(places.items[0].gate.lon_deg, 114.31, 0);
    store_orgs_clear(&orgs);
    leave();
}
END_TEST

START_TEST(a_manager_works_by_the_calendar_or_else_monday_to_friday)
{
    static const struct {
        const char *on;
        bool m1, m2;
    } table[] = {
        { "2026-03-06", true, true },   /* Friday */
        { "2026-03-07", false, false }, /* Saturday */
        { "2026-03-08", true, true },   /* Sunday that everybody works */
        { "2026-03-09", false, true },  /* Monday off for all but m2 */
        { "2026-03-10", false, true },  /* m1 is away */
    };

    bank_sql(&b, "INSERT INTO calendar_day(day, manager_id, is_working) "
                 "VALUES('2026-03-08', NULL, 1), ('2026-03-09', NULL, 0), "
                 "('2026-03-09', 2, 1), ('2026-03-10', 1, 0)");
    enter();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        load_people(table[i].on);
        ck_assert_msg(managers.items[0].is_working == table[i].m1
                          && managers.items[1].is_working == table[i].m2,
                      "%s", table[i].on);
        store_branches_clear(&branches);
        store_managers_clear(&managers);
        store_places_clear(&places);
    }
    leave();
}
END_TEST

START_TEST(targets_carry_all_that_a_plan_asks)
{
    store_targets targets;
    const store_target *t;

    bank_add(&b, "c2", "balance_fen = 5, peak_24m_fen = 5000000, "
                       "manager_id = 2, place_id = 2, branch_id = 2, "
                       "last_txn_on = '2025-01-31', window_from_s = 36000, "
                       "window_to_s = 43200, service_s = 900");
    bank_add(&b, "c1", "accuracy = 'none', located_by = 'none', geom = NULL, "
                       "reach_sms = 0");
    bank_sql(&b, "INSERT INTO holding(customer_id, product_id, amount_fen, "
                 "opened_on, matures_on, closed_on) VALUES"
                 "(1, 1, 100, '2025-01-01', '2026-03-20', NULL), "
                 "(1, 1, 200, '2025-01-02', '2026-03-20', NULL), "
                 "(1, 1, 400, '2025-01-03', '2026-03-01', NULL), "
                 "(1, 2, 800, '2025-01-03', '2026-03-05', NULL), "
                 "(1, 1, 900, '2025-01-04', '2026-03-03', '2026-03-02');"
                 "INSERT INTO customer_tag VALUES(1, 4, 'retail'), "
                 "(1, 1, ''), (1, 4, 'food'), (2, 2, '');"
                 "INSERT INTO appointment(customer_id, day, from_s, to_s, "
                 "manager_id) VALUES(1, '2026-03-02', 39600, 43200, 1), "
                 "(1, '2026-03-02', 36000, 39600, 2), "
                 "(1, '2026-03-03', 32400, 36000, 1)");
    select_all("2026-03-02");
    enter();
    load_people("2026-03-02");
    assert_ok(b.ctx,
              store_load_targets(b.ws, &branches, &managers, &places, NULL,
                                 everyone, day("2026-03-02"), &targets));
    ck_assert_uint_eq(targets.n, 2);
    t = &targets.items[1];
    ck_assert_str_eq(t->ref, "c2");
    ck_assert_uint_eq(t->branch, 1);
    ck_assert_uint_eq(t->manager, 1);
    ck_assert_uint_eq(t->place, 1);
    ck_assert(t->has_location && t->accuracy == STORE_ACCURACY_EXACT);
    ck_assert_int_eq(t->peak_24m_fen, 5000000);
    ck_assert_int_eq(t->last_txn_on, day("2025-01-31"));
    ck_assert_int_eq(t->next_maturity_on, day("2026-03-20"));
    ck_assert_int_eq(t->next_maturity_fen, 300);
    ck_assert_int_eq(t->n_products, 2);
    ck_assert_int_eq(t->window_to_s, 43200);
    ck_assert_int_eq(t->appointment_from_s, 36000);
    ck_assert_uint_eq(t->appointment_manager, 1);
    ck_assert_int_eq(t->channel, STORE_CHANNEL_VISIT);
    ck_assert_str_eq(t->channel_rule, "peak_50k_managed");
    ck_assert_str_eq(t->must_rule, "appointment");
    ck_assert_str_eq(t->grade, "B");
    ck_assert_uint_eq(t->n_tags, 3);
    ck_assert_str_eq(targets.tags[t->first_tag], "industry=food");
    ck_assert_str_eq(targets.tags[t->first_tag + 2], "待发展POS机商户");
    ck_assert_uint_eq(t->cell, STORE_NONE);
    t = &targets.items[0];
    ck_assert(!t->has_location);
    ck_assert_int_eq(t->next_maturity_on, STORE_NO_DAY);
    ck_assert_int_eq(t->appointment_from_s, STORE_NO_TIME);
    ck_assert_int_eq(t->channel, STORE_CHANNEL_NONE);
    ck_assert_str_eq(t->must_rule, "");
    ck_assert_uint_eq(t->n_tags, 1);
    store_targets_clear(&targets);
    assert_ok(b.ctx,
              store_load_targets(b.ws, &branches, &managers, &places, NULL,
                                 (store_scope){ STORE_SCOPE_BRANCH, 1 },
                                 day("2026-03-02"), &targets));
    ck_assert_uint_eq(targets.n, 1);
    ck_assert_uint_eq(targets.n_tags, 1);
    store_targets_clear(&targets);
    leave();
}
END_TEST

START_TEST(cells_come_back_as_they_were_saved)
{
    store_cells cells;

    ground_make(&g, 3);
    enter();
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    ck_assert_uint_eq(cells.n, 0);
    ck_assert_int_eq(cells.set, 0);
    store_cells_clear(&cells);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    ck_assert_uint_eq(cells.n, 9);
    ck_assert_str_eq(cells.refs[8], "cell00009");
    ck_assert_uint_eq(cells.shapes.n_points, 36);
    ck_assert_mem_eq(cells.shapes.points, g.points, 36 * sizeof(gb_point));
    assert_near(cells.area_m2[4], 10000.0, 1e-6);
    ck_assert_uint_eq(cells.n_neighbours, 24);
    for (size_t c = 0; c <= 9; c++)
        ck_assert_uint_eq(cells.first_neighbour[c], g.first_neighbour[c]);
    ck_assert_mem_eq(cells.neighbour, g.neighbour, 24 * sizeof(uint32_t));
    assert_near(cells.border_m[0], 100.0, 0);
    store_cells_clear(&cells);
    leave();
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM cell_set"), 1);
}
END_TEST

static int64_t save_halves(const store_cells *cells, int64_t owner_of_first)
{
    const store_territory_in items[]
        = { { "t1", 1, owner_of_first, 1, 10.0, NULL },
            { "t2", 2, 2, 2, 11.0, "{\"cell\": 1}" } };
    uint32_t of_cell[64];
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell,
                                .owner_from = day("2026-01-01") };
    int64_t version = 0;

    for (size_t c = 0; c < cells->n; c++)
        of_cell[c] = c >= cells->n / 2;
    assert_ok(b.ctx, store_save_territories(b.ws, cells, &in, &version));
    return version;
}

static int64_t version_on(const store_cells *cells, const char *on)
{
    store_territories t;
    int64_t version;

    assert_ok(b.ctx, store_load_territories(b.ws, &branches, &managers, cells,
                                            0, day(on), &t));
    version = t.version;
    store_territories_clear(&t);
    return version;
}

START_TEST(any_date_has_one_version_of_territories_at_most)
{
    store_cells cells;
    store_territories t;
    int64_t v1, v2, v3;

    ground_make(&g, 4);
    enter();
    load_people("2026-03-02");
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    v1 = save_halves(&cells, 1);
    v2 = save_halves(&cells, 0);
    v3 = save_halves(&cells, 1);
    ck_assert_int_eq(version_on(&cells, "2026-03-02"), 0);
    assert_status(b.ctx, GB_ERR_STATE,
                  store_territory_activate(b.ws, v1, day("2026-03-02")));
    assert_ok(b.ctx, store_territory_approve(b.ws, v1));
    assert_status(b.ctx, GB_ERR_STATE, store_territory_approve(b.ws, v1));
    assert_ok(b.ctx, store_territory_activate(b.ws, v1, day("2026-03-02")));
    assert_ok(b.ctx, store_territory_activate(b.ws, v1, day("2026-03-05")));
    assert_ok(b.ctx, store_territory_approve(b.ws, v2));
    assert_ok(b.ctx, store_territory_activate(b.ws, v2, day("2026-03-10")));
    ck_assert_int_eq(version_on(&cells, "2026-03-01"), 0);
    ck_assert_int_eq(version_on(&cells, "2026-03-02"), v1);
    ck_assert_int_eq(version_on(&cells, "2026-03-09"), v1);
    ck_assert_int_eq(version_on(&cells, "2026-03-10"), v2);
    assert_ok(b.ctx, store_territory_approve(b.ws, v3));
    assert_ok(b.ctx, store_territory_activate(b.ws, v3, day("2026-03-04")));
    ck_assert_int_eq(version_on(&cells, "2026-03-03"), v1);
    ck_assert_int_eq(version_on(&cells, "2026-03-10"), v3);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_territory_approve(b.ws, 99));
    assert_ok(b.ctx, store_load_territories(b.ws, &branches, &managers,
                                            &cells, v3, day("2026-03-02"),
                                            &t));
    ck_assert_uint_eq(t.n, 2);
    ck_assert_str_eq(t.items[1].exceeds_json, "{\"cell\": 1}");
    ck_assert_uint_eq(t.items[0].owner, 0);
    ck_assert_uint_eq(t.of_cell[7], 0);
    ck_assert_uint_eq(t.of_cell[8], 1);
    assert_near(t.items[0].area_m2, 80000.0, 1e-6);
    assert_ok(b.ctx, store_territory_set_owner(b.ws, t.items[0].id, 2,
                                               day("2026-03-08")));
    store_territories_clear(&t);
    for (int i = 0; i < 2; i++) {
        assert_ok(b.ctx,
                  store_load_territories(b.ws, &branches, &managers, &cells,
                                         v3, day("2026-03-07") + i, &t));
        ck_assert_uint_eq(t.items[0].owner, (uint32_t)i);
        store_territories_clear(&t);
    }
    store_cells_clear(&cells);
    leave();
}
END_TEST

START_TEST(scores_are_kept_with_their_parts)
{
    static const char *const names[] = { "value", "dormancy" };
    const int64_t customers[] = { 1 }, values[] = { 30 }, parts[] = { 10, 20 };
    store_scores scores = { .on = day("2026-03-02"), .n = 1, .n_parts = 2,
                            .part_names = names, .customers = customers,
                            .values = values, .parts = parts };
    store_targets targets;

    bank_add(&b, "c1", "");
    select_all("2026-03-02");
    enter();
    load_people("2026-03-02");
    assert_ok(b.ctx, store_save_scores(b.ws, &scores));
    assert_ok(b.ctx,
              store_load_targets(b.ws, &branches, &managers, &places, NULL,
                                 everyone, day("2026-03-02"), &targets));
    ck_assert_int_eq(targets.items[0].score, 30);
    store_targets_clear(&targets);
    scores.on++;
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_save_scores(b.ws, &scores));
    leave();
    ck_assert_str_eq(bank_text(&b, "SELECT score_parts_json FROM target"),
                     "{\"value\": 10, \"dormancy\": 20}");
}
END_TEST

START_TEST(a_density_layer_comes_back_to_the_bit)
{
    const double values[] = { 0.0, 1.5, 1e-300, 7.25, 0.1, 3.0 };
    const double of_cells[] = { 1.0, 2.0, 3.0, 4.0 };
    const store_density in = {
        .layer = "dormant", .kernel = "quartic", .on = 20000, .epsg = 4547,
        .bandwidth_m = 500.0, .n_points = 12, .min_x_m = 1.0, .min_y_m = 2.0,
        .pixel_m = 50.0, .n_columns = 3, .n_rows = 2, .per_km2 = values,
        .cell_per_km2 = of_cells, .n_cells = 4,
    };
    store_density out;

    ground_make(&g, 2);
    enter();
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_save_density(b.ws, &in));
    assert_ok(b.ctx, store_save_density(b.ws, &in));
    assert_ok(b.ctx, store_load_density(b.ws, "dormant", 20000, &out));
    ck_assert_mem_eq(out.per_km2, values, sizeof values);
    ck_assert_uint_eq(out.n_cells, 4);
    ck_assert_mem_eq(out.cell_per_km2, of_cells, sizeof of_cells);
    assert_near(out.bandwidth_m, 500.0, 0);
    ck_assert_str_eq(out.kernel, "quartic");
    ck_assert_str_eq(out.weight, "count");
    store_density_clear(&out);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_load_density(b.ws, "dormant", 20001, &out));
    leave();
}
END_TEST

/* ---------------------------------------------------------------- plans -- */

static store_stop stops[2];
static store_route routes[2];
static store_plan_target targets[3];
static gb_lonlat path[3];

/* c1 and c2 are visited by m1 and m2, c3 gets a message. */
static store_plan small_plan(void)
{
    const int32_t on = day("2026-03-02");

    for (int i = 0; i < 2; i++) {
        stops[i] = (store_stop){ .customer_id = i + 1, .place_id = i,
                                 .stop_no = 1, .at = { 114.3 + i, 30.5 },
                                 .travel_s = 600, .travel_m = 700,
                                 .arrive_s = 33000, .start_s = 33120,
                                 .end_s = 34000, .prize = 5 + i,
                                 .is_must = i == 0 };
        routes[i] = (store_route){ .manager_id = i + 1, .branch_id = i + 1,
                                   .day = on, .mode = STORE_MODE_FOOT,
                                   .leave_s = 32400, .back_s = 35000,
                                   .break_start_s = STORE_NO_TIME,
                                   .travel_s = 1200, .travel_m = 1400,
                                   .service_s = 880, .prize = 5 + i,
                                   .first_stop = (uint32_t)i, .n_stops = 1,
                                   .n_points = i ? 0 : 3 };
        targets[i] = (store_plan_target){ .customer_id = i + 1,
                                          .state = STORE_PLANNED,
                                          .stop = (uint32_t)i,
                                          .until = STORE_NO_DAY,
                                          .manager_id = i + 1,
                                          .reason = "planned" };
        path[i] = (gb_lonlat){ 114.3, 30.5 + i };
    }
    path[2] = (gb_lonlat){ 114.4, 30.5 };
    targets[2] = (store_plan_target){ .customer_id = 3,
                                      .state = STORE_OTHER_CHANNEL,
                                      .stop = STORE_NONE,
                                      .until = STORE_NO_DAY,
                                      .reason = "sms_main",
                                      .reason_json = "{\"rule\": \"mass\"}" };
    return (store_plan){ .from = on, .to = on, .as_of = on, .seed = 7,
                         .summary_json = "{\"visits\": 2}",
                         .routes = routes, .stops = stops,
                         .targets = targets, .path = path, .n_routes = 2,
                         .n_stops = 2, .n_targets = 3, .n_path = 3 };
}

static void prepare_plan(void)
{
    bank_add(&b, "c1", "");
    bank_add(&b, "c2", "branch_id = 2");
    bank_add(&b, "c3", "");
    select_all("2026-03-02");
}

START_TEST(a_plan_comes_back_whole_and_by_scope)
{
    store_plan plan = small_plan(), out;

    prepare_plan();
    enter();
    assert_ok(b.ctx, store_save_plan(b.ws, &plan));
    assert_ok(b.ctx, store_save_plan(b.ws, &plan));
    assert_ok(b.ctx, store_load_plan(b.ws, plan.from, everyone, &out));
    ck_assert_uint_eq(out.n_routes, 2);
    ck_assert_uint_eq(out.n_stops, 2);
    ck_assert_uint_eq(out.n_targets, 3);
    ck_assert_uint_eq(out.n_path, 3);
    ck_assert_uint_eq(out.seed, 7);
    ck_assert_str_eq(out.summary_json, "{\"visits\": 2}");
    ck_assert_str_eq(out.routes[1].manager_ref, "m2");
    ck_assert_uint_eq(out.routes[1].first_stop, 1);
    ck_assert_int_eq(out.routes[0].break_start_s, STORE_NO_TIME);
    ck_assert_uint_eq(out.routes[0].n_points, 3);
    assert_near(out.path[1].lat_deg, 31.5, 0);
    ck_assert_str_eq(out.stops[1].ref, "c2");
    ck_assert_str_eq(out.stops[1].place_ref, "p1");
    ck_assert_str_eq(out.stops[0].place_ref, "");
    ck_assert(out.stops[0].is_must && !out.stops[1].is_must);
    ck_assert_uint_eq(out.targets[1].stop, 1);
    ck_assert_int_eq(out.targets[2].state, STORE_OTHER_CHANNEL);
    ck_assert_str_eq(out.targets[2].reason_json, "{\"rule\": \"mass\"}");
    ck_assert_str_eq(out.targets[2].channel, "sms");
    store_plan_clear(&out);
    assert_ok(b.ctx, store_load_plan(b.ws, plan.from,
                                     (store_scope){ STORE_SCOPE_MANAGER, 2 },
                                     &out));
    ck_assert_uint_eq(out.n_routes, 1);
    ck_assert_uint_eq(out.n_stops, 1);
    ck_assert_uint_eq(out.n_targets, 1);
    ck_assert_uint_eq(out.targets[0].stop, 0);
    store_plan_clear(&out);
    assert_ok(b.ctx, store_load_plan(b.ws, plan.from,
                                     (store_scope){ STORE_SCOPE_ORG, 3 },
                                     &out));
    ck_assert_uint_eq(out.n_routes, 1);
    ck_assert_uint_eq(out.n_targets, 2);
    store_plan_clear(&out);
    /* A branch's people, whoever's customers: manager 2 is of branch 2. */
    assert_ok(b.ctx, store_load_plan(b.ws, plan.from,
                                     (store_scope){ STORE_SCOPE_CREW, 2 },
                                     &out));
    ck_assert_uint_eq(out.n_routes, 1);
    ck_assert_str_eq(out.routes[0].manager_ref, "m2");
    ck_assert_str_eq(out.stops[0].grade, out.targets[0].grade);
    ck_assert_uint_eq(out.n_targets, 1);
    ck_assert_int_eq(out.targets[0].manager_id, 2);
    store_plan_clear(&out);
    assert_ok(b.ctx, store_load_routes(b.ws, plan.from, everyone, &out));
    ck_assert_uint_eq(out.n_stops, 2);
    ck_assert_uint_eq(out.n_targets, 0);
    store_plan_clear(&out);
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  store_load_plan(b.ws, plan.from + 1, everyone, &out));
    leave();
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM plan_stop"), 2);
}
END_TEST

/* Is each of the three foretold for that day or before it? */
static void expect_foretold(const char *on, bool c1, bool c2, bool c3)
{
    const bool expected[3] = { c1, c2, c3 };
    bool is_foretold[3] = { true, true, true };
    store_targets list;

    select_all(on);
    enter();
    assert_ok(b.ctx,
              store_load_targets(b.ws, &branches, &managers, &places, NULL,
                                 everyone, day(on), &list));
    ck_assert_uint_eq(list.n, 3);
    assert_ok(b.ctx, store_load_foretold(b.ws, &list, is_foretold));
    ck_assert_mem_eq(is_foretold, expected, sizeof expected);
    store_targets_clear(&list);
    leave();
}

START_TEST(a_foretold_visit_is_due_on_its_day_until_a_later_plan_says_else)
{
    store_plan plan = small_plan();

    prepare_plan();
    targets[2].state = STORE_DEFERRED;
    targets[2].until = day("2026-03-04");
    targets[2].reason = "planned_later";
    enter();
    load_people("2026-03-02");
    assert_ok(b.ctx, store_save_plan(b.ws, &plan));
    leave();
    expect_foretold("2026-03-02", false, false, false);
    expect_foretold("2026-03-03", false, false, false);
    expect_foretold("2026-03-04", false, false, true);
    expect_foretold("2026-03-05", false, false, true);
    plan.from = plan.to = plan.as_of = day("2026-03-04");
    routes[0].day = routes[1].day = plan.from;
    targets[2].until = day("2026-03-09");
    enter();
    assert_ok(b.ctx, store_save_plan(b.ws, &plan));
    leave();
    expect_foretold("2026-03-04", false, false, true);
    expect_foretold("2026-03-05", false, false, false);
    expect_foretold("2026-03-09", false, false, true);
}
END_TEST

START_TEST(a_plan_that_does_not_add_up_never_reaches_the_file)
{
    prepare_plan();
    enter();
    for (int i = 0; i < 7; i++) {
        store_plan plan = small_plan();

        switch (i) {
        case 0: plan.n_targets = 2; break;
        case 1: targets[2].customer_id = 1; break;
        case 2: targets[2].customer_id = 99; break;
        case 3: targets[2].state = STORE_PLANNED; break;
        case 4: targets[1].stop = 0; break;
        case 5: routes[1].n_stops = 0; break;
        default: targets[0].state = STORE_SET_ASIDE; break;
        }
        assert_status(b.ctx, GB_ERR_INTERNAL, store_save_plan(b.ws, &plan));
    }
    leave();
    ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM plan"), 0);
}
END_TEST

/* -------------------------------------------------------------- queries -- */

START_TEST(five_maturing_customers_in_the_map_are_counted)
{
    store_count_filter filter = { .as_of = day("2026-03-02"),
                                  .maturing_days = 30, .unvisited_days = 90,
                                  .has_box = true,
                                  .south_west = { 114.30, 30.50 },
                                  .north_east = { 114.31, 30.51 } };
    const store_count_filter visited
        = { .as_of = day("2026-03-02"), .visited_days = 90 };
    store_found_list found;
    store_count count;

    for (int i = 0; i < 10; i++) {
        char ref[8], sql[400];

        snprintf(ref, sizeof ref, "c%d", i);
        bank_add(&b, ref, i == 7 ? "geom = MakePoint(114.32, 30.5, 4326)"
                          : i == 0 ? "geom = MakePoint(114.31, 30.5, 4326)"
                                   : "");
        snprintf(sql, sizeof sql,
                 "INSERT INTO holding(customer_id, product_id, amount_fen, "
                 "opened_on, matures_on) VALUES(%d, 1, 100, '2025-01-01', "
                 "'%s')", i + 1, i == 8 ? "2026-04-02" : "2026-04-01");
        bank_sql(&b, sql);
    }
    bank_sql(&b, "INSERT INTO visit(customer_id, day) VALUES"
                 "(2, '2026-02-01'), (3, '2025-11-01'), (10, '2026-03-02'), "
                 "(1, '2026-03-03')");
    bank_sql(&b, "UPDATE customer SET branch_id = 2 WHERE ref = 'c5'");
    enter();
    assert_ok(b.ctx, store_query_count(b.ws, &filter, &count));
    ck_assert_int_eq(count.customers, 6);
    ck_assert_int_eq(count.maturing_fen, 600);
    assert_ok(b.ctx, store_query_found(b.ws, &filter, &found));
    ck_assert_int_eq(found.n, count.customers);
    for (size_t i = 0; i < found.n; i++) {
        ck_assert_int_eq(found.items[i].maturing_fen, 100);
        ck_assert(i == 0 || found.items[i - 1].id < found.items[i].id);
    }
    store_found_clear(&found);
    assert_ok(b.ctx, store_query_found(b.ws, &visited, &found));
    ck_assert_int_eq(found.n, 2); /* not long ago, and not tomorrow */
    ck_assert_str_eq(found.items[0].ref, "c1");
    ck_assert_str_eq(found.items[1].ref, "c9");
    ck_assert_int_eq(found.items[0].maturing_fen, 0);
    assert_near(found.items[0].at.lon_deg, 114.305, 0);
    store_found_clear(&found);
    store_found_clear(&found);
    filter.unvisited_days = 0;
    filter.tells_visited_days = 90;
    assert_ok(b.ctx, store_query_found(b.ws, &filter, &found));
    ck_assert_int_eq(found.n, 8); /* the same visits, and the other six */
    for (size_t i = 0; i < found.n; i++)
        ck_assert_int_eq(found.items[i].is_visited,
                         found.items[i].id == 2 || found.items[i].id == 10);
    store_found_clear(&found);
    filter.unvisited_days = 90;
    filter.scope = (store_scope){ STORE_SCOPE_ORG, 3 };
    assert_ok(b.ctx, store_query_count(b.ws, &filter, &count));
    ck_assert_int_eq(count.customers, 5);
    filter = (store_count_filter){ .as_of = day("2026-03-02") };
    assert_ok(b.ctx, store_query_count(b.ws, &filter, &count));
    ck_assert_int_eq(count.customers, 10);
    filter.place_id = 1;
    assert_ok(b.ctx, store_query_count(b.ws, &filter, &count));
    ck_assert_int_eq(count.customers, 0);
    leave();
}
END_TEST

START_TEST(sums_roll_up_the_tree_and_rank_the_cells)
{
    static const int64_t ids[] = { 1, 2, 3 }, values[] = { 5, 50, 0 };
    static const uint32_t cell_of[] = { 0, 3, STORE_NONE };
    const store_scores scores = { .on = day("2026-03-02"), .n = 3,
                                  .customers = ids, .values = values };
    store_count_filter filter = { .as_of = day("2026-03-02"),
                                  .territory_ref = "t2" };
    store_count count;
    store_cells cells;
    store_sums sums;
    int64_t version;

    bank_add(&b, "c1", "balance_fen = 10");
    bank_add(&b, "c2", "balance_fen = 20, branch_id = 2");
    bank_add(&b, "c3", "balance_fen = 40");
    select_all("2026-03-02");
    bank_sql(&b, "INSERT INTO visit(customer_id, day) VALUES(3, "
                 "'2026-03-01')");
    ground_make(&g, 2);
    enter();
    load_people("2026-03-02");
    assert_ok(b.ctx, store_save_scores(b.ws, &scores));
    assert_ok(b.ctx, store_query_orgs(b.ws, everyone, scores.on, &sums));
    ck_assert_uint_eq(sums.n, 4);
    ck_assert_str_eq(sums.items[0].ref, "hq");
    ck_assert_int_eq(sums.items[0].customers, 3);
    ck_assert_int_eq(sums.items[0].balance_fen, 70);
    ck_assert_int_eq(sums.items[0].value, 55);
    ck_assert_int_eq(sums.items[0].unvisited, 2);
    ck_assert_str_eq(sums.items[2].ref, "sub1");
    ck_assert_uint_eq(sums.items[2].depth, 2);
    ck_assert_int_eq(sums.items[2].balance_fen, 50);
    store_sums_clear(&sums);
    assert_ok(b.ctx, store_query_orgs(b.ws,
                                      (store_scope){ STORE_SCOPE_BRANCH, 2 },
                                      scores.on, &sums));
    ck_assert_int_eq(sums.items[0].customers, 1);
    ck_assert_int_eq(sums.items[2].customers, 0);
    store_sums_clear(&sums);
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, cell_of, 3));
    assert_ok(b.ctx, store_query_cells(b.ws, everyone, scores.on, &sums));
    ck_assert_uint_eq(sums.n, 2);
    ck_assert_str_eq(sums.items[0].ref, "cell00004");
    ck_assert_int_eq(sums.items[0].value, 50);
    ck_assert_int_eq(sums.items[1].targets, 1);
    store_sums_clear(&sums);
    version = save_halves(&cells, 1);
    assert_ok(b.ctx, store_territory_approve(b.ws, version));
    assert_ok(b.ctx, store_territory_activate(b.ws, version, scores.on));
    assert_ok(b.ctx, store_query_count(b.ws, &filter, &count));
    ck_assert_int_eq(count.customers, 1);
    ck_assert_int_eq(count.balance_fen, 20);
    store_cells_clear(&cells);
    leave();
}
END_TEST

/* The cells that customers 1 to 3 are in, by cells[] ("0" outside). */
static void cells_are(const store_cells *cells, const uint32_t *expected)
{
    for (int i = 0; i < 3; i++) {
        const int64_t cell
            = expected[i] == STORE_NONE ? 0 : cells->ids[expected[i]];
        int64_t found = -1;
        char sql[120];

        snprintf(sql, sizeof sql,
                 "SELECT coalesce(max(cell_id), 0) FROM customer_cell "
                 "WHERE customer_id = %d", i + 1);
        assert_ok(b.ctx, store_query_int(b.ws, sql, &found));
        ck_assert_int_eq(found, cell);
    }
}

START_TEST(customers_move_in_between_and_out_of_cells)
{
    static const int64_t ids[] = { 3, 1, 2 }; /* in any order */
    static const uint32_t steps[][3] = {
        { 0, 1, 2 },          { 0, 1, 2 }, { 3, 1, 2 }, { 3, STORE_NONE, 2 },
        { STORE_NONE, 0, 1 }, { STORE_NONE, STORE_NONE, STORE_NONE },
        { 1, 1, 1 }
    };
    static const uint32_t beyond[] = { 0, 0, 4 };
    store_cells cells;

    bank_add(&b, "c1", "balance_fen = 10");
    bank_add(&b, "c2", "balance_fen = 20");
    bank_add(&b, "c3", "balance_fen = 40");
    ground_make(&g, 2);
    enter();
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    ck_assert_uint_eq(cells.n, 4);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        const uint32_t *to = steps[k];

        assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, to, 3));
        cells_are(&cells, (uint32_t[]){ to[1], to[2], to[0] });
    }
    ck_assert_int_eq(store_save_customer_cells(b.ws, &cells, ids, beyond, 3),
                     GB_ERR_ARGUMENT);
    cells_are(&cells, (uint32_t[]){ 1, 1, 1 }); /* as they were */
    store_cells_clear(&cells);
    leave();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_load");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, people_and_places_come_in_order_with_their_indices);
    tcase_add_test(
        tcase, a_manager_works_by_the_calendar_or_else_monday_to_friday);
    tcase_add_test(tcase, targets_carry_all_that_a_plan_asks);
    tcase_add_test(tcase, cells_come_back_as_they_were_saved);
    tcase_add_test(tcase, any_date_has_one_version_of_territories_at_most);
    tcase_add_test(tcase, scores_are_kept_with_their_parts);
    tcase_add_test(tcase, a_density_layer_comes_back_to_the_bit);
    tcase_add_test(tcase, a_plan_comes_back_whole_and_by_scope);
    tcase_add_test(tcase,
                   a_foretold_visit_is_due_on_its_day_until_a_later_plan_says_else);
    tcase_add_test(tcase,
                   a_plan_that_does_not_add_up_never_reaches_the_file);
    tcase_add_test(tcase, five_maturing_customers_in_the_map_are_counted);
    tcase_add_test(tcase, sums_roll_up_the_tree_and_rank_the_cells);
    tcase_add_test(tcase, customers_move_in_between_and_out_of_cells);
    suite_add_tcase(suite, tcase);
    return suite;
}
