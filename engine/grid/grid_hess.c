/*
 * grid_hess.c - see grid_hess.h.
 */
#include "grid_hess.h"

#include <math.h>
#include <string.h>

static const double RAD = 3.14159265358979323846 / 180;
/* GRS80 */
static const double AXIS_KM = 6378.137;
static const double FLAT = 1 / 298.257222101;

grid_spot grid_spot_at(gb_lonlat place)
{
    const double e2 = FLAT * (2 - FLAT);
    const double lat = place.lat_deg * RAD, lon = place.lon_deg * RAD;
    const double w2 = 1 - e2 * sin(lat) * sin(lat);
    const double across = AXIS_KM / sqrt(w2); /* of the prime vertical */

    return (grid_spot){ across * cos(lat) * cos(lon),
                        across * cos(lat) * sin(lon),
                        across * (1 - e2) * sin(lat),
                        across * sqrt((1 - e2) / w2) };
}

grid_spot grid_spot_of(const gb_areas *areas, const gb_lonlat *places,
                       size_t area)
{
    /* On a globe that large a chord is as long as the arc. */
    const double flat = 1e30;

    if (places)
        return grid_spot_at(places[area]);
    return (grid_spot){ areas->centres[area].x_m, areas->centres[area].y_m, 0,
                        flat };
}

typedef struct hess {
    const double *weight;
    const grid_spot *spots;
    const uint32_t *order, *first; /* areas by territory */
    bool is_squared;
} hess;

/* About one area of t; gives up beyond `limit`. */
static double about(const hess *h, uint32_t t, uint32_t centre, double limit)
{
    double sum = 0;

    for (uint32_t i = h->first[t]; i < h->first[t + 1] && sum < limit; i++) {
        const uint32_t a = h->order[i];
        const double km2 = grid_spot_km2(&h->spots[a], &h->spots[centre]);

        sum += h->weight[a] * (h->is_squared ? km2 : sqrt(km2));
    }
    return sum;
}

static gb_status best_of(base_run *run, const hess *h, uint32_t t,
                         uint32_t *centre, double *sum)
{
    *centre = GB_GRID_NONE;
    *sum = INFINITY;
    for (uint32_t i = h->first[t]; i < h->first[t + 1]; i++) {
        const double tried = about(h, t, h->order[i], *sum);
        const gb_status status
            = base_poll_many(run, h->first[t + 1] - h->first[t]);

        if (status)
            return status;
        if (tried < *sum) {
            *sum = tried;
            *centre = h->order[i];
        }
    }
    if (*centre == GB_GRID_NONE)
        *sum = 0;
    return GB_OK;
}

/* Areas by territory, each in the order of the areas; first has k + 2. */
static void sort_by_owner(const uint32_t *owners, size_t n, size_t k,
                          uint32_t *first, uint32_t *order)
{
    memset(first, 0, (k + 2) * sizeof *first);
    for (size_t a = 0; a < n; a++)
        if (owners[a] < k)
            first[owners[a] + 2]++;
    for (size_t t = 0; t < k; t++)
        first[t + 2] += first[t + 1];
    for (size_t a = 0; a < n; a++)
        if (owners[a] < k)
            order[first[owners[a] + 1]++] = (uint32_t)a;
}

gb_status grid_hess_sum(base_run *run, const gb_areas *areas,
                        const gb_lonlat *places, size_t n_territories,
                        const uint32_t *owners, bool is_squared,
                        uint32_t *centres, double *sum)
{
    const size_t n = areas->n_areas;
    grid_spot *spots = base_alloc_array(run->mem, n, sizeof *spots);
    uint32_t *order = base_alloc_array(run->mem, n, sizeof *order);
    uint32_t *first
        = base_alloc_array(run->mem, n_territories + 2, sizeof *first);
    const hess h = { areas->activity, spots, order, first, is_squared };
    gb_status status = GB_OK;
    double all = 0;

    if (!spots || !order || !first) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t a = 0; a < n; a++)
        spots[a] = grid_spot_of(areas, places, a);
    sort_by_owner(owners, n, n_territories, first, order);
    for (uint32_t t = 0; t < n_territories; t++) {
        uint32_t centre;
        double part;

        status = best_of(run, &h, t, &centre, &part);
        if (status)
            goto done;
        if (centres)
            centres[t] = centre;
        all += part;
    }
    *sum = all;

done:
    base_free(run->mem, spots);
    base_free(run->mem, order);
    base_free(run->mem, first);
    return status;
}
