#include <gridbeat/gridbeat.h>

#include <pthread.h>
#include <unistd.h>

#include "small_town.h"
#include "test.h"

static gb_context *ctx;
static gb_workspace *ws;
static gb_import_report *report;
static char folder[300], path[400], delivery[400];

static void set_up(void)
{
    ctx = test_context();
    report = NULL;
    snprintf(folder, sizeof folder, "%s", test_folder());
    snprintf(path, sizeof path, "%s/bank.gb", folder);
    snprintf(delivery, sizeof delivery, "%s/delivery", folder);
    assert_ok(ctx, gb_workspace_create(ctx, path, NULL, &ws));
}

static void tear_down(void)
{
    gb_import_report_free(report);
    gb_workspace_close(ws);
    gb_context_free(ctx);
}

static const char *in(const char *where, const char *name)
{
    static char full[800];

    snprintf(full, sizeof full, "%s/%s", where, name);
    return full;
}

static const char *put(const char *name, const char *text)
{
    test_write_file(in(folder, name), text, strlen(text));
    return in(folder, name);
}

static gb_import_counts counts_of(size_t file)
{
    gb_import_counts counts = { .size = sizeof counts };

    ck_assert_int_eq(gb_import_report_counts(report, file, &counts), GB_OK);
    return counts;
}

static void make_delivery(uint32_t n_customers)
{
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    char osm[400];

    snprintf(osm, sizeof osm, "%s/town.osm", folder);
    small_town_write(osm, 5);
    options.osm = osm;
    options.out = delivery;
    options.n_branches = 2;
    options.n_managers = 4;
    options.n_customers = n_customers;
    assert_ok(ctx, gb_world_make(ctx, &options, NULL));
}

static gb_status load_delivery(void)
{
    gb_import_report_free(report);
    return gb_import_delivery(ctx, ws, delivery, NULL, &report);
}

/* FEATURES row 180: joined by opaque references from many files; row 174's
 * reasons; row 10's second load. */
START_TEST(a_whole_delivery_is_loaded_and_loading_it_again_changes_nothing)
{
    uint64_t n_rejected = 0;

    make_delivery(2000);
    assert_ok(ctx, load_delivery());
    ck_assert_uint_ge(gb_import_report_n_files(report), 10);
    ck_assert_str_eq(gb_import_report_kind(report, 0), "orgs");
    ck_assert_ptr_nonnull(gb_import_report_roads(report));
    ck_assert_ptr_nonnull(strstr(gb_import_report_roads(report), "town.osm"));
    for (size_t f = 0; f < gb_import_report_n_files(report); f++) {
        const gb_import_counts c = counts_of(f);

        ck_assert_uint_eq(c.n_rows, c.n_loaded + c.n_changed + c.n_unchanged
                                        + c.n_rejected);
        ck_assert_uint_eq(c.n_changed + c.n_unchanged, 0);
        n_rejected += c.n_rejected;
        ck_assert_uint_eq(gb_import_report_n_reasons(report, f) > 0,
                          c.n_rejected > 0);
    }
    ck_assert_uint_gt(n_rejected, 0); /* the world spoils some on purpose */
    assert_ok(ctx, gb_workspace_verify(ctx, ws));
    assert_ok(ctx, load_delivery());
    for (size_t f = 0; f < gb_import_report_n_files(report); f++)
        ck_assert_uint_eq(counts_of(f).n_loaded + counts_of(f).n_changed, 0);
}
END_TEST

START_TEST(half_a_delivery_is_refused_before_anything_is_loaded)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    char *bytes;
    size_t size;

    make_delivery(300);
    bytes = test_read_file(in(delivery, "customers.csv"), &size);
    test_write_file(in(delivery, "customers.csv"), bytes, size / 2);
    assert_status(ctx, GB_ERR_DATA, load_delivery());
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "customers.csv"));
    ck_assert_uint_eq(gb_import_report_n_files(report), 0);
    test_write_file(in(delivery, "customers.csv"), bytes, size);
    free(bytes);
    unlink(in(delivery, "places.csv"));
    assert_status(ctx, GB_ERR_DATA, load_delivery());
    options.map = "a=b";
    gb_import_report_free(report);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import_delivery(ctx, ws, delivery, &options, &report));
}
END_TEST

