/*
 * call_score_table.c - see call_score_table.h.
 */
#include "call_score_table.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LEAST_BAD = 10, ONE_IN = 20, FIRST_SLOTS = 64 };
static const double SHARE_OF_NUMBERS = .8;

/* ---- a file ---- */

/* The separator that the first line has most of, outside of quotes. */
static char find_separator(const char *bytes, size_t n)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = { 0 }, best = 0;
    bool is_quoted = false;

    for (size_t i = 0; i < n && bytes[i] != '\n'; i++) {
        const char *at;

        if (bytes[i] == '"')
            is_quoted = !is_quoted;
        at = bytes[i] && !is_quoted ? strchr(candidates, bytes[i]) : NULL;
        if (at)
            counts[at - candidates]++;
    }
    for (size_t k = 1; k < 3; k++)
        if (counts[k] > counts[best])
            best = k;
    return candidates[best];
}

static gb_status keep_text(gb_context *ctx, base_arena *arena,
                           const char *text, char **out)
{
    const size_t n = strlen(text) + 1;

    *out = base_arena_alloc(arena, n, 1);
    if (!*out)
        return base_fail_nomem(ctx);
    memcpy(*out, text, n);
    return GB_OK;
}

static gb_status check_name(const call_score_file *file, size_t c)
{
    if (!*file->names[c] || !base_is_utf8(file->names[c],
                                          strlen(file->names[c])))
        return base_fail(file->ctx, GB_ERR_DATA,
                         "%s: column %zu has no name in the first row",
                         file->path, c + 1);
    for (size_t d = 0; d < c; d++)
        if (strcmp(file->names[c], file->names[d]) == 0)
            return base_fail(file->ctx, GB_ERR_DATA,
                             "%s: two columns have the name \"%.60s\"",
                             file->path, file->names[c]);
    return GB_OK;
}

static gb_status read_names(call_score_file *file)
{
    base_csv_row row;
    gb_status status = base_csv_next(file->csv, &row);

    if (!status && row.found != BASE_CSV_ROW)
        status = base_fail(file->ctx, GB_ERR_DATA,
                           "%s: the names of the columns are expected in the "
                           "first row",
                           file->path);
    if (status)
        return status;
    file->n_columns = row.n_fields;
    file->names = base_arena_alloc(&file->arena, row.n_fields,
                                   sizeof *file->names);
    if (!file->names)
        return base_fail_nomem(file->ctx);
    for (size_t c = 0; c < row.n_fields && !status; c++) {
        status = keep_text(file->ctx, &file->arena, row.fields[c],
                           &file->names[c]);
        if (!status)
            status = check_name(file, c);
    }
    return status;
}

gb_status call_score_open(gb_context *ctx, const char *path,
                          call_score_file *file)
{
    const char *bytes;
    size_t n;
    gb_status status;

    memset(file, 0, sizeof *file);
    file->ctx = ctx;
    file->path = path;
    base_arena_init(&file->arena, ctx->mem);
    status = base_csv_open(ctx, path, &file->csv);
    if (status)
        return status;
    bytes = base_csv_peek(file->csv, &n);
    base_csv_separate_by(file->csv, find_separator(bytes, n));
    return read_names(file);
}

void call_score_close(call_score_file *file)
{
    base_csv_close(file->csv);
    file->csv = NULL;
    if (file->ctx)
        base_arena_clear(&file->arena);
}

static void note_bad(call_score_file *file, const base_csv_row *row,
                     const char *what)
{
    if (file->n_bad++ == 0) {
        file->first_bad = row->line;
        snprintf(file->bad, sizeof file->bad, "%s", what);
    }
}

static void note_count(call_score_file *file, const base_csv_row *row)
{
    char what[160];

    snprintf(what, sizeof what,
             base_lang_text(file->ctx->lang,
                            GB_N("%zu fields where the first row names %zu")),
             row->n_fields, file->n_columns);
    note_bad(file, row, what);
}

gb_status call_score_next(call_score_file *file, base_csv_row *row)
{
    for (;;) {
        const gb_status status = base_csv_next(file->csv, row);

        if (status)
            return status;
        if (row->found == BASE_CSV_END) {
            if (file->n_bad > LEAST_BAD
                && file->n_bad * ONE_IN > file->n_bad + file->n_rows)
                return base_fail(file->ctx, GB_ERR_DATA,
                                 "%s:%llu  %s; %llu rows of %llu are bad: too "
                                 "many",
                                 file->path,
                                 (unsigned long long)file->first_bad,
                                 file->bad, (unsigned long long)file->n_bad,
                                 (unsigned long long)(file->n_bad
                                                      + file->n_rows));
            return GB_OK;
        }
        if (row->found == BASE_CSV_ROW && row->n_fields == file->n_columns
            && base_is_utf8(row->bytes, row->n_bytes)) {
            file->n_rows++;
            return GB_OK;
        }
        if (row->found == BASE_CSV_BAD)
            note_bad(file, row, base_lang_text(file->ctx->lang, row->fault));
        else if (row->n_fields != file->n_columns)
            note_count(file, row);
        else
            note_bad(file, row,
                     base_lang_text(file->ctx->lang, GB_N("no UTF-8")));
    }
}

