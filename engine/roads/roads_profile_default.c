/*
 * roads_profile_default.c - the profile that is built in: data/profile.json
 * says the same (tests/unit/test_roads_profile.c holds the two together).
 *
 * Car speeds are what remains of a class in a city with its crossings, not
 * its limit; a limit that is posted counts with eight tenths.  E-bikes keep
 * to 22 km/h where there is room (the Chinese standard GB 17761 ends their
 * motors at 25), less among houses, and are pushed on footways.
 */
#include <string.h>

#include "base_check.h"
#include "roads_profile.h"

enum { FOOT = GB_MODE_FOOT, EBIKE = GB_MODE_EBIKE, CAR = GB_MODE_CAR };

enum { TIER_MOTORWAY, TIER_TRUNK, TIER_PRIMARY, TIER_SECONDARY, TIER_TERTIARY,
       TIER_LOCAL, TIER_REST, N_TIERS };

/* Tenths of km/h  |    as a rule        when a tag of its own opens it
 *                 | foot e-bike  car    foot e-bike  car                */
static const struct {
    uint16_t speed_dkmh[GB_MODE_COUNT], own_dkmh[GB_MODE_COUNT];
    uint8_t tier;
} classes[ROADS_CLASS_COUNT] = {
    [ROADS_CLASS_MOTORWAY] =
        { { 0, 0, 900 }, { 50, 220, 900 }, TIER_MOTORWAY },
    [ROADS_CLASS_MOTORWAY_LINK] =
        { { 0, 0, 500 }, { 50, 220, 500 }, TIER_MOTORWAY },
    [ROADS_CLASS_TRUNK] = { { 50, 0, 650 }, { 50, 220, 650 }, TIER_TRUNK },
    [ROADS_CLASS_TRUNK_LINK] =
        { { 50, 0, 400 }, { 50, 220, 400 }, TIER_TRUNK },
    [ROADS_CLASS_PRIMARY] =
        { { 50, 220, 450 }, { 50, 220, 450 }, TIER_PRIMARY },
    [ROADS_CLASS_PRIMARY_LINK] =
        { { 50, 220, 300 }, { 50, 220, 300 }, TIER_PRIMARY },
    [ROADS_CLASS_SECONDARY] =
        { { 50, 220, 400 }, { 50, 220, 400 }, TIER_SECONDARY },
    [ROADS_CLASS_SECONDARY_LINK] =
        { { 50, 220, 250 }, { 50, 220, 250 }, TIER_SECONDARY },
    [ROADS_CLASS_TERTIARY] =
        { { 50, 220, 350 }, { 50, 220, 350 }, TIER_TERTIARY },
    [ROADS_CLASS_TERTIARY_LINK] =
        { { 50, 220, 250 }, { 50, 220, 250 }, TIER_TERTIARY },
    [ROADS_CLASS_UNCLASSIFIED] =
        { { 50, 220, 250 }, { 50, 220, 250 }, TIER_LOCAL },
    [ROADS_CLASS_RESIDENTIAL] =
        { { 50, 200, 250 }, { 50, 200, 250 }, TIER_LOCAL },
    [ROADS_CLASS_ROAD] = { { 50, 200, 200 }, { 50, 200, 200 }, TIER_LOCAL },
    [ROADS_CLASS_LIVING_STREET] =
        { { 50, 150, 100 }, { 50, 150, 100 }, TIER_REST },
    [ROADS_CLASS_SERVICE] = { { 50, 150, 150 }, { 50, 150, 150 }, TIER_REST },
    [ROADS_CLASS_TRACK] = { { 50, 120, 0 }, { 50, 120, 100 }, TIER_REST },
    [ROADS_CLASS_CYCLEWAY] = { { 50, 200, 0 }, { 50, 200, 100 }, TIER_REST },
    [ROADS_CLASS_PATH] = { { 50, 80, 0 }, { 50, 120, 100 }, TIER_REST },
    [ROADS_CLASS_BRIDLEWAY] = { { 50, 0, 0 }, { 50, 100, 100 }, TIER_REST },
    [ROADS_CLASS_PEDESTRIAN] = { { 50, 50, 0 }, { 50, 100, 100 }, TIER_REST },
    [ROADS_CLASS_FOOTWAY] = { { 50, 50, 0 }, { 50, 100, 100 }, TIER_REST },
    [ROADS_CLASS_CORRIDOR] = { { 50, 0, 0 }, { 50, 50, 0 }, TIER_REST },
    [ROADS_CLASS_STEPS] = { { 30, 0, 0 }, { 30, 30, 0 }, TIER_REST },
    /* The crossing itself, waiting not counted. */
    [ROADS_CLASS_FERRY] = { { 100, 100, 0 }, { 100, 100, 100 }, TIER_REST },
};

