/*
 * grid_text.c - see grid_text.h.
 *
 * A sentence is a template with named fields, so that a translation may put
 * them in another order.
 */
#include "grid_text.h"

#include <string.h>

#include "base_check.h"

/* Where a finding has two sides. */
typedef enum side { ANY, TOO_MUCH, TOO_LITTLE, NO_COUNT, SOME_COUNT, NO_MEND,
                    SOME_MEND } side;

typedef struct sentence {
    int32_t kind;
    side side;
    const char *text;
} sentence;

static const sentence SENTENCES[] = {
    { GB_FINDING_UNOWNED, ANY, GB_N("area {area} belongs to no territory") },
    { GB_FINDING_EMPTY, ANY, GB_N("territory {territory} has no area") },
    { GB_FINDING_SPLIT, ANY,
      GB_N("territory {territory} falls into {count} parts: area {area} is cut"
           " off from its largest part, which has {value0} of {limit0}"
           " areas") },
    { GB_FINDING_BALANCE, TOO_MUCH,
      GB_N("territory {territory} has {value} of measure {measure}, allowed is"
           " at most {limit} ({over} more than that); a tolerance of {mend}"
           " would do") },
    { GB_FINDING_BALANCE, TOO_LITTLE,
      GB_N("territory {territory} has {value} of measure {measure}, allowed is"
           " at least {limit} ({under} less than that); a tolerance of {mend}"
           " would do") },
    { GB_FINDING_LOCK, ANY,
      GB_N("area {area} is locked to territory {territory} and not in it") },
    { GB_FINDING_APART, ANY,
      GB_N("areas {area} and {other} must be apart and are both in territory"
           " {territory}") },
    { GB_FINDING_BARRED, ANY,
      GB_N("area {area} is in territory {territory}, from which it is"
           " barred") },
    { GB_FINDING_MOVED, ANY,
      GB_N("{value0} areas have changed hands, allowed are {limit0}") },
    { GB_FINDING_FROZEN, NO_COUNT,
      GB_N("territory {territory} is frozen and has lost area {area}") },
    { GB_FINDING_FROZEN, SOME_COUNT,
      GB_N("territory {territory} is frozen and has gained area {area}") },
    { GB_FINDING_HEAVY_AREA, NO_COUNT,
      GB_N("area {area} alone has {value} of measure {measure}, {over} more"
           " than a territory may have ({limit}): split it, or allow a"
           " tolerance of {mend}") },
    { GB_FINDING_HEAVY_AREA, SOME_COUNT,
      GB_N("area {area} alone has {value} of measure {measure}, {over} more"
           " than a territory may have ({limit}): split it, ask for {count}"
           " territories at most, or allow a tolerance of {mend}") },
    { GB_FINDING_COMPONENTS, ANY,
      GB_N("the areas fall into {count} unconnected components, and there are"
           " only {limit0} territories: join them (area {area} lies in the"
           " smallest), or ask for {count} territories") },
    { GB_FINDING_COMPONENT_LOAD, ANY,
      GB_N("the component of area {area} has {value} of measure {measure},"
           " which makes no whole number of territories: {count} of them"
           " would have to come to {limit}; join it to its surroundings, or"
           " allow a tolerance of {mend}") },
    { GB_FINDING_LOCKS_HEAVY, ANY,
      GB_N("the areas locked to territory {territory} have {value} of measure"
           " {measure}, {over} more than it may have ({limit}): free some,"
           " or allow a tolerance of {mend}") },
    { GB_FINDING_LOCKS_APART, ANY,
      GB_N("area {area} is locked to territory {territory} and cannot be"
           " joined to the other areas locked to it: free it, or what lies"
           " between") },
    { GB_FINDING_LOCKS_CONTRADICT, ANY,
      GB_N("area {area} is locked to territory {territory} and has to be in"
           " territory {other}, too: free it from one of them") },
    { GB_FINDING_LOCKED_OUT, ANY,
      GB_N("the component of area {area} can have no territory: all {count}"
           " are locked to areas elsewhere; free one, or join it to its"
           " surroundings") },
    { GB_FINDING_APART_LOCKED, ANY,
      GB_N("areas {area} and {other} must be apart and are both locked to"
           " territory {territory}: free one of them, or let them be"
           " together") },
    { GB_FINDING_APART_CROWD, ANY,
      GB_N("{count} areas must all be apart from each other ({area} and"
           " {other} among them), and there are only {limit0} territories"
           " for them: let two of them be together, or ask for more"
           " territories") },
    { GB_FINDING_BARRED_LOCKED, ANY,
      GB_N("area {area} is locked to territory {territory} and barred from"
           " it: lift one of them") },
    { GB_FINDING_BARRED_OUT, ANY,
      GB_N("area {area} is barred from every territory: lift one bar") },
    { GB_FINDING_FROZEN_LOAD, TOO_MUCH,
      GB_N("frozen territory {territory} has {value} of measure {measure},"
           " allowed is at most {limit}: let it change, or allow a tolerance"
           " of {mend}") },
    { GB_FINDING_FROZEN_LOAD, TOO_LITTLE,
      GB_N("frozen territory {territory} has {value} of measure {measure},"
           " allowed is at least {limit}: let it change, or allow a tolerance"
           " of {mend}") },
    { GB_FINDING_FROZEN_SPLIT, NO_COUNT,
      GB_N("frozen territory {territory} has no area: let it change") },
    { GB_FINDING_FROZEN_SPLIT, SOME_COUNT,
      GB_N("frozen territory {territory} is in {count} parts (area {area} is"
           " cut off): let it change") },
    { GB_FINDING_FROZEN_LOCKED, ANY,
      GB_N("area {area} is locked to territory {other}, and territory"
           " {territory} is frozen: free the area, or let the territory"
           " change") },
    { GB_FINDING_MOVES_SHORT, ANY,
      GB_N("at least {value0} areas must change hands, allowed are {limit0}:"
           " allow as many") },
    { GB_FINDING_NO_PARTS, NO_MEND,
      GB_N("the {count} areas of the component of area {area} cannot be"
           " divided into territories: all ways have been tried; join them to"
           " their surroundings, or split an area") },
    { GB_FINDING_NO_PARTS, SOME_MEND,
      GB_N("the {count} areas of the component of area {area} cannot be"
           " divided into territories: all ways have been tried; join them to"
           " their surroundings, split an area, or allow a tolerance of"
           " {mend}") },
    { GB_FINDING_POCKET, ANY,
      GB_N("{count} areas (area {area} the first of them) hang on area {other}"
           " and are too light for a territory of their own; with it they"
           " have {value} of measure {measure}, more than one may have"
           " ({limit}): join them to another neighbour, split area {other},"
           " or allow a tolerance of {mend}") },
    { GB_FINDING_NO_PLAN, NO_MEND,
      GB_N("all ways to divide the areas have been tried: none keeps the"
           " rules") },
    { GB_FINDING_NO_PLAN, SOME_MEND,
      GB_N("all ways to divide the areas have been tried: none keeps the"
           " rules; a tolerance of {mend} would do") },
};

