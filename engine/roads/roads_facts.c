/*
 * roads_facts.c - see roads_facts.h.
 */
#include "roads_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "roads_profile.h"

enum { FOOT = GB_MODE_FOOT, EBIKE = GB_MODE_EBIKE, CAR = GB_MODE_CAR };
enum { ALL = 1 << FOOT | 1 << EBIKE | 1 << CAR };

/* ---- access ---- */

static const struct {
    const char *value;
    roads_access means;
} access_values[] = {
    { "yes", ROADS_ACCESS_OPEN }, { "permissive", ROADS_ACCESS_OPEN },
    { "designated", ROADS_ACCESS_OPEN }, { "official", ROADS_ACCESS_OPEN },
    { "public", ROADS_ACCESS_OPEN }, { "discouraged", ROADS_ACCESS_OPEN },
    { "dismount", ROADS_ACCESS_PUSH },
    { "no", ROADS_ACCESS_SHUT }, { "agricultural", ROADS_ACCESS_SHUT },
    { "forestry", ROADS_ACCESS_SHUT }, { "emergency", ROADS_ACCESS_SHUT },
    { "psv", ROADS_ACCESS_SHUT }, { "bus", ROADS_ACCESS_SHUT },
    { "military", ROADS_ACCESS_SHUT }, { "use_sidepath", ROADS_ACCESS_SHUT },
    { "private", ROADS_ACCESS_PRIVATE },
    { "residents", ROADS_ACCESS_PRIVATE }, { "permit", ROADS_ACCESS_PRIVATE },
    { "restricted", ROADS_ACCESS_PRIVATE },
    { "employees", ROADS_ACCESS_PRIVATE }, { "staff", ROADS_ACCESS_PRIVATE },
    { "destination", ROADS_ACCESS_DESTINATION },
    { "customers", ROADS_ACCESS_DESTINATION },
    { "delivery", ROADS_ACCESS_DESTINATION },
};

static const roads_key access_keys[ROADS_ACCESS_KEY_COUNT] = {
    [ROADS_ACCESS_ALL] = ROADS_KEY_ACCESS,
    [ROADS_ACCESS_VEHICLE] = ROADS_KEY_VEHICLE,
    [ROADS_ACCESS_MOTOR_VEHICLE] = ROADS_KEY_MOTOR_VEHICLE,
    [ROADS_ACCESS_MOTORCAR] = ROADS_KEY_MOTORCAR,
    [ROADS_ACCESS_BICYCLE] = ROADS_KEY_BICYCLE,
    [ROADS_ACCESS_FOOT] = ROADS_KEY_FOOT,
};

/* Of "agricultural;forestry" the first counts. */
static roads_access access_of_value(const char *value)
{
    const size_t n = value ? strcspn(value, "; ") : 0;

    for (size_t i = 0; n > 0 && i < COUNT_OF(access_values); i++)
        if (strncmp(value, access_values[i].value, n) == 0
            && access_values[i].value[n] == '\0')
            return access_values[i].means;
    return ROADS_ACCESS_UNSAID;
}

static void read_access(const roads_osm *osm, const roads_element *element,
                        uint8_t access[ROADS_ACCESS_KEY_COUNT])
{
    for (int k = 0; k < ROADS_ACCESS_KEY_COUNT; k++)
        access[k] = (uint8_t)access_of_value(
            roads_osm_tag(osm, element, access_keys[k]));
}

/* ---- direction ---- */

static int8_t oneway_of_value(const char *value, int unsaid)
{
    static const struct {
        const char *value;
        int8_t direction;
    } values[] = {
        { "yes", 1 }, { "true", 1 }, { "1", 1 }, { "-1", -1 },
        { "reverse", -1 }, { "no", 0 }, { "false", 0 }, { "0", 0 },
        { "alternating", 0 }, { "reversible", ROADS_ONEWAY_CHANGES },
    };

    for (size_t i = 0; value && i < COUNT_OF(values); i++)
        if (strcmp(value, values[i].value) == 0)
            return values[i].direction;
    return (int8_t)unsaid;
}

static bool is_opposite(const roads_osm *osm, const roads_element *way)
{
    static const roads_key keys[] = {
        ROADS_KEY_CYCLEWAY, ROADS_KEY_CYCLEWAY_LEFT, ROADS_KEY_CYCLEWAY_RIGHT,
        ROADS_KEY_CYCLEWAY_BOTH,
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *value = roads_osm_tag(osm, way, keys[i]);

        if (value && strncmp(value, "opposite", 8) == 0)
            return true;
    }
    return false;
}

static bool is_said(const roads_osm *osm, const roads_element *way,
                    roads_key key)
{
    const char *value = roads_osm_tag(osm, way, key);

    return value && strcmp(value, "no") != 0;
}

