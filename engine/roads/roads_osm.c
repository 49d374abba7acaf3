/*
 * roads_osm.c - a map by libreadosm into plain arrays.
 *
 * libreadosm calls back element by element.  A callback that asks it to stop
 * makes it lose its XML parser, so after a fault the rest of an .osm is let
 * run past; a .pbf is stopped.
 */
#define _GNU_SOURCE /* newlocale */
#include "roads_osm.h"

#include <errno.h>
#include <locale.h>
#include <readosm.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base_array.h"
#include "roads_osm_check.h"

/* In the order of roads_key. */
static const char *const key_names[ROADS_KEY_COUNT] = {
    "highway", "route", "access", "vehicle", "motor_vehicle", "motorcar",
    "bicycle", "foot", "oneway", "oneway:bicycle", "cycleway", "junction",
    "maxspeed", "area", "tunnel", "barrier", "railway", "waterway",
    "boundary", "building", "amenity", "shop", "landuse", "place", "type",
};

/* A node by itself is something only with one of these. */
static const uint32_t node_keys =
    1u << ROADS_KEY_BARRIER | 1u << ROADS_KEY_AMENITY
    | 1u << ROADS_KEY_PLACE | 1u << ROADS_KEY_BUILDING;

typedef struct reader {
    base_run *run;
    roads_osm *osm; /* counters and strings */
    bool is_xml;
    gb_status status;
    int64_t last_id; /* of the last element; for messages */
    const char *last_kind;
    BASE_ARRAY(roads_node) nodes;
    BASE_ARRAY(roads_element) ways;
    BASE_ARRAY(roads_element) relations;
    BASE_ARRAY(roads_element) tagged;
    BASE_ARRAY(int64_t) refs;    /* ids of nodes */
    BASE_ARRAY(int64_t) members; /* ids of ways */
    BASE_ARRAY(int64_t) tagged_ids;
    BASE_ARRAY(roads_tag) tags;
} reader;

static int stop(reader *r, gb_status status)
{
    if (!r->status)
        r->status = status;
    return r->is_xml ? READOSM_OK : READOSM_ABORT;
}

static int stop_nomem(reader *r)
{
    return stop(r, base_fail_nomem(r->run->ctx));
}

/* Note an element and look whether to go on. */
static bool begin(reader *r, const char *kind, int64_t id)
{
    if (r->status)
        return false;
    r->last_kind = kind;
    r->last_id = id;
    r->status = base_poll(r->run);
    return r->status == GB_OK;
}

static int find_key(const char *name)
{
    for (int k = 0; k < ROADS_KEY_COUNT; k++)
        if (strcmp(name, key_names[k]) == 0)
            return k;
    return -1;
}

/* Keep the tags of an element; false means no memory. */
static bool take_tags(reader *r, const readosm_tag *tags, int n,
                      roads_element *element, uint32_t *keys)
{
    *keys = 0;
    element->first_tag = (uint32_t)r->tags.n;
    for (int i = 0; i < n; i++) {
        const int key = find_key(tags[i].key);
        const size_t size = strlen(tags[i].value) + 1;
        char *copy;

        if (key < 0 || (*keys >> key & 1))
            continue;
        copy = base_arena_alloc(&r->osm->strings, 1, size);
        if (!copy
            || !base_array_push(r->run->mem, &r->tags,
                                ((roads_tag){ copy, (uint8_t)key })))
            return false;
        memcpy(copy, tags[i].value, size);
        *keys |= 1u << key;
    }
    element->n_tags = (uint32_t)r->tags.n - element->first_tag;
    return true;
}

static bool is_on_globe(double lon, double lat)
{
    return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90;
}

static int32_t to_e7(double degrees)
{
    const double e7 = degrees * 1e7;

    return (int32_t)(e7 < 0 ? e7 - 0.5 : e7 + 0.5);
}

