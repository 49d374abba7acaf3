/*
 * score_card_factor.c - reads the factors of a card.
 */
#include "score_card_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

/* ---- what all bins have ---- */

/* Rows and events of a bin, which fitted cards tell: both or none. */
static gb_status read_counts(score_reader *r, const json_t *object,
                             const char *rows_key, const char *events_key,
                             int64_t *rows, int64_t *events)
{
    gb_status status;

    *rows = *events = -1;
    if (!json_object_get(object, rows_key)
        && !json_object_get(object, events_key))
        return GB_OK;
    status = score_read_whole(r, json_object_get(object, rows_key), rows_key,
                              0, (int64_t)1 << 53, rows);
    if (!status)
        status = score_read_whole(r, json_object_get(object, events_key),
                                  events_key, 0, *rows, events);
    return status;
}

typedef struct bins_reader {
    size_t n;
    double *below;
    int32_t *points;
    int64_t *rows, *events; /* -1: not told */
} bins_reader;

static gb_status take_bins(score_reader *r, const json_t *bins,
                           bins_reader *b)
{
    base_arena *arena = &r->card->arena;

    b->n = json_array_size(bins);
    if (b->n < 1 || b->n > SCORE_MOST_BINS)
        return base_fail(r->ctx, GB_ERR_DATA, "%s: 1 to %d bins are expected",
                         r->where, SCORE_MOST_BINS);
    b->below = base_arena_alloc(arena, b->n, sizeof *b->below);
    b->points = base_arena_alloc(arena, b->n, sizeof *b->points);
    b->rows = base_arena_alloc(arena, b->n + 1, sizeof *b->rows);
    b->events = base_arena_alloc(arena, b->n + 1, sizeof *b->events);
    return b->below && b->points && b->rows && b->events
               ? GB_OK : base_fail_nomem(r->ctx);
}

static gb_status read_bin_points(score_reader *r, json_t *bin,
                                 bins_reader *bins, size_t b)
{
    int64_t value = 0;
    gb_status status = score_read_whole(
        r, json_object_get(bin, "points"), "points", -SCORE_MOST_POINTS,
        SCORE_MOST_POINTS, &value);

    bins->points[b] = (int32_t)value;
    if (!status)
        status = read_counts(r, bin, "rows", "events", &bins->rows[b],
                             &bins->events[b]);
    return status;
}

/* Blanks, and the counts of all bins if all of them are told. */
static gb_status finish_bins(score_reader *r, const json_t *object,
                             const bins_reader *bins, score_factor *factor)
{
    bool has_counts = true;
    int64_t missing = 0;
    gb_status status = GB_OK;

    if (json_object_get(object, "missing"))
        status = score_read_whole(r, json_object_get(object, "missing"),
                                  "missing", -SCORE_MOST_POINTS,
                                  SCORE_MOST_POINTS, &missing);
    if (!status)
        status = read_counts(r, object, "missing_rows", "missing_events",
                             &bins->rows[bins->n], &bins->events[bins->n]);
    if (bins->rows[bins->n] < 0)
        bins->rows[bins->n] = bins->events[bins->n] = 0;
    for (size_t b = 0; b < bins->n; b++)
        has_counts &= bins->rows[b] >= 0;
    factor->missing = (int32_t)missing;
    factor->n_bins = bins->n;
    factor->below = bins->below;
    factor->points = bins->points;
    factor->rows = has_counts ? bins->rows : NULL;
    factor->events = has_counts ? bins->events : NULL;
    return status;
}

/* ---- numbers ---- */

/* The upper border of a bin: rising, and absent in the last bin alone. */
static gb_status read_border(score_reader *r, const json_t *bin, size_t b,
                             size_t n, double *below)
{
    const json_t *value = json_object_get(bin, "below");

    if (b + 1 == n)
        return value ? base_fail(r->ctx, GB_ERR_DATA,
                                 "%s: the last bin takes the rest and has no "
                                 "\"below\"",
                                 r->where)
                     : GB_OK;
    if (!json_is_number(value))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: bin %zu needs a number \"below\"", r->where,
                         b + 1);
    below[b] = json_number_value(value) + 0.0; /* no -0, which "0" is not */
    if (b > 0 && !(below[b] > below[b - 1]))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: bin %zu ends below the bin before it", r->where,
                         b + 1);
    return GB_OK;
}