static uint8_t flags_of(const roads_osm *osm, const roads_element *way)
{
    uint8_t flags = 0;

    if (roads_osm_tag_is(osm, way, ROADS_KEY_JUNCTION, "roundabout")
        || roads_osm_tag_is(osm, way, ROADS_KEY_JUNCTION, "circular"))
        flags |= ROADS_KIND_ROUNDABOUT;
    if (roads_osm_tag_is(osm, way, ROADS_KEY_AREA, "yes"))
        flags |= ROADS_KIND_AREA;
    if (is_opposite(osm, way))
        flags |= ROADS_KIND_OPPOSITE;
    if (is_said(osm, way, ROADS_KEY_TUNNEL))
        flags |= ROADS_KIND_TUNNEL;
    if (is_said(osm, way, ROADS_KEY_BRIDGE))
        flags |= ROADS_KIND_BRIDGE;
    return flags;
}

/* ---- limits ---- */

/* A number that ends the text, as in "DE:zone:30"; NULL: none. */
static const char *last_number(const char *text)
{
    const char *at = text + strlen(text);

    while (at > text && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return *at ? at : NULL;
}

uint16_t roads_facts_limit(const char *maxspeed)
{
    enum { WALK_DKMH = 100, FASTEST_KMH = 300 };
    const char *colon = maxspeed ? strchr(maxspeed, ':') : NULL;
    char *end;
    long value;

    if (colon)
        maxspeed = last_number(colon + 1) ? last_number(colon + 1) : colon + 1;
    if (!maxspeed)
        return 0;
    if (strcmp(maxspeed, "walk") == 0
        || (colon && strcmp(maxspeed, "living_street") == 0))
        return WALK_DKMH;
    if (maxspeed[0] < '0' || maxspeed[0] > '9')
        return 0;
    value = strtol(maxspeed, &end, 10);
    if (value <= 0 || value > FASTEST_KMH)
        return 0;
    while (*end == ' ')
        end++;
    return (uint16_t)(strncmp(end, "mph", 3) == 0 ? value * 16093 / 1000
                                                  : value * 10);
}

static void read_limits(const roads_osm *osm, const roads_element *way,
                        uint16_t limit[2])
{
    static const roads_key keys[2] = { ROADS_KEY_MAXSPEED_FORWARD,
                                       ROADS_KEY_MAXSPEED_BACKWARD };

    for (int d = 0; d < 2; d++) {
        const char *value = roads_osm_tag(osm, way, keys[d]);

        if (!value)
            value = roads_osm_tag(osm, way, ROADS_KEY_MAXSPEED);
        limit[d] = roads_facts_limit(value);
    }
}

/* ---- ways ---- */

roads_verdict roads_facts_way(const roads_osm *osm, const roads_element *way,
                              roads_kind *out)
{
    const char *highway = roads_osm_tag(osm, way, ROADS_KEY_HIGHWAY);
    roads_class class = ROADS_CLASS_FERRY;
    bool is_implied;

    memset(out, 0, sizeof *out);
    if (!highway && !roads_osm_tag_is(osm, way, ROADS_KEY_ROUTE, "ferry"))
        return ROADS_NO_STREET;
    if (highway
        && (!roads_class_parse(highway, &class) || class == ROADS_CLASS_FERRY))
        return ROADS_BAD_CLASS;
    out->class = (uint8_t)class;
    out->flags = flags_of(osm, way);
    read_access(osm, way, out->access);
    read_limits(osm, way, out->limit_dkmh);
    is_implied = (out->flags & ROADS_KIND_ROUNDABOUT)
                 || class == ROADS_CLASS_MOTORWAY;
    out->oneway = oneway_of_value(roads_osm_tag(osm, way, ROADS_KEY_ONEWAY),
                                  is_implied);
    out->oneway_bicycle = oneway_of_value(
        roads_osm_tag(osm, way, ROADS_KEY_ONEWAY_BICYCLE),
        ROADS_ONEWAY_UNSAID);
    /* A road built for motors alone, as a motorway is. */
    if (roads_osm_tag_is(osm, way, ROADS_KEY_MOTORROAD, "yes"))
        for (int k = ROADS_ACCESS_BICYCLE; k <= ROADS_ACCESS_FOOT; k++)
            if (out->access[k] == ROADS_ACCESS_UNSAID)
                out->access[k] = ROADS_ACCESS_SHUT;
    return ROADS_STREET;
}

/* ---- nodes ---- */

/* What stops whom; kinds that are not here (gate, lift_gate, toll_booth,
 * cattle_grid, kerb ...) stop nobody by themselves. */
static const struct {
    const char *barrier;
    uint8_t stops;
} barriers[] = {
    { "bollard", 1 << CAR }, { "block", 1 << CAR },
    { "jersey_barrier", 1 << CAR }, { "cycle_barrier", 1 << CAR },
    { "motorcycle_barrier", 1 << CAR }, { "planter", 1 << CAR },
    { "log", 1 << CAR }, { "chain", 1 << CAR }, { "bus_trap", 1 << CAR },
    { "sump_buster", 1 << CAR }, { "debris", 1 << CAR },
    { "barrier_board", 1 << CAR },
    { "stile", 1 << CAR | 1 << EBIKE }, { "turnstile", 1 << CAR | 1 << EBIKE },
    { "full-height_turnstile", 1 << CAR | 1 << EBIKE },
    { "kissing_gate", 1 << CAR | 1 << EBIKE },
    { "horse_stile", 1 << CAR | 1 << EBIKE },
    { "wall", ALL }, { "fence", ALL }, { "hedge", ALL },
    { "retaining_wall", ALL }, { "city_wall", ALL }, { "ditch", ALL },
    { "guard_rail", ALL },
};

static uint8_t barrier_flags(const roads_osm *osm, const roads_element *node,
                             const char *barrier)
{
    uint8_t access[ROADS_ACCESS_KEY_COUNT], stops = 0, flags = 0;

    for (size_t i = 0; i < COUNT_OF(barriers); i++)
        if (strcmp(barrier, barriers[i].barrier) == 0)
            stops = barriers[i].stops;
    read_access(osm, node, access);
    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        const int bit = 1 << mode;
        bool is_own;
        const roads_access found = roads_access_of(access, mode, &is_own);

        /* "access=yes" makes no door in a wall, "foot=yes" tells of one. */
        if (found == ROADS_ACCESS_UNSAID || (stops == ALL && !is_own))
            flags |= (uint8_t)(stops & bit ? ROADS_NODE_SHUT << mode : 0);
        else if (found == ROADS_ACCESS_SHUT)
            flags |= (uint8_t)(ROADS_NODE_SHUT << mode);
        else if (found == ROADS_ACCESS_PRIVATE
                 || (found == ROADS_ACCESS_DESTINATION && mode != FOOT))
            flags |= (uint8_t)(ROADS_NODE_PRIVATE << mode);
    }
    return flags;
}

