/*
 * plan_workload.c - see plan_workload.h.
 */
#include "plan_workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "geo_index.h"
#include "plan_tour.h"
#include "plan_travel.h"

/* Pairs of spots whose way by road tells the pace about a branch. */
enum { PAIRS_A_BRANCH = 48, FEWEST_PAIRS = 8 };
/* Nearer ones are at one door. */
static const double NEAREST_PAIR_M = 30;
static const double SPOT_SNAP_M = 500;

/* ---- spots ---- */

static int by_cell_and_place(const void *a, const void *b)
{
    const plan_spot *p = a, *q = b;
    int order;

    if (p->cell != q->cell)
        return p->cell < q->cell ? -1 : 1;
    if (p->place != q->place)
        return p->place < q->place ? -1 : 1;
    order = p->place == STORE_NONE ? geo_point_compare(p->at, q->at) : 0;
    return order ? order : (p->target > q->target) - (p->target < q->target);
}

static bool is_one_spot(const plan_spot *a, const plan_spot *b)
{
    return a->cell == b->cell && a->place == b->place
           && (a->place != STORE_NONE || geo_point_equal(a->at, b->at));
}

static size_t take_targets(const plan_data *data, plan_spot *spots)
{
    size_t n = 0;

    for (uint32_t t = 0; t < data->targets.n; t++) {
        const store_target *target = &data->targets.items[t];

        if (plan_is_field_target(target) && target->cell != STORE_NONE)
            spots[n++] = (plan_spot){ target->cell, target->place,
                                      target->branch, data->target_at[t], t,
                                      plan_service_s(data, t), 0 };
    }
    return n;
}

/* Targets at one place become one spot, with the access to it. */
static size_t join_spots(const plan_data *data, plan_spot *spots, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && is_one_spot(&spots[kept - 1], &spots[i])) {
            spots[kept - 1].stay_s += spots[i].stay_s;
            continue;
        }
        spots[kept] = spots[i];
        if (spots[kept].place != STORE_NONE)
            spots[kept].stay_s
                += data->places.items[spots[kept].place].access_s;
        kept++;
    }
    return kept;
}

/* ---- the pace about a branch ---- */

typedef struct pace_sample {
    BASE_ARRAY(gb_lonlat) at; /* pairs: from, to */
    BASE_ARRAY(double) straight_m;
} pace_sample;

/* The nearest other spot that is not at the same door. */
static bool partner_of(const geo_index *index, gb_point at, geo_index_hit *hit)
{
    geo_index_hit hits[6];
    const size_t n = geo_index_nearest(index, at, 6, 5000, NULL, NULL, hits);

    for (size_t i = 0; i < n; i++)
        if (hits[i].distance_m >= NEAREST_PAIR_M) {
            *hit = hits[i];
            return true;
        }
    return false;
}

/* Spots of a branch at even steps of their order, each with its partner. */
static gb_status choose_pairs(const plan_data *data, const plan_work *work,
                              const geo_index *index, uint32_t branch,
                              pace_sample *sample)
{
    size_t n_own = 0, seen = 0, taken = 0;

    for (size_t i = 0; i < work->n_spots; i++)
        n_own += work->spots[i].branch == branch;
    for (size_t i = 0; i < work->n_spots && taken < PAIRS_A_BRANCH; i++) {
        const plan_spot *spot = &work->spots[i];
        geo_index_hit hit;

        if (spot->branch != branch)
            continue;
        if (seen++ * PAIRS_A_BRANCH < taken * n_own
            || !partner_of(index, spot->at, &hit))
            continue;
        taken++;
        if (!base_array_push(data->run->mem, &sample->at,
                             data->targets.items[spot->target].at)
            || !base_array_push(
                data->run->mem, &sample->at,
                data->targets.items[work->spots[hit.item].target].at)
            || !base_array_push(data->run->mem, &sample->straight_m,
                                hit.distance_m))
            return base_fail_nomem(data->run->ctx);
    }
    return GB_OK;
}

/* The road's seconds for a straight metre; 0: too few pairs tell. */
static gb_status measure_pace(plan_data *data, gb_mode mode,
                              const pace_sample *sample,
                              gb_roads_place *places, double *pace)
{
    const gb_snap_options snap = { sizeof snap, SPOT_SNAP_M, 0 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    double straight_m = 0, way_s = 0;
    size_t n = 0;
    gb_status status = plan_take(
        data, gb_roads_snap(&data->quiet, data->roads, mode, sample->at.items,
                            sample->at.n, &snap, places));

    query.mode = (int32_t)mode;
    query.n_from = query.n_to = 1;
    for (size_t i = 0; i < sample->straight_m.n && !status; i++) {
        int32_t seconds = GB_ROADS_UNREACHABLE;

        if (places[2 * i].status != GB_SNAP_OK
            || places[2 * i + 1].status != GB_SNAP_OK)
            continue;
        query.from = &places[2 * i];
        query.to = &places[2 * i + 1];
        status = plan_take(data, gb_roads_table(&data->quiet, data->roads,
                                                &query, &seconds, NULL));
        if (seconds == GB_ROADS_UNREACHABLE)
            continue;
        straight_m += sample->straight_m.items[i];
        way_s += seconds;
        n++;
    }
    *pace = n < FEWEST_PAIRS ? 0 : way_s / straight_m;
    return status;
}

/* Where a branch has too few pairs: the mean of those that have enough. */
static void fill_gaps(plan_work *work, size_t n_branches)
{
    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        double sum = 0;
        size_t n = 0;

        for (size_t b = 0; b < n_branches; b++)
            if (work->pace[b * GB_MODE_COUNT + mode] > 0) {
                sum += work->pace[b * GB_MODE_COUNT + mode];
                n++;
            }
        for (size_t b = 0; b < n_branches; b++)
            if (!(work->pace[b * GB_MODE_COUNT + mode] > 0))
                work->pace[b * GB_MODE_COUNT + mode]
                    = n > 0 ? sum / (double)n
                            : PLAN_DETOUR / PLAN_GUESSED_M_PER_S[mode];
    }
}

