/*
 * import_rows.h - rows of an import through all their checks, without a
 * database: what fuzz_import_csv and fuzz_import_json share.
 */
#ifndef IMPORT_ROWS_H
#define IMPORT_ROWS_H

#include "store_import_columns.h"
#include "store_import_csv.h"
#include "store_import_text.h"
#include "store_import_value.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void fill_world(import_world *world, const import_kind *kind,
                       const bool *is_present, base_mem *mem)
{
    memset(world, 0, sizeof *world);
    world->kind = kind;
    world->is_present = is_present;
    world->box = (import_box){ 73, 136, 3, 54 };
    for (size_t c = 0; c < kind->n_columns; c++) {
        import_refs_init(&world->links[c], mem);
        if (kind->columns[c].type == IMPORT_LINK)
            must(import_refs_add(&world->links[c], "b1", 1, 0));
    }
    import_refs_init(&world->tags, mem);
    must(import_refs_add(&world->tags, "vip", 1, 0));
    must(base_array_push(mem, &world->tag_values, NULL));
    must(import_refs_add(&world->tags, "industry", 2, 0));
    must(base_array_push(mem, &world->tag_values, base_strdup(mem, "a;b")));
}

/* What a value that passed promises, and what a fault does. */
static void check_row(gb_context *ctx, const import_world *world,
                      const import_columns *columns, const import_raw *raw,
                      gb_import_report *report, import_file_report *file)
{
    char *fields[IMPORT_MAX_COLUMNS] = { NULL };
    import_values values;
    import_fault fault = { .column = "" };
    import_code code;

    if (raw->n_fields != columns->names.n)
        return;
    for (size_t i = 0; i < raw->n_fields; i++)
        if (columns->column_of.items[i] != IMPORT_DROPPED)
            fields[columns->column_of.items[i]] = raw->fields[i];
    code = import_row_check(world, fields, &values, &fault);
    if (code) {
        must(import_code_find(code) != NULL);
        must(import_report_fault(report, file, ctx, &fault, raw->line, 1));
        return;
    }
    must(values.n_tags <= IMPORT_MAX_TAGS);
    for (size_t c = 0; c < world->kind->n_columns; c++) {
        const import_value *value = &values.of[c];

        if (!value->is_set) {
            must(!world->kind->columns[c].is_must);
            continue;
        }
        if (world->kind->columns[c].type == IMPORT_REF)
            must(strlen(value->text) <= 64
                 && !import_is_personal_value(value->text));
        if (world->kind->columns[c].type == IMPORT_LON)
            must(value->degrees >= 73 && value->degrees <= 136);
        if (world->kind->columns[c].type == IMPORT_DAY)
            must(import_is_date(value->text));
    }
}

#endif
