/*
 * geo_widen.c - lines widened to areas, by GEOS.
 *
 * Each line is widened by itself, and the pieces are united by and by: one
 * buffer of all lines takes longer than their number.  Lines come in an order
 * in which near ones follow each other, so batches are united first.
 */
#include "geo_overlay.h"

#include "geo_geos.h"

enum { BATCH = 256, QUARTER = 3 }; /* segments of a quarter circle */

typedef struct widener {
    geo_geos geos;
    double width_m, slack_m;
    GEOSGeometry **pieces; /* batches so far; room for all */
    size_t n_pieces;
} widener;

/* A collection of its own of the first n; they are gone in any case. */
static GEOSGeometry *unite(widener *w, GEOSGeometry **items, size_t n)
{
    GEOSGeometry *all = GEOSGeom_createCollection_r(
        w->geos.handle, GEOS_GEOMETRYCOLLECTION, items, (unsigned)n);
    GEOSGeometry *made;

    if (!all) {
        for (size_t i = 0; i < n; i++)
            GEOSGeom_destroy_r(w->geos.handle, items[i]);
        return NULL;
    }
    made = GEOSUnaryUnion_r(w->geos.handle, all);
    GEOSGeom_destroy_r(w->geos.handle, all);
    return made;
}

/* Lines [first, last) as one piece; NULL: failed. */
static GEOSGeometry *widen_batch(widener *w, const gb_lines *lines,
                                 size_t first, size_t last)
{
    GEOSGeometry *wide[BATCH];
    size_t n = 0;

    for (size_t l = first; l < last; l++) {
        const uint32_t offsets[2] = {
            0, lines->first_point[l + 1] - lines->first_point[l] };
        const gb_lines one = { 1, offsets[1], offsets,
                               lines->points + lines->first_point[l] };
        GEOSGeometry *line = geo_geos_lines(&w->geos, &one);
        GEOSGeometry *plain =
            line ? GEOSSimplify_r(w->geos.handle, line, w->slack_m) : NULL;

        wide[n] = plain ? GEOSBuffer_r(w->geos.handle, plain, w->width_m,
                                       QUARTER)
                        : NULL;
        GEOSGeom_destroy_r(w->geos.handle, line);
        GEOSGeom_destroy_r(w->geos.handle, plain);
        if (!wide[n]) {
            while (n > 0)
                GEOSGeom_destroy_r(w->geos.handle, wide[--n]);
            return NULL;
        }
        n++;
    }
    return unite(w, wide, n);
}

/* One ring of a polygon as a copy. */
static GEOSGeometry *copy_of(widener *w, const GEOSGeometry *ring)
{
    return ring ? GEOSGeom_clone_r(w->geos.handle, ring) : NULL;
}

static double area_of(widener *w, const GEOSGeometry *ring)
{
    GEOSGeometry *shell = copy_of(w, ring), *made;
    double area = 0;

    made = shell ? GEOSGeom_createPolygon_r(w->geos.handle, shell, NULL, 0)
                 : NULL;
    if (made)
        GEOSArea_r(w->geos.handle, made, &area);
    GEOSGeom_destroy_r(w->geos.handle, made);
    return area;
}

/* A polygon without its holes below an area; NULL: failed. */
static GEOSGeometry *fill_polygon(widener *w, const GEOSGeometry *polygon,
                                  double hole_m2)
{
    const GEOSContextHandle_t handle = w->geos.handle;
    const int n = GEOSGetNumInteriorRings_r(handle, polygon);
    GEOSGeometry **holes = base_alloc_array(w->geos.ctx->mem,
                                            n > 0 ? (size_t)n : 1,
                                            sizeof(void *));
    GEOSGeometry *shell, *made = NULL;
    unsigned kept = 0;
    bool good = holes != NULL;

    w->geos.is_short |= !holes;
    for (int i = 0; good && i < n; i++) {
        const GEOSGeometry *hole = GEOSGetInteriorRingN_r(handle, polygon, i);

        if (hole && area_of(w, hole) < hole_m2)
            continue;
        holes[kept] = copy_of(w, hole);
        good = holes[kept] != NULL;
        kept += good;
    }
    shell = good ? copy_of(w, GEOSGetExteriorRing_r(handle, polygon)) : NULL;
    if (shell) {
        made = GEOSGeom_createPolygon_r(handle, shell, holes, kept);
        kept = 0; /* owned by it, also when it failed */
    }
    while (kept > 0)
        GEOSGeom_destroy_r(handle, holes[--kept]);
    base_free(w->geos.ctx->mem, holes);
    return made;
}

