/*
 * call_surface.c - see call_surface.h.
 *
 * Lines are followed from square to square (marching squares); a saddle is
 * parted by the mean of its corners.  First come the lines that begin at the
 * raster's border, then the rings.
 */
#include "call_surface.h"

#include <math.h>
#include <string.h>

#include "base_array.h"

static const double NO_VALUE = -9999;

enum { SOUTH, EAST, NORTH, WEST }; /* sides of a square */

enum { IS_CROSSED_EAST = 1, IS_CROSSED_NORTH = 2 }; /* marks of a centre */

typedef struct tracer {
    const call_surface *s;
    base_mem *mem;
    double level;
    uint8_t *marks; /* of the edges from a centre to the east, to the north */
    BASE_ARRAY(gb_point) line;
    bool is_first; /* no line of the level is written yet */
    base_text *text;
} tracer;

void call_surface_asc(const call_surface *s, base_text *text)
{
    const gb_raster *r = s->raster;

    base_text_format(text, "ncols %u\nnrows %u\nxllcenter ", r->n_x, r->n_y);
    base_text_exact(text, r->x0_m);
    base_text_add(text, "\nyllcenter ");
    base_text_exact(text, r->y0_m);
    base_text_add(text, "\ncellsize ");
    base_text_exact(text, r->step_m);
    base_text_add(text, "\nNODATA_value ");
    base_text_exact(text, NO_VALUE);
    base_text_add(text, "\n");
    for (uint32_t row = r->n_y; row-- > 0 && !text->is_short;)
        for (uint32_t i = 0; i < r->n_x; i++) {
            const double value = s->values[(size_t)row * r->n_x + i];

            base_text_exact(text, isnan(value) ? NO_VALUE : value);
            base_text_add(text, i + 1 < r->n_x ? " " : "\n");
        }
}

static double value_at(const tracer *t, size_t x, size_t y)
{
    const double value = t->s->values[y * t->s->raster->n_x + x];

    return isnan(value) ? 0 : value;
}

/* The two centres of a side of the square at (x, y). */
static void ends_of(size_t x, size_t y, int side, size_t from[2],
                    size_t to[2])
{
    from[0] = to[0] = x + (side == EAST);
    from[1] = to[1] = y + (side == NORTH);
    if (side == SOUTH || side == NORTH)
        to[0]++;
    else
        to[1]++;
}

static bool crosses(const tracer *t, size_t x, size_t y, int side)
{
    size_t a[2], b[2];

    ends_of(x, y, side, a, b);
    return (value_at(t, a[0], a[1]) >= t->level)
           != (value_at(t, b[0], b[1]) >= t->level);
}

/* Mark the side; false when it was marked before. */
static bool mark(tracer *t, size_t x, size_t y, int side)
{
    const uint8_t bit
        = side == SOUTH || side == NORTH ? IS_CROSSED_EAST : IS_CROSSED_NORTH;
    size_t a[2], b[2];
    uint8_t *marks;

    ends_of(x, y, side, a, b);
    marks = &t->marks[a[1] * t->s->raster->n_x + a[0]];
    if (*marks & bit)
        return false;
    *marks |= bit;
    return true;
}

static bool add_crossing(tracer *t, size_t x, size_t y, int side)
{
    const gb_raster *r = t->s->raster;
    size_t a[2], b[2];
    double from, to, part;

    ends_of(x, y, side, a, b);
    from = value_at(t, a[0], a[1]);
    to = value_at(t, b[0], b[1]);
    part = (t->level - from) / (to - from);
    return base_array_push(
        t->mem, &t->line,
        ((gb_point){ r->x0_m + r->step_m
                         * ((double)a[0] + part * ((double)b[0] - (double)a[0])),
                     r->y0_m + r->step_m
                         * ((double)a[1]
                            + part * ((double)b[1] - (double)a[1])) }));
}

/* Where a line that comes in by a side goes out. */
static int way_out(const tracer *t, size_t x, size_t y, int side)
{
    static const int turns[2][4] = { { EAST, SOUTH, WEST, NORTH },
                                     { WEST, NORTH, EAST, SOUTH } };
    int others[3], n = 0;
    bool is_high;

    for (int k = 0; k < 4; k++)
        if (k != side && crosses(t, x, y, k))
            others[n++] = k;
    if (n == 1)
        return others[0];
    is_high = value_at(t, x, y) + value_at(t, x + 1, y)
                  + value_at(t, x, y + 1) + value_at(t, x + 1, y + 1)
              >= 4 * t->level;
    /* the middle joins the high corners: lines go round the low ones */
    return turns[is_high == (value_at(t, x, y) >= t->level) ? 0 : 1][side];
}

