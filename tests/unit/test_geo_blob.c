#include "geo_codec.h"

#include "test.h"

#include <jansson.h>
#include <sqlite3.h>
#include <spatialite.h>

/* The same geometry as text for SpatiaLite and as GeoJSON for us; rings run
 * the way that ours do, since SpatiaLite keeps what it is given. */
static const struct {
    const char *wkt, *json;
} ROWS[] = {
    { "POINT(104.0625 30.6875)",
      "{\"type\":\"Point\",\"coordinates\":[104.0625,30.6875]}" },
    { "LINESTRING(0 0, 1 2.5, 3 4)",
      "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,2.5],[3,4]]}" },
    { "POLYGON((0 0, 9 0, 9 9, 0 0), (5 1, 5 2, 6 2, 5 1))",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],"
      "[[5,1],[5,2],[6,2],[5,1]]]}" },
    { "MULTIPOINT((1 2), (3 4))",
      "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}" },
    { "MULTILINESTRING((0 0, 1 1), (2 2, 3 3, 4 5))",
      "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[2,2],"
      "[3,3],[4,5]]]}" },
    { "MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0)))",
      "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[9,0],[9,9],"
      "[0,0]]],[[[20,0],[29,0],[29,9],[20,0]]]]}" },
};

START_TEST(blobs_are_those_of_spatialite_to_the_byte)
{
    gb_context *ctx = test_context();
    json_t *json = json_loads(ROWS[_i].json, 0, NULL);
    geo_bytes bytes = BASE_ARRAY_INIT;
    geo_geometry geometry, theirs;
    sqlite3_stmt *ask = NULL;
    sqlite3 *db = NULL;
    const uint8_t *blob;
    size_t n;
    void *cache;

    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    cache = spatialite_alloc_connection();
    spatialite_init_ex(db, cache, 0);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT GeomFromText(?, 4544)", -1,
                                        &ask, NULL), SQLITE_OK);
    sqlite3_bind_text(ask, 1, ROWS[_i].wkt, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(ask), SQLITE_ROW);
    blob = sqlite3_column_blob(ask, 0);
    n = (size_t)sqlite3_column_bytes(ask, 0);

    assert_ok(ctx, geo_read_geojson(ctx, json, &geometry));
    geometry.srid = 4544;
    ck_assert(geo_write_blob(ctx->mem, &geometry, &bytes));
    ck_assert_uint_eq(bytes.n, n);
    ck_assert_mem_eq(bytes.items, blob, n);
    if (_i == 0) {
        uint8_t point[GEO_BLOB_POINT_SIZE];

        geo_write_blob_point((gb_point){ 104.0625, 30.6875 }, 4544, point);
        ck_assert_mem_eq(point, blob, n);
    }
    assert_ok(ctx, geo_read_blob(ctx, blob, n, &theirs));
    ck_assert_int_eq(theirs.srid, 4544);
    ck_assert_int_eq(theirs.kind, geometry.kind);
    ck_assert_int_eq(theirs.is_multi, geometry.is_multi);
    sqlite3_finalize(ask);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    spatialite_cleanup_ex(cache);
    geo_geometry_clear(&theirs);
    geo_geometry_clear(&geometry);
    base_array_clear(ctx->mem, &bytes);
    json_decref(json);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo_blob");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, blobs_are_those_of_spatialite_to_the_byte, 0,
                        (int)(sizeof ROWS / sizeof *ROWS));
    suite_add_tcase(suite, tcase);
    return suite;
}
