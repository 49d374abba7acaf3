/*
 * geo_codec.c - readers and writers of WKB, SpatiaLite BLOBs and GeoJSON.
 *
 * WKB (OGC 06-103r4) and the BLOB share the body of a geometry; the BLOB puts
 * a box and an SRID before it, has no mark of byte order in its parts, and
 * marks them 0x69.  All readers fill the same owner, so that the checks of
 * rings are written once.
 */
#include "geo_codec.h"

#include <jansson.h>

#include <string.h>

enum {
    POINT = 1,
    LINESTRING,
    POLYGON,
    MULTIPOINT,
    MULTILINESTRING,
    MULTIPOLYGON
};

/* Of a BLOB: marks around the box, before a part, and at the end. */
enum { BLOB_START = 0x00, BLOB_BOX_END = 0x7C, BLOB_PART = 0x69,
       BLOB_END = 0xFE, BLOB_HEAD_SIZE = 39 };

typedef struct reader {
    gb_context *ctx;
    const uint8_t *bytes;
    size_t at, n;
    bool is_big_endian, is_blob;
    geo_geometry *out;
} reader;

void geo_geometry_clear(geo_geometry *geometry)
{
    geo_shapes_clear(&geometry->parts);
    *geometry = (geo_geometry){ 0 };
}

static gb_status too_short(reader *r)
{
    return base_fail(r->ctx, GB_ERR_PARSE,
                     "geometry: the bytes end at %zu, in the middle", r->n);
}

static gb_status bad_byte(reader *r, size_t at)
{
    return base_fail(r->ctx, GB_ERR_PARSE,
                     "geometry: unexpected value 0x%02x at byte %zu",
                     (unsigned)r->bytes[at], at);
}

static gb_status take_byte(reader *r, uint8_t *out)
{
    if (r->at >= r->n)
        return too_short(r);
    *out = r->bytes[r->at++];
    return GB_OK;
}

static uint64_t number_at(const reader *r, size_t at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)r->bytes[at + i]
                 << 8 * (r->is_big_endian ? size - 1 - i : i);
    return value;
}

static gb_status take_u32(reader *r, uint32_t *out)
{
    if (r->n - r->at < 4)
        return too_short(r);
    *out = (uint32_t)number_at(r, r->at, 4);
    r->at += 4;
    return GB_OK;
}

/* A count of things of at least `size` bytes each. */
static gb_status take_count(reader *r, size_t size, uint32_t *out)
{
    const size_t at = r->at;
    gb_status status = take_u32(r, out);

    if (!status && *out > (r->n - r->at) / size)
        return base_fail(r->ctx, GB_ERR_PARSE,
                         "geometry: the count %u at byte %zu is more than the "
                         "bytes can hold", *out, at);
    return status;
}

static double real_at(const reader *r, size_t at)
{
    const uint64_t bits = number_at(r, at, 8);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static gb_status take_point(reader *r, gb_point *out)
{
    if (r->n - r->at < 16)
        return too_short(r);
    out->x_m = real_at(r, r->at);
    out->y_m = real_at(r, r->at + 8);
    if (!geo_point_is_finite(*out))
        return base_fail(r->ctx, GB_ERR_PARSE,
                         "geometry: the coordinate at byte %zu is not a "
                         "number", r->at);
    r->at += 16;
    return GB_OK;
}

static gb_status keep_point(gb_context *ctx, geo_geometry *out, gb_point p)
{
    return geo_shapes_add_point(&out->parts, p) ? GB_OK : base_fail_nomem(ctx);
}

/* Points of the ring begun. */
static size_t open_ring(const geo_shapes *parts, gb_point **ring)
{
    const size_t first
        = parts->ring_first_point.n
              ? parts->ring_first_point.items[parts->ring_first_point.n - 1]
              : 0;

    *ring = parts->points.items ? parts->points.items + first : NULL;
    return parts->points.n - first;
}

static void turn_ring(gb_point *ring, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const gb_point p = ring[i];

        ring[i] = ring[n - 1 - i];
        ring[n - 1 - i] = p;
    }
}

