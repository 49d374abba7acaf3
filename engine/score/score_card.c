/*
 * score_card.c - see score_card.h.
 *
 * Every object is read by a list of the keys it may have; a key beside them
 * is refused by name, so that a typing error never passes as a default.
 */
#include "score_card.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"

enum { MOST_POINTS = 10000, MOST_FACTORS = 200, MOST_BINS = 100,
       MOST_SLOTS = 48, DAY_S = 86400 };

typedef struct reader {
    gb_context *ctx;
    gb_score_card *card;
    char where[96]; /* the object that is being read, for messages */
} reader;

static gb_status check_keys(reader *r, json_t *object,
                            const char *const *keys, size_t n_keys)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return base_fail(r->ctx, GB_ERR_DATA, "%s: an object is expected",
                         r->where);
    json_object_foreach(object, key, value) {
        bool is_known = false;

        for (size_t k = 0; k < n_keys; k++)
            is_known |= strcmp(key, keys[k]) == 0;
        if (!is_known)
            return base_fail(r->ctx, GB_ERR_DATA, "%s: unknown key \"%s\"",
                             r->where, key);
    }
    return GB_OK;
}

/* NULL `out` text stays NULL when the key may be absent and is. */
static gb_status read_text(reader *r, const json_t *object, const char *key,
                           bool is_must, const char **out)
{
    const char *text = json_string_value(json_object_get(object, key));
    char *copy;

    *out = NULL;
    if (!text || !*text) {
        if (!is_must && !json_object_get(object, key))
            return GB_OK;
        return base_fail(r->ctx, GB_ERR_DATA, "%s: \"%s\" must be a text",
                         r->where, key);
    }
    copy = base_arena_alloc(&r->card->arena, strlen(text) + 1, 1);
    if (!copy)
        return base_fail_nomem(r->ctx);
    strcpy(copy, text);
    *out = copy;
    return GB_OK;
}

static gb_status read_whole(reader *r, const json_t *value, const char *key,
                            int64_t low, int64_t high, int64_t *out)
{
    const json_int_t got = json_integer_value(value);

    if (!json_is_integer(value) || got < low || got > high)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"%s\" must be a whole number from %lld to %lld",
                         r->where, key, (long long)low, (long long)high);
    *out = got;
    return GB_OK;
}

/* The upper border of a bin: rising, and absent in the last bin alone. */
static gb_status read_border(reader *r, const json_t *bin, size_t b, size_t n,
                             double *below)
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
    below[b] = json_number_value(value);
    if (b > 0 && !(below[b] > below[b - 1]))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: bin %zu ends below the bin before it", r->where,
                         b + 1);
    return GB_OK;
}

static gb_status read_bins(reader *r, const json_t *bins, score_factor *factor)
{
    static const char *const keys[] = { "below", "points" };
    const size_t n = json_array_size(bins);
    double *below;
    int32_t *points;

    if (n < 1 || n > MOST_BINS)
        return base_fail(r->ctx, GB_ERR_DATA, "%s: 1 to %d bins are expected",
                         r->where, MOST_BINS);
    below = base_arena_alloc(&r->card->arena, n, sizeof *below);
    points = base_arena_alloc(&r->card->arena, n, sizeof *points);
    if (!below || !points)
        return base_fail_nomem(r->ctx);
    for (size_t b = 0; b < n; b++) {
        json_t *bin = json_array_get(bins, b);
        int64_t value = 0;
        gb_status status = check_keys(r, bin, keys, COUNT_OF(keys));

        if (!status)
            status = read_border(r, bin, b, n, below);
        if (!status)
            status = read_whole(r, json_object_get(bin, "points"), "points",
                                -MOST_POINTS, MOST_POINTS, &value);
        if (status)
            return status;
        points[b] = (int32_t)value;
    }
    factor->n_bins = n;
    factor->below = below;
    factor->points = points;
    return GB_OK;
}

