/*
 * plan_barriers.h - which borders between cells are barriers, by how many
 * streets cross them.
 *
 * A border that no street crosses on foot (a river without a bridge, a
 * railway) is a hard barrier: the two sides do not connect.  One that few
 * cross is a soft barrier: better not within a territory.  Where a cell has no
 * street at all, nothing can be told of its borders and they stay open.
 *
 * Hard barriers must leave pieces that managers can serve: with work for a
 * whole number of them, within the tolerance.  A piece that is none is joined
 * again to the one with the longest border, until all are.
 */
#ifndef PLAN_BARRIERS_H
#define PLAN_BARRIERS_H

#include "base_array.h"
#include "base_run.h"

/* Rows of neighbours as in gb_areas (grid.h). */
typedef struct plan_ground {
    size_t n_cells;
    const uint32_t *first_neighbour, *neighbour;
    const double *border_m;
    const uint32_t *crossings;  /* as neighbour */
    const uint8_t *has_streets; /* n_cells */
    const double *work_s;       /* n_cells */
    const double *shares;       /* n_shares: of the managers */
    size_t n_shares;
    double tolerance;
} plan_ground;

/* Two pieces that were joined again over a border that nothing crosses. */
typedef struct plan_joined {
    uint32_t a, b;   /* cells at the longest such border, a < b */
    double border_m; /* of all such borders between the two pieces */
} plan_joined;

typedef BASE_ARRAY(plan_joined) plan_joined_list;

/* barriers: as neighbour; gb_barrier.  `joined` is appended to. */
gb_status plan_barriers(base_run *run, const plan_ground *ground,
                        uint8_t *barriers, plan_joined_list *joined);

#endif
