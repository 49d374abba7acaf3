/*
 * store_import_csv.h - the rows of a CSV file (base_csv.h), as rows of an
 * import.
 */
#ifndef STORE_IMPORT_CSV_H
#define STORE_IMPORT_CSV_H

#include "store_import_codes.h"
#include "store_import_text.h"

#include "base_csv.h"

typedef enum import_found {
    IMPORT_END,
    IMPORT_ROW,
    IMPORT_BAD /* code and detail say why */
} import_found;

/* A row as it stands in the file; borrowed until the next one. */
typedef struct import_raw {
    import_found found;
    uint64_t line;         /* where it begins */
    char **fields;         /* each ends in '\0' */
    size_t n_fields;
    const char *bytes;     /* all fields with their '\0's, one block */
    size_t n_bytes;
    bool is_converted;     /* came in GB18030 */
    import_code code;
    const char *detail;    /* English, a key of the catalogue */
    const void *shape;     /* json_t of a GeoJSON geometry; else NULL */
} import_raw;

typedef struct import_csv import_csv;

gb_status import_csv_open(gb_context *ctx, const char *path,
                          import_csv **out);
/* From an open file, which it closes: for the fuzzer. */
gb_status import_csv_take(gb_context *ctx, FILE *file, int64_t size,
                          import_csv **out);
void import_csv_close(import_csv *csv); /* takes NULL */
gb_status import_csv_next(import_csv *csv, import_raw *raw);
/* Bytes read so far, and of the whole file. */
void import_csv_progress(const import_csv *csv, int64_t *done,
                         int64_t *total);
import_encoding import_csv_encoding(const import_csv *csv);

#endif
