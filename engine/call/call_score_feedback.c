/*
 * call_score_feedback.c - what came of visits: settled, by segment and
 * strategy, against those held out, and against what was foretold
 * (data/FEEDBACK.md).
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/plan.h>
#include <gridbeat/policy.h>

#include "base_array.h"
#include "call_figures.h"
#include "call_file.h"
#include "call_names.h"
#include "call_steps.h"
#include "store_date.h"
#include "store_db.h"
#include "store_trial.h"

enum { DEFAULT_DAYS = 30 };

/* What a workspace knows, loaded once for a call. */
typedef struct feedback {
    call *c;
    store_trials trials;
    store_results results;
    double activation_days;
} feedback;

static gb_status load(call *c, feedback *f)
{
    store_scope scope;
    base_run run;
    char *days = NULL;
    gb_status status;

    memset(f, 0, sizeof *f);
    f->c = c;
    call_enter_store(c, &run);
    status = store_scope_parse(c->workspace, c->scope_text, &scope);
    if (!status)
        status = store_setting_get(c->workspace, "activation_days", &days);
    if (!status)
        status = store_load_trials(c->workspace, scope, &f->trials);
    if (!status)
        status = store_load_results(c->workspace, scope, &f->results);
    if (!days || !base_parse_real(days, &f->activation_days))
        f->activation_days = DEFAULT_DAYS;
    base_free(c->workspace->mem, days);
    return call_leave_store(c, &run, status);
}

static void clear(feedback *f)
{
    store_trials_clear(&f->trials);
    store_results_clear(&f->results);
}

/* ---- settle ---- */

static gb_status settle(call *c, json_t **result)
{
    const gb_plan_options options = call_plan_options(c);
    gb_plan_result *made = NULL;
    gb_status status = gb_plan_settle(c->ctx, c->workspace, &options, &made);

    if (!status)
        status = call_result_text(c, result, "result",
                                  gb_plan_result_json(made));
    gb_plan_result_free(made);
    return status;
}

/* ---- outcomes: success by segment and strategy ---- */

typedef struct groups {
    call_names names; /* "segment\nstrategy" */
    BASE_ARRAY(uint64_t) tries, successes;
    BASE_ARRAY(const store_result *) first; /* of each: has its texts */
} groups;

static void clear_groups(base_mem *mem, groups *g)
{
    call_names_clear(&g->names);
    base_array_clear(mem, &g->tries);
    base_array_clear(mem, &g->successes);
    base_array_clear(mem, &g->first);
}

static bool add_result(base_mem *mem, groups *g, const store_result *r)
{
    base_text key;
    uint32_t group = 0;
    bool is_added;

    base_text_init(&key, mem);
    base_text_add(&key, r->segment);
    base_text_add(&key, "\n");
    base_text_add(&key, r->strategy);
    is_added = !key.is_short && call_names_number(&g->names, key.chars, &group);
    base_text_clear(&key);
    if (is_added && group == g->tries.n)
        is_added = base_array_push(mem, &g->tries, 0)
                   && base_array_push(mem, &g->successes, 0)
                   && base_array_push(mem, &g->first, r);
    if (!is_added)
        return false;
    g->tries.items[group]++;
    g->successes.items[group] += r->is_active == 1;
    return true;
}

static gb_status gather(const feedback *f, groups *g)
{
    call_names_init(&g->names, f->c->mem);
    for (size_t i = 0; i < f->results.n; i++)
        if (f->results.items[i].is_active >= 0
            && !add_result(f->c->mem, g, &f->results.items[i]))
            return base_fail_nomem(f->c->ctx);
    return GB_OK;
}

static json_t *describe_group(const feedback *f, const groups *g, size_t i,
                              const gb_policy_estimate *rate)
{
    const store_result *r = g->first.items[i];
    json_t *o = json_pack(
        "{s:s, s:s, s:I, s:I, s:o}", "segment",
        r->segment[0] ? r->segment : call_words(f->c, GB_N("(none)")),
        "strategy", r->strategy, "met", (json_int_t)g->tries.items[i], "active",
        (json_int_t)g->successes.items[i], "plain",
        call_figure((double)g->successes.items[i]
                    / (double)g->tries.items[i]));

    if (o && call_put_estimate(o, "rate", rate))
        return o;
    json_decref(o);
    return NULL;
}

