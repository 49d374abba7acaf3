/*
 * geo_api.c - implements gridbeat/geo.h.
 */
#include <gridbeat/geo.h>

#include "geo_crs.h"

#include "base_check.h"

static const char *const DATUM_NAMES[] = { "wgs84", "gcj02", "bd09",
                                           "cgcs2000" };

/* In ASCII, whatever the locale says. */
static bool equal_in_any_case(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const char lower = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;

        if (lower != *b)
            return false;
    }
    return *a == *b;
}

bool gb_datum_parse(const char *name, gb_datum *out)
{
    for (size_t i = 0; name && out && i < COUNT_OF(DATUM_NAMES); i++)
        if (equal_in_any_case(name, DATUM_NAMES[i])) {
            *out = (gb_datum)i;
            return true;
        }
    return false;
}

static bool is_datum(gb_datum datum)
{
    return (size_t)datum < COUNT_OF(DATUM_NAMES);
}

const char *gb_datum_name(gb_datum datum)
{
    return is_datum(datum) ? DATUM_NAMES[datum] : "unknown";
}

gb_status gb_datum_convert(gb_context *ctx, gb_datum from, gb_datum to,
                           gb_lonlat *points, size_t n_points)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!is_datum(from) || !is_datum(to))
        return base_fail(ctx, GB_ERR_ARGUMENT, "datum %d is unknown",
                         is_datum(from) ? (int)to : (int)from);
    if (!points && n_points > 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "points");
    return geo_datum_convert(ctx, from, to, points, n_points);
}

gb_status gb_crs_for_extent(gb_context *ctx, gb_lonlat south_west,
                            gb_lonlat north_east, int32_t *epsg)
{
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!epsg)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "epsg");
    return geo_crs_for_extent(ctx, south_west, north_east, epsg);
}

gb_status gb_crs_open(gb_context *ctx, int32_t epsg, gb_crs **out)
{
    if (out)
        *out = NULL;
    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "out");
    return geo_crs_open(ctx, epsg, out);
}

static gb_status check_batch(gb_context *ctx, const gb_crs *crs,
                             const void *from, const void *to, size_t n)
{
    if (!crs)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "crs");
    if (n > 0 && (!from || !to))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         from ? "to" : "from");
    return GB_OK;
}

gb_status gb_crs_project(gb_context *ctx, gb_crs *crs, const gb_lonlat *from,
                         size_t n, gb_point *to)
{
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = check_batch(ctx, crs, from, to, n);
    return status ? status : geo_crs_project(ctx, crs, from, n, to);
}

gb_status gb_crs_unproject(gb_context *ctx, gb_crs *crs, const gb_point *from,
                           size_t n, gb_lonlat *to)
{
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = check_batch(ctx, crs, from, to, n);
    return status ? status : geo_crs_unproject(ctx, crs, from, n, to);
}
