/*
 * segment_api.c - implements gridbeat/segment.h: checks of arguments, and the
 * result that owns its JSON.
 */
#include <gridbeat/segment.h>

#include "base_options.h"
#include "store_segment.h"

struct gb_segment_result {
    base_mem *mem; /* a count of its own */
    char *json;
    int64_t seen, kept, unknown;
};

/* What every call goes through. */
typedef struct call {
    gb_context *ctx;
    gb_workspace *ws; /* may be NULL where none is needed */
    base_run run;
    store_answer answer;
} call;

const char *gb_segment_result_json(const gb_segment_result *result)
{
    return result ? result->json : "";
}

int64_t gb_segment_result_seen(const gb_segment_result *result)
{
    return result ? result->seen : 0;
}

int64_t gb_segment_result_kept(const gb_segment_result *result)
{
    return result ? result->kept : 0;
}

int64_t gb_segment_result_unknown(const gb_segment_result *result)
{
    return result ? result->unknown : 0;
}

void gb_segment_result_free(gb_segment_result *result)
{
    base_mem *mem;

    if (!result)
        return;
    mem = result->mem;
    base_free(mem, result->json);
    base_free(mem, result);
    base_mem_unref(mem);
}

static void begin(call *c, gb_context *ctx, gb_workspace *ws)
{
    c->ctx = ctx;
    c->ws = ws;
    c->answer = (store_answer){ 0 };
    base_text_init(&c->answer.json, ctx->mem);
    base_run_begin(&c->run, ctx, (base_limits){ 0 });
    if (ws)
        store_enter(ws, &c->run);
}

gb_status store_answer_give(gb_context *ctx, store_answer *answer,
                            gb_segment_result **out)
{
    gb_segment_result *result = base_alloc_zeroed(ctx->mem, 1,
                                                  sizeof *result);

    if (!result)
        return base_fail_nomem(ctx);
    result->json = base_text_take(&answer->json);
    if (!result->json) {
        base_free(ctx->mem, result);
        return base_fail_nomem(ctx);
    }
    result->mem = base_mem_ref(ctx->mem);
    result->seen = answer->seen;
    result->kept = answer->kept;
    result->unknown = answer->unknown;
    *out = result;
    return GB_OK;
}

static gb_status finish(call *c, gb_status status, gb_segment_result **out)
{
    if (c->ws)
        store_leave(c->ws);
    if (!status)
        status = store_answer_give(c->ctx, &c->answer, out);
    base_text_clear(&c->answer.json);
    return base_run_end(&c->run, status);
}

static gb_status check(gb_context *ctx, const void *workspace,
                       gb_segment_result **out)
{
    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    return GB_OK;
}

static gb_status need(gb_context *ctx, const char *text, const char *what)
{
    if (text && text[0])
        return GB_OK;
    return base_fail(ctx, GB_ERR_ARGUMENT, "%s is not given", what);
}

static gb_status need_day(gb_context *ctx, const char *text, const char *what)
{
    gb_status status = need(ctx, text, what);

    if (!status && store_day_parse(text) == STORE_NO_DAY)
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "%s \"%s\" is not a date as 2026-03-02", what,
                           text);
    return status;
}

/* Empty texts count as not given. */
static const char *or_none(const char *text)
{
    return text && text[0] ? text : NULL;
}

static const char *or_default(const char *text, const char *other)
{
    return text && text[0] ? text : other;
}

/* The options, once the call has begun: the scope needs the workspace. */
static gb_status take(call *c, const gb_segment_options *options,
                      store_ask *ask)
{
    gb_segment_options taken;
    gb_status status = base_options_take(c->ctx, &taken, sizeof taken,
                                         options, sizeof taken);

    if (status)
        return status;
    ask->as_of = or_none(taken.as_of);
    ask->name = or_none(taken.name);
    ask->where = or_none(taken.where);
    ask->limit = taken.limit;
    ask->grades = or_default(taken.grades, "abc");
    ask->channels = or_default(taken.channels, "channels");
    ask->must = or_default(taken.must, "must");
    return store_scope_parse(c->ws, taken.scope, &ask->scope);
}

/* Begins the call and takes what one of options needs; finish() must follow
 * whatever it answers. */
