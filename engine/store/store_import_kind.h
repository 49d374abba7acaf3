/*
 * store_import_kind.h - the kinds of files of data/FORMATS.md as one table:
 * which columns, what their values are, where they go.
 */
#ifndef STORE_IMPORT_KIND_H
#define STORE_IMPORT_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum { IMPORT_MAX_COLUMNS = 24 };

typedef enum import_type {
    IMPORT_REF,     /* the row's own opaque reference */
    IMPORT_LINK,    /* a reference to another kind: `words` names its table */
    IMPORT_TAG_NAME,/* the name of a tag: any letters but ; and = */
    IMPORT_TEXT,    /* free text of at most 200 bytes */
    IMPORT_FEN,     /* whole, may be below zero */
    IMPORT_SECONDS, /* whole, 0 to a day */
    IMPORT_CLOCK,   /* HH:MM, kept as seconds */
    IMPORT_DAY,     /* YYYY-MM-DD */
    IMPORT_BOOL,    /* 0 or 1 */
    IMPORT_CHOICE,  /* one of `words` */
    IMPORT_LON,
    IMPORT_LAT,
    IMPORT_TAGS,    /* tag or tag=value, separated by ; */
    IMPORT_VALUES   /* allowed values, separated by ; */
} import_type;

typedef struct import_column {
    const char *name;      /* in the file */
    import_type type;
    bool is_must;
    const char *words;     /* of a link or a choice */
    const char *field;     /* in the table; NULL: no single one */
    const char *otherwise; /* for an empty field that may not be NULL */
} import_column;

/* Columns of the file come first; a row's key is the first n_key of them. */
typedef struct import_kind {
    const char *name, *table;
    const import_column *columns;
    size_t n_columns, n_key;
    bool has_shape;        /* GeoJSON with polygons */
    bool has_names;        /* "name" is that of a thing, not of a person */
    const char *keys_sql;  /* SELECT id, key: parts joined by char(31) */
} import_kind;

extern const import_kind store_import_kinds[];
extern const size_t store_n_import_kinds;

const import_kind *import_kind_find(const char *name); /* or NULL */
/* SIZE_MAX when there is none. */
size_t import_kind_column(const import_kind *kind, const char *name);

#endif
