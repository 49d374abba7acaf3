/*
 * base_api.c - implements gridbeat/base.h.
 */
#include "base_context.h"
#include "base_options.h"

#include <string.h>

#include "base_check.h"

typedef struct status_words {
    gb_status status;
    const char *name;
    const char *text;
} status_words;

static const status_words statuses[] = {
    { GB_OK, "GB_OK", "done" },
    { GB_ERR_ARGUMENT, "GB_ERR_ARGUMENT", "an argument is out of range" },
    { GB_ERR_OPTIONS, "GB_ERR_OPTIONS", "an options struct of no known size" },
    { GB_ERR_STATE, "GB_ERR_STATE", "another call must come first" },
    { GB_ERR_BUFFER, "GB_ERR_BUFFER", "the buffer is too small" },
    { GB_ERR_SCOPE, "GB_ERR_SCOPE", "not allowed in this scope" },
    { GB_ERR_DATA, "GB_ERR_DATA", "the data is wrong" },
    { GB_ERR_PARSE, "GB_ERR_PARSE", "not of the expected format" },
    { GB_ERR_GEOMETRY, "GB_ERR_GEOMETRY", "a shape is broken" },
    { GB_ERR_CRS, "GB_ERR_CRS", "no such coordinate system here" },
    { GB_ERR_NOT_FOUND, "GB_ERR_NOT_FOUND", "no such thing" },
    { GB_ERR_SCHEMA, "GB_ERR_SCHEMA", "a workspace of another version" },
    { GB_ERR_INTEGRITY, "GB_ERR_INTEGRITY", "stored data contradicts itself" },
    { GB_ERR_NOMEM, "GB_ERR_NOMEM", "out of memory" },
    { GB_ERR_IO, "GB_ERR_IO", "reading or writing failed" },
    { GB_ERR_BUSY, "GB_ERR_BUSY", "in use by another" },
    { GB_ERR_INFEASIBLE, "GB_ERR_INFEASIBLE", "there is no answer" },
    { GB_ERR_CANCELLED, "GB_ERR_CANCELLED", "cancelled" },
    { GB_ERR_LIBRARY, "GB_ERR_LIBRARY", "a dependency failed" },
    { GB_ERR_INTERNAL, "GB_ERR_INTERNAL", "a bug in gridbeat" },
};

static const status_words *words_of(gb_status status)
{
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i].status == status)
            return &statuses[i];
    return &statuses[COUNT_OF(statuses) - 1];
}

const char *gb_status_text(gb_status status)
{
    return words_of(status)->text;
}

const char *gb_status_name(gb_status status)
{
    return words_of(status)->name;
}

const char *gb_version(void)
{
    return GB_VERSION;
}

/* The context does not exist yet, so a stand-in takes the message. */
static gb_status take_options(gb_context_options *to,
                              const gb_context_options *from, base_lang *lang)
{
    gb_context stand_in = { .lang = BASE_LANG_EN };
    const gb_status status
        = base_options_take(&stand_in, to, sizeof *to, from, sizeof *to);

    if (status)
        return status;
    if (to->allocator
        && (!to->allocator->reallocate || !to->allocator->release))
        return GB_ERR_ARGUMENT;
    if (!base_lang_parse(to->lang ? to->lang : "en", lang))
        return GB_ERR_ARGUMENT;
    return GB_OK;
}

gb_status gb_context_new(const gb_context_options *options, gb_context **out)
{
    gb_context_options taken;
    base_lang lang = BASE_LANG_EN;
    base_mem *mem;
    gb_context *ctx;
    gb_status status;

    if (!out)
        return GB_ERR_ARGUMENT;
    *out = NULL;
    status = take_options(&taken, options, &lang);
    if (status)
        return status;
    mem = base_mem_new(taken.allocator);
    if (!mem)
        return GB_ERR_NOMEM;
    ctx = base_alloc_zeroed(mem, 1, sizeof *ctx);
    if (!ctx) {
        base_mem_unref(mem);
        return GB_ERR_NOMEM;
    }
    ctx->mem = mem;
    ctx->lang = lang;
    ctx->log = taken.log;
    ctx->log_user = taken.log_user;
    ctx->progress = taken.progress;
    ctx->progress_user = taken.progress_user;
    atomic_init(&ctx->own_cancel, false);
    ctx->cancel = &ctx->own_cancel;
    *out = ctx;
    return GB_OK;
}

void gb_context_free(gb_context *ctx)
{
    base_mem *mem;

    if (!ctx)
        return;
    mem = ctx->mem;
    base_free(mem, ctx);
    base_mem_unref(mem);
}

const char *gb_last_error(const gb_context *ctx)
{
    return ctx ? ctx->error : "";
}

gb_status gb_last_status(const gb_context *ctx)
{
    return ctx ? ctx->status : GB_ERR_ARGUMENT;
}

void gb_context_cancel(gb_context *ctx)
{
    if (ctx)
        atomic_store_explicit(ctx->cancel, true, memory_order_relaxed);
}

void gb_context_resume(gb_context *ctx)
{
    if (ctx)
        atomic_store_explicit(ctx->cancel, false, memory_order_relaxed);
}

void gb_context_set_progress(gb_context *ctx, gb_progress_fn progress,
                             void *user)
{
    if (!ctx)
        return;
    ctx->progress = progress;
    ctx->progress_user = user;
}

const char *gb_context_lang(const gb_context *ctx)
{
    return ctx ? base_lang_name(ctx->lang) : "en";
}

gb_status gb_context_set_lang(gb_context *ctx, const char *lang)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!lang || !base_lang_parse(lang, &ctx->lang))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "language \"%s\" is unknown; en and zh are known",
                         lang ? lang : "(null)");
    return GB_OK;
}
