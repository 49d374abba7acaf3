/*
 * JSON and GeoJSON from outside: the first byte chooses the kind, the rest is
 * the file.
 */
#include "import_rows.h"
#include "store_import_json.h"
#include "store_import_shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rows(gb_context *ctx, import_json *json,
                      const import_kind *kind)
{
    import_columns columns = { 0 };
    import_shape shape = { .area_m2 = 0 };
    import_world world;
    gb_import_report *report;
    import_file_report *file;
    import_raw raw;
    BASE_ARRAY(char *) names = BASE_ARRAY_INIT;

    must(import_report_new(ctx, &report) == GB_OK);
    file = import_report_add(report, kind->name, "bytes");
    must(file != NULL);
    for (size_t i = 0; i < import_json_n_names(json); i++) {
        char *name = base_strdup(ctx->mem, import_json_name(json, i));

        must(name && base_array_push(ctx->mem, &names, name));
    }
    (void)import_columns_take(ctx, kind, NULL, names.items, names.n, report,
                              file, &columns);
    fill_world(&world, kind, columns.is_present, ctx->mem);
    while (!import_json_next(json, &raw) && raw.found != IMPORT_END) {
        import_fault fault = { .column = "" };
        gb_status status;

        if (raw.found != IMPORT_ROW)
            continue;
        check_row(ctx, &world, &columns, &raw, report, file);
        if (raw.shape)
            (void)import_shape_read(ctx, raw.shape, GB_DATUM_WGS84,
                                    &world.box, NULL, &shape, &fault,
                                    &status);
    }
    for (size_t i = 0; i < names.n; i++)
        base_free(ctx->mem, names.items[i]);
    base_array_clear(ctx->mem, &names);
    import_shape_clear(&shape, ctx->mem);
    import_world_clear(&world, ctx->mem);
    import_columns_clear(&columns);
    gb_import_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx;
    import_json *json;

    if (size < 2)
        return 0;
    must(gb_context_new(NULL, &ctx) == GB_OK);
    if (import_json_read(ctx, (const char *)data + 1, size - 1, &json)
        == GB_OK) {
        read_rows(ctx, json,
                  &store_import_kinds[data[0] % store_n_import_kinds]);
        import_json_close(json);
    }
    gb_context_free(ctx);
    return 0;
}
