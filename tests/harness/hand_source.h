/*
 * hand_source.h - small maps drawn by hand, as a reader would hand them over.
 *
 *   hand_source hand = { 0 };
 *   hand_node(&hand, 0, 0);            metres east and north of a corner
 *   hand_way(&hand, HAND_STREET, 0, "0 1 2");     kind, name, nodes
 *   hand_ban(&hand, 0, "1", 1, false);  from way, via node, to way
 *   roads_map_build(&run, hand_take(&hand), &built, &report);
 */
#ifndef HAND_SOURCE_H
#define HAND_SOURCE_H

#include "roads_source.h"
#include "test.h"

enum { HAND_MOST = 4096 };

/* Kinds that every hand-made map has. */
enum { HAND_STREET, HAND_ONEWAY, HAND_LANE, HAND_KINDS };

typedef struct hand_source {
    roads_source source;
    roads_e7 nodes[HAND_MOST];
    uint8_t flags[HAND_MOST];
    roads_way ways[HAND_MOST];
    uint32_t refs[4 * HAND_MOST];
    roads_kind kinds[HAND_KINDS];
    char names[32];
    uint32_t name_at[4];
    roads_ban bans[64];
    uint32_t vias[256];
} hand_source;

/* Its number is the count of those before. */
static inline uint32_t hand_node(hand_source *h, double x_m, double y_m)
{
    const uint32_t n = (uint32_t)h->source.n_nodes++;

    /* Near 104 E, 30 N: within a thousandth. */
    h->nodes[n] = (roads_e7){ 1040000000 + (int32_t)lround(x_m * 103.65),
                              300000000 + (int32_t)lround(y_m * 90.21) };
    return n;
}

static inline uint32_t hand_numbers(const char *text, uint32_t *out)
{
    uint32_t n = 0;

    for (char *end; *text; text = end) {
        out[n++] = (uint32_t)strtoul(text, &end, 10);
        ck_assert_ptr_ne(text, end);
        while (*end == ' ')
            end++;
    }
    return n;
}

static inline uint32_t hand_way(hand_source *h, uint32_t kind, uint32_t name,
                                const char *nodes)
{
    const uint32_t w = (uint32_t)h->source.n_ways++;
    const uint32_t first = (uint32_t)h->source.n_refs;
    const uint32_t n = hand_numbers(nodes, h->refs + first);

    h->ways[w] = (roads_way){ w + 1, first, n, kind, name };
    h->source.n_refs += n;
    return w;
}

/* Over "n" a node, or "w1 w2": ways. */
static inline void hand_ban(hand_source *h, uint32_t from, const char *over,
                            uint32_t to, bool is_only)
{
    roads_ban *ban = &h->bans[h->source.n_bans];
    uint32_t *vias = h->vias + h->source.n_via_ways;

    *ban = (roads_ban){ .id = (int64_t)h->source.n_bans++, .from_way = from,
                        .to_way = to, .via_node = ROADS_NONE,
                        .first_via = (uint32_t)h->source.n_via_ways,
                        .is_only = is_only, .modes = 4 };
    if (*over != 'w') {
        ban->via_node = (uint32_t)strtoul(over, NULL, 10);
        return;
    }
    ban->n_vias = hand_numbers(over + 1, vias);
    h->source.n_via_ways += ban->n_vias;
}

static inline const roads_source *hand_take(hand_source *h)
{
    static const char names[] = "\0Main Street\0Side Street";
    roads_source *s = &h->source;

    memset(h->kinds, 0, sizeof h->kinds);
    for (int k = 0; k < HAND_KINDS; k++) {
        h->kinds[k].class = ROADS_CLASS_RESIDENTIAL;
        h->kinds[k].oneway_bicycle = ROADS_ONEWAY_UNSAID;
    }
    h->kinds[HAND_ONEWAY].oneway = 1;
    h->kinds[HAND_LANE].class = ROADS_CLASS_SERVICE;
    memcpy(h->names, names, sizeof names);
    h->name_at[1] = 1;
    h->name_at[2] = 13;
    s->nodes = h->nodes;
    s->node_flags = h->flags;
    s->ways = h->ways;
    s->refs = h->refs;
    s->kinds = h->kinds;
    s->names = h->names;
    s->name_at = h->name_at;
    s->bans = h->bans;
    s->via_ways = h->vias;
    s->n_kinds = HAND_KINDS;
    s->n_names = 3;
    s->n_name_bytes = sizeof names;
    return s;
}

#endif
