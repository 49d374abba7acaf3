/*
 * score_fit_card.c - from a model to points that people can add up.
 *
 * A bin's points are its evidence times the coefficient, in units of which
 * `points_to_double` double the odds, to the whole point; each factor's
 * lowest is 0.  The scale is set once more for the whole points, so that the
 * mean probability is the rate of the training rows.
 */
#include <math.h>
#include <string.h>

#include "base_check.h"
#include "score_apply.h"
#include "score_fit.h"

static const double LN2 = 0.69314718055994530942;

/* ---- factors ---- */

static gb_status keep_values(fit *f, const fit_candidate *c,
                             gb_score_card *card, score_factor *to)
{
    const gb_scorecard_column *column = &f->table->columns[c->column];
    const uint8_t rest = (uint8_t)(c->n_bins - 1);
    score_value *values;
    size_t n = 0;

    for (size_t t = 0; t < column->n_texts; t++)
        n += c->bin_of_text[t] != rest;
    values = base_arena_alloc(&card->arena, n, sizeof *values);
    if (!values)
        return base_fail_nomem(f->run->ctx);
    n = 0;
    for (size_t t = 0; t < column->n_texts; t++) {
        if (c->bin_of_text[t] == rest)
            continue;
        values[n].bin = c->bin_of_text[t];
        values[n].text = score_card_keep(card, column->texts[t]);
        if (!values[n++].text)
            return base_fail_nomem(f->run->ctx);
    }
    score_card_sort_values(values, n);
    to->values = values;
    to->n_values = n;
    return GB_OK;
}

/* Whole points of all bins, the lowest of those that have rows at 0. */
static void find_points(const fit *f, const fit_candidate *c, double beta,
                        int32_t *points)
{
    const double unit = f->o.points_to_double / LN2;
    double least = INFINITY;
    double raw[FIT_BINS];

    for (size_t b = 0; b <= c->n_bins; b++) {
        raw[b] = round(beta * c->evidence[b] * unit);
        least = fmin(least, raw[b]);
    }
    for (size_t b = 0; b <= c->n_bins; b++)
        points[b] = (int32_t)fmin(raw[b] - least, SCORE_MOST_POINTS);
}

static gb_status keep_bins(fit *f, const fit_candidate *c, double beta,
                           gb_score_card *card, score_factor *to)
{
    const size_t n = c->n_bins;
    double *below = base_arena_alloc(&card->arena, n, sizeof *below);
    int32_t *points = base_arena_alloc(&card->arena, n + 1, sizeof *points);
    int64_t *rows = base_arena_alloc(&card->arena, n + 1, sizeof *rows);
    int64_t *events = base_arena_alloc(&card->arena, n + 1, sizeof *events);

    if (!below || !points || !rows || !events)
        return base_fail_nomem(f->run->ctx);
    find_points(f, c, beta, points);
    if (c->kind != SCORE_TEXT)
        memcpy(below, c->below, (n - 1) * sizeof *below);
    for (size_t b = 0; b <= n; b++) {
        rows[b] = events[b] = 0;
        for (size_t p = 0; p < FIT_PARTS; p++) {
            rows[b] += c->rows[p][b];
            events[b] += c->events[p][b];
        }
    }
    to->n_bins = n;
    to->below = below;
    to->points = points;
    to->missing = points[n];
    to->rows = rows;
    to->events = events;
    return c->kind == SCORE_TEXT ? keep_values(f, c, card, to) : GB_OK;
}

static gb_status keep_factor(fit *f, const fit_candidate *c, double beta,
                             gb_score_card *card, score_factor *to)
{
    const gb_scorecard_column *columns = f->table->columns;

    to->kind = c->kind;
    to->name = score_card_keep(card, c->name);
    to->title_en = to->title_zh = to->name;
    to->column = score_card_keep(card, columns[c->column].name);
    if (c->other != SIZE_MAX)
        to->other = score_card_keep(card, columns[c->other].name);
    if (!to->name || !to->column || (c->other != SIZE_MAX && !to->other))
        return base_fail_nomem(f->run->ctx);
    return keep_bins(f, c, beta, card, to);
}

/* A coefficient of 0, or points that are all alike, are no factor. */
static bool is_worth(const fit *f, size_t k)
{
    const fit_candidate *c = &f->candidates.items[f->chosen[k]];
    int32_t points[FIT_BINS], most = 0;

    find_points(f, c, f->model.beta[k + 1], points);
    for (size_t b = 0; b <= c->n_bins; b++)
        most = points[b] > most ? points[b] : most;
    return most > 0;
}