/* Factors of speed, by tier. */
static const struct {
    const char *name;
    uint8_t day_kinds;
    uint16_t from_min, to_min;
    double car[N_TIERS], ebike[N_TIERS];
} bands[] = {
    { "morning_peak", 1, 420, 540,
      { 0.8, 0.7, 0.65, 0.7, 0.75, 0.9, 1 },
      { 1, 0.95, 0.95, 0.95, 0.95, 1, 1 } },
    { "day", 1, 540, 1020,
      { 0.95, 0.9, 0.85, 0.9, 0.95, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1 } },
    { "evening_peak", 1, 1020, 1140,
      { 0.75, 0.65, 0.6, 0.65, 0.7, 0.85, 1 },
      { 1, 0.95, 0.95, 0.95, 0.95, 1, 1 } },
    { "night", 1, 1140, 420,
      { 1.1, 1.15, 1.2, 1.15, 1.1, 1.05, 1 }, { 1, 1, 1, 1, 1, 1, 1 } },
    { "rest_day", 2, 0, 1440,
      { 1, 0.95, 0.9, 0.95, 0.95, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1 } },
};

static void fill_modes(roads_profile *out)
{
    out->modes[FOOT] = (roads_mode_profile){
        .is_end_private = 1, .push_dkmh = 50, .slowest_dkmh = 10,
        .fastest_dkmh = 150,
        .turns = { .bias = 1, .u_turn_anywhere = true },
    };
    out->modes[EBIKE] = (roads_mode_profile){
        .is_end_private = 1, .is_end_destination = 1, .limit_share = 1,
        .push_dkmh = 50, .slowest_dkmh = 50, .fastest_dkmh = 250,
        .is_turn_aware = true,
        .turns = { 6, 1.2, 5, true, 2 },
    };
    /* Turning back at crossings is common, and lawful unless forbidden. */
    out->modes[CAR] = (roads_mode_profile){
        .is_end_private = 1, .is_end_destination = 1, .limit_share = 0.8,
        .limit_raises = true, .push_dkmh = 50, .slowest_dkmh = 50,
        .fastest_dkmh = 1100, .is_turn_aware = true,
        .turns = { 7.5, 1.075, 20, true, 2 },
    };
    out->modes[CAR].is_end[ROADS_CLASS_SERVICE] = 1;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
            out->modes[m].speed_dkmh[c] = classes[c].speed_dkmh[m];
            out->modes[m].own_dkmh[c] = classes[c].own_dkmh[m];
        }
}

void roads_profile_default(roads_profile *out)
{
    memset(out, 0, sizeof *out);
    fill_modes(out);
    out->n_bands = COUNT_OF(bands);
    for (size_t b = 0; b < COUNT_OF(bands); b++) {
        roads_band *band = &out->bands[b];

        strcpy(band->name, bands[b].name);
        band->day_kinds = bands[b].day_kinds;
        band->from_min = bands[b].from_min;
        band->to_min = bands[b].to_min;
        for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
            band->factor[FOOT][c] = 1;
            band->factor[EBIKE][c] = bands[b].ebike[classes[c].tier];
            band->factor[CAR][c] = bands[b].car[classes[c].tier];
        }
    }
}
