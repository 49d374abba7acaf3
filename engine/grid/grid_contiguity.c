/*
 * grid_contiguity.c - see grid_contiguity.h.
 */
#include "grid_contiguity.h"

#include <string.h>

bool grid_search_space_init(grid_search_space *space, base_mem *mem, size_t n)
{
    space->seen = base_alloc_zeroed(mem, n, sizeof *space->seen);
    space->queue = base_alloc_array(mem, n, sizeof *space->queue);
    space->stamp = 0;
    return space->seen && space->queue;
}

void grid_search_space_clear(grid_search_space *space, base_mem *mem)
{
    base_free(mem, space->seen);
    base_free(mem, space->queue);
    memset(space, 0, sizeof *space);
}

/* The members are joined through their own links alone. */
static bool is_joined(const uint64_t *link, uint64_t members)
{
    uint64_t reached = members & (~members + 1);
    uint64_t fresh = reached;

    while (fresh) {
        uint64_t met = 0;

        while (fresh) {
            met |= link[__builtin_ctzll(fresh)];
            fresh &= fresh - 1;
        }
        fresh = met & members & ~reached;
        reached |= fresh;
    }
    return reached == members;
}

/* The group that holds group g of neighbours, groups joined since included. */
static uint32_t root_of(uint32_t *parent, uint32_t g)
{
    while (parent[g] != g) {
        parent[g] = parent[parent[g]];
        g = parent[g];
    }
    return g;
}

/* Groups a and b have met: their pending areas count together. */
static bool join_groups(grid_search_space *space, uint32_t a, uint32_t b)
{
    a = root_of(space->parent, a);
    b = root_of(space->parent, b);
    if (a == b)
        return false;
    space->parent[b] = a;
    space->pending[a] += space->pending[b];
    return true;
}

/* Room for that many stamps more. */
static void spare_stamps(grid_search_space *space, size_t n, uint32_t wanted)
{
    if (space->stamp <= UINT32_MAX - wanted - 1)
        return;
    memset(space->seen, 0, n * sizeof *space->seen);
    space->stamp = 0;
}

/*
 * Search from all `members` at once, in rings: done as soon as all have met,
 * or as one group has nowhere to go on, which is soon where a corner is cut
 * off.  What group g met carries the stamp `base` + g.
 */
static bool is_joined_far(const grid_problem *p, const uint32_t *owner,
                          uint32_t area, uint32_t n, grid_search_space *space)
{
    const uint32_t t = owner[area];
    const uint32_t *row = p->neighbours + p->first[area];
    size_t head = 0, tail = 0;
    uint32_t base, apart = 0;

    spare_stamps(space, p->n, GRID_MASK_BITS + 1);
    base = space->stamp + 1;
    space->stamp += GRID_MASK_BITS + 1;
    for (uint32_t i = 0; i < n; i++)
        if (owner[row[i]] == t) {
            space->seen[row[i]] = base + apart;
            space->parent[apart] = apart;
            space->pending[apart++] = 1;
            space->queue[tail++] = row[i];
        }
    space->seen[area] = space->stamp;
    while (apart > 1) {
        const uint32_t a = space->queue[head++], g = space->seen[a] - base;
        uint32_t *pending;

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (owner[b] != t || b == area)
                continue;
            if (space->seen[b] < base) {
                space->seen[b] = base + g;
                space->pending[root_of(space->parent, g)]++;
                space->queue[tail++] = b;
            } else if (join_groups(space, g, space->seen[b] - base)) {
                apart--;
            }
        }
        pending = &space->pending[root_of(space->parent, g)];
        if (--*pending == 0 && apart > 1)
            return false;
    }
    return true;
}

/* The same where the area has too many neighbours for that: from the first. */
static bool is_joined_wide(const grid_problem *p, const uint32_t *owner,
                           uint32_t area, grid_search_space *space)
{
    const uint32_t t = owner[area];
    const uint32_t *row = p->neighbours + p->first[area];
    size_t head = 0, tail = 0;

    spare_stamps(space, p->n, 1);
    space->seen[area] = ++space->stamp;
    for (uint32_t i = 0; i < p->n_open[area] && tail == 0; i++)
        if (owner[row[i]] == t) {
            space->seen[row[i]] = space->stamp;
            space->queue[tail++] = row[i];
        }
    while (head < tail) {
        const uint32_t a = space->queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (owner[b] != t || space->seen[b] == space->stamp)
                continue;
            space->seen[b] = space->stamp;
            space->queue[tail++] = b;
        }
    }
    for (uint32_t i = 0; i < p->n_open[area]; i++)
        if (owner[row[i]] == t && space->seen[row[i]] != space->stamp)
            return false;
    return true;
}

bool grid_can_leave_members(const grid_problem *p, const uint32_t *owner,
                            uint32_t area, uint64_t members,
                            grid_search_space *space)
{
    if ((members & (members - 1)) == 0
        || is_joined(p->link + p->first[area], members))
        return true;
    return is_joined_far(p, owner, area, p->n_open[area], space);
}

bool grid_can_leave(const grid_problem *p, const uint32_t *owner,
                    uint32_t area, grid_search_space *space)
{
    const uint32_t *row = p->neighbours + p->first[area];
    const uint32_t t = owner[area], n = p->n_open[area];
    uint64_t members = 0;

    if (n > GRID_MASK_BITS)
        return is_joined_wide(p, owner, area, space);
    for (uint32_t i = 0; i < n; i++)
        members |= (uint64_t)(owner[row[i]] == t) << i;
    return grid_can_leave_members(p, owner, area, members, space);
}

size_t grid_parts(const grid_problem *p, const uint32_t *owner,
                  uint32_t *part, grid_search_space *space)
{
    uint32_t found = 0;

    memset(part, 0xff, p->n * sizeof *part);
    for (size_t s = 0; s < p->n; s++) {
        size_t head = 0, tail = 0;

        if (owner[s] >= p->k || part[s] != GB_GRID_NONE)
            continue;
        part[s] = found;
        space->queue[tail++] = (uint32_t)s;
        while (head < tail) {
            const uint32_t a = space->queue[head++];

            for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
                const uint32_t b = p->neighbours[i];

                if (owner[b] != owner[s] || part[b] != GB_GRID_NONE)
                    continue;
                part[b] = found;
                space->queue[tail++] = b;
            }
        }
        found++;
    }
    return found;
}
