/*
 * plan_tier_api.c - implements the tiers of gridbeat/plan.h.
 */
#include <gridbeat/plan.h>

#include <string.h>

#include "base_options.h"
#include "plan_build.h"
#include "plan_tier.h"

/* What every call goes through. */
typedef struct call {
    gb_context *ctx;
    gb_workspace *ws;
    base_run run;
    gb_plan_tier_options given;
    store_scope scope;
    json_t *json;
} call;

static const char *or_none(const char *text)
{
    return text && text[0] ? text : NULL;
}

static gb_status check_day(gb_context *ctx, const char *day, const char *what)
{
    if (store_day_parse(day) != STORE_NO_DAY)
        return GB_OK;
    return base_fail(ctx, GB_ERR_ARGUMENT,
                     "%s \"%s\" is not a date as 2026-03-02", what,
                     day ? day : "");
}

static gb_status take(call *c, const gb_plan_tier_options *options)
{
    gb_plan_tier_options *g = &c->given;
    gb_status status = base_options_take(c->ctx, g, sizeof *g, options,
                                         sizeof *g);

    if (status)
        return status;
    g->name = or_none(g->name) ? g->name : PLAN_TIERS;
    g->by = or_none(g->by);
    g->tiers = or_none(g->tiers);
    g->rules = or_none(g->rules);
    g->where = or_none(g->where);
    g->tier = or_none(g->tier);
    if (strlen(g->name) > 100 || !base_is_utf8(g->name, strlen(g->name)))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "the name of tiers is longer than 100 bytes, or no "
                         "text");
    if (!(g->keep >= 0 && g->keep <= 0.5))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "what may be kept is not within 0 to 0.5");
    return check_day(c->ctx, g->date, "date");
}

static gb_status begin(call *c, gb_context *ctx, gb_workspace *workspace,
                       gb_plan_result **out)
{
    memset(c, 0, sizeof *c);
    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    c->ctx = ctx;
    c->ws = workspace;
    return GB_OK;
}

static void enter(call *c)
{
    base_run_begin(&c->run, c->ctx, (base_limits){ 0 });
    store_enter(c->ws, &c->run);
}

static gb_status finish(call *c, gb_status status, gb_plan_result **out)
{
    store_leave(c->ws);
    if (!status)
        status = plan_make_result(c->ctx, c->json, 0, out);
    json_decref(c->json);
    return base_run_end(&c->run, status);
}

gb_status gb_plan_tiers(gb_context *ctx, gb_workspace *workspace,
                        const gb_plan_tier_options *options,
                        gb_plan_result **out)
{
    plan_tier_ask ask;
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (!status)
        status = take(&c, options);
    if (status)
        return status;
    ask = (plan_tier_ask){ c.given.name, c.given.date, c.given.by,
                           c.given.tiers, c.given.rules, c.given.where,
                           c.given.keep };
    enter(&c);
    return finish(&c, plan_tier_run(workspace, &c.run, &ask, &c.json), out);
}

gb_status gb_plan_tier_drift(gb_context *ctx, gb_workspace *workspace,
                             const gb_plan_tier_options *options,
                             gb_plan_result **out)
{
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (!status)
        status = take(&c, options);
    if (!status)
        status = check_day(ctx, c.given.since, "since");
    if (status)
        return status;
    enter(&c);
    status = store_scope_parse(workspace, c.given.scope, &c.scope);
    if (!status)
        status = plan_tier_drift(workspace, &c.run, c.given.name,
                                 c.given.since, c.given.date, c.scope,
                                 c.given.limit, &c.json);
    return finish(&c, status, out);
}

gb_status gb_plan_tier_show(gb_context *ctx, gb_workspace *workspace,
                            const gb_plan_tier_options *options,
                            gb_plan_result **out)
{
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (!status)
        status = take(&c, options);
    if (status)
        return status;
    enter(&c);
    status = store_scope_parse(workspace, c.given.scope, &c.scope);
    if (!status)
        status = plan_tier_show(workspace, &c.run, c.given.name, c.given.date,
                                c.given.tier, c.scope, c.given.limit,
                                &c.json);
    return finish(&c, status, out);
}

gb_status gb_plan_tier_list(gb_context *ctx, gb_workspace *workspace,
                            gb_plan_result **out)
{
    base_text list;
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (status)
        return status;
    enter(&c);
    base_text_init(&list, ctx->mem);
    status = store_tier_list(workspace, &list);
    if (!status) {
        json_t *tiers = json_loads(list.chars, 0, NULL);

        status = plan_json(&c.run, tiers ? json_pack("{s:o}", "tierings",
                                                     tiers)
                                         : NULL,
                           &c.json);
    }
    base_text_clear(&list);
    return finish(&c, status, out);
}
