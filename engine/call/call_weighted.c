/*
 * call_weighted.c - see call_weighted.h.
 */
#include "call_weighted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_run.h"

/* A bank's places lie within a zone; REACH of projections is wider. */
static const double FAR_DEG = 3;

typedef struct reader {
    gb_context *ctx;
    const char *name;
    bool is_planar;
    size_t columns[3]; /* SIZE_MAX: there is none */
    call_weighted *out;
} reader;

static const char *const names[2][3] = { { "lon", "lat", "w" },
                                         { "x", "y", "w" } };

static bool take_header(reader *r, const base_csv_row *row)
{
    for (size_t k = 0; k < 3; k++) {
        r->columns[k] = SIZE_MAX;
        for (size_t i = 0; i < row->n_fields; i++)
            if (strcmp(row->fields[i], names[r->is_planar][k]) == 0)
                r->columns[k] = i;
    }
    return r->columns[0] != SIZE_MAX && r->columns[1] != SIZE_MAX;
}

/* Without a header the first row is a place already. */
static bool is_headless(reader *r, const base_csv_row *row)
{
    double x, y;

    if (row->n_fields < 2 || !base_parse_real(row->fields[0], &x)
        || !base_parse_real(row->fields[1], &y))
        return false;
    for (size_t k = 0; k < 3; k++)
        r->columns[k] = k < row->n_fields ? k : SIZE_MAX;
    return true;
}

static void tell(call_weighted *out, uint64_t line, const char *column,
                 const char *value, const char *why)
{
    if (out->n_told < CALL_WEIGHTED_TOLD) {
        call_weighted_fault *told = &out->told[out->n_told++];

        told->line = line;
        told->column = column;
        told->why = why;
        snprintf(told->value, sizeof told->value, "%s", value);
    }
    out->n_bad++;
}

/* One field as a number within +-most; told of otherwise. */
static bool take_number(reader *r, const base_csv_row *row, size_t k,
                        double most, const char *why, double *out)
{
    const size_t at = r->columns[k];
    const char *field = at < row->n_fields ? row->fields[at] : "";

    if (base_parse_real(field, out) && fabs(*out) <= most)
        return true;
    tell(r->out, row->line, names[r->is_planar][k], field, why);
    return false;
}

static gb_status grow(reader *r)
{
    call_weighted *out = r->out;
    const size_t capacity = out->capacity * 2 + 1024;
    gb_lonlat *at = base_realloc_array(r->ctx->mem, out->at, capacity,
                                       sizeof *at);
    double *weights;
    uint64_t *lines;

    if (!at)
        return base_fail_nomem(r->ctx);
    out->at = at;
    lines = base_realloc_array(r->ctx->mem, out->lines, capacity,
                               sizeof *lines);
    if (!lines)
        return base_fail_nomem(r->ctx);
    out->lines = lines;
    if (r->columns[2] != SIZE_MAX) {
        weights = base_realloc_array(r->ctx->mem, out->weights, capacity,
                                     sizeof *weights);
        if (!weights)
            return base_fail_nomem(r->ctx);
        out->weights = weights;
    }
    out->capacity = capacity;
    return GB_OK;
}

static gb_status take_row(reader *r, const base_csv_row *row)
{
    static const char *const whys[2][2]
        = { { GB_N("not a longitude: degrees from -180 to 180"),
              GB_N("not a latitude: degrees from -90 to 90") },
            { GB_N("not a number of metres"),
              GB_N("not a number of metres") } };
    static const double mosts[2][2] = { { 180, 90 }, { 1e9, 1e9 } };
    call_weighted *out = r->out;
    double numbers[3] = { 0, 0, 1 };

    out->n_rows++;
    for (size_t k = 0; k < 2; k++)
        if (!take_number(r, row, k, mosts[r->is_planar][k],
                         whys[r->is_planar][k], &numbers[k]))
            return GB_OK;
    if (r->columns[2] != SIZE_MAX
        && !take_number(r, row, 2, 1e300, GB_N("not a weight: a number"),
                        &numbers[2]))
        return GB_OK;
    if (out->n == out->capacity) {
        const gb_status status = grow(r);

        if (status)
            return status;
    }
    out->at[out->n] = (gb_lonlat){ numbers[0], numbers[1] };
    out->lines[out->n] = row->line;
    if (out->weights)
        out->weights[out->n] = numbers[2];
    out->n++;
    return GB_OK;
}

static gb_status take_first(reader *r, const base_csv_row *row)
{
    if (row->found == BASE_CSV_ROW && is_headless(r, row))
        return take_row(r, row);
    if (row->found == BASE_CSV_ROW && take_header(r, row))
        return GB_OK;
    if (r->is_planar)
        return base_fail(r->ctx, GB_ERR_PARSE,
                         "%s:1: the columns x and y are expected", r->name);
    return base_fail(r->ctx, GB_ERR_PARSE,
                     "%s:1: the columns lon and lat are expected (x and y in "
                     "metres: \"planar\")", r->name);
}

gb_status call_weighted_take(gb_context *ctx, base_csv *csv, const char *name,
                             bool is_planar, call_weighted *out)
{
    reader r = { .ctx = ctx, .name = name, .is_planar = is_planar,
                 .out = out };
    base_csv_row row;
    base_run run;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_csv_next(csv, &row);
    if (!status)
        status = take_first(&r, &row);
    while (!status && row.found != BASE_CSV_END) {
        status = base_csv_next(csv, &row);
        if (status || row.found == BASE_CSV_END)
            break;
        if (row.found == BASE_CSV_BAD) {
            out->n_rows++;
            tell(out, row.line, "", "", row.fault);
        } else {
            status = take_row(&r, &row);
        }
        if (!status)
            status = base_poll(&run);
    }
    return status;
}

