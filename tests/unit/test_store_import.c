#include "store_db.h"
#include "test.h"

#include <stdarg.h>
#include <unistd.h>

static gb_context *ctx;
static gb_workspace *ws;
static gb_import_report *report;
static char folder[400];

static const char branches[]
    = "branch_ref,org_ref,name,lon,lat\n"
      "b1,,春熙路支行,104.0800,30.6570\n"
      "b2,,,104.0600,30.6700\n";
static const char places[]
    = "place_ref,kind,name,lon,lat,gate_lon,gate_lat,access_s\n"
      "p1,compound,翠湖一号,104.0810,30.6580,104.0811,30.6581,120\n"
      "p2,building,,104.0820,30.6590,,,\n";
static const char managers[]
    = "manager_ref,branch_ref,mode,shift_start,shift_end,break_from,break_to,"
      "break_s\n"
      "m1,b1,ebike,09:00,17:30,12:00,13:30,3600\n";
static const char tags[] = "tag,title_zh,title_en,values\n"
                           "pos_prospect,待发展POS机商户,,\n"
                           "industry,行业,industry,餐饮;零售\n";
static const char customers[]
    = "customer_ref,branch_ref,place_ref,manager_ref,lon,lat,accuracy,"
      "balance_fen,peak_24m_fen,last_txn_on,opened_on,do_not_visit,reach_sms,"
      "window_from,window_to,service_s,tags\n"
      "c1,b1,p1,m1,,,,100,500,2025-01-31,2019-05-01,0,1,09:00,11:00,600,"
      "pos_prospect;industry=餐饮\n"
      "c2,b2,,,104.0615,30.6710,exact,-5,,,,,,,,,\n"
      "c3,b1,p2,,,,,0,,,,1,,,,,\n";

static const char *put(const char *name, const char *text)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    test_write_file(path, text, strlen(text));
    return path;
}

static gb_status load(const char *kind, const char *name, const char *text,
                      const gb_import_options *options)
{
    gb_import_report_free(report);
    return gb_import(ctx, ws, kind, put(name, text), options, &report);
}

static void load_basics(void)
{
    assert_ok(ctx, load("branches", "b.csv", branches, NULL));
    assert_ok(ctx, load("managers", "m.csv", managers, NULL));
    assert_ok(ctx, load("places", "p.csv", places, NULL));
    assert_ok(ctx, load("tags", "t.csv", tags, NULL));
}

static gb_import_counts counts(void)
{
    gb_import_counts c = { .size = sizeof c };

    ck_assert_ptr_nonnull(report);
    ck_assert_int_eq(gb_import_report_counts(report, 0, &c), GB_OK);
    return c;
}

static gb_import_reason reason(size_t i)
{
    gb_import_reason r = { .size = sizeof r };

    ck_assert_msg(i < gb_import_report_n_reasons(report, 0),
                  "only %zu reasons", gb_import_report_n_reasons(report, 0));
    ck_assert_int_eq(gb_import_report_reason(report, 0, i, &r), GB_OK);
    return r;
}

static int64_t ask(const char *sql)
{
    base_run run;
    int64_t value = -1;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    assert_ok(ctx, store_query_int(ws, sql, &value));
    store_leave(ws);
    return value;
}

static void set_up(void)
{
    char path[512];

    ctx = test_context();
    snprintf(folder, sizeof folder, "%s", test_folder());
    snprintf(path, sizeof path, "%s/bank.gb", folder);
    report = NULL;
    assert_ok(ctx, gb_workspace_create(ctx, path, NULL, &ws));
}

static void tear_down(void)
{
    gb_import_report_free(report);
    gb_workspace_close(ws);
    gb_context_free(ctx);
}

