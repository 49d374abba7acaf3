/*
 * grid_bound_model.c - Hess's model of some areas (grid_bound_hess.h): which
 * areas a centre may have, and how far they are.
 */
#include "grid_bound_hess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid_hess.h"

enum { REACH_LOADS = 4 }; /* territories' weight that a centre looks at */

typedef struct near_area {
    double km2;
    uint32_t area;
} near_area;

static int by_distance(const void *a, const void *b)
{
    const near_area *x = a, *y = b;

    if (x->km2 < y->km2 || x->km2 > y->km2)
        return x->km2 < y->km2 ? -1 : 1;
    return x->area < y->area ? -1 : x->area > y->area;
}

typedef struct building {
    base_run *run;
    const gb_areas *areas;
    hess_model *m;
    near_area *near;
    double *way;   /* n; weight of the lightest way, both ends included */
    uint8_t *done; /* n */
    size_t room;   /* of m->area and m->km2 */
    bool is_whole;
} building;

static bool is_open(const gb_areas *areas, size_t arc)
{
    return !areas->barriers || areas->barriers[arc] != GB_BARRIER_HARD;
}

/* Lightest ways from j, by Dijkstra's plain algorithm: n is small. */
static void find_ways(building *b, uint32_t j)
{
    const gb_areas *areas = b->areas;
    const size_t n = b->m->n;
    uint32_t at = j;

    for (size_t i = 0; i < n; i++) {
        b->way[i] = INFINITY;
        b->done[i] = 0;
    }
    b->way[j] = b->m->weight[j];
    while (at != GB_GRID_NONE) {
        b->done[at] = 1;
        for (size_t i = areas->first_neighbour[at];
             i < areas->first_neighbour[at + 1]; i++) {
            const uint32_t to = areas->neighbours[i];
            const double way = b->way[at] + b->m->weight[to];

            if (is_open(areas, i) && way < b->way[to])
                b->way[to] = way;
        }
        at = GB_GRID_NONE;
        for (size_t i = 0; i < n; i++)
            if (!b->done[i] && b->way[i] <= b->m->high
                && (at == GB_GRID_NONE || b->way[i] < b->way[at]))
                at = (uint32_t)i;
    }
}

/* Areas by distance from j; j itself comes first whatever shares its place. */
static size_t sort_near(building *b, uint32_t j)
{
    const hess_model *m = b->m;
    size_t n_near = 0;

    if (b->is_whole)
        find_ways(b, j);
    for (uint32_t i = 0; i < m->n; i++) {
        if (i != j && b->is_whole && !(b->way[i] <= m->high))
            continue;
        b->near[n_near].km2
            = i == j ? -1 : hess_far(m, i, j);
        b->near[n_near++].area = i;
    }
    qsort(b->near, n_near, sizeof *b->near, by_distance);
    b->near[0].km2 = 0;
    return n_near;
}

static gb_status add_centre(building *b, uint32_t j)
{
    hess_model *m = b->m;
    const size_t n_near = sort_near(b, j);
    uint32_t at = m->first[j];
    double load = 0;
    size_t i;

    for (i = 0; i < n_near
         && (b->is_whole || load < REACH_LOADS * m->high
             /* no two at one distance, one in and one out */
             || (i > 0 && b->near[i].km2 <= b->near[i - 1].km2)); i++) {
        if (at == b->room) {
            const size_t room = b->room + b->room / 2 + m->n;
            uint32_t *area
                = base_realloc_array(m->mem, m->area, room, sizeof *area);
            double *km2;

            if (area)
                m->area = area;
            km2 = area ? base_realloc_array(m->mem, m->km2, room, sizeof *km2)
                       : NULL;
            if (!km2)
                return base_fail_nomem(b->run->ctx);
            m->km2 = km2;
            b->room = room;
        }
        m->area[at] = b->near[i].area;
        m->km2[at++] = b->near[i].km2;
        load += m->weight[b->near[i].area];
    }
    m->edge[j] = b->near[i - 1].km2;
    for (; i < n_near; i++) {
        double *km2 = &m->beyond_km2[j * m->n_blocks
                                     + m->block[b->near[i].area]];

        *km2 = fmin(*km2, b->near[i].km2);
    }
    m->first[j + 1] = at;
    return base_poll_many(b->run, 1 + n_near / 64);
}

