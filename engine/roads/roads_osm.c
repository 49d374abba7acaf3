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

/* In the order of roads_key, which is that of the names. */
static const char *const key_names[ROADS_KEY_COUNT] = {
    "access", "amenity", "area", "barrier", "bicycle", "boundary", "bridge",
    "building", "crossing", "cycleway", "cycleway:both", "cycleway:left",
    "cycleway:right", "except", "foot", "highway", "junction", "landuse",
    "maxspeed", "maxspeed:backward", "maxspeed:forward", "motor_vehicle",
    "motorcar", "motorroad", "name", "oneway", "oneway:bicycle", "place",
    "railway", "restriction", "restriction:bicycle",
    "restriction:motor_vehicle", "restriction:motorcar", "route", "shop",
    "tunnel", "type", "vehicle", "waterway",
};

#define BIT(key) (UINT64_C(1) << ROADS_KEY_##key)

/* A node by itself is something only with one of these; see is_signal. */
static const uint64_t node_keys =
    BIT(BARRIER) | BIT(AMENITY) | BIT(PLACE) | BIT(BUILDING);

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
    BASE_ARRAY(roads_element) restrictions;
    BASE_ARRAY(int64_t) refs;    /* ids of nodes */
    BASE_ARRAY(int64_t) members; /* ids of ways */
    BASE_ARRAY(roads_turn_member) turn_members;
    BASE_ARRAY(int64_t) turn_ids; /* of turn_members */
    BASE_ARRAY(int64_t) tagged_ids;
    BASE_ARRAY(roads_tag) tags;
    const char **values; /* every value once: a table of n_slots */
    size_t n_values, n_slots;
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
    int low = 0, high = ROADS_KEY_COUNT;

    while (low < high) {
        const int middle = (low + high) / 2;
        const int order = strcmp(key_names[middle], name);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* FNV-1a. */
static size_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 29);
}

/* The slot of a value, or the empty one where it belongs. */
static size_t slot_of(const char *const *values, size_t n_slots,
                      const char *value)
{
    size_t slot = hash_of(value) & (n_slots - 1);

    while (values[slot] && strcmp(values[slot], value) != 0)
        slot = (slot + 1) & (n_slots - 1);
    return slot;
}

static bool grow_values(reader *r)
{
    const size_t n = r->n_slots ? r->n_slots * 2 : 256;
    const char **grown =
        base_alloc_zeroed(r->run->mem, n, sizeof *grown);

    if (!grown)
        return false;
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->values[i])
            grown[slot_of(grown, n, r->values[i])] = r->values[i];
    base_free(r->run->mem, r->values);
    r->values = grown;
    r->n_slots = n;
    return true;
}

/* The value as a string that lives as long as the map; NULL: no memory. */
static const char *keep_value(reader *r, const char *value)
{
    size_t slot, size;
    char *copy;

    if (r->n_values * 2 >= r->n_slots && !grow_values(r))
        return NULL;
    slot = slot_of(r->values, r->n_slots, value);
    if (r->values[slot])
        return r->values[slot];
    size = strlen(value) + 1;
    copy = base_arena_alloc(&r->osm->strings, 1, size);
    if (!copy)
        return NULL;
    memcpy(copy, value, size);
    r->values[slot] = copy;
    r->n_values++;
    return copy;
}

/* Keep the tags of an element; false means no memory. */
static bool take_tags(reader *r, const readosm_tag *tags, int n,
                      roads_element *element, uint64_t *keys)
{
    *keys = 0;
    element->first_tag = (uint32_t)r->tags.n;
    for (int i = 0; i < n; i++) {
        const int key = find_key(tags[i].key);
        const char *value;

        if (key < 0 || (*keys >> key & 1))
            continue;
        value = keep_value(r, tags[i].value);
        if (!value
            || !base_array_push(r->run->mem, &r->tags,
                                ((roads_tag){ value, (uint8_t)key })))
            return false;
        *keys |= UINT64_C(1) << key;
    }
    element->n_tags = (uint32_t)r->tags.n - element->first_tag;
    return true;
}

static const char *value_of(const readosm_tag *tags, int n, roads_key key)
{
    for (int i = 0; i < n; i++)
        if (strcmp(tags[i].key, key_names[key]) == 0)
            return tags[i].value;
    return "";
}

static bool is_signal(const readosm_node *node)
{
    static const char signals[] = "traffic_signals";

    return strcmp(value_of(node->tags, node->tag_count, ROADS_KEY_HIGHWAY),
                  signals) == 0
           || strcmp(value_of(node->tags, node->tag_count,
                              ROADS_KEY_CROSSING), signals) == 0;
}

/* Most tags are of nodes that nobody asks for: look before keeping. */
static bool is_wanted(const readosm_node *node)
{
    for (int i = 0; i < node->tag_count; i++) {
        const int key = find_key(node->tags[i].key);

        if (key >= 0 && (node_keys >> key & 1))
            return true;
    }
    return node->tag_count > 0 && is_signal(node);
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
    uint64_t keys;

    if (!begin(r, "node", node->id))
        return stop(r, r->status);
    r->osm->nodes_read++;
    if (!is_on_globe(node->longitude, node->latitude)) {
        r->osm->bad_nodes++;
        return READOSM_OK;
    }
    kept.at = (roads_e7){ to_e7(node->longitude), to_e7(node->latitude) };
    if (!base_array_push(r->run->mem, &r->nodes, kept))
        return stop_nomem(r);
    if (is_wanted(node)
        && (!take_tags(r, node->tags, node->tag_count, &element, &keys)
            || !base_array_push(r->run->mem, &r->tagged, element)
            || !base_array_push(r->run->mem, &r->tagged_ids, node->id)))
        return stop_nomem(r);
    return READOSM_OK;
}

