/*
 * score_api.c - implements gridbeat/score.h, but for the densities
 * (score_density_api.c).
 */
#include <gridbeat/score.h>

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_run.h"
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

static gb_status check_table(gb_context *ctx, const gb_score_table *table)
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

static size_t find_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (name && strcmp(names[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static bool has_tag(const gb_score_table *table, size_t row, size_t tag)
{
    if (table->n_tags == 0 || tag == SIZE_MAX)
        return false;
    for (uint32_t t = table->row_first_tag[row];
         t < table->row_first_tag[row + 1]; t++)
        if (table->row_tags[t] == tag)
            return true;
    return false;
}

/* Where the card's columns and tags stand in the table. */
static gb_status bind_factors(gb_context *ctx, const gb_score_card *card,
                              const gb_score_table *table, size_t *places)
{
    for (size_t f = 0; f < card->n_factors; f++) {
        const score_factor *factor = &card->factors[f];

        if (factor->kind == SCORE_TEXT || factor->other)
            return base_fail(ctx, GB_ERR_DATA,
                             "factor \"%s\" is one of a fitted card: it "
                             "needs a table of columns",
                             factor->name);
        places[f] = factor->column
                        ? find_name(table->columns, table->n_columns,
                                    factor->column)
                        : find_name(table->tags, table->n_tags, factor->tag);
        if (factor->column && places[f] == SIZE_MAX)
            return base_fail(ctx, GB_ERR_DATA,
                             "factor \"%s\" asks for the column \"%s\", which "
                             "there is not",
                             factor->name, factor->column);
    }
    return GB_OK;
}

static int64_t score_row(const gb_score_card *card,
                         const gb_score_table *table, const size_t *places,
                         size_t row, int32_t *parts)
{
    int64_t sum = 0;

    for (size_t f = 0; f < card->n_factors; f++) {
        const score_factor *factor = &card->factors[f];
        int32_t points;

        if (factor->column)
            points = score_card_points(
                factor,
                score_card_bin(
                    factor,
                    table->values[row * table->n_columns + places[f]]));
        else
            points = has_tag(table, row, places[f]) ? factor->points[0] : 0;
        if (parts)
            parts[row * card->n_factors + f] = points;
        sum += points;
    }
    return sum > 0 ? sum : 0;
}

gb_status gb_score_card_apply(gb_context *ctx, const gb_score_card *card,
                              const gb_score_table *table, int32_t *parts,
                              int64_t *points)
{
    base_run run;
    size_t *places;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!card || !points)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no card or no place for points");
    status = check_table(ctx, table);
    if (status)
        return status;
    places = base_alloc_array(ctx->mem, card->n_factors, sizeof *places);
    if (!places)
        return base_fail_nomem(ctx);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("scoring"), 0, 1, table->n_rows);
    status = bind_factors(ctx, card, table, places);
    for (size_t row = 0; row < table->n_rows && !status; row++) {
        points[row] = score_row(card, table, places, row, parts);
        status = base_poll(&run);
    }
    base_free(ctx->mem, places);
    return base_run_end(&run, status);
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
    status = check_table(ctx, table);
    if (status)
        return status;
    tags = base_alloc_array(ctx->mem, card->n_profiles, sizeof *tags);
    if (!tags)
        return base_fail_nomem(ctx);
    for (size_t p = 0; p < card->n_profiles; p++)
        tags[p] = find_name(table->tags, table->n_tags, card->profiles[p].tag);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("presence by hour"), 0, 1, table->n_rows);
    for (size_t row = 0; row < table->n_rows && !status; row++) {
        size_t p = 0;

        while (p + 1 < card->n_profiles && !has_tag(table, row, tags[p]))
            p++;
        memcpy(permille + row * card->n_slots, card->profiles[p].permille,
               card->n_slots * sizeof *permille);
        status = base_poll(&run);
    }
    base_free(ctx->mem, tags);
    return base_run_end(&run, status);
}
