/*
 * grid_read_ctdp.c - commercial territory design, as the sets 2DU and DU of
 * R. Z. Rios-Mercado have it:
 *
 *   60                                 areas
 *   0 386.28 334.24 864 2839 2901      id, x, y, a column a measure
 *   103                                edges
 *   0 25
 *   4 4 0.05 0.05 0.05                 territories, their most, a tolerance
 *   semilla: 1221226888                for each measure; how it was drawn
 *
 * A set of couriers in Hanoi has, in the place of how it was drawn, a row for
 * each courier of how familiar the areas are to him (1: most), and a row of
 * distances for each area.
 *
 * Distances count alike for each area, whatever its activity: so measure 0 is
 * 1 for each, which no tolerance binds, and the columns are measures 1 on.
 */
#include <stdlib.h>
#include <string.h>

#include "base_text.h"
#include "grid_door.h"
#include "grid_read.h"

enum { MOST_MEASURES = 16 };
static const double MOST_METRES = 1e8, MOST_VALUE = 1e15, UNBOUND = 1e6;
static const double MOST_LEVEL = 1e6;

typedef struct ctdp {
    grid_words *words;
    gb_context *ctx;
    grid_file *file;
    size_t n, m, n_columns; /* columns: without the count */
    double *columns;        /* n rows of MOST_MEASURES */
    grid_edges edges;
} ctdp;

static gb_status fail(const ctdp *g, gb_status status)
{
    return grid_words_fail(g->words, status);
}

static gb_status need_line(const ctdp *g, const char *what)
{
    return grid_words_need_line(g->words, what);
}

static gb_status need_end(const ctdp *g)
{
    return grid_words_need_end(g->words);
}

static gb_status need_count(const ctdp *g, const char *what, size_t most,
                            size_t *out)
{
    return grid_words_need_count(g->words, what, most, out);
}

static gb_status need_real(const ctdp *g, const char *what, double low,
                           double high, double *out)
{
    return grid_words_need_real(g->words, what, low, high, out);
}

/* A count alone in its line: no more than the lines that can follow. */
static gb_status read_size(const ctdp *g, const char *what, size_t *out)
{
    const size_t n_bytes = (size_t)(g->words->end - g->words->at);
    const size_t most = n_bytes < GRID_MOST_AREAS ? n_bytes : GRID_MOST_AREAS;
    gb_status status = need_line(g, what);

    if (!status)
        status = need_count(g, what, most, out);
    return status ? status : need_end(g);
}

/* --- areas --------------------------------------------------------------- */

/* All the columns of the first line; later ones must have as many. */
static gb_status read_columns(ctdp *g, size_t a)
{
    gb_status status = GB_OK;
    size_t n = 0;

    while (!status && n < MOST_MEASURES && grid_words_next(g->words, &status))
    {
        status = grid_words_real(g->words, GB_N("a measure"), 0, MOST_VALUE,
                                 &g->columns[a * MOST_MEASURES + n]);
        n++;
    }
    if (!status && n == MOST_MEASURES)
        status = need_end(g);
    if (status)
        return status;
    if (a == 0)
        g->n_columns = n;
    if (n == g->n_columns && n > 0)
        return GB_OK;
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
        "%zu measures behind x and y, the first area has %zu", n,
        g->n_columns));
}

static gb_status read_area(ctdp *g, size_t a)
{
    gb_point *at = &g->file->centres[a];
    size_t id = 0;
    gb_status status = need_line(g, GB_N("an area"));

    if (!status)
        status = need_count(g, "id", g->n - 1, &id);
    if (!status && id != a)
        status = fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "the id is \"%s\", %zu is next: areas are numbered from 0 "
            "without a gap", g->words->word, a));
    if (!status)
        status = need_real(g, "x", -MOST_METRES, MOST_METRES, &at->x_m);
    if (!status)
        status = need_real(g, "y", -MOST_METRES, MOST_METRES, &at->y_m);
    return status ? status : read_columns(g, a);
}

static gb_status read_areas(ctdp *g)
{
    grid_file *f = g->file;
    gb_status status = read_size(g, GB_N("the number of areas"), &g->n);

    if (!status && g->n == 0)
        status = fail(g, base_fail(g->ctx, GB_ERR_PARSE, "no areas"));
    if (status)
        return status;
    f->facts.n_areas = g->n;
    f->centres = base_alloc_zeroed(f->mem, g->n, sizeof *f->centres);
    g->columns = base_alloc_zeroed(f->mem, g->n,
                                   MOST_MEASURES * sizeof *g->columns);
    if (!f->centres || !g->columns)
        return base_fail_nomem(g->ctx);
    for (size_t a = 0; !status && a < g->n; a++)
        status = read_area(g, a);
    return status;
}

/* By measure, the count first. */
static gb_status turn_columns(ctdp *g)
{
    const size_t n_measures = g->n_columns + 1;
    grid_file *f = g->file;

    f->activity = base_alloc_array(f->mem, g->n,
                                   n_measures * sizeof *f->activity);
    f->tolerances = base_alloc_array(f->mem, n_measures,
                                     sizeof *f->tolerances);
    if (!f->activity || !f->tolerances)
        return base_fail_nomem(g->ctx);
    f->areas.n_measures = n_measures;
    f->facts.is_counted = true;
    for (size_t a = 0; a < g->n; a++)
        f->activity[a] = 1;
    for (size_t m = 0; m < g->n_columns; m++)
        for (size_t a = 0; a < g->n; a++)
            f->activity[(m + 1) * g->n + a]
                = g->columns[a * MOST_MEASURES + m];
    return GB_OK;
}

/* --- edges, rules -------------------------------------------------------- */