static bool is_of_side(const gb_territory_finding *f, side which)
{
    switch (which) {
    case TOO_MUCH:
        return f->value > f->limit;
    case TOO_LITTLE:
        return f->value <= f->limit;
    case NO_COUNT:
        return f->count == 0;
    case SOME_COUNT:
        return f->count > 0;
    case NO_MEND:
        return f->mend <= 0;
    case SOME_MEND:
        return f->mend > 0;
    default:
        return true;
    }
}

/* Below 1000 with decimals, above without; seconds as hours. */
static void add_amount(base_text *text, const gb_territory_finding *f,
                       const grid_names *names, double value)
{
    if (names->is_seconds && f->measure < names->n_measures
        && names->is_seconds[f->measure]) {
        base_text_real(text, value / 3600, 2);
        base_text_add(text, " h");
    } else {
        base_text_real(text, value, value < 1000 && value > -1000 ? 2 : 0);
    }
}

static void add_percent(base_text *text, double ratio, int decimals)
{
    base_text_real(text, ratio * 100, decimals);
    base_text_add(text, " %");
}

static void add_name(base_text *text, const char *const *names, size_t n,
                     uint32_t number)
{
    if (names && number < n)
        base_text_add(text, names[number]);
    else
        base_text_format(text, "%u", number);
}

static bool is_name(const char *name, size_t n, const char *known)
{
    return strlen(known) == n && memcmp(name, known, n) == 0;
}

/* Is `other` a territory, and not an area? */
static bool is_other_territory(const gb_territory_finding *f)
{
    return f->kind == GB_FINDING_LOCKS_CONTRADICT
        || f->kind == GB_FINDING_FROZEN_LOCKED;
}

static void add_thing(base_text *text, const gb_territory_finding *f,
                      const grid_names *x, const char *name, size_t n)
{
    if (is_name(name, n, "area"))
        add_name(text, x->areas, x->n_areas, f->area);
    else if (is_name(name, n, "territory"))
        add_name(text, x->territories, x->n_territories, f->territory);
    else if (is_name(name, n, "other") && is_other_territory(f))
        add_name(text, x->territories, x->n_territories, f->other);
    else if (is_name(name, n, "other"))
        add_name(text, x->areas, x->n_areas, f->other);
    else if (is_name(name, n, "measure"))
        add_name(text, x->measures, x->n_measures, f->measure);
}

static void add_field(base_text *text, const gb_territory_finding *f,
                      const grid_names *x, const char *name, size_t n)
{
    if (is_name(name, n, "count"))
        base_text_format(text, "%u", f->count);
    else if (is_name(name, n, "value"))
        add_amount(text, f, x, f->value);
    else if (is_name(name, n, "value0"))
        base_text_real(text, f->value, 0);
    else if (is_name(name, n, "limit"))
        add_amount(text, f, x, f->limit);
    else if (is_name(name, n, "limit0"))
        base_text_real(text, f->limit, 0);
    else if (is_name(name, n, "mend"))
        add_percent(text, f->mend, 4);
    else if (is_name(name, n, "over"))
        add_percent(text, f->limit > 0 ? f->value / f->limit - 1 : 0, 2);
    else if (is_name(name, n, "under"))
        add_percent(text, f->limit > 0 ? 1 - f->value / f->limit : 0, 2);
    else
        add_thing(text, f, x, name, n);
}

bool grid_finding_text(base_lang lang, const gb_territory_finding *f,
                       const grid_names *names, base_text *text)
{
    static const grid_names numbers = { 0 };
    const char *at = NULL;

    for (size_t i = 0; i < COUNT_OF(SENTENCES); i++)
        if (SENTENCES[i].kind == f->kind && is_of_side(f, SENTENCES[i].side))
            at = base_lang_text(lang, SENTENCES[i].text);
    if (!at)
        return false;
    while (*at) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        size_t n;

        if (end) {
            add_field(text, f, names ? names : &numbers, at + 1,
                      (size_t)(end - at - 1));
            at = end + 1;
            continue;
        }
        n = 1 + strcspn(at + 1, "{");
        base_text_append(text, at, n);
        at += n;
    }
    return true;
}
