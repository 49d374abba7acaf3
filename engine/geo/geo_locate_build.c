/*
 * geo_locate_build.c - from shapes to the raster of a geo_locator.
 */
#include "geo_locate_raster.h"

#include "base_array.h"
#include "base_check.h"
#include "geo_codec.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 1 << 27 };
static const double UNITS_PER_DEG = 1e8, MOST_DEG = 20.0;
static const int64_t LONGEST_EDGE = (int64_t)1 << 28;
/* A straight line of this length on the plane is bent by less than 2 mm in
 * degrees, up to 60 degrees of latitude. */
static const double PIECE_M = 250.0;

/* The corner of a row, column, shape: where the shape's state changes. */
typedef struct turn {
    uint32_t row, column, shape;
} turn;

typedef struct build {
    gb_context *ctx;
    geo_locator *out;
    const uint32_t *groups; /* NULL: each shape its own */
    BASE_ARRAY(locate_edge) edges;
    BASE_ARRAY(uint32_t) shape_of; /* edge */
    uint8_t *is_rim;               /* edge */
    uint32_t *first;  /* by square: of listed; one more than squares */
    uint32_t *listed; /* edges, rising */
    BASE_ARRAY(turn) turns;
    BASE_ARRAY(uint32_t) active; /* shapes that hold the corner, rising */
    BASE_ARRAY(int32_t) words;
} build;

static uint32_t group_of(const build *b, uint32_t shape)
{
    return b->groups ? b->groups[shape] : shape;
}

/* ----------------------------------------------------------------- edges -- */

static gb_status take_edge(build *b, uint32_t shape, const double a[2],
                           const double c[2])
{
    const locate_edge e = { (int32_t)a[0], (int32_t)a[1], (int32_t)c[0],
                            (int32_t)c[1] };

    if (e.ax == e.bx && e.ay == e.by)
        return GB_OK;
    if (llabs((int64_t)e.bx - e.ax) > LONGEST_EDGE
        || llabs((int64_t)e.by - e.ay) > LONGEST_EDGE)
        return base_fail(b->ctx, GB_ERR_GEOMETRY,
                         "an edge of shape %u is longer than 2.6 degrees",
                         (unsigned)shape);
    return base_array_push(b->ctx->mem, &b->edges, e)
                   && base_array_push(b->ctx->mem, &b->shape_of, shape)
               ? GB_OK
               : base_fail_nomem(b->ctx);
}

/* In units; false where it lies too far off. */
static bool to_units(const build *b, gb_point degrees, double out[2])
{
    const double x = locate_turn(degrees.x_m, b->out->origin.lon_deg);
    const double y = degrees.y_m - b->out->origin.lat_deg;

    out[0] = rint(x * UNITS_PER_DEG);
    out[1] = rint(y * UNITS_PER_DEG);
    return fabs(x) <= MOST_DEG && fabs(y) <= MOST_DEG;
}

static gb_status take_ring(build *b, uint32_t shape, const gb_point *ring,
                           size_t n)
{
    double from[2], to[2];
    gb_status status = GB_OK;

    for (size_t i = 0; i < n && !status; i++) {
        if (!to_units(b, ring[i], from)
            || !to_units(b, ring[i + 1 < n ? i + 1 : 0], to))
            return base_fail(b->ctx, GB_ERR_GEOMETRY,
                             "shapes lie more than 20 degrees apart");
        status = take_edge(b, shape, from, to);
    }
    return status;
}

static gb_status take_shapes(build *b, const gb_shapes *shapes)
{
    gb_status status = GB_OK;

    if (shapes->n_points > 0)
        b->out->origin = (gb_lonlat){ floor(shapes->points[0].x_m),
                                      floor(shapes->points[0].y_m) };
    for (uint32_t s = 0; s < shapes->n_shapes && !status; s++)
        for (uint32_t r = shapes->shape_first_ring[s];
             r < shapes->shape_first_ring[s + 1] && !status; r++) {
            const uint32_t from = shapes->ring_first_point[r];

            status = take_ring(b, s, shapes->points + from,
                               shapes->ring_first_point[r + 1] - from);
        }
    b->out->n_edges = b->edges.n;
    return status;
}

