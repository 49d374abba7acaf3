#include "base_csv.h"

#include <csv.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_FIELD = 1 << 16, MAX_FIELDS = 1000 };

struct base_csv {
    base_mem *mem; /* borrowed from the context */
    gb_context *ctx;
    base_lines lines;
    struct csv_parser parser;
    bool has_parser;
    char separator;

    /* The row being read. */
    BASE_ARRAY(char) bytes;
    BASE_ARRAY(size_t) starts;
    BASE_ARRAY(char *) fields;
    bool is_open;     /* begun and not ended */
    bool is_done;
    bool is_over;     /* something came behind its end, on the same line */
    bool is_short;    /* of memory */
    bool is_many;     /* more fields than any file of ours */
    uint64_t row_line, second_line;
    int64_t second_offset;
    bool is_multiline;
};

/* libcsv grows its field by this; refusing is how a field is capped. */
static void *capped_realloc(void *block, size_t size)
{
    return size > MAX_FIELD ? NULL : realloc(block, size);
}

static void take_field(void *bytes, size_t n, void *user)
{
    base_csv *csv = user;

    if (csv->is_done || csv->starts.n >= MAX_FIELDS) {
        csv->is_over |= csv->is_done;
        csv->is_many |= !csv->is_done;
        return;
    }
    if (!base_array_push(csv->mem, &csv->starts, csv->bytes.n)
        || !base_array_reserve(csv->mem, &csv->bytes, n + 1)) {
        csv->is_short = true;
        return;
    }
    if (n > 0)
        memcpy(csv->bytes.items + csv->bytes.n, bytes, n);
    csv->bytes.n += n;
    csv->bytes.items[csv->bytes.n++] = '\0';
}

static void take_end(int c, void *user)
{
    base_csv *csv = user;

    (void)c;
    csv->is_done = true;
}

static void reset_row(base_csv *csv)
{
    csv->bytes.n = csv->starts.n = 0;
    csv->is_open = csv->is_done = csv->is_over = csv->is_many = false;
    csv->is_multiline = false;
}

static gb_status reset_parser(base_csv *csv)
{
    if (csv->has_parser)
        csv_free(&csv->parser);
    csv->has_parser
        = csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    if (!csv->has_parser)
        return base_fail_nomem(csv->ctx);
    csv_set_realloc_func(&csv->parser, capped_realloc);
    csv_set_delim(&csv->parser, (unsigned char)csv->separator);
    return GB_OK;
}

static gb_status begin_csv(gb_context *ctx, const base_lines *lines,
                           base_csv **out)
{
    base_csv *csv = base_alloc_zeroed(ctx->mem, 1, sizeof *csv);
    gb_status status;

    *out = NULL;
    if (!csv)
        return base_fail_nomem(ctx);
    csv->mem = ctx->mem;
    csv->ctx = ctx;
    csv->lines = *lines;
    csv->separator = ',';
    status = reset_parser(csv);
    if (status) {
        csv->lines = (base_lines){ .ctx = NULL }; /* still the caller's */
        base_csv_close(csv);
        return status;
    }
    *out = csv;
    return GB_OK;
}

gb_status base_csv_take(gb_context *ctx, FILE *file, int64_t size,
                          base_csv **out)
{
    base_lines lines;
    gb_status status = base_lines_take(ctx, file, "bytes", size, &lines);

    *out = NULL;
    if (!status && (status = begin_csv(ctx, &lines, out)))
        base_lines_close(&lines);
    return status;
}

gb_status base_csv_open(gb_context *ctx, const char *path, base_csv **out)
{
    base_lines lines;
    gb_status status = base_lines_open(ctx, path, &lines);

    *out = NULL;
    if (!status && (status = begin_csv(ctx, &lines, out)))
        base_lines_close(&lines);
    return status;
}

void base_csv_close(base_csv *csv)
{
    if (!csv)
        return;
    if (csv->has_parser)
        csv_free(&csv->parser);
    base_lines_close(&csv->lines);
    base_array_clear(csv->mem, &csv->bytes);
    base_array_clear(csv->mem, &csv->starts);
    base_array_clear(csv->mem, &csv->fields);
    base_free(csv->mem, csv);
}

