#include "store_import_columns.h"

#include "store_import_text.h"

#include "base_near.h"

#include <stdio.h>
#include <string.h>

void import_columns_clear(import_columns *columns)
{
    if (!columns->mem)
        return;
    for (size_t i = 0; i < columns->names.n; i++)
        base_free(columns->mem, columns->names.items[i]);
    base_array_clear(columns->mem, &columns->names);
    base_array_clear(columns->mem, &columns->column_of);
    base_array_clear(columns->mem, &columns->is_withheld);
    base_array_clear(columns->mem, &columns->is_number);
    memset(columns, 0, sizeof *columns);
}

/* The next "theirs=ours" of a map; false past the last.  `ours` is short. */
static bool next_pair(const char **map, const char **theirs, size_t *n,
                      char ours[64])
{
    const char *equals, *end;
    size_t length;

    if (!*map || !**map)
        return false;
    *theirs = *map;
    end = *map + strcspn(*map, ",");
    equals = memchr(*map, '=', (size_t)(end - *map));
    *n = (size_t)((equals ? equals : end) - *map);
    length = equals ? (size_t)(end - equals - 1) : 63;
    snprintf(ours, 64, "%.*s", (int)(length < 63 ? length : 63),
             equals ? equals + 1 : "=");
    *map = end + (*end == ',');
    return true;
}

gb_status import_map_check(gb_context *ctx, const import_kind *kind,
                           const char *map)
{
    const char *theirs;
    char ours[64];
    size_t n;

    while (next_pair(&map, &theirs, &n, ours)) {
        if (ours[0] == '=' || n == 0)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "map: \"%.*s\" is not theirs=ours", (int)n,
                             theirs);
        if (ours[0] && import_kind_column(kind, ours) == SIZE_MAX)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "map: %s has no column \"%s\"", kind->name,
                             ours);
    }
    return GB_OK;
}

/* What the file's column is called here; NULL: leave it out. */
static const char *mapped(const char *map, const char *name, char ours[64])
{
    const char *theirs;
    size_t n;

    while (next_pair(&map, &theirs, &n, ours))
        if (strlen(name) == n && strncmp(name, theirs, n) == 0)
            return ours[0] ? ours : NULL;
    return name;
}

static void nearest_column(const import_kind *kind, const char *name,
                           char *out, size_t size)
{
    size_t best = strlen(name) / 2 + 1;

    out[0] = '\0';
    for (size_t c = 0; c < kind->n_columns; c++) {
        const size_t edits = base_edits(name, kind->columns[c].name, best);

        if (edits < best) {
            best = edits;
            snprintf(out, size, "; %s?", kind->columns[c].name);
        }
    }
}

static import_code name_fault(const import_kind *kind, const char *ours,
                              const bool *is_present, size_t *column,
                              import_fault *fault)
{
    char nearest[80];

    *column = import_kind_column(kind, ours);
    if (*column != SIZE_MAX)
        return is_present[*column]
            ? import_fault_set(fault, IMPORT_DOUBLE_COLUMN, "", "", "")
            : IMPORT_OK;
    if (import_is_personal_column(ours))
        return import_fault_set(fault, IMPORT_PERSONAL_COLUMN, "(withheld)",
                                "", "");
    nearest_column(kind, ours, nearest, sizeof nearest);
    return import_fault_set(fault, IMPORT_UNKNOWN_COLUMN, "", nearest, "");
}

static bool takes_numbers(const import_column *column)
{
    switch (column->type) {
    case IMPORT_FEN:
    case IMPORT_SECONDS:
    case IMPORT_CLOCK:
    case IMPORT_DAY:
    case IMPORT_BOOL:
    case IMPORT_LON:
    case IMPORT_LAT:
        return true;
    default:
        return false;
    }
}

static bool add_column(import_columns *columns, const import_kind *kind,
                       const char *name, size_t column)
{
    base_mem *mem = columns->mem;
    char *copy = base_strdup(mem, name);
    const bool is_dropped = column == IMPORT_DROPPED;

    if (!copy || !base_array_push(mem, &columns->names, copy)) {
        base_free(mem, copy);
        return false;
    }
    if (!is_dropped)
        columns->is_present[column] = true;
    return base_array_push(mem, &columns->column_of, column)
        && base_array_push(mem, &columns->is_withheld, is_dropped)
        && base_array_push(mem, &columns->is_number,
                           !is_dropped
                               && takes_numbers(&kind->columns[column]));
}

typedef struct header {
    gb_context *ctx;
    gb_import_report *report;
    import_file_report *file;
    bool is_bad;
} header;

/* Keep the fault; the first one is also the call's error. */
static gb_status note_fault(header *head, const import_fault *fault)
{
    base_text words;

    if (!import_report_fault(head->report, head->file, head->ctx, fault, 1,
                             0))
        return base_fail_nomem(head->ctx);
    if (head->is_bad)
        return GB_OK;
    head->is_bad = true;
    base_text_init(&words, head->ctx->mem);
    import_fault_reason(fault, head->ctx->lang, &words);
    base_fail(head->ctx, GB_ERR_DATA, "error E%d  %s:1  column %s: %s",
              (int)fault->code, head->file->file, fault->column,
              words.chars ? words.chars : "");
    base_text_clear(&words);
    return GB_OK;
}

static gb_status take_name(header *head, const import_kind *kind,
                           const char *map, const char *name,
                           import_columns *columns)
{
    char ours_text[64];
    const char *ours = mapped(map, name, ours_text);
    size_t column = IMPORT_DROPPED;
    import_fault fault = { .column = name };
    gb_status status = GB_OK;

    if (ours && name_fault(kind, ours, columns->is_present, &column, &fault)) {
        column = IMPORT_DROPPED;
        status = note_fault(head, &fault);
    }
    if (!status && !add_column(columns, kind, name, column))
        status = base_fail_nomem(head->ctx);
    return status;
}

gb_status import_columns_take(gb_context *ctx, const import_kind *kind,
                              const char *map, char *const *names,
                              size_t n_names, gb_import_report *report,
                              import_file_report *file,
                              import_columns *columns)
{
    header head = { ctx, report, file, false };
    gb_status status = GB_OK;

    memset(columns, 0, sizeof *columns);
    columns->mem = ctx->mem;
    for (size_t i = 0; i < n_names && !status; i++)
        status = take_name(&head, kind, map, names[i], columns);
    for (size_t c = 0; c < kind->n_columns && !status; c++) {
        import_fault fault = { .column = kind->columns[c].name };

        if (!kind->columns[c].is_must || columns->is_present[c])
            continue;
        import_fault_set(&fault, IMPORT_MISSING_COLUMN, "", "", "");
        status = note_fault(&head, &fault);
    }
    if (status)
        return status;
    return head.is_bad ? gb_last_status(ctx) : GB_OK;
}
