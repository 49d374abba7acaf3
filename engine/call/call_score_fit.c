/*
 * call_score_fit.c - score.summary, score.fit, score.predict: behaviour
 * models on files, without a workspace (data/BEHAVIOUR.md).
 */
#include "call_groups.h"

#include <string.h>

#include <gridbeat/behaviour.h>

#include "call_file.h"
#include "call_score_model.h"
#include "call_score_rows.h"
#include "store_date.h"

/* ---- files in ---- */

static gb_status open_csv(call *c, base_csv **csv)
{
    const gb_status status = base_csv_open(c->ctx, call_text(c, "in"), csv);

    if (status)
        *csv = NULL;
    return status;
}

static gb_status read_customers(call *c, score_wanted wanted,
                                score_customers *customers,
                                score_rejects *rejects)
{
    const char *path = call_text(c, "in");
    base_csv *csv = NULL;
    gb_status status = open_csv(c, &csv);

    memset(customers, 0, sizeof *customers);
    if (!status)
        status = score_customers_read(c->ctx, c->mem, csv, path, wanted,
                                      customers, rejects);
    if (csv)
        base_csv_close(csv);
    if (!status)
        status = score_rejects_judge(c->ctx, path, rejects,
                                     call_real(c, "max_reject"));
    return status;
}

static gb_behaviour_rows rows_of(const score_customers *customers)
{
    return (gb_behaviour_rows){ sizeof(gb_behaviour_rows), customers->n,
                                customers->x, customers->t_x, customers->T,
                                customers->m };
}

/* ---- score.summary ---- */

typedef struct figures {
    double *x, *t_x, *T, *m;
} figures;

static gb_status sum_up(call *c, const score_log *log, int32_t end_day,
                        figures *f)
{
    const gb_behaviour_events events
        = { sizeof events, log->n, log->n_customers, log->customer, log->day,
            log->amount };
    double **const all[] = { &f->x, &f->t_x, &f->T, &f->m };
    gb_behaviour_summary out = { .size = sizeof out };

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        *all[i] = base_alloc_array(c->mem, log->n_customers, sizeof **all[i]);
        if (!*all[i])
            return base_fail_nomem(c->ctx);
    }
    out.x = f->x;
    out.t_x = f->t_x;
    out.T = f->T;
    out.m = f->m;
    return gb_behaviour_summarize(c->ctx, &events, end_day,
                                  call_real(c, "unit_days"), &out);
}

static size_t write_figures(const score_log *log, const figures *f,
                            base_text *text)
{
    size_t n = 0;

    base_text_add(text, log->amount ? "id,x,t_x,T,m\n" : "id,x,t_x,T\n");
    for (size_t i = 0; i < log->n_customers; i++) {
        const double all[] = { f->x[i], f->t_x[i], f->T[i], f->m[i] };

        if (f->T[i] < 0)
            continue;
        n++;
        base_text_csv(text, call_names_name(&log->names, (uint32_t)i));
        for (size_t k = 0; k < (log->amount ? 4u : 3u); k++) {
            base_text_add(text, ",");
            base_text_exact(text, all[k]);
        }
        base_text_add(text, "\n");
    }
    return n;
}

static gb_status answer_summary(call *c, const score_log *log,
                                const score_rejects *rejects, int32_t end_day,
                                size_t n, json_t **result)
{
    char end[16];

    if (call_result(c, result,
                    json_pack("{s:I, s:I, s:I, s:s}", "customers",
                              (json_int_t)n, "transactions",
                              (json_int_t)log->n, "not_started_by_them",
                              (json_int_t)log->n_not_theirs, "end",
                              store_day_text(end, end_day)))
        || !score_rejects_put(c, rejects, *result))
        return base_fail_nomem(c->ctx);
    return GB_OK;
}

static gb_status run_summary(call *c, json_t **result)
{
    const char *path = call_text(c, "in");
    score_rejects rejects;
    score_log log = { 0 };
    figures f = { NULL, NULL, NULL, NULL };
    base_csv *csv = NULL;
    base_text text;
    int32_t end_day = 0;
    gb_status status = open_csv(c, &csv);

    base_text_init(&text, c->mem);
    if (!status)
        status = score_log_read(c->ctx, c->mem, csv, path, &log, &rejects);
    if (!status)
        status = score_rejects_judge(c->ctx, path, &rejects,
                                     call_real(c, "max_reject"));
    end_day = call_has(c, "end") ? store_day_parse(call_text(c, "end"))
                                 : log.last_day;
    if (!status)
        status = sum_up(c, &log, end_day, &f);
    if (!status)
        status = answer_summary(c, &log, &rejects, end_day,
                                write_figures(&log, &f, &text), result);
    if (!status)
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    base_free(c->mem, f.x);
    base_free(c->mem, f.t_x);
    base_free(c->mem, f.T);
    base_free(c->mem, f.m);
    score_log_clear(c->mem, &log);
    if (csv)
        base_csv_close(csv);
    return status;
}

