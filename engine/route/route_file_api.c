/*
 * route_file_api.c - implements gridbeat/route_file.h; the formats are in
 * route_file_formats.c.
 */
#include <gridbeat/route_file.h>

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base_options.h"
#include "route_file_internal.h"
#include "route_result.h"
#include "route_write_sol.h"

static gb_status resolve(gb_context *ctx, const gb_route_file_options *options,
                         gb_route_file_options *out)
{
    gb_status status = base_options_take(ctx, out, sizeof *out, options,
                                         offsetof(gb_route_file_options,
                                                  travel));

    if (status)
        return status;
    if (out->format < 0 || out->format >= ROUTE_FILE_N_FORMATS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "there is no route format %d",
                         out->format);
    if (out->rounding < 0 || out->rounding > GB_ROUTE_ROUNDING_UP)
        return base_fail(ctx, GB_ERR_ARGUMENT, "there is no rounding %d",
                         out->rounding);
    if (out->scale > 100000)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a scale of %u; 1 to 100000 expected", out->scale);
    if (out->n_vehicles > 1000000)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%u vehicles are too many",
                         out->n_vehicles);
    return GB_OK;
}

/* The whole file, with '\0' behind it. */
static gb_status slurp(gb_context *ctx, const char *path, char **out,
                       size_t *n)
{
    FILE *stream = fopen(path, "rb");
    base_text text;
    char piece[1 << 14];
    size_t got;
    gb_status status = GB_OK;

    *out = NULL;
    if (!stream)
        return base_fail(ctx, errno == ENOENT ? GB_ERR_NOT_FOUND : GB_ERR_IO,
                         "%s: cannot be opened: %s", path, strerror(errno));
    base_text_init(&text, ctx->mem);
    while ((got = fread(piece, 1, sizeof piece, stream)) > 0
           && text.n <= ROUTE_FILE_MOST_BYTES)
        base_text_append(&text, piece, got);
    if (ferror(stream))
        status = base_fail(ctx, GB_ERR_IO, "%s: cannot be read: %s", path,
                           strerror(errno));
    else if (text.n > ROUTE_FILE_MOST_BYTES)
        status = base_fail(ctx, GB_ERR_DATA, "%s: is above 256 MB", path);
    fclose(stream);
    *n = text.n;
    if (status == GB_OK && !(*out = base_text_take(&text)))
        status = base_fail_nomem(ctx);
    base_text_clear(&text);
    return status;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static gb_route_file *new_file(gb_context *ctx)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    gb_route_file *file = base_alloc_zeroed(ctx->mem, 1, sizeof *file);

    if (!file) {
        base_fail_nomem(ctx);
        return NULL;
    }
    file->mem = base_mem_ref(ctx->mem);
    base_arena_init(&file->arena, file->mem);
    file->problem = none;
    file->facts.size = sizeof file->facts;
    file->facts.n_days = 1;
    file->facts.scale = 1;
    file->facts.published_per = 1;
    file->facts.rounding = GB_ROUTE_ROUNDING_NEAREST;
    return file;
}

static const char *skip_mark(const char *bytes, size_t *n)
{
    if (*n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        *n -= 3;
        return bytes + 3;
    }
    return bytes;
}

/* Which format it is; refuses what is none. */
static gb_status tell_format(gb_context *ctx, route_file_source *source)
{
    if (source->options.format == GB_ROUTE_FORMAT_AUTO)
        source->options.format = route_file_guess(source->bytes, source->n);
    if (source->options.format == GB_ROUTE_FORMAT_AUTO)
        return base_fail(ctx, GB_ERR_PARSE,
                         "%s: is of no known format: vrplib, solomon, "
                         "cordeau, toptw, vroom or json expected",
                         source->name);
    return GB_OK;
}

/* `bytes` has '\0' behind it. */
static gb_status read_bytes(gb_context *ctx, const char *bytes, size_t n,
                            const char *name,
                            const gb_route_file_options *options,
                            gb_route_file **out)
{
    route_file_source source = { NULL, n, name, *options };
    const route_file_format *format;
    gb_route_file *file = NULL;
    gb_status status;

    source.bytes = skip_mark(bytes, &source.n);
    status = tell_format(ctx, &source);
    if (status)
        return status;
    format = &ROUTE_FILE_FORMATS[source.options.format];
    if (!format->read)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s: %s is not read yet", name,
                         format->name);
    file = new_file(ctx);
    if (!file)
        return GB_ERR_NOMEM;
    file->facts.format = source.options.format;
    file->facts.name = route_file_strndup(ctx, file, base_name(name),
                                          strlen(base_name(name)));
    status = file->facts.name ? format->read(ctx, &source, file)
                              : GB_ERR_NOMEM;
    if (status == GB_OK)
        *out = file;
    else
        gb_route_file_free(file);
    return status;
}

