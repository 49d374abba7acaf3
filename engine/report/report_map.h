/*
 * report_map.h - the map page of a branch: one HTML file.
 *
 * Leaflet, the page's own script (page/map.js) and its styles are compiled
 * in; the data go into the page as JSON, which is never run.  The page's
 * content security policy names the scripts and styles by their SHA-256 and
 * forbids everything else, the network first of all.
 */
#ifndef REPORT_MAP_H
#define REPORT_MAP_H

#include "report_data.h"

gb_status report_map_page(report_data *data, const gb_roads *roads,
                          base_text *page);

/* gb_report_map() where the bank of options->date and options->scope is at
 * hand; report_api.c. */
gb_status report_map_write(gb_context *ctx, gb_workspace *workspace,
                           const gb_roads *roads, const report_bank *bank,
                           const gb_report_options *options,
                           const char *path);

/* The JSON of the page; report_map_data.c. */
gb_status report_map_data(report_data *data, const gb_roads *roads,
                          base_text *json);

#endif
