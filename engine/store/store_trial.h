/*
 * store_trial.h - what was tried on customers, and what came of it.
 *
 * A trial is drawn when a customer is first free for a visit, and lasts as
 * long as a transaction of his counts for it; then he may be drawn anew.  It
 * is settled by the next night that knows the answer, and never changed after
 * that.
 *
 * The workspace knows the last transaction of a customer alone.  So where he
 * made one within the time, it is seen by any night until his next one; where
 * the nights left so long a gap that only a later one is seen, it is not known
 * and the trial says so.
 */
#ifndef STORE_TRIAL_H
#define STORE_TRIAL_H

#include "store_load.h"

typedef struct store_trial {
    int64_t customer_id;
    const char *customer;           /* reference; filled by the loader */
    int32_t day, until;
    const char *segment, *strategy, *grade;
    bool is_held_out;
    double propensity;
    int64_t score;
    double chance;                  /* NaN: none */
    bool is_visited, is_met;        /* of a settled one */
    int32_t is_active;              /* 1, 0, STORE_NOT_KNOWN; STORE_OPEN as
                                       long as its time is not over */
} store_trial;

enum { STORE_NOT_KNOWN = -1, STORE_OPEN = -2 };

typedef struct store_trials {
    base_arena arena;
    store_trial *items;
    size_t n;
} store_trials;

/* Those drawn before a day that count on it yet, by customer id. */
gb_status store_load_open_trials(gb_workspace *ws, int32_t on,
                                 store_trials *out);
/* All, by day and customer reference. */
gb_status store_load_trials(gb_workspace *ws, store_scope scope,
                            store_trials *out);
void store_trials_clear(store_trials *trials);

/*
 * Those drawn on a day, in place of what was drawn on it before.  A target in
 * a box of the card's matrix has that for its strategy.  Where nobody
 * is held out any more, open trials end unknown: their two sides are no longer
 * what was drawn.
 */
gb_status store_save_trials(gb_workspace *ws, int32_t on,
                            const store_trial *items, size_t n,
                            bool is_drawn);

/* What came of visits at which somebody was met. */
typedef struct store_result {
    const char *segment, *strategy, *manager;
    int32_t day;
    double score, chance; /* NaN: none */
    int32_t is_active;    /* as of a trial */
} store_result;

typedef struct store_results {
    base_arena arena;
    store_result *items; /* by day, then customer */
    size_t n;
} store_results;

gb_status store_load_results(gb_workspace *ws, store_scope scope,
                             store_results *out);
void store_results_clear(store_results *results);

/* How many were settled, how many of them by a transaction in time, how many
 * are not to be known; and how many are open. */
typedef struct store_settled {
    int64_t n_visits, n_visits_active, n_visits_unknown, n_visits_open;
    int64_t n_trials, n_trials_active, n_trials_unknown, n_trials_open;
} store_settled;

/* Settle what is known as of a day, in one transaction. */
gb_status store_settle(gb_workspace *ws, int32_t on, int32_t days,
                       store_settled *out);

#endif
