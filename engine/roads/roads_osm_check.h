/*
 * roads_osm_check.h - looks at a map before libreadosm does, which trusts
 * what it reads.  Either refuses with GB_ERR_PARSE and the byte or line.
 */
#ifndef ROADS_OSM_CHECK_H
#define ROADS_OSM_CHECK_H

#include "base_run.h"

gb_status roads_pbf_check(base_run *run, const char *path);
gb_status roads_xml_check(base_run *run, const char *path);

#endif
