/*
 * roads_rtree.c - see roads_rtree.h.
 */
#include "roads_rtree.h"

#include <stdlib.h>

#include "roads_measure.h"

enum {
    FANOUT = 16,
    /* 16^8 segments are all that 32 bits can number. */
    MAX_LEVELS = 9
};

size_t roads_rtree_boxes(size_t n_segments)
{
    size_t n = n_segments, sum = 0;

    while (n > 0) {
        n = (n + FANOUT - 1) / FANOUT;
        sum += n;
        if (n == 1)
            break;
    }
    return sum;
}

/* ---- building ---- */

uint64_t roads_hilbert(roads_e7 at, roads_box box)
{
    const double width = (double)box.max_lon - box.min_lon + 1;
    const double height = (double)box.max_lat - box.min_lat + 1;
    uint32_t x = (uint32_t)(((double)at.lon - box.min_lon) / width * 65536);
    uint32_t y = (uint32_t)(((double)at.lat - box.min_lat) / height * 65536);
    uint64_t d = 0;

    for (uint32_t s = 32768; s > 0; s /= 2) {
        const uint32_t rx = (x & s) > 0, ry = (y & s) > 0;

        d += (uint64_t)s * s * ((3 * rx) ^ ry);
        if (ry == 0) {
            const uint32_t t = rx ? 65535 - x : x;

            x = rx ? 65535 - y : y;
            y = t;
        }
    }
    return d;
}

static roads_box segment_box(const roads_e7 *points, uint32_t p)
{
    const roads_e7 a = points[p], b = points[p + 1];

    return (roads_box){ a.lon < b.lon ? a.lon : b.lon,
                        a.lat < b.lat ? a.lat : b.lat,
                        a.lon > b.lon ? a.lon : b.lon,
                        a.lat > b.lat ? a.lat : b.lat };
}

static void widen(roads_box *box, roads_box by)
{
    box->min_lon = by.min_lon < box->min_lon ? by.min_lon : box->min_lon;
    box->min_lat = by.min_lat < box->min_lat ? by.min_lat : box->min_lat;
    box->max_lon = by.max_lon > box->max_lon ? by.max_lon : box->max_lon;
    box->max_lat = by.max_lat > box->max_lat ? by.max_lat : box->max_lat;
}

typedef struct ordered {
    uint64_t place;
    uint32_t segment;
} ordered;

static int compare(const void *a, const void *b)
{
    const ordered *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->segment < y->segment ? -1 : x->segment > y->segment;
}

static void fill_boxes(const roads_e7 *points, const uint32_t *segments,
                       size_t n_segments, roads_box *boxes)
{
    const roads_box *below = NULL;
    size_t n_below = n_segments;

    for (;;) {
        const size_t n = (n_below + FANOUT - 1) / FANOUT;

        for (size_t i = 0; i < n_below; i++) {
            const roads_box box =
                below ? below[i] : segment_box(points, segments[i]);

            if (i % FANOUT == 0)
                boxes[i / FANOUT] = box;
            else
                widen(&boxes[i / FANOUT], box);
        }
        if (n == 1)
            return;
        below = boxes;
        boxes += n;
        n_below = n;
    }
}

bool roads_rtree_build(base_mem *mem, const roads_e7 *points,
                       uint32_t *segments, size_t n_segments,
                       roads_box *boxes)
{
    ordered *order;
    roads_box all;

    if (n_segments == 0)
        return true;
    order = base_alloc_array(mem, n_segments, sizeof *order);
    if (!order)
        return false;
    all = segment_box(points, segments[0]);
    for (size_t i = 1; i < n_segments; i++)
        widen(&all, segment_box(points, segments[i]));
    for (size_t i = 0; i < n_segments; i++) {
        const roads_e7 a = points[segments[i]], b = points[segments[i] + 1];
        const roads_e7 middle = { (int32_t)(((int64_t)a.lon + b.lon) / 2),
                                  (int32_t)(((int64_t)a.lat + b.lat) / 2) };

        order[i] = (ordered){ roads_hilbert(middle, all), segments[i] };
    }
    qsort(order, n_segments, sizeof *order, compare);
    for (size_t i = 0; i < n_segments; i++)
        segments[i] = order[i].segment;
    base_free(mem, order);
    fill_boxes(points, segments, n_segments, boxes);
    return true;
}

