/*
 * report_map_data.c - the JSON behind a map page; page/map.js reads it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo_faces.h"
#include "geo_point.h"
#include "geo_shape.h"
#include "report_map_work.h"
#include "store_territory_figures.h"

enum { PERMILLE = 1000 };

/* What is drawn reaches this far beyond the territories. */
static const double MARGIN_DEG = 0.01;

bool report_map_in_box(const map_work *w, gb_lonlat p)
{
    return p.lon_deg >= w->sw.lon_deg && p.lon_deg <= w->ne.lon_deg
           && p.lat_deg >= w->sw.lat_deg && p.lat_deg <= w->ne.lat_deg;
}

void report_map_key(base_text *json, const char *key)
{
    base_text_format(json, ",\"%s\":", key);
}

/* ---- load ---- */

static void grow_box(map_work *w, gb_lonlat p)
{
    w->sw.lon_deg = fmin(w->sw.lon_deg, p.lon_deg - MARGIN_DEG);
    w->sw.lat_deg = fmin(w->sw.lat_deg, p.lat_deg - MARGIN_DEG);
    w->ne.lon_deg = fmax(w->ne.lon_deg, p.lon_deg + MARGIN_DEG);
    w->ne.lat_deg = fmax(w->ne.lat_deg, p.lat_deg + MARGIN_DEG);
}

/* A territory is the branch's when its owner works there. */
static gb_status find_ours(map_work *w)
{
    const gb_lonlat at = w->data->branches.items[w->data->branch].at;
    const gb_shapes *shapes = &w->cells.shapes;

    w->is_ours = base_alloc_zeroed(w->data->run->mem, w->territories.n,
                                   sizeof *w->is_ours);
    w->customers = base_alloc_zeroed(w->data->run->mem, w->territories.n,
                                     sizeof *w->customers);
    if (!w->is_ours || !w->customers)
        return base_fail_nomem(w->data->run->ctx);
    for (size_t t = 0; t < w->territories.n; t++)
        w->is_ours[t] = w->territories.items[t].branch == w->data->branch;
    w->sw = w->ne = at;
    grow_box(w, at);
    for (size_t c = 0; c < w->territories.n_cells; c++) {
        const uint32_t t = w->territories.of_cell[c];

        if (t == STORE_NONE || !w->is_ours[t])
            continue;
        for (uint32_t p
             = shapes->ring_first_point[shapes->shape_first_ring[c]];
             p < shapes->ring_first_point[shapes->shape_first_ring[c + 1]];
             p++)
            grow_box(w, w->degrees[p]);
    }
    w->pen.origin_x = llround(at.lon_deg * 1e6);
    w->pen.origin_y = llround(at.lat_deg * 1e6);
    return GB_OK;
}

static gb_status open_crs(map_work *w)
{
    gb_context quiet;
    gb_status status;

    base_context_fork(&quiet, w->data->run->ctx);
    status = gb_crs_open(&quiet, gb_workspace_epsg(w->data->ws), &w->crs);
    if (status)
        base_context_adopt(w->data->run->ctx, &quiet);
    base_context_join(&quiet);
    return status;
}

/* The version asked for and its cells; the one it is held against. */
static gb_status load_ground(map_work *w)
{
    report_data *data = w->data;
    int64_t version = 0, set = 0;
    gb_status status = GB_OK;

    if (data->after)
        status = store_version_find(data->ws, data->after, &version);
    if (!status && data->before)
        status = store_version_find(data->ws, data->before, &w->before);
    if (!status && version)
        status = store_load_set_of(data->ws, version, &set);
    if (!status)
        status = set ? store_load_cells_of(data->ws, set, &w->cells)
                     : store_load_cells(data->ws, &w->cells);
    if (!status)
        status = store_load_territories(data->ws, &data->branches,
                                        &data->managers, &w->cells, version,
                                        data->on, &w->territories);
    return status;
}

gb_status report_map_load(map_work *w)
{
    report_data *data = w->data;
    gb_status status = open_crs(w);

    if (!status)
        status = load_ground(w);
    if (!status)
        status = store_load_places(data->ws, &w->places);
    if (!status)
        status = report_unproject(data->run->ctx, w->crs,
                                  w->cells.shapes.points,
                                  w->cells.shapes.n_points, &w->degrees);
    return status ? status : find_ours(w);
}

void report_map_clear(map_work *w)
{
    base_free(w->data->run->mem, w->degrees);
    base_free(w->data->run->mem, w->is_ours);
    base_free(w->data->run->mem, w->customers);
    store_places_clear(&w->places);
    store_territories_clear(&w->territories);
    store_cells_clear(&w->cells);
    gb_crs_free(w->crs);
}

/* ---- pieces ---- */

