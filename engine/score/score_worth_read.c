/*
 * score_worth_read.c - reads what a card says of contribution, loyalty and
 * urgency, and calls the reader of the matrix.
 */
#include "score_worth_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"

const char *const score_worth_keys[4]
    = { "contribution", "loyalty", "matrix", "urgency" };

static const double MOST_FEN = 1e15, MOST_WEIGHT = 1e6, MOST_FACTOR = 100,
                    MOST_X = 1e15;
enum { FULL_LOYALTY = 1000 };

/* ---- pieces ---- */

/* A number that may be absent; then *out stays. */
gb_status score_read_if_there(score_reader *r, const json_t *object,
                               const char *key, double low, double high,
                               double *out)
{
    return json_object_get(object, key)
               ? score_read_real(r, object, key, low, high, out)
               : GB_OK;
}

gb_status score_read_titles(score_reader *r, const json_t *object,
                             const char **name, const char **title_en,
                             const char **title_zh)
{
    gb_status status = score_read_text(r, object, "name", true, name);

    if (!status)
        status = score_read_text(r, object, "title_en", true, title_en);
    if (!status)
        status = score_read_text(r, object, "title_zh", true, title_zh);
    return status;
}

static gb_status read_ratio(score_reader *r, const json_t *pair,
                            score_term *term)
{
    const char *a = json_string_value(json_array_get(pair, 0));
    const char *b = json_string_value(json_array_get(pair, 1));

    if (json_array_size(pair) != 2 || !a || !*a || !b || !*b)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: \"%s\" must list two columns", r->where,
                         "ratio");
    term->column = score_card_keep(r->card, a);
    term->other = score_card_keep(r->card, b);
    return term->column && term->other ? GB_OK : base_fail_nomem(r->ctx);
}

static gb_status read_term(score_reader *r, const json_t *object,
                           bool may_be_constant, score_term *term)
{
    const json_t *ratio = json_object_get(object, "ratio");
    const int n_ways = (ratio != NULL)
                       + (json_object_get(object, "column") != NULL)
                       + (json_object_get(object, "tag") != NULL);
    gb_status status = score_read_titles(r, object, &term->name, &term->title_en,
                                   &term->title_zh);

    if (status)
        return status;
    if (n_ways > 1 || (n_ways == 0 && !may_be_constant))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a part goes by \"column\", by \"ratio\" or by "
                         "\"tag\"",
                         r->where);
    if (ratio)
        return read_ratio(r, ratio, term);
    status = score_read_text(r, object, "column", false, &term->column);
    if (!status)
        status = score_read_text(r, object, "tag", false, &term->tag);
    return status;
}

/* Of two numbers, x first; x rising. */
static gb_status read_knot(score_reader *r, const json_t *pair, size_t i,
                           double high, double *x, double *y)
{
    const json_t *at = json_array_get(pair, 0), *to = json_array_get(pair, 1);

    if (json_array_size(pair) != 2 || !json_is_number(at)
        || !json_is_number(to))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: point %zu of the curve must be two numbers",
                         r->where, i + 1);
    x[i] = json_number_value(at) + 0.0;
    y[i] = json_number_value(to) + 0.0;
    if (!(fabs(x[i]) <= MOST_X) || !(y[i] >= 0) || !(y[i] <= high)
        || (i > 0 && !(x[i] > x[i - 1])))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: point %zu of the curve must lie after the one "
                         "before it, and between 0 and %lld",
                         r->where, i + 1, (long long)high);
    return GB_OK;
}

static gb_status read_curve(score_reader *r, const json_t *object, double high,
                            score_curve *curve)
{
    const json_t *list = json_object_get(object, "curve");
    const size_t n = json_array_size(list);
    double *x, *y;
    gb_status status = GB_OK;

    if (n < 1 || n > SCORE_WORTH_MOST_KNOTS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a \"curve\" of 1 to %d points is expected",
                         r->where, SCORE_WORTH_MOST_KNOTS);
    x = base_arena_alloc(&r->card->arena, n, sizeof *x);
    y = base_arena_alloc(&r->card->arena, n, sizeof *y);
    if (!x || !y)
        return base_fail_nomem(r->ctx);
    for (size_t i = 0; i < n && !status; i++)
        status = read_knot(r, json_array_get(list, i), i, high, x, y);
    *curve = (score_curve){ n, x, y };
    return status;
}

