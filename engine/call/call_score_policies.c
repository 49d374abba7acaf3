/*
 * call_score_policies.c - score.policies: which strategy would have brought
 * more, from a log of what was done with what probability (data/FEEDBACK.md).
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/policy.h>

#include "call_figures.h"
#include "call_policy_log.h"

typedef struct policies {
    call *c;
    policy_log in;
    double *expected, *probabilities;
    gb_policy_log log;
    gb_policy_options options;
} policies;

/* ---- figures ---- */

static gb_status prepare(policies *p)
{
    base_mem *mem = p->c->mem;
    const size_t width = p->in.actions.at.n;
    gb_policy_model_options model = GB_POLICY_MODEL_OPTIONS_INIT;
    gb_status status;

    p->expected = base_alloc_array(mem, p->in.n, width * sizeof *p->expected);
    p->probabilities
        = base_alloc_array(mem, p->in.n, width * sizeof *p->probabilities);
    if (!p->expected || !p->probabilities)
        return base_fail_nomem(p->c->ctx);
    p->log = (gb_policy_log){ sizeof p->log, p->in.n, (uint32_t)width,
                              p->in.action.items, p->in.propensity.items,
                              p->in.reward.items, NULL, p->in.unit.items };
    model.seed = p->c->seed;
    status = gb_policy_model(p->c->ctx, &p->log, p->in.stratum.items,
                             (uint32_t)p->in.strata.at.n, &model, p->expected);
    p->log.expected = p->expected;
    p->options = (gb_policy_options)GB_POLICY_OPTIONS_INIT;
    p->options.clip = call_real(p->c, "clip");
    /* so that all intervals together hold (Bonferroni) */
    p->options.level = 1 - .05 / (double)policy_log_n_strategies(&p->in);
    return status;
}

static const char *verdict_of(const call *c, const gb_policy_estimate *gain)
{
    return call_words(c, gain->low > 0    ? GB_N("more")
                         : gain->high < 0 ? GB_N("less")
                                          : GB_N("not told apart"));
}

static json_t *warnings_of(const call *c, uint32_t bits)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } known[] = {
        { GB_POLICY_FEW, GB_N("few rows: they weigh as fewer than 100") },
        { GB_POLICY_ONE_ROW,
          GB_N("one row has more than a twentieth of all weight") },
        { GB_POLICY_MEAN,
          GB_N("the mean weight is not 1: the propensities are not those "
               "that were drawn by, or some actions never could be") },
        { GB_POLICY_UNSEEN, GB_N("it does what the log has nowhere") },
        { GB_POLICY_CLIPPED,
          GB_N("the limit took more than a twentieth of all weight") },
    };
    json_t *list = json_array();

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (bits & known[i].bit)
            call_put(list, NULL, json_string(call_words(c, known[i].text)));
    return list;
}

static json_t *describe(const policies *p, const char *name,
                        const gb_policy_figures *f)
{
    json_t *o = json_pack(
        "{s:o, s:s, s:I, s:f, s:f, s:f, s:f, s:I, s:o}", "strategy",
        call_string(name), "verdict", verdict_of(p->c, &f->gain), "matched",
        (json_int_t)f->n_matched, "effective", round(f->n_effective), "mean_weight",
        f->mean_weight, "largest_share", f->largest_share, "unseen_share",
        f->unseen_share, "clipped", (json_int_t)f->n_clipped, "warnings",
        warnings_of(p->c, f->warnings));

    if (o && call_put_estimate(o, "robust", &f->robust)
        && call_put_estimate(o, "gain", &f->gain)
        && call_put_estimate(o, "inverse", &f->inverse)
        && call_put_estimate(o, "normalised", &f->normalised)
        && call_put_estimate(o, "direct", &f->direct))
        return o;
    json_decref(o);
    return NULL;
}

static gb_status name_of(policies *p, size_t number, base_text *out)
{
    base_text_reset(out);
    if (number < p->in.wish.n_columns)
        base_text_add(out, p->in.columns[number].name);
    else
        base_text_format(out, call_words(p->c, GB_N("always %s")),
                         call_names_name(&p->in.actions,
                                         (uint32_t)(number - p->in.wish.n_columns)));
    return out->is_short ? base_fail_nomem(p->c->ctx) : GB_OK;
}

