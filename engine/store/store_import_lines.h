/*
 * store_import_lines.h - a file line by line, in pieces, with a way back.
 */
#ifndef STORE_IMPORT_LINES_H
#define STORE_IMPORT_LINES_H

#include "store_import_text.h"

#include <stdio.h>

enum { IMPORT_MAX_LINE = 1 << 20 };

typedef struct import_lines {
    gb_context *ctx; /* borrowed, with its memory */
    FILE *file;
    char *path;
    char *buffer;
    size_t from, n, capacity; /* unread bytes are [from, n) */
    int64_t offset;           /* of buffer[from] in the file */
    uint64_t line;            /* of the next one, from 1 */
    int64_t size;             /* of the file */
    import_encoding encoding; /* of its first part */
    size_t max_line;          /* IMPORT_MAX_LINE; the opener may raise it */
    bool is_at_end;
} import_lines;

typedef struct import_line {
    const char *bytes; /* with its '\n'; until the next call */
    size_t n;
    uint64_t line;
    bool is_too_long;  /* above max_line, was skipped */
} import_line;

/*
 * Open and look at the first part: a byte order mark is left out, UTF-16 is
 * refused.  GB_ERR_NOT_FOUND, GB_ERR_IO, GB_ERR_PARSE, GB_ERR_NOMEM.
 */
gb_status import_lines_open(gb_context *ctx, const char *path,
                            import_lines *lines);
/* The same of an open file, which it closes, whatever becomes of it. */
gb_status import_lines_take(gb_context *ctx, FILE *file, const char *name,
                            int64_t size, import_lines *lines);
void import_lines_close(import_lines *lines); /* zeroed is taken */
/* Past the last one line->n is 0. */
gb_status import_lines_next(import_lines *lines, import_line *line);
/* Go on from an offset at which the line `line` begins. */
gb_status import_lines_seek(import_lines *lines, int64_t offset,
                            uint64_t line);

#endif
