/*
 * cli_show.c - an answer as lines and tables, by the blocks in the method's
 * description (engine/call/call_door.h tells what a block may say).
 */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_VALUE = 512 };

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* The value at a.b.c, NULL where there is none. */
static const json_t *value_at(const json_t *object, const char *path,
                              size_t length)
{
    while (object && length > 0) {
        const char *dot = memchr(path, '.', length);
        const size_t n = dot ? (size_t)(dot - path) : length;
        char key[128];

        snprintf(key, sizeof key, "%.*s", (int)n, path);
        object = json_object_get(object, key);
        path += n + (dot != NULL);
        length -= n + (dot != NULL);
    }
    return object;
}

static bool is_worth_showing(const json_t *value)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return false;
    if (json_is_number(value))
        return json_number_value(value) > 0 || json_number_value(value) < 0;
    if (json_is_string(value))
        return json_string_length(value) > 0;
    return json_is_true(value) || json_array_size(value) > 0
           || json_object_size(value) > 0;
}

typedef void (*shower)(char *out, size_t size, const json_t *value);

/* 1234567 as 1,234,567 */
static void show_count(char *out, size_t size, int64_t number)
{
    char digits[32];
    size_t n, at = 0;

    snprintf(digits, sizeof digits, "%lld", (long long)number);
    n = strlen(digits);
    for (size_t i = 0; i < n && at + 2 < size; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

static void show_list(char *out, size_t size, const json_t *list)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(list) && used + 1 < size; i++) {
        const json_t *item = json_array_get(list, i);

        used += (size_t)snprintf(out + used, size - used, "%s", i ? ", " : "");
        if (used + 1 < size && json_is_string(item))
            used += (size_t)snprintf(out + used, size - used, "%s",
                                     json_string_value(item));
        else if (used + 1 < size)
            used += json_dumpb(item, out + used, size - used - 1,
                               JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        if (used < size)
            out[used] = '\0';
    }
    out[size - 1] = '\0';
}

/* k = v, k = v */
static void show_object(char *out, size_t size, const json_t *object)
{
    const char *key;
    json_t *value;
    size_t used = 0;

    out[0] = '\0';
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        char text[LONGEST_VALUE / 4] = "-";

        if (json_is_string(value))
            snprintf(text, sizeof text, "%.100s", json_string_value(value));
        else if (json_is_integer(value))
            show_count(text, sizeof text, json_integer_value(value));
        else if (json_is_real(value))
            snprintf(text, sizeof text, "%.6g", json_real_value(value));
        else if (json_is_boolean(value))
            snprintf(text, sizeof text, "%s", json_is_true(value) ? _("yes") : _("no"));
        if (used + 1 < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s = %s",
                                     used ? ", " : "", key, text);
    }
}

