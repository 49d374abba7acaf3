/*
 * route_rebuild.c - whole routes anew, by route_beam.h, as a ruin.
 *
 * Small ruins never leave the neighbourhood of a route; this takes one, or two
 * that are near each other, and asks what else could be made of all who are
 * not served then.  See route_search.h.
 */
#include "route_search.h"

/* 50 and 200 were a quarter of a percent worse on drawn days of six managers,
   200 a quarter better and 300 half a percent worse on those of one. */
enum { NOISE_PERMILLE = 100 };

bool route_may_rebuild(const route_search *search, uint32_t v)
{
    const route_tour *tour = &search->candidate.tours[v];

    for (uint32_t k = 0; k < tour->vehicle->n_breaks; k++)
        if (tour->vehicle->breaks[k].late_s < tour->vehicle->shift_start_s)
            return false; /* begun before the shift: not for labels */
    return tour->n_frozen == 0;
}

/* A route near the client that is not v; or NONE. */
static uint32_t neighbour_route(const route_search *search,
                                uint32_t seed_client, uint32_t v)
{
    const route_guide *guide = search->guide;

    for (uint32_t i = 0; i < guide->n_near; i++) {
        const uint32_t c
            = guide->near[(size_t)seed_client * guide->n_near + i];
        const uint32_t w = search->candidate.tour_of[c];

        if (w != GB_ROUTE_NONE && w != v && route_may_rebuild(search, w))
            return w;
    }
    return GB_ROUTE_NONE;
}

static bool rebuild_one(route_search *search, uint32_t v)
{
    /* Within the habit ways have a price of their own, at times. */
    const int64_t part
        = search->within_habit ? (int64_t)base_rng_below(&search->rng, 4) : 0;
    const route_beam_view view
        = { .second_milli = search->second_milli,
            .travel_milli = part * search->excess_milli / 4,
            .noise_permille = NOISE_PERMILLE };
    const uint32_t n = route_beam_find(&search->beam, &search->candidate, v,
                                       &view, &search->rng, search->scratch);

    return (n > 0
            && route_plan_set(&search->candidate, v, search->scratch, n))
        || route_empty(search, &search->candidate, v);
}

bool route_rebuild(route_search *search, uint32_t seed_client, uint32_t v)
{
    const uint32_t w = base_rng_below(&search->rng, 2)
        ? neighbour_route(search, seed_client, v)
        : GB_ROUTE_NONE;

    route_touch(search, v);
    route_plan_forget(&search->candidate, v);
    if (w == GB_ROUTE_NONE)
        return rebuild_one(search, v);
    route_touch(search, w);
    route_plan_forget(&search->candidate, w);
    return rebuild_one(search, v) && rebuild_one(search, w);
}
