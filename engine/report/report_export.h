/*
 * report_export.h - the stops of a plan as CSV and as GeoJSON.
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "base_text.h"
#include "store_save.h"

/* A header, then a row a stop. */
void report_export_csv(base_text *text, const store_plan *plan);
/* A feature collection: a line a route, a point a stop. */
void report_export_geojson(base_text *text, const store_plan *plan);

/* A CSV field; one that a spreadsheet would run gets an apostrophe. */
void report_export_ref(base_text *text, const char *ref);

#endif
