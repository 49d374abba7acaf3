/*
 * store_import.h - a file into the workspace: read, check, write, count.
 *
 *   source (CSV or JSON) -> columns -> values -> writer
 *                 \           \          \
 *                  faults: counted in the report, written to the reject file
 *
 * One pass and one transaction a file.  Too many faults, a dry run, a cancel
 * or a failure takes the whole of it back.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store_import_report.h"
#include "store_import_text.h"

typedef struct import_settings {
    gb_datum datum;
    import_encoding encoding;
    const char *map, *reject_file; /* NULL: none */
    double max_reject_ratio;       /* in use as it is: 0 means not a row */
    bool is_dry_run;
    double from, to;               /* this file's part of the progress */
    int64_t n_rows;                /* the file must have so many; 0: any */
    const char *sha256;            /* for the log; NULL: unknown */
} import_settings;

/* Adds one file to the report, whatever the outcome but GB_ERR_NOMEM. */
gb_status store_import_file(gb_workspace *ws, const char *kind,
                            const char *path, const import_settings *settings,
                            gb_import_report *report);

/* The kinds in the order in which a delivery is loaded; NULL past them. */
const char *store_import_kind_name(size_t i);

#endif
