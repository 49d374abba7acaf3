/*
 * roads_bans.c - see roads_bans.h.
 */
#include "roads_bans.h"

#include <string.h>

/* More have never been drawn; a forged map could have millions. */
enum { MAX_VIAS = 32 };

/* The steps by which a way arrives at a node, or leaves it: at most two are
 * needed to tell none, one, and doubt. */
typedef struct choice {
    uint32_t steps[2];
    uint32_t n;
} choice;

static uint32_t step_tail(const roads_join *join, uint32_t step)
{
    return join->pieces[step / 2].ends[step & 1];
}

static uint32_t step_head(const roads_join *join, uint32_t step)
{
    return join->pieces[step / 2].ends[1 - (step & 1)];
}

static void choose(choice *c, uint32_t step)
{
    if (c->n < 2)
        c->steps[c->n] = step;
    c->n++;
}

/* All steps of a way that arrive at a node (or leave it).  Ways are sorted by
 * id, and one that left the extract and came back is several of one id. */
static choice steps_at(const roads_join *join, uint32_t way, uint32_t node,
                       bool arriving)
{
    const roads_source *source = join->source;
    const int64_t id = source->ways[way].id;
    uint32_t end = way + 1;
    choice c = { .n = 0 };

    while (way > 0 && source->ways[way - 1].id == id)
        way--;
    while (end < source->n_ways && source->ways[end].id == id)
        end++;
    for (uint32_t p = join->first_of_way[way]; p < join->first_of_way[end];
         p++)
        for (uint32_t d = 0; d < 2; d++)
            if ((arriving ? step_head(join, 2 * p + d)
                          : step_tail(join, 2 * p + d)) == node)
                choose(&c, 2 * p + d);
    return c;
}

static int oneway_of(const roads_join *join, uint32_t way)
{
    return join->source->kinds[join->source->ways[way].kind].oneway;
}

/* Of two, that which a one-way street allows. */
static choice without_wrong_way(const roads_join *join, uint32_t way,
                                choice all)
{
    const int oneway = oneway_of(join, way);
    choice c = { .n = 0 };

    if (all.n != 2 || (oneway != 1 && oneway != -1))
        return all;
    for (int i = 0; i < 2; i++)
        if ((all.steps[i] & 1) == (oneway == -1))
            choose(&c, all.steps[i]);
    return c;
}

static bool add_run(roads_join *join, roads_bans *bans, const roads_ban *ban,
                    const uint32_t *steps, size_t n)
{
    base_mem *mem = join->run->mem;

    if (!base_array_push(mem, &bans->first, (uint32_t)bans->steps.n)
        || !base_array_push(mem, &bans->modes,
                            (uint8_t)((ban->modes & 7)
                                      | (ban->is_only ? ROADS_BAN_ONLY : 0))))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!base_array_push(mem, &bans->steps, steps[i]))
            return false;
    return true;
}

/* From a way through a node to itself: each side binds who comes from it. */
static bool add_passing(roads_join *join, roads_bans *bans,
                        const roads_ban *ban, choice from)
{
    for (int i = 0; i < 2; i++) {
        const uint32_t run[2] = {
            from.steps[i], (ban->is_only ? from.steps[1 - i] : from.steps[i])
                               ^ 1
        };

        if (!add_run(join, bans, ban, run, 2))
            return false;
    }
    return true;
}

static bool place_at_node(roads_join *join, roads_bans *bans,
                          const roads_ban *ban, bool *is_kept)
{
    choice from = steps_at(join, ban->from_way, ban->via_node, true);
    choice to = steps_at(join, ban->to_way, ban->via_node, false);

    if (ban->from_way == ban->to_way && from.n == 2) {
        *is_kept = true;
        join->is_vertex[ban->via_node] = 1;
        return add_passing(join, bans, ban, from);
    }
    from = without_wrong_way(join, ban->from_way, from);
    to = without_wrong_way(join, ban->to_way, to);
    *is_kept = from.n == 1 && to.n == 1;
    if (!*is_kept)
        return true;
    join->is_vertex[ban->via_node] = 1;
    return add_run(join, bans, ban,
                   (uint32_t[]){ from.steps[0], to.steps[0] }, 2);
}

/* ---- over ways ---- */

/* The ends of a way; false for a ring, or when nothing is left of it. */
static bool ends_of(const roads_join *join, uint32_t way, uint32_t ends[2])
{
    const uint32_t first = join->first_of_way[way];
    const uint32_t end = join->first_of_way[way + 1];

    if (first == end)
        return false;
    ends[0] = join->pieces[first].ends[0];
    ends[1] = join->pieces[end - 1].ends[1];
    return ends[0] != ends[1];
}

/* One way to read a restriction: where it goes from way to way. */
typedef struct reading {
    uint32_t first_node, last_node;
    uint32_t first_d; /* direction of the first via way */
    choice from, to;
    bool is_wrong_way;
} reading;