size_t call_score_find(const call_score_file *file, const char *name)
{
    for (size_t c = 0; name && c < file->n_columns; c++)
        if (strcmp(file->names[c], name) == 0)
            return c;
    return SIZE_MAX;
}

gb_status call_score_must_find(const call_score_file *file, const char *name,
                               size_t *out)
{
    *out = call_score_find(file, name);
    if (*out != SIZE_MAX)
        return GB_OK;
    return base_fail(file->ctx, GB_ERR_DATA, "%s has no column \"%.60s\"",
                     file->path, name);
}

json_t *call_score_told(const call_score_file *file)
{
    char text[400];

    if (file->n_bad == 0)
        return NULL;
    snprintf(text, sizeof text,
             base_lang_text(file->ctx->lang,
                            GB_N("%llu rows were left out; the first is in "
                                 "line %llu: %s")),
             (unsigned long long)file->n_bad,
             (unsigned long long)file->first_bad, file->bad);
    return call_string(text);
}

/* ---- rows ---- */

gb_status call_score_rows_begin(gb_context *ctx, const call_score_file *file,
                                call_score_rows *rows)
{
    memset(rows, 0, sizeof *rows);
    rows->ctx = ctx;
    base_arena_init(&rows->arena, ctx->mem);
    rows->n_columns = file->n_columns;
    rows->columns = base_alloc_zeroed(ctx->mem, file->n_columns,
                                      sizeof *rows->columns);
    rows->seen = base_alloc_zeroed(ctx->mem, file->n_columns,
                                   sizeof *rows->seen);
    return rows->columns && rows->seen ? GB_OK : base_fail_nomem(ctx);
}

gb_status call_score_find_kinds(const char *path, call_score_rows *rows)
{
    const size_t n = rows->n_columns;
    uint64_t *numbers = base_alloc_zeroed(rows->ctx->mem, n, sizeof *numbers);
    uint64_t *texts = base_alloc_zeroed(rows->ctx->mem, n, sizeof *texts);
    call_score_file file;
    base_csv_row row = { .found = BASE_CSV_ROW };
    gb_status status = call_score_open(rows->ctx, path, &file);

    if (!status && (!numbers || !texts))
        status = base_fail_nomem(rows->ctx);
    if (!status && file.n_columns != n)
        status = base_fail(rows->ctx, GB_ERR_IO,
                           "%s has changed while it was read", path);
    while (!status && !(status = call_score_next(&file, &row))
           && row.found == BASE_CSV_ROW)
        for (size_t c = 0; c < n; c++) {
            double value;

            if (!*row.fields[c])
                continue;
            if (base_parse_real(row.fields[c], &value))
                numbers[c]++;
            else
                texts[c]++;
        }
    for (size_t c = 0; c < n && !status; c++)
        rows->columns[c].kind
            = (double)numbers[c]
                      >= SHARE_OF_NUMBERS * (double)(numbers[c] + texts[c])
                  ? CALL_SCORE_NUMBERS : CALL_SCORE_TEXTS;
    call_score_close(&file);
    base_free(rows->ctx->mem, numbers);
    base_free(rows->ctx->mem, texts);
    return status;
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 1469598103934665603u; /* Fowler, Noll and Vo */

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash ^ hash >> 32;
}

static size_t slot_of(const call_score_column *column, const char *text)
{
    size_t slot = hash_of(text) & (column->n_slots - 1);

    while (column->slots[slot]
           && strcmp(column->texts.items[column->slots[slot] - 1], text) != 0)
        slot = (slot + 1) & (column->n_slots - 1);
    return slot;
}

static gb_status grow_slots(call_score_rows *rows, call_score_column *column)
{
    const size_t n = column->n_slots ? 2 * column->n_slots : FIRST_SLOTS;
    uint32_t *slots = base_alloc_zeroed(rows->ctx->mem, n, sizeof *slots);

    if (!slots)
        return base_fail_nomem(rows->ctx);
    base_free(rows->ctx->mem, column->slots);
    column->slots = slots;
    column->n_slots = n;
    for (size_t t = 0; t < column->texts.n; t++)
        slots[slot_of(column, column->texts.items[t])] = (uint32_t)t + 1;
    return GB_OK;
}

static gb_status code_of(call_score_rows *rows, call_score_column *column,
                         const char *text, uint32_t *out)
{
    char *kept;
    size_t slot;
    gb_status status = GB_OK;

    if (2 * column->texts.n >= column->n_slots)
        status = grow_slots(rows, column);
    if (status)
        return status;
    slot = slot_of(column, text);
    if (!column->slots[slot]) {
        status = keep_text(rows->ctx, &rows->arena, text, &kept);
        if (!status
            && !base_array_push(rows->ctx->mem, &column->texts, kept))
            status = base_fail_nomem(rows->ctx);
        if (status)
            return status;
        column->slots[slot] = (uint32_t)column->texts.n;
    }
    *out = column->slots[slot] - 1;
    return GB_OK;
}