/* An edge with its ends in order, to find the same one of another shape. */
typedef struct side {
    locate_edge e; /* a before b */
    uint32_t edge, group;
    bool is_turned;
} side;

static int by_ends(const void *a, const void *b)
{
    const side *p = a, *q = b;
    const int32_t l[] = { p->e.ax, p->e.ay, p->e.bx, p->e.by };
    const int32_t r[] = { q->e.ax, q->e.ay, q->e.bx, q->e.by };

    for (int i = 0; i < 4; i++)
        if (l[i] != r[i])
            return l[i] < r[i] ? -1 : 1;
    return p->edge < q->edge ? -1 : 1;
}

static bool is_same_line(const side *a, const side *b)
{
    return a->e.ax == b->e.ax && a->e.ay == b->e.ay && a->e.bx == b->e.bx
           && a->e.by == b->e.by;
}

static void mark_run(build *b, const side *run, size_t n)
{
    bool is_one = true, turned[2] = { false, false };

    for (size_t i = 0; i < n; i++) {
        is_one = is_one && run[i].group == run[0].group;
        turned[run[i].is_turned] = true;
    }
    for (size_t i = 0; i < n; i++)
        b->is_rim[run[i].edge] = !(is_one && turned[0] && turned[1]);
}

/* Which edges part groups: all that the same group does not have on both
 * sides. */
static gb_status mark_rim(build *b)
{
    const size_t n = b->edges.n;
    side *sides = base_alloc_array(b->ctx->mem, n, sizeof *sides);

    b->is_rim = base_alloc_zeroed(b->ctx->mem, n, 1);
    if (!sides || !b->is_rim) {
        base_free(b->ctx->mem, sides);
        return base_fail_nomem(b->ctx);
    }
    for (size_t i = 0; i < n; i++) {
        const locate_edge e = b->edges.items[i];
        const bool is_turned = e.bx < e.ax || (e.bx == e.ax && e.by < e.ay);

        sides[i] = (side){ is_turned ? (locate_edge){ e.bx, e.by, e.ax, e.ay }
                                     : e,
                           (uint32_t)i, group_of(b, b->shape_of.items[i]),
                           is_turned };
    }
    if (n > 0)
        qsort(sides, n, sizeof *sides, by_ends);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && is_same_line(&sides[i], &sides[end]);)
            end++;
        mark_run(b, sides + i, end - i);
    }
    base_free(b->ctx->mem, sides);
    return GB_OK;
}

/* ---------------------------------------------------------------- raster -- */

static void lay_raster(build *b)
{
    geo_locator *out = b->out;
    const uint64_t most = b->edges.n < 32 ? 64 : 2 * (uint64_t)b->edges.n;
    int64_t east = INT32_MIN, north = INT32_MIN;
    uint64_t n;

    out->west = out->south = INT32_MAX;
    for (size_t i = 0; i < b->edges.n; i++) {
        const locate_edge *e = &b->edges.items[i];

        out->west = e->ax < out->west ? e->ax : out->west;
        out->south = e->ay < out->south ? e->ay : out->south;
        east = e->ax > east ? e->ax : east; /* rings: each end begins one */
        north = e->ay > north ? e->ay : north;
    }
    if (b->edges.n == 0)
        return;
    do {
        out->n_columns = (uint32_t)((east - out->west) >> out->shift) + 1;
        out->n_rows = (uint32_t)((north - out->south) >> out->shift) + 1;
        n = (uint64_t)out->n_columns * out->n_rows;
    } while ((n > most || n > MOST_CELLS) && ++out->shift);
}

/* Of a coordinate's place from the raster's west or south, kept inside. */
static int64_t slot(const geo_locator *out, int64_t from_side, uint32_t n)
{
    const int64_t at = from_side >> out->shift;

    return at < 0 ? 0 : at >= (int64_t)n ? (int64_t)n - 1 : at;
}

/* From west to east, the columns in which an edge meets a row; one unit is
 * added on each side, more than rounding takes away. */
