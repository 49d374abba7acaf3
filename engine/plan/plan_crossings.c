/*
 * plan_crossings.c - see plan_crossings.h.
 */
#include "plan_crossings.h"

#include <math.h>
#include <string.h>

#include "geo_index.h"
#include "geo_shape.h"

/* Coarser than the centimetre to which borders are rounded, finer than any
 * ditch. */
static const double NEAR_M = 1.0;
/* Round all cells: meridians are not quite straight up in metres. */
static const double ROUND_M = 1000;

/* The points of all streets and the cells that each is in. */
typedef struct street_labels {
    gb_lonlat *degrees;
    gb_point *at;
    uint32_t *low, *high; /* STORE_NONE: in no cell */
    uint32_t *mixed;
    uint8_t *is_out;      /* far from all cells */
    gb_roads_crossing *pairs;
    size_t n, capacity;   /* of points; of pairs */
} street_labels;

static gb_box cells_box(const store_cells *cells)
{
    gb_box box = { HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL };

    for (size_t i = 0; i < cells->shapes.n_points; i++) {
        const gb_point p = cells->shapes.points[i];

        box.min_x_m = fmin(box.min_x_m, p.x_m - ROUND_M);
        box.min_y_m = fmin(box.min_y_m, p.y_m - ROUND_M);
        box.max_x_m = fmax(box.max_x_m, p.x_m + ROUND_M);
        box.max_y_m = fmax(box.max_y_m, p.y_m + ROUND_M);
    }
    return box;
}

/*
 * A map may reach farther than the workspace's projected system does: what is
 * beyond the cells is moved to their corner, and is in none of them.
 */
static gb_status leave_out(plan_data *data, street_labels *l)
{
    const gb_box box = cells_box(&data->cells);
    const gb_point corners[4] = { { box.min_x_m, box.min_y_m },
                                  { box.max_x_m, box.min_y_m },
                                  { box.min_x_m, box.max_y_m },
                                  { box.max_x_m, box.max_y_m } };
    gb_lonlat at[4] = { { 0, 0 } }, low, high;
    const gb_status status = plan_take(
        data, gb_crs_unproject(&data->quiet, data->crs, corners, 4, at));

    low = high = at[0];
    for (size_t k = 1; k < 4; k++) {
        low.lon_deg = fmin(low.lon_deg, at[k].lon_deg);
        low.lat_deg = fmin(low.lat_deg, at[k].lat_deg);
        high.lon_deg = fmax(high.lon_deg, at[k].lon_deg);
        high.lat_deg = fmax(high.lat_deg, at[k].lat_deg);
    }
    for (size_t i = 0; i < l->n; i++) {
        const gb_lonlat p = l->degrees[i];

        l->is_out[i] = !(p.lon_deg >= low.lon_deg && p.lon_deg <= high.lon_deg
                         && p.lat_deg >= low.lat_deg
                         && p.lat_deg <= high.lat_deg);
        if (l->is_out[i])
            l->degrees[i] = at[0];
    }
    return status;
}

static gb_status load_points(plan_data *data, street_labels *l)
{
    base_mem *mem = data->run->mem;
    gb_status status = gb_roads_street_points(
        &data->quiet, data->roads, GB_MODE_FOOT, 0, NULL, &l->n);

    if (status && status != GB_ERR_BUFFER)
        return plan_take(data, status);
    l->degrees = base_alloc_array(mem, l->n, sizeof *l->degrees);
    l->at = base_alloc_array(mem, l->n, sizeof *l->at);
    l->low = base_alloc_array(mem, l->n, sizeof *l->low);
    l->high = base_alloc_array(mem, l->n, sizeof *l->high);
    l->mixed = base_alloc_array(mem, l->n, sizeof *l->mixed);
    l->is_out = base_alloc_array(mem, l->n, 1);
    if (!l->degrees || !l->at || !l->low || !l->high || !l->mixed
        || !l->is_out)
        return base_fail_nomem(data->run->ctx);
    status = plan_take(data,
                       gb_roads_street_points(&data->quiet, data->roads,
                                              GB_MODE_FOOT, l->n, l->degrees,
                                              &l->n));
    if (!status)
        status = leave_out(data, l);
    return status ? status : plan_project(data, l->degrees, l->n, l->at);
}

/* ---- which cells a point is in ---- */

typedef struct looking {
    const gb_shapes *shapes;
    gb_point at;
    uint32_t low, high;
} looking;

static bool look_at(void *user, uint32_t cell)
{
    looking *l = user;
    const bool is_new = l->low == STORE_NONE || cell < l->low
                        || cell > l->high;
    bool is_near = false;

    for (int corner = 0; corner < 4 && is_new && !is_near; corner++) {
        const gb_point p = { l->at.x_m + (corner & 1 ? NEAR_M : -NEAR_M),
                             l->at.y_m + (corner & 2 ? NEAR_M : -NEAR_M) };

        is_near = geo_shape_contains(l->shapes, cell, p);
    }
    if (is_near) {
        l->low = l->low == STORE_NONE || cell < l->low ? cell : l->low;
        l->high = l->high == STORE_NONE || cell > l->high ? cell : l->high;
    }
    return true;
}

