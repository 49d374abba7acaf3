/*
 * fuzz_roads_profile.c - any text as a profile: it is refused with a message
 * of one line, or what it says can be written and read back as the same, and
 * every judgement by it is in bounds.
 */
#include "roads_profile.h"
#include "roads_states.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(gb_context *ctx, const roads_profile *profile)
{
    static roads_profile again;
    base_text text;

    base_text_init(&text, ctx->mem);
    roads_profile_write(profile, &text);
    if (roads_profile_parse(ctx, text.chars, &again) != GB_OK
        || memcmp(&again, profile, sizeof again) != 0)
        abort();
    base_text_clear(&text);
}

static void check_judgements(const roads_profile *p)
{
    roads_kind kind;

    memset(&kind, 0, sizeof kind);
    kind.oneway_bicycle = ROADS_ONEWAY_UNSAID;
    kind.limit_dkmh[0] = 500;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            for (int band = -1; band < p->n_bands; band++) {
                double dkmh;

                kind.class = (uint8_t)c;
                dkmh = roads_profile_dkmh(p, &kind, (gb_mode)m, 0, band);
                if (!(dkmh >= 0 && dkmh <= 4000))
                    abort();
                if (dkmh > 0 && !roads_profile_can(&kind, (gb_mode)m, 0))
                    abort();
            }
        for (uint32_t t = 0; t < ROADS_TURN_COUNT; t++) {
            const double s = roads_profile_turn_s(p, (gb_mode)m, t);

            if (!(s >= 0 && s <= 720) && !isinf(s))
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static roads_profile profile;
    gb_context *ctx = NULL;
    char *text;
    gb_status status;

    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    text = malloc(size + 1);
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    status = roads_profile_parse(ctx, text, &profile);
    if (status == GB_OK) {
        check_round_trip(ctx, &profile);
        check_judgements(&profile);
    } else if ((status != GB_ERR_PARSE && status != GB_ERR_DATA)
               || gb_last_error(ctx)[0] == '\0'
               || strchr(gb_last_error(ctx), '\n')) {
        abort();
    }
    free(text);
    gb_context_free(ctx);
    return 0;
}
