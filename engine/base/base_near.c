/*
 * base_near.c - see base_near.h.
 *
 * Damerau-Levenshtein distance with adjacent transpositions (optimal string
 * alignment): `perview` is one step from `preview`.
 */
#include "base_near.h"

#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t base_distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1]; /* i - 2, i - 1, i: turned by index */
    const size_t n = strlen(a), m = strlen(b);

    if (n > LONGEST || m > LONGEST)
        return strcmp(a, b) == 0 ? 0 : SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3];

        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(least(above[j], now[j - 1]) + 1,
                           above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2]
                && a[i - 2] == b[j - 1])
                now[j] = least(now[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

size_t base_edits(const char *a, const char *b, size_t limit)
{
    const size_t n = strlen(a), m = strlen(b);
    size_t distance;

    if ((n > m ? n - m : m - n) > limit)
        return limit + 1;
    distance = base_distance(a, b);
    return distance > limit ? limit + 1 : distance;
}

bool base_is_nearer(const char *word, const char *candidate, size_t *best)
{
    const size_t length = strlen(word);
    const size_t limit = 1 + length / 4;
    const size_t distance = base_distance(word, candidate);

    /* A word that only lost its end is meant as well: `prev` for `preview`. */
    if (length >= 3 && strncmp(word, candidate, length) == 0) {
        if (*best <= 1)
            return false;
        *best = 1;
        return true;
    }
    if (distance > limit || distance >= *best)
        return false;
    *best = distance;
    return true;
}
