/*
 * grid_read_tg1.c - TG1: areas as a graph, a line each.
 *
 *   TG1 name n= m= k= components=
 *   # id geoid lon lat pop ...          names the columns of the n lines below
 *   0 42003560500 -79.89 40.43 2176 ...
 *   # i j shared_perim                  and of the m lines of edges
 *   0 17 1203.5
 *
 * Sizes and lengths come in square metres and metres, in square kilometres and
 * kilometres, or in degrees; which of them is seen by the column of land, that
 * always is in square kilometres.
 */
#include <math.h>
#include <string.h>

#include "base_near.h"
#include "base_text.h"
#include "grid_door.h"
#include "grid_read.h"

enum { MOST_COLUMNS = 64 };
static const double MOST_VALUE = 1e15, MOST_LENGTH = 1e9, MOST_SIZE = 1e15;

/* What a column is to us. */
typedef enum column {
    COLUMN_OTHER,
    COLUMN_ID,
    COLUMN_REF,
    COLUMN_LON,
    COLUMN_LAT,
    COLUMN_POP,
    COLUMN_LAND,
    COLUMN_SIZE,
    COLUMN_OUTLINE,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_BORDER,
    COLUMN_COUNT
} column;

typedef struct column_name {
    const char *name;
    column is;
} column_name;

static const column_name NODE_COLUMNS[] = {
    { "id", COLUMN_ID },           { "geoid", COLUMN_REF },
    { "lon", COLUMN_LON },         { "lat", COLUMN_LAT },
    { "pop", COLUMN_POP },         { "land_km2", COLUMN_LAND },
    { "land", COLUMN_LAND },       { "area_src", COLUMN_SIZE },
    { "area", COLUMN_SIZE },       { "boundary_perim", COLUMN_OUTLINE },
    { "bp", COLUMN_OUTLINE },
};
static const column_name EDGE_COLUMNS[] = {
    { "i", COLUMN_FROM },
    { "j", COLUMN_TO },
    { "shared_perim", COLUMN_BORDER },
};

typedef struct columns {
    column is[MOST_COLUMNS];
    char name[MOST_COLUMNS][24]; /* for messages */
    size_t n;
    bool has[COLUMN_COUNT];
} columns;

typedef struct tg1 {
    grid_words *words;
    gb_context *ctx;
    grid_file *file;
    size_t n, m, n_components; /* as the header says; components 0: it does not */
    bool has_n, has_m;
    columns columns;
    double *land_km2;
    grid_edges edges;
} tg1;

static gb_status fail(const tg1 *g, gb_status status)
{
    return grid_words_fail(g->words, status);
}

/* --- header -------------------------------------------------------------- */

static gb_status take_setting(tg1 *g)
{
    static const char *const keys[] = { "n", "m", "k", "components" };
    grid_words *w = g->words;
    char *value = strchr(w->word, '=');
    size_t *const to[] = { &g->n, &g->m, &g->file->facts.n_territories,
                           &g->n_components };

    *value++ = '\0';
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(w->word, keys[i]) != 0)
            continue;
        g->has_n |= i == 0;
        g->has_m |= i == 1;
        memmove(w->word, value, strlen(value) + 1);
        return grid_words_count(w, keys[i], GRID_MOST_AREAS, to[i]);
    }
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
        "the header has \"%s=\"; n=, m=, k= and components= are known",
        w->word));
}

static gb_status read_header(tg1 *g)
{
    const size_t n_bytes = (size_t)(g->words->end - g->words->at);
    gb_status status = GB_OK;

    if (!grid_words_line(g->words) || !grid_words_next(g->words, &status)
        || strcmp(g->words->word, "TG1") != 0)
        return status ? status : fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "a TG1 file begins with: TG1 NAME n=AREAS m=EDGES"));
    while (!status && grid_words_next(g->words, &status))
        if (strchr(g->words->word, '='))
            status = take_setting(g);
    if (status)
        return status;
    if (!g->has_n || !g->has_m || g->n == 0)
        return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "the header needs n=, from 1 on, and m="));
    /* Or a wrong digit would ask for all the memory that there is. */
    if (g->n + g->m > n_bytes)
        return fail(g, base_fail(g->ctx, GB_ERR_DATA,
            "n=%zu and m=%zu, but the file has no more than %zu bytes", g->n,
            g->m, n_bytes));
    g->file->facts.n_areas = g->n;
    return GB_OK;
}