/* Turn it the way that outer rings and holes have here. */
static void orient(gb_point *ring, size_t n, bool is_outer)
{
    const double area = geo_ring_area_m2(ring, n);

    if (is_outer ? area < 0.0 : area > 0.0)
        turn_ring(ring, n);
}

/* End a ring that was given closed: its last point goes. */
static gb_status end_closed_ring(gb_context *ctx, geo_geometry *out,
                                 bool is_outer)
{
    gb_point *ring;
    const size_t n = open_ring(&out->parts, &ring);

    if (n < 4)
        return base_fail(ctx, GB_ERR_GEOMETRY,
                         "geometry: a ring has %zu points; 4 are the least",
                         n);
    if (!geo_point_equal(ring[0], ring[n - 1]))
        return base_fail(ctx, GB_ERR_GEOMETRY,
                         "geometry: a ring does not end where it begins");
    out->parts.points.n--;
    orient(ring, n - 1, is_outer);
    return geo_shapes_end_ring(&out->parts) ? GB_OK : base_fail_nomem(ctx);
}

static gb_status end_line(gb_context *ctx, geo_geometry *out)
{
    gb_point *line;

    if (open_ring(&out->parts, &line) < 2)
        return base_fail(ctx, GB_ERR_GEOMETRY,
                         "geometry: a line has less than 2 points");
    return geo_shapes_end_ring(&out->parts) ? GB_OK : base_fail_nomem(ctx);
}

static gb_status take_points(reader *r, uint32_t n)
{
    gb_status status = GB_OK;

    for (uint32_t i = 0; !status && i < n; i++) {
        gb_point p;

        status = take_point(r, &p);
        if (!status)
            status = keep_point(r->ctx, r->out, p);
    }
    return status;
}

static gb_status take_polygon(reader *r)
{
    uint32_t n_rings = 0, n = 0;
    gb_status status = take_count(r, 4, &n_rings);

    if (!status && n_rings == 0)
        return base_fail(r->ctx, GB_ERR_GEOMETRY,
                         "geometry: a polygon has no ring");
    for (uint32_t i = 0; !status && i < n_rings; i++) {
        status = take_count(r, 16, &n);
        if (!status)
            status = take_points(r, n);
        if (!status)
            status = end_closed_ring(r->ctx, r->out, i == 0);
    }
    return status;
}

static gb_status take_simple(reader *r, uint32_t type)
{
    uint32_t n = 1;
    gb_status status;

    if (type == POLYGON)
        return take_polygon(r);
    if (type == LINESTRING) {
        status = take_count(r, 16, &n);
        if (!status)
            status = take_points(r, n);
        return status ? status : end_line(r->ctx, r->out);
    }
    status = take_points(r, 1);
    if (!status && !geo_shapes_end_ring(&r->out->parts))
        status = base_fail_nomem(r->ctx);
    return status;
}

/* A BLOB's parts are marked by a byte, those of WKB have a byte order. */
static gb_status take_order(reader *r, bool is_part)
{
    const size_t at = r->at;
    uint8_t mark = 0;
    gb_status status = GB_OK;

    if (r->is_blob && !is_part)
        return GB_OK;
    status = take_byte(r, &mark);
    if (status)
        return status;
    if (r->is_blob)
        return mark == BLOB_PART ? GB_OK : bad_byte(r, at);
    if (mark > 1)
        return bad_byte(r, at);
    r->is_big_endian = mark == 0;
    return GB_OK;
}

static gb_status take_type(reader *r, bool is_part, uint32_t *type)
{
    gb_status status = take_order(r, is_part);

    if (!status)
        status = take_u32(r, type);
    if (!status && (*type < POINT || *type > MULTIPOLYGON))
        return base_fail(r->ctx, GB_ERR_PARSE,
                         "geometry: type %u is not one of point, line, "
                         "polygon in two dimensions, or a multi of these",
                         *type);
    return status;
}

static gb_status take_geometry(reader *r)
{
    uint32_t type, part = 0, n_parts;
    gb_status status = take_type(r, false, &type);

    if (status)
        return status;
    r->out->is_multi = type >= MULTIPOINT;
    r->out->kind = (geo_kind)(r->out->is_multi ? type - 3 : type);
    if (!r->out->is_multi)
        return take_simple(r, type);
    status = take_count(r, 9, &n_parts);
    for (uint32_t i = 0; !status && i < n_parts; i++) {
        status = take_type(r, true, &part);
        if (!status && part != type - 3)
            status = base_fail(r->ctx, GB_ERR_PARSE,
                               "geometry: a part of type %u in a multi of "
                               "type %u", part, type);
        if (!status)
            status = take_simple(r, part);
    }
    return status;
}