static gb_status label_points(plan_data *data, street_labels *l,
                              uint8_t *has_streets)
{
    const gb_shapes *shapes = &data->cells.shapes;
    gb_box *boxes
        = base_alloc_array(data->run->mem, data->cells.n, sizeof *boxes);
    geo_index *index = NULL;
    gb_status status = boxes ? GB_OK : base_fail_nomem(data->run->ctx);

    for (size_t c = 0; c < data->cells.n && !status; c++)
        boxes[c] = geo_shape_box(shapes, c);
    if (!status)
        status = geo_index_build(data->run->ctx, boxes, data->cells.n, &index);
    memset(has_streets, 0, data->cells.n);
    for (size_t i = 0; i < l->n && !status; i++) {
        const gb_point p = l->at[i];
        const gb_box here = { p.x_m - NEAR_M, p.y_m - NEAR_M, p.x_m + NEAR_M,
                              p.y_m + NEAR_M };
        looking look = { shapes, p, STORE_NONE, STORE_NONE };

        if (!l->is_out[i])
            (void)geo_index_in_box(index, here, look_at, &look);
        l->low[i] = look.low;
        l->high[i] = look.high;
        if (look.low != STORE_NONE)
            has_streets[look.low] = has_streets[look.high] = 1;
        status = base_poll(data->run);
    }
    geo_index_free(index);
    base_free(data->run->mem, boxes);
    return status;
}

/* ---- counting ---- */

/* The pairs of one labelling, in l->pairs. */
static gb_status find_pairs(plan_data *data, street_labels *l,
                            const uint32_t *labels, size_t *n)
{
    gb_status status = gb_roads_crossings(&data->quiet, data->roads,
                                          GB_MODE_FOOT, labels, l->n,
                                          l->capacity, l->pairs, n);

    if (status == GB_ERR_BUFFER) {
        base_free(data->run->mem, l->pairs);
        l->capacity = *n;
        l->pairs = base_alloc_array(data->run->mem, l->capacity,
                                    sizeof *l->pairs);
        if (!l->pairs)
            return base_fail_nomem(data->run->ctx);
        status = gb_roads_crossings(&data->quiet, data->roads, GB_MODE_FOOT,
                                    labels, l->n, l->capacity, l->pairs, n);
    }
    return plan_take(data, status);
}

static void raise(const store_cells *cells, uint32_t from, uint32_t to,
                  uint32_t n, uint32_t *crossings)
{
    for (uint32_t i = cells->first_neighbour[from];
         i < cells->first_neighbour[from + 1]; i++)
        if (cells->neighbour[i] == to && crossings[i] < n)
            crossings[i] = n;
}

/* Most of what any labelling counts: one street is not told twice. */
static gb_status count_by(plan_data *data, street_labels *l,
                          const uint32_t *labels, uint32_t *crossings)
{
    size_t n = 0;
    const gb_status status = find_pairs(data, l, labels, &n);

    for (size_t i = 0; i < n && !status; i++) {
        const gb_roads_crossing *p = &l->pairs[i];

        raise(&data->cells, p->a, p->b, p->n, crossings);
        raise(&data->cells, p->b, p->a, p->n, crossings);
    }
    return status;
}

/* Points in turn by one label and the other, so that neighbouring points meet
 * in each of the four ways. */
static gb_status count_mixed(plan_data *data, street_labels *l, size_t first,
                             uint32_t *crossings)
{
    for (size_t i = 0; i < l->n; i++)
        l->mixed[i] = i % 2 == first ? l->low[i] : l->high[i];
    return count_by(data, l, l->mixed, crossings);
}

gb_status plan_crossings(plan_data *data, uint32_t *crossings,
                         uint8_t *has_streets)
{
    street_labels l = { 0 };
    gb_status status = load_points(data, &l);

    memset(crossings, 0, data->cells.n_neighbours * sizeof *crossings);
    if (!status)
        status = label_points(data, &l, has_streets);
    if (!status)
        status = count_by(data, &l, l.low, crossings);
    if (!status)
        status = count_by(data, &l, l.high, crossings);
    for (size_t first = 0; first < 2 && !status; first++)
        status = count_mixed(data, &l, first, crossings);
    base_free(data->run->mem, l.degrees);
    base_free(data->run->mem, l.at);
    base_free(data->run->mem, l.low);
    base_free(data->run->mem, l.high);
    base_free(data->run->mem, l.mixed);
    base_free(data->run->mem, l.is_out);
    base_free(data->run->mem, l.pairs);
    return status;
}
