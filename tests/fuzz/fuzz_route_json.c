/*
 * fuzz_route_json.c - any bytes as VROOM's JSON or our own: refused in one
 * line, or a problem that is the same after it was written and read again, and
 * whose plan goes out and comes back in both forms.  A second document behind
 * a zero byte is read as a solution of the first.
 */
#define _GNU_SOURCE /* memmem */
#include <gridbeat/gridbeat.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 16, MOST_CLIENTS = 60, MOST_VEHICLES = 60 };

static void hold(bool is_right)
{
    if (!is_right)
        abort();
}

static char *problem_text(gb_context *ctx, const gb_route_file *file)
{
    size_t needed = 0;
    char *text;

    hold(gb_route_problem_text(ctx, gb_route_file_problem(file), file, NULL, 0,
                               &needed) == GB_ERR_BUFFER);
    text = malloc(needed);
    hold(text != NULL);
    hold(gb_route_problem_text(ctx, gb_route_file_problem(file), file, text,
                               needed, &needed) == GB_OK);
    return text;
}

static void check_round_trip(gb_context *ctx, const gb_route_file *file)
{
    char *text = problem_text(ctx, file), *again;
    gb_route_file *other = NULL;

    hold(gb_route_file_read_memory(ctx, text, strlen(text), "t", NULL, &other)
         == GB_OK);
    again = problem_text(ctx, other);
    hold(strcmp(text, again) == 0);
    gb_route_file_free(other);
    free(text);
    free(again);
}

static void check_way_back(gb_context *ctx, const gb_route_file *file,
                           const gb_route_solution *solution, int32_t format)
{
    size_t needed = 0;
    char *text;
    gb_route_file_routes *routes = NULL;
    gb_route_solution *driven = NULL;

    hold(gb_route_file_solution_text(ctx, file, solution, format, NULL, 0,
                                     &needed) == GB_ERR_BUFFER);
    text = malloc(needed);
    hold(text != NULL);
    hold(gb_route_file_solution_text(ctx, file, solution, format, text, needed,
                                     &needed) == GB_OK);
    hold(gb_route_file_read_solution_memory(ctx, file, text, needed - 1, "s",
                                            &routes) == GB_OK);
    /* VROOM's breaks may stand elsewhere, and vehicles share an id. */
    if (format == GB_ROUTE_FORMAT_JSON)
        hold(gb_route_evaluate(ctx, gb_route_file_problem(file),
                               gb_route_file_routes_order(routes), &driven)
             == GB_OK);
    gb_route_solution_free(driven);
    gb_route_file_routes_free(routes);
    free(text);
}

static void check_plan(gb_context *ctx, const gb_route_file *file)
{
    const gb_route_problem *p = gb_route_file_problem(file);
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    size_t needed = 0;

    if (p->n_clients > MOST_CLIENTS || p->n_vehicles > MOST_VEHICLES)
        return;
    options.max_iterations = 8;
    options.n_searches = 1;
    if (gb_route_solve(ctx, p, &options, &solution) == GB_OK) {
        check_way_back(ctx, file, solution, GB_ROUTE_FORMAT_JSON);
        check_way_back(ctx, file, solution, GB_ROUTE_FORMAT_VROOM);
        gb_route_solution_geojson(ctx, file, solution, NULL, 0, &needed);
    }
    gb_route_solution_free(solution);
}

static void check_message(gb_context *ctx)
{
    const char *said = gb_last_error(ctx);

    hold(said && said[0] != '\0' && !strchr(said, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *zero = size ? memchr(data, '\0', size) : NULL;
    const size_t n = zero ? (size_t)(zero - data) : size;
    gb_context *ctx = NULL;
    gb_route_file *file = NULL;
    gb_route_file_routes *routes = NULL;
    gb_route_file_options options = GB_ROUTE_FILE_OPTIONS_INIT;

    if (size > MOST_BYTES || gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    options.format = n && memmem(data, n, "gridbeat", 8)
                         ? GB_ROUTE_FORMAT_JSON
                         : GB_ROUTE_FORMAT_VROOM;
    if (gb_route_file_read_memory(ctx, data, n, "f", &options, &file)
        == GB_OK) {
        check_round_trip(ctx, file);
        check_plan(ctx, file);
        if (zero
            && gb_route_file_read_solution_memory(ctx, file, zero + 1,
                                                  size - n - 1, "s", &routes))
            check_message(ctx);
        gb_route_file_routes_free(routes);
    } else {
        check_message(ctx);
    }
    gb_route_file_free(file);
    gb_context_free(ctx);
    return 0;
}