START_TEST(every_table_kind_is_loaded)
{
    static const struct {
        const char *kind, *text, *sql;
        int64_t value;
    } files[] = {
        { "orgs",
          "org_ref,parent_ref,level,name\no3,o2,支行,\no1,,一级分行,\n"
          "o2,o1,二级分行,\n",
          "SELECT count(*) FROM org o JOIN org p ON p.id = o.parent_id", 2 },
        { "branches", branches, "SELECT count(*) FROM branch", 2 },
        { "managers", managers, "SELECT shift_end_s FROM manager", 63000 },
        { "calendar",
          "date,manager_ref,is_working\n2026-05-01,,0\n2026-05-01,m1,1\n",
          "SELECT sum(is_working) FROM calendar_day", 1 },
        { "products",
          "product_ref,name,kind,complexity\nw1,安心理财,wealth,complex\n"
          "d1,,deposit,\n",
          "SELECT count(*) FROM product WHERE complexity = 'standard'", 1 },
        { "tags", tags, "SELECT count(*) FROM tag", 2 },
        { "places", places, "SELECT access_s FROM place WHERE ref = 'p1'",
          120 },
        { "customers", customers,
          "SELECT count(*) FROM customer WHERE geom IS NOT NULL", 3 },
        { "holdings",
          "customer_ref,product_ref,amount_fen,opened_on,matures_on,"
          "closed_on\nc1,w1,100000,2025-01-01,2026-01-01,\n",
          "SELECT amount_fen FROM holding", 100000 },
        { "appointments",
          "customer_ref,date,from,to,manager_ref\nc1,2026-03-02,10:00,10:30,"
          "m1\n",
          "SELECT to_s - from_s FROM appointment", 1800 },
    };

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        assert_ok(ctx, load(files[f].kind, "x.csv", files[f].text, NULL));
        ck_assert_msg(counts().n_rejected == 0, "%s: %s", files[f].kind,
                      counts().n_rejected ? reason(0).reason : "");
        ck_assert_msg(ask(files[f].sql) == files[f].value, "%s: %lld",
                      files[f].kind, (long long)ask(files[f].sql));
    }
    ck_assert_int_eq(gb_workspace_epsg(ws), 4534 + 35 - 25); /* 105 E */
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_tag"), 2);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer WHERE "
                         "located_by = 'place'"), 2);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer WHERE "
                         "accuracy = 'building'"), 1);
}
END_TEST

/* FEATURES row 10: re-load changes nothing. */
START_TEST(a_second_load_changes_nothing_and_says_so)
{
    load_basics();
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    ck_assert_uint_eq(counts().n_loaded, 3);
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    ck_assert_uint_eq(counts().n_loaded, 0);
    ck_assert_uint_eq(counts().n_changed, 0);
    ck_assert_uint_eq(counts().n_unchanged, 3);
    assert_ok(ctx, load("places", "p.csv", places, NULL));
    ck_assert_uint_eq(counts().n_unchanged, 2);
}
END_TEST

START_TEST(one_manager_leads_and_the_newest_file_says_who)
{
    static const char first[] = "customer_ref,manager_ref,role,comes_along\n"
                                "c1,m1,lead,\nc1,m2,assist,1\n";
    static const char other[] = "customer_ref,manager_ref,role\nc1,m2,lead\n";
    static const char two[] = "customer_ref,manager_ref,role\nc2,m1,lead\n"
                              "c2,m2,lead\n";

    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.max_reject_ratio = 0.9;
    load_basics();
    assert_ok(ctx, load("managers", "n.csv",
                        "manager_ref,branch_ref,mode,shift_start,shift_end\n"
                        "m2,b1,foot,09:00,17:00\n", NULL));
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    assert_ok(ctx, load("relations", "r.csv", first, NULL));
    ck_assert_uint_eq(counts().n_loaded, 2);
    assert_ok(ctx, load("relations", "r.csv", first, NULL));
    ck_assert_uint_eq(counts().n_unchanged, 2);
    assert_ok(ctx, load("relations", "o.csv", other, NULL));
    ck_assert_uint_eq(counts().n_changed, 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_relation r JOIN "
                         "manager m ON m.id = r.manager_id WHERE "
                         "(m.ref = 'm2') = (r.role = 'lead')"), 2);
    assert_ok(ctx, load("relations", "r.csv", first, NULL));
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_relation r JOIN "
                         "manager m ON m.id = r.manager_id WHERE "
                         "(m.ref = 'm1') = (r.role = 'lead')"), 2);
    assert_ok(ctx, load("relations", "t.csv", two, &options));
    ck_assert_uint_eq(counts().n_rejected, 1);
    ck_assert_int_eq(reason(0).code, 3131);
}
END_TEST

