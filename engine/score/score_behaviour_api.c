/*
 * score_behaviour_api.c - implements gridbeat/behaviour.h.
 */
#include <gridbeat/behaviour.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "base_text.h"
#include "score_behaviour.h"
#include "score_behaviour_check.h"
#include "score_behaviour_summary.h"

enum { DEFAULT_STEPS = 500 };
static const double MOST_X = 1e9, MOST_TIME = 1e12, MOST_AMOUNT = 1e15;
static const double MOST_PARAM = 1e300, LEAST_TIME = 1e-100;

typedef struct kind_row {
    const char *name;
    const char *params[GB_BEHAVIOUR_MOST_PARAMS];
} kind_row;
static const kind_row kinds[] = {
    { "bgnbd", { "r", "alpha", "a", "b" } },
    { "mbgnbd", { "r", "alpha", "a", "b" } },
    { "paretonbd", { "r", "alpha", "s", "beta" } },
    { "gammagamma", { "p", "q", "gamma", NULL } },
};

static bool is_kind(int32_t kind)
{
    return kind >= 0 && (size_t)kind < COUNT_OF(kinds);
}

const char *gb_behaviour_name(int32_t kind)
{
    return is_kind(kind) ? kinds[kind].name : NULL;
}

bool gb_behaviour_parse(const char *name, int32_t *kind)
{
    for (size_t i = 0; name && kind && i < COUNT_OF(kinds); i++)
        if (strcmp(name, kinds[i].name) == 0) {
            *kind = (int32_t)i;
            return true;
        }
    return false;
}

const char *gb_behaviour_param(int32_t kind, size_t i)
{
    return is_kind(kind) && i < GB_BEHAVIOUR_MOST_PARAMS
               ? kinds[kind].params[i] : NULL;
}

/* ---- checks ---- */

