/*
 * roads_features.c - what stands beside the streets: buildings, housing
 * areas, banks, markets, villages.
 *
 * Areas are closed ways, and rings joined out of the outer ways of a tagged
 * relation: at each end the first member that goes on from there is taken.
 * What does not close, or misses a node, is no area.  Holes are not read.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "roads_measure.h"
#include "roads_osm.h"

/* Joining compares each with each; no compound has so many. */
enum { MAX_MEMBERS = 4096 };

/* A feature and its ring: nodes[first, first + n) of the finder. */
typedef struct found {
    roads_feature feature;
    size_t first, n;
} found;

typedef struct finder {
    base_run *run;
    const roads_osm *osm;
    roads_features *out;
    BASE_ARRAY(found) found;
    BASE_ARRAY(uint32_t) nodes; /* of rings; the first is not repeated */
} finder;

/* The value of the tag that makes an element one of that class, or NULL. */
static const char *value_of(const roads_osm *osm, const roads_element *e,
                            roads_feature_class class)
{
    const char *value = NULL, *wanted = NULL;

    switch (class) {
    case ROADS_FEATURE_BUILDING:
        value = roads_osm_tag(osm, e, ROADS_KEY_BUILDING);
        return value && strcmp(value, "no") != 0 ? value : NULL;
    case ROADS_FEATURE_RESIDENTIAL:
        value = roads_osm_tag(osm, e, ROADS_KEY_LANDUSE);
        wanted = "residential";
        break;
    case ROADS_FEATURE_BANK:
        value = roads_osm_tag(osm, e, ROADS_KEY_AMENITY);
        wanted = "bank";
        break;
    case ROADS_FEATURE_MARKET:
        value = roads_osm_tag(osm, e, ROADS_KEY_AMENITY);
        wanted = "marketplace";
        break;
    case ROADS_FEATURE_PLACE:
        return roads_osm_tag(osm, e, ROADS_KEY_PLACE);
    }
    return value && strcmp(value, wanted) == 0 ? value : NULL;
}

static uint32_t first_node(const roads_osm *osm, const roads_element *way)
{
    return osm->refs[way->first];
}

static uint32_t last_node(const roads_osm *osm, const roads_element *way)
{
    return osm->refs[way->first + way->n - 1];
}

static bool is_closed(const roads_osm *osm, const roads_element *way)
{
    return way->n >= 4 && first_node(osm, way) == last_node(osm, way);
}

/* Add the nodes of a way but its last one, from either end. */
static bool add_nodes(finder *f, const roads_element *way, bool is_reversed)
{
    for (uint32_t i = 0; i + 1 < way->n; i++) {
        const uint32_t at = is_reversed ? way->n - 1 - i : i;

        if (!base_array_push(f->run->mem, &f->nodes,
                             f->osm->refs[way->first + at]))
            return false;
    }
    return true;
}

/* Is what was added from `first` on at least a triangle of known nodes? */
static bool is_ring(const finder *f, size_t first)
{
    for (size_t i = first; i < f->nodes.n; i++)
        if (f->nodes.items[i] == UINT32_MAX)
            return false;
    return f->nodes.n - first >= 3;
}

static const char *keep_text(finder *f, const char *text)
{
    const size_t size = text ? strlen(text) + 1 : 1;
    char *copy = base_arena_alloc(&f->out->strings, 1, size);

    if (copy)
        memcpy(copy, text ? text : "", size);
    return copy;
}

/* Area and centre of gravity, on the plane that touches at the first node. */
static void measure_ring(const finder *f, size_t first,
                         roads_feature *feature)
{
    const roads_node *nodes = f->osm->nodes;
    const roads_e7 origin = nodes[f->nodes.items[first]].at;
    const roads_scale scale = roads_scale_at(origin.lat);
    double area = 0, x_sum = 0, y_sum = 0, x0 = 0, y0 = 0;

    for (size_t i = first + 1; i < f->nodes.n; i++) {
        const roads_e7 at = nodes[f->nodes.items[i]].at;
        const double x1 = ((double)at.lon - origin.lon) * scale.x_m;
        const double y1 = ((double)at.lat - origin.lat) * scale.y_m;
        const double cross = x0 * y1 - x1 * y0;

        area += cross / 2;
        x_sum += (x0 + x1) * cross / 6;
        y_sum += (y0 + y1) * cross / 6;
        x0 = x1;
        y0 = y1;
    }
    feature->area_m2 = fabs(area);
    feature->centre = roads_e7_lonlat(origin);
    if (feature->area_m2 > 0.01) {
        feature->centre.lon_deg += x_sum / area / scale.x_m / 1e7;
        feature->centre.lat_deg += y_sum / area / scale.y_m / 1e7;
    }
}

static bool keep_texts(finder *f, roads_feature *feature, const char *value,
                       const roads_element *tagged)
{
    const roads_osm *osm = f->osm;

    feature->value = keep_text(f, value);
    feature->amenity = keep_text(f, roads_osm_tag(osm, tagged,
                                                  ROADS_KEY_AMENITY));
    feature->shop = keep_text(f, roads_osm_tag(osm, tagged, ROADS_KEY_SHOP));
    return feature->value && feature->amenity && feature->shop;
}

