/*
 * plan_value.c - see plan_value.h.
 */
#include "plan_value.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "plan_feedback.h"

static const double MOST_SHIFT = 10; /* e^10 in the odds: more is no drift */

static const gb_value_model models[]
    = { GB_VALUE_CONTRIBUTION, GB_VALUE_LOYALTY, GB_VALUE_URGENCY };

gb_status plan_value_calibrate(plan_data *data)
{
    plan_calibration found;
    const gb_status status = plan_calibration_find(data, &found);

    data->chance_shift
        = status ? 0 : fmin(fmax(found.shift, -MOST_SHIFT), MOST_SHIFT);
    return status;
}

static gb_status apply(plan_data *data, const gb_score_card *card,
                       const gb_score_table *table, const int64_t *points,
                       const gb_value_result *result)
{
    gb_value_options options = GB_VALUE_OPTIONS_INIT;

    options.log_odds_shift = data->chance_shift;
    return plan_take(data, gb_value_apply(&data->quiet, card, table, points,
                                          &options, result));
}

gb_status plan_value_points(plan_data *data, const gb_score_card *card,
                            const gb_score_table *table, int64_t *points)
{
    gb_value_result result = GB_VALUE_RESULT_INIT;

    if (!gb_value_prices_visits(card))
        return GB_OK;
    result.points = points; /* row by row: what was read is written over */
    return apply(data, card, table, points, &result);
}

static void *take(plan_values *v, size_t n, size_t size)
{
    return base_arena_alloc(&v->arena, n, size);
}

static const char **take_names(plan_values *v, const gb_score_card *card,
                               size_t m)
{
    const size_t n = gb_value_n_parts(card, models[m]);
    const char **names = take(v, n, sizeof *names);

    for (size_t p = 0; names && p < n; p++)
        names[p] = gb_value_part(card, models[m], p);
    return names;
}

static bool take_sums(plan_values *v, size_t n)
{
    gb_value_result *to = &v->to;

    *to = (gb_value_result)GB_VALUE_RESULT_INIT;
    v->card_points = take(v, n, sizeof *v->card_points);
    to->points = take(v, n, sizeof *to->points);
    to->chance = take(v, n, sizeof *to->chance);
    to->contribution_fen = take(v, n, sizeof *to->contribution_fen);
    to->at_stake_fen = take(v, n, sizeof *to->at_stake_fen);
    to->loyalty = take(v, n, sizeof *to->loyalty);
    to->urgency = take(v, n, sizeof *to->urgency);
    to->box = take(v, n, sizeof *to->box);
    v->card_chance = take(v, n, sizeof *v->card_chance);
    return v->card_chance && v->card_points && to->points && to->chance && to->contribution_fen
           && to->at_stake_fen && to->loyalty && to->urgency && to->box;
}

static bool take_parts(plan_values *v, const gb_score_card *card, size_t n)
{
    gb_value_result *to = &v->to;

    v->kept.n_contribution = gb_value_n_parts(card, GB_VALUE_CONTRIBUTION);
    v->kept.n_loyalty = gb_value_n_parts(card, GB_VALUE_LOYALTY);
    v->kept.n_urgency = gb_value_n_parts(card, GB_VALUE_URGENCY);
    to->contribution_parts
        = take(v, n * v->kept.n_contribution, sizeof(int64_t));
    to->at_stake_parts = take(v, n * v->kept.n_contribution, sizeof(int64_t));
    to->loyalty_parts = take(v, n * v->kept.n_loyalty, sizeof(int32_t));
    to->urgency_parts = take(v, n * v->kept.n_urgency, sizeof(double));
    v->kept.contribution_names = take_names(v, card, 0);
    v->kept.loyalty_names = take_names(v, card, 1);
    v->kept.urgency_names = take_names(v, card, 2);
    return to->contribution_parts && to->at_stake_parts && to->loyalty_parts
           && to->urgency_parts && v->kept.contribution_names
           && v->kept.loyalty_names && v->kept.urgency_names;
}

/* Names of the rows' boxes, and of whom the rows are. */
static gb_status name_rows(plan_data *data, const gb_score_card *card,
                           plan_values *v)
{
    const size_t n = data->targets.n;
    const char **box = take(v, n, sizeof *box);
    int64_t *customers = take(v, n, sizeof *customers);

    if (!box || !customers)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < n; t++) {
        gb_value_box told = { .size = sizeof told };

        customers[t] = data->targets.items[t].id;
        box[t] = v->to.box[t] != GB_VALUE_NO_BOX
                         && !gb_value_box_get(&data->quiet, card,
                                              v->to.box[t], NULL, &told)
                     ? told.name
                     : NULL;
    }
    v->kept.box = box;
    v->kept.customers = customers;
    return GB_OK;
}

/* The chance is shifted in the logits: this way back. */
static void unshift(const plan_data *data, plan_values *v)
{
    const double factor = exp(data->chance_shift);

    for (size_t t = 0; t < data->targets.n; t++) {
        const double p = v->to.chance[t];

        v->card_chance[t] = p / (p + (1 - p) * factor);
    }
}

/* What the store keeps of it. */
static void lend(const plan_data *data, plan_values *v)
{
    store_values *k = &v->kept;

    k->on = data->settings->on;
    k->n = data->targets.n;
    k->card_points = v->card_points;
    k->chance = v->to.chance;
    k->card_chance = v->card_chance;
    k->contribution_fen = v->to.contribution_fen;
    k->at_stake_fen = v->to.at_stake_fen;
    k->urgency = v->to.urgency;
    k->loyalty = v->to.loyalty;
    k->contribution_parts = v->to.contribution_parts;
    k->at_stake_parts = v->to.at_stake_parts;
    k->loyalty_parts = v->to.loyalty_parts;
    k->urgency_parts = v->to.urgency_parts;
}

gb_status plan_values_make(plan_data *data, const gb_score_card *card,
                           const gb_score_table *table,
                           const int64_t *card_points, bool with_parts,
                           plan_values *v)
{
    const size_t n = data->targets.n;
    gb_status status = GB_OK;

    memset(v, 0, sizeof *v);
    base_arena_init(&v->arena, data->run->mem);
    if (!take_sums(v, n) || (with_parts && !take_parts(v, card, n)))
        status = base_fail_nomem(data->run->ctx);
    if (!status && card_points && n > 0)
        memcpy(v->card_points, card_points, n * sizeof *card_points);
    if (!status && !card_points)
        status = plan_take(data,
                           gb_score_card_apply(&data->quiet, card, table,
                                               NULL, v->card_points));
    if (!status)
        status = apply(data, card, table, v->card_points, &v->to);
    if (!status)
        status = name_rows(data, card, v);
    if (!status) {
        unshift(data, v);
        lend(data, v);
    }
    return status;
}

void plan_values_clear(plan_values *v)
{
    if (v->arena.mem)
        base_arena_clear(&v->arena);
    memset(v, 0, sizeof *v);
}

gb_status plan_value_targets(plan_data *data, const gb_score_card *card,
                             const gb_score_table *table, int64_t *points)
{
    const size_t n = data->targets.n;
    plan_values v;
    gb_status status
        = plan_values_make(data, card, table, points, true, &v);

    if (!status)
        status = store_save_values(data->ws, &v.kept);
    if (!status && n > 0)
        memcpy(points, v.to.points, n * sizeof *points);
    for (size_t t = 0; t < n && !status; t++)
        data->targets.items[t].card_chance = v.card_chance[t];
    plan_values_clear(&v);
    return status;
}
