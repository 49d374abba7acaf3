/*
 * world_place.c - from sites on the map to places where customers are: what
 * each holds, how rich it is, where one enters.
 */
#include "world_bank.h"

#include <string.h>

#include "base_array.h"
#include "base_rng.h"
#include "world_math.h"

static const double COMPOUND_LOW_M2 = 1500, COMPOUND_HIGH_M2 = 260000;
static const double BUILDING_LOW_M2 = 35, BUILDING_HIGH_M2 = 60000;
static const double STREET_FAR_M = 300; /* no place without a street */
/* A place never holds more than this many times the mean or this many
 * customers, whichever is more: hundreds, not thousands. */
static const double CROWD_RATIO = 12, CROWD_CUSTOMERS = 160;
/* Fewer places than this and streets are settled too. */
enum { FEW_PLACES = 40, BUMPS = 14, MAX_STREET_PLACES = 4000 };

typedef BASE_ARRAY(world_place) place_list;

base_rng world_bank_chance(const world_bank *bank, world_stream purpose,
                           uint64_t number)
{
    return base_rng_stream(bank->seed, world_mix((uint64_t)purpose, number));
}

static bool segments_cross(gb_point a, gb_point b, gb_point c, gb_point d)
{
    const bool abc = geo_cross_m2(a, b, c) > 0, abd = geo_cross_m2(a, b, d) > 0;
    const bool cda = geo_cross_m2(c, d, a) > 0, cdb = geo_cross_m2(c, d, b) > 0;

    return abc != abd && cda != cdb;
}

/* A border that does not cross itself; those on the map are short. */
static bool is_simple(const gb_point *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 2; j < n; j++)
            if (!(i == 0 && j == n - 1)
                && segments_cross(p[i], p[i + 1], p[j], p[(j + 1) % n]))
                return false;
    return n >= 3;
}

static bool can_be_compound(const world_ground *ground, const world_site *site)
{
    return site->kind == WORLD_SITE_HOUSING && site->n >= 3 && site->n <= 400
           && site->area_m2 >= COMPOUND_LOW_M2
           && site->area_m2 <= COMPOUND_HIGH_M2
           && is_simple(ground->points + site->first, site->n)
           && world_site_contains(ground, site, site->at);
}

/* Do two borders share ground?  Compounds are never cut, so never overlap. */
static bool overlap(const world_ground *ground, const world_site *a,
                    const world_site *b)
{
    const gb_point *p = ground->points + a->first;
    const gb_point *q = ground->points + b->first;
    const double near = geo_distance_m(a->at, b->at);

    if (near > 4000)
        return false;
    if (world_site_contains(ground, a, b->at)
        || world_site_contains(ground, b, a->at))
        return true;
    for (uint32_t i = 0; i < a->n; i++)
        for (uint32_t j = 0; j < b->n; j++)
            if (segments_cross(p[i], p[(i + 1) % a->n], q[j],
                               q[(j + 1) % b->n]))
                return true;
    return false;
}

/* The border's point that is nearest to a street. */
static gb_point find_gate(const world_ground *ground, const world_site *site,
                          gb_point at)
{
    const gb_point *border = ground->points + site->first;
    double best = HUGE_VAL, distance;
    gb_point gate = at;

    for (uint32_t i = 0; i < site->n; i++) {
        const gb_point a = border[i], b = border[(i + 1) % site->n];
        const int32_t pieces
            = (int32_t)fmin(40, 1 + geo_distance_m(a, b) / 15);

        for (int32_t k = 0; k < pieces; k++) {
            const double t = (double)k / pieces;
            const gb_point p = { a.x_m + t * (b.x_m - a.x_m),
                                 a.y_m + t * (b.y_m - a.y_m) };

            world_ground_street(ground, p, &distance);
            if (distance < best) {
                best = distance;
                gate = p;
            }
        }
    }
    return gate;
}

static int32_t access_time(const world_place *place, double area_m2,
                           double spread)
{
    double s = 60;

    if (place->kind == WORLD_PLACE_COMPOUND)
        s = 150 + sqrt(area_m2) * 0.9;
    else if (place->kind == WORLD_PLACE_BUILDING)
        s = 75 + sqrt(area_m2) * 2;
    s *= 0.75 + 0.5 * spread;
    return 30 * (int32_t)(fmin(s, 720) / 30 + 0.5);
}

