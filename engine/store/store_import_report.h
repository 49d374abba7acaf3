/*
 * store_import_report.h - what became of the rows, counted by reason.
 *
 * A fault is one row refused: its code, its column, its value, and what fills
 * the %s of the code's sentence.  Faults of one code in one column are one
 * reason, of which the first row is kept as the sample.
 */
#ifndef STORE_IMPORT_REPORT_H
#define STORE_IMPORT_REPORT_H

#include "store_import_codes.h"
#include "store_import_refs.h"

typedef struct import_fault {
    import_code code;
    const char *column;   /* "" when it is the row */
    char value[128];      /* cut short; UTF-8 */
    char detail[256];     /* for the reason's %s */
    char mend[128];       /* for the mend's %s; "": no mend with a %s */
} import_fault;

typedef struct import_reason {
    import_code code;
    uint64_t n_rows, first_line;
    char *column, *value, *reason, *mend;
} import_reason;

typedef struct import_file_report {
    char *kind, *file;
    gb_import_counts counts;
    BASE_ARRAY(import_reason) reasons;
} import_file_report;

struct gb_import_report {
    base_mem *mem; /* a count of its own */
    char *roads;
    BASE_ARRAY(import_file_report *) files;
};

gb_status import_report_new(gb_context *ctx, gb_import_report **out);
/* One more file; borrowed, NULL means no memory. */
import_file_report *import_report_add(gb_import_report *report,
                                      const char *kind, const char *file);
/*
 * Count a fault and keep it, in the context's language, when it is the first
 * of its reason.  False means no memory.
 */
bool import_report_fault(gb_import_report *report, import_file_report *file,
                         gb_context *ctx, const import_fault *fault,
                         uint64_t line, uint64_t n_rows);
void import_report_sort(import_file_report *file); /* by code, then column */

/* The fault's sentence and its mend ("" for none), appended. */
void import_fault_reason(const import_fault *fault, base_lang lang,
                         base_text *out);
void import_fault_mend(const import_fault *fault, base_lang lang,
                       base_text *out);

/* Fill in a fault; the value is cut at a character. */
import_code import_fault_set(import_fault *fault, import_code code,
                             const char *value, const char *detail,
                             const char *mend);

#endif