START_TEST(an_override_has_a_reason_and_nothing_personal)
{
    static const char file[]
        = "customer_ref,manager_ref,reason,from,until\n"
          "c1,m1,asked for,2026-03-01,2026-04-01\nc2,m1,,,\n"
          "c3,m1,call 13800138000,,\nc3,m9,x,,\n"
          "c3,m1,x,2026-04-01,2026-03-01\n";
    static const struct {
        const char *column;
        int32_t code;
    } wanted[] = { { "reason", 3110 }, { "reason", 3121 },
                   { "manager_ref", 3112 }, { "until", 3125 } };
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.max_reject_ratio = 0.9;
    load_basics();
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    assert_ok(ctx, load("assignments", "a.csv", file, &options));
    ck_assert_uint_eq(counts().n_loaded, 1);
    ck_assert_uint_eq(counts().n_rejected, 4);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        bool is_there = false;

        for (size_t r = 0; r < 4; r++)
            is_there |= reason(r).code == wanted[i].code
                        && strcmp(reason(r).column, wanted[i].column) == 0;
        ck_assert_msg(is_there, "%s %d", wanted[i].column, wanted[i].code);
    }
    assert_ok(ctx, load("assignments", "a.csv",
                        "customer_ref,manager_ref,reason,from,until\n"
                        "c1,m1,asked for,2026-03-01,2026-04-01\n", NULL));
    ck_assert_uint_eq(counts().n_unchanged, 1);
}
END_TEST

START_TEST(only_the_rows_that_differ_are_changed)
{
    load_basics();
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    assert_ok(ctx, load("customers", "c.csv",
                        "customer_ref,branch_ref,balance_fen\n"
                        "c1,b1,100\nc2,b2,7\nc4,b1,1\n", NULL));
    ck_assert_uint_eq(counts().n_loaded, 1);
    ck_assert_uint_eq(counts().n_changed, 1);
    ck_assert_uint_eq(counts().n_unchanged, 1);
    /* Columns that the file does not have keep what they hold. */
    ck_assert_int_eq(ask("SELECT service_s FROM customer WHERE ref = 'c1'"),
                     600);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_tag"), 2);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer WHERE "
                         "geom IS NOT NULL"), 3);
    assert_ok(ctx, load("customers", "c.csv",
                        "customer_ref,branch_ref,balance_fen,tags\n"
                        "c1,b1,100,industry=零售\n", NULL));
    ck_assert_uint_eq(counts().n_changed, 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_tag WHERE "
                         "value = '零售'"), 1);
}
END_TEST

START_TEST(customers_move_with_their_place)
{
    load_basics();
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    assert_ok(ctx, load("places", "p.csv",
                        "place_ref,kind,lon,lat\np1,compound,104.09,30.66\n",
                        NULL));
    ck_assert_int_eq(ask("SELECT count(*) FROM customer c JOIN place p ON "
                         "p.id = c.place_id AND p.geom = c.geom"), 2);
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    ck_assert_uint_eq(counts().n_unchanged, 3);
}
END_TEST

typedef struct bad_row {
    const char *row;
    int32_t code;
    const char *column, *mend; /* "" = any */
} bad_row;

#define REST ",exact,1,,,,,,,,,"

