/*
 * plan_horizon.h - the working days of the next two weeks: what a visit today
 * is worth beside one on a later day, and when the others are planned.
 *
 * A customer who is visited today at noon and not met is lost for a week;
 * tomorrow at six he may be at home.  So the prize of a visit today is lessened
 * by what waiting is worth: the points of the best later day (deposits mature,
 * sleepers sleep on) at the hour of the best chance, as far as there will be
 * room then.  Where all the work fills the days there is none, and today's
 * prize is the whole; where managers have time, they wait for better hours.
 *
 * The first day is what goes out.  The later ones are planned in their order
 * from what each leaves, as each night will do when it comes, with less
 * effort: tentative, they say of everybody else when he is planned.  A visit
 * that was foretold for today does not wait again: else the day that is named
 * could be another one each night.
 */
#ifndef PLAN_HORIZON_H
#define PLAN_HORIZON_H

#include <gridbeat/score.h>

#include "plan_data.h"

struct plan_problem;
struct plan_table;

enum { PLAN_MOST_DAYS = 20 };

/* An appointment of a later day, or none. */
typedef struct plan_promise {
    uint8_t day;           /* index of days; 0: none */
    int32_t from_s, to_s;
} plan_promise;

/* Shared by all managers; read only. */
typedef struct plan_horizon {
    uint32_t n_days;
    int32_t days[PLAN_MOST_DAYS]; /* working days, the plan's own first */
    uint8_t kinds[PLAN_MOST_DAYS]; /* of each: PLAN_WORKDAY, or a day off of
                                      everybody but those who work it */
    size_t n_managers, n_targets;
    bool *works;             /* n_days x n_managers */
    int64_t *scores;         /* n_days x n_targets: points on that day */
    uint8_t *first_day;      /* of targets: of days, the first that may be;
                                n_days: none of them */
    plan_promise *promises;  /* of targets */
    bool *is_due;            /* of targets: foretold for the plan's day or
                                before, by the last plan: waits no more */
} plan_horizon;

/* The days: works and days.  Zeroed before; clear it after a failure too. */
gb_status plan_horizon_days(plan_data *data, plan_horizon *horizon);
/* Points of all targets on all days. */
gb_status plan_horizon_scores(plan_data *data, const gb_score_card *card,
                              struct plan_table *table, plan_horizon *horizon);
void plan_horizon_clear(plan_data *data, plan_horizon *horizon);

/* The first of the days that is not before `on`; n_days: none. */
uint32_t plan_horizon_index(const plan_horizon *horizon, int32_t on);

/* What waiting is worth to a manager's candidates; in the scratch arena. */
typedef struct plan_wait {
    int32_t *work_s;        /* of candidates: with its part of access and way */
    int16_t *best_permille; /* the best chance within the shift: n on workdays,
                               then n on days off */
    size_t n;
} plan_wait;

gb_status plan_wait_build(struct plan_problem *p, plan_wait *wait);
/* Lessen the prizes of the problem's day by what waiting is worth. */
void plan_wait_price(struct plan_problem *p, const plan_wait *wait);

/* When the candidates that are still open are planned: they are deferred to
 * that day.  The problem is that of the last day afterwards. */
gb_status plan_horizon_later(struct plan_problem *p, const plan_wait *wait);

#endif
