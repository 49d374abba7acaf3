/*
 * value_api.c - implements gridbeat/value.h.
 */
#include <gridbeat/value.h>

#include <math.h>
#include <string.h>

#include "base_options.h"
#include "base_run.h"
#include "score_apply.h"
#include "score_card.h"
#include "score_worth.h"

static const double MOST_SHIFT = 50;

/* The term of a part; NULL: there is none. */
static const score_term *term_of(const gb_score_card *card,
                                 gb_value_model model, size_t part)
{
    if (part >= gb_value_n_parts(card, model))
        return NULL;
    switch (model) {
    case GB_VALUE_CONTRIBUTION:
        return &card->worth->earnings[part].term;
    case GB_VALUE_LOYALTY:
        return &card->worth->bonds[part].term;
    case GB_VALUE_URGENCY:
        return &card->worth->pressures[part].term;
    }
    return NULL;
}

size_t gb_value_n_parts(const gb_score_card *card, gb_value_model model)
{
    if (!card || !card->worth)
        return 0;
    switch (model) {
    case GB_VALUE_CONTRIBUTION:
        return card->worth->n_earnings;
    case GB_VALUE_LOYALTY:
        return card->worth->n_bonds;
    case GB_VALUE_URGENCY:
        return card->worth->n_pressures;
    }
    return 0;
}

const char *gb_value_part(const gb_score_card *card, gb_value_model model,
                          size_t part)
{
    const score_term *term = term_of(card, model, part);

    return term ? term->name : NULL;
}

static bool is_zh(const char *lang)
{
    base_lang chosen = BASE_LANG_EN;

    if (lang)
        (void)base_lang_parse(lang, &chosen); /* unknown: English */
    return chosen == BASE_LANG_ZH;
}

const char *gb_value_part_title(const gb_score_card *card,
                                gb_value_model model, size_t part,
                                const char *lang)
{
    const score_term *term = term_of(card, model, part);

    if (!term)
        return NULL;
    return is_zh(lang) ? term->title_zh : term->title_en;
}

bool gb_value_prices_visits(const gb_score_card *card)
{
    return card && card->has_scale && card->worth
           && card->worth->n_earnings > 0;
}

double gb_value_fen_per_point(const gb_score_card *card)
{
    return gb_value_prices_visits(card) ? card->worth->fen_per_point : 0;
}

gb_status gb_value_apply(gb_context *ctx, const gb_score_card *card,
                         const gb_score_table *table,
                         const int64_t *card_points,
                         const gb_value_options *options,
                         const gb_value_result *result)
{
    gb_value_options taken;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || !result || result->size < sizeof *result)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no card or no place for values");
    status = base_options_take(ctx, &taken, sizeof taken, options,
                               sizeof taken);
    if (!status && !(fabs(taken.log_odds_shift) <= MOST_SHIFT))
        status = base_fail(ctx, GB_ERR_OPTIONS,
                           "log_odds_shift must lie within +-50");
    if (!status)
        status = score_check_table(ctx, table);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("valuing"), 0, 1, table->n_rows);
    return base_run_end(&run,
                        score_worth_apply(&run, card, table, card_points,
                                          taken.log_odds_shift, result));
}

void gb_value_matrix(const gb_score_card *card, size_t *n_contribution,
                     size_t *n_loyalty)
{
    const bool has_one = card && card->worth && card->worth->boxes;

    if (n_contribution)
        *n_contribution = has_one ? card->worth->n_contribution : 0;
    if (n_loyalty)
        *n_loyalty = has_one ? card->worth->n_loyalty : 0;
}

static gb_value_box tell_box(const score_worth *w, uint32_t number, bool zh)
{
    const score_box *box = &w->boxes[number];
    const uint32_t c = number / (uint32_t)w->n_loyalty;
    const uint32_t l = number % (uint32_t)w->n_loyalty;
    const score_level *by_c = &w->by_contribution[c];
    const score_level *by_l = &w->by_loyalty[l];

    return (gb_value_box){
        .size = sizeof(gb_value_box),
        .name = box->name,
        .title = zh ? box->title_zh : box->title_en,
        .contribution = c,
        .loyalty = l,
        .contribution_name = by_c->name,
        .contribution_title = zh ? by_c->title_zh : by_c->title_en,
        .loyalty_name = by_l->name,
        .loyalty_title = zh ? by_l->title_zh : by_l->title_en,
        .channel = box->channel,
        .every_days = box->every_days,
        .template_ref = box->template_ref,
        .advice = zh ? box->advice_zh : box->advice_en
    };
}

gb_status gb_value_box_get(gb_context *ctx, const gb_score_card *card,
                           uint32_t box, const char *lang, gb_value_box *out)
{
    size_t n_contribution = 0, n_loyalty = 0;
    gb_value_box told;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no card or no place for a box");
    gb_value_matrix(card, &n_contribution, &n_loyalty);
    if (box >= n_contribution * n_loyalty)
        return base_fail(ctx, GB_ERR_NOT_FOUND,
                         "the matrix of the card has no box number %u", box);
    told = tell_box(card->worth, box, is_zh(lang));
    return base_options_give(out, &told, sizeof told)
               ? GB_OK
               : base_fail(ctx, GB_ERR_ARGUMENT,
                           "no card or no place for a box");
}
