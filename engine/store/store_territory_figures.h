/*
 * store_territory_figures.h - a version of territories with all its figures:
 * what each has of every measure, its customers, targets, shape and owners.
 *
 * A version rests on a set of cells, which need not be the active one.  The
 * figures of another division of the same cells are counted by
 * store_figures_count(), so an edit is shown as what is stored is.
 */
#ifndef STORE_TERRITORY_FIGURES_H
#define STORE_TERRITORY_FIGURES_H

#include "store_territory_rules.h"

/* Who has a territory, and when. */
typedef struct store_owner_span {
    const char *manager;
    int64_t manager_id;
    int32_t from, to; /* days; to: the first day no more, or STORE_NO_DAY */
} store_owner_span;

typedef struct store_measure {
    const char *name;
    double tolerance;    /* NAN: none is known */
    double total;
    bool is_of_cells;    /* known cell by cell, so that an edit can tell */
} store_measure;

typedef struct store_figure {
    int64_t id;          /* row */
    const char *ref, *branch, *manager; /* manager: on the day, or "" */
    int64_t branch_id, manager_id;
    int32_t colour;
    const char *exceeds_json; /* or "" */
    uint32_t first_span, n_spans; /* into spans, by date */
    double *activity;    /* one a measure */
    double *fair;        /* what it should have; NAN: not known */
    uint32_t n_cells, n_parts, n_locked;
    int64_t n_customers, n_targets;
    double area_m2, perimeter_m;
    bool is_frozen;
} store_figure;

typedef struct store_figures {
    base_arena arena;
    gb_workspace *ws;    /* borrowed */
    int64_t version;
    int32_t state;       /* store_version_status */
    int32_t from, to;    /* days, or STORE_NO_DAY; to: the first no more */
    int32_t on;          /* the day of the owners */
    int64_t made_from;   /* 0: none */
    const char *note, *bound_json, *options_json, *measure_text;
    store_cells cells;
    store_ground_rules rules;
    uint32_t *of_cell;   /* index of items, or STORE_NONE */
    int64_t *customers_of_cell, *targets_of_cell;
    double *cell_perimeter_m;
    store_measure *measures;
    size_t n_measures;
    double *cell_activity; /* n_measures rows of cells.n */
    store_figure *items; /* by reference */
    size_t n;
    store_owner_span *spans;
    size_t n_spans;
} store_figures;

/*
 * A version by what people call it: its number, "active", "@DATE" for the one
 * in force on a date.  GB_ERR_NOT_FOUND, GB_ERR_ARGUMENT.
 */
gb_status store_version_find(gb_workspace *workspace, const char *text,
                             int64_t *version);

/*
 * Load and count.  `on`: the day of the owners; STORE_NO_DAY: the first day
 * of the version, or of its owners while it is not in force.
 */
gb_status store_load_figures(gb_workspace *workspace, int64_t version,
                             int32_t on, store_figures *out);
void store_figures_clear(store_figures *figures);

/* Count items[] anew for another division of the same cells. */
gb_status store_figures_count(store_figures *figures,
                              const uint32_t *of_cell);

/* Perimeter against that of a circle of the same area, 0 to 1. */
double store_figure_compactness(const store_figure *figure);
/* Beyond its fair part, as a ratio; NAN where that is not known. */
double store_figure_deviation(const store_figure *figure, size_t measure);
/* The cell or territory of that reference; STORE_NONE. */
uint32_t store_figures_cell(const store_figures *figures, const char *ref);
uint32_t store_figures_territory(const store_figures *figures,
                                 const char *ref);

#endif