static const bad_row bad_rows[] = {
    { "x,b1,,,1040.61,30.67" REST, 3107, "lon", "104.061" },
    { "x,b1,,,104.06,306.7" REST, 3108, "lat", "30.67" },
    { "x,b1,,,30.67,104.06" REST, 3109, "lon", "" },
    { "x,b1,,,hello,30.67" REST, 3107, "lon", "" },
    { "x,b1,,,104.06," REST, 3123, "lon", "" },
    { ",b1,,,,," REST "x", 3105, "", "" },
    { ",b1,,,," REST, 3110, "customer_ref", "" },
    { "x x,b1,,,," REST, 3111, "customer_ref", "" },
    { "x,b9,,,," REST, 3112, "branch_ref", "" },
    { "x,b1,p9,,," REST, 3112, "place_ref", "" },
    { "x,b1,,m9,," REST, 3112, "manager_ref", "" },
    { "x,b1,,,,,exact,1,,20260302,,,,,,,", 3114, "last_txn_on",
      "2026-03-02" },
    { "x,b1,,,,,exact,1,,2026-02-29,,,,,,,", 3114, "last_txn_on", "" },
    { "x,b1,,,,,exact,12.50,,,,,,,,,", 3115, "balance_fen", "1250 fen" },
    { "x,b1,,,,,exact,,,,,,,,,,", 3110, "balance_fen", "" },
    { "x,b1,,,,,exact,1,,,,,,25:00,26:00,,", 3116, "window_from", "" },
    { "x,b1,,,,,exact,1,,,,yes,,,,,", 3117, "do_not_visit", "" },
    { "x,b1,,,,,exakt,1,,,,,,,,,", 3118, "accuracy", "exact" },
    { "x,b1,,,,,exact,1,,,,,,,,,pos_prospekt", 3119, "tags", "" },
    { "x,b1,,,,,exact,1,,,,,,,,,industry=餐饮业", 3120, "tags", "" },
    { "x,b1,,,,,exact,1,,,,,,,,,pos_prospect=1", 3120, "tags", "" },
    { "x,b1,,,,,exact,1,,,,,,11:00,09:00,,", 3125, "window_to", "" },
    { "x,b1,,,,,exact,1,,,,,,11:00,,,", 3126, "window_to", "" },
    { "13812345678,b1,,,," REST, 3121, "customer_ref", "" },
    { "x,b1,,,,,exact,1,,,,,,,,,\xff\xfe\xff", 3122, "", "" },
    { "x\"y,b1,,,," REST, 3106, "", "" },
    { "c0,b1,,,," REST, 3113, "customer_ref", "" },
};

/* FEATURES row 174: bad rows go to a reject file with reasons. */
START_TEST(a_bad_row_is_refused_with_its_code_and_spoils_no_other)
{
    const bad_row *bad = &bad_rows[_i];
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    char text[2048], path[512];
    char *rejects;
    size_t size;
    gb_import_reason r;

    load_basics();
    snprintf(text, sizeof text,
             "customer_ref,branch_ref,place_ref,manager_ref,lon,lat,accuracy,"
             "balance_fen,peak_24m_fen,last_txn_on,opened_on,do_not_visit,"
             "reach_sms,window_from,window_to,service_s,tags\n"
             "c0,b1,,,104.06,30.67" REST "\n%s\n"
             "c9,b2,,,104.07,30.68" REST "\n", bad->row);
    snprintf(path, sizeof path, "%s/rejects.csv", folder);
    options.reject_file = path;
    options.max_reject_ratio = 0.5;
    assert_ok(ctx, load("customers", "c.csv", text, &options));
    ck_assert_uint_eq(counts().n_rows, 3);
    ck_assert_uint_eq(counts().n_loaded, 2);
    ck_assert_uint_eq(counts().n_rejected, 1);
    r = reason(0);
    ck_assert_msg(r.code == bad->code, "%s: E%d %s: %s", bad->row, r.code,
                  r.column, r.reason);
    ck_assert_str_eq(r.column, bad->column);
    ck_assert_uint_eq(r.first_line, 3);
    ck_assert_msg(strstr(r.mend, bad->mend) != NULL, "mend: %s", r.mend);
    ck_assert_msg(!strstr(r.reason, "%s") && !strstr(r.mend, "%s"), "%s",
                  r.reason);
    rejects = test_read_file(path, &size);
    ck_assert_ptr_nonnull(strstr(rejects, ",line,code,reason,mend\n"));
    snprintf(text, sizeof text, ",3,E%d,", bad->code);
    ck_assert_msg(strstr(rejects, text) != NULL, "%s", rejects);
    free(rejects);
}
END_TEST

START_TEST(personal_data_is_refused_at_the_door_and_never_echoed)
{
    static const char *const refs[] = { "13812345678", "86-138-1234-5678",
                                        "11010519491231002X",
                                        "6222020200112230",
                                        "C13900001111" };
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    char text[512], path[512], *rejects;
    size_t size;

    load_basics();
    snprintf(path, sizeof path, "%s/rejects.csv", folder);
    options.reject_file = path;
    options.max_reject_ratio = 1;
    for (size_t i = 0; i < sizeof refs / sizeof refs[0]; i++) {
        snprintf(text, sizeof text,
                 "customer_ref,branch_ref,balance_fen,tags\n%s,b1,1,\n"
                 "x y,b1,1,%s\n", refs[i], refs[i]);
        assert_ok(ctx, load("customers", "c.csv", text, &options));
        ck_assert_msg(counts().n_rejected == 2, "%s", refs[i]);
        ck_assert_str_eq(reason(1).value, "(withheld)");
        rejects = test_read_file(path, &size);
        ck_assert_msg(!strstr(rejects, refs[i]), "%s", rejects);
        ck_assert_ptr_nonnull(strstr(rejects, "(withheld)"));
        free(rejects);
    }
    /* An ordinary number of eighteen digits is none of them. */
    assert_ok(ctx, load("customers", "c.csv",
                        "customer_ref,branch_ref,balance_fen\n"
                        "110105194912310021,b1,13812345678\n", NULL));
    ck_assert_uint_eq(counts().n_loaded, 1);
}
END_TEST