/* ---- score.fit ---- */

static gb_status run_fit(call *c, json_t **result)
{
    const int32_t kind = call_choice(c, "model"); /* in the order of kinds */
    gb_behaviour_options options = GB_BEHAVIOUR_OPTIONS_INIT;
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT;
    score_customers customers;
    score_rejects rejects;
    gb_behaviour_rows rows;
    gb_status status
        = read_customers(c, kind == GB_BEHAVIOUR_GAMMAGAMMA
                                ? SCORE_WANTS_AMOUNTS : SCORE_WANTS_TIMES,
                         &customers, &rejects);

    if (c->max_iterations && c->max_iterations < UINT32_MAX)
        options.max_iterations = (uint32_t)c->max_iterations;
    rows = rows_of(&customers);
    if (!status)
        status = gb_behaviour_fit(c->ctx, kind, &rows, &options, &model);
    if (!status)
        status = call_result(c, result, score_model_json(&model));
    if (!status)
        status = score_model_write(c, "out", *result);
    if (!status && !score_rejects_put(c, &rejects, *result))
        status = base_fail_nomem(c->ctx);
    score_customers_clear(c->mem, &customers);
    return status;
}

/* ---- score.predict ---- */

typedef struct outlook {
    double *p_any, *p_alive, *expected, *spend;
} outlook;

static gb_status foretell(call *c, const gb_behaviour_model *model,
                          const gb_behaviour_model *amounts,
                          const score_customers *customers, outlook *o)
{
    const gb_behaviour_rows rows = rows_of(customers);
    double **const all[] = { &o->p_any, &o->p_alive, &o->expected, &o->spend };
    gb_behaviour_outlook out = GB_BEHAVIOUR_OUTLOOK_INIT;
    gb_status status;

    for (size_t i = 0; i < (amounts ? 4u : 3u); i++) {
        *all[i] = base_alloc_array(c->mem, customers->n, sizeof **all[i]);
        if (!*all[i])
            return base_fail_nomem(c->ctx);
    }
    out.p_any = o->p_any;
    out.p_alive = o->p_alive;
    out.expected = o->expected;
    status = gb_behaviour_predict(c->ctx, model, &rows,
                                  call_real(c, "within"), &out);
    if (!status && amounts)
        status = gb_behaviour_spend(c->ctx, amounts, &rows, o->spend);
    return status;
}

static void write_outlook(const score_customers *customers, const outlook *o,
                          base_text *text)
{
    base_text_add(text, customers->kept_at ? customers->heading.chars : "id");
    base_text_add(text, o->spend ? ",p_any,p_alive,expected,spend,value\n"
                                 : ",p_any,p_alive,expected\n");
    for (size_t i = 0; i < customers->n; i++) {
        const double spend = o->spend ? o->spend[i] : 0;
        const double all[] = { o->p_any[i], o->p_alive[i], o->expected[i],
                               spend, o->expected[i] * spend };

        if (customers->kept_at)
            base_text_add(text, customers->kept.chars + customers->kept_at[i]);
        else
            base_text_csv(text, customers->ids.chars + customers->id_at[i]);
        for (size_t k = 0; k < (o->spend ? 5u : 3u); k++) {
            base_text_add(text, ",");
            base_text_exact(text, all[k]);
        }
        base_text_add(text, "\n");
    }
}