static bool add_node(finder *f, const roads_element *node)
{
    for (int c = 0; c < ROADS_FEATURE_CLASS_COUNT; c++) {
        const char *value = value_of(f->osm, node, c);
        found item = { .feature.class = (uint8_t)c };

        if (!value)
            continue;
        item.feature.osm_id = node->id;
        item.feature.is_node = true;
        item.feature.centre = roads_e7_lonlat(f->osm->nodes[node->first].at);
        if (!keep_texts(f, &item.feature, value, node)
            || !base_array_push(f->run->mem, &f->found, item))
            return false;
    }
    return true;
}

/*
 * The ring added from `first` on, as a feature of each class that `tagged`
 * is and `way`, whose id it gets, is not by itself (NULL: all).
 */
static bool add_ring(finder *f, size_t first, const roads_element *tagged,
                     int64_t id, const roads_element *way)
{
    bool is_used = false;

    for (int c = 0; c < ROADS_FEATURE_CLASS_COUNT && is_ring(f, first); c++) {
        const char *value = value_of(f->osm, tagged, c);
        found item = { .feature.class = (uint8_t)c, .first = first,
                       .n = f->nodes.n - first };

        if (!value || (way && value_of(f->osm, way, c)))
            continue;
        item.feature.osm_id = id;
        measure_ring(f, first, &item.feature);
        if (!keep_texts(f, &item.feature, value, tagged)
            || !base_array_push(f->run->mem, &f->found, item))
            return false;
        is_used = true;
    }
    if (!is_used)
        f->nodes.n = first;
    return true;
}

/*
 * Go on from node `at`, which ends what was added so far, by an open way of
 * the relation that is not `used`; the node then arrived at, or UINT32_MAX.
 */
static uint32_t go_on(finder *f, const roads_element *relation, uint8_t *used,
                      uint32_t at, bool *no_memory)
{
    for (uint32_t m = 0; m < relation->n; m++) {
        const uint32_t number = f->osm->members[relation->first + m];
        const roads_element *way;
        bool is_reversed;

        if (used[m] || number == UINT32_MAX)
            continue;
        way = &f->osm->ways[number];
        is_reversed = last_node(f->osm, way) == at;
        if (!is_reversed && first_node(f->osm, way) != at)
            continue;
        used[m] = 1;
        if (!add_nodes(f, way, is_reversed))
            *no_memory = true;
        return is_reversed ? first_node(f->osm, way)
                           : last_node(f->osm, way);
    }
    return UINT32_MAX;
}

/* Join the open outer ways of a relation, from each that is left. */
static bool add_joined(finder *f, const roads_element *relation,
                       uint8_t *used)
{
    bool no_memory = false;

    for (uint32_t m = 0; m < relation->n; m++) {
        const uint32_t number = f->osm->members[relation->first + m];
        const size_t first = f->nodes.n;
        uint32_t start, at;

        if (used[m] || number == UINT32_MAX)
            continue;
        used[m] = 1;
        start = first_node(f->osm, &f->osm->ways[number]);
        at = last_node(f->osm, &f->osm->ways[number]);
        if (!add_nodes(f, &f->osm->ways[number], false))
            return false;
        while (at != start && at != UINT32_MAX)
            at = go_on(f, relation, used, at, &no_memory);
        if (at == UINT32_MAX)
            f->nodes.n = first;
        else if (!add_ring(f, first, relation, relation->id, NULL))
            return false;
    }
    return !no_memory;
}

/* Closed outer ways keep their id; joined ones get that of the relation. */
static bool add_relation(finder *f, const roads_element *relation)
{
    uint8_t *used;
    bool good = false;

    for (int c = 0; c < ROADS_FEATURE_CLASS_COUNT; c++)
        good = good || value_of(f->osm, relation, c);
    if (!good || relation->n > MAX_MEMBERS)
        return true;
    used = base_alloc_zeroed(f->run->mem, relation->n, 1);
    good = used != NULL;
    for (uint32_t m = 0; m < relation->n && good; m++) {
        const uint32_t number = f->osm->members[relation->first + m];
        const roads_element *way = &f->osm->ways[number];
        const size_t first = f->nodes.n;

        if (number == UINT32_MAX)
            continue;
        used[m] = way->n < 2 || is_closed(f->osm, way);
        if (is_closed(f->osm, way))
            good = add_nodes(f, way, false)
                   && add_ring(f, first, relation, way->id, way);
    }
    good = good && add_joined(f, relation, used);
    base_free(f->run->mem, used);
    return good;
}

static bool find_all(finder *f)
{
    const roads_osm *osm = f->osm;

    for (size_t i = 0; i < osm->n_tagged; i++)
        if (!add_node(f, &osm->tagged[i]))
            return false;
    for (size_t i = 0; i < osm->n_ways; i++) {
        const size_t first = f->nodes.n;

        if (is_closed(osm, &osm->ways[i])
            && (!add_nodes(f, &osm->ways[i], false)
                || !add_ring(f, first, &osm->ways[i], osm->ways[i].id, NULL)))
            return false;
    }
    for (size_t i = 0; i < osm->n_relations; i++)
        if (!add_relation(f, &osm->relations[i]))
            return false;
    return true;
}

