/*
 * call_ground_give.c - ranked ground as JSON, CSV and GeoJSON.
 */
#include "call_ground.h"

#include <math.h>
#include <stdlib.h>

#include <gridbeat/spots.h>
#include <gridbeat/workspace.h>

#include "base_check.h"
#include "call_shape.h"
#include "geo_codec.h"
#include "geo_faces.h"
#include "store_spots.h"

static double ratio(int64_t a, int64_t b)
{
    return b ? (double)a / (double)b : 0;
}

static json_t *real_or_null(double value, double digits)
{
    return isnan(value) ? json_null() : json_real(round(value * digits)
                                                  / digits);
}

json_t *call_ground_json(const call *c, const call_ground *g, size_t r)
{
    const call_ground_row *row = &g->rows[r];
    const char *spot = store_spot_classes[row->spot_class];
    const char *moran = store_spot_classes[row->moran_class];
    json_t *made = json_pack(
        "{s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:f, s:I, s:I, s:f, s:f, s:o}",
        "rank", (int)r + 1, "ref", row->ref, "grid", row->grid, "branch",
        row->branch, "customers", (json_int_t)row->customers, "targets",
        (json_int_t)row->targets, "value", (json_int_t)row->value,
        "value_share", round(ratio(row->value, g->value) * 1e4) / 1e4, "balance_fen",
        (json_int_t)row->balance_fen, "unvisited", (json_int_t)row->unvisited,
        "unvisited_share",
        round(ratio(row->unvisited, row->customers) * 1e4) / 1e4, "area_km2",
        round(row->area_m2) / 1e6, "density_per_km2",
        real_or_null(row->per_km2, 10));

    if (!made)
        return NULL;
    if (g->of == CALL_OF_CELLS) {
        call_put(made, "spot", json_string(spot));
        call_put(made, "spot_title", call_string(call_words(c, spot)));
        call_put(made, "z", real_or_null(row->z, 1e4));
        call_put(made, "moran", json_string(moran));
    } else {
        call_put(made, "cells", json_integer(row->cells));
        call_put(made, "hot", json_integer(row->hot));
        call_put(made, "cold", json_integer(row->cold));
    }
    return made;
}

/* ---- CSV ---- */

static void add_real(base_text *text, const char *before, double value,
                     int digits)
{
    base_text_add(text, before);
    if (!isnan(value))
        base_text_real(text, value, digits);
}

void call_ground_csv(const call_ground *g, base_text *text)
{
    base_text_add(text, "rank,ref,grid,branch,customers,targets,value,"
                        "balance_fen,unvisited,area_m2,density_per_km2,");
    base_text_add(text, g->of == CALL_OF_CELLS ? "spot,z,moran\n"
                                               : "cells,hot,cold\n");
    for (size_t r = 0; r < g->n; r++) {
        const call_ground_row *row = &g->rows[r];

        base_text_format(text, "%zu,", r + 1);
        base_text_csv(text, row->ref);
        base_text_add(text, ",");
        base_text_csv(text, row->grid);
        base_text_add(text, ",");
        base_text_csv(text, row->branch);
        base_text_format(text, ",%lld,%lld,%lld,%lld,%lld",
                         (long long)row->customers, (long long)row->targets,
                         (long long)row->value, (long long)row->balance_fen,
                         (long long)row->unvisited);
        add_real(text, ",", row->area_m2, 0);
        add_real(text, ",", row->per_km2, 1);
        if (g->of == CALL_OF_CELLS) {
            base_text_format(text, ",%s",
                             store_spot_classes[row->spot_class]);
            add_real(text, ",", row->z, 4);
            base_text_format(text, ",%s\n",
                             store_spot_classes[row->moran_class]);
        } else {
            base_text_format(text, ",%lld,%lld,%lld\n", (long long)row->cells,
                             (long long)row->hot, (long long)row->cold);
        }
    }
}

/* ---- GeoJSON ---- */

/* The label of each cell of the ground; of one without customers, none. */
static uint32_t *label_cells(const call *c, const call_ground *g,
                             const store_cells *cells)
{
    uint32_t *label = base_alloc_array(c->mem, cells->n, sizeof *label);
    size_t s = 0;

    if (!label)
        return NULL;
    for (size_t i = 0; i < cells->n; i++) { /* both go by reference */
        label[i] = UINT32_MAX;
        if (s < g->sums.n && g->sums.items[s].id == cells->ids[i])
            label[i] = g->of_cell[s++];
    }
    return label;
}

static gb_status dissolve(call *c, const call_ground *g,
                          const store_cells *cells, geo_shapes *degrees)
{
    geo_edges edges = { .mem = c->mem };
    geo_shapes metres;
    gb_shapes view;
    gb_crs *crs = NULL;
    uint32_t *label = label_cells(c, g, cells);
    gb_status status = label ? geo_edges_build(c->ctx, &cells->shapes, &edges)
                             : base_fail_nomem(c->ctx);

    geo_shapes_init(&metres, c->mem);
    if (!status)
        status = geo_dissolve(c->ctx, &edges, label, g->n, &metres);
    if (!status)
        status = gb_crs_open(c->ctx, gb_workspace_epsg(c->workspace), &crs);
    view = geo_shapes_view(&metres);
    if (!status)
        status = geo_shapes_unproject(c->ctx, crs, &view, degrees);
    gb_crs_free(crs);
    geo_shapes_clear(&metres);
    geo_edges_clear(&edges);
    base_free(c->mem, label);
    return status;
}

gb_status call_ground_geojson(call *c, const call_ground *g, size_t limit,
                              base_text *text)
{
    const size_t n = limit && limit < g->n ? limit : g->n;
    store_cells cells = { 0 };
    geo_shapes outlines;
    gb_shapes view;
    base_run run;
    gb_status status;

    geo_shapes_init(&outlines, c->mem);
    base_run_begin(&run, c->ctx, (base_limits){ 0 });
    store_enter(c->workspace, &run);
    status = store_load_cells(c->workspace, &cells);
    store_leave(c->workspace);
    status = base_run_end(&run, status);
    if (!status)
        status = dissolve(c, g, &cells, &outlines);
    view = geo_shapes_view(&outlines);
    base_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t r = 0; r < n && !status; r++) {
        json_t *row = call_ground_json(c, g, r);
        char *figures = row ? json_dumps(row, JSON_COMPACT) : NULL;

        base_text_add(text, "{\"type\":\"Feature\",\"geometry\":");
        call_shape_geojson(&view, g->rows[r].number, text);
        base_text_add(text, ",\n\"properties\":");
        base_text_add(text, figures ? figures : "{}");
        base_text_add(text, r + 1 < n ? "},\n" : "}\n");
        if (!figures)
            status = base_fail_nomem(c->ctx);
        free(figures);
        json_decref(row);
    }
    base_text_add(text, "]}\n");
    store_cells_clear(&cells);
    geo_shapes_clear(&outlines);
    return status;
}
