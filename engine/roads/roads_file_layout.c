/*
 * roads_file_layout.c - see roads_file_layout.h.
 */
#include "roads_file_layout.h"

#include <string.h>

#include "base_check.h"
#include "roads_rtree.h"

enum { ALIGNMENT = 64, PAGE = 4096 };

const void *roads_slot_get(const roads_file_slot *slot)
{
    const void *array;

    /* As bytes: the pointer there is of another type. */
    memcpy(&array, slot->pointer, sizeof array);
    return array;
}

void roads_slot_set(const roads_file_slot *slot, const void *array)
{
    memcpy(slot->pointer, &array, sizeof array);
}

/* ---- counts ---- */

static void describe_mode(const roads_mode *mode, roads_file_mode *out)
{
    out->n_states = mode->states.n_states;
    out->n_arcs = mode->states.n_arcs;
    out->n_targets = mode->states.n_targets;
    out->n_up_edges = mode->hierarchy.up.n;
    out->n_down_edges = mode->hierarchy.down.n;
    out->n_up_arcs = mode->metric.up.n_arcs;
    out->n_down_arcs = mode->metric.down.n_arcs;
    out->n_routable = mode->metric.n_routable;
    out->open_cm = mode->metric.open_cm;
    out->routable_cm = mode->metric.routable_cm;
    out->band = mode->band;
}

void roads_file_describe(const gb_roads *roads, roads_file_header *h)
{
    const roads_map *map = &roads->map;

    h->south_west = roads->south_west;
    h->north_east = roads->north_east;
    h->n_vertices = map->n_vertices;
    h->n_links = map->n_links;
    h->n_points = map->n_points;
    h->n_kinds = map->n_kinds;
    h->n_names = map->n_names;
    h->n_name_bytes = map->n_name_bytes;
    h->n_bans = map->n_bans;
    h->n_ban_streets = map->n_ban_streets;
    h->n_lines = roads->lines.n_lines;
    h->n_line_points = roads->lines.n_points;
    h->length_unit_cm = map->length_unit_cm;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        describe_mode(&roads->modes[m], &h->modes[m]);
    roads_file_profile_put(&roads->profile, h->profile);
}

/* All ids leave the top bit free: roads_file_check.c counts on it. */
static bool is_small(uint64_t count)
{
    return count < UINT32_C(1) << 31;
}

static bool take_mode(const roads_file_mode *h, roads_mode *out)
{
    if (!is_small(h->n_states) || !is_small(h->n_arcs)
        || !is_small(h->n_targets) || !is_small(h->n_up_edges)
        || !is_small(h->n_down_edges) || !is_small(h->n_up_arcs)
        || !is_small(h->n_down_arcs) || !is_small(h->n_routable)
        || h->open_cm < 0 || h->routable_cm < 0 || h->band < -1)
        return false;
    out->states.n_states = out->hierarchy.n_states = h->n_states;
    out->states.n_arcs = h->n_arcs;
    out->states.n_targets = h->n_targets;
    out->hierarchy.up.n = h->n_up_edges;
    out->hierarchy.down.n = h->n_down_edges;
    out->metric.up.n_arcs = h->n_up_arcs;
    out->metric.down.n_arcs = h->n_down_arcs;
    out->metric.n_routable = h->n_routable;
    out->metric.open_cm = h->open_cm;
    out->metric.routable_cm = h->routable_cm;
    out->band = h->band;
    return true;
}

static bool take_map(const roads_file_header *h, roads_map *map)
{
    if (!is_small(h->n_vertices) || !is_small(2 * h->n_links)
        || !is_small(h->n_links) || !is_small(h->n_points)
        || !is_small(h->n_kinds) || !is_small(h->n_names)
        || !is_small(h->n_name_bytes) || !is_small(h->n_bans)
        || !is_small(h->n_ban_streets) || h->n_points < 2 * h->n_links
        || (h->length_unit_cm != 1 && h->length_unit_cm != 10))
        return false;
    map->n_vertices = h->n_vertices;
    map->n_links = h->n_links;
    map->n_points = h->n_points;
    map->n_kinds = h->n_kinds;
    map->n_names = h->n_names;
    map->n_name_bytes = h->n_name_bytes;
    map->n_bans = h->n_bans;
    map->n_ban_streets = h->n_ban_streets;
    map->n_boxes = roads_rtree_boxes(h->n_points - h->n_links);
    map->length_unit_cm = h->length_unit_cm;
    return true;
}

bool roads_file_take(const roads_file_header *h, gb_roads *roads)
{
    if (!take_map(h, &roads->map) || !is_small(h->n_lines)
        || !is_small(h->n_line_points)
        || !roads_file_profile_get(h->profile, &roads->profile))
        return false;
    roads->lines.n_lines = h->n_lines;
    roads->lines.n_points = h->n_line_points;
    roads->south_west = h->south_west;
    roads->north_east = h->north_east;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (!take_mode(&h->modes[m], &roads->modes[m])
            || roads->modes[m].band >= roads->profile.n_bands)
            return false;
    return true;
}

