/*
 * plan_travel.c - see plan_travel.h.
 *
 * The cells are snapped once, and one table leads from all branches to all of
 * them.
 */
#include "plan_travel.h"

#include <gridbeat/grid.h>

const double PLAN_GUESSED_M_PER_S[GB_MODE_COUNT] = { 1.3, 5, 8 };

/* Farther from any street, a cell's centre does not tell of its travel. */
static const double CENTRE_SNAP_M = 5000;

/* From all branches to all cells, by one mode. */
typedef struct mode_table {
    gb_lonlat *at;           /* branches, then cells */
    gb_roads_place *places;
    int32_t *seconds;        /* branches x cells */
} mode_table;

static gb_status fill_table(plan_data *data, gb_mode mode,
                            const gb_point *centres, mode_table *t)
{
    const size_t n_branches = data->branches.n, n_cells = data->cells.n;
    const gb_snap_options snap = { sizeof snap, CENTRE_SNAP_M, 0 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_status status;

    for (size_t b = 0; b < n_branches; b++)
        t->at[b] = data->branches.items[b].at;
    status = plan_take(data, gb_crs_unproject(&data->quiet, data->crs, centres,
                                              n_cells, t->at + n_branches));
    if (!status)
        status = plan_take(data,
                           gb_roads_snap(&data->quiet, data->roads, mode,
                                         t->at, n_branches + n_cells, &snap,
                                         t->places));
    query.mode = (int32_t)mode;
    query.n_threads = data->settings->given.n_threads;
    query.from = t->places;
    query.n_from = n_branches;
    query.to = t->places + n_branches;
    query.n_to = n_cells;
    if (!status)
        status = plan_take(data, gb_roads_table(&data->quiet, data->roads,
                                                &query, t->seconds, NULL));
    return status;
}

static void take_row(const plan_data *data, const mode_table *t,
                     uint32_t branch, uint32_t *seconds)
{
    const int32_t *row = t->seconds + (size_t)branch * data->cells.n;

    for (size_t c = 0; c < data->cells.n; c++)
        seconds[c] = row[c] == GB_ROADS_UNREACHABLE ? GB_GRID_UNREACHABLE
                                                    : (uint32_t)row[c];
}

static gb_status travel_by_roads(plan_data *data, gb_mode mode,
                                 const gb_point *centres, uint32_t *seconds)
{
    base_mem *mem = data->run->mem;
    const size_t n_cells = data->cells.n, n = data->branches.n + n_cells;
    mode_table t = { base_alloc_array(mem, n, sizeof *t.at),
                     base_alloc_array(mem, n, sizeof *t.places),
                     base_alloc_array(mem, data->branches.n * n_cells,
                                      sizeof *t.seconds) };
    gb_status status = t.at && t.places && t.seconds
                           ? fill_table(data, mode, centres, &t)
                           : base_fail_nomem(data->run->ctx);

    for (uint32_t b = 0; b < data->branches.n && !status; b++)
        take_row(data, &t, b, seconds + b * n_cells);
    base_free(mem, t.at);
    base_free(mem, t.places);
    base_free(mem, t.seconds);
    return status;
}

static gb_status travel_straight(plan_data *data, gb_mode mode,
                                 const gb_point *centres, uint32_t *seconds)
{
    const size_t n_cells = data->cells.n;
    gb_status status = GB_OK;

    for (size_t b = 0; b < data->branches.n && !status; b++) {
        gb_point start = { 0, 0 };

        status = plan_project(data, &data->branches.items[b].at, 1, &start);
        for (size_t c = 0; c < n_cells; c++)
            seconds[b * n_cells + c]
                = (uint32_t)(geo_distance_m(centres[c], start) * PLAN_DETOUR
                             / PLAN_GUESSED_M_PER_S[mode]);
    }
    return status;
}

gb_status plan_travel(plan_data *data, gb_mode mode, const gb_point *centres,
                      uint32_t *seconds)
{
    const gb_status status
        = data->roads ? travel_by_roads(data, mode, centres, seconds)
                      : travel_straight(data, mode, centres, seconds);

    return status ? status : base_poll(data->run);
}
