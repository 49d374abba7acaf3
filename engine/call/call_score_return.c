/*
 * call_score_return.c - score.return.fit, score.return.predict: who comes
 * back after a silence (data/BEHAVIOUR.md).
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/behaviour.h>

#include "call_file.h"
#include "call_score_model.h"
#include "call_score_rows.h"
#include "store_date.h"

/* ---- the log ---- */

static gb_status read_log(call *c, score_log *log, score_rejects *rejects,
                          gb_behaviour_events *events, int32_t *day)
{
    const char *path = call_text(c, "in");
    base_csv *csv = NULL;
    gb_status status = base_csv_open(c->ctx, path, &csv);

    memset(log, 0, sizeof *log);
    if (status)
        return status;
    status = score_log_read(c->ctx, c->mem, csv, path, log, rejects);
    base_csv_close(csv);
    if (!status)
        status = score_rejects_judge(c->ctx, path, rejects,
                                     call_real(c, "max_reject"));
    *events = (gb_behaviour_events){ sizeof *events, log->n, log->n_customers,
                                     log->customer, log->day, log->amount };
    *day = call_has(c, "end") ? store_day_parse(call_text(c, "end"))
                              : log->last_day;
    return status;
}

/* ---- fit ---- */

static json_t *describe(const gb_behaviour_return *m)
{
    json_t *params = json_object(), *weights = json_object();
    json_t *list = json_array();

    for (size_t i = 0; gb_behaviour_param(m->kind, i); i++)
        call_put(params, gb_behaviour_param(m->kind, i),
                 json_real(m->params[i]));
    for (size_t i = 0; gb_behaviour_return_weight(i); i++) {
        const char *name = gb_behaviour_return_weight(i);

        call_put(weights, name, json_real(m->weights[i]));
        call_put(list, NULL, json_pack("{s:s, s:f}", "name", name, "value",
                                       m->weights[i]));
    }
    return json_pack(
        "{s:s, s:o, s:o, s:f, s:f, s:f, s:f, s:b, s:I, s:I, s:I, s:b, s:o}",
        "model", gb_behaviour_name(m->kind), "params", params, "weights",
        weights, "within_days", m->within_days, "dormant_days",
        m->dormant_days, "unit_days", m->unit_days, "amount_scale",
        m->amount_scale, "converged", (int)m->is_converged, "n",
        (json_int_t)m->n_examples, "returned", (json_int_t)m->n_returned,
        "dates", (json_int_t)m->n_dates, "unfinished", (int)!m->is_converged,
        "list", list);
}

static gb_status run_fit(call *c, json_t **result)
{
    gb_behaviour_return_options o = GB_BEHAVIOUR_RETURN_OPTIONS_INIT;
    gb_behaviour_return model = GB_BEHAVIOUR_RETURN_INIT;
    gb_behaviour_events events;
    score_rejects rejects;
    score_log log;
    int32_t day = 0;
    gb_status status = read_log(c, &log, &rejects, &events, &day);

    o.kind = call_choice(c, "model") + 1; /* in the order of kinds */
    o.within_days = call_real(c, "within_days");
    o.dormant_days = call_real(c, "dormant_days");
    if (!(o.dormant_days > 0))
        o.dormant_days = -1;
    o.n_dates = (uint32_t)call_int(c, "dates");
    o.unit_days = call_real(c, "unit_days");
    if (!status)
        status = gb_behaviour_return_fit(c->ctx, &events, day, &o, &model);
    if (!status)
        status = call_result(c, result, describe(&model));
    if (!status)
        status = score_model_write(c, "out", *result);
    if (!status && !score_rejects_put(c, &rejects, *result))
        status = base_fail_nomem(c->ctx);
    score_log_clear(c->mem, &log);
    return status;
}

/* ---- the model, read ---- */

static gb_status take_number(call *c, const json_t *json, const char *name,
                             double *out)
{
    const json_t *value = json_object_get(json, name);

    if (!json_is_number(value))
        return base_fail(c->ctx, GB_ERR_DATA,
                         "fitted: \"%s\" must be a number", name);
    *out = json_number_value(value);
    return GB_OK;
}

static gb_status take_model(call *c, gb_behaviour_return *out)
{
    gb_behaviour_model model;
    json_t *json = NULL;
    gb_status status = score_model_json_take(c, "fitted", &model, &json);

    *out = (gb_behaviour_return)GB_BEHAVIOUR_RETURN_INIT;
    if (status)
        return status;
    out->kind = model.kind;
    memcpy(out->params, model.params, sizeof out->params);
    status = take_number(c, json, "within_days", &out->within_days);
    if (!status)
        status = take_number(c, json, "dormant_days", &out->dormant_days);
    if (!status)
        status = take_number(c, json, "unit_days", &out->unit_days);
    if (!status)
        status = take_number(c, json, "amount_scale", &out->amount_scale);
    for (size_t i = 0; !status && gb_behaviour_return_weight(i); i++)
        status = take_number(c, json_object_get(json, "weights"),
                             gb_behaviour_return_weight(i), &out->weights[i]);
    json_decref(json);
    return status;
}

/* ---- predict ---- */

static void add_number(base_text *text, double value)
{
    base_text_add(text, ",");
    base_text_exact(text, value);
}