static void columns_of(const geo_locator *out, const locate_edge *e,
                       int64_t row, int64_t *first, int64_t *last)
{
    const double low = (double)(out->south + (row << out->shift)) - 1.0;
    const double high = low + (double)((int64_t)1 << out->shift) + 2.0;
    const double dx = (double)e->bx - e->ax, dy = (double)e->by - e->ay;
    double x0 = e->ax, x1 = e->bx, swap;

    if (dy > 0.0 || dy < 0.0) {
        double t0 = (low - e->ay) / dy, t1 = (high - e->ay) / dy;

        x0 = e->ax + fmin(fmax(t0, 0.0), 1.0) * dx;
        x1 = e->ax + fmin(fmax(t1, 0.0), 1.0) * dx;
    }
    if (x0 > x1) {
        swap = x0;
        x0 = x1;
        x1 = swap;
    }
    *first = slot(out, (int64_t)floor(x0) - 2 - out->west, out->n_columns);
    *last = slot(out, (int64_t)ceil(x1) + 2 - out->west, out->n_columns);
}

typedef void (*square_fn)(build *b, size_t square, uint32_t edge);

/* Each square that an edge may meet. */
static void each_square(build *b, uint32_t edge, square_fn fn)
{
    const geo_locator *out = b->out;
    const locate_edge *e = &b->edges.items[edge];
    const int64_t low = (e->ay < e->by ? e->ay : e->by) - out->south;
    const int64_t high = (e->ay < e->by ? e->by : e->ay) - out->south;
    const int64_t last_row = slot(out, high + 1, out->n_rows);
    int64_t first, last;

    for (int64_t r = slot(out, low - 1, out->n_rows); r <= last_row; r++) {
        columns_of(out, e, r, &first, &last);
        for (int64_t c = first; c <= last; c++)
            fn(b, (size_t)r * out->n_columns + (size_t)c, edge);
    }
}

static void count_one(build *b, size_t square, uint32_t edge)
{
    (void)edge;
    b->first[square + 1]++;
}

/* first[] has moved on by one square's edges when all are listed. */
static void list_one(build *b, size_t square, uint32_t edge)
{
    b->listed[b->first[square]++] = edge;
}

static gb_status list_edges(build *b)
{
    const size_t n = (size_t)b->out->n_columns * b->out->n_rows;
    uint64_t sum = 0;

    b->first = base_alloc_zeroed(b->ctx->mem, n + 1, sizeof *b->first);
    if (!b->first)
        return base_fail_nomem(b->ctx);
    for (uint32_t i = 0; i < b->edges.n; i++)
        each_square(b, i, count_one);
    for (size_t s = 0; s <= n; s++) {
        sum += b->first[s];
        b->first[s] = (uint32_t)sum;
    }
    if (sum > INT32_MAX / 8)
        return base_fail(b->ctx, GB_ERR_GEOMETRY,
                         "shapes have too many edges to be indexed");
    b->listed = base_alloc_array(b->ctx->mem, (size_t)sum, sizeof *b->listed);
    if (!b->listed)
        return base_fail_nomem(b->ctx);
    for (uint32_t i = 0; i < b->edges.n; i++)
        each_square(b, i, list_one);
    memmove(b->first + 1, b->first, n * sizeof *b->first);
    b->first[0] = 0;
    return GB_OK;
}

/* --------------------------------------------------------------- corners -- */

static int64_t corner_x2(const geo_locator *out, int64_t column)
{
    return 2 * (out->west + column * ((int64_t)1 << out->shift)) - 1;
}

static int64_t corner_y2(const geo_locator *out, int64_t row)
{
    return 2 * (out->south + row * ((int64_t)1 << out->shift)) - 1;
}

/* The first column whose corner lies to the east of the edge. */
static int64_t column_behind(const geo_locator *out, const locate_edge *e,
                             int64_t row)
{
    const int64_t y2 = corner_y2(out, row);
    const double dx = (double)e->bx - e->ax, dy = (double)e->by - e->ay;
    const double x = e->ax + ((double)y2 * 0.5 - e->ay) / dy * dx;
    int64_t column = slot(out, (int64_t)x - out->west, out->n_columns);

    while (column > 0 && locate_is_west(e, corner_x2(out, column - 1), y2))
        column--;
    while (column < out->n_columns
           && !locate_is_west(e, corner_x2(out, column), y2))
        column++;
    return column;
}

