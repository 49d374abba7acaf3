/*
 * cli_text.c - see cli.h.
 */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

bool cli_has_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(fileno(out)) && !(no_color && no_color[0])
           && term && strcmp(term, "dumb") != 0;
}

size_t cli_width(const char *text)
{
    mbstate_t state;
    size_t width = 0;

    memset(&state, 0, sizeof state);
    while (*text) {
        wchar_t letter;
        const size_t n = mbrtowc(&letter, text, strlen(text), &state);
        int cells;

        if (n == 0 || n > strlen(text)) { /* no UTF-8: a cell a byte */
            memset(&state, 0, sizeof state);
            text++;
            width++;
            continue;
        }
        cells = wcwidth(letter);
        width += cells > 0 ? (size_t)cells : 0;
        text += n;
    }
    return width;
}

void cli_pad(FILE *out, const char *text, size_t width, bool is_right)
{
    const size_t own = cli_width(text);
    const int gap = own < width ? (int)(width - own) : 0;

    if (is_right)
        fprintf(out, "%*s%s", gap, "", text);
    else
        fprintf(out, "%s%*s", text, gap, "");
}

void cli_error(const char *id, const char *words)
{
    const bool has_colour = cli_has_colour(stderr);

    cli_progress_stop();
    fprintf(stderr, "%s%s %s%s  %s\n", has_colour ? "\033[1;31m" : "",
            _("error"), id, has_colour ? "\033[0m" : "", words);
}

void cli_note(const char *words)
{
    fprintf(stderr, "  %s\n", words);
}

/* Optimal string alignment: a swap of neighbours is one step. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t rows[3][LONGEST + 1];
    const size_t n = strlen(a), m = strlen(b);

    if (n > LONGEST || m > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3];

        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t least = above[j - 1] + (a[i - 1] != b[j - 1]);

            if (above[j] + 1 < least)
                least = above[j] + 1;
            if (now[j - 1] + 1 < least)
                least = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
                && rows[(i + 1) % 3][j - 2] + 1 < least)
                least = rows[(i + 1) % 3][j - 2] + 1;
            now[j] = least;
        }
    }
    return rows[n % 3][m];
}

bool cli_is_nearer(const char *word, const char *candidate, size_t *best)
{
    const size_t length = strlen(word);
    size_t d = distance(word, candidate);

    if (length >= 3 && strncmp(word, candidate, length) == 0 && d > 1)
        d = 1;
    if (d > 1 + length / 4 || d >= *best)
        return false;
    *best = d;
    return true;
}
