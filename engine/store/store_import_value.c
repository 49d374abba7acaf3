#include "store_import_value.h"

#include "store_import_text.h"

#include "base_near.h"
#include "store_tag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REF = 64, MAX_TEXT = 200, DAY_S = 86400 };

/* 10^14 yuan: far above any bank, far below an overflow of sums. */
#define MAX_FEN INT64_C(10000000000000000)

void import_world_clear(import_world *world, base_mem *mem)
{
    for (size_t c = 0; c < IMPORT_MAX_COLUMNS; c++)
        import_refs_clear(&world->links[c]);
    import_refs_clear(&world->tags);
    for (size_t t = 0; t < world->tag_values.n; t++)
        base_free(mem, world->tag_values.items[t]);
    base_array_clear(mem, &world->tag_values);
}

/* ---------------------------------------------------------- one by one -- */

static bool two_digits(const char *text, int *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *out = (text[0] - '0') * 10 + (text[1] - '0');
    return true;
}

bool import_is_date(const char *text)
{
    static const int days[12]
        = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int century, year, month, day, length;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-'
        || !two_digits(text, &century) || !two_digits(text + 2, &year)
        || !two_digits(text + 5, &month) || !two_digits(text + 8, &day))
        return false;
    year += century * 100;
    if (year < 1800 || year > 2200 || month < 1 || month > 12)
        return false;
    length = days[month - 1];
    if (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
        length = 29;
    return day >= 1 && day <= length;
}

bool import_parse_clock(const char *text, int64_t *seconds)
{
    char padded[6];
    int hour, minute;

    if (strlen(text) == 4) {
        snprintf(padded, sizeof padded, "0%s", text);
        text = padded;
    }
    if (strlen(text) != 5 || text[2] != ':' || !two_digits(text, &hour)
        || !two_digits(text + 3, &minute) || minute > 59
        || hour > 24 || (hour == 24 && minute > 0))
        return false;
    *seconds = hour * 3600 + minute * 60;
    return true;
}

static bool is_reference(const char *text)
{
    size_t n = 0;

    for (; *text; text++, n++) {
        const char c = *text;

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':'
              || c == '-'))
            return false;
    }
    return n >= 1 && n <= MAX_REF;
}

/* "a b c": is `word` one of them? */
static bool has_word(const char *words, const char *word, char separator)
{
    const size_t n = strlen(word);

    while (n > 0) {
        const char *end = strchr(words, separator);
        const size_t length = end ? (size_t)(end - words) : strlen(words);

        if (length == n && strncmp(words, word, n) == 0)
            return true;
        if (!end)
            break;
        words = end + 1;
    }
    return false;
}

static void nearest_word(const char *words, const char *word, char *out,
                         size_t size)
{
    size_t best = strlen(word) / 2 + 1;

    out[0] = '\0';
    while (*words) {
        const size_t n = strcspn(words, " ");
        char known[32];

        snprintf(known, sizeof known, "%.*s", (int)n, words);
        if (base_edits(word, known, best) < best) {
            best = base_edits(word, known, best);
            snprintf(out, size, "%s", known);
        }
        words += n + (words[n] == ' ');
    }
}

static import_code check_number(const char *text, int64_t low, int64_t high,
                                import_value *value, import_fault *fault)
{
    char bounds[64], mend[32] = "";
    double real;

    if (base_parse_int(text, &value->number) && value->number >= low
        && value->number <= high)
        return IMPORT_OK;
    snprintf(bounds, sizeof bounds, "%lld .. %lld", (long long)low,
             (long long)high);
    /* "1200.50" in a column of fen is yuan. */
    if (high == MAX_FEN && strchr(text, '.') && base_parse_real(text, &real)
        && real > -1e13 && real < 1e13)
        snprintf(mend, sizeof mend, "%lld fen",
                 (long long)(real * 100 + (real < 0 ? -0.5 : 0.5)));
    return import_fault_set(fault, IMPORT_NUMBER, text, bounds, mend);
}

static import_code check_day(const char *text, import_fault *fault)
{
    char mend[16] = "";

    if (import_is_date(text))
        return IMPORT_OK;
    /* 20260302, 2026/03/02, 2026.3.2 are told how they should be. */
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8)
        snprintf(mend, sizeof mend, "%.4s-%.2s-%.2s", text, text + 4,
                 text + 6);
    else {
        char *end;
        const long year = strtol(text, &end, 10);
        const long month = *end ? strtol(end + 1, &end, 10) : 0;
        const long day = *end ? strtol(end + 1, &end, 10) : 0;

        if (year >= 1800 && year <= 2200 && month >= 1 && month <= 12
            && day >= 1 && day <= 31 && !*end)
            snprintf(mend, sizeof mend, "%04ld-%02ld-%02ld", year, month,
                     day);
    }
    if (mend[0] && !import_is_date(mend))
        mend[0] = '\0';
    return import_fault_set(fault, IMPORT_DATE, text, "", mend);
}

