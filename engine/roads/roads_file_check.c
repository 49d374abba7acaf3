/*
 * roads_file_check.c - see roads_file_check.h.
 *
 * Counts are below 2^31 (roads_file_layout.c), so that "x is below a limit"
 * is a top bit: of x | (limit - 1 - x).  Long arrays are looked at in blocks
 * that compilers turn into vectors, without a branch for each number.
 */
#include "roads_file_check.h"

#include <string.h>

#include "roads_file_layout.h"

enum { BLOCK = 256 };
#define TOP_BIT (UINT32_C(1) << 31)

/* Top bit: some of a block's x + plus is no id below the limit. */
static uint32_t block_is_bad(const uint32_t *ids, uint32_t plus,
                             uint32_t highest)
{
    uint32_t bad = 0;

    for (int i = 0; i < BLOCK; i++) {
        const uint32_t x = ids[i] + plus;

        bad |= x | (highest - x);
    }
    return bad;
}

static bool all_below(const uint32_t *ids, size_t n, uint32_t plus,
                      size_t limit)
{
    const uint32_t highest = (uint32_t)limit - 1;
    uint32_t bad = 0;
    size_t i = 0;

    if (limit == 0)
        return n == 0;
    for (; n - i >= BLOCK; i += BLOCK)
        bad |= block_is_bad(ids + i, plus, highest);
    for (; i < n; i++)
        bad |= (ids[i] + plus) | (highest - (ids[i] + plus));
    return !(bad & TOP_BIT);
}

static bool are_below(const uint32_t *ids, size_t n, size_t limit)
{
    return all_below(ids, n, 0, limit);
}

/* Or NONE, which plus one is 0. */
static bool are_below_or_none(const uint32_t *ids, size_t n, size_t limit)
{
    return all_below(ids, n, 1, limit + 1);
}

static bool bytes_are_below(const uint8_t *bytes, size_t n, unsigned limit)
{
    unsigned bad = 0;

    for (size_t i = 0; i < n; i++)
        bad |= bytes[i] >= limit;
    return !bad;
}

/* The same for a power of two, which is told by the bits of all. */
static bool bytes_are_below_power(const uint8_t *bytes, size_t n,
                                  unsigned power)
{
    uint8_t bits = 0;
    size_t i = 0;

    for (; n - i >= BLOCK; i += BLOCK)
        for (int k = 0; k < BLOCK; k++)
            bits |= bytes[i + k];
    for (; i < n; i++)
        bits |= bytes[i];
    return bits < power;
}

/* Rows begin at 0, never go back, and end at n. */
static bool rows_are_sound(const uint32_t *first, size_t n_rows, size_t n)
{
    uint32_t bad = 0;

    if (first[0] != 0 || first[n_rows] != n)
        return false;
    for (size_t i = 0; i < n_rows; i++)
        bad |= first[i] | (first[i + 1] - first[i]);
    return !(bad & TOP_BIT);
}

/* ---- the map ---- */

static bool is_on_globe(roads_e7 at)
{
    return at.lon >= -1800000000 && at.lon <= 1800000000
           && at.lat >= -900000000 && at.lat <= 900000000;
}

static bool points_are_sound(const roads_e7 *points, size_t n)
{
    bool good = true;

    for (size_t i = 0; i < n; i++)
        good &= is_on_globe(points[i]);
    return good;
}

static bool links_are_sound(const roads_map *map)
{
    if (map->links[0].first_point != 0
        || map->links[map->n_links].first_point != map->n_points)
        return false;
    for (size_t i = 0; i < map->n_links; i++) {
        const roads_link *link = &map->links[i];

        if (link->from >= map->n_vertices || link->to >= map->n_vertices
            || link->kind >= map->n_kinds || link->name >= map->n_names
            || link[1].first_point < link->first_point
            || link[1].first_point - link->first_point < 2)
            return false;
    }
    return true;
}

/* Each street once, at the vertex that it leaves. */
static bool streets_are_sound(const roads_map *map)
{
    if (!rows_are_sound(map->first_street, map->n_vertices, 2 * map->n_links)
        || !are_below(map->streets, 2 * map->n_links, 2 * map->n_links))
        return false;
    for (uint32_t v = 0; v < map->n_vertices; v++)
        for (uint32_t i = map->first_street[v]; i < map->first_street[v + 1];
             i++)
            if (roads_street_tail(map, map->streets[i]) != v
                || (i > map->first_street[v]
                    && map->streets[i - 1] >= map->streets[i]))
                return false;
    return true;
}

