/*
 * plan_feedback.h - what a night learns from the nights before it.
 *
 * Trials: who is free for a visit for the first time, or again after a trial,
 * is drawn by a hash of seed, customer and day: offered to the plan, or held
 * out.  So those held out are like those offered in all but the visit, and
 * what becomes of both, compared, is what visits bring.  Nobody is held out
 * for longer than a trial lasts by the same draw.
 *
 * Calibration: what was foretold of visits that are settled, against what
 * came, as one shift of log odds for the chances of this night.
 */
#ifndef PLAN_FEEDBACK_H
#define PLAN_FEEDBACK_H

#include "plan_data.h"
#include "store_trial.h"

/* What is set for the workspace: as the options say, else as it was last
 * told, else the defaults; kept for the nights to come. */
typedef struct plan_feedback_settings {
    int32_t activation_days;
    double held_out_share; /* 0: nobody */
} plan_feedback_settings;

gb_status plan_feedback_settings_take(plan_data *data,
                                      plan_feedback_settings *out);

/* The step "settle"; see gb_plan_settle(). */
gb_status plan_settle(plan_data *data, json_t **result);

/* ---- trials of one night ---- */

typedef struct plan_trials {
    base_arena arena;
    uint8_t *arms;   /* of targets */
    int32_t *until;  /* of targets: the last day of the trial */
    int32_t activation_days;
    double share;
} plan_trials;

/* What each target's trial is or would be; nothing is taken yet. */
gb_status plan_trials_draw(plan_data *data, plan_trials *out);
/* The target is free for a visit: it takes part.  Is it held out? */
bool plan_trials_take(plan_trials *trials, uint32_t target);
/* Is a trial open that holds the target out? */
bool plan_trials_holds_out(const plan_trials *trials, uint32_t target);
/* The figures of the reason "held_out"; NULL: none. */
const char *plan_trials_json(plan_trials *trials, uint32_t target);
/* Save those that were taken and are new. */
gb_status plan_trials_save(plan_data *data, plan_trials *trials);
void plan_trials_clear(plan_data *data, plan_trials *trials);

/* ---- calibration ---- */

enum { PLAN_CALIBRATION_LATEST = 1000 }; /* visits, at most */

typedef struct plan_calibration {
    int64_t n;       /* settled visits that it was learnt from */
    double foretold, active; /* their mean chance, and share of active ones */
    double shift;    /* of log odds; 0: as foretold */
} plan_calibration;

/* From the last settled visits at which the customer was met, and whose
 * chance was foretold, before data->settings->on. */
gb_status plan_calibration_find(plan_data *data, plan_calibration *out);
/* A chance of the card as it is to be used this night. */
double plan_calibrated(const plan_calibration *calibration, double chance);

#endif
