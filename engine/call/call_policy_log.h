/*
 * call_policy_log.h - a log of what was done with what probability, and the
 * strategies to hold against it, out of one CSV file (data/FEEDBACK.md).
 */
#ifndef CALL_POLICY_LOG_H
#define CALL_POLICY_LOG_H

#include "base_array.h"
#include "call_names.h"
#include "call_score_csv.h"

enum { POLICY_MOST_COLUMNS = 30, POLICY_MOST_STRATA = 10 };

/* A strategy that is a column of the file. */
typedef struct policy_column {
    const char *name;
    BASE_ARRAY(uint32_t) cells; /* of rows: numbers of `texts` */
    call_names texts;           /* what stands in the column */
} policy_column;

/* What the columns are called.  Texts are borrowed as long as the log. */
typedef struct policy_wish {
    const char *action, *propensity, *reward, *unit;
    const char *columns[POLICY_MOST_COLUMNS], *strata[POLICY_MOST_STRATA];
    size_t n_columns, n_strata;
} policy_wish;

typedef struct policy_log {
    gb_context *ctx;
    base_mem *mem;
    policy_wish wish;
    score_rejects rejects;
    call_names actions, units, strata;
    BASE_ARRAY(uint32_t) action, unit, stratum;
    BASE_ARRAY(double) propensity, reward;
    size_t n;
    policy_column columns[POLICY_MOST_COLUMNS];
    uint32_t n_logged; /* actions that the log has; others are only wished */
} policy_log;

/* Of an open file, which stays open.  Clear it after a failure too; the share
 * of bad rows is the caller's to judge. */
gb_status policy_log_take(gb_context *ctx, base_csv *csv, const char *path,
                          const policy_wish *wish, policy_log *out);
void policy_log_clear(policy_log *log);

/*
 * A strategy by number: those of columns, then one for each logged action,
 * which always takes it.  Its probabilities are n rows of actions.at.n.
 */
size_t policy_log_n_strategies(const policy_log *log);
gb_status policy_log_lay_out(policy_log *log, size_t number, double *out);

#endif
