/*
 * plan_feedback.c - see plan_feedback.h.
 */
#include "plan_feedback.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gridbeat/policy.h>

#include "base_text.h"

enum { DEFAULT_DAYS = 30, LATEST = PLAN_CALIBRATION_LATEST, JSON_SIZE = 40 };
static const double DEFAULT_SHARE = .05;

/* ---- settings ---- */

/* The workspace's number, or `other`. */
static gb_status kept_number(plan_data *data, const char *key, double other,
                             double *out)
{
    char *text = NULL;
    const gb_status status = store_setting_get(data->ws, key, &text);

    if (status || !text || !base_parse_real(text, out))
        *out = other;
    base_free(data->ws->mem, text);
    return status;
}

static gb_status keep_number(plan_data *data, const char *key, double value)
{
    base_text text;
    gb_status status;

    base_text_init(&text, data->run->mem);
    base_text_exact(&text, value);
    status = text.is_short ? base_fail_nomem(data->run->ctx)
                           : store_setting_set(data->ws, key, text.chars);
    base_text_clear(&text);
    return status;
}

/* `given` of 0 asks for what is kept; anything else is kept from now on. */
static gb_status take_number(plan_data *data, const char *key, double given,
                             double other, double *out)
{
    double kept = 0;
    const gb_status status = kept_number(data, key, NAN, &kept);

    *out = fabs(given) > 0 ? fmax(given, 0) : isnan(kept) ? other : kept;
    if (status || !(fabs(given) > 0) || fabs(*out - kept) <= 0)
        return status;
    return keep_number(data, key, *out);
}

gb_status plan_feedback_settings_take(plan_data *data,
                                      plan_feedback_settings *out)
{
    const gb_plan_options *given = &data->settings->given;
    double days = DEFAULT_DAYS;
    gb_status status = take_number(data, "activation_days",
                                   given->activation_days, DEFAULT_DAYS,
                                   &days);

    if (!status)
        status = take_number(data, "held_out_share", given->held_out_share,
                             DEFAULT_SHARE, &out->held_out_share);
    out->activation_days = days >= 1 && days <= 366 ? (int32_t)days
                                                    : DEFAULT_DAYS;
    return status;
}

/* ---- the step ---- */

gb_status plan_settle(plan_data *data, json_t **result)
{
    plan_feedback_settings settings = { DEFAULT_DAYS, 0 };
    store_settled s;
    gb_status status = plan_feedback_settings_take(data, &settings);

    if (!status)
        status = store_settle(data->ws, data->settings->on,
                              settings.activation_days, &s);
    if (status)
        return status;
    return plan_json(
        data->run,
        json_pack("{s:i, s:f, s:{s:I, s:I, s:I, s:I}, s:{s:I, s:I, s:I, s:I}}",
                  "activation_days", (int)settings.activation_days,
                  "held_out_share", settings.held_out_share, "visits",
                  "settled", (json_int_t)s.n_visits, "active",
                  (json_int_t)s.n_visits_active, "unknown",
                  (json_int_t)s.n_visits_unknown, "open",
                  (json_int_t)s.n_visits_open, "trials", "settled",
                  (json_int_t)s.n_trials, "active",
                  (json_int_t)s.n_trials_active, "unknown",
                  (json_int_t)s.n_trials_unknown, "open",
                  (json_int_t)s.n_trials_open),
        result);
}

/* ---- trials ---- */

enum { OFFERED = 0, HELD_OUT = 1, IS_OPEN = 2, IS_TAKEN = 4 };

/* The draw: the same whoever else is there, another one in the next trial. */
static gb_status draw(plan_data *data, double share, size_t target,
                      base_text *key, uint8_t *arm)
{
    base_text_reset(key);
    base_text_add(key, data->targets.items[target].ref);
    base_text_add(key, "@");
    base_text_add(key, data->settings->given.date);
    if (key->is_short)
        return base_fail_nomem(data->run->ctx);
    *arm = gb_policy_held_out(data->settings->given.seed, key->chars, share)
               ? HELD_OUT
               : OFFERED;
    return GB_OK;
}

static const store_trial *find_open(const store_trials *open, int64_t customer)
{
    size_t low = 0, high = open->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (open->items[middle].customer_id < customer)
            low = middle + 1;
        else
            high = middle;
    }
    return low < open->n && open->items[low].customer_id == customer
               ? &open->items[low]
               : NULL;
}

static gb_status draw_all(plan_data *data, const store_trials *open,
                          plan_trials *out)
{
    base_text key;
    gb_status status = GB_OK;

    base_text_init(&key, data->run->mem);
    for (size_t t = 0; t < data->targets.n && !status; t++) {
        const store_trial *trial
            = find_open(open, data->targets.items[t].id);

        out->until[t] = trial ? trial->until
                              : data->settings->on + out->activation_days;
        if (trial)
            out->arms[t] = IS_OPEN | (trial->is_held_out ? HELD_OUT : OFFERED);
        else
            status = draw(data, out->share, t, &key, &out->arms[t]);
    }
    base_text_clear(&key);
    return status;
}