/* The mean of what came, told once: it is the same for all. */
static bool put_logged(json_t *result, const gb_policy_figures *f)
{
    return json_object_get(result, "logged")
           || (call_put_estimate(result, "logged", &f->logged)
               && call_put(result, "customers",
                           json_integer((json_int_t)f->n_units)));
}

static gb_status add_strategy(policies *p, size_t number, json_t *list,
                              json_t *remarks, json_t *result)
{
    const gb_policy policy = { sizeof policy, NULL, p->probabilities };
    gb_policy_figures f = { .size = sizeof f };
    json_t *made = NULL;
    base_text name;
    gb_status status = policy_log_lay_out(&p->in, number, p->probabilities);

    base_text_init(&name, p->c->mem);
    if (!status)
        status = name_of(p, number, &name);
    if (!status)
        status = gb_policy_evaluate(p->c->ctx, &p->log, &policy, &p->options,
                                    &f);
    if (!status) {
        size_t i;
        json_t *warning;

        made = describe(p, name.chars, &f);
        json_array_foreach(json_object_get(made, "warnings"), i, warning)
            call_put(remarks, NULL,
                     json_pack("{s:s, s:O}", "strategy", name.chars,
                               "warning", warning));
        if (!made || !put_logged(result, &f) || !call_put(list, NULL, made))
            status = base_fail_nomem(p->c->ctx);
    }
    base_text_clear(&name);
    return status;
}

static json_t *describe_actions(const policies *p)
{
    json_t *list = json_array();

    for (uint32_t a = 0; a < p->in.n_logged; a++) {
        double sum = 0;
        size_t n = 0;

        for (size_t i = 0; i < p->in.n; i++)
            if (p->in.action.items[i] == a) {
                sum += p->in.reward.items[i];
                n++;
            }
        call_put(list, NULL,
                 json_pack("{s:o, s:I, s:o}", "action",
                           call_string(call_names_name(&p->in.actions, a)),
                           "rows", (json_int_t)n, "mean",
                           call_figure(n ? sum / (double)n : 0)));
    }
    return list;
}

static gb_status evaluate_all(policies *p, json_t **result)
{
    json_t *list = json_array(), *remarks = json_array();
    json_t *made = json_pack("{s:I, s:o, s:O, s:O}", "rows",
                             (json_int_t)p->in.n, "actions",
                             describe_actions(p), "strategies", list,
                             "remarks", remarks);
    gb_status status = made ? prepare(p) : base_fail_nomem(p->c->ctx);

    for (size_t s = 0; s < policy_log_n_strategies(&p->in) && !status; s++)
        status = add_strategy(p, s, list, remarks, made);
    if (!status && !score_rejects_put(p->c, &p->in.rejects, made))
        status = base_fail_nomem(p->c->ctx);
    json_decref(list);
    json_decref(remarks);
    if (!status)
        return call_result(p->c, result, made);
    json_decref(made);
    return status;
}

/* ---- in all ---- */

static gb_status take_list(call *c, const char *param, const char **out,
                           size_t most, size_t *n)
{
    *n = call_list_size(c, param);
    if (*n > most)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"%s\" has %zu columns; at most %zu are taken",
                         param, *n, most);
    for (size_t i = 0; i < *n; i++)
        out[i] = call_list_item(c, param, i);
    return GB_OK;
}

static gb_status take_wish(call *c, policy_wish *w)
{
    const gb_status status = take_list(c, "policies", w->columns,
                                       POLICY_MOST_COLUMNS, &w->n_columns);

    w->action = call_text(c, "action");
    w->propensity = call_text(c, "propensity");
    w->reward = call_text(c, "reward");
    w->unit = call_text(c, "unit");
    return status ? status
                  : take_list(c, "strata", w->strata, POLICY_MOST_STRATA,
                              &w->n_strata);
}

static gb_status read_log(policies *p)
{
    call *c = p->c;
    const char *path = call_text(c, "in");
    policy_wish wish = { 0 };
    base_csv *csv = NULL;
    gb_status status = take_wish(c, &wish);

    if (!status)
        status = base_csv_open(c->ctx, path, &csv);
    if (!status)
        status = policy_log_take(c->ctx, csv, path, &wish, &p->in);
    base_csv_close(csv);
    if (!status)
        status = score_rejects_judge(c->ctx, path, &p->in.rejects,
                                     call_real(c, "max_reject"));
    if (!status && p->in.n == 0)
        status = base_fail(c->ctx, GB_ERR_DATA, "%s: there are no rows", path);
    return status;
}