gb_status gb_route_file_read(gb_context *ctx, const char *path,
                             const gb_route_file_options *options,
                             gb_route_file **out)
{
    gb_route_file_options resolved;
    char *bytes = NULL;
    size_t n = 0;
    gb_status status;

    base_enter(ctx);
    if (!path || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `path` or `out` is given");
    *out = NULL;
    status = resolve(ctx, options, &resolved);
    if (status == GB_OK)
        status = slurp(ctx, path, &bytes, &n);
    if (status == GB_OK)
        status = read_bytes(ctx, bytes, n, path, &resolved, out);
    base_free(ctx->mem, bytes);
    return status;
}

/* A copy with '\0' behind it, which the readers count on. */
static gb_status copy_bytes(gb_context *ctx, const void *bytes, size_t n,
                            char **out)
{
    if (n > ROUTE_FILE_MOST_BYTES)
        return base_fail(ctx, GB_ERR_DATA, "%zu bytes are above 256 MB", n);
    *out = base_strndup(ctx->mem, n ? bytes : "", n);
    return *out ? GB_OK : base_fail_nomem(ctx);
}

gb_status gb_route_file_read_memory(gb_context *ctx, const void *bytes,
                                    size_t n_bytes, const char *name,
                                    const gb_route_file_options *options,
                                    gb_route_file **out)
{
    gb_route_file_options resolved;
    char *copy = NULL;
    gb_status status;

    base_enter(ctx);
    if ((!bytes && n_bytes) || !name || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `bytes`, `name` or `out` is given");
    *out = NULL;
    status = resolve(ctx, options, &resolved);
    if (status == GB_OK)
        status = copy_bytes(ctx, bytes, n_bytes, &copy);
    if (status == GB_OK)
        status = read_bytes(ctx, copy, n_bytes, name, &resolved, out);
    base_free(ctx->mem, copy);
    return status;
}

void gb_route_file_free(gb_route_file *file)
{
    base_mem *mem;

    if (!file)
        return;
    mem = file->mem;
    base_array_clear(mem, &file->vehicles);
    base_array_clear(mem, &file->vehicle_names);
    base_array_clear(mem, &file->clients);
    base_arena_clear(&file->arena);
    base_free(mem, file);
    base_mem_unref(mem);
}

const gb_route_problem *gb_route_file_problem(const gb_route_file *file)
{
    return file ? &file->problem : NULL;
}

bool gb_route_file_facts_get(const gb_route_file *file,
                             gb_route_file_facts *out)
{
    if (!file || !out || out->size != sizeof *out)
        return false;
    *out = file->facts;
    return true;
}

const char *gb_route_file_client_name(const gb_route_file *file,
                                      uint32_t client)
{
    return file && client < file->clients.n ? file->clients.items[client].name
                                            : NULL;
}

const char *gb_route_file_vehicle_name(const gb_route_file *file,
                                       uint32_t vehicle)
{
    return file && vehicle < file->vehicle_names.n
               ? file->vehicle_names.items[vehicle]
               : NULL;
}

bool gb_route_file_location(const gb_route_file *file, uint32_t location,
                            double *x, double *y)
{
    if (!file || !file->xy || location >= file->problem.n_locations || !x
        || !y)
        return false;
    *x = file->xy[2 * (size_t)location];
    *y = file->xy[2 * (size_t)location + 1];
    return isfinite(*x) && isfinite(*y);
}

static gb_status check_solution(gb_context *ctx, const gb_route_file *file,
                                const gb_route_solution *solution)
{
    if (!file || !solution)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `file` or `solution` is given");
    if (solution->n_clients != file->problem.n_clients
        || solution->n_vehicles != file->problem.n_vehicles)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the solution is of another problem");
    return GB_OK;
}

gb_status gb_route_file_figures_get(gb_context *ctx, const gb_route_file *file,
                                    const gb_route_solution *solution,
                                    gb_route_file_figures *out)
{
    gb_route_file_figures figures = { 0 };
    gb_status status;

    base_enter(ctx);
    status = check_solution(ctx, file, solution);
    if (status)
        return status;
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    if (out->size != sizeof *out)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "figures of %zu bytes; %zu expected", out->size,
                         sizeof *out);
    status = ROUTE_FILE_FORMATS[file->facts.format].figures
                 ? ROUTE_FILE_FORMATS[file->facts.format].figures(
                       ctx, file, solution, &figures)
                 : route_sol_figures(ctx, file, solution, &figures);
    if (status)
        return status;
    figures.size = sizeof figures;
    *out = figures;
    return GB_OK;
}

gb_status gb_route_file_solution_text(gb_context *ctx,
                                      const gb_route_file *file,
                                      const gb_route_solution *solution,
                                      int32_t format, char *buffer,
                                      size_t capacity, size_t *needed)
{
    base_text text;
    gb_status status;

    base_enter(ctx);
    status = check_solution(ctx, file, solution);
    if (status)
        return status;
    if (!needed || (!buffer && capacity))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `needed` or `buffer` is given");
    if (format < 0 || format >= ROUTE_FILE_N_FORMATS)
        return base_fail(ctx, GB_ERR_ARGUMENT, "there is no route format %d",
                         format);
    if (format == GB_ROUTE_FORMAT_AUTO)
        format = file->facts.format;
    if (!ROUTE_FILE_FORMATS[format].write)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is not written yet",
                         ROUTE_FILE_FORMATS[format].name);
    base_text_init(&text, ctx->mem);
    status = ROUTE_FILE_FORMATS[format].write(ctx, file, solution, &text);
    if (status == GB_OK && text.is_short)
        status = base_fail_nomem(ctx);
    if (status == GB_OK) {
        *needed = text.n + 1;
        if (capacity < *needed)
            status = base_fail(ctx, GB_ERR_BUFFER,
                               "the solution takes %zu bytes, not %zu",
                               *needed, capacity);
        else
            memcpy(buffer, text.chars ? text.chars : "", *needed);
    }
    base_text_clear(&text);
    return status;
}