static void add_head(map_work *w)
{
    const store_branch *b = &w->data->branches.items[w->data->branch];
    char day[16];

    base_text_format(w->json, "{\"v\":1,\"lang\":\"%s\",\"date\":\"%s\"",
                     base_lang_name(w->data->run->ctx->lang),
                     store_day_text(day, w->data->on));
    base_text_format(w->json, ",\"version\":%lld,\"state\":%d",
                     (long long)w->territories.version,
                     (int)w->territories.status);
    base_text_format(w->json, ",\"origin\":[%lld,%lld],\"branch\":{\"ref\":",
                     (long long)w->pen.origin_x, (long long)w->pen.origin_y);
    base_text_json(w->json, b->ref);
    base_text_add(w->json, ",\"name\":");
    base_text_json(w->json, b->name && b->name[0] ? b->name : b->ref);
    report_map_key(w->json, "at");
    report_add_point(w->json, &w->pen, b->at);
    base_text_add(w->json, "}");
}

static gb_status add_lines(map_work *w, const gb_roads *roads)
{
    static const char *const names[GB_LINE_CLASS_COUNT]
        = { "arterial", "secondary", "local", "rail", "river", "border" };
    gb_roads_line_set set = { 0 };
    gb_status status = GB_OK;

    report_map_key(w->json, "lines");
    base_text_add(w->json, "{");
    if (roads) {
        gb_context quiet;

        base_context_fork(&quiet, w->data->run->ctx);
        status = gb_roads_lines(&quiet, roads, &set);
        if (status)
            base_context_adopt(w->data->run->ctx, &quiet);
        base_context_join(&quiet);
    }
    for (uint8_t class = 0; class < GB_LINE_CLASS_COUNT && !status; class ++) {
        const char *comma = "";

        base_text_format(w->json, "%s\"%s\":[", class ? "," : "",
                         names[class]);
        for (size_t l = 0; l < set.n_lines; l++) {
            const gb_lonlat *points = set.points + set.first_point[l];
            const size_t n = set.first_point[l + 1] - set.first_point[l];

            if (set.classes[l] != class
                || (!report_map_in_box(w, points[0]) && !report_map_in_box(w, points[n - 1])))
                continue;
            base_text_add(w->json, comma);
            report_add_points(w->json, &w->pen, points, n);
            comma = ",";
        }
        base_text_add(w->json, "]");
    }
    base_text_add(w->json, "}");
    return status;
}

/* Sums of cells by id, for a look-up in the order of the cells. */
static int by_id(const void *a, const void *b)
{
    const store_sum *p = a, *q = b;

    return (p->id > q->id) - (p->id < q->id);
}

static void add_text(base_text *json, const char *key, const char *value)
{
    report_map_key(json, key);
    base_text_json(json, value);
}

