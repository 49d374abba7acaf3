/*
 * roads_network.c - see roads_network.h.
 */
#include "roads_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "roads_measure.h"
#include "roads_rtree.h"

/* A stretch between two consecutive nodes of a way. */
typedef struct piece {
    uint32_t ends[2]; /* nodes of the map */
    uint32_t way;
} piece;

typedef struct builder {
    base_run *run;
    const roads_osm *osm;
    const roads_rule *rules;
    const uint8_t *stops;
    gb_mode mode;
    BASE_ARRAY(piece) pieces;
    uint32_t *first_piece;  /* of each node of the map, into at_node */
    uint32_t *at_node;      /* pieces, by node */
    uint8_t *is_done;       /* of each piece */
    uint32_t *vertex;       /* of each node of the map: its node here */
    uint32_t n_vertices;
    BASE_ARRAY(roads_link) links;
    BASE_ARRAY(roads_e7) points;
    BASE_ARRAY(roads_e7) places; /* of the vertices */
    int64_t open_cm;
} builder;

/* ---- pieces ---- */

static bool is_open(const builder *b, uint32_t way)
{
    const uint16_t *speed = b->rules[way].speed_dkmh[b->mode];

    return speed[0] || speed[1];
}

static gb_status find_pieces(builder *b)
{
    const roads_osm *osm = b->osm;

    for (uint32_t w = 0; w < osm->n_ways; w++) {
        const roads_element *way = &osm->ways[w];
        gb_status status = base_poll(b->run);

        if (status)
            return status;
        for (uint32_t i = 1; i < way->n && is_open(b, w); i++) {
            const uint32_t from = osm->refs[way->first + i - 1];
            const uint32_t to = osm->refs[way->first + i];

            if (from == ROADS_NONE || to == ROADS_NONE || from == to)
                continue;
            if (!base_array_push(b->run->mem, &b->pieces,
                                 ((piece){ { from, to }, w })))
                return base_fail_nomem(b->run->ctx);
        }
    }
    if (b->pieces.n >= UINT32_MAX / 4)
        return base_fail(b->run->ctx, GB_ERR_DATA, "the map is too large");
    return GB_OK;
}

/* The pieces at each node, in the order of their numbers. */
static gb_status sort_by_node(builder *b)
{
    base_mem *mem = b->run->mem;
    const size_t n = b->osm->n_nodes;

    b->first_piece = base_alloc_zeroed(mem, n + 2, 4);
    b->at_node = base_alloc_array(mem, 2 * b->pieces.n, 4);
    b->is_done = base_alloc_zeroed(mem, b->pieces.n, 1);
    b->vertex = base_alloc_array(mem, n, 4);
    if (!b->first_piece || !b->at_node || !b->is_done || !b->vertex)
        return base_fail_nomem(b->run->ctx);
    memset(b->vertex, 0xff, n * 4);
    /* Counts two places ahead, so that filling leaves the right firsts. */
    for (size_t p = 0; p < b->pieces.n; p++)
        for (int e = 0; e < 2; e++)
            b->first_piece[b->pieces.items[p].ends[e] + 2]++;
    for (size_t v = 2; v < n + 2; v++)
        b->first_piece[v] += b->first_piece[v - 1];
    for (uint32_t p = 0; p < b->pieces.n; p++)
        for (int e = 0; e < 2; e++)
            b->at_node[b->first_piece[b->pieces.items[p].ends[e] + 1]++] = p;
    return GB_OK;
}

/* ---- links ---- */

/* How a piece is used when left by end e: speed there and back, and class. */
typedef struct manner {
    uint16_t there, back;
    uint8_t class;
} manner;

static manner manner_of(const builder *b, uint32_t p, int leaving_by)
{
    const roads_rule *rule = &b->rules[b->pieces.items[p].way];
    const uint16_t *speed = rule->speed_dkmh[b->mode];

    /* Time bands will scale speeds by class, but none on foot. */
    return (manner){ speed[leaving_by ? 0 : 1], speed[leaving_by ? 1 : 0],
                     b->mode == GB_MODE_FOOT ? 0 : rule->class };
}