static int on_node(const void *user, const readosm_node *node)
{
    reader *r = *(reader *const *)user;
    roads_element element = { .id = node->id, .n = 1 };
    roads_node kept = { .id = node->id };
    uint32_t keys;

    if (!begin(r, "node", node->id))
        return stop(r, r->status);
    r->osm->nodes_read++;
    if (!is_on_globe(node->longitude, node->latitude)) {
        r->osm->bad_nodes++;
        return READOSM_OK;
    }
    kept.at = (roads_e7){ to_e7(node->longitude), to_e7(node->latitude) };
    if (!base_array_push(r->run->mem, &r->nodes, kept)
        || !take_tags(r, node->tags, node->tag_count, &element, &keys))
        return stop_nomem(r);
    if (!(keys & node_keys))
        r->tags.n = element.first_tag; /* and its strings stay, few */
    else if (!base_array_push(r->run->mem, &r->tagged, element)
             || !base_array_push(r->run->mem, &r->tagged_ids, node->id))
        return stop_nomem(r);
    return READOSM_OK;
}

static int on_way(const void *user, const readosm_way *way)
{
    reader *r = *(reader *const *)user;
    const size_t n = way->node_ref_count > 0 ? (size_t)way->node_ref_count : 0;
    roads_element element = { .id = way->id, .n = (uint32_t)n };
    uint32_t keys;

    if (!begin(r, "way", way->id))
        return stop(r, r->status);
    r->osm->ways_read++;
    if (r->refs.n + n >= UINT32_MAX)
        return stop(r, base_fail(r->run->ctx, GB_ERR_DATA,
                                 "way %lld: the map is too large",
                                 (long long)way->id));
    element.first = (uint32_t)r->refs.n;
    if (!take_tags(r, way->tags, way->tag_count, &element, &keys)
        || !base_array_reserve(r->run->mem, &r->refs, n)
        || !base_array_push(r->run->mem, &r->ways, element))
        return stop_nomem(r);
    for (size_t i = 0; i < n; i++)
        r->refs.items[r->refs.n++] = way->node_refs[i];
    return READOSM_OK;
}

static bool is_outer_way(const readosm_member *member)
{
    return member->member_type == READOSM_MEMBER_WAY && member->role
           && (member->role[0] == '\0' || strcmp(member->role, "outer") == 0);
}

static int on_relation(const void *user, const readosm_relation *relation)
{
    reader *r = *(reader *const *)user;
    roads_element element = { .id = relation->id };
    uint32_t keys;

    if (!begin(r, "relation", relation->id))
        return stop(r, r->status);
    r->osm->relations_read++;
    element.first = (uint32_t)r->members.n;
    if (!take_tags(r, relation->tags, relation->tag_count, &element, &keys))
        return stop_nomem(r);
    if (!(keys & (1u << ROADS_KEY_BOUNDARY | 1u << ROADS_KEY_LANDUSE
                  | 1u << ROADS_KEY_BUILDING))) {
        r->tags.n = element.first_tag;
        return READOSM_OK;
    }
    for (int i = 0; i < relation->member_count; i++)
        if (is_outer_way(&relation->members[i])
            && !base_array_push(r->run->mem, &r->members,
                                relation->members[i].id))
            return stop_nomem(r);
    element.n = (uint32_t)(r->members.n - element.first);
    if (!base_array_push(r->run->mem, &r->relations, element))
        return stop_nomem(r);
    return READOSM_OK;
}

/* ---- sorting and finding ---- */

static int compare_nodes(const void *a, const void *b)
{
    const roads_node *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->at.lon != y->at.lon)
        return x->at.lon < y->at.lon ? -1 : 1;
    return x->at.lat < y->at.lat ? -1 : x->at.lat > y->at.lat;
}

/* Of one id the earlier one in the file comes first: its tags or refs do. */
static int compare_elements(const void *a, const void *b)
{
    const roads_element *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->first_tag < y->first_tag ? -1 : x->first_tag > y->first_tag;
}