static gb_status add_groups(const feedback *f, json_t *result)
{
    base_mem *mem = f->c->mem;
    groups g = { 0 };
    gb_policy_estimate *rates = NULL;
    json_t *list = json_array();
    double strength = 0;
    gb_status status = gather(f, &g);

    if (!status) {
        rates = base_alloc_array(mem, g.tries.n, sizeof *rates);
        status = rates && list
                     ? gb_policy_rates(f->c->ctx, g.tries.items,
                                       g.successes.items, g.tries.n, NULL,
                                       rates, &strength)
                     : base_fail_nomem(f->c->ctx);
    }
    for (size_t i = 0; i < g.tries.n && !status; i++)
        if (!call_put(list, NULL, describe_group(f, &g, i, &rates[i])))
            status = base_fail_nomem(f->c->ctx);
    if (!status && (!call_put(result, "groups", json_incref(list))
                    || !call_put(result, "strength", call_figure(strength))))
        status = base_fail_nomem(f->c->ctx);
    json_decref(list);
    base_free(mem, rates);
    clear_groups(mem, &g);
    return status;
}

/* ---- outcomes: what visits bring ---- */

/* A log of trials whose answer is known: action 0 offered, 1 held out. */
typedef struct compared {
    BASE_ARRAY(uint32_t) actions, units, strata;
    BASE_ARRAY(double) propensities, rewards;
    call_names names, grades;
    size_t n[2], n_active[2], n_met;
} compared;

static void clear_compared(base_mem *mem, compared *x)
{
    base_array_clear(mem, &x->actions);
    base_array_clear(mem, &x->units);
    base_array_clear(mem, &x->strata);
    base_array_clear(mem, &x->propensities);
    base_array_clear(mem, &x->rewards);
    call_names_clear(&x->names);
    call_names_clear(&x->grades);
}

static bool add_trial(base_mem *mem, compared *x, const store_trial *t)
{
    uint32_t unit = 0, stratum = 0;

    if (!call_names_number(&x->names, t->customer, &unit)
        || !call_names_number(&x->grades, t->grade, &stratum)
        || !base_array_push(mem, &x->actions, t->is_held_out)
        || !base_array_push(mem, &x->units, unit)
        || !base_array_push(mem, &x->strata, stratum)
        || !base_array_push(mem, &x->propensities, t->propensity)
        || !base_array_push(mem, &x->rewards, t->is_active))
        return false;
    x->n[t->is_held_out]++;
    x->n_active[t->is_held_out] += t->is_active == 1;
    x->n_met += !t->is_held_out && t->is_met;
    return true;
}

/* Offered to all against offered to nobody, doubly robust by grade. */
static gb_status find_gain(call *c, const compared *x, gb_policy_estimate *gain)
{
    const size_t n = x->actions.n;
    uint32_t *all = base_alloc_zeroed(c->mem, n, sizeof *all);
    uint32_t *nobody = base_alloc_array(c->mem, n, sizeof *nobody);
    double *expected = base_alloc_array(c->mem, n, 2 * sizeof *expected);
    gb_policy_log log = { sizeof log, n, 2, x->actions.items,
                          x->propensities.items, x->rewards.items, NULL,
                          x->units.items };
    gb_status status
        = all && nobody && expected
              ? gb_policy_model(c->ctx, &log, x->strata.items,
                                (uint32_t)x->grades.at.n, NULL, expected)
              : base_fail_nomem(c->ctx);

    log.expected = expected;
    for (size_t i = 0; i < n && !status; i++)
        nobody[i] = 1;
    if (!status)
        status = gb_policy_compare(
            c->ctx, &log, &(gb_policy){ sizeof(gb_policy), all, NULL },
            &(gb_policy){ sizeof(gb_policy), nobody, NULL }, NULL, gain);
    base_free(c->mem, all);
    base_free(c->mem, nobody);
    base_free(c->mem, expected);
    return status;
}

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

/*
 * What an offer brings, divided by how many of those offered were met, is
 * what meeting one of them brings: the offer does nothing to those not met,
 * and nobody held out is met (Bloom 1984).
 */
static gb_status describe_trials(call *c, const compared *x,
                                 const char *segment, json_t *list)
{
    gb_policy_estimate gain = { NAN, NAN, NAN, NAN };
    const double met = share(x->n_met, x->n[0]);
    gb_status status = GB_OK;
    json_t *o;

    if (x->n[0] > 0 && x->n[1] > 0)
        status = find_gain(c, x, &gain);
    if (status)
        return status;
    o = json_pack("{s:s?, s:I, s:o, s:o, s:I, s:o, s:o, s:s}", "segment",
                  segment, "offered", (json_int_t)x->n[0], "met",
                  call_figure(met), "offered_active",
                  call_figure(share(x->n_active[0], x->n[0])), "held_out",
                  (json_int_t)x->n[1], "held_out_active",
                  call_figure(share(x->n_active[1], x->n[1])), "per_met",
                  call_figure(met > 0 ? gain.value / met : (double)NAN),
                  "verdict",
                  call_words(c, gain.low > 0    ? GB_N("visits bring more")
                                : gain.high < 0 ? GB_N("visits bring less")
                                                : GB_N("not told apart")));
    if (!o || !call_put_estimate(o, "gain", &gain)
        || !call_put(list, NULL, o))
        return base_fail_nomem(c->ctx);
    return GB_OK;
}