static gb_status check_rows(gb_context *ctx, int32_t kind,
                            const gb_behaviour_rows *rows)
{
    const bool is_amount = kind == GB_BEHAVIOUR_GAMMAGAMMA;

    if (!is_kind(kind))
        return base_fail(ctx, GB_ERR_ARGUMENT, "behaviour model %d is unknown",
                         kind);
    if (!rows || rows->size < sizeof *rows)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no behaviour rows of known size");
    if (rows->n > 0
        && (!rows->x || (is_amount ? !rows->m : !rows->t_x || !rows->T)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the behaviour rows lack an array");
    return GB_OK;
}

static gb_status refuse(gb_context *ctx, const char *name, size_t row,
                        double value, const char *range)
{
    char number[32];

    return base_fail(ctx, GB_ERR_DATA, "row %zu: %s is %s, must be %s", row,
                     name, base_real_text(number, value, 6), range);
}

static gb_status check_row(gb_context *ctx, const gb_behaviour_rows *rows,
                           bool is_amount, size_t i, behaviour_row *out)
{
    const double x = rows->x[i];

    if (!(x >= 0 && x <= MOST_X) || x > floor(x))
        return refuse(ctx, "x", i, x, "a whole number up to 1e9");
    *out = (behaviour_row){ x, 0, 0 };
    if (is_amount) {
        out->T = rows->m[i];
        if (!(out->T >= 0 && out->T <= MOST_AMOUNT))
            return refuse(ctx, "m", i, out->T, "from 0 to 1e15");
        return GB_OK;
    }
    out->t_x = rows->t_x[i];
    out->T = rows->T[i];
    if (!(out->T >= 0 && out->T <= MOST_TIME))
        return refuse(ctx, "T", i, out->T, "from 0 to 1e12");
    if (!(out->t_x >= 0 && out->t_x <= out->T) || (x < 1 && out->t_x > 0))
        return refuse(ctx, "t_x", i, out->t_x,
                      x < 1 ? "0 where x is 0" : "from 0 to T");
    return GB_OK;
}

static bool counts(int32_t kind, const behaviour_row *row)
{
    return kind != GB_BEHAVIOUR_GAMMAGAMMA || (row->x > 0 && row->T > 0);
}

gb_status behaviour_check_model(gb_context *ctx,
                                const gb_behaviour_model *model)
{
    if (!model || model->size < sizeof *model)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no behaviour model of known size");
    if (!is_kind(model->kind))
        return base_fail(ctx, GB_ERR_ARGUMENT, "behaviour model %d is unknown",
                         model->kind);
    for (size_t p = 0; gb_behaviour_param(model->kind, p); p++)
        if (!(model->params[p] > 1 / MOST_PARAM
              && model->params[p] < MOST_PARAM))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "parameter \"%s\" must be above 0",
                             gb_behaviour_param(model->kind, p));
    return GB_OK;
}

/* How a call with a model and rows begins. */
static gb_status enter(gb_context *ctx, const gb_behaviour_model *model,
                       const gb_behaviour_rows *rows)
{
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = behaviour_check_model(ctx, model);
    return status ? status : check_rows(ctx, model->kind, rows);
}

/* ---- fit ---- */

static gb_status take_rows(base_run *run, int32_t kind,
                           const gb_behaviour_rows *rows, behaviour_row *taken,
                           size_t *n)
{
    double most = 0;
    gb_status status = GB_OK;

    *n = 0;
    for (size_t i = 0; i < rows->n && !status; i++) {
        status = check_row(run->ctx, rows, kind == GB_BEHAVIOUR_GAMMAGAMMA, i,
                           &taken[*n]);
        if (!status && counts(kind, &taken[*n]))
            most = fmax(most, taken[(*n)++].T);
    }
    if (!status && !(most > LEAST_TIME))
        status = base_fail(run->ctx, GB_ERR_DATA,
                           kind == GB_BEHAVIOUR_GAMMAGAMMA
                               ? "no row has repeats of an amount above 0"
                               : "no customer has been watched for any time");
    return status;
}

gb_status gb_behaviour_fit(gb_context *ctx, int32_t kind,
                           const gb_behaviour_rows *rows,
                           const gb_behaviour_options *options,
                           gb_behaviour_model *out)
{
    gb_behaviour_options o;
    gb_behaviour_model made = GB_BEHAVIOUR_MODEL_INIT;
    behaviour_row *taken;
    base_run run;
    size_t n = 0;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = check_rows(ctx, kind, rows);
    if (!status)
        status = base_options_take(ctx, &o, sizeof o, options, sizeof o);
    if (status)
        return status;
    if (!out || out->size < sizeof *out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no place of known size for the model");
    taken = base_alloc_array(ctx->mem, rows->n, sizeof *taken);
    if (!taken)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("fitting the model"), 0, 1, 0);
    status = take_rows(&run, kind, rows, taken, &n);
    if (!status)
        status = behaviour_fit(&run, kind, taken, n,
                               o.max_iterations ? o.max_iterations
                                                : DEFAULT_STEPS, &made);
    if (!status)
        *out = made;
    base_free(ctx->mem, taken);
    return base_run_end(&run, status);
}

/* ---- likelihood ---- */

static gb_status sum_loglik(base_run *run, const gb_behaviour_model *model,
                            const gb_behaviour_rows *rows, double *each,
                            double *sum, double *gradient)
{
    const bool is_amount = model->kind == GB_BEHAVIOUR_GAMMAGAMMA;
    behaviour_per_x of_x = { .x = -1 };
    gb_status status = GB_OK;

    for (size_t i = 0; i < rows->n && !status; i++) {
        behaviour_row row;
        double value = 0;

        status = check_row(run->ctx, rows, is_amount, i, &row);
        if (status)
            return status;
        if (row.x > of_x.x || row.x < of_x.x)
            behaviour_of_x(model->kind, model->params, row.x,
                           gradient != NULL, &of_x);
        if (counts(model->kind, &row))
            value = behaviour_loglik(model->kind, model->params, &of_x, &row,
                                     1, gradient, NULL);
        if (each)
            each[i] = value;
        *sum += value;
        status = base_poll(run);
    }
    return status;
}

gb_status gb_behaviour_loglik(gb_context *ctx, const gb_behaviour_model *model,
                              const gb_behaviour_rows *rows, double *each,
                              double *sum, double *gradient)
{
    double slopes[GB_BEHAVIOUR_MOST_PARAMS] = { 0 }, total = 0;
    base_run run;
    gb_status status;

    status = enter(ctx, model, rows);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("likelihood"), 0, 1, rows->n);
    status = sum_loglik(&run, model, rows, each, &total,
                        gradient ? slopes : NULL);
    if (!status && sum)
        *sum = total;
    for (size_t p = 0; !status && gradient
                       && gb_behaviour_param(model->kind, p); p++)
        gradient[p] = slopes[p];
    return base_run_end(&run, status);
}