static gb_status find_paces(plan_data *data, plan_work *work)
{
    base_mem *mem = data->run->mem;
    const size_t n_branches = data->branches.n;
    gb_point *at = base_alloc_array(mem, work->n_spots, sizeof *at);
    gb_roads_place *places
        = base_alloc_array(mem, 2 * PAIRS_A_BRANCH, sizeof *places);
    pace_sample sample = { 0 };
    geo_index *index = NULL;
    gb_status status
        = at && places ? GB_OK : base_fail_nomem(data->run->ctx);

    for (size_t i = 0; i < work->n_spots && !status; i++)
        at[i] = work->spots[i].at;
    if (!status)
        status = geo_index_build_points(data->run->ctx, at, work->n_spots,
                                        &index);
    for (uint32_t b = 0; b < n_branches && data->roads && !status; b++) {
        sample.at.n = sample.straight_m.n = 0;
        status = choose_pairs(data, work, index, b, &sample);
        for (int mode = 0; mode < GB_MODE_COUNT && !status; mode++)
            status = measure_pace(data, (gb_mode)mode, &sample, places,
                                  &work->pace[b * GB_MODE_COUNT + mode]);
        if (!status)
            status = base_poll(data->run);
    }
    fill_gaps(work, n_branches);
    geo_index_free(index);
    base_array_clear(mem, &sample.at);
    base_array_clear(mem, &sample.straight_m);
    base_free(mem, places);
    base_free(mem, at);
    return status;
}

/* ---- the whole ---- */

/* Each spot's share of the way, then the sums of the cells. */
static gb_status sum_up(plan_data *data, plan_work *work)
{
    const size_t n = work->n_spots;
    gb_point *at = base_alloc_array(data->run->mem, n, sizeof *at);
    double *share_m = base_alloc_array(data->run->mem, n, sizeof *share_m);
    gb_status status
        = at && share_m ? GB_OK : base_fail_nomem(data->run->ctx);

    for (size_t i = 0; i < n && !status; i++)
        at[i] = work->spots[i].at;
    if (!status)
        status = plan_tour_shares(data->run, at, n, share_m);
    for (size_t i = 0; i < n && !status; i++) {
        plan_spot *spot = &work->spots[i];

        spot->share_m = share_m[i];
        work->stay_s[spot->cell] += spot->stay_s;
        work->n_stops[spot->cell] += 1;
        work->tour_m[spot->cell] += share_m[i];
    }
    base_free(data->run->mem, at);
    base_free(data->run->mem, share_m);
    return status;
}

gb_status plan_work_find(plan_data *data, plan_work *out)
{
    base_mem *mem = data->run->mem;
    gb_status status;

    memset(out, 0, sizeof *out);
    out->mem = mem;
    out->spots
        = base_alloc_array(mem, data->targets.n, sizeof *out->spots);
    out->stay_s
        = base_alloc_zeroed(mem, data->cells.n, sizeof *out->stay_s);
    out->tour_m
        = base_alloc_zeroed(mem, data->cells.n, sizeof *out->tour_m);
    out->n_stops
        = base_alloc_zeroed(mem, data->cells.n, sizeof *out->n_stops);
    out->pace = base_alloc_zeroed(mem, data->branches.n * GB_MODE_COUNT,
                                  sizeof *out->pace);
    if (!out->spots || !out->stay_s || !out->tour_m || !out->n_stops
        || !out->pace)
        return base_fail_nomem(data->run->ctx);
    out->n_spots = take_targets(data, out->spots);
    if (out->n_spots > 0)
        qsort(out->spots, out->n_spots, sizeof *out->spots,
              by_cell_and_place);
    out->n_spots = join_spots(data, out->spots, out->n_spots);
    status = sum_up(data, out);
    return status ? status : find_paces(data, out);
}

void plan_work_clear(plan_work *work)
{
    if (!work->mem)
        return;
    base_free(work->mem, work->spots);
    base_free(work->mem, work->stay_s);
    base_free(work->mem, work->tour_m);
    base_free(work->mem, work->n_stops);
    base_free(work->mem, work->pace);
    memset(work, 0, sizeof *work);
}

double plan_work_s(const plan_work *work, uint32_t branch, const plan_mix *mix,
                   uint32_t cell, double there_s)
{
    double pace = 0;

    for (int mode = 0; mode < GB_MODE_COUNT; mode++)
        pace += mix->of_mode[mode]
                * work->pace[branch * GB_MODE_COUNT + mode];
    return floor(plan_tour_work_s(work->stay_s[cell], work->n_stops[cell],
                                  work->tour_m[cell] * pace, there_s,
                                  mix->day_s)
                 + 0.5);
}
