/*
 * grid_read.h - files of areas: from bytes to arrays, and nothing else.
 *
 * Each format is a file grid_read_<format>.c.  It walks the words of the text
 * and fills a grid_file; the words and the edges are the same for all.  Every
 * refusal says FILE:LINE, what stands there, and what should.
 */
#ifndef GRID_READ_H
#define GRID_READ_H

#include <gridbeat/grid.h>

#include "base_array.h"
#include "base_run.h"

enum { GRID_LONGEST_WORD = 255 };

/* What was read; all memory in it is its own. */
typedef struct grid_file {
    base_mem *mem;
    gb_area_facts facts;
    gb_areas areas;      /* of the arrays below */
    gb_lonlat *places;   /* NULL: none */
    gb_point *centres;
    double *areas_m2, *perimeters_m, *border_m; /* NULL: not known */
    double *activity;
    double *tolerances;  /* NULL: none */
    double *capacities;  /* n; NULL: none */
    double *familiarity; /* n_territories rows of n; NULL: none */
    double *distances;   /* n rows of n; NULL: none */
    uint32_t *first, *neighbours;
    base_arena names;
    const char **refs;   /* NULL: none */
} grid_file;

void grid_file_init(grid_file *file, base_mem *mem);
void grid_file_clear(grid_file *file);

/* The text of a file word by word. */
typedef struct grid_words {
    base_run *run;
    const char *name;     /* of the file */
    const char *at, *end;
    size_t line;          /* of the last word, from 1 */
    bool is_begun;
    char word[GRID_LONGEST_WORD + 1];
} grid_words;

/* Refuses what is no text: zero bytes, or not UTF-8. */
gb_status grid_words_begin(grid_words *words, base_run *run, const char *name,
                           const char *bytes, size_t n_bytes);
/* Go to the next line with a word; false: there is none. */
bool grid_words_line(grid_words *words);
/* The next word of this line; false: none, or *status is set. */
bool grid_words_next(grid_words *words, gb_status *status);

/* The start of every message, "FILE:LINE: ", is put before it. */
gb_status grid_words_fail(const grid_words *words, gb_status status);

/* The word as a finite number within [low, high]; `what` names it. */
gb_status grid_words_real(const grid_words *words, const char *what,
                          double low, double high, double *out);
gb_status grid_words_count(const grid_words *words, const char *what,
                           size_t most, size_t *out);

/* A line, a word, the end of a line that must be there; `what` names it. */
gb_status grid_words_need_line(grid_words *words, const char *what);
gb_status grid_words_need_end(grid_words *words);
gb_status grid_words_need_count(grid_words *words, const char *what,
                                size_t most, size_t *out);
gb_status grid_words_need_real(grid_words *words, const char *what, double low,
                               double high, double *out);

typedef struct grid_edge {
    uint32_t from, to;
    double border_m;
    size_t line;
} grid_edge;
typedef BASE_ARRAY(grid_edge) grid_edges;

/* Sort the edges, given once each, into rows; refuses one that is there
 * twice.  `edges` is doubled. */
gb_status grid_file_rows(grid_words *words, grid_file *file,
                         grid_edges *edges);

/* Point file->areas at the arrays and fill what can be counted. */
gb_status grid_file_finish(base_run *run, grid_file *file);

gb_status grid_read_tg1(grid_words *words, grid_file *file);
gb_status grid_read_ctdp(grid_words *words, grid_file *file);
gb_status grid_read_cpmp(grid_words *words, grid_file *file);

/* grid_place.c: centres by a conic projection of the places ... */
void grid_place_project(const gb_lonlat *places, size_t n, gb_point *centres);
/* ... or drawn from the adjacency, where neighbours lie near each other. */
gb_status grid_place_draw(base_run *run, const uint32_t *first,
                          const uint32_t *neighbours, size_t n,
                          gb_point *centres);

#endif
