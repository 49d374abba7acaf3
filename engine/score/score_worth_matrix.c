/*
 * score_worth_matrix.c - reads the matrix of contribution by loyalty and the
 * strategy in each of its boxes.
 */
#include "score_worth_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"

static const double MOST_BORDER = 1e15;
enum { MOST_EVERY_DAYS = 3660, MOST_LABEL = 60 };

/* A text that may be absent; then "". */
static gb_status read_text_or_none(score_reader *r, const json_t *object,
                                   const char *key, const char **out)
{
    const gb_status status = score_read_text(r, object, key, false, out);

    if (!status && !*out)
        *out = "";
    return status;
}

/* Short plain words: they become file contents and words of rules. */
static gb_status check_word(score_reader *r, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", word[i]))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: the name \"%.60s\" must be made of a-z, 0-9 "
                             "and _",
                             r->where, word);
    return n <= MOST_LABEL ? GB_OK
                           : base_fail(r->ctx, GB_ERR_DATA,
                                       "%s: the name \"%.60s\" is too long",
                                       r->where, word);
}

static gb_status read_level(score_reader *r, json_t *object, void *item)
{
    static const char *const keys[]
        = { "name", "title_en", "title_zh", "below" };
    score_level *level = item;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    level->below = INFINITY;
    if (!status)
        status = score_read_titles(r, object, &level->name, &level->title_en,
                             &level->title_zh);
    if (!status)
        status = check_word(r, level->name);
    if (!status)
        status = score_read_if_there(r, object, "below", -MOST_BORDER, MOST_BORDER,
                               &level->below);
    return status;
}

static gb_status read_levels(score_reader *r, const json_t *matrix,
                             const char *axis, const score_level **out,
                             size_t *n)
{
    char key[32];
    void *items = NULL;
    gb_status status;

    snprintf(key, sizeof key, "matrix.%s", axis);
    status = score_read_list(r, key, json_object_get(matrix, axis),
                       SCORE_WORTH_MOST_LEVELS, sizeof(score_level),
                       read_level, &items, n);
    *out = items;
    for (size_t i = 0; i < *n && !status; i++)
        if (isinf((*out)[i].below) != (i + 1 == *n)
            || (i > 0 && !((*out)[i].below > (*out)[i - 1].below)))
            status = base_fail(r->ctx, GB_ERR_DATA,
                               "%s: each level but the last has a \"below\", "
                               "above that of the one before it",
                               key);
    return status;
}

static gb_status read_channel(score_reader *r, const json_t *object,
                              const char **out)
{
    static const char *const names[]
        = { "visit", "call", "sms", "app", "none" };
    const gb_status status = score_read_text(r, object, "channel", true, out);

    for (size_t i = 0; i < COUNT_OF(names) && !status; i++)
        if (strcmp(*out, names[i]) == 0)
            return GB_OK;
    return status ? status
                  : base_fail(r->ctx, GB_ERR_DATA,
                              "%s: the channel \"%.60s\" is none of visit, "
                              "call, sms, app, none",
                              r->where, *out);
}

static gb_status read_box(score_reader *r, json_t *object, score_box *box)
{
    static const char *const keys[]
        = { "name", "title_en", "title_zh", "channel", "every_days",
            "template", "advice_en", "advice_zh" };
    int64_t days = 0;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status
            = score_read_titles(r, object, &box->name, &box->title_en,
                          &box->title_zh);
    if (!status)
        status = check_word(r, box->name);
    if (!status)
        status = read_channel(r, object, &box->channel);
    if (!status && json_object_get(object, "every_days"))
        status = score_read_whole(r, json_object_get(object, "every_days"),
                                  "every_days", 0, MOST_EVERY_DAYS, &days);
    box->every_days = (uint32_t)days;
    if (!status)
        status = read_text_or_none(r, object, "template", &box->template_ref);
    if (!status)
        status = read_text_or_none(r, object, "advice_en", &box->advice_en);
    if (!status)
        status = read_text_or_none(r, object, "advice_zh", &box->advice_zh);
    return status;
}

static gb_status read_row(score_reader *r, const json_t *rows, size_t c,
                          size_t n, score_box *boxes)
{
    const json_t *row = json_array_get(rows, c);

    if (json_array_size(row) != n)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "matrix: row %zu of \"boxes\" needs %zu boxes, one a "
                         "level of loyalty",
                         c + 1, n);
    for (size_t l = 0; l < n; l++) {
        const size_t b = c * n + l;
        gb_status status;

        snprintf(r->where, sizeof r->where, "matrix.boxes[%zu][%zu]", c, l);
        status = read_box(r, json_array_get(row, l), &boxes[b]);
        if (!status)
            status = score_check_name(r, boxes[b].name, boxes, sizeof *boxes, b);
        if (status)
            return status;
    }
    return GB_OK;
}

static gb_status read_boxes(score_reader *r, const json_t *matrix,
                            score_worth *w)
{
    const json_t *rows = json_object_get(matrix, "boxes");
    const size_t n = w->n_contribution * w->n_loyalty;
    score_box *boxes = base_arena_alloc(&r->card->arena, n, sizeof *boxes);
    gb_status status = GB_OK;

    if (!boxes)
        return base_fail_nomem(r->ctx);
    memset(boxes, 0, n * sizeof *boxes);
    if (json_array_size(rows) != w->n_contribution)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "matrix: \"boxes\" needs %zu rows, one a level of "
                         "contribution",
                         w->n_contribution);
    for (size_t c = 0; c < w->n_contribution && !status; c++)
        status = read_row(r, rows, c, w->n_loyalty, boxes);
    w->boxes = boxes;
    return status;
}

gb_status score_read_matrix(score_reader *r, json_t *object, score_worth *w)
{
    static const char *const keys[] = { "contribution", "loyalty", "boxes" };
    gb_status status;

    snprintf(r->where, sizeof r->where, "matrix");
    status = score_read_keys(r, object, keys, COUNT_OF(keys));
    if (!status && (w->n_earnings == 0 || w->n_bonds == 0))
        status = base_fail(r->ctx, GB_ERR_DATA,
                           "matrix: the card needs \"contribution\" and "
                           "\"loyalty\" too");
    if (!status)
        status = read_levels(r, object, "contribution", &w->by_contribution,
                             &w->n_contribution);
    if (!status)
        status = read_levels(r, object, "loyalty", &w->by_loyalty,
                             &w->n_loyalty);
    return status ? status : read_boxes(r, object, w);
}