static int on_way(const void *user, const readosm_way *way)
{
    reader *r = *(reader *const *)user;
    const size_t n = way->node_ref_count > 0 ? (size_t)way->node_ref_count : 0;
    roads_element element = { .id = way->id, .n = (uint32_t)n };
    uint64_t keys;

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

/* False: no memory. */
static bool take_outer_ways(reader *r, const readosm_relation *relation,
                            roads_element *element)
{
    element->first = (uint32_t)r->members.n;
    for (int i = 0; i < relation->member_count; i++)
        if (is_outer_way(&relation->members[i])
            && !base_array_push(r->run->mem, &r->members,
                                relation->members[i].id))
            return false;
    element->n = (uint32_t)(r->members.n - element->first);
    return base_array_push(r->run->mem, &r->relations, *element);
}

static int role_of(const readosm_member *member)
{
    static const char *const roles[] = { "from", "via", "to" };

    for (int i = 0; member->role && i < 3; i++)
        if (strcmp(member->role, roles[i]) == 0)
            return i;
    return -1;
}

/* Members of another role ("location_hint") say nothing.  False: no memory. */
static bool take_turn(reader *r, const readosm_relation *relation,
                      roads_element *element)
{
    element->first = (uint32_t)r->turn_members.n;
    for (int i = 0; i < relation->member_count; i++) {
        const readosm_member *member = &relation->members[i];
        const int role = role_of(member);
        const bool is_node = member->member_type == READOSM_MEMBER_NODE;

        if (role < 0
            || (!is_node && member->member_type != READOSM_MEMBER_WAY))
            continue;
        if (!base_array_push(r->run->mem, &r->turn_members,
                             ((roads_turn_member){ UINT32_MAX, (uint8_t)role,
                                                   is_node }))
            || !base_array_push(r->run->mem, &r->turn_ids, member->id))
            return false;
    }
    element->n = (uint32_t)(r->turn_members.n - element->first);
    return base_array_push(r->run->mem, &r->restrictions, *element);
}

static int on_relation(const void *user, const readosm_relation *relation)
{
    static const uint64_t areas =
        BIT(BOUNDARY) | BIT(LANDUSE) | BIT(BUILDING);
    static const uint64_t turns =
        BIT(RESTRICTION) | BIT(RESTRICTION_BICYCLE)
        | BIT(RESTRICTION_MOTOR_VEHICLE) | BIT(RESTRICTION_MOTORCAR);
    reader *r = *(reader *const *)user;
    roads_element element = { .id = relation->id };
    uint64_t keys;
    bool good = true;

    if (!begin(r, "relation", relation->id))
        return stop(r, r->status);
    r->osm->relations_read++;
    if (!take_tags(r, relation->tags, relation->tag_count, &element, &keys))
        return stop_nomem(r);
    if ((keys & turns)
        && strcmp(value_of(relation->tags, relation->tag_count,
                           ROADS_KEY_TYPE), "restriction") == 0)
        good = take_turn(r, relation, &element);
    else if (keys & areas)
        good = take_outer_ways(r, relation, &element);
    else
        r->tags.n = element.first_tag;
    return good ? READOSM_OK : stop_nomem(r);
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

static uint32_t find_node(const roads_node *nodes, size_t n, int64_t id)
{
    size_t low = 0, high = n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (nodes[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && nodes[low].id == id ? (uint32_t)low : UINT32_MAX;
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
        osm->refs[i] = find_node(r->nodes.items, r->nodes.n,
                                 r->refs.items[i]);
        if (osm->refs[i] == UINT32_MAX)
            osm->missing_nodes++;
        else
            number[osm->refs[i]] = 1;
    }
    for (size_t i = 0; i < r->tagged.n; i++) {
        r->tagged.items[i].first = find_node(r->nodes.items, r->nodes.n,
                                             r->tagged_ids.items[i]);
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

/* When nodes and ways have their final numbers. */
static void resolve_turns(reader *r)
{
    roads_osm *osm = r->osm;

    GIVE(osm->restrictions, osm->n_restrictions, r->restrictions);
    GIVE(osm->turn_members, osm->n_turn_members, r->turn_members);
    osm->n_restrictions = sort_elements(osm->restrictions,
                                        osm->n_restrictions,
                                        &osm->duplicates);
    for (size_t i = 0; i < osm->n_turn_members; i++) {
        const int64_t id = r->turn_ids.items[i];
        roads_turn_member *member = &osm->turn_members[i];

        member->at = member->is_node
                         ? find_node(osm->nodes, osm->n_nodes, id)
                         : find_way(osm, id);
    }
}

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
    resolve_turns(r);
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
    base_array_clear(mem, &r->restrictions);
    base_array_clear(mem, &r->turn_members);
    base_array_clear(mem, &r->turn_ids);
    base_free(mem, r->values);
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
    base_free(mem, osm->restrictions);
    base_free(mem, osm->turn_members);
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
