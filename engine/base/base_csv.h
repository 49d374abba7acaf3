/*
 * base_csv.h - the rows of a CSV file by libcsv in its strict mode.
 *
 * libcsv stops for good at a broken quote; here only the row is lost.  It is
 * fed line by line, and after an error reading goes on with the line after
 * the one where the broken row began, even when an unclosed quote had taken
 * in the whole rest of the file.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base_array.h"
#include "base_lines.h"

typedef enum base_csv_found {
    BASE_CSV_END,
    BASE_CSV_ROW,
    BASE_CSV_BAD /* fault says why */
} base_csv_found;

/* A row as it stands in the file; borrowed until the next one. */
typedef struct base_csv_row {
    base_csv_found found;
    uint64_t line;     /* where it begins */
    char **fields;     /* each ends in '\0' */
    size_t n_fields;
    const char *bytes; /* all fields with their '\0's, one block */
    size_t n_bytes;
    const char *fault; /* English, a key of the catalogue */
} base_csv_row;

typedef struct base_csv base_csv;

gb_status base_csv_open(gb_context *ctx, const char *path,
                          base_csv **out);
/* From an open file, which it closes: for the fuzzer. */
gb_status base_csv_take(gb_context *ctx, FILE *file, int64_t size,
                          base_csv **out);
void base_csv_close(base_csv *csv); /* takes NULL */
gb_status base_csv_next(base_csv *csv, base_csv_row *row);
/* Another separator than the comma; before the first row. */
void base_csv_separate_by(base_csv *csv, char separator);
/* Bytes read so far, and of the whole file. */
void base_csv_progress(const base_csv *csv, int64_t *done,
                         int64_t *total);
/* The first bytes, as long as no row has been taken. */
const char *base_csv_peek(const base_csv *csv, size_t *n);

#endif
