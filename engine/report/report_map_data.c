/*
 * report_map_data.c - the JSON behind a map page; page/map.js reads it.
 */
#include "report_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "geo_faces.h"
#include "geo_point.h"
#include "geo_shape.h"
#include "report_geometry.h"
#include "report_reason.h"

enum { MATURING_DAYS = 30, HOUR_S = 3600, PERMILLE = 1000 };

/* What is drawn reaches this far beyond the territories. */
static const double MARGIN_DEG = 0.01;

typedef struct map_work {
    report_data *data;
    base_text *json;
    report_pen pen;
    gb_crs *crs;
    gb_lonlat *degrees; /* of cells.shapes.points */
    store_cells cells;
    store_territories territories;
    store_targets targets;
    store_places places;
    bool *is_ours;      /* of territories */
    gb_lonlat sw, ne;   /* of our territories, with a margin */
} map_work;

static bool in_box(const map_work *w, gb_lonlat p)
{
    return p.lon_deg >= w->sw.lon_deg && p.lon_deg <= w->ne.lon_deg
           && p.lat_deg >= w->sw.lat_deg && p.lat_deg <= w->ne.lat_deg;
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
    if (!w->is_ours)
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

static gb_status load(map_work *w)
{
    report_data *data = w->data;
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    gb_status status = open_crs(w);

    if (!status)
        status = store_load_cells(data->ws, &w->cells);
    if (!status)
        status = store_load_territories(data->ws, &data->branches,
                                        &data->managers, &w->cells, 0,
                                        data->on, &w->territories);
    if (!status)
        status = store_load_places(data->ws, &w->places);
    if (!status)
        status = store_load_targets(data->ws, &data->branches,
                                    &data->managers, &w->places, &w->cells,
                                    all, data->plan.as_of, &w->targets);
    if (!status)
        status = report_unproject(data->run->ctx, w->crs,
                                  w->cells.shapes.points,
                                  w->cells.shapes.n_points, &w->degrees);
    return status ? status : find_ours(w);
}

static void clear(map_work *w)
{
    base_free(w->data->run->mem, w->degrees);
    base_free(w->data->run->mem, w->is_ours);
    store_targets_clear(&w->targets);
    store_places_clear(&w->places);
    store_territories_clear(&w->territories);
    store_cells_clear(&w->cells);
    gb_crs_free(w->crs);
}

/* ---- pieces ---- */

static void add_key(base_text *json, const char *key)
{
    base_text_format(json, ",\"%s\":", key);
}

static void add_head(map_work *w)
{
    const store_branch *b = &w->data->branches.items[w->data->branch];
    char day[16];

    base_text_format(w->json, "{\"v\":1,\"lang\":\"%s\",\"date\":\"%s\"",
                     base_lang_name(w->data->run->ctx->lang),
                     store_day_text(day, w->data->on));
    base_text_format(w->json, ",\"origin\":[%lld,%lld],\"branch\":{\"ref\":",
                     (long long)w->pen.origin_x, (long long)w->pen.origin_y);
    base_text_json(w->json, b->ref);
    base_text_add(w->json, ",\"name\":");
    base_text_json(w->json, b->name && b->name[0] ? b->name : b->ref);
    add_key(w->json, "at");
    report_add_point(w->json, &w->pen, b->at);
    base_text_add(w->json, "}");
}

static gb_status add_lines(map_work *w, const gb_roads *roads)
{
    static const char *const names[GB_LINE_CLASS_COUNT]
        = { "arterial", "secondary", "local", "rail", "river", "border" };
    gb_roads_line_set set = { 0 };
    gb_status status = GB_OK;

    add_key(w->json, "lines");
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
                || (!in_box(w, points[0]) && !in_box(w, points[n - 1])))
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

static gb_status add_cells(map_work *w)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    const char *comma = "";
    store_sums sums;
    gb_status status;

    memset(&sums, 0, sizeof sums);
    status = store_query_cells(w->data->ws, all, w->data->plan.as_of, &sums);
    if (!status && sums.n > 0)
        qsort(sums.items, sums.n, sizeof *sums.items, by_id);
    add_key(w->json, "cells");
    base_text_add(w->json, "[");
    for (size_t c = 0; c < w->cells.n && !status; c++) {
        const uint32_t t = w->territories.of_cell[c];
        const store_sum key = { .id = w->cells.ids[c] };
        const store_sum *sum
            = sums.n ? bsearch(&key, sums.items, sums.n, sizeof key, by_id)
                     : NULL;

        if (t == STORE_NONE || !w->is_ours[t])
            continue;
        base_text_format(w->json, "%s{\"ref\":", comma);
        base_text_json(w->json, w->cells.refs[c]);
        base_text_format(w->json, ",\"potential\":%lld,\"targets\":%lld,\"p\":",
                         (long long)(sum ? sum->value : 0),
                         (long long)(sum ? sum->targets : 0));
        report_add_shape(w->json, &w->pen, &w->cells.shapes, w->degrees, c);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
    store_sums_clear(&sums);
    return status;
}

static int64_t count_targets(const map_work *w, uint32_t territory)
{
    const int64_t id = w->territories.items[territory].id;
    int64_t n = 0;

    for (size_t t = 0; t < w->data->plan.n_targets; t++)
        n += w->data->plan.targets[t].territory_id == id;
    return n;
}

/* Thousandths by which a territory's work is off the mean of our own, each
 * weighed by the hours of its manager. */
static int64_t deviation(const map_work *w, uint32_t territory)
{
    double work = 0, hours = 0, mine = 0;

    for (uint32_t t = 0; t < w->territories.n; t++) {
        const store_territory *g = &w->territories.items[t];
        const store_manager *m = g->owner == STORE_NONE
                                     ? NULL
                                     : &w->data->managers.items[g->owner];
        double shift = 1;

        if (!w->is_ours[t])
            continue;
        if (m)
            shift = m->shift_end_s - m->shift_start_s
                    - (m->break_from_s == STORE_NO_TIME ? 0 : m->break_s);
        work += g->activity;
        hours += shift;
        if (t == territory)
            mine = shift;
    }
    if (!(work > 0) || !(mine > 0))
        return 0;
    return llround((w->territories.items[territory].activity
                        / (work * mine / hours)
                    - 1)
                   * PERMILLE);
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
                     ",\"colour\":%d,\"targets\":%lld,\"workload_s\":%lld,"
                     "\"deviation_permille\":%lld,\"label\":",
                     g->colour, (long long)count_targets(w, t),
                     (long long)g->activity, (long long)deviation(w, t));
    report_add_point(w->json, &w->pen, label);
    base_text_add(w->json, ",\"p\":");
    report_add_shape(w->json, &w->pen, outlines, degrees, t);
    base_text_add(w->json, "}");
}

