/*
 * call_score_presence.c - score.presence: when customers are met, learnt from
 * a file of visits.
 */
#include "call_groups.h"

#include <math.h>

#include <gridbeat/plan.h>
#include <gridbeat/presence.h>

#include "call_file.h"
#include "call_score_rows.h"
#include "call_visits.h"

enum { MOST_TRIES = 8 };

static const char *const kind_names[VISIT_KINDS]
    = { GB_N("workday"), GB_N("weekend") };

/* How good what is foretold for later visits was. */
typedef struct held {
    size_t n;
    double log_loss, brier, plain_log_loss, plain_brier;
} held;

typedef struct presence {
    call *c;
    visits v;
    size_t n_met;
    gb_presence *learnt;
    gb_presence_try tries[MOST_TRIES];
    held held;
} presence;

/* ---- input ---- */

static gb_status take_slots(presence *p)
{
    call *c = p->c;
    const size_t n = call_list_size(c, "slots");

    if (n < 2 || n > VISIT_MOST_SLOTS + 1)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"slots\" must list 2 to %d times, as 08:00,10:00",
                         VISIT_MOST_SLOTS + 1);
    for (size_t i = 0; i < n; i++) {
        p->v.borders_s[i] = visit_time(call_list_item(c, "slots", i));
        if (p->v.borders_s[i] < 0
            || (i > 0 && p->v.borders_s[i] <= p->v.borders_s[i - 1]))
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "\"slots\": \"%.20s\" is not a time of day later "
                             "than the one before it",
                             call_list_item(c, "slots", i));
    }
    p->v.n_slots = n - 1;
    return GB_OK;
}

static gb_status read_visits(presence *p)
{
    call *c = p->c;
    const char *path = call_text(c, "in");
    base_csv *csv = NULL;
    gb_status status = base_csv_open(c->ctx, path, &csv);

    if (!status)
        status = visits_take(c->ctx, csv, path, &p->v);
    base_csv_close(csv);
    if (!status)
        status = score_rejects_judge(c->ctx, path, &p->v.rejects,
                                     call_real(c, "max_reject"));
    for (size_t i = 0; !status && i < p->v.all.n; i++)
        p->n_met += p->v.all.items[i].is_met;
    return status;
}

/* ---- learning ---- */

typedef struct columns_of {
    uint32_t *segments, *places, *customers;
    uint16_t *bands;
    uint8_t *is_met;
    double *age_days;
} columns_of;

static bool lay_out(const presence *p, size_t n, int32_t today,
                    columns_of *out)
{
    base_mem *mem = p->c->mem;

    out->segments = base_alloc_array(mem, n, sizeof *out->segments);
    out->places = base_alloc_array(mem, n, sizeof *out->places);
    out->customers = base_alloc_array(mem, n, sizeof *out->customers);
    out->bands = base_alloc_array(mem, n, sizeof *out->bands);
    out->is_met = base_alloc_array(mem, n, sizeof *out->is_met);
    out->age_days = base_alloc_array(mem, n, sizeof *out->age_days);
    if (!out->segments || !out->places || !out->customers || !out->bands
        || !out->is_met || !out->age_days)
        return false;
    for (size_t i = 0; i < n; i++) {
        const visit *v = &p->v.all.items[i];

        out->segments[i] = v->segment;
        out->places[i] = v->place;
        out->customers[i] = v->customer;
        out->bands[i] = v->band;
        out->is_met[i] = v->is_met;
        out->age_days[i] = today - v->day;
    }
    return true;
}

static void free_columns(const call *c, columns_of *o)
{
    base_free(c->mem, o->segments);
    base_free(c->mem, o->places);
    base_free(c->mem, o->customers);
    base_free(c->mem, o->bands);
    base_free(c->mem, o->is_met);
    base_free(c->mem, o->age_days);
}

