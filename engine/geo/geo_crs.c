/*
 * geo_crs.c - projections by PROJ.
 *
 * PROJ finds its database by environment and home folder before it looks where
 * it was installed, so both paths are set here.  It projects points anywhere
 * without complaint, numbers of no use included: how far a point lies from
 * the zone's meridian is checked here.  WGS 84 to CGCS2000 is no transformation
 * to us (see gridbeat/geo.h), so a system is opened on its own datum.
 */
#include "geo_crs.h"

#include "base_text.h"

#include <proj.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Farther from the meridian a transverse Mercator is 1 % out of scale. */
static const double REACH_DEG = 9.0;

struct gb_crs {
    base_mem *mem;
    PJ_CONTEXT *proj;
    PJ *transform; /* longitude, latitude in degrees to east, north */
    int32_t epsg;
    double meridian_deg;
};

static void keep_quiet(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    (void)text;
}

/* PROJ's own words for a message. */
static const char *proj_words(PJ_CONTEXT *proj, int error)
{
    const char *words = error ? proj_context_errno_string(proj, error) : NULL;

    return words ? words : "PROJ gives no reason";
}

static bool is_known_datum(PJ_CONTEXT *proj, PJ *system)
{
    static const char *const codes[] = { "4326", "4490", "4258" };
    PJ *geodetic = proj_crs_get_geodetic_crs(proj, system);
    const char *code = geodetic ? proj_get_id_code(geodetic, 0) : NULL;
    bool is_known = false;

    for (size_t i = 0; code && i < sizeof codes / sizeof *codes; i++)
        is_known = is_known || strcmp(code, codes[i]) == 0;
    proj_destroy(geodetic);
    return is_known;
}

/* Is it a transverse Mercator in metres?  Gives its meridian. */
static bool read_meridian(PJ_CONTEXT *proj, PJ *system, double *meridian_deg)
{
    PJ *operation = proj_crs_get_coordoperation(proj, system);
    PJ *axes = proj_crs_get_coordinate_system(proj, system);
    const char *method = NULL;
    double unit_m = 0.0, to_radians = 0.0;
    bool is_good = false;
    int index;

    if (!operation || !axes)
        goto done;
    if (!proj_coordoperation_get_method_info(proj, operation, &method, NULL,
                                             NULL)
        || !method || strcmp(method, "Transverse Mercator") != 0)
        goto done;
    if (!proj_cs_get_axis_info(proj, axes, 0, NULL, NULL, NULL, &unit_m, NULL,
                               NULL, NULL)
        || fabs(unit_m - 1.0) > 1e-12)
        goto done;
    index = proj_coordoperation_get_param_index(
        proj, operation, "Longitude of natural origin");
    is_good = index >= 0
              && proj_coordoperation_get_param(
                     proj, operation, index, NULL, NULL, NULL, meridian_deg,
                     NULL, &to_radians, NULL, NULL, NULL, NULL);
    *meridian_deg *= to_radians * 180.0 / 3.14159265358979323846;
done:
    proj_destroy(axes);
    proj_destroy(operation);
    return is_good;
}

static gb_status open_database(gb_context *ctx, PJ_CONTEXT *proj)
{
    static const char *const folders[] = { GEO_PROJ_FOLDER };

    proj_log_func(proj, NULL, keep_quiet);
    proj_context_set_enable_network(proj, 0);
    proj_context_set_search_paths(proj, 1, folders);
    if (!proj_context_set_database_path(proj, GEO_PROJ_FOLDER "/proj.db", NULL,
                                        NULL))
        return base_fail(ctx, GB_ERR_LIBRARY,
                         "PROJ cannot read its database %s: %s",
                         GEO_PROJ_FOLDER "/proj.db",
                         proj_words(proj, proj_context_errno(proj)));
    return GB_OK;
}

static gb_status make_transform(gb_context *ctx, gb_crs *crs, int32_t epsg)
{
    gb_status status = GB_OK;
    char code[32];
    PJ *system = NULL, *geodetic = NULL, *raw = NULL;

    snprintf(code, sizeof code, "%d", (int)epsg);
    system = proj_create_from_database(crs->proj, "EPSG", code,
                                       PJ_CATEGORY_CRS, 0, NULL);
    if (!system) {
        status = base_fail(ctx, GB_ERR_CRS,
                           "EPSG:%d is no known coordinate system", (int)epsg);
        goto done;
    }
    if (proj_get_type(system) != PJ_TYPE_PROJECTED_CRS
        || !read_meridian(crs->proj, system, &crs->meridian_deg)) {
        status = base_fail(
            ctx, GB_ERR_CRS,
            "EPSG:%d (%s) is not a transverse Mercator projection in metres",
            (int)epsg, proj_get_name(system));
        goto done;
    }
    if (!is_known_datum(crs->proj, system)) {
        status = base_fail(ctx, GB_ERR_CRS,
                           "EPSG:%d (%s) is not on WGS 84 or CGCS2000",
                           (int)epsg, proj_get_name(system));
        goto done;
    }
    geodetic = proj_crs_get_geodetic_crs(crs->proj, system);
    raw = geodetic ? proj_create_crs_to_crs_from_pj(crs->proj, geodetic, system,
                                                    NULL, NULL)
                   : NULL;
    crs->transform = raw ? proj_normalize_for_visualization(crs->proj, raw)
                         : NULL;
    if (!crs->transform)
        status = base_fail(ctx, GB_ERR_LIBRARY, "EPSG:%d: %s", (int)epsg,
                           proj_words(crs->proj,
                                      proj_context_errno(crs->proj)));
done:
    proj_destroy(raw);
    proj_destroy(geodetic);
    proj_destroy(system);
    return status;
}

