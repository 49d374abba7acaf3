/*
 * roads_map.c - see roads_map.h.
 */
#include <string.h>

#include "roads_bans.h"
#include "roads_measure.h"
#include "roads_rtree.h"

enum {
    PLACES, FLAGS, FIRST_STREET, STREETS, LINKS, POINTS, KINDS, NAMES,
    NAME_AT, FIRST_BAN, BAN_STREETS, BAN_MODES, SEGMENTS, BOXES
};

typedef struct builder {
    base_run *run;
    const roads_source *source;
    roads_join join;
    roads_bans bans;
    uint32_t *vertex; /* of each node; NONE: none */
    uint32_t *number; /* of each link as it was joined: its number at last */
    roads_map_built *out;
} builder;

uint32_t roads_link_of_point(const roads_map *map, uint32_t point)
{
    const roads_link *low = map->links;

    /* The last link that begins at or before the point. */
    for (size_t n = map->n_links; n > 1;) {
        const size_t half = n / 2;

        low = low[half].first_point <= point ? low + half : low;
        n -= half;
    }
    return (uint32_t)(low - map->links);
}

/* An array of the map; NULL: no memory. */
static void *own(builder *b, int which, size_t n, size_t size)
{
    return b->out->arrays[which] = base_alloc_zeroed(b->run->mem, n, size);
}

static void *own_copy(builder *b, int which, const void *from, size_t n,
                      size_t size)
{
    void *to = own(b, which, n, size);

    if (to && n)
        memcpy(to, from, n * size);
    return to;
}

/* ---- vertices ---- */

/* The nodes that links end at, along a Hilbert curve, so that neighbours lie
 * near each other in memory. */
static gb_status number_vertices(builder *b)
{
    const roads_source *source = b->source;
    base_mem *mem = b->run->mem;
    size_t n = 0;
    uint32_t *nodes, *order;
    roads_e7 *at;
    uint8_t *flags = NULL;

    b->vertex = base_alloc_array(mem, source->n_nodes, 4);
    if (!b->vertex)
        return base_fail_nomem(b->run->ctx);
    memset(b->vertex, 0xff, source->n_nodes * 4);
    for (size_t i = 0; i < b->join.links.n; i++) {
        b->vertex[b->join.links.items[i].from] = 0;
        b->vertex[b->join.links.items[i].to] = 0;
    }
    for (size_t v = 0; v < source->n_nodes; v++)
        n += b->vertex[v] == 0;
    nodes = base_alloc_array(mem, n, 4);
    order = base_alloc_array(mem, n, 4);
    at = own(b, PLACES, n, sizeof *at);
    if (nodes && order && at) {
        n = 0;
        for (uint32_t v = 0; v < source->n_nodes; v++)
            if (b->vertex[v] == 0) {
                nodes[n] = v;
                at[n++] = source->nodes[v];
            }
        if (roads_hilbert_order(mem, at, n, order))
            flags = own(b, FLAGS, n, 1);
    }
    for (uint32_t i = 0; flags && i < n; i++) {
        const uint32_t v = nodes[order[i]];

        b->vertex[v] = i;
        at[i] = source->nodes[v];
        flags[i] = source->node_flags[v];
    }
    base_free(mem, nodes);
    base_free(mem, order);
    b->out->view.n_vertices = n;
    return flags ? GB_OK : base_fail_nomem(b->run->ctx);
}

/* ---- links ---- */

/*
 * Stable counting sort of links by a vertex: `order` holds numbers of links
 * as joined, `first` has room for n_vertices + 1.
 */
static void sort_by(const builder *b, bool by_from, const uint32_t *order,
                    uint32_t *first, uint32_t *sorted)
{
    const roads_link *links = b->join.links.items;
    const size_t n = b->join.links.n, n_vertices = b->out->view.n_vertices;

    memset(first, 0, (n_vertices + 1) * sizeof *first);
    for (size_t i = 0; i < n; i++)
        first[b->vertex[by_from ? links[i].from : links[i].to] + 1]++;
    for (size_t v = 1; v <= n_vertices; v++)
        first[v] += first[v - 1];
    for (size_t i = 0; i < n; i++) {
        const roads_link *link = &links[order[i]];

        sorted[first[b->vertex[by_from ? link->from : link->to]]++] =
            order[i];
    }
}

