/*
 * roads_trace.c - see roads_trace.h.
 */
#include "roads_trace.h"

#include <math.h>
#include <string.h>

#include "roads_measure.h"

typedef struct tracer {
    base_mem *mem;
    const roads_map *map;
    roads_trace *out;
    bool is_short; /* of memory */
} tracer;

/* A point as good as the one before, below 1 cm, is not repeated. */
static void push(tracer *t, gb_lonlat at)
{
    const size_t n = t->out->points.n;
    const gb_lonlat *last = n ? &t->out->points.items[n - 1] : NULL;

    if (last && fabs(at.lon_deg - last->lon_deg) < 5e-8
        && fabs(at.lat_deg - last->lat_deg) < 5e-8)
        return;
    if (!base_array_push(t->mem, &t->out->points, at))
        t->is_short = true;
}

/*
 * The points of a stretch between its ends, in the order of travel.  Places
 * are whole centimetres, so a point nearer than half of one is at the end.
 */
static void push_inside(tracer *t, const roads_stretch *s)
{
    const uint32_t link = s->street / 2;
    const uint32_t n = roads_link_points(t->map, link);
    const roads_e7 *points = t->map->points + t->map->links[link].first_point;
    const bool is_against = s->street & 1;
    const bool is_whole = roads_stretch_cm(s) == t->map->links[link].cm;
    const double low = (is_against ? s->to_cm : s->from_cm) + 0.5;
    const double high = (is_against ? s->from_cm : s->to_cm) - 0.5;
    double cm = 0;

    for (uint32_t i = 1; is_against && !is_whole && i < n; i++)
        cm += 100 * roads_distance_m(points[i - 1], points[i]);
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t i = is_against ? n - 1 - k : k;
        const uint32_t before = is_against ? i + 1 : i - 1;

        if (!is_whole && k > 0)
            cm += (is_against ? -100 : 100)
                  * roads_distance_m(points[before], points[i]);
        if (is_whole ? k > 0 && k + 1 < n : cm > low && cm < high)
            push(t, roads_e7_lonlat(points[i]));
    }
}

static bool is_inside(const roads_map *map, const gb_roads_place *place,
                      uint32_t street)
{
    return place->link == street / 2 && place->along_cm > 0
           && place->along_cm < map->links[place->link].cm;
}

/* The whole street, but what lies before the start, behind the target. */
static roads_stretch stretch_of(const roads_map *map, uint32_t street,
                                const gb_roads_place *from,
                                const gb_roads_place *to)
{
    const uint32_t cm = map->links[street / 2].cm;
    roads_stretch s = { street, street & 1 ? cm : 0, street & 1 ? 0 : cm, 0 };

    if (from && is_inside(map, from, street))
        s.from_cm = from->along_cm;
    if (to && is_inside(map, to, street))
        s.to_cm = to->along_cm;
    return s;
}

static gb_lonlat tail_point(const roads_map *map, uint32_t street)
{
    const uint32_t link = street / 2;

    return roads_e7_lonlat(
        map->points[street & 1 ? map->links[link + 1].first_point - 1
                               : map->links[link].first_point]);
}

bool roads_trace_make(base_mem *mem, const roads_map *map,
                      const gb_roads_place *from, const gb_roads_place *to,
                      const uint32_t *streets, size_t n, roads_trace *out)
{
    tracer t = { mem, map, out, false };

    memset(out, 0, sizeof *out);
    push(&t, from->point);
    for (size_t i = 0; i < n && !t.is_short; i++) {
        roads_stretch s = stretch_of(map, streets[i], i ? NULL : from,
                                     i + 1 < n ? NULL : to);

        if (i > 0)
            push(&t, tail_point(map, s.street));
        if (t.is_short)
            break;
        s.first_point = (uint32_t)out->points.n - 1;
        if (!base_array_push(mem, &out->stretches, s))
            t.is_short = true;
        push_inside(&t, &s);
    }
    push(&t, to->point);
    if (!t.is_short && out->points.n > 1)
        out->points.items[out->points.n - 1] = to->point;
    return !t.is_short;
}

void roads_trace_clear(base_mem *mem, roads_trace *trace)
{
    base_array_clear(mem, &trace->points);
    base_array_clear(mem, &trace->stretches);
}