static gb_status open_with(call *c, gb_context *ctx, gb_workspace *workspace,
                           const gb_segment_options *options, bool needs_day,
                           bool needs_name, store_ask *ask)
{
    gb_status status;

    begin(c, ctx, workspace);
    status = take(c, options, ask);
    if (!status && needs_day)
        status = need_day(ctx, ask->as_of, "as_of");
    if (!status && needs_name)
        status = need(ctx, ask->name, "name");
    return status;
}

gb_status gb_segment_list(gb_context *ctx, gb_workspace *workspace,
                          gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    call c;

    if (status)
        return status;
    begin(&c, ctx, workspace);
    return finish(&c, store_segment_list(workspace, &c.answer), out);
}

gb_status gb_segment_facts(gb_context *ctx, gb_segment_result **out)
{
    gb_status status = check(ctx, ctx, out);
    call c;

    if (status)
        return status;
    begin(&c, ctx, NULL);
    return finish(&c, store_segment_facts(ctx, &c.answer), out);
}

gb_status gb_segment_show(gb_context *ctx, gb_workspace *workspace,
                          const char *name, uint32_t version,
                          gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    call c;

    if (!status)
        status = need(ctx, name, "name");
    if (status)
        return status;
    begin(&c, ctx, workspace);
    return finish(&c, store_segment_show(workspace, name, version, &c.answer),
                  out);
}

gb_status gb_segment_define(gb_context *ctx, gb_workspace *workspace,
                            const char *json, gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    call c;

    if (!status)
        status = need(ctx, json, "json");
    if (status)
        return status;
    begin(&c, ctx, workspace);
    return finish(&c, store_segment_define(workspace, json, &c.answer), out);
}

/* The calls of one form: options in, answer out. */
typedef gb_status (*ask_fn)(gb_workspace *, const store_ask *, store_answer *);

static gb_status ask_for(gb_context *ctx, gb_workspace *workspace,
                         const gb_segment_options *options, bool needs_name,
                         ask_fn fn, gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    store_ask ask = { 0 };
    call c;

    if (status)
        return status;
    status = open_with(&c, ctx, workspace, options, true, needs_name, &ask);
    if (!status)
        status = fn(workspace, &ask, &c.answer);
    return finish(&c, status, out);
}

static gb_status preview(gb_workspace *ws, const store_ask *ask,
                         store_answer *answer)
{
    const gb_status status
        = ask->where ? GB_OK : need(ws->run->ctx, ask->name, "name or where");

    return status ? status : store_segment_preview(ws, ask, answer);
}

gb_status gb_segment_preview(gb_context *ctx, gb_workspace *workspace,
                             const gb_segment_options *options,
                             gb_segment_result **out)
{
    return ask_for(ctx, workspace, options, false, preview, out);
}

gb_status gb_segment_run(gb_context *ctx, gb_workspace *workspace,
                         const gb_segment_options *options,
                         gb_segment_result **out)
{
    return ask_for(ctx, workspace, options, true, store_segment_run, out);
}

gb_status gb_segment_diff(gb_context *ctx, gb_workspace *workspace,
                          const gb_segment_options *options, const char *from,
                          const char *to, gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    store_ask ask = { 0 };
    call c;

    if (!status)
        status = need_day(ctx, from, "from");
    if (!status)
        status = need_day(ctx, to, "to");
    if (status)
        return status;
    status = open_with(&c, ctx, workspace, options, false, true, &ask);
    if (!status)
        status = store_segment_diff(workspace, &ask, from, to, &c.answer);
    return finish(&c, status, out);
}

gb_status gb_segment_grade(gb_context *ctx, gb_workspace *workspace,
                           const gb_segment_options *options,
                           gb_segment_result **out)
{
    return ask_for(ctx, workspace, options, false, store_segment_grade, out);
}

gb_status gb_segment_select(gb_context *ctx, gb_workspace *workspace,
                            const gb_segment_options *options,
                            gb_segment_result **out)
{
    return ask_for(ctx, workspace, options, true, store_segment_select, out);
}

gb_status gb_segment_reasons(gb_context *ctx, gb_workspace *workspace,
                             const gb_segment_options *options,
                             const char *customer_ref,
                             gb_segment_result **out)
{
    gb_status status = check(ctx, workspace, out);
    store_ask ask = { 0 };
    call c;

    if (!status)
        status = need(ctx, customer_ref, "customer");
    if (status)
        return status;
    status = open_with(&c, ctx, workspace, options, true, true, &ask);
    if (!status)
        status = store_segment_reasons(workspace, &ask, customer_ref,
                                       &c.answer);
    return finish(&c, status, out);
}