static bool is_same(manner a, manner b)
{
    return a.there == b.there && a.back == b.back && a.class == b.class;
}

/* The one other piece at a node where there is nothing to decide. */
static uint32_t next_piece(const builder *b, uint32_t p, int leaving_by)
{
    const uint32_t node = b->pieces.items[p].ends[leaving_by];
    const uint32_t *at = b->at_node + b->first_piece[node];
    uint32_t next;

    if (b->first_piece[node + 1] - b->first_piece[node] != 2
        || (b->stops[node] >> b->mode & 1))
        return ROADS_NONE;
    next = at[0] == p ? at[1] : at[0];
    /* Entered by the end that is `node`, so left by the other. */
    if (!is_same(manner_of(b, p, leaving_by),
                 manner_of(b, next,
                           b->pieces.items[next].ends[0] == node)))
        return ROADS_NONE;
    return next;
}

static bool is_vertex(const builder *b, uint32_t node)
{
    const uint32_t first = b->first_piece[node];

    if (b->first_piece[node + 1] == first)
        return false;
    return next_piece(b, b->at_node[first],
                      b->pieces.items[b->at_node[first]].ends[1] == node)
           == ROADS_NONE;
}

/* The vertex of a node; a barred one is another for each street's end. */
static bool vertex_of(builder *b, uint32_t node, uint32_t *out)
{
    const bool is_barred = b->stops[node] >> b->mode & 1;

    if (is_barred || b->vertex[node] == ROADS_NONE) {
        if (!base_array_push(b->run->mem, &b->places, b->osm->nodes[node].at))
            return false;
        b->vertex[node] = b->n_vertices++;
    }
    *out = b->vertex[node];
    return true;
}

static uint32_t travel_ms(double length_m, int speed_dkmh)
{
    const double ms = length_m * 36000.0 / speed_dkmh;

    return speed_dkmh > 0 && ms < ROADS_MAX_WEIGHT ? (uint32_t)(ms + 0.5)
                                                   : ROADS_NONE;
}

/* Close the link begun: weigh it; what is beyond all measure is dropped. */
static bool end_link(builder *b, roads_link link, manner how, double length_m)
{
    link.ms[0] = travel_ms(length_m, how.there);
    link.ms[1] = travel_ms(length_m, how.back);
    link.class = how.class;
    if (length_m * 100 >= ROADS_MAX_WEIGHT
        || (link.ms[0] == ROADS_NONE && link.ms[1] == ROADS_NONE)) {
        b->points.n = link.first_point;
        return true;
    }
    link.cm = (uint32_t)(length_m * 100 + 0.5);
    b->open_cm += link.cm;
    return base_array_push(b->run->mem, &b->links, link);
}

/* Follow the street that leaves `node` by piece p as far as it is one. */
static bool add_link(builder *b, uint32_t node, uint32_t p)
{
    const roads_node *nodes = b->osm->nodes;
    int leaving_by = b->pieces.items[p].ends[0] == node;
    const manner how = manner_of(b, p, leaving_by);
    roads_link link = { .first_point = (uint32_t)b->points.n };
    double length_m = 0;

    if (!vertex_of(b, node, &link.from)
        || !base_array_push(b->run->mem, &b->points, nodes[node].at))
        return false;
    for (;;) {
        const uint32_t to = b->pieces.items[p].ends[leaving_by];
        uint32_t next;

        b->is_done[p] = 1;
        length_m += roads_distance_m(nodes[node].at, nodes[to].at);
        if (!base_array_push(b->run->mem, &b->points, nodes[to].at))
            return false;
        node = to;
        next = next_piece(b, p, leaving_by);
        if (next == ROADS_NONE || b->is_done[next])
            break;
        leaving_by = b->pieces.items[next].ends[0] == node;
        p = next;
    }
    return vertex_of(b, node, &link.to) && end_link(b, link, how, length_m);
}

