/*
 * call_report_ground.c - where the potential lies: cells, grids and branches
 * ranked, clusters of targets, and the surfaces of a night as files.
 */
#include "call_groups.h"
#include "call_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "call_file.h"
#include "call_ground.h"
#include "call_shape.h"
#include "call_surface.h"
#include "geo_crs.h"
#include "store_days.h"
#include "store_query.h"
#include "store_save.h"
#include "store_spots.h"

static bool ends_in(const char *path, const char *end)
{
    const size_t n = strlen(path), n_end = strlen(end);

    return n > n_end && strcmp(path + n - n_end, end) == 0;
}

/* ---- report cells ---- */

static gb_status load_ground(call *c, call_ground *ground)
{
    store_scope scope;
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = call_check_night(c);
    if (!status)
        status = store_query_potential(c->workspace, scope,
                                       call_text(c, "spots"),
                                       store_day_parse(call_text(c, "date")),
                                       &ground->sums);
    return call_leave_store(c, &run, status);
}

/* What lies in the rows that are shown: of the points, of the ground. */
static json_t *describe_top(const call_ground *g, size_t n)
{
    double value = 0, of_value = 0, area = 0, of_area = 0;

    for (size_t r = 0; r < g->n; r++) {
        of_value += (double)g->rows[r].value;
        of_area += g->rows[r].area_m2;
        if (r < n) {
            value += (double)g->rows[r].value;
            area += g->rows[r].area_m2;
        }
    }
    return json_pack("{s:I, s:I, s:f, s:f}", "n", (json_int_t)n, "of",
                     (json_int_t)g->n, "value_share",
                     of_value > 0 ? round(value / of_value * 1e4) / 1e4 : 0.0,
                     "area_share",
                     of_area > 0 ? round(area / of_area * 1e4) / 1e4 : 0.0);
}

static gb_status describe_ground(call *c, const call_ground *g, size_t limit,
                                 json_t **result)
{
    const size_t n = limit && limit < g->n ? limit : g->n;
    json_t *rows = json_array();
    gb_status status;

    for (size_t r = 0; r < n; r++)
        json_array_append_new(rows, call_ground_json(c, g, r));
    status = call_result(
        c, result,
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:O, s:O}", "date",
                  call_text(c, "date"), "of", call_text(c, "of"), "by",
                  call_text(c, "by"), "spots", call_text(c, "spots"), "top",
                  describe_top(g, n), "best",
                  n > 0 ? json_array_get(rows, 0) : json_null(), "rows",
                  rows));
    json_decref(rows);
    return status;
}