static gb_status add_territories(map_work *w)
{
    gb_context *ctx = w->data->run->ctx;
    geo_edges edges = { .mem = ctx->mem };
    geo_shapes outlines;
    gb_shapes view = { 0 };
    gb_lonlat *degrees = NULL;
    const char *comma = "";
    gb_status status;

    geo_shapes_init(&outlines, ctx->mem);
    status = geo_edges_build(ctx, &w->cells.shapes, &edges);
    if (!status)
        status = geo_dissolve(ctx, &edges, w->territories.of_cell,
                              w->territories.n, &outlines);
    view = geo_shapes_view(&outlines);
    if (!status)
        status = report_unproject(ctx, w->crs, view.points, view.n_points,
                                  &degrees);
    add_key(w->json, "territories");
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
    geo_edges_clear(&edges);
    geo_shapes_clear(&outlines);
    return status;
}

/* ---- density ---- */

/*
 * The stored raster lies on the plane, the page's picture on degrees: sample
 * the one at the pixels of the other, as levels of 0 to 255 of the highest.
 */
static gb_status sample_density(map_work *w, const store_density *d,
                                gb_lonlat *nodes, gb_point *at, uint32_t n_x,
                                uint32_t n_y)
{
    gb_context quiet;
    double highest = 0;
    gb_status status;

    for (uint32_t y = 0; y < n_y; y++)
        for (uint32_t x = 0; x < n_x; x++)
            nodes[(size_t)y * n_x + x] = (gb_lonlat){
                w->sw.lon_deg
                    + (w->ne.lon_deg - w->sw.lon_deg) * (x + 0.5) / n_x,
                w->sw.lat_deg
                    + (w->ne.lat_deg - w->sw.lat_deg) * (y + 0.5) / n_y
            };
    base_context_fork(&quiet, w->data->run->ctx);
    status = gb_crs_project(&quiet, w->crs, nodes, (size_t)n_x * n_y, at);
    if (status)
        base_context_adopt(w->data->run->ctx, &quiet);
    base_context_join(&quiet);
    if (status)
        return status;
    for (size_t i = 0; i < (size_t)d->n_columns * d->n_rows; i++)
        highest = fmax(highest, d->per_km2[i]);
    base_text_format(w->json, "\"n_x\":%u,\"n_y\":%u,\"max_km2\":", n_x, n_y);
    base_text_real(w->json, highest, 1);
    base_text_add(w->json, ",\"values\":[");
    for (size_t i = 0; i < (size_t)n_x * n_y; i++) {
        const double column = floor((at[i].x_m - d->min_x_m) / d->pixel_m);
        const double row = floor((at[i].y_m - d->min_y_m) / d->pixel_m);
        double value = 0;

        if (column >= 0 && row >= 0 && column < d->n_columns
            && row < d->n_rows)
            value = d->per_km2[(size_t)row * d->n_columns + (size_t)column];
        base_text_format(w->json, i ? ",%d" : "%d",
                         highest > 0 ? (int)lround(value / highest * 255) : 0);
    }
    base_text_add(w->json, "],\"south_west\":");
    report_add_point(w->json, &w->pen, w->sw);
    base_text_add(w->json, ",\"north_east\":");
    report_add_point(w->json, &w->pen, w->ne);
    base_text_add(w->json, ",\"radius_m\":");
    base_text_real(w->json, d->bandwidth_m, 0);
    return GB_OK;
}