/* From all vertices; then what is left are rings that meet nothing. */
static gb_status find_links(builder *b)
{
    for (int rings = 0; rings < 2; rings++)
        for (uint32_t v = 0; v < b->osm->n_nodes; v++) {
            gb_status status = base_poll(b->run);

            if (status)
                return status;
            if (!rings && !is_vertex(b, v))
                continue;
            for (uint32_t i = b->first_piece[v]; i < b->first_piece[v + 1];
                 i++)
                if (!b->is_done[b->at_node[i]]
                    && !add_link(b, v, b->at_node[i]))
                    return base_fail_nomem(b->run->ctx);
        }
    return GB_OK;
}

/* ---- the largest strongly connected part ---- */

/* Rows of arcs, heads only; closed directions left out. */
static void fill_rows(const builder *b, uint32_t *first, uint32_t *heads)
{
    memset(first, 0, (b->n_vertices + 2) * sizeof *first);
    for (size_t i = 0; i < b->links.n; i++)
        for (int d = 0; d < 2; d++)
            if (b->links.items[i].ms[d] != ROADS_NONE)
                first[(d ? b->links.items[i].to : b->links.items[i].from)
                      + 2]++;
    for (size_t v = 2; v < b->n_vertices + (size_t)2; v++)
        first[v] += first[v - 1];
    for (size_t i = 0; i < b->links.n; i++) {
        const roads_link *link = &b->links.items[i];

        for (int d = 0; d < 2; d++)
            if (link->ms[d] != ROADS_NONE)
                heads[first[(d ? link->to : link->from) + 1]++] =
                    d ? link->from : link->to;
    }
}

/* The part with the most nodes, of equal ones that with the lowest node. */
static uint32_t largest_part(const uint32_t *part, size_t n, uint32_t *sizes,
                             size_t n_parts)
{
    uint32_t best = ROADS_NONE;

    memset(sizes, 0, n_parts * sizeof *sizes);
    for (size_t v = 0; v < n; v++)
        sizes[part[v]]++;
    for (size_t v = 0; v < n; v++)
        if (best == ROADS_NONE || sizes[part[v]] > sizes[best])
            best = part[v];
    return best;
}

typedef struct placed {
    uint64_t place;
    uint32_t vertex;
} placed;

static int compare_placed(const void *a, const void *b)
{
    const placed *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->vertex < y->vertex ? -1 : x->vertex > y->vertex;
}

/*
 * Number the vertices of a part along a Hilbert curve, so that neighbours lie
 * near each other in memory; all others get NONE.
 */
static bool number_nodes(const builder *b, uint32_t *part, uint32_t which,
                         size_t *n_nodes)
{
    placed *order = base_alloc_array(b->run->mem, b->n_vertices,
                                     sizeof *order);
    roads_box box = { INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN };
    size_t n = 0;

    if (!order)
        return false;
    for (size_t v = 0; v < b->n_vertices; v++) {
        const roads_e7 at = b->places.items[v];

        box.min_lon = at.lon < box.min_lon ? at.lon : box.min_lon;
        box.min_lat = at.lat < box.min_lat ? at.lat : box.min_lat;
        box.max_lon = at.lon > box.max_lon ? at.lon : box.max_lon;
        box.max_lat = at.lat > box.max_lat ? at.lat : box.max_lat;
    }
    for (uint32_t v = 0; v < b->n_vertices; v++) {
        if (part[v] == which)
            order[n++] = (placed){ roads_hilbert(b->places.items[v], box), v };
        part[v] = ROADS_NONE;
    }
    qsort(order, n, sizeof *order, compare_placed);
    for (size_t i = 0; i < n; i++)
        part[order[i].vertex] = (uint32_t)i;
    *n_nodes = n;
    base_free(b->run->mem, order);
    return true;
}

