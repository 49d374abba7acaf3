#include "territory_case.h"

#include "store_territory_diff.h"
#include "store_territory_edit.h"
#include "store_territory_handover.h"
#include "store_territory_life.h"
#include "store_territory_links.h"

static void set_up(void)
{
    territory_case_open();
}

static void tear_down(void)
{
    territory_case_close();
}

static void says(const char *text)
{
    ck_assert_msg(strstr(gb_last_error(b.ctx), text), "%s lacks \"%s\"",
                  gb_last_error(b.ctx), text);
}

/* ---------------------------------------------------------------- figures */

START_TEST(a_version_has_its_figures)
{
    store_figures f;

    assert_ok(b.ctx, store_load_figures(b.ws, 1, STORE_NO_DAY, &f));
    ck_assert_uint_eq(f.n, 2);
    ck_assert_int_eq(f.state, STORE_VERSION_ACTIVE);
    ck_assert_uint_eq(f.n_measures, 2);
    ck_assert_str_eq(f.items[0].manager, "m1");
    ck_assert_uint_eq(f.items[0].n_cells, 8);
    ck_assert_uint_eq(f.items[0].n_parts, 1);
    ck_assert_int_eq(f.items[0].n_customers, 1);
    assert_near(f.items[0].area_m2, 80000.0, 1e-6);
    assert_near(f.items[0].perimeter_m, 1200.0, 1e-6);
    /* 4 pi a / p^2 of a rectangle of 400 m by 200 m */
    assert_near(store_figure_compactness(&f.items[0]), 0.6981317, 1e-6);
    assert_near(f.items[0].activity[0], 80.0, 1e-9);
    assert_near(f.items[0].activity[1], 36.0, 1e-9);
    assert_near(f.items[0].fair[1], 68.0, 1e-9);
    assert_near(store_figure_deviation(&f.items[0], 0), 0.0, 1e-12);
    assert_near(store_figure_deviation(&f.items[0], 1), 36.0 / 68.0 - 1.0,
                1e-12);
    assert_near(f.measures[0].tolerance, 0.1, 1e-12);
    ck_assert(isnan(f.measures[1].tolerance));
    store_figures_clear(&f);
}
END_TEST

START_TEST(a_version_is_found_by_number_word_and_date)
{
    static const struct {
        const char *text;
        gb_status status;
        int64_t version;
    } table[] = {
        { "1", GB_OK, 1 },
        { "active", GB_OK, 1 },
        { "@2026-03-02", GB_OK, 1 },
        { "@2030-01-01", GB_OK, 1 },
        { "@2026-03-01", GB_ERR_NOT_FOUND, 0 },
        { "7", GB_ERR_NOT_FOUND, 0 },
        { "0", GB_ERR_ARGUMENT, 0 },
        { "newest", GB_ERR_ARGUMENT, 0 },
        { "@2026-13-01", GB_ERR_ARGUMENT, 0 },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t version = 0;

        assert_status(b.ctx, table[i].status,
                      store_version_find(b.ws, table[i].text, &version));
        if (!table[i].status)
            ck_assert_int_eq(version, table[i].version);
    }
}
END_TEST

/* ----------------------------------------------------------------- states */

START_TEST(a_version_goes_from_draft_to_approved_to_active_to_retired)
{
    const int64_t v = territory_case_draft();
    size_t n_outside = 9;

    assert_status(b.ctx, GB_ERR_STATE,
                  store_territory_activate_checked(b.ws, v,
                                                   day("2026-03-09"),
                                                   &n_outside));
    assert_ok(b.ctx, store_territory_approve_checked(b.ws, v, &n_outside));
    ck_assert_uint_eq(n_outside, 0);
    assert_status(b.ctx, GB_ERR_STATE,
                  store_territory_approve_checked(b.ws, v, &n_outside));
    assert_ok(b.ctx, store_territory_activate_checked(
                         b.ws, v, day("2026-03-09"), &n_outside));
    assert_status(b.ctx, GB_ERR_STATE, store_territory_retire(b.ws, v));
    says("in force");
    assert_status(b.ctx, GB_ERR_STATE, store_territory_retire(b.ws, 1));
    says("retired already");
    assert_status(b.ctx, GB_ERR_NOT_FOUND, store_territory_retire(b.ws, 99));
}
END_TEST

