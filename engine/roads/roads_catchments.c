/*
 * roads_catchments.c - which centre is nearest to each point: one flood from
 * all centres, then each point looks at the states that it is reached from.
 * The ways without a turn, on one link, are looked at by themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "roads_flood.h"
#include "roads_reach.h"

enum { BATCH = 4096 }; /* points */

typedef struct centre {
    uint32_t link, number;
} centre;

typedef struct asker {
    roads_view view;
    const gb_roads_place *centres;
    centre *by_link; /* those on the map, sorted */
    size_t n;
    roads_flood flood;
} asker;

typedef struct nearest {
    double weight;
    uint32_t owner;
} nearest;

static int compare_centres(const void *a, const void *b)
{
    const centre *x = a, *y = b;

    if (x->link != y->link)
        return x->link < y->link ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool sort_centres(base_mem *mem, asker *a, size_t n_centres)
{
    a->by_link = base_alloc_array(mem, n_centres, sizeof *a->by_link);
    if (!a->by_link)
        return false;
    for (uint32_t c = 0; c < n_centres; c++)
        if (a->centres[c].status == GB_SNAP_OK)
            a->by_link[a->n++] = (centre){ a->centres[c].link, c };
    if (a->n > 1)
        qsort(a->by_link, a->n, sizeof *a->by_link, compare_centres);
    return true;
}

static void take(nearest *best, double weight, uint32_t owner)
{
    if (weight >= ROADS_FAR || weight > best->weight)
        return;
    if (weight < best->weight || owner < best->owner)
        *best = (nearest){ weight, owner };
}

/* The centres of a link, as seen without a turn. */
static void take_link(const asker *a, uint32_t link,
                      const gb_roads_place *point, nearest *best)
{
    size_t low = 0, high = a->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (a->by_link[middle].link < link)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->n && a->by_link[low].link == link; low++) {
        const uint32_t c = a->by_link[low].number;

        take(best, roads_spots_direct(a->view, &a->centres[c], point, NULL),
             c);
    }
}

/* Those of its own link; where it is at an end, of all links that end there. */
static void take_direct(const asker *a, const gb_roads_place *point,
                        nearest *best)
{
    const roads_map *map = a->view.map;
    const roads_link *link = &map->links[point->link];
    const uint32_t ends[2] = { link->from, link->to };
    const bool is_at[2] = { point->along_cm == 0,
                            point->along_cm == link->cm };

    take_link(a, point->link, point, best);
    for (int e = 0; e < 2; e++)
        for (uint32_t i = map->first_street[ends[e]];
             is_at[e] && i < map->first_street[ends[e] + 1]; i++)
            take_link(a, map->streets[i] / 2, point, best);
}

static nearest find(const asker *a, const roads_spots *spots, size_t p)
{
    nearest best = { ROADS_CLOSED, ROADS_NONE };

    if (spots->places[p].status != GB_SNAP_OK)
        return best;
    for (uint32_t i = spots->first_target[p]; i < spots->first_target[p + 1];
         i++) {
        const roads_spot_end *end = &spots->targets[i];

        take(&best, a->flood.weights[end->state] + end->weight,
             a->flood.owners[end->state]);
    }
    take_direct(a, &spots->places[p], &best);
    return best;
}

static gb_status answer(base_run *run, const asker *a,
                        const gb_roads_place *points, size_t n_points,
                        uint32_t *owner, int32_t *seconds)
{
    gb_status status = GB_OK;

    for (size_t first = 0; !status && first < n_points; first += BATCH) {
        const size_t rest = n_points - first;
        const size_t n = rest < BATCH ? rest : BATCH;
        roads_spots spots;

        if (!roads_spots_find(run->mem, a->view, points + first, n, &spots))
            status = base_fail_nomem(run->ctx);
        for (size_t p = 0; !status && p < n; p++) {
            const nearest found = find(a, &spots, p);

            owner[first + p] = found.owner;
            if (seconds)
                seconds[first + p] = roads_weight_s(found.weight);
        }
        roads_spots_clear(run->mem, &spots);
        if (!status)
            status = base_poll_many(run, n);
    }
    return status;
}

gb_status roads_catchments_find(base_run *run, roads_view view,
                                const gb_roads_place *centres,
                                size_t n_centres,
                                const gb_roads_place *points, size_t n_points,
                                uint32_t *owner, int32_t *seconds)
{
    asker a = { .view = view, .centres = centres };
    roads_spots spots = { 0 };
    gb_status status;

    if (!sort_centres(run->mem, &a, n_centres)
        || !roads_spots_find(run->mem, view, centres, n_centres, &spots)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = roads_flood_run(run, view, &spots, ROADS_FAR, &a.flood);
    if (!status)
        status = answer(run, &a, points, n_points, owner, seconds);

done:
    roads_flood_clear(run->mem, &a.flood);
    roads_spots_clear(run->mem, &spots);
    base_free(run->mem, a.by_link);
    return status;
}
