/*
 * roads_rtree.c - see roads_rtree.h.
 */
#include "roads_rtree.h"

#include <math.h>
#include <string.h>

#include "roads_measure.h"
#include "roads_metric.h"

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

uint32_t roads_hilbert(roads_e7 at, roads_box box)
{
    const double width = (double)box.max_lon - box.min_lon + 1;
    const double height = (double)box.max_lat - box.min_lat + 1;
    uint32_t x = (uint32_t)(((double)at.lon - box.min_lon) / width * 65536);
    uint32_t y = (uint32_t)(((double)at.lat - box.min_lat) / height * 65536);
    uint32_t d = 0;

    for (uint32_t s = 32768; s > 0; s /= 2) {
        const uint32_t rx = (x & s) > 0, ry = (y & s) > 0;

        d += s * s * ((3 * rx) ^ ry);
        if (ry == 0) {
            const uint32_t t = rx ? 65535 - x : x;

            x = rx ? 65535 - y : y;
            y = t;
        }
    }
    return d;
}

static void widen(roads_box *box, roads_box by)
{
    box->min_lon = by.min_lon < box->min_lon ? by.min_lon : box->min_lon;
    box->min_lat = by.min_lat < box->min_lat ? by.min_lat : box->min_lat;
    box->max_lon = by.max_lon > box->max_lon ? by.max_lon : box->max_lon;
    box->max_lat = by.max_lat > box->max_lat ? by.max_lat : box->max_lat;
}

roads_box roads_box_of(const roads_e7 *points, size_t n)
{
    roads_box box = { points[0].lon, points[0].lat, points[0].lon,
                      points[0].lat };

    for (size_t i = 1; i < n; i++)
        widen(&box, (roads_box){ points[i].lon, points[i].lat, points[i].lon,
                                 points[i].lat });
    return box;
}

typedef struct placed {
    uint32_t place, number;
} placed;

