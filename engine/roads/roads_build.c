/*
 * roads_build.c - see roads_build.h.
 */
#include "roads_build.h"

#include <string.h>

#include "roads_file.h"
#include "roads_links.h"

/*
 * How much a link counts in a cut: the streets of it that some mode may
 * travel, for as many states or arcs would lie on the cut.
 */
static gb_status dissect(base_run *run, const roads_map *map,
                         roads_dissection *out)
{
    uint8_t *weight = base_alloc_zeroed(run->mem, map->n_links, 1);
    gb_status status;

    if (!weight)
        return base_fail_nomem(run->ctx);
    for (size_t l = 0; l < map->n_links; l++)
        for (int m = 0; m < GB_MODE_COUNT; m++)
            for (int d = 0; d < 2; d++)
                weight[l] += roads_profile_can(
                    &map->kinds[map->links[l].kind], (gb_mode)m, d);
    status = roads_dissect(run, map, weight, out);
    base_free(run->mem, weight);
    return status;
}

static void tell_mode(gb_roads_mode_report *told, const roads_mode *mode,
                      size_t n_links)
{
    told->nodes = mode->states.n_states;
    told->arcs = mode->states.n_arcs;
    told->links = mode->metric.n_routable;
    told->edges = mode->hierarchy.up.n + mode->hierarchy.down.n;
    told->open_m = mode->metric.open_cm / 100;
    told->routable_m = mode->metric.routable_cm / 100;
    for (size_t l = 0; l < n_links; l++)
        told->ends += mode->states.ends[l] && roads_use_link(mode->metric.use,
                                                             (uint32_t)l);
}

static gb_status assemble_mode(base_run *run, roads_built *b,
                               const roads_dissection *cuts, gb_mode mode)
{
    gb_roads *roads = &b->roads;
    roads_mode *m = &roads->modes[mode];
    gb_status status =
        roads_states_build(run, &roads->map, &roads->profile, mode, cuts,
                           &b->states[mode]);

    m->states = b->states[mode].view;
    m->band = -1;
    if (!status)
        status = roads_hierarchy_build(run, &m->states,
                                       &b->hierarchies[mode]);
    m->hierarchy = b->hierarchies[mode].view;
    if (!status)
        status = roads_metric_weigh(run, &roads->map, &m->states,
                                    &roads->profile, mode, m->band,
                                    &b->metrics[mode]);
    if (!status)
        status = roads_metric_customise(run, &m->states, &m->hierarchy,
                                        &b->metrics[mode]);
    m->metric = b->metrics[mode].view;
    return status;
}

gb_status roads_assemble(base_run *run, roads_source *source,
                         const roads_profile *profile, roads_built *out,
                         gb_roads_report *report)
{
    roads_dissection cuts = { 0 };
    gb_status status;

    memset(out, 0, sizeof *out);
    out->roads.profile = *profile;
    out->roads.mem = run->mem;
    base_run_phase(run, GB_N("connecting streets"), 0.3, 0.4, 0);
    status = roads_map_build(run, source, &out->map, report);
    out->roads.map = out->map.view;
    out->lines = source->lines;
    memset(&source->lines, 0, sizeof source->lines);
    roads_source_clear(run->mem, source);
    if (status)
        return status;
    out->roads.lines = (gb_roads_line_set){ out->lines.n, out->lines.n_points,
                                            out->lines.classes,
                                            out->lines.first_point,
                                            out->lines.points };
    report->lines = out->lines.n;
    report->links = out->roads.map.n_links;
    report->names = out->roads.map.n_names - (out->roads.map.n_names > 0);
    report->restrictions = out->roads.map.n_bans;
    base_run_phase(run, GB_N("cutting the city"), 0.4, 0.6, 0);
    status = dissect(run, &out->roads.map, &cuts);
    base_run_phase(run, GB_N("building the hierarchy"), 0.6, 0.95, 0);
    for (int m = 0; m < GB_MODE_COUNT && !status; m++) {
        status = assemble_mode(run, out, &cuts, (gb_mode)m);
        if (!status)
            tell_mode(&report->modes[m], &out->roads.modes[m],
                      out->roads.map.n_links);
    }
    roads_dissection_clear(run->mem, &cuts);
    return status;
}

void roads_built_clear(base_mem *mem, roads_built *built)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        roads_metric_clear(mem, &built->metrics[m]);
        roads_hierarchy_clear(mem, &built->hierarchies[m]);
        roads_states_clear(mem, &built->states[m]);
    }
    roads_map_clear(mem, &built->map);
    roads_lines_clear(mem, &built->lines);
    memset(built, 0, sizeof *built);
}

/* From the source, whichever it is, to the file; `path` is for messages. */
static gb_status finish(base_run *run, roads_source *source, const char *path,
                        const char *out_path, const roads_profile *profile,
                        gb_roads_report *report)
{
    roads_built built;
    gb_status status;

    if (source->n_ways == 0) {
        memset(&built, 0, sizeof built);
        status = base_fail(run->ctx, GB_ERR_DATA,
                           "%s: no street in it that any mode can use", path);
    } else {
        status = roads_assemble(run, source, profile, &built, report);
    }
    base_run_phase(run, GB_N("writing the road index"), 0.95, 1.0, 0);
    if (!status)
        status = roads_file_write(run, out_path, &built.roads);
    report->file_bytes = built.roads.n_bytes;
    roads_built_clear(run->mem, &built);
    return status;
}

gb_status roads_build_osm(base_run *run, const char *osm_path,
                          const char *out_path, const roads_profile *profile,
                          gb_roads_report *report)
{
    roads_osm osm;
    roads_source source;
    gb_status status;

    memset(&source, 0, sizeof source);
    base_run_phase(run, GB_N("reading the map"), 0.0, 0.3, 0);
    status = roads_osm_read(run, osm_path, &osm);
    if (!status) {
        report->nodes_read = osm.nodes_read;
        report->ways_read = osm.ways_read;
        report->relations_read = osm.relations_read;
        report->missing_nodes = osm.missing_nodes;
        report->bad_nodes = osm.bad_nodes;
        report->duplicate_elements = osm.duplicates;
        status = roads_osm_source(run, &osm, &source, report);
    }
    roads_osm_clear(run->mem, &osm);
    if (!status)
        status = finish(run, &source, osm_path, out_path, profile, report);
    roads_source_clear(run->mem, &source);
    return status;
}

gb_status roads_build_links(base_run *run, const gb_roads_links *links,
                            const char *out_path,
                            const roads_profile *profile,
                            gb_roads_row_fn *on_row, void *user,
                            gb_roads_report *report)
{
    roads_source source;
    gb_status status;

    memset(&source, 0, sizeof source);
    base_run_phase(run, GB_N("reading the map"), 0.0, 0.3, 0);
    status = roads_links_read(run, links, on_row, user, &source, report);
    if (!status)
        status = finish(run, &source, links->links_path, out_path, profile,
                        report);
    roads_source_clear(run->mem, &source);
    return status;
}
