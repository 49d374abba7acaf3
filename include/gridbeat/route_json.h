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

/**
 * A problem as our own JSON, with '\0' behind it: every field of the model.
 * Read again it is the same problem: solving either gives equal bytes.
 *
 * @param problem  Borrowed; checked as gb_route_solve() does.
 * @param file     Names, coordinates and routes to start from are taken from
 *                 it, which must be of the same numbers of clients and
 *                 vehicles; NULL: none are written.
 * @param buffer   NULL with a capacity of 0 to ask for the size.
 * @param needed   Bytes that it takes, with the '\0'.
 * @return GB_OK; GB_ERR_BUFFER when capacity < *needed, with *needed set;
 *         GB_ERR_OPTIONS, GB_ERR_ARGUMENT, GB_ERR_DATA as gb_route_solve();
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: O(locations^2 + clients); the text is made twice, once to be counted.
 * Since: 0.1.
 */
GB_API gb_status gb_route_problem_text(gb_context *ctx,
                                       const gb_route_problem *problem,
                                       const gb_route_file *file, char *buffer,
                                       size_t capacity, size_t *needed);

/**
 * A solution as GeoJSON (RFC 7946) with '\0' behind it: of each route a line
 * that goes straight from stop to stop (`kind` "route"), of each client a
 * point with its times (`kind` "stop") or without ("unserved").
 *
 * @return as gb_route_file_solution_text(); GB_ERR_ARGUMENT also where the
 *         file has no longitudes and latitudes.
 * Since: 0.1.
 */
GB_API gb_status gb_route_solution_geojson(gb_context *ctx,
                                           const gb_route_file *file,
                                           const gb_route_solution *solution,
                                           char *buffer, size_t capacity,
                                           size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