/* From the first n visits; today is the day of the last of them. */
static gb_status learn(presence *p, size_t n, gb_presence **out)
{
    call *c = p->c;
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    columns_of o = { NULL, NULL, NULL, NULL, NULL, NULL };
    gb_presence_attempts attempts = GB_PRESENCE_ATTEMPTS_INIT;
    const int32_t today = n > 0 ? p->v.all.items[n - 1].day : 0;
    gb_status status
        = lay_out(p, n, today, &o) ? GB_OK : base_fail_nomem(c->ctx);

    options.n_bands = (uint32_t)(VISIT_KINDS * p->v.n_slots);
    options.half_life_days = call_real(c, "half_life_days");
    attempts.n = n;
    attempts.segments = o.segments;
    attempts.places = o.places;
    attempts.customers = o.customers;
    attempts.bands = o.bands;
    attempts.is_met = o.is_met;
    attempts.age_days = o.age_days;
    if (!status)
        status = gb_presence_learn(c->ctx, &attempts, &options, out);
    if (!status && n == p->v.all.n)
        status = gb_presence_by_try(c->ctx, &attempts, p->tries, MOST_TRIES);
    free_columns(c, &o);
    return status;
}

static void add_loss(double chance, bool is_met, double *log_loss,
                     double *brier)
{
    *log_loss -= log(is_met ? chance : 1 - chance);
    *brier += (chance - is_met) * (chance - is_met);
}

/* Learn up to a day, and foretell the visits behind it; `plain` foretells the
 * share of all meetings so far. */
static gb_status hold(presence *p)
{
    call *c = p->c;
    gb_presence *early = NULL;
    int32_t until = 0;
    double plain = 1;
    size_t n = 0;
    gb_status status;

    if (!call_has(c, "check_after"))
        return GB_OK;
    (void)score_day_parse(call_text(c, "check_after"), &until);
    for (; n < p->v.all.n && p->v.all.items[n].day <= until; n++)
        plain += p->v.all.items[n].is_met;
    plain /= (double)n + 2;
    status = learn(p, n, &early);
    for (size_t i = n; !status && i < p->v.all.n; i++) {
        const visit *v = &p->v.all.items[i];

        add_loss(gb_presence_at(early, v->segment, v->place, v->customer,
                                v->band),
                 v->is_met, &p->held.log_loss, &p->held.brier);
        add_loss(plain, v->is_met, &p->held.plain_log_loss,
                 &p->held.plain_brier);
        p->held.n++;
    }
    gb_presence_free(early);
    return status;
}

/* ---- output ---- */

static void put_clock(base_text *text, int32_t s)
{
    base_text_format(text, "%02d:%02d", s / 3600, s / 60 % 60);
}

/* The last visit tells a customer's place and segment. */
static gb_status write_csv(const presence *p, base_text *text)
{
    visit *last = base_alloc_zeroed(p->c->mem, p->v.customers.at.n,
                                    sizeof *last);

    if (!last)
        return base_fail_nomem(p->c->ctx);
    for (size_t i = 0; i < p->v.all.n; i++)
        if (p->v.all.items[i].customer != GB_PRESENCE_NONE)
            last[p->v.all.items[i].customer] = p->v.all.items[i];
    base_text_add(text, "customer,day_kind,from,to,chance\n");
    for (uint32_t u = 0; u < p->v.customers.at.n; u++)
        for (size_t band = 0; band < VISIT_KINDS * p->v.n_slots; band++) {
            const size_t slot = band % p->v.n_slots;

            base_text_csv(text, call_names_name(&p->v.customers, u));
            base_text_format(text, ",%s,", kind_names[band / p->v.n_slots]);
            put_clock(text, p->v.borders_s[slot]);
            base_text_add(text, ",");
            put_clock(text, p->v.borders_s[slot + 1]);
            base_text_add(text, ",");
            base_text_real(text, gb_presence_at(p->learnt, last[u].segment,
                                                last[u].place, u,
                                                (uint32_t)band), 4);
            base_text_add(text, "\n");
        }
    base_free(p->c->mem, last);
    return GB_OK;
}