static gb_status keep_factors(fit *f, gb_score_card *card)
{
    score_factor *factors
        = base_arena_alloc(&card->arena, f->n_chosen, sizeof *factors);
    gb_status status = factors ? GB_OK : base_fail_nomem(f->run->ctx);

    if (status)
        return status;
    memset(factors, 0, f->n_chosen * sizeof *factors);
    card->factors = factors;
    for (size_t k = 0; k < f->n_chosen && !status; k++)
        if (is_worth(f, k))
            status = keep_factor(f, &f->candidates.items[f->chosen[k]],
                                 f->model.beta[k + 1], card,
                                 &factors[card->n_factors++]);
    if (!status && card->n_factors == 0)
        status = base_fail(f->run->ctx, GB_ERR_DATA,
                           "no factor tells anything of the outcome that "
                           "holds over time");
    return status;
}

/* ---- the scale ---- */

/* What every training row gets, counted by points. */
typedef struct tally {
    size_t n; /* most points, and one */
    double *eta, *rows, *events;
} tally;

static gb_status count_points(fit *f, const gb_score_card *card, tally *t)
{
    base_mem *mem = f->mem;
    int32_t *sums = base_alloc_zeroed(mem, f->rows.n, sizeof *sums);
    int64_t most = 0;

    for (size_t k = 0; k < card->n_factors; k++) {
        int32_t best = 0;

        for (size_t b = 0; b <= card->factors[k].n_bins; b++)
            best = card->factors[k].points[b] > best
                       ? card->factors[k].points[b] : best;
        most += best;
    }
    t->n = (size_t)most + 1;
    t->eta = base_alloc_array(mem, t->n, sizeof *t->eta);
    t->rows = base_alloc_zeroed(mem, t->n, sizeof *t->rows);
    t->events = base_alloc_zeroed(mem, t->n, sizeof *t->events);
    if (!sums || !t->eta || !t->rows || !t->events) {
        base_free(mem, sums);
        return base_fail_nomem(f->run->ctx);
    }
    for (size_t k = 0, at = 0; k < f->n_chosen; k++) {
        const fit_candidate *c = &f->candidates.items[f->chosen[k]];

        if (!is_worth(f, k))
            continue;
        for (size_t i = 0; i < f->rows.n; i++)
            sums[i] += card->factors[at].points[c->bin[i]];
        at++;
    }
    for (size_t i = 0; i < f->rows.n; i++) {
        t->rows[sums[i]] += 1;
        t->events[sums[i]] += f->rows.event[i];
    }
    base_free(mem, sums);
    return GB_OK;
}

static double auc_of_tally(const tally *t)
{
    double others_below = 0, others = 0, events = 0, won = 0;

    for (size_t p = 0; p < t->n; p++) {
        const double here = t->rows[p] - t->events[p];

        won += t->events[p] * (others_below + here / 2);
        others_below += here;
        others += here;
        events += t->events[p];
    }
    return won / (events * others);
}

/* The middle of the scale stands at the mean points, so that it reads "a
 * usual customer has so many points and these odds". */
static gb_status set_scale(fit *f, gb_score_card *card, double *auc)
{
    const double unit = LN2 / f->o.points_to_double;
    double sum = 0, shift;
    tally t = { .n = 0 };
    gb_status status = count_points(f, card, &t);

    if (!status) {
        for (size_t p = 0; p < t.n; p++) {
            t.eta[p] = (double)p * unit;
            sum += (double)p * t.rows[p];
        }
        shift = score_logit_shift(t.eta, t.rows, t.events, t.n);
        card->has_scale = true;
        card->scale.to_double = f->o.points_to_double;
        card->scale.points = round(sum / (double)f->rows.n);
        card->scale.odds = exp(shift + card->scale.points * unit);
        *auc = auc_of_tally(&t);
    }
    base_free(f->mem, t.eta);
    base_free(f->mem, t.rows);
    base_free(f->mem, t.events);
    return status;
}

/* ---- how it came about ---- */

static const char *const reason_names[]
    = { [FIT_IN] = "",          [FIT_SAME] = "same",
        [FIT_ALONE] = "alone",  [FIT_UNSEEN] = "unseen",
        [FIT_DRIFT] = "drift",  [FIT_TURNED] = "turned",
        [FIT_REPEATS] = "repeats", [FIT_NO_GAIN] = "no_gain" };

