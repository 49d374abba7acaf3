/*
 * route_rebuild.c - whole routes anew, by route_beam.h, as a ruin.
 *
 * Small ruins never leave the neighbourhood of a route; this takes one, or two
 * that are near each other, and asks what else could be made of all who are
 * not served then.  Or it keeps how a route begins, and asks what else could
 * follow: appointments in the morning and the order they force stay so.  See
 * route_search.h.
 */
#include "route_search.h"

#include <string.h>

/* 50 and 200 were a quarter of a percent worse on drawn days of six managers,
   200 a quarter better and 300 half a percent worse on those of one. */
enum { NOISE_PERMILLE = 100 };

/*
 * How often, and how often of those only behind the first clients.  43 days
 * of single managers of a synthetic bank (some 220 candidates, within the
 * habit, 500 iterations, two seeds): 24, all of the route, with 16 labels a
 * step brought 13,769 points, 96 with 8 labels 13,917, 192 with 3/4 from the
 * middle 14,040, at .044, .051 and .050 s of CPU a day; 320 less.  Six drawn
 * days of six managers and 150 clients, 5,000 iterations: 3,826 points with 24
 * and 16 labels, 3,832 with 48, 8 and a half from the middle, at equal CPU;
 * 96 and 192 cost more than they bring there.
 */
enum {
    ALONE_OF_1024 = 192, ALONE_REST_OF_1024 = 768,
    TOGETHER_OF_1024 = 48, TOGETHER_REST_OF_1024 = 512
};

bool route_wants_rebuild(route_search *search)
{
    const uint32_t n = search->data->n_vehicles;
    const uint32_t share = n > 0 && ALONE_OF_1024 / n > TOGETHER_OF_1024
        ? ALONE_OF_1024 / n
        : TOGETHER_OF_1024;

    return search->beam.data && base_rng_below(&search->rng, 1024) < share;
}

/* Is it only what comes behind the first clients? */
static bool keeps_first(route_search *search)
{
    return base_rng_below(&search->rng, 1024)
        < (search->data->n_vehicles == 1 ? ALONE_REST_OF_1024
                                         : TOGETHER_REST_OF_1024);
}

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

/* What comes behind the clients that the tour has. */
static bool rebuild_rest(route_search *search, uint32_t v)
{
    const route_tour *tour = &search->candidate.tours[v];
    /* Within the habit ways have a price of their own, at times. */
    const int64_t part
        = search->within_habit ? (int64_t)base_rng_below(&search->rng, 4) : 0;
    const route_beam_view view
        = { .second_milli = search->second_milli,
            .travel_milli = part * search->excess_milli / 4,
            .noise_permille = NOISE_PERMILLE };
    const uint32_t n_kept = route_beam_kept(tour);
    uint32_t n;

    memcpy(search->scratch, tour->items, n_kept * sizeof *tour->items);
    n = route_beam_find(&search->beam, &search->candidate, v, &view,
                        &search->rng, search->scratch + n_kept);
    return (n > 0
            && route_plan_set(&search->candidate, v, search->scratch,
                              n_kept + n))
        || route_empty(search, &search->candidate, v);
}

/* Only the first items of the tour stay; false: it cannot be driven so. */
static bool cut(route_search *search, uint32_t v, uint32_t n_items)
{
    const route_tour *tour = &search->candidate.tours[v];

    memcpy(search->scratch, tour->items, n_items * sizeof *tour->items);
    return route_plan_set(&search->candidate, v, search->scratch, n_items);
}

/* The rest of tour v, from a client on that is drawn. */
static bool rebuild_behind(route_search *search, uint32_t v)
{
    const uint32_t behind_last = search->candidate.tours[v].behind_last;
    const uint32_t n_kept
        = 1 + (uint32_t)base_rng_below(&search->rng, behind_last - 1);

    return cut(search, v, n_kept)
        ? rebuild_rest(search, v)
        : route_empty(search, &search->candidate, v);
}

bool route_rebuild(route_search *search, uint32_t seed_client, uint32_t v)
{
    const uint32_t w = base_rng_below(&search->rng, 2)
        ? neighbour_route(search, seed_client, v)
        : GB_ROUTE_NONE;

    route_touch(search, v);
    if (w == GB_ROUTE_NONE && search->candidate.tours[v].behind_last > 1
        && keeps_first(search))
        return rebuild_behind(search, v);
    route_plan_forget(&search->candidate, v);
    if (w == GB_ROUTE_NONE)
        return rebuild_rest(search, v);
    route_touch(search, w);
    route_plan_forget(&search->candidate, w);
    return rebuild_rest(search, v) && rebuild_rest(search, w);
}