static bool is_same(roads_e7 a, roads_e7 b)
{
    return (a.lon == b.lon) & (a.lat == b.lat);
}

static bool segments_are_sound(const roads_map *map)
{
    const size_t n = map->n_points - map->n_links;

    for (size_t i = 0; i < n; i++) {
        const roads_segment *s = &map->segments[i];
        const roads_link *link = &map->links[s->link];

        if (s->link >= map->n_links || s->point < link->first_point
            || s->point >= link[1].first_point - 1
            || !is_same(s->ends[0], map->points[s->point])
            || !is_same(s->ends[1], map->points[s->point + 1]))
            return false;
    }
    return true;
}

static bool kinds_are_sound(const roads_map *map)
{
    for (size_t i = 0; i < map->n_kinds; i++) {
        const roads_kind *kind = &map->kinds[i];

        if (kind->class >= ROADS_CLASS_COUNT || kind->oneway < -1
            || kind->oneway > ROADS_ONEWAY_CHANGES
            || kind->oneway_bicycle < -1
            || kind->oneway_bicycle > ROADS_ONEWAY_UNSAID
            || !bytes_are_below(kind->access, ROADS_ACCESS_KEY_COUNT,
                                ROADS_ACCESS_DESTINATION + 1))
            return false;
    }
    return true;
}

/* The last byte of all ends the last of the names. */
static bool names_are_sound(const roads_map *map)
{
    if (map->n_name_bytes && map->names[map->n_name_bytes - 1] != '\0')
        return false;
    return are_below(map->name_at, map->n_names, map->n_name_bytes);
}

/* Runs of two streets or more, each beginning where the last ends. */
static bool bans_are_sound(const roads_map *map)
{
    if (!rows_are_sound(map->first_ban, map->n_bans, map->n_ban_streets)
        || !are_below(map->ban_streets, map->n_ban_streets, 2 * map->n_links))
        return false;
    for (size_t b = 0; b < map->n_bans; b++) {
        if (map->first_ban[b + 1] - map->first_ban[b] < 2)
            return false;
        for (uint32_t i = map->first_ban[b] + 1; i < map->first_ban[b + 1];
             i++)
            if (roads_street_head(map, map->ban_streets[i - 1])
                != roads_street_tail(map, map->ban_streets[i]))
                return false;
    }
    return true;
}

static bool lines_are_sound(const gb_roads_line_set *lines)
{
    bool good = true;

    if (!rows_are_sound(lines->first_point, lines->n_lines, lines->n_points)
        || !bytes_are_below(lines->classes, lines->n_lines,
                            GB_LINE_CLASS_COUNT))
        return false;
    for (size_t l = 0; l < lines->n_lines; l++)
        good &= lines->first_point[l + 1] - lines->first_point[l] >= 2;
    for (size_t i = 0; i < lines->n_points; i++) {
        const gb_lonlat at = lines->points[i];

        /* False for what is not a number, too. */
        good &= at.lon_deg >= -180 && at.lon_deg <= 180 && at.lat_deg >= -90
                && at.lat_deg <= 90;
    }
    return good;
}

static const char *check_map(const roads_map *map)
{
    if (!links_are_sound(map))
        return GB_N("a link goes nowhere");
    if (!streets_are_sound(map))
        return GB_N("a street does not leave its vertex");
    if (!points_are_sound(map->points, map->n_points)
        || !points_are_sound(map->places, map->n_vertices))
        return GB_N("a point off the globe");
    if (!segments_are_sound(map))
        return GB_N("a segment that is none");
    if (!kinds_are_sound(map))
        return GB_N("a kind of street that is unknown");
    if (!names_are_sound(map))
        return GB_N("a name without an end");
    if (!bans_are_sound(map))
        return GB_N("a turn restriction of streets that do not meet");
    return NULL;
}

/* ---- a mode ---- */

