/*
 * call_score_table.h - tables of customers out of CSV files.
 *
 * The first row has the names; separated by comma, semicolon or tab, whichever
 * the first row has most of.  A column is one of numbers when at least four in
 * five of its values are; what is none among them then is blank, and told.
 * A row that is broken or has too few or too many fields is left out and told;
 * with more than one in twenty of them the file is refused.
 */
#ifndef CALL_SCORE_TABLE_H
#define CALL_SCORE_TABLE_H

#include <gridbeat/scorecard.h>

#include "base_array.h"
#include "base_csv.h"
#include "call_door.h"

/* A file being read. */
typedef struct call_score_file {
    gb_context *ctx;
    const char *path; /* borrowed */
    base_csv *csv;
    size_t n_columns;
    char **names;
    base_arena arena;
    uint64_t n_rows, n_bad, first_bad; /* line; rows with what is read */
    char bad[160];                     /* what is wrong with it */
} call_score_file;

gb_status call_score_open(gb_context *ctx, const char *path,
                          call_score_file *file);
/* The next row that can be used; row->found is BASE_CSV_END at the end, where
 * too many bad rows are an error. */
gb_status call_score_next(call_score_file *file, base_csv_row *row);
void call_score_close(call_score_file *file);
/* SIZE_MAX: there is none. */
size_t call_score_find(const call_score_file *file, const char *name);
/* The same, GB_ERR_DATA with the nearest name where there is none. */
gb_status call_score_must_find(const call_score_file *file, const char *name,
                               size_t *out);
/* The bad rows as a note of the answer; NULL: none. */
json_t *call_score_told(const call_score_file *file);

/* What a column is read as. */
typedef enum call_score_kind {
    CALL_SCORE_SKIP,
    CALL_SCORE_NUMBERS,
    CALL_SCORE_TEXTS
} call_score_kind;

typedef struct call_score_column {
    call_score_kind kind;
    BASE_ARRAY(double) numbers;
    BASE_ARRAY(uint32_t) codes;
    BASE_ARRAY(const char *) texts;
    uint32_t *slots; /* hash table of codes + 1 */
    size_t n_slots;
    uint64_t n_odd; /* no number in a column of numbers */
} call_score_column;

/* Rows taken out of a file. */
typedef struct call_score_rows {
    gb_context *ctx;
    base_arena arena; /* of texts */
    size_t n_columns, n_rows;
    call_score_column *columns;        /* one for each of the file */
    gb_scorecard_column *seen;         /* for the table */
    gb_scorecard_table table;          /* of what is not skipped */
} call_score_rows;

gb_status call_score_rows_begin(gb_context *ctx, const call_score_file *file,
                                call_score_rows *rows);
/* Look through the whole file to see what its columns are. */
gb_status call_score_find_kinds(const char *path, call_score_rows *rows);
gb_status call_score_rows_add(call_score_rows *rows, const base_csv_row *row);
/* Make rows->table; names are those of the file, which must stay open. */
void call_score_rows_table(call_score_rows *rows, const call_score_file *file);
/* Forget the rows, keep the kinds. */
void call_score_rows_reset(call_score_rows *rows);
void call_score_rows_clear(call_score_rows *rows);

/* 1, yes, true, y, t; 0, no, false, n, f; blank is left out.  With `event`
 * that text alone is 1.  GB_ERR_DATA with the line. */
gb_status call_score_outcome(const call_score_file *file,
                             const base_csv_row *row, size_t column,
                             const char *event, uint8_t *out);
/* A number, or a date as YYYY-MM-DD, with a time behind it or not; NaN. */
double call_score_time(const char *field);

#endif