/* ---- asking ---- */

typedef struct query {
    double lon, lat;
    roads_scale scale; /* of the place asked for, so that all compare alike */
    roads_hit best;
    double best_m2;
} query;

static double gap(double at, double low, double high)
{
    return at < low ? low - at : at > high ? at - high : 0;
}

static double box_m2(const query *q, roads_box box)
{
    const double x = gap(q->lon, box.min_lon, box.max_lon) * q->scale.x_m;
    const double y = gap(q->lat, box.min_lat, box.max_lat) * q->scale.y_m;

    return x * x + y * y;
}

static void try_segment(query *q, const roads_e7 *points, uint32_t p)
{
    const roads_e7 a = points[p], b = points[p + 1];
    const double x = (b.lon - (double)a.lon) * q->scale.x_m;
    const double y = (b.lat - (double)a.lat) * q->scale.y_m;
    const double px = (q->lon - a.lon) * q->scale.x_m;
    const double py = (q->lat - a.lat) * q->scale.y_m;
    const double length_m2 = x * x + y * y;
    double t = length_m2 > 0 ? (px * x + py * y) / length_m2 : 0, m2;

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    m2 = (px - t * x) * (px - t * x) + (py - t * y) * (py - t * y);
    if (m2 > q->best_m2 || (m2 >= q->best_m2 && p >= q->best.point))
        return;
    q->best_m2 = m2;
    q->best.point = p;
    q->best.share = t;
}

typedef struct waiting {
    double m2;
    uint32_t level, box;
} waiting;

/* Put a box's children on the stack, the nearest on top. */
static void expand(const roads_network *network, query *q,
                   const size_t *level_at, const size_t *level_n,
                   waiting from, waiting *stack, size_t *n)
{
    const uint32_t first = from.box * FANOUT, level = from.level - 1;
    const size_t base = *n;

    for (uint32_t i = first; i < first + FANOUT && i < level_n[level]; i++) {
        const double m2 = box_m2(q, network->boxes[level_at[level] + i]);
        size_t at = (*n)++;

        if (m2 > q->best_m2) {
            (*n)--;
            continue;
        }
        for (; at > base && stack[at - 1].m2 < m2; at--)
            stack[at] = stack[at - 1];
        stack[at] = (waiting){ m2, level, i };
    }
}

roads_hit roads_rtree_nearest(const roads_network *network, double lon_e7,
                              double lat_e7, double max_m)
{
    const size_t n_segments = network->n_points - network->n_links;
    query q = { lon_e7, lat_e7, roads_scale_at(lat_e7),
                { ROADS_NONE, 0, INFINITY }, max_m * max_m };
    size_t level_at[MAX_LEVELS], level_n[MAX_LEVELS], n_levels = 0, n = 0;
    waiting stack[MAX_LEVELS * FANOUT];

    for (size_t below = n_segments, at = 0; below > 0;) {
        level_at[n_levels] = at;
        level_n[n_levels] = (below + FANOUT - 1) / FANOUT;
        below = level_n[n_levels];
        at += level_n[n_levels++];
        if (below == 1)
            break;
    }
    if (n_levels > 0)
        stack[n++] = (waiting){ 0, (uint32_t)n_levels - 1, 0 };
    while (n > 0) {
        const waiting top = stack[--n];

        if (top.m2 > q.best_m2)
            continue;
        if (top.level > 0) {
            expand(network, &q, level_at, level_n, top, stack, &n);
            continue;
        }
        for (size_t i = (size_t)top.box * FANOUT;
             i < (size_t)top.box * FANOUT + FANOUT && i < n_segments; i++)
            try_segment(&q, network->points, network->segments[i]);
    }
    if (q.best.point != ROADS_NONE)
        q.best.distance_m = sqrt(q.best_m2);
    return q.best;
}
