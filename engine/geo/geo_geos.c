/*
 * geo_geos.c - into GEOS and out of it.
 */
#include "geo_geos.h"

#include <stdio.h>
#include <string.h>

static void keep_words(const char *message, void *user)
{
    geo_geos *geos = user;

    snprintf(geos->words, sizeof geos->words, "%s", message);
    for (char *c = geos->words; *c; c++)
        if (*c == '\n')
            *c = ' ';
}

static void keep_quiet(const char *message, void *user)
{
    (void)message;
    (void)user;
}

gb_status geo_geos_begin(geo_geos *geos, gb_context *ctx)
{
    *geos = (geo_geos){ .ctx = ctx };
    geos->handle = GEOS_init_r();
    if (!geos->handle)
        return base_fail_nomem(ctx);
    GEOSContext_setErrorMessageHandler_r(geos->handle, keep_words, geos);
    GEOSContext_setNoticeMessageHandler_r(geos->handle, keep_quiet, geos);
    return GB_OK;
}

void geo_geos_end(geo_geos *geos)
{
    if (!geos->ctx)
        return;
    base_array_clear(geos->ctx->mem, &geos->scratch);
    if (geos->handle)
        GEOS_finish_r(geos->handle);
    geos->handle = NULL;
}

gb_status geo_geos_failed(geo_geos *geos)
{
    if (geos->is_short || strstr(geos->words, "bad_alloc"))
        return base_fail_nomem(geos->ctx);
    return base_fail(geos->ctx, GB_ERR_LIBRARY, "GEOS: %s",
                     geos->words[0] ? geos->words : "no reason given");
}

/* createLinearRing and createLineString own the sequence, even when they
 * fail. */
