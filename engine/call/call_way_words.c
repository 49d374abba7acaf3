/*
 * call_way_words.c - see call_way.h: a way in words.
 */
#include "call_way.h"

#include <string.h>

/* {street} is its name; {direction} one of the eight below. */
static const char *const sentences[] = {
    [GB_TURN_DEPART] = GB_N("Set out to the {direction} on {street}"),
    [GB_TURN_CONTINUE] = GB_N("Go on along {street}"),
    [GB_TURN_SLIGHT_RIGHT] = GB_N("Bear right onto {street}"),
    [GB_TURN_RIGHT] = GB_N("Turn right onto {street}"),
    [GB_TURN_SHARP_RIGHT] = GB_N("Turn sharply right onto {street}"),
    [GB_TURN_BACK] = GB_N("Turn back on {street}"),
    [GB_TURN_SHARP_LEFT] = GB_N("Turn sharply left onto {street}"),
    [GB_TURN_LEFT] = GB_N("Turn left onto {street}"),
    [GB_TURN_SLIGHT_LEFT] = GB_N("Bear left onto {street}"),
    [GB_TURN_ROUNDABOUT] =
        GB_N("At the roundabout take exit {exit} onto {street}"),
    [GB_TURN_ARRIVE] = GB_N("Arrive at {street}"),
};

static const char *const turns[] = {
    [GB_TURN_DEPART] = GB_N("○ set out {direction}"),
    [GB_TURN_CONTINUE] = GB_N("↑ go on"),
    [GB_TURN_SLIGHT_RIGHT] = GB_N("↗ bear right"),
    [GB_TURN_RIGHT] = GB_N("→ right"),
    [GB_TURN_SHARP_RIGHT] = GB_N("↘ sharply right"),
    [GB_TURN_BACK] = GB_N("↓ back"),
    [GB_TURN_SHARP_LEFT] = GB_N("↙ sharply left"),
    [GB_TURN_LEFT] = GB_N("← left"),
    [GB_TURN_SLIGHT_LEFT] = GB_N("↖ bear left"),
    [GB_TURN_ROUNDABOUT] = GB_N("↻ exit {exit}"),
    [GB_TURN_ARRIVE] = GB_N("● arrive"),
};

static const char *const directions[]
    = { GB_N("north"), GB_N("north-east"), GB_N("east"), GB_N("south-east"),
        GB_N("south"), GB_N("south-west"), GB_N("west"), GB_N("north-west") };

/* What a street without a name is called. */
static const struct {
    const char *road_class, *words;
} unnamed[] = {
    { "motorway", GB_N("the motorway") },
    { "motorway_link", GB_N("the slip road") },
    { "trunk_link", GB_N("the slip road") },
    { "primary_link", GB_N("the slip road") },
    { "secondary_link", GB_N("the slip road") },
    { "tertiary_link", GB_N("the slip road") },
    { "living_street", GB_N("a living street without a name") },
    { "service", GB_N("an access road") },
    { "track", GB_N("a track") },
    { "cycleway", GB_N("the cycle track") },
    { "path", GB_N("a path") },
    { "bridleway", GB_N("a path") },
    { "pedestrian", GB_N("the pedestrian precinct") },
    { "footway", GB_N("the footway") },
    { "corridor", GB_N("the corridor") },
    { "steps", GB_N("the steps") },
    { "ferry", GB_N("the ferry") },
};

const char *call_way_street(const call *c, const gb_roads_step *step)
{
    if (step->name[0])
        return step->name;
    for (size_t i = 0; i < COUNT_OF(unnamed); i++)
        if (strcmp(unnamed[i].road_class, step->road_class) == 0)
            return call_words(c, unnamed[i].words);
    return call_words(c, GB_N("a road without a name"));
}

static const char *direction_of(const call *c, double bearing_deg)
{
    const int eighth = (int)(bearing_deg / 45.0 + 0.5) % 8;

    return call_words(c, directions[eighth < 0 ? 0 : eighth]);
}