/* FEATURES row 29: the check refuses columns of names, phones, IDs. */
START_TEST(personal_columns_are_refused_unless_the_map_leaves_them_out)
{
    static const char *const names[] = { "name", "客户姓名", "手机号", "phone",
                                         "Mobile_No", "身份证号", "id_card",
                                         "账号", "card no", "cust_name" };
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    char text[256], map[64];

    load_basics();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text,
                 "customer_ref,branch_ref,balance_fen,%s\nc1,b1,1,Wang\n",
                 names[i]);
        assert_status(ctx, GB_ERR_DATA,
                      load("customers", "c.csv", text, NULL));
        ck_assert_msg(reason(0).code == 3104, "%s: %d", names[i],
                      reason(0).code);
        ck_assert_int_eq(counts().is_refused, 1);
        ck_assert_int_eq(ask("SELECT count(*) FROM customer"), 0);
    }
    snprintf(map, sizeof map, "%s=", names[9]);
    options.map = map;
    assert_ok(ctx, load("customers", "c.csv", text, &options));
    ck_assert_uint_eq(counts().n_loaded, 1);
}
END_TEST

START_TEST(an_unknown_column_is_refused_with_the_nearest_name)
{
    load_basics();
    assert_status(ctx, GB_ERR_DATA,
                  load("customers", "c.csv",
                       "customer_ref,branch_ref,balance_fem,lon,lon\n"
                       "c1,b1,1,,\n", NULL));
    ck_assert_uint_eq(gb_import_report_n_reasons(report, 0), 3);
    ck_assert_int_eq(reason(0).code, 3101);
    ck_assert_ptr_nonnull(strstr(reason(0).reason, "balance_fen"));
    ck_assert_int_eq(reason(1).code, 3102);
    ck_assert_int_eq(reason(2).code, 3103);
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "E3101  c.csv:1"));
}
END_TEST

START_TEST(a_map_gives_their_columns_our_names)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    load_basics();
    options.map = "客户编号=customer_ref,网点=branch_ref,余额=balance_fen,备注=";
    assert_ok(ctx, load("customers", "c.csv",
                        "客户编号,网点,余额,备注\nc1,b1,100,不存\n",
                        &options));
    ck_assert_int_eq(ask("SELECT balance_fen FROM customer"), 100);
    options.map = "a=no_such_column";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  load("customers", "c.csv", "a\n1\n", &options));
    options.map = "nonsense";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  load("customers", "c.csv", "a\n1\n", &options));
}
END_TEST

START_TEST(too_many_bad_rows_load_nothing)
{
    load_basics();
    assert_status(ctx, GB_ERR_DATA,
                  load("customers", "c.csv",
                       "customer_ref,branch_ref,balance_fen\n"
                       "c1,b1,1\nc2,b9,1\nc3,b8,1\n", NULL));
    ck_assert_uint_eq(counts().n_rejected, 2);
    ck_assert_uint_eq(reason(0).n_rows, 2);
    ck_assert_int_eq(counts().is_refused, 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM import_run WHERE kind = "
                         "'customers'"), 0);
}
END_TEST

START_TEST(a_dry_run_checks_all_and_loads_nothing)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.is_dry_run = 1;
    assert_ok(ctx, load("branches", "b.csv", branches, &options));
    ck_assert_uint_eq(counts().n_loaded, 2);
    ck_assert_int_eq(ask("SELECT count(*) FROM branch"), 0);
    ck_assert_int_eq(gb_workspace_epsg(ws), 0);
}
END_TEST

