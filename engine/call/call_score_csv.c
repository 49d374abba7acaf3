/*
 * call_score_csv.c - see call_score_csv.h.
 */
#include "call_score_csv.h"

#include <string.h>
#include <strings.h>

const call_column score_reject_columns[] = {
    { "line", GB_N("line"), CALL_SHOW_ID },
    { "column", GB_N("column"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "why", GB_N("why"), CALL_SHOW_PLAIN },
};

/* ---- rows that are not as they should be ---- */

void score_rejects_add(score_rejects *r, uint64_t line, const char *name,
                       const char *value, const char *why)
{
    score_reject *told;

    r->n_rejected++;
    if (r->n_told == SCORE_REJECTS_TOLD)
        return;
    told = &r->told[r->n_told++];
    *told = (score_reject){ .line = line, .column = name, .why = why };
    if (value)
        strncpy(told->value, value, sizeof told->value - 1);
}

gb_status score_rejects_judge(gb_context *ctx, const char *path,
                              const score_rejects *r, double most_share)
{
    const score_reject *first = &r->told[0];

    if ((double)r->n_rejected <= most_share * (double)r->n_rows)
        return GB_OK;
    return base_fail(
        ctx, GB_ERR_DATA,
        "%s: %llu of %llu rows are bad, the first in line %llu: "
        "%s \"%s\": %s",
        path, (unsigned long long)r->n_rejected, (unsigned long long)r->n_rows,
        (unsigned long long)first->line, first->column ? first->column : "row",
        first->value, base_lang_text(ctx->lang, first->why));
}

bool score_rejects_put(const call *c, const score_rejects *r, json_t *result)
{
    json_t *list = json_array();
    bool is_put = list != NULL;

    for (size_t i = 0; is_put && i < r->n_told; i++)
        is_put = json_array_append_new(
                     list, json_pack("{s:I, s:s?, s:o, s:s}", "line",
                                     (json_int_t)r->told[i].line, "column",
                                     r->told[i].column, "value",
                                     call_string(r->told[i].value), "why",
                                     call_words(c, r->told[i].why)))
                 == 0;
    is_put = is_put
             && call_put(result, "rejected",
                         json_integer((json_int_t)r->n_rejected));
    if (is_put && r->n_told > 0)
        return call_put(result, "rejects", list);
    json_decref(list);
    return is_put;
}

/* ---- columns ---- */

static bool is_name(const char *field, const char *name)
{
    if (strcmp(name, "T") == 0 || strcmp(name, "t_x") == 0)
        return strcmp(field, name) == 0;
    return strcasecmp(field, name) == 0;
}

static void find_column(const base_csv_row *row, score_column *wanted)
{
    wanted->place = SIZE_MAX;
    for (size_t n = 0; n < SCORE_MOST_NAMES && wanted->names[n]; n++)
        for (size_t i = 0; i < row->n_fields; i++) {
            const char *field = row->fields[i];

            if (i == 0 && strncmp(field, "\xEF\xBB\xBF", 3) == 0)
                field += 3; /* a byte order mark */
            if (wanted->place == SIZE_MAX && is_name(field, wanted->names[n]))
                wanted->place = i;
        }
}

/* The heading: each column's place; the first `n_needed` must be there. */
gb_status score_heading_keep(gb_context *ctx, base_csv *csv, const char *path,
                             score_column *columns, size_t n, size_t n_needed, base_text *kept)
{
    base_csv_row row;
    const gb_status status = base_csv_next(csv, &row);

    if (status)
        return status;
    if (row.found != BASE_CSV_ROW)
        return base_fail(ctx, GB_ERR_DATA, "%s: there is no heading", path);
    for (size_t i = 0; i < n; i++) {
        find_column(&row, &columns[i]);
        if (i < n_needed && columns[i].place == SIZE_MAX)
            return base_fail(ctx, GB_ERR_DATA,
                             "%s: line 1: there is no column \"%s\"", path,
                             columns[i].names[0]);
    }
    for (size_t i = 0; kept && i < row.n_fields; i++) {
        const char *field = row.fields[i];

        base_text_add(kept, i ? "," : "");
        base_text_csv(kept, i == 0 && strncmp(field, "\xEF\xBB\xBF", 3) == 0
                                ? field + 3 : field);
    }
    return GB_OK;
}

gb_status score_heading_read(gb_context *ctx, base_csv *csv, const char *path,
                             score_column *columns, size_t n,
                             size_t n_needed)
{
    return score_heading_keep(ctx, csv, path, columns, n, n_needed, NULL);
}

/* NULL where the file, or this row, has none. */
const char *score_field_of(const base_csv_row *row, const score_column *wanted)
{
    return wanted->place < row->n_fields ? row->fields[wanted->place] : NULL;
}

/* The next row after the heading that is a row; others are rejected. */
gb_status score_row_next(base_csv *csv, base_csv_row *row,
                         score_rejects *rejects)
{
    for (;;) {
        const gb_status status = base_csv_next(csv, row);

        if (status || row->found == BASE_CSV_END)
            return status;
        if (row->found == BASE_CSV_ROW && row->n_fields == 1
            && row->fields[0][0] == '\0')
            continue; /* an empty line */
        rejects->n_rows++;
        if (row->found == BASE_CSV_ROW)
            return GB_OK;
        score_rejects_add(rejects, row->line, NULL, NULL, row->fault);
    }
}