START_TEST(a_draft_that_is_not_wanted_is_retired_and_never_comes_into_force)
{
    const int64_t v = territory_case_draft();
    size_t n;

    assert_ok(b.ctx, store_territory_retire(b.ws, v));
    assert_status(b.ctx, GB_ERR_STATE,
                  store_territory_approve_checked(b.ws, v, &n));
    assert_status(b.ctx, GB_ERR_STATE,
                  store_territory_activate_checked(b.ws, v,
                                                   day("2026-03-09"), &n));
}
END_TEST

START_TEST(an_invalid_version_is_refused_with_the_reason)
{
    const int64_t v = territory_case_draft();
    size_t n;

    assert_ok(b.ctx, store_exec(b.ws, "DELETE FROM territory_cell WHERE "
                                      "territory_version_id = 2 AND cell_id "
                                      "= 5"));
    assert_status(b.ctx, GB_ERR_DATA,
                  store_territory_approve_checked(b.ws, v, &n));
    says("cell cell00005 is in no territory");
    assert_ok(b.ctx, store_territory_approve(b.ws, v));
    assert_status(b.ctx, GB_ERR_DATA,
                  store_territory_activate_checked(b.ws, v,
                                                   day("2026-03-09"), &n));
    ck_assert_int_eq(territory_case_int("SELECT id FROM territory_version "
                                        "WHERE state = 'active'"), 1);
}
END_TEST

START_TEST(a_version_without_owners_on_the_day_is_refused)
{
    const int64_t v = territory_case_draft();
    size_t n;

    assert_ok(b.ctx, store_territory_approve_checked(b.ws, v, &n));
    assert_status(b.ctx, GB_ERR_DATA,
                  store_territory_activate_checked(b.ws, v,
                                                   day("2026-02-20"), &n));
    says("0 owners on 2026-02-20");
}
END_TEST

START_TEST(days_without_an_owner_are_found_by_the_check)
{
    store_findings found;

    assert_ok(b.ctx, store_exec(b.ws, "UPDATE territory_owner SET to_date = "
                                      "'2026-05-01' WHERE territory_id = 1;"
                                      "INSERT INTO territory_owner VALUES(1, "
                                      "2, '2026-06-01', NULL)"));
    assert_ok(b.ctx, store_territory_check(b.ws, 1, day("2026-03-02"), 0,
                                           &found));
    ck_assert_uint_eq(found.n, 1);
    ck_assert_str_eq(found.items[0].text,
                     "territory t1 has no owner from 2026-05-01 on");
    store_findings_clear(&found);
}
END_TEST

START_TEST(history_says_who_had_what_when)
{
    const int64_t v = territory_case_draft();
    const store_history_of of = { .territory = "t1" };
    const store_history_of cell = { .cell = "cell00009" };
    const store_history_of none = { .manager = "m9" };
    store_history h;
    size_t n;

    assert_ok(b.ctx, store_territory_approve_checked(b.ws, v, &n));
    assert_ok(b.ctx, store_territory_activate_checked(
                         b.ws, v, day("2026-03-09"), &n));
    assert_ok(b.ctx, store_load_history(b.ws, &of, &h));
    ck_assert_uint_eq(h.n_versions, 2);
    ck_assert_int_eq(h.versions[0].state, STORE_VERSION_RETIRED);
    ck_assert_int_eq(h.versions[0].to, day("2026-03-09"));
    ck_assert_uint_eq(h.n_tenures, 2);
    ck_assert_int_eq(h.tenures[0].from, day("2026-03-02"));
    ck_assert_int_eq(h.tenures[0].to, day("2026-03-09"));
    ck_assert_int_eq(h.tenures[1].from, day("2026-03-09"));
    ck_assert_int_eq(h.tenures[1].to, STORE_NO_DAY);
    store_history_clear(&h);
    assert_ok(b.ctx, store_load_history(b.ws, &cell, &h));
    ck_assert_uint_eq(h.n_tenures, 2);
    ck_assert_str_eq(h.tenures[0].manager, "m2");
    store_history_clear(&h);
    assert_ok(b.ctx, store_load_history(b.ws, &none, &h));
    ck_assert_uint_eq(h.n_tenures, 0);
    store_history_clear(&h);
}
END_TEST