static gb_status write_ground(call *c, const call_ground *g, size_t limit,
                              json_t *result)
{
    base_text text;
    gb_status status = GB_OK;

    base_text_init(&text, c->mem);
    if (ends_in(call_text(c, "out"), ".geojson"))
        status = call_ground_geojson(c, g, limit, &text);
    else
        call_ground_csv(g, &text);
    if (!status)
        status = call_file_give(c, result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status report_cells(call *c, json_t **result)
{
    const size_t limit = (size_t)call_int(c, "limit");
    call_ground ground = { .of = (call_ground_of)call_choice(c, "of") };
    gb_status status = load_ground(c, &ground);

    if (!status)
        status = call_ground_rank(c, (call_ground_by)call_choice(c, "by"),
                                  &ground);
    if (!status)
        status = describe_ground(c, &ground, limit, result);
    if (!status && call_has(c, "out"))
        status = write_ground(c, &ground, 0, *result);
    call_ground_clear(c->mem, &ground);
    return status;
}

/* ---- report clusters ---- */

static json_t *describe_cluster(const store_cluster *k)
{
    const double km2 = k->area_m2 / 1e6;

    return json_pack("{s:I, s:s, s:I, s:I, s:I, s:f, s:f, s:f, s:f}",
                     "cluster", (json_int_t)k->number, "grid", k->grid,
                     "targets", (json_int_t)k->targets, "value",
                     (json_int_t)k->value, "balance_fen",
                     (json_int_t)k->balance_fen, "area_m2", round(k->area_m2),
                     "per_km2",
                     km2 > 0 ? round((double)k->targets / km2) : 0.0, "lon",
                     round(k->at.lon_deg * 1e6) / 1e6, "lat",
                     round(k->at.lat_deg * 1e6) / 1e6);
}

static gb_status load_clusters(call *c, store_clusters *out)
{
    store_scope scope;
    base_run run;
    gb_status status;

    memset(out, 0, sizeof *out);
    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = call_check_night(c);
    if (!status)
        status = store_load_clusters(c->workspace, scope,
                                     store_day_parse(call_text(c, "date")),
                                     NULL, out);
    return call_leave_store(c, &run, status);
}

static gb_status describe_clusters(call *c, const store_clusters *k,
                                   json_t **result)
{
    const size_t limit = (size_t)call_int(c, "limit");
    const size_t n = limit && limit < k->n ? limit : k->n;
    json_t *rows = json_array();
    int64_t inside = 0;
    gb_status status;

    for (size_t i = 0; i < k->n; i++)
        inside += k->items[i].targets;
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, describe_cluster(&k->items[i]));
    status = call_result(
        c, result,
        json_pack("{s:s, s:I, s:I, s:f, s:I, s:O}", "date",
                  call_text(c, "date"), "clusters", (json_int_t)k->n,
                  "targets", (json_int_t)inside, "radius_m", k->radius_m,
                  "min_points", (json_int_t)k->min_points, "rows", rows));
    json_decref(rows);
    return status;
}

static gb_status clusters_geojson(call *c, const store_clusters *k,
                                  json_t *result)
{
    const gb_shapes shapes = geo_shapes_view(&k->outlines);
    base_text text;
    gb_status status = GB_OK;

    base_text_init(&text, c->mem);
    base_text_add(&text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t i = 0; i < k->n && !status; i++) {
        json_t *row = describe_cluster(&k->items[i]);
        char *figures = row ? json_dumps(row, JSON_COMPACT) : NULL;

        base_text_add(&text, "{\"type\":\"Feature\",\"geometry\":");
        call_shape_geojson(&shapes, i, &text);
        base_text_add(&text, ",\n\"properties\":");
        base_text_add(&text, figures ? figures : "{}");
        base_text_add(&text, i + 1 < k->n ? "},\n" : "}\n");
        if (!figures)
            status = base_fail_nomem(c->ctx);
        free(figures);
        json_decref(row);
    }
    base_text_add(&text, "]}\n");
    if (!status)
        status = call_file_give(c, result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status report_clusters(call *c, json_t **result)
{
    store_clusters clusters;
    gb_status status = load_clusters(c, &clusters);

    if (!status)
        status = describe_clusters(c, &clusters, result);
    if (!status && call_has(c, "out"))
        status = clusters_geojson(c, &clusters, *result);
    store_clusters_clear(&clusters);
    return status;
}

/* ---- report density ---- */

static gb_status load_layer(call *c, store_density *layer)
{
    base_run run;

    memset(layer, 0, sizeof *layer);
    call_enter_store(c, &run);
    return call_leave_store(
        c, &run,
        store_load_density(c->workspace, call_text(c, "layer"),
                           store_day_parse(call_text(c, "date")), layer));
}

static void density_csv(const store_density *d, base_text *text)
{
    base_text_add(text, "x,y,value\n");
    for (size_t i = 0; i < (size_t)d->n_columns * d->n_rows; i++) {
        const double column = (double)(i % d->n_columns);
        const double row = (double)(i / d->n_columns);

        base_text_exact(text, d->min_x_m + (column + 0.5) * d->pixel_m);
        base_text_add(text, ",");
        base_text_exact(text, d->min_y_m + (row + 0.5) * d->pixel_m);
        base_text_add(text, ",");
        base_text_exact(text, d->per_km2[i]);
        base_text_add(text, "\n");
    }
}

static gb_status write_layer(call *c, const store_density *d, double highest,
                             json_t *result)
{
    const char *path = call_text(c, "out");
    const gb_raster raster = { d->min_x_m + d->pixel_m / 2,
                               d->min_y_m + d->pixel_m / 2, d->pixel_m,
                               d->n_columns, d->n_rows };
    call_surface surface = {
        .raster = &raster, .values = d->per_km2, .highest = highest,
        .factor = 1,
        .unit = strcmp(d->layer, "share") == 0 ? "share" : "per_km2"
    };
    base_text text;
    gb_status status = gb_crs_open(c->ctx, d->epsg, &surface.crs);

    base_text_init(&text, c->mem);
    if (!status && ends_in(path, ".png"))
        status = call_surface_png(c->ctx, &surface, path);
    else if (!status && ends_in(path, ".geojson"))
        status = call_surface_contours(c->ctx, &surface, &text);
    else if (!status && ends_in(path, ".asc"))
        call_surface_asc(&surface, &text);
    else if (!status)
        density_csv(d, &text);
    if (!status && !ends_in(path, ".png"))
        status = call_file_give(c, result, &text);
    else if (!status && !call_put(result, "file", call_string(path)))
        status = base_fail_nomem(c->ctx);
    base_text_clear(&text);
    gb_crs_free(surface.crs);
    return status;
}

static gb_status report_density(call *c, json_t **result)
{
    store_density layer;
    double highest = 0;
    gb_status status = load_layer(c, &layer);

    for (size_t i = 0; i < (size_t)layer.n_columns * layer.n_rows; i++)
        highest = fmax(highest, layer.per_km2[i]);
    if (!status)
        status = call_result(
            c, result,
            json_pack("{s:s, s:s, s:s, s:f, s:f, s:I, s:I, s:I, s:I, s:f}",
                      "date", call_text(c, "date"), "layer", layer.layer,
                      "kernel", layer.kernel, "radius_m", layer.bandwidth_m,
                      "step_m", layer.pixel_m, "nx",
                      (json_int_t)layer.n_columns, "ny",
                      (json_int_t)layer.n_rows, "epsg",
                      (json_int_t)layer.epsg, "points",
                      (json_int_t)layer.n_points, "highest",
                      round(highest * 1e4) / 1e4));
    if (!status)
        status = write_layer(c, &layer, highest, *result);
    store_density_clear(&layer);
    return status;
}

/* ---- the table ---- */

#define DATE                                                                  \
    { .name = "date", .type = CALL_DATE, .is_required = true,                 \
      .help = GB_N("the day of the plan") }
#define LIMIT                                                                 \
    { .name = "limit", .type = CALL_INT, .min = 0, .max = 1000000,            \
      .fallback = "20", .help = GB_N("so many at most; 0: all") }

static const call_param cells_params[] = {
    DATE,
    { .name = "of", .type = CALL_ENUM, .choices = "cells|grids|branches",
      .fallback = "cells", .help = GB_N("what to rank") },
    { .name = "by", .type = CALL_ENUM,
      .choices = "potential|targets|balance|density|unvisited|hot",
      .fallback = "potential", .help = GB_N("what to rank by") },
    { .name = "spots", .type = CALL_ENUM, .choices = "dormant|value|share",
      .fallback = "dormant",
      .help = GB_N("what makes a cell hot: many targets, many points, or a "
                   "large share of its customers") },
    LIMIT,
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("all of them as .csv, or with outlines as .geojson") },
};
#define SUMS                                                                  \
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },                      \
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },                          \
    { "value", GB_N("potential, points"), CALL_SHOW_PLAIN },                  \
    { "value_share", GB_N("of all"), CALL_SHOW_RATIO },                       \
    { "balance_fen", GB_N("balance"), CALL_SHOW_FEN },                        \
    { "unvisited_share", GB_N("unvisited"), CALL_SHOW_RATIO },                \
    { "density_per_km2", GB_N("targets a km2"), CALL_SHOW_PLAIN }