static gb_status add_segment(const feedback *f, const char *segment,
                             json_t *list)
{
    base_mem *mem = f->c->mem;
    compared x = { 0 };
    gb_status status = GB_OK;

    call_names_init(&x.names, mem);
    call_names_init(&x.grades, mem);
    for (size_t i = 0; i < f->trials.n && !status; i++) {
        const store_trial *t = &f->trials.items[i];

        if (t->is_active >= 0
            && (!segment || strcmp(t->segment, segment) == 0)
            && !add_trial(mem, &x, t))
            status = base_fail_nomem(f->c->ctx);
    }
    if (!status && x.actions.n > 0)
        status = describe_trials(f->c, &x,
                                 segment ? segment
                                         : call_words(f->c, GB_N("all")),
                                 list);
    clear_compared(mem, &x);
    return status;
}

/* Each segment, and all of them where there are several. */
static gb_status add_trials(const feedback *f, json_t *result)
{
    json_t *list = json_array();
    call_names segments;
    uint32_t number;
    gb_status status = list ? GB_OK : base_fail_nomem(f->c->ctx);

    call_names_init(&segments, f->c->mem);
    for (size_t i = 0; i < f->trials.n && !status; i++)
        if (!call_names_number(&segments, f->trials.items[i].segment, &number))
            status = base_fail_nomem(f->c->ctx);
    for (uint32_t s = 0; s < segments.at.n && !status; s++)
        status = add_segment(f, call_names_name(&segments, s), list);
    if (!status && segments.at.n > 1)
        status = add_segment(f, NULL, list);
    if (!status && !call_put(result, "trials", json_incref(list)))
        status = base_fail_nomem(f->c->ctx);
    json_decref(list);
    call_names_clear(&segments);
    return status;
}

static json_t *count_all(const feedback *f)
{
    json_int_t open = 0, unknown = 0, known = 0, active = 0;
    json_int_t trials_open = 0, trials_unknown = 0;

    for (size_t i = 0; i < f->results.n; i++) {
        const int32_t is_active = f->results.items[i].is_active;

        open += is_active == STORE_OPEN;
        unknown += is_active == STORE_NOT_KNOWN;
        known += is_active >= 0;
        active += is_active == 1;
    }
    for (size_t i = 0; i < f->trials.n; i++) {
        trials_open += f->trials.items[i].is_active == STORE_OPEN;
        trials_unknown += f->trials.items[i].is_active == STORE_NOT_KNOWN;
    }
    return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I}", "activation_days",
                     (int)f->activation_days, "known", known, "active",
                     active, "unknown", unknown, "open", open, "trials_open",
                     trials_open, "trials_unknown", trials_unknown);
}

static gb_status outcomes(call *c, json_t **result)
{
    feedback f;
    json_t *made = NULL;
    gb_status status = load(c, &f);

    if (!status) {
        made = count_all(&f);
        status = made ? add_groups(&f, made) : base_fail_nomem(c->ctx);
    }
    if (!status)
        status = add_trials(&f, made);
    clear(&f);
    if (!status)
        return call_result(c, result, made);
    json_decref(made);
    return status;
}

/* ---- trials, as score policies takes them ---- */

static void add_row(base_text *text, const store_trial *t)
{
    char day[16];

    base_text_csv(text, t->customer);
    base_text_format(text, ",%s,", store_day_text(day, t->day));
    base_text_csv(text, t->segment);
    base_text_add(text, ",");
    base_text_csv(text, t->grade);
    base_text_add(text, ",");
    base_text_csv(text, t->strategy);
    base_text_format(text, ",%lld,", (long long)t->score);
    if (!isnan(t->chance))
        base_text_exact(text, t->chance);
    base_text_add(text, t->is_held_out ? ",held_out," : ",visit,");
    base_text_exact(text, t->propensity);
    base_text_format(text, ",%d,%d,%d\n", (int)t->is_visited, (int)t->is_met,
                     (int)t->is_active);
}

