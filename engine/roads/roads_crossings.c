/*
 * roads_crossings.c - see roads_crossings.h.
 */
#include "roads_crossings.h"

#include <stdlib.h>
#include <string.h>

#include "base_array.h"

size_t roads_street_points_count(const roads_map *map,
                                 const roads_metric *metric)
{
    size_t n = 0;

    for (uint32_t l = 0; l < map->n_links; l++)
        if (roads_use_link(metric->use, l))
            n += roads_link_points(map, l);
    return n;
}

void roads_street_points_fill(const roads_map *map,
                              const roads_metric *metric, gb_lonlat *out)
{
    for (uint32_t l = 0; l < map->n_links; l++)
        if (roads_use_link(metric->use, l))
            for (uint32_t i = 0; i < roads_link_points(map, l); i++)
                *out++ = roads_e7_lonlat(
                    map->points[map->links[l].first_point + i]);
}

typedef struct crossing {
    uint32_t a, b, link;
} crossing;

static int compare_crossings(const void *x, const void *y)
{
    const crossing *p = x, *q = y;

    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return p->link < q->link ? -1 : p->link > q->link;
}

typedef BASE_ARRAY(crossing) crossings;

/* The pairs of areas that one link leads over. */
static bool follow_link(base_mem *mem, uint32_t link, const uint32_t *labels,
                        uint32_t n, crossings *out)
{
    uint32_t last = UINT32_MAX;

    for (uint32_t i = 0; i < n; i++) {
        const uint32_t label = labels[i];

        if (label == UINT32_MAX)
            continue;
        if (last != UINT32_MAX && last != label
            && !base_array_push(mem, out,
                                ((crossing){ last < label ? last : label,
                                             last < label ? label : last,
                                             link })))
            return false;
        last = label;
    }
    return true;
}

/* Sorted crossings to one entry a pair, each link once. */
static size_t count_pairs(const crossings *found, gb_roads_crossing *out)
{
    size_t n = 0;

    for (size_t i = 0; i < found->n; i++) {
        const crossing *c = &found->items[i];

        if (n == 0 || out[n - 1].a != c->a || out[n - 1].b != c->b)
            out[n++] = (gb_roads_crossing){ c->a, c->b, 1 };
        else if (c->link != c[-1].link)
            out[n - 1].n++;
    }
    return n;
}

gb_status roads_crossings_find(base_run *run, const roads_map *map,
                               const roads_metric *metric,
                               const uint32_t *labels,
                               gb_roads_crossing **out, size_t *n)
{
    crossings found = { 0 };
    gb_status status = GB_OK;

    *out = NULL;
    *n = 0;
    for (uint32_t l = 0; l < map->n_links && !status; l++) {
        const uint32_t k = roads_link_points(map, l);

        if (!roads_use_link(metric->use, l))
            continue;
        if (!follow_link(run->mem, l, labels, k, &found))
            status = base_fail_nomem(run->ctx);
        labels += k;
        if (!status)
            status = base_poll(run);
    }
    if (!status) {
        *out = base_alloc_array(run->mem, found.n, sizeof **out);
        if (!*out)
            status = base_fail_nomem(run->ctx);
    }
    if (!status) {
        if (found.n > 1)
            qsort(found.items, found.n, sizeof *found.items,
                  compare_crossings);
        *n = count_pairs(&found, *out);
    }
    base_array_clear(run->mem, &found);
    return status;
}
