/*
 * roads_sweep.h - sixteen searches side by side: up from sixteen places, then
 * down to all columns of a table at one stroke.
 *
 * A row is the sixteen weights of one state, a lane for each place.  The climb
 * takes the states that any of the sixteen can climb to in the order of their
 * numbers, so each row is final when its turn comes: a bit for each state
 * says which are to come, and no heap is needed.
 *
 * The sweep goes over all states from which a column can be descended to,
 * from the highest number to the lowest.  They and their arcs are found once
 * a table and laid side by side as a list of steps.  A row is needed only
 * until the last step that reads it, so rows live in slots that are used
 * again, as a compiler allots registers: as nested cuts number the states,
 * some hundred slots do for a city, which stay in the nearest cache.
 *
 * To go from columns to lanes, swap `up` and `down`, starts and targets.
 *
 *   D. Delling, A. V. Goldberg, R. F. Werneck, Faster batched shortest paths
 *     in road networks, ATMOS 2011, doi:10.4230/OASIcs.ATMOS.2011.52.
 *   M. Poletto, V. Sarkar, Linear scan register allocation, ACM TOPLAS 21
 *     (1999), doi:10.1145/330249.330250 (slots).
 */
#ifndef ROADS_SWEEP_H
#define ROADS_SWEEP_H

#include "roads_lanes.h"
#include "roads_spots.h"

/* One side of `spots`: place p has the ends [first[p], first[p + 1]). */
typedef struct roads_ends {
    const uint32_t *first;
    const roads_spot_end *ends;
} roads_ends;

typedef struct roads_step {
    uint32_t state;
    uint32_t slot;      /* where its row is written */
    uint32_t n_arcs;    /* the next of slots_read and weights: a multiple of
                         * four, some of them of no consequence */
    uint32_t n_columns; /* the next of columns: places that it is an end of */
} roads_step;

typedef struct roads_step_column {
    double weight;
    uint32_t column;
} roads_step_column;

/* What is common to all batches of a table; immutable. */
typedef struct roads_sweep {
    size_t n_steps, n_arcs, n_slots, n_columns, n_ends;
    roads_step *steps;
    uint32_t *slots_read;
    double *weights;
    roads_step_column *columns;
} roads_sweep;

/*
 * Column c is place places[c] of `ends`; `down` has n_states rows.  False: no
 * memory.  Clear in any case.
 */
bool roads_sweep_build(base_mem *mem, const roads_graph *down, size_t n_states,
                       roads_ends ends, const uint32_t *places,
                       size_t n_columns, roads_sweep *out);
void roads_sweep_clear(base_mem *mem, roads_sweep *sweep);

typedef struct roads_climbed {
    uint32_t state, row;
} roads_climbed;

/* What a thread needs for its batches. */
typedef struct roads_lanes {
    base_mem *mem;
    size_t n_states;
    uint64_t *waiting;  /* bits of states; none between climbs */
    uint32_t *row_of;   /* of states that have been met in this climb */
    void *row_block, *slot_block; /* what the next three lie in */
    double *rows;
    double *slots;
    double *cells;      /* of columns, a row each: the result */
    size_t n_rows, row_capacity;
    roads_climbed *climbed; /* ascending states */
    size_t n_climbed;
    bool is_wide;       /* the processor takes four doubles at once */
} roads_lanes;

bool roads_lanes_init(roads_lanes *lanes, base_mem *mem, size_t n_states,
                      const roads_sweep *sweep);
void roads_lanes_clear(roads_lanes *lanes);

/* The least weights from places[0..n) of `ends`, n at most ROADS_LANES, to
 * all columns, into lanes->cells.  False: no memory. */
bool roads_lanes_run(roads_lanes *lanes, const roads_graph *up,
                     roads_ends ends, const uint32_t *places, size_t n,
                     const roads_sweep *sweep);

#endif
