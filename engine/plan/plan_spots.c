/*
 * plan_spots.c - see plan_spots.h.
 */
#include "plan_spots.h"

#include <math.h>

#include <gridbeat/spots.h>

#include "base_check.h"
#include "geo_codec.h"
#include "geo_overlay.h"
#include "store_spots.h"

enum { LEAST_CELLS = 3 }; /* that gb_spots() takes */

/* An outline goes as far as in call_clusters.c: see data/SPOTS.md. */
static const double HULL_RATIO = 0.3;
static const double MARGIN = 0.25; /* in radii */

static const struct stat {
    int32_t stat;
    const char *name;
} stats[] = { { GB_SPOT_GISTAR, "gistar" }, { GB_SPOT_MORAN, "moran" } };

/* ---- cells ---- */

typedef struct cells_work {
    plan_data *data;
    double *targets, *points, *shares, *customers; /* by cell */
    gb_spot *spots;
    store_spot *rows;
    json_t *counts;
} cells_work;

static gb_status begin_cells(cells_work *w)
{
    base_run *run = w->data->run;
    const size_t n = w->data->cells.n;

    w->targets = base_alloc_zeroed(run->mem, n, sizeof *w->targets);
    w->points = base_alloc_zeroed(run->mem, n, sizeof *w->points);
    w->shares = base_alloc_zeroed(run->mem, n, sizeof *w->shares);
    w->customers = base_alloc_zeroed(run->mem, n, sizeof *w->customers);
    w->spots = base_alloc_array(run->mem, n, sizeof *w->spots);
    w->rows = base_alloc_array(run->mem, n, sizeof *w->rows);
    w->counts = json_object();
    return w->targets && w->points && w->shares && w->customers && w->spots
                   && w->rows && w->counts
               ? GB_OK
               : base_fail_nomem(run->ctx);
}

static void end_cells(cells_work *w)
{
    base_mem *mem = w->data->run->mem;

    base_free(mem, w->targets);
    base_free(mem, w->points);
    base_free(mem, w->shares);
    base_free(mem, w->customers);
    base_free(mem, w->spots);
    base_free(mem, w->rows);
    json_decref(w->counts);
}

/* Only those whose place is known as well as for the density. */
static gb_status fill_cells(cells_work *w)
{
    plan_data *data = w->data;
    gb_status status = store_count_by_cell(data->ws, w->customers,
                                           data->cells.n);

    for (size_t t = 0; t < data->targets.n && !status; t++) {
        const store_target *target = &data->targets.items[t];

        if (target->cell == STORE_NONE || !plan_is_located(target))
            continue;
        w->targets[target->cell]++;
        w->points[target->cell] += (double)target->score;
    }
    /* Customers move and targets stay: no share is above 1. */
    for (size_t c = 0; c < data->cells.n && !status; c++)
        w->customers[c] = fmax(w->customers[c], w->targets[c]);
    return status ? status
                  : plan_take(data, gb_spots_rates(&data->quiet, w->targets,
                                                   w->customers,
                                                   data->cells.n, w->shares));
}

static gb_status count_classes(cells_work *w, const store_spots *layer)
{
    json_int_t counts[STORE_N_SPOT_CLASSES] = { 0 };
    json_t *of_name = json_object_get(w->counts, layer->name);
    json_t *row = json_object();

    if (!of_name) {
        of_name = json_object();
        json_object_set_new(w->counts, layer->name, of_name);
    }
    for (size_t c = 0; c < layer->n; c++)
        counts[layer->items[c].spot_class]++;
    for (size_t k = 1; k + 1 < STORE_N_SPOT_CLASSES; k++)
        if (counts[k] > 0)
            json_object_set_new(row, store_spot_classes[k],
                                json_integer(counts[k]));
    return row && json_object_set_new(of_name, layer->stat, row) == 0
               ? GB_OK
               : base_fail_nomem(w->data->run->ctx);
}