static gb_status read_column_factor(reader *r, json_t *object,
                                    score_factor *factor)
{
    int64_t missing = 0;
    gb_status status;

    if (json_object_get(object, "points"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor of a column has its points in \"bins\"",
                         r->where);
    status = read_text(r, object, "column", true, &factor->column);
    if (!status)
        status = read_bins(r, json_object_get(object, "bins"), factor);
    if (!status && json_object_get(object, "missing"))
        status = read_whole(r, json_object_get(object, "missing"), "missing",
                            -MOST_POINTS, MOST_POINTS, &missing);
    factor->missing = (int32_t)missing;
    return status;
}

static gb_status read_tag_factor(reader *r, json_t *object,
                                 score_factor *factor)
{
    int32_t *points;
    int64_t value = 0;
    gb_status status;

    if (json_object_get(object, "bins") || json_object_get(object, "missing"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor of a tag has no bins", r->where);
    status = read_text(r, object, "tag", true, &factor->tag);
    if (!status)
        status = read_whole(r, json_object_get(object, "points"), "points",
                            -MOST_POINTS, MOST_POINTS, &value);
    if (status)
        return status;
    points = base_arena_alloc(&r->card->arena, 1, sizeof *points);
    if (!points)
        return base_fail_nomem(r->ctx);
    *points = (int32_t)value;
    factor->n_bins = 1;
    factor->points = points;
    return GB_OK;
}

static gb_status read_factor(reader *r, json_t *object,
                             score_factor *factor)
{
    static const char *const keys[] = { "name", "title_en", "title_zh",
                                        "column", "bins", "missing", "tag",
                                        "points" };
    gb_status status = check_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status = read_text(r, object, "name", true, &factor->name);
    if (!status)
        status = read_text(r, object, "title_en", true, &factor->title_en);
    if (!status)
        status = read_text(r, object, "title_zh", true, &factor->title_zh);
    if (status)
        return status;
    if (json_object_get(object, "column") && json_object_get(object, "tag"))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a factor goes by \"column\" or by \"tag\"",
                         r->where);
    return json_object_get(object, "tag")
               ? read_tag_factor(r, object, factor)
               : read_column_factor(r, object, factor);
}

static gb_status read_factors(reader *r, const json_t *array)
{
    const size_t n = json_array_size(array);
    score_factor *factors;

    if (n < 1 || n > MOST_FACTORS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "card: 1 to %d \"factors\" are expected",
                         MOST_FACTORS);
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

/* "HH:MM", up to 24:00; -1 when it is none. */
static int32_t parse_time(const char *text)
{
    if (!text || strlen(text) != 5 || text[2] != ':'
        || strspn(text, "0123456789:") != 5 || strchr(text + 3, ':'))
        return -1;
    {
        const int32_t hour = (text[0] - '0') * 10 + (text[1] - '0');
        const int32_t minute = (text[3] - '0') * 10 + (text[4] - '0');
        const int32_t s = hour * 3600 + minute * 60;

        return minute < 60 && s <= DAY_S ? s : -1;
    }
}

static gb_status read_slots(reader *r, const json_t *slots)
{
    const size_t n = json_array_size(slots);
    int32_t *borders;

    if (n < 2 || n > MOST_SLOTS + 1)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "presence: \"slots\" must list 2 to %d times",
                         MOST_SLOTS + 1);
    borders = base_arena_alloc(&r->card->arena, n, sizeof *borders);
    if (!borders)
        return base_fail_nomem(r->ctx);
    for (size_t i = 0; i < n; i++) {
        borders[i] = parse_time(json_string_value(json_array_get(slots, i)));
        if (borders[i] < 0 || (i > 0 && borders[i] <= borders[i - 1]))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "presence: slots[%zu] must be a time HH:MM later "
                             "than the one before",
                             i);
    }
    r->card->slot_borders_s = borders;
    r->card->n_slots = n - 1;
    return GB_OK;
}

static gb_status read_profile(reader *r, json_t *object,
                              score_profile *profile)
{
    static const char *const keys[] = { "name", "tag", "permille" };
    const json_t *list = json_object_get(object, "permille");
    const size_t n = r->card->n_slots;
    int16_t *permille;
    gb_status status = check_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status = read_text(r, object, "name", true, &profile->name);
    if (!status)
        status = read_text(r, object, "tag", false, &profile->tag);
    if (status)
        return status;
    if (json_array_size(list) != n)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"permille\" needs %zu numbers, one a slot",
                         r->where, n);
    permille = base_arena_alloc(&r->card->arena, n, sizeof *permille);
    if (!permille)
        return base_fail_nomem(r->ctx);
    for (size_t s = 0; s < n; s++) {
        int64_t value = 0;

        status = read_whole(r, json_array_get(list, s), "permille", 0, 1000,
                            &value);
        if (status)
            return status;
        permille[s] = (int16_t)value;
    }
    profile->permille = permille;
    return GB_OK;
}