/* ---- where ---- */

typedef struct cursor {
    roads_file_slot *slot;
    uint64_t *part_at;
    uint64_t at;
} cursor;

static uint64_t round_up(uint64_t at, uint64_t to)
{
    return (at + to - 1) / to * to;
}

static void begin_part(cursor *c)
{
    *c->part_at++ = c->at = round_up(c->at, PAGE);
}

/* Counts are below 2^32, so nothing overflows. */
static void place(cursor *c, void *pointer, uint64_t count, uint64_t size)
{
    c->at = round_up(c->at, ALIGNMENT);
    *c->slot++ = (roads_file_slot){ pointer, c->at, count * size };
    c->at += count * size;
}

static void place_map(cursor *c, roads_map *map)
{
    const size_t n_segments = map->n_points - map->n_links;

    begin_part(c);
    place(c, &map->places, map->n_vertices, sizeof *map->places);
    place(c, &map->vertex_flags, map->n_vertices, 1);
    place(c, &map->first_street, map->n_vertices + 1, 4);
    place(c, &map->streets, 2 * map->n_links, 4);
    place(c, &map->links, map->n_links + 1, sizeof *map->links);
    place(c, &map->points, map->n_points, sizeof *map->points);
    place(c, &map->kinds, map->n_kinds, sizeof *map->kinds);
    place(c, &map->names, map->n_name_bytes, 1);
    place(c, &map->name_at, map->n_names, 4);
    place(c, &map->first_ban, map->n_bans + 1, 4);
    place(c, &map->ban_streets, map->n_ban_streets, 4);
    place(c, &map->ban_modes, map->n_bans, 1);
    place(c, &map->segments, n_segments, sizeof *map->segments);
    place(c, &map->boxes, map->n_boxes, sizeof *map->boxes);
}

static void place_lines(cursor *c, gb_roads_line_set *lines)
{
    begin_part(c);
    place(c, &lines->classes, lines->n_lines, 1);
    place(c, &lines->first_point, lines->n_lines + 1, 4);
    place(c, &lines->points, lines->n_points, sizeof *lines->points);
}

static void place_states(cursor *c, roads_states *s, size_t n_links)
{
    place(c, &s->first_arc, s->n_states + 1, 4);
    place(c, &s->heads, s->n_arcs, 4);
    place(c, &s->arc_streets, s->n_arcs, 4);
    place(c, &s->arc_turns, s->n_arcs, 2);
    place(c, &s->starts, 2 * n_links, 4);
    place(c, &s->first_target, 2 * n_links + 1, 4);
    place(c, &s->targets, s->n_targets, 4);
    place(c, &s->ends, n_links, 1);
}

static void place_graph(cursor *c, roads_graph *g, size_t n_states)
{
    place(c, &g->first, n_states + 1, 4);
    place(c, &g->ends, g->n_arcs, 4);
    place(c, &g->weights, g->n_arcs, 8);
    place(c, &g->via, g->n_arcs, 4);
}

static void place_hierarchy(cursor *c, roads_hierarchy *h, size_t n_arcs)
{
    place(c, &h->up.first, h->n_states + 1, 4);
    place(c, &h->up.ends, h->up.n, 4);
    place(c, &h->down.first, h->n_states + 1, 4);
    place(c, &h->down.ends, h->down.n, 4);
    place(c, &h->arc_edges, n_arcs, 4);
    place(c, &h->parents, h->n_states, 4);
}

static void place_mode(cursor *c, roads_mode *mode, size_t n_links)
{
    const size_t n = mode->states.n_states;

    begin_part(c);
    place_states(c, &mode->states, n_links);
    begin_part(c);
    place_hierarchy(c, &mode->hierarchy, mode->states.n_arcs);
    begin_part(c);
    place(c, &mode->metric.street_weights, 2 * n_links, 8);
    place(c, &mode->metric.turn_weights, ROADS_TURN_COUNT, 8);
    place(c, &mode->metric.use, 2 * n_links, 1);
    place_graph(c, &mode->metric.up, n);
    begin_part(c);
    place_graph(c, &mode->metric.down, n);
}

void roads_file_lay_out(gb_roads *roads, roads_file_layout *out)
{
    cursor c = { out->slots, out->part_at, sizeof(roads_file_header) };

    place_map(&c, &roads->map);
    place_lines(&c, &roads->lines);
    for (int m = 0; m < GB_MODE_COUNT; m++)
        place_mode(&c, &roads->modes[m], roads->map.n_links);
    assert(c.slot == out->slots + ROADS_FILE_SLOTS);
    assert(c.part_at == out->part_at + ROADS_FILE_PARTS);
    *c.part_at = c.at;
}