static bool turns_are_sound(const uint16_t *turns, size_t n)
{
    const int highest = ROADS_TURN_COUNT - 1;
    int bad = 0; /* sign */
    size_t i = 0;

    for (; n - i >= BLOCK; i += BLOCK)
        for (int k = 0; k < BLOCK; k++)
            bad |= highest - turns[i + k];
    for (; i < n; i++)
        bad |= highest - turns[i];
    return bad >= 0;
}

static bool states_are_sound(const roads_states *s, size_t n_links)
{
    const size_t n_streets = 2 * n_links;

    return rows_are_sound(s->first_arc, s->n_states, s->n_arcs)
           && are_below(s->heads, s->n_arcs, s->n_states)
           && are_below(s->arc_streets, s->n_arcs, n_streets)
           && turns_are_sound(s->arc_turns, s->n_arcs)
           && are_below_or_none(s->starts, n_streets, s->n_states)
           && rows_are_sound(s->first_target, n_streets, s->n_targets)
           && are_below(s->targets, s->n_targets, s->n_states)
           && bytes_are_below_power(s->ends, n_links, 2);
}

/* How often an id is not above the one before. */
static size_t count_descents(const uint32_t *ids, size_t n)
{
    size_t count = 0, i = 1;

    for (; n >= BLOCK + i; i += BLOCK) {
        uint32_t in_block = 0;

        for (int k = 0; k < BLOCK; k++)
            in_block += 1 - ((ids[i + k - 1] - ids[i + k]) >> 31);
        count += in_block;
    }
    for (; i < n; i++)
        count += ids[i] <= ids[i - 1];
    return count;
}

/*
 * Rows of higher states, ascending.  There may be descents between rows only:
 * they are as many as there are altogether.
 */
static bool higher_rows_are_sound(const uint32_t *first, const uint32_t *ends,
                                  size_t n_states, size_t n)
{
    uint32_t good = TOP_BIT;
    size_t between = 0;

    if (!rows_are_sound(first, n_states, n) || !are_below(ends, n, n_states))
        return false;
    for (uint32_t v = 0; v < n_states; v++) {
        const uint32_t i = first[v];

        if (i == first[v + 1])
            continue;
        good &= v - ends[i];
        between += i > 0 && ends[i] <= ends[i - 1];
    }
    return good != 0 && between == count_descents(ends, n);
}

/* An arc lies on an edge upwards or downwards, by its ends. */
static bool arc_edges_are_sound(const roads_states *s,
                                const roads_hierarchy *h)
{
    const uint32_t n_up = (uint32_t)h->up.n, n_down = (uint32_t)h->down.n;
    uint32_t good = 1;

    for (uint32_t v = 0, a = 0; v < s->n_states; v++)
        for (; a < s->first_arc[v + 1]; a++) {
            const uint32_t head = s->heads[a], edge = h->arc_edges[a];
            const uint32_t limit = head > v ? n_up : n_down;

            good &= (edge < limit) | ((head == v) & (edge == ROADS_NONE));
        }
    return good;
}

static bool parents_are_sound(const roads_hierarchy *h)
{
    bool good = are_below_or_none(h->parents, h->n_states, h->n_states);

    /* NONE is above all. */
    for (uint32_t v = 0; v < h->n_states; v++)
        good &= h->parents[v] > v;
    return good;
}

static bool hierarchy_is_sound(const roads_states *s, const roads_hierarchy *h)
{
    return higher_rows_are_sound(h->up.first, h->up.ends, h->n_states,
                                 h->up.n)
           && higher_rows_are_sound(h->down.first, h->down.ends, h->n_states,
                                    h->down.n)
           && parents_are_sound(h) && arc_edges_are_sound(s, h);
}

/*
 * Bits of a weight that is none: a weight is a whole number in [0, 2^52).
 * Added to 2^52 that is exact, and leaves the exponent as it is.
 */
static inline uint64_t weighs_wrong(double weight)
{
    const uint64_t exponent = UINT64_C(0x433) << 52;
    const double sum = weight + ROADS_FAR, back = sum - ROADS_FAR;
    uint64_t of_sum, of_back, of_weight;

    memcpy(&of_sum, &sum, sizeof sum);
    memcpy(&of_back, &back, sizeof back);
    memcpy(&of_weight, &weight, sizeof weight);
    return ((of_sum ^ exponent) >> 52) | (of_back ^ of_weight);
}

