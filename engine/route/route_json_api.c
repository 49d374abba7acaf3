/*
 * route_json_api.c - implements gridbeat/route_json.h.
 */
#include <gridbeat/route_json.h>

#include <stddef.h>
#include <string.h>

#include "base_options.h"
#include "route_data.h"
#include "route_json_own.h"
#include "route_result.h"
#include "route_vroom.h"

const gb_route_order *gb_route_file_start(const gb_route_file *file)
{
    if (!file || !file->own)
        return NULL;
    if (file->facts.format == GB_ROUTE_FORMAT_VROOM)
        return ((const vroom_file *)file->own)->start;
    if (file->facts.format == GB_ROUTE_FORMAT_JSON)
        return ((const route_json_file *)file->own)->start;
    return NULL;
}

/* Into the caller's buffer; the text is cleared. */
static gb_status hand_over(gb_context *ctx, base_text *text, char *buffer,
                           size_t capacity, size_t *needed)
{
    gb_status status = GB_OK;

    if (text->is_short) {
        status = base_fail_nomem(ctx);
    } else {
        *needed = text->n + 1;
        if (capacity < *needed)
            status = base_fail(ctx, GB_ERR_BUFFER,
                               "the text takes %zu bytes, not %zu", *needed,
                               capacity);
        else
            memcpy(buffer, text->chars ? text->chars : "", *needed);
    }
    base_text_clear(text);
    return status;
}

static gb_status check_problem(gb_context *ctx, const gb_route_problem *problem,
                               const gb_route_file *file)
{
    route_data data;
    gb_status status = route_data_build(ctx, problem, &data);

    if (status)
        return status;
    if (file
        && (file->problem.n_clients != data.n_clients
            || file->problem.n_vehicles != data.n_vehicles
            || file->problem.n_locations != data.n_locations))
        status =
            base_fail(ctx, GB_ERR_ARGUMENT, "the file is of another problem");
    route_data_clear(&data);
    return status;
}

gb_status gb_route_problem_text(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_file *file, char *buffer,
                                size_t capacity, size_t *needed)
{
    gb_route_problem known;
    base_text text;
    gb_status status;

    base_enter(ctx);
    if (!problem || !needed || (!buffer && capacity))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `problem`, `needed` or `buffer` is given");
    status = check_problem(ctx, problem, file);
    if (!status)
        status = base_options_take(ctx, &known, sizeof known, problem,
                                   problem->size < sizeof known ? problem->size
                                                                : sizeof known);
    if (status)
        return status;
    base_text_init(&text, ctx->mem);
    status = route_own_write_problem(ctx, &known, file, &text);
    return status ? status : hand_over(ctx, &text, buffer, capacity, needed);
}

gb_status gb_route_solution_geojson(gb_context *ctx, const gb_route_file *file,
                                    const gb_route_solution *solution,
                                    char *buffer, size_t capacity,
                                    size_t *needed)
{
    base_text text;

    base_enter(ctx);
    if (!file || !solution || !needed || (!buffer && capacity))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `file`, `solution`, `needed` or `buffer` is "
                         "given");
    if (solution->n_clients != file->problem.n_clients
        || solution->n_vehicles != file->problem.n_vehicles)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the solution is of another problem");
    if (!route_own_is_lonlat(file))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the file has no longitudes and latitudes");
    base_text_init(&text, ctx->mem);
    route_own_write_geo(file, solution, &text);
    return hand_over(ctx, &text, buffer, capacity, needed);
}