START_TEST(without_checksums_the_number_of_rows_must_agree)
{
    gb_import_counts counts = { .size = sizeof counts };

    snprintf(delivery, sizeof delivery, "%s", folder);
    put("t.csv", "tag\nvip\n");
    put("manifest.json",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"files\": "
        "[{\"kind\": \"tags\", \"file\": \"t.csv\", \"rows\": 2}]}");
    assert_status(ctx, GB_ERR_DATA, load_delivery());
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "E3130"));
    put("t.csv", "tag\nvip\nnew\n");
    assert_ok(ctx, load_delivery());
    ck_assert_int_eq(gb_import_report_counts(report, 0, &counts), GB_OK);
    ck_assert_uint_eq(counts.n_loaded, 2);
}
END_TEST

START_TEST(a_broken_manifest_is_refused)
{
    static const char *const manifests[] = {
        "{", "[]", "{\"format\": \"x\"}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 2}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"files\": [{}]}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"files\": "
        "[{\"kind\": \"tags\", \"file\": \"../t.csv\"}]}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"files\": "
        "[{\"kind\": \"nothing\", \"file\": \"t.csv\"}]}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"datum\": "
        "\"beijing54\", \"files\": []}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"as_of\": "
        "\"2026-13-01\", \"files\": []}",
        "{\"format\": \"gridbeat-delivery\", \"version\": 1, \"files\": "
        "[{\"kind\": \"tags\", \"file\": \"t.csv\", \"sha256\": \"abc\"}]}",
    };

    snprintf(delivery, sizeof delivery, "%s", folder);
    assert_status(ctx, GB_ERR_NOT_FOUND, load_delivery());
    for (size_t m = 0; m < sizeof manifests / sizeof manifests[0]; m++) {
        put("manifest.json", manifests[m]);
        report = NULL;
        assert_status(ctx, GB_ERR_PARSE, load_delivery());
        ck_assert_ptr_null(report);
    }
}
END_TEST

START_TEST(wrong_arguments_are_refused_at_the_door)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_import_options import = GB_IMPORT_OPTIONS_INIT;
    gb_import_counts counts = { .size = sizeof counts };
    gb_import_reason reason = { .size = sizeof reason };
    gb_workspace *other = NULL;
    const char *json;
    const char *tags = put("t.csv", "tag\nvip\n");

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_open(ctx, path, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_create(ctx, path, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_open(ctx, "", NULL, &other));
    assert_status(ctx, GB_ERR_STATE,
                  gb_workspace_create(ctx, path, NULL, &other));
    options.epsg = 4326; /* degrees, not metres */
    assert_status(ctx, GB_ERR_CRS,
                  gb_workspace_create(ctx, in(folder, "n.gb"), &options,
                                      &other));
    options.epsg = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_create(ctx, in(folder, "n.gb"), &options,
                                      &other));
    options.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_workspace_open(ctx, path, &options, &other));
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_workspace_open(ctx, in(folder, "none.gb"), NULL,
                                    &other));
    ck_assert_ptr_null(other);

    tags = put("t.csv", "tag\nvip\n");
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, ws, "tags", tags, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, NULL, "tags", tags, NULL, &report));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, ws, "persons", tags, NULL, &report));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, ws, "tags", "", NULL, &report));
    import.encoding = "latin1";
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, ws, "tags", tags, &import, &report));
    import.encoding = NULL;
    import.max_reject_ratio = NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_import(ctx, ws, "tags", tags, &import, &report));
    assert_status(ctx, GB_ERR_NOT_FOUND,
                  gb_import(ctx, ws, "tags", in(folder, "no.csv"), NULL,
                            &report));
    assert_status(ctx, GB_ERR_IO,
                  gb_import(ctx, ws, "tags", folder, NULL, &report));
    assert_status(ctx, GB_ERR_PARSE,
                  gb_import(ctx, ws, "tags", put("e.csv", ""), NULL,
                            &report));
    ck_assert_ptr_null(report);
    assert_status(ctx, GB_ERR_ARGUMENT, gb_workspace_quality(ctx, ws, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_workspace_quality(ctx, NULL, &json));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_workspace_verify(ctx, NULL));

    assert_ok(ctx, gb_import(ctx, ws, "tags", put("t.csv", "tag\nvip\n"),
                             NULL, &report));
    ck_assert_int_eq(gb_import_report_counts(report, 1, &counts),
                     GB_ERR_ARGUMENT);
    ck_assert_int_eq(gb_import_report_reason(report, 0, 0, &reason),
                     GB_ERR_ARGUMENT);
    ck_assert_str_eq(gb_import_report_kind(report, 9), "");
    ck_assert_str_eq(gb_import_report_file(report, 0), "t.csv");
    ck_assert_ptr_null(gb_import_report_roads(report));
}
END_TEST

