#include "store_import_csv.h"

struct import_csv {
    base_mem *mem; /* borrowed from the context */
    base_csv *csv;
    import_encoding encoding;
};

/* Takes `csv` over when it succeeds. */
static gb_status begin(gb_context *ctx, base_csv *csv, import_csv **out)
{
    import_csv *import = base_alloc_zeroed(ctx->mem, 1, sizeof *import);
    const char *bytes;
    size_t n;

    if (!import)
        return base_fail_nomem(ctx);
    bytes = base_csv_peek(csv, &n);
    import->mem = ctx->mem;
    import->csv = csv;
    import->encoding = import_detect(bytes, n);
    *out = import;
    return GB_OK;
}

gb_status import_csv_take(gb_context *ctx, FILE *file, int64_t size,
                          import_csv **out)
{
    base_csv *csv = NULL;
    gb_status status = base_csv_take(ctx, file, size, &csv);

    *out = NULL;
    if (!status && (status = begin(ctx, csv, out)))
        base_csv_close(csv);
    return status;
}

gb_status import_csv_open(gb_context *ctx, const char *path, import_csv **out)
{
    base_csv *csv = NULL;
    gb_status status = base_csv_open(ctx, path, &csv);

    *out = NULL;
    if (!status && (status = begin(ctx, csv, out)))
        base_csv_close(csv);
    return status;
}

void import_csv_close(import_csv *csv)
{
    if (!csv)
        return;
    base_csv_close(csv->csv);
    base_free(csv->mem, csv);
}

gb_status import_csv_next(import_csv *csv, import_raw *raw)
{
    base_csv_row row;
    const gb_status status = base_csv_next(csv->csv, &row);

    *raw = (import_raw){ .found = IMPORT_END };
    if (status || row.found == BASE_CSV_END)
        return status;
    raw->line = row.line;
    raw->found = row.found == BASE_CSV_ROW ? IMPORT_ROW : IMPORT_BAD;
    raw->fields = row.fields;
    raw->n_fields = row.n_fields;
    raw->bytes = row.bytes;
    raw->n_bytes = row.n_bytes;
    raw->code = row.found == BASE_CSV_ROW ? IMPORT_OK : IMPORT_NOT_CSV;
    raw->detail = row.fault;
    return GB_OK;
}

void import_csv_progress(const import_csv *csv, int64_t *done, int64_t *total)
{
    base_csv_progress(csv->csv, done, total);
}

import_encoding import_csv_encoding(const import_csv *csv)
{
    return csv->encoding;
}
