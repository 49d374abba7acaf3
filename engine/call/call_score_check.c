/*
 * call_score_check.c - what a card is worth on rows that it has not seen, and
 * two cards side by side.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "call_score.h"

enum { CODE_FALSE = 1 };
static const double LOUD_PSI = .25;

/* ---- rows and a card ---- */

typedef struct checking {
    call *c;
    call_card card;
    call_score_data data;
    size_t *order;         /* rows by time */
    double *probability;   /* in that order, as the outcomes */
    uint8_t *outcome;
    double *recalibrated;
    gb_scorecard_figures figures;
} checking;

/* The rule that a card must beat: the longer ago, the less likely. */
static const char *recency_column(const checking *x)
{
    static const char *const usual[]
        = { "recency", "recency_days", "days_since_last", "months_dormant",
            "days_dormant" };
    const char *given = call_text(x->c, "recency");

    for (size_t i = 0; !given && i < COUNT_OF(usual); i++)
        if (call_score_find(&x->data.file, usual[i]) != SIZE_MAX)
            given = usual[i];
    return given;
}

/* Columns are known once the file is open, so it is opened for a look. */
static gb_status usual_recency(checking *x, char *name, size_t size)
{
    const char *found;
    gb_status status = call_score_open(x->c->ctx, call_text(x->c, "in"),
                                       &x->data.file);

    *name = '\0';
    if (!status && (found = recency_column(x)))
        snprintf(name, size, "%s", found);
    call_score_close(&x->data.file);
    return status;
}

static gb_status read_rows(checking *x, const char *card_param,
                           const char *also)
{
    call *c = x->c;
    call_score_wish wish = { .path = call_text(c, "in"),
                             .target = call_text(c, "target"),
                             .event = call_text(c, "event"),
                             .where = call_text(c, "where"),
                             .time = call_text(c, "time"),
                             .card = &x->card, .also = also };
    gb_status status = call_card_read(c, card_param, &x->card);

    if (!status && !wish.target)
        wish.target = call_card_told(&x->card, "target");
    if (!status && !wish.target)
        status = base_fail(c->ctx, GB_ERR_ARGUMENT,
                           "the card does not say what it foretells: name the "
                           "column with --target");
    return status ? status : call_score_read(c, &wish, &x->data);
}

typedef struct timed {
    double time;
    size_t row;
} timed;

