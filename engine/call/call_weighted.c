/*
 * call_weighted.c - see call_weighted.h.
 */
#include "call_weighted.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_run.h"

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

static void tell(reader *r, uint64_t line, const char *column,
                 const char *value, const char *why)
{
    call_weighted *out = r->out;

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
    tell(r, row->line, names[r->is_planar][k], field, why);
    return false;
}

static gb_status grow(reader *r)
{
    call_weighted *out = r->out;
    const size_t capacity = out->capacity * 2 + 1024;
    gb_lonlat *at = base_realloc_array(r->ctx->mem, out->at, capacity,
                                       sizeof *at);
    double *weights;

    if (!at)
        return base_fail_nomem(r->ctx);
    out->at = at;
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
            tell(&r, row.line, "", "", row.fault);
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

void call_weighted_clear(base_mem *mem, call_weighted *points)
{
    base_free(mem, points->at);
    base_free(mem, points->weights);
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
