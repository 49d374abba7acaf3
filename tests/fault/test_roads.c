/*
 * Roads when memory, the disk or the file fail: refused, nothing left behind,
 * and what was there before is there still.
 */
#include "roads_osm.h"
#include "tiny_roads.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faulty_alloc.h"

static const char town[] =
    "<node id='1' lon='104' lat='30'/><node id='2' lon='104.001' lat='30'/>"
    "<node id='3' lon='104.002' lat='30'><tag k='barrier' v='gate'/></node>"
    "<node id='4' lon='104.001' lat='30.001'>"
    "<tag k='amenity' v='bank'/></node>"
    "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/>"
    "<tag k='highway' v='primary'/></way>"
    "<way id='2'><nd ref='4'/><nd ref='2'/>"
    "<tag k='highway' v='residential'/></way>"
    "<way id='3'><nd ref='1'/><nd ref='2'/><nd ref='4'/><nd ref='1'/></way>"
    "<relation id='1'><member type='way' ref='3' role='outer'/>"
    "<tag k='landuse' v='residential'/></relation>";

static const gb_lonlat points[3] = { { 104, 30 }, { 104.001, 30.0005 },
                                     { 104.002, 30 } };

static void make_town(void)
{
    gb_context *ctx = test_context();
    gb_roads *roads = NULL;

    assert_ok(ctx, tiny_build(ctx, town, NULL, &roads));
    gb_roads_close(roads);
    gb_context_free(ctx);
}

static int files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    int n = 0;

    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

static const char *folder_of(const char *path)
{
    static char folder[512];

    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    return folder;
}

/* ---- memory ---- */

static const char links_text[] =
    "id,line,class,name\n"
    "1,\"LINESTRING(104 30, 104.001 30)\",residential,West Street\n"
    "2,\"LINESTRING(104.001 30, 104.002 30)\",primary,\n";


static gb_status build(gb_context *ctx)
{
    return gb_roads_build(ctx, tiny_path("tiny.osm"), tiny_path("new.roads"),
                          NULL, NULL);
}

static gb_status ask_everything(gb_context *ctx)
{
    gb_roads *roads = NULL;
    gb_roads_place places[3];
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    int32_t seconds[9], metres[9];
    gb_lonlat line[8];
    size_t n;
    gb_status status = gb_roads_open(ctx, tiny_path("tiny.roads"), &roads);

    ck_assert((status == GB_OK) == (roads != NULL));
    if (!status)
        status = gb_roads_snap(ctx, roads, GB_MODE_FOOT, points, 3, NULL,
                               places);
    query.from = places;
    query.n_from = 3;
    query.n_threads = 2;
    if (!status)
        status = gb_roads_table(ctx, roads, &query, seconds, metres);
    if (!status)
        status = gb_roads_path(ctx, roads, &places[0], &places[1], 8, line,
                               &n, NULL);
    gb_roads_close(roads);
    return status;
}

/* Other speeds, and what stands on them, by car. */
static gb_status ask_further(gb_context *ctx)
{
    static const int32_t limits[2] = { 20, 60 };
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads_reach_query reach = GB_ROADS_REACH_QUERY_INIT;
    gb_roads_check_options check = GB_ROADS_CHECK_OPTIONS_INIT;
    gb_roads_check_report checked = { .size = sizeof checked };
    gb_roads_street street = { .size = sizeof street };
    gb_roads_link link = { .size = sizeof link };
    gb_roads_band band = { .size = sizeof band };
    char profile[32768];
    size_t n_profile;
    gb_roads_directions *directions = NULL;
    gb_roads_reached *reached = NULL;
    gb_roads *roads = NULL, *other = NULL;
    gb_roads_place places[3];
    uint32_t owner[3];
    gb_status status = gb_roads_open(ctx, tiny_path("tiny.roads"), &roads);

    speeds.band = "morning_peak";
    if (!status)
        status = gb_roads_customise(ctx, roads, &speeds, &other);
    gb_roads_close(roads);
    if (!status)
        status = gb_roads_snap(ctx, other, GB_MODE_CAR, points, 3, NULL,
                               places);
    if (!status)
        status = gb_roads_band_at(ctx, other, 0, &band);
    if (!status)
        status = gb_roads_profile_json(ctx, other, sizeof profile, profile,
                                       &n_profile);
    if (!status)
        status = gb_roads_street_of(ctx, other, &places[0], &street);
    if (!status)
        status = gb_roads_link_of(ctx, other, GB_MODE_CAR, places[0].link,
                                  &link, NULL, 0);
    if (!status)
        status = gb_roads_direct(ctx, other, &places[0], &places[1],
                                 &directions);
    ck_assert(status
              || (gb_roads_directions_steps(directions, NULL) > 1
                  && gb_roads_directions_line(directions, NULL) > 1
                  && gb_roads_directions_totals(directions).metres > 0));
    if (!status)
        status = gb_roads_catchments(ctx, other, GB_MODE_CAR, places, 2,
                                     places, 3, owner, NULL);
    check.n_pairs = 5;
    if (!status)
        status = gb_roads_check(ctx, other, &check, &checked);
    reach.from = places;
    reach.n_from = 1;
    reach.limits_s = limits;
    reach.n_limits = 2;
    if (!status)
        status = gb_roads_reach(ctx, other, &reach, &reached);
    ck_assert(status
              || (gb_roads_reached_areas(reached).n_shapes == 2
                  && gb_roads_reached_m(reached, 1) > 0));
    if (!status)
        status = gb_roads_save(ctx, other, tiny_path("new.roads"));
    gb_roads_directions_free(directions);
    gb_roads_reached_free(reached);
    gb_roads_close(other);
    return status;
}