/* Parts have names of their own: they are shown, and kept, by name. */
gb_status score_check_name(score_reader *r, const char *name,
                            const void *first, size_t stride, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *const *other = (const void *)((const char *)first
                                                  + i * stride);

        if (strcmp(*other, name) == 0)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: the name \"%s\" is used twice", r->where,
                             name);
    }
    return GB_OK;
}

/* A list of parts, each of whose structs begins with its name. */
gb_status score_read_list(score_reader *r, const char *key,
                           const json_t *list, size_t most, size_t size,
                           score_read_item_fn read_item, void **out, size_t *n_out)
{
    const size_t n = json_array_size(list);
    char *items;
    gb_status status = GB_OK;

    *out = NULL;
    *n_out = 0;
    if (n < 1 || n > most)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a list of 1 to %zu is expected", key, most);
    items = base_arena_alloc(&r->card->arena, n, size);
    if (!items)
        return base_fail_nomem(r->ctx);
    memset(items, 0, n * size);
    for (size_t i = 0; i < n && !status; i++) {
        snprintf(r->where, sizeof r->where, "%s[%zu]", key, i);
        status = read_item(r, json_array_get(list, i), items + i * size);
        if (!status)
            status = score_check_name(r, *(const char *const *)(const void *)
                                       (items + i * size),
                                items, size, i);
    }
    *out = items;
    *n_out = n;
    return status;
}

/* ---- contribution ---- */

/* One of three: fen for each unit of the column, a curve over it, or fen. */
static gb_status read_weight(score_reader *r, const json_t *object,
                             score_earning *e)
{
    const bool has_rate = json_object_get(object, "fen_per_unit") != NULL;
    const bool has_curve = json_object_get(object, "curve") != NULL;
    const bool has_fen = json_object_get(object, "fen") != NULL;

    if (e->term.column ? has_fen || has_rate == has_curve
                       : !has_fen || has_rate || has_curve)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: a column has \"fen_per_unit\" or a \"curve\", "
                         "a tag or a constant has \"fen\"",
                         r->where);
    if (has_curve)
        return read_curve(r, object, MOST_FEN, &e->curve);
    return score_read_real(r, object, has_rate ? "fen_per_unit" : "fen",
                           -MOST_FEN, MOST_FEN,
                           has_rate ? &e->fen_per_unit : &e->fen);
}

static gb_status read_earning(score_reader *r, json_t *object, void *item)
{
    static const char *const keys[]
        = { "name", "title_en", "title_zh", "column", "ratio", "tag",
            "fen_per_unit", "fen", "curve", "most_fen", "missing_fen",
            "now", "at_stake" };
    score_earning *e = item;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    *e = (score_earning){ .most_fen = MOST_FEN, .now = 1, .at_stake = 1 };
    if (!status)
        status = read_term(r, object, true, &e->term);
    if (status)
        return status;
    status = read_weight(r, object, e);
    if (!status)
        status = score_read_if_there(r, object, "most_fen", 0, MOST_FEN,
                               &e->most_fen);
    if (!status)
        status = score_read_if_there(r, object, "missing_fen", -MOST_FEN, MOST_FEN,
                               &e->missing_fen);
    if (!status)
        status = score_read_if_there(r, object, "now", 0, 1, &e->now);
    if (!status)
        status = score_read_if_there(r, object, "at_stake", 0, 1, &e->at_stake);
    return status;
}