/* ------------------------------------------------------------------- edit */

static gb_status move(const char *cell, const char *to, store_edit *e)
{
    const store_move one = { cell, to };

    return store_edit_try(b.ws, 1, &one, 1, e);
}

START_TEST(a_move_says_what_it_does_and_becomes_a_draft)
{
    store_edit e;
    store_figures f;
    int64_t v = 0;

    assert_ok(b.ctx, move("cell00008", "t2", &e));
    ck_assert_uint_eq(e.n_touched, 2);
    assert_near(e.after.items[0].activity[0], 70.0, 1e-9);
    assert_near(e.after.items[1].activity[1], 100.0 + 8.0, 1e-9);
    assert_near(e.before.items[0].activity[0], 80.0, 1e-9);
    assert_near(store_figure_deviation(&e.after.items[0], 0), -0.125, 1e-12);
    assert_near(e.after.items[0].perimeter_m, 1200.0, 1e-6);
    assert_ok(b.ctx, store_edit_save(b.ws, &e, "a school", &v));
    store_edit_clear(&e);
    assert_ok(b.ctx, store_load_figures(b.ws, v, STORE_NO_DAY, &f));
    ck_assert_int_eq(f.state, STORE_VERSION_DRAFT);
    ck_assert_int_eq(f.made_from, 1);
    ck_assert_str_eq(f.note, "a school");
    ck_assert_uint_eq(f.items[0].n_cells, 7);
    ck_assert_str_eq(f.items[0].manager, "m1");
    assert_near(f.items[0].activity[1], 28.0, 1e-9);
    assert_near(f.items[0].fair[1], 68.0, 1e-9);
    assert_near(f.items[0].area_m2, 70000.0, 1e-6);
    store_figures_clear(&f);
    /* The outline is that of its cells. */
    ck_assert_int_eq(territory_case_int(
        "SELECT round(ST_Area(geom)) FROM territory WHERE "
        "territory_version_id = 2 AND ref = 't1'"), 70000);
    ck_assert_int_eq(territory_case_int(
        "SELECT count(*) FROM territory_cell WHERE territory_version_id = 1 "
        "AND territory_id = 1"), 8);
}
END_TEST

START_TEST(a_cell_that_does_not_touch_names_those_that_would_go_along)
{
    store_edit e;

    assert_status(b.ctx, GB_ERR_INFEASIBLE, move("cell00002", "t2", &e));
    says("cell cell00002 does not touch territory t2");
    ck_assert_uint_eq(e.n_along, 1);
    ck_assert_str_eq(e.before.cells.refs[e.along[0]], "cell00006");
    store_edit_clear(&e);
}
END_TEST

START_TEST(a_territory_that_would_fall_apart_names_those_that_are_cut_off)
{
    const store_move moves[] = { { "cell00006", "t2" },
                                 { "cell00002", "t2" } };
    store_edit e;

    assert_status(b.ctx, GB_ERR_INFEASIBLE,
                  store_edit_try(b.ws, 1, moves, 2, &e));
    says("territory t1 would fall apart: 2 cells are cut off");
    ck_assert_uint_eq(e.n_along, 2);
    ck_assert_str_eq(e.before.cells.refs[e.along[0]], "cell00001");
    ck_assert_str_eq(e.before.cells.refs[e.along[1]], "cell00005");
    store_edit_clear(&e);
}
END_TEST

