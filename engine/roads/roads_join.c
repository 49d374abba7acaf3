/*
 * roads_join.c - see roads_join.h.
 */
#include "roads_join.h"

#include <string.h>

#include "roads_measure.h"

enum { STOPS = ROADS_NODE_SIGNAL - 1 }; /* flags that no street runs through */

/* ---- pieces ---- */

static void fill_pieces(roads_join *join)
{
    const roads_source *source = join->source;
    size_t n = 0;

    for (uint32_t w = 0; w < source->n_ways; w++) {
        const roads_way *way = &source->ways[w];

        join->first_of_way[w] = (uint32_t)n;
        for (uint32_t i = 1; i < way->n_refs; i++) {
            const uint32_t from = source->refs[way->first_ref + i - 1];
            const uint32_t to = source->refs[way->first_ref + i];

            if (from != to)
                join->pieces[n++] = (roads_piece){ { from, to }, w };
        }
    }
    join->first_of_way[source->n_ways] = (uint32_t)n;
    join->n_pieces = n;
}

/* The pieces at each node, in the order of their numbers. */
static void sort_by_node(roads_join *join)
{
    const size_t n = join->source->n_nodes;

    /* Counts two places ahead, so that filling leaves the right firsts. */
    for (size_t p = 0; p < join->n_pieces; p++)
        for (int e = 0; e < 2; e++)
            join->first_at[join->pieces[p].ends[e] + 2]++;
    for (size_t v = 2; v < n + 2; v++)
        join->first_at[v] += join->first_at[v - 1];
    for (uint32_t p = 0; p < join->n_pieces; p++)
        for (int e = 0; e < 2; e++)
            join->at[join->first_at[join->pieces[p].ends[e] + 1]++] = p;
}

gb_status roads_join_pieces(base_run *run, const roads_source *source,
                            roads_join *join)
{
    base_mem *mem = run->mem;
    size_t most = 0;

    memset(join, 0, sizeof *join);
    join->run = run;
    join->source = source;
    for (size_t w = 0; w < source->n_ways; w++)
        most += source->ways[w].n_refs - 1;
    if (most >= UINT32_MAX / 4)
        return base_fail(run->ctx, GB_ERR_DATA, "the map is too large");
    join->pieces = base_alloc_array(mem, most, sizeof *join->pieces);
    join->first_of_way = base_alloc_array(mem, source->n_ways + 1, 4);
    join->first_at = base_alloc_zeroed(mem, source->n_nodes + 2, 4);
    join->at = base_alloc_array(mem, 2 * most, 4);
    join->is_vertex = base_alloc_zeroed(mem, source->n_nodes, 1);
    join->streets = base_alloc_array(mem, most, 4);
    if (!join->pieces || !join->first_of_way || !join->first_at || !join->at
        || !join->is_vertex || !join->streets)
        return base_fail_nomem(run->ctx);
    fill_pieces(join);
    sort_by_node(join);
    memset(join->streets, 0xff, most * 4);
    return GB_OK;
}

void roads_join_clear(roads_join *join)
{
    base_mem *mem;

    if (!join->run)
        return;
    mem = join->run->mem;
    base_free(mem, join->pieces);
    base_free(mem, join->first_of_way);
    base_free(mem, join->first_at);
    base_free(mem, join->at);
    base_free(mem, join->is_vertex);
    base_free(mem, join->streets);
    base_array_clear(mem, &join->links);
    base_array_clear(mem, &join->points);
}

/* ---- links ---- */

static const roads_way *way_of(const roads_join *join, uint32_t piece)
{
    return &join->source->ways[join->pieces[piece].way];
}

/* Is a kind the same street whichever way it is drawn? */
static bool is_symmetric(const roads_kind *kind)
{
    return (kind->oneway == 0 || kind->oneway == ROADS_ONEWAY_CHANGES)
           && kind->oneway_bicycle != 1 && kind->oneway_bicycle != -1
           && kind->limit_dkmh[0] == kind->limit_dkmh[1];
}

/* The one other piece at a node where there is nothing to decide. */
static uint32_t next_piece(const roads_join *join, uint32_t p, int leaving_by)
{
    const uint32_t node = join->pieces[p].ends[leaving_by];
    const uint32_t *at = join->at + join->first_at[node];
    const roads_way *way = way_of(join, p), *other;
    uint32_t next;

    if (join->first_at[node + 1] - join->first_at[node] != 2
        || join->is_vertex[node] || (join->source->node_flags[node] & STOPS))
        return ROADS_NONE;
    next = at[0] == p ? at[1] : at[0];
    other = way_of(join, next);
    if (way->kind != other->kind || way->name != other->name)
        return ROADS_NONE;
    /* Entered by the end that is `node`: along its way when that is 0. */
    if ((join->pieces[next].ends[leaving_by] == node)
        && !is_symmetric(&join->source->kinds[way->kind]))
        return ROADS_NONE;
    return next;
}

