/*
 * score_apply_tags.c - a card bound to a matrix of numbers with tags, as the
 * night has it.  A factor of texts looks for a tag `column=text` there.
 */
#include <math.h>
#include <string.h>

#include "score_apply.h"

/* Where a factor looks; bin_of_tag is for texts: UINT8_MAX where a tag is of
 * something else. */
typedef struct place {
    size_t column, other;
    uint8_t *bin_of_tag;
} place;

size_t score_find_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (name && strcmp(names[i], name) == 0)
            return i;
    return SIZE_MAX;
}

bool score_has_tag(const gb_score_table *table, size_t row, size_t tag)
{
    if (table->n_tags == 0 || tag == SIZE_MAX)
        return false;
    for (uint32_t t = table->row_first_tag[row];
         t < table->row_first_tag[row + 1]; t++)
        if (table->row_tags[t] == tag)
            return true;
    return false;
}

static gb_status find_column(gb_context *ctx, const gb_score_table *table,
                             const score_factor *factor, const char *name,
                             size_t *out)
{
    *out = score_find_name(table->columns, table->n_columns, name);
    if (*out != SIZE_MAX)
        return GB_OK;
    return base_fail(ctx, GB_ERR_DATA,
                     "factor \"%s\" asks for the column \"%s\", which there "
                     "is not",
                     factor->name, name);
}

static gb_status look_tags_up(gb_context *ctx, const gb_score_table *table,
                              const score_factor *factor, place *at)
{
    const size_t n = strlen(factor->column);

    at->bin_of_tag = base_alloc_array(ctx->mem, table->n_tags, 1);
    if (!at->bin_of_tag)
        return base_fail_nomem(ctx);
    for (size_t t = 0; t < table->n_tags; t++) {
        const char *tag = table->tags[t];
        const bool is_of_it
            = strncmp(tag, factor->column, n) == 0 && tag[n] == '=';

        at->bin_of_tag[t] = is_of_it ? (uint8_t)score_card_bin_of_text(
                                factor, tag + n + 1)
                                     : UINT8_MAX;
    }
    return GB_OK;
}

static gb_status bind_factor(gb_context *ctx, const gb_score_table *table,
                             const score_factor *factor, place *at)
{
    gb_status status;

    if (factor->kind == SCORE_TAG) {
        at->column = score_find_name(table->tags, table->n_tags, factor->tag);
        return GB_OK;
    }
    if (factor->kind == SCORE_TEXT)
        return look_tags_up(ctx, table, factor, at);
    status = find_column(ctx, table, factor, factor->column, &at->column);
    if (!status && factor->other)
        status = find_column(ctx, table, factor, factor->other, &at->other);
    return status;
}

static size_t bin_by_tags(const gb_score_table *table,
                          const score_factor *factor, const place *at,
                          size_t row)
{
    if (table->n_tags > 0)
        for (uint32_t t = table->row_first_tag[row];
             t < table->row_first_tag[row + 1]; t++) {
            const uint8_t bin = at->bin_of_tag[table->row_tags[t]];

            if (bin != UINT8_MAX)
                return bin;
        }
    return factor->n_bins;
}

static int32_t points_of(const gb_score_table *table,
                         const score_factor *factor, const place *at,
                         size_t row)
{
    const double *values = table->values + row * table->n_columns;
    double value;

    if (factor->kind == SCORE_TAG)
        return score_has_tag(table, row, at->column) ? factor->points[0] : 0;
    if (factor->kind == SCORE_TEXT)
        return score_card_points(factor,
                                 bin_by_tags(table, factor, at, row));
    value = values[at->column];
    if (factor->other)
        value = score_card_derive(factor->kind, value, values[at->other]);
    return score_card_points(factor, score_card_bin(factor, value));
}

static gb_status score_rows(base_run *run, const gb_score_card *card,
                            const gb_score_table *table, const place *places,
                            int32_t *parts, int64_t *points)
{
    gb_status status = GB_OK;

    for (size_t row = 0; row < table->n_rows && !status; row++) {
        int64_t sum = 0;

        for (size_t f = 0; f < card->n_factors; f++) {
            const int32_t won
                = points_of(table, &card->factors[f], &places[f], row);

            if (parts)
                parts[row * card->n_factors + f] = won;
            sum += won;
        }
        points[row] = sum > 0 ? sum : 0;
        status = base_poll(run);
    }
    return status;
}

gb_status score_card_apply_tags(base_run *run, const gb_score_card *card,
                                const gb_score_table *table, int32_t *parts,
                                int64_t *points)
{
    place *places
        = base_alloc_zeroed(run->mem, card->n_factors, sizeof *places);
    gb_status status = places ? GB_OK : base_fail_nomem(run->ctx);

    for (size_t f = 0; f < card->n_factors && !status; f++)
        status
            = bind_factor(run->ctx, table, &card->factors[f], &places[f]);
    if (!status)
        status = score_rows(run, card, table, places, parts, points);
    for (size_t f = 0; places && f < card->n_factors; f++)
        base_free(run->mem, places[f].bin_of_tag);
    base_free(run->mem, places);
    return status;
}