static int compare_found(const void *a, const void *b)
{
    const roads_feature *x = &((const found *)a)->feature;
    const roads_feature *y = &((const found *)b)->feature;

    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->is_node != y->is_node)
        return x->is_node ? -1 : 1;
    if (x->osm_id != y->osm_id)
        return x->osm_id < y->osm_id ? -1 : 1;
    return ((const found *)a)->first < ((const found *)b)->first ? -1 : 1;
}

static bool is_same(const found *x, const found *y)
{
    return x->feature.class == y->feature.class
           && x->feature.is_node == y->feature.is_node
           && x->feature.osm_id == y->feature.osm_id;
}

static bool has_same_points(const finder *f, const found *x, const found *y)
{
    return x->n == y->n
           && (x->n == 0
               || memcmp(f->nodes.items + x->first, f->nodes.items + y->first,
                         x->n * sizeof *f->nodes.items) == 0);
}

/*
 * Ways that several relations name are kept once; several rings joined out
 * of one relation are all kept.
 */
static void sort_found(finder *f)
{
    size_t n = 0;

    if (f->found.n > 1)
        qsort(f->found.items, f->found.n, sizeof(found), compare_found);
    for (size_t i = 0; i < f->found.n; i++) {
        const found *item = &f->found.items[i];

        if (n == 0 || !is_same(item, &f->found.items[n - 1])
            || !has_same_points(f, item, &f->found.items[n - 1]))
            f->found.items[n++] = *item;
    }
    f->found.n = n;
}

static gb_status copy_out(finder *f)
{
    roads_features *out = f->out;
    size_t n_points = 0;

    for (size_t i = 0; i < f->found.n; i++)
        n_points += f->found.items[i].n;
    if (n_points >= UINT32_MAX)
        return base_fail(f->run->ctx, GB_ERR_DATA, "the map is too large");
    out->items = base_alloc_array(f->run->mem, f->found.n, sizeof *out->items);
    out->first_point = base_alloc_array(f->run->mem, f->found.n + 1, 4);
    out->points = base_alloc_array(f->run->mem, n_points, sizeof *out->points);
    if (!out->items || !out->first_point || !out->points)
        return base_fail_nomem(f->run->ctx);
    for (size_t i = 0; i < f->found.n; i++) {
        const found *item = &f->found.items[i];

        out->items[i] = item->feature;
        out->first_point[i] = (uint32_t)out->n_points;
        out->first_of[item->feature.class + 1] = i + 1;
        for (size_t p = 0; p < item->n; p++) {
            const uint32_t node = f->nodes.items[item->first + p];

            out->points[out->n_points++] =
                roads_e7_lonlat(f->osm->nodes[node].at);
        }
    }
    out->n = f->found.n;
    out->first_point[out->n] = (uint32_t)out->n_points;
    for (int c = 1; c <= ROADS_FEATURE_CLASS_COUNT; c++)
        if (out->first_of[c] < out->first_of[c - 1])
            out->first_of[c] = out->first_of[c - 1];
    return GB_OK;
}

static void find_extent(const roads_osm *osm, roads_features *out)
{
    roads_e7 low = { 0, 0 }, high = { 0, 0 };

    for (size_t i = 0; i < osm->n_nodes; i++) {
        const roads_e7 at = osm->nodes[i].at;

        low.lon = i == 0 || at.lon < low.lon ? at.lon : low.lon;
        low.lat = i == 0 || at.lat < low.lat ? at.lat : low.lat;
        high.lon = i == 0 || at.lon > high.lon ? at.lon : high.lon;
        high.lat = i == 0 || at.lat > high.lat ? at.lat : high.lat;
    }
    out->south_west = roads_e7_lonlat(low);
    out->north_east = roads_e7_lonlat(high);
}

gb_status roads_features_read(base_run *run, const char *path,
                              roads_features *out)
{
    roads_osm osm;
    finder f = { .run = run, .osm = &osm, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->strings, run->mem);
    status = roads_osm_read(run, path, &osm);
    if (status)
        goto done;
    if (!find_all(&f)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    sort_found(&f);
    status = copy_out(&f);
    if (status)
        goto done;
    find_extent(&osm, out);
    status = roads_lines_find(run, &osm, &out->line_arrays);
    if (status)
        goto done;
    out->lines = (gb_roads_line_set){
        out->line_arrays.n, out->line_arrays.n_points,
        out->line_arrays.classes, out->line_arrays.first_point,
        out->line_arrays.points
    };

done:
    base_array_clear(run->mem, &f.found);
    base_array_clear(run->mem, &f.nodes);
    roads_osm_clear(run->mem, &osm);
    if (status)
        roads_features_clear(run->mem, out);
    return status;
}

void roads_features_clear(base_mem *mem, roads_features *features)
{
    base_free(mem, features->items);
    base_free(mem, features->first_point);
    base_free(mem, features->points);
    roads_lines_clear(mem, &features->line_arrays);
    base_arena_clear(&features->strings);
    memset(features, 0, sizeof *features);
}
