/*
 * base_text.c - see base_text.h.
 */
#define _GNU_SOURCE /* strtod_l */
#include "base_text.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

void base_text_init(base_text *text, base_mem *mem)
{
    *text = (base_text){ mem, NULL, 0, 0, false };
}

void base_text_clear(base_text *text)
{
    base_free(text->mem, text->chars);
    base_text_init(text, text->mem);
}

void base_text_reset(base_text *text)
{
    text->n = 0;
    text->is_short = false;
    if (text->chars)
        text->chars[0] = '\0';
}

/* Room for n more characters and the end mark. */
static bool reserve(base_text *text, size_t n)
{
    size_t wanted = text->capacity + text->capacity / 2 + 64;
    char *grown;

    if (text->is_short)
        return false;
    if (text->capacity - text->n > n)
        return true;
    if (wanted < text->n + n + 1)
        wanted = text->n + n + 1;
    grown = base_realloc_array(text->mem, text->chars, wanted, 1);
    if (!grown) {
        text->is_short = true;
        return false;
    }
    text->chars = grown;
    text->capacity = wanted;
    return true;
}

void base_text_append(base_text *text, const char *chars, size_t n)
{
    if (!reserve(text, n))
        return;
    if (n)
        memcpy(text->chars + text->n, chars, n);
    text->n += n;
    text->chars[text->n] = '\0';
}

void base_text_add(base_text *text, const char *string)
{
    base_text_append(text, string, strlen(string));
}

/* Into the room that is left; only what does not fit is written twice. */
void base_text_format(base_text *text, const char *format, ...)
{
    const size_t room = text->is_short ? 0 : text->capacity - text->n;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(room ? text->chars + text->n : NULL, room, format, args);
    va_end(args);
    if (NEVER(n < 0))
        return;
    if ((size_t)n >= room) {
        if (room)
            text->chars[text->n] = '\0';
        if (!reserve(text, (size_t)n))
            return;
        va_start(args, format);
        vsnprintf(text->chars + text->n, (size_t)n + 1, format, args);
        va_end(args);
    }
    text->n += (size_t)n;
}

void base_text_int(base_text *text, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    base_text_append(text, at, (size_t)(digits + sizeof digits - at));
}

/*
 * Numbers of up to 15 digits go through an integer, which no locale touches.
 * Larger ones, and what is not finite, are rare and of no fine grain: they
 * are written as whole numbers or by name.
 */
const char *base_real_text(char buffer[32], double value, int decimals)
{
    static const double scale[]
        = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    const size_t d = (size_t)(decimals < 0 ? 0 : decimals > 9 ? 9 : decimals);
    const double scaled = fabs(value) * scale[d];
    const char *sign = signbit(value) ? "-" : "";

    if (isnan(value)) {
        snprintf(buffer, 32, "nan");
    } else if (isinf(value)) {
        snprintf(buffer, 32, "%sinf", sign);
    } else if (scaled >= 9e15) {
        snprintf(buffer, 32, "%s%.0e", sign, fabs(value));
    } else {
        const int64_t units = llround(scaled);
        const int64_t base = (int64_t)scale[d];

        if (units == 0)
            sign = "";
        if (d == 0)
            snprintf(buffer, 32, "%s%lld", sign, (long long)units);
        else
            snprintf(buffer, 32, "%s%lld.%0*lld", sign,
                     (long long)(units / base), (int)d,
                     (long long)(units % base));
    }
    return buffer;
}

void base_text_real(base_text *text, double value, int decimals)
{
    char buffer[32];

    base_text_add(text, base_real_text(buffer, value, decimals));
}

/* Equality is meant: the bits, but for the sign of zero. */
static bool is_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* Whole ones of up to 15 digits, most of those written; minus zero is none. */
static bool is_whole(double value)
{
    return fabs(value) < 1e15 && is_same(value, trunc(value))
           && !(signbit(value) && is_same(value, 0));
}

void base_text_exact(base_text *text, double value)
{
    char buffer[32];
    locale_t plain, before;

    if (is_whole(value)) {
        base_text_int(text, (int64_t)value);
        return;
    }
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (NEVER(!plain)) {
        text->is_short = true;
        return;
    }
    before = uselocale(plain); /* of this thread alone */
    snprintf(buffer, sizeof buffer, "%.15g", value);
    if (isfinite(value) && !is_same(strtod(buffer, NULL), value))
        snprintf(buffer, sizeof buffer, "%.16g", value);
    if (isfinite(value) && !is_same(strtod(buffer, NULL), value))
        snprintf(buffer, sizeof buffer, "%.17g", value);
    uselocale(before);
    freelocale(plain);
    base_text_add(text, buffer);
}

void base_text_json(base_text *text, const char *string)
{
    base_text_append(text, "\"", 1);
    while (*string) {
        const char *c = string;

        while ((unsigned char)*c >= 0x20 && *c != '"' && *c != '\\'
               && *c != '<')
            c++;
        base_text_append(text, string, (size_t)(c - string));
        string = c;
        if (*c == '"' || *c == '\\')
            base_text_format(text, "\\%c", *string++);
        else if (*c)
            base_text_format(text, "\\u%04x",
                             (unsigned)(unsigned char)*string++);
    }
    base_text_append(text, "\"", 1);
}

void base_text_csv(base_text *text, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        base_text_add(text, field);
        return;
    }
    base_text_add(text, "\"");
    for (const char *c = field; *c; c++)
        base_text_append(text, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    base_text_add(text, "\"");
}

void base_text_html(base_text *text, const char *string)
{
    static const char special[] = "&<>\"'";
    static const char *const entity[]
        = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

    while (*string) {
        const size_t plain = strcspn(string, special);

        base_text_append(text, string, plain);
        string += plain;
        if (*string)
            base_text_add(text, entity[strchr(special, *string++) - special]);
    }
}

char *base_text_take(base_text *text)
{
    char *chars;

    base_text_append(text, "", 0); /* an empty text is a string too */
    if (text->is_short) {
        base_text_clear(text);
        return NULL;
    }
    chars = text->chars;
    base_text_init(text, text->mem);
    return chars;
}

/* strtod under the C locale, without touching the host's. */
bool base_parse_real(const char *string, double *out)
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    char *end = NULL;
    double value;

    if (NEVER(!plain))
        return false;
    value = strtod_l(string, &end, plain);
    freelocale(plain);
    if (end == string || *end != '\0' || !isfinite(value)
        || strpbrk(string, "xXnN \t\r\n"))
        return false;
    *out = value;
    return true;
}

bool base_parse_int(const char *string, int64_t *out)
{
    char *end = NULL;
    long long value;

    if (strpbrk(string, " \t\r\n\v\f"))
        return false;
    errno = 0;
    value = strtoll(string, &end, 10);
    if (end == string || *end != '\0' || errno)
        return false;
    *out = value;
    return true;
}

/* Bytes of the character at `s`, of which `n` are left; 0: not UTF-8. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
    const unsigned char c = s[0];
    size_t length;

    if (c < 0x80)
        return 1;
    length = c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3
           : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    if (!length || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f)
        || (c == 0xf0 && s[1] < 0x90) || (c == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

bool base_is_utf8(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;

    for (size_t i = 0; i < n;) {
        const size_t length = utf8_length(s + i, n - i);

        if (!length)
            return false;
        i += length;
    }
    return true;
}