uint8_t roads_facts_node(const roads_osm *osm, const roads_element *node)
{
    const char *barrier = roads_osm_tag(osm, node, ROADS_KEY_BARRIER);
    uint8_t flags = 0;

    if (barrier)
        flags |= barrier_flags(osm, node, barrier);
    if (roads_osm_tag_is(osm, node, ROADS_KEY_HIGHWAY, "traffic_signals")
        || roads_osm_tag_is(osm, node, ROADS_KEY_CROSSING, "traffic_signals"))
        flags |= ROADS_NODE_SIGNAL;
    return flags;
}

/* ---- turn restrictions ---- */

/* 1: no, 2: only, 0: neither, as "none" or a conditional one. */
static int turn_of_value(const char *value)
{
    if (!value || strpbrk(value, "@ ;"))
        return 0;
    return strncmp(value, "no_", 3) == 0     ? 1
           : strncmp(value, "only_", 5) == 0 ? 2
                                             : 0;
}

/* Is a word in a list like "psv;bicycle"? */
static bool is_listed(const char *list, const char *word)
{
    const size_t n = strlen(word);

    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ";, ");

        if (length == n && strncmp(at, word, n) == 0)
            return true;
        at += length;
        at += strspn(at, ";, ");
    }
    return false;
}

roads_turn_facts roads_facts_turn(const roads_osm *osm,
                                  const roads_element *restriction)
{
    /* The most specific first; `except` words behind them. */
    static const struct {
        int mode;
        roads_key keys[3];
        const char *except[3];
    } rules[] = {
        { CAR, { ROADS_KEY_RESTRICTION_MOTORCAR,
                 ROADS_KEY_RESTRICTION_MOTOR_VEHICLE, ROADS_KEY_RESTRICTION },
          { "motorcar", "motor_vehicle", "vehicle" } },
        { EBIKE, { ROADS_KEY_RESTRICTION_BICYCLE, ROADS_KEY_RESTRICTION,
                   ROADS_KEY_RESTRICTION },
          { "bicycle", "vehicle", "vehicle" } },
    };
    const char *except = roads_osm_tag(osm, restriction, ROADS_KEY_EXCEPT);
    roads_turn_facts facts = { 0, 0 };

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        const char *value = NULL;
        bool is_free = false;
        int turn;

        for (int i = 0; i < 3; i++) {
            if (!value)
                value = roads_osm_tag(osm, restriction, rules[r].keys[i]);
            is_free = is_free || is_listed(except, rules[r].except[i]);
        }
        turn = is_free ? 0 : turn_of_value(value);
        facts.no |= (uint8_t)(turn == 1 ? 1 << rules[r].mode : 0);
        facts.only |= (uint8_t)(turn == 2 ? 1 << rules[r].mode : 0);
    }
    return facts;
}