static bool make_place(const world_bank *bank, uint32_t s,
                       world_place_kind kind, world_place *place)
{
    const world_ground *ground = &bank->ground;
    const world_site *site = &ground->sites[s];
    base_rng rng = world_bank_chance(bank, WORLD_STREAM_PLACE, s);
    double street_m, size = site->area_m2;

    *place = (world_place){ .at = site->at, .gate = site->at, .site = s,
                            .kind = kind };
    world_ground_street(ground, site->at, &street_m);
    if (street_m > STREET_FAR_M + sqrt(size))
        return false;
    if (site->n)
        place->gate = find_gate(ground, site, site->at);
    if (kind == WORLD_PLACE_COMPOUND)
        size = world_lognormal(&rng, world_log(size) * 0.8 + 2.4, 0.7);
    else if (kind == WORLD_PLACE_MARKET)
        size = world_lognormal(&rng, 8.6, 0.6);
    else
        size = world_lognormal(
            &rng, world_log(fmin(size, BUILDING_HIGH_M2) * site->floors) * 0.9,
            1.1);
    place->weight = size;
    place->access_s
        = access_time(place, site->area_m2, base_rng_unit(&rng));
    place->wealth = (kind == WORLD_PLACE_COMPOUND ? 0.7 : 0.35)
                    * world_normal(&rng);
    return true;
}

static gb_status take_compounds(base_run *run, world_bank *bank,
                                place_list *places)
{
    const world_ground *ground = &bank->ground;
    world_place place;

    for (uint32_t s = 0; s < ground->n_sites; s++) {
        bool is_free = can_be_compound(ground, &ground->sites[s]);

        if (base_poll(run))
            return gb_last_status(run->ctx);
        for (size_t c = 0; is_free && c < places->n; c++)
            is_free = !overlap(ground, &ground->sites[places->items[c].site],
                               &ground->sites[s]);
        if (is_free && make_place(bank, s, WORLD_PLACE_COMPOUND, &place)
            && !base_array_push(run->mem, places, place))
            return base_fail_nomem(run->ctx);
    }
    bank->n_compounds = (uint32_t)places->n;
    return GB_OK;
}

/* Asks an index of compounds whether one of them holds a point. */
typedef struct search {
    const world_ground *ground;
    const world_place *compounds;
    gb_point at;
} search;

/* A visitor of the index: goes on while the point is outside. */
static bool is_outside(void *user, uint32_t item)
{
    const search *s = user;

    return !world_site_contains(
        s->ground, &s->ground->sites[s->compounds[item].site], s->at);
}

static gb_status index_compounds(base_run *run, const world_bank *bank,
                                 const place_list *places, geo_index **out)
{
    const world_ground *ground = &bank->ground;
    gb_box *boxes
        = base_alloc_array(run->mem, places->n, sizeof *boxes);
    gb_status status;

    *out = NULL;
    if (!boxes)
        return base_fail_nomem(run->ctx);
    for (size_t c = 0; c < places->n; c++) {
        const world_site *site = &ground->sites[places->items[c].site];

        boxes[c] = geo_box_empty();
        for (uint32_t i = 0; i < site->n; i++)
            boxes[c] = geo_box_join(
                boxes[c], geo_box_of_point(ground->points[site->first + i]));
    }
    status = geo_index_build(run->ctx, boxes, places->n, out);
    base_free(run->mem, boxes);
    return status;
}

static bool is_wanted(const world_bank *bank, const world_site *site,
                      const place_list *places, const geo_index *compounds)
{
    search s = { &bank->ground, places->items, site->at };

    if (site->kind == WORLD_SITE_MARKET)
        return true;
    return site->kind == WORLD_SITE_BUILDING
           && site->area_m2 >= BUILDING_LOW_M2
           && geo_index_in_box(compounds, geo_box_of_point(site->at),
                               is_outside, &s);
}

/* Buildings outside the compounds, and markets. */
static gb_status take_others(base_run *run, world_bank *bank,
                             place_list *places)
{
    const world_ground *ground = &bank->ground;
    geo_index *compounds = NULL;
    gb_status status = index_compounds(run, bank, places, &compounds);
    world_place place;

    for (uint32_t s = 0; !status && s < ground->n_sites; s++) {
        const world_site *site = &ground->sites[s];

        status = base_poll(run);
        if (!status && is_wanted(bank, site, places, compounds)
            && make_place(bank, s,
                          site->kind == WORLD_SITE_MARKET
                              ? WORLD_PLACE_MARKET
                              : WORLD_PLACE_BUILDING,
                          &place)
            && !base_array_push(run->mem, places, place))
            status = base_fail_nomem(run->ctx);
    }
    geo_index_free(compounds);
    return status;
}

/* A map without houses: customers live beside its streets. */
static gb_status take_streets(base_run *run, world_bank *bank,
                              place_list *places)
{
    const world_ground *ground = &bank->ground;
    const size_t step = ground->n_street / MAX_STREET_PLACES + 1;

    for (size_t i = 0; i < ground->n_street; i += step) {
        base_rng rng = world_bank_chance(bank, WORLD_STREAM_PLACE, UINT32_MAX + i);
        world_place place = { .site = WORLD_NONE,
                              .kind = WORLD_PLACE_BUILDING, .access_s = 90 };

        place.gate = place.at = ground->street[i];
        place.at.x_m += 24 * base_rng_unit(&rng) - 12;
        place.at.y_m += 24 * base_rng_unit(&rng) - 12;
        place.weight = world_lognormal(&rng, 6, 1);
        place.wealth = 0.4 * world_normal(&rng);
        if (!base_array_push(run->mem, places, place))
            return base_fail_nomem(run->ctx);
    }
    return GB_OK;
}