/* --- columns ------------------------------------------------------------- */

static gb_status name_column(tg1 *g, const column_name *known, size_t n_known)
{
    columns *c = &g->columns;
    const char *word = g->words->word;
    column is = COLUMN_OTHER;

    if (c->n == MOST_COLUMNS)
        return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "more than %d columns", (int)MOST_COLUMNS));
    for (size_t i = 0; i < n_known; i++)
        if (strcmp(word, known[i].name) == 0)
            is = known[i].is;
    if (is != COLUMN_OTHER && c->has[is])
        return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "the comment line names the column \"%s\" twice", word));
    c->has[is] = true;
    c->is[c->n] = is;
    memcpy(c->name[c->n], word, sizeof c->name[0] - 1);
    c->name[c->n++][sizeof c->name[0] - 1] = '\0';
    return GB_OK;
}

/* From the comment line at hand. */
static gb_status name_columns(tg1 *g, const column_name *known, size_t n_known)
{
    gb_status status = GB_OK;

    memset(&g->columns, 0, sizeof g->columns);
    while (!status && grid_words_next(g->words, &status)) {
        const size_t n = strlen(g->words->word);
        const size_t n_signs = g->columns.n ? 0 : strspn(g->words->word, "#");

        memmove(g->words->word, g->words->word + n_signs, n - n_signs + 1);
        if (g->words->word[0])
            status = name_column(g, known, n_known);
    }
    return status;
}

/* To the first line that is no comment; the last comment names columns. */
static gb_status find_columns(tg1 *g, const column_name *known, size_t n_known,
                              bool *is_found)
{
    gb_status status = GB_OK;

    memset(&g->columns, 0, sizeof g->columns);
    while (!status && (*is_found = grid_words_line(g->words))
           && *g->words->at == '#')
        status = name_columns(g, known, n_known);
    return status;
}

static gb_status need_column(const tg1 *g, column is, const char *name)
{
    if (g->columns.has[is])
        return GB_OK;
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
        "no comment line above names the column \"%s\"", name));
}

/* --- nodes --------------------------------------------------------------- */

static gb_status take_id(const tg1 *g, size_t a)
{
    int64_t id;

    if (base_parse_int(g->words->word, &id) && (uint64_t)id == a && id >= 0)
        return GB_OK;
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
        "the id is \"%s\", %zu is next: areas are numbered from 0 without a "
        "gap", g->words->word, a));
}

static gb_status take_ref(const tg1 *g, size_t a)
{
    const size_t n = strlen(g->words->word) + 1;
    char *ref = base_arena_alloc(&g->file->names, n, 1);

    if (!ref)
        return base_fail_nomem(g->ctx);
    memcpy(ref, g->words->word, n);
    g->file->refs[a] = ref;
    return GB_OK;
}

static gb_status take_node_word(const tg1 *g, size_t a, size_t c)
{
    const char *name = g->columns.name[c];
    const grid_words *w = g->words;
    grid_file *f = g->file;

    switch (g->columns.is[c]) {
    case COLUMN_ID:
        return take_id(g, a);
    case COLUMN_REF:
        return take_ref(g, a);
    case COLUMN_LON:
        return grid_words_real(w, name, -180, 180, &f->places[a].lon_deg);
    case COLUMN_LAT:
        return grid_words_real(w, name, -90, 90, &f->places[a].lat_deg);
    case COLUMN_POP:
        return grid_words_real(w, name, 0, MOST_VALUE, &f->activity[a]);
    case COLUMN_LAND:
        return grid_words_real(w, name, 0, MOST_SIZE, &g->land_km2[a]);
    case COLUMN_SIZE:
        return grid_words_real(w, name, 0, MOST_SIZE, &f->areas_m2[a]);
    case COLUMN_OUTLINE:
        return grid_words_real(w, name, 0, MOST_LENGTH, &f->perimeters_m[a]);
    default: /* a column that nothing here needs */
        return GB_OK;
    }
}

