/*
 * score_behaviour_return_api.c - who comes back, of gridbeat/behaviour.h.
 */
#include <gridbeat/behaviour.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "score_behaviour_check.h"
#include "score_behaviour_return.h"

static const char *const weight_names[GB_BEHAVIOUR_RETURN_WEIGHTS]
    = { "constant", "any", "silence", "repeats", "span", "amount" };

const char *gb_behaviour_return_weight(size_t i)
{
    return i < GB_BEHAVIOUR_RETURN_WEIGHTS ? weight_names[i] : NULL;
}

static double or_else(double value, double fallback)
{
    return value < 0 || value > 0 || isnan(value) ? value : fallback;
}

/* Defaults filled in. */
static gb_status take_return_options(gb_context *ctx,
                                     gb_behaviour_return_options *to,
                                     const gb_behaviour_return_options *from,
                                     gb_behaviour_return *out)
{
    const gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (status)
        return status;
    *out = (gb_behaviour_return)GB_BEHAVIOUR_RETURN_INIT;
    out->kind = to->kind ? to->kind - 1 : GB_BEHAVIOUR_MBGNBD;
    out->within_days = or_else(to->within_days, 90);
    out->dormant_days = or_else(to->dormant_days, 182);
    if (out->dormant_days < 0)
        out->dormant_days = 0;
    out->unit_days = or_else(to->unit_days, 7);
    to->n_dates = to->n_dates ? to->n_dates : 8;
    to->step_days = or_else(to->step_days, out->within_days / 6);
    if (!gb_behaviour_name(out->kind) || out->kind == GB_BEHAVIOUR_GAMMAGAMMA
        || !(out->within_days >= 1 && out->within_days <= 1e6)
        || !(out->dormant_days <= 1e6) || !(to->step_days > 0)
        || !(to->step_days <= 1e6) || to->n_dates > 1000
        || !(out->unit_days > 0 && out->unit_days <= 1e6))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "times must lie between 1 and 1e6 days, dates be at "
                         "most 1000, and the model know time");
    return GB_OK;
}

static int32_t first_day_of(const gb_behaviour_events *e)
{
    int32_t first = INT32_MAX;

    for (size_t i = 0; i < e->n; i++)
        first = e->day[i] < first ? e->day[i] : first;
    return first;
}

gb_status gb_behaviour_return_fit(gb_context *ctx,
                                  const gb_behaviour_events *events,
                                  int32_t end_day,
                                  const gb_behaviour_return_options *options,
                                  gb_behaviour_return *out)
{
    gb_behaviour_return_options o;
    gb_behaviour_return made;
    behaviour_log log = { 0, NULL, NULL };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = behaviour_check_events(ctx, events);
    if (!status)
        status = take_return_options(ctx, &o, options, &made);
    if (status)
        return status;
    if (!out || out->size < sizeof *out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no place of known size for the model");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("learning from the past"), 0, 1, 0);
    status = behaviour_log_make(&run, events, &log);
    if (!status)
        status = behaviour_return_fit(&run, &log, first_day_of(events),
                                      end_day, &o, &made);
    if (!status)
        *out = made;
    behaviour_log_clear(ctx->mem, &log);
    return base_run_end(&run, status);
}

static gb_status check_return(gb_context *ctx, const gb_behaviour_return *m)
{
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT;

    if (!m || m->size < sizeof *m || m->kind == GB_BEHAVIOUR_GAMMAGAMMA)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no behaviour model of known size");
    for (size_t i = 0; i < GB_BEHAVIOUR_RETURN_WEIGHTS; i++)
        if (!isfinite(m->weights[i]))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the weight \"%s\" is not finite",
                             weight_names[i]);
    if (!(m->unit_days > 0 && m->within_days > 0 && m->amount_scale > 0)
        || !isfinite(m->within_days) || isnan(m->dormant_days))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "times and the scale of amounts must be above 0");
    model.kind = m->kind;
    memcpy(model.params, m->params, sizeof model.params);
    return behaviour_check_model(ctx, &model);
}

gb_status gb_behaviour_return_predict(gb_context *ctx,
                                      const gb_behaviour_return *model,
                                      const gb_behaviour_events *events,
                                      int32_t day, double *p, double *p_any,
                                      double *silent)
{
    behaviour_log log = { 0, NULL, NULL };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = check_return(ctx, model);
    if (!status)
        status = behaviour_check_events(ctx, events);
    if (status)
        return status;
    if (!p)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the chances");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("foretelling"), 0, 1, events->n_customers);
    status = behaviour_log_make(&run, events, &log);
    for (size_t c = 0; c < events->n_customers && !status; c++) {
        const behaviour_state s = behaviour_state_at(&log, c, day);
        double any = NAN;

        p[c] = behaviour_return_chance(model, &s, day, &any);
        if (p_any)
            p_any[c] = any;
        if (silent)
            silent[c] = s.x < 0 ? (double)NAN : (double)day - s.last;
        status = base_poll(&run);
    }
    behaviour_log_clear(ctx->mem, &log);
    return base_run_end(&run, status);
}