static gb_status read_bins(score_reader *r, json_t *object,
                           score_factor *factor)
{
    static const char *const keys[]
        = { "below", "points", "rows", "events" };
    const json_t *list = json_object_get(object, "bins");
    bins_reader bins;
    gb_status status = take_bins(r, list, &bins);

    for (size_t b = 0; !status && b < bins.n; b++) {
        json_t *bin = json_array_get(list, b);

        status = score_read_keys(r, bin, keys, COUNT_OF(keys));
        if (!status)
            status = read_border(r, bin, b, bins.n, bins.below);
        if (!status)
            status = read_bin_points(r, bin, &bins, b);
    }
    return status ? status : finish_bins(r, object, &bins, factor);
}

/* ---- texts ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(((const score_value *)a)->text,
                  ((const score_value *)b)->text);
}

void score_card_sort_values(score_value *values, size_t n)
{
    if (n > 0)
        qsort(values, n, sizeof *values, by_text);
}

/* The texts of one group, behind the *n that are there. */
static gb_status read_values(score_reader *r, const json_t *group, size_t b,
                             score_value *values, size_t *n)
{
    const json_t *list = json_object_get(group, "values");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));

        if (!text || !*text)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: group %zu has a value that is no text",
                             r->where, b + 1);
        values[*n].bin = (uint32_t)b;
        values[*n].text = score_card_keep(r->card, text);
        if (!values[(*n)++].text)
            return base_fail_nomem(r->ctx);
    }
    return GB_OK;
}

/* How many texts all groups have; each but the last has some. */
static gb_status count_values(score_reader *r, const json_t *list, size_t *n)
{
    const size_t n_groups = json_array_size(list);

    *n = 0;
    for (size_t b = 0; b < n_groups; b++) {
        const json_t *values
            = json_object_get(json_array_get(list, b), "values");

        if ((b + 1 == n_groups) != (values == NULL)
            || (values && json_array_size(values) == 0))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: group %zu: each lists its \"values\", and "
                             "the last one takes the rest and has none",
                             r->where, b + 1);
        *n += json_array_size(values);
    }
    if (*n > SCORE_MOST_VALUES)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: more than %d values", r->where,
                         SCORE_MOST_VALUES);
    return GB_OK;
}

static gb_status check_values(score_reader *r, const score_value *values,
                              size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(values[i - 1].text, values[i].text) == 0)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: the value \"%.60s\" stands in two groups",
                             r->where, values[i].text);
    return GB_OK;
}

static gb_status read_groups(score_reader *r, json_t *object,
                             score_factor *factor)
{
    static const char *const keys[]
        = { "values", "points", "rows", "events" };
    const json_t *list = json_object_get(object, "groups");
    score_value *values = NULL;
    size_t n = 0, n_values = 0;
    bins_reader bins;
    gb_status status = take_bins(r, list, &bins);

    if (!status)
        status = count_values(r, list, &n_values);
    if (!status) {
        values = base_arena_alloc(&r->card->arena, n_values, sizeof *values);
        status = values ? GB_OK : base_fail_nomem(r->ctx);
    }
    for (size_t b = 0; !status && b < bins.n; b++) {
        json_t *group = json_array_get(list, b);

        status = score_read_keys(r, group, keys, COUNT_OF(keys));
        if (!status)
            status = read_values(r, group, b, values, &n);
        if (!status)
            status = read_bin_points(r, group, &bins, b);
    }
    if (!status) {
        score_card_sort_values(values, n);
        status = check_values(r, values, n);
    }
    factor->kind = SCORE_TEXT;
    factor->values = values;
    factor->n_values = n;
    return status ? status : finish_bins(r, object, &bins, factor);
}

/* ---- one factor ---- */