static bool is_vertex(const roads_join *join, uint32_t node)
{
    const uint32_t first = join->first_at[node];

    if (join->first_at[node + 1] == first)
        return false;
    return next_piece(join, join->at[first],
                      join->pieces[join->at[first]].ends[1] == node)
           == ROADS_NONE;
}

static void reverse_points(roads_e7 *points, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const roads_e7 kept = points[i];

        points[i] = points[n - 1 - i];
        points[n - 1 - i] = kept;
    }
}

/* To what is 10 m on: the first metres of a street often are a kerb's. */
static uint8_t bearing(const roads_e7 *from, size_t n, int step)
{
    const double near_m = 10, circle = 2 * 3.14159265358979323846;
    const roads_scale scale = roads_scale_at(from->lat);
    double x = 0, y = 0, gone_m = 0;

    for (const roads_e7 *p = from; n > 1 && gone_m < near_m; n--, p += step) {
        const double dx = ((double)p[step].lon - p->lon) * scale.x_m;
        const double dy = ((double)p[step].lat - p->lat) * scale.y_m;
        const double m = hypot(dx, dy);
        const double share = gone_m + m > near_m ? (near_m - gone_m) / m : 1;

        x += share * dx;
        y += share * dy;
        gone_m += m;
    }
    if (x == 0 && y == 0)
        return 0;
    return (uint8_t)((int)floor(atan2(x, y) / circle * 256 + 256.5) & 255);
}

/* A link is drawn along the way that its kind was told of. */
static bool end_link(roads_join *join, roads_link link, uint32_t first_piece,
                     bool is_along, double length_m)
{
    roads_e7 *points = join->points.items + link.first_point;
    const size_t n = join->points.n - link.first_point;
    const double cm = length_m * 100;

    if (!is_along) {
        const uint32_t from = link.from;

        link.from = link.to;
        link.to = from;
        reverse_points(points, n);
    }
    link.kind = way_of(join, first_piece)->kind;
    link.name = way_of(join, first_piece)->name;
    link.cm = cm < UINT32_MAX - 1.0 ? (uint32_t)(cm + 0.5) : UINT32_MAX - 1;
    link.bearing[0] = bearing(points, n, 1);
    link.bearing[1] = bearing(points + n - 1, n, -1);
    return base_array_push(join->run->mem, &join->links, link);
}

/* Follow the street that leaves `node` by piece p as far as it is one. */
static bool add_link(roads_join *join, uint32_t node, uint32_t p)
{
    const roads_e7 *nodes = join->source->nodes;
    int leaving_by = join->pieces[p].ends[0] == node;
    const bool is_along = leaving_by == 1;
    const uint32_t first_piece = p, number = (uint32_t)join->links.n;
    roads_link link = { .from = node,
                        .first_point = (uint32_t)join->points.n };
    double length_m = 0;

    if (!base_array_push(join->run->mem, &join->points, nodes[node]))
        return false;
    for (;;) {
        const uint32_t to = join->pieces[p].ends[leaving_by];
        uint32_t next;

        /* Along the piece is along the link when both are drawn so. */
        join->streets[p] = 2 * number + ((leaving_by == 1) != is_along);
        length_m += roads_distance_m(nodes[node], nodes[to]);
        if (!base_array_push(join->run->mem, &join->points, nodes[to]))
            return false;
        node = to;
        next = next_piece(join, p, leaving_by);
        if (next == ROADS_NONE || join->streets[next] != ROADS_NONE)
            break;
        if ((join->source->node_flags[node] & ROADS_NODE_SIGNAL)
            && link.n_signals < UINT8_MAX)
            link.n_signals++;
        leaving_by = join->pieces[next].ends[0] == node;
        p = next;
    }
    link.to = node;
    return end_link(join, link, first_piece, is_along, length_m);
}

gb_status roads_join_links(roads_join *join)
{
    /* From all vertices; then what is left are rings that meet nothing. */
    for (int rings = 0; rings < 2; rings++)
        for (uint32_t v = 0; v < join->source->n_nodes; v++) {
            gb_status status = base_poll(join->run);

            if (status)
                return status;
            if (!rings && !is_vertex(join, v))
                continue;
            for (uint32_t i = join->first_at[v]; i < join->first_at[v + 1];
                 i++)
                if (join->streets[join->at[i]] == ROADS_NONE
                    && !add_link(join, v, join->at[i]))
                    return base_fail_nomem(join->run->ctx);
        }
    return GB_OK;
}
