/*
 * route_text_lengths.c - see route_text.h: lengths in units, and the clock.
 */
#include "route_text.h"

#include <math.h>

/* Decimals are not exact in binary: 0.29 * 100 is a little below 29. */
static const double HAIR = 1e-9;

double route_text_rounded(double value, int32_t rounding)
{
    if (rounding == GB_ROUTE_ROUNDING_DOWN)
        return floor(value + HAIR);
    if (rounding == GB_ROUTE_ROUNDING_UP)
        return ceil(value - HAIR);
    return floor(value + 0.5);
}

double route_text_scaled(const route_text *text, double value)
{
    return route_text_rounded(value * text->scale, text->rounding);
}

/* TSPLIB 95: degrees and minutes as 12.30, on a sphere of 6378.388 km. */
static double geo_radians(double value)
{
    const double degrees = trunc(value);

    return 3.141592 * (degrees + 5.0 * (value - degrees) / 3.0) / 180.0;
}

static double geo_length(const route_text_node *a, const route_text_node *b)
{
    const double lat_a = geo_radians(a->x), lat_b = geo_radians(b->x);
    const double q1 = cos(geo_radians(a->y) - geo_radians(b->y));
    const double q2 = cos(lat_a - lat_b), q3 = cos(lat_a + lat_b);
    const double q = 0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3);

    return floor(6378.388 * acos(q > 1 ? 1 : q < -1 ? -1 : q) + 1.0);
}

double route_text_length(const route_text *text, size_t i, size_t j)
{
    const route_text_node *a = &text->nodes.items[i];
    const route_text_node *b = &text->nodes.items[j];
    const double dx = a->x - b->x, dy = a->y - b->y;

    switch (text->metric) {
    case ROUTE_METRIC_MANHATTAN:
        return fabs(dx) + fabs(dy);
    case ROUTE_METRIC_CHEBYSHEV:
        return fmax(fabs(dx), fabs(dy));
    case ROUTE_METRIC_GEO:
        return i == j ? 0 : geo_length(a, b);
    case ROUTE_METRIC_ATT:
        return sqrt((dx * dx + dy * dy) / 10);
    case ROUTE_METRIC_EXPLICIT:
        return text->weight(text->matrix, text->nodes.n, i, j);
    case ROUTE_METRIC_EUCLID:
    default:
        return sqrt(dx * dx + dy * dy); /* exact where it is an integer */
    }
}

static gb_status too_far(const route_text *text, size_t i, size_t j,
                         double units, int most)
{
    char number[32];

    return base_fail(text->ctx, GB_ERR_DATA,
                     "%s: from node %zu to %zu it is %s units; 0 to %d "
                     "expected: a smaller scale helps",
                     text->name, i + 1, j + 1,
                     base_real_text(number, units, 0), most);
}

/* The matrix of lengths, and the longest. */
static gb_status build_lengths(const route_text *text, gb_route_file *file,
                               int32_t rounding, double most, int32_t *matrix,
                               int32_t *longest)
{
    const size_t n = text->nodes.n;

    (void)file;
    *longest = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double units
                = route_text_rounded(
                    route_text_length(text, i, j) * text->scale, rounding);

            if (!(units >= 0 && units <= most))
                return too_far(text, i, j, units, (int)most);
            matrix[i * n + j] = (int32_t)units;
            if (matrix[i * n + j] > *longest)
                *longest = matrix[i * n + j];
        }
    return GB_OK;
}

/* Without times a clock runs all the same, and must never bind. */
static gb_status coarser_seconds(gb_context *ctx, gb_route_file *file,
                                 const int32_t *metres, int32_t longest,
                                 const int32_t **out)
{
    const size_t n = file->problem.n_locations;
    int64_t divisor = 1;
    int32_t *seconds;

    while (longest / divisor > ROUTE_TEXT_MOST_SECONDS
           || (longest / divisor + 1) * (int64_t)(n + 1) > ROUTE_TEXT_MOST_CLOCK_S)
        divisor *= 10;
    *out = metres;
    if (divisor == 1)
        return GB_OK;
    seconds = route_file_matrix(ctx, file);
    if (!seconds)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < n * n; i++)
        seconds[i] = (int32_t)(metres[i] / divisor);
    *out = seconds;
    return GB_OK;
}

gb_status route_text_profile(const route_text *text, gb_route_file *file)
{
    gb_context *ctx = text->ctx;
    gb_route_profile *profile;
    int32_t *metres, *seconds, longest;
    gb_status status;

    file->problem.n_locations = (uint32_t)text->nodes.n;
    profile = route_file_alloc(ctx, file, 1, sizeof *profile);
    metres = route_file_matrix(ctx, file);
    if (!profile || !metres)
        return GB_ERR_NOMEM;
    status = build_lengths(text, file, text->rounding,
                           text->has_time ? ROUTE_TEXT_MOST_SECONDS : ROUTE_TEXT_MOST_METRES,
                           metres, &longest);
    if (status)
        return status;
    profile->metres = profile->seconds = metres;
    if (!text->has_time) {
        status = coarser_seconds(ctx, file, metres, longest,
                                 &profile->seconds);
    } else if (text->round_time_up
               && text->rounding != GB_ROUTE_ROUNDING_UP) {
        seconds = route_file_matrix(ctx, file);
        if (!seconds)
            return GB_ERR_NOMEM;
        status = build_lengths(text, file, GB_ROUTE_ROUNDING_UP, ROUTE_TEXT_MOST_SECONDS,
                               seconds, &longest);
        profile->seconds = seconds;
    }
    file->problem.profiles = profile;
    file->problem.n_profiles = 1;
    return status;
}
