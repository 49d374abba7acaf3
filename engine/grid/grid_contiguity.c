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

static void next_stamp(grid_search_space *space, size_t n)
{
    if (++space->stamp != 0)
        return;
    memset(space->seen, 0, n * sizeof *space->seen);
    space->stamp = 1;
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

/*
 * Search from the first neighbour until all `wanted` neighbours are met, which
 * carry the stamp of the search before.
 */
static bool is_joined_far(const grid_problem *p, const uint32_t *owner,
                          uint32_t area, grid_search_space *space)
{
    const uint32_t t = owner[area];
    const uint32_t *row = p->neighbours + p->first[area];
    uint32_t first = GB_GRID_NONE, wanted_stamp;
    size_t head = 0, tail = 0, wanted = 0;

    if (space->stamp > UINT32_MAX - 2) {
        space->stamp = UINT32_MAX;
        next_stamp(space, p->n);
    }
    wanted_stamp = ++space->stamp;
    for (uint32_t i = 0; i < p->n_open[area]; i++)
        if (owner[row[i]] == t) {
            space->seen[row[i]] = wanted_stamp;
            first = row[i];
            wanted++;
        }
    if (wanted <= 1)
        return true;
    space->stamp++;
    space->seen[area] = space->stamp;
    space->seen[first] = space->stamp;
    wanted--;
    space->queue[tail++] = first;
    while (head < tail) {
        const uint32_t a = space->queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (owner[b] != t || space->seen[b] == space->stamp)
                continue;
            if (space->seen[b] == wanted_stamp && --wanted == 0)
                return true;
            space->seen[b] = space->stamp;
            space->queue[tail++] = b;
        }
    }
    return false;
}

bool grid_can_leave(const grid_problem *p, const uint32_t *owner,
                    uint32_t area, grid_search_space *space)
{
    const uint32_t *row = p->neighbours + p->first[area];
    const uint32_t t = owner[area], n = p->n_open[area];
    uint64_t members = 0;

    if (n <= GRID_MASK_BITS) {
        for (uint32_t i = 0; i < n; i++)
            members |= (uint64_t)(owner[row[i]] == t) << i;
        if (is_joined(p->link + p->first[area], members))
            return true;
    }
    return is_joined_far(p, owner, area, space);
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
