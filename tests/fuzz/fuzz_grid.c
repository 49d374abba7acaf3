/*
 * A problem of territories built from the bytes (random_areas.h): a build must
 * answer, its plan must be whole, and what it calls valid the check must find
 * nothing in.  The first byte chooses objective, travel, and whether there are
 * pairs, bars, frozen territories, a budget of moves and familiarity.
 */
#include <gridbeat/gridbeat.h>

#include <stdlib.h>

#include "random_areas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static gb_status check(gb_context *ctx, const random_areas *in,
                       const uint32_t *owners, gb_territory_finding *found,
                       size_t capacity, size_t *n_found)
{
    if (in->previous)
        return gb_territory_check_change(ctx, &in->areas, &in->rules,
                                         in->previous, in->max_moved, owners,
                                         found, capacity, n_found);
    return gb_territory_check(ctx, &in->areas, &in->rules, owners, found,
                              capacity, n_found);
}

static void judge(gb_context *ctx, const random_areas *in,
                  const gb_territories *made)
{
    gb_territory_summary s = { .size = sizeof s };
    gb_territory_finding found[16];
    const gb_territory_finding *listed;
    size_t n_found, n_listed;

    gb_territories_summary(made, &s);
    must(check(ctx, in, gb_territories_owners(made), found, 16, &n_found)
         == GB_OK);
    must(s.is_valid == (n_found == 0));
    for (size_t i = 0; i < n_found && i < 16; i++)
        /* Only rules can leave a territory without any area. */
        must(found[i].kind != GB_FINDING_UNOWNED
             && (found[i].kind != GB_FINDING_EMPTY || in->rules.locks
                 || in->rules.seeds || in->rules.n_barred > 0
                 || in->rules.n_apart > 0 || in->previous));
    listed = gb_territories_findings(made, &n_listed);
    must(n_listed >= n_found);
    for (size_t i = 0; i < n_listed; i++) {
        char text[1024];

        must(gb_territory_finding_text(ctx, &listed[i], text, sizeof text,
                                       NULL) == GB_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    random_source source = { .bytes = data, .n_bytes = size };
    const uint32_t how = random_below(&source, 48);
    random_areas in = random_areas_new(&source, 60, 8);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    uint32_t owner[RANDOM_AREAS_MOST];
    gb_territories *made = NULL;
    gb_context *ctx = NULL;

    must(gb_context_new(NULL, &ctx) == GB_OK);
    options.max_iterations = 2000;
    options.objective = (int32_t)(how % 3);
    options.travel_s = how / 3 % 2 ? in.travel_s : NULL;
    must(gb_catchment_build(ctx, &in.areas, in.rules.n_territories,
                            in.travel_s, NULL, owner) == GB_OK);
    if (how / 24) {
        random_change(&in, &source);
        options.max_moved = in.max_moved;
        options.familiarity = in.familiarity;
        if (in.previous && how / 6 % 2)
            in.previous = owner;
        options.previous = in.previous;
    } else {
        options.previous = how / 6 % 2 ? owner : NULL;
    }
    must(gb_territory_build(ctx, &in.areas, &in.rules, &options, &made)
         == GB_OK);
    judge(ctx, &in, made);
    gb_territories_free(made);
    random_areas_free(&in);
    gb_context_free(ctx);
    return 0;
}