static gb_status add_cells(map_work *w)
{
    const store_scope crew
        = { STORE_SCOPE_CREW, w->data->branches.items[w->data->branch].id };
    const char *comma = "";
    report_map_spots spots;
    store_sums sums;
    gb_status status = report_map_load_spots(w, &spots);

    memset(&sums, 0, sizeof sums);
    if (!status)
        status = store_query_cells(w->data->ws, crew, w->data->plan.as_of,
                                   &sums);
    if (!status && sums.n > 0)
        qsort(sums.items, sums.n, sizeof *sums.items, by_id);
    report_map_key(w->json, "cells");
    base_text_add(w->json, "[");
    for (size_t c = 0; c < w->cells.n && !status; c++) {
        const uint32_t t = w->territories.of_cell[c];
        const store_sum key = { .id = w->cells.ids[c] };
        const store_sum *sum
            = sums.n ? bsearch(&key, sums.items, sums.n, sizeof key, by_id)
                     : NULL;

        if (t == STORE_NONE || !w->is_ours[t])
            continue;
        w->customers[t] += sum ? sum->customers : 0;
        base_text_format(w->json, "%s{\"ref\":", comma);
        base_text_json(w->json, w->cells.refs[c]);
        add_text(w->json, "grid", w->territories.items[t].ref);
        base_text_format(w->json,
                         ",\"potential\":%lld,\"customers\":%lld,"
                         "\"targets\":%lld",
                         (long long)(sum ? sum->value : 0),
                         (long long)(sum ? sum->customers : 0),
                         (long long)(sum ? sum->targets : 0));
        report_map_add_spots(w->json, &spots, c);
        report_map_key(w->json, "p");
        report_add_shape(w->json, &w->pen, &w->cells.shapes, w->degrees, c);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
    report_map_clear_spots(&spots);
    store_sums_clear(&sums);
    return status;
}

int64_t report_map_count_targets(const map_work *w, uint32_t territory)
{
    const int64_t id = w->territories.items[territory].id;
    int64_t n = 0;

    for (size_t t = 0; t < w->data->plan.n_targets; t++)
        n += w->data->plan.targets[t].territory_id == id;
    return n;
}

/* Thousandths by which a territory's work is off what it should have; versions
 * of an older schema do not know that. */
static void add_deviation(base_text *json, const store_territory *g)
{
    base_text_add(json, ",\"deviation_permille\":");
    if (g->fair > 0)
        base_text_format(json, "%lld",
                         llround((g->activity / g->fair - 1) * PERMILLE));
    else
        base_text_add(json, "null");
}

static int64_t compactness(const gb_shapes *outlines, uint32_t t)
{
    const store_figure shape
        = { .area_m2 = geo_shape_area_m2(outlines, t),
            .perimeter_m = geo_shape_perimeter_m(outlines, t) };

    return llround(store_figure_compactness(&shape) * PERMILLE);
}

static void add_territory(map_work *w, uint32_t t, const gb_shapes *outlines,
                          const gb_lonlat *degrees, gb_lonlat label)
{
    const store_territory *g = &w->territories.items[t];

    base_text_add(w->json, "{\"ref\":");
    base_text_json(w->json, g->ref);
    base_text_add(w->json, ",\"manager\":");
    base_text_json(w->json, g->owner == STORE_NONE
                                ? ""
                                : w->data->managers.items[g->owner].ref);
    base_text_format(w->json,
                     ",\"colour\":%d,\"customers\":%lld,\"targets\":%lld,"
                     "\"workload_s\":%lld,\"area_m2\":%lld,"
                     "\"compact_permille\":%lld",
                     g->colour, (long long)w->customers[t],
                     (long long)report_map_count_targets(w, t),
                     (long long)g->activity,
                     llround(geo_shape_area_m2(outlines, t)),
                     (long long)compactness(outlines, t));
    add_deviation(w->json, g);
    base_text_add(w->json, ",\"label\":");
    report_add_point(w->json, &w->pen, label);
    base_text_add(w->json, ",\"p\":");
    report_add_shape(w->json, &w->pen, outlines, degrees, t);
    base_text_add(w->json, "}");
}

gb_status report_map_outlines(map_work *w, geo_shapes *outlines,
                              gb_lonlat **degrees)
{
    gb_context *ctx = w->data->run->ctx;
    geo_edges edges = { .mem = ctx->mem };
    gb_shapes view;
    gb_status status = geo_edges_build(ctx, &w->cells.shapes, &edges);

    if (!status)
        status = geo_dissolve(ctx, &edges, w->territories.of_cell,
                              w->territories.n, outlines);
    view = geo_shapes_view(outlines);
    if (!status)
        status = report_unproject(ctx, w->crs, view.points, view.n_points,
                                  degrees);
    geo_edges_clear(&edges);
    return status;
}

static gb_status add_territories(map_work *w)
{
    gb_context *ctx = w->data->run->ctx;
    geo_shapes outlines;
    gb_shapes view;
    gb_lonlat *degrees = NULL;
    const char *comma = "";
    gb_status status;

    geo_shapes_init(&outlines, ctx->mem);
    status = report_map_outlines(w, &outlines, &degrees);
    view = geo_shapes_view(&outlines);
    report_map_key(w->json, "territories");
    base_text_add(w->json, "[");
    for (uint32_t t = 0; t < w->territories.n && !status; t++) {
        gb_point inside;
        gb_lonlat *label = NULL;

        if (!w->is_ours[t]
            || view.shape_first_ring[t] == view.shape_first_ring[t + 1])
            continue;
        status = geo_shape_point_inside(ctx, &view, t, &inside);
        if (!status)
            status = report_unproject(ctx, w->crs, &inside, 1, &label);
        if (!status) {
            base_text_add(w->json, comma);
            add_territory(w, t, &view, degrees, *label);
            comma = ",";
        }
        base_free(ctx->mem, label);
    }
    base_text_add(w->json, "]");
    base_free(ctx->mem, degrees);
    geo_shapes_clear(&outlines);
    return status;
}

gb_status report_map_data(report_data *data, const gb_roads *roads,
                          base_text *json)
{
    map_work w = { .data = data, .json = json, .scope = data->scope };
    gb_status status = report_map_load(&w);

    if (!status) {
        add_head(&w);
        status = add_lines(&w, roads);
    }
    if (!status)
        status = add_cells(&w);
    if (!status)
        status = add_territories(&w);
    if (!status)
        status = report_map_diff(&w);
    if (!status)
        status = report_map_density(&w);
    if (!status)
        status = report_map_clusters(&w);
    if (!status)
        status = report_map_people(&w);
    if (!status) {
        report_map_day(&w);
        base_text_add(json, "}");
    }
    if (!status && json->is_short)
        status = base_fail_nomem(data->run->ctx);
    report_map_clear(&w);
    return status;
}