/* `number` of each vertex, NONE outside of the largest part. */
static gb_status find_part(builder *b, uint32_t *number, size_t *n_nodes,
                           uint64_t *n_parts)
{
    base_mem *mem = b->run->mem;
    uint32_t *first = base_alloc_array(mem, b->n_vertices + 2, 4);
    uint32_t *heads = base_alloc_array(mem, 2 * b->links.n, 4);
    uint32_t *sizes = base_alloc_array(mem, b->n_vertices, 4);
    size_t n = 0;
    bool good = first && heads && sizes;

    if (good)
        fill_rows(b, first, heads);
    good = good
           && roads_parts_find(mem, b->n_vertices, first, heads, number, &n);

    *n_parts = n;
    good = good
           && number_nodes(b, number,
                           largest_part(number, b->n_vertices, sizes, n),
                           n_nodes);
    base_free(mem, first);
    base_free(mem, heads);
    base_free(mem, sizes);
    return good ? GB_OK : base_fail_nomem(b->run->ctx);
}

/* ---- the arrays of the file ---- */

/* What links are sorted by: their ends, then as they were found. */
typedef struct sorted {
    uint32_t from, to, link;
} sorted;

static int compare_sorted(const void *a, const void *b)
{
    const sorted *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

static uint32_t points_of(const builder *b, uint32_t link)
{
    const size_t end = link + 1 < b->links.n
                           ? b->links.items[link + 1].first_point
                           : b->points.n;

    return (uint32_t)(end - b->links.items[link].first_point);
}

static gb_status copy_links(const builder *b, const uint32_t *number,
                            roads_built *out)
{
    base_mem *mem = b->run->mem;
    sorted *order = base_alloc_array(mem, b->links.n, sizeof *order);
    roads_network *view = &out->view;
    size_t n = 0, n_points = 0;

    for (uint32_t i = 0; order && i < b->links.n; i++) {
        const roads_link *link = &b->links.items[i];

        if (number[link->from] != ROADS_NONE
            && number[link->to] != ROADS_NONE) {
            order[n++] = (sorted){ number[link->from], number[link->to], i };
            n_points += points_of(b, i);
        }
    }
    out->links = base_alloc_zeroed(mem, n + 1, sizeof *out->links);
    out->points = base_alloc_array(mem, n_points, sizeof *out->points);
    if (!order || !out->links || !out->points) {
        base_free(mem, order);
        return base_fail_nomem(b->run->ctx);
    }
    qsort(order, n, sizeof *order, compare_sorted);
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = order[i].link, k = points_of(b, from);

        out->links[i] = b->links.items[from];
        out->links[i].from = order[i].from;
        out->links[i].to = order[i].to;
        out->links[i].first_point = (uint32_t)view->n_points;
        memcpy(out->points + view->n_points,
               b->points.items + b->links.items[from].first_point,
               k * sizeof *out->points);
        view->n_points += k;
        view->routable_cm += out->links[i].cm;
    }
    out->links[n].first_point = (uint32_t)view->n_points;
    view->n_links = n;
    base_free(mem, order);
    return GB_OK;
}

