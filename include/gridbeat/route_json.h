/*
 * gridbeat/route_json.h - routes in JSON, beside what route_file.h does for
 * all formats: where a file wants the search to start, a problem as our own
 * JSON (data/ROUTE_JSON.md), a solution as GeoJSON.
 */
#ifndef GRIDBEAT_ROUTE_JSON_H
#define GRIDBEAT_ROUTE_JSON_H

#include <gridbeat/route_file.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The routes that a file gives to start from: VROOM's `steps` of vehicles,
 * `start` of our own JSON.  For options->start; whether they can be driven is
 * said there.
 *
 * @return Borrowed from the file; NULL where it gives none.  Any thread.
 * Since: 0.1.
 */
GB_API const gb_route_order *gb_route_file_start(const gb_route_file *file);

#ifdef __cplusplus
}
#endif
#endif