static gb_status end_geometry(gb_context *ctx, geo_geometry *out,
                              gb_status status)
{
    if (!status && !geo_shapes_end_shape(&out->parts))
        status = base_fail_nomem(ctx);
    if (status)
        geo_geometry_clear(out);
    return status;
}

static void begin_geometry(gb_context *ctx, geo_geometry *out)
{
    *out = (geo_geometry){ 0 };
    geo_shapes_init(&out->parts, ctx->mem);
}

gb_status geo_read_wkb(gb_context *ctx, const uint8_t *bytes, size_t n,
                       geo_geometry *out)
{
    reader r = { ctx, bytes, 0, n, false, false, out };
    gb_status status;

    begin_geometry(ctx, out);
    status = take_geometry(&r);
    if (!status && r.at != n)
        status = base_fail(ctx, GB_ERR_PARSE,
                           "geometry: %zu bytes are left over", n - r.at);
    return end_geometry(ctx, out, status);
}

/* Marks, byte order, SRID and box; leaves the reader at the type. */
static gb_status take_blob_head(reader *r, int32_t *srid, gb_box *box)
{
    if (r->n < BLOB_HEAD_SIZE + 5)
        return too_short(r);
    if (r->bytes[0] != BLOB_START)
        return bad_byte(r, 0);
    if (r->bytes[1] > 1)
        return bad_byte(r, 1);
    if (r->bytes[BLOB_HEAD_SIZE - 1] != BLOB_BOX_END)
        return bad_byte(r, BLOB_HEAD_SIZE - 1);
    if (r->bytes[r->n - 1] != BLOB_END)
        return bad_byte(r, r->n - 1);
    r->is_big_endian = r->bytes[1] == 0;
    r->is_blob = true;
    *srid = (int32_t)(uint32_t)number_at(r, 2, 4);
    *box = (gb_box){ real_at(r, 6), real_at(r, 14), real_at(r, 22),
                     real_at(r, 30) };
    r->at = BLOB_HEAD_SIZE;
    r->n--;
    return GB_OK;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1.0, fabs(b));
}

static gb_status check_box(gb_context *ctx, gb_box said, gb_box is)
{
    if (is_near(said.min_x_m, is.min_x_m) && is_near(said.min_y_m, is.min_y_m)
        && is_near(said.max_x_m, is.max_x_m)
        && is_near(said.max_y_m, is.max_y_m))
        return GB_OK;
    return base_fail(ctx, GB_ERR_PARSE,
                     "geometry: the box before it is not its own");
}

gb_status geo_read_blob(gb_context *ctx, const uint8_t *bytes, size_t n,
                        geo_geometry *out)
{
    reader r = { ctx, bytes, 0, n, false, true, out };
    gb_shapes view;
    gb_status status;
    gb_box box;

    begin_geometry(ctx, out);
    status = take_blob_head(&r, &out->srid, &box);
    if (!status)
        status = take_geometry(&r);
    if (!status && r.at != r.n)
        status = base_fail(ctx, GB_ERR_PARSE,
                           "geometry: %zu bytes are left over", r.n - r.at);
    status = end_geometry(ctx, out, status);
    if (status)
        return status;
    view = geo_shapes_view(&out->parts);
    if (view.n_points > 0) /* an empty multi has no box to compare */
        status = check_box(ctx, box, geo_shapes_box(&view));
    if (status)
        geo_geometry_clear(out);
    return status;
}

gb_status geo_read_blob_point(gb_context *ctx, const uint8_t *bytes, size_t n,
                              int32_t *srid, gb_point *out)
{
    reader r = { ctx, bytes, 0, n, false, true, NULL };
    gb_box box;
    uint32_t type;
    gb_status status = take_blob_head(&r, srid, &box);

    if (!status)
        status = take_type(&r, false, &type);
    if (!status && (type != POINT || n != GEO_BLOB_POINT_SIZE))
        status = base_fail(ctx, GB_ERR_PARSE,
                           "geometry: a point is wanted, this is type %u",
                           type);
    if (!status)
        status = take_point(&r, out);
    return status ? status : check_box(ctx, box, geo_box_of_point(*out));
}

