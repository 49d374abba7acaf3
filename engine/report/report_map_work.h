/*
 * report_map_work.h - the JSON of a map page while it is being written: each
 * part adds `,"key":value`.
 *
 *   report_map_data.c     head, streets, cells, territories
 *   report_map_density.c  the density rasters on degrees
 *   report_map_spots.c    hot spots of the cells, clusters of targets
 *   report_map_people.c   customers, targets, marks on them
 *   report_map_diff.c     what changes hands from another version
 *   report_map_day.c      routes and the figures of the day
 */
#ifndef REPORT_MAP_WORK_H
#define REPORT_MAP_WORK_H

#include "geo_shape.h"
#include "report_geometry.h"
#include "report_map.h"
#include "store_spots.h"

typedef struct map_work {
    report_data *data;
    base_text *json;
    report_pen pen;
    gb_crs *crs;
    gb_lonlat *degrees; /* of cells.shapes.points */
    store_scope scope;  /* of the customers shown */
    store_cells cells;
    store_territories territories; /* of the version asked for */
    int64_t before;     /* the version to hold it against; 0: none */
    store_places places;
    bool *is_ours;      /* of territories */
    int64_t *customers; /* of territories: all who live there */
    gb_lonlat sw, ne;   /* of our territories, with a margin */
} map_work;

/* Everything above but the first three fields and the scope. */
gb_status report_map_load(map_work *w);
void report_map_clear(map_work *w);
/* The outline of each territory on the plane; base_free() *degrees, its
 * points on the earth. */
gb_status report_map_outlines(map_work *w, geo_shapes *outlines,
                              gb_lonlat **degrees);
int64_t report_map_count_targets(const map_work *w, uint32_t territory);

bool report_map_in_box(const map_work *w, gb_lonlat p);
void report_map_key(base_text *json, const char *key);

/* What a night found on the cells: dormant, value, share. */
enum { REPORT_MAP_MEASURES = 3 };
typedef struct report_map_spots {
    store_spots gistar[REPORT_MAP_MEASURES], moran[REPORT_MAP_MEASURES];
} report_map_spots;

gb_status report_map_load_spots(map_work *w, report_map_spots *out);
void report_map_clear_spots(report_map_spots *spots);
void report_map_add_spots(base_text *json, const report_map_spots *spots,
                          size_t cell);
gb_status report_map_clusters(map_work *w);
gb_status report_map_density(map_work *w);
gb_status report_map_people(map_work *w);
void report_map_day(map_work *w);
gb_status report_map_diff(map_work *w);

#endif