static gb_status read_column_factor(score_reader *r, json_t *object,
                                    score_factor *factor)
{
    gb_status status;

    if (json_object_get(object, "points"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor of a column has its points in \"bins\"",
                         r->where);
    if (json_object_get(object, "bins") && json_object_get(object, "groups"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor has \"bins\" of numbers or \"groups\" "
                         "of texts",
                         r->where);
    status = score_read_text(r, object, "column", true, &factor->column);
    if (status)
        return status;
    return json_object_get(object, "groups") ? read_groups(r, object, factor)
                                             : read_bins(r, object, factor);
}

/* A ratio or difference: the two columns, then bins as of a column. */
static gb_status read_pair_factor(score_reader *r, json_t *object,
                                  const char *key, score_factor *factor)
{
    const json_t *pair = json_object_get(object, key);
    const char *a = json_string_value(json_array_get(pair, 0));
    const char *b = json_string_value(json_array_get(pair, 1));

    if (json_array_size(pair) != 2 || !a || !*a || !b || !*b)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"%s\" must list two columns", r->where, key);
    if (json_object_get(object, "points") || json_object_get(object, "groups"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor of a column has its points in \"bins\"",
                         r->where);
    factor->kind
        = strcmp(key, "ratio") == 0 ? SCORE_RATIO : SCORE_DIFFERENCE;
    factor->column = score_card_keep(r->card, a);
    factor->other = score_card_keep(r->card, b);
    if (!factor->column || !factor->other)
        return base_fail_nomem(r->ctx);
    return read_bins(r, object, factor);
}

static gb_status read_tag_factor(score_reader *r, json_t *object,
                                 score_factor *factor)
{
    int32_t *points;
    int64_t value = 0;
    gb_status status;

    if (json_object_get(object, "bins") || json_object_get(object, "missing")
        || json_object_get(object, "groups"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor of a tag has no bins", r->where);
    status = score_read_text(r, object, "tag", true, &factor->tag);
    if (!status)
        status = score_read_whole(r, json_object_get(object, "points"),
                                  "points", -SCORE_MOST_POINTS,
                                  SCORE_MOST_POINTS, &value);
    if (status)
        return status;
    points = base_arena_alloc(&r->card->arena, 1, sizeof *points);
    if (!points)
        return base_fail_nomem(r->ctx);
    *points = (int32_t)value;
    factor->kind = SCORE_TAG;
    factor->n_bins = 1;
    factor->points = points;
    return GB_OK;
}

static gb_status read_by_what(score_reader *r, json_t *object,
                              score_factor *factor)
{
    const bool has_tag = json_object_get(object, "tag");
    const bool has_ratio = json_object_get(object, "ratio");
    const bool has_difference = json_object_get(object, "difference");

    if (has_tag + has_ratio + has_difference
            + (json_object_get(object, "column") != NULL)
        > 1)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor goes by \"column\" or by \"tag\"",
                         r->where);
    if (has_tag)
        return read_tag_factor(r, object, factor);
    if (has_ratio || has_difference)
        return read_pair_factor(r, object, has_ratio ? "ratio" : "difference",
                                factor);
    return read_column_factor(r, object, factor);
}

static gb_status read_factor(score_reader *r, json_t *object,
                             score_factor *factor)
{
    static const char *const keys[]
        = { "name", "title_en", "title_zh", "column", "ratio", "difference",
            "bins", "groups", "missing", "missing_rows", "missing_events",
            "tag", "points" };
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status = score_read_text(r, object, "name", true, &factor->name);
    if (!status)
        status
            = score_read_text(r, object, "title_en", true, &factor->title_en);
    if (!status)
        status
            = score_read_text(r, object, "title_zh", true, &factor->title_zh);
    return status ? status : read_by_what(r, object, factor);
}

gb_status score_read_factors(score_reader *r, const json_t *array)
{
    const size_t n = json_array_size(array);
    score_factor *factors;

    if (n < 1 || n > SCORE_MOST_FACTORS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "card: 1 to %d \"factors\" are expected",
                         SCORE_MOST_FACTORS);
    factors = base_arena_alloc(&r->card->arena, n, sizeof *factors);
    if (!factors)
        return base_fail_nomem(r->ctx);
    memset(factors, 0, n * sizeof *factors);
    for (size_t f = 0; f < n; f++) {
        gb_status status;

        snprintf(r->where, sizeof r->where, "factors[%zu]", f);
        status = read_factor(r, json_array_get(array, f), &factors[f]);
        if (status)
            return status;
        for (size_t g = 0; g < f; g++)
            if (strcmp(factors[g].name, factors[f].name) == 0)
                return base_fail(r->ctx, GB_ERR_DATA,
                                 "%s: the name \"%s\" is used twice",
                                 r->where, factors[f].name);
    }
    r->card->factors = factors;
    r->card->n_factors = n;
    return GB_OK;
}
