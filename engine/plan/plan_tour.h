/*
 * plan_tour.h - how long the way between visits will be, before any route is
 * made.
 *
 * The way of a tour through many places is that of its density: a place adds
 * 0.7124 / sqrt(places a m2) of straight line (J. Beardwood, J. Halton,
 * J. Hammersley 1959, doi:10.1017/S0305004100034095; the constant from
 * D. Johnson, L. McGeoch 1996).  The density about each place is taken from
 * its nearest others.  So each place has a share of its own, whatever
 * territory it comes to: sums of cells are linear, and cutting cells finer
 * changes nothing.
 *
 * To this comes the way from the branch and back, once a day (C. Daganzo 1984,
 * doi:10.1287/trsc.18.4.331): of a working day what is not on that way is left
 * for visits.  Both parts are scaled by constants that bench/bench_travel
 * fits to routes of this engine's own solver; data/TRAVEL.md has them, and
 * their error.
 *
 * Pure functions on arrays; metres on the plane, seconds.
 */
#ifndef PLAN_TOUR_H
#define PLAN_TOUR_H

#include <gridbeat/geo.h>

#include "base_run.h"

/* Routes against the two parts: of one stop to the next, of there and back. */
extern const double PLAN_TOUR_BETWEEN, PLAN_TOUR_THERE;

/* Metres of straight line that each spot adds to a tour through all that are
 * near it: n of them.  Spots farther apart than 5 km count as 5 km. */
gb_status plan_tour_shares(base_run *run, const gb_point *spots, size_t n,
                           double *metres);

/*
 * The work that visits make with the way to them: `stay_s` at the customers',
 * `n_stops` of them, `between_s` from one to the next (shares times pace),
 * `there_s` one way from the branch, on days of `day_s`.  The first stop of a
 * day has no way from another one.
 */
double plan_tour_work_s(double stay_s, double n_stops, double between_s,
                        double there_s, double day_s);

#endif