static gb_status read_contribution(score_reader *r, json_t *object,
                                   score_worth *w)
{
    static const char *const keys[] = { "fen_per_point", "parts" };
    void *items = NULL;
    gb_status status;

    snprintf(r->where, sizeof r->where, "contribution");
    status = score_read_keys(r, object, keys, COUNT_OF(keys));
    if (!status)
        status = score_read_real(r, object, "fen_per_point", .01, 1e12,
                                 &w->fen_per_point);
    if (!status)
        status = score_read_list(r, "contribution.parts",
                           json_object_get(object, "parts"),
                           SCORE_WORTH_MOST_PARTS, sizeof(score_earning),
                           read_earning, &items, &w->n_earnings);
    w->earnings = items;
    return status;
}

/* ---- loyalty ---- */

static gb_status read_bond(score_reader *r, json_t *object, void *item)
{
    static const char *const keys[]
        = { "name", "title_en", "title_zh", "column", "ratio", "tag",
            "weight", "curve", "missing" };
    score_bond *b = item;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    if (!status)
        status = read_term(r, object, false, &b->term);
    if (!status)
        status = score_read_real(r, object, "weight", 1 / MOST_WEIGHT,
                                 MOST_WEIGHT, &b->weight);
    if (status)
        return status;
    if (!b->term.column)
        return json_object_get(object, "curve")
                   ? base_fail(r->ctx, GB_ERR_DATA,
                               "%s: a part of a tag has no curve", r->where)
                   : GB_OK;
    status = read_curve(r, object, FULL_LOYALTY, &b->curve);
    if (!status)
        status = score_read_if_there(r, object, "missing", 0, FULL_LOYALTY,
                               &b->missing);
    return status;
}

static gb_status read_loyalty(score_reader *r, json_t *object, score_worth *w)
{
    static const char *const keys[] = { "parts" };
    void *items = NULL;
    gb_status status;

    snprintf(r->where, sizeof r->where, "loyalty");
    status = score_read_keys(r, object, keys, COUNT_OF(keys));
    if (!status)
        status = score_read_list(r, "loyalty.parts",
                           json_object_get(object, "parts"),
                           SCORE_WORTH_MOST_PARTS, sizeof(score_bond),
                           read_bond, &items, &w->n_bonds);
    w->bonds = items;
    return status;
}

/* ---- urgency ---- */

static gb_status read_pressure(score_reader *r, json_t *object, void *item)
{
    static const char *const keys[] = { "name", "title_en", "title_zh",
                                        "column", "ratio", "curve",
                                        "missing" };
    score_pressure *p = item;
    gb_status status = score_read_keys(r, object, keys, COUNT_OF(keys));

    p->missing = 1;
    if (!status)
        status = read_term(r, object, false, &p->term);
    if (!status)
        status = read_curve(r, object, MOST_FACTOR, &p->curve);
    if (!status)
        status = score_read_if_there(r, object, "missing", 0, MOST_FACTOR,
                               &p->missing);
    return status;
}

static gb_status read_urgency(score_reader *r, json_t *list, score_worth *w)
{
    void *items = NULL;
    const gb_status status
        = score_read_list(r, "urgency", list, SCORE_WORTH_MOST_PARTS,
                    sizeof(score_pressure), read_pressure, &items,
                    &w->n_pressures);

    w->pressures = items;
    return status;
}

/* ---- all of them ---- */

gb_status score_read_worth(score_reader *r, json_t *root)
{
    static gb_status (*const readers[])(score_reader *, json_t *,
                                        score_worth *)
        = { read_contribution, read_loyalty, score_read_matrix, read_urgency };
    score_worth *w = base_arena_alloc(&r->card->arena, 1, sizeof *w);
    gb_status status = GB_OK;

    if (!w)
        return base_fail_nomem(r->ctx);
    memset(w, 0, sizeof *w);
    for (size_t k = 0; k < COUNT_OF(readers) && !status; k++) {
        json_t *value = json_object_get(root, score_worth_keys[k]);

        if (!value)
            continue;
        status = readers[k](r, value, w);
        if (!status)
            status = score_worth_keep_text(r, value, &w->texts[k]);
    }
    r->card->worth = w;
    return status;
}