/* GeoJSON.  Third and further numbers of a position are let go, as RFC 7946
 * allows. */
static gb_status json_point(gb_context *ctx, const json_t *json,
                            geo_geometry *out)
{
    const json_t *x = json_array_get(json, 0), *y = json_array_get(json, 1);
    const gb_point p = { json_number_value(x), json_number_value(y) };

    if (!json_is_number(x) || !json_is_number(y) || !geo_point_is_finite(p))
        return base_fail(ctx, GB_ERR_PARSE,
                         "geometry: a position is not two numbers");
    return keep_point(ctx, out, p);
}

static gb_status json_points(gb_context *ctx, const json_t *json,
                             geo_geometry *out)
{
    const size_t n = json_array_size(json);
    gb_status status = GB_OK;

    if (!json_is_array(json))
        return base_fail(ctx, GB_ERR_PARSE,
                         "geometry: \"coordinates\" is not nested as its type "
                         "needs");
    for (size_t i = 0; !status && i < n; i++)
        status = json_point(ctx, json_array_get(json, i), out);
    return status;
}

static gb_status json_simple(gb_context *ctx, const json_t *json,
                             geo_geometry *out)
{
    gb_status status = GB_OK;

    if (out->kind == GEO_POINTS) {
        status = json_point(ctx, json, out);
        if (!status && !geo_shapes_end_ring(&out->parts))
            status = base_fail_nomem(ctx);
        return status;
    }
    if (out->kind == GEO_LINES) {
        status = json_points(ctx, json, out);
        return status ? status : end_line(ctx, out);
    }
    if (json_array_size(json) == 0)
        return base_fail(ctx, GB_ERR_GEOMETRY,
                         "geometry: a polygon has no ring");
    for (size_t i = 0; !status && i < json_array_size(json); i++) {
        status = json_points(ctx, json_array_get(json, i), out);
        if (!status)
            status = end_closed_ring(ctx, out, i == 0);
    }
    return status;
}

static bool json_kind(const json_t *json, geo_geometry *out)
{
    static const char *const names[] = { "Point",      "LineString",
                                         "Polygon",    "MultiPoint",
                                         "MultiLineString", "MultiPolygon" };
    const char *name = json_string_value(json_object_get(json, "type"));

    for (size_t i = 0; name && i < 6; i++)
        if (strcmp(name, names[i]) == 0) {
            out->is_multi = i >= 3;
            out->kind = (geo_kind)(i % 3 + 1);
            return true;
        }
    return false;
}

gb_status geo_read_geojson(gb_context *ctx, const json_t *json,
                           geo_geometry *out)
{
    const json_t *coordinates = json_object_get(json, "coordinates");
    gb_status status = GB_OK;

    begin_geometry(ctx, out);
    if (!json_kind(json, out))
        status = base_fail(ctx, GB_ERR_PARSE,
                           "geometry: \"type\" is not one of Point, "
                           "LineString, Polygon, or a Multi of these");
    else if (!json_is_array(coordinates))
        status = base_fail(ctx, GB_ERR_PARSE,
                           "geometry: \"coordinates\" is missing");
    else if (!out->is_multi)
        status = json_simple(ctx, coordinates, out);
    else
        for (size_t i = 0; !status && i < json_array_size(coordinates); i++)
            status = json_simple(ctx, json_array_get(coordinates, i), out);
    return end_geometry(ctx, out, status);
}

/* Writers.  All room is taken at once, so that nothing is half written. */
static void put_u32(geo_bytes *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out->items[out->n++] = (uint8_t)(value >> 8 * i);
}

static void put_real(geo_bytes *out, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        out->items[out->n++] = (uint8_t)(bits >> 8 * i);
}

static void put_point(geo_bytes *out, gb_point p)
{
    put_real(out, p.x_m);
    put_real(out, p.y_m);
}