gb_status geo_crs_open(gb_context *ctx, int32_t epsg, gb_crs **out)
{
    gb_status status;
    gb_crs *crs;

    *out = NULL;
    crs = base_alloc_zeroed(ctx->mem, 1, sizeof *crs);
    if (!crs)
        return base_fail_nomem(ctx);
    crs->mem = base_mem_ref(ctx->mem);
    crs->epsg = epsg;
    crs->proj = proj_context_create();
    if (!crs->proj) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    status = open_database(ctx, crs->proj);
    if (!status)
        status = make_transform(ctx, crs, epsg);
    if (!status) {
        *out = crs;
        crs = NULL;
    }
done:
    gb_crs_free(crs);
    return status;
}

void gb_crs_free(gb_crs *crs)
{
    base_mem *mem;

    if (!crs)
        return;
    mem = crs->mem;
    proj_destroy(crs->transform);
    proj_context_destroy(crs->proj);
    base_free(mem, crs);
    base_mem_unref(mem);
}

int32_t gb_crs_epsg(const gb_crs *crs)
{
    return crs ? crs->epsg : 0;
}

/* Degrees from the zone's meridian, the short way round. */
static double off_meridian_deg(const gb_crs *crs, double lon_deg)
{
    return fabs(remainder(lon_deg - crs->meridian_deg, 360.0));
}

gb_status geo_crs_project(gb_context *ctx, gb_crs *crs, const gb_lonlat *from,
                          size_t n, gb_point *to)
{
    char lon[32], lat[32];

    for (size_t i = 0; i < n; i++) {
        to[i].x_m = from[i].lon_deg;
        to[i].y_m = from[i].lat_deg;
    }
    proj_errno_reset(crs->transform);
    if (n > 0)
        proj_trans_generic(crs->transform, PJ_FWD, &to->x_m, sizeof *to, n,
                           &to->y_m, sizeof *to, n, NULL, 0, 0, NULL, 0, 0);
    for (size_t i = 0; i < n; i++)
        if (!geo_lonlat_is_sound(from[i]) || !isfinite(to[i].x_m)
            || !isfinite(to[i].y_m)
            || off_meridian_deg(crs, from[i].lon_deg) > REACH_DEG)
            return base_fail(
                ctx, GB_ERR_CRS,
                "point %zu: longitude %s, latitude %s is too far from the "
                "zone of EPSG:%d", i,
                base_real_text(lon, from[i].lon_deg, 6),
                base_real_text(lat, from[i].lat_deg, 6), (int)crs->epsg);
    return GB_OK;
}

gb_status geo_crs_unproject(gb_context *ctx, gb_crs *crs,
                            const gb_point *from, size_t n, gb_lonlat *to)
{
    char x[32], y[32];

    for (size_t i = 0; i < n; i++) {
        to[i].lon_deg = from[i].x_m;
        to[i].lat_deg = from[i].y_m;
    }
    proj_errno_reset(crs->transform);
    if (n > 0)
        proj_trans_generic(crs->transform, PJ_INV, &to->lon_deg, sizeof *to, n,
                           &to->lat_deg, sizeof *to, n, NULL, 0, 0, NULL, 0,
                           0);
    for (size_t i = 0; i < n; i++)
        if (!geo_lonlat_is_sound(to[i])
            || off_meridian_deg(crs, to[i].lon_deg) > REACH_DEG + 1e-6)
            return base_fail(ctx, GB_ERR_CRS,
                             "point %zu: x %s m, y %s m is too far from the "
                             "zone of EPSG:%d", i,
                             base_real_text(x, from[i].x_m, 1),
                             base_real_text(y, from[i].y_m, 1),
                             (int)crs->epsg);
    return GB_OK;
}

gb_status geo_crs_for_extent(gb_context *ctx, gb_lonlat south_west,
                             gb_lonlat north_east, int32_t *epsg)
{
    const double lon = (south_west.lon_deg + north_east.lon_deg) / 2.0;
    const double lat = (south_west.lat_deg + north_east.lat_deg) / 2.0;

    *epsg = 0;
    if (!geo_lonlat_is_sound(south_west) || !geo_lonlat_is_sound(north_east)
        || south_west.lon_deg > north_east.lon_deg
        || south_west.lat_deg > north_east.lat_deg)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the extent is empty or not on the globe");
    if (north_east.lat_deg > 84.0 || south_west.lat_deg < -80.0)
        return base_fail(ctx, GB_ERR_CRS,
                         "the extent reaches beyond 84 degrees north or 80 "
                         "degrees south, where there are no zones");
    if (lon >= 73.5 && lon < 136.5 && lat >= 17.5 && lat <= 54.0)
        *epsg = 4534 + (int32_t)(lround(lon / 3.0) - 25);
    else
        *epsg = (lat >= 0.0 ? 32600 : 32700)
                + (int32_t)fmin((lon + 180.0) / 6.0, 59.0) + 1;
    return GB_OK;
}