void base_csv_separate_by(base_csv *csv, char separator)
{
    csv->separator = separator;
    csv_set_delim(&csv->parser, (unsigned char)separator);
}

void base_csv_progress(const base_csv *csv, int64_t *done, int64_t *total)
{
    *done = csv->lines.offset;
    *total = csv->lines.size;
}

const char *base_csv_peek(const base_csv *csv, size_t *n)
{
    return base_lines_peek(&csv->lines, n);
}

/* The row is lost; go on behind the line where it began. */
static gb_status give_up_row(base_csv *csv, base_csv_row *row,
                             const char *fault)
{
    gb_status status = GB_OK;

    *row = (base_csv_row){ .found = BASE_CSV_BAD, .line = csv->row_line,
                           .fault = fault };
    if (csv->is_multiline)
        status = base_lines_seek(&csv->lines, csv->second_offset,
                                 csv->second_line);
    reset_row(csv);
    return status ? status : reset_parser(csv);
}

static gb_status give_row(base_csv *csv, base_csv_row *row)
{
    csv->fields.n = 0;
    if (csv->is_short
        || !base_array_reserve(csv->mem, &csv->fields, csv->starts.n))
        return base_fail_nomem(csv->ctx);
    for (size_t f = 0; f < csv->starts.n; f++)
        csv->fields.items[csv->fields.n++]
            = csv->bytes.items + csv->starts.items[f];
    *row = (base_csv_row){ .found = BASE_CSV_ROW, .line = csv->row_line,
                           .fields = csv->fields.items,
                           .n_fields = csv->fields.n,
                           .bytes = csv->bytes.items,
                           .n_bytes = csv->bytes.n };
    csv->is_open = false;
    return GB_OK;
}

static bool is_blank(const base_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (!strchr(" \t\r\n", line->bytes[i]) || !line->bytes[i])
            return false;
    return true;
}

static gb_status at_end(base_csv *csv, base_csv_row *row)
{
    if (!csv->is_open) {
        *row = (base_csv_row){ .found = BASE_CSV_END };
        return GB_OK;
    }
    if (csv_fini(&csv->parser, take_field, take_end, csv) != 0)
        return give_up_row(csv, row, GB_N("a quote is never closed"));
    return give_row(csv, row);
}

static void begin_row(base_csv *csv, const base_line *line)
{
    reset_row(csv);
    csv->is_open = true;
    csv->row_line = line->line;
    csv->second_line = csv->lines.line;
    csv->second_offset = csv->lines.offset;
}

/* What is wrong with this line before libcsv sees it; NULL: nothing. */
static const char *line_fault(const base_line *line)
{
    if (line->is_too_long)
        return GB_N("a line longer than a megabyte");
    if (memchr(line->bytes, '\0', line->n))
        return GB_N("a zero byte");
    return NULL;
}

static const char *parser_fault(base_csv *csv)
{
    if (csv->is_over)
        return GB_N("a carriage return inside the line");
    if (csv->is_many)
        return GB_N("more than a thousand fields");
    return csv_error(&csv->parser) == CSV_EPARSE
        ? GB_N("a stray quote") : GB_N("a field longer than 64 KiB");
}

gb_status base_csv_next(base_csv *csv, base_csv_row *row)
{
    base_line line;

    csv->is_short = false;
    for (;;) {
        gb_status status = base_lines_next(&csv->lines, &line);
        const char *fault;
        size_t done;

        if (status)
            return status;
        if (line.n == 0)
            return at_end(csv, row);
        if (!csv->is_open) {
            if (!line.is_too_long && is_blank(&line))
                continue;
            begin_row(csv, &line);
        } else {
            csv->is_multiline = true;
        }
        fault = line_fault(&line);
        if (fault)
            return give_up_row(csv, row, fault);
        done = csv_parse(&csv->parser, line.bytes, line.n, take_field,
                         take_end, csv);
        if (csv->is_short)
            return base_fail_nomem(csv->ctx);
        if (done != line.n || csv->is_over || csv->is_many)
            return give_up_row(csv, row, parser_fault(csv));
        if (csv->is_done)
            return give_row(csv, row);
    }
}