/* Round bumps of wealth and of kinds of people lie over the ground. */
typedef struct bump {
    gb_point at;
    double radius_m, wealth;
    world_tone tone;
} bump;

static void lay_bumps(const world_bank *bank, bump *bumps)
{
    static const uint8_t tones[WORLD_TONE_COUNT] = { 4, 3, 2, 3, 4 };
    base_rng rng = world_bank_chance(bank, WORLD_STREAM_FIELD, 0);

    for (int b = 0; b < BUMPS; b++) {
        const uint32_t place
            = (uint32_t)base_rng_below(&rng, bank->n_places);

        bumps[b].at = bank->places[place].at;
        bumps[b].radius_m = bank->extent_m * (0.08 + 0.2 * base_rng_unit(&rng));
        bumps[b].wealth = 1.5 * world_normal(&rng);
        bumps[b].tone = (world_tone)world_pick(&rng, tones, WORLD_TONE_COUNT);
    }
}

/* The root mean square distance of the places from their middle. */
static double find_extent(const world_bank *bank)
{
    double x = 0, y = 0, sum = 0;
    const double n = bank->n_places;

    for (uint32_t p = 0; p < bank->n_places; p++) {
        x += bank->places[p].at.x_m / n;
        y += bank->places[p].at.y_m / n;
    }
    for (uint32_t p = 0; p < bank->n_places; p++) {
        const double d
            = geo_distance_m(bank->places[p].at, (gb_point){ x, y });

        sum += d * d / n;
    }
    return fmax(sqrt(sum), 50);
}

static void lay_neighbourhoods(world_bank *bank)
{
    bump bumps[BUMPS];

    lay_bumps(bank, bumps);
    for (uint32_t p = 0; p < bank->n_places; p++) {
        world_place *place = &bank->places[p];
        double strongest = 0.25;

        for (int b = 0; b < BUMPS; b++) {
            const double ratio
                = geo_distance_m(place->at, bumps[b].at) / bumps[b].radius_m;
            const double k = ratio < 1 ? (1 - ratio * ratio)
                                             * (1 - ratio * ratio)
                                       : 0;

            place->wealth += k * bumps[b].wealth;
            if (k > strongest) {
                strongest = k;
                place->tone = bumps[b].tone;
            }
        }
        place->wealth = fmax(-2, fmin(2.2, place->wealth));
        if (place->kind == WORLD_PLACE_MARKET)
            place->tone = WORLD_TONE_TRADE;
    }
}

/* Cap the weights, then sum them up. */
static gb_status heap_weights(base_run *run, world_bank *bank)
{
    double sum = 0, cap;

    for (uint32_t p = 0; p < bank->n_places; p++)
        sum += bank->places[p].weight;
    cap = sum
          * fmin(1, fmax(CROWD_RATIO / bank->n_places,
                         CROWD_CUSTOMERS / fmax(1, bank->n_customers)));
    bank->heaped
        = base_alloc_array(run->mem, bank->n_places, sizeof *bank->heaped);
    if (!bank->heaped)
        return base_fail_nomem(run->ctx);
    sum = 0;
    for (uint32_t p = 0; p < bank->n_places; p++) {
        bank->places[p].weight = fmin(bank->places[p].weight, cap);
        bank->heaped[p] = sum += bank->places[p].weight;
    }
    return GB_OK;
}

gb_status world_bank_settle(base_run *run, world_bank *bank)
{
    place_list places = BASE_ARRAY_INIT;
    gb_status status = take_compounds(run, bank, &places);

    if (!status)
        status = take_others(run, bank, &places);
    if (!status && places.n < FEW_PLACES)
        status = take_streets(run, bank, &places);
    bank->places = places.items; /* freed with the bank, whatever happens */
    bank->n_places = (uint32_t)places.n;
    if (status)
        return status;
    if (!places.n)
        return base_fail(run->ctx, GB_ERR_DATA,
                         "the extract has no streets to live at");
    bank->extent_m = find_extent(bank);
    lay_neighbourhoods(bank);
    return heap_weights(run, bank);
}

void world_bank_clear(base_mem *mem, world_bank *bank)
{
    world_ground_clear(mem, &bank->ground);
    base_free(mem, bank->places);
    base_free(mem, bank->heaped);
    base_free(mem, bank->branches);
    base_free(mem, bank->managers);
    memset(bank, 0, sizeof *bank);
}
