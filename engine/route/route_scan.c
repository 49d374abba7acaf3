/*
 * route_scan.c - see route_scan.h.
 */
#include "route_scan.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base_text.h"

enum { LONGEST_NUMBER = 63 };

void route_scan_init(route_scan *scan, gb_context *ctx, const char *name,
                     const char *bytes, size_t n)
{
    scan->ctx = ctx;
    scan->name = name;
    scan->at = scan->line_start = bytes;
    scan->end = bytes + n;
    scan->line = 1;
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static void skip_blanks(route_scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\n' && is_blank(*scan->at))
        scan->at++;
}

static bool next_line(route_scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\n')
        scan->at++;
    if (scan->at == scan->end)
        return false;
    scan->at++;
    scan->line++;
    scan->line_start = scan->at;
    return true;
}

bool route_scan_line(route_scan *scan)
{
    /* At the very beginning the first line is the next one. */
    bool is_there = scan->line > 1 || scan->at > scan->line_start
                        ? next_line(scan)
                        : scan->at < scan->end;

    while (is_there) {
        skip_blanks(scan);
        if (scan->at < scan->end && *scan->at != '\n')
            return true;
        is_there = next_line(scan);
    }
    return false;
}

route_word route_scan_word(route_scan *scan)
{
    route_word word;

    skip_blanks(scan);
    word.text = scan->at;
    word.line = scan->line;
    word.column = (uint32_t)(scan->at - scan->line_start) + 1;
    while (scan->at < scan->end && !is_blank(*scan->at))
        scan->at++;
    word.n = (size_t)(scan->at - word.text);
    return word;
}

route_word route_scan_peek(const route_scan *scan)
{
    route_scan copy = *scan;

    return route_scan_word(&copy);
}

route_word route_scan_any(route_scan *scan)
{
    route_word word = route_scan_word(scan);

    while (word.n == 0 && next_line(scan))
        word = route_scan_word(scan);
    return word;
}

route_word route_scan_rest(route_scan *scan)
{
    route_word word;

    skip_blanks(scan);
    word.text = scan->at;
    word.line = scan->line;
    word.column = (uint32_t)(scan->at - scan->line_start) + 1;
    while (scan->at < scan->end && *scan->at != '\n')
        scan->at++;
    word.n = (size_t)(scan->at - word.text);
    while (word.n > 0 && is_blank(word.text[word.n - 1]))
        word.n--;
    return word;
}

bool route_word_is(const route_word *word, const char *text)
{
    return word->n == strlen(text)
           && strncasecmp(word->text, text, word->n) == 0;
}

bool route_word_is_number(const route_word *word)
{
    const char c = word->n ? word->text[0] : 'x';

    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
}

const char *route_word_text(const route_word *word, char buffer[48])
{
    size_t n = word->n < 40 ? word->n : 40;
    const bool is_text = base_is_utf8(word->text, word->n);

    while (is_text && n > 0 && n < word->n
           && ((unsigned char)word->text[n] & 0xc0u) == 0x80u)
        n--; /* not in the midst of a letter */
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)word->text[i];

        buffer[i] = c < 32 || c == 127 || (c > 127 && !is_text) ? '?'
                                                               : (char)c;
    }
    buffer[n] = '\0';
    if (n < word->n)
        strcat(buffer, "...");
    return buffer;
}

gb_status route_scan_at(const route_scan *scan, const route_word *word,
                        gb_status status)
{
    char prefix[320];

    snprintf(prefix, sizeof prefix, "%.255s:%u:%u: ", scan->name, word->line,
             word->column);
    base_fail_prefix(scan->ctx, prefix);
    return status;
}

gb_status route_word_real(const route_scan *scan, const route_word *word,
                          const char *what, double *out)
{
    char number[LONGEST_NUMBER + 1], shown[48];

    if (word->n > 0 && word->n <= LONGEST_NUMBER) {
        memcpy(number, word->text, word->n);
        number[word->n] = '\0';
        if (base_parse_real(number, out) && fabs(*out) <= 1e12)
            return GB_OK;
    }
    if (word->n == 0)
        return route_scan_at(scan, word,
                             base_fail(scan->ctx, GB_ERR_PARSE,
                                       "%s: a number is missing", what));
    return route_scan_at(scan, word,
                         base_fail(scan->ctx, GB_ERR_PARSE,
                                   "%s: a number expected, not \"%s\"", what,
                                   route_word_text(word, shown)));
}

gb_status route_word_whole(const route_scan *scan, const route_word *word,
                           const char *what, int64_t low, int64_t high,
                           int64_t *out)
{
    double real;
    gb_status status = route_word_real(scan, word, what, &real);

    if (status)
        return status;
    if (real < (double)low || real > (double)high || floor(real) < real) {
        char shown[48];

        return route_scan_at(
            scan, word,
            base_fail(scan->ctx, GB_ERR_DATA,
                      "%s: \"%s\"; an integer from %" PRId64 " to %" PRId64
                      " expected",
                      what, route_word_text(word, shown), low, high));
    }
    *out = (int64_t)real;
    return GB_OK;
}

gb_status route_scan_real(route_scan *scan, const char *what, double *out)
{
    const route_word word = route_scan_word(scan);

    return route_word_real(scan, &word, what, out);
}

gb_status route_scan_amount(route_scan *scan, const char *what, double *out)
{
    const route_word word = route_scan_word(scan);
    char shown[48];
    gb_status status = route_word_real(scan, &word, what, out);

    if (status || *out >= 0)
        return status;
    return route_scan_at(scan, &word,
                         base_fail(scan->ctx, GB_ERR_DATA,
                                   "%s: \"%s\"; 0 or above expected", what,
                                   route_word_text(&word, shown)));
}

gb_status route_scan_whole(route_scan *scan, const char *what, int64_t low,
                           int64_t high, int64_t *out)
{
    const route_word word = route_scan_word(scan);

    return route_word_whole(scan, &word, what, low, high, out);
}

gb_status route_scan_window(route_scan *scan, const char *from,
                            const char *until, double *early, double *late)
{
    const route_word begins = route_scan_peek(scan);
    gb_status status = route_scan_real(scan, from, early);
    const route_word ends = route_scan_peek(scan);
    char first[48], last[48];

    if (status == GB_OK)
        status = route_scan_real(scan, until, late);
    if (status || *early <= *late)
        return status;
    return route_scan_at(scan, &ends,
                         base_fail(scan->ctx, GB_ERR_DATA,
                                   "the time window ends (%s) before it "
                                   "begins (%s)",
                                   route_word_text(&ends, last),
                                   route_word_text(&begins, first)));
}

gb_status route_scan_end_line(route_scan *scan, const char *what)
{
    const route_word word = route_scan_word(scan);
    char shown[48];

    if (word.n == 0)
        return GB_OK;
    return route_scan_at(scan, &word,
                         base_fail(scan->ctx, GB_ERR_PARSE,
                                   "%s: \"%s\" is more than expected in this "
                                   "line",
                                   what, route_word_text(&word, shown)));
}
