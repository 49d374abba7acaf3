/*
 * report_file.c - see report_file.h.
 */
#include "report_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gb_status fail(gb_context *ctx, const char *path)
{
    return base_fail(ctx, GB_ERR_IO, "cannot write %s: %s", path,
                     strerror(errno));
}

static bool write_all(FILE *file, const base_text *text)
{
    return fwrite(text->chars, 1, text->n, file) == text->n
           && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

gb_status report_file_write(gb_context *ctx, const char *path,
                            const base_text *text)
{
    base_text temporary;
    FILE *file = NULL;
    bool is_done;
    gb_status status = GB_OK;

    if (text->is_short)
        return base_fail_nomem(ctx);
    base_text_init(&temporary, ctx->mem);
    base_text_format(&temporary, "%s.%ld.tmp", path, (long)getpid());
    if (temporary.is_short) {
        base_text_clear(&temporary);
        return base_fail_nomem(ctx);
    }
    file = fopen(temporary.chars, "wb");
    if (!file) {
        status = fail(ctx, path);
    } else {
        is_done = write_all(file, text);
        is_done = fclose(file) == 0 && is_done;
        is_done = is_done && rename(temporary.chars, path) == 0;
        if (!is_done) {
            status = fail(ctx, path);
            remove(temporary.chars);
        }
    }
    base_text_clear(&temporary);
    return status;
}
