/*
 * report_map_density.c - the density layers of a map page.
 */
#include <math.h>
#include <string.h>

#include "report_map_work.h"

enum { DIGITS = 3 }; /* of the highest value: a share is below 1 */

/*
 * The stored raster lies on the plane, the page's picture on degrees: sample
 * the one at the pixels of the other, as levels of 0 to 255 of the highest.
 */
static gb_status sample_density(map_work *w, const store_density *d,
                                gb_lonlat *nodes, gb_point *at, uint32_t n_x,
                                uint32_t n_y)
{
    gb_context quiet;
    double highest = 0;
    gb_status status;

    for (uint32_t y = 0; y < n_y; y++)
        for (uint32_t x = 0; x < n_x; x++)
            nodes[(size_t)y * n_x + x] = (gb_lonlat){
                w->sw.lon_deg
                    + (w->ne.lon_deg - w->sw.lon_deg) * (x + 0.5) / n_x,
                w->sw.lat_deg
                    + (w->ne.lat_deg - w->sw.lat_deg) * (y + 0.5) / n_y
            };
    base_context_fork(&quiet, w->data->run->ctx);
    status = gb_crs_project(&quiet, w->crs, nodes, (size_t)n_x * n_y, at);
    if (status)
        base_context_adopt(w->data->run->ctx, &quiet);
    base_context_join(&quiet);
    if (status)
        return status;
    for (size_t i = 0; i < (size_t)d->n_columns * d->n_rows; i++)
        highest = fmax(highest, d->per_km2[i]);
    base_text_format(w->json, "\"n_x\":%u,\"n_y\":%u,\"max_km2\":", n_x, n_y);
    base_text_real(w->json, highest, DIGITS);
    base_text_add(w->json, ",\"values\":[");
    for (size_t i = 0; i < (size_t)n_x * n_y; i++) {
        const double column = floor((at[i].x_m - d->min_x_m) / d->pixel_m);
        const double row = floor((at[i].y_m - d->min_y_m) / d->pixel_m);
        double value = 0;

        if (column >= 0 && row >= 0 && column < d->n_columns
            && row < d->n_rows)
            value = d->per_km2[(size_t)row * d->n_columns + (size_t)column];
        if (i > 0)
            base_text_append(w->json, ",", 1);
        base_text_int(w->json,
                      highest > 0 ? lround(value / highest * 255) : 0);
    }
    base_text_add(w->json, "],\"south_west\":");
    report_add_point(w->json, &w->pen, w->sw);
    base_text_add(w->json, ",\"north_east\":");
    report_add_point(w->json, &w->pen, w->ne);
    base_text_add(w->json, ",\"radius_m\":");
    base_text_real(w->json, d->bandwidth_m, 0);
    return GB_OK;
}

static gb_status add_layer(map_work *w, const char *key, const char *layer)
{
    static const double METRES_A_DEGREE = 111320;
    enum { MOST = 400 };
    base_mem *mem = w->data->run->mem;
    const double middle = (w->sw.lat_deg + w->ne.lat_deg) / 2;
    store_density density;
    gb_lonlat *nodes = NULL;
    gb_point *at = NULL;
    uint32_t n_x, n_y;
    gb_status status;

    memset(&density, 0, sizeof density);
    report_map_key(w->json, key);
    status = store_load_density(w->data->ws, layer, w->data->plan.as_of,
                                &density);
    if (status == GB_ERR_NOT_FOUND) {
        base_text_add(w->json, "null");
        return GB_OK;
    }
    if (status)
        return status;
    n_x = (uint32_t)fmin(MOST, ceil((w->ne.lon_deg - w->sw.lon_deg)
                                    * METRES_A_DEGREE
                                    * cos(middle * 0.017453292519943295)
                                    / density.pixel_m));
    n_y = (uint32_t)fmin(MOST, ceil((w->ne.lat_deg - w->sw.lat_deg)
                                    * METRES_A_DEGREE / density.pixel_m));
    nodes = base_alloc_array(mem, (size_t)n_x * n_y, sizeof *nodes);
    at = base_alloc_array(mem, (size_t)n_x * n_y, sizeof *at);
    base_text_add(w->json, "{");
    status = nodes && at ? sample_density(w, &density, nodes, at, n_x, n_y)
                         : base_fail_nomem(w->data->run->ctx);
    base_text_add(w->json, "}");
    base_free(mem, nodes);
    base_free(mem, at);
    store_density_clear(&density);
    return status;
}

gb_status report_map_density(map_work *w)
{
    gb_status status = add_layer(w, "density", "dormant");

    if (!status)
        status = add_layer(w, "density_value", "value");
    return status ? status : add_layer(w, "density_share", "share");
}