static import_code check_link(const import_refs *refs, const char *text,
                              import_value *value, import_fault *fault)
{
    const import_ref *found = import_refs_find(refs, text);
    const char *nearest;
    char detail[128] = "";

    if (found) {
        value->number = found->id;
        return IMPORT_OK;
    }
    if (!is_reference(text))
        return import_fault_set(fault, IMPORT_REFERENCE, text, "", "");
    nearest = import_refs_nearest(refs, text);
    if (nearest)
        snprintf(detail, sizeof detail, "; %s?", nearest);
    return import_fault_set(fault, IMPORT_UNKNOWN, text, detail, "");
}

/* ---------------------------------------------------------- coordinates -- */

static bool is_between(double value, double low, double high)
{
    return value >= low && value <= high;
}

static void degrees_text(char *out, size_t size, double degrees)
{
    char number[32];
    size_t n;

    base_real_text(number, degrees, 6);
    for (n = strlen(number); n > 1 && number[n - 1] == '0'; n--)
        number[n - 1] = '\0';
    if (n > 0 && number[n - 1] == '.')
        number[n - 1] = '\0';
    snprintf(out, size, "%s", number);
}

/* Ten and a hundred times too much or too little is a slipped point. */
static void suggest_point(double degrees, double low, double high, char *out,
                          size_t size)
{
    static const double factors[] = { 0.1, 10, 0.01, 100, 0.001, 1e-6 };

    out[0] = '\0';
    for (size_t f = 0; f < sizeof factors / sizeof factors[0]; f++) {
        if (is_between(degrees * factors[f], low, high)) {
            degrees_text(out, size, degrees * factors[f]);
            return;
        }
    }
}

static import_code bad_degrees(import_fault *fault, import_code code,
                               const char *text, double degrees, double low,
                               double high)
{
    char bounds[80], mend[40];

    snprintf(bounds, sizeof bounds, "%.2f .. %.2f", low, high);
    suggest_point(degrees, low, high, mend, sizeof mend);
    return import_fault_set(fault, code, text, bounds, mend);
}

static import_code check_degrees(const import_box *box, bool is_lon,
                                 const char *text, import_value *value,
                                 import_fault *fault)
{
    const double low = is_lon ? box->min_lon : box->min_lat;
    const double high = is_lon ? box->max_lon : box->max_lat;

    if (base_parse_real(text, &value->degrees))
        return IMPORT_OK; /* held against the box as a pair */
    return bad_degrees(fault, is_lon ? IMPORT_LONGITUDE : IMPORT_LATITUDE,
                       text, NAN, low, high);
}

static import_code check_pair(const import_world *world, size_t lon,
                              char *const *fields, import_values *values,
                              import_fault *fault)
{
    const import_box *box = &world->box;
    const import_value *x = &values->of[lon], *y = &values->of[lon + 1];
    char swapped[80], first[32], second[32];

    if (x->is_set != y->is_set) {
        fault->column = world->kind->columns[x->is_set ? lon : lon + 1].name;
        return import_fault_set(fault, IMPORT_HALF_POINT,
                                fields[x->is_set ? lon : lon + 1], "", "");
    }
    if (!x->is_set
        || (is_between(x->degrees, box->min_lon, box->max_lon)
            && is_between(y->degrees, box->min_lat, box->max_lat)))
        return IMPORT_OK;
    fault->column = world->kind->columns[lon].name;
    if (is_between(y->degrees, box->min_lon, box->max_lon)
        && is_between(x->degrees, box->min_lat, box->max_lat)) {
        degrees_text(first, sizeof first, y->degrees);
        degrees_text(second, sizeof second, x->degrees);
        snprintf(swapped, sizeof swapped, "lon %s, lat %s?", first, second);
        return import_fault_set(fault, IMPORT_SWAPPED, fields[lon], swapped,
                                "");
    }
    if (!is_between(x->degrees, box->min_lon, box->max_lon))
        return bad_degrees(fault, IMPORT_LONGITUDE, fields[lon], x->degrees,
                           box->min_lon, box->max_lon);
    fault->column = world->kind->columns[lon + 1].name;
    return bad_degrees(fault, IMPORT_LATITUDE, fields[lon + 1], y->degrees,
                       box->min_lat, box->max_lat);
}

