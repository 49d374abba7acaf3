/*
 * roads_profile.c - see roads_profile.h: judging kinds and turns.
 */
#include "roads_profile.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "roads_states.h"

enum { FOOT = GB_MODE_FOOT, EBIKE = GB_MODE_EBIKE, CAR = GB_MODE_CAR };

/* ---- what no profile changes ---- */

enum {
    F = 1 << FOOT, E = 1 << EBIKE, C = 1 << CAR
};

/* Which modes a class may be open to as a rule, and with a tag of their own. */
static const struct {
    uint8_t rule, own;
} class_modes[ROADS_CLASS_COUNT] = {
    [ROADS_CLASS_MOTORWAY] = { C, F | E | C },
    [ROADS_CLASS_MOTORWAY_LINK] = { C, F | E | C },
    [ROADS_CLASS_TRUNK] = { F | E | C, F | E | C },
    [ROADS_CLASS_TRUNK_LINK] = { F | E | C, F | E | C },
    [ROADS_CLASS_PRIMARY] = { F | E | C, F | E | C },
    [ROADS_CLASS_PRIMARY_LINK] = { F | E | C, F | E | C },
    [ROADS_CLASS_SECONDARY] = { F | E | C, F | E | C },
    [ROADS_CLASS_SECONDARY_LINK] = { F | E | C, F | E | C },
    [ROADS_CLASS_TERTIARY] = { F | E | C, F | E | C },
    [ROADS_CLASS_TERTIARY_LINK] = { F | E | C, F | E | C },
    [ROADS_CLASS_UNCLASSIFIED] = { F | E | C, F | E | C },
    [ROADS_CLASS_RESIDENTIAL] = { F | E | C, F | E | C },
    [ROADS_CLASS_ROAD] = { F | E | C, F | E | C },
    [ROADS_CLASS_LIVING_STREET] = { F | E | C, F | E | C },
    [ROADS_CLASS_SERVICE] = { F | E | C, F | E | C },
    [ROADS_CLASS_TRACK] = { F | E | C, F | E | C },
    [ROADS_CLASS_CYCLEWAY] = { F | E, F | E | C },
    [ROADS_CLASS_PATH] = { F | E, F | E | C },
    [ROADS_CLASS_BRIDLEWAY] = { F, F | E | C },
    [ROADS_CLASS_PEDESTRIAN] = { F | E, F | E | C },
    [ROADS_CLASS_FOOTWAY] = { F | E, F | E | C },
    [ROADS_CLASS_CORRIDOR] = { F, F | E },
    [ROADS_CLASS_STEPS] = { F, F | E },
    [ROADS_CLASS_FERRY] = { F | E | C, F | E | C },
};

bool roads_class_can(roads_class class, gb_mode mode, bool is_own)
{
    const uint8_t modes = is_own ? class_modes[class].own
                                 : class_modes[class].rule;

    return modes >> mode & 1;
}

/* From the most specific to the most general; the first `n_own` name the
 * mode itself. */
static const struct {
    roads_access_key keys[4];
    int n, n_own;
} hierarchies[GB_MODE_COUNT] = {
    [FOOT] = { { ROADS_ACCESS_FOOT, ROADS_ACCESS_ALL }, 2, 1 },
    [EBIKE] = { { ROADS_ACCESS_BICYCLE, ROADS_ACCESS_VEHICLE,
                  ROADS_ACCESS_ALL }, 3, 1 },
    [CAR] = { { ROADS_ACCESS_MOTORCAR, ROADS_ACCESS_MOTOR_VEHICLE,
                ROADS_ACCESS_VEHICLE, ROADS_ACCESS_ALL }, 4, 2 },
};

roads_access roads_access_of(const uint8_t access[ROADS_ACCESS_KEY_COUNT],
                             int mode, bool *is_own)
{
    for (int i = 0; i < hierarchies[mode].n; i++) {
        const uint8_t found = access[hierarchies[mode].keys[i]];

        *is_own = i < hierarchies[mode].n_own;
        if (found != ROADS_ACCESS_UNSAID)
            return (roads_access)found;
    }
    *is_own = false;
    return ROADS_ACCESS_UNSAID;
}

static bool may_go(const roads_kind *kind, int mode, int direction,
                   bool contraflow)
{
    int oneway = kind->oneway;

    if (mode == FOOT)
        return true;
    if (mode == EBIKE && oneway != ROADS_ONEWAY_CHANGES) {
        if (kind->flags & ROADS_KIND_OPPOSITE)
            oneway = 0;
        if (kind->oneway_bicycle != ROADS_ONEWAY_UNSAID)
            oneway = kind->oneway_bicycle;
        if (contraflow && oneway != ROADS_ONEWAY_CHANGES
            && !(kind->flags & ROADS_KIND_ROUNDABOUT)
            && kind->class != ROADS_CLASS_MOTORWAY)
            oneway = 0;
    }
    return oneway == 0 || oneway == (direction == 0 ? 1 : -1);
}