static gb_status trials(call *c, json_t **result)
{
    feedback f;
    base_text text;
    json_int_t n = 0;
    gb_status status = load(c, &f);

    base_text_init(&text, c->mem);
    base_text_add(&text, "customer,day,segment,grade,strategy,score,chance,"
                         "action,propensity,visited,met,reward\n");
    for (size_t i = 0; i < f.trials.n && !status; i++)
        if (f.trials.items[i].is_active >= 0) {
            add_row(&text, &f.trials.items[i]);
            n++;
        }
    if (!status)
        status = call_result(c, result, json_pack("{s:I}", "trials", n));
    if (!status)
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    clear(&f);
    return status;
}

/* ---- the table ---- */

#define ACTIVE_BLOCK                                                          \
    { .text = GB_N("active: the customer started a transaction within "       \
                   "{activation_days} days after it") }

static const call_param settle_params[] = {
    { .name = "date", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the day as of which outcomes are known") },
    { .name = "activation_days", .type = CALL_INT, .min = 1, .max = 366,
      .help = GB_N("a visit counts when a transaction comes within so many "
                   "days; kept for the nights to come; else as it was last "
                   "told, 30 at first") },
};
static const call_block settle_blocks[] = {
    { .text = GB_N("{visits.settled} visits settled, {visits.active} of them "
                   "with a transaction within {activation_days} days, "
                   "{visits.unknown} not known; {visits.open} open") },
    { .text = GB_N("{trials.settled} trials settled, {trials.active} of them "
                   "active, {trials.unknown} not known; {trials.open} open") },
};
static const call_column group_columns[] = {
    { "segment", GB_N("segment"), CALL_SHOW_PLAIN },
    { "strategy", GB_N("strategy"), CALL_SHOW_PLAIN },
    { "met", GB_N("met"), CALL_SHOW_PLAIN },
    { "active", GB_N("active"), CALL_SHOW_PLAIN },
    { "plain", GB_N("share"), CALL_SHOW_RATIO },
    { "rate.value", GB_N("leaning on all"), CALL_SHOW_RATIO },
    { "rate.low", GB_N("from"), CALL_SHOW_RATIO },
    { "rate.high", GB_N("to"), CALL_SHOW_RATIO },
};
static const call_column trial_columns[] = {
    { "segment", GB_N("segment"), CALL_SHOW_PLAIN },
    { "offered", GB_N("free for a visit"), CALL_SHOW_PLAIN },
    { "met", GB_N("of them met"), CALL_SHOW_RATIO },
    { "offered_active", GB_N("active"), CALL_SHOW_RATIO },
    { "held_out", GB_N("held out"), CALL_SHOW_PLAIN },
    { "held_out_active", GB_N("active"), CALL_SHOW_RATIO },
    { "gain.value", GB_N("visits add"), CALL_SHOW_RATIO },
    { "gain.low", GB_N("from"), CALL_SHOW_RATIO },
    { "gain.high", GB_N("to"), CALL_SHOW_RATIO },
    { "per_met", GB_N("for each one met"), CALL_SHOW_RATIO },
    { "verdict", GB_N("verdict"), CALL_SHOW_PLAIN },
};
static const call_block outcome_blocks[] = {
    { .text = GB_N("visits at which the customer was met: {known} whose time "
                   "is over, {active} active; {open} open, {unknown} not "
                   "known") },
    { .when = "groups", .rows = "groups", CALL_COLUMNS(group_columns) },
    { .when = "trials", .text = GB_N("drawn by chance: offered to the plan, "
                                     "or held out") },
    { .when = "trials", .rows = "trials", CALL_COLUMNS(trial_columns) },
    { .when = "trials_open",
      .text = GB_N("{trials_open} trials are open yet") },
    ACTIVE_BLOCK,
};

static const call_param trials_params[] = {
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file to write; else the console") },
};
static const call_block trials_blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("{trials} trials whose time is over") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "score.settle",
      .help = GB_N("Settle what came of visits as of a date"),
      .workspace = CALL_WRITES, CALL_PARAMS(settle_params),
      CALL_BLOCKS(settle_blocks), .run = settle },
    { .name = "score.outcomes",
      .help = GB_N("Say what visits brought, by segment and strategy, and "
                   "against those held out"),
      .workspace = CALL_READS, .is_scoped = true,
      CALL_BLOCKS(outcome_blocks), .run = outcomes },
    { .name = "score.trials",
      .help = GB_N("Write what was drawn, with what probability, and what "
                   "came of it"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(trials_params),
      CALL_BLOCKS(trials_blocks), .run = trials },
};
const call_group call_score_feedback_group = CALL_GROUP(methods);