static gb_status judge(cells_work *w, const char *name, const double *values,
                       const struct stat *stat)
{
    plan_data *data = w->data;
    const store_cells *cells = &data->cells;
    const gb_neighbours near
        = { .size = sizeof near, .n_areas = cells->n,
            .first = cells->first_neighbour, .areas = cells->neighbour };
    const gb_spots_options options
        = { .size = sizeof options, .stat = stat->stat, .is_fdr = 1,
            .level = data->settings->given.spot_level };
    const store_spots layer
        = { .name = name, .stat = stat->name, .on = data->settings->on,
            .level = options.level, .items = w->rows, .n = cells->n };
    gb_status status = plan_take(data, gb_spots(&data->quiet, values, &near,
                                                &options, w->spots));

    for (size_t c = 0; c < cells->n && !status; c++) {
        const gb_spot *s = &w->spots[c];

        w->rows[c] = (store_spot){ values[c], s->z, s->p, s->p_fdr,
                                   s->spot_class };
    }
    if (!status)
        status = store_save_spots(data->ws, &layer);
    return status ? status : count_classes(w, &layer);
}

/* A share is of use where enough cells have somebody in them. */
static bool is_enough(const double *values, size_t n)
{
    size_t n_known = 0;

    for (size_t c = 0; c < n; c++)
        n_known += !isnan(values[c]);
    return n_known >= LEAST_CELLS;
}

static gb_status judge_all(cells_work *w)
{
    const struct {
        const char *name;
        const double *values;
    } measures[] = { { "dormant", w->targets },
                     { "value", w->points },
                     { "share", w->shares } };
    gb_status status = GB_OK;

    for (size_t m = 0; m < COUNT_OF(measures); m++)
        for (size_t s = 0; s < COUNT_OF(stats) && !status; s++)
            if (is_enough(measures[m].values, w->data->cells.n))
                status = judge(w, measures[m].name, measures[m].values,
                               &stats[s]);
    return status;
}

static gb_status find_spots(plan_data *data, json_t **result)
{
    cells_work w = { .data = data };
    gb_status status = begin_cells(&w);

    if (!status)
        status = fill_cells(&w);
    if (!status)
        status = judge_all(&w);
    if (!status)
        *result = json_incref(w.counts);
    end_cells(&w);
    return status;
}

/* ---- clusters ---- */

typedef struct heaps {
    plan_data *data;
    gb_point *points, *members; /* members: by cluster */
    int64_t *ids;               /* rows of the targets */
    uint32_t *number, *first;   /* first: n_heaps + 1, of members */
    double *area_m2;
    size_t n;
    uint32_t n_heaps;
    geo_shapes metres, degrees;
} heaps;

static gb_status take_points(heaps *h)
{
    plan_data *data = h->data;
    const size_t n = data->targets.n;
    base_mem *mem = data->run->mem;

    h->points = base_alloc_array(mem, n, sizeof *h->points);
    h->members = base_alloc_array(mem, n, sizeof *h->members);
    h->ids = base_alloc_array(mem, n, sizeof *h->ids);
    h->number = base_alloc_array(mem, n, sizeof *h->number);
    if (!h->points || !h->members || !h->ids || !h->number)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < n; t++)
        if (plan_is_located(&data->targets.items[t])) {
            h->ids[h->n] = data->targets.items[t].target_id;
            h->points[h->n++] = data->target_at[t];
        }
    return GB_OK;
}

/* The points of each cluster beside each other. */
static gb_status part(heaps *h)
{
    base_mem *mem = h->data->run->mem;

    h->first = base_alloc_zeroed(mem, (size_t)h->n_heaps + 2,
                                 sizeof *h->first);
    h->area_m2 = base_alloc_array(mem, h->n_heaps, sizeof *h->area_m2);
    if (!h->first || !h->area_m2)
        return base_fail_nomem(h->data->run->ctx);
    for (size_t i = 0; i < h->n; i++)
        if (h->number[i])
            h->first[h->number[i] + 1]++;
    for (uint32_t k = 0; k < h->n_heaps; k++)
        h->first[k + 2] += h->first[k + 1];
    for (size_t i = 0; i < h->n; i++)
        if (h->number[i])
            h->members[h->first[h->number[i]]++] = h->points[i];
    return GB_OK;
}