START_TEST(a_territory_is_never_emptied)
{
    store_move moves[8];
    char refs[8][16];
    store_edit e;

    for (int c = 0; c < 8; c++) {
        snprintf(refs[c], sizeof refs[c], "cell%05d", c + 1);
        moves[c] = (store_move){ refs[c], "t2" };
    }
    assert_status(b.ctx, GB_ERR_INFEASIBLE,
                  store_edit_try(b.ws, 1, moves, 8, &e));
    says("territory t1 would be empty");
    store_edit_clear(&e);
}
END_TEST

START_TEST(an_edit_keeps_what_people_decided)
{
    static const struct {
        store_ground_rule_in rule;
        const char *text;
    } table[] = {
        { { .kind = STORE_RULE_LOCK, .cell = "cell00008" },
          "cell cell00008 is locked" },
        { { .kind = STORE_RULE_FREEZE, .territory = "t2" },
          "territory t2 is locked" },
        { { .kind = STORE_RULE_APART, .cell = "cell00008",
            .other = "cell00012" }, "both would be in t2" },
        { { .kind = STORE_RULE_BARRED, .cell = "cell00008",
            .manager = "m2" }, "barred to m2, who has territory t2" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        store_ground_rule_in rule = table[i].rule;
        store_edit e;

        rule.since = STORE_NO_DAY;
        assert_ok(b.ctx, store_ground_rules_add(b.ws, &rule, 1));
        assert_status(b.ctx, GB_ERR_INFEASIBLE, move("cell00008", "t2", &e));
        says(table[i].text);
        store_edit_clear(&e);
        assert_ok(b.ctx, store_ground_rules_remove(b.ws, &rule, 1));
        assert_ok(b.ctx, move("cell00008", "t2", &e));
        store_edit_clear(&e);
    }
}
END_TEST

START_TEST(what_cannot_be_moved_is_told)
{
    const store_move two[] = { { "cell00008", "t2" }, { "cell00008", "t1" } };
    store_edit e;

    assert_status(b.ctx, GB_ERR_NOT_FOUND, move("cell99", "t2", &e));
    store_edit_clear(&e);
    assert_status(b.ctx, GB_ERR_NOT_FOUND, move("cell00008", "t9", &e));
    store_edit_clear(&e);
    assert_status(b.ctx, GB_ERR_STATE, move("cell00008", "t1", &e));
    store_edit_clear(&e);
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  store_edit_try(b.ws, 1, two, 2, &e));
    store_edit_clear(&e);
}
END_TEST

/* ------------------------------------------------------------------- diff */

static int64_t moved_draft(void)
{
    const store_move moves[] = { { "cell00005", "t2" },
                                 { "cell00001", "t2" } };
    store_edit e;
    int64_t v = 0;

    assert_ok(b.ctx, store_edit_try(b.ws, 1, moves, 2, &e));
    assert_ok(b.ctx, store_edit_save(b.ws, &e, NULL, &v));
    store_edit_clear(&e);
    return v;
}

