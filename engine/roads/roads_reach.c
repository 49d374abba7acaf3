/*
 * roads_reach.c - how far one comes within some seconds.
 *
 *      place                  link, 0 .. cm
 *        x=====>                from a place on it, onwards
 *   o====================o
 *   ====>        <=======       from either end, as far as the time allows
 *
 * What is reached of each link is at most a few intervals; joined they are
 * measured to the centimetre, and become lines that are widened.  A link that
 * was reached whole within the limit before is in that limit's area already.
 */
#include "roads_reach.h"

#include <stdlib.h>
#include <string.h>

#include "geo_crs.h"
#include "geo_overlay.h"
#include "roads_flood.h"
#include "roads_measure.h"

typedef struct interval {
    uint32_t from, to; /* centimetres of the link */
} interval;

typedef BASE_ARRAY(interval) interval_array;
typedef BASE_ARRAY(gb_lonlat) lonlat_array;
typedef BASE_ARRAY(uint32_t) id_array;

typedef struct reacher {
    base_run *run;
    roads_view view;
    const gb_roads_reach_query *query;
    roads_flood flood;
    uint32_t *from;        /* places on the map, by link */
    size_t n_from;
    interval_array parts;  /* of the present link */
    lonlat_array points;   /* of the present limit's lines */
    id_array first_point;
    gb_crs *crs;
    geo_shapes areas;      /* on the plane */
    int64_t cm;            /* within the present limit */
} reacher;

/* ---- how much of a link ---- */

static double hundredths_of(double weight)
{
    return floor(weight / ROADS_LENGTHS);
}

/* Until some hundredths have passed since its tail: centimetres. */
static uint32_t travelled_cm(const reacher *r, uint32_t street,
                             double hundredths)
{
    const uint32_t cm = r->view.map->links[street / 2].cm;
    const double whole =
        hundredths_of(r->view.metric->street_weights[street]);

    if (hundredths >= whole)
        return cm;
    return hundredths > 0 ? (uint32_t)(cm * (hundredths / whole)) : 0;
}

/* From here on, until the time is over. */
static bool add_part(reacher *r, uint32_t street, uint32_t begin_cm,
                     double hundredths)
{
    const uint32_t cm = r->view.map->links[street / 2].cm;
    const uint32_t end_cm = travelled_cm(r, street, hundredths);
    const interval part =
        street & 1 ? (interval){ cm - end_cm, cm - begin_cm }
                   : (interval){ begin_cm, end_cm };

    return end_cm <= begin_cm
           || base_array_push(r->run->mem, &r->parts, part);
}

/* From its tail. */
static bool add_street(reacher *r, uint32_t street, double limit)
{
    const roads_states *states = r->view.states;
    double least = ROADS_CLOSED;

    if (!(r->view.metric->street_weights[street] < ROADS_FAR))
        return true;
    for (uint32_t i = states->first_target[street];
         i < states->first_target[street + 1]; i++) {
        const double weight = r->flood.weights[states->targets[i]];

        least = weight < least ? weight : least;
    }
    return !(least < ROADS_FAR)
           || add_part(r, street, 0, limit - hundredths_of(least));
}

/* From a place on it, both ways. */
static bool add_place(reacher *r, const gb_roads_place *place, double limit)
{
    for (uint32_t s = 2 * place->link; s <= 2 * place->link + 1; s++) {
        const uint32_t cm = r->view.map->links[place->link].cm;

        if (r->view.states->starts[s] == ROADS_NONE
            || !(r->view.metric->street_weights[s] < ROADS_FAR))
            continue;
        if (!add_part(r, s, s & 1 ? cm - place->along_cm : place->along_cm,
                      limit
                          + hundredths_of(roads_spots_part(
                              r->view, s, place->along_cm))))
            return false;
    }
    return true;
}