static gb_status add_density(map_work *w)
{
    static const double METRES_A_DEGREE = 111320;
    enum { MOST = 400 };
    base_mem *mem = w->data->run->mem;
    const double middle = (w->sw.lat_deg + w->ne.lat_deg) / 2;
    store_density density;
    gb_lonlat *nodes = NULL;
    gb_point *at = NULL;
    uint32_t n_x, n_y;
    gb_status status;

    memset(&density, 0, sizeof density);
    add_key(w->json, "density");
    status = store_load_density(w->data->ws, "dormant", w->data->plan.as_of,
                                &density);
    if (status == GB_ERR_NOT_FOUND) {
        base_text_add(w->json, "null");
        return GB_OK;
    }
    if (status)
        return status;
    n_x = (uint32_t)fmin(MOST, ceil((w->ne.lon_deg - w->sw.lon_deg)
                                    * METRES_A_DEGREE
                                    * cos(middle * 0.017453292519943295)
                                    / density.pixel_m));
    n_y = (uint32_t)fmin(MOST, ceil((w->ne.lat_deg - w->sw.lat_deg)
                                    * METRES_A_DEGREE / density.pixel_m));
    nodes = base_alloc_array(mem, (size_t)n_x * n_y, sizeof *nodes);
    at = base_alloc_array(mem, (size_t)n_x * n_y, sizeof *at);
    base_text_add(w->json, "{");
    status = nodes && at ? sample_density(w, &density, nodes, at, n_x, n_y)
                         : base_fail_nomem(w->data->run->ctx);
    base_text_add(w->json, "}");
    base_free(mem, nodes);
    base_free(mem, at);
    store_density_clear(&density);
    return status;
}

/* ---- customers and targets ---- */

static int by_place(const void *a, const void *b)
{
    const store_customer_point *p = a, *q = b;

    if (p->at.lon_deg < q->at.lon_deg || p->at.lon_deg > q->at.lon_deg)
        return p->at.lon_deg < q->at.lon_deg ? -1 : 1;
    return (p->at.lat_deg > q->at.lat_deg) - (p->at.lat_deg < q->at.lat_deg);
}

/* Customers at one point are one place, with their number. */
static gb_status add_customers(map_work *w)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    store_customer_points points;
    size_t number = 0;
    gb_status status;

    memset(&points, 0, sizeof points);
    status = store_load_customer_points(w->data->ws, &w->data->branches, all,
                                        w->data->plan.as_of, &points);
    if (!status && points.n > 0)
        qsort(points.items, points.n, sizeof *points.items, by_place);
    add_key(w->json, "places");
    base_text_add(w->json, "[");
    for (size_t i = 0; i < points.n && !status;) {
        size_t end = i + 1;

        while (end < points.n
               && by_place(&points.items[i], &points.items[end]) == 0)
            end++;
        if (in_box(w, points.items[i].at)) {
            base_text_format(w->json, "%s{\"ref\":\"#%zu\",\"n\":%zu,\"at\":",
                             number ? "," : "", number + 1, end - i);
            report_add_point(w->json, &w->pen, points.items[i].at);
            base_text_add(w->json, "}");
            number++;
        }
        i = end;
    }
    base_text_add(w->json, "]");
    store_customer_points_clear(&points);
    return status;
}


