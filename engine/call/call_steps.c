/*
 * call_steps.c - see call_steps.h.
 */
#include "call_steps.h"

#include <string.h>
#include <unistd.h>

#include "store_date.h"
#include "store_days.h"
#include "store_db.h"

/* Does the method have the parameter, and did the caller give it? */
static bool is_given(const call *c, const char *name)
{
    for (size_t i = 0; i < c->method->n_params; i++)
        if (strcmp(c->method->params[i].name, name) == 0)
            return call_has(c, name);
    return false;
}

gb_status call_step_roads(call *c, const gb_roads **out)
{
    char *beside;
    bool is_there;

    *out = NULL;
    if (is_given(c, "roads"))
        return call_roads(c, call_text(c, "roads"), out);
    beside = call_roads_path(c);
    if (!beside)
        return base_fail_nomem(c->ctx);
    is_there = access(beside, F_OK) == 0;
    base_free(c->mem, beside);
    return is_there ? call_roads(c, NULL, out) : GB_OK;
}

gb_plan_options call_plan_options(const call *c)
{
    gb_plan_options options = GB_PLAN_OPTIONS_INIT;

    options.date = call_text(c, "date");
    options.segment = is_given(c, "segment") ? call_text(c, "segment") : NULL;
    options.grades = is_given(c, "grades") ? call_text(c, "grades") : NULL;
    options.tolerance
        = is_given(c, "tolerance") ? call_real(c, "tolerance") : 0;
    options.density_radius_m
        = is_given(c, "radius_m") ? call_real(c, "radius_m") : 0;
    options.rebuild = is_given(c, "rebuild") && call_flag(c, "rebuild");
    options.n_days = is_given(c, "days") ? (uint32_t)call_int(c, "days") : 0;
    options.card_presence
        = is_given(c, "presence") && call_choice(c, "presence") == 1;
    options.activation_days = is_given(c, "activation_days")
                                  ? (int32_t)call_int(c, "activation_days")
                                  : 0;
    if (is_given(c, "held_out")) /* given as 0: nobody */
        options.held_out_share
            = call_real(c, "held_out") > 0 ? call_real(c, "held_out") : -1;
    options.seed = c->seed;
    options.n_threads = c->n_threads;
    options.max_iterations = c->max_iterations;
    options.time_limit_ms = c->time_limit_ms;
    return options;
}

void call_enter_store(call *c, base_run *run)
{
    base_enter(c->ctx);
    base_run_begin(run, c->ctx, (base_limits){ 0 });
    store_enter(c->workspace, run);
}

gb_status call_leave_store(call *c, base_run *run, gb_status status)
{
    store_leave(c->workspace);
    return base_run_end(run, status);
}

gb_status call_check_night(call *c)
{
    const int32_t day = store_day_parse(call_text(c, "date"));
    int32_t last;
    char text[16];
    gb_status status = store_target_day_until(c->workspace, day, &last);

    if (status || last == day)
        return status;
    if (last == STORE_NO_DAY)
        return base_fail(c->ctx, GB_ERR_NOT_FOUND,
                         "there are no targets of %s, nor before it",
                         call_text(c, "date"));
    return base_fail(c->ctx, GB_ERR_NOT_FOUND,
                     "there are no targets of %s; the last before it are of "
                     "%s", call_text(c, "date"), store_day_text(text, last));
}

json_t *call_text_json(const char *text)
{
    return text && text[0] ? json_string(text) : json_null();
}
