/*
 * call_score_data.c - cards and data sets out of files.
 */
#include "call_score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "call_file.h"

/* ---- cards ---- */

gb_status call_card_read(call *c, const char *param, call_card *out)
{
    char *text = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    status = call_file_text(c, param, &text);
    if (!status)
        status = gb_score_card_parse(c->ctx, text, strlen(text), &out->card);
    if (!status) {
        out->json = json_loads(text, 0, NULL);
        status = out->json ? GB_OK : base_fail_nomem(c->ctx);
    } else if (text) {
        char prefix[200];

        snprintf(prefix, sizeof prefix, "%.190s: ", call_text(c, param));
        base_fail_prefix(c->ctx, prefix);
    }
    base_free(c->mem, text);
    return status;
}

void call_card_clear(call_card *card)
{
    gb_score_card_free(card->card);
    json_decref(card->json);
    memset(card, 0, sizeof *card);
}

const char *call_card_told(const call_card *card, const char *key)
{
    return json_string_value(
        json_object_get(json_object_get(card->json, "fitted"), key));
}

static void want(const call_score_file *file, call_score_rows *rows,
                 const json_t *name, call_score_kind kind)
{
    const size_t c = call_score_find(file, json_string_value(name));

    if (c != SIZE_MAX && rows->columns[c].kind != CALL_SCORE_TEXTS)
        rows->columns[c].kind = kind;
}

/* A tag is a column of its name, or of what stands before its '='. */
static void want_tag(const call_score_file *file, call_score_rows *rows,
                     const char *tag)
{
    const char *equals = strchr(tag, '=');

    for (size_t c = 0; c < file->n_columns; c++) {
        const char *name = file->names[c];
        const size_t n = strlen(name);

        if (strcmp(name, tag) == 0
            || (equals && (size_t)(equals - tag) == n
                && strncmp(name, tag, n) == 0))
            rows->columns[c].kind = CALL_SCORE_TEXTS;
    }
}

void call_score_wanted(const call_card *card, const call_score_file *file,
                       call_score_rows *rows)
{
    const json_t *factors = json_object_get(card->json, "factors");

    for (size_t f = 0; f < json_array_size(factors); f++) {
        const json_t *factor = json_array_get(factors, f);
        const char *tag = json_string_value(json_object_get(factor, "tag"));

        if (tag)
            want_tag(file, rows, tag);
        want(file, rows, json_object_get(factor, "column"),
             json_object_get(factor, "groups") ? CALL_SCORE_TEXTS
                                               : CALL_SCORE_NUMBERS);
        for (size_t k = 0; k < 2; k++) {
            want(file, rows,
                 json_array_get(json_object_get(factor, "ratio"), k),
                 CALL_SCORE_NUMBERS);
            want(file, rows,
                 json_array_get(json_object_get(factor, "difference"), k),
                 CALL_SCORE_NUMBERS);
        }
    }
}

/* ---- data ---- */

gb_status call_score_list(call *c, const char *param, const char ***out,
                          size_t *n)
{
    *n = call_list_size(c, param);
    *out = base_alloc_array(c->mem, *n, sizeof **out);
    if (!*out)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = call_list_item(c, param, i);
    return GB_OK;
}

static gb_status find_kinds(const call_score_wish *wish,
                            call_score_data *data)
{
    call_score_rows *rows = &data->rows;
    gb_status status = GB_OK;
    size_t at;

    if (wish->card) {
        call_score_wanted(wish->card, &data->file, rows);
        if (wish->also
            && !(status = call_score_must_find(&data->file, wish->also, &at)))
            rows->columns[at].kind = CALL_SCORE_NUMBERS;
        return status;
    }
    status = call_score_find_kinds(wish->path, rows);
    for (size_t i = 0; i < wish->n_texts && !status; i++)
        if (!(status = call_score_must_find(&data->file, wish->texts[i],
                                            &at)))
            rows->columns[at].kind = CALL_SCORE_TEXTS;
    for (size_t i = 0; i < wish->n_skipped && !status; i++)
        if (!(status = call_score_must_find(&data->file, wish->skipped[i],
                                            &at)))
            rows->columns[at].kind = CALL_SCORE_SKIP;
    return status;
}

static gb_status take_row(call *c, const call_score_wish *wish,
                          call_score_data *data, const base_csv_row *row,
                          size_t target, size_t time)
{
    uint8_t outcome = GB_SCORECARD_LEFT_OUT;
    gb_status status = GB_OK;

    if (target != SIZE_MAX)
        status = call_score_outcome(&data->file, row, target, wish->event,
                                    &outcome);
    if (status || (target != SIZE_MAX && outcome > 1))
        return status;
    if (data->n == data->capacity) {
        const size_t n = data->capacity ? 2 * data->capacity : 1024;
        uint8_t *outcomes
            = base_realloc_array(c->mem, data->outcome, n, 1);
        double *times;

        if (!outcomes)
            return base_fail_nomem(c->ctx);
        data->outcome = outcomes;
        times = base_realloc_array(c->mem, data->time, n, sizeof *times);
        if (!times)
            return base_fail_nomem(c->ctx);
        data->time = times;
        data->capacity = n;
    }
    data->outcome[data->n] = outcome;
    data->time[data->n] = time == SIZE_MAX
                              ? (double)data->n
                              : call_score_time(row->fields[time]);
    data->n++;
    return call_score_rows_add(&data->rows, row);
}

static gb_status take_rows(call *c, const call_score_wish *wish,
                           call_score_data *data)
{
    size_t target = SIZE_MAX, time = SIZE_MAX;
    store_where *where = NULL;
    base_csv_row row = { .found = BASE_CSV_ROW };
    gb_status status = GB_OK;

    if (wish->target)
        status = call_score_must_find(&data->file, wish->target, &target);
    if (!status && wish->time)
        status = call_score_must_find(&data->file, wish->time, &time);
    if (!status && wish->where)
        status = store_where_open(c->ctx,
                                  (const char *const *)data->file.names,
                                  data->file.n_columns, wish->where, &where);
    while (!status && !(status = call_score_next(&data->file, &row))
           && row.found == BASE_CSV_ROW) {
        bool holds = true;

        if (where)
            status = store_where_holds(where,
                                       (const char *const *)row.fields,
                                       (int64_t)data->file.n_rows, &holds);
        if (!status && holds)
            status = take_row(c, wish, data, &row, target, time);
        if (!status && base_is_cancelled(c->ctx))
            status = base_fail(c->ctx, GB_ERR_CANCELLED, "cancelled");
    }
    store_where_close(where);
    return status;
}

gb_status call_score_read(call *c, const call_score_wish *wish,
                          call_score_data *data)
{
    gb_status status;

    memset(data, 0, sizeof *data);
    status = call_score_open(c->ctx, wish->path, &data->file);
    if (!status)
        status = call_score_rows_begin(c->ctx, &data->file, &data->rows);
    if (!status)
        status = find_kinds(wish, data);
    if (!status)
        status = take_rows(c, wish, data);
    if (!status)
        call_score_rows_table(&data->rows, &data->file);
    return status;
}

void call_score_data_clear(call *c, call_score_data *data)
{
    call_score_rows_clear(&data->rows);
    call_score_close(&data->file);
    base_free(c->mem, data->outcome);
    base_free(c->mem, data->time);
}