static void add_reasons(map_work *w, const store_plan_target *target)
{
    base_text en, zh;

    base_text_init(&en, w->data->run->mem);
    base_text_init(&zh, w->data->run->mem);
    report_reason(&en, BASE_LANG_EN, target);
    report_reason(&zh, BASE_LANG_ZH, target);
    if (en.is_short || zh.is_short)
        w->json->is_short = true;
    base_text_add(w->json, ",\"why\":[");
    base_text_json(w->json, en.chars ? en.chars : "");
    base_text_add(w->json, ",");
    base_text_json(w->json, zh.chars ? zh.chars : "");
    base_text_add(w->json, "]");
    base_text_clear(&en);
    base_text_clear(&zh);
}

static void add_target(map_work *w, const store_plan_target *planned,
                       const store_target *target)
{
    const bool matures
        = target && target->next_maturity_on != STORE_NO_DAY
          && target->next_maturity_on - w->data->on <= MATURING_DAYS;

    base_text_add(w->json, "{\"ref\":");
    base_text_json(w->json, planned->ref);
    base_text_format(w->json, ",\"state\":\"%s\",\"score\":%lld",
                     store_plan_state_name(planned->state),
                     (long long)planned->score);
    if (planned->grade && planned->grade[0]) {
        base_text_add(w->json, ",\"grade\":");
        base_text_json(w->json, planned->grade);
    }
    if (matures)
        base_text_add(w->json, ",\"maturing\":1");
    if (planned->state != STORE_PLANNED)
        add_reasons(w, planned);
    base_text_add(w->json, ",\"at\":");
    report_add_point(w->json, &w->pen, planned->at);
    base_text_add(w->json, "}");
}

/* Both lists are in the order of the references. */
static gb_status add_targets(map_work *w)
{
    const store_plan *plan = &w->data->plan;
    const char *comma = "";
    gb_status status = GB_OK;

    add_key(w->json, "targets");
    base_text_add(w->json, "[");
    for (size_t t = 0, i = 0; t < plan->n_targets && !status; t++) {
        const store_plan_target *planned = &plan->targets[t];
        const store_target *found = NULL;

        while (i < w->targets.n
               && strcmp(w->targets.items[i].ref, planned->ref) < 0)
            i++;
        if (i < w->targets.n
            && strcmp(w->targets.items[i].ref, planned->ref) == 0)
            found = &w->targets.items[i];
        if (!planned->has_location || !report_has_target(w->data, t))
            continue;
        base_text_add(w->json, comma);
        add_target(w, planned, found);
        comma = ",";
        status = base_poll(w->data->run);
    }
    base_text_add(w->json, "]");
    return status;
}

/* ---- routes and figures ---- */

static int32_t route_colour(const map_work *w, uint32_t manager)
{
    for (size_t t = 0; t < w->territories.n; t++)
        if (w->territories.items[t].owner == manager)
            return w->territories.items[t].colour;
    return 0;
}

/* Visits of one place in a row are one stop on the map. */
static void add_stops(map_work *w, const store_route *route)
{
    const store_stop *stops = w->data->plan.stops + route->first_stop;

    base_text_add(w->json, "[");
    for (uint32_t i = 0; i < route->n_stops;) {
        uint32_t end = i + 1;
        int64_t value = stops[i].prize;
        bool is_must = stops[i].is_must;

        base_text_format(w->json, "%s{\"refs\":[", i ? "," : "");
        base_text_json(w->json, stops[i].ref);
        for (; end < route->n_stops && stops[end].stop_no == stops[i].stop_no;
             end++) {
            base_text_add(w->json, ",");
            base_text_json(w->json, stops[end].ref);
            value += stops[end].prize;
            is_must = is_must || stops[end].is_must;
        }
        base_text_format(w->json,
                         "],\"from_s\":%lld,\"to_s\":%lld,\"value\":%lld,"
                         "\"must\":%d,\"at\":",
                         (long long)stops[i].start_s,
                         (long long)stops[end - 1].end_s, (long long)value,
                         is_must);
        report_add_point(w->json, &w->pen, stops[i].at);
        base_text_add(w->json, "}");
        i = end;
    }
    base_text_add(w->json, "]");
}

