/*
 * call_file.c - see call_file.h.
 */
#include "call_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report_file.h"

gb_status call_file_read(call *c, const char *path, base_text *out)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    bool is_read;
    size_t n;

    if (!file)
        return base_fail(c->ctx,
                         errno == ENOENT ? GB_ERR_NOT_FOUND : GB_ERR_IO,
                         "%s: %s", path, strerror(errno));
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0 && !out->is_short)
        base_text_append(out, bytes, n);
    is_read = !ferror(file);
    fclose(file);
    if (!is_read)
        return base_fail(c->ctx, GB_ERR_IO, "%s: cannot be read", path);
    return out->is_short ? base_fail_nomem(c->ctx) : GB_OK;
}

gb_status call_file_text(call *c, const char *name, char **out)
{
    base_text text;
    gb_status status;

    *out = NULL;
    if (!call_has(c, name))
        return GB_OK;
    base_text_init(&text, c->mem);
    status = call_file_read(c, call_text(c, name), &text);
    if (!status) {
        *out = base_text_take(&text);
        if (!*out)
            status = base_fail_nomem(c->ctx);
    }
    base_text_clear(&text);
    return status;
}

gb_status call_file_give(call *c, json_t *result, const base_text *text)
{
    const char *path = call_text(c, "out");
    bool is_put;

    if (text->is_short)
        return base_fail_nomem(c->ctx);
    if (path) {
        const gb_status status = report_file_write(c->ctx, path, text);

        if (status)
            return status;
        is_put = call_put(result, "file", call_string(path));
    } else {
        /* The console ends its lines itself. */
        const size_t n = text->n - (text->n && text->chars[text->n - 1] == '\n');
        json_t *document = json_stringn(text->chars, n);

        is_put = call_put(result, "document",
                          document ? document : call_string(text->chars));
    }
    return is_put ? GB_OK : base_fail_nomem(c->ctx);
}