static bool put_slots(const presence *p, json_t *result)
{
    json_t *rows = json_array();
    bool is_put = call_put(result, "slots", rows);

    for (size_t slot = 0; is_put && slot < p->v.n_slots; slot++) {
        double chance[VISIT_KINDS];

        for (size_t kind = 0; kind < VISIT_KINDS; kind++)
            chance[kind]
                = gb_presence_at(p->learnt, GB_PRESENCE_NONE,
                                 GB_PRESENCE_NONE, GB_PRESENCE_NONE,
                                 (uint32_t)(kind * p->v.n_slots + slot));
        is_put = json_array_append_new(
                     rows, json_pack("{s:i, s:i, s:f, s:f}", "from_s",
                                     p->v.borders_s[slot], "to_s",
                                     p->v.borders_s[slot + 1], "workday",
                                     chance[0], "weekend", chance[1]))
            == 0;
    }
    return is_put;
}

/* Meetings by the how-manieth visit since the last one; the last row takes
 * all above. */
static bool put_tries(const presence *p, json_t *result)
{
    json_t *rows = json_array();
    bool is_put = call_put(result, "by_attempt", rows);

    for (size_t k = 0; is_put && k < MOST_TRIES && p->tries[k].attempts; k++) {
        const gb_presence_try *t = &p->tries[k];

        is_put = json_array_append_new(
                     rows, json_pack("{s:I, s:I, s:f, s:f, s:f}", "attempt",
                                     (json_int_t)k + 1, "visits",
                                     (json_int_t)t->attempts, "met", t->share,
                                     "low", t->low, "high", t->high))
            == 0;
    }
    return is_put;
}

static bool put_check(const presence *p, json_t *result)
{
    const held *h = &p->held;
    const double n = (double)h->n;

    return h->n == 0
        || call_put(result, "check",
                    json_pack("{s:I, s:f, s:f, s:f, s:f}", "visits",
                              (json_int_t)h->n, "log_loss", h->log_loss / n,
                              "plain_log_loss", h->plain_log_loss / n,
                              "brier", h->brier / n, "plain_brier",
                              h->plain_brier / n));
}

static json_t *describe(const presence *p)
{
    json_t *made = json_pack(
        "{s:I, s:I, s:I, s:f, s:{s:f, s:f, s:f, s:f}}", "visits",
        (json_int_t)p->v.all.n, "customers", (json_int_t)p->v.customers.at.n,
        "outside", (json_int_t)p->v.n_outside, "met",
        p->v.all.n ? (double)p->n_met / (double)p->v.all.n : 0, "strengths",
        "all", gb_presence_strength(p->learnt, GB_PRESENCE_ALL), "segment",
        gb_presence_strength(p->learnt, GB_PRESENCE_SEGMENT), "place",
        gb_presence_strength(p->learnt, GB_PRESENCE_PLACE), "customer",
        gb_presence_strength(p->learnt, GB_PRESENCE_CUSTOMER));

    if (made && put_slots(p, made) && put_tries(p, made) && put_check(p, made)
        && score_rejects_put(p->c, &p->v.rejects, made))
        return made;
    json_decref(made);
    return NULL;
}

static gb_status give(presence *p, json_t **result)
{
    gb_status status = call_result(p->c, result, describe(p));
    base_text text;

    base_text_init(&text, p->c->mem);
    if (!status && call_has(p->c, "out")) {
        status = write_csv(p, &text);
        if (!status)
            status = call_file_give(p->c, *result, &text);
    }
    base_text_clear(&text);
    return status;
}