static gb_status read_profiles(reader *r, const json_t *array)
{
    const size_t n = json_array_size(array);
    score_profile *profiles;

    if (n < 1 || n > MOST_FACTORS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "presence: 1 to %d \"profiles\" are expected",
                         MOST_FACTORS);
    profiles = base_arena_alloc(&r->card->arena, n, sizeof *profiles);
    if (!profiles)
        return base_fail_nomem(r->ctx);
    memset(profiles, 0, n * sizeof *profiles);
    for (size_t p = 0; p < n; p++) {
        gb_status status;

        snprintf(r->where, sizeof r->where, "profiles[%zu]", p);
        status = read_profile(r, json_array_get(array, p), &profiles[p]);
        if (status)
            return status;
        if ((profiles[p].tag == NULL) != (p + 1 == n))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: the last profile, and it alone, has no "
                             "\"tag\"",
                             r->where);
    }
    r->card->profiles = profiles;
    r->card->n_profiles = n;
    return GB_OK;
}

static gb_status read_presence(reader *r, json_t *object)
{
    static const char *const keys[] = { "slots", "profiles" };
    gb_status status;

    snprintf(r->where, sizeof r->where, "presence");
    status = check_keys(r, object, keys, COUNT_OF(keys));
    if (!status)
        status = read_slots(r, json_object_get(object, "slots"));
    if (!status)
        status = read_profiles(r, json_object_get(object, "profiles"));
    return status;
}

static gb_status read_card(reader *r, json_t *root)
{
    static const char *const keys[]
        = { "card", "version", "factors", "presence" };
    gb_status status;

    snprintf(r->where, sizeof r->where, "card");
    status = check_keys(r, root, keys, COUNT_OF(keys));
    if (!status)
        status = read_text(r, root, "card", true, &r->card->name);
    if (!status)
        status = read_whole(r, json_object_get(root, "version"), "version", 1,
                            INT32_MAX, &r->card->version);
    if (!status)
        status = read_factors(r, json_object_get(root, "factors"));
    if (!status)
        status = read_presence(r, json_object_get(root, "presence"));
    return status;
}

gb_status score_card_parse(gb_context *ctx, const char *json, size_t length,
                           gb_score_card **out)
{
    reader r = { .ctx = ctx };
    json_error_t error;
    json_t *root = NULL;
    gb_status status;

    *out = NULL;
    r.card = base_alloc_zeroed(ctx->mem, 1, sizeof *r.card);
    if (!r.card)
        return base_fail_nomem(ctx);
    r.card->mem = base_mem_ref(ctx->mem);
    base_arena_init(&r.card->arena, r.card->mem);
    root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        status = base_fail(ctx, GB_ERR_PARSE, "card:%d:%d: %s", error.line,
                           error.column, error.text);
    else
        status = read_card(&r, root);
    json_decref(root);
    if (status) {
        gb_score_card_free(r.card);
        return status;
    }
    *out = r.card;
    return GB_OK;
}
