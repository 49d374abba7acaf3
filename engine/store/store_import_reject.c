#include "store_import_reject.h"

#include "store_import_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void import_reject_begin(gb_context *ctx, const char *path,
                         import_reject *reject)
{
    *reject = (import_reject){ .ctx = ctx, .path = path };
    base_text_init(&reject->text, ctx->mem);
    if (path)
        (void)unlink(path);
}

static gb_status fail_writing(const import_reject *reject)
{
    return base_fail(reject->ctx, GB_ERR_IO, "%s: cannot be written: %s",
                     reject->path, strerror(errno));
}

static gb_status flush(import_reject *reject)
{
    base_text *text = &reject->text;

    base_text_add(text, "\n");
    if (text->is_short)
        return base_fail_nomem(reject->ctx);
    if (fwrite(text->chars, 1, text->n, reject->file) != text->n)
        return fail_writing(reject);
    base_text_reset(text);
    return GB_OK;
}

static gb_status open_file(import_reject *reject, char *const *names,
                           size_t n_names)
{
    reject->file = fopen(reject->path, "wb");
    if (!reject->file)
        return fail_writing(reject);
    for (size_t i = 0; i < n_names; i++) {
        base_text_csv(&reject->text, names[i]);
        base_text_add(&reject->text, ",");
    }
    base_text_add(&reject->text, "line,code,reason,mend");
    return flush(reject);
}

gb_status import_reject_row(import_reject *reject, char *const *names,
                            size_t n_names, char *const *fields,
                            size_t n_fields, const bool *is_withheld,
                            const bool *is_number, const import_fault *fault,
                            uint64_t line)
{
    base_text *text = &reject->text;
    base_text words;
    gb_status status;

    if (!reject->path)
        return GB_OK;
    if (!reject->file && (status = open_file(reject, names, n_names)))
        return status;
    for (size_t i = 0; i < n_names; i++) {
        const char *field = fields && i < n_fields ? fields[i] : "";

        if (*field
            && (is_withheld[i]
                || (!is_number[i] && import_is_personal_value(field))))
            field = "(withheld)";
        base_text_csv(text, field);
        base_text_add(text, ",");
    }
    base_text_format(text, "%llu,E%d,", (unsigned long long)line,
                     (int)fault->code);
    base_text_init(&words, reject->ctx->mem);
    import_fault_reason(fault, reject->ctx->lang, &words);
    base_text_csv(text, words.chars ? words.chars : "");
    base_text_add(text, ",");
    text->is_short |= words.is_short;
    base_text_reset(&words);
    import_fault_mend(fault, reject->ctx->lang, &words);
    base_text_csv(text, words.n ? words.chars : "");
    text->is_short |= words.is_short;
    base_text_clear(&words);
    return flush(reject);
}

gb_status import_reject_end(import_reject *reject)
{
    gb_status status = GB_OK;

    if (reject->file && fclose(reject->file) != 0)
        status = fail_writing(reject);
    reject->file = NULL;
    if (reject->text.mem)
        base_text_clear(&reject->text);
    return status;
}
