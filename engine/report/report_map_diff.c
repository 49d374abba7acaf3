/*
 * report_map_diff.c - what changes hands between two versions, for the map
 * page: the borders before, the cells that move, and the sums of both.
 *
 * Of a branch is what its managers had before or have after.  Where the two
 * versions rest on different cells there are no single cells to show, only
 * the borders and the sums.
 */
#include "report_map_work.h"
#include "store_territory_diff.h"

#include "geo_faces.h"

#include <string.h>

static const char *branch_ref(const map_work *w)
{
    return w->data->branches.items[w->data->branch].ref;
}

/* Is it a territory of our branch in that version? */
static bool is_of_branch(const map_work *w, const store_figures *f,
                         const char *ref)
{
    const uint32_t t = ref[0] ? store_figures_territory(f, ref) : STORE_NONE;

    return t != STORE_NONE
           && strcmp(f->items[t].branch, branch_ref(w)) == 0;
}

static bool concerns_us(const map_work *w, const store_figures *a,
                        const store_figures *b, const char *from,
                        const char *to)
{
    return is_of_branch(w, a, from) || is_of_branch(w, b, to);
}

static void add_text(base_text *json, const char *key, const char *value)
{
    report_map_key(json, key);
    base_text_json(json, value);
}

/* ---- the borders before ---- */

static gb_status outline(map_work *w, const store_figures *a,
                         geo_shapes *outlines, gb_lonlat **degrees)
{
    gb_context *ctx = w->data->run->ctx;
    geo_edges edges = { .mem = ctx->mem };
    gb_shapes view;
    gb_status status = geo_edges_build(ctx, &a->cells.shapes, &edges);

    if (!status)
        status = geo_dissolve(ctx, &edges, a->of_cell, a->n, outlines);
    view = geo_shapes_view(outlines);
    if (!status)
        status = report_unproject(ctx, w->crs, view.points, view.n_points,
                                  degrees);
    geo_edges_clear(&edges);
    return status;
}

static gb_status add_before(map_work *w, const store_figures *a)
{
    gb_context *ctx = w->data->run->ctx;
    geo_shapes outlines;
    gb_shapes view;
    gb_lonlat *degrees = NULL;
    const char *comma = "";
    gb_status status;

    geo_shapes_init(&outlines, ctx->mem);
    status = outline(w, a, &outlines, &degrees);
    view = geo_shapes_view(&outlines);
    report_map_key(w->json, "territories");
    base_text_add(w->json, "[");
    for (uint32_t t = 0; t < a->n && !status; t++) {
        if (strcmp(a->items[t].branch, branch_ref(w)) != 0
            || view.shape_first_ring[t] == view.shape_first_ring[t + 1])
            continue;
        base_text_format(w->json, "%s{\"ref\":", comma);
        base_text_json(w->json, a->items[t].ref);
        add_text(w->json, "manager", a->items[t].manager);
        report_map_key(w->json, "p");
        report_add_shape(w->json, &w->pen, &view, degrees, t);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
    base_free(ctx->mem, degrees);
    geo_shapes_clear(&outlines);
    return status;
}

/* ---- what moves ---- */

static void add_cells(map_work *w, const store_figures *a,
                      const store_figures *b, const store_diff *d)
{
    const char *comma = "";

    report_map_key(w->json, "cells");
    base_text_add(w->json, "[");
    for (size_t i = 0; i < d->n_cells; i++) {
        const store_diff_cell *k = &d->cells[i];

        if (!concerns_us(w, a, b, k->from, k->to))
            continue;
        base_text_format(w->json, "%s{\"ref\":", comma);
        base_text_json(w->json, b->cells.refs[k->cell]);
        add_text(w->json, "from", k->from);
        add_text(w->json, "to", k->to);
        add_text(w->json, "from_manager", k->from_manager);
        add_text(w->json, "to_manager", k->to_manager);
        base_text_format(w->json,
                         ",\"hands\":%d,\"customers\":%lld,\"targets\":%lld,"
                         "\"work_s\":%lld,\"p\":",
                         (int)k->changes_hands,
                         (long long)b->customers_of_cell[k->cell],
                         (long long)b->targets_of_cell[k->cell],
                         (long long)b->cell_activity[k->cell]);
        report_add_shape(w->json, &w->pen, &w->cells.shapes, w->degrees,
                         k->cell);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
}

static void add_flows(map_work *w, const store_figures *a,
                      const store_figures *b, const store_diff *d)
{
    const char *comma = "";

    report_map_key(w->json, "flows");
    base_text_add(w->json, "[");
    for (size_t i = 0; i < d->n_flows; i++) {
        const store_diff_flow *f = &d->flows[i];

        if (!concerns_us(w, a, b, f->from, f->to))
            continue;
        base_text_format(w->json, "%s{\"from\":", comma);
        base_text_json(w->json, f->from);
        add_text(w->json, "to", f->to);
        add_text(w->json, "from_manager", f->from_manager);
        add_text(w->json, "to_manager", f->to_manager);
        base_text_format(w->json,
                         ",\"cells\":%lld,\"customers\":%lld,"
                         "\"targets\":%lld,\"work_s\":%lld}",
                         (long long)f->n_cells, (long long)f->n_customers,
                         (long long)f->n_targets, (long long)f->activity);
        comma = ",";
    }
    base_text_add(w->json, "]");
}

gb_status report_map_diff(map_work *w)
{
    gb_workspace *ws = w->data->ws;
    store_figures a, b;
    store_diff d;
    gb_status status;

    if (!w->before)
        return GB_OK;
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    memset(&d, 0, sizeof d);
    status = store_load_figures(ws, w->before, STORE_NO_DAY, &a);
    if (!status)
        status = store_load_figures(ws, w->territories.version, STORE_NO_DAY,
                                    &b);
    if (!status)
        status = store_diff_make(ws, &a, &b, &d);
    if (!status) {
        report_map_key(w->json, "diff");
        base_text_format(w->json,
                         "{\"before\":%lld,\"after\":%lld,\"same_cells\":%d,"
                         "\"has_work\":%d",
                         (long long)w->before,
                         (long long)w->territories.version,
                         (int)d.has_same_cells,
                         (int)(d.has_same_cells && b.n_measures > 0
                               && b.measures[0].is_of_cells));
        status = add_before(w, &a);
    }
    if (!status) {
        add_cells(w, &a, &b, &d);
        add_flows(w, &a, &b, &d);
        base_text_add(w->json, "}");
    }
    store_diff_clear(&d);
    store_figures_clear(&b);
    store_figures_clear(&a);
    return status;
}
