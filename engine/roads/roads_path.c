/*
 * roads_path.c - see roads_path.h.
 */
#include "roads_path.h"

#include <math.h>

#include "roads_measure.h"

static bool is_at_vertex(const roads_map *map, const gb_roads_place *place)
{
    return place->along_cm == 0
           || place->along_cm >= map->links[place->link].cm;
}

roads_span roads_path_span(const roads_path *path, size_t i)
{
    const uint32_t street = path->streets[i];
    const uint32_t cm = path->map->links[street / 2].cm;
    roads_span span = { street & 1 ? cm : 0, street & 1 ? 0 : cm };

    /* A place at a vertex may be told by any link there: streets are whole. */
    if (i == 0 && !is_at_vertex(path->map, path->from))
        span.from_cm = path->from->along_cm;
    if (i + 1 == path->n_streets && !is_at_vertex(path->map, path->to))
        span.to_cm = path->to->along_cm;
    return span;
}

/* A point as good as the one before, below 1 cm, is not repeated. */
static void push(roads_path_line *line, gb_lonlat at)
{
    if (line->n > 0 && fabs(at.lon_deg - line->last.lon_deg) < 5e-8
        && fabs(at.lat_deg - line->last.lat_deg) < 5e-8)
        return;
    line->last = at;
    if (line->n < line->capacity)
        line->points[line->n] = at;
    line->n++;
}

/*
 * The points of a link that lie between two places of it, without these, in
 * the order of travel.  Places are whole centimetres, so a point nearer than
 * half of one is at the place.
 */
static void push_between(roads_path_line *line, const roads_map *map,
                         uint32_t number, roads_span span)
{
    const roads_e7 *points = map->points + map->links[number].first_point;
    const uint32_t n = roads_link_points(map, number);
    const bool is_along = span.from_cm < span.to_cm;
    const double low = (is_along ? span.from_cm : span.to_cm) + 0.5;
    const double high = (is_along ? span.to_cm : span.from_cm) - 0.5;
    double cm = 0;

    if (is_along) {
        for (uint32_t i = 0; i < n; i++) {
            cm += i ? 100 * roads_distance_m(points[i - 1], points[i]) : 0;
            if (cm > low && cm < high)
                push(line, roads_e7_lonlat(points[i]));
        }
        return;
    }
    for (uint32_t i = 1; i < n; i++)
        cm += 100 * roads_distance_m(points[i - 1], points[i]);
    for (uint32_t i = n; i-- > 0;) {
        if (cm > low && cm < high)
            push(line, roads_e7_lonlat(points[i]));
        cm -= i ? 100 * roads_distance_m(points[i - 1], points[i]) : 0;
    }
}

/* The points of a street between its ends. */
static void push_inside(roads_path_line *line, const roads_map *map,
                        uint32_t street)
{
    const roads_link *link = &map->links[street / 2];
    const uint32_t n = roads_link_points(map, street / 2);

    for (uint32_t i = 1; i + 1 < n; i++)
        push(line, roads_e7_lonlat(
                       map->points[link->first_point
                                   + (street & 1 ? n - 1 - i : i)]));
}

static gb_lonlat end_of(const roads_map *map, uint32_t street)
{
    const roads_link *link = &map->links[street / 2];

    return roads_e7_lonlat(
        map->points[street & 1 ? link->first_point : link[1].first_point - 1]);
}

void roads_path_write(const roads_path *path, roads_path_line *line)
{
    line->n = 0;
    push(line, path->from->point);
    for (size_t i = 0; i < path->n_streets; i++) {
        const uint32_t street = path->streets[i];

        if (line->street_points)
            line->street_points[i] = (uint32_t)(line->n - 1);
        if (i > 0 && i + 1 < path->n_streets)
            push_inside(line, path->map, street);
        else
            push_between(line, path->map, street / 2, roads_path_span(path, i));
        if (i + 1 < path->n_streets)
            push(line, end_of(path->map, street));
    }
    push(line, path->to->point);
}