static void add_routes(map_work *w)
{
    static const char *const modes[] = { "foot", "ebike", "car" };
    const store_plan *plan = &w->data->plan;
    const char *comma = "";

    add_key(w->json, "routes");
    base_text_add(w->json, "[");
    for (size_t r = 0; r < plan->n_routes; r++) {
        const store_route *route = &plan->routes[r];
        int64_t field_s = route->back_s - route->leave_s;

        if (!report_has_route(w->data, r))
            continue;
        if (route->break_start_s != STORE_NO_TIME
            && route->break_start_s >= route->leave_s
            && route->break_end_s <= route->back_s)
            field_s -= route->break_end_s - route->break_start_s;
        base_text_format(w->json, "%s{\"manager\":", comma);
        base_text_json(w->json, route->manager_ref);
        base_text_format(
            w->json,
            ",\"mode\":\"%s\",\"colour\":%d,\"depart_s\":%lld,\"back_s\":%lld,"
            "\"value\":%lld,\"travel_permille\":%lld,\"value_per_h\":",
            modes[route->mode], route_colour(w, w->data->route_manager[r]),
            (long long)route->leave_s, (long long)route->back_s,
            (long long)route->prize,
            (long long)(field_s > 0 ? route->travel_s * PERMILLE / field_s
                                    : 0));
        base_text_real(w->json,
                       field_s > 0 ? (double)route->prize * HOUR_S
                                         / (double)field_s
                                   : 0,
                       1);
        base_text_add(w->json, ",\"p\":");
        report_add_points(w->json, &w->pen, plan->path + route->first_point,
                          route->n_points);
        base_text_add(w->json, ",\"stops\":");
        add_stops(w, route);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
}

static void add_figure(map_work *w, const char *comma, const char *english,
                       int64_t value)
{
    base_text_format(w->json, "%s{\"label\":[", comma);
    base_text_json(w->json, english);
    base_text_add(w->json, ",");
    base_text_json(w->json, base_lang_text(BASE_LANG_ZH, english));
    base_text_format(w->json, "],\"value\":\"%lld\"}", (long long)value);
}

static void add_figures(map_work *w)
{
    const store_plan *plan = &w->data->plan;
    int64_t visits = 0, value = 0, targets = 0, musts = 0, travel_s = 0;

    for (size_t t = 0; t < plan->n_targets; t++)
        targets += report_has_target(w->data, t);
    for (size_t r = 0; r < plan->n_routes; r++) {
        if (!report_has_route(w->data, r))
            continue;
        visits += plan->routes[r].n_stops;
        value += plan->routes[r].prize;
        travel_s += plan->routes[r].travel_s;
        for (uint32_t s = 0; s < plan->routes[r].n_stops; s++)
            musts += plan->stops[plan->routes[r].first_stop + s].is_must;
    }
    add_key(w->json, "figures");
    base_text_add(w->json, "[");
    add_figure(w, "", GB_N("targets"), targets);
    add_figure(w, ",", GB_N("visits planned"), visits);
    add_figure(w, ",", GB_N("of them musts"), musts);
    add_figure(w, ",", GB_N("value of the day, points"), value);
    add_figure(w, ",", GB_N("minutes on the way"), travel_s / 60);
    base_text_add(w->json, "]}");
}

gb_status report_map_data(report_data *data, const gb_roads *roads,
                          base_text *json)
{
    map_work w = { .data = data, .json = json };
    gb_status status = load(&w);

    if (!status) {
        add_head(&w);
        status = add_lines(&w, roads);
    }
    if (!status)
        status = add_cells(&w);
    if (!status)
        status = add_territories(&w);
    if (!status)
        status = add_density(&w);
    if (!status)
        status = add_customers(&w);
    if (!status)
        status = add_targets(&w);
    if (!status) {
        add_routes(&w);
        add_figures(&w);
    }
    if (!status && json->is_short)
        status = base_fail_nomem(data->run->ctx);
    clear(&w);
    return status;
}