static void add_real(base_text *text, const char *key, double value)
{
    base_text_format(text, ", \"%s\": ", key);
    base_text_real(text, value, 4);
}

static void add_left_out(const fit *f, base_text *text)
{
    bool is_first = true;

    base_text_add(text, ",\n    \"left_out\": [");
    for (size_t i = 0; i < f->candidates.n; i++) {
        const fit_candidate *c = &f->candidates.items[i];

        /* Derived ones that did not make it are no news. */
        if (c->reason == FIT_IN || c->other != SIZE_MAX)
            continue;
        base_text_add(text, is_first ? "\n      {" : ",\n      {");
        is_first = false;
        base_text_add(text, "\"column\": ");
        base_text_json(text, c->name);
        base_text_format(text, ", \"reason\": \"%s\"",
                         reason_names[c->reason]);
        if (c->reason == FIT_REPEATS) {
            base_text_add(text, ", \"of\": ");
            base_text_json(text, f->candidates.items[c->repeats].name);
        }
        add_real(text, "auc", c->alone);
        add_real(text, "held", c->held);
        add_real(text, "psi", c->psi);
        add_real(text, "unseen", c->unseen);
        base_text_add(text, "}");
    }
    base_text_add(text, "]");
}

static void add_suspects(const fit *f, base_text *text)
{
    bool is_first = true;

    base_text_add(text, ",\n    \"suspects\": [");
    for (size_t i = 0; i < f->candidates.n; i++) {
        if (!f->candidates.items[i].is_suspect)
            continue;
        base_text_add(text, is_first ? "" : ", ");
        base_text_json(text, f->candidates.items[i].name);
        is_first = false;
    }
    base_text_add(text, "]");
}

static void add_taken(const fit *f, base_text *text)
{
    bool is_first = true;

    base_text_add(text, ",\n    \"taken\": [");
    for (size_t k = 0; k < f->n_chosen; k++) {
        const fit_candidate *c = &f->candidates.items[f->chosen[k]];

        if (!is_worth(f, k))
            continue;
        base_text_add(text, is_first ? "\n      {" : ",\n      {");
        is_first = false;
        base_text_add(text, "\"factor\": ");
        base_text_json(text, c->name);
        add_real(text, "weight", f->model.beta[k + 1]);
        add_real(text, "gain", f->gains[k]);
        add_real(text, "honest", c->honest);
        add_real(text, "information", c->information);
        add_real(text, "held", c->held);
        add_real(text, "auc", c->alone);
        add_real(text, "psi", c->psi);
        base_text_add(text, "}");
    }
    base_text_add(text, "]");
}

static void add_word(base_text *text, const char *key, const char *value)
{
    if (!value)
        return;
    base_text_format(text, ", \"%s\": ", key);
    base_text_json(text, value);
}

static gb_status tell(const fit *f, double auc, gb_score_card *card)
{
    base_text text;

    base_text_init(&text, f->mem);
    base_text_format(&text, "{\"rows\": %zu, \"events\": %zu", f->rows.n,
                     f->rows.n_events);
    add_real(&text, "auc", auc);
    add_word(&text, "id", f->o.given->id);
    add_word(&text, "target", f->o.given->target);
    add_word(&text, "where", f->o.given->where);
    add_taken(f, &text);
    add_left_out(f, &text);
    add_suspects(f, &text);
    base_text_add(&text, "}");
    card->fitted
        = text.is_short ? NULL : score_card_keep(card, text.chars);
    base_text_clear(&text);
    return card->fitted ? GB_OK : base_fail_nomem(f->run->ctx);
}

gb_status fit_make_card(fit *f, gb_score_card **out)
{
    const char *name = f->o.given->name;
    gb_score_card *card = score_card_new(f->run->ctx);
    double auc = 0;
    gb_status status = card ? GB_OK : base_fail_nomem(f->run->ctx);

    if (!status) {
        card->version = 1;
        card->name = score_card_keep(card, name ? name : "fitted");
        status = card->name ? keep_factors(f, card)
                            : base_fail_nomem(f->run->ctx);
    }
    if (!status)
        status = set_scale(f, card, &auc);
    if (!status)
        status = tell(f, auc, card);
    if (!status)
        status = score_card_borrow_presence(f->run->ctx, card);
    if (status) {
        gb_score_card_free(card);
        return status;
    }
    *out = card;
    return GB_OK;
}