/* The rows whose corners' height an edge passes through. */
static gb_status take_turns(build *b, uint32_t edge)
{
    const geo_locator *out = b->out;
    const locate_edge *e = &b->edges.items[edge];
    const int64_t low = e->ay < e->by ? e->ay : e->by;
    const int64_t high = e->ay < e->by ? e->by : e->ay;

    for (int64_t r = slot(out, low - out->south, out->n_rows);
         r < out->n_rows && corner_y2(out, r) < 2 * high; r++) {
        turn t = { .row = (uint32_t)r, .shape = b->shape_of.items[edge] };
        int64_t column;

        if (corner_y2(out, r) < 2 * low)
            continue;
        column = column_behind(out, e, r);
        t.column = (uint32_t)column;
        if (column < out->n_columns
            && !base_array_push(b->ctx->mem, &b->turns, t))
            return base_fail_nomem(b->ctx);
    }
    return GB_OK;
}

static int by_place(const void *a, const void *b)
{
    const turn *p = a, *q = b;

    if (p->row != q->row)
        return p->row < q->row ? -1 : 1;
    if (p->column != q->column)
        return p->column < q->column ? -1 : 1;
    return p->shape < q->shape ? -1 : p->shape > q->shape;
}

static gb_status find_turns(build *b)
{
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < b->edges.n && !status; i++)
        status = take_turns(b, i);
    if (!status && b->turns.n > 0)
        qsort(b->turns.items, b->turns.n, sizeof *b->turns.items, by_place);
    return status;
}

/* ----------------------------------------------------------------- codes -- */

/* In or out of the shapes that hold the corner; a handful at most. */
static bool toggle(build *b, uint32_t shape)
{
    size_t at = 0;

    while (at < b->active.n && b->active.items[at] < shape)
        at++;
    if (at < b->active.n && b->active.items[at] == shape) {
        memmove(b->active.items + at, b->active.items + at + 1,
                (b->active.n - at - 1) * sizeof *b->active.items);
        b->active.n--;
        return true;
    }
    if (!base_array_push(b->ctx->mem, &b->active, shape))
        return false;
    memmove(b->active.items + at + 1, b->active.items + at,
            (b->active.n - at - 1) * sizeof *b->active.items);
    b->active.items[at] = shape;
    return true;
}

static bool put_edges(build *b, size_t first, size_t end, bool is_rim)
{
    bool is_ok = true;

    for (size_t i = first; i < end && is_ok; i++) {
        const uint32_t edge = b->listed[i];
        const locate_edge e = b->edges.items[edge];

        if (b->is_rim[edge] != is_rim)
            continue;
        is_ok = base_array_reserve(b->ctx->mem, &b->words, 4);
        if (is_ok) {
            int32_t *w = b->words.items + b->words.n;

            w[0] = e.ax;
            w[1] = e.ay;
            w[2] = e.bx;
            w[3] = e.by;
            b->words.n += 4;
        }
    }
    return is_ok;
}

/* One shape of a square, with its edges listed from first to end. */
static bool put_shape(build *b, uint32_t shape, bool is_held, size_t first,
                      size_t end)
{
    uint32_t n_rim = 0;
    int32_t *w;

    for (size_t i = first; i < end; i++)
        n_rim += b->is_rim[b->listed[i]];
    if (!base_array_reserve(b->ctx->mem, &b->words, 4))
        return false;
    w = b->words.items + b->words.n;
    w[0] = (int32_t)group_of(b, shape);
    w[1] = (int32_t)shape;
    w[2] = (int32_t)(2 * ((uint32_t)(end - first) - n_rim) + is_held);
    w[3] = (int32_t)n_rim;
    b->words.n += 4;
    return put_edges(b, first, end, false) && put_edges(b, first, end, true);
}

/* The shapes with edges in the square and those that hold its corner, by
 * number. */
