/*
 * call_score_calibrate.c - score.calibrate: what was foretold of visits
 * against what came of them, and what the next night makes of it
 * (data/FEEDBACK.md).
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/policy.h>
#include <gridbeat/scorecard.h>

#include "call_figures.h"
#include "call_steps.h"
#include "plan_feedback.h"
#include "store_trial.h"

enum { BLOCKS = 10, LEAST_BLOCK = 20 };

typedef struct calibrating {
    call *c;
    store_results results;
    double *rank;      /* chances; where there are none, points in 0 to 1 */
    uint8_t *outcomes;
    size_t n, n_active;
    bool has_chances;
} calibrating;

static gb_status load(calibrating *x)
{
    call *c = x->c;
    store_scope scope;
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = store_load_results(c->workspace, scope, &x->results);
    return call_leave_store(c, &run, status);
}

/* Points only say who comes before whom: half the way up is the mean. */
static double rank_of(const calibrating *x, const store_result *r)
{
    return x->has_chances ? r->chance
                          : .5 + r->score / (2 * (1 + fabs(r->score)));
}

static gb_status gather(calibrating *x)
{
    base_mem *mem = x->c->mem;

    x->rank = base_alloc_array(mem, x->results.n, sizeof *x->rank);
    x->outcomes = base_alloc_array(mem, x->results.n, 1);
    if (!x->rank || !x->outcomes)
        return base_fail_nomem(x->c->ctx);
    for (size_t i = 0; i < x->results.n; i++)
        x->has_chances |= x->results.items[i].is_active >= 0
                          && !isnan(x->results.items[i].chance);
    for (size_t i = 0; i < x->results.n; i++) {
        const store_result *r = &x->results.items[i];

        if (r->is_active < 0
            || isnan(x->has_chances ? r->chance : r->score))
            continue;
        x->rank[x->n] = rank_of(x, r);
        x->n_active += r->is_active == 1;
        x->outcomes[x->n++] = r->is_active == 1;
    }
    return GB_OK;
}

static json_t *describe_tenths(const calibrating *x,
                               const gb_scorecard_figures *f, double shift)
{
    json_t *list = json_array();

    for (int t = 0; t < 10; t++) {
        const double foretold = f->tenths[t].probability;

        if (!(f->tenths[t].n_rows > 0))
            continue;
        call_put(list, NULL,
                 json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "tenth", t + 1,
                           "visits", call_figure(f->tenths[t].n_rows),
                           "foretold",
                           x->has_chances ? call_figure(foretold)
                                          : json_null(),
                           "shifted",
                           x->has_chances
                               ? call_figure(gb_policy_shifted(foretold,
                                                               shift))
                               : json_null(),
                           "real", call_figure(f->tenths[t].rate), "lift",
                           call_figure(f->tenths[t].lift)));
    }
    return list;
}

/* Each block of visits shifted by what was known before it, as the nights
 * would have done it. */
static gb_status check_rolling(const calibrating *x, json_t *result)
{
    gb_scorecard_check_options o = GB_SCORECARD_CHECK_OPTIONS_INIT;
    gb_scorecard_figures f = { .size = sizeof f };
    double *shifted
        = base_alloc_array(x->c->mem, x->n, sizeof *shifted);
    gb_status status = shifted ? GB_OK : base_fail_nomem(x->c->ctx);

    o.calibration = GB_SCORECARD_ROLLING;
    o.every = (uint32_t)(x->n / BLOCKS > LEAST_BLOCK ? x->n / BLOCKS
                                                     : LEAST_BLOCK);
    if (!status)
        status = gb_scorecard_check(x->c->ctx, x->rank, x->outcomes, x->n, &o,
                                    &f, shifted);
    base_free(x->c->mem, shifted);
    if (!status
        && !call_put(result, "rolling",
                     json_pack("{s:o, s:o}", "calibration_error",
                               call_figure(f.calibration_error), "brier",
                               call_figure(f.brier))))
        status = base_fail_nomem(x->c->ctx);
    return status;
}

/* What the next night makes of the last of them. */
static gb_status find_shift(const calibrating *x, gb_policy_estimate *shift)
{
    const size_t n = x->n < PLAN_CALIBRATION_LATEST ? x->n
                                                    : PLAN_CALIBRATION_LATEST;

    return gb_policy_shift(x->c->ctx, x->rank + x->n - n,
                           x->outcomes + x->n - n, n, NULL, shift);
}