static gb_status hold_to_share(call *c, const char *path, double max_bad,
                               const call_weighted *points)
{
    const call_weighted_fault *first = &points->told[0];

    if ((double)points->n_bad <= max_bad * (double)points->n_rows)
        return GB_OK;
    call_note(c, "%s", call_words(c, first->why));
    return base_fail(c->ctx, GB_ERR_DATA,
                     "%s: %zu of %zu rows are bad; the first is line %llu, "
                     "column \"%s\": \"%s\"",
                     path, points->n_bad, points->n_rows,
                     (unsigned long long)first->line, first->column,
                     first->value);
}

gb_status call_weighted_read(call *c, const char *path, bool is_planar,
                             double max_bad, call_weighted *out)
{
    base_csv *csv = NULL;
    gb_status status = base_csv_open(c->ctx, path, &csv);

    memset(out, 0, sizeof *out);
    if (!status)
        status = call_weighted_take(c->ctx, csv, path, is_planar, out);
    base_csv_close(csv);
    return status ? status : hold_to_share(c, path, max_bad, out);
}

/* --- on the plane --- */

static int by_value(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;

    return one < other ? -1 : one > other;
}

static gb_status find_middle(call *c, const call_weighted *places,
                             gb_lonlat *out)
{
    const size_t n = places->n;
    double *values = base_alloc_array(c->mem, n, sizeof *values);

    if (!values)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < n; i++)
        values[i] = places->at[i].lon_deg;
    qsort(values, n, sizeof *values, by_value);
    out->lon_deg = values[n / 2];
    for (size_t i = 0; i < n; i++)
        values[i] = places->at[i].lat_deg;
    qsort(values, n, sizeof *values, by_value);
    out->lat_deg = values[n / 2];
    base_free(c->mem, values);
    return GB_OK;
}

static bool is_far(gb_lonlat a, gb_lonlat b)
{
    return fabs(remainder(a.lon_deg - b.lon_deg, 360)) > FAR_DEG
        || fabs(a.lat_deg - b.lat_deg) > FAR_DEG;
}

static gb_status drop_far(call *c, const char *path, double max_bad,
                          call_weighted *p, gb_lonlat middle)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        if (is_far(p->at[i], middle)) {
            char lon[32], lat[32], value[40];

            snprintf(value, sizeof value, "%.19s,%.19s",
                     base_real_text(lon, p->at[i].lon_deg, 6),
                     base_real_text(lat, p->at[i].lat_deg, 6));
            tell(p, p->lines[i], "lon,lat", value,
                 GB_N("more than 3 degrees from the middle of all; a shifted "
                      "point, or lon and lat exchanged?"));
            continue;
        }
        p->at[n] = p->at[i];
        p->lines[n] = p->lines[i];
        if (p->weights)
            p->weights[n] = p->weights[i];
        n++;
    }
    p->n = n;
    return hold_to_share(c, path, max_bad, p);
}

/* Room for the points; there must be some. */
static gb_status make_points(call *c, const char *path,
                             const call_weighted *places, gb_point **out)
{
    *out = NULL;
    if (places->n == 0)
        return base_fail(c->ctx, GB_ERR_DATA, "%s: there is no point in it",
                         path);
    *out = base_alloc_array(c->mem, places->n, sizeof **out);
    return *out ? GB_OK : base_fail_nomem(c->ctx);
}

gb_status call_weighted_plane(call *c, const char *path,
                              const call_weighted *places, gb_point **points)
{
    const gb_status status = make_points(c, path, places, points);

    for (size_t i = 0; !status && i < places->n; i++)
        (*points)[i]
            = (gb_point){ places->at[i].lon_deg, places->at[i].lat_deg };
    return status;
}

gb_status call_weighted_project(call *c, const char *path, int32_t epsg,
                                double max_bad, call_weighted *places,
                                gb_crs **crs, gb_point **points)
{
    gb_lonlat middle = { 0, 0 };
    gb_status status = make_points(c, path, places, points);

    if (!status && !epsg) {
        status = find_middle(c, places, &middle);
        if (!status)
            status = drop_far(c, path, max_bad, places, middle);
        if (!status && !*crs)
            status = gb_crs_for_extent(c->ctx, middle, middle, &epsg);
    }
    if (!status && !*crs)
        status = gb_crs_open(c->ctx, epsg, crs);
    return status ? status
                  : gb_crs_project(c->ctx, *crs, places->at, places->n,
                                   *points);
}

void call_weighted_clear(base_mem *mem, call_weighted *points)
{
    base_free(mem, points->at);
    base_free(mem, points->weights);
    base_free(mem, points->lines);
    memset(points, 0, sizeof *points);
}

json_t *call_weighted_faults(const call *c, const call_weighted *points)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < points->n_told; i++) {
        const call_weighted_fault *f = &points->told[i];

        if (!call_put(list, NULL,
                      json_pack("{s:I, s:s, s:o, s:s}", "line",
                                (json_int_t)f->line, "column", f->column,
                                "value", call_string(f->value), "why",
                                call_words(c, f->why)))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