static int compare_arcs(const void *a, const void *b)
{
    const roads_arc *x = a, *y = b;

    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    if (x->ms != y->ms)
        return x->ms < y->ms ? -1 : 1;
    if (x->cm != y->cm)
        return x->cm < y->cm ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

/* Of each row, sorted, the best to each head, towards the front. */
static void thin_arcs(roads_built *out)
{
    uint32_t n = 0, from = 0;

    for (size_t v = 0; v < out->view.n_nodes; v++) {
        const uint32_t to = out->first_arc[v + 1], row = n;

        qsort(out->arcs + from, to - from, sizeof *out->arcs, compare_arcs);
        for (; from < to; from++)
            if (n == row || out->arcs[n - 1].head != out->arcs[from].head)
                out->arcs[n++] = out->arcs[from];
        out->first_arc[v + 1] = n;
    }
    out->view.n_arcs = n;
}

static gb_status fill_arcs(base_run *run, roads_built *out)
{
    const roads_network *view = &out->view;

    out->first_arc = base_alloc_zeroed(run->mem, view->n_nodes + 2, 4);
    out->arcs = base_alloc_array(run->mem, 2 * view->n_links,
                                 sizeof *out->arcs);
    if (!out->first_arc || !out->arcs)
        return base_fail_nomem(run->ctx);
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t i = 0; i < view->n_links; i++) {
            const roads_link *link = &out->links[i];

            for (uint32_t d = 0; d < 2; d++) {
                const uint32_t tail = d ? link->to : link->from;
                const uint32_t head = d ? link->from : link->to;

                if (tail == head || link->ms[d] == ROADS_NONE)
                    continue;
                if (!fill)
                    out->first_arc[tail + 2]++;
                else
                    out->arcs[out->first_arc[tail + 1]++] = (roads_arc){
                        head, link->ms[d], link->cm, 2 * i + d
                    };
            }
        }
        for (size_t v = 2; !fill && v < view->n_nodes + 2; v++)
            out->first_arc[v] += out->first_arc[v - 1];
    }
    thin_arcs(out);
    return GB_OK;
}

static gb_status fill_rtree(base_run *run, roads_built *out)
{
    roads_network *view = &out->view;
    const size_t n = view->n_points - view->n_links;
    size_t at = 0;

    view->n_boxes = roads_rtree_boxes(n);
    out->segments = base_alloc_array(run->mem, n, 4);
    out->boxes = base_alloc_array(run->mem, view->n_boxes,
                                  sizeof *out->boxes);
    if (!out->segments || !out->boxes)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < view->n_links; i++)
        for (uint32_t p = out->links[i].first_point;
             p + 1 < out->links[i + 1].first_point; p++)
            out->segments[at++] = p;
    return roads_rtree_build(run->mem, out->points, out->segments, n,
                             out->boxes)
               ? GB_OK
               : base_fail_nomem(run->ctx);
}

static void clear_builder(builder *b)
{
    base_mem *mem = b->run->mem;

    base_array_clear(mem, &b->pieces);
    base_array_clear(mem, &b->links);
    base_array_clear(mem, &b->points);
    base_array_clear(mem, &b->places);
    base_free(mem, b->first_piece);
    base_free(mem, b->at_node);
    base_free(mem, b->is_done);
    base_free(mem, b->vertex);
}

gb_status roads_network_build(base_run *run, const roads_osm *osm,
                              const roads_rule *rules, const uint8_t *stops,
                              gb_mode mode, roads_built *out)
{
    builder b = { .run = run, .osm = osm, .rules = rules, .stops = stops,
                  .mode = mode };
    uint32_t *number = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    status = find_pieces(&b);
    if (!status)
        status = sort_by_node(&b);
    if (!status)
        status = find_links(&b);
    if (status)
        goto done;
    out->view.open_cm = b.open_cm;
    number = base_alloc_array(run->mem, b.n_vertices, 4);
    if (!number) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = find_part(&b, number, &out->view.n_nodes, &out->n_parts);
    if (!status)
        status = copy_links(&b, number, out);
    if (!status)
        status = fill_arcs(run, out);
    if (!status)
        status = fill_rtree(run, out);
    out->view.first_arc = out->first_arc;
    out->view.arcs = out->arcs;
    out->view.links = out->links;
    out->view.points = out->points;
    out->view.segments = out->segments;
    out->view.boxes = out->boxes;

done:
    base_free(run->mem, number);
    clear_builder(&b);
    return status;
}

void roads_network_clear(base_mem *mem, roads_built *built)
{
    base_free(mem, built->first_arc);
    base_free(mem, built->segments);
    base_free(mem, built->arcs);
    base_free(mem, built->links);
    base_free(mem, built->points);
    base_free(mem, built->boxes);
    memset(built, 0, sizeof *built);
}
