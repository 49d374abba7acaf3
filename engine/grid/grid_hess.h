/*
 * grid_hess.h - territories about the best of their own areas, as Hess's model
 * has them: on the ellipsoid, and apart from the search, which goes by mean
 * centres on the plane.
 */
#ifndef GRID_HESS_H
#define GRID_HESS_H

#include <gridbeat/grid.h>

#include "base_run.h"

/* Of one area: its point on GRS80 in km from the middle of the earth, and the
 * mean radius of curvature there. */
typedef struct grid_spot {
    double x_km, y_km, z_km, radius_km;
} grid_spot;

grid_spot grid_spot_at(gb_lonlat place);

/* The geodesic squared: the chord, and what the curve adds to it. */
static inline double grid_spot_km2(const grid_spot *a, const grid_spot *b)
{
    const double dx = a->x_km - b->x_km, dy = a->y_km - b->y_km;
    const double dz = a->z_km - b->z_km;
    const double chord2 = dx * dx + dy * dy + dz * dz;
    /* asin(h)^2 with h half the chord as a share of the radius */
    const double h2 = chord2 / (4 * a->radius_km * b->radius_km);

    return chord2
        * (1 + h2 * (1 / 3.0 + h2 * (8 / 45.0 + h2 * (4 / 35.0))));
}

/* The area as a spot: of the places, or of the plane where they are NULL; km
 * then are metres. */
grid_spot grid_spot_of(const gb_areas *areas, const gb_lonlat *places,
                       size_t area);

/* Squared distances, or plain ones; centres may be NULL. */
gb_status grid_hess_sum(base_run *run, const gb_areas *areas,
                        const gb_lonlat *places, size_t n_territories,
                        const uint32_t *owners, bool is_squared,
                        uint32_t *centres, double *sum);

#endif
