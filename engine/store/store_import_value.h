/*
 * store_import_value.h - one field's text to its value, by its column's type.
 *
 * Pure: no database, no file.  What another row or table must say (is the
 * branch there? is this a duplicate?) is asked of the hashes that the caller
 * brings.  The fuzzer comes in here.
 */
#ifndef STORE_IMPORT_VALUE_H
#define STORE_IMPORT_VALUE_H

#include "store_import_kind.h"
#include "store_import_report.h"

typedef struct import_value {
    bool is_set;      /* false: the field is empty, or the column absent */
    int64_t number;   /* whole numbers, flags, seconds, linked ids */
    double degrees;
    const char *text; /* as in the file; a date or choice in its one form */
} import_value;

/* A tag that a row carries; sorted by (tag_id, value) without doubles. */
typedef struct import_tag {
    int64_t tag_id;
    const char *value; /* "" for the tag alone; lies in import_values.tags_text */
} import_tag;

enum { IMPORT_MAX_TAGS = 64 };

typedef struct import_values {
    import_value of[IMPORT_MAX_COLUMNS];
    import_tag tags[IMPORT_MAX_TAGS];
    size_t n_tags;
    char tags_text[2048];
} import_values;

/* Where points may lie: degrees, borders included. */
typedef struct import_box {
    double min_lon, max_lon, min_lat, max_lat;
} import_box;

/* What the values of a row are held against. */
typedef struct import_world {
    const import_kind *kind;
    const bool *is_present;  /* of the kind's columns, in this file */
    import_box box;
    import_refs links[IMPORT_MAX_COLUMNS]; /* by column; of IMPORT_LINK */
    import_refs tags;
    /* Allowed values of tag `id` as "a;b", by the tag's entry in `tags`. */
    BASE_ARRAY(char *) tag_values;
} import_world;

void import_world_clear(import_world *world, base_mem *mem);

/*
 * All fields of a row; `fields[c]` is column c's text, NULL or "" when empty.
 * The first fault in the order of the columns is answered, with its value
 * withheld where it is personal.  `fields` are borrowed by the values.
 */
import_code import_row_check(const import_world *world, char *const *fields,
                             import_values *values, import_fault *fault);

/* "2026-03-02", a day that the calendar has, 1800 to 2200. */
bool import_is_date(const char *text);
/* "08:30" or "8:30" to seconds; "24:00" is the end of the day. */
bool import_parse_clock(const char *text, int64_t *seconds);

#endif
