/*
 * grid_problem.h - basic areas and rules as the search wants them.
 *
 * A copy of what came through the door, rescaled: activity and border are
 * whole numbers of a power-of-two unit (the unit is 1 where the data are
 * whole numbers already), so that their sums are exact and a move's price can
 * be asserted to the unit.  Coordinates count from the mean of all centres.
 *
 * Arcs that connect ("open", no hard barrier) stand first in each row.  Beside
 * each open arc stands a mask: which of the row's other open neighbours that
 * neighbour touches.  The contiguity test lives on it (grid_contiguity.h).
 *
 * Built by grid_api.c from checked data, then only read, by any thread.
 */
#ifndef GRID_PROBLEM_H
#define GRID_PROBLEM_H

#include <gridbeat/grid.h>

#include "base_run.h"

enum { GRID_MASK_BITS = 64 };

typedef struct grid_problem {
    base_mem *mem; /* borrowed, as all pointers of the caller */
    size_t n, k, n_measures;
    uint32_t *first;      /* n + 1 */
    uint32_t *n_open;     /* n; of the row, they stand first */
    uint32_t *neighbours;
    int64_t *border;      /* as neighbours; in border units */
    int64_t *barrier;     /* as border, where a soft barrier is; else 0 */
    uint64_t *link;       /* as neighbours; see above; rows of at most 64 */
    int64_t *load;        /* n rows of n_measures, in load units */
    double *x, *y;        /* n */
    double *weight;       /* n; measure 0 */
    uint32_t *lock;       /* n; locks and seeds together, or GB_GRID_NONE */
    double *share;        /* k; they add up to 1 */
    double *load_unit;    /* n_measures; load times this is activity */
    int64_t *total;       /* n_measures */
    int64_t *low, *high;  /* k rows of n_measures: what is allowed */
    double *inverse;      /* n_measures; k / total, 0 where total is 0 */
    double step;          /* excess of any load beyond, see grid_excess() */
    double border_unit;   /* metres */
    int64_t total_barrier; /* border units */
    uint32_t *component;  /* n; of the open graph before bridges */
    size_t n_components;
    bool is_bridged;      /* more components than territories: joined */
    const uint32_t *travel_s; /* k rows of n, or NULL */
    uint32_t travel_cap_s;    /* what an unreachable area counts as */
    double travel_least;      /* sum of weight times least travel */
    const uint32_t *previous; /* n, or NULL */
    /* What may not be, beside locks: see grid_may_enter(). */
    bool is_ruled;            /* any of the following says something */
    uint64_t *barred;         /* n rows of n_barred_words: a bit a territory;
                                 those frozen are barred to all but their own;
                                 NULL: none */
    size_t n_barred_words;
    uint32_t *apart_first;    /* n + 1; NULL: none */
    uint32_t *apart;          /* the areas that one is to be apart from */
    int64_t most_moved;       /* limit of grid_terms.moved, those whose
                                 territory has left included; INT64_MAX: none */
    const double *familiarity; /* k rows of n, or NULL; >= 0 */
    double familiarity_most;  /* the sum over areas of the best */
} grid_problem;

/*
 * `options` gives travel, the plan before, its budget and familiarity; NULL:
 * none of these.
 */
gb_status grid_problem_build(base_run *run, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const gb_territory_options *options,
                             grid_problem *out);
void grid_problem_clear(grid_problem *problem);

/*
 * Number the components of the open graph in the order of their lowest area;
 * `component` has n.  Also for areas that no problem was made of.
 */
gb_status grid_components(base_run *run, const gb_areas *areas,
                          uint32_t *component, size_t *n_components);

/*
 * The n_components - 1 shortest links from centre to centre that join all, as
 * pairs; `links` has room for them.
 */
gb_status grid_bridge(base_run *run, const gb_areas *areas,
                      const uint32_t *component, size_t n_components,
                      uint32_t *links);

static inline int64_t grid_load(const grid_problem *p, size_t area, size_t m)
{
    return p->load[area * p->n_measures + m];
}

/* Seconds from the start of t to the area; 0 where nothing is known. */
static inline double grid_travel(const grid_problem *p, size_t t, size_t area)
{
    uint32_t s;

    if (!p->travel_s)
        return 0;
    s = p->travel_s[t * p->n + area];
    return (double)(s < p->travel_cap_s ? s : p->travel_cap_s);
}

/* How well the owner of t knows the area; 0 where nothing is known. */
static inline double grid_known(const grid_problem *p, size_t t, size_t area)
{
    return p->familiarity ? p->familiarity[t * p->n + area] : 0;
}

static inline bool grid_is_barred(const grid_problem *p, uint32_t area,
                                  uint32_t t)
{
    return p->barred
        && (p->barred[area * p->n_barred_words + t / 64] >> t % 64 & 1);
}

/* How many of the areas that `area` is to be apart from are in t. */
static inline uint32_t grid_count_apart(const grid_problem *p,
                                        const uint32_t *owner, uint32_t area,
                                        uint32_t t)
{
    uint32_t n = 0;

    if (!p->apart_first)
        return 0;
    for (uint32_t i = p->apart_first[area]; i < p->apart_first[area + 1]; i++)
        n += owner[p->apart[i]] == t;
    return n;
}

/*
 * Nothing forbids `area` to be in territory `to`: it is not barred (no area
 * is allowed into a frozen territory), and none is there that it is to be
 * apart from.  Locks and the budget of moves are not asked here.
 */
static inline bool grid_may_enter(const grid_problem *p,
                                  const uint32_t *owner, uint32_t area,
                                  uint32_t to)
{
    return !p->is_ruled
        || (!grid_is_barred(p, area, to)
            && grid_count_apart(p, owner, area, to) == 0);
}

/* By how much the count of moved areas changes. */
static inline int grid_moved_change(const grid_problem *p, uint32_t area,
                                    uint32_t from, uint32_t to)
{
    if (!p->previous || p->previous[area] == GB_GRID_NONE)
        return 0;
    return (p->previous[area] == from) - (p->previous[area] == to);
}

/* The budget of moves allows this change when `moved` have moved already. */
static inline bool grid_may_change(const grid_problem *p, int64_t moved,
                                   int64_t change)
{
    return change <= 0 || moved + change <= p->most_moved;
}

/*
 * What `load` of measure m is beyond the allowed for t, in mean targets; and
 * a step for being beyond at all, or the last trifle would never be worth a
 * chain of shifts.
 */
static inline double grid_excess(const grid_problem *p, size_t t, size_t m,
                                 int64_t load)
{
    const size_t i = t * p->n_measures + m;

    if (load > p->high[i])
        return p->step + (double)(load - p->high[i]) * p->inverse[m];
    if (load < p->low[i])
        return p->step + (double)(p->low[i] - load) * p->inverse[m];
    return 0;
}

#endif
