/*
 * plan_division.h - the inside of a division of the ground into territories,
 * shared by its few files.
 *
 *   plan_grids.c     who is to have how many, and what he has had
 *   plan_rules.c     what people have decided: locks, bars, pairs, freezes
 *   plan_columns.c   what there is to share out in each cell
 *   plan_branches.c  which branch has which cell
 *   plan_split.c     each branch's cells into its territories
 *   plan_deal.c      territories to managers, where they are not made for one
 *   plan_moves.c     who changes hands, and why
 *   plan_told.c      what cannot be kept, in words
 *   plan_kept.c      what is stored of the measures
 *   plan_territory.c all of it in order, and what is saved
 *
 * Arrays without another owner are in the arena.
 */
#ifndef PLAN_DIVISION_H
#define PLAN_DIVISION_H

#include <gridbeat/grid.h>

#include "base_array.h"
#include "plan_data.h"
#include "plan_measure.h"
#include "plan_parting.h"
#include "plan_territory.h"
#include "plan_workload.h"
#include "store_load_known.h"
#include "store_territory_rules.h"

/* A territory to be made. */
typedef struct plan_grid {
    uint32_t branch;
    uint32_t owner;   /* of data->managers; none until it is dealt out */
    uint32_t before;  /* of division->before.items that it goes on from */
    double share_s;   /* of a week of its owner, in seconds */
    bool has_joined;  /* its owner had none before */
    const char *ref;
} plan_grid;

/* Managers of a branch and their territories. */
typedef struct plan_team {
    uint32_t first, n;  /* into grids */
    double week_s;      /* of all its managers */
    plan_mix mix;
    uint32_t group;     /* of branches that share out together: the lowest */
    bool is_kept;       /* its cells are not touched: another branch is asked
                           for */
} plan_team;

typedef struct plan_division {
    plan_data *data;
    plan_how how;
    base_arena arena;
    plan_measures measures;
    store_known known;
    store_territories before; /* version 0: afresh */
    plan_work work;
    uint32_t *crossings;      /* as cells.neighbour; NULL: without roads */
    uint8_t *has_streets;     /* n_cells */
    size_t n_hard, n_soft;    /* borders of cells, as barriers */
    gb_point *centres;        /* n_cells */
    double *areas_m2, *perimeters_m;
    BASE_ARRAY(plan_grid) grids; /* by branch */
    plan_team *teams;         /* n_branches; n 0: without managers */
    double *week_s;           /* n_managers: hours that he has, in seconds */
    uint8_t *is_off;          /* n_managers: has left, or is yet to come */
    uint32_t *travel[GB_MODE_COUNT]; /* n_branches rows of n_cells, seconds;
                                        NULL: nobody goes by it */
    double *counts[PLAN_N_ACTIVITIES]; /* n_cells; of PLAN_WORKLOAD: NULL, it
                                          depends on the branch */
    uint32_t *branch_of;      /* n_cells */
    uint32_t *grid_of;        /* n_cells; what is being made */
    store_ground_rules rules;
    uint32_t *lock_of;        /* n_cells: the grid that it must be in; none */
    uint8_t *is_frozen;       /* n of grids: keeps what it had before */
    uint32_t *previous;       /* n_cells: the grid that goes on from the one
                                 before; none: none; n of grids: has left */
    bool has_previous;
    double *has[PLAN_N_ACTIVITIES]; /* n of grids: what each has */
    double *deviation;        /* measures.n rows of n of grids: from its share
                                 of what its group of branches has */
    uint32_t *n_cells_of;     /* n of grids */
    double deadline_s;        /* of the searches; 0: none */
    /* of the answer */
    double max_deviation;
    bool is_balanced;
    uint64_t n_chosen, n_forced; /* cells that changed hands */
    uint64_t n_enough;        /* chosen moves that would do; 0: these do */
    uint64_t budget;          /* of chosen moves; UINT64_MAX: no limit */
    json_t *findings;
} plan_division;

/* plan_grids.c: teams, grids, week_s, is_off; then previous. */
gb_status plan_grids_find(plan_division *d);

/* plan_rules.c: lock_of, is_frozen; grids must be there. */
gb_status plan_rules_find(plan_division *d);

/* plan_columns.c: everything that is counted in cells. */
gb_status plan_columns_find(plan_division *d);
/* Streets that cross from cell to cell: crossings and has_streets. */
gb_status plan_streets_find(plan_division *d);
/* Seconds from a branch to a cell by the mix of its team; unreachable: inf. */
double plan_columns_there_s(const plan_division *d, uint32_t branch,
                            uint32_t cell);
/* Imported areas whose borders are to be kept to: which of them each cell lies
 * in; *out NULL where none are asked for. */
gb_status plan_borders_find(plan_division *d, uint32_t **out);
/* What measure m finds in a cell, for a branch. */
double plan_columns_value(const plan_division *d, size_t m, uint32_t branch,
                          uint32_t cell);

/* plan_branches.c: branch_of. */
gb_status plan_branches_find(plan_division *d);

/* plan_moves.c: may what is there stay as it is?  Everybody has what he had,
 * and every branch keeps the tolerance. */
gb_status plan_moves_may_stay(plan_division *d, bool *out);

/* plan_split.c: grid_of, and what is found on the way. */
gb_status plan_split(plan_division *d);

/* plan_deal.c: owners of grids that have none. */
gb_status plan_deal(plan_division *d);

/* plan_moves.c: activity, deviation, counts of moves; and the moves as rows. */
gb_status plan_moves_measure(plan_division *d);
gb_status plan_moves_tell(plan_division *d, json_t **out);

/* plan_told.c: append findings of one branch's division to d->findings; cells
 * and grids of the finding are numbers of the branch's own. */
gb_status plan_told_add(plan_division *d, const gb_territory_finding *finding,
                        const uint32_t *cells, size_t n_cells,
                        const uint32_t *grids, size_t n_grids);

/* plan_kept.c: the measures as the workspace keeps them, measures.n of them. */
struct store_measure_in;
gb_status plan_kept_find(plan_division *d,
                         const struct store_measure_in **out);

/* The arena's memory, zeroed; NULL is told in the context. */
void *plan_division_take(plan_division *d, size_t n, size_t size);

#endif
