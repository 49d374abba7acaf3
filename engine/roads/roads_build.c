/*
 * roads_build.c - see roads_build.h.
 */
#include "roads_build.h"

#include <string.h>

#include "roads_file.h"
#include "roads_network.h"

typedef struct judgement {
    roads_rule *rules; /* of each way */
    uint8_t *stops;    /* of each node */
} judgement;

/* Nodes of a way that are there. */
static uint32_t known_nodes(const roads_osm *osm, const roads_element *way)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < way->n; i++)
        n += osm->refs[way->first + i] != ROADS_NONE;
    return n;
}

static void judge_way(const roads_osm *osm, const roads_element *way,
                      const gb_roads_options *options, roads_rule *rule,
                      gb_roads_report *report)
{
    const roads_verdict verdict = roads_profile_way(osm, way, options, rule);

    if (verdict == ROADS_NO_STREET)
        return;
    report->highways++;
    report->refused_class += verdict == ROADS_BAD_CLASS;
    report->refused_access += verdict == ROADS_CLOSED;
    if (verdict != ROADS_OPEN)
        return;
    if (known_nodes(osm, way) < 2) {
        report->refused_short++;
        memset(rule, 0, sizeof *rule);
        return;
    }
    report->areas += roads_osm_tag_is(osm, way, ROADS_KEY_AREA, "yes");
    for (int m = 0; m < GB_MODE_COUNT; m++)
        report->modes[m].open_ways +=
            rule->speed_dkmh[m][0] || rule->speed_dkmh[m][1];
}

static gb_status judge(base_run *run, const roads_osm *osm,
                       const gb_roads_options *options, judgement *out,
                       gb_roads_report *report)
{
    out->rules = base_alloc_array(run->mem, osm->n_ways, sizeof *out->rules);
    out->stops = base_alloc_zeroed(run->mem, osm->n_nodes, 1);
    if (!out->rules || !out->stops)
        return base_fail_nomem(run->ctx);
    for (size_t w = 0; w < osm->n_ways; w++)
        judge_way(osm, &osm->ways[w], options, &out->rules[w], report);
    for (size_t i = 0; i < osm->n_tagged; i++)
        out->stops[osm->tagged[i].first] |=
            roads_profile_node(osm, &osm->tagged[i]);
    return GB_OK;
}

static gb_status connect(base_run *run, const roads_osm *osm,
                         const judgement *judged, const char *path,
                         roads_built modes[GB_MODE_COUNT],
                         gb_roads_report *report)
{
    size_t n_links = 0;

    for (int m = 0; m < GB_MODE_COUNT; m++) {
        gb_roads_mode_report *told = &report->modes[m];
        gb_status status = roads_network_build(run, osm, judged->rules,
                                               judged->stops, m, &modes[m]);

        if (status)
            return status;
        told->nodes = modes[m].view.n_nodes;
        told->links = modes[m].view.n_links;
        told->arcs = modes[m].view.n_arcs;
        told->parts = modes[m].n_parts;
        told->open_m = modes[m].view.open_cm / 100;
        told->routable_m = modes[m].view.routable_cm / 100;
        n_links += modes[m].view.n_links;
    }
    return n_links ? GB_OK
                   : base_fail(run->ctx, GB_ERR_DATA,
                               "%s: no street in it that any mode can use",
                               path);
}

gb_status roads_build(base_run *run, const char *osm_path,
                      const char *out_path, const gb_roads_options *options,
                      gb_roads_report *report)
{
    roads_osm osm;
    roads_lines lines = { 0 };
    roads_built modes[GB_MODE_COUNT];
    judgement judged = { 0 };
    gb_status status;

    memset(modes, 0, sizeof modes);
    base_run_phase(run, GB_N("reading the map"), 0.0, 0.5, 0);
    status = roads_osm_read(run, osm_path, &osm);
    if (status)
        goto done;
    report->nodes_read = osm.nodes_read;
    report->ways_read = osm.ways_read;
    report->relations_read = osm.relations_read;
    report->missing_nodes = osm.missing_nodes;
    report->bad_nodes = osm.bad_nodes;
    report->duplicate_elements = osm.duplicates;
    base_run_phase(run, GB_N("connecting streets"), 0.5, 0.9, 0);
    status = judge(run, &osm, options, &judged, report);
    if (!status)
        status = connect(run, &osm, &judged, osm_path, modes, report);
    if (!status)
        status = roads_lines_find(run, &osm, &lines);
    if (status)
        goto done;
    report->lines = lines.n;
    base_run_phase(run, GB_N("writing the road index"), 0.9, 1.0, 0);
    status = roads_file_write(run, out_path, modes, &lines, options,
                              &report->file_bytes);

done:
    for (int m = 0; m < GB_MODE_COUNT; m++)
        roads_network_clear(run->mem, &modes[m]);
    roads_lines_clear(run->mem, &lines);
    base_free(run->mem, judged.rules);
    base_free(run->mem, judged.stops);
    roads_osm_clear(run->mem, &osm);
    return status;
}