static size_t write_chances(const score_log *log, const double *p,
                            const double *any, const double *silent,
                            double *sum, base_text *text)
{
    size_t n = 0;

    base_text_add(text, "id,p,p_any,silent_days\n");
    for (size_t i = 0; i < log->n_customers; i++) {
        if (isnan(p[i]))
            continue;
        n++;
        *sum += p[i];
        base_text_csv(text, call_names_name(&log->names, (uint32_t)i));
        add_number(text, p[i]);
        add_number(text, any[i]);
        add_number(text, silent[i]);
        base_text_add(text, "\n");
    }
    return n;
}

static gb_status answer(call *c, const gb_behaviour_return *model,
                        const score_log *log, int32_t day, const double *p,
                        const score_rejects *rejects, json_t **result)
{
    double sum = 0;
    base_text text;
    char end[16];
    size_t n;
    gb_status status;

    base_text_init(&text, c->mem);
    n = write_chances(log, p, p + log->n_customers, p + 2 * log->n_customers,
                      &sum, &text);
    status = call_result(c, result,
                         json_pack("{s:I, s:s, s:f, s:f, s:f}", "customers",
                                   (json_int_t)n, "end",
                                   store_day_text(end, day), "within_days",
                                   model->within_days, "dormant_days",
                                   model->dormant_days, "expected", sum));
    if (!status && !score_rejects_put(c, rejects, *result))
        status = base_fail_nomem(c->ctx);
    if (!status)
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status run_predict(call *c, json_t **result)
{
    gb_behaviour_return model;
    gb_behaviour_events events;
    score_rejects rejects;
    score_log log = { 0 };
    double *p = NULL;
    int32_t day = 0;
    gb_status status = take_model(c, &model);

    if (!status)
        status = read_log(c, &log, &rejects, &events, &day);
    if (!status) {
        p = base_alloc_array(c->mem, log.n_customers, 3 * sizeof *p);
        status = p ? gb_behaviour_return_predict(
                         c->ctx, &model, &events, day, p,
                         p + log.n_customers, p + 2 * log.n_customers)
                   : base_fail_nomem(c->ctx);
    }
    if (!status)
        status = answer(c, &model, &log, day, p, &rejects, result);
    base_free(c->mem, p);
    score_log_clear(c->mem, &log);
    return status;
}

/* ---- the table ---- */

#define IN                                                                    \
    { .name = "in", .type = CALL_PATH, .is_required = true,                   \
      .is_positional = true,                                                  \
      .help = GB_N("transactions as CSV: id, date, and amount and started_by "\
                   "where there are") }
#define MAX_REJECT                                                            \
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",             \
      .help = GB_N("nothing is done when more of the rows are bad") }
#define REJECTS                                                               \
    { .when = "rejected", .text = GB_N("{rejected} rows are bad") },          \
    { .when = "rejects", .rows = "rejects",                                   \
      .columns = score_reject_columns, .n_columns = SCORE_N_REJECT_COLUMNS }, \
    { .when = "file", .text = GB_N("written: {file}") }

static const call_param fit_params[] = {
    IN,
    { .name = "end", .type = CALL_DATE,
      .help = GB_N("the last day of the record, after which nothing is looked "
                   "at; else that of the last transaction") },
    { .name = "within_days", .type = CALL_REAL, .fallback = "90", .min = 1,
      .max = 1000000,
      .help = GB_N("who comes back within so many days") },
    { .name = "dormant_days", .type = CALL_REAL, .fallback = "182",
      .min = 0, .max = 1000000,
      .help = GB_N("of those silent for at least so many days; 0: of all") },
    { .name = "dates", .type = CALL_INT, .fallback = "8", .min = 1,
      .max = 1000,
      .help = GB_N("dates of the past to learn from, a sixth of the time "
                   "apart") },
    { .name = "model", .type = CALL_ENUM, .fallback = "mbgnbd",
      .choices = "bgnbd|mbgnbd|paretonbd",
      .help = GB_N("the behaviour model that is one of the figures") },
    { .name = "unit_days", .type = CALL_REAL, .fallback = "7", .min = 1,
      .max = 1000000,
      .help = GB_N("days to the unit of time: 7 for weeks") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file of the model, for score return predict") },
    MAX_REJECT,
};
static const call_column weight_columns[] = {
    { "name", GB_N("figure"), CALL_SHOW_PLAIN },
    { "value", GB_N("weight"), CALL_SHOW_PLAIN },
};
static const call_block fit_blocks[] = {
    { .text = GB_N("of {n} silent at {dates} dates of the past {returned} "
                   "came back within {within_days} days") },
    { .rows = "list", CALL_COLUMNS(weight_columns) },
    { .when = "unfinished",
      .text = GB_N("WARNING: the search did not come to an end") },
    REJECTS,
};

static const call_param predict_params[] = {
    { .name = "fitted", .type = CALL_DOCUMENT, .is_required = true,
      .help = GB_N("the model that score return fit wrote") },
    IN,
    { .name = "end", .type = CALL_DATE,
      .help = GB_N("the day to look ahead from; else that of the last "
                   "transaction") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file to write; else the console") },
    MAX_REJECT,
};
static const call_block predict_blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file",
      .text = GB_N("of {customers} silent on {end} {expected} are expected "
                   "back within {within_days} days") },
    REJECTS,
};

static const call_method methods[] = {
    { .name = "score.return.fit",
      .help = GB_N("Learn from the past who comes back after a silence"),
      CALL_PARAMS(fit_params), CALL_BLOCKS(fit_blocks), .run = run_fit },
    { .name = "score.return.predict",
      .help = GB_N("Foretell who comes back after a silence"),
      CALL_PARAMS(predict_params), CALL_BLOCKS(predict_blocks),
      .run = run_predict },
};
const call_group call_score_return_group = CALL_GROUP(methods);