static gb_status draw(heaps *h)
{
    plan_data *data = h->data;
    gb_shapes view;
    gb_status status = GB_OK;

    for (uint32_t k = 0; k < h->n_heaps && !status; k++)
        status = geo_outline(
            data->run->ctx, h->members + h->first[k],
            h->first[k + 1] - h->first[k], HULL_RATIO,
            MARGIN * data->settings->given.cluster_radius_m, &h->metres);
    view = geo_shapes_view(&h->metres);
    for (uint32_t k = 0; k < h->n_heaps && !status; k++)
        h->area_m2[k] = geo_shape_area_m2(&view, k);
    return status ? status
                  : geo_shapes_unproject(data->run->ctx, data->crs, &view,
                                         &h->degrees);
}

static gb_status save_clusters(heaps *h)
{
    const gb_plan_options *given = &h->data->settings->given;
    const store_clusters_in in = {
        .on = h->data->settings->on, .radius_m = given->cluster_radius_m,
        .min_points = given->cluster_min_points, .n = h->n_heaps,
        .area_m2 = h->area_m2, .outlines = geo_shapes_view(&h->degrees),
        .n_targets = h->n, .targets = h->ids, .number = h->number
    };

    return store_save_clusters(h->data->ws, &in);
}

static gb_status cluster(heaps *h)
{
    plan_data *data = h->data;
    const gb_plan_options *given = &data->settings->given;
    const gb_clusters_options options
        = { .size = sizeof options, .radius_m = given->cluster_radius_m,
            .min_points = given->cluster_min_points };
    gb_status status = take_points(h);

    if (!status)
        status = plan_take(data, gb_clusters(&data->quiet, h->points, h->n,
                                             &options, h->number, NULL,
                                             &h->n_heaps));
    if (!status)
        status = part(h);
    if (!status)
        status = draw(h);
    return status ? status : save_clusters(h);
}

static gb_status find_clusters(plan_data *data, json_t **result)
{
    heaps h = { .data = data };
    base_mem *mem = data->run->mem;
    gb_status status;

    geo_shapes_init(&h.metres, mem);
    geo_shapes_init(&h.degrees, mem);
    status = cluster(&h);
    if (!status) {
        size_t n_inside = h.first[h.n_heaps];

        status = plan_json(
            data->run,
            json_pack("{s:I, s:I, s:I, s:f, s:I}", "clusters",
                      (json_int_t)h.n_heaps, "inside", (json_int_t)n_inside,
                      "targets", (json_int_t)h.n, "radius_m",
                      data->settings->given.cluster_radius_m, "min_points",
                      (json_int_t)data->settings->given.cluster_min_points),
            result);
    }
    base_free(mem, h.points);
    base_free(mem, h.members);
    base_free(mem, h.ids);
    base_free(mem, h.number);
    base_free(mem, h.first);
    base_free(mem, h.area_m2);
    geo_shapes_clear(&h.metres);
    geo_shapes_clear(&h.degrees);
    return status;
}

gb_status plan_spots(plan_data *data, json_t **result)
{
    json_t *cells = NULL, *clusters = NULL;
    gb_status status = GB_OK;

    *result = NULL;
    if (data->targets.n == 0)
        return plan_json(data->run, json_null(), result);
    if (data->cells.n >= LEAST_CELLS)
        status = find_spots(data, &cells);
    else
        cells = json_object();
    if (!status)
        status = find_clusters(data, &clusters);
    if (!status)
        status = plan_json(data->run,
                           json_pack("{s:f, s:O, s:O}", "level",
                                     data->settings->given.spot_level,
                                     "cells", cells, "clusters", clusters),
                           result);
    json_decref(cells);
    json_decref(clusters);
    return status;
}
