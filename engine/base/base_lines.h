/*
 * base_lines.h - a file line by line, in pieces, with a way back.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base_context.h"

#include <stdio.h>

enum { BASE_MAX_LINE = 1 << 20 };

typedef struct base_lines {
    gb_context *ctx; /* borrowed, with its memory */
    FILE *file;
    char *path;
    char *buffer;
    size_t from, n, capacity; /* unread bytes are [from, n) */
    int64_t offset;           /* of buffer[from] in the file */
    uint64_t line;            /* of the next one, from 1 */
    int64_t size;             /* of the file */
    size_t max_line;          /* BASE_MAX_LINE; the opener may raise it */
    bool is_at_end;
} base_lines;

typedef struct base_line {
    const char *bytes; /* with its '\n'; until the next call */
    size_t n;
    uint64_t line;
    bool is_too_long;  /* above max_line, was skipped */
} base_line;

/*
 * Open and look at the first part: a byte order mark is left out, UTF-16 is
 * refused.  GB_ERR_NOT_FOUND, GB_ERR_IO, GB_ERR_PARSE, GB_ERR_NOMEM.
 */
gb_status base_lines_open(gb_context *ctx, const char *path,
                            base_lines *lines);
/* The same of an open file, which it closes, whatever becomes of it. */
gb_status base_lines_take(gb_context *ctx, FILE *file, const char *name,
                            int64_t size, base_lines *lines);
void base_lines_close(base_lines *lines); /* zeroed is taken */
/* The first part, as long as no line has been taken: to look what it is. */
static inline const char *base_lines_peek(const base_lines *lines, size_t *n)
{
    *n = lines->n - lines->from;
    return lines->buffer + lines->from;
}

/* Past the last one line->n is 0. */
gb_status base_lines_next(base_lines *lines, base_line *line);
/* Go on from an offset at which the line `line` begins. */
gb_status base_lines_seek(base_lines *lines, int64_t offset,
                            uint64_t line);

#endif
