/*
 * roads_lines.c - the lines that part a city into blocks: streets by class,
 * rails, rivers, borders.  What runs in a tunnel parts nothing.
 */
#include <string.h>

#include "base_check.h"
#include "roads_lines.h"

static const struct {
    roads_key key;
    const char *value;
    gb_line_class class;
} classes[] = {
    { ROADS_KEY_HIGHWAY, "motorway", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "motorway_link", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "trunk", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "trunk_link", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "primary", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "primary_link", GB_LINE_ARTERIAL },
    { ROADS_KEY_HIGHWAY, "secondary", GB_LINE_SECONDARY },
    { ROADS_KEY_HIGHWAY, "secondary_link", GB_LINE_SECONDARY },
    { ROADS_KEY_HIGHWAY, "tertiary", GB_LINE_SECONDARY },
    { ROADS_KEY_HIGHWAY, "tertiary_link", GB_LINE_SECONDARY },
    { ROADS_KEY_HIGHWAY, "residential", GB_LINE_LOCAL },
    { ROADS_KEY_HIGHWAY, "unclassified", GB_LINE_LOCAL },
    { ROADS_KEY_HIGHWAY, "living_street", GB_LINE_LOCAL },
    { ROADS_KEY_HIGHWAY, "road", GB_LINE_LOCAL },
    { ROADS_KEY_RAILWAY, "rail", GB_LINE_RAIL },
    { ROADS_KEY_RAILWAY, "light_rail", GB_LINE_RAIL },
    { ROADS_KEY_RAILWAY, "narrow_gauge", GB_LINE_RAIL },
    { ROADS_KEY_WATERWAY, "river", GB_LINE_RIVER },
    { ROADS_KEY_WATERWAY, "canal", GB_LINE_RIVER },
    { ROADS_KEY_BOUNDARY, "administrative", GB_LINE_BORDER },
};

enum { NO_LINE = 255 };

static uint8_t class_of(const roads_osm *osm, const roads_element *way)
{
    const char *tunnel = roads_osm_tag(osm, way, ROADS_KEY_TUNNEL);
    uint8_t class = NO_LINE;

    if (roads_osm_tag_is(osm, way, ROADS_KEY_AREA, "yes"))
        return NO_LINE;
    for (size_t i = 0; i < COUNT_OF(classes) && class == NO_LINE; i++)
        if (roads_osm_tag_is(osm, way, classes[i].key, classes[i].value))
            class = (uint8_t)classes[i].class;
    if (class != GB_LINE_BORDER && tunnel && strcmp(tunnel, "no") != 0)
        return NO_LINE;
    return class;
}

/* Ways without a class of their own that are part of an area's border. */
static void mark_borders(const roads_osm *osm, uint8_t *class_of_way)
{
    for (size_t i = 0; i < osm->n_relations; i++) {
        const roads_element *relation = &osm->relations[i];

        if (!roads_osm_tag_is(osm, relation, ROADS_KEY_BOUNDARY,
                              "administrative"))
            continue;
        for (uint32_t m = 0; m < relation->n; m++) {
            const uint32_t way = osm->members[relation->first + m];

            if (way != UINT32_MAX && class_of_way[way] == NO_LINE)
                class_of_way[way] = GB_LINE_BORDER;
        }
    }
}

int roads_lines_class(const char *highway)
{
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (classes[i].key == ROADS_KEY_HIGHWAY
            && strcmp(classes[i].value, highway) == 0)
            return classes[i].class;
    return -1;
}

/* ---- growing ---- */

bool roads_lines_point(base_mem *mem, roads_lines_growing *g, gb_lonlat at)
{
    return base_array_push(mem, &g->points, at);
}

bool roads_lines_end(base_mem *mem, roads_lines_growing *g, uint8_t class)
{
    const size_t first = g->first;

    if (g->points.n - first < 2) {
        g->points.n = first;
        return true;
    }
    g->first = g->points.n;
    return base_array_push(mem, &g->classes, class)
           && base_array_push(mem, &g->first_point, (uint32_t)first);
}

bool roads_lines_give(base_mem *mem, roads_lines_growing *g, roads_lines *out)
{
    if (!base_array_push(mem, &g->first_point, (uint32_t)g->points.n)
        || !base_array_reserve(mem, &g->classes, 1)
        || !base_array_reserve(mem, &g->points, 1))
        return false;
    out->n = g->classes.n;
    out->n_points = g->points.n;
    out->classes = g->classes.items;
    out->first_point = g->first_point.items;
    out->points = g->points.items;
    memset(g, 0, sizeof *g);
    return true;
}

void roads_lines_drop(base_mem *mem, roads_lines_growing *g)
{
    base_array_clear(mem, &g->classes);
    base_array_clear(mem, &g->first_point);
    base_array_clear(mem, &g->points);
}

/* ---- of OpenStreetMap ---- */

/* A way is cut where it leaves the extract. */
static bool add_way(base_mem *mem, roads_lines_growing *g,
                    const roads_osm *osm, const roads_element *way,
                    uint8_t class)
{
    for (uint32_t i = 0; i < way->n; i++) {
        const uint32_t node = osm->refs[way->first + i];

        if (node == UINT32_MAX
                ? !roads_lines_end(mem, g, class)
                : !roads_lines_point(mem, g,
                                     roads_e7_lonlat(osm->nodes[node].at)))
            return false;
    }
    return roads_lines_end(mem, g, class);
}

gb_status roads_lines_find(base_run *run, const roads_osm *osm,
                           roads_lines *out)
{
    uint8_t *class_of_way = NULL;
    roads_lines_growing g = ROADS_LINES_GROWING_INIT;
    bool good = false;

    memset(out, 0, sizeof *out);
    class_of_way = base_alloc_array(run->mem, osm->n_ways, 1);
    if (!class_of_way)
        goto done;
    for (size_t i = 0; i < osm->n_ways; i++)
        class_of_way[i] = class_of(osm, &osm->ways[i]);
    mark_borders(osm, class_of_way);
    for (size_t i = 0; i < osm->n_ways; i++)
        if (class_of_way[i] != NO_LINE
            && !add_way(run->mem, &g, osm, &osm->ways[i], class_of_way[i]))
            goto done;
    good = roads_lines_give(run->mem, &g, out);

done:
    roads_lines_drop(run->mem, &g);
    base_free(run->mem, class_of_way);
    return good ? GB_OK : base_fail_nomem(run->ctx);
}

void roads_lines_clear(base_mem *mem, roads_lines *lines)
{
    base_free(mem, lines->classes);
    base_free(mem, lines->first_point);
    base_free(mem, lines->points);
    memset(lines, 0, sizeof *lines);
}
