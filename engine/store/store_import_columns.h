/*
 * store_import_columns.h - the header of a file against its kind's columns.
 */
#ifndef STORE_IMPORT_COLUMNS_H
#define STORE_IMPORT_COLUMNS_H

#include "store_import_kind.h"
#include "store_import_report.h"

#define IMPORT_DROPPED SIZE_MAX

typedef struct import_columns {
    base_mem *mem;
    BASE_ARRAY(char *) names;     /* of the file, in its order; UTF-8 */
    BASE_ARRAY(size_t) column_of; /* the kind's, or IMPORT_DROPPED */
    BASE_ARRAY(bool) is_withheld; /* dropped ones are never written anywhere */
    BASE_ARRAY(bool) is_number;   /* its column takes numbers only */
    bool is_present[IMPORT_MAX_COLUMNS];
} import_columns;

void import_columns_clear(import_columns *columns); /* zeroed is taken */

/*
 * GB_ERR_ARGUMENT for a map that is not "theirs=ours,...", or whose `ours` is
 * no column of the kind.
 */
gb_status import_map_check(gb_context *ctx, const import_kind *kind,
                           const char *map);

/*
 * Each name finds its column, by the map first.  All that is wrong with the
 * header goes into the report as reasons of line 1; then GB_ERR_DATA with the
 * first.
 */
gb_status import_columns_take(gb_context *ctx, const import_kind *kind,
                              const char *map, char *const *names,
                              size_t n_names, gb_import_report *report,
                              import_file_report *file,
                              import_columns *columns);

#endif
