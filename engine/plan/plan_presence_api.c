/*
 * plan_presence_api.c - when customers are met: the part of gridbeat/plan.h
 * that tells it.
 */
#include <gridbeat/plan.h>

#include <string.h>

#include "base_options.h"
#include "plan_build.h"
#include "plan_presence.h"

static gb_status day_of(gb_context *ctx, const char *text, int32_t *out)
{
    *out = store_day_parse(text);
    if (*out == STORE_NO_DAY)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is not a date YYYY-MM-DD", text ? text : "");
    return GB_OK;
}

static gb_status parse_card(gb_context *ctx, gb_context *quiet,
                            const char *json, gb_score_card **out)
{
    if (!json)
        json = gb_score_card_shipped();
    return gb_score_card_parse(quiet, json, strlen(json), out)
               ? base_context_adopt(ctx, quiet)
               : GB_OK;
}

/* Of one customer, all visits teach; else those of the scope alone. */
static gb_status tell_presence(base_run *run, gb_workspace *ws,
                               plan_presence_source *from,
                               plan_presence_question *question,
                               const char *scope, json_t **result)
{
    plan_presence learnt = { 0 };
    gb_status status;

    store_enter(ws, run);
    status = store_scope_parse(ws, scope, &question->scope);
    if (!question->ref)
        from->scope = question->scope;
    if (!status && from->on == STORE_NO_DAY)
        status = store_after_visits(ws, &from->on);
    if (!status)
        status = plan_presence_learn(from, &learnt);
    if (!status)
        status = plan_presence_tell(&learnt, question, result);
    plan_presence_clear(&learnt);
    store_leave(ws);
    return status;
}

gb_status gb_plan_presence(gb_context *ctx, gb_workspace *workspace,
                           const gb_plan_presence_options *options,
                           gb_plan_result **out)
{
    gb_plan_presence_options o;
    plan_presence_source from = { .ws = workspace };
    plan_presence_question question = { .check_after = STORE_NO_DAY };
    gb_score_card *card = NULL;
    json_t *json = NULL;
    gb_context quiet;
    base_run run;
    gb_status status;

    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    status = base_options_take(ctx, &o, sizeof o, options, sizeof o);
    from.on = STORE_NO_DAY;
    if (!status && o.date)
        status = day_of(ctx, o.date, &from.on);
    if (!status && o.check_after)
        status = day_of(ctx, o.check_after, &question.check_after);
    if (!status && !(o.half_life_days >= 0))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "the half-life is not above 0");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_context_fork(&quiet, ctx);
    status = parse_card(ctx, &quiet, o.card, &card);
    from.run = &run;
    from.quiet = &quiet;
    from.card = card;
    from.half_life_days = o.half_life_days;
    question.ref = o.customer;
    if (!status)
        status = tell_presence(&run, workspace, &from, &question, o.scope,
                               &json);
    if (!status)
        status = plan_make_result(ctx, json, 0, out);
    json_decref(json);
    gb_score_card_free(card);
    base_context_join(&quiet);
    return base_run_end(&run, status);
}
