/*
 * grid_read.c - see grid_read.h.
 */
#include "grid_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_text.h"
#include "grid_problem.h"

/* --- words --------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

gb_status grid_words_fail(const grid_words *words, gb_status status)
{
    char where[300];

    if (status != GB_ERR_PARSE && status != GB_ERR_DATA)
        return status;
    snprintf(where, sizeof where, "%.200s:%zu: ", words->name,
             words->line ? words->line : 1);
    base_fail_prefix(words->run->ctx, where);
    return status;
}

gb_status grid_words_begin(grid_words *words, base_run *run, const char *name,
                           const char *bytes, size_t n_bytes)
{
    memset(words, 0, sizeof *words);
    words->run = run;
    words->name = name;
    if (n_bytes >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3; /* a byte order mark */
        n_bytes -= 3;
    }
    words->at = bytes;
    words->end = bytes + n_bytes;
    if (n_bytes
        && (memchr(bytes, '\0', n_bytes) || !base_is_utf8(bytes, n_bytes)))
        return grid_words_fail(words, base_fail(run->ctx, GB_ERR_PARSE,
            "this is no text in UTF-8: areas are read from text files"));
    return GB_OK;
}

bool grid_words_line(grid_words *words)
{
    if (words->is_begun) /* what is left of the line before */
        while (words->at < words->end && *words->at != '\n')
            words->at++;
    else
        words->line = 1;
    words->is_begun = true;
    while (words->at < words->end
           && (is_blank(*words->at) || *words->at == '\n'))
        words->line += *words->at++ == '\n';
    return words->at < words->end;
}

bool grid_words_next(grid_words *words, gb_status *status)
{
    const char *from;
    size_t n;

    *status = GB_OK;
    while (words->at < words->end && is_blank(*words->at))
        words->at++;
    from = words->at;
    while (words->at < words->end && *words->at != '\n'
           && !is_blank(*words->at))
        words->at++;
    n = (size_t)(words->at - from);
    if (n > GRID_LONGEST_WORD) {
        *status = base_fail(words->run->ctx, GB_ERR_PARSE,
                            "a word of %zu bytes; at most %d are read", n,
                            (int)GRID_LONGEST_WORD);
        grid_words_fail(words, *status);
        return false;
    }
    memcpy(words->word, from, n);
    words->word[n] = '\0';
    return n > 0;
}

/* Names of columns stay as they are; other words have a translation. */
static const char *tell(const grid_words *words, const char *what)
{
    return base_lang_text(words->run->ctx->lang, what);
}

gb_status grid_words_real(const grid_words *words, const char *what,
                          double low, double high, double *out)
{
    char a[32], b[32];

    if (!base_parse_real(words->word, out))
        return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_PARSE,
            "%s is \"%s\", not a number", tell(words, what), words->word));
    if (*out >= low && *out <= high)
        return GB_OK;
    return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_DATA,
        "%s is %s, not between %s and %s", tell(words, what), words->word,
        base_real_text(a, low, 0), base_real_text(b, high, 0)));
}

gb_status grid_words_count(const grid_words *words, const char *what,
                           size_t most, size_t *out)
{
    int64_t n;

    if (!base_parse_int(words->word, &n) || n < 0)
        return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_PARSE,
            "%s is \"%s\", not a whole number from 0 on", tell(words, what),
            words->word));
    if ((uint64_t)n > most)
        return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_DATA,
            "%s is %s, at most %zu is possible here", tell(words, what),
            words->word, most));
    *out = (size_t)n;
    return GB_OK;
}

gb_status grid_words_need_line(grid_words *words, const char *what)
{
    if (grid_words_line(words))
        return base_poll(words->run);
    return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_PARSE,
        "the file ends where %s should stand", tell(words, what)));
}

static gb_status need_word(grid_words *words, const char *what)
{
    gb_status status;

    if (grid_words_next(words, &status) || status)
        return status;
    return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_PARSE,
        "the line ends where %s should stand", tell(words, what)));
}

gb_status grid_words_need_end(grid_words *words)
{
    gb_status status;

    if (!grid_words_next(words, &status) || status)
        return status;
    return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_PARSE,
        "\"%s\" where the line should end", words->word));
}

gb_status grid_words_need_count(grid_words *words, const char *what,
                                size_t most, size_t *out)
{
    const gb_status status = need_word(words, what);

    return status ? status : grid_words_count(words, what, most, out);
}