/* Street points, labels of them, crossings. */
static gb_status ask_crossings(gb_context *ctx)
{
    gb_lonlat at[64];
    uint32_t labels[64];
    gb_roads_crossing crossings[8];
    gb_roads *roads = NULL;
    size_t n = 0;
    gb_status status = gb_roads_open(ctx, tiny_path("tiny.roads"), &roads);

    if (!status)
        status = gb_roads_street_points(ctx, roads, GB_MODE_FOOT, 64, at, &n);
    for (size_t i = 0; i < n; i++)
        labels[i] = at[i].lon_deg > 104.0005;
    if (!status)
        status = gb_roads_crossings(ctx, roads, GB_MODE_FOOT, labels, n, 8,
                                    crossings, &n);
    ck_assert(status || n == 1);
    gb_roads_close(roads);
    return status;
}

static gb_status build_links(gb_context *ctx)
{
    gb_roads_links links = GB_ROADS_LINKS_INIT;

    test_write_file(tiny_path("links.csv"), links_text, strlen(links_text));
    links.links_path = tiny_path("links.csv");
    return gb_roads_build_links(ctx, &links, tiny_path("new.roads"), NULL,
                                NULL, NULL, NULL);
}

static gb_status read_features(gb_context *ctx)
{
    roads_features features;
    base_run run;
    gb_status status;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = roads_features_read(&run, tiny_path("tiny.osm"), &features);
    ck_assert(status || features.n == 2);
    roads_features_clear(run.mem, &features);
    return status;
}

static gb_status (*const calls[])(gb_context *) = {
    build, ask_everything, ask_further, ask_crossings, build_links,
    read_features
};

START_TEST(a_call_survives_lack_of_memory)
{
    const bool is_lasting = _i % 2;

    make_town();
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, is_lasting);
        gb_context *ctx = faulty_context(&mem);

        if (ctx) {
            const gb_status status = calls[_i / 2](ctx);

            /* An array that cannot be made smaller stays as it is. */
            ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK)
                              || (status == GB_OK && !is_lasting),
                          "request %ld: %s", k, gb_status_name(status));
            /* Now and then: a build waits for the disk. */
            if (mem.failures && k % 8 == 0) {
                mem.fail_at = -1;
                assert_ok(ctx, calls[_i / 2](ctx));
            }
        }
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
        ck_assert_int_le(files_in(folder_of(tiny_path("x"))), 4);
    }
}
END_TEST

/* ---- cancel ---- */

typedef struct canceller {
    int calls, at;
} canceller;

static int cancel_at(void *user, const gb_progress *progress)
{
    canceller *c = user;

    (void)progress;
    return ++c->calls == c->at;
}

START_TEST(a_build_can_be_cancelled_at_each_report)
{
    make_town();
    for (int at = 1;; at++) {
        canceller c = { 0, at };
        gb_context *ctx = test_context();
        gb_status status;

        gb_context_set_progress(ctx, cancel_at, &c);
        status = build(ctx);
        gb_context_free(ctx);
        if (c.calls < at) {
            ck_assert_int_eq(status, GB_OK);
            break;
        }
        /* After the last report there is nothing left to cancel. */
        ck_assert(status == GB_ERR_CANCELLED || status == GB_OK);
        ck_assert_int_le(files_in(folder_of(tiny_path("x"))), 3);
    }
}
END_TEST

/* ---- disk ---- */

START_TEST(a_full_disk_leaves_the_older_index)
{
    gb_context *ctx = test_context();
    struct rlimit limit, small;
    size_t before, after;
    gb_status status;
    bool is_set;
    char *a, *b;

    make_town();
    a = test_read_file(tiny_path("tiny.roads"), &before);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 700;
    /* No assertion in between: Check writes into a file for each. */
    is_set = setrlimit(RLIMIT_FSIZE, &small) == 0;
    status = gb_roads_build(ctx, tiny_path("tiny.osm"),
                            tiny_path("tiny.roads"), NULL, NULL);
    is_set = setrlimit(RLIMIT_FSIZE, &limit) == 0 && is_set;
    ck_assert(is_set);
    ck_assert_int_eq(status, GB_ERR_IO);
    b = test_read_file(tiny_path("tiny.roads"), &after);
    ck_assert_uint_eq(before, after);
    ck_assert_mem_eq(a, b, before);
    ck_assert_int_eq(files_in(folder_of(tiny_path("x"))), 2);
    free(a);
    free(b);
    gb_context_free(ctx);
}
END_TEST

