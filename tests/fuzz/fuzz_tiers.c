/*
 * Tierings from outside.  What is taken has names that differ, and gives the
 * higher of two values no lower tier.
 */
#include <gridbeat/tier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int is_so)
{
    if (!is_so)
        abort();
}

static void check(gb_context *ctx, const gb_tiers *tiers)
{
    const double values[] = { 1e300, 700, 300, 300, 1, 0, -5, -1e300,
                              (double)NAN };
    const size_t n = sizeof values / sizeof *values;
    uint32_t tier[sizeof values / sizeof *values];
    const size_t n_tiers = gb_tiers_count(tiers);

    must(n_tiers > 0);
    for (size_t t = 0; t < n_tiers; t++)
        for (size_t k = 0; k < t; k++)
            must(strcmp(gb_tiers_name(tiers, t), gb_tiers_name(tiers, k)));
    must(gb_tiers_assign(ctx, tiers, values, n, NULL, tier, NULL, NULL)
         == GB_OK);
    for (size_t i = 1; i + 1 < n; i++) /* GB_TIER_NONE is the highest number */
        must(tier[i] >= tier[i - 1]
             && (tier[i] < n_tiers || tier[i] == GB_TIER_NONE));
    must(tier[n - 1] == GB_TIER_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_tiers *tiers = NULL;
    char *text = malloc(size + 1);

    must(text && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(text, data, size);
    text[size] = '\0';
    if (gb_tiers_parse(ctx, text, &tiers) == GB_OK)
        check(ctx, tiers);
    gb_tiers_free(tiers);
    gb_context_free(ctx);
    free(text);
    return 0;
}
