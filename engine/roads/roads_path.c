/*
 * roads_path.c - the line of a path, out of the arcs that a search kept.
 */
#include <math.h>
#include <string.h>

#include "base_array.h"
#include "roads_measure.h"
#include "roads_search.h"

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
static void push_between(roads_path_line *line, const roads_network *network,
                         uint32_t number, double from_cm, double to_cm)
{
    const roads_link *link = &network->links[number];
    const roads_e7 *points = network->points + link->first_point;
    const uint32_t n = roads_link_points(network, number);
    const double low = (from_cm < to_cm ? from_cm : to_cm) + 0.5;
    const double high = (from_cm < to_cm ? to_cm : from_cm) - 0.5;
    double cm = 0;

    if (from_cm < to_cm) {
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

/* A whole link in one direction, but its last point. */
static void push_link(roads_path_line *line, const roads_network *network,
                      uint32_t number, bool is_against)
{
    const roads_link *link = &network->links[number];
    const uint32_t n = roads_link_points(network, number);

    for (uint32_t i = 0; i + 1 < n; i++)
        push(line, roads_e7_lonlat(
                       network->points[link->first_point
                                       + (is_against ? n - 1 - i : i)]));
}

static gb_lonlat place_of_node(const roads_network *network, uint32_t link,
                               bool is_end)
{
    return roads_e7_lonlat(
        network->points[is_end ? network->links[link + 1].first_point - 1
                               : network->links[link].first_point]);
}

/* The direction in which a spot reaches or is entered from a node best. */
static int best_direction(const uint32_t nodes[2], const int64_t weights[2],
                          uint32_t node)
{
    if (nodes[0] == node && nodes[1] == node)
        return weights[1] < weights[0];
    return nodes[0] == node ? 0 : 1;
}

/* The arcs from the start to a node, last first; the node they start at. */
static bool collect(base_mem *mem, const roads_search *search, uint32_t node,
                    uint32_t **arcs, size_t *n, uint32_t *start)
{
    const roads_network *network = search->network;
    BASE_ARRAY(uint32_t) found = BASE_ARRAY_INIT;

    while (search->via[node] != ROADS_NONE) {
        const roads_arc *arc = &network->arcs[search->via[node]];
        const roads_link *link = &network->links[arc->link / 2];

        if (!base_array_push(mem, &found, arc->link)) {
            base_array_clear(mem, &found);
            return false;
        }
        node = arc->link & 1 ? link->to : link->from;
    }
    *arcs = found.items;
    *n = found.n;
    *start = node;
    return true;
}

/* The end of the path: which entry of `to` gives the weight. */
static int entry_of(const roads_search *search, const roads_spot *to,
                    int64_t weight)
{
    for (int d = 0; d < 2; d++)
        if (to->entries[d] != ROADS_NONE
            && search->weights[to->entries[d]] <= ROADS_FAR
            && search->weights[to->entries[d]] + to->from_node[d] == weight)
            return d;
    return -1;
}

static gb_status write_over_nodes(gb_context *ctx, const roads_search *search,
                                  const roads_spot *from,
                                  const roads_spot *to, int64_t weight,
                                  roads_path_line *line)
{
    const roads_network *network = search->network;
    const int in = entry_of(search, to, weight);
    uint32_t *arcs = NULL, start;
    size_t n;
    int out;

    if (in < 0)
        return base_fail(ctx, GB_ERR_INTERNAL, "a path without its end");
    if (!collect(ctx->mem, search, to->entries[in], &arcs, &n, &start))
        return base_fail_nomem(ctx);
    out = best_direction(from->nodes, from->to_node, start);
    push_between(line, network, from->link, from->along_cm,
                 out ? 0 : network->links[from->link].cm);
    while (n-- > 0)
        push_link(line, network, arcs[n] / 2, arcs[n] & 1);
    push(line, place_of_node(network, to->link, in == 1));
    push_between(line, network, to->link,
                 in ? network->links[to->link].cm : 0, to->along_cm);
    base_free(ctx->mem, arcs);
    return GB_OK;
}

gb_status roads_path_write(gb_context *ctx, const roads_search *search,
                           const gb_roads_place *from,
                           const gb_roads_place *to, roads_path_line *line)
{
    const roads_network *network = search->network;
    const roads_spot a = roads_spot_of(network, from);
    const roads_spot b = roads_spot_of(network, to);
    const int64_t weight = roads_search_weight(search, &a, &b);
    gb_status status = GB_OK;

    if (weight > ROADS_FAR)
        return GB_OK;
    push(line, from->point);
    if (weight == roads_spot_direct(network, &a, &b))
        push_between(line, network, a.link, a.along_cm, b.along_cm);
    else
        status = write_over_nodes(ctx, search, &a, &b, weight, line);
    push(line, to->point);
    return status;
}