static uint32_t points_of(const builder *b, uint32_t link)
{
    const size_t end = link + 1 < b->join.links.n
                           ? b->join.links.items[link + 1].first_point
                           : b->join.points.n;

    return (uint32_t)(end - b->join.links.items[link].first_point);
}

static void copy_links(builder *b, const uint32_t *order, roads_link *links,
                       roads_e7 *points)
{
    const size_t n = b->join.links.n;
    uint32_t at = 0;

    for (uint32_t i = 0; i < n; i++) {
        const roads_link *link = &b->join.links.items[order[i]];
        const uint32_t k = points_of(b, order[i]);

        links[i] = *link;
        links[i].from = b->vertex[link->from];
        links[i].to = b->vertex[link->to];
        links[i].first_point = at;
        memcpy(points + at, b->join.points.items + link->first_point,
               k * sizeof *points);
        at += k;
        b->number[order[i]] = i;
    }
    links[n].first_point = at;
}

/* By their ends, then as they were found. */
static gb_status sort_links(builder *b)
{
    base_mem *mem = b->run->mem;
    const size_t n = b->join.links.n;
    roads_map *view = &b->out->view;
    uint32_t *order = base_alloc_array(mem, n, 4);
    uint32_t *first = base_alloc_array(mem, view->n_vertices + 1, 4);
    roads_link *links = own(b, LINKS, n + 1, sizeof *links);
    roads_e7 *points = own(b, POINTS, b->join.points.n, sizeof *points);
    const bool good = (b->number = base_alloc_array(mem, n, 4)) && order
                      && first && links && points;

    if (good) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_by(b, false, order, first, b->number);
        sort_by(b, true, b->number, first, order);
        copy_links(b, order, links, points);
        view->n_links = n;
        view->n_points = b->join.points.n;
    }
    base_free(mem, order);
    base_free(mem, first);
    return good ? GB_OK : base_fail_nomem(b->run->ctx);
}

/* The streets that leave each vertex. */
static gb_status fill_streets(builder *b)
{
    const size_t n_vertices = b->out->view.n_vertices;
    const size_t n_links = b->out->view.n_links;
    const roads_link *links = b->out->arrays[LINKS];
    uint32_t *first = own(b, FIRST_STREET, n_vertices + 2, 4);
    uint32_t *streets = own(b, STREETS, 2 * n_links, 4);

    if (!first || !streets)
        return base_fail_nomem(b->run->ctx);
    /* Counts two places ahead, so that filling leaves the right firsts. */
    for (size_t l = 0; l < n_links; l++) {
        first[links[l].from + 2]++;
        first[links[l].to + 2]++;
    }
    for (size_t v = 2; v < n_vertices + 2; v++)
        first[v] += first[v - 1];
    for (uint32_t l = 0; l < n_links; l++) {
        streets[first[links[l].from + 1]++] = 2 * l;
        streets[first[links[l].to + 1]++] = 2 * l + 1;
    }
    return GB_OK;
}

/* ---- the rest ---- */

static gb_status copy_facts(builder *b)
{
    const roads_source *s = b->source;
    roads_map *view = &b->out->view;

    if (!own_copy(b, KINDS, s->kinds, s->n_kinds, sizeof *s->kinds)
        || !own_copy(b, NAMES, s->names, s->n_name_bytes, 1)
        || !own_copy(b, NAME_AT, s->name_at, s->n_names, 4))
        return base_fail_nomem(b->run->ctx);
    view->n_kinds = s->n_kinds;
    view->n_names = s->n_names;
    view->n_name_bytes = s->n_name_bytes;
    return GB_OK;
}

static gb_status fill_bans(builder *b)
{
    roads_map *view = &b->out->view;
    uint32_t *streets;

    roads_bans_follow(&b->join, &b->bans);
    view->n_bans = b->bans.modes.n;
    view->n_ban_streets = b->bans.steps.n;
    streets = own(b, BAN_STREETS, view->n_ban_streets, 4);
    if (!streets
        || !own_copy(b, FIRST_BAN, b->bans.first.items, view->n_bans + 1, 4)
        || !own_copy(b, BAN_MODES, b->bans.modes.items, view->n_bans, 1))
        return base_fail_nomem(b->run->ctx);
    for (size_t i = 0; i < view->n_ban_streets; i++) {
        const uint32_t street = b->bans.steps.items[i];

        streets[i] = 2 * b->number[street / 2] + (street & 1);
    }
    return GB_OK;
}