static void show_plain(char *out, size_t size, const json_t *value)
{
    if (json_is_string(value))
        snprintf(out, size, "%s", json_string_value(value));
    else if (json_is_integer(value))
        show_count(out, size, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(out, size, "%.6g", json_real_value(value));
    else if (json_is_boolean(value))
        snprintf(out, size, "%s", json_is_true(value) ? _("yes") : _("no"));
    else if (json_is_array(value))
        show_list(out, size, value);
    else if (json_is_object(value))
        show_object(out, size, value);
    else
        snprintf(out, size, "-");
}

static void show_id(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%lld", (long long)json_integer_value(value));
}

static void show_fen(char *out, size_t size, const json_t *value)
{
    const long long fen = llround(json_number_value(value));
    char yuan[64];

    show_count(yuan, sizeof yuan, fen / 100);
    snprintf(out, size, "%s%s.%02lld", fen < 0 && fen > -100 ? "-" : "", yuan,
             llabs(fen % 100));
}

static void show_s(char *out, size_t size, const json_t *value)
{
    const long long s = llround(json_number_value(value));
    const char *sign = s < 0 ? "-" : "";

    if (llabs(s) < 3600)
        snprintf(out, size, "%s%lld:%02lld", sign, llabs(s) / 60,
                 llabs(s) % 60);
    else
        snprintf(out, size, "%s%lld:%02lld:%02lld", sign, llabs(s) / 3600,
                 llabs(s) / 60 % 60, llabs(s) % 60);
}

static void show_clock(char *out, size_t size, const json_t *value)
{
    const long long s = llround(json_number_value(value));

    snprintf(out, size, "%02lld:%02lld", s / 3600, s / 60 % 60);
}

static void show_m(char *out, size_t size, const json_t *value)
{
    const double m = json_number_value(value);

    if (fabs(m) < 999.5)
        snprintf(out, size, "%.0f m", m);
    else
        snprintf(out, size, "%.1f km", m / 1000.0);
}

static void show_ratio(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%.1f %%", json_number_value(value) * 100.0);
}

static void show_seconds(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%.2f s", json_number_value(value));
}

static void show_times(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%.2f", json_number_value(value));
}

static void show_bytes(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%.1f MB", json_number_value(value) / 1e6);
}

/* Codes that stand under these keys are words to a reader. */
static bool show_word(char *out, size_t size, const json_t *value,
                      const char *key, size_t length)
{
    static const char *const words[]
        = { N_("foot"),     N_("ebike"),  N_("car"),    N_("draft"),
            N_("approved"), N_("active"), N_("retired") };

    if (!json_is_string(value)
        || !((length == 4 && strncmp(key, "mode", 4) == 0)
             || (length == 5 && strncmp(key, "state", 5) == 0)))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(json_string_value(value), words[i]) == 0) {
            snprintf(out, size, "%s", _(words[i]));
            return true;
        }
    return false;
}

static void show_value(char *out, size_t size, const json_t *value,
                       const char *show, size_t length)
{
    static const struct {
        const char *name;
        shower shower;
    } ways[] = { { "id", show_id },       { "fen", show_fen },
                 { "s", show_s },         { "clock", show_clock },
                 { "m", show_m },         { "ratio", show_ratio },
                 { "seconds", show_seconds }, { "bytes", show_bytes },
                 { "times", show_times } };

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (json_is_number(value) && show && strlen(ways[i].name) == length
            && strncmp(ways[i].name, show, length) == 0) {
            ways[i].shower(out, size, value);
            return;
        }
    show_plain(out, size, value);
}

/* "{n} of {total:fen}" with the values in their places. */
static void print_text(FILE *out, const char *text, const json_t *scope)
{
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        const json_t *found;
        const char *colon;
        char value[LONGEST_VALUE];
        size_t n;

        if (!end) {
            fputc(*text++, out);
            continue;
        }
        text++;
        colon = memchr(text, ':', (size_t)(end - text));
        n = (size_t)((colon ? colon : end) - text);
        found = value_at(scope, text, n);
        if (show_word(value, sizeof value, found, text, n)) {
            fputs(value, out);
        } else if (json_is_string(found)) { /* a whole document, maybe */
            fputs(json_string_value(found), out);
        } else {
            show_value(value, sizeof value, found, colon ? colon + 1 : NULL,
                       colon ? (size_t)(end - colon - 1) : 0);
            fputs(value, out);
        }
        text = end + 1;
    }
    fputc('\n', out);
}

static void print_heading(FILE *out, const char *text, const json_t *scope)
{
    const bool has_colour = cli_has_colour(out);

    if (!text)
        return;
    fputs(has_colour ? "\033[1m" : "", out);
    print_text(out, text, scope);
    fputs(has_colour ? "\033[0m" : "", out);
}

static void cell_text(char *out, size_t size, const json_t *row,
                      const json_t *column)
{
    const char *key = text_of(column, "key"), *show = text_of(column, "show");

    if (!show_word(out, size, value_at(row, key, strlen(key)), key,
                   strlen(key)))
        show_value(out, size, value_at(row, key, strlen(key)), show,
                   strlen(show));
}

typedef struct column_form {
    size_t width;
    bool is_right; /* all that is there are numbers */
} column_form;

static column_form form_of(const json_t *rows, const json_t *column)
{
    column_form form = { cli_width(text_of(column, "title")), true };
    const char *key = text_of(column, "key");
    json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const json_t *value = value_at(row, key, strlen(key));
        char text[LONGEST_VALUE];

        cell_text(text, sizeof text, row, column);
        if (cli_width(text) > form.width)
            form.width = cli_width(text);
        if (value && !json_is_null(value) && !json_is_number(value))
            form.is_right = false;
    }
    return form;
}

