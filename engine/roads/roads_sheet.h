/*
 * roads_sheet.h - a CSV table of a bank's own map, row by row: the columns by
 * the header, the fields by the columns, and a sentence for each row that is
 * refused.
 *
 *   while (!(status = roads_sheet_next(&sheet)) && sheet.fields)
 *       if (!(take the row: roads_sheet_real(&sheet, COLUMN, ...)))
 *           status = roads_sheet_refuse(&sheet);
 *
 * Numbers of errors are those of imports where they mean the same
 * (E3101 unknown column, E3113 duplicate, ...); those from E3141 are the
 * roads' own.  A number is never given another meaning.
 */
#ifndef ROADS_SHEET_H
#define ROADS_SHEET_H

#include "base_array.h"
#include "base_csv.h"
#include "base_text.h"
#include "roads_source.h"

enum { ROADS_SHEET_COLUMNS = 24 };

typedef enum roads_fault {
    ROADS_FAULT_NONE = 0,
    ROADS_FAULT_UNKNOWN_COLUMN = 3101,
    ROADS_FAULT_MISSING_COLUMN = 3102,
    ROADS_FAULT_DOUBLE_COLUMN = 3103,
    ROADS_FAULT_FIELD_COUNT = 3105,
    ROADS_FAULT_NOT_CSV = 3106,
    ROADS_FAULT_LONGITUDE = 3107,
    ROADS_FAULT_LATITUDE = 3108,
    ROADS_FAULT_SWAPPED = 3109,
    ROADS_FAULT_EMPTY = 3110,
    ROADS_FAULT_ID = 3111,
    ROADS_FAULT_UNKNOWN = 3112,
    ROADS_FAULT_DUPLICATE = 3113,
    ROADS_FAULT_NUMBER = 3115,
    ROADS_FAULT_FLAG = 3117,
    ROADS_FAULT_WORD = 3118,
    ROADS_FAULT_ENCODING = 3122,
    ROADS_FAULT_GEOMETRY = 3124,
    ROADS_FAULT_SHORT = 3141,
    ROADS_FAULT_NO_NODES = 3142,
    ROADS_FAULT_APART = 3143,
    ROADS_FAULT_CLOSED = 3144,
    ROADS_FAULT_NOT_JOINED = 3145,
    ROADS_FAULT_AMBIGUOUS = 3146,
    ROADS_FAULT_MODE = 3147
} roads_fault;

typedef struct roads_sheet {
    base_run *run;
    const char *path;            /* borrowed, as are the columns */
    const char *const *columns;  /* their names */
    size_t n_columns;
    base_csv *csv;
    BASE_ARRAY(uint8_t) column_of; /* of each field of the file */
    bool is_present[ROADS_SHEET_COLUMNS];
    char *const *fields;         /* by column, "" where there is nothing;
                                  * NULL past the last row */
    char *row[ROADS_SHEET_COLUMNS];
    uint64_t line;

    /* Why the row is refused. */
    roads_fault fault;
    size_t column;               /* n_columns: of none */
    char detail[400];

    gb_roads_row_fn *on_row;
    void *user;
    gb_roads_report *report;
    base_text why;
} roads_sheet;

/*
 * Open a file and read its header: an unknown column is refused, unless its
 * name begins with "x_".  Bit c of `musts`: column c must be there.
 * GB_ERR_IO, GB_ERR_PARSE, GB_ERR_NOMEM.  Close in any case.
 */
gb_status roads_sheet_open(base_run *run, const char *path,
                           const char *const *columns, size_t n_columns,
                           uint32_t musts, gb_roads_row_fn *on_row,
                           void *user, gb_roads_report *report,
                           roads_sheet *sheet);
void roads_sheet_close(roads_sheet *sheet); /* takes a zeroed one */

/* The next row that is one; others are refused on the way. */
gb_status roads_sheet_next(roads_sheet *sheet);

/* Note why; false, for `return roads_sheet_fault(...)`.  `detail` fills the
 * hole in the sentence. */
bool roads_sheet_fault(roads_sheet *sheet, roads_fault fault, size_t column,
                       const char *detail);
/* Tell and count the row with the fault that was noted. */
gb_status roads_sheet_refuse(roads_sheet *sheet);
/* GB_ERR_PARSE, with what is wrong with a column of the header (or NULL). */
gb_status roads_sheet_refuse_header(roads_sheet *sheet, roads_fault fault,
                                    const char *name, const char *detail);

/* Fields to values; false with the fault noted.  Empty leaves *out alone. */
bool roads_sheet_id(roads_sheet *sheet, size_t column);
bool roads_sheet_flag(roads_sheet *sheet, size_t column, bool *out);
/* One of the words, by its number; `words` ends with NULL. */
bool roads_sheet_word(roads_sheet *sheet, size_t column,
                      const char *const *words, int *out);
/* Km/h in tenths: 0, or 1 to 200; *is_set tells of an empty field. */
bool roads_sheet_speed(roads_sheet *sheet, size_t column, bool *is_set,
                       uint16_t *dkmh);
/* Two columns; both must be there. */
bool roads_sheet_place(roads_sheet *sheet, size_t lon, size_t lat,
                       gb_lonlat *out);
/* A WKT LINESTRING, whose points are appended. */
typedef struct roads_lonlats {
    BASE_ARRAY(gb_lonlat) at;
} roads_lonlats;
/* false with fault NONE: no memory. */
bool roads_sheet_line(roads_sheet *sheet, size_t column, roads_lonlats *out);

#endif
