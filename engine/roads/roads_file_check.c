/*
 * roads_file_check.c - see roads_file_check.h.
 */
#include "roads_file_check.h"

uint32_t roads_link_of_point(const roads_network *network, uint32_t point)
{
    size_t low = 0, high = network->n_links;

    /* The last link that begins at or before the point. */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (network->links[middle].first_point <= point)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static bool is_weight(uint32_t value)
{
    return value <= ROADS_MAX_WEIGHT;
}

static bool links_are_sound(const roads_network *n)
{
    if (n->links[0].first_point != 0
        || n->links[n->n_links].first_point != n->n_points)
        return false;
    for (size_t i = 0; i < n->n_links; i++) {
        const roads_link *link = &n->links[i];

        if (link->from >= n->n_nodes || link->to >= n->n_nodes
            || !is_weight(link->cm)
            || (link->ms[0] == ROADS_NONE && link->ms[1] == ROADS_NONE)
            || (link->ms[0] != ROADS_NONE && !is_weight(link->ms[0]))
            || (link->ms[1] != ROADS_NONE && !is_weight(link->ms[1]))
            || link[1].first_point < link->first_point
            || link[1].first_point - link->first_point < 2)
            return false;
    }
    return true;
}

/* An arc is its link in one direction. */
static bool arc_is_sound(const roads_network *n, uint32_t tail,
                         const roads_arc *arc)
{
    const roads_link *link;
    const uint32_t d = arc->link & 1;

    if (arc->head >= n->n_nodes || arc->link / 2 >= n->n_links)
        return false;
    link = &n->links[arc->link / 2];
    return link->ms[d] == arc->ms && arc->ms != ROADS_NONE
           && link->cm == arc->cm
           && arc->head == (d ? link->from : link->to)
           && tail == (d ? link->to : link->from);
}

static bool arcs_are_sound(const roads_network *n)
{
    if (n->first_arc[0] != 0 || n->first_arc[n->n_nodes] != n->n_arcs)
        return false;
    for (size_t v = 0; v < n->n_nodes; v++)
        if (n->first_arc[v] > n->first_arc[v + 1])
            return false;
    for (uint32_t v = 0; v < n->n_nodes; v++)
        for (uint32_t a = n->first_arc[v]; a < n->first_arc[v + 1]; a++)
            if (!arc_is_sound(n, v, &n->arcs[a]))
                return false;
    return true;
}

static bool points_are_sound(const roads_network *n)
{
    for (size_t i = 0; i < n->n_points; i++)
        if (n->points[i].lon < -1800000000 || n->points[i].lon > 1800000000
            || n->points[i].lat < -900000000 || n->points[i].lat > 900000000)
            return false;
    return true;
}

static bool segments_are_sound(const roads_network *n)
{
    for (size_t i = 0; i < n->n_points - n->n_links; i++) {
        const uint32_t p = n->segments[i];

        if (p >= n->n_points
            || p + 1 >= n->links[roads_link_of_point(n, p) + 1].first_point)
            return false;
    }
    return true;
}

static bool lines_are_sound(const gb_roads_line_set *lines)
{
    if (lines->first_point[0] != 0
        || lines->first_point[lines->n_lines] != lines->n_points)
        return false;
    for (size_t l = 0; l < lines->n_lines; l++)
        if (lines->classes[l] >= GB_LINE_CLASS_COUNT
            || lines->first_point[l + 1] < lines->first_point[l]
            || lines->first_point[l + 1] - lines->first_point[l] < 2)
            return false;
    for (size_t i = 0; i < lines->n_points; i++) {
        const gb_lonlat at = lines->points[i];

        /* False for what is not a number, too. */
        if (!(at.lon_deg >= -180 && at.lon_deg <= 180 && at.lat_deg >= -90
              && at.lat_deg <= 90))
            return false;
    }
    return true;
}

const char *roads_file_check(const gb_roads *roads)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const roads_network *n = &roads->modes[m];

        if (!links_are_sound(n))
            return GB_N("a link goes nowhere");
        if (!arcs_are_sound(n))
            return GB_N("an arc does not fit its link");
        if (!points_are_sound(n))
            return GB_N("a point off the globe");
        if (!segments_are_sound(n))
            return GB_N("a segment that is none");
    }
    if (!lines_are_sound(&roads->lines))
        return GB_N("a line is broken");
    return NULL;
}