static GEOSCoordSequence *sequence(geo_geos *geos, const gb_point *points,
                                   size_t n, bool is_closed)
{
    base_mem *mem = geos->ctx->mem;

    geos->scratch.n = 0;
    if (!base_array_reserve(mem, &geos->scratch, n + 1)) {
        geos->is_short = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        if (geos->scratch.n == 0
            || !geo_point_equal(points[i],
                                geos->scratch.items[geos->scratch.n - 1]))
            geos->scratch.items[geos->scratch.n++] = points[i];
    if (is_closed && n > 0)
        geos->scratch.items[geos->scratch.n++] = points[0];
    return GEOSCoordSeq_copyFromBuffer_r(geos->handle,
                                         &geos->scratch.items[0].x_m,
                                         (unsigned)geos->scratch.n, 0, 0);
}

static void destroy_all(geo_geos *geos, GEOSGeometry **items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        GEOSGeom_destroy_r(geos->handle, items[i]);
}

static GEOSGeometry *linear_ring(geo_geos *geos, const gb_shapes *shapes,
                                 uint32_t r)
{
    const uint32_t first = shapes->ring_first_point[r];
    GEOSCoordSequence *points
        = sequence(geos, shapes->points + first,
                   shapes->ring_first_point[r + 1] - first, true);

    return points ? GEOSGeom_createLinearRing_r(geos->handle, points) : NULL;
}

/* The polygon of the rings [r, end): an outer one and its holes. */
static GEOSGeometry *polygon(geo_geos *geos, const gb_shapes *shapes,
                             uint32_t r, uint32_t end)
{
    base_mem *mem = geos->ctx->mem;
    GEOSGeometry *outer = linear_ring(geos, shapes, r), *made = NULL;
    GEOSGeometry **holes = base_alloc_array(mem, end - r, sizeof(void *));
    size_t n = 0;

    if (!holes) {
        geos->is_short = true;
        goto done;
    }
    if (!outer)
        goto done;
    for (uint32_t h = r + 1; h < end; h++) {
        holes[n] = linear_ring(geos, shapes, h);
        if (!holes[n])
            goto done;
        n++;
    }
    made = GEOSGeom_createPolygon_r(geos->handle, outer, holes, (unsigned)n);
    if (made) {
        outer = NULL;
        n = 0;
    }
done:
    if (outer)
        GEOSGeom_destroy_r(geos->handle, outer);
    destroy_all(geos, holes, n);
    base_free(mem, holes);
    return made;
}

/* Rings [first, end) as a list of polygons; appends to `items`. */
static bool polygons(geo_geos *geos, const gb_shapes *shapes, uint32_t first,
                     uint32_t end, GEOSGeometry **items, size_t *n)
{
    for (uint32_t r = first; r < end;) {
        uint32_t next = r + 1;

        for (; next < end; next++) {
            const uint32_t begin = shapes->ring_first_point[next];

            if (geo_ring_area_m2(shapes->points + begin,
                                 shapes->ring_first_point[next + 1] - begin)
                > 0.0)
                break;
        }
        items[*n] = polygon(geos, shapes, r, next);
        if (!items[*n])
            return false;
        ++*n;
        r = next;
    }
    return true;
}

/* All polygons of shapes [s, s_end) in one collection. */
static GEOSGeometry *multipolygon(geo_geos *geos, const gb_shapes *shapes,
                                  size_t s, size_t s_end)
{
    base_mem *mem = geos->ctx->mem;
    const uint32_t first = shapes->shape_first_ring[s];
    const uint32_t last = shapes->shape_first_ring[s_end];
    GEOSGeometry **items = base_alloc_array(mem, last - first, sizeof(void *));
    GEOSGeometry *made = NULL;
    size_t n = 0;

    if (!items) {
        geos->is_short = true;
        return NULL;
    }
    for (; s < s_end; s++)
        if (!polygons(geos, shapes, shapes->shape_first_ring[s],
                      shapes->shape_first_ring[s + 1], items, &n))
            goto done;
    if (n == 1)
        made = items[0];
    else
        made = GEOSGeom_createCollection_r(geos->handle, GEOS_MULTIPOLYGON,
                                           items, (unsigned)n);
    if (made)
        n = 0;
done:
    destroy_all(geos, items, n);
    base_free(mem, items);
    return made;
}

GEOSGeometry *geo_geos_shape(geo_geos *geos, const gb_shapes *shapes, size_t s)
{
    return multipolygon(geos, shapes, s, s + 1);
}

GEOSGeometry *geo_geos_shapes(geo_geos *geos, const gb_shapes *shapes)
{
    return multipolygon(geos, shapes, 0, shapes->n_shapes);
}

GEOSGeometry *geo_geos_lines(geo_geos *geos, const gb_lines *lines)
{
    base_mem *mem = geos->ctx->mem;
    GEOSGeometry **items = base_alloc_array(mem, lines->n_lines,
                                            sizeof(void *));
    GEOSGeometry *made = NULL;
    size_t n = 0;

    if (!items) {
        geos->is_short = true;
        return NULL;
    }
    for (size_t l = 0; l < lines->n_lines; l++) {
        const uint32_t first = lines->first_point[l];
        GEOSCoordSequence *points
            = sequence(geos, lines->points + first,
                       lines->first_point[l + 1] - first, false);

        if (!points)
            goto done;
        if (geos->scratch.n < 2) {
            GEOSCoordSeq_destroy_r(geos->handle, points);
            continue;
        }
        items[n] = GEOSGeom_createLineString_r(geos->handle, points);
        if (!items[n])
            goto done;
        n++;
    }
    made = GEOSGeom_createCollection_r(geos->handle, GEOS_MULTILINESTRING,
                                       items, (unsigned)n);
    if (made)
        n = 0;
done:
    destroy_all(geos, items, n);
    base_free(mem, items);
    return made;
}

/* As a line: all that its one user, the hull, looks at is the points. */
GEOSGeometry *geo_geos_points(geo_geos *geos, const gb_point *points, size_t n)
{
    GEOSCoordSequence *all
        = GEOSCoordSeq_copyFromBuffer_r(geos->handle, &points[0].x_m,
                                        (unsigned)n, 0, 0);

    return all ? GEOSGeom_createLineString_r(geos->handle, all) : NULL;
}

static bool read_ring(geo_geos *geos, const GEOSGeometry *ring,
                      bool is_outer, geo_shapes *out)
{
    base_mem *mem = geos->ctx->mem;
    const GEOSCoordSequence *points
        = GEOSGeom_getCoordSeq_r(geos->handle, ring);
    unsigned n = 0;
    bool as_is;

    if (!points || !GEOSCoordSeq_getSize_r(geos->handle, points, &n))
        return false;
    if (n < 4)
        return true;
    geos->scratch.n = 0;
    if (!base_array_reserve(mem, &geos->scratch, n)) {
        geos->is_short = true;
        return false;
    }
    if (!GEOSCoordSeq_copyToBuffer_r(geos->handle, points,
                                     &geos->scratch.items[0].x_m, 0, 0))
        return false;
    n--; /* closed implicitly */
    as_is = (geo_ring_area_m2(geos->scratch.items, n) > 0.0) == is_outer;
    for (unsigned i = 0; i < n; i++)
        if (!geo_shapes_add_point(
                out, geos->scratch.items[as_is ? i : n - 1 - i])) {
            geos->is_short = true;
            return false;
        }
    if (!geo_shapes_end_ring(out)) {
        geos->is_short = true;
        return false;
    }
    return true;
}

static bool read_polygon(geo_geos *geos, const GEOSGeometry *polygon,
                         geo_shapes *out)
{
    const GEOSGeometry *ring;
    const int n_holes = GEOSGetNumInteriorRings_r(geos->handle, polygon);

    if (GEOSisEmpty_r(geos->handle, polygon) != 0)
        return true;
    ring = GEOSGetExteriorRing_r(geos->handle, polygon);
    if (!ring || n_holes < 0 || !read_ring(geos, ring, true, out))
        return false;
    for (int h = 0; h < n_holes; h++) {
        ring = GEOSGetInteriorRingN_r(geos->handle, polygon, h);
        if (!ring || !read_ring(geos, ring, false, out))
            return false;
    }
    return true;
}

/* GEOS's results nest at most a multi in a collection. */
bool geo_geos_read_rings(geo_geos *geos, const GEOSGeometry *geometry,
                         geo_shapes *out)
{
    const int n = GEOSGetNumGeometries_r(geos->handle, geometry);

    for (int i = 0; i < n; i++) {
        const GEOSGeometry *part
            = GEOSGetGeometryN_r(geos->handle, geometry, i);
        const int type = part ? GEOSGeomTypeId_r(geos->handle, part) : -1;
        const int n_inner = type == GEOS_MULTIPOLYGON
                                ? GEOSGetNumGeometries_r(geos->handle, part)
                                : 0;

        if (type < 0)
            return false;
        if (type == GEOS_POLYGON && !read_polygon(geos, part, out))
            return false;
        for (int k = 0; k < n_inner; k++) {
            const GEOSGeometry *inner
                = GEOSGetGeometryN_r(geos->handle, part, k);

            if (!inner || !read_polygon(geos, inner, out))
                return false;
        }
    }
    return n >= 0;
}