static void sort_nodes(reader *r)
{
    size_t n = 0;

    for (size_t i = 1; i < r->nodes.n; i++)
        if (r->nodes.items[i - 1].id >= r->nodes.items[i].id) {
            qsort(r->nodes.items, r->nodes.n, sizeof(roads_node),
                  compare_nodes);
            break;
        }
    for (size_t i = 0; i < r->nodes.n; i++)
        if (n == 0 || r->nodes.items[n - 1].id != r->nodes.items[i].id)
            r->nodes.items[n++] = r->nodes.items[i];
    r->osm->duplicates += r->nodes.n - n;
    r->nodes.n = n;
}

static size_t sort_elements(roads_element *items, size_t n,
                            uint64_t *duplicates)
{
    size_t kept = 0;

    if (n > 1)
        qsort(items, n, sizeof *items, compare_elements);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || items[kept - 1].id != items[i].id)
            items[kept++] = items[i];
    *duplicates += n - kept;
    return kept;
}

static uint32_t find_node(const reader *r, int64_t id)
{
    size_t low = 0, high = r->nodes.n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (r->nodes.items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->nodes.n && r->nodes.items[low].id == id ? (uint32_t)low
                                                            : UINT32_MAX;
}

static uint32_t find_way(const roads_osm *osm, int64_t id)
{
    size_t low = 0, high = osm->n_ways;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (osm->ways[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < osm->n_ways && osm->ways[low].id == id ? (uint32_t)low
                                                        : UINT32_MAX;
}

/* Ids to numbers; nodes that nothing refers to are dropped. */
static gb_status resolve_nodes(reader *r)
{
    roads_osm *osm = r->osm;
    uint32_t *number = base_alloc_array(r->run->mem, r->nodes.n + 1, 4);
    size_t n = 0;

    osm->refs = base_alloc_array(r->run->mem, r->refs.n, 4);
    if (!osm->refs || !number) {
        base_free(r->run->mem, number);
        return base_fail_nomem(r->run->ctx);
    }
    memset(number, 0, (r->nodes.n + 1) * 4);
    for (size_t i = 0; i < r->refs.n; i++) {
        osm->refs[i] = find_node(r, r->refs.items[i]);
        if (osm->refs[i] == UINT32_MAX)
            osm->missing_nodes++;
        else
            number[osm->refs[i]] = 1;
    }
    for (size_t i = 0; i < r->tagged.n; i++) {
        r->tagged.items[i].first = find_node(r, r->tagged_ids.items[i]);
        number[r->tagged.items[i].first] = 1;
    }
    for (size_t i = 0; i < r->nodes.n; i++)
        if (number[i]) {
            number[i] = (uint32_t)n;
            r->nodes.items[n++] = r->nodes.items[i];
        }
    for (size_t i = 0; i < r->refs.n; i++)
        if (osm->refs[i] != UINT32_MAX)
            osm->refs[i] = number[osm->refs[i]];
    for (size_t i = 0; i < r->tagged.n; i++)
        r->tagged.items[i].first = number[r->tagged.items[i].first];
    r->nodes.n = n;
    osm->n_refs = r->refs.n;
    base_free(r->run->mem, number);
    return GB_OK;
}

/* Hand an array over. */
#define GIVE(to, n_to, array)                                                 \
    ((to) = (array).items, (n_to) = (array).n, (array).items = NULL,          \
     (array).n = (array).capacity = 0)

static gb_status finish(reader *r)
{
    roads_osm *osm = r->osm;
    gb_status status;

    sort_nodes(r);
    status = resolve_nodes(r);
    if (status)
        return status;
    GIVE(osm->nodes, osm->n_nodes, r->nodes);
    GIVE(osm->ways, osm->n_ways, r->ways);
    GIVE(osm->relations, osm->n_relations, r->relations);
    GIVE(osm->tagged, osm->n_tagged, r->tagged);
    GIVE(osm->tags, osm->n_tags, r->tags);
    osm->n_ways = sort_elements(osm->ways, osm->n_ways, &osm->duplicates);
    osm->n_relations = sort_elements(osm->relations, osm->n_relations,
                                     &osm->duplicates);
    /* A node that comes twice has been counted already. */
    osm->n_tagged = sort_elements(osm->tagged, osm->n_tagged, &(uint64_t){ 0 });
    osm->members = base_alloc_array(r->run->mem, r->members.n, 4);
    if (!osm->members)
        return base_fail_nomem(r->run->ctx);
    osm->n_members = r->members.n;
    for (size_t i = 0; i < osm->n_members; i++)
        osm->members[i] = find_way(osm, r->members.items[i]);
    return GB_OK;
}

/* ---- the file ---- */

static bool ends_in(const char *path, const char *end)
{
    const size_t n = strlen(path), m = strlen(end);

    return n >= m && strcasecmp(path + n - m, end) == 0;
}

static gb_status parse(reader *r, const char *path)
{
    gb_context *ctx = r->run->ctx;
    reader *const *user = &r;
    const void *handle = NULL;
    /* libreadosm reads 9.5 with the locale's decimal point. */
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), before;
    gb_status status;
    int code;

    if (plain == (locale_t)0)
        return base_fail_nomem(ctx);
    before = uselocale(plain);
    code = readosm_open(path, &handle);
    if (code == READOSM_OK)
        code = readosm_parse(handle, user, on_node, on_way, on_relation);
    if (handle)
        readosm_close(handle);
    uselocale(before);
    freelocale(plain);
    if (r->status)
        return r->status;
    switch (code) {
    case READOSM_OK:
        return GB_OK;
    case READOSM_INSUFFICIENT_MEMORY:
    case READOSM_CREATE_XML_PARSER_ERROR:
        return base_fail_nomem(ctx);
    case READOSM_FILE_NOT_FOUND:
    case READOSM_READ_ERROR:
        return base_fail(ctx, GB_ERR_IO, "%s: cannot be read: %s", path,
                         strerror(errno));
    default:
        status = GB_ERR_PARSE;
        return r->last_kind
                   ? base_fail(ctx, status,
                               "%s: damaged behind %s %lld (libreadosm: %d)",
                               path, r->last_kind, (long long)r->last_id, code)
                   : base_fail(ctx, status,
                               "%s: damaged at its beginning "
                               "(libreadosm: %d)", path, code);
    }
}

static void clear_reader(reader *r)
{
    base_mem *mem = r->run->mem;

    base_array_clear(mem, &r->nodes);
    base_array_clear(mem, &r->ways);
    base_array_clear(mem, &r->relations);
    base_array_clear(mem, &r->tagged);
    base_array_clear(mem, &r->refs);
    base_array_clear(mem, &r->members);
    base_array_clear(mem, &r->tagged_ids);
    base_array_clear(mem, &r->tags);
}

gb_status roads_osm_read(base_run *run, const char *path, roads_osm *out)
{
    reader r = { .run = run, .osm = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->strings, run->mem);
    r.is_xml = ends_in(path, ".osm");
    if (!r.is_xml && !ends_in(path, ".pbf"))
        return base_fail(run->ctx, GB_ERR_ARGUMENT,
                         "%s: the name of a map ends in .osm or .pbf", path);
    status = r.is_xml ? roads_xml_check(run, path)
                      : roads_pbf_check(run, path);
    if (!status)
        status = parse(&r, path);
    if (!status)
        status = finish(&r);
    clear_reader(&r);
    return status;
}

void roads_osm_clear(base_mem *mem, roads_osm *osm)
{
    base_free(mem, osm->nodes);
    base_free(mem, osm->ways);
    base_free(mem, osm->relations);
    base_free(mem, osm->tagged);
    base_free(mem, osm->refs);
    base_free(mem, osm->members);
    base_free(mem, osm->tags);
    base_arena_clear(&osm->strings);
    memset(osm, 0, sizeof *osm);
}

const char *roads_osm_tag(const roads_osm *osm, const roads_element *element,
                          roads_key key)
{
    for (uint32_t i = 0; i < element->n_tags; i++)
        if (osm->tags[element->first_tag + i].key == key)
            return osm->tags[element->first_tag + i].value;
    return NULL;
}

bool roads_osm_tag_is(const roads_osm *osm, const roads_element *element,
                      roads_key key, const char *value)
{
    const char *found = roads_osm_tag(osm, element, key);

    return found && strcmp(found, value) == 0;
}