/* ---- what is foretold ---- */

static void foretell(const gb_behaviour_model *model, const behaviour_row *row,
                     double within, behaviour_per_x *of_x, size_t i,
                     const gb_behaviour_outlook *out)
{
    const int32_t kind = model->kind;
    const double *params = model->params;
    double alive;

    if (row->x > of_x->x || row->x < of_x->x)
        behaviour_of_x(kind, params, row->x, false, of_x);
    (void)behaviour_loglik(kind, params, of_x, row, 1, NULL, &alive);
    if (out->p_alive)
        out->p_alive[i] = alive;
    if (out->p_any)
        out->p_any[i] = alive * behaviour_any(kind, params, row, within);
    if (out->expected)
        out->expected[i]
            = alive * behaviour_expected(kind, params, row, within);
}

gb_status gb_behaviour_predict(gb_context *ctx,
                               const gb_behaviour_model *model,
                               const gb_behaviour_rows *rows, double within,
                               const gb_behaviour_outlook *out)
{
    behaviour_per_x of_x = { .x = -1 };
    base_run run;
    gb_status status;

    status = enter(ctx, model, rows);
    if (status)
        return status;
    if (!out || out->size < sizeof *out || !(within > 0 && within <= MOST_TIME)
        || model->kind == GB_BEHAVIOUR_GAMMAGAMMA)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a time above 0, a model that knows time and a place "
                         "for what it foretells are needed");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("foretelling"), 0, 1, rows->n);
    for (size_t i = 0; i < rows->n && !status; i++) {
        behaviour_row row;

        status = check_row(ctx, rows, false, i, &row);
        if (status)
            break;
        foretell(model, &row, within, &of_x, i, out);
        status = base_poll(&run);
    }
    return base_run_end(&run, status);
}

gb_status gb_behaviour_spend(gb_context *ctx, const gb_behaviour_model *model,
                             const gb_behaviour_rows *rows, double *out)
{
    base_run run;
    gb_status status;

    status = enter(ctx, model, rows);
    if (status)
        return status;
    if (!out || model->kind != GB_BEHAVIOUR_GAMMAGAMMA)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a Gamma-Gamma model and a place for the amounts are "
                         "needed");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("foretelling"), 0, 1, rows->n);
    for (size_t i = 0; i < rows->n && !status; i++) {
        behaviour_row row;

        status = check_row(ctx, rows, true, i, &row);
        if (status)
            break;
        out[i] = behaviour_spend(model->params, row.x, row.T);
        status = base_poll(&run);
    }
    return base_run_end(&run, status);
}

/* ---- from transactions ---- */

gb_status behaviour_check_events(gb_context *ctx, const gb_behaviour_events *e)
{
    if (!e || e->size < sizeof *e
        || (e->n > 0 && (!e->customer || !e->day)))
        return base_fail(ctx, GB_ERR_ARGUMENT, "no events of known size");
    for (size_t i = 0; i < e->n; i++) {
        if (e->customer[i] >= e->n_customers)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "event %zu is of customer %u of %zu", i,
                             e->customer[i], e->n_customers);
        if (e->amount && !isfinite(e->amount[i]))
            return base_fail(ctx, GB_ERR_DATA,
                             "event %zu: the amount is not finite", i);
    }
    return GB_OK;
}

gb_status gb_behaviour_summarize(gb_context *ctx,
                                 const gb_behaviour_events *events,
                                 int32_t end_day, double unit_days,
                                 const gb_behaviour_summary *out)
{
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = behaviour_check_events(ctx, events);
    if (status)
        return status;
    if (!out || out->size < sizeof *out
        || !(unit_days > 0 && unit_days <= MOST_TIME))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a unit of time above 0 days and a place for the "
                         "figures are needed");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("summing up transactions"), 0, 1,
                   events->n_customers);
    status = behaviour_summarize(&run, events, end_day, unit_days, out);
    return base_run_end(&run, status);
}