START_TEST(duplicates_are_named_with_both_lines)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    load_basics();
    options.max_reject_ratio = 1;
    assert_ok(ctx, load("customers", "c.csv",
                        "customer_ref,branch_ref,balance_fen\n"
                        "c1,b1,1\nc2,b1,1\n\nc1,b1,2\n", &options));
    ck_assert_int_eq(reason(0).code, 3113);
    ck_assert_uint_eq(reason(0).first_line, 5);
    ck_assert_ptr_nonnull(strstr(reason(0).reason, "line 2"));
    ck_assert_int_eq(ask("SELECT balance_fen FROM customer WHERE ref = 'c1'"),
                     1);
}
END_TEST

/* FEATURES row 177's path: GB18030 and UTF-8 with a mark. */
START_TEST(gb18030_and_marked_utf8_are_recognised_by_content)
{
    static const char gb[] = "org_ref,level,name\n"
                             "o1,\xd2\xbb\xbc\xb6\xb7\xd6\xd0\xd0,\n";
    static const char mixed[]
        = "\xef\xbb\xbforg_ref,level,name\r\no2,支行,\r\no3,支行,\r\n"
          "o4,\xd6\xa7\xd0\xd0,\r\n";

    assert_ok(ctx, load("orgs", "o.csv", gb, NULL));
    ck_assert_uint_eq(counts().n_converted, 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM org WHERE level = '一级分行'"),
                     1);
    assert_ok(ctx, load("orgs", "o.csv", mixed, NULL));
    ck_assert_uint_eq(counts().n_converted, 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM org WHERE level = '支行'"), 3);
    assert_status(ctx, GB_ERR_PARSE,
                  load("orgs", "o.csv", "\xff\xfe" "o", NULL));
}
END_TEST

START_TEST(json_and_json_lines_are_loaded_like_csv)
{
    load_basics();
    assert_ok(ctx, load("customers", "c.json",
                        "[{\"customer_ref\": \"c1\", \"branch_ref\": \"b1\", "
                        "\"balance_fen\": 100, \"lon\": 104.0615, \"lat\": "
                        "30.671, \"do_not_visit\": true, \"tags\": "
                        "[\"pos_prospect\", \"industry=餐饮\"]}, "
                        "{\"customer_ref\": \"c2\", \"branch_ref\": \"b1\", "
                        "\"balance_fen\": 5, \"lon\": null}]", NULL));
    ck_assert_uint_eq(counts().n_loaded, 2);
    ck_assert_int_eq(ask("SELECT count(*) FROM customer_tag"), 2);
    ck_assert_int_eq(ask("SELECT do_not_visit FROM customer WHERE "
                         "ref = 'c1'"), 1);
    assert_ok(ctx, load("customers", "c.jsonl",
                        "{\"customer_ref\": \"c1\", \"branch_ref\": \"b1\", "
                        "\"balance_fen\": 100}\n\n{\"customer_ref\": \"c3\", "
                        "\"branch_ref\": \"b1\", \"balance_fen\": 1}\n",
                        NULL));
    ck_assert_uint_eq(counts().n_loaded, 1);
    ck_assert_uint_eq(counts().n_unchanged, 1);
    assert_status(ctx, GB_ERR_PARSE,
                  load("customers", "c.json", "[{]", NULL));
    assert_status(ctx, GB_ERR_DATA,
                  load("customers", "c.jsonl", "{\"customer_ref\": \"c1\", "
                       "\"branch_ref\": \"b1\", \"balance_fen\": 1}\n{x\n",
                       NULL));
    ck_assert_int_eq(reason(0).code, 3128);
}
END_TEST

#define SQUARE(x, y, d)                                                       \
    "{\"type\":\"Polygon\",\"coordinates\":[[[" x "," y "],[" x d "," y       \
    "],[" x d "," y d "],[" x "," y d "],[" x "," y "]]]}"

START_TEST(shapes_come_as_geojson)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    static const char areas[]
        = "{\"type\":\"FeatureCollection\",\"features\":["
          "{\"type\":\"Feature\",\"properties\":{\"area_ref\":\"a1\","
          "\"name\":\"翠湖\"},\"geometry\":" SQUARE("104.06", "30.66", "1")
          "},{\"type\":\"Feature\",\"properties\":{\"area_ref\":\"a2\"},"
          "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[104,30],"
          "[104.1,30.1],[104.1,30],[104,30.1],[104,30]]]}}]}";
    static const char cells[]
        = "{\"type\":\"FeatureCollection\",\"features\":["
          "{\"type\":\"Feature\",\"properties\":{\"cell_ref\":\"k1\"},"
          "\"geometry\":" SQUARE("104.06", "30.66", "1") "}]}";
    static const char outlines[]
        = "{\"type\":\"FeatureCollection\",\"features\":["
          "{\"type\":\"Feature\",\"properties\":{\"place_ref\":\"p1\"},"
          "\"geometry\":" SQUARE("104.08", "30.65", "1") "}]}";

    assert_status(ctx, GB_ERR_STATE,
                  load("cells", "cells.geojson", cells, NULL));
    load_basics();
    options.max_reject_ratio = 0.5;
    assert_ok(ctx, load("areas", "a.geojson", areas, &options));
    ck_assert_uint_eq(counts().n_loaded, 1);
    ck_assert_int_eq(reason(0).code, 3124); /* a bow tie */
    assert_ok(ctx, load("cells", "cells.geojson", cells, NULL));
    assert_ok(ctx, load("cells", "cells.geojson", cells, NULL));
    ck_assert_uint_eq(counts().n_unchanged, 1);
    assert_ok(ctx, load("outlines", "o.geojson", outlines, NULL));
    ck_assert_int_eq(ask("SELECT ST_SRID(geom) FROM cell"), 4544);
    ck_assert_int_eq(ask("SELECT abs(ST_Area(geom) - area_m2) < 0.01 "
                         "FROM cell"), 1);
    ck_assert_int_eq(ask("SELECT ST_IsValid(geom) FROM area"), 1);
    ck_assert_int_eq(ask("SELECT ST_GeometryType(geom) = 'MULTIPOLYGON' "
                         "FROM place_outline"), 1);
}
END_TEST