/* Over all via ways, the first in direction d; false: they do not meet. */
static bool read_over(const roads_join *join, const roads_ban *ban, uint32_t d,
                      reading *out)
{
    const uint32_t *vias = join->source->via_ways + ban->first_via;
    uint32_t ends[2], node;

    if (!ends_of(join, vias[0], ends))
        return false;
    out->first_node = node = ends[d];
    out->first_d = d;
    out->is_wrong_way = false;
    for (uint32_t i = 0; i < ban->n_vias; i++) {
        if (!ends_of(join, vias[i], ends)
            || (ends[0] != node && ends[1] != node))
            return false;
        out->is_wrong_way |=
            oneway_of(join, vias[i]) == (ends[0] == node ? -1 : 1);
        node = ends[0] == node ? ends[1] : ends[0];
    }
    out->last_node = node;
    out->from = without_wrong_way(
        join, ban->from_way,
        steps_at(join, ban->from_way, out->first_node, true));
    out->to = without_wrong_way(
        join, ban->to_way, steps_at(join, ban->to_way, node, false));
    return out->from.n == 1 && out->to.n == 1;
}

static bool add_way(roads_join *join, roads_bans *bans, uint32_t way,
                    bool is_back)
{
    const uint32_t first = join->first_of_way[way];
    const uint32_t n = join->first_of_way[way + 1] - first;

    for (uint32_t i = 0; i < n; i++)
        if (!base_array_push(join->run->mem, &bans->steps,
                             is_back ? 2 * (first + n - 1 - i) + 1
                                     : 2 * (first + i)))
            return false;
    return true;
}

static bool add_over(roads_join *join, roads_bans *bans, const roads_ban *ban,
                     const reading *as)
{
    const uint32_t *vias = join->source->via_ways + ban->first_via;
    uint32_t node = as->first_node, ends[2];

    if (!add_run(join, bans, ban, as->from.steps, 1))
        return false;
    for (uint32_t i = 0; i < ban->n_vias && ends_of(join, vias[i], ends);
         i++) {
        const bool is_back = ends[0] != node;

        join->is_vertex[node] = 1;
        if (!add_way(join, bans, vias[i], is_back))
            return false;
        node = is_back ? ends[0] : ends[1];
    }
    join->is_vertex[node] = 1;
    return base_array_push(join->run->mem, &bans->steps, as->to.steps[0]);
}

static bool place_over_ways(roads_join *join, roads_bans *bans,
                            const roads_ban *ban, bool *is_kept)
{
    reading readings[2];
    size_t n = 0;

    for (uint32_t d = 0; ban->n_vias - 1 < MAX_VIAS && d < 2; d++)
        n += read_over(join, ban, d, &readings[n]);
    /* Two: from both ends of the first; one of them may be the wrong way. */
    if (n == 2 && readings[0].is_wrong_way != readings[1].is_wrong_way) {
        readings[0] = readings[readings[0].is_wrong_way];
        n = 1;
    }
    *is_kept = n == 1;
    return n != 1 || add_over(join, bans, ban, &readings[0]);
}

gb_status roads_bans_place(roads_join *join, roads_bans *bans)
{
    const roads_source *source = join->source;
    gb_context *ctx = join->run->ctx;

    memset(bans, 0, sizeof *bans);
    for (size_t i = 0; i < source->n_bans; i++) {
        const roads_ban *ban = &source->bans[i];
        gb_status status = base_poll(join->run);
        bool is_kept = false;

        if (status)
            return status;
        if (!(ban->via_node == ROADS_NONE ? place_over_ways : place_at_node)(
                join, bans, ban, &is_kept))
            return base_fail_nomem(ctx);
        bans->n_kept += is_kept;
        bans->n_refused += !is_kept;
    }
    return base_array_push(join->run->mem, &bans->first,
                           (uint32_t)bans->steps.n)
               ? GB_OK
               : base_fail_nomem(ctx);
}

/* Does a street begin where this step does? */
static bool begins_street(const roads_join *join, uint32_t step)
{
    const uint32_t street = join->streets[step / 2] ^ (step & 1);
    const roads_link *link = &join->links.items[street / 2];

    return step_tail(join, step) == (street & 1 ? link->to : link->from);
}

void roads_bans_follow(const roads_join *join, roads_bans *bans)
{
    uint32_t n = 0;

    for (size_t r = 0; r < bans->modes.n; r++) {
        const uint32_t from = bans->first.items[r];
        const uint32_t to = bans->first.items[r + 1];

        bans->first.items[r] = n;
        for (uint32_t i = from; i < to; i++) {
            const uint32_t step = bans->steps.items[i];

            /* The first may be the last piece of its street. */
            if (i == from || begins_street(join, step))
                bans->steps.items[n++] =
                    join->streets[step / 2] ^ (step & 1);
        }
    }
    bans->first.items[bans->modes.n] = n;
    bans->steps.n = n;
}

void roads_bans_clear(base_mem *mem, roads_bans *bans)
{
    base_array_clear(mem, &bans->first);
    base_array_clear(mem, &bans->steps);
    base_array_clear(mem, &bans->modes);
}
