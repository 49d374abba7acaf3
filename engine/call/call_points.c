/*
 * call_points.c - see call_points.h.
 */
#include "call_points.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 30, MOST_COLUMNS = 64 };

typedef struct reader {
    char *at;    /* the text still to be read; fields are cut in place */
    size_t line; /* of the field being read */
} reader;

static gb_status read_file(call *c, const char *path, char **out)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    char *text = NULL;

    *out = NULL;
    if (!file)
        return base_fail(c->ctx,
                         errno == ENOENT ? GB_ERR_NOT_FOUND : GB_ERR_IO,
                         "%s: %s", path, strerror(errno));
    if (fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0 || size > LARGEST_FILE) {
        fclose(file);
        return base_fail(c->ctx, GB_ERR_IO, "%s: cannot be read", path);
    }
    rewind(file);
    text = base_alloc(c->mem, (size_t)size + 1);
    if (text)
        text[fread(text, 1, (size_t)size, file)] = '\0';
    fclose(file);
    if (!text)
        return base_fail_nomem(c->ctx);
    *out = text;
    return GB_OK;
}

/* The text behind the opening quote, its doubled quotes undone in place;
 * reader->at then stands behind the closing one.  NULL: there is none. */
static char *unquote(reader *r)
{
    char *start = ++r->at, *to = start;

    for (;; r->at++) {
        if (*r->at == '\0')
            return NULL;
        if (*r->at == '"' && r->at[1] == '"')
            r->at++;
        else if (*r->at == '"')
            break;
        r->line += *r->at == '\n';
        *to++ = *r->at;
    }
    r->at++;
    *to = '\0';
    return start;
}

/* The next field of the line; *is_last when the line ends with it.  NULL: a
 * quote is not closed. */
static char *next_field(reader *r, bool *is_last)
{
    char *start = r->at, end;

    if (*r->at == '"') {
        start = unquote(r);
        if (!start)
            return NULL;
    }
    r->at += strcspn(r->at, ",\r\n");
    end = *r->at;
    *is_last = end != ',';
    if (end == '\0')
        return start;
    *r->at++ = '\0';
    if (end == '\r' && *r->at == '\n')
        r->at++;
    r->line += *is_last;
    return start;
}

/* The fields of a line into the array; 0: a quote is not closed. */
static size_t next_line(reader *r, char *fields[MOST_COLUMNS])
{
    size_t n = 0;
    bool is_last = false;

    while (!is_last) {
        char *field = next_field(r, &is_last);

        if (!field)
            return 0;
        if (n < MOST_COLUMNS)
            fields[n++] = field;
    }
    return n;
}

static bool find_columns(char *const fields[], size_t n, size_t column[3])
{
    static const char *const names[] = { "id", "lon", "lat" };

    for (size_t k = 0; k < 3; k++) {
        column[k] = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (strcmp(fields[i], names[k]) == 0)
                column[k] = i;
        if (column[k] == SIZE_MAX)
            return false;
    }
    return true;
}

static bool grow(const call *c, call_points *points)
{
    const size_t capacity = points->capacity * 2 + 64;
    const char **ids = base_realloc_array(c->mem, (void *)points->ids,
                                          capacity, sizeof *ids);
    gb_lonlat *at;

    if (!ids)
        return false;
    points->ids = ids;
    at = base_realloc_array(c->mem, points->at, capacity, sizeof *at);
    if (!at)
        return false;
    points->at = at;
    points->capacity = capacity;
    return true;
}

static const char *field_or_empty(char *const fields[], size_t n, size_t i)
{
    return i < n ? fields[i] : "";
}

static gb_status add(call *c, call_points *points, char *const fields[],
                     size_t n, const size_t column[3])
{
    const char *id = field_or_empty(fields, n, column[0]);
    gb_lonlat at = { NAN, NAN };
    char *copy;

    if (points->n == points->capacity && !grow(c, points))
        return base_fail_nomem(c->ctx);
    copy = base_arena_alloc(&points->arena, strlen(id) + 1, 1);
    if (!copy)
        return base_fail_nomem(c->ctx);
    if (!base_parse_real(field_or_empty(fields, n, column[1]), &at.lon_deg)
        || !base_parse_real(field_or_empty(fields, n, column[2]),
                            &at.lat_deg))
        at.lon_deg = at.lat_deg = NAN;
    memcpy(copy, id, strlen(id) + 1);
    points->ids[points->n] = copy;
    points->at[points->n++] = at;
    return GB_OK;
}

static gb_status read_lines(call *c, const char *path, char *text,
                            call_points *out)
{
    reader r = { text, 1 };
    char *fields[MOST_COLUMNS];
    size_t column[3], n;
    gb_status status = GB_OK;

    if (strncmp(r.at, "\xEF\xBB\xBF", 3) == 0)
        r.at += 3;
    n = next_line(&r, fields);
    if (!find_columns(fields, n, column))
        return base_fail(c->ctx, GB_ERR_PARSE,
                         "%s:1: the columns id, lon and lat are expected",
                         path);
    while (!status && *r.at) {
        const size_t line = r.line;

        n = next_line(&r, fields);
        if (n == 0)
            return base_fail(c->ctx, GB_ERR_PARSE,
                             "%s:%zu: a quote is not closed", path, line);
        if (n > 1 || fields[0][0]) /* not an empty line */
            status = add(c, out, fields, n, column);
    }
    return status;
}

gb_status call_points_read(call *c, const char *path, call_points *out)
{
    char *text = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, c->mem);
    status = read_file(c, path, &text);
    if (!status)
        status = read_lines(c, path, text, out);
    base_free(c->mem, text);
    return status;
}

void call_points_clear(const call *c, call_points *points)
{
    base_arena_clear(&points->arena);
    base_free(c->mem, (void *)points->ids);
    base_free(c->mem, points->at);
    points->ids = NULL;
    points->at = NULL;
    points->n = points->capacity = 0;
}