/* A map without any compound gives a delivery without outlines. */
START_TEST(a_collection_without_features_lacks_no_column)
{
    load_basics();
    assert_ok(ctx, load("outlines", "o.geojson",
                        "{\"type\":\"FeatureCollection\",\"features\":[]}",
                        NULL));
    ck_assert_uint_eq(counts().n_loaded, 0);
    assert_status(ctx, GB_ERR_DATA,
                  load("outlines", "o.geojson",
                       "{\"type\":\"FeatureCollection\",\"features\":["
                       "{\"type\":\"Feature\",\"properties\":{},"
                       "\"geometry\":" SQUARE("104.08", "30.65", "1") "}]}",
                       NULL));
}
END_TEST

/* FEATURES row 31's first half: what is stored is WGS 84. */
START_TEST(a_declared_datum_is_turned_into_wgs84_and_kept)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    gb_lonlat at = { 104.08, 30.657 };
    char sql[256];

    options.datum = "gcj02";
    assert_ok(ctx, load("branches", "b.csv",
                        "branch_ref,lon,lat\nb1,104.08,30.657\n", &options));
    assert_ok(ctx, gb_datum_convert(ctx, GB_DATUM_GCJ02, GB_DATUM_WGS84, &at,
                                    1));
    snprintf(sql, sizeof sql,
             "SELECT abs(ST_X(geom) - %.12f) + abs(ST_Y(geom) - %.12f) < "
             "1e-9 AND datum = 'gcj02' FROM branch",
             at.lon_deg, at.lat_deg);
    ck_assert_int_eq(ask(sql), 1);
    options.datum = "beijing54";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  load("branches", "b.csv", branches, &options));
}
END_TEST

START_TEST(a_visit_may_tell_its_time_of_day)
{
    load_basics();
    assert_ok(ctx, load("customers", "c.csv", customers, NULL));
    assert_ok(ctx, load("visits", "v.csv",
                        "customer_ref,date,at,outcome\n"
                        "c1,2026-01-05,09:40,absent\n"
                        "c2,2026-01-05,,met\n"
                        "c3,2026-01-05,24:00,met\n", NULL));
    assert_status(ctx, GB_ERR_DATA,
                  load("visits", "w.csv", "customer_ref,date,at\nc3,2026-01-06,25:00\n",
                       NULL));
    ck_assert_int_eq(ask("SELECT at_s FROM visit WHERE outcome = 'absent'"),
                     34800);
    ck_assert_int_eq(ask("SELECT count(*) FROM visit WHERE at_s IS NULL"), 1);
    /* as it always came, and then with the time */
    assert_ok(ctx, load("visits", "old.csv",
                        "customer_ref,date,outcome\nc1,2026-01-05,absent\n",
                        NULL));
    ck_assert_int_eq(counts().n_unchanged, 1);
    ck_assert_int_eq(ask("SELECT count(at_s) FROM visit"), 2);
}
END_TEST

