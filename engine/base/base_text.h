/*
 * base_text.h - growing text, and numbers that do not depend on the locale.
 *
 * A host may have set a locale that writes 1,50; so real numbers are written
 * and read here and nowhere else.  A text that ran out of memory stays valid,
 * remembers it, and takes no more: check once, at the end.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base_mem.h"

typedef struct base_text {
    base_mem *mem; /* borrowed */
    char *chars;   /* NULL while empty; else ends in '\0' */
    size_t n, capacity;
    bool is_short; /* of memory: something is missing */
} base_text;

void base_text_init(base_text *text, base_mem *mem);
void base_text_clear(base_text *text);
void base_text_reset(base_text *text); /* empty, keeps its memory */
void base_text_append(base_text *text, const char *chars, size_t n);
void base_text_add(base_text *text, const char *string);
/* Integers, strings and %%; real numbers by base_text_real(). */
void base_text_format(base_text *text, const char *format, ...)
    GB_PRINTF(2, 3);
void base_text_int(base_text *text, int64_t value);
/* With `decimals` (0 to 9) digits after the point, halves away from zero. */
void base_text_real(base_text *text, double value, int decimals);
/* As few digits as read back to the same number: 0.1, 1e-07, nan, inf. */
void base_text_exact(base_text *text, double value);
/* A JSON string with its quotes; `<` as \u003c, so that it may stand in HTML */
void base_text_json(base_text *text, const char *string);
/* A CSV field, in quotes where it needs them. */
void base_text_csv(base_text *text, const char *field);
/* With & < > " ' written as entities. */
void base_text_html(base_text *text, const char *string);
/* The string, which the caller frees with base_free(); NULL: no memory. */
char *base_text_take(base_text *text);

/* The whole string as a number; false when it is not a finite one. */
bool base_parse_real(const char *string, double *out);
bool base_parse_int(const char *string, int64_t *out);
/* Write into a fixed buffer as base_text_real does; for messages. */
const char *base_real_text(char buffer[32], double value, int decimals);

/* Well-formed UTF-8 without surrogates or overlong forms. */
bool base_is_utf8(const char *bytes, size_t n);

#endif
