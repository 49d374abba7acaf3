/*
 * The public functions that no other fault test has: each without memory at
 * every request.  tests/check/memory.sh holds the list against the map.
 */
#include <gridbeat/gridbeat.h>

#include "faulty_alloc.h"
#include "small_town.h"
#include "test.h"

static gb_context *plain;
static gb_crs *crs;
static gb_roads *roads;
static gb_score_card *card;

static void set_up(void)
{
    const char *shipped = gb_score_card_shipped();
    char osm[300], index[300];
    const char *folder = test_folder();

    plain = test_context();
    snprintf(osm, sizeof osm, "%.250s/town.osm", folder);
    snprintf(index, sizeof index, "%.250s/town.roads", folder);
    small_town_write(osm, 2);
    assert_ok(plain, gb_roads_build(plain, osm, index, NULL, NULL));
    assert_ok(plain, gb_roads_open(plain, index, &roads));
    assert_ok(plain, gb_crs_open(plain, 4543, &crs));
    assert_ok(plain, gb_score_card_parse(plain, shipped, strlen(shipped),
                                         &card));
}

static void tear_down(void)
{
    gb_score_card_free(card);
    gb_crs_free(crs);
    gb_roads_close(roads);
    gb_context_free(plain);
}

/* Functions that look or set, and return no status or touch no array. */
static gb_status small_ones(gb_context *ctx)
{
    gb_cells_options cells = GB_CELLS_OPTIONS_INIT;
    gb_route_options route = GB_ROUTE_OPTIONS_INIT;
    gb_status status = gb_context_set_lang(ctx, "zh");

    if (!status && strcmp(gb_context_lang(ctx), "zh") != 0)
        status = GB_ERR_INTERNAL;
    if (!status)
        status = gb_cells_options_resolved(ctx, NULL, &cells);
    if (!status)
        status = gb_route_options_resolved(ctx, NULL, &route);
    ck_assert_int_eq(gb_last_status(ctx), status);
    return status;
}

/* Even the words of an error may find no memory. */
static gb_status an_error(gb_context *ctx)
{
    const gb_status status = gb_context_set_lang(ctx, "tlh");

    ck_assert_int_eq(gb_last_status(ctx), status);
    ck_assert_ptr_nonnull(gb_last_error(ctx));
    return status == GB_ERR_ARGUMENT ? GB_OK : status;
}

static gb_status projections(gb_context *ctx)
{
    gb_lonlat degrees[2] = { { 104.06, 30.66 }, { 104.07, 30.67 } };
    gb_point metres[2];
    int32_t epsg = 0;
    gb_status status
        = gb_crs_for_extent(ctx, degrees[0], degrees[1], &epsg);

    if (!status)
        status = gb_crs_project(ctx, crs, degrees, 2, metres);
    if (!status)
        status = gb_crs_unproject(ctx, crs, metres, 2, degrees);
    if (!status)
        status = gb_datum_convert(ctx, GB_DATUM_WGS84, GB_DATUM_GCJ02,
                                  degrees, 2);
    return status;
}

static gb_status densities(gb_context *ctx)
{
    static const gb_point points[] = { { 0, 0 }, { 10, 10 }, { 400, 20 } };
    static const gb_raster raster = { 0, 0, 100, 4, 4 };
    gb_density_options options = GB_DENSITY_OPTIONS_INIT;
    double values[16];
    gb_status status;

    options.n_threads = 2;
    status = gb_density_raster(ctx, points, NULL, 3, &raster, &options,
                               values);
    if (!status)
        status = gb_density_at(ctx, points, NULL, 3, points, 3, &options,
                               values);
    return status;
}

static gb_status index_told(gb_context *ctx)
{
    gb_roads_facts facts = { .size = sizeof facts };
    gb_roads_line_set lines;
    gb_status status = gb_roads_info(ctx, roads, &facts);

    if (!status)
        status = gb_roads_lines(ctx, roads, &lines);
    return status;
}

static gb_status card_read(gb_context *ctx)
{
    const char *shipped = gb_score_card_shipped();
    gb_score_card *read = NULL;
    const gb_status status
        = gb_score_card_parse(ctx, shipped, strlen(shipped), &read);

    ck_assert((read != NULL) == (status == GB_OK));
    gb_score_card_free(read);
    return status;
}

/* A table with every column that the shipped card asks for would follow each
 * change of it: a card of our own. */