/* All polygons of it, filled; takes it, gives another; NULL: failed. */
static GEOSGeometry *fill(widener *w, GEOSGeometry *area, double hole_m2)
{
    const int n = area ? GEOSGetNumGeometries_r(w->geos.handle, area) : -1;
    GEOSGeometry **filled = base_alloc_array(w->geos.ctx->mem,
                                             n > 0 ? (size_t)n : 1,
                                             sizeof(void *));
    GEOSGeometry *made = NULL;
    size_t done = 0;

    w->geos.is_short |= !filled;
    for (int i = 0; filled && i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(w->geos.handle, area, i);

        if (GEOSGeomTypeId_r(w->geos.handle, part) != GEOS_POLYGON)
            continue;
        filled[done] = fill_polygon(w, part, hole_m2);
        if (!filled[done])
            break;
        done++;
    }
    if (filled && done == (size_t)(n > 0 ? n : 0))
        made = unite(w, filled, done);
    else
        while (filled && done > 0)
            GEOSGeom_destroy_r(w->geos.handle, filled[--done]);
    GEOSGeom_destroy_r(w->geos.handle, area);
    base_free(w->geos.ctx->mem, filled);
    return made;
}

/* Takes `area`; what of `inner` the smoothing cut off is put back. */
static GEOSGeometry *smooth(widener *w, GEOSGeometry *area,
                            const GEOSGeometry *inner)
{
    GEOSGeometry *plain = area ? GEOSTopologyPreserveSimplify_r(
                                     w->geos.handle, area, w->slack_m)
                               : NULL;
    GEOSGeometry *made = plain;

    if (plain && inner) {
        made = GEOSUnion_r(w->geos.handle, plain, inner);
        GEOSGeom_destroy_r(w->geos.handle, plain);
    }
    GEOSGeom_destroy_r(w->geos.handle, area);
    return made;
}

static gb_status widen_all(widener *w, base_run *run, const gb_lines *lines)
{
    for (size_t first = 0; first < lines->n_lines; first += BATCH) {
        const size_t rest = lines->n_lines - first;
        GEOSGeometry *piece = widen_batch(
            w, lines, first, first + (rest < BATCH ? rest : BATCH));
        gb_status status;

        if (!piece)
            return geo_geos_failed(&w->geos);
        w->pieces[w->n_pieces++] = piece;
        status = base_poll_many(run, 256);
        if (status)
            return status;
    }
    return GB_OK;
}

/* Hand the area over as one shape. */
static gb_status hand_over(widener *w, const GEOSGeometry *made,
                           geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    gb_status status = GB_OK;

    if (!made || !geo_geos_read_rings(&w->geos, made, out))
        status = geo_geos_failed(&w->geos);
    else if (!geo_shapes_end_shape(out))
        status = base_fail_nomem(w->geos.ctx);
    if (status)
        geo_shapes_truncate(out, before);
    return status;
}

gb_status geo_lines_widen(base_run *run, const gb_lines *lines,
                          const geo_widening *how, const gb_shapes *inner,
                          size_t i, geo_shapes *out)
{
    widener w = { .width_m = how->width_m, .slack_m = how->slack_m };
    GEOSGeometry *within = NULL, *made = NULL;
    gb_status status = geo_geos_begin(&w.geos, run->ctx);

    if (status)
        return status;
    w.pieces = base_alloc_array(run->mem, lines->n_lines / BATCH + 2,
                                sizeof(void *));
    if (!w.pieces) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = widen_all(&w, run, lines);
    if (status)
        goto done;
    if (inner) {
        within = geo_geos_shape(&w.geos, inner, i);
        w.pieces[w.n_pieces] = within ? copy_of(&w, within) : NULL;
        if (!w.pieces[w.n_pieces]) {
            status = geo_geos_failed(&w.geos);
            goto done;
        }
        w.n_pieces++;
    }
    made = unite(&w, w.pieces, w.n_pieces);
    w.n_pieces = 0;
    made = made ? fill(&w, made, how->hole_m2) : NULL;
    made = smooth(&w, made, within);
    status = hand_over(&w, made, out);

done:
    while (w.n_pieces > 0)
        GEOSGeom_destroy_r(w.geos.handle, w.pieces[--w.n_pieces]);
    GEOSGeom_destroy_r(w.geos.handle, made);
    GEOSGeom_destroy_r(w.geos.handle, within);
    base_free(run->mem, w.pieces);
    geo_geos_end(&w.geos);
    return status;
}
