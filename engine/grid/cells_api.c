/*
 * cells_api.c - implements gridbeat/cells.h.
 */
#include <gridbeat/cells.h>

#include "grid_cells.h"

#include "base_check.h"
#include "base_options.h"
#include "base_text.h"

#include <string.h>

static const gb_cells_options DEFAULTS = {
    .size = sizeof(gb_cells_options),
    .min_area_m2 = 2500.0,
    .min_width_m = 30.0,
    .max_area_m2 = 1e6,
    .max_atomic_m2 = 4e5,
    .margin_m = 500.0,
    .grid_m = 0.01,
};

/* Finite and not below 0; 0 becomes the default. */
static gb_status resolve(gb_context *ctx, double *value, double by_default,
                         const char *name)
{
    char text[32];

    if (!(*value >= 0.0 && *value <= 1e15))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is %s; 0 is the least",
                         name, base_real_text(text, *value, 3));
    if (!(*value > 0.0))
        *value = by_default;
    return GB_OK;
}

static gb_status take_options(gb_context *ctx, const gb_cells_options *from,
                              gb_cells_options *to)
{
    const struct {
        double *value, by_default;
        const char *name;
    } all[] = {
        { &to->max_weight, DEFAULTS.max_weight, "max_weight" },
        { &to->min_weight, DEFAULTS.min_weight, "min_weight" },
        { &to->min_area_m2, DEFAULTS.min_area_m2, "min_area_m2" },
        { &to->min_width_m, DEFAULTS.min_width_m, "min_width_m" },
        { &to->max_area_m2, DEFAULTS.max_area_m2, "max_area_m2" },
        { &to->max_atomic_m2, DEFAULTS.max_atomic_m2, "max_atomic_m2" },
        { &to->margin_m, DEFAULTS.margin_m, "margin_m" },
        { &to->grid_m, DEFAULTS.grid_m, "grid_m" },
    };
    gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    for (size_t i = 0; i < COUNT_OF(all) && !status; i++)
        status = resolve(ctx, all[i].value, all[i].by_default, all[i].name);
    return status;
}

gb_status gb_cells_options_resolved(gb_context *ctx,
                                    const gb_cells_options *options,
                                    gb_cells_options *out)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "out");
    return take_options(ctx, options, out);
}

static gb_status check_points(gb_context *ctx, const gb_cells_input *input)
{
    if (input->n_points >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%zu points are too many",
                         input->n_points);
    if (input->n_points > 0 && !input->points)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "points");
    for (size_t p = 0; p < input->n_points; p++) {
        if (!(fabs(input->points[p].x_m) <= 1e9
              && fabs(input->points[p].y_m) <= 1e9))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "%s: point %zu is not within 1e9 m", "points", p);
        if (input->weights
            && !(input->weights[p] >= 0.0 && input->weights[p] <= 1e15))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the weight of point %zu is not a number from 0 "
                             "to 1e15", p);
    }
    return GB_OK;
}

static gb_status check_input(gb_context *ctx, const gb_cells_input *input)
{
    gb_status status = geo_shapes_check(ctx, input->region, "region");

    if (!status)
        status = geo_shapes_check(ctx, input->atomic, "atomic");
    if (!status)
        status = geo_lines_check(ctx, input->lines, "lines");
    if (status)
        return status;
    if (input->lines && input->lines->n_lines > 0 && !input->line_classes)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         "line_classes");
    for (size_t l = 0; input->lines && l < input->lines->n_lines; l++)
        if (input->line_classes[l] >= GB_LINE_CLASS_COUNT)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "line %zu is of the unknown class %u", l,
                             input->line_classes[l]);
    return check_points(ctx, input);
}

static gb_status take_both(gb_context *ctx, const gb_cells_input *input,
                           const gb_cells_options *options,
                           gb_cells_input *known, gb_cells_options *resolved)
{
    gb_status status
        = base_options_take(ctx, known, sizeof *known, input, sizeof *known);

    if (!status)
        status = take_options(ctx, options, resolved);
    return status ? status : check_input(ctx, known);
}

static gb_status run_build(gb_context *ctx, const gb_cells_input *input,
                           const gb_cells_options *options,
                           const gb_shapes *given, gb_cells **out)
{
    const base_limits no_limits = { 0 };
    base_run run;
    cells_job job = { .run = &run, .input = input, .options = *options,
                      .given = given, .is_given = given != NULL,
                      .atomic_ids = BASE_ARRAY_INIT };
    gb_status status;

    job.cells = base_alloc_zeroed(ctx->mem, 1, sizeof *job.cells);
    if (!job.cells)
        return base_fail_nomem(ctx);
    job.cells->mem = base_mem_ref(ctx->mem);
    geo_shapes_init(&job.region, ctx->mem);
    geo_shapes_init(&job.atomic, ctx->mem);
    geo_lines_init(&job.cuts, ctx->mem);
    geo_shapes_init(&job.cells->region, ctx->mem);
    geo_shapes_init(&job.cells->shapes, ctx->mem);
    base_run_begin(&run, ctx, no_limits);
    status = base_run_end(&run, cells_build(&job));
    geo_shapes_clear(&job.region);
    geo_shapes_clear(&job.atomic);
    geo_lines_clear(&job.cuts);
    geo_index_free(job.heavy);
    base_array_clear(ctx->mem, &job.atomic_ids);
    if (status)
        gb_cells_free(job.cells);
    else
        *out = job.cells;
    return status;
}