/* The words of a line, one a column. */
static gb_status walk_line(tg1 *g, size_t row,
                           gb_status (*take)(const tg1 *, size_t, size_t))
{
    gb_status status = GB_OK;
    size_t n = 0;

    while (!status && grid_words_next(g->words, &status)) {
        if (n < g->columns.n)
            status = take(g, row, n);
        n++;
    }
    if (!status && n != g->columns.n)
        status = fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "%zu words in a line of %zu columns", n, g->columns.n));
    return status ? status : base_poll(g->words->run);
}

static gb_status take_node_memory(tg1 *g)
{
    const bool *has = g->columns.has;
    grid_file *f = g->file;
    base_mem *mem = f->mem;

    f->centres = base_alloc_zeroed(mem, g->n, sizeof *f->centres);
    f->activity = base_alloc_zeroed(mem, g->n, sizeof *f->activity);
    if (has[COLUMN_LON])
        f->places = base_alloc_zeroed(mem, g->n, sizeof *f->places);
    if (has[COLUMN_SIZE])
        f->areas_m2 = base_alloc_zeroed(mem, g->n, sizeof *f->areas_m2);
    if (has[COLUMN_OUTLINE])
        f->perimeters_m = base_alloc_zeroed(mem, g->n, sizeof(double));
    if (has[COLUMN_LAND])
        g->land_km2 = base_alloc_zeroed(mem, g->n, sizeof *g->land_km2);
    if (has[COLUMN_REF])
        f->refs = base_alloc_zeroed(mem, g->n, sizeof *f->refs);
    f->facts.has_places = has[COLUMN_LON];
    if (f->centres && f->activity && (f->places || !has[COLUMN_LON])
        && (f->areas_m2 || !has[COLUMN_SIZE])
        && (f->perimeters_m || !has[COLUMN_OUTLINE])
        && (g->land_km2 || !has[COLUMN_LAND]) && (f->refs || !has[COLUMN_REF]))
        return GB_OK;
    return base_fail_nomem(g->ctx);
}

static gb_status ends_early(const tg1 *g, size_t n_read, size_t n,
                            const char *header)
{
    return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
        "%zu lines here, the header says %s=%zu", n_read, header, n));
}

static gb_status read_nodes(tg1 *g)
{
    bool is_there = false;
    gb_status status
        = find_columns(g, NODE_COLUMNS, COUNT_OF(NODE_COLUMNS), &is_there);

    if (!status && !is_there)
        return ends_early(g, 0, g->n, "n");
    if (!status)
        status = need_column(g, COLUMN_ID, "id");
    if (!status)
        status = need_column(g, COLUMN_POP, "pop");
    if (!status && g->columns.has[COLUMN_LON] != g->columns.has[COLUMN_LAT])
        status = fail(g, base_fail(g->ctx, GB_ERR_PARSE,
            "the columns \"lon\" and \"lat\" go together, one is not there"));
    if (!status)
        status = take_node_memory(g);
    for (size_t a = 0; !status && a < g->n; a++) {
        if (a > 0 && (!grid_words_line(g->words) || *g->words->at == '#'))
            return ends_early(g, a, g->n, "n");
        status = walk_line(g, a, take_node_word);
    }
    return status;
}

/* --- edges --------------------------------------------------------------- */

static gb_status take_edge_word(const tg1 *g, size_t row, size_t c)
{
    const char *name = g->columns.name[c];
    grid_edge *e = &g->edges.items[row];
    size_t end = 0;
    gb_status status;

    if (g->columns.is[c] == COLUMN_BORDER)
        return grid_words_real(g->words, name, 0, MOST_LENGTH, &e->border_m);
    if (g->columns.is[c] == COLUMN_OTHER)
        return GB_OK;
    status = grid_words_count(g->words, name, g->n - 1, &end);
    if (g->columns.is[c] == COLUMN_FROM)
        e->from = (uint32_t)end;
    else
        e->to = (uint32_t)end;
    return status;
}

