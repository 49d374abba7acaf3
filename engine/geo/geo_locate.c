/*
 * geo_locate.c - asking a geo_locator.
 */
#include "geo_locate_raster.h"

static const double UNITS_PER_DEG = 1e8;

/* A place in units, where the raster reaches. */
typedef struct spot {
    int64_t x, y;
    int64_t corner_x2, corner_y2; /* twice; of its square */
} spot;

static bool is_on(const locate_edge *e, const spot *p)
{
    return (p->x >= e->ax || p->x >= e->bx) && (p->x <= e->ax || p->x <= e->bx)
           && (p->y >= e->ay || p->y >= e->by)
           && (p->y <= e->ay || p->y <= e->by)
           && ((int64_t)e->bx - e->ax) * (p->y - e->ay)
                      - ((int64_t)e->by - e->ay) * (p->x - e->ax)
                  == 0;
}

/*
 * Does the way from the corner, first north, then east, cross the edge an odd
 * number of times?  It runs a hair above the place's height, so that it meets
 * no vertex; the place is not on the edge.
 */
static bool is_crossed(const locate_edge *e, const spot *p)
{
    bool is_odd = false;

    if ((e->ay <= p->y) != (e->by <= p->y))
        is_odd = (locate_east(e, 2 * p->x, 2 * p->y) < 0)
                 != locate_is_west(e, p->corner_x2, 2 * p->y);
    if ((2 * (int64_t)e->ax < p->corner_x2)
        != (2 * (int64_t)e->bx < p->corner_x2))
        is_odd ^= locate_is_below(e, p->corner_x2, 2 * p->y)
                  != locate_is_below(e, p->corner_x2, p->corner_y2);
    return is_odd;
}

typedef struct found {
    bool is_inside, is_on, is_on_rim;
} found;

/* What one shape of a square says. */
static found look(const int32_t *head, const spot *p)
{
    const uint32_t n_plain = (uint32_t)head[1] >> 1;
    const uint32_t n = n_plain + (uint32_t)head[2];
    const int32_t *w = head + 3;
    found f = { .is_inside = (head[1] & 1) != 0 };

    for (uint32_t i = 0; i < n; i++, w += 4) {
        const locate_edge e = { w[0], w[1], w[2], w[3] };

        if (is_on(&e, p)) {
            f.is_on = true;
            f.is_on_rim |= i >= n_plain;
        } else {
            f.is_inside ^= is_crossed(&e, p);
        }
    }
    return f;
}

static geo_location look_at_square(const geo_locator *locator, uint32_t at,
                                   const spot *p)
{
    const int32_t *w = locator->words + at;
    const int32_t n = *w++;
    geo_location location = { GEO_NOWHERE, GEO_NOWHERE, false };
    uint32_t group = 0;

    for (int32_t i = 0; i < n; i++) {
        const found f = look(w + 1, p);
        const uint32_t shape = (uint32_t)w[1], its_group = (uint32_t)w[0];

        location.is_on_border |= f.is_on_rim;
        if (f.is_on || f.is_inside) {
            if (location.shape == GEO_NOWHERE) {
                location.shape = shape;
                group = its_group;
            } else if (location.other == GEO_NOWHERE && its_group != group) {
                location.other = shape;
            }
        }
        w += 4 + 4 * (size_t)(((uint32_t)w[2] >> 1) + (uint32_t)w[3]);
    }
    return location;
}

geo_location geo_locate(const geo_locator *locator, gb_lonlat at)
{
    const double x = locate_turn(at.lon_deg, locator->origin.lon_deg)
                     * UNITS_PER_DEG;
    const double y = (at.lat_deg - locator->origin.lat_deg) * UNITS_PER_DEG;
    const geo_location nowhere = { GEO_NOWHERE, GEO_NOWHERE, false };
    spot p = { .x = llrint(x), .y = llrint(y) };
    const int64_t column = (p.x - locator->west) >> locator->shift;
    const int64_t row = (p.y - locator->south) >> locator->shift;
    uint32_t code;

    if (column < 0 || row < 0 || column >= locator->n_columns
        || row >= locator->n_rows)
        return nowhere;
    code = locator->codes[(size_t)row * locator->n_columns + (size_t)column];
    if (code == GEO_NOWHERE)
        return nowhere;
    if (!(code & LOCATE_MIXED))
        return (geo_location){ code, GEO_NOWHERE, false };
    p.corner_x2 = 2 * (locator->west + column * ((int64_t)1 << locator->shift))
                  - 1;
    p.corner_y2 = 2 * (locator->south + row * ((int64_t)1 << locator->shift))
                  - 1;
    return look_at_square(locator, code & ~LOCATE_MIXED, &p);
}

/* --------------------------------------------------------------- nearest -- */

static double along(const geo_locator *locator, uint32_t i, gb_point from,
                    double *ratio)
{
    const locate_edge *e = &locator->rim[i];

    return geo_segment_distance_m(from,
                                  locate_on_plane(locator, e->ax, e->ay),
                                  locate_on_plane(locator, e->bx, e->by),
                                  ratio);
}

typedef struct asked {
    const geo_locator *locator;
} asked;

/* In whole millimetres, rounded up: not below the distance of the box, and
 * equal for edges that meet in the nearest vertex. */
static double distance_of(void *user, uint32_t i, gb_point from)
{
    const asked *a = user;
    const double d = along(a->locator, i, from, NULL);

    return ceil(d * 1e3 + 1e-4) * 1e-3;
}

uint32_t geo_locate_nearest(const geo_locator *locator, gb_lonlat at,
                            double *distance_m)
{
    const double x = locate_turn(at.lon_deg, locator->origin.lon_deg)
                     * UNITS_PER_DEG;
    const double y = (at.lat_deg - locator->origin.lat_deg) * UNITS_PER_DEG;
    const gb_point from = locate_on_plane(locator, x, y);
    asked user = { locator };
    const locate_edge *e;
    geo_index_hit hit;
    gb_lonlat there;
    double ratio;

    *distance_m = 0.0;
    if (!locator->nearest
        || geo_index_nearest(locator->nearest, from, 1, HUGE_VAL, distance_of,
                             &user, &hit) == 0)
        return GEO_NOWHERE;
    e = &locator->rim[hit.item];
    along(locator, hit.item, from, &ratio);
    there.lon_deg = at.lon_deg
                    + (e->ax + ratio * ((double)e->bx - e->ax) - x)
                          / UNITS_PER_DEG;
    there.lat_deg = locator->origin.lat_deg
                    + (e->ay + ratio * ((double)e->by - e->ay))
                          / UNITS_PER_DEG;
    *distance_m = geo_lonlat_distance_m(at, there);
    return locator->rim_shape[hit.item];
}

size_t geo_locator_edges(const geo_locator *locator)
{
    return locator->n_edges;
}

size_t geo_locator_bytes(const geo_locator *locator)
{
    const size_t rim = locator->n_rim
                       * (sizeof *locator->rim + sizeof *locator->rim_shape);

    return sizeof *locator
           + (size_t)locator->n_columns * locator->n_rows
                 * sizeof *locator->codes
           + locator->n_words * sizeof *locator->words + rim
           + 40 * locator->n_rim; /* geo_index: boxes and numbers */
}

void geo_locator_free(geo_locator *locator)
{
    base_mem *mem;

    if (!locator)
        return;
    mem = locator->mem;
    geo_index_free(locator->nearest);
    base_free(mem, locator->codes);
    base_free(mem, locator->words);
    base_free(mem, locator->rim);
    base_free(mem, locator->rim_shape);
    base_free(mem, locator);
    base_mem_unref(mem);
}
