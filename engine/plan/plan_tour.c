/*
 * plan_tour.c - see plan_tour.h.
 */
#include "plan_tour.h"

#include <math.h>

#include "geo_index.h"

const double PLAN_TOUR_BETWEEN = 0.54;
const double PLAN_TOUR_THERE = 1.05;

static const double TOUR_CONSTANT = 0.7124;
static const double FARTHEST_M = 5000;
/* However far the branch, this much of a day is for visits. */
static const double LEAST_OF_DAY = 0.5;

enum { NEAREST = 4 };

/* How far the k-th nearest is where there is one place a unit of area: of
 * places strewn by chance, gamma(k + 1/2) / (gamma(k) sqrt(pi)). */
static const double nearest_of_chance[NEAREST]
    = { 0.5, 0.75, 0.9375, 1.09375 };

/* One over the root of the density about a spot. */
static double spacing_m(const geo_index *index, gb_point at, uint32_t spot)
{
    geo_index_hit hits[NEAREST + 1];
    const size_t n = geo_index_nearest(index, at, NEAREST + 1, FARTHEST_M,
                                       NULL, NULL, hits);
    double sum_m = 0;
    size_t k = 0;
    bool is_found = false;

    for (size_t i = 0; i < n && k < NEAREST; i++) {
        if (!is_found && hits[i].item == spot) {
            is_found = true;
            continue;
        }
        sum_m += hits[i].distance_m / nearest_of_chance[k++];
    }
    for (; k < NEAREST; k++)
        sum_m += FARTHEST_M / nearest_of_chance[k];
    return sum_m / NEAREST;
}

gb_status plan_tour_shares(base_run *run, const gb_point *spots, size_t n,
                           double *metres)
{
    geo_index *index = NULL;
    gb_status status = geo_index_build_points(run->ctx, spots, n, &index);

    for (size_t i = 0; i < n && !status; i++) {
        metres[i] = TOUR_CONSTANT
                    * fmin(spacing_m(index, spots[i], (uint32_t)i),
                           FARTHEST_M / TOUR_CONSTANT);
        status = base_poll(run);
    }
    geo_index_free(index);
    return status;
}

double plan_tour_work_s(double stay_s, double n_stops, double between_s,
                        double there_s, double day_s)
{
    const double days = stay_s / day_s;
    const double legs = n_stops > 0 ? fmax(1 - days / n_stops, 0) : 0;
    const double work_s = stay_s + PLAN_TOUR_BETWEEN * legs * between_s;
    const double left
        = fmax(1 - PLAN_TOUR_THERE * 2 * there_s / day_s, LEAST_OF_DAY);

    return work_s / left;
}