START_TEST(a_read_only_workspace_is_read_and_not_written)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    const char *json;

    gb_workspace_close(ws);
    options.is_read_only = 1;
    assert_ok(ctx, gb_workspace_open(ctx, path, &options, &ws));
    assert_status(ctx, GB_ERR_STATE,
                  gb_import(ctx, ws, "tags", put("t.csv", "tag\nvip\n"), NULL,
                            &report));
    assert_ok(ctx, gb_workspace_quality(ctx, ws, &json));
    assert_ok(ctx, gb_workspace_verify(ctx, ws));
}
END_TEST

static int cancel_at, calls;

static int maybe_cancel(void *user, const gb_progress *progress)
{
    (void)user;
    ck_assert(progress->fraction <= 1);
    return ++calls == cancel_at;
}

START_TEST(an_import_is_cancelled_at_any_call_and_leaves_nothing)
{
    gb_import_counts counts = { .size = sizeof counts };

    make_delivery(3000);
    for (const char *const *kind = (const char *const[]){
             "orgs", "branches", "managers", "tags", "places", NULL };
         *kind; kind++) {
        char name[64];

        snprintf(name, sizeof name, "%s.csv", *kind);
        gb_import_report_free(report);
        assert_ok(ctx, gb_import(ctx, ws, *kind, in(delivery, name), NULL,
                                 &report));
    }
    for (cancel_at = 1;; cancel_at++) {
        gb_status status;

        gb_import_report_free(report);
        calls = 0;
        gb_context_set_progress(ctx, maybe_cancel, NULL);
        status = gb_import(ctx, ws, "customers",
                           in(delivery, "customers.csv"), NULL, &report);
        gb_context_set_progress(ctx, NULL, NULL);
        if (status == GB_OK)
            break;
        ck_assert_int_eq(status, GB_ERR_CANCELLED);
        ck_assert_ptr_null(report);
    }
    ck_assert_int_gt(cancel_at, 1);
    ck_assert_int_eq(gb_import_report_counts(report, 0, &counts), GB_OK);
    ck_assert_uint_eq(counts.n_loaded + counts.n_rejected, counts.n_rows);
}
END_TEST

