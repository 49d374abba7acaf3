/*
 * grid_text.c - see grid_text.h.
 *
 * A sentence is a template with named fields, so that a translation may put
 * them in another order.
 */
#include "grid_text.h"

#include <string.h>

#include "base_check.h"

typedef struct sentence {
    int32_t kind;
    const char *text;
} sentence;

static const sentence SENTENCES[] = {
    { GB_FINDING_UNOWNED, GB_N("area {area} belongs to no territory") },
    { GB_FINDING_EMPTY, GB_N("territory {territory} has no area") },
    { GB_FINDING_SPLIT,
      GB_N("territory {territory} falls into {count} parts: area {area} is cut"
           " off from its largest part, which has {value0} of {limit0}"
           " areas") },
    { GB_FINDING_BALANCE,
      GB_N("territory {territory} has {value} of measure {measure}, allowed is"
           " up to {limit} ({over}); a tolerance of {mend} would do") },
    { GB_FINDING_LOCK,
      GB_N("area {area} is locked to territory {territory} and not in it") },
    { GB_FINDING_HEAVY_AREA,
      GB_N("area {area} alone has {value} of measure {measure}, {over} more"
           " than a territory may have ({limit}): split it, or allow a"
           " tolerance of {mend}") },
    { GB_FINDING_COMPONENTS,
      GB_N("the areas fall into {count} unconnected components, and there are"
           " only {limit0} territories: join them (area {area} lies in the"
           " smallest), or ask for {count} territories") },
    { GB_FINDING_COMPONENT_LOAD,
      GB_N("the component of area {area} has {value} of measure {measure},"
           " which makes no whole number of territories: {count} of them"
           " would have to come to {limit}; join it to its surroundings, or"
           " allow a tolerance of {mend}") },
    { GB_FINDING_LOCKS_HEAVY,
      GB_N("the areas locked to territory {territory} have {value} of measure"
           " {measure}, {over} more than it may have ({limit}): free some,"
           " or allow a tolerance of {mend}") },
    { GB_FINDING_LOCKS_APART,
      GB_N("area {area} is locked to territory {territory} and cannot be"
           " joined to the other areas locked to it: free it, or what lies"
           " between") },
    { GB_FINDING_LOCKS_CONTRADICT,
      GB_N("area {area} is locked to territory {territory} and has to be in"
           " territory {other}, too: free it from one of them") },
    { GB_FINDING_LOCKED_OUT,
      GB_N("the component of area {area} can have no territory: all {count}"
           " are locked to areas elsewhere; free one, or join it to its"
           " surroundings") },
};

/* Below 1000 with decimals, above without. */
static void add_amount(base_text *text, double value)
{
    base_text_real(text, value, value < 1000 && value > -1000 ? 2 : 0);
}

static void add_percent(base_text *text, double ratio, int decimals)
{
    base_text_real(text, ratio * 100, decimals);
    base_text_add(text, " %");
}

static bool is_name(const char *name, size_t n, const char *known)
{
    return strlen(known) == n && memcmp(name, known, n) == 0;
}

static void add_field(base_text *text, const gb_territory_finding *f,
                      const char *name, size_t n)
{
    if (is_name(name, n, "area"))
        base_text_format(text, "%u", f->area);
    else if (is_name(name, n, "territory"))
        base_text_format(text, "%u", f->territory);
    else if (is_name(name, n, "other"))
        base_text_format(text, "%u", f->other);
    else if (is_name(name, n, "measure"))
        base_text_format(text, "%u", f->measure);
    else if (is_name(name, n, "count"))
        base_text_format(text, "%u", f->count);
    else if (is_name(name, n, "value"))
        add_amount(text, f->value);
    else if (is_name(name, n, "value0"))
        base_text_real(text, f->value, 0);
    else if (is_name(name, n, "limit"))
        add_amount(text, f->limit);
    else if (is_name(name, n, "limit0"))
        base_text_real(text, f->limit, 0);
    else if (is_name(name, n, "mend"))
        add_percent(text, f->mend, 4);
    else if (is_name(name, n, "over"))
        add_percent(text, f->limit > 0 ? f->value / f->limit - 1 : 0, 2);
}

bool grid_finding_text(base_lang lang, const gb_territory_finding *f,
                       base_text *text)
{
    const char *at = NULL;

    for (size_t i = 0; i < COUNT_OF(SENTENCES); i++)
        if (SENTENCES[i].kind == f->kind)
            at = base_lang_text(lang, SENTENCES[i].text);
    if (!at)
        return false;
    while (*at) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        size_t n;

        if (end) {
            add_field(text, f, at + 1, (size_t)(end - at - 1));
            at = end + 1;
            continue;
        }
        n = 1 + strcspn(at + 1, "{");
        base_text_append(text, at, n);
        at += n;
    }
    return true;
}