static gb_status run_on_file(call *c, json_t **result)
{
    presence p = { .c = c };
    gb_status status;

    visits_init(&p.v, c->mem);
    status = take_slots(&p);
    if (!status)
        status = read_visits(&p);
    if (!status)
        status = learn(&p, p.v.all.n, &p.learnt);
    if (!status)
        status = hold(&p);
    if (!status)
        status = give(&p, result);
    gb_presence_free(p.learnt);
    visits_clear(&p.v);
    return status;
}

/* ---- of a workspace ---- */

static gb_status run_on_workspace(call *c, json_t **result)
{
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    gb_plan_result *made = NULL;
    char *card = NULL;
    gb_status status = call_open_workspace(c);

    if (!status)
        status = call_file_text(c, "card", &card);
    options.date = call_text(c, "date");
    options.card = card;
    options.scope = c->scope_text;
    options.customer = call_text(c, "customer");
    options.check_after = call_text(c, "check_after");
    options.half_life_days = call_real(c, "half_life_days");
    if (!status)
        status = gb_plan_presence(c->ctx, c->workspace, &options, &made);
    if (!status)
        status = call_result_text(c, result, "result",
                                  gb_plan_result_json(made));
    gb_plan_result_free(made);
    base_free(c->mem, card);
    return status;
}