START_TEST(a_diff_lists_the_cells_that_change_hands_with_their_customers)
{
    const int64_t v = moved_draft();
    store_figures x, y;
    store_diff d;

    assert_ok(b.ctx, store_load_figures(b.ws, 1, STORE_NO_DAY, &x));
    assert_ok(b.ctx, store_load_figures(b.ws, v, STORE_NO_DAY, &y));
    assert_ok(b.ctx, store_diff_make(b.ws, &x, &y, &d));
    ck_assert(d.has_same_cells);
    ck_assert_uint_eq(d.n_cells, 2);
    ck_assert_uint_eq(d.n_changing_hands, 2);
    ck_assert_str_eq(y.cells.refs[d.cells[0].cell], "cell00001");
    ck_assert_str_eq(d.cells[0].from, "t1");
    ck_assert_str_eq(d.cells[0].to_manager, "m2");
    ck_assert_int_eq(d.n_customers, 1);
    assert_near(d.activity, 20.0, 1e-9);
    ck_assert_uint_eq(d.n_flows, 1);
    ck_assert_uint_eq(d.n_managers, 2);
    ck_assert_int_eq(d.managers[0].cells_out, 2);
    ck_assert_int_eq(d.managers[1].customers_in, 1);
    store_diff_clear(&d);
    assert_ok(b.ctx, store_diff_make(b.ws, &x, &x, &d));
    ck_assert_uint_eq(d.n_cells + d.n_flows + d.n_managers, 0);
    store_diff_clear(&d);
    store_figures_clear(&x);
    store_figures_clear(&y);
}
END_TEST

START_TEST(a_diff_over_other_cells_goes_by_customers)
{
    static const int64_t ids[] = { 1, 2 };
    static const uint32_t cell_of[] = { 0, 8 };
    const store_territory_in items[] = { { "t1", 1, 1, 1, 1.0, NULL },
                                         { "t2", 2, 2, 2, 1.0, NULL } };
    uint32_t of_cell[9] = { 1, 1, 1, 1, 1, 1, 1, 1, 0 };
    store_territories_in in = { .items = items, .n = 2, .of_cell = of_cell };
    store_figures x, y;
    store_cells cells;
    store_diff d;
    int64_t v = 0;

    ground_make(&g, 3);
    in.owner_from = day("2026-03-01");
    assert_ok(b.ctx, store_save_cells(b.ws, &g.cells));
    assert_ok(b.ctx, store_load_cells(b.ws, &cells));
    assert_ok(b.ctx, store_save_customer_cells(b.ws, &cells, ids, cell_of, 2));
    assert_ok(b.ctx, store_save_territories(b.ws, &cells, &in, &v));
    store_cells_clear(&cells);
    assert_ok(b.ctx, store_load_figures(b.ws, 1, STORE_NO_DAY, &x));
    assert_ok(b.ctx, store_load_figures(b.ws, v, STORE_NO_DAY, &y));
    assert_ok(b.ctx, store_diff_make(b.ws, &x, &y, &d));
    ck_assert(!d.has_same_cells);
    ck_assert_uint_eq(d.n_cells, 0);
    ck_assert_int_eq(d.n_customers, 2);
    ck_assert_uint_eq(d.n_flows, 2);
    store_diff_clear(&d);
    store_figures_clear(&x);
    store_figures_clear(&y);
}
END_TEST

/* --------------------------------------------------------------- handover */

static void add_tasks(void)
{
    assert_ok(b.ctx, store_exec(
        b.ws,
        "INSERT INTO appointment(customer_id, day, from_s, to_s, manager_id) "
        "VALUES(1, '2026-03-05', 36000, 39600, 1), "
        "(1, '2026-03-20', 36000, 39600, 1);"
        "INSERT INTO visit(customer_id, manager_id, day, outcome, at_s) VALUES"
        "(1, 1, '2026-02-02', 'met', 53400), "
        "(1, 1, '2026-02-10', 'absent', 36000), "
        "(1, 1, '2026-02-16', 'met', 50500);"
        "INSERT INTO plan(id, from_date, to_date, as_of) "
        "VALUES(1, '2026-03-10', '2026-03-10', '2026-03-10'), "
        "(2, '2026-03-11', '2026-03-11', '2026-03-11');"
        "INSERT INTO plan_route(id, plan_id, day, manager_id, branch_id, "
        "mode, leave_s, back_s, travel_s, travel_m, service_s, wait_s, prize) "
        "VALUES(1, 1, '2026-03-10', 1, 1, 'foot', 0, 1, 0, 0, 0, 0, 0), "
        "(2, 2, '2026-03-11', 1, 1, 'foot', 0, 1, 0, 0, 0, 0, 0), "
        "(3, 2, '2026-03-11', 2, 1, 'foot', 0, 1, 0, 0, 0, 0, 0);"
        "INSERT INTO plan_stop(plan_route_id, seq, stop_no, customer_id, "
        "travel_s, travel_m, arrive_s, start_s, end_s, prize, is_must, geom) "
        "SELECT r.id, 1, 1, 1, 0, 0, 36000, 36000, 36900, 5, 0, "
        "MakePoint(114, 30, 4326) FROM plan_route r WHERE r.id < 3"));
}