/* Follow from a side of the square at (x, y) to the border, or round. */
static bool follow(tracer *t, size_t x, size_t y, int side)
{
    const size_t n_x = t->s->raster->n_x, n_y = t->s->raster->n_y;
    bool is_open = true;

    t->line.n = 0;
    (void)mark(t, x, y, side);
    if (!add_crossing(t, x, y, side))
        return false;
    while (is_open) {
        const int out = way_out(t, x, y, side);

        if (!add_crossing(t, x, y, out))
            return false;
        is_open = mark(t, x, y, out);
        if ((out == SOUTH && y == 0) || (out == WEST && x == 0)
            || (out == NORTH && y + 2 == n_y)
            || (out == EAST && x + 2 == n_x))
            break;
        x = out == EAST ? x + 1 : out == WEST ? x - 1 : x;
        y = out == NORTH ? y + 1 : out == SOUTH ? y - 1 : y;
        side = (out + 2) % 4;
    }
    return true;
}

static gb_status write_line(gb_context *ctx, tracer *t)
{
    const int decimals = t->s->crs ? 7 : 2;
    gb_lonlat told;
    gb_status status = GB_OK;

    base_text_add(t->text, t->is_first ? "\n[" : ",\n[");
    t->is_first = false;
    for (size_t i = 0; i < t->line.n && !status; i++) {
        const gb_point *at = &t->line.items[i];

        told = (gb_lonlat){ at->x_m, at->y_m };
        if (t->s->crs)
            status = gb_crs_unproject(ctx, t->s->crs, at, 1, &told);
        base_text_add(t->text, i ? ",[" : "[");
        base_text_real(t->text, told.lon_deg, decimals);
        base_text_add(t->text, ",");
        base_text_real(t->text, told.lat_deg, decimals);
        base_text_add(t->text, "]");
    }
    base_text_add(t->text, "]");
    return status;
}

/* From this side, where it is crossed and no line came by. */
static gb_status trace(gb_context *ctx, tracer *t, size_t x, size_t y,
                       int side)
{
    if (!crosses(t, x, y, side) || !mark(t, x, y, side))
        return GB_OK;
    return follow(t, x, y, side) ? write_line(ctx, t) : base_fail_nomem(ctx);
}

static gb_status trace_level(gb_context *ctx, tracer *t)
{
    const size_t n_x = t->s->raster->n_x, n_y = t->s->raster->n_y;
    gb_status status = GB_OK;

    memset(t->marks, 0, n_x * n_y);
    t->is_first = true;
    for (size_t x = 0; x + 1 < n_x && !status; x++) {
        status = trace(ctx, t, x, 0, SOUTH);
        if (!status)
            status = trace(ctx, t, x, n_y - 2, NORTH);
    }
    for (size_t y = 0; y + 1 < n_y && !status; y++) {
        status = trace(ctx, t, 0, y, WEST);
        if (!status)
            status = trace(ctx, t, n_x - 2, y, EAST);
    }
    for (size_t y = 1; y + 1 < n_y && !status; y++)
        for (size_t x = 0; x + 1 < n_x && !status; x++)
            status = trace(ctx, t, x, y, SOUTH);
    return status;
}

gb_status call_surface_contours(gb_context *ctx, const call_surface *s,
                                  base_text *text)
{
    const gb_raster *r = s->raster;
    tracer t = { .s = s, .mem = ctx->mem, .text = text };
    gb_status status = GB_OK;

    t.marks = base_alloc_array(ctx->mem, r->n_x, r->n_y);
    if (!t.marks)
        return base_fail_nomem(ctx);
    base_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (int k = 1; k < CALL_CLASSES && s->highest > 0 && !status; k++) {
        t.level = s->highest * k / CALL_CLASSES;
        base_text_format(text,
                         "%s\n{\"type\":\"Feature\",\"properties\":{\"%s\":",
                         k > 1 ? "," : "", s->unit);
        base_text_exact(text, t.level * s->factor);
        base_text_add(text, "},\"geometry\":{\"type\":\"MultiLineString\","
                            "\"coordinates\":[");
        if (r->n_x > 1 && r->n_y > 1)
            status = trace_level(ctx, &t);
        base_text_add(text, "]}}");
    }
    base_text_add(text, "\n]}\n");
    base_array_clear(ctx->mem, &t.line);
    base_free(ctx->mem, t.marks);
    return status;
}
