/*
 * gridbeat/report.h - what people look at: a map page, route sheets, files of
 * a plan, and sentences with a number in them.
 *
 * Files are written whole beside their name and renamed, so that nobody reads
 * half a page.  Pages ask for nothing: no network, no other file.  Equal
 * workspaces give equal bytes.
 */
#ifndef GRIDBEAT_REPORT_H
#define GRIDBEAT_REPORT_H

#include <gridbeat/base.h>
#include <gridbeat/roads.h>
#include <gridbeat/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to report; texts are borrowed for the call. */
typedef struct gb_report_options {
    size_t size;
    const char *date;   /* YYYY-MM-DD; must be given */
    const char *scope;  /* "org:REF", "branch:REF", "manager:REF"; NULL: all */
    const char *branch; /* of a map or of sheets: its reference */
    const char *manager; /* of sheets: one alone; NULL: all of the branch;
                            of territory sheets: must be given */
    const char *format; /* of an export: "csv" (NULL), "geojson", "gpx",
                           "ics", or "targets" */
    const char *after;  /* of a map: the version of territories to show, by
                           its number, "active", or "@DATE"; NULL: the one in
                           force on the date */
    const char *before; /* of a map: a version, named likewise, to hold it
                           against: what changes hands is shown; NULL: none */
} gb_report_options;
#define GB_REPORT_OPTIONS_INIT { sizeof(gb_report_options), 0, 0, 0, 0, 0, 0, 0 }

/**
 * Write the map page of a branch: territories with their figures, the cells
 * beneath, density, potential, targets by state, customers, routes with
 * numbered stops, and a panel of figures, in Chinese and English; the
 * context's language comes first.  With options->before also what changes
 * hands from that version: the borders before, each cell that moves, from
 * whom to whom with how many customers, and the sums.
 *
 * @param roads  For the streets behind; NULL: none are drawn.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_NOT_FOUND for an unknown branch or
 *         a date without a plan or for an unknown version; GB_ERR_SCOPE for a branch outside the scope;
 *         GB_ERR_IO; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context and a workspace.  Since: 0.1.
 */
GB_API gb_status gb_report_map(gb_context *ctx, gb_workspace *workspace,
                               const gb_roads *roads,
                               const gb_report_options *options,
                               const char *path);

/**
 * Write the route sheets of a branch: a page of A4 a manager, with his stops
 * in order, their hours and reasons, and a sketch of the way.
 *
 * @return as gb_report_map().
 */
GB_API gb_status gb_report_sheets(gb_context *ctx, gb_workspace *workspace,
                                  const gb_report_options *options,
                                  const char *path);

/**
 * Write the territory sheets of a manager: a page of A4 a territory, with its
 * border, streets and named places, its counts and its targets.
 *
 * @param roads    For the streets; NULL: none are drawn.
 * @param options  `manager` must be given, `branch` is not looked at.
 * @return as gb_report_map(), with GB_ERR_NOT_FOUND for an unknown manager or
 *         one without a territory, and GB_ERR_SCOPE for a manager outside the
 *         scope.
 *
 * Threads: one thread a context and a workspace.  Since: 0.1.
 */
GB_API gb_status gb_report_territory(gb_context *ctx, gb_workspace *workspace,
                                     const gb_roads *roads,
                                     const gb_report_options *options,
                                     const char *path);

/**
 * Write a plan for other programs: the stops as CSV (a header, a row a stop),
 * GeoJSON (a line a route, a point a stop), GPX 1.1 for navigation or ICS for
 * calendars; or all targets as CSV, each with its state and reason.  In CSV a
 * reference that begins with = + - @ or a tab has an apostrophe before it, so
 * that no spreadsheet runs it.
 *
 * @param n_stops  How many were written; may be NULL.
 * @return as gb_report_map(); GB_ERR_ARGUMENT for an unknown format.
 */
GB_API gb_status gb_report_plan(gb_context *ctx, gb_workspace *workspace,
                                const gb_report_options *options,
                                const char *path, uint64_t *n_stops);

#ifdef __cplusplus
}
#endif
#endif