static bool put_square(build *b, size_t first, size_t end, int32_t *n)
{
    size_t held = 0;

    *n = 0;
    while (first < end || held < b->active.n) {
        const uint32_t a = held < b->active.n ? b->active.items[held]
                                              : UINT32_MAX;
        const uint32_t s = first < end ? b->shape_of.items[b->listed[first]]
                                       : UINT32_MAX;
        const uint32_t shape = a < s ? a : s;
        size_t next = first;

        while (next < end && b->shape_of.items[b->listed[next]] == shape)
            next++;
        if (!put_shape(b, shape, a == shape, first, next))
            return false;
        held += a == shape;
        first = next;
        ++*n;
    }
    return true;
}

static gb_status put_code(build *b, size_t square)
{
    const size_t first = b->first[square], end = b->first[square + 1];
    const size_t at = b->words.n;
    int32_t n;

    if (first == end && b->active.n < 2) {
        b->out->codes[square] = b->active.n ? b->active.items[0]
                                            : GEO_NOWHERE;
        return GB_OK;
    }
    if (at >= LOCATE_MIXED - 1)
        return base_fail(b->ctx, GB_ERR_GEOMETRY,
                         "shapes have too many edges to be indexed");
    b->out->codes[square] = LOCATE_MIXED | (uint32_t)at;
    if (!base_array_push(b->ctx->mem, &b->words, 0)
        || !put_square(b, first, end, &n))
        return base_fail_nomem(b->ctx);
    b->words.items[at] = n;
    return GB_OK;
}

static gb_status put_codes(build *b)
{
    geo_locator *out = b->out;
    const size_t n = (size_t)out->n_columns * out->n_rows;
    gb_status status = GB_OK;
    size_t t = 0;

    out->codes = base_alloc_array(b->ctx->mem, n, sizeof *out->codes);
    if (!out->codes)
        return base_fail_nomem(b->ctx);
    for (uint32_t r = 0; r < out->n_rows && !status; r++) {
        b->active.n = 0;
        for (uint32_t c = 0; c < out->n_columns && !status; c++) {
            for (; t < b->turns.n && b->turns.items[t].row == r
                   && b->turns.items[t].column == c; t++)
                if (!toggle(b, b->turns.items[t].shape))
                    return base_fail_nomem(b->ctx);
            status = put_code(b, (size_t)r * out->n_columns + c);
        }
    }
    out->words = b->words.items;
    out->n_words = b->words.n;
    b->words.items = NULL;
    b->words.n = b->words.capacity = 0;
    return status;
}

/* --------------------------------------------------------------- nearest -- */

static void lay_plane(geo_locator *out)
{
    const gb_lonlat middle = {
        out->origin.lon_deg,
        out->origin.lat_deg
            + ((double)out->south
               + 0.5 * (double)out->n_rows
                     * (double)((int64_t)1 << out->shift))
                  / UNITS_PER_DEG
    };
    gb_lonlat east = middle, north = middle;

    east.lon_deg += 0.01;
    north.lat_deg += 0.01;
    out->x_m = geo_lonlat_distance_m(middle, east) / (0.01 * UNITS_PER_DEG);
    out->y_m = geo_lonlat_distance_m(middle, north) / (0.01 * UNITS_PER_DEG);
}

static gb_status take_rim(build *b)
{
    geo_locator *out = b->out;
    gb_status status;
    gb_box *boxes;

    for (size_t i = 0; i < b->edges.n; i++)
        out->n_rim += b->is_rim[i];
    boxes = base_alloc_array(b->ctx->mem, out->n_rim, sizeof *boxes);
    out->rim = base_alloc_array(b->ctx->mem, out->n_rim, sizeof *out->rim);
    out->rim_shape = base_alloc_array(b->ctx->mem, out->n_rim,
                                      sizeof *out->rim_shape);
    if (!boxes || !out->rim || !out->rim_shape) {
        base_free(b->ctx->mem, boxes);
        return base_fail_nomem(b->ctx);
    }
    for (size_t i = 0, k = 0; i < b->edges.n; i++) {
        const locate_edge e = b->edges.items[i];

        if (!b->is_rim[i])
            continue;
        out->rim[k] = e;
        out->rim_shape[k] = b->shape_of.items[i];
        boxes[k++] = geo_box_of_segment(locate_on_plane(out, e.ax, e.ay),
                                        locate_on_plane(out, e.bx, e.by));
    }
    status = geo_index_build(b->ctx, boxes, out->n_rim, &out->nearest);
    base_free(b->ctx->mem, boxes);
    return status;
}