/* Whoever keeps to a scope reads no files of others. */
static gb_status run(call *c, json_t **result)
{
    if (!call_has(c, "in"))
        return run_on_workspace(c, result);
    if (c->scope.kind != CALL_SCOPE_ALL)
        return base_fail(c->ctx, GB_ERR_SCOPE,
                         "%s is not allowed in the scope %s",
                         "score.presence --in", c->scope_text);
    return run_on_file(c, result);
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "in", .type = CALL_PATH,
      .help = GB_N("CSV of visits: customer, date, at (09:30), outcome (met, "
                   "refused, absent), perhaps place and segment; else those "
                   "of the workspace") },
    { .name = "customer", .type = CALL_TEXT,
      .help = GB_N("of the workspace: tell when this one is met") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("of the workspace: visits before this day; else all") },
    { .name = "card", .type = CALL_PATH,
      .help = GB_N("of the workspace: a score card in JSON, whose profiles "
                   "are what was supposed; else the one that ships") },
    { .name = "slots", .type = CALL_LIST,
      .fallback = "08:00,10:00,12:00,14:00,16:00,18:00,20:00",
      .help = GB_N("the hours that border the slots; of a workspace they are "
                   "the card's") },
    { .name = "half_life_days", .type = CALL_REAL, .fallback = "365",
      .unit = "d", .help = GB_N("a visit this old counts by half") },
    { .name = "check_after", .type = CALL_DATE,
      .help = GB_N("learn up to this day as well, and hold it against the "
                   "visits behind it") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("CSV of customer, kind of day, slot and chance") },
};
static const call_column columns[] = {
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "met", GB_N("met"), CALL_SHOW_RATIO },
    { "outside", GB_N("at other hours"), CALL_SHOW_PLAIN },
    { "untimed", GB_N("without an hour"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("bad rows"), CALL_SHOW_PLAIN },
    { "strengths.all", GB_N("visits that what was supposed is worth"),
      CALL_SHOW_PLAIN },
    { "strengths.segment", GB_N("visits a segment leans on"),
      CALL_SHOW_PLAIN },
    { "strengths.place", GB_N("visits a place leans on"), CALL_SHOW_PLAIN },
    { "strengths.customer", GB_N("visits a customer leans on"),
      CALL_SHOW_PLAIN },
};
static const call_column slot_columns[] = {
    { "from_s", GB_N("from"), CALL_SHOW_CLOCK },
    { "to_s", GB_N("to"), CALL_SHOW_CLOCK },
    { "workday", GB_N("workday"), CALL_SHOW_RATIO },
    { "weekend", GB_N("weekend"), CALL_SHOW_RATIO },
};
static const call_column profile_columns[] = {
    { "title_LANG", GB_N("profile"), CALL_SHOW_PLAIN },
    { "from_s", GB_N("from"), CALL_SHOW_CLOCK },
    { "to_s", GB_N("to"), CALL_SHOW_CLOCK },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "card", GB_N("by the card"), CALL_SHOW_RATIO },
    { "workday", GB_N("workday"), CALL_SHOW_RATIO },
    { "off", GB_N("day off"), CALL_SHOW_RATIO },
};
static const call_column hour_columns[] = {
    { "from_s", GB_N("from"), CALL_SHOW_CLOCK },
    { "to_s", GB_N("to"), CALL_SHOW_CLOCK },
    { "card", GB_N("by the card"), CALL_SHOW_RATIO },
    { "like_him", GB_N("customers like him"), CALL_SHOW_RATIO },
    { "at_the_place", GB_N("of them, at his place"), CALL_SHOW_RATIO },
    { "workday", GB_N("himself, workday"), CALL_SHOW_RATIO },
    { "off", GB_N("day off"), CALL_SHOW_RATIO },
};
static const call_column visit_columns[] = {
    { "date", GB_N("date"), CALL_SHOW_PLAIN },
    { "at_s", GB_N("at"), CALL_SHOW_CLOCK },
    { "day_kind", GB_N("kind of day"), CALL_SHOW_PLAIN },
    { "met", GB_N("met"), CALL_SHOW_PLAIN },
};
static const call_column try_columns[] = {
    { "attempt", GB_N("attempt"), CALL_SHOW_ID },
    { "visits", GB_N("visits"), CALL_SHOW_PLAIN },
    { "met", GB_N("met"), CALL_SHOW_RATIO },
    { "low", GB_N("low (95 in 100)"), CALL_SHOW_RATIO },
    { "high", GB_N("high (95 in 100)"), CALL_SHOW_RATIO },
};
static const call_column check_columns[] = {
    { "check.after", GB_N("foretold after"), CALL_SHOW_PLAIN },
    { "check.visits", GB_N("visits held out"), CALL_SHOW_PLAIN },
    { "check.brier", GB_N("Brier score"), CALL_SHOW_PLAIN },
    { "check.card_brier", GB_N("by the card alone"), CALL_SHOW_PLAIN },
    { "check.plain_brier", GB_N("of the plain share"), CALL_SHOW_PLAIN },
    { "check.log_loss", GB_N("log loss"), CALL_SHOW_PLAIN },
    { "check.card_log_loss", GB_N("by the card alone"), CALL_SHOW_PLAIN },
    { "check.plain_log_loss", GB_N("of the plain share"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "slots", CALL_COLUMNS(columns) },
    { .when = "profiles", CALL_COLUMNS(columns) },
    { .when = "slots", .rows = "slots", CALL_COLUMNS(slot_columns) },
    { .when = "profiles", .text = GB_N("Met, by profile of the card and "
                                       "hour:"),
      .rows = "profiles", CALL_COLUMNS(profile_columns) },
    { .when = "by_attempt",
      .text = GB_N("Met at the how-manieth visit since the last meeting:"),
      .rows = "by_attempt", CALL_COLUMNS(try_columns) },
    { .when = "of",
      .text = GB_N("{of.customer} ({of.profile}), step by step from the card "
                   "to himself:"),
      .rows = "of.hours", CALL_COLUMNS(hour_columns) },
    { .when = "of.visits_there", .text = GB_N("His visits:"),
      .rows = "of.visits_there", CALL_COLUMNS(visit_columns) },
    { .when = "of",
      .text = GB_N("best on a workday: {of.best_from_s:clock} to "
                   "{of.best_to_s:clock} ({of.best:ratio}); the card says "
                   "{of.card_best_from_s:clock}") },
    { .when = "check", CALL_COLUMNS(check_columns) },
    SCORE_REJECTS_BLOCK("rejects"),
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "score.presence",
      .help = GB_N("Learn from visits when customers are met"),
      .is_scoped = true,
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_score_presence_group = CALL_GROUP(methods);