static void put_points(geo_bytes *out, const gb_point *points, size_t n,
                       bool is_closed)
{
    put_u32(out, (uint32_t)(n + (is_closed ? 1 : 0)));
    for (size_t i = 0; i < n; i++)
        put_point(out, points[i]);
    if (is_closed)
        put_point(out, points[0]);
}

static void put_blob_head(geo_bytes *out, int32_t srid, gb_box box)
{
    if (geo_box_is_empty(box))
        box = (gb_box){ 0.0, 0.0, 0.0, 0.0 };
    out->items[out->n++] = BLOB_START;
    out->items[out->n++] = 1;
    put_u32(out, (uint32_t)srid);
    put_real(out, box.min_x_m);
    put_real(out, box.min_y_m);
    put_real(out, box.max_x_m);
    put_real(out, box.max_y_m);
    out->items[out->n++] = BLOB_BOX_END;
}

typedef struct writer {
    geo_bytes *out;
    const gb_shapes *shapes;
    bool is_blob;
} writer;

static const gb_point *part_points(const writer *w, uint32_t r, size_t *n)
{
    *n = w->shapes->ring_first_point[r + 1] - w->shapes->ring_first_point[r];
    return w->shapes->points + w->shapes->ring_first_point[r];
}

static bool is_outer_ring(const writer *w, uint32_t first, uint32_t r)
{
    size_t n;
    const gb_point *ring = part_points(w, r, &n);

    return r == first || geo_ring_area_m2(ring, n) > 0.0;
}

/* The ring after the part that begins at `r`: for polygons the next outer. */
static uint32_t part_end(const writer *w, geo_kind kind, uint32_t first,
                         uint32_t r, uint32_t end)
{
    r++;
    while (kind == GEO_POLYGONS && r < end && !is_outer_ring(w, first, r))
        r++;
    return r;
}

static void put_part(writer *w, geo_kind kind, uint32_t r, uint32_t end)
{
    size_t n;

    if (kind == GEO_POLYGONS)
        put_u32(w->out, end - r);
    for (; r < end; r++) {
        const gb_point *points = part_points(w, r, &n);

        if (kind == GEO_POINTS)
            put_point(w->out, points[0]);
        else
            put_points(w->out, points, n, kind == GEO_POLYGONS);
    }
}

static uint32_t count_parts(const writer *w, geo_kind kind, uint32_t first,
                            uint32_t end)
{
    uint32_t n = 0;

    for (uint32_t r = first; r < end; r = part_end(w, kind, first, r, end))
        n++;
    return n;
}

static void put_body(writer *w, geo_kind kind, size_t s, bool is_multi)
{
    const uint32_t first = w->shapes->shape_first_ring[s];
    const uint32_t end = w->shapes->shape_first_ring[s + 1];
    const uint32_t n_parts = count_parts(w, kind, first, end);

    is_multi = is_multi || n_parts != 1;
    if (!w->is_blob)
        w->out->items[w->out->n++] = 1;
    put_u32(w->out, (uint32_t)kind + (is_multi ? 3 : 0));
    if (is_multi)
        put_u32(w->out, n_parts);
    for (uint32_t r = first, next; r < end; r = next) {
        next = part_end(w, kind, first, r, end);
        if (is_multi) {
            w->out->items[w->out->n++] = w->is_blob ? BLOB_PART : 1;
            put_u32(w->out, (uint32_t)kind);
        }
        put_part(w, kind, r, next);
    }
}

/* At most: head and tail, and for each ring a part's mark, two counts, and
 * its first point again. */
static bool take_room(base_mem *mem, const gb_shapes *shapes, size_t s,
                      geo_bytes *out)
{
    const uint32_t first = shapes->shape_first_ring[s];
    const uint32_t end = shapes->shape_first_ring[s + 1];
    const size_t n_points
        = shapes->ring_first_point[end] - shapes->ring_first_point[first];

    return base_array_reserve(mem, out,
                              64 + 32 * (size_t)(end - first) + 16 * n_points);
}

bool geo_write_wkb(base_mem *mem, const geo_geometry *geometry,
                   geo_bytes *out)
{
    const gb_shapes view = geo_shapes_view(&geometry->parts);
    writer w = { out, &view, false };

    if (!take_room(mem, &view, 0, out))
        return false;
    put_body(&w, geometry->kind, 0, geometry->is_multi);
    return true;
}