static bool is_latin(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
           || (c >= 'a' && c <= 'z');
}

/* Is it a Chinese character, of three bytes?  Chinese punctuation is not: it
 * brings room of its own. */
static bool is_wide(const char *at)
{
    const unsigned char first = (unsigned char)at[0];

    return first >= 0xe4 && first <= 0xe9;
}

/* Between Chinese and Latin letters stands a space. */
static void put_name(const char *name, const char *next, base_text *text)
{
    const size_t n = strlen(name);

    if (n > 0 && text->n >= 3 && is_wide(text->chars + text->n - 3)
        && is_latin(name[0]))
        base_text_add(text, " ");
    base_text_add(text, name);
    if (n > 0 && is_wide(next) && is_latin(name[n - 1]))
        base_text_add(text, " ");
}

static void put_value(const call *c, const gb_roads_step *step,
                      const char *key, size_t n, base_text *text)
{
    if (n == 6 && strncmp(key, "street", n) == 0)
        put_name(call_way_street(c, step), key + n + 1, text);
    else if (n == 9 && strncmp(key, "direction", n) == 0)
        base_text_add(text, direction_of(c, step->bearing_deg));
    else if (n == 4 && strncmp(key, "exit", n) == 0)
        base_text_format(text, "%d", (int)step->exit);
}

static void fill(const call *c, const gb_roads_step *step, const char *form,
                 base_text *text)
{
    for (;;) {
        const char *open = strchr(form, '{');
        const char *close = open ? strchr(open, '}') : NULL;

        if (!close) {
            base_text_add(text, form);
            return;
        }
        base_text_append(text, form, (size_t)(open - form));
        put_value(c, step, open + 1, (size_t)(close - open - 1), text);
        form = close + 1;
    }
}

static bool is_known(const gb_roads_step *step)
{
    return step->turn >= 0 && step->turn < (int32_t)COUNT_OF(sentences);
}

void call_way_words(const call *c, gb_mode mode, const gb_roads_step *step,
                    base_text *text)
{
    const char *form = is_known(step) ? sentences[step->turn] : "";

    if (step->turn == GB_TURN_ROUNDABOUT && step->exit == 0)
        form = GB_N("Enter the roundabout {street}");
    if (step->turn == GB_TURN_ROUNDABOUT && step->exit == 0 && !step->name[0])
        form = GB_N("Enter the roundabout");
    if (step->turn == GB_TURN_ARRIVE && !step->name[0])
        form = GB_N("Arrive");
    if (strcmp(step->road_class, "steps") == 0 && !step->name[0]
        && step->turn == GB_TURN_CONTINUE)
        form = GB_N("Take the steps");
    if (strcmp(step->road_class, "ferry") == 0 && step->turn != GB_TURN_ARRIVE)
        form = step->name[0] ? GB_N("Take the ferry {street}")
                             : GB_N("Take the ferry");
    fill(c, step, call_words(c, form), text);
    if (step->is_pushed && mode == GB_MODE_EBIKE)
        base_text_add(text, call_words(c, GB_N(", pushing the e-bike")));
}

void call_way_turn(const call *c, const gb_roads_step *step, base_text *text)
{
    const char *form = is_known(step) ? turns[step->turn] : "";

    if (step->turn == GB_TURN_ROUNDABOUT && step->exit == 0)
        form = GB_N("↻ roundabout");
    fill(c, step, call_words(c, form), text);
}

const char *call_mode_words(const call *c, gb_mode mode)
{
    static const char *const words[]
        = { GB_N("on foot"), GB_N("by e-bike"), GB_N("by car") };

    return call_words(c, words[mode]);
}

void call_put_clock(base_text *text, int32_t day_s)
{
    const int32_t minute = (day_s + 30) / 60 % 1440;

    base_text_format(text, "%02d:%02d", (int)(minute / 60),
                     (int)(minute % 60));
}
