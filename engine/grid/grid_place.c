/*
 * grid_place.c - centres in metres for areas out of a file.
 */
#include <math.h>
#include <string.h>

#include "grid_read.h"

static const double EARTH_M = 6371008.8;
static const double RAD = 3.14159265358979323846 / 180;

/* Degrees east of `from`, the short way round. */
static double eastwards(double lon_deg, double from)
{
    const double d = lon_deg - from;

    return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}

/* Equidistant conic about the middle of the data, on the sphere. */
void grid_place_project(const gb_lonlat *places, size_t n, gb_point *centres)
{
    double south = 90, north = -90, east = 0, f1, f2, cone, cut;

    for (size_t a = 0; a < n; a++) {
        south = fmin(south, places[a].lat_deg);
        north = fmax(north, places[a].lat_deg);
        east += eastwards(places[a].lon_deg, places[0].lon_deg) / (double)n;
    }
    f1 = (south + (north - south) / 6) * RAD;
    f2 = (north - (north - south) / 6) * RAD;
    cone = f2 - f1 > 1e-6 ? (cos(f1) - cos(f2)) / (f2 - f1) : sin(f1);
    if (fabs(cone) < 1e-6)
        cone = 1e-6; /* about the equator: as good as a cylinder */
    cut = cos(f1) / cone + f1;
    for (size_t a = 0; a < n; a++) {
        const double radius = cut - places[a].lat_deg * RAD;
        const double angle = cone * RAD
            * (eastwards(places[a].lon_deg, places[0].lon_deg) - east);

        centres[a].x_m = EARTH_M * radius * sin(angle);
        centres[a].y_m = EARTH_M * (cut - f1 - radius * cos(angle));
    }
}

/* --- without places ------------------------------------------------------ */

typedef struct walk {
    const uint32_t *first, *neighbours;
    size_t n;
    uint32_t *steps, *queue; /* n */
} walk;

/* Steps to each area; what is not reached counts as n.  The area farthest
 * away, the lowest of them. */
static uint32_t walk_from(walk *w, uint32_t start)
{
    size_t head = 0, tail = 0;
    uint32_t farthest = start;

    for (size_t a = 0; a < w->n; a++)
        w->steps[a] = (uint32_t)w->n;
    w->steps[start] = 0;
    w->queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = w->queue[head++];

        if (w->steps[a] > w->steps[farthest])
            farthest = a;
        for (size_t i = w->first[a]; i < w->first[a + 1]; i++) {
            const uint32_t b = w->neighbours[i];

            if (w->steps[b] < w->n)
                continue;
            w->steps[b] = w->steps[a] + 1;
            w->queue[tail++] = b;
        }
    }
    return farthest;
}

/*
 * By steps from two areas far apart, and from one far from both.  A start
 * that halves the ground along the longest line then cuts few adjacencies.
 */
gb_status grid_place_draw(base_run *run, const uint32_t *first,
                          const uint32_t *neighbours, size_t n,
                          gb_point *centres)
{
    walk w = { .first = first, .neighbours = neighbours, .n = n };
    uint32_t west, east, side = 0;
    gb_status status = GB_OK;

    w.steps = base_alloc_array(run->mem, n, sizeof *w.steps);
    w.queue = base_alloc_array(run->mem, n, sizeof *w.queue);
    if (!w.steps || !w.queue) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    west = walk_from(&w, 0);
    east = walk_from(&w, west);
    for (size_t a = 0; a < n; a++)
        centres[a] = (gb_point){ w.steps[a], w.steps[a] };
    walk_from(&w, east);
    for (size_t a = 0; a < n; a++) {
        centres[a].x_m = 1000 * (centres[a].x_m - w.steps[a]);
        centres[a].y_m += w.steps[a]; /* how far from both ends */
        if (centres[a].y_m > centres[side].y_m)
            side = (uint32_t)a;
    }
    walk_from(&w, side);
    for (size_t a = 0; a < n; a++)
        centres[a].y_m = 1000.0 * w.steps[a];

done:
    base_free(run->mem, w.steps);
    base_free(run->mem, w.queue);
    return status;
}
