/*
 * roads_cells.c - see roads_cells.h.
 */
#include "roads_cells.h"

enum { BLOCK = 64 }; /* columns: two arrays of 4 KiB */

typedef int32_t square[BLOCK][ROADS_LANES];

/*
 * Half a unit is added before a hundredth is taken, so no rounding of that
 * product comes near a whole number: the same integers as by division.  Three
 * loops: compilers take each of them several lanes at a time, but not all as
 * one.
 */
ROADS_INLINE void round_row(const double *restrict weights,
                            double length_unit_cm, int32_t *restrict seconds,
                            int32_t *restrict metres)
{
    const double none = GB_ROADS_UNREACHABLE;
    double s[ROADS_LANES], m[ROADS_LANES];

    weights = ROADS_ALIGNED(weights);
    ROADS_EACH_LANE(l) {
        s[l] = weights[l] < ROADS_FAR ? weights[l] : 0;
        m[l] = weights[l] < ROADS_FAR ? 0 : none;
    }
    ROADS_EACH_LANE(l) {
        const double hundredths = (int32_t)(s[l] * (1 / ROADS_LENGTHS));
        const double lengths = s[l] - hundredths * ROADS_LENGTHS;

        s[l] = (hundredths + 50.5) * 0.01 + m[l];
        m[l] = (lengths * length_unit_cm + 50.5) * 0.01 + m[l];
    }
    ROADS_EACH_LANE(l) {
        seconds[l] = (int32_t)s[l];
        metres[l] = (int32_t)m[l];
    }
}

ROADS_INLINE void round_any(const double *weights, size_t n,
                            double length_unit_cm, square seconds,
                            square metres)
{
    for (size_t c = 0; c < n; c++)
        round_row(weights + c * ROADS_LANES, length_unit_cm, seconds[c],
                  metres[c]);
}

static void round_plain(const double *weights, size_t n, double length_unit_cm,
                        square seconds, square metres)
{
    round_any(weights, n, length_unit_cm, seconds, metres);
}

ROADS_WIDE static void round_wide(const double *weights, size_t n,
                                  double length_unit_cm, square seconds,
                                  square metres)
{
    round_any(weights, n, length_unit_cm, seconds, metres);
}

/* Lanes are rows of the table. */
static void write_rows(int32_t *out, size_t stride, const uint32_t *lanes,
                       size_t n_lanes, const uint32_t *columns,
                       size_t n_columns, square values)
{
    for (size_t l = 0; l < n_lanes; l++) {
        int32_t *row = out + lanes[l] * stride;

        for (size_t c = 0; c < n_columns; c++)
            row[columns[c]] = values[c][l];
    }
}

/* Lanes are columns of the table. */
static void write_columns(int32_t *out, size_t stride, const uint32_t *lanes,
                          size_t n_lanes, const uint32_t *columns,
                          size_t n_columns, square values)
{
    for (size_t c = 0; c < n_columns; c++) {
        int32_t *row = out + columns[c] * stride;

        for (size_t l = 0; l < n_lanes; l++)
            row[lanes[l]] = values[c][l];
    }
}

static void write(const roads_cells *cells, int32_t *out,
                  const uint32_t *lanes, size_t n_lanes,
                  const uint32_t *columns, size_t n_columns, square values)
{
    if (!out)
        return;
    if (cells->column_stride == 1)
        write_rows(out, cells->lane_stride, lanes, n_lanes, columns,
                   n_columns, values);
    else
        write_columns(out, cells->column_stride, lanes, n_lanes, columns,
                      n_columns, values);
}

void roads_cells_write(const roads_cells *cells, const uint32_t *lanes,
                       size_t n_lanes, const uint32_t *columns,
                       size_t n_columns, const double *weights)
{
    square seconds, metres;

    for (size_t c = 0; c < n_columns; c += BLOCK) {
        const size_t n = n_columns - c < BLOCK ? n_columns - c : BLOCK;

        (cells->is_wide ? round_wide : round_plain)(
            weights + c * ROADS_LANES, n, cells->length_unit_cm, seconds,
            metres);
        write(cells, cells->seconds, lanes, n_lanes, columns + c, n, seconds);
        write(cells, cells->metres, lanes, n_lanes, columns + c, n, metres);
    }
}
