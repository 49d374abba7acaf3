/*
 * fuzz_route_read.c - any text as a problem of the text formats: it is refused
 * with a message of one line, or it is a problem that the engine takes, whose
 * solution is written and read back as the same.  What follows a line of
 * "%%" is a solution of it.
 */
#include <gridbeat/route_file.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_refusal(gb_context *ctx, gb_status status)
{
    if ((status != GB_ERR_PARSE && status != GB_ERR_DATA)
        || gb_last_error(ctx)[0] == '\0' || strchr(gb_last_error(ctx), '\n'))
        abort();
}

static void check_round_trip(gb_context *ctx, const gb_route_file *file,
                             const gb_route_solution *solution)
{
    gb_route_file_figures figures = { .size = sizeof figures };
    gb_route_file_routes *routes;
    gb_route_solution *again;
    size_t needed = 0;
    int64_t told;
    char *text;

    if (gb_route_file_figures_get(ctx, file, solution, &figures) != GB_OK
        || gb_route_file_solution_text(ctx, file, solution, 0, NULL, 0,
                                       &needed)
               != GB_ERR_BUFFER)
        abort();
    text = malloc(needed);
    if (!text
        || gb_route_file_solution_text(ctx, file, solution, 0, text, needed,
                                       &needed)
               != GB_OK
        || gb_route_file_read_solution_memory(ctx, file, text, needed - 1,
                                              "again", &routes)
               != GB_OK
        || !gb_route_file_routes_told(routes, &told)
        || (told != figures.figure && llabs((long long)figures.figure) < INT64_C(1000000000000)))
        abort();
    if (gb_route_evaluate(ctx, gb_route_file_problem(file),
                          gb_route_file_routes_order(routes), &again)
        == GB_OK) {
        if (gb_route_file_figures_get(ctx, file, again, &figures) != GB_OK)
            abort();
        gb_route_solution_free(again);
    }
    gb_route_file_routes_free(routes);
    free(text);
}

/* Nobody served, or what the solution says. */
static void drive(gb_context *ctx, const gb_route_file *file, const char *text,
                  size_t n)
{
    gb_route_file_routes *routes;
    gb_route_solution *solution;
    gb_status status
        = gb_route_file_read_solution_memory(ctx, file, text, n, "s", &routes);

    if (status) {
        expect_refusal(ctx, status);
        return;
    }
    status = gb_route_evaluate(ctx, gb_route_file_problem(file),
                               gb_route_file_routes_order(routes), &solution);
    /* What the reader lets through is no wrong data. */
    if (status != GB_OK && status != GB_ERR_INFEASIBLE)
        abort();
    if (status == GB_OK)
        check_round_trip(ctx, file, solution);
    else if (n == 0)
        abort();
    if (status == GB_OK)
        gb_route_solution_free(solution);
    gb_route_file_routes_free(routes);
}

static size_t split(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(data + i, "\n%%\n", 4) == 0)
            return i + 1;
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t n = split(data, size);
    gb_context *ctx = NULL;
    gb_route_file *file;
    gb_status status;

    /* JSON has a target of its own. */
    if (memchr(data, '{', size < 64 ? size : 64)
        || gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    status = gb_route_file_read_memory(ctx, data, n, "t", NULL, &file);
    if (status == GB_OK) {
        drive(ctx, file, "", 0);
        if (n < size)
            drive(ctx, file, (const char *)data + n + 3, size - n - 3);
        gb_route_file_free(file);
    } else {
        expect_refusal(ctx, status);
    }
    gb_context_free(ctx);
    return 0;
}