/* ----------------------------------------------------------------- whole -- */

static gb_status build_all(build *b, const gb_shapes *shapes)
{
    gb_status status = take_shapes(b, shapes);

    if (status || b->edges.n == 0)
        return status;
    status = mark_rim(b);
    lay_raster(b);
    lay_plane(b->out);
    if (!status)
        status = list_edges(b);
    if (!status)
        status = find_turns(b);
    if (!status)
        status = put_codes(b);
    if (!status)
        status = take_rim(b);
    return status;
}

static void clear(build *b)
{
    base_mem *mem = b->ctx->mem;

    base_array_clear(mem, &b->edges);
    base_array_clear(mem, &b->shape_of);
    base_free(mem, b->is_rim);
    base_free(mem, b->first);
    base_free(mem, b->listed);
    base_array_clear(mem, &b->turns);
    base_array_clear(mem, &b->active);
    base_array_clear(mem, &b->words);
}

gb_status geo_locator_build_degrees(gb_context *ctx, const gb_shapes *shapes,
                                    const uint32_t *groups,
                                    geo_locator **out)
{
    build b = { .ctx = ctx, .groups = groups };
    gb_status status;

    *out = NULL;
    b.out = base_alloc_zeroed(ctx->mem, 1, sizeof *b.out);
    if (!b.out)
        return base_fail_nomem(ctx);
    b.out->mem = base_mem_ref(ctx->mem);
    status = build_all(&b, shapes);
    clear(&b);
    if (status)
        geo_locator_free(b.out);
    else
        *out = b.out;
    return status;
}

/* An edge in pieces, the same ones from either side. */
static bool put_pieces(geo_shapes *to, gb_point a, gb_point b)
{
    const bool is_turned = geo_point_compare(b, a) < 0;
    const gb_point low = is_turned ? b : a, high = is_turned ? a : b;
    const double n = ceil(geo_distance_m(a, b) / PIECE_M);
    bool is_ok = geo_shapes_add_point(to, a);

    for (double i = 1.0; i < n && is_ok; i += 1.0) {
        const double ratio = (is_turned ? n - i : i) / n;
        const gb_point p = { low.x_m + ratio * (high.x_m - low.x_m),
                             low.y_m + ratio * (high.y_m - low.y_m) };

        is_ok = geo_shapes_add_point(to, p);
    }
    return is_ok;
}

static bool put_all_pieces(const gb_shapes *from, geo_shapes *to)
{
    bool is_ok = true;

    for (size_t s = 0; s < from->n_shapes && is_ok; s++) {
        for (uint32_t r = from->shape_first_ring[s];
             r < from->shape_first_ring[s + 1] && is_ok; r++) {
            const gb_point *ring = from->points + from->ring_first_point[r];
            const size_t n = from->ring_first_point[r + 1]
                             - from->ring_first_point[r];

            for (size_t i = 0; i < n && is_ok; i++)
                is_ok = put_pieces(to, ring[i], ring[i + 1 < n ? i + 1 : 0]);
            is_ok = is_ok && geo_shapes_end_ring(to);
        }
        is_ok = is_ok && geo_shapes_end_shape(to);
    }
    return is_ok;
}

gb_status geo_locator_build(gb_context *ctx, gb_crs *crs,
                            const gb_shapes *shapes, const uint32_t *groups,
                            geo_locator **out)
{
    geo_shapes pieces, degrees;
    gb_shapes view;
    gb_status status = GB_OK;

    *out = NULL;
    geo_shapes_init(&pieces, ctx->mem);
    geo_shapes_init(&degrees, ctx->mem);
    if (!put_all_pieces(shapes, &pieces))
        status = base_fail_nomem(ctx);
    view = geo_shapes_view(&pieces);
    if (!status)
        status = geo_shapes_unproject(ctx, crs, &view, &degrees);
    geo_shapes_clear(&pieces);
    view = geo_shapes_view(&degrees);
    if (!status)
        status = geo_locator_build_degrees(ctx, &view, groups, out);
    geo_shapes_clear(&degrees);
    return status;
}