/* No blanks behind the last column. */
static void print_cell(FILE *out, const char *text, column_form form,
                       bool is_last)
{
    cli_pad(out, text, is_last && !form.is_right ? 0 : form.width,
            form.is_right);
    fputs(is_last ? "\n" : "  ", out);
}

/* The rows that are shown: `most` of them, or all; a new array. */
static json_t *shown_rows(const json_t *rows, const json_t *most)
{
    json_t *shown = json_copy((json_t *)(uintptr_t)rows);
    const size_t n = (size_t)json_integer_value(most);

    while (n > 0 && json_array_size(shown) > n)
        json_array_remove(shown, json_array_size(shown) - 1);
    return shown;
}

static void print_more(FILE *out, size_t n)
{
    char count[32];

    if (n == 0)
        return;
    show_count(count, sizeof count, (int64_t)n);
    fprintf(out, _("... and %s more"), count);
    fputc('\n', out);
}

static void print_table(FILE *out, const json_t *rows, const json_t *columns)
{
    const size_t n = json_array_size(columns);
    column_form *forms = calloc(n, sizeof *forms);
    const bool has_colour = cli_has_colour(out);
    json_t *row;
    size_t r;

    if (!forms)
        return;
    for (size_t c = 0; c < n; c++)
        forms[c] = form_of(rows, json_array_get(columns, c));
    fputs(has_colour ? "\033[2m" : "", out);
    for (size_t c = 0; c < n; c++)
        print_cell(out, text_of(json_array_get(columns, c), "title"),
                   forms[c], c + 1 == n);
    fputs(has_colour ? "\033[0m" : "", out);
    json_array_foreach(rows, r, row)
        for (size_t c = 0; c < n; c++) {
            char text[LONGEST_VALUE];

            cell_text(text, sizeof text, row, json_array_get(columns, c));
            print_cell(out, text, forms[c], c + 1 == n);
        }
    free(forms);
}

static void print_pairs(FILE *out, const json_t *scope, const json_t *columns)
{
    size_t width = 0, i;
    json_t *column;

    json_array_foreach(columns, i, column)
        if (cli_width(text_of(column, "title")) > width)
            width = cli_width(text_of(column, "title"));
    json_array_foreach(columns, i, column) {
        char text[LONGEST_VALUE];

        cell_text(text, sizeof text, scope, column);
        fputs("  ", out);
        cli_pad(out, text_of(column, "title"), width, false);
        fprintf(out, "  %s\n", text);
    }
}

static void print_block(FILE *out, const json_t *block, const char *rows,
                        const json_t *scope)
{
    const json_t *columns = json_object_get(block, "columns");
    const char *when = text_of(block, "when");
    const char *each = rows ? strstr(rows, "[].") : NULL;

    if (each) { /* the block once for each element */
        json_t *element;
        size_t i;

        json_array_foreach(value_at(scope, rows, (size_t)(each - rows)), i,
                           element)
            print_block(out, block, each + 3, element);
        return;
    }
    if (when && !is_worth_showing(value_at(scope, when, strlen(when))))
        return;
    if (!columns) {
        if (text_of(block, "text"))
            print_text(out, text_of(block, "text"), scope);
        return;
    }
    print_heading(out, text_of(block, "text"), scope);
    if (rows) {
        const json_t *all = value_at(scope, rows, strlen(rows));
        json_t *shown = shown_rows(all, json_object_get(block, "most"));

        print_table(out, shown, columns);
        print_more(out, json_array_size(all) - json_array_size(shown));
        json_decref(shown);
    } else {
        print_pairs(out, scope, columns);
    }
}

void cli_show(FILE *out, const json_t *method, const json_t *answer)
{
    const json_t *blocks = json_object_get(method, "show");
    json_t *block;
    size_t i;

    json_array_foreach(blocks, i, block)
        print_block(out, block, text_of(block, "rows"), answer);
}