static gb_status run(call *c, json_t **result)
{
    policies p = { .c = c };
    gb_status status = read_log(&p);

    if (!status)
        status = evaluate_all(&p, result);
    if (p.in.ctx)
        policy_log_clear(&p.in);
    base_free(c->mem, p.expected);
    base_free(c->mem, p.probabilities);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV of what was done: action, propensity (with what "
                   "probability), reward, perhaps customer; score trials "
                   "writes one") },
    { .name = "policies", .type = CALL_LIST,
      .help = GB_N("columns that name what a strategy would do in the row: an "
                   "action, or visit=.7;sms=.3; besides each action always") },
    { .name = "strata", .type = CALL_LIST,
      .help = GB_N("columns of texts, known before the action, by which "
                   "outcomes differ: the model is the mean of each") },
    { .name = "action", .type = CALL_TEXT, .fallback = "action",
      .help = GB_N("the column of what was done") },
    { .name = "propensity", .type = CALL_TEXT, .fallback = "propensity",
      .help = GB_N("the column of with what probability it was") },
    { .name = "reward", .type = CALL_TEXT, .fallback = "reward",
      .help = GB_N("the column of what came of it, a number") },
    { .name = "unit", .type = CALL_TEXT, .fallback = "customer",
      .help = GB_N("the column of who it was: his rows count as one for the "
                   "errors") },
    { .name = "clip", .type = CALL_REAL, .fallback = "0",
      .help = GB_N("no row weighs more than this; 0: no limit") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
};
static const call_column action_columns[] = {
    { "action", GB_N("what was done"), CALL_SHOW_PLAIN },
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "mean", GB_N("came, a row"), CALL_SHOW_PLAIN },
};
static const call_column strategy_columns[] = {
    { "strategy", GB_N("strategy"), CALL_SHOW_PLAIN },
    { "robust.value", GB_N("would bring, a row"), CALL_SHOW_PLAIN },
    { "robust.low", GB_N("from"), CALL_SHOW_PLAIN },
    { "robust.high", GB_N("to"), CALL_SHOW_PLAIN },
    { "gain.value", GB_N("more than came"), CALL_SHOW_PLAIN },
    { "gain.low", GB_N("from"), CALL_SHOW_PLAIN },
    { "gain.high", GB_N("to"), CALL_SHOW_PLAIN },
    { "verdict", GB_N("verdict"), CALL_SHOW_PLAIN },
};
static const call_column way_columns[] = {
    { "strategy", GB_N("strategy"), CALL_SHOW_PLAIN },
    { "inverse.value", GB_N("inverse propensity"), CALL_SHOW_PLAIN },
    { "inverse.se", GB_N("error"), CALL_SHOW_PLAIN },
    { "normalised.value", GB_N("self-normalised"), CALL_SHOW_PLAIN },
    { "normalised.se", GB_N("error"), CALL_SHOW_PLAIN },
    { "robust.value", GB_N("doubly robust"), CALL_SHOW_PLAIN },
    { "robust.se", GB_N("error"), CALL_SHOW_PLAIN },
    { "direct.value", GB_N("model alone"), CALL_SHOW_PLAIN },
    { "effective", GB_N("weighs as so many rows"), CALL_SHOW_PLAIN },
};
static const call_column remark_columns[] = {
    { "strategy", GB_N("doubtful"), CALL_SHOW_PLAIN },
    { "warning", GB_N("why"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .text = GB_N("{rows} rows of {customers} customers; came, a row: "
                   "{logged.value}") },
    { .rows = "actions", CALL_COLUMNS(action_columns) },
    { .rows = "strategies", CALL_COLUMNS(strategy_columns) },
    { .text = GB_N("the intervals hold all together, 19 times in 20; the first "
                   "figures are doubly robust, here by each way:") },
    { .rows = "strategies", CALL_COLUMNS(way_columns) },
    { .when = "remarks", .rows = "remarks", CALL_COLUMNS(remark_columns) },
    SCORE_REJECTS_BLOCK("rejects"),
};

static const call_method methods[] = {
    { .name = "score.policies",
      .help = GB_N("Compare strategies from a log, without trying them"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_score_policies_group = CALL_GROUP(methods);
