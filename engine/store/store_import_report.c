#include "store_import_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

gb_status import_report_new(gb_context *ctx, gb_import_report **out)
{
    gb_import_report *report
        = base_alloc_zeroed(ctx->mem, 1, sizeof *report);

    *out = report;
    if (!report)
        return base_fail_nomem(ctx);
    report->mem = base_mem_ref(ctx->mem);
    return GB_OK;
}

static void free_file(base_mem *mem, import_file_report *file)
{
    if (!file)
        return;
    for (size_t r = 0; r < file->reasons.n; r++) {
        base_free(mem, file->reasons.items[r].column);
        base_free(mem, file->reasons.items[r].value);
        base_free(mem, file->reasons.items[r].reason);
        base_free(mem, file->reasons.items[r].mend);
    }
    base_array_clear(mem, &file->reasons);
    base_free(mem, file->kind);
    base_free(mem, file->file);
    base_free(mem, file);
}

void gb_import_report_free(gb_import_report *report)
{
    base_mem *mem;

    if (!report)
        return;
    mem = report->mem;
    for (size_t f = 0; f < report->files.n; f++)
        free_file(mem, report->files.items[f]);
    base_array_clear(mem, &report->files);
    base_free(mem, report->roads);
    base_free(mem, report);
    base_mem_unref(mem);
}

import_file_report *import_report_add(gb_import_report *report,
                                      const char *kind, const char *file)
{
    import_file_report *added
        = base_alloc_zeroed(report->mem, 1, sizeof *added);

    if (!added)
        return NULL;
    added->kind = base_strdup(report->mem, kind);
    added->file = base_strdup(report->mem, file);
    added->counts.size = sizeof added->counts;
    if (!added->kind || !added->file
        || !base_array_push(report->mem, &report->files, added)) {
        free_file(report->mem, added);
        return NULL;
    }
    return added;
}

/* A text of the table with its %s replaced by what the finder says. */
static void add_filled(base_text *out, const char *format, const char *with)
{
    const char *hole = strstr(format, "%s");

    if (!hole) {
        base_text_add(out, format);
        return;
    }
    base_text_append(out, format, (size_t)(hole - format));
    base_text_add(out, with);
    base_text_add(out, hole + 2);
}

void import_fault_reason(const import_fault *fault, base_lang lang,
                         base_text *out)
{
    const import_code_text *text = import_code_find(fault->code);

    add_filled(out, base_lang_text(lang, text->reason), fault->detail);
}

void import_fault_mend(const import_fault *fault, base_lang lang,
                       base_text *out)
{
    const char *mend = import_code_find(fault->code)->mend;

    /* A mend with a hole is told only when something is there to fill it. */
    if (mend[0] && (!strstr(mend, "%s") || fault->mend[0]))
        add_filled(out, base_lang_text(lang, mend), fault->mend);
}

static char *text_of(base_mem *mem, const import_fault *fault, base_lang lang,
                     void (*write)(const import_fault *, base_lang,
                                   base_text *))
{
    base_text text;

    base_text_init(&text, mem);
    base_text_add(&text, "");
    write(fault, lang, &text);
    if (!text.chars && !text.is_short) {
        base_text_clear(&text);
        return base_strdup(mem, "");
    }
    return base_text_take(&text);
}

bool import_report_fault(gb_import_report *report, import_file_report *file,
                         gb_context *ctx, const import_fault *fault,
                         uint64_t line, uint64_t n_rows)
{
    base_mem *mem = report->mem;
    import_reason reason = { .code = fault->code, .n_rows = n_rows,
                             .first_line = line };

    for (size_t r = 0; r < file->reasons.n; r++) {
        import_reason *known = &file->reasons.items[r];

        if (known->code == fault->code
            && strcmp(known->column, fault->column) == 0) {
            known->n_rows += n_rows;
            return true;
        }
    }
    reason.column = base_strdup(mem, fault->column);
    reason.value = base_strdup(mem, fault->value);
    reason.reason = text_of(mem, fault, ctx->lang, import_fault_reason);
    reason.mend = text_of(mem, fault, ctx->lang, import_fault_mend);
    if (reason.column && reason.value && reason.reason && reason.mend
        && base_array_push(mem, &file->reasons, reason))
        return true;
    base_free(mem, reason.column);
    base_free(mem, reason.value);
    base_free(mem, reason.reason);
    base_free(mem, reason.mend);
    return false;
}

static int compare_reasons(const void *a, const void *b)
{
    const import_reason *x = a, *y = b;

    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    return strcmp(x->column, y->column);
}

void import_report_sort(import_file_report *file)
{
    if (file->reasons.n > 1)
        qsort(file->reasons.items, file->reasons.n,
              sizeof *file->reasons.items, compare_reasons);
}

/* At most what fits, never half of a character. */
static void copy_cut(char *to, size_t size, const char *from)
{
    size_t n = strlen(from);

    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(to, from, n);
    to[n] = '\0';
}

import_code import_fault_set(import_fault *fault, import_code code,
                             const char *value, const char *detail,
                             const char *mend)
{
    fault->code = code;
    copy_cut(fault->value, sizeof fault->value, value ? value : "");
    copy_cut(fault->detail, sizeof fault->detail, detail ? detail : "");
    copy_cut(fault->mend, sizeof fault->mend, mend ? mend : "");
    return code;
}

/* ------------------------------------------------ the public questions -- */

static const import_file_report *file_of(const gb_import_report *report,
                                         size_t file)
{
    return file < report->files.n ? report->files.items[file] : NULL;
}

size_t gb_import_report_n_files(const gb_import_report *report)
{
    return report->files.n;
}

const char *gb_import_report_kind(const gb_import_report *report, size_t file)
{
    return file_of(report, file) ? file_of(report, file)->kind : "";
}

const char *gb_import_report_file(const gb_import_report *report, size_t file)
{
    return file_of(report, file) ? file_of(report, file)->file : "";
}

const char *gb_import_report_roads(const gb_import_report *report)
{
    return report->roads;
}

gb_status gb_import_report_counts(const gb_import_report *report, size_t file,
                                  gb_import_counts *counts)
{
    const import_file_report *of = file_of(report, file);

    if (!of || !counts || counts->size != sizeof *counts)
        return GB_ERR_ARGUMENT;
    *counts = of->counts;
    return GB_OK;
}

size_t gb_import_report_n_reasons(const gb_import_report *report, size_t file)
{
    return file_of(report, file) ? file_of(report, file)->reasons.n : 0;
}

gb_status gb_import_report_reason(const gb_import_report *report, size_t file,
                                  size_t i, gb_import_reason *reason)
{
    const import_file_report *of = file_of(report, file);
    const import_reason *from;

    if (!of || i >= of->reasons.n || !reason
        || reason->size != sizeof *reason)
        return GB_ERR_ARGUMENT;
    from = &of->reasons.items[i];
    *reason = (gb_import_reason){ sizeof *reason,   from->code,
                                  from->n_rows,     from->first_line,
                                  from->column,     from->value,
                                  from->reason,     from->mend };
    return GB_OK;
}
