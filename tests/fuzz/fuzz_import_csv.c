/*
 * CSV from outside: the first byte chooses the kind, the rest is the file.
 * Every line is given once at most, and no row breaks the reader.
 */
#include "import_rows.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rows(gb_context *ctx, import_csv *csv,
                      const import_kind *kind)
{
    import_columns columns = { 0 };
    import_world world;
    gb_import_report *report;
    import_file_report *file;
    import_raw raw;
    uint64_t last_line = 0;

    must(import_report_new(ctx, &report) == GB_OK);
    file = import_report_add(report, kind->name, "bytes");
    must(file != NULL);
    if (!import_csv_next(csv, &raw) && raw.found == IMPORT_ROW
        && base_is_utf8(raw.bytes, raw.n_bytes)) {
        (void)import_columns_take(ctx, kind, NULL, raw.fields, raw.n_fields,
                                  report, file, &columns);
        fill_world(&world, kind, columns.is_present, ctx->mem);
        while (!import_csv_next(csv, &raw) && raw.found != IMPORT_END) {
            must(raw.line > last_line);
            last_line = raw.line;
            if (raw.found == IMPORT_ROW)
                check_row(ctx, &world, &columns, &raw, report, file);
            else
                must(raw.code == IMPORT_NOT_CSV && raw.detail != NULL);
        }
        import_world_clear(&world, ctx->mem);
    }
    import_columns_clear(&columns);
    gb_import_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    import_csv *csv;
    uint8_t *copy;
    FILE *in;

    if (size < 2)
        return 0;
    copy = malloc(size - 1);
    must(copy && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(copy, data + 1, size - 1);
    in = fmemopen(copy, size - 1, "rb");
    must(in != NULL);
    if (import_csv_take(ctx, in, (int64_t)size - 1, &csv) == GB_OK) {
        read_rows(ctx, csv,
                  &store_import_kinds[data[0] % store_n_import_kinds]);
        import_csv_close(csv);
    }
    gb_context_free(ctx);
    free(copy);
    return 0;
}
