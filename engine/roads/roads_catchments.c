/*
 * roads_catchments.c - the nearest of several centres: a table from all of
 * them, some columns at a time, of which only the least of each is kept.
 */
#include "roads_query.h"
#include "roads_reach.h"

enum { CELLS_AT_ONCE = 1 << 20 };

typedef struct nearest {
    base_run *run;
    roads_view view;
    const roads_spots *centres;
    int32_t *cells;
} nearest;

/* Of equally near centres the first. */
static void take_least(const nearest *x, size_t n, uint32_t *owner,
                       int32_t *seconds)
{
    for (size_t p = 0; p < n; p++) {
        int32_t least = GB_ROADS_UNREACHABLE;

        owner[p] = UINT32_MAX;
        for (size_t c = 0; c < x->centres->n; c++)
            if (x->cells[c * n + p] < least) {
                least = x->cells[c * n + p];
                owner[p] = (uint32_t)c;
            }
        if (seconds)
            seconds[p] = least;
    }
}

static gb_status take_columns(const nearest *x, const gb_roads_place *points,
                              size_t n, uint32_t *owner, int32_t *seconds)
{
    roads_spots spots;
    gb_status status =
        roads_spots_find(x->run->mem, x->view, points, n, &spots)
            ? roads_table_fill(x->run, x->view, x->centres, &spots, x->cells,
                               NULL)
            : base_fail_nomem(x->run->ctx);

    roads_spots_clear(x->run->mem, &spots);
    if (!status)
        take_least(x, n, owner, seconds);
    return status;
}

gb_status roads_catchments_find(base_run *run, roads_view view,
                                const gb_roads_place *centres,
                                size_t n_centres,
                                const gb_roads_place *points, size_t n_points,
                                uint32_t *owner, int32_t *seconds)
{
    size_t at_once = CELLS_AT_ONCE / (n_centres ? n_centres : 1);
    roads_spots spots;
    nearest x = { run, view, &spots, NULL };
    gb_status status = GB_OK;

    at_once = at_once < 1 ? 1 : at_once > n_points ? n_points : at_once;
    x.cells = base_alloc_array(run->mem, at_once * n_centres,
                               sizeof *x.cells);
    if (!roads_spots_find(run->mem, view, centres, n_centres, &spots)
        || !x.cells)
        status = base_fail_nomem(run->ctx);
    for (size_t p = 0; p < n_points && !status; p += at_once) {
        const size_t left = n_points - p;

        status = take_columns(&x, points + p, left < at_once ? left : at_once,
                              owner + p, seconds ? seconds + p : NULL);
    }
    roads_spots_clear(run->mem, &spots);
    base_free(run->mem, x.cells);
    return status;
}
