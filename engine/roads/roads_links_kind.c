#include "roads_links_kind.h"

#include <stdio.h>
#include <string.h>

#include "roads_lines.h"
#include "roads_profile.h"

const char *const roads_link_columns[LINK_COLUMN_COUNT] = {
    "id", "from", "to", "line", "class", "name", "oneway", "maxspeed_kmh",
    "foot_kmh", "ebike_kmh", "car_kmh", "access", "bridge", "tunnel",
    "roundabout"
};

/* The access key that is a mode's own. */
static const roads_access_key own_keys[GB_MODE_COUNT]
    = { ROADS_ACCESS_FOOT, ROADS_ACCESS_BICYCLE, ROADS_ACCESS_MOTORCAR };

/* Classes of lines that are no streets, and what they part. */
static const struct {
    const char *class;
    gb_line_class line_class;
} line_classes[] = {
    { "rail", GB_LINE_RAIL },
    { "river", GB_LINE_RIVER },
    { "canal", GB_LINE_RIVER },
    { "border", GB_LINE_BORDER },
};
enum { N_LINE_CLASSES = sizeof line_classes / sizeof line_classes[0] };

static bool take_class(roads_sheet *sheet, roads_link_facts *facts)
{
    const char *words[ROADS_CLASS_COUNT + N_LINE_CLASSES + 1] = { NULL };
    int found = -1;

    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        words[c] = roads_class_name((roads_class)c);
    for (int l = 0; l < N_LINE_CLASSES; l++)
        words[ROADS_CLASS_COUNT + l] = line_classes[l].class;
    if (!roads_sheet_word(sheet, LINK_CLASS, words, &found))
        return false;
    if (found < 0)
        return roads_sheet_fault(sheet, ROADS_FAULT_EMPTY, LINK_CLASS, "");
    facts->is_street = found < ROADS_CLASS_COUNT;
    facts->line_class
        = facts->is_street
              ? roads_lines_class(words[found])
              : (int)line_classes[found - ROADS_CLASS_COUNT].line_class;
    facts->kind.class = (uint8_t)(facts->is_street ? found : 0);
    return true;
}

static bool take_flags(roads_sheet *sheet, roads_link_facts *facts)
{
    bool bridge = false, tunnel = false, roundabout = false;

    if (!roads_sheet_flag(sheet, LINK_BRIDGE, &bridge)
        || !roads_sheet_flag(sheet, LINK_TUNNEL, &tunnel)
        || !roads_sheet_flag(sheet, LINK_ROUNDABOUT, &roundabout))
        return false;
    facts->kind.flags = (uint8_t)((bridge ? ROADS_KIND_BRIDGE : 0)
                                  | (tunnel ? ROADS_KIND_TUNNEL : 0)
                                  | (roundabout ? ROADS_KIND_ROUNDABOUT : 0));
    /* What runs below the ground parts nothing, but a border. */
    if (tunnel && facts->line_class != GB_LINE_BORDER)
        facts->line_class = -1;
    return true;
}

/* Empty is what the class implies: roundabouts and motorways are one-way. */
static bool take_oneway(roads_sheet *sheet, roads_kind *kind)
{
    static const char *const words[] = { "0", "1", "-1", NULL };
    static const int8_t means[] = { 0, 1, -1 };
    int found = -1;

    if (!roads_sheet_word(sheet, LINK_ONEWAY, words, &found))
        return false;
    kind->oneway = found >= 0 ? means[found]
                              : kind->class == ROADS_CLASS_MOTORWAY
                                    || (kind->flags & ROADS_KIND_ROUNDABOUT);
    kind->oneway_bicycle = ROADS_ONEWAY_UNSAID;
    return true;
}

static bool take_access(roads_sheet *sheet, roads_kind *kind)
{
    static const char *const words[] = { "yes", "no", "private",
                                         "destination", NULL };
    static const uint8_t means[] = { ROADS_ACCESS_OPEN, ROADS_ACCESS_SHUT,
                                     ROADS_ACCESS_PRIVATE,
                                     ROADS_ACCESS_DESTINATION };
    int found = -1;

    if (!roads_sheet_word(sheet, LINK_ACCESS, words, &found))
        return false;
    if (found > 0) /* "yes" is what a row without it means */
        kind->access[ROADS_ACCESS_ALL] = means[found];
    return true;
}

/* 0 closes the street to the mode; any other speed opens it, whatever its
 * class, unless its access says no. */
static bool take_speed(roads_sheet *sheet, gb_mode mode, roads_kind *kind)
{
    bool is_set;

    if (!roads_sheet_speed(sheet, LINK_FOOT + (size_t)mode, &is_set,
                           &kind->speed_dkmh[mode]))
        return false;
    if (is_set && kind->speed_dkmh[mode] == 0)
        kind->access[own_keys[mode]] = ROADS_ACCESS_SHUT;
    return true;
}

bool roads_link_facts_take(roads_sheet *sheet, roads_link_facts *out)
{
    roads_kind *kind = &out->kind;
    bool is_set;

    memset(out, 0, sizeof *out);
    if (!take_class(sheet, out) || !take_flags(sheet, out)
        || !take_oneway(sheet, kind) || !take_access(sheet, kind)
        || !roads_sheet_speed(sheet, LINK_MAXSPEED, &is_set,
                              &kind->limit_dkmh[0]))
        return false;
    kind->limit_dkmh[1] = kind->limit_dkmh[0];
    if (!out->is_street)
        return true;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        if (!take_speed(sheet, (gb_mode)m, kind))
            return false;
        out->is_open |= roads_profile_can(kind, (gb_mode)m, 0)
                        || roads_profile_can(kind, (gb_mode)m, 1);
    }
    return true;
}
