/*
 * roads_source.c - see roads_source.h: names of classes, and kinds and names
 * kept once each.
 */
#include "roads_source.h"

#include <string.h>

#include "base_array.h"
#include "base_check.h"

/* ---- classes ---- */

static const char *const class_names[] = {
    "motorway", "motorway_link", "trunk", "trunk_link", "primary",
    "primary_link", "secondary", "secondary_link", "tertiary",
    "tertiary_link", "unclassified", "residential", "road", "living_street",
    "service", "track", "cycleway", "path", "bridleway", "pedestrian",
    "footway", "corridor", "steps", "ferry",
};
_Static_assert(COUNT_OF(class_names) == ROADS_CLASS_COUNT, "a name a class");

const char *roads_class_name(roads_class class)
{
    return class_names[class];
}

bool roads_class_parse(const char *name, roads_class *out)
{
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        if (strcmp(name, class_names[c]) == 0) {
            *out = (roads_class)c;
            return true;
        }
    return false;
}

/* ---- the interner: open addressing, at most half full ---- */

typedef struct slots {
    uint32_t *at; /* number + 1; 0: empty */
    size_t n;     /* a power of two; 0: none yet */
} slots;

struct roads_interner {
    base_mem *mem;
    BASE_ARRAY(roads_kind) kinds;
    BASE_ARRAY(char) text;
    BASE_ARRAY(uint32_t) name_at;
    slots kind_slots, name_slots;
};

static uint64_t hash_of(const void *bytes, size_t n)
{
    const unsigned char *byte = bytes;
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ byte[i]) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

static const char *name_of(const roads_interner *interner, uint32_t name)
{
    return interner->text.items + interner->name_at.items[name];
}

static uint64_t hash_of_name(const char *name)
{
    return hash_of(name, strlen(name));
}

static void put(slots *s, uint64_t hash, uint32_t number)
{
    size_t slot = hash & (s->n - 1);

    while (s->at[slot])
        slot = (slot + 1) & (s->n - 1);
    s->at[slot] = number + 1;
}

/* Room for one more than `used`; *grew tells that all must be put again. */
static bool make_room(base_mem *mem, slots *s, size_t used, bool *grew)
{
    const size_t n = s->n ? s->n * 2 : 64;
    uint32_t *at;

    *grew = false;
    if (used * 2 < s->n)
        return true;
    at = base_alloc_zeroed(mem, n, sizeof *at);
    if (!at)
        return false;
    base_free(mem, s->at);
    *s = (slots){ at, n };
    *grew = true;
    return true;
}

static bool room_for_kind(roads_interner *t)
{
    bool grew;

    if (!make_room(t->mem, &t->kind_slots, t->kinds.n, &grew))
        return false;
    for (uint32_t k = 0; grew && k < t->kinds.n; k++)
        put(&t->kind_slots, hash_of(&t->kinds.items[k], sizeof(roads_kind)),
            k);
    return true;
}

static bool room_for_name(roads_interner *t)
{
    bool grew;

    if (!make_room(t->mem, &t->name_slots, t->name_at.n, &grew))
        return false;
    for (uint32_t i = 0; grew && i < t->name_at.n; i++)
        put(&t->name_slots, hash_of_name(name_of(t, i)), i);
    return true;
}

roads_interner *roads_interner_new(base_mem *mem)
{
    roads_interner *t = base_alloc_zeroed(mem, 1, sizeof *t);

    if (!t)
        return NULL;
    t->mem = mem;
    if (roads_intern_name(t, "") != 0) {
        roads_interner_free(t);
        return NULL;
    }
    return t;
}

void roads_interner_free(roads_interner *t)
{
    base_mem *mem;

    if (!t)
        return;
    mem = t->mem;
    base_array_clear(mem, &t->kinds);
    base_array_clear(mem, &t->text);
    base_array_clear(mem, &t->name_at);
    base_free(mem, t->kind_slots.at);
    base_free(mem, t->name_slots.at);
    base_free(mem, t);
}

uint32_t roads_intern_kind(roads_interner *t, const roads_kind *kind)
{
    const uint64_t hash = hash_of(kind, sizeof *kind);
    size_t slot;

    if (!room_for_kind(t))
        return ROADS_NONE;
    slot = hash & (t->kind_slots.n - 1);
    for (; t->kind_slots.at[slot]; slot = (slot + 1) & (t->kind_slots.n - 1)) {
        const uint32_t known = t->kind_slots.at[slot] - 1;

        if (memcmp(&t->kinds.items[known], kind, sizeof *kind) == 0)
            return known;
    }
    if (!base_array_push(t->mem, &t->kinds, *kind))
        return ROADS_NONE;
    put(&t->kind_slots, hash, (uint32_t)(t->kinds.n - 1));
    return (uint32_t)(t->kinds.n - 1);
}

uint32_t roads_intern_name(roads_interner *t, const char *name)
{
    const size_t size = name ? strlen(name) + 1 : 0;
    uint64_t hash;
    size_t slot;

    if (!name)
        return 0;
    if (!room_for_name(t))
        return ROADS_NONE;
    hash = hash_of_name(name);
    slot = hash & (t->name_slots.n - 1);
    for (; t->name_slots.at[slot]; slot = (slot + 1) & (t->name_slots.n - 1)) {
        const uint32_t known = t->name_slots.at[slot] - 1;

        if (strcmp(name_of(t, known), name) == 0)
            return known;
    }
    if (t->text.n + size >= UINT32_MAX
        || !base_array_reserve(t->mem, &t->text, size)
        || !base_array_push(t->mem, &t->name_at, (uint32_t)t->text.n))
        return ROADS_NONE;
    memcpy(t->text.items + t->text.n, name, size);
    t->text.n += size;
    put(&t->name_slots, hash, (uint32_t)(t->name_at.n - 1));
    return (uint32_t)(t->name_at.n - 1);
}

bool roads_interner_give(roads_interner *t, roads_source *source)
{
    if (!base_array_reserve(t->mem, &t->kinds, 1)) /* never NULL */
        return false;
    source->kinds = t->kinds.items;
    source->n_kinds = t->kinds.n;
    source->names = t->text.items;
    source->n_name_bytes = t->text.n;
    source->name_at = t->name_at.items;
    source->n_names = t->name_at.n;
    memset(&t->kinds, 0, sizeof t->kinds);
    memset(&t->text, 0, sizeof t->text);
    memset(&t->name_at, 0, sizeof t->name_at);
    return true;
}

/* ---- the source ---- */

void roads_source_clear(base_mem *mem, roads_source *source)
{
    base_free(mem, source->nodes);
    base_free(mem, source->node_flags);
    base_free(mem, source->ways);
    base_free(mem, source->refs);
    base_free(mem, source->kinds);
    base_free(mem, source->names);
    base_free(mem, source->name_at);
    base_free(mem, source->bans);
    base_free(mem, source->via_ways);
    roads_lines_clear(mem, &source->lines);
    memset(source, 0, sizeof *source);
}
