/*
 * roads_waiting.h - which lower states have a given state in their rows.
 *
 * Rows name higher states; to contract a state we need those lower ones that
 * have it in a row.  As states are gone through in ascending order, each one
 * passed waits, in each of its two rows, for the next entry to have its turn.
 * Who waits for the same state is chained in a list.  That takes a few words
 * a state, where rows the other way round would take as much as the rows.
 */
#ifndef ROADS_WAITING_H
#define ROADS_WAITING_H

#include "roads_hierarchy.h"

enum { ROADS_UP, ROADS_DOWN, ROADS_BOTH };

typedef struct roads_waiter {
    uint32_t at[ROADS_BOTH];   /* the entry of the row that it waits for */
    uint32_t end[ROADS_BOTH];  /* of the row */
    uint32_t next[ROADS_BOTH]; /* in the list; NONE */
    uint32_t list[ROADS_BOTH]; /* who waits for this one; NONE */
} roads_waiter;

/* Nobody waits; NULL: no memory. */
static inline roads_waiter *roads_waiters_new(base_mem *mem, size_t n)
{
    roads_waiter *waiters = base_alloc_array(mem, n, sizeof *waiters);

    for (size_t v = 0; waiters && v < n; v++)
        waiters[v].list[ROADS_UP] = waiters[v].list[ROADS_DOWN] = ROADS_NONE;
    return waiters;
}

/* v waits for the entry at its `at`, which is `end`. */
static inline void roads_wait(roads_waiter *waiters, int side, uint32_t v,
                              uint32_t end)
{
    waiters[v].next[side] = waiters[end].list[side];
    waiters[end].list[side] = v;
}

/*
 * The first entry of v's row beyond x, when x has its turn: entries before x
 * are passed already, x itself may be.
 */
static inline uint32_t roads_beyond(const roads_waiter *waiter, int side,
                                    const uint32_t *ends, uint32_t x)
{
    const uint32_t at = waiter->at[side];

    return at < waiter->end[side] && ends[at] == x ? at + 1 : at;
}

#endif