/* Stable, by one digit of 16 bits of the place. */
static void sort_digit(const placed *from, placed *to, size_t n, int shift,
                       uint32_t *counts)
{
    uint32_t sum = 0;

    memset(counts, 0, 65536 * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[from[i].place >> shift & 65535]++;
    for (size_t i = 0; i < 65536; i++) {
        const uint32_t count = counts[i];

        counts[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[from[i].place >> shift & 65535]++] = from[i];
}

bool roads_hilbert_order(base_mem *mem, const roads_e7 *points, size_t n,
                         uint32_t *order)
{
    placed *a = base_alloc_array(mem, n, sizeof *a);
    placed *b = base_alloc_array(mem, n, sizeof *b);
    uint32_t *counts = base_alloc_array(mem, 65536, sizeof *counts);
    const bool good = a && b && counts;

    if (good && n) {
        const roads_box box = roads_box_of(points, n);

        for (uint32_t i = 0; i < n; i++)
            a[i] = (placed){ roads_hilbert(points[i], box), i };
        sort_digit(a, b, n, 0, counts);
        sort_digit(b, a, n, 16, counts);
        for (size_t i = 0; i < n; i++)
            order[i] = a[i].number;
    }
    base_free(mem, a);
    base_free(mem, b);
    base_free(mem, counts);
    return good;
}

static roads_box segment_box(const roads_segment *segment)
{
    return roads_box_of(segment->ends, 2);
}

static void fill_boxes(const roads_segment *segments, size_t n_segments,
                       roads_box *boxes)
{
    const roads_box *below = NULL;
    size_t n_below = n_segments;

    for (;;) {
        const size_t n = (n_below + FANOUT - 1) / FANOUT;

        for (size_t i = 0; i < n_below; i++) {
            const roads_box box =
                below ? below[i] : segment_box(&segments[i]);

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

bool roads_rtree_build(base_mem *mem, roads_segment *segments,
                       size_t n_segments, roads_box *boxes)
{
    uint32_t *order;
    roads_segment *sorted;
    roads_e7 *middles;
    bool good;

    if (n_segments == 0)
        return true;
    order = base_alloc_array(mem, n_segments, sizeof *order);
    sorted = base_alloc_array(mem, n_segments, sizeof *sorted);
    middles = base_alloc_array(mem, n_segments, sizeof *middles);
    good = order && sorted && middles;
    for (size_t i = 0; good && i < n_segments; i++) {
        const roads_e7 *ends = segments[i].ends;

        middles[i] = (roads_e7){
            (int32_t)(((int64_t)ends[0].lon + ends[1].lon) / 2),
            (int32_t)(((int64_t)ends[0].lat + ends[1].lat) / 2)
        };
    }
    good = good && roads_hilbert_order(mem, middles, n_segments, order);
    for (size_t i = 0; good && i < n_segments; i++)
        sorted[i] = segments[order[i]];
    if (good) {
        memcpy(segments, sorted, n_segments * sizeof *segments);
        fill_boxes(segments, n_segments, boxes);
    }
    base_free(mem, order);
    base_free(mem, sorted);
    base_free(mem, middles);
    return good;
}

/* ---- asking ---- */

typedef struct query {
    double lon, lat;
    roads_scale scale; /* of the place asked for, so that all compare alike */
    const uint8_t *use;
    roads_hit best;
    double best_m2;
} query;

static double gap(double at, double low, double high)
{
    const double below = low - at, above = at - high;
    const double beyond = below > above ? below : above;

    return beyond > 0 ? beyond : 0;
}

static double box_m2(const query *q, roads_box box)
{
    const double x = gap(q->lon, box.min_lon, box.max_lon) * q->scale.x_m;
    const double y = gap(q->lat, box.min_lat, box.max_lat) * q->scale.y_m;

    return x * x + y * y;
}

/* Where along a segment the nearest place is, 0 to 1; how far that is. */
static double share_of(const query *q, const roads_segment *s, double *m2)
{
    const roads_e7 a = s->ends[0], b = s->ends[1];
    const double x = (b.lon - (double)a.lon) * q->scale.x_m;
    const double y = (b.lat - (double)a.lat) * q->scale.y_m;
    const double px = (q->lon - a.lon) * q->scale.x_m;
    const double py = (q->lat - a.lat) * q->scale.y_m;
    const double length_m2 = x * x + y * y;
    double t = (px * x + py * y) / (length_m2 > 0 ? length_m2 : 1);

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    *m2 = (px - t * x) * (px - t * x) + (py - t * y) * (py - t * y);
    return t;
}

static void try_segment(query *q, const roads_segment *s)
{
    double m2;
    const double share = share_of(q, s, &m2);

    if (m2 > q->best_m2 || (m2 >= q->best_m2 && s->point >= q->best.point)
        || !roads_use_link(q->use, s->link))
        return;
    q->best_m2 = m2;
    q->best.point = s->point;
    q->best.link = s->link;
    q->best.share = share;
}

typedef struct waiting {
    double m2;
    uint32_t level, box;
} waiting;

typedef struct levels {
    size_t at[MAX_LEVELS], n[MAX_LEVELS]; /* of boxes, from the bottom */
    size_t count;
} levels;

static void find_levels(size_t n_segments, levels *l)
{
    l->count = 0;
    for (size_t below = n_segments, at = 0; below > 0;) {
        l->at[l->count] = at;
        below = l->n[l->count] = (below + FANOUT - 1) / FANOUT;
        at += l->n[l->count++];
        if (below == 1)
            break;
    }
}

/* Put the boxes inside of one on the stack, the nearest on top. */
static void expand(const query *q, const roads_map *map, const levels *l,
                   waiting from, waiting *stack, size_t *n)
{
    const uint32_t level = from.level - 1;
    const size_t base = *n;
    const size_t first = (size_t)from.box * FANOUT;
    const size_t end =
        first + FANOUT < l->n[level] ? first + FANOUT : l->n[level];

    for (size_t i = first; i < end; i++) {
        const double m2 = box_m2(q, map->boxes[l->at[level] + i]);
        size_t at = *n;

        if (m2 > q->best_m2)
            continue;
        for (; at > base && stack[at - 1].m2 < m2; at--)
            stack[at] = stack[at - 1];
        stack[at] = (waiting){ m2, level, (uint32_t)i };
        ++*n;
    }
}

static void search(query *q, const roads_map *map, const levels *l)
{
    const size_t n_segments = map->n_points - map->n_links;
    waiting stack[MAX_LEVELS * FANOUT];
    size_t n = 0;

    if (l->count > 0)
        stack[n++] = (waiting){ 0, (uint32_t)l->count - 1, 0 };
    while (n > 0) {
        const waiting top = stack[--n];
        const size_t first = (size_t)top.box * FANOUT;

        if (top.m2 > q->best_m2)
            continue;
        if (top.level > 0) {
            expand(q, map, l, top, stack, &n);
            continue;
        }
        for (size_t i = first; i < first + FANOUT && i < n_segments; i++)
            try_segment(q, &map->segments[i]);
    }
}

roads_hit roads_rtree_nearest(const roads_map *map, const uint8_t *use,
                              double lon_e7, double lat_e7, double max_m)
{
    /* Nearly all are near a street, and a narrow look opens few boxes. */
    const double narrow_m = 60, wider = 6;
    query q = { lon_e7, lat_e7, roads_scale_at(lat_e7), use,
                { ROADS_NONE, ROADS_NONE, 0, INFINITY }, 0 };
    levels l;

    find_levels(map->n_points - map->n_links, &l);
    for (double m = narrow_m; q.best.point == ROADS_NONE; m *= wider) {
        q.best_m2 = m < max_m ? m * m : max_m * max_m;
        search(&q, map, &l);
        if (m >= max_m)
            break;
    }
    if (q.best.point != ROADS_NONE)
        q.best.distance_m = sqrt(q.best_m2);
    return q.best;
}
