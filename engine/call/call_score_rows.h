/*
 * call_score_rows.h - customers and transactions out of CSV files, for the
 * behaviour models (data/BEHAVIOUR.md).
 *
 * A row that is not as it should be is told with line, column and the reason,
 * and left out; when too many are, nothing is taken.
 */
#ifndef CALL_SCORE_ROWS_H
#define CALL_SCORE_ROWS_H

#include "base_text.h"
#include "call_names.h"
#include "call_score_csv.h"

/* Customers as the models take them.  Columns that a file has not are NULL. */
typedef struct score_customers {
    size_t n;
    double *x, *t_x, *T, *m;
    size_t *id_at; /* where in ids each one's begins; line:N without column */
    base_text ids; /* each ends in '\0' */
    base_text heading; /* as it stands, where SCORE_KEEPS_ROWS is wanted ... */
    base_text kept;    /* ... and the rows, which kept_at has */
    size_t *kept_at;
} score_customers;

typedef enum score_wanted {
    SCORE_WANTS_TIMES = 1, /* x, t_x, T */
    SCORE_WANTS_AMOUNTS = 2, /* x, m */
    SCORE_KEEPS_ROWS = 4
} score_wanted;

/* Of an open file, which stays open.  `wanted` columns must be there; `m` is
 * taken where it is there. */
gb_status score_customers_read(gb_context *ctx, base_mem *mem, base_csv *csv,
                               const char *path, score_wanted wanted,
                               score_customers *out, score_rejects *rejects);
void score_customers_clear(base_mem *mem, score_customers *customers);

/* Transactions that customers started; customers are numbered as they come. */
typedef struct score_log {
    size_t n, n_customers;
    uint32_t *customer;
    int32_t *day;    /* after 1970-01-01 */
    double *amount;  /* NULL: the file has none */
    call_names names; /* of customers */
    uint64_t n_not_theirs; /* rows that somebody else started */
    int32_t first_day, last_day; /* of those taken */
} score_log;

gb_status score_log_read(gb_context *ctx, base_mem *mem, base_csv *csv,
                         const char *path, score_log *out,
                         score_rejects *rejects);
void score_log_clear(base_mem *mem, score_log *log);

/* YYYY-MM-DD, YYYYMMDD, or the first with a time of day behind it. */
bool score_day_parse(const char *text, int32_t *day);

#endif
