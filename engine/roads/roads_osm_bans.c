/*
 * roads_osm_bans.c - turn restrictions, from relations to bans.
 *
 * Only what can be told of a relation alone is judged here: whether its
 * members are streets, and in which order ways in the middle are travelled
 * (relations need not list them so).  Whether the streets meet where it says
 * is the map's affair.
 */
#include <string.h>

#include "base_array.h"
#include "roads_facts.h"

enum { MAX_MEMBERS = 16 }; /* of a role */

typedef struct turn {
    uint32_t from[MAX_MEMBERS], to[MAX_MEMBERS], via[MAX_MEMBERS];
    size_t n_from, n_to, n_via; /* ways of the map that was read */
    uint32_t node;              /* of it; NONE: via ways */
    bool is_bad;
} turn;

typedef struct banner {
    base_run *run;
    const roads_osm *osm;
    const uint32_t *parts, *number;
    const roads_source *source;
    BASE_ARRAY(roads_ban) bans;
    BASE_ARRAY(uint32_t) via_ways;
} banner;

static void take_way(turn *t, uint32_t *list, size_t *n, uint32_t way)
{
    if (*n == MAX_MEMBERS || way == ROADS_NONE)
        t->is_bad = true;
    else
        list[(*n)++] = way;
}

static void take_member(turn *t, const roads_turn_member *member)
{
    if (member->is_node) {
        t->is_bad |= member->role != ROADS_ROLE_VIA || t->node != ROADS_NONE
                     || member->at == ROADS_NONE;
        t->node = member->at;
    } else if (member->role == ROADS_ROLE_FROM) {
        take_way(t, t->from, &t->n_from, member->at);
    } else if (member->role == ROADS_ROLE_TO) {
        take_way(t, t->to, &t->n_to, member->at);
    } else {
        take_way(t, t->via, &t->n_via, member->at);
    }
}

/* Several beginnings or ends are of no_entry and no_exit only. */
static bool take_members(const banner *b, const roads_element *restriction,
                         bool is_only, turn *t)
{
    memset(t, 0, sizeof *t);
    t->node = ROADS_NONE;
    for (uint32_t i = 0; i < restriction->n; i++)
        take_member(t, &b->osm->turn_members[restriction->first + i]);
    return !t->is_bad && t->n_from > 0 && t->n_to > 0
           && (t->n_via == 0) == (t->node != ROADS_NONE)
           && (!is_only || t->n_from * t->n_to == 1);
}

static bool has_node(const roads_source *source, uint32_t way, uint32_t node)
{
    const roads_way *w = &source->ways[way];

    for (uint32_t i = 0; i < w->n_refs; i++)
        if (source->refs[w->first_ref + i] == node)
            return true;
    return false;
}

/* Does an end of one lie on the other? */
static bool meet(const roads_source *source, uint32_t a, uint32_t b)
{
    const roads_way *x = &source->ways[a], *y = &source->ways[b];

    return has_node(source, b, source->refs[x->first_ref])
           || has_node(source, b, source->refs[x->first_ref + x->n_refs - 1])
           || has_node(source, a, source->refs[y->first_ref])
           || has_node(source, a, source->refs[y->first_ref + y->n_refs - 1]);
}

/* The way of the source that has the node, or meets the way `via`. */
static uint32_t part_of(const banner *b, uint32_t way, uint32_t node,
                        uint32_t via)
{
    for (uint32_t p = b->parts[way]; p < b->parts[way + 1]; p++)
        if (node != ROADS_NONE ? has_node(b->source, p, node)
                               : meet(b->source, p, via))
            return p;
    return ROADS_NONE;
}

static void swap_vias(uint32_t *via, size_t a, size_t b)
{
    const uint32_t kept = via[a];

    via[a] = via[b];
    via[b] = kept;
}

/* Bring the ways behind via[0] into an order where each meets the next. */
static bool chain(const banner *b, uint32_t *via, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        size_t next = i;

        while (next < n && !meet(b->source, via[i - 1], via[next]))
            next++;
        if (next == n)
            return false;
        for (; next > i; next--)
            swap_vias(via, next, next - 1);
    }
    return true;
}

