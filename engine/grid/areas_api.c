/*
 * areas_api.c - implements the files of areas in gridbeat/grid.h.
 */
#include <gridbeat/grid.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_text.h"
#include "grid_door.h"
#include "grid_hess.h"
#include "grid_read.h"

struct gb_area_file {
    base_mem *mem;
    grid_file file;
};

/* By the words of the first line, of a copy that may be walked. */
static gb_status recognise(grid_words words, int32_t *format)
{
    size_t n_numbers = 0, n = 0;
    gb_status status = GB_OK;
    double number;

    *format = GB_AREA_FORMAT_TG1;
    if (!grid_words_line(&words))
        return GB_OK;
    for (; n < 4 && grid_words_next(&words, &status); n++)
        n_numbers += base_parse_real(words.word, &number);
    if (status || n_numbers < n)
        return status;
    if (n == 2)
        *format = GB_AREA_FORMAT_CPMP;
    if (n == 1)
        *format = GB_AREA_FORMAT_CTDP;
    return GB_OK;
}

static gb_status read_any(base_run *run, const char *name, const char *bytes,
                          size_t n_bytes, int32_t format, grid_file *file)
{
    grid_words words;
    gb_status status;

    base_run_phase(run, GB_N("reading areas"), 0, 1, 0);
    status = base_poll(run);
    if (!status)
        status = grid_words_begin(&words, run, name, bytes, n_bytes);
    if (!status && format == GB_AREA_FORMAT_ANY)
        status = recognise(words, &format);
    if (status)
        return status;
    switch (format) {
    case GB_AREA_FORMAT_CTDP:
        return grid_read_ctdp(&words, file);
    case GB_AREA_FORMAT_CPMP:
        return grid_read_cpmp(&words, file);
    default:
        return grid_read_tg1(&words, file);
    }
}

gb_status gb_areas_read(gb_context *ctx, const char *name, const void *bytes,
                        size_t n_bytes, int32_t format, gb_area_file **out)
{
    gb_area_file *made;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "out: NULL");
    *out = NULL;
    if (!name || (!bytes && n_bytes > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "name or bytes: NULL");
    if (format < GB_AREA_FORMAT_ANY || format > GB_AREA_FORMAT_CPMP)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no format of areas has the "
                         "number %d", (int)format);
    made = base_alloc_zeroed(ctx->mem, 1, sizeof *made);
    if (!made)
        return base_fail_nomem(ctx);
    made->mem = base_mem_ref(ctx->mem);
    grid_file_init(&made->file, made->mem);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = read_any(&run, name, bytes ? bytes : "", n_bytes, format,
                      &made->file);
    if (status) {
        gb_area_file_free(made);
        return status;
    }
    *out = made;
    return base_run_end(&run, GB_OK);
}

void gb_area_file_free(gb_area_file *file)
{
    base_mem *mem;

    if (!file)
        return;
    mem = file->mem;
    grid_file_clear(&file->file);
    base_free(mem, file);
    base_mem_unref(mem);
}

const gb_areas *gb_area_file_areas(const gb_area_file *file)
{
    return &file->file.areas;
}

const gb_lonlat *gb_area_file_places(const gb_area_file *file)
{
    return file->file.places;
}

const double *gb_area_file_tolerances(const gb_area_file *file)
{
    return file->file.tolerances;
}

const double *gb_area_file_capacities(const gb_area_file *file)
{
    return file->file.capacities;
}

const double *gb_area_file_familiarity(const gb_area_file *file)
{
    return file->file.familiarity;
}

const double *gb_area_file_distances(const gb_area_file *file)
{
    return file->file.distances;
}

const char *gb_area_file_ref(const gb_area_file *file, size_t area)
{
    if (!file->file.refs || area >= file->file.facts.n_areas)
        return NULL;
    return file->file.refs[area];
}

void gb_area_file_facts(const gb_area_file *file, gb_area_facts *out)
{
    const size_t size = out->size < sizeof *out ? out->size : sizeof *out;

    if (size <= sizeof out->size)
        return;
    memcpy((char *)out + sizeof out->size,
           (const char *)&file->file.facts + sizeof out->size,
           size - sizeof out->size);
}

static gb_status check_places(gb_context *ctx, const gb_lonlat *places,
                              size_t n)
{
    for (size_t a = 0; places && a < n; a++)
        if (!(fabs(places[a].lon_deg) <= 180 && fabs(places[a].lat_deg) <= 90))
            return base_fail(ctx, GB_ERR_DATA,
                             "area %zu: its place is no longitude and "
                             "latitude", a);
    return GB_OK;
}

static gb_status sum_about(gb_context *ctx, const gb_areas *areas,
                           const gb_lonlat *places, size_t n_territories,
                           const uint32_t *owners, bool is_squared,
                           uint32_t *centres, double *sum)
{
    gb_areas known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!owners || !sum)
        return base_fail(ctx, GB_ERR_ARGUMENT, "owners or the sum: NULL");
    status = grid_door_areas(ctx, &known, areas);
    if (!status && (n_territories == 0 || n_territories > known.n_areas))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "%zu territories of %zu areas", n_territories,
                           known.n_areas);
    if (!status)
        status = check_places(ctx, places, known.n_areas);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, grid_hess_sum(&run, &known, places,
                                            n_territories, owners,
                                            is_squared, centres, sum));
}

gb_status gb_territory_moment(gb_context *ctx, const gb_areas *areas,
                              const gb_lonlat *places, size_t n_territories,
                              const uint32_t *owners, uint32_t *centres,
                              double *moment)
{
    return sum_about(ctx, areas, places, n_territories, owners, true, centres,
                     moment);
}

gb_status gb_territory_median(gb_context *ctx, const gb_areas *areas,
                              const gb_lonlat *places, size_t n_territories,
                              const uint32_t *owners, uint32_t *centres,
                              double *median)
{
    return sum_about(ctx, areas, places, n_territories, owners, false,
                     centres, median);
}