START_TEST(an_unwritable_place_is_an_io_error_with_its_name)
{
    gb_context *ctx = test_context();

    make_town();
    ck_assert_int_eq(mkdir(tiny_path("taken.roads"), 0755), 0);
    assert_status(ctx, GB_ERR_IO,
                  gb_roads_build(ctx, tiny_path("tiny.osm"),
                                 tiny_path("taken.roads"), NULL, NULL));
    ck_assert(strstr(gb_last_error(ctx), "taken.roads") != NULL);
    ck_assert_int_eq(files_in(folder_of(tiny_path("x"))), 3);
    gb_context_free(ctx);
}
END_TEST

/* ---- damage ---- */

START_TEST(each_truncated_or_flipped_index_is_refused)
{
    gb_context *ctx = test_context();
    gb_roads *roads = NULL;
    const char *path = tiny_path("bad.roads");
    size_t size;
    char *bytes;

    make_town();
    bytes = test_read_file(tiny_path("tiny.roads"), &size);
    for (size_t n = 0; n < size; n += n < 600 ? 1 : 1601) {
        const gb_status status =
            (test_write_file(path, bytes, n), gb_roads_open(ctx, path, &roads));

        ck_assert_msg(status == GB_ERR_PARSE || status == GB_ERR_INTEGRITY
                          || status == GB_ERR_SCHEMA,
                      "cut at %zu: %s", n, gb_status_name(status));
        ck_assert_ptr_null(roads);
    }
    for (size_t at = 0; at < size; at += at < 600 ? 1 : 211) {
        gb_status status;

        bytes[at] ^= (char)(1 << at % 8);
        test_write_file(path, bytes, size);
        bytes[at] ^= (char)(1 << at % 8);
        status = gb_roads_open(ctx, path, &roads);
        ck_assert_msg(status == GB_ERR_PARSE || status == GB_ERR_INTEGRITY
                          || status == GB_ERR_SCHEMA,
                      "bit in byte %zu: %s", at, gb_status_name(status));
        ck_assert_ptr_null(roads);
    }
    free(bytes);
    gb_context_free(ctx);
}
END_TEST

/* ---- threads ---- */

typedef struct worker {
    const gb_roads *roads;
    int32_t seconds[9], metres[9];
    size_t n_line;
    int failures;
} worker;

static void *work(void *user)
{
    worker *w = user;
    gb_context *ctx = NULL;

    w->failures = gb_context_new(NULL, &ctx) != GB_OK;
    for (int round = 0; round < 20 && !w->failures; round++) {
        gb_roads_place places[3];
        gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
        gb_lonlat line[8];

        w->failures += gb_roads_snap(ctx, w->roads, GB_MODE_FOOT, points, 3,
                                     NULL, places) != GB_OK;
        query.from = places;
        query.n_from = 3;
        query.n_threads = 2;
        w->failures += gb_roads_table(ctx, w->roads, &query, w->seconds,
                                      w->metres) != GB_OK;
        w->failures += gb_roads_path(ctx, w->roads, &places[0], &places[1], 8,
                                     line, &w->n_line, NULL) != GB_OK;
    }
    gb_context_free(ctx);
    return NULL;
}

START_TEST(many_threads_share_an_index)
{
    enum { N = 32 };
    gb_context *ctx = test_context();
    gb_roads *roads = NULL;
    pthread_t threads[N];
    worker workers[N];

    assert_ok(ctx, tiny_build(ctx, town, NULL, &roads));
    for (int i = 0; i < N; i++) {
        workers[i] = (worker){ .roads = roads };
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]),
                         0);
    }
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(workers[i].failures, 0);
        ck_assert_mem_eq(workers[i].seconds, workers[0].seconds,
                         sizeof workers[0].seconds);
        ck_assert_mem_eq(workers[i].metres, workers[0].metres,
                         sizeof workers[0].metres);
        ck_assert_uint_eq(workers[i].n_line, workers[0].n_line);
    }
    ck_assert_int_gt(workers[0].metres[1], 0);
    gb_roads_close(roads);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("fault_roads");
    TCase *tcase = tcase_create("roads");

    tcase_set_timeout(tcase, 180);
    tcase_add_loop_test(tcase, a_call_survives_lack_of_memory, 0,
                        2 * (int)(sizeof calls / sizeof calls[0]));
    tcase_add_test(tcase, a_build_can_be_cancelled_at_each_report);
    tcase_add_test(tcase, a_full_disk_leaves_the_older_index);
    tcase_add_test(tcase, an_unwritable_place_is_an_io_error_with_its_name);
    tcase_add_test(tcase, each_truncated_or_flipped_index_is_refused);
    tcase_add_test(tcase, many_threads_share_an_index);
    suite_add_tcase(suite, tcase);
    return suite;
}