/* About as many blocks as areas in each: about areas far from each other. */
static gb_status make_blocks(building *b)
{
    hess_model *m = b->m;
    const size_t most = b->is_whole ? 1 : (size_t)sqrt((double)m->n);
    gb_status status = GB_OK;
    uint32_t centre = 0;

    for (size_t a = 0; a < m->n; a++)
        b->way[a] = INFINITY; /* to the nearest centre of a block */
    for (m->n_blocks = 0; !status && m->n_blocks < most; m->n_blocks++) {
        uint32_t next = centre;

        for (uint32_t a = 0; a < m->n; a++) {
            const double km2 = grid_spot_km2(&b->m->spots[a], &b->m->spots[centre]);

            if (km2 < b->way[a]) {
                b->way[a] = km2;
                m->block[a] = (uint32_t)m->n_blocks;
            }
            if (b->way[a] > b->way[next])
                next = a;
        }
        centre = next;
        status = base_poll_many(b->run, 1 + m->n / 64);
    }
    m->first_member = base_alloc_zeroed(m->mem, m->n_blocks + 2,
                                        sizeof *m->first_member);
    m->member = base_alloc_array(m->mem, m->n, sizeof *m->member);
    m->beyond_km2 = base_alloc_array(m->mem, m->n * m->n_blocks,
                                     sizeof *m->beyond_km2);
    m->most = base_alloc_array(m->mem, m->n_blocks, sizeof *m->most);
    if (!status && (!m->beyond_km2 || !m->most || !m->first_member
                    || !m->member))
        return base_fail_nomem(b->run->ctx);
    for (size_t a = 0; !status && a < m->n; a++)
        m->first_member[m->block[a] + 2]++;
    for (size_t i = 0; !status && i < m->n_blocks; i++)
        m->first_member[i + 2] += m->first_member[i + 1];
    for (uint32_t a = 0; !status && a < m->n; a++)
        m->member[m->first_member[m->block[a] + 1]++] = a;
    for (size_t i = 0; !status && i < m->n * m->n_blocks; i++)
        m->beyond_km2[i] = INFINITY;
    return status;
}

gb_status hess_model_build(base_run *run, const gb_areas *areas,
                           const gb_lonlat *places, size_t k, double low,
                           double high, bool is_squared, bool is_whole,
                           hess_model *out)
{
    const size_t n = areas->n_areas;
    building b = { .run = run, .areas = areas, .m = out,
                   .is_whole = is_whole };
    gb_status status = GB_OK;

    *out = (hess_model){ .mem = run->mem, .n = n, .k = k,
                         .weight = areas->activity, .low = low,
                         .high = high,
                         .is_squared = is_squared };
    out->first = base_alloc_zeroed(run->mem, n + 1, sizeof *out->first);
    out->block = base_alloc_zeroed(run->mem, n, sizeof *out->block);
    out->spots = base_alloc_array(run->mem, n, sizeof *out->spots);
    out->edge = base_alloc_array(run->mem, n, sizeof *out->edge);
    b.near = base_alloc_array(run->mem, n, sizeof *b.near);
    b.way = base_alloc_array(run->mem, n, sizeof *b.way);
    b.done = base_alloc_array(run->mem, n, sizeof *b.done);
    if (!out->first || !out->block || !out->spots || !out->edge || !b.near || !b.way
        || !b.done)
        status = base_fail_nomem(run->ctx);
    for (size_t a = 0; !status && a < n; a++)
        out->spots[a] = grid_spot_of(areas, places, a);
    if (!status)
        status = make_blocks(&b);
    for (uint32_t j = 0; !status && j < n; j++)
        status = add_centre(&b, j);
    base_free(run->mem, b.near);
    base_free(run->mem, b.way);
    base_free(run->mem, b.done);
    if (status)
        hess_model_clear(out);
    return status;
}

void hess_model_clear(hess_model *m)
{
    base_free(m->mem, m->first);
    base_free(m->mem, m->area);
    base_free(m->mem, m->km2);
    base_free(m->mem, m->block);
    base_free(m->mem, m->beyond_km2);
    base_free(m->mem, m->most);
    base_free(m->mem, m->spots);
    base_free(m->mem, m->edge);
    base_free(m->mem, m->first_member);
    base_free(m->mem, m->member);
    memset(m, 0, sizeof *m);
}
