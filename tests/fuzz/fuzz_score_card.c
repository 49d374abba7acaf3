/*
 * fuzz_score_card.c - any bytes as a card: refused in one line, or the card is
 * the same after it was written and read again, and scores a small table that
 * has, or lacks, its columns.
 */
#include <gridbeat/gridbeat.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 4, MOST_FACTORS = 200 };

static void hold(bool is_right)
{
    if (!is_right)
        abort();
}

static char *text_of(gb_context *ctx, const gb_score_card *card)
{
    size_t needed = 0;
    char *text;

    hold(gb_scorecard_text(ctx, card, NULL, 0, &needed) == GB_ERR_BUFFER);
    text = malloc(needed);
    hold(text && gb_scorecard_text(ctx, card, text, needed, NULL) == GB_OK);
    return text;
}

static void score(gb_context *ctx, const gb_score_card *card)
{
    static const double a[ROWS] = { -1e308, 0, 1e308, 7 };
    static const uint32_t town[ROWS] = { 0, 1, GB_SCORECARD_BLANK, 1 };
    static const char *const towns[] = { "far", "near" };
    static const gb_scorecard_column columns[]
        = { { "a", a, NULL, NULL, 0 },
            { "b", a, NULL, NULL, 0 },
            { "town", NULL, town, towns, 2 } };
    static const gb_scorecard_table table
        = { sizeof table, ROWS, 3, columns };
    static int32_t parts[ROWS * MOST_FACTORS];
    static uint32_t bins[ROWS * MOST_FACTORS];
    double p[ROWS], psi[MOST_FACTORS];
    int64_t points[ROWS];
    const gb_status status
        = gb_scorecard_apply(ctx, card, &table, parts, points, NULL);

    hold(status == GB_OK || status == GB_ERR_DATA);
    for (size_t r = 0; r < ROWS && !status; r++)
        hold(points[r] >= 0);
    if (!status && !gb_scorecard_apply(ctx, card, &table, NULL, NULL, p))
        for (size_t r = 0; r < ROWS; r++)
            hold(p[r] >= 0 && p[r] <= 1);
    if (!status)
        hold(gb_scorecard_bins(ctx, card, &table, bins) == GB_OK);
    if (!status)
        hold(gb_scorecard_stability(ctx, card, &table, psi) == GB_OK);
}

/* Values of the same customers: within their ranges, and the parts add up. */
static void value(gb_context *ctx, const gb_score_card *card)
{
    static const double a[ROWS * 2]
        = { -1e308, 0, 0, -1e308, 1e308, 7, (double)NAN, 1e15 };
    static const char *const columns[] = { "a", "b" };
    static const char *const tags[] = { "town=near" };
    static const uint32_t first[ROWS + 1] = { 0, 0, 1, 1, 1 };
    static const uint32_t row_tags[] = { 0 };
    static const gb_score_table table
        = { sizeof table, ROWS, 2, columns, a, 1, tags, first, row_tags };
    static int64_t parts[ROWS * MOST_FACTORS];
    static int32_t loyal_parts[ROWS * MOST_FACTORS];
    gb_value_result result = GB_VALUE_RESULT_INIT;
    int64_t points[ROWS], stake[ROWS];
    int32_t loyalty[ROWS];
    uint32_t box[ROWS];
    const size_t n = gb_value_n_parts(card, GB_VALUE_CONTRIBUTION);
    const size_t m = gb_value_n_parts(card, GB_VALUE_LOYALTY);
    gb_status status;

    result.points = points;
    result.at_stake_fen = stake;
    result.at_stake_parts = parts;
    result.loyalty = loyalty;
    result.loyalty_parts = loyal_parts;
    result.box = box;
    status = gb_value_apply(ctx, card, &table, NULL, NULL, &result);
    hold(status == GB_OK || status == GB_ERR_DATA);
    for (size_t r = 0; r < ROWS && !status; r++) {
        gb_value_box told = { .size = sizeof told };

        for (size_t p = 0; p < n; p++)
            stake[r] -= parts[r * n + p];
        for (size_t p = 0; p < m; p++)
            loyalty[r] -= loyal_parts[r * m + p];
        hold(stake[r] == 0 && points[r] >= 0);
        hold(loyalty[r] == (m > 0 ? 0 : GB_VALUE_NO_LOYALTY));
        hold(box[r] == GB_VALUE_NO_BOX
             || gb_value_box_get(ctx, card, box[r], "zh", &told) == GB_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_score_card *card = NULL, *again = NULL;
    gb_context *ctx = NULL;

    hold(gb_context_new(NULL, &ctx) == GB_OK);
    if (gb_score_card_parse(ctx, (const char *)data, size, &card) == GB_OK) {
        char *text = text_of(ctx, card), *twice;

        hold(gb_score_card_parse(ctx, text, strlen(text), &again) == GB_OK);
        twice = text_of(ctx, again);
        hold(strcmp(text, twice) == 0);
        score(ctx, card);
        value(ctx, card);
        free(text);
        free(twice);
    } else {
        hold(*gb_last_error(ctx) && !strchr(gb_last_error(ctx), '\n'));
    }
    gb_score_card_free(card);
    gb_score_card_free(again);
    gb_context_free(ctx);
    return 0;
}