/* ----------------------------------------------------------------- tags -- */

static import_code check_tag(const import_world *world, char *tag,
                             import_values *values, import_fault *fault)
{
    char *equals = strchr(tag, '=');
    const char *value = equals ? equals + 1 : "";
    const import_ref *known;
    const char *allowed, *nearest;
    char detail[256] = "";

    if (equals)
        *equals = '\0';
    known = import_refs_find(&world->tags, tag);
    if (!known) {
        nearest = import_refs_nearest(&world->tags, tag);
        if (nearest)
            snprintf(detail, sizeof detail, "; %s?", nearest);
        return import_fault_set(fault, IMPORT_TAG, tag, detail, "");
    }
    allowed = world->tag_values.items[known - world->tags.entries.items];
    if (allowed ? !has_word(allowed, value, ';') : value[0] != '\0') {
        char near[256];

        nearest = allowed ? store_nearest_of_list(value, allowed, near) : NULL;
        snprintf(detail, sizeof detail, "%s: %.140s", tag,
                 allowed ? allowed : "-");
        return import_fault_set(fault, IMPORT_TAG_VALUE, value, detail,
                                nearest ? nearest : "");
    }
    if (values->n_tags == IMPORT_MAX_TAGS)
        return import_fault_set(fault, IMPORT_TOO_LONG, tag, "64 tags of",
                                "");
    values->tags[values->n_tags++] = (import_tag){ known->id, value };
    return IMPORT_OK;
}

static int compare_tags(const void *a, const void *b)
{
    const import_tag *x = a, *y = b;

    if (x->tag_id != y->tag_id)
        return x->tag_id < y->tag_id ? -1 : 1;
    return strcmp(x->value, y->value);
}

static import_code check_tags(const import_world *world, const char *text,
                              import_values *values, import_fault *fault)
{
    char *tag = values->tags_text;
    size_t n = 0;

    if (strlen(text) >= sizeof values->tags_text)
        return import_fault_set(fault, IMPORT_TOO_LONG, text, "2047", "");
    memcpy(values->tags_text, text, strlen(text) + 1);
    while (*tag) {
        char *end = tag + strcspn(tag, ";");
        const bool is_last = !*end;

        *end = '\0';
        if (*tag) {
            const import_code code = check_tag(world, tag, values, fault);

            if (code)
                return code;
        }
        if (is_last)
            break;
        tag = end + 1;
    }
    if (values->n_tags > 1)
        qsort(values->tags, values->n_tags, sizeof *values->tags,
              compare_tags);
    for (size_t t = 0; t < values->n_tags; t++)
        if (t == 0 || compare_tags(&values->tags[t - 1], &values->tags[t]))
            values->tags[n++] = values->tags[t];
    values->n_tags = n;
    return IMPORT_OK;
}

/* ------------------------------------------------------------ the field -- */

static bool may_be_personal(import_type type)
{
    return type == IMPORT_REF || type == IMPORT_LINK || type == IMPORT_TEXT
        || type == IMPORT_TAGS || type == IMPORT_TAG_NAME
        || type == IMPORT_VALUES || type == IMPORT_CHOICE
        || type == IMPORT_DAY;
}

static import_code check_text(const char *text, import_type type,
                              import_fault *fault)
{
    char limit[16];
    const size_t most = type == IMPORT_VALUES ? 10 * MAX_TEXT : MAX_TEXT;

    if (strlen(text) > most) {
        snprintf(limit, sizeof limit, "%zu", most);
        return import_fault_set(fault, IMPORT_TOO_LONG, text, limit, "");
    }
    if (type == IMPORT_TAG_NAME && strpbrk(text, ";="))
        return import_fault_set(fault, IMPORT_TAG, text, "", "");
    return IMPORT_OK;
}

static import_code check_choice(const import_column *column, const char *text,
                                import_fault *fault)
{
    char nearest[32];

    if (has_word(column->words, text, ' '))
        return IMPORT_OK;
    nearest_word(column->words, text, nearest, sizeof nearest);
    return import_fault_set(fault, IMPORT_WORD, text, column->words, nearest);
}

