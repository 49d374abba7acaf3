/*
 * roads_build.h - the main path of the module: from a map to a file.
 *
 *   read -> connect -> cut -> for each mode: states, hierarchy, weights -> write
 */
#ifndef ROADS_BUILD_H
#define ROADS_BUILD_H

#include "roads_index.h"

/* What is built in memory before it is written; `roads` points into it. */
typedef struct roads_built {
    gb_roads roads; /* without a file */
    roads_map_built map;
    roads_states_built states[GB_MODE_COUNT];
    roads_hierarchy_built hierarchies[GB_MODE_COUNT];
    roads_metric_built metrics[GB_MODE_COUNT];
    roads_lines lines;
} roads_built;

/*
 * Everything behind the reading.  The source is taken and cleared as soon as
 * it is not needed, the built to be cleared in any case.  For tests, too.
 */
gb_status roads_assemble(base_run *run, roads_source *source,
                         const roads_profile *profile, roads_built *out,
                         gb_roads_report *report);
void roads_built_clear(base_mem *mem, roads_built *built);

gb_status roads_build_osm(base_run *run, const char *osm_path,
                          const char *out_path, const roads_profile *profile,
                          gb_roads_report *report);
gb_status roads_build_links(base_run *run, const gb_roads_links *links,
                            const char *out_path,
                            const roads_profile *profile,
                            gb_roads_row_fn *on_row, void *user,
                            gb_roads_report *report);

#endif