gb_status grid_words_need_real(grid_words *words, const char *what, double low,
                               double high, double *out)
{
    const gb_status status = need_word(words, what);

    return status ? status : grid_words_real(words, what, low, high, out);
}

/* --- what was read ------------------------------------------------------- */

void grid_file_init(grid_file *file, base_mem *mem)
{
    memset(file, 0, sizeof *file);
    file->mem = mem;
    file->facts.size = sizeof file->facts;
    base_arena_init(&file->names, mem);
}

void grid_file_clear(grid_file *file)
{
    base_mem *mem = file->mem;

    base_free(mem, file->places);
    base_free(mem, file->centres);
    base_free(mem, file->areas_m2);
    base_free(mem, file->perimeters_m);
    base_free(mem, file->border_m);
    base_free(mem, file->activity);
    base_free(mem, file->tolerances);
    base_free(mem, file->capacities);
    base_free(mem, file->familiarity);
    base_free(mem, file->distances);
    base_free(mem, file->first);
    base_free(mem, file->neighbours);
    base_free(mem, file->refs);
    base_arena_clear(&file->names);
    grid_file_init(file, mem);
}

/* The line last, so that of two that are equal the later one is refused. */
static int by_ends(const void *a, const void *b)
{
    const grid_edge *l = a, *r = b;

    if (l->from != r->from)
        return l->from < r->from ? -1 : 1;
    if (l->to != r->to)
        return l->to < r->to ? -1 : 1;
    return (l->line > r->line) - (l->line < r->line);
}

/* Each from its other end as well, and sorted; none twice. */
static gb_status double_edges(grid_words *words, base_mem *mem,
                              grid_edges *edges)
{
    const size_t n = edges->n;

    if (!base_array_reserve(mem, edges, n))
        return base_fail_nomem(words->run->ctx);
    for (size_t i = 0; i < n; i++) {
        const grid_edge e = edges->items[i];

        edges->items[n + i]
            = (grid_edge){ e.to, e.from, e.border_m, e.line };
    }
    edges->n = 2 * n;
    if (edges->n)
        qsort(edges->items, edges->n, sizeof *edges->items, by_ends);
    for (size_t i = 1; i < edges->n; i++) {
        const grid_edge *e = &edges->items[i], *before = e - 1;

        if (e->from != before->from || e->to != before->to)
            continue;
        words->line = e->line;
        return grid_words_fail(words, base_fail(words->run->ctx, GB_ERR_DATA,
            "the edge %u %u stands in line %zu already: leave one of them "
            "out", e->from, e->to, before->line));
    }
    return GB_OK;
}

gb_status grid_file_rows(grid_words *words, grid_file *file,
                         grid_edges *edges)
{
    const size_t n = file->facts.n_areas;
    gb_status status;

    file->facts.n_edges = edges->n;
    status = double_edges(words, file->mem, edges);
    if (status)
        return status;
    file->first = base_alloc_zeroed(file->mem, n + 1, sizeof *file->first);
    file->neighbours = base_alloc_array(file->mem, edges->n,
                                        sizeof *file->neighbours);
    if (file->facts.has_borders)
        file->border_m = base_alloc_array(file->mem, edges->n,
                                          sizeof *file->border_m);
    if (!file->first || !file->neighbours
        || (file->facts.has_borders && !file->border_m))
        return base_fail_nomem(words->run->ctx);
    for (size_t i = 0; i < edges->n; i++) {
        file->first[edges->items[i].from + 1]++;
        file->neighbours[i] = edges->items[i].to;
        if (file->border_m)
            file->border_m[i] = edges->items[i].border_m;
    }
    for (size_t a = 0; a < n; a++)
        file->first[a + 1] += file->first[a];
    return GB_OK;
}

static gb_status count_components(base_run *run, grid_file *file)
{
    uint32_t *component = base_alloc_array(file->mem, file->facts.n_areas,
                                           sizeof *component);
    gb_status status;

    if (!component)
        return base_fail_nomem(run->ctx);
    status = grid_components(run, &file->areas, component,
                             &file->facts.n_components);
    base_free(file->mem, component);
    return status;
}

gb_status grid_file_finish(base_run *run, grid_file *file)
{
    const gb_areas areas = { sizeof areas, file->facts.n_areas,
                             file->areas.n_measures, file->centres,
                             file->areas_m2, file->perimeters_m, file->first,
                             file->neighbours, file->border_m, NULL,
                             file->activity };

    file->areas = areas;
    return count_components(run, file);
}