static bool all_weigh_right(const double *weights, size_t n)
{
    uint64_t bad = 0;
    size_t i = 0;

    for (; n - i >= BLOCK; i += BLOCK)
        for (int k = 0; k < BLOCK; k++)
            bad |= weighs_wrong(weights[i + k]);
    for (; i < n; i++)
        bad |= weighs_wrong(weights[i]);
    return !bad;
}

/* Or infinite, which streets and turns may be. */
static bool weigh_right_or_closed(const double *weights, size_t n)
{
    const double closed = ROADS_CLOSED;
    uint64_t bad = 0;

    for (size_t i = 0; i < n; i++)
        bad |= weights[i] == closed ? 0 : weighs_wrong(weights[i]);
    return !bad;
}

/* Where routes begin and end there are states for it. */
static bool use_is_sound(const roads_states *s, const uint8_t *use,
                         size_t n_streets)
{
    uint32_t bad = 0;

    for (size_t i = 0; i < n_streets; i++) {
        const uint32_t n_targets = s->first_target[i + 1] - s->first_target[i];

        bad |= (use[i] & ROADS_USE_START) & (s->starts[i] == ROADS_NONE);
        bad |= (use[i] / ROADS_USE_TARGET) & (n_targets == 0);
    }
    return !bad
           && bytes_are_below_power(
               use, n_streets, 2 * ROADS_USE_TARGET);
}

/*
 * An arc is over a state, or is one of the states' arcs.  (That the state is
 * lower shows when it is looked up: the ends of its rows are higher.)
 */
static bool via_are_sound(const uint32_t *via, size_t n, size_t n_states,
                          size_t n_arcs)
{
    const uint32_t last_state = (uint32_t)n_states - 1;
    const uint32_t last_arc = (uint32_t)n_arcs - 1;
    uint32_t bad = 0;
    size_t i = 0;

    if (n_states == 0 || n_arcs == 0)
        return n == 0;
    for (; n - i >= BLOCK; i += BLOCK)
        for (int k = 0; k < BLOCK; k++) {
            const uint32_t is_arc = 0 - (via[i + k] >> 31);

            bad |= ((is_arc & last_arc) | (~is_arc & last_state))
                   - (via[i + k] & ~ROADS_VIA_ARC);
        }
    for (; i < n; i++)
        bad |= (via[i] & ROADS_VIA_ARC ? last_arc : last_state)
               - (via[i] & ~ROADS_VIA_ARC);
    return !(bad & TOP_BIT);
}

static bool graph_is_sound(const roads_states *s, const roads_graph *g)
{
    return higher_rows_are_sound(g->first, g->ends, s->n_states, g->n_arcs)
           && all_weigh_right(g->weights, g->n_arcs)
           && via_are_sound(g->via, g->n_arcs, s->n_states, s->n_arcs);
}

static bool weights_are_sound(const roads_mode *m, size_t n_streets)
{
    return weigh_right_or_closed(m->metric.street_weights, n_streets)
           && weigh_right_or_closed(m->metric.turn_weights, ROADS_TURN_COUNT)
           && use_is_sound(&m->states, m->metric.use, n_streets);
}

static const char *check_mode(const roads_mode *m, size_t n_links, int part)
{
    switch (part) {
    case 0:
        return states_are_sound(&m->states, n_links)
                   ? NULL
                   : GB_N("a turn that leads nowhere");
    case 1:
        return hierarchy_is_sound(&m->states, &m->hierarchy)
                   ? NULL
                   : GB_N("an edge that does not fit the hierarchy");
    case 2:
        if (!weights_are_sound(m, 2 * n_links))
            return GB_N("a street of impossible weight or use");
        return graph_is_sound(&m->states, &m->metric.up)
                   ? NULL
                   : GB_N("an arc that does not fit the hierarchy");
    default:
        return graph_is_sound(&m->states, &m->metric.down)
                   ? NULL
                   : GB_N("an arc that does not fit the hierarchy");
    }
}

const char *roads_file_check(const gb_roads *roads, int part)
{
    if (part == 0)
        return check_map(&roads->map);
    if (part == 1)
        return lines_are_sound(&roads->lines) ? NULL
                                              : GB_N("a line is broken");
    part -= 2;
    return check_mode(&roads->modes[part / ROADS_FILE_MODE_PARTS],
                      roads->map.n_links, part % ROADS_FILE_MODE_PARTS);
}
