/*
 * Geometry from outside: the first byte says what the others are (0: WKB, 1:
 * BLOB, 2: GeoJSON, 3: a BLOB of a point).  What is taken must be written and
 * read again as it was, and must not break what works on shapes.
 */
#include "geo_codec.h"
#include "geo_overlay.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static gb_status read_json(gb_context *ctx, const uint8_t *bytes, size_t n,
                           geo_geometry *out)
{
    json_t *json = json_loadb((const char *)bytes, n, 0, NULL);
    gb_status status = GB_ERR_PARSE;

    *out = (geo_geometry){ 0 };
    if (json)
        status = geo_read_geojson(ctx, json, out);
    json_decref(json);
    return status;
}

static void write_and_read(gb_context *ctx, const geo_geometry *geometry)
{
    geo_bytes one = BASE_ARRAY_INIT, two = BASE_ARRAY_INIT;
    geo_geometry again;

    must(geo_write_blob(ctx->mem, geometry, &one));
    must(geo_read_blob(ctx, one.items, one.n, &again) == GB_OK);
    must(geo_write_blob(ctx->mem, &again, &two));
    must(one.n == two.n && memcmp(one.items, two.items, one.n) == 0);
    geo_geometry_clear(&again);
    one.n = 0;
    must(geo_write_wkb(ctx->mem, geometry, &one));
    must(geo_read_wkb(ctx, one.items, one.n, &again) == GB_OK);
    geo_geometry_clear(&again);
    base_array_clear(ctx->mem, &one);
    base_array_clear(ctx->mem, &two);
}

/* GEOS may refuse; it must not crash. */
static void work_on(gb_context *ctx, const geo_geometry *geometry)
{
    const gb_shapes view = geo_shapes_view(&geometry->parts);
    geo_shapes mended;

    if (geometry->kind != GEO_POLYGONS || view.n_points > 300)
        return;
    geo_shapes_init(&mended, ctx->mem);
    geo_make_valid(ctx, &view, &mended);
    geo_shapes_clear(&mended);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    geo_geometry geometry = { 0 };
    gb_status status = GB_ERR_PARSE;
    gb_point point;
    int32_t srid;

    if (size < 1 || gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    if (data[0] % 4 == 0)
        status = geo_read_wkb(ctx, data + 1, size - 1, &geometry);
    else if (data[0] % 4 == 1)
        status = geo_read_blob(ctx, data + 1, size - 1, &geometry);
    else if (data[0] % 4 == 2)
        status = read_json(ctx, data + 1, size - 1, &geometry);
    else
        geo_read_blob_point(ctx, data + 1, size - 1, &srid, &point);
    if (!status) {
        write_and_read(ctx, &geometry);
        work_on(ctx, &geometry);
        geo_geometry_clear(&geometry);
    }
    gb_context_free(ctx);
    return 0;
}