/* FEATURES row 176: counts, samples and mends. */
START_TEST(the_quality_report_names_what_is_doubtful)
{
    static const char *const wanted[] = {
        "\"code\": \"duplicate_customers\"", "\"count\": 2, \"of\": 5",
        "\"samples\": [\"c1\", \"c2\"]",     "\"code\": \"far_from_branch\"",
        "\"samples\": [\"c3\"]",             "\"samples\": [\"c4\"]",
        "\"samples\": [\"c5\"]",             "\"mend\": " };
    const char *json;

    assert_ok(ctx, gb_import(ctx, ws, "branches",
                             put("b.csv", "branch_ref,lon,lat\n"
                                          "b1,104.06,30.67\n"),
                             NULL, &report));
    gb_import_report_free(report);
    assert_ok(ctx, gb_import(
        ctx, ws, "customers",
        put("c.csv",
            "customer_ref,branch_ref,lon,lat,accuracy,balance_fen,"
            "peak_24m_fen,last_txn_on,opened_on\n"
            "c1,b1,104.07,30.66,exact,5,9,2025-01-01,2020-01-01\n"
            "c2,b1,104.07,30.66,exact,5,9,2025-01-01,2020-01-01\n"
            "c3,b1,105.07,30.66,exact,5,9,2025-01-01,2020-01-01\n"
            "c4,b1,,,none,5,9,2025-01-01,2020-01-01\n"
            "c5,b1,104.06,30.66,street,5,9,2025-01-01,2020-01-02\n"),
        NULL, &report));
    assert_ok(ctx, gb_workspace_quality(ctx, ws, &json));
    for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++)
        ck_assert_msg(strstr(json, wanted[w]) != NULL, "%s not in %s",
                      wanted[w], json);
}
END_TEST

static void *load_tags(void *user)
{
    const int *number = user;
    gb_context *own = test_context();
    gb_workspace *handle = NULL;
    gb_import_report *result = NULL;
    char file[400], text[64];

    snprintf(text, sizeof text, "tag\ntag%d\n", *number);
    snprintf(file, sizeof file, "%s/t%d.csv", folder, *number);
    test_write_file(file, text, strlen(text));
    for (int i = 0; i < 5; i++) {
        if (gb_workspace_open(own, path, NULL, &handle)
            || gb_import(own, handle, "tags", file, NULL, &result)
            || gb_workspace_verify(own, handle)) {
            fprintf(stderr, "%s\n", gb_last_error(own));
            abort();
        }
        gb_import_report_free(result);
        gb_workspace_close(handle);
    }
    gb_context_free(own);
    return NULL;
}

START_TEST(eight_threads_work_with_a_handle_each)
{
    pthread_t threads[8];
    int numbers[8];
    gb_import_counts counts = { .size = sizeof counts };

    for (int t = 0; t < 8; t++) {
        numbers[t] = t;
        ck_assert_int_eq(
            pthread_create(&threads[t], NULL, load_tags, &numbers[t]), 0);
    }
    for (int t = 0; t < 8; t++)
        pthread_join(threads[t], NULL);
    assert_ok(ctx, gb_import(ctx, ws, "tags",
                             put("all.csv", "tag\ntag0\ntag7\nmore\n"), NULL,
                             &report));
    ck_assert_int_eq(gb_import_report_counts(report, 0, &counts), GB_OK);
    ck_assert_uint_eq(counts.n_unchanged, 2);
    ck_assert_uint_eq(counts.n_loaded, 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("workspace");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(
        tcase,
        a_whole_delivery_is_loaded_and_loading_it_again_changes_nothing);
    tcase_add_test(tcase,
                   half_a_delivery_is_refused_before_anything_is_loaded);
    tcase_add_test(tcase,
                   without_checksums_the_number_of_rows_must_agree);
    tcase_add_test(tcase, a_broken_manifest_is_refused);
    tcase_add_test(tcase, wrong_arguments_are_refused_at_the_door);
    tcase_add_test(tcase, a_read_only_workspace_is_read_and_not_written);
    tcase_add_test(tcase,
                   an_import_is_cancelled_at_any_call_and_leaves_nothing);
    tcase_add_test(tcase, the_quality_report_names_what_is_doubtful);
    tcase_add_test(tcase, eight_threads_work_with_a_handle_each);
    suite_add_tcase(suite, tcase);
    return suite;
}