static gb_status read_edge(tg1 *g)
{
    const grid_edge *e;
    gb_status status;

    if (!base_array_push(g->file->mem, &g->edges, (grid_edge){ 0 }))
        return base_fail_nomem(g->ctx);
    status = walk_line(g, g->edges.n - 1, take_edge_word);
    e = &g->edges.items[g->edges.n - 1];
    g->edges.items[g->edges.n - 1].line = g->words->line;
    if (!status && e->from == e->to)
        status = fail(g, base_fail(g->ctx, GB_ERR_DATA,
            "the edge %u %u leads from an area to itself: leave it out",
            e->from, e->to));
    return status;
}

static gb_status read_edges(tg1 *g)
{
    bool is_there = false;
    gb_status status
        = find_columns(g, EDGE_COLUMNS, COUNT_OF(EDGE_COLUMNS), &is_there);

    if (status || (!is_there && g->m == 0))
        return status;
    if (!is_there)
        return ends_early(g, 0, g->m, "m");
    status = need_column(g, COLUMN_FROM, "i");
    if (!status)
        status = need_column(g, COLUMN_TO, "j");
    g->file->facts.has_borders = g->columns.has[COLUMN_BORDER];
    while (!status && is_there) {
        /* Comments below, as those of known values, say nothing to us. */
        if (*g->words->at != '#') {
            if (g->edges.n == g->m)
                return fail(g, base_fail(g->ctx, GB_ERR_PARSE,
                    "more lines of edges than the m=%zu of the header",
                    g->m));
            status = read_edge(g);
        }
        is_there = !status && grid_words_line(g->words);
    }
    if (!status && g->edges.n != g->m)
        status = ends_early(g, g->edges.n, g->m, "m");
    return status;
}

/* --- units --------------------------------------------------------------- */

/* Square metres of a unit of the size column; 1 where there is no telling. */
static double size_unit_m2(tg1 *g)
{
    double land = 0, size = 0, unit;

    for (size_t a = 0; g->land_km2 && g->file->areas_m2 && a < g->n; a++) {
        land += 1e6 * g->land_km2[a];
        size += g->file->areas_m2[a];
    }
    if (!(land > 0) || !(size > 0))
        return 1;
    unit = land / size;
    /* Water makes the size larger than the land, by half at the most. */
    if (unit > 0.5 && unit < 1.5)
        return 1;
    if (unit > 0.5e6 && unit < 1.5e6)
        return 1e6;
    g->file->facts.is_scaled = true;
    return unit;
}

/* Whole outlines out of the outer part and the shared borders. */
static void set_units(tg1 *g)
{
    const double size = size_unit_m2(g), length = sqrt(size);
    grid_file *f = g->file;

    for (size_t a = 0; a < g->n; a++) {
        if (f->areas_m2)
            f->areas_m2[a] *= size;
        if (f->perimeters_m)
            f->perimeters_m[a] *= length;
    }
    for (size_t i = 0; f->border_m && i < g->edges.n; i++) {
        f->border_m[i] *= length;
        if (f->perimeters_m)
            f->perimeters_m[g->edges.items[i].from] += f->border_m[i];
    }
}

static gb_status finish(tg1 *g)
{
    grid_file *f = g->file;
    gb_status status = grid_file_rows(g->words, f, &g->edges);

    if (status)
        return status;
    set_units(g);
    f->areas.n_measures = 1;
    if (f->places)
        grid_place_project(f->places, g->n, f->centres);
    else
        status = grid_place_draw(g->words->run, f->first, f->neighbours, g->n,
                                 f->centres);
    if (!status)
        status = grid_file_finish(g->words->run, f);
    if (!status && g->n_components
        && g->n_components != f->facts.n_components) {
        g->words->line = 1;
        status = fail(g, base_fail(g->ctx, GB_ERR_DATA,
            "the header says components=%zu, the edges make %zu",
            g->n_components, f->facts.n_components));
    }
    return status;
}

gb_status grid_read_tg1(grid_words *words, grid_file *file)
{
    tg1 g = { .words = words, .ctx = words->run->ctx, .file = file };
    gb_status status;

    file->facts.format = GB_AREA_FORMAT_TG1;
    status = read_header(&g);
    if (!status)
        status = read_nodes(&g);
    if (!status)
        status = read_edges(&g);
    if (!status)
        status = finish(&g);
    base_free(file->mem, g.land_km2);
    base_array_clear(file->mem, &g.edges);
    return status;
}
