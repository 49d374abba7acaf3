/*
 * score_api.c - implements gridbeat/score.h, but for the densities
 * (score_density_api.c).
 */
#include <gridbeat/score.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_run.h"
#include "score_apply.h"
#include "score_card.h"

extern const unsigned char gb_card_shipped[];

gb_status gb_score_card_parse(gb_context *ctx, const char *json, size_t length,
                              gb_score_card **out)
{
    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    *out = NULL;
    if (!json)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no card is given");
    return score_card_parse(ctx, json, length, out);
}

const char *score_card_shipped(void)
{
    return (const char *)gb_card_shipped;
}

const char *gb_score_card_shipped(void)
{
    return score_card_shipped();
}

void gb_score_card_free(gb_score_card *card)
{
    base_mem *mem;

    if (!card)
        return;
    mem = card->mem;
    base_arena_clear(&card->arena);
    base_free(mem, card);
    base_mem_unref(mem);
}

size_t gb_score_card_n_factors(const gb_score_card *card)
{
    return card ? card->n_factors : 0;
}

const char *gb_score_card_factor(const gb_score_card *card, size_t factor)
{
    return card && factor < card->n_factors ? card->factors[factor].name
                                            : NULL;
}

const char *gb_score_card_title(const gb_score_card *card, size_t factor,
                                const char *lang)
{
    base_lang chosen = BASE_LANG_EN;

    if (!card || factor >= card->n_factors)
        return NULL;
    if (lang)
        (void)base_lang_parse(lang, &chosen); /* unknown: English */
    return chosen == BASE_LANG_ZH ? card->factors[factor].title_zh
                                  : card->factors[factor].title_en;
}

size_t gb_score_card_n_slots(const gb_score_card *card)
{
    return card ? card->n_slots : 0;
}

const int32_t *gb_score_card_slot_borders(const gb_score_card *card)
{
    return card ? card->slot_borders_s : NULL;
}

size_t gb_score_card_n_profiles(const gb_score_card *card)
{
    return card ? card->n_profiles : 0;
}

bool gb_score_card_profile(const gb_score_card *card, size_t profile,
                           gb_score_profile *out)
{
    if (!card || !out || profile >= card->n_profiles)
        return false;
    out->name = card->profiles[profile].name;
    out->tag = card->profiles[profile].tag;
    out->permille = card->profiles[profile].permille;
    return true;
}

gb_status score_check_table(gb_context *ctx, const gb_score_table *table)
{
    if (!table || table->size < sizeof *table)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no score table of known size");
    if ((table->n_columns > 0 && (!table->columns || !table->values))
        || (table->n_tags > 0 && (!table->tags || !table->row_first_tag)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the score table lacks an array");
    for (size_t row = 0; table->n_tags > 0 && row < table->n_rows; row++)
        for (uint32_t t = table->row_first_tag[row];
             t < table->row_first_tag[row + 1]; t++)
            if (table->row_tags[t] >= table->n_tags)
                return base_fail(ctx, GB_ERR_ARGUMENT,
                                 "row %zu has tag number %u of %zu", row,
                                 table->row_tags[t], table->n_tags);
    return GB_OK;
}

gb_status gb_score_card_apply(gb_context *ctx, const gb_score_card *card,
                              const gb_score_table *table, int32_t *parts,
                              int64_t *points)
{
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || !points)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no card or no place for points");
    status = score_check_table(ctx, table);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("scoring"), 0, 1, table->n_rows);
    return base_run_end(
        &run, score_card_apply_tags(&run, card, table, parts, points));
}

gb_status gb_score_presence(gb_context *ctx, const gb_score_card *card,
                            const gb_score_table *table, int16_t *permille)
{
    base_run run;
    size_t *tags;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || !permille)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no card or no place for the presence");
    status = score_check_table(ctx, table);
    if (status)
        return status;
    tags = base_alloc_array(ctx->mem, card->n_profiles, sizeof *tags);
    if (!tags)
        return base_fail_nomem(ctx);
    for (size_t p = 0; p < card->n_profiles; p++)
        tags[p] = score_find_name(table->tags, table->n_tags, card->profiles[p].tag);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("presence by hour"), 0, 1, table->n_rows);
    for (size_t row = 0; row < table->n_rows && !status; row++) {
        size_t p = 0;

        while (p + 1 < card->n_profiles && !score_has_tag(table, row, tags[p]))
            p++;
        memcpy(permille + row * card->n_slots, card->profiles[p].permille,
               card->n_slots * sizeof *permille);
        status = base_poll(&run);
    }
    base_free(ctx->mem, tags);
    return base_run_end(&run, status);
}