static size_t count(const json_t *pack, const char *key)
{
    return json_array_size(json_object_get(pack, key));
}

START_TEST(a_handover_takes_owners_appointments_and_whole_routes_along)
{
    const store_handover h = { "m1", "m2", NULL, day("2026-03-10"), false };
    json_t *pack = NULL;
    const json_t *contact;

    add_tasks();
    assert_ok(b.ctx, store_handover_do(b.ws, &h, &pack));
    ck_assert_uint_eq(count(pack, "territories"), 1);
    ck_assert_uint_eq(count(pack, "cells"), 8);
    ck_assert_uint_eq(count(pack, "appointments"), 1);
    ck_assert_uint_eq(count(pack, "stops"), 2);
    ck_assert_uint_eq(count(pack, "visits"), 3);
    contact = json_array_get(json_object_get(pack, "contacts"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(contact,
                                                        "best_weekday")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(contact,
                                                        "best_hour")), 14);
    json_decref(pack);
    ck_assert_int_eq(territory_case_int(
        "SELECT count(*) FROM territory_owner WHERE manager_id = 1 "
        "AND to_date = '2026-03-10'"), 1);
    ck_assert_int_eq(territory_case_int(
        "SELECT count(*) FROM territory_owner WHERE manager_id = 2 "
        "AND territory_id = 1 AND from_date = '2026-03-10'"), 1);
    ck_assert_int_eq(territory_case_int(
        "SELECT manager_id FROM appointment WHERE day = '2026-03-20'"), 2);
    ck_assert_int_eq(territory_case_int(
        "SELECT manager_id FROM appointment WHERE day = '2026-03-05'"), 1);
    ck_assert_int_eq(territory_case_int(
        "SELECT manager_id FROM plan_route WHERE id = 1"), 2);
    /* m2 has a route of his own on that day: it must be planned again. */
    ck_assert_int_eq(territory_case_int(
        "SELECT manager_id FROM plan_route WHERE id = 2"), 1);
}
END_TEST

START_TEST(a_dry_run_changes_nothing)
{
    const store_handover h = { "m1", "m2", "t1", day("2026-03-10"), true };
    json_t *pack = NULL;

    add_tasks();
    assert_ok(b.ctx, store_handover_do(b.ws, &h, &pack));
    ck_assert_uint_eq(count(pack, "stops"), 2);
    json_decref(pack);
    ck_assert_int_eq(territory_case_int(
        "SELECT count(*) FROM territory_owner WHERE to_date IS NOT NULL"), 0);
    ck_assert_int_eq(territory_case_int(
        "SELECT count(*) FROM plan_route WHERE manager_id = 1"), 2);
}
END_TEST

START_TEST(a_handover_of_nothing_is_refused)
{
    static const struct {
        store_handover h;
        gb_status status;
    } table[] = {
        { { "m1", "m1", NULL, 0, false }, GB_ERR_ARGUMENT },
        { { "m1", "m9", NULL, 0, false }, GB_ERR_NOT_FOUND },
        { { "m9", "m1", NULL, 0, false }, GB_ERR_NOT_FOUND },
        { { "m1", "m2", "t2", 0, false }, GB_ERR_STATE },
    };
    json_t *pack = NULL;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        store_handover h = table[i].h;

        h.on = day("2026-03-10");
        assert_status(b.ctx, table[i].status,
                      store_handover_do(b.ws, &h, &pack));
        ck_assert_ptr_null(pack);
        h.on = day("2026-03-01");
        assert_status(b.ctx,
                      table[i].status == GB_ERR_STATE ? GB_ERR_NOT_FOUND
                                                      : table[i].status,
                      store_handover_do(b.ws, &h, &pack));
    }
}
END_TEST