gb_status plan_trials_draw(plan_data *data, plan_trials *out)
{
    plan_feedback_settings settings = { DEFAULT_DAYS, 0 };
    store_trials open;
    gb_status status = plan_feedback_settings_take(data, &settings);

    memset(&open, 0, sizeof open);
    base_arena_init(&out->arena, data->run->mem);
    out->activation_days = settings.activation_days;
    out->share = settings.held_out_share;
    out->arms = base_alloc_zeroed(data->run->mem, data->targets.n,
                                  sizeof *out->arms);
    out->until = base_alloc_array(data->run->mem, data->targets.n,
                                  sizeof *out->until);
    if (!status && (!out->arms || !out->until))
        status = base_fail_nomem(data->run->ctx);
    if (!status)
        status = store_load_open_trials(data->ws, data->settings->on, &open);
    if (!status)
        status = draw_all(data, &open, out);
    store_trials_clear(&open);
    return status;
}

/* Where nobody is to be held out any more, those who were are let go. */
static bool is_out(const plan_trials *trials, uint32_t target)
{
    return (trials->arms[target] & HELD_OUT) && trials->share > 0;
}

bool plan_trials_take(plan_trials *trials, uint32_t target)
{
    trials->arms[target] |= IS_TAKEN;
    return is_out(trials, target);
}

bool plan_trials_holds_out(const plan_trials *trials, uint32_t target)
{
    return (trials->arms[target] & IS_OPEN) && is_out(trials, target);
}

const char *plan_trials_json(plan_trials *trials, uint32_t target)
{
    char *json = base_arena_alloc(&trials->arena, JSON_SIZE, 1);
    char day[16];

    if (json)
        snprintf(json, JSON_SIZE, "{\"until\":\"%s\"}",
                 store_day_text(day, trials->until[target]));
    return json;
}

static store_trial describe(const plan_data *data, const plan_trials *trials,
                            size_t t)
{
    const store_target *target = &data->targets.items[t];
    const bool is_held_out = (trials->arms[t] & HELD_OUT) != 0;

    return (store_trial){
        .customer_id = target->id, .day = data->settings->on,
        .until = trials->until[t], .segment = data->settings->given.segment,
        .strategy = target->channel_rule, .grade = target->grade,
        .is_held_out = is_held_out,
        .propensity = is_held_out ? trials->share : 1 - trials->share,
        .score = target->score, .chance = target->card_chance
    };
}

gb_status plan_trials_save(plan_data *data, plan_trials *trials)
{
    store_trial *items = base_alloc_array(data->run->mem, data->targets.n,
                                          sizeof *items);
    size_t n = 0;
    gb_status status;

    if (!items)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < data->targets.n; t++)
        if ((trials->arms[t] & (IS_TAKEN | IS_OPEN)) == IS_TAKEN)
            items[n++] = describe(data, trials, t);
    if (!(trials->share > 0))
        n = 0; /* nothing is drawn: there is nothing to compare with */
    status = store_save_trials(data->ws, data->settings->on, items, n,
                               trials->share > 0);
    base_free(data->run->mem, items);
    return status;
}

void plan_trials_clear(plan_data *data, plan_trials *trials)
{
    if (trials->arena.mem)
        base_arena_clear(&trials->arena);
    base_free(data->run->mem, trials->arms);
    base_free(data->run->mem, trials->until);
    memset(trials, 0, sizeof *trials);
}

/* ---- calibration ---- */

/* The last of them, in the order of days. */
static size_t gather(const store_results *all, double *chances,
                     uint8_t *outcomes)
{
    size_t n = 0;

    for (size_t i = all->n; i-- > 0 && n < LATEST;) {
        const store_result *r = &all->items[i];

        if (isnan(r->chance) || r->is_active < 0)
            continue;
        chances[n] = r->chance;
        outcomes[n++] = r->is_active == 1;
    }
    return n;
}

gb_status plan_calibration_find(plan_data *data, plan_calibration *out)
{
    double *chances = base_alloc_array(data->run->mem, LATEST,
                                       sizeof *chances);
    uint8_t *outcomes = base_alloc_array(data->run->mem, LATEST, 1);
    gb_policy_estimate shift = { 0, 0, 0, 0 };
    store_results all;
    gb_status status = chances && outcomes ? GB_OK
                                           : base_fail_nomem(data->run->ctx);
    size_t n = 0;

    memset(out, 0, sizeof *out);
    memset(&all, 0, sizeof all);
    if (!status)
        status = store_load_results(data->ws, (store_scope){ 0 }, &all);
    if (!status)
        n = gather(&all, chances, outcomes);
    for (size_t i = 0; i < n; i++) {
        out->foretold += chances[i] / (double)n;
        out->active += outcomes[i] / (double)n;
    }
    if (!status && n > 0)
        status = plan_take(data, gb_policy_shift(&data->quiet, chances,
                                                 outcomes, n, NULL, &shift));
    out->n = (int64_t)n;
    out->shift = shift.value;
    store_results_clear(&all);
    base_free(data->run->mem, chances);
    base_free(data->run->mem, outcomes);
    return status;
}

double plan_calibrated(const plan_calibration *calibration, double chance)
{
    return calibration->n > 0 ? gb_policy_shifted(chance, calibration->shift)
                              : chance;
}