static import_code check_value(const import_world *world, size_t c,
                               const char *text, import_values *values,
                               import_fault *fault)
{
    const import_column *column = &world->kind->columns[c];
    import_value *value = &values->of[c];

    switch (column->type) {
    case IMPORT_REF:
        return is_reference(text)
            ? IMPORT_OK
            : import_fault_set(fault, IMPORT_REFERENCE, text, "", "");
    case IMPORT_LINK:
        /* The parents of an organisation may come later in the file. */
        if (!column->field)
            return is_reference(text)
                ? IMPORT_OK
                : import_fault_set(fault, IMPORT_REFERENCE, text, "", "");
        return check_link(&world->links[c], text, value, fault);
    case IMPORT_TAG_NAME:
    case IMPORT_TEXT:
    case IMPORT_VALUES:
        return check_text(text, column->type, fault);
    case IMPORT_FEN:
        return check_number(text, -MAX_FEN, MAX_FEN, value, fault);
    case IMPORT_SECONDS:
        return check_number(text, 0, DAY_S, value, fault);
    case IMPORT_CLOCK:
        return import_parse_clock(text, &value->number)
            ? IMPORT_OK
            : import_fault_set(fault, IMPORT_TIME, text, "", "");
    case IMPORT_DAY:
        return check_day(text, fault);
    case IMPORT_BOOL:
        value->number = text[0] == '1';
        return (text[0] == '0' || text[0] == '1') && !text[1]
            ? IMPORT_OK
            : import_fault_set(fault, IMPORT_FLAG, text, "", "");
    case IMPORT_CHOICE:
        return check_choice(column, text, fault);
    case IMPORT_LON:
    case IMPORT_LAT:
        return check_degrees(&world->box, column->type == IMPORT_LON, text,
                             value, fault);
    case IMPORT_TAGS:
        return check_tags(world, text, values, fault);
    }
    return IMPORT_OK;
}

static import_code check_field(const import_world *world, size_t c,
                               const char *text, import_values *values,
                               import_fault *fault)
{
    const import_column *column = &world->kind->columns[c];

    fault->column = column->name;
    values->of[c] = (import_value){ .text = text };
    if (!text || !*text) {
        if (column->is_must)
            return import_fault_set(fault, IMPORT_EMPTY, "", "", "");
        if (!column->otherwise)
            return IMPORT_OK;
        text = column->otherwise;
        values->of[c].text = text;
    }
    values->of[c].is_set = true;
    if (may_be_personal(column->type) && !import_is_date(text)
        && import_is_personal_value(text))
        return import_fault_set(fault, IMPORT_PERSONAL_VALUE, "(withheld)",
                                "", "");
    return check_value(world, c, text, values, fault);
}

/* ------------------------------------------------------- the row's sense -- */

typedef struct span_rule {
    const char *kind, *from, *to;
    bool must_be_both;
} span_rule;

static const span_rule span_rules[] = {
    { "managers", "shift_start", "shift_end", true },
    { "managers", "break_from", "break_to", true },
    { "customers", "window_from", "window_to", true },
    { "appointments", "from", "to", true },
    { "holdings", "opened_on", "matures_on", false },
    { "holdings", "opened_on", "closed_on", false },
    { "assignments", "from", "until", false },
};

static import_code check_span(const import_world *world,
                              const span_rule *rule, import_values *values,
                              import_fault *fault)
{
    const size_t from = import_kind_column(world->kind, rule->from);
    const size_t to = import_kind_column(world->kind, rule->to);
    const import_value *a = &values->of[from], *b = &values->of[to];
    bool is_before;

    fault->column = rule->to;
    if (a->is_set != b->is_set && rule->must_be_both)
        return import_fault_set(fault, IMPORT_HALF_SPAN,
                                b->is_set ? b->text : "", rule->from, "");
    if (!a->is_set || !b->is_set)
        return IMPORT_OK;
    if (world->kind->columns[from].type == IMPORT_DAY)
        is_before = strcmp(b->text, a->text) < 0;
    else
        is_before = b->number <= a->number;
    if (!is_before)
        return IMPORT_OK;
    return import_fault_set(fault, IMPORT_ORDER, b->text, rule->from, "");
}

static import_code check_sense(const import_world *world,
                               char *const *fields, import_values *values,
                               import_fault *fault)
{
    import_code code = IMPORT_OK;

    for (size_t c = 0; c < world->kind->n_columns && !code; c++)
        if (world->kind->columns[c].type == IMPORT_LON)
            code = check_pair(world, c, fields, values, fault);
    for (size_t r = 0; r < sizeof span_rules / sizeof span_rules[0] && !code;
         r++)
        if (strcmp(span_rules[r].kind, world->kind->name) == 0)
            code = check_span(world, &span_rules[r], values, fault);
    return code;
}

import_code import_row_check(const import_world *world, char *const *fields,
                             import_values *values, import_fault *fault)
{
    import_code code = IMPORT_OK;

    values->n_tags = 0;
    for (size_t c = 0; c < world->kind->n_columns && !code; c++)
        code = check_field(world, c, fields[c], values, fault);
    return code ? code : check_sense(world, fields, values, fault);
}