static gb_status add_field(call_score_rows *rows, call_score_column *column,
                           const char *field)
{
    double value = (double)NAN;
    uint32_t code = GB_SCORECARD_BLANK;
    gb_status status = GB_OK;

    if (column->kind == CALL_SCORE_SKIP)
        return GB_OK;
    if (column->kind == CALL_SCORE_NUMBERS) {
        if (*field && !base_parse_real(field, &value)) {
            column->n_odd++;
            value = (double)NAN;
        }
        return base_array_push(rows->ctx->mem, &column->numbers, value)
                   ? GB_OK : base_fail_nomem(rows->ctx);
    }
    if (*field)
        status = code_of(rows, column, field, &code);
    if (!status && !base_array_push(rows->ctx->mem, &column->codes, code))
        status = base_fail_nomem(rows->ctx);
    return status;
}

gb_status call_score_rows_add(call_score_rows *rows, const base_csv_row *row)
{
    gb_status status = GB_OK;

    for (size_t c = 0; c < rows->n_columns && !status; c++)
        status = add_field(rows, &rows->columns[c], row->fields[c]);
    rows->n_rows += !status;
    return status;
}

void call_score_rows_table(call_score_rows *rows, const call_score_file *file)
{
    static const double none = 0;
    size_t n = 0;

    for (size_t c = 0; c < rows->n_columns; c++) {
        const call_score_column *column = &rows->columns[c];
        gb_scorecard_column *to = &rows->seen[n];

        if (column->kind == CALL_SCORE_SKIP)
            continue;
        memset(to, 0, sizeof *to);
        to->name = file->names[c];
        if (column->kind == CALL_SCORE_NUMBERS) {
            to->numbers = column->numbers.n ? column->numbers.items : &none;
        } else {
            to->codes = column->codes.items;
            to->texts = column->texts.items;
            to->n_texts = column->texts.n;
        }
        n++;
    }
    rows->table = (gb_scorecard_table)GB_SCORECARD_TABLE_INIT;
    rows->table.n_rows = rows->n_rows;
    rows->table.n_columns = n;
    rows->table.columns = rows->seen;
}

void call_score_rows_reset(call_score_rows *rows)
{
    for (size_t c = 0; c < rows->n_columns; c++) {
        call_score_column *column = &rows->columns[c];

        column->numbers.n = column->codes.n = column->texts.n = 0;
        if (column->slots)
            memset(column->slots, 0, column->n_slots * sizeof *column->slots);
    }
    base_arena_reset(&rows->arena);
    rows->n_rows = 0;
}

void call_score_rows_clear(call_score_rows *rows)
{
    if (!rows->ctx)
        return;
    for (size_t c = 0; rows->columns && c < rows->n_columns; c++) {
        call_score_column *column = &rows->columns[c];

        base_array_clear(rows->ctx->mem, &column->numbers);
        base_array_clear(rows->ctx->mem, &column->codes);
        base_array_clear(rows->ctx->mem, &column->texts);
        base_free(rows->ctx->mem, column->slots);
    }
    base_free(rows->ctx->mem, rows->columns);
    base_free(rows->ctx->mem, rows->seen);
    base_arena_clear(&rows->arena);
    memset(rows, 0, sizeof *rows);
}

/* ---- fields with a meaning ---- */

static int outcome_of(const char *field)
{
    static const char *const yes[] = { "1", "yes", "true", "y", "t", "是" };
    static const char *const no[] = { "0", "no", "false", "n", "f", "否" };
    double value;

    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(field, yes[i]) == 0)
            return 1;
        if (strcasecmp(field, no[i]) == 0)
            return 0;
    }
    if (base_parse_real(field, &value)) {
        if (!(value < 0) && !(value > 0))
            return 0;
        if (!(value < 1) && !(value > 1))
            return 1;
    }
    return -1;
}

gb_status call_score_outcome(const call_score_file *file,
                             const base_csv_row *row, size_t column,
                             const char *event, uint8_t *out)
{
    const char *field = row->fields[column];
    int found;

    *out = GB_SCORECARD_LEFT_OUT;
    if (!*field)
        return GB_OK;
    found = event ? strcmp(field, event) == 0 : outcome_of(field);
    if (found < 0)
        return base_fail(file->ctx, GB_ERR_DATA,
                         "%s:%llu  column %s = \"%.60s\" is neither yes nor "
                         "no; say with --event which text is the outcome",
                         file->path, (unsigned long long)row->line,
                         file->names[column], field);
    *out = (uint8_t)found;
    return GB_OK;
}

double call_score_time(const char *field)
{
    double value = 0;
    int digits = 0;

    if (base_parse_real(field, &value))
        return value;
    value = 0;
    for (; *field && digits < 14; field++)
        if (isdigit((unsigned char)*field)) {
            value = value * 10 + (*field - '0');
            digits++;
        }
    for (int i = digits; i < 14; i++)
        value *= 10;
    return digits >= 8 ? value : (double)NAN;
}