static gb_status read_routes(gb_context *ctx, const gb_route_file *file,
                             const char *bytes, size_t n, const char *name,
                             gb_route_file_routes **out)
{
    const gb_route_file_options none = GB_ROUTE_FILE_OPTIONS_INIT;
    route_file_source source = { NULL, n, name, none };
    gb_route_file_routes *routes = NULL;
    int32_t format = GB_ROUTE_FORMAT_VRPLIB;
    size_t i = 0;
    gb_status status;

    source.bytes = skip_mark(bytes, &source.n);
    while (i < source.n && strchr(" \t\r\n", source.bytes[i]))
        i++;
    if (i < source.n && source.bytes[i] == '{')
        format = route_json_guess(source.bytes, source.n);
    if (!ROUTE_FILE_FORMATS[format].read_routes)
        return base_fail(ctx, GB_ERR_PARSE, "%s: %s is not read yet", name,
                         ROUTE_FILE_FORMATS[format].name);
    routes = base_alloc_zeroed(ctx->mem, 1, sizeof *routes);
    if (!routes)
        return base_fail_nomem(ctx);
    routes->mem = base_mem_ref(ctx->mem);
    status = ROUTE_FILE_FORMATS[format].read_routes(ctx, file, &source,
                                                    routes);
    if (status == GB_OK)
        *out = routes;
    else
        gb_route_file_routes_free(routes);
    return status;
}

gb_status gb_route_file_read_solution(gb_context *ctx,
                                      const gb_route_file *file,
                                      const char *path,
                                      gb_route_file_routes **out)
{
    char *bytes = NULL;
    size_t n = 0;
    gb_status status;

    base_enter(ctx);
    if (!file || !path || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `file`, `path` or `out` is given");
    *out = NULL;
    status = slurp(ctx, path, &bytes, &n);
    if (status == GB_OK)
        status = read_routes(ctx, file, bytes, n, path, out);
    base_free(ctx->mem, bytes);
    return status;
}

gb_status gb_route_file_read_solution_memory(
    gb_context *ctx, const gb_route_file *file, const void *bytes,
    size_t n_bytes, const char *name, gb_route_file_routes **out)
{
    char *copy = NULL;
    gb_status status;

    base_enter(ctx);
    if (!file || (!bytes && n_bytes) || !name || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no `file`, `bytes`, `name` or `out` is given");
    *out = NULL;
    status = copy_bytes(ctx, bytes, n_bytes, &copy);
    if (status == GB_OK)
        status = read_routes(ctx, file, copy, n_bytes, name, out);
    base_free(ctx->mem, copy);
    return status;
}

void gb_route_file_routes_free(gb_route_file_routes *routes)
{
    base_mem *mem;

    if (!routes)
        return;
    mem = routes->mem;
    base_free(mem, routes->first);
    base_free(mem, routes->items);
    base_free(mem, routes->frozen);
    base_free(mem, routes);
    base_mem_unref(mem);
}

const gb_route_order *
gb_route_file_routes_order(const gb_route_file_routes *routes)
{
    return routes ? &routes->order : NULL;
}

bool gb_route_file_routes_told(const gb_route_file_routes *routes,
                               int64_t *figure)
{
    if (!routes || !figure || !routes->has_told)
        return false;
    *figure = routes->told;
    return true;
}