static double sum_of(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

static gb_status answer_predict(call *c, const gb_behaviour_model *model,
                                const score_customers *customers,
                                const outlook *o, const score_rejects *rejects,
                                json_t **result)
{
    const size_t n = customers->n;
    base_text text;
    gb_status status
        = call_result(c, result,
                      json_pack("{s:s, s:I, s:f, s:f, s:f}", "model",
                                gb_behaviour_name(model->kind), "customers",
                                (json_int_t)n, "within",
                                call_real(c, "within"), "expected_any",
                                sum_of(o->p_any, n), "expected",
                                sum_of(o->expected, n)));

    base_text_init(&text, c->mem);
    if (!status && !score_rejects_put(c, rejects, *result))
        status = base_fail_nomem(c->ctx);
    if (!status) {
        write_outlook(customers, o, &text);
        status = call_file_give(c, *result, &text);
    }
    base_text_clear(&text);
    return status;
}

static gb_status run_predict(call *c, json_t **result)
{
    gb_behaviour_model model, amounts;
    score_customers customers = { 0 };
    score_rejects rejects;
    outlook o = { NULL, NULL, NULL, NULL };
    const bool has_amounts = call_has(c, "spend");
    gb_status status = score_model_take(c, "fitted", &model);

    if (!status && has_amounts)
        status = score_model_take(c, "spend", &amounts);
    if (!status)
        status = read_customers(
            c, (score_wanted)(SCORE_WANTS_TIMES
                              | (has_amounts ? SCORE_WANTS_AMOUNTS : 0)
                              | (call_flag(c, "keep") ? SCORE_KEEPS_ROWS : 0)),
            &customers, &rejects);
    if (!status)
        status = foretell(c, &model, has_amounts ? &amounts : NULL,
                          &customers, &o);
    if (!status)
        status = answer_predict(c, &model, &customers, &o, &rejects, result);
    base_free(c->mem, o.p_any);
    base_free(c->mem, o.p_alive);
    base_free(c->mem, o.expected);
    base_free(c->mem, o.spend);
    score_customers_clear(c->mem, &customers);
    return status;
}

/* ---- the table ---- */

#define MAX_REJECT                                                            \
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",             \
      .help = GB_N("nothing is done when more of the rows are bad") }
#define OUT                                                                   \
    { .name = "out", .type = CALL_PATH,                                       \
      .help = GB_N("the file to write; else the console") }

static const call_param summary_params[] = {
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .is_positional = true,
      .help = GB_N("transactions as CSV: id, date, and amount and started_by "
                   "where there are") },
    { .name = "end", .type = CALL_DATE,
      .help = GB_N("the last day of the record; else that of the last "
                   "transaction") },
    { .name = "unit_days", .type = CALL_REAL, .fallback = "7", .min = 1,
      .max = 1000000,
      .help = GB_N("days to the unit of time: 7 for weeks") },
    OUT, MAX_REJECT,
};
static const call_block summary_blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file",
      .text = GB_N("{customers} customers with {transactions} transactions, "
                   "up to {end}") },
    { .when = "not_started_by_them",
      .text = GB_N("{not_started_by_them} rows passed over that somebody else "
                   "started") },
    { .when = "rejected", .text = GB_N("{rejected} rows are bad") },
    { .when = "rejects", .rows = "rejects",
      .columns = score_reject_columns, .n_columns = SCORE_N_REJECT_COLUMNS },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_param fit_params[] = {
    { .name = "model", .type = CALL_ENUM, .is_required = true,
      .choices = "bgnbd|mbgnbd|paretonbd|gammagamma",
      .help = GB_N("which one; data/BEHAVIOUR.md compares them") },
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .is_positional = true,
      .help = GB_N("customers as CSV: x, t_x and T, or x and m, as score "
                   "summary writes them") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file of the model, for score predict") },
    MAX_REJECT,
};
static const call_column param_columns[] = {
    { "name", GB_N("parameter"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
};
static const call_block fit_blocks[] = {
    { .text = GB_N("{model}, fitted on {n} customers, {n_distinct} of them "
                   "unlike") },
    { .rows = "list", CALL_COLUMNS(param_columns) },
    { .text = GB_N("log-likelihood {loglik}") },
    { .when = "at_edge", .text = GB_N("the customers do not tell: {edges}") },
    { .when = "unfinished",
      .text = GB_N("WARNING: the search did not come to an end") },
    { .when = "rejected", .text = GB_N("{rejected} rows are bad") },
    { .when = "rejects", .rows = "rejects",
      .columns = score_reject_columns, .n_columns = SCORE_N_REJECT_COLUMNS },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_param predict_params[] = {
    { .name = "fitted", .type = CALL_DOCUMENT, .is_required = true,
      .help = GB_N("the model that score fit wrote; or {\"model\": \"bgnbd\", "
                   "\"params\": {...}}") },
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .is_positional = true,
      .help = GB_N("customers as CSV: x, t_x and T; for spend also m") },
    { .name = "within", .type = CALL_REAL, .is_required = true,
      .help = GB_N("the time to look ahead, in the unit of t_x and T") },
    { .name = "keep", .type = CALL_BOOL,
      .help = GB_N("write all columns of the file before the new ones: for "
                   "score card fit") },
    { .name = "spend", .type = CALL_DOCUMENT,
      .help = GB_N("a Gamma-Gamma model: gives amounts as well") },
    OUT, MAX_REJECT,
};
static const call_block predict_blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file",
      .text = GB_N("{model}: of {customers} customers {expected_any} are "
                   "expected to come within {within}, {expected} times in "
                   "all") },
    { .when = "rejected", .text = GB_N("{rejected} rows are bad") },
    { .when = "rejects", .rows = "rejects",
      .columns = score_reject_columns, .n_columns = SCORE_N_REJECT_COLUMNS },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "score.summary",
      .help = GB_N("Sum transactions up by customer: how many, how long ago"),
      CALL_PARAMS(summary_params), CALL_BLOCKS(summary_blocks),
      .run = run_summary },
    { .name = "score.fit",
      .help = GB_N("Fit a model of who comes back"),
      CALL_PARAMS(fit_params), CALL_BLOCKS(fit_blocks), .run = run_fit },
    { .name = "score.predict",
      .help = GB_N("Foretell who comes, how often and for how much"),
      CALL_PARAMS(predict_params), CALL_BLOCKS(predict_blocks),
      .run = run_predict },
};
const call_group call_score_fit_group = CALL_GROUP(methods);
