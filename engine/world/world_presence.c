/*
 * world_presence.c - see world_presence.h.
 */
#include "world_presence.h"

#include "world_math.h"

/* Percent at home or in the shop, an hour each from 08:00. */
static const uint8_t by_life[WORLD_LIFE_COUNT][WORLD_HOURS] = {
    { 55, 50, 55, 65, 70, 70, 60, 60, 65, 75, 75, 75 }, /* retired */
    { 20, 10, 10, 15, 25, 15, 10, 10, 12, 30, 65, 75 }, /* office */
    { 40, 45, 50, 50, 50, 50, 50, 50, 40, 50, 65, 70 }, /* family */
    { 30, 65, 80, 75, 70, 75, 85, 85, 85, 80, 65, 50 }, /* merchant */
    { 35, 25, 25, 35, 45, 35, 25, 30, 35, 50, 60, 60 }  /* student */
};

/* Logits more on a day off. */
static const double day_off[WORLD_LIFE_COUNT] = { -0.3, 1.4, 0.3, -0.4, 0.5 };

/* Deviations, in logits: of a whole day, and from noon to evening. */
static const double PLACE_LEVEL = 0.8, PLACE_TILT = 0.6;
static const double OWN_LEVEL = 0.6, OWN_TILT = 0.5;
static const double MIDDLE_H = 13.5, HALF_DAY_H = 5;

/* A merchant's shop and a clerk's flat in one place differ alike from others
 * of their kind: a gate that is kept shut, neighbours who know no strangers. */
typedef struct habit {
    double level, tilt;
} habit;

static habit draw(const world_bank *bank, world_stream purpose,
                  uint64_t number, double level, double tilt)
{
    base_rng rng = world_bank_chance(bank, purpose, number);
    habit h;

    h.level = level * world_normal(&rng);
    h.tilt = tilt * world_normal(&rng);
    return h;
}

static double logit(double p)
{
    return world_log(p / (1 - p));
}

void world_presence(const world_bank *bank, const world_customer *c,
                    bool is_workday, double chances[WORLD_HOURS])
{
    const habit own = draw(bank, WORLD_STREAM_PRESENCE, c->number, OWN_LEVEL,
                           OWN_TILT);
    const habit place
        = c->place == WORLD_NONE
              ? (habit){ 0, 0 }
              : draw(bank, WORLD_STREAM_PLACE_PRESENCE, c->place, PLACE_LEVEL,
                     PLACE_TILT);
    const double level
        = own.level + place.level + (is_workday ? 0 : day_off[c->life]);

    for (int h = 0; h < WORLD_HOURS; h++) {
        const double later
            = (WORLD_FIRST_HOUR + h + 0.5 - MIDDLE_H) / HALF_DAY_H;
        const double x = logit(by_life[c->life][h] / 100.0) + level
                         + (own.tilt + place.tilt) * later;

        chances[h] = 1 / (1 + world_exp(-x));
    }
}