bool roads_profile_can(const roads_kind *kind, gb_mode mode, int direction)
{
    bool is_own;

    if (roads_access_of(kind->access, mode, &is_own) == ROADS_ACCESS_SHUT)
        return false;
    if (kind->speed_dkmh[mode] == 0
        && (!roads_class_can((roads_class)kind->class, mode, is_own)
            || (mode == GB_MODE_CAR && (kind->flags & ROADS_KIND_AREA))))
        return false;
    return may_go(kind, mode, direction, true);
}

/* ---- speeds ---- */

static double class_dkmh(const roads_mode_profile *p, const roads_kind *kind,
                         roads_access found, bool is_own, uint16_t limit)
{
    const double posted = limit * p->limit_share;
    double speed = is_own ? p->own_dkmh[kind->class]
                          : p->speed_dkmh[kind->class];

    if (speed <= 0)
        return 0;
    if (posted > 0 && (p->limit_raises || posted < speed))
        speed = posted < p->slowest_dkmh ? p->slowest_dkmh : posted;
    if (found == ROADS_ACCESS_PUSH && speed > p->push_dkmh)
        speed = p->push_dkmh;
    return speed > p->fastest_dkmh ? p->fastest_dkmh : speed;
}

double roads_profile_dkmh(const roads_profile *profile, const roads_kind *kind,
                          gb_mode mode, int direction, int band)
{
    const roads_mode_profile *p = &profile->modes[mode];
    bool is_own;
    const roads_access found = roads_access_of(kind->access, mode, &is_own);
    double speed = kind->speed_dkmh[mode];

    if (!roads_profile_can(kind, mode, direction)
        || !may_go(kind, mode, direction, p->contraflow)
        || (found == ROADS_ACCESS_PRIVATE && !p->is_end_private))
        return 0;
    if (speed <= 0)
        speed = class_dkmh(p, kind, found, is_own,
                           kind->limit_dkmh[direction]);
    if (band >= 0)
        speed *= profile->bands[band].factor[mode][kind->class];
    return speed;
}

bool roads_profile_is_end(const roads_profile *profile, const roads_kind *kind,
                          gb_mode mode)
{
    const roads_mode_profile *p = &profile->modes[mode];
    bool is_own;
    const roads_access found = roads_access_of(kind->access, mode, &is_own);

    return p->is_end[kind->class]
           || (found == ROADS_ACCESS_PRIVATE && p->is_end_private)
           || (found == ROADS_ACCESS_DESTINATION && p->is_end_destination);
}

/* ---- turns ---- */

static double angle_s(const roads_turn_costs *costs, uint32_t angle)
{
    const bool is_left = angle > 128;
    const double degrees = (is_left ? 256 - angle : angle) * (360.0 / 256);
    const double bias = is_left ? 1 / costs->bias : costs->bias;

    if (costs->turn_s <= 0)
        return 0;
    return costs->turn_s
           / (1 + exp(-(13 / bias * degrees / 180 - 6.5 * bias)));
}

double roads_profile_turn_s(const roads_profile *profile, gb_mode mode,
                            uint32_t turn)
{
    const roads_turn_costs *costs = &profile->modes[mode].turns;
    double seconds;

    if (turn & ROADS_TURN_NONE)
        return 0;
    if (!(turn & ROADS_TURN_BACK))
        seconds = angle_s(costs, turn & ROADS_TURN_ANGLE);
    else if (costs->u_turn_anywhere || (turn & ROADS_TURN_DEAD_END))
        seconds = costs->u_turn_s;
    else
        return INFINITY;
    return turn & ROADS_TURN_SIGNAL ? seconds + costs->signal_s : seconds;
}

/* ---- comparing, finding ---- */

bool roads_profile_same_states(const roads_profile *a, const roads_profile *b,
                               const roads_kind *kinds, size_t n_kinds)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        if (a->modes[m].is_turn_aware != b->modes[m].is_turn_aware)
            return false;
        for (size_t k = 0; k < n_kinds; k++)
            if (roads_profile_is_end(a, &kinds[k], (gb_mode)m)
                != roads_profile_is_end(b, &kinds[k], (gb_mode)m))
                return false;
    }
    return true;
}

int roads_profile_band(const roads_profile *profile, const char *name)
{
    for (int b = 0; b < profile->n_bands; b++)
        if (strcmp(profile->bands[b].name, name) == 0)
            return b;
    return -1;
}
