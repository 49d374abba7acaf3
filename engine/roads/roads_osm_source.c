/*
 * roads_osm_source.c - streets out of a map of OpenStreetMap: which ways are
 * any, what their tags come to, and the nodes that they use.
 */
#include <string.h>

#include "base_array.h"
#include "roads_facts.h"
#include "roads_profile.h"

typedef struct maker {
    base_run *run;
    const roads_osm *osm;
    gb_roads_report *report;
    roads_interner *interner;
    roads_profile *profile; /* the one built in: for the report */
    uint32_t *parts;        /* of each way its first roads_way; one more */
    uint32_t *number;       /* of each node; first: whether it is used */
    BASE_ARRAY(roads_way) ways;
    BASE_ARRAY(uint32_t) refs; /* nodes of the map that was read */
} maker;

/* Can any mode ever use it? */
static bool is_usable(const roads_kind *kind)
{
    for (int m = 0; m < GB_MODE_COUNT; m++)
        for (int d = 0; d < 2; d++)
            if (roads_profile_can(kind, (gb_mode)m, d))
                return true;
    return false;
}

static void count_open(const maker *k, const roads_kind *kind)
{
    for (int m = 0; m < GB_MODE_COUNT; m++)
        k->report->modes[m].open_ways +=
            roads_profile_dkmh(k->profile, kind, (gb_mode)m, 0, -1) > 0
            || roads_profile_dkmh(k->profile, kind, (gb_mode)m, 1, -1) > 0;
}

/* End the way begun at refs[first]; a single node is none. */
static bool end_way(maker *k, size_t first, roads_way way)
{
    if (k->refs.n - first < 2) {
        k->refs.n = first;
        return true;
    }
    way.first_ref = (uint32_t)first;
    way.n_refs = (uint32_t)(k->refs.n - first);
    for (size_t i = first; i < k->refs.n; i++)
        k->number[k->refs.items[i]] = 1;
    return base_array_push(k->run->mem, &k->ways, way);
}

/* A way is cut where it leaves the extract. */
static bool add_refs(maker *k, const roads_element *element, roads_way way)
{
    size_t first = k->refs.n;

    for (uint32_t i = 0; i < element->n; i++) {
        const uint32_t node = k->osm->refs[element->first + i];

        if (node == UINT32_MAX) {
            if (!end_way(k, first, way))
                return false;
            first = k->refs.n;
        } else if (k->refs.n == first
                   || k->refs.items[k->refs.n - 1] != node) {
            if (!base_array_push(k->run->mem, &k->refs, node))
                return false;
        }
    }
    return end_way(k, first, way);
}

/* False: no memory. */
static bool add_way(maker *k, const roads_element *element)
{
    const size_t before = k->ways.n;
    roads_way way = { .id = element->id };
    roads_kind kind;
    const roads_verdict verdict = roads_facts_way(k->osm, element, &kind);

    if (verdict == ROADS_NO_STREET)
        return true;
    k->report->highways++;
    if (verdict == ROADS_BAD_CLASS) {
        k->report->refused_class++;
        return true;
    }
    if (!is_usable(&kind)) {
        k->report->refused_access++;
        return true;
    }
    way.kind = roads_intern_kind(k->interner, &kind);
    way.name = roads_intern_name(
        k->interner, roads_osm_tag(k->osm, element, ROADS_KEY_NAME));
    if (way.kind == ROADS_NONE || way.name == ROADS_NONE
        || !add_refs(k, element, way))
        return false;
    if (k->ways.n == before) {
        k->report->refused_short++;
        return true;
    }
    k->report->areas += (kind.flags & ROADS_KIND_AREA) != 0;
    count_open(k, &kind);
    return true;
}

static gb_status add_ways(maker *k)
{
    for (size_t w = 0; w < k->osm->n_ways; w++) {
        gb_status status = base_poll(k->run);

        if (status)
            return status;
        k->parts[w] = (uint32_t)k->ways.n;
        if (!add_way(k, &k->osm->ways[w]))
            return base_fail_nomem(k->run->ctx);
    }
    k->parts[k->osm->n_ways] = (uint32_t)k->ways.n;
    return GB_OK;
}

/* Number the nodes that are used, in the order of their ids. */
static bool add_nodes(maker *k, roads_source *out)
{
    size_t n = 0;

    for (size_t i = 0; i < k->osm->n_nodes; i++)
        k->number[i] = k->number[i] ? (uint32_t)n++ : ROADS_NONE;
    out->n_nodes = n;
    out->nodes = base_alloc_array(k->run->mem, n, sizeof *out->nodes);
    out->node_flags = base_alloc_zeroed(k->run->mem, n, 1);
    if (!out->nodes || !out->node_flags)
        return false;
    for (size_t i = 0; i < k->osm->n_nodes; i++)
        if (k->number[i] != ROADS_NONE)
            out->nodes[k->number[i]] = k->osm->nodes[i].at;
    for (size_t i = 0; i < k->refs.n; i++)
        k->refs.items[i] = k->number[k->refs.items[i]];
    for (size_t i = 0; i < k->osm->n_tagged; i++) {
        const roads_element *tagged = &k->osm->tagged[i];
        const uint32_t node = k->number[tagged->first];

        if (node != ROADS_NONE)
            out->node_flags[node] |= roads_facts_node(k->osm, tagged);
    }
    return true;
}

/* What has been gathered becomes the source's; never NULL. */
static bool give(maker *k, roads_source *out)
{
    if (!base_array_reserve(k->run->mem, &k->ways, 1)
        || !base_array_reserve(k->run->mem, &k->refs, 1)
        || !roads_interner_give(k->interner, out))
        return false;
    out->ways = k->ways.items;
    out->n_ways = k->ways.n;
    out->refs = k->refs.items;
    out->n_refs = k->refs.n;
    memset(&k->ways, 0, sizeof k->ways);
    memset(&k->refs, 0, sizeof k->refs);
    return true;
}

static void report_read(const roads_osm *osm, gb_roads_report *report)
{
    report->nodes_read = osm->nodes_read;
    report->ways_read = osm->ways_read;
    report->relations_read = osm->relations_read;
    report->missing_nodes = osm->missing_nodes;
    report->bad_nodes = osm->bad_nodes;
    report->duplicate_elements = osm->duplicates;
}

gb_status roads_osm_source(base_run *run, const roads_osm *osm,
                           roads_source *out, gb_roads_report *report)
{
    maker k = { .run = run, .osm = osm, .report = report };
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    report_read(osm, report);
    k.interner = roads_interner_new(run->mem);
    k.profile = base_alloc(run->mem, sizeof *k.profile);
    k.parts = base_alloc_array(run->mem, osm->n_ways + 1, sizeof *k.parts);
    k.number = base_alloc_zeroed(run->mem, osm->n_nodes, sizeof *k.number);
    if (!k.interner || !k.profile || !k.parts || !k.number) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    roads_profile_default(k.profile);
    status = add_ways(&k);
    if (status)
        goto done;
    if (!add_nodes(&k, out) || !give(&k, out)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = roads_osm_bans(run, osm, k.parts, k.number, out, report);
    if (!status)
        status = roads_lines_find(run, osm, &out->lines);
    report->lines = out->lines.n;

done:
    roads_interner_free(k.interner);
    base_array_clear(run->mem, &k.ways);
    base_array_clear(run->mem, &k.refs);
    base_free(run->mem, k.profile);
    base_free(run->mem, k.parts);
    base_free(run->mem, k.number);
    return status;
}
