/*
 * tag_api.c - implements gridbeat/tag.h.
 */
#include <gridbeat/tag.h>

#include "base_options.h"
#include "store_tag.h"

/* The build's copy of tags.json, ending in '\0'. */
extern const unsigned char store_tags_json[];

const char *gb_tag_sample(void)
{
    return (const char *)store_tags_json;
}

/* What every call goes through. */
typedef struct call {
    gb_context *ctx;
    gb_workspace *ws;
    base_run run;
    store_answer answer;
    store_scope scope;
} call;

static gb_status begin(call *c, gb_context *ctx, gb_workspace *workspace,
                       gb_segment_result **out)
{
    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    *c = (call){ .ctx = ctx, .ws = workspace };
    base_text_init(&c->answer.json, ctx->mem);
    base_run_begin(&c->run, ctx, (base_limits){ 0 });
    store_enter(workspace, &c->run);
    return GB_OK;
}

static gb_status finish(call *c, gb_status status, gb_segment_result **out)
{
    store_leave(c->ws);
    if (!status)
        status = store_answer_give(c->ctx, &c->answer, out);
    base_text_clear(&c->answer.json);
    return base_run_end(&c->run, status);
}

gb_status gb_tag_define(gb_context *ctx, gb_workspace *workspace,
                        const char *json, gb_segment_result **out)
{
    store_tag_entries entries = { 0 };
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (status)
        return status;
    status = json ? store_tags_read(ctx, json, &entries)
                  : base_fail(ctx, GB_ERR_ARGUMENT, "no tags are given");
    if (!status)
        status = store_tags_define(workspace, &entries, &c.answer);
    store_tags_clear(&entries);
    return finish(&c, status, out);
}

gb_status gb_tag_list(gb_context *ctx, gb_workspace *workspace,
                      const char *scope, const char *tag,
                      gb_segment_result **out)
{
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (status)
        return status;
    status = store_scope_parse(workspace, scope, &c.scope);
    if (!status)
        status = store_tags_list(workspace, c.scope,
                                 tag && tag[0] ? tag : NULL, &c.answer);
    return finish(&c, status, out);
}

gb_status gb_tag_check(gb_context *ctx, gb_workspace *workspace,
                       const char *scope, gb_segment_result **out)
{
    call c;
    gb_status status = begin(&c, ctx, workspace, out);

    if (status)
        return status;
    status = store_scope_parse(workspace, scope, &c.scope);
    if (!status)
        status = store_tags_check(workspace, c.scope, &c.answer);
    return finish(&c, status, out);
}