static const call_column cells_columns[] = {
    { "ref", GB_N("cell"), CALL_SHOW_PLAIN },
    { "grid", GB_N("grid"), CALL_SHOW_PLAIN },
    SUMS,
    { "spot_title", GB_N("spot"), CALL_SHOW_PLAIN },
};
static const call_column sums_columns[] = {
    { "ref", GB_N("area"), CALL_SHOW_PLAIN },
    SUMS,
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "hot", GB_N("hot ones"), CALL_SHOW_PLAIN },
};
static const call_block cells_blocks[] = {
    { .when = "best.spot", .rows = "rows", CALL_COLUMNS(cells_columns) },
    { .when = "best.cells", .rows = "rows", CALL_COLUMNS(sums_columns) },
    { .when = "best.ref",
      .text = GB_N("first of {top.of}: {best.ref}, {best.targets} targets "
                   "worth {best.value} points") },
    { .when = "top.n",
      .text = GB_N("shown: {top.n}, with {top.value_share:ratio} of the "
                   "potential on {top.area_share:ratio} of the ground") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_param clusters_params[] = {
    DATE, LIMIT,
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("GeoJSON of the clusters' outlines") },
};
static const call_column clusters_columns[] = {
    { "cluster", GB_N("cluster"), CALL_SHOW_ID },
    { "grid", GB_N("grid"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
    { "value", GB_N("potential, points"), CALL_SHOW_PLAIN },
    { "balance_fen", GB_N("balance"), CALL_SHOW_FEN },
    { "area_m2", GB_N("square metres"), CALL_SHOW_PLAIN },
    { "lon", GB_N("longitude"), CALL_SHOW_PLAIN },
    { "lat", GB_N("latitude"), CALL_SHOW_PLAIN },
};
static const call_block clusters_blocks[] = {
    { .rows = "rows", CALL_COLUMNS(clusters_columns) },
    { .when = "clusters",
      .text = GB_N("{clusters} clusters hold {targets} targets; each has "
                   "{min_points} within {radius_m} m of one another") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_param density_params[] = {
    DATE,
    { .name = "layer", .type = CALL_ENUM, .choices = "dormant|value|share",
      .fallback = "dormant",
      .help = GB_N("targets, their points, or targets among all customers") },
    { .name = "out", .type = CALL_PATH, .is_required = true,
      .help = GB_N(".asc, .geojson (contour lines), .png (with world file and "
                   "legend), else CSV") },
};
static const call_block density_blocks[] = {
    { .text = GB_N("{layer}: {kernel} kernel of {radius_m} m, {nx} by {ny} "
                   "cells of {step_m} m, at most {highest}") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "report.cells",
      .help = GB_N("Rank basic areas, grids or branches by their potential"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(cells_params),
      CALL_BLOCKS(cells_blocks), .run = report_cells },
    { .name = "report.clusters",
      .help = GB_N("List the clusters of targets that a night found"),
      .workspace = CALL_READS, .is_scoped = true,
      CALL_PARAMS(clusters_params), CALL_BLOCKS(clusters_blocks),
      .run = report_clusters },
    { .name = "report.density",
      .help = GB_N("Write a surface that a night left as a map file"),
      .workspace = CALL_READS, CALL_PARAMS(density_params),
      CALL_BLOCKS(density_blocks), .run = report_density },
};
const call_group call_report_ground_group = CALL_GROUP(methods);
