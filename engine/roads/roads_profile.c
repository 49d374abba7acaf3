/*
 * roads_profile.c - see roads_profile.h.
 *
 * Car speeds are what remains of a class in a city with its crossings and
 * lights, not its limit; a limit that is posted counts with eight tenths.
 */
#include "roads_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { FOOT = GB_MODE_FOOT, EBIKE = GB_MODE_EBIKE, CAR = GB_MODE_CAR };

typedef struct road_class {
    const char *highway;
    uint16_t speed_dkmh[GB_MODE_COUNT];   /* as a rule; 0: closed */
    uint16_t allowed_dkmh[GB_MODE_COUNT]; /* when the mode's own tag opens it */
} road_class;

/*                            as a rule        when a tag of its own opens it
 *                          foot e-bike  car     foot e-bike  car           */
static const road_class classes[] = {
    { "motorway",       {    0,     0,  900 }, {  50,   220,  900 } },
    { "motorway_link",  {    0,     0,  500 }, {  50,   220,  500 } },
    { "trunk",          {   50,     0,  650 }, {  50,   220,  650 } },
    { "trunk_link",     {   50,     0,  400 }, {  50,   220,  400 } },
    { "primary",        {   50,   220,  450 }, {  50,   220,  450 } },
    { "primary_link",   {   50,   220,  300 }, {  50,   220,  300 } },
    { "secondary",      {   50,   220,  400 }, {  50,   220,  400 } },
    { "secondary_link", {   50,   220,  250 }, {  50,   220,  250 } },
    { "tertiary",       {   50,   220,  350 }, {  50,   220,  350 } },
    { "tertiary_link",  {   50,   220,  250 }, {  50,   220,  250 } },
    { "unclassified",   {   50,   220,  250 }, {  50,   220,  250 } },
    { "residential",    {   50,   200,  250 }, {  50,   200,  250 } },
    { "road",           {   50,   200,  200 }, {  50,   200,  200 } },
    { "living_street",  {   50,   150,  100 }, {  50,   150,  100 } },
    { "service",        {   50,   150,  150 }, {  50,   150,  150 } },
    { "track",          {   50,   120,    0 }, {  50,   120,  100 } },
    { "cycleway",       {   50,   200,    0 }, {  50,   200,  100 } },
    { "path",           {   50,    80,    0 }, {  50,   120,  100 } },
    { "bridleway",      {   50,     0,    0 }, {  50,   100,  100 } },
    { "pedestrian",     {   50,    50,    0 }, {  50,   100,  100 } },
    { "footway",        {   50,    50,    0 }, {  50,   100,  100 } },
    { "corridor",       {   50,     0,    0 }, {  50,    50,    0 } },
    { "steps",          {   30,     0,    0 }, {  30,    30,    0 } },
    /* route=ferry: the crossing itself, waiting not counted. */
    { "ferry",          {  100,   100,    0 }, { 100,   100,  100 } },
};

enum { PUSHING_DKMH = 50, SLOWEST_DKMH = 50, FASTEST_DKMH = 1100 };

typedef enum access { UNSAID = 0, OPEN = 1, SHUT = 2, PUSH = 3 } access;

static const struct {
    const char *value;
    access means;
} access_values[] = {
    { "yes", OPEN }, { "permissive", OPEN }, { "designated", OPEN },
    { "official", OPEN }, { "destination", OPEN }, { "customers", OPEN },
    { "discouraged", OPEN }, { "dismount", PUSH },
    { "no", SHUT }, { "private", SHUT }, { "agricultural", SHUT },
    { "forestry", SHUT }, { "agricultural;forestry", SHUT },
    { "emergency", SHUT }, { "psv", SHUT }, { "bus", SHUT },
    { "military", SHUT }, { "use_sidepath", SHUT }, { "restricted", SHUT },
    { "residents", SHUT }, { "permit", SHUT }, { "delivery", SHUT },
};

/* From the most specific to the most general; the first `n_own` name the mode
 * itself. */
static const struct {
    roads_key keys[4];
    int n, n_own;
} hierarchies[GB_MODE_COUNT] = {
    [FOOT] = { { ROADS_KEY_FOOT, ROADS_KEY_ACCESS }, 2, 1 },
    [EBIKE] = { { ROADS_KEY_BICYCLE, ROADS_KEY_VEHICLE, ROADS_KEY_ACCESS },
                3, 1 },
    [CAR] = { { ROADS_KEY_MOTORCAR, ROADS_KEY_MOTOR_VEHICLE,
                ROADS_KEY_VEHICLE, ROADS_KEY_ACCESS }, 4, 2 },
};

/* What stops whom at a node; kinds that are not here stop nobody. */
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
    { "wall", 7 }, { "fence", 7 }, { "hedge", 7 }, { "retaining_wall", 7 },
    { "city_wall", 7 }, { "ditch", 7 }, { "guard_rail", 7 },
};

static access access_of_value(const char *value)
{
    for (size_t i = 0; value && i < COUNT_OF(access_values); i++)
        if (strcmp(value, access_values[i].value) == 0)
            return access_values[i].means;
    return UNSAID;
}

/* What the tags say to a mode, and whether a tag of its own says so. */
static access access_of(const roads_osm *osm, const roads_element *element,
                        int mode, bool *is_own)
{
    for (int i = 0; i < hierarchies[mode].n; i++) {
        const access found = access_of_value(
            roads_osm_tag(osm, element, hierarchies[mode].keys[i]));

        *is_own = i < hierarchies[mode].n_own;
        if (found != UNSAID)
            return found;
    }
    *is_own = false;
    return UNSAID;
}