static gb_status fill_rtree(builder *b)
{
    roads_map *view = &b->out->view;
    const roads_link *links = b->out->arrays[LINKS];
    const roads_e7 *points = b->out->arrays[POINTS];
    const size_t n = view->n_points - view->n_links;
    roads_segment *segments = own(b, SEGMENTS, n, sizeof *segments);
    roads_box *boxes = own(b, BOXES, roads_rtree_boxes(n), sizeof *boxes);
    size_t at = 0;

    if (!segments || !boxes)
        return base_fail_nomem(b->run->ctx);
    for (uint32_t l = 0; l < view->n_links; l++)
        for (uint32_t p = links[l].first_point; p + 1 < links[l + 1].first_point;
             p++)
            segments[at++] =
                (roads_segment){ { points[p], points[p + 1] }, p, l };
    view->n_boxes = roads_rtree_boxes(n);
    return roads_rtree_build(b->run->mem, segments, n, boxes)
               ? GB_OK
               : base_fail_nomem(b->run->ctx);
}

/* Lengths of paths must fit roads_weight.h. */
static uint32_t length_unit_cm(const roads_map *view, const roads_e7 *places)
{
    const double city_m = 300000;
    roads_box box;

    if (view->n_vertices == 0)
        return 1;
    box = roads_box_of(places, view->n_vertices);
    return roads_distance_m((roads_e7){ box.min_lon, box.min_lat },
                            (roads_e7){ box.max_lon, box.max_lat }) > city_m
               ? 10
               : 1;
}

static void point_into(roads_map_built *out)
{
    roads_map *view = &out->view;

    view->places = out->arrays[PLACES];
    view->vertex_flags = out->arrays[FLAGS];
    view->first_street = out->arrays[FIRST_STREET];
    view->streets = out->arrays[STREETS];
    view->links = out->arrays[LINKS];
    view->points = out->arrays[POINTS];
    view->kinds = out->arrays[KINDS];
    view->names = out->arrays[NAMES];
    view->name_at = out->arrays[NAME_AT];
    view->first_ban = out->arrays[FIRST_BAN];
    view->ban_streets = out->arrays[BAN_STREETS];
    view->ban_modes = out->arrays[BAN_MODES];
    view->segments = out->arrays[SEGMENTS];
    view->boxes = out->arrays[BOXES];
    view->length_unit_cm = length_unit_cm(view, view->places);
}

gb_status roads_map_build(base_run *run, const roads_source *source,
                          roads_map_built *out, gb_roads_report *report)
{
    builder b = { .run = run, .source = source, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    status = roads_join_pieces(run, source, &b.join);
    if (!status)
        status = roads_bans_place(&b.join, &b.bans);
    if (!status)
        status = roads_join_links(&b.join);
    if (!status)
        status = number_vertices(&b);
    if (!status)
        status = sort_links(&b);
    if (!status)
        status = fill_streets(&b);
    if (!status)
        status = copy_facts(&b);
    if (!status)
        status = fill_bans(&b);
    if (!status)
        status = fill_rtree(&b);
    if (!status) {
        point_into(out);
        report->links = out->view.n_links;
        report->names = out->view.n_names - (out->view.n_names > 0);
        report->restrictions += b.bans.n_kept;
        report->refused_restrictions += b.bans.n_refused;
    }
    base_free(run->mem, b.vertex);
    base_free(run->mem, b.number);
    roads_bans_clear(run->mem, &b.bans);
    roads_join_clear(&b.join);
    return status;
}

void roads_map_clear(base_mem *mem, roads_map_built *built)
{
    for (size_t i = 0; i < sizeof built->arrays / sizeof built->arrays[0];
         i++)
        base_free(mem, built->arrays[i]);
    memset(built, 0, sizeof *built);
}
