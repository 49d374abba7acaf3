/*
 * call_score_csv.h - rows of a CSV file whose columns go by name.
 *
 * A row that is not as it should be is told with line, column and the reason,
 * and left out; when too many are, nothing is taken.
 */
#ifndef CALL_SCORE_CSV_H
#define CALL_SCORE_CSV_H

#include "base_csv.h"
#include "call_door.h"

enum { SCORE_REJECTS_TOLD = 20 };

typedef struct score_reject {
    uint64_t line;
    const char *column; /* NULL: the row itself */
    char value[40];     /* cut short */
    const char *why;    /* English, a key of the catalogue */
} score_reject;

typedef struct score_rejects {
    uint64_t n_rows, n_rejected;
    size_t n_told;
    score_reject told[SCORE_REJECTS_TOLD];
} score_rejects;

void score_rejects_add(score_rejects *r, uint64_t line, const char *name,
                       const char *value, const char *why);
/* GB_ERR_DATA with the first reason when more than a share is rejected. */
gb_status score_rejects_judge(gb_context *ctx, const char *path,
                              const score_rejects *rejects, double most_share);
/* Put "rejected" and "rejects" into a result; false: no memory. */
bool score_rejects_put(const call *c, const score_rejects *rejects,
                       json_t *result);

/* How bad rows are shown, under `key` of a result: line, column, value, why. */
enum { SCORE_N_REJECT_COLUMNS = 4 };
extern const call_column score_reject_columns[];
#define SCORE_REJECTS_BLOCK(key)                                              \
    { .when = (key), .rows = (key), .most = 10,                               \
      .columns = score_reject_columns, .n_columns = SCORE_N_REJECT_COLUMNS }

enum { SCORE_MOST_NAMES = 6 };

/* A column by any of its names; case does not matter, but in t_x and T. */
typedef struct score_column {
    const char *names[SCORE_MOST_NAMES];
    size_t place; /* SIZE_MAX: the file has none */
} score_column;

/* The heading: each column's place; the first `n_needed` must be there. */
gb_status score_heading_read(gb_context *ctx, base_csv *csv, const char *path,
                             score_column *columns, size_t n,
                             size_t n_needed);
/* The same, and the heading as it stands at the end of a text. */
gb_status score_heading_keep(gb_context *ctx, base_csv *csv, const char *path,
                             score_column *columns, size_t n, size_t n_needed,
                             base_text *kept);
/* The next row after the heading that is a row; others are rejected. */
gb_status score_row_next(base_csv *csv, base_csv_row *row,
                         score_rejects *rejects);
/* NULL where the file, or this row, has none. */
const char *score_field_of(const base_csv_row *row,
                           const score_column *wanted);

#endif
