/*
 * roads_table.c - see roads_table.h.
 */
#include "roads_table.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "roads_measure.h"
#include "roads_rtree.h"
#include "roads_search.h"

/* ---- snapping ---- */

static bool is_on_globe(gb_lonlat p)
{
    return p.lon_deg >= -180 && p.lon_deg <= 180 && p.lat_deg >= -90
           && p.lat_deg <= 90;
}

/* Centimetres from the beginning of the link to a hit on one of its segments. */
static uint32_t along_cm(const roads_network *network, uint32_t number,
                         const roads_hit *hit)
{
    const roads_link *link = &network->links[number];
    const roads_e7 *points = network->points;
    double cm = 0;

    for (uint32_t p = link->first_point; p < hit->point; p++)
        cm += 100 * roads_distance_m(points[p], points[p + 1]);
    cm += 100 * hit->share
          * roads_distance_m(points[hit->point], points[hit->point + 1]);
    return cm >= link->cm ? link->cm : (uint32_t)(cm + 0.5);
}

void roads_snap_one(const roads_network *network, gb_mode mode,
                    gb_lonlat point, double max_m, gb_roads_place *out)
{
    const roads_e7 *points = network->points;
    roads_hit hit;

    memset(out, 0, sizeof *out);
    out->point = point;
    out->mode = mode;
    out->link = ROADS_NONE;
    out->distance_m = INFINITY;
    out->status = GB_SNAP_INVALID;
    if (!is_on_globe(point))
        return;
    out->status = GB_SNAP_FAR;
    hit = roads_rtree_nearest(network, point.lon_deg * 1e7,
                              point.lat_deg * 1e7, max_m);
    if (hit.point == ROADS_NONE)
        return;
    out->status = GB_SNAP_OK;
    out->distance_m = hit.distance_m;
    out->link = roads_link_of_point(network, hit.point);
    out->along_cm = along_cm(network, out->link, &hit);
    out->point.lon_deg =
        (points[hit.point].lon
         + hit.share * ((double)points[hit.point + 1].lon
                        - points[hit.point].lon)) / 1e7;
    out->point.lat_deg =
        (points[hit.point].lat
         + hit.share * ((double)points[hit.point + 1].lat
                        - points[hit.point].lat)) / 1e7;
}

/* ---- tables ---- */

typedef struct table {
    const roads_network *network;
    const gb_roads_table_query *query;
    size_t n_to;
    roads_spot *to;
    uint8_t *wanted; /* nodes by which columns are entered */
    size_t n_wanted;
    roads_search *searches; /* one a thread */
    int32_t *seconds, *metres;
} table;

static gb_status fill_row(base_run *worker, size_t thread, size_t row,
                          void *user)
{
    const table *t = user;
    roads_search *search = &t->searches[thread];
    const roads_spot from =
        roads_spot_of(t->network, &t->query->from[row]);

    (void)worker;
    if (from.link != ROADS_NONE)
        roads_search_run(search, &from, t->wanted, t->n_wanted);
    for (size_t c = 0; c < t->n_to; c++) {
        const int64_t weight = roads_search_weight(search, &from, &t->to[c]);

        if (t->seconds)
            t->seconds[row * t->n_to + c] = roads_weight_s(weight);
        if (t->metres)
            t->metres[row * t->n_to + c] = roads_weight_m(weight);
    }
    return GB_OK;
}

gb_status roads_table_fill(base_run *run, const roads_network *network,
                           const gb_roads_table_query *query,
                           int32_t *seconds, int32_t *metres)
{
    const gb_roads_place *to = query->to ? query->to : query->from;
    table t = { .network = network, .query = query, .seconds = seconds,
                .metres = metres,
                .n_to = query->to ? query->n_to : query->n_from };
    const size_t n_threads = base_parallel_threads(run, query->n_from);
    gb_status status;

    t.to = base_alloc_array(run->mem, t.n_to, sizeof *t.to);
    t.wanted = base_alloc_zeroed(run->mem, network->n_nodes, 1);
    t.searches = base_alloc_zeroed(run->mem, n_threads, sizeof *t.searches);
    if (!t.to || !t.wanted || !t.searches) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t c = 0; c < t.n_to; c++) {
        t.to[c] = roads_spot_of(network, &to[c]);
        t.n_wanted += roads_spot_want(&t.to[c], t.wanted);
    }
    for (size_t i = 0; i < n_threads; i++)
        if (!roads_search_init(&t.searches[i], run->mem, network, false)) {
            status = base_fail_nomem(run->ctx);
            goto done;
        }
    base_run_phase(run, GB_N("travel times"), 0, 1, query->n_from);
    status = base_parallel(run, query->n_from, fill_row, &t);

done:
    for (size_t i = 0; t.searches && i < n_threads; i++)
        roads_search_clear(&t.searches[i], run->mem);
    base_free(run->mem, t.searches);
    base_free(run->mem, t.wanted);
    base_free(run->mem, t.to);
    return status;
}

/* ---- paths ---- */

gb_status roads_path_find(gb_context *ctx, const roads_network *network,
                          const gb_roads_place *from,
                          const gb_roads_place *to, size_t capacity,
                          gb_lonlat *points, size_t *n_points,
                          gb_roads_path_totals *totals)
{
    const roads_spot a = roads_spot_of(network, from);
    const roads_spot b = roads_spot_of(network, to);
    roads_path_line line = { .points = points, .capacity = capacity };
    roads_search search = { 0 };
    uint8_t *wanted = base_alloc_zeroed(ctx->mem, network->n_nodes, 1);
    int64_t weight;
    gb_status status;

    if (!wanted || !roads_search_init(&search, ctx->mem, network, true)) {
        base_free(ctx->mem, wanted);
        return base_fail_nomem(ctx);
    }
    roads_search_run(&search, &a, wanted, roads_spot_want(&b, wanted));
    weight = roads_search_weight(&search, &a, &b);
    totals->seconds = roads_weight_s(weight);
    totals->metres = roads_weight_m(weight);
    status = roads_path_write(ctx, &search, from, to, &line);
    *n_points = line.n;
    if (!status && line.n > capacity)
        status = base_fail(ctx, GB_ERR_BUFFER,
                           "the path has %zu points, there is room for %zu",
                           line.n, capacity);
    roads_search_clear(&search, ctx->mem);
    base_free(ctx->mem, wanted);
    return status;
}