static const road_class *class_of(const roads_osm *osm,
                                  const roads_element *way)
{
    const char *highway = roads_osm_tag(osm, way, ROADS_KEY_HIGHWAY);

    if (!highway)
        highway = "ferry"; /* see is_street */
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (strcmp(highway, classes[i].highway) == 0)
            return &classes[i];
    return NULL;
}

static bool is_street(const roads_osm *osm, const roads_element *way)
{
    return roads_osm_tag(osm, way, ROADS_KEY_HIGHWAY)
           || roads_osm_tag_is(osm, way, ROADS_KEY_ROUTE, "ferry");
}

/* "50", "30 mph"; 0: not a number, as "none", "walk" or "CN:urban". */
static int limit_dkmh(const char *maxspeed)
{
    char *end;
    long value;

    if (!maxspeed || maxspeed[0] < '0' || maxspeed[0] > '9')
        return 0;
    value = strtol(maxspeed, &end, 10);
    if (value <= 0 || value > 300)
        return 0;
    while (*end == ' ')
        end++;
    return strncmp(end, "mph", 3) == 0 ? (int)(value * 16093 / 1000)
                                       : (int)value * 10;
}

static int speed_of(const roads_osm *osm, const roads_element *way,
                    const road_class *class, int mode)
{
    const int limit = limit_dkmh(roads_osm_tag(osm, way, ROADS_KEY_MAXSPEED));
    bool is_own;
    const access found = access_of(osm, way, mode, &is_own);
    int speed = class->speed_dkmh[mode];

    if (found == SHUT)
        return 0;
    if (is_own)
        speed = class->allowed_dkmh[mode];
    if (speed == 0)
        return 0;
    if (found == PUSH && speed > PUSHING_DKMH)
        speed = PUSHING_DKMH;
    if (limit > 0 && mode == CAR)
        speed = limit * 8 / 10;
    else if (limit > 0 && mode == EBIKE && speed > limit)
        speed = limit;
    if (mode == CAR && speed > FASTEST_DKMH)
        return FASTEST_DKMH;
    if (mode != FOOT && limit > 0 && speed < SLOWEST_DKMH)
        return SLOWEST_DKMH;
    return speed;
}

/* 1 along the nodes, -1 against them, 0 both ways, 2 neither. */
static int direction_of_value(const char *value, int unsaid)
{
    static const struct {
        const char *value;
        int direction;
    } values[] = {
        { "yes", 1 }, { "true", 1 }, { "1", 1 }, { "-1", -1 },
        { "reverse", -1 }, { "no", 0 }, { "false", 0 }, { "0", 0 },
        { "alternating", 0 }, { "reversible", 2 },
    };

    for (size_t i = 0; value && i < COUNT_OF(values); i++)
        if (strcmp(value, values[i].value) == 0)
            return values[i].direction;
    return unsaid;
}

static bool is_roundabout(const roads_osm *osm, const roads_element *way)
{
    return roads_osm_tag_is(osm, way, ROADS_KEY_JUNCTION, "roundabout")
           || roads_osm_tag_is(osm, way, ROADS_KEY_JUNCTION, "circular");
}

static int direction_of(const roads_osm *osm, const roads_element *way,
                        int mode, const gb_roads_options *options)
{
    const char *cycleway = roads_osm_tag(osm, way, ROADS_KEY_CYCLEWAY);
    const bool is_implied =
        is_roundabout(osm, way)
        || roads_osm_tag_is(osm, way, ROADS_KEY_HIGHWAY, "motorway");
    int direction;

    if (mode == FOOT)
        return 0;
    direction = direction_of_value(
        roads_osm_tag(osm, way, ROADS_KEY_ONEWAY), is_implied);
    if (mode != EBIKE)
        return direction;
    if (cycleway && strncmp(cycleway, "opposite", 8) == 0)
        direction = 0;
    direction = direction_of_value(
        roads_osm_tag(osm, way, ROADS_KEY_ONEWAY_BICYCLE), direction);
    if (options->ebike_contraflow && !is_implied)
        direction = 0;
    return direction;
}

roads_verdict roads_profile_way(const roads_osm *osm, const roads_element *way,
                                const gb_roads_options *options,
                                roads_rule *rule)
{
    const road_class *class;
    bool is_open = false;

    memset(rule, 0, sizeof *rule);
    if (!is_street(osm, way))
        return ROADS_NO_STREET;
    class = class_of(osm, way);
    if (!class)
        return ROADS_BAD_CLASS;
    rule->class = (uint8_t)(class - classes);
    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        const int speed = speed_of(osm, way, class, mode);
        const int direction = direction_of(osm, way, mode, options);

        if (speed == 0 || direction == 2)
            continue;
        if (mode == CAR
            && roads_osm_tag_is(osm, way, ROADS_KEY_AREA, "yes"))
            continue;
        if (direction != -1)
            rule->speed_dkmh[mode][0] = (uint16_t)speed;
        if (direction != 1)
            rule->speed_dkmh[mode][1] = (uint16_t)speed;
        is_open = true;
    }
    return is_open ? ROADS_OPEN : ROADS_CLOSED;
}

uint8_t roads_profile_node(const roads_osm *osm, const roads_element *node)
{
    const char *barrier = roads_osm_tag(osm, node, ROADS_KEY_BARRIER);
    uint8_t stops = 0;

    if (!barrier)
        return 0;
    for (size_t i = 0; i < COUNT_OF(barriers); i++)
        if (strcmp(barrier, barriers[i].barrier) == 0)
            stops = barriers[i].stops;
    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        bool is_own;
        const access found = access_of(osm, node, mode, &is_own);

        if (found == SHUT)
            stops |= (uint8_t)(1 << mode);
        else if (found != UNSAID && (is_own || !(stops == 7)))
            stops &= (uint8_t)~(1 << mode);
    }
    return stops;
}