/* ------------------------------------------------------------------ links */

START_TEST(an_override_beats_the_lead_and_one_outside_is_told)
{
    store_people people;
    store_links l;

    assert_ok(b.ctx, store_exec(
        b.ws,
        "INSERT INTO customer_relation(customer_id, manager_id, role) "
        "VALUES(1, 1, 'lead'), (1, 2, 'assist'), (2, 1, 'lead');"
        "INSERT INTO customer_assignment(customer_id, manager_id, reason, "
        "from_date, to_date) VALUES(1, 2, 'asked', '2026-03-05', "
        "'2026-03-08')"));
    assert_ok(b.ctx, store_load_links(b.ws, 1, day("2026-03-04"), &l));
    ck_assert_uint_eq(l.n, 2);
    ck_assert_uint_eq(l.n_outside, 1);
    ck_assert_str_eq(l.items[1].owner, "m2");
    store_links_clear(&l);
    assert_ok(b.ctx, store_load_links(b.ws, 1, day("2026-03-05"), &l));
    ck_assert_uint_eq(l.n_outside, 2);
    ck_assert_str_eq(l.items[0].reason, "asked");
    ck_assert(!l.items[0].is_lead);
    store_links_clear(&l);
    assert_ok(b.ctx, store_load_links(b.ws, 1, day("2026-03-08"), &l));
    ck_assert(l.items[0].is_lead);
    store_links_clear(&l);
    assert_ok(b.ctx, store_load_people(b.ws, "c1", day("2026-03-05"),
                                       &people));
    ck_assert_uint_eq(people.n, 3);
    ck_assert_str_eq(people.items[0].by, "assignment");
    ck_assert_str_eq(people.items[1].by, "lead");
    ck_assert_str_eq(people.items[2].manager, "m2");
    store_people_clear(&people);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_territory_life");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_version_has_its_figures);
    tcase_add_test(tcase, a_version_is_found_by_number_word_and_date);
    tcase_add_test(tcase,
                   a_version_goes_from_draft_to_approved_to_active_to_retired);
    tcase_add_test(
        tcase,
        a_draft_that_is_not_wanted_is_retired_and_never_comes_into_force);
    tcase_add_test(tcase, an_invalid_version_is_refused_with_the_reason);
    tcase_add_test(tcase, a_version_without_owners_on_the_day_is_refused);
    tcase_add_test(tcase, days_without_an_owner_are_found_by_the_check);
    tcase_add_test(tcase, history_says_who_had_what_when);
    tcase_add_test(tcase, a_move_says_what_it_does_and_becomes_a_draft);
    tcase_add_test(tcase,
                   a_cell_that_does_not_touch_names_those_that_would_go_along);
    tcase_add_test(
        tcase, a_territory_that_would_fall_apart_names_those_that_are_cut_off);
    tcase_add_test(tcase, a_territory_is_never_emptied);
    tcase_add_test(tcase, an_edit_keeps_what_people_decided);
    tcase_add_test(tcase, what_cannot_be_moved_is_told);
    tcase_add_test(
        tcase, a_diff_lists_the_cells_that_change_hands_with_their_customers);
    tcase_add_test(tcase, a_diff_over_other_cells_goes_by_customers);
    tcase_add_test(
        tcase, a_handover_takes_owners_appointments_and_whole_routes_along);
    tcase_add_test(tcase, a_dry_run_changes_nothing);
    tcase_add_test(tcase, a_handover_of_nothing_is_refused);
    tcase_add_test(tcase, an_override_beats_the_lead_and_one_outside_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
