/*
 * roads_build.h - from a map to an index: read, judge, connect, write.
 */
#ifndef ROADS_BUILD_H
#define ROADS_BUILD_H

#include "base_run.h"
#include "roads_osm.h"

gb_status roads_build(base_run *run, const char *osm_path,
                      const char *out_path, const gb_roads_options *options,
                      gb_roads_report *report);

#endif