static int compare_intervals(const void *a, const void *b)
{
    const interval *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static void join_parts(interval_array *parts)
{
    size_t n = 0;

    if (parts->n > 1)
        qsort(parts->items, parts->n, sizeof *parts->items,
              compare_intervals);
    for (size_t i = 0; i < parts->n; i++) {
        const interval part = parts->items[i];

        if (n == 0 || part.from > parts->items[n - 1].to)
            parts->items[n++] = part;
        else if (part.to > parts->items[n - 1].to)
            parts->items[n - 1].to = part.to;
    }
    parts->n = n;
}

/* r->parts: what of a link is reached.  `*from` goes on over the places. */
static bool find_parts(reacher *r, uint32_t link, size_t *from, double limit)
{
    r->parts.n = 0;
    if (!add_street(r, 2 * link, limit) || !add_street(r, 2 * link + 1, limit))
        return false;
    for (; *from < r->n_from; (*from)++) {
        const gb_roads_place *place = &r->query->from[r->from[*from]];

        if (place->link != link)
            break;
        if (!add_place(r, place, limit))
            return false;
    }
    join_parts(&r->parts);
    return true;
}

/* ---- lines ---- */

static bool add_point(reacher *r, gb_lonlat point)
{
    return base_array_push(r->run->mem, &r->points, point);
}

static gb_lonlat between(roads_e7 a, roads_e7 b, double share)
{
    return (gb_lonlat){
        (a.lon + share * ((double)b.lon - a.lon)) / 1e7,
        (a.lat + share * ((double)b.lat - a.lat)) / 1e7,
    };
}

/* The line of a link between two distances from its beginning. */
static bool add_line(reacher *r, uint32_t link, interval part)
{
    const roads_map *map = r->view.map;
    const roads_e7 *points = map->points + map->links[link].first_point;
    const uint32_t n = roads_link_points(map, link);
    const double from = part.from / 100.0, to = part.to / 100.0;
    double at = 0;
    bool is_begun = false;

    if (!base_array_push(r->run->mem, &r->first_point,
                         (uint32_t)r->points.n))
        return false;
    for (uint32_t i = 1; i < n; i++) {
        const double m = roads_distance_m(points[i - 1], points[i]);
        const double next = at + m;

        if (next >= from && m > 0) {
            if (!is_begun
                && !add_point(r, between(points[i - 1], points[i],
                                         from > at ? (from - at) / m : 0)))
                return false;
            is_begun = true;
            if (!add_point(r, between(points[i - 1], points[i],
                                      to < next ? (to - at) / m : 1)))
                return false;
            if (to <= next)
                break;
        }
        at = next;
    }
    return true;
}

/* Where one stands is reached in any case: a line of a centimetre. */
static bool add_stand(reacher *r, gb_lonlat point)
{
    const gb_lonlat beside = { point.lon_deg + 1e-7, point.lat_deg };

    return base_array_push(r->run->mem, &r->first_point,
                           (uint32_t)r->points.n)
           && add_point(r, point) && add_point(r, beside);
}

static bool is_whole(const reacher *r, uint32_t link)
{
    return r->parts.n == 1 && r->parts.items[0].from == 0
           && r->parts.items[0].to == r->view.map->links[link].cm;
}

/* Lines within `limit`, without those that lie whole within `before`. */
static gb_status find_lines(reacher *r, double limit, double before)
{
    size_t from = 0;

    r->cm = 0;
    r->points.n = r->first_point.n = 0;
    for (size_t i = 0; before <= 0 && i < r->n_from; i++)
        if (!add_stand(r, r->query->from[r->from[i]].point))
            return base_fail_nomem(r->run->ctx);
    for (uint32_t link = 0; link < r->view.map->n_links; link++) {
        size_t again = from;
        bool good = true;
        gb_status status = base_poll(r->run);

        if (status)
            return status;
        if (before > 0) {
            good = find_parts(r, link, &again, before);
            if (good && is_whole(r, link)) {
                r->cm += r->view.map->links[link].cm;
                from = again;
                continue;
            }
        }
        good = good && find_parts(r, link, &from, limit);
        for (size_t i = 0; good && i < r->parts.n; i++) {
            r->cm += r->parts.items[i].to - r->parts.items[i].from;
            good = add_line(r, link, r->parts.items[i]);
        }
        if (!good)
            return base_fail_nomem(r->run->ctx);
    }
    return GB_OK;
}

/* ---- areas ---- */

/* The system of the whole map: so areas of one index fit each other. */
static gb_status open_crs(reacher *r)
{
    const roads_map *map = r->view.map;
    roads_e7 low = { INT32_MAX, INT32_MAX }, high = { INT32_MIN, INT32_MIN };
    int32_t epsg;
    gb_status status;

    for (size_t v = 0; v < map->n_vertices; v++) {
        const roads_e7 at = map->places[v];

        low.lon = at.lon < low.lon ? at.lon : low.lon;
        low.lat = at.lat < low.lat ? at.lat : low.lat;
        high.lon = at.lon > high.lon ? at.lon : high.lon;
        high.lat = at.lat > high.lat ? at.lat : high.lat;
    }
    status = geo_crs_for_extent(r->run->ctx, roads_e7_lonlat(low),
                                roads_e7_lonlat(high), &epsg);
    return status ? status : geo_crs_open(r->run->ctx, epsg, &r->crs);
}

static gb_status add_area(reacher *r)
{
    const double width_m = r->query->width_m > 0 ? r->query->width_m : 40;
    /* Blocks of less than some hundred metres are no holes. */
    const geo_widening how = { width_m, width_m / 8,
                               25 * width_m * width_m };
    const size_t n = geo_shapes_count(&r->areas);
    const gb_shapes inner = geo_shapes_view(&r->areas);
    gb_point *plane = base_alloc_array(r->run->mem, r->points.n + 1,
                                       sizeof *plane);
    gb_lines lines = { r->first_point.n, r->points.n, NULL, plane };
    geo_shapes made;
    gb_status status;

    geo_shapes_init(&made, r->run->mem);
    if (!plane
        || !base_array_push(r->run->mem, &r->first_point,
                            (uint32_t)r->points.n)) {
        status = base_fail_nomem(r->run->ctx);
        goto done;
    }
    lines.first_point = r->first_point.items;
    status = geo_crs_project(r->run->ctx, r->crs, r->points.items,
                             r->points.n, plane);
    if (!status)
        status = geo_lines_widen(r->run, &lines, &how, n ? &inner : NULL,
                                 n ? n - 1 : 0, &made);
    if (!status) {
        const gb_shapes view = geo_shapes_view(&made);

        if (!geo_shapes_add_shape(&r->areas, &view, 0))
            status = base_fail_nomem(r->run->ctx);
    }

done:
    geo_shapes_clear(&made);
    base_free(r->run->mem, plane);
    return status;
}

/* From the plane to the globe. */
static gb_status give_areas(reacher *r, geo_shapes *out)
{
    const gb_shapes plane = geo_shapes_view(&r->areas);
    gb_lonlat *globe = base_alloc_array(r->run->mem, plane.n_points + 1,
                                        sizeof *globe);
    gb_status status;
    bool good = true;

    if (!globe)
        return base_fail_nomem(r->run->ctx);
    status = geo_crs_unproject(r->run->ctx, r->crs, plane.points,
                               plane.n_points, globe);
    for (size_t s = 0; !status && good && s < plane.n_shapes; s++) {
        for (uint32_t ring = plane.shape_first_ring[s];
             good && ring < plane.shape_first_ring[s + 1]; ring++) {
            for (uint32_t p = plane.ring_first_point[ring];
                 good && p < plane.ring_first_point[ring + 1]; p++)
                good = geo_shapes_add_point(
                    out, (gb_point){ globe[p].lon_deg, globe[p].lat_deg });
            good = good && geo_shapes_end_ring(out);
        }
        good = good && geo_shapes_end_shape(out);
    }
    base_free(r->run->mem, globe);
    return good ? status : base_fail_nomem(r->run->ctx);
}

/* ---- the whole ---- */

static bool sort_places(reacher *r)
{
    const gb_roads_reach_query *query = r->query;

    r->from = base_alloc_array(r->run->mem, query->n_from, sizeof *r->from);
    if (!r->from)
        return false;
    for (uint32_t i = 0; i < query->n_from; i++) {
        size_t at = r->n_from;

        if (query->from[i].status != GB_SNAP_OK)
            continue;
        for (; at > 0
               && query->from[r->from[at - 1]].link > query->from[i].link;
             at--)
            r->from[at] = r->from[at - 1];
        r->from[at] = i;
        r->n_from++;
    }
    return true;
}

static double hundredths_limit(int32_t seconds)
{
    const double hundredths = seconds * 100.0;

    return hundredths < ROADS_LENGTHS - 1 ? hundredths : ROADS_LENGTHS - 1;
}

static gb_status reach(reacher *r, gb_roads_reached *out)
{
    const gb_roads_reach_query *query = r->query;
    const int32_t last = query->limits_s[query->n_limits - 1];
    roads_spots spots = { 0 };
    double before = 0;
    gb_status status;

    if (!sort_places(r)
        || !roads_spots_find(r->run->mem, r->view, query->from, query->n_from,
                             &spots))
        status = base_fail_nomem(r->run->ctx);
    else
        status = roads_flood_run(r->run, r->view, &spots,
                                 roads_weight(hundredths_limit(last),
                                              ROADS_LENGTHS - 1),
                                 &r->flood);
    if (!status)
        status = open_crs(r);
    for (size_t i = 0; !status && i < query->n_limits; i++) {
        const double limit = hundredths_limit(query->limits_s[i]);

        status = find_lines(r, limit, before);
        out->metres[i] = (r->cm + 50) / 100;
        if (!status)
            status = add_area(r);
        before = limit;
    }
    if (!status)
        status = give_areas(r, &out->areas);
    roads_spots_clear(r->run->mem, &spots);
    return status;
}

gb_status roads_reach_find(base_run *run, roads_view view,
                           const gb_roads_reach_query *query,
                           gb_roads_reached **out)
{
    reacher r = { .run = run, .view = view, .query = query };
    gb_roads_reached *made = base_alloc_zeroed(run->mem, 1, sizeof *made);
    gb_status status = GB_OK;

    *out = NULL;
    geo_shapes_init(&r.areas, run->mem);
    if (made) {
        made->mem = base_mem_ref(run->mem);
        made->n = query->n_limits;
        geo_shapes_init(&made->areas, made->mem);
        made->metres = base_alloc_zeroed(made->mem, made->n, sizeof(int64_t));
    }
    status = made && made->metres ? reach(&r, made)
                                  : base_fail_nomem(run->ctx);
    if (status)
        roads_reach_free(made);
    else
        *out = made;
    roads_flood_clear(run->mem, &r.flood);
    base_free(run->mem, r.from);
    base_array_clear(run->mem, &r.parts);
    base_array_clear(run->mem, &r.points);
    base_array_clear(run->mem, &r.first_point);
    gb_crs_free(r.crs);
    geo_shapes_clear(&r.areas);
    return status;
}

void roads_reach_free(gb_roads_reached *reached)
{
    base_mem *mem;

    if (!reached)
        return;
    mem = reached->mem;
    geo_shapes_clear(&reached->areas);
    base_free(mem, reached->metres);
    base_free(mem, reached);
    base_mem_unref(mem);
}