static int by_time(const void *a, const void *b)
{
    const timed *x = a, *y = b;

    if (x->time < y->time || x->time > y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static gb_status sort_rows(checking *x)
{
    base_mem *mem = x->c->mem;
    const size_t n = x->data.n;
    timed *rows = base_alloc_array(mem, n, sizeof *rows);

    x->order = base_alloc_array(mem, n, sizeof *x->order);
    x->outcome = base_alloc_array(mem, n, 1);
    x->probability = base_alloc_array(mem, n, sizeof *x->probability);
    x->recalibrated = base_alloc_array(mem, n, sizeof *x->recalibrated);
    if (!rows || !x->order || !x->outcome || !x->probability
        || !x->recalibrated) {
        base_free(mem, rows);
        return base_fail_nomem(x->c->ctx);
    }
    for (size_t i = 0; i < n; i++) {
        const double time = x->data.time[i];

        rows[i] = (timed){ isnan(time) ? (double)-INFINITY : time, i };
    }
    qsort(rows, n, sizeof *rows, by_time);
    for (size_t i = 0; i < n; i++) {
        x->order[i] = rows[i].row;
        x->outcome[i] = x->data.outcome[rows[i].row];
    }
    base_free(mem, rows);
    return GB_OK;
}

static gb_status score_rows(checking *x)
{
    base_mem *mem = x->c->mem;
    double *raw = base_alloc_array(mem, x->data.n, sizeof *raw);
    gb_status status = raw ? sort_rows(x) : base_fail_nomem(x->c->ctx);

    if (!status)
        status = gb_scorecard_apply(x->c->ctx, x->card.card,
                                    &x->data.rows.table, NULL, NULL, raw);
    for (size_t i = 0; i < x->data.n && !status; i++)
        x->probability[i] = raw[x->order[i]];
    base_free(mem, raw);
    return status;
}

static gb_status find_figures(checking *x, int32_t calibration)
{
    gb_scorecard_check_options o = GB_SCORECARD_CHECK_OPTIONS_INIT;

    o.calibration = calibration;
    o.every = (uint32_t)call_int(x->c, "every");
    x->figures.size = sizeof x->figures;
    return gb_scorecard_check(x->c->ctx, x->probability, x->outcome,
                              x->data.n, &o, &x->figures, x->recalibrated);
}

static void clear(checking *x)
{
    call_card_clear(&x->card);
    call_score_data_clear(x->c, &x->data);
    base_free(x->c->mem, x->order);
    base_free(x->c->mem, x->outcome);
    base_free(x->c->mem, x->probability);
    base_free(x->c->mem, x->recalibrated);
}

/* ---- figures as JSON ---- */

static json_t *describe_tenths(const gb_scorecard_figures *f)
{
    json_t *list = json_array();

    for (size_t t = 0; list && t < 10; t++)
        call_put(list, NULL,
                 json_pack("{s:i, s:f, s:f, s:f, s:f}", "tenth", (int)t + 1,
                           "rows", f->tenths[t].n_rows, "probability",
                           f->tenths[t].probability, "rate",
                           f->tenths[t].rate, "lift", f->tenths[t].lift));
    return list;
}

static json_t *describe_figures(const gb_scorecard_figures *f)
{
    return json_pack(
        "{s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", "rows",
        (json_int_t)f->n_rows, "events", (json_int_t)f->n_events, "auc",
        f->auc, "ks", f->ks, "brier", f->brier, "log_loss", f->log_loss,
        "calibration_error", f->calibration_error, "mean_probability",
        f->mean_probability, "rate", f->rate, "tenths", describe_tenths(f));
}

static gb_status add_stability(checking *x, json_t *result)
{
    const size_t n = gb_score_card_n_factors(x->card.card);
    double *psi = base_alloc_array(x->c->mem, n, sizeof *psi);
    json_t *list = json_array(), *loud = json_array();
    gb_status status = psi && list && loud ? GB_OK : base_fail_nomem(x->c->ctx);

    if (!status)
        status = gb_scorecard_stability(x->c->ctx, x->card.card,
                                        &x->data.rows.table, psi);
    for (size_t f = 0; f < n && !status; f++) {
        const char *name = gb_score_card_factor(x->card.card, f);

        if (isnan(psi[f]))
            continue;
        call_put(list, NULL,
                 json_pack("{s:s, s:f}", "factor", name, "psi", psi[f]));
        if (psi[f] > LOUD_PSI)
            call_put(loud, NULL, json_string(name));
    }
    if (!status
        && (!call_put(result, "stability", json_incref(list))
            || !call_put(result, "unstable", json_incref(loud))))
        status = base_fail_nomem(x->c->ctx);
    json_decref(list);
    json_decref(loud);
    base_free(x->c->mem, psi);
    return status;
}

static const double *numbers_of(const gb_scorecard_table *table,
                                const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return table->columns[c].numbers;
    return NULL;
}

/* The plain rule's AUC; a card below it is told so, with code 1. */
static gb_status add_recency(checking *x, const char *name, json_t *result)
{
    const double *recency = numbers_of(&x->data.rows.table, name);
    double *rank, auc = .5, plain = .5;
    gb_status status;

    if (!*name || !recency)
        return GB_OK;
    rank = base_alloc_array(x->c->mem, x->data.n, sizeof *rank);
    if (!rank)
        return base_fail_nomem(x->c->ctx);
    for (size_t i = 0; i < x->data.n; i++)
        rank[i] = -recency[x->order[i]];
    status = gb_scorecard_auc(x->c->ctx, rank, x->outcome, x->data.n, &auc);
    if (!status) /* of the card as it is, without a calibration over time */
        status = gb_scorecard_auc(x->c->ctx, x->probability, x->outcome,
                                  x->data.n, &plain);
    base_free(x->c->mem, rank);
    if (status)
        return status;
    if (plain < auc)
        x->c->code = CODE_FALSE;
    if (!call_put(result, "recency", json_string(name))
        || !call_put(result, "recency_auc", json_real(auc))
        || !call_put(result, "worse_than_recency", json_boolean(plain < auc)))
        return base_fail_nomem(x->c->ctx);
    return GB_OK;
}

static gb_status add_plain(checking *x, json_t *result)
{
    gb_scorecard_figures figures = { .size = sizeof figures };
    const gb_status status
        = gb_scorecard_check(x->c->ctx, x->probability, x->outcome, x->data.n,
                             NULL, &figures, NULL);

    if (status)
        return status;
    if (!call_put(result, "plain_auc", json_real(figures.auc))
        || !call_put(result, "plain_calibration_error",
                     json_real(figures.calibration_error)))
        return base_fail_nomem(x->c->ctx);
    return GB_OK;
}

static gb_status check(call *c, json_t **result)
{
    checking x = { .c = c };
    const int32_t calibration = (int32_t)call_choice(c, "calibrate");
    char recency[200] = "";
    json_t *made = NULL;
    gb_status status = usual_recency(&x, recency, sizeof recency);

    if (!status)
        status = read_rows(&x, "card", *recency ? recency : NULL);
    if (!status)
        status = score_rows(&x);
    if (!status)
        status = find_figures(&x, calibration > 0 ? calibration : 0);
    if (!status) {
        made = describe_figures(&x.figures);
        status = made ? GB_OK : base_fail_nomem(c->ctx);
    }
    if (!status && calibration > 0)
        status = add_plain(&x, made);
    if (!status)
        status = add_stability(&x, made);
    if (!status)
        status = add_recency(&x, recency, made);
    if (!status && x.data.file.n_bad > 0
        && !call_put(made, "remark", call_score_told(&x.data.file)))
        status = base_fail_nomem(c->ctx);
    if (!status)
        status = call_result(c, result, made);
    else
        json_decref(made);
    clear(&x);
    return status;
}

/* ---- two cards ---- */

static json_t *factor_of(const call_card *card, const char *name)
{
    json_t *factors = json_object_get(card->json, "factors");

    for (size_t f = 0; f < json_array_size(factors); f++) {
        json_t *factor = json_array_get(factors, f);
        const char *own = json_string_value(json_object_get(factor, "name"));

        if (own && strcmp(own, name) == 0)
            return factor;
    }
    return NULL;
}

/* Most points that a factor can give, and the least. */
static void span_of(const json_t *factor, json_int_t *least, json_int_t *most)
{
    const json_t *bins = json_object_get(factor, "bins");

    bins = bins ? bins : json_object_get(factor, "groups");
    *least = *most = json_integer_value(json_object_get(factor, "missing"));
    if (json_object_get(factor, "tag"))
        *most = json_integer_value(json_object_get(factor, "points"));
    for (size_t b = 0; b < json_array_size(bins); b++) {
        const json_int_t points = json_integer_value(
            json_object_get(json_array_get(bins, b), "points"));

        *least = points < *least ? points : *least;
        *most = points > *most ? points : *most;
    }
}

static json_t *span_json(const json_t *factor)
{
    json_int_t least, most;

    if (!factor)
        return json_null();
    span_of(factor, &least, &most);
    return json_integer(most - least);
}

static void compare_factors(const call_card *a, const call_card *b,
                            bool is_back, json_t *list)
{
    const json_t *factors = json_object_get(a->json, "factors");

    for (size_t f = 0; f < json_array_size(factors); f++) {
        json_t *factor = json_array_get(factors, f);
        const char *name
            = json_string_value(json_object_get(factor, "name"));
        json_t *other = factor_of(b, name);

        if (is_back && other)
            continue; /* told already */
        call_put(list, NULL,
                 json_pack("{s:s, s:o, s:o, s:b}", "factor", name,
                           is_back ? "with" : "card", span_json(factor),
                           is_back ? "card" : "with", span_json(other),
                           "equal", json_equal(factor, other)));
    }
}

static gb_status add_side(call *c, const char *param, const char *key,
                          json_t *result)
{
    checking x = { .c = c };
    gb_status status = read_rows(&x, param, NULL);

    if (!status)
        status = score_rows(&x);
    if (!status)
        status = find_figures(&x, 0);
    if (!status && !call_put(result, key, describe_figures(&x.figures)))
        status = base_fail_nomem(c->ctx);
    clear(&x);
    return status;
}

static gb_status compare(call *c, json_t **result)
{
    call_card a = { 0 }, b = { 0 };
    json_t *made = json_object(), *list = json_array();
    gb_status status
        = made && list ? GB_OK : base_fail_nomem(c->ctx);

    if (!status)
        status = call_card_read(c, "card", &a);
    if (!status)
        status = call_card_read(c, "with", &b);
    if (!status) {
        compare_factors(&a, &b, false, list);
        compare_factors(&b, &a, true, list);
        if (!call_put(made, "factors", json_incref(list)))
            status = base_fail_nomem(c->ctx);
    }
    if (!status && call_has(c, "in"))
        status = add_side(c, "card", "of_card", made);
    if (!status && call_has(c, "in"))
        status = add_side(c, "with", "of_with", made);
    if (!status && call_has(c, "in")
        && !call_put(made, "auc_gain",
                     json_real(
                         json_number_value(json_object_get(
                             json_object_get(made, "of_card"), "auc"))
                         - json_number_value(json_object_get(
                             json_object_get(made, "of_with"), "auc")))))
        status = base_fail_nomem(c->ctx);
    json_decref(list);
    call_card_clear(&a);
    call_card_clear(&b);
    if (status) {
        json_decref(made);
        return status;
    }
    return call_result(c, result, made);
}

/* ---- the table ---- */

#define CARD                                                                  \
    { .name = "card", .type = CALL_PATH, .is_required = true,                 \
      .help = GB_N("the card in JSON") }
#define TARGET                                                                \
    { .name = "target", .type = CALL_TEXT,                                    \
      .help = GB_N("the column of the outcome; else that of the fit") },      \
    { .name = "event", .type = CALL_TEXT,                                     \
      .help = GB_N("the text of that column that is the outcome") },          \
    { .name = "where", .type = CALL_TEXT,                                     \
      .help = GB_N("which rows to look at, as an SQLite condition: later "    \
                   "ones than the card was fitted on") },                     \
    { .name = "time", .type = CALL_TEXT,                                      \
      .help = GB_N("the column to order the rows by; else as in the file") }

static const call_param check_params[] = {
    CARD,
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .help = GB_N("customers with what became of them: CSV") },
    TARGET,
    { .name = "calibrate", .type = CALL_ENUM,
      .choices = "none|rolling|isotonic", .fallback = "none",
      .help = GB_N("let probabilities follow the outcomes before them: by an "
                   "intercept, or by a rising step function") },
    { .name = "every", .type = CALL_INT, .min = 1, .max = 1 << 30,
      .fallback = "1000", .help = GB_N("rows until the next calibration") },
    { .name = "recency", .type = CALL_TEXT,
      .help = GB_N("the column of the time since the last transaction: the "
                   "plain rule that a card must beat") },
};
static const call_column check_columns[] = {
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "events", GB_N("of them with the outcome"), CALL_SHOW_PLAIN },
    { "auc", GB_N("AUC"), CALL_SHOW_PLAIN },
    { "ks", GB_N("KS"), CALL_SHOW_PLAIN },
    { "brier", GB_N("Brier"), CALL_SHOW_PLAIN },
    { "calibration_error", GB_N("calibration error"), CALL_SHOW_PLAIN },
    { "mean_probability", GB_N("mean probability"), CALL_SHOW_RATIO },
    { "rate", GB_N("mean outcome"), CALL_SHOW_RATIO },
    { "plain_auc", GB_N("AUC without calibration"), CALL_SHOW_PLAIN },
    { "plain_calibration_error",
      GB_N("calibration error without calibration"), CALL_SHOW_PLAIN },
    { "recency_auc", GB_N("AUC of the recency rule"), CALL_SHOW_PLAIN },
};
static const call_column tenth_columns[] = {
    { "tenth", GB_N("tenth"), CALL_SHOW_PLAIN },
    { "probability", GB_N("foretold"), CALL_SHOW_RATIO },
    { "rate", GB_N("came about"), CALL_SHOW_RATIO },
    { "lift", GB_N("lift"), CALL_SHOW_PLAIN },
};
static const call_column stability_columns[] = {
    { "factor", GB_N("factor"), CALL_SHOW_PLAIN },
    { "psi", GB_N("stability index"), CALL_SHOW_PLAIN },
};
static const call_block check_blocks[] = {
    { CALL_COLUMNS(check_columns) },
    { .rows = "tenths", CALL_COLUMNS(tenth_columns) },
    { .when = "stability", .rows = "stability",
      CALL_COLUMNS(stability_columns) },
    { .when = "worse_than_recency",
      .text = GB_N("this card ranks worse than {recency} alone: do not use "
                   "it") },
    { .when = "remark", .text = "{remark}" },
};
static const call_param compare_params[] = {
    CARD,
    { .name = "with", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the other card in JSON") },
    { .name = "in", .type = CALL_PATH,
      .help = GB_N("customers with what became of them, to compare the cards "
                   "on: CSV") },
    TARGET,
    { .name = "every", .type = CALL_INT, .min = 1, .max = 1 << 30,
      .fallback = "1000", .help = GB_N("rows until the next calibration") },
};
static const call_column compare_columns[] = {
    { "factor", GB_N("factor"), CALL_SHOW_PLAIN },
    { "card", GB_N("points from first to last, this card"), CALL_SHOW_PLAIN },
    { "with", GB_N("the other card"), CALL_SHOW_PLAIN },
};
static const call_column side_columns[] = {
    { "of_card.auc", GB_N("AUC, this card"), CALL_SHOW_PLAIN },
    { "of_with.auc", GB_N("AUC, the other card"), CALL_SHOW_PLAIN },
    { "of_card.brier", GB_N("Brier, this card"), CALL_SHOW_PLAIN },
    { "of_with.brier", GB_N("Brier, the other card"), CALL_SHOW_PLAIN },
};
static const call_block compare_blocks[] = {
    { .rows = "factors", CALL_COLUMNS(compare_columns) },
    { .when = "of_card", CALL_COLUMNS(side_columns) },
};

static const call_method methods[] = {
    { .name = "score.check",
      .help = GB_N("Say what a score card is worth on later rows"),
      CALL_PARAMS(check_params), CALL_BLOCKS(check_blocks), .run = check },
    { .name = "score.card.compare",
      .help = GB_N("Put two score cards side by side"),
      CALL_PARAMS(compare_params), CALL_BLOCKS(compare_blocks),
      .run = compare },
};
const call_group call_score_check_group = CALL_GROUP(methods);
