/*
 * route_scan.h - a text word by word, with line and column for messages.
 *
 *   return route_scan_at(scan, &word,
 *                        base_fail(scan->ctx, GB_ERR_PARSE, "..."));
 *
 * puts "file.vrp:12:3: " before the message.  Whatever is not above a space
 * parts words.
 */
#ifndef ROUTE_SCAN_H
#define ROUTE_SCAN_H

#include "base_context.h"

typedef struct route_scan {
    gb_context *ctx;
    const char *name, *at, *end, *line_start;
    uint32_t line;
} route_scan;

typedef struct route_word {
    const char *text;
    size_t n; /* 0: none, at the place where it should be */
    uint32_t line, column;
} route_word;

void route_scan_init(route_scan *scan, gb_context *ctx, const char *name,
                     const char *bytes, size_t n);
/* On to the next line that has a word; false: there is none. */
bool route_scan_line(route_scan *scan);
/* The next word of this line. */
route_word route_scan_word(route_scan *scan);
/* The same, staying there. */
route_word route_scan_peek(const route_scan *scan);
/* The next word of this line or of those after it. */
route_word route_scan_any(route_scan *scan);
/* What is left of this line, without blanks at its ends. */
route_word route_scan_rest(route_scan *scan);

bool route_word_is(const route_word *word, const char *text); /* any case */
/* Begins as a number does. */
bool route_word_is_number(const route_word *word);
/* For messages: cut, and what cannot be printed as '?'. */
const char *route_word_text(const route_word *word, char buffer[48]);

gb_status route_scan_at(const route_scan *scan, const route_word *word,
                        gb_status status);
/* A number of this line; `what` is the file's own word for it. */
gb_status route_scan_real(route_scan *scan, const char *what, double *out);
/* One of 0 or above. */
gb_status route_scan_amount(route_scan *scan, const char *what, double *out);
gb_status route_scan_whole(route_scan *scan, const char *what, int64_t low,
                           int64_t high, int64_t *out);
/* Those of a word at hand. */
gb_status route_word_real(const route_scan *scan, const route_word *word,
                          const char *what, double *out);
gb_status route_word_whole(const route_scan *scan, const route_word *word,
                           const char *what, int64_t low, int64_t high,
                           int64_t *out);
/* From when until when; refuses one that ends before it begins. */
gb_status route_scan_window(route_scan *scan, const char *from,
                            const char *until, double *early, double *late);
/* Refuses a word that is left in this line. */
gb_status route_scan_end_line(route_scan *scan, const char *what);

#endif