static gb_status describe(const calibrating *x, json_t *result)
{
    gb_scorecard_figures f = { .size = sizeof f };
    gb_policy_estimate shift = { 0, 0, 0, 0 };
    gb_status status = gb_scorecard_check(x->c->ctx, x->rank, x->outcomes,
                                          x->n, NULL, &f, NULL);

    if (!status && x->has_chances)
        status = find_shift(x, &shift);
    if (!status
        && (!call_put(result, "auc", call_figure(f.auc))
            || !call_put(result, "real", call_figure(f.rate))
            || !call_put(result, "tenths",
                         describe_tenths(x, &f, shift.value))))
        status = base_fail_nomem(x->c->ctx);
    if (status || !x->has_chances)
        return status;
    if (!call_put(result, "foretold", call_figure(f.mean_probability))
        || !call_put(result, "calibration_error",
                     call_figure(f.calibration_error))
        || !call_put(result, "brier", call_figure(f.brier))
        || !call_put_estimate(result, "shift", &shift))
        return base_fail_nomem(x->c->ctx);
    return check_rolling(x, result);
}

static gb_status run(call *c, json_t **result)
{
    calibrating x = { .c = c };
    json_t *made = NULL;
    bool differ = false; /* are there outcomes of both kinds? */
    gb_status status = load(&x);

    if (!status)
        status = gather(&x);
    if (!status) {
        differ = x.n_active > 0 && x.n_active < x.n;
        made = json_pack("{s:I, s:I, s:b, s:b, s:b}", "visits",
                         (json_int_t)x.n, "active", (json_int_t)x.n_active,
                         "by_chance", (int)(differ && x.has_chances),
                         "by_points", (int)(differ && !x.has_chances),
                         "too_few", (int)!differ);
        status = made ? GB_OK : base_fail_nomem(c->ctx);
    }
    if (!status && differ)
        status = describe(&x, made);
    store_results_clear(&x.results);
    base_free(c->mem, x.rank);
    base_free(c->mem, x.outcomes);
    if (!status)
        return call_result(c, result, made);
    json_decref(made);
    return status;
}

/* ---- the table ---- */

static const call_column tenth_columns[] = {
    { "tenth", GB_N("tenth"), CALL_SHOW_ID },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "foretold", GB_N("foretold"), CALL_SHOW_RATIO },
    { "shifted", GB_N("from now on"), CALL_SHOW_RATIO },
    { "real", GB_N("active"), CALL_SHOW_RATIO },
    { "lift", GB_N("lift"), CALL_SHOW_PLAIN },
};
static const call_column figure_columns[] = {
    { "foretold", GB_N("foretold on average"), CALL_SHOW_RATIO },
    { "real", GB_N("active"), CALL_SHOW_RATIO },
    { "auc", GB_N("AUC"), CALL_SHOW_PLAIN },
    { "calibration_error", GB_N("calibration error, as foretold"),
      CALL_SHOW_PLAIN },
    { "rolling.calibration_error",
      GB_N("  shifted by what was known before each tenth of the time"),
      CALL_SHOW_PLAIN },
    { "brier", GB_N("Brier score, as foretold"), CALL_SHOW_PLAIN },
    { "rolling.brier", GB_N("  shifted so"), CALL_SHOW_PLAIN },
    { "shift.value", GB_N("the next night shifts the log odds by"),
      CALL_SHOW_PLAIN },
    { "shift.low", GB_N("  from"), CALL_SHOW_PLAIN },
    { "shift.high", GB_N("  to"), CALL_SHOW_PLAIN },
};
static const call_column point_columns[] = {
    { "tenth", GB_N("tenth"), CALL_SHOW_ID },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "real", GB_N("active"), CALL_SHOW_RATIO },
    { "lift", GB_N("lift"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .text = GB_N("{visits} visits at which the customer was met, whose time "
                   "is over, and that were scored") },
    { .when = "too_few",
      .text = GB_N("{active} of them active: too few to hold anything "
                   "against") },
    { .when = "by_chance", .rows = "tenths", CALL_COLUMNS(tenth_columns) },
    { .when = "by_chance", CALL_COLUMNS(figure_columns) },
    { .when = "by_points",
      .text = GB_N("their card foretells no chances: by points, the highest "
                   "first") },
    { .when = "by_points", .rows = "tenths", CALL_COLUMNS(point_columns) },
};

static const call_method methods[] = {
    { .name = "score.calibrate",
      .help = GB_N("Hold what was foretold of visits against what came of "
                   "them"),
      .workspace = CALL_READS, .is_scoped = true, CALL_BLOCKS(blocks),
      .run = run },
};
const call_group call_score_calibrate_group = CALL_GROUP(methods);
