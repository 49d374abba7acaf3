/*
 * base_context.c - see base_context.h.
 */
#include "base_context.h"

#include <stdio.h>
#include <string.h>

void base_enter(gb_context *ctx)
{
    ctx->status = GB_OK;
    ctx->error[0] = '\0';
}

gb_status base_fail(gb_context *ctx, gb_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(ctx->error, sizeof ctx->error,
              base_lang_text(ctx->lang, format), args);
    va_end(args);
    ctx->status = status;
    return status;
}

void base_fail_prefix(gb_context *ctx, const char *prefix)
{
    const size_t length = strlen(prefix);
    const size_t room = sizeof ctx->error - 1;
    size_t keep = strlen(ctx->error);

    if (length >= room)
        return;
    if (keep > room - length)
        keep = room - length;
    memmove(ctx->error + length, ctx->error, keep);
    memcpy(ctx->error, prefix, length);
    ctx->error[length + keep] = '\0';
}

gb_status base_fail_nomem(gb_context *ctx)
{
    return base_fail(ctx, GB_ERR_NOMEM, "out of memory");
}

void base_log(gb_context *ctx, gb_log_level level, const char *format, ...)
{
    char line[1024];
    va_list args;

    if (!ctx->log)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, base_lang_text(ctx->lang, format), args);
    va_end(args);
    ctx->log(ctx->log_user, (int32_t)level, line);
}

bool base_is_cancelled(const gb_context *ctx)
{
    return atomic_load_explicit(ctx->cancel, memory_order_relaxed);
}

void base_context_fork(gb_context *child, gb_context *parent)
{
    memset(child, 0, sizeof *child);
    child->mem = base_mem_ref(parent->mem);
    child->lang = parent->lang;
    atomic_init(&child->own_cancel, false);
    child->cancel = parent->cancel;
}

void base_context_join(gb_context *child)
{
    base_mem_unref(child->mem);
    child->mem = NULL;
}

gb_status base_context_adopt(gb_context *parent, const gb_context *child)
{
    parent->status = child->status;
    memcpy(parent->error, child->error, sizeof parent->error);
    return child->status;
}
