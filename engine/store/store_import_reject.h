/*
 * store_import_reject.h - the file of refused rows: the columns of the file,
 * then line, code, reason and mend.  It is written only when there is one.
 */
#ifndef STORE_IMPORT_REJECT_H
#define STORE_IMPORT_REJECT_H

#include "store_import_report.h"

#include <stdio.h>

typedef struct import_reject {
    gb_context *ctx;
    const char *path;    /* borrowed; NULL: none is wanted */
    FILE *file;
    base_text text;
} import_reject;

/* An older file of that path is removed. */
void import_reject_begin(gb_context *ctx, const char *path,
                         import_reject *reject);
/*
 * A row: `fields` of n_names, NULL for one whose fields could not be read.
 * `is_withheld[i]` fields never appear, and neither does any that looks
 * personal, unless `is_number[i]` says that its column cannot be.
 */
gb_status import_reject_row(import_reject *reject, char *const *names,
                            size_t n_names, char *const *fields,
                            size_t n_fields, const bool *is_withheld,
                            const bool *is_number, const import_fault *fault,
                            uint64_t line);
/* GB_ERR_IO when it could not be written whole. */
gb_status import_reject_end(import_reject *reject);

#endif
