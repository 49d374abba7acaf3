/*
 * score_card.c - see score_card.h and score_card_read.h.
 */
#include "score_card_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { MOST_SLOTS = 48, DAY_S = 86400 };
static const double MOST_TO_DOUBLE = 1e4, MOST_ODDS = 1e12;

gb_status score_read_keys(score_reader *r, json_t *object,
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

gb_status score_read_text(score_reader *r, const json_t *object,
                          const char *key, bool is_must, const char **out)
{
    const char *text = json_string_value(json_object_get(object, key));

    *out = NULL;
    if (!text || !*text) {
        if (!is_must && !json_object_get(object, key))
            return GB_OK;
        return base_fail(r->ctx, GB_ERR_DATA, "%s: \"%s\" must be a text",
                         r->where, key);
    }
    *out = score_card_keep(r->card, text);
    return *out ? GB_OK : base_fail_nomem(r->ctx);
}

gb_status score_read_whole(score_reader *r, const json_t *value,
                           const char *key, int64_t low, int64_t high,
                           int64_t *out)
{
    const json_int_t got = json_integer_value(value);

    if (!json_is_integer(value) || got < low || got > high)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"%s\" must be a whole number from %lld to %lld",
                         r->where, key, (long long)low, (long long)high);
    *out = got;
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

static gb_status read_slots(score_reader *r, const json_t *slots)
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

static gb_status read_profile(score_reader *r, json_t *object,
                              score_profile *profile)
{
    static const char *const keys[] = { "name", "tag", "permille" };
    const json_t *list = json_object_get(object, "permille");
    const size_t n = r->card->n_slots;
    int16_t *permille;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status = score_read_text(r, object, "name", true, &profile->name);
    if (!status)
        status = score_read_text(r, object, "tag", false, &profile->tag);
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

        status = score_read_whole(r, json_array_get(list, s), "permille", 0, 1000,
                            &value);
        if (status)
            return status;
        permille[s] = (int16_t)value;
    }
    profile->permille = permille;
    return GB_OK;
}

static gb_status read_profiles(score_reader *r, const json_t *array)
{
    const size_t n = json_array_size(array);
    score_profile *profiles;

    if (n < 1 || n > SCORE_MOST_FACTORS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "presence: 1 to %d \"profiles\" are expected",
                         SCORE_MOST_FACTORS);
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

static gb_status read_presence(score_reader *r, json_t *object)
{
    static const char *const keys[] = { "slots", "profiles" };
    gb_status status;

    snprintf(r->where, sizeof r->where, "presence");
    status = score_read_keys(r, object, keys, COUNT_OF(keys));
    if (!status)
        status = read_slots(r, json_object_get(object, "slots"));
    if (!status)
        status = read_profiles(r, json_object_get(object, "profiles"));
    return status;
}

/* The presence of the shipped card, for a card that says nothing of it. */
static gb_status borrow_presence(score_reader *r)
{
    json_t *root = json_loads(score_card_shipped(), 0, NULL);
    gb_status status;

    if (!root)
        return base_fail_nomem(r->ctx);
    status = read_presence(r, json_object_get(root, "presence"));
    json_decref(root);
    return status;
}

gb_status score_read_real(score_reader *r, const json_t *object,
                          const char *key, double low, double high,
                          double *out)
{
    const json_t *value = json_object_get(object, key);

    *out = json_number_value(value) + 0.0; /* no -0 */
    if (!json_is_number(value) || !(*out >= low) || !(*out <= high))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"%s\" must be a number within its range",
                         r->where, key);
    return GB_OK;
}

static gb_status read_scale(score_reader *r, json_t *object)
{
    static const char *const keys[] = { "points", "odds", "to_double" };
    score_scale *scale = &r->card->scale;
    gb_status status;

    snprintf(r->where, sizeof r->where, "scale");
    status = score_read_keys(r, object, keys, COUNT_OF(keys));
    if (!status)
        status = score_read_real(r, object, "points", -1e6, 1e6, &scale->points);
    if (!status)
        status = score_read_real(r, object, "odds", 1 / MOST_ODDS, MOST_ODDS,
                                 &scale->odds);
    if (!status)
        status = score_read_real(r, object, "to_double", 1, MOST_TO_DOUBLE,
                                 &scale->to_double);
    r->card->has_scale = !status;
    return status;
}

/* How the card came about is for people: kept as it is, and not looked at. */
static gb_status read_fitted(score_reader *r, json_t *object)
{
    char *text;

    if (!json_is_object(object))
        return base_fail(r->ctx, GB_ERR_DATA, "card: \"%s\" must be an object",
                         "fitted");
    text = json_dumps(object, JSON_COMPACT);
    r->card->fitted = text ? score_card_keep(r->card, text) : NULL;
    free(text);
    return r->card->fitted ? GB_OK : base_fail_nomem(r->ctx);
}

static gb_status read_card(score_reader *r, json_t *root)
{
    static const char *const keys[]
        = { "card", "version", "scale", "fitted", "factors", "presence",
            "contribution", "loyalty", "matrix", "urgency" };
    gb_status status;

    snprintf(r->where, sizeof r->where, "card");
    status = score_read_keys(r, root, keys, COUNT_OF(keys));
    if (!status)
        status = score_read_text(r, root, "card", true, &r->card->name);
    if (!status)
        status = score_read_whole(r, json_object_get(root, "version"),
                                  "version", 1, INT32_MAX, &r->card->version);
    if (!status && json_object_get(root, "fitted"))
        status = read_fitted(r, json_object_get(root, "fitted"));
    if (!status && json_object_get(root, "scale"))
        status = read_scale(r, json_object_get(root, "scale"));
    if (!status)
        status = score_read_factors(r, json_object_get(root, "factors"));
    if (!status)
        status = score_read_worth(r, root);
    r->card->has_presence = json_object_get(root, "presence") != NULL;
    if (!status)
        status = r->card->has_presence
                     ? read_presence(r, json_object_get(root, "presence"))
                     : borrow_presence(r);
    return status;
}

gb_score_card *score_card_new(gb_context *ctx)
{
    gb_score_card *card = base_alloc_zeroed(ctx->mem, 1, sizeof *card);

    if (!card)
        return NULL;
    card->mem = base_mem_ref(ctx->mem);
    base_arena_init(&card->arena, card->mem);
    return card;
}

const char *score_card_keep(gb_score_card *card, const char *text)
{
    const size_t n = strlen(text) + 1;
    char *copy = base_arena_alloc(&card->arena, n, 1);

    return copy ? memcpy(copy, text, n) : NULL;
}

gb_status score_card_borrow_presence(gb_context *ctx, gb_score_card *card)
{
    score_reader r = { .ctx = ctx, .card = card };

    return borrow_presence(&r);
}

/* What stands in a card may stand in the message, which is one line. */
static void keep_one_line(gb_context *ctx)
{
    for (char *c = ctx->error; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
}

gb_status score_card_parse(gb_context *ctx, const char *json, size_t length,
                           gb_score_card **out)
{
    score_reader r = { .ctx = ctx, .card = score_card_new(ctx) };
    json_error_t error;
    json_t *root = NULL;
    gb_status status;

    *out = NULL;
    if (!r.card)
        return base_fail_nomem(ctx);
    root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        status = base_fail(ctx, GB_ERR_PARSE, "card:%d:%d: %s", error.line,
                           error.column, error.text);
    else
        status = read_card(&r, root);
    json_decref(root);
    if (status) {
        keep_one_line(ctx);
        gb_score_card_free(r.card);
        return status;
    }
    *out = r.card;
    return GB_OK;
}