static gb_status read_edge(ctdp *g)
{
    size_t i = 0, j = 0;
    gb_status status = need_line(g, GB_N("an edge"));

    if (!status)
        status = need_count(g, "i", g->n - 1, &i);
    if (!status)
        status = need_count(g, "j", g->n - 1, &j);
    if (!status)
        status = need_end(g);
    if (!status && i == j)
        status = fail(g, base_fail(g->ctx, GB_ERR_DATA,
            "the edge %u %u leads from an area to itself: leave it out",
            (unsigned)i, (unsigned)j));
    if (!status
        && !base_array_push(g->file->mem, &g->edges,
                            ((grid_edge){ (uint32_t)i, (uint32_t)j, 1,
                                          g->words->line })))
        status = base_fail_nomem(g->ctx);
    return status;
}

static uint32_t lower(const grid_edge *e)
{
    return e->from < e->to ? e->from : e->to;
}

/* Both directions of an edge side by side, the line last. */
static int by_pair(const void *a, const void *b)
{
    const grid_edge *l = a, *r = b;

    if (lower(l) != lower(r))
        return lower(l) < lower(r) ? -1 : 1;
    if (l->from + l->to != r->from + r->to)
        return l->from + l->to < r->from + r->to ? -1 : 1;
    if (l->from != r->from)
        return l->from < r->from ? -1 : 1;
    return (l->line > r->line) - (l->line < r->line);
}

/* A file may give every edge from both of its ends: one of each is kept.
 * Where only some are there twice they all stay, and are refused. */
static void merge_directions(ctdp *g)
{
    grid_edge *e = g->edges.items;
    const size_t n = g->edges.n;

    if (n == 0 || n % 2 != 0)
        return;
    qsort(e, n, sizeof *e, by_pair);
    for (size_t i = 0; i < n; i += 2)
        if (e[i].from != e[i + 1].to || e[i].to != e[i + 1].from)
            return;
    for (size_t i = 0; i < n / 2; i++)
        e[i] = e[2 * i];
    g->edges.n = n / 2;
}

static gb_status read_edges(ctdp *g)
{
    gb_status status = read_size(g, GB_N("the number of edges"), &g->m);

    for (size_t i = 0; !status && i < g->m; i++)
        status = read_edge(g);
    merge_directions(g);
    return status;
}

static gb_status read_rules(ctdp *g)
{
    grid_file *f = g->file;
    size_t most = 0;
    gb_status status = need_line(g, GB_N("the number of territories"));

    if (!status)
        status = need_count(g, GB_N("territories"), g->n, &f->facts.n_territories);
    if (!status)
        status = need_count(g, GB_N("territories"), g->n, &most);
    f->tolerances[0] = UNBOUND;
    for (size_t m = 0; !status && m < g->n_columns; m++)
        status = need_real(g, GB_N("a tolerance"), 0, 1, &f->tolerances[m + 1]);
    return status ? status : need_end(g);
}

/* --- what may stand behind ----------------------------------------------- */

static gb_status read_row(const ctdp *g, const char *what, double most,
                          double *row)
{
    gb_status status = GB_OK;

    for (size_t a = 0; !status && a < g->n; a++)
        status = need_real(g, what, 0, most, &row[a]);
    return status ? status : need_end(g);
}

/*
 * A row of familiarity for each territory, and one of distances for each area.
 * The first row has been begun.
 */
static gb_status read_familiarity(ctdp *g)
{
    grid_file *f = g->file;
    const size_t k = f->facts.n_territories;
    gb_status status = GB_OK;

    f->familiarity = base_alloc_array(f->mem, k,
                                      g->n * sizeof *f->familiarity);
    f->distances = base_alloc_array(f->mem, g->n,
                                    g->n * sizeof *f->distances);
    if (!f->familiarity || !f->distances)
        return base_fail_nomem(g->ctx);
    for (size_t t = 0; !status && t < k; t++) {
        if (t > 0)
            status = need_line(g, GB_N("a row of familiarity"));
        if (!status)
            status = read_row(g, GB_N("a familiarity"), MOST_LEVEL,
                              f->familiarity + t * g->n);
    }
    for (size_t a = 0; !status && a < g->n; a++) {
        status = need_line(g, GB_N("a row of distances"));
        if (!status)
            status = read_row(g, GB_N("a distance"), MOST_METRES,
                              f->distances + a * g->n);
    }
    f->facts.has_familiarity = true;
    return status;
}

/* How the instance was drawn, in a line; or familiarity. */
static gb_status read_rest(ctdp *g)
{
    grid_words ahead;
    gb_status status = GB_OK;

    if (!grid_words_line(g->words))
        return GB_OK;
    ahead = *g->words;
    if (!grid_words_next(&ahead, &status))
        return status;
    if (strcmp(ahead.word, "semilla:") == 0)
        *g->words = ahead;
    else
        status = read_familiarity(g);
    if (status || !grid_words_line(g->words))
        return status;
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
                             "the file should have ended"));
}

static gb_status read_all(ctdp *g)
{
    gb_status status = read_areas(g);

    if (!status)
        status = turn_columns(g);
    if (!status)
        status = read_edges(g);
    if (!status)
        status = read_rules(g);
    if (!status)
        status = read_rest(g);
    if (!status)
        status = grid_file_rows(g->words, g->file, &g->edges);
    return status ? status : grid_file_finish(g->words->run, g->file);
}

gb_status grid_read_ctdp(grid_words *words, grid_file *file)
{
    ctdp g = { .words = words, .ctx = words->run->ctx, .file = file };
    gb_status status;

    file->facts.format = GB_AREA_FORMAT_CTDP;
    status = read_all(&g);
    base_free(file->mem, g.columns);
    base_array_clear(file->mem, &g.edges);
    return status;
}