START_TEST(an_organisation_above_itself_is_refused)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.max_reject_ratio = 1;
    assert_ok(ctx, load("orgs", "o.csv",
                        "org_ref,parent_ref\no1,\no2,o1\nx1,x2\nx2,x1\n"
                        "y1,nowhere\ny2,y1\n", &options));
    ck_assert_uint_eq(counts().n_loaded, 2);
    ck_assert_uint_eq(counts().n_rejected, 4);
    ck_assert_int_eq(ask("SELECT count(*) FROM org"), 2);
    ck_assert_int_eq(reason(0).code, 3112);
    ck_assert_int_eq(reason(1).code, 3127);
}
END_TEST

START_TEST(an_unclosed_quote_loses_its_row_alone)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.max_reject_ratio = 1;
    assert_ok(ctx, load("orgs", "o.csv",
                        "org_ref,level,name\no1,\"a\nb\",n\no2,\"open,x\n"
                        "o3,l,n\no4,\"say \"\"hi\"\"\",n", &options));
    ck_assert_uint_eq(counts().n_loaded, 3);
    ck_assert_uint_eq(counts().n_rejected, 1);
    ck_assert_int_eq(reason(0).code, 3106);
    ck_assert_uint_eq(reason(0).first_line, 4);
    ck_assert_int_eq(ask("SELECT count(*) FROM org WHERE level = "
                         "'say \"hi\"'"), 1);
}
END_TEST

START_TEST(words_come_in_chinese_when_asked)
{
    load_basics();
    gb_context_set_lang(ctx, "zh");
    assert_status(ctx, GB_ERR_DATA,
                  load("customers", "c.csv", "customer_ref\nc1\n", NULL));
    ck_assert_int_eq(reason(0).code, 3102);
    ck_assert_ptr_nonnull(strstr(reason(0).reason, "列"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store_import");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, every_table_kind_is_loaded);
    tcase_add_test(tcase, a_second_load_changes_nothing_and_says_so);
    tcase_add_test(tcase, one_manager_leads_and_the_newest_file_says_who);
    tcase_add_test(tcase, an_override_has_a_reason_and_nothing_personal);
    tcase_add_test(tcase, only_the_rows_that_differ_are_changed);
    tcase_add_test(tcase, customers_move_with_their_place);
    tcase_add_loop_test(
        tcase, a_bad_row_is_refused_with_its_code_and_spoils_no_other, 0,
        (int)(sizeof bad_rows / sizeof bad_rows[0]));
    tcase_add_test(tcase,
                   personal_data_is_refused_at_the_door_and_never_echoed);
    tcase_add_test(
        tcase,
        personal_columns_are_refused_unless_the_map_leaves_them_out);
    tcase_add_test(tcase,
                   an_unknown_column_is_refused_with_the_nearest_name);
    tcase_add_test(tcase, a_map_gives_their_columns_our_names);
    tcase_add_test(tcase, too_many_bad_rows_load_nothing);
    tcase_add_test(tcase, a_dry_run_checks_all_and_loads_nothing);
    tcase_add_test(tcase, duplicates_are_named_with_both_lines);
    tcase_add_test(tcase,
                   gb18030_and_marked_utf8_are_recognised_by_content);
    tcase_add_test(tcase, json_and_json_lines_are_loaded_like_csv);
    tcase_add_test(tcase, shapes_come_as_geojson);
    tcase_add_test(tcase, a_collection_without_features_lacks_no_column);
    tcase_add_test(tcase, a_declared_datum_is_turned_into_wgs84_and_kept);
    tcase_add_test(tcase, a_visit_may_tell_its_time_of_day);
    tcase_add_test(tcase, an_organisation_above_itself_is_refused);
    tcase_add_test(tcase, an_unclosed_quote_loses_its_row_alone);
    tcase_add_test(tcase, words_come_in_chinese_when_asked);
    suite_add_tcase(suite, tcase);
    return suite;
}
