/*
 * roads_junction.c - see roads_junction.h.
 */
#include "roads_junction.h"

#include <stdlib.h>

/* In 1/256 of a circle. */
enum {
    STRAIGHT = 14,     /* 20 degrees */
    SLIGHT = 32,       /* 45 */
    SHARP = 85,        /* 120 */
    FORK_STRAIGHT = 7, /* at a fork straight on is 10 degrees, ... */
    FORK_APART = 11    /* ... and the other way not 15 degrees farther off */
};

int roads_turn_angle(const roads_map *map, uint32_t from, uint32_t into)
{
    const int out = map->links[into / 2].bearing[into & 1];
    const int back = map->links[from / 2].bearing[(from & 1) ^ 1];
    const int angle = (out - back - 128) & 255;

    return angle > 128 ? angle - 256 : angle;
}

bool roads_is_roundabout(const roads_map *map, uint32_t street)
{
    return map->kinds[map->links[street / 2].kind].flags
           & ROADS_KIND_ROUNDABOUT;
}

int32_t roads_turn_by_angle(int angle)
{
    const int a = abs(angle);

    if (a < STRAIGHT)
        return GB_TURN_CONTINUE;
    if (a < SLIGHT)
        return angle > 0 ? GB_TURN_SLIGHT_RIGHT : GB_TURN_SLIGHT_LEFT;
    if (a < SHARP)
        return angle > 0 ? GB_TURN_RIGHT : GB_TURN_LEFT;
    return angle > 0 ? GB_TURN_SHARP_RIGHT : GB_TURN_SHARP_LEFT;
}

/* The other ways to go, and how far off straight on the nearest is. */
typedef struct others {
    int n, straightest; /* 1/256 of a circle */
    bool has_name;      /* one of them has the name of the street come by */
} others;

static others look_round(roads_view view, uint32_t from, uint32_t into)
{
    const roads_map *map = view.map;
    const uint32_t vertex = roads_street_head(map, from);
    others o = { 0, 256, false };

    for (uint32_t k = map->first_street[vertex];
         k < map->first_street[vertex + 1]; k++) {
        const uint32_t street = map->streets[k];
        int angle;

        if (street == into || street == (from ^ 1)
            || !(view.metric->street_weights[street] < ROADS_FAR))
            continue;
        angle = abs(roads_turn_angle(map, from, street));
        o.n++;
        if (angle < o.straightest)
            o.straightest = angle;
        if (map->links[street / 2].name == map->links[from / 2].name)
            o.has_name = true;
    }
    return o;
}

int32_t roads_turn_told(roads_view view, uint32_t from, uint32_t into,
                        bool is_new)
{
    const roads_map *map = view.map;
    const int angle = roads_turn_angle(map, from, into), a = abs(angle);
    const others other = look_round(view, from, into);
    const bool is_fork = other.n > 0 && other.straightest < a + FORK_APART;
    const bool has_name = map->links[from / 2].name != 0;

    if (into == (from ^ 1))
        return GB_TURN_BACK;
    /* On foot: the ring is gone round, whatever its corners are. */
    if (!is_new && roads_is_roundabout(map, from)
        && roads_is_roundabout(map, into))
        return ROADS_GO_ON;
    if (other.n == 0)
        return !is_new ? ROADS_GO_ON
                       : roads_turn_by_angle(a < SLIGHT ? 0 : angle);
    if (a >= SLIGHT)
        return roads_turn_by_angle(angle);
    if (!is_new && has_name && !other.has_name)
        return ROADS_GO_ON;
    if (is_fork && a >= FORK_STRAIGHT && other.straightest < SLIGHT)
        return angle > 0 ? GB_TURN_SLIGHT_RIGHT : GB_TURN_SLIGHT_LEFT;
    if (!is_new)
        return ROADS_GO_ON;
    return roads_turn_by_angle(angle);
}

int32_t roads_exits_at(roads_view view, uint32_t from)
{
    const roads_map *map = view.map;
    const uint32_t vertex = roads_street_head(map, from);
    int32_t n = 0;

    for (uint32_t k = map->first_street[vertex];
         k < map->first_street[vertex + 1]; k++) {
        const uint32_t street = map->streets[k];

        n += street != (from ^ 1) && !roads_is_roundabout(map, street)
             && view.metric->street_weights[street] < ROADS_FAR;
    }
    return n;
}

/* Does a state travel the street next? */
static bool is_before(const roads_states *states, uint32_t state,
                      uint32_t street)
{
    const uint32_t arc = states->first_arc[state];

    return arc < states->first_arc[state + 1]
           && states->arc_streets[arc] == street;
}

/* All states of a street turn alike, but for what is forbidden to some. */
static double turn_weight_from(roads_view view, uint32_t state, uint32_t from,
                               uint32_t into)
{
    const roads_states *states = view.states;

    for (uint32_t a = states->first_arc[state];
         a < states->first_arc[state + 1]; a++)
        if (states->arc_streets[a] == from
            && (states->arc_turns[a] == ROADS_TURN_NONE
                || is_before(states, states->heads[a], into)))
            return view.metric->turn_weights[states->arc_turns[a]];
    return ROADS_CLOSED;
}

double roads_turn_weight(roads_view view, uint32_t from, uint32_t into)
{
    const roads_states *states = view.states;
    double weight = ROADS_CLOSED;

    if (states->starts[from] != ROADS_NONE)
        weight = turn_weight_from(view, states->starts[from], from, into);
    for (uint32_t t = states->first_target[from];
         t < states->first_target[from + 1] && !(weight < ROADS_FAR); t++)
        weight = turn_weight_from(view, states->targets[t], from, into);
    return weight < ROADS_FAR ? weight : 0;
}