/* The ways in the middle in the order of travel. */
static bool order_vias(const banner *b, const turn *t, uint32_t from,
                       uint32_t to, uint32_t *via)
{
    for (size_t first = 0; first < t->n_via; first++) {
        size_t n = 0;

        for (size_t i = 0; i < t->n_via; i++)
            via[n++] = b->parts[t->via[(first + i) % t->n_via]];
        if (part_of(b, from, ROADS_NONE, via[0]) != ROADS_NONE
            && chain(b, via, n)
            && part_of(b, to, ROADS_NONE, via[n - 1]) != ROADS_NONE)
            return true;
    }
    return false;
}

/* *kept: whether it is one.  False: no memory. */
static bool add_over_node(banner *b, const turn *t, roads_ban ban,
                          uint32_t from, uint32_t to, bool *kept)
{
    ban.via_node = b->number[t->node];
    if (ban.via_node == ROADS_NONE)
        return true;
    ban.from_way = part_of(b, from, ban.via_node, 0);
    ban.to_way = part_of(b, to, ban.via_node, 0);
    if (ban.from_way == ROADS_NONE || ban.to_way == ROADS_NONE)
        return true;
    *kept = true;
    return base_array_push(b->run->mem, &b->bans, ban);
}

static bool add_over_ways(banner *b, const turn *t, roads_ban ban,
                          uint32_t from, uint32_t to, bool *kept)
{
    uint32_t via[MAX_MEMBERS];

    for (size_t i = 0; i < t->n_via; i++)
        if (b->parts[t->via[i] + 1] - b->parts[t->via[i]] != 1)
            return true;
    if (!order_vias(b, t, from, to, via))
        return true;
    ban.via_node = ROADS_NONE;
    ban.from_way = part_of(b, from, ROADS_NONE, via[0]);
    ban.to_way = part_of(b, to, ROADS_NONE, via[t->n_via - 1]);
    ban.first_via = (uint32_t)b->via_ways.n;
    ban.n_vias = (uint32_t)t->n_via;
    for (size_t i = 0; i < t->n_via; i++)
        if (!base_array_push(b->run->mem, &b->via_ways, via[i]))
            return false;
    *kept = true;
    return base_array_push(b->run->mem, &b->bans, ban);
}

static bool add(banner *b, const roads_element *restriction, uint8_t modes,
                bool is_only, bool *kept)
{
    const roads_ban ban = { .id = restriction->id, .is_only = is_only,
                            .modes = modes };
    turn t;

    if (!modes || !take_members(b, restriction, is_only, &t))
        return true;
    for (size_t f = 0; f < t.n_from; f++)
        for (size_t i = 0; i < t.n_to; i++) {
            const bool good =
                t.node != ROADS_NONE
                    ? add_over_node(b, &t, ban, t.from[f], t.to[i], kept)
                    : add_over_ways(b, &t, ban, t.from[f], t.to[i], kept);

            if (!good)
                return false;
        }
    return true;
}

gb_status roads_osm_bans(base_run *run, const roads_osm *osm,
                         const uint32_t *parts, const uint32_t *number,
                         roads_source *source, gb_roads_report *report)
{
    banner b = { .run = run, .osm = osm, .parts = parts, .number = number,
                 .source = source };
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < osm->n_restrictions; i++) {
        const roads_element *restriction = &osm->restrictions[i];
        const roads_turn_facts facts = roads_facts_turn(osm, restriction);
        bool kept = false;

        if (!add(&b, restriction, facts.no, false, &kept)
            || !add(&b, restriction, facts.only, true, &kept))
            status = base_fail_nomem(run->ctx);
        else
            status = base_poll(run);
        report->refused_restrictions += (facts.no || facts.only) && !kept;
    }
    source->bans = b.bans.items;
    source->n_bans = b.bans.n;
    source->via_ways = b.via_ways.items;
    source->n_via_ways = b.via_ways.n;
    return status;
}