gb_status gb_cells_build(gb_context *ctx, const gb_cells_input *input,
                         const gb_cells_options *options, gb_cells **out)
{
    gb_cells_input known;
    gb_cells_options resolved;
    gb_status status;

    if (out)
        *out = NULL;
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!input || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         input ? "out" : "input");
    status = take_both(ctx, input, options, &known, &resolved);
    if (!status && (!known.region || known.region->n_shapes == 0)
        && known.n_points == 0 && (!known.lines || known.lines->n_points == 0))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "there is neither a region nor points nor lines");
    return status ? status : run_build(ctx, &known, &resolved, NULL, out);
}

gb_status gb_cells_from_shapes(gb_context *ctx, const gb_shapes *shapes,
                               const gb_cells_input *input,
                               const gb_cells_options *options,
                               gb_cells **out)
{
    gb_cells_input known;
    gb_cells_options resolved;
    gb_status status;

    if (out)
        *out = NULL;
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!shapes || !out || shapes->n_shapes == 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         out ? "shapes" : "out");
    status = take_both(ctx, input, options, &known, &resolved);
    if (!status)
        status = geo_shapes_check(ctx, shapes, "shapes");
    return status ? status : run_build(ctx, &known, &resolved, shapes, out);
}

void gb_cells_free(gb_cells *cells)
{
    base_mem *mem;

    if (!cells)
        return;
    mem = cells->mem;
    geo_shapes_clear(&cells->region);
    geo_shapes_clear(&cells->shapes);
    geo_adjacency_clear(&cells->adjacency);
    base_array_clear(mem, &cells->findings);
    base_free(mem, cells->centres);
    base_free(mem, cells->areas_m2);
    base_free(mem, cells->perimeters_m);
    base_free(mem, cells->weights);
    base_free(mem, cells->kinds);
    base_free(mem, cells->border_classes);
    base_free(mem, cells->barriers);
    base_free(mem, cells->sources);
    base_free(mem, cells->cell_of_point);
    base_free(mem, cells);
    base_mem_unref(mem);
}

gb_status gb_cells_get(gb_context *ctx, const gb_cells *cells,
                       gb_cells_view *out)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!cells || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         cells ? "out" : "cells");
    if (out->size != sizeof *out)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "a view of cells of %zu bytes is of no known version",
                         out->size);
    *out = (gb_cells_view){
        .size = sizeof *out,
        .n_cells = cells->n_cells,
        .region = &cells->region_view,
        .shapes = &cells->shapes_view,
        .centres = cells->centres,
        .areas_m2 = cells->areas_m2,
        .perimeters_m = cells->perimeters_m,
        .weights = cells->weights,
        .kinds = cells->kinds,
        .sources = cells->sources,
        .first_neighbour = cells->adjacency.first,
        .neighbours = cells->adjacency.neighbour,
        .shared_border_m = cells->adjacency.shared_m,
        .border_classes = cells->border_classes,
        .barriers = cells->barriers,
        .cell_of_point = cells->cell_of_point,
        .n_points = cells->n_points,
    };
    return GB_OK;
}

const gb_cells_finding *gb_cells_findings(const gb_cells *cells,
                                          size_t *n_findings)
{
    if (n_findings)
        *n_findings = cells ? cells->findings.n : 0;
    return cells ? cells->findings.items : NULL;
}

static gb_status check_view(gb_context *ctx, const gb_cells_view *view)
{
    gb_status status;

    if (!view->shapes)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "shapes");
    if (view->shapes->n_shapes != view->n_cells)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "there are %zu shapes for %zu cells",
                         view->shapes->n_shapes, view->n_cells);
    status = geo_shapes_check(ctx, view->shapes, "shapes");
    if (!status)
        status = geo_shapes_check(ctx, view->region, "region");
    for (size_t c = 0; !status && view->first_neighbour && c < view->n_cells;
         c++)
        if (view->first_neighbour[c] > view->first_neighbour[c + 1]
            || view->first_neighbour[0] != 0)
            status = base_fail(ctx, GB_ERR_ARGUMENT,
                               "%s: the offsets do not rise from 0 to the "
                               "counts", "first_neighbour");
    return status;
}

gb_status gb_cells_check(gb_context *ctx, const gb_cells_view *view,
                         gb_cells_finding *findings, size_t capacity,
                         size_t *n_findings)
{
    cells_findings out = { findings, capacity, 0 };
    gb_cells_view known;
    gb_status status;

    if (n_findings)
        *n_findings = 0;
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!view || !n_findings || (capacity > 0 && !findings))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         view ? "findings" : "view");
    status = base_options_take(ctx, &known, sizeof known, view, sizeof known);
    if (!status)
        status = check_view(ctx, &known);
    if (!status)
        status = cells_check(ctx, &known, &out);
    if (!status)
        *n_findings = out.n;
    return status;
}
