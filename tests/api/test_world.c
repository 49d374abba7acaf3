#include <gridbeat/gridbeat.h>

#include <sys/stat.h>
#include <unistd.h>

#include "small_town.h"
#include "test.h"

typedef struct scene {
    gb_context *ctx;
    char osm[512], out[512];
    gb_world_options options;
} scene;

static scene set_up(void)
{
    scene s = { .options = GB_WORLD_OPTIONS_INIT };
    const char *folder = test_folder();

    s.ctx = test_context();
    snprintf(s.osm, sizeof s.osm, "%s/town.osm", folder);
    snprintf(s.out, sizeof s.out, "%s/bank", folder);
    small_town_write(s.osm, 5);
    s.options.n_branches = 2;
    s.options.n_managers = 4;
    s.options.n_customers = 300;
    return s;
}

static gb_status make(scene *s, gb_world_report *report)
{
    s->options.osm = s->osm;
    s->options.out = s->out;
    return gb_world_make(s->ctx, &s->options, report);
}

static bool exists(const char *folder, const char *name)
{
    char path[2048];

    snprintf(path, sizeof path, "%.1000s%.1000s", folder, name);
    return access(path, F_OK) == 0;
}

START_TEST(a_delivery_has_all_its_files_and_says_what_is_in_it)
{
    static const char *const names[]
        = { "orgs.csv",         "branches.csv",  "managers.csv",
            "calendar.csv",     "products.csv",  "tags.csv",
            "places.csv",       "outlines.geojson", "areas.geojson",
            "customers.csv",    "holdings.csv",  "appointments.csv",
            "town.osm" };
    scene s = set_up();
    gb_world_report report = GB_WORLD_REPORT_INIT;
    char path[1024], *manifest;

    assert_ok(s.ctx, make(&s, &report));
    snprintf(path, sizeof path, "%s/manifest.json", s.out);
    manifest = test_read_file(path, NULL);
    ck_assert_ptr_nonnull(strstr(manifest, "\"gridbeat-delivery\""));
    ck_assert_ptr_nonnull(strstr(manifest, "\"as_of\": \"2026-03-02\""));
    ck_assert_ptr_nonnull(strstr(manifest, "\"datum\": \"wgs84\""));
    ck_assert_ptr_nonnull(strstr(manifest, "\"encoding\": \"gb18030\""));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "\"file\": \"%s\"", names[i]);
        ck_assert_msg(strstr(manifest, path) != NULL, "%s", names[i]);
        snprintf(path, sizeof path, "/%s", names[i]);
        ck_assert_msg(exists(s.out, path), "%s", names[i]);
    }
    free(manifest);
    ck_assert(!exists(s.out, ".part") && !exists(s.out, ".old"));
    ck_assert_uint_eq(report.n_branches, 2);
    ck_assert_uint_eq(report.n_managers, 4);
    ck_assert_uint_eq(report.n_customers, 300);
    ck_assert_uint_eq(report.n_spoilt, 3);
    ck_assert_uint_gt(report.n_holdings, 100);
    ck_assert_uint_gt(report.n_places, 50);
    ck_assert_uint_eq(report.n_compounds, 5);
    ck_assert_uint_gt(report.n_bytes, 30000);
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(defaults_are_those_of_the_header)
{
    gb_context *ctx = test_context();
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    gb_world_report report = GB_WORLD_REPORT_INIT;
    char out[512], path[600], *manifest;

    snprintf(out, sizeof out, "%s/bank", test_folder());
    options.osm = test_data_path("liechtenstein-2013-08-03.osm.pbf");
    options.out = out;
    assert_ok(ctx, gb_world_make(ctx, &options, &report));
    ck_assert_uint_eq(report.n_branches, 6);
    ck_assert_uint_eq(report.n_managers, 24);
    ck_assert_uint_eq(report.n_customers, 20000);
    snprintf(path, sizeof path, "%s/manifest.json", out);
    manifest = test_read_file(path, NULL);
    ck_assert_ptr_nonnull(strstr(manifest, "\"as_of\": \"2026-03-02\""));
    free(manifest);
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_asked_for_wrongly_is_refused)
{
    scene s = set_up();
    gb_world_report report = { .size = 3 };
    gb_world_options good;

    assert_status(s.ctx, GB_ERR_ARGUMENT, gb_world_make(s.ctx, NULL, NULL));
    assert_status(s.ctx, GB_ERR_OPTIONS, make(&s, &report));
    good = s.options;
    s.options.as_of = "2026-02-30";
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(s.ctx), "2026-02-30"));
    s.options = good;
    s.options.n_managers = 1;
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    s.options = good;
    s.options.n_branches = 2001;
    s.options.n_managers = 0;
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    s.options = good;
    s.options.n_customers = 20000001;
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    s.options = good;
    s.options.datum = 4;
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    s.options.datum = -1;
    assert_status(s.ctx, GB_ERR_ARGUMENT, make(&s, NULL));
    s.options = good;
    s.options.size = 3;
    assert_status(s.ctx, GB_ERR_OPTIONS, make(&s, NULL));
    ck_assert_int_eq(gb_world_make(NULL, NULL, NULL), GB_ERR_ARGUMENT);
    ck_assert(!exists(s.out, ""));
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(a_map_that_is_none_or_too_small_is_refused)
{
    scene s = set_up();

    s.options.n_branches = 1000;
    s.options.n_managers = 0;
    assert_status(s.ctx, GB_ERR_DATA, make(&s, NULL));
    s.options.n_branches = 2;
    test_write_file(s.osm, "no map", 6);
    assert_status(s.ctx, GB_ERR_PARSE, make(&s, NULL));
    small_town_write(s.osm, 0);
    assert_status(s.ctx, GB_ERR_DATA, make(&s, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(s.ctx), "no streets"));
    unlink(s.osm);
    assert_status(s.ctx, GB_ERR_IO, make(&s, NULL));
    ck_assert(!exists(s.out, "") && !exists(s.out, ".part"));
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(a_folder_with_other_things_is_left_alone)
{
    scene s = set_up();
    char path[600];

    ck_assert_int_eq(mkdir(s.out, 0777), 0);
    snprintf(path, sizeof path, "%s/letter.txt", s.out);
    test_write_file(path, "dear", 4);
    assert_status(s.ctx, GB_ERR_STATE, make(&s, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(s.ctx), "letter.txt"));
    ck_assert(exists(s.out, "/letter.txt"));
    ck_assert(!exists(s.out, "/manifest.json") && !exists(s.out, ".part"));
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(an_older_delivery_and_what_a_broken_run_left_are_replaced)
{
    scene s = set_up();
    char path[600], *first, *second;

    assert_ok(s.ctx, make(&s, NULL));
    snprintf(path, sizeof path, "%s/customers.csv", s.out);
    first = test_read_file(path, NULL);
    snprintf(path, sizeof path, "%s.part", s.out);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s.part/customers.csv", s.out);
    test_write_file(path, "half", 4);
    s.options.seed = 2;
    assert_ok(s.ctx, make(&s, NULL));
    snprintf(path, sizeof path, "%s/customers.csv", s.out);
    second = test_read_file(path, NULL);
    ck_assert_str_ne(first, second);
    ck_assert(!exists(s.out, ".part") && !exists(s.out, ".old"));
    free(first);
    free(second);
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(a_shifted_datum_moves_the_files_but_not_the_map)
{
    scene s = set_up();
    char path[600], *text[2];
    double lon[2], lat[2];

    for (int i = 0; i < 2; i++) {
        const char *at;

        s.options.datum = i ? GB_DATUM_GCJ02 : GB_DATUM_WGS84;
        assert_ok(s.ctx, make(&s, NULL));
        snprintf(path, sizeof path, "%s/branches.csv", s.out);
        text[i] = test_read_file(path, NULL);
        at = strrchr(text[i], ',');
        lat[i] = atof(at + 1);
        while (at[-1] != ',')
            at--;
        lon[i] = atof(at);
    }
    /* Around Chengdu GCJ-02 lies some 230 m east and 260 m south. */
    assert_near(lon[1] - lon[0], 0.0024, 0.0005);
    assert_near(lat[1] - lat[0], -0.0024, 0.0005);
    free(text[0]);
    free(text[1]);
    gb_context_free(s.ctx);
}
END_TEST

START_TEST(a_city_of_186_compounds_makes_a_bank)
{
    gb_context *ctx = test_context();
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    gb_world_report report = GB_WORLD_REPORT_INIT;
    char out[512];

    options.osm = test_shared_path("data/roads/chengdu_center.osm.pbf");
    if (options.osm) {
        snprintf(out, sizeof out, "%s/bank", test_folder());
        options.out = out;
        options.n_branches = 16;
        options.n_managers = 60;
        options.n_customers = 60000;
        assert_ok(ctx, gb_world_make(ctx, &options, &report));
        ck_assert_uint_ge(report.n_compounds, 150);
        ck_assert_uint_ge(report.n_places, 600);
        ck_assert_uint_ge(report.n_appointments, 200);
        ck_assert(report.n_dormant > 36000 && report.n_dormant < 45000);
    }
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, a_delivery_has_all_its_files_and_says_what_is_in_it);
    tcase_add_test(tcase, defaults_are_those_of_the_header);
    tcase_add_test(tcase, what_is_asked_for_wrongly_is_refused);
    tcase_add_test(tcase, a_map_that_is_none_or_too_small_is_refused);
    tcase_add_test(tcase, a_folder_with_other_things_is_left_alone);
    tcase_add_test(tcase,
                   an_older_delivery_and_what_a_broken_run_left_are_replaced);
    tcase_add_test(tcase, a_shifted_datum_moves_the_files_but_not_the_map);
    tcase_add_test(tcase, a_city_of_186_compounds_makes_a_bank);
    suite_add_tcase(suite, tcase);
    return suite;
}