bool geo_write_blob(base_mem *mem, const geo_geometry *geometry,
                    geo_bytes *out)
{
    const gb_shapes view = geo_shapes_view(&geometry->parts);
    writer w = { out, &view, true };

    if (!take_room(mem, &view, 0, out))
        return false;
    put_blob_head(out, geometry->srid, geo_shape_box(&view, 0));
    put_body(&w, geometry->kind, 0, geometry->is_multi);
    out->items[out->n++] = BLOB_END;
    return true;
}

bool geo_write_blob_shape(base_mem *mem, const gb_shapes *shapes, size_t s,
                          bool as_multi, int32_t srid, geo_bytes *out)
{
    writer w = { out, shapes, true };

    if (!take_room(mem, shapes, s, out))
        return false;
    put_blob_head(out, srid, geo_shape_box(shapes, s));
    put_body(&w, GEO_POLYGONS, s, as_multi);
    out->items[out->n++] = BLOB_END;
    return true;
}

bool geo_write_wkb_shape(base_mem *mem, const gb_shapes *shapes, size_t s,
                         bool as_multi, geo_bytes *out)
{
    writer w = { out, shapes, false };

    if (!take_room(mem, shapes, s, out))
        return false;
    put_body(&w, GEO_POLYGONS, s, as_multi);
    return true;
}

bool geo_write_blob_line(base_mem *mem, const gb_point *points, size_t n,
                         int32_t srid, geo_bytes *out)
{
    gb_box box = geo_box_empty();

    if (n > UINT32_MAX - 1 || !base_array_reserve(mem, out, 64 + 16 * n))
        return false;
    for (size_t i = 0; i < n; i++)
        box = geo_box_join(box, geo_box_of_point(points[i]));
    put_blob_head(out, srid, box);
    put_u32(out, LINESTRING);
    put_points(out, points, n, false);
    out->items[out->n++] = BLOB_END;
    return true;
}

void geo_write_blob_point(gb_point point, int32_t srid,
                          uint8_t out[GEO_BLOB_POINT_SIZE])
{
    geo_bytes bytes = { out, 0, GEO_BLOB_POINT_SIZE };

    put_blob_head(&bytes, srid, geo_box_of_point(point));
    put_u32(&bytes, POINT);
    put_point(&bytes, point);
    bytes.items[bytes.n++] = BLOB_END;
}

gb_status geo_geometry_project(gb_context *ctx, gb_crs *crs,
                               geo_geometry *geometry)
{
    gb_shapes view = geo_shapes_view(&geometry->parts);
    gb_point *points = geometry->parts.points.items;
    gb_lonlat *degrees = base_alloc_array(ctx->mem, view.n_points,
                                          sizeof *degrees);
    gb_status status;

    if (!degrees)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < view.n_points; i++)
        degrees[i] = (gb_lonlat){ points[i].x_m, points[i].y_m };
    status = geo_crs_project(ctx, crs, degrees, view.n_points, points);
    if (!status)
        geometry->srid = gb_crs_epsg(crs);
    base_free(ctx->mem, degrees);
    return status;
}

gb_status geo_shapes_unproject(gb_context *ctx, gb_crs *crs,
                               const gb_shapes *shapes, geo_shapes *out)
{
    const size_t before = geo_shapes_count(out), first = out->points.n;
    gb_lonlat *degrees = base_alloc_array(ctx->mem, shapes->n_points,
                                          sizeof *degrees);
    gb_status status = GB_OK;

    if (!degrees) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    status = geo_crs_unproject(ctx, crs, shapes->points, shapes->n_points,
                               degrees);
    for (size_t s = 0; !status && s < shapes->n_shapes; s++)
        if (!geo_shapes_add_shape(out, shapes, s))
            status = base_fail_nomem(ctx);
    for (size_t i = 0; !status && i < shapes->n_points; i++)
        out->points.items[first + i]
            = (gb_point){ degrees[i].lon_deg, degrees[i].lat_deg };
done:
    if (status)
        geo_shapes_truncate(out, before);
    base_free(ctx->mem, degrees);
    return status;
}