static gb_status card_applied(gb_context *ctx)
{
    static const char json[]
        = "{\"card\":\"t\",\"version\":1,\"factors\":[{\"name\":\"b\","
          "\"title_en\":\"b\",\"title_zh\":\"b\",\"column\":\"balance_fen\","
          "\"missing\":0,\"bins\":[{\"below\":100,\"points\":1},"
          "{\"points\":9}]}],\"presence\":{\"slots\":[\"08:00\",\"24:00\"],"
          "\"profiles\":[{\"name\":\"rest\",\"permille\":[300]}]}}";
    static const char *const columns[] = { "balance_fen" };
    static const double values[] = { 1, 1000 };
    const gb_score_table table
        = { sizeof table, 2, 1, columns, values, 0, NULL, NULL, NULL };
    gb_score_card *own = NULL;
    int64_t points[2];
    int16_t permille[2];
    gb_status status;

    assert_ok(plain, gb_score_card_parse(plain, json, sizeof json - 1, &own));
    status = gb_score_card_apply(ctx, own, &table, NULL, points);
    if (!status)
        status = gb_score_presence(ctx, own, &table, permille);
    gb_score_card_free(own);
    return status;
}

/* A card with all models of value, read, written and applied. */
static gb_status values_made(gb_context *ctx)
{
    static const char json[]
        = "{\"card\":\"t\",\"version\":1,\"factors\":[{\"name\":\"b\","
          "\"title_en\":\"b\",\"title_zh\":\"b\",\"tag\":\"x\","
          "\"points\":1}],\"scale\":{\"points\":0,\"odds\":1,"
          "\"to_double\":20},\"contribution\":{\"fen_per_point\":10,"
          "\"parts\":[{\"name\":\"b\",\"title_en\":\"b\","
          "\"title_zh\":\"b\",\"column\":\"b\",\"fen_per_unit\":1}]},"
          "\"loyalty\":{\"parts\":[{\"name\":\"b\",\"title_en\":\"b\","
          "\"title_zh\":\"b\",\"ratio\":[\"b\",\"b\"],\"weight\":1,"
          "\"curve\":[[0,0],[1,9]]}]},\"matrix\":{\"contribution\":["
          "{\"name\":\"a\",\"title_en\":\"a\",\"title_zh\":\"a\"}],"
          "\"loyalty\":[{\"name\":\"a\",\"title_en\":\"a\","
          "\"title_zh\":\"a\"}],\"boxes\":[[{\"name\":\"a\","
          "\"title_en\":\"a\",\"title_zh\":\"a\",\"channel\":\"sms\"}]]"
          "},\"urgency\":[{\"name\":\"u\",\"title_en\":\"u\","
          "\"title_zh\":\"u\",\"column\":\"b\",\"curve\":[[0,1]]}]}";
    static const char *const columns[] = { "b" };
    static const double values[] = { 1, 1000 };
    const gb_score_table table
        = { sizeof table, 2, 1, columns, values, 0, NULL, NULL, NULL };
    gb_value_result result = GB_VALUE_RESULT_INIT;
    gb_value_box box = { .size = sizeof box };
    gb_score_card *own = NULL;
    int64_t points[2];
    size_t needed = 0;
    gb_status status
        = gb_score_card_parse(ctx, json, sizeof json - 1, &own);

    result.points = points;
    if (!status)
        status = gb_value_apply(ctx, own, &table, NULL, NULL, &result);
    if (!status)
        status = gb_value_box_get(ctx, own, 0, "zh", &box);
    if (!status
        && gb_scorecard_text(ctx, own, NULL, 0, &needed) == GB_ERR_NOMEM)
        status = GB_ERR_NOMEM;
    gb_score_card_free(own);
    return status;
}

static const struct {
    const char *name;
    gb_status (*call)(gb_context *ctx);
} calls[] = {
    { "small ones", small_ones },   { "an error", an_error },
    { "projections", projections }, { "densities", densities },
    { "index told", index_told },   { "card read", card_read },
    { "card applied", card_applied }, { "values made", values_made },
};

START_TEST(a_call_survives_lack_of_memory_at_every_request)
{
    const bool is_lasting = _i % 2;

    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(-1, is_lasting);
        gb_context *ctx = faulty_context(&mem);
        gb_status status;

        mem.fail_at = mem.requests + k;
        status = calls[_i / 2].call(ctx);
        mem.fail_at = -1;
        ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK),
                      "%s, request %ld: %s: %s", calls[_i / 2].name, k,
                      gb_status_name(status), gb_last_error(ctx));
        if (mem.failures)
            assert_ok(ctx, calls[_i / 2].call(ctx));
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase,
                        a_call_survives_lack_of_memory_at_every_request, 0,
                        2 * (int)(sizeof calls / sizeof calls[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
