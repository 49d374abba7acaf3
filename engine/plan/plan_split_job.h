/*
 * plan_split_job.h - one branch, or some put together, divided among their
 * managers: what plan_split.c does for each of them.
 */
#ifndef PLAN_SPLIT_JOB_H
#define PLAN_SPLIT_JOB_H

#include "plan_division.h"

typedef struct split_verdict {
    bool is_valid, is_balanced;
    double max_deviation;
    uint64_t n_moved;
} split_verdict;

/* One branch, or a group of them, as areas of its own. */
typedef struct split_job {
    plan_division *d;
    uint32_t group; /* the lowest of its branches */
    bool is_settling; /* goes on from grid_of, not from what was before */
    bool is_whole_effort;
    base_arena arena;
    gb_context quiet;
    base_run run;
    uint32_t *cells;   /* of data->cells */
    uint32_t *grids;   /* of d->grids: those that get cells */
    size_t n_cells, n_grids;
    gb_areas areas;
    gb_territory_rules rules;
    gb_territory_options options;
    plan_ground ground;
    plan_parting parting;
    uint8_t *barriers; /* what parts, and what is better not crossed */
    const uint8_t *borders; /* as areas.neighbours: 1 between named areas */
    double *measured;
    double deadline_s;
    uint32_t n_threads, n_starts, n_more_starts;
    uint64_t n_proposals; /* a start; 0: the module's own */
    gb_territories *made;   /* the best so far; NULL: as before, or none */
    const uint32_t *owners; /* n_cells: of `made`, or as before; NULL: none */
    split_verdict verdict;  /* of owners */
} split_job;

typedef struct split {
    plan_division *d;
    split_job *jobs;   /* n_branches: the job of a group at its number */
    uint32_t *todo;    /* n_todo: the groups to divide now */
    size_t n_todo;
    uint32_t *local; /* n_cells: number of a cell within its group */
    uint32_t *area_of; /* n_cells: the named area of a cell; NULL: none asked */
} split;

/* Zeroed, of the job's arena. */
void *plan_split_take(split_job *job, size_t n, size_t size);

/* The search of the group s->todo[i]; a round of base_parallel(), `user` is
 * the split. */
gb_status plan_split_divide(base_run *worker, size_t thread, size_t i,
                            void *user);

static inline uint32_t plan_split_group(const plan_division *d, uint32_t cell)
{
    return d->teams[d->branch_of[cell]].group;
}

#endif
