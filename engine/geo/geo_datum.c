/*
 * geo_datum.c - the shifted datums of maps in China: GCJ-02 and BD-09.
 *
 * Both are published nowhere officially; the formulas are those that all open
 * implementations share (a warp by trigonometric series on the ellipsoid of
 * Krassovsky 1940, and Baidu's turn of it).  They have no closed inverse: the
 * way back iterates  q <- q + (p - forward(q)),  which contracts by a
 * thousandth each round, as the shift changes by metres a kilometre.
 */
#include "geo_crs.h"

#include "base_text.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double KRASSOVSKY_A_M = 6378245.0;
static const double KRASSOVSKY_E2 = 0.00669342162296594323;

/* The box outside which nothing is shifted; as everywhere. */
static bool is_in_china_box(gb_lonlat p)
{
    return p.lon_deg >= 72.004 && p.lon_deg <= 137.8347
           && p.lat_deg >= 0.8293 && p.lat_deg <= 55.8271;
}

/* What both components of the warp share. */
static double ripple_m(double x)
{
    return (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
}

static double shift_north_m(double x, double y)
{
    return -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y
           + 0.2 * sqrt(fabs(x)) + ripple_m(x)
           + (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0
           + (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y * PI / 30.0)) * 2.0
                 / 3.0;
}

static double shift_east_m(double x, double y)
{
    return 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y
           + 0.1 * sqrt(fabs(x)) + ripple_m(x)
           + (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0
           + (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0
                 / 3.0;
}

static gb_lonlat gcj_of_wgs(gb_lonlat p)
{
    const double x = p.lon_deg - 105.0, y = p.lat_deg - 35.0;
    const double lat_rad = p.lat_deg / 180.0 * PI;
    const double w2 = 1.0 - KRASSOVSKY_E2 * sin(lat_rad) * sin(lat_rad);
    const double meridian_m = KRASSOVSKY_A_M * (1.0 - KRASSOVSKY_E2)
                              / (w2 * sqrt(w2));
    const double parallel_m = KRASSOVSKY_A_M / sqrt(w2) * cos(lat_rad);
    gb_lonlat shifted;

    shifted.lat_deg = p.lat_deg
                      + shift_north_m(x, y) * 180.0 / (meridian_m * PI);
    shifted.lon_deg = p.lon_deg
                      + shift_east_m(x, y) * 180.0 / (parallel_m * PI);
    return shifted;
}

static gb_lonlat bd_of_gcj(gb_lonlat p)
{
    const double k = PI * 3000.0 / 180.0;
    const double r = sqrt(p.lon_deg * p.lon_deg + p.lat_deg * p.lat_deg)
                     + 0.00002 * sin(p.lat_deg * k);
    const double angle = atan2(p.lat_deg, p.lon_deg)
                         + 0.000003 * cos(p.lon_deg * k);
    const gb_lonlat shifted = { r * cos(angle) + 0.0065,
                                r * sin(angle) + 0.006 };

    return shifted;
}

/* Solve forward(q) = p.  4 to 6 rounds; 30 bound it. */
static gb_lonlat inverse(gb_lonlat (*forward)(gb_lonlat), gb_lonlat p)
{
    gb_lonlat q = p;

    for (int round = 0; round < 30; round++) {
        const gb_lonlat image = forward(q);
        const double east = p.lon_deg - image.lon_deg;
        const double north = p.lat_deg - image.lat_deg;

        if (fabs(east) <= 1e-12 && fabs(north) <= 1e-12)
            break;
        q.lon_deg += east;
        q.lat_deg += north;
    }
    return q;
}

/*
 * A shifted point may lie just outside of the box while its origin is inside,
 * and the other way round: the origin decides, as it does on the way there.
 */
static gb_lonlat wgs_of(gb_datum datum, gb_lonlat p)
{
    gb_lonlat q = p;

    if (p.lon_deg < 71.0 || p.lon_deg > 139.0 || p.lat_deg < 0.0
        || p.lat_deg > 57.0)
        return p;
    if (datum == GB_DATUM_BD09)
        q = inverse(bd_of_gcj, q);
    if (datum == GB_DATUM_BD09 || datum == GB_DATUM_GCJ02)
        q = inverse(gcj_of_wgs, q);
    return is_in_china_box(q) ? q : p;
}

static gb_lonlat of_wgs(gb_datum datum, gb_lonlat p)
{
    if (!is_in_china_box(p))
        return p;
    if (datum == GB_DATUM_GCJ02 || datum == GB_DATUM_BD09)
        p = gcj_of_wgs(p);
    return datum == GB_DATUM_BD09 ? bd_of_gcj(p) : p;
}

/* CGCS2000 is taken as WGS 84. */
static gb_datum plain(gb_datum datum)
{
    return datum == GB_DATUM_CGCS2000 ? GB_DATUM_WGS84 : datum;
}

gb_lonlat geo_datum_shift(gb_datum from, gb_datum to, gb_lonlat point)
{
    if (plain(from) == plain(to))
        return point;
    if (plain(from) != GB_DATUM_WGS84)
        point = wgs_of(from, point);
    return of_wgs(to, point);
}

bool geo_lonlat_is_sound(gb_lonlat p)
{
    return p.lon_deg >= -180.0 && p.lon_deg <= 180.0 && p.lat_deg >= -90.0
           && p.lat_deg <= 90.0;
}

gb_status geo_datum_convert(gb_context *ctx, gb_datum from, gb_datum to,
                            gb_lonlat *points, size_t n_points)
{
    char lon[32], lat[32];

    for (size_t i = 0; i < n_points; i++)
        if (!geo_lonlat_is_sound(points[i]))
            return base_fail(
                ctx, GB_ERR_ARGUMENT,
                "point %zu: longitude %s, latitude %s is not on the globe", i,
                base_real_text(lon, points[i].lon_deg, 6),
                base_real_text(lat, points[i].lat_deg, 6));
    if (plain(from) == plain(to))
        return GB_OK;
    for (size_t i = 0; i < n_points; i++)
        points[i] = geo_datum_shift(from, to, points[i]);
    return GB_OK;
}

double geo_lonlat_distance_m(gb_lonlat a, gb_lonlat b)
{
    const double A_M = 6378137.0, E2 = 0.00669437999014;
    const double lat_rad = (a.lat_deg + b.lat_deg) / 360.0 * PI;
    const double w2 = 1.0 - E2 * sin(lat_rad) * sin(lat_rad);
    const double north_m = (b.lat_deg - a.lat_deg) / 180.0 * PI * A_M
                           * (1.0 - E2) / (w2 * sqrt(w2));
    double east_deg = fmod(b.lon_deg - a.lon_deg, 360.0);
    double east_m;

    if (east_deg > 180.0)
        east_deg -= 360.0;
    if (east_deg < -180.0)
        east_deg += 360.0;
    east_m = east_deg / 180.0 * PI * A_M / sqrt(w2) * cos(lat_rad);
    return sqrt(east_m * east_m + north_m * north_m);
}
