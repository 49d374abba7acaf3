/*
 * roads_table.h - many searches at once, each row by itself.
 */
#ifndef ROADS_TABLE_H
#define ROADS_TABLE_H

#include "base_run.h"
#include "roads_index.h"

void roads_snap_one(const roads_network *network, gb_mode mode,
                    gb_lonlat point, double max_m, gb_roads_place *out);

/* All places are of this network. */
gb_status roads_table_fill(base_run *run, const roads_network *network,
                           const gb_roads_table_query *query,
                           int32_t *seconds, int32_t *metres);

gb_status roads_path_find(gb_context *ctx, const roads_network *network,
                          const gb_roads_place *from,
                          const gb_roads_place *to, size_t capacity,
                          gb_lonlat *points, size_t *n_points,
                          gb_roads_path_totals *totals);

#endif
