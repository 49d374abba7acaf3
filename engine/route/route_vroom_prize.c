/*
 * route_vroom_prize.c - what jobs are worth, so that plans are compared as
 * VROOM does; see route_vroom.h.
 *
 * VROOM compares plans by the sum of priorities, then by the number
 * of jobs, then by cost.  Let C be more than any plan can cost: every job is
 * entered over its dearest leg, every vehicle pays its fixed cost and its
 * dearest way to its end; or no vehicle drives longer than its time window.
 * A job is worth Q = C + 1, so that none is left out for cost, and each unit
 * of priority n Q + C + 1, so that none is lost for number and cost.  Where
 * that is beyond the greatest prize (10^12), points are taken for 10, 100 or
 * 1000 units of cost, as long as nothing is rounded; where it still is, the
 * file is refused: an order that quietly is none would be worse.
 */
#include "route_vroom.h"

#include <string.h>

#include "base_check.h"

enum { MOST_RATE = 100000 };
static const int64_t MOST_PRIZE = INT64_C(1000000000000);
static const int64_t MOST_PRIZES = INT64_C(4000000000000000);

static gb_status wrong(const vroom_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

/* ---- sums that stay at the top ---- */

static int64_t plus(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static int64_t times(int64_t a, int64_t b)
{
    return b != 0 && a > INT64_MAX / b ? INT64_MAX : a * b;
}

/* ---- units ---- */

bool route_vroom_scaled(int64_t value, const vroom_unit *unit, int64_t most,
                        int64_t *out)
{
    const int64_t wide = times(value, unit->num);

    *out = wide / unit->den;
    return wide < INT64_MAX && wide % unit->den == 0 && *out <= most;
}

/* per_hour into thousandths of a point a second: h * 1000 / 3600 units. */
bool route_vroom_rate_of(const vroom_vehicle *v,
                         const gb_route_profile *profile,
                         const vroom_unit *unit, int64_t *per_s, int64_t *per_m)
{
    const vroom_unit hourly = { unit->num * 5, unit->den * 18 };

    *per_s = 0;
    return (profile->cost
            || route_vroom_scaled(v->per_hour, &hourly, MOST_RATE, per_s))
           && route_vroom_scaled(v->per_km, unit, MOST_RATE, per_m);
}

static bool is_exact(const vroom_reader *r, const vroom_unit *unit)
{
    int64_t value, per_m;

    for (uint32_t v = 0; v < r->own->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &r->own->vehicles[v];
        const gb_route_profile *profile =
            &r->file->problem.profiles[vehicle->profile];

        if (!route_vroom_rate_of(vehicle, profile, unit, &value, &per_m)
            || !route_vroom_scaled(vehicle->fixed, unit, MOST_PRIZE, &value)
            || (profile->cost && (unit->num != 1 || unit->den != 1)))
            return false;
    }
    return true;
}

/* The greatest of what legs of a profile can cost: all its vehicles in one. */
typedef struct vroom_legs {
    const gb_route_profile *profile;
    int64_t per_s, per_m; /* milli */
    uint32_t slowest_permille;
} vroom_legs;

static int64_t leg_cost(const vroom_legs *legs, size_t at)
{
    const gb_route_profile *p = legs->profile;
    int64_t cost = 0;

    if (p->seconds[at] == GB_ROUTE_UNREACHABLE)
        return 0;
    if (legs->per_s)
        cost = ((int64_t)p->seconds[at] * 1000 / legs->slowest_permille + 1)
               * legs->per_s;
    if (p->metres)
        cost += p->metres[at] * legs->per_m;
    if (p->cost)
        cost += p->cost[at] * INT64_C(1000);
    return cost;
}

static vroom_legs legs_of(const vroom_reader *r, uint32_t f,
                          const vroom_unit *unit)
{
    vroom_legs legs = { &r->file->problem.profiles[f], 0, 0, UINT32_MAX };

    for (uint32_t v = 0; v < r->own->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &r->own->vehicles[v];
        int64_t per_s, per_m;

        if (vehicle->profile != f
            || !route_vroom_rate_of(vehicle, legs.profile, unit, &per_s,
                                    &per_m))
            continue;
        if (per_s > legs.per_s)
            legs.per_s = per_s;
        if (per_m > legs.per_m)
            legs.per_m = per_m;
        if (vehicle->speed_permille < legs.slowest_permille)
            legs.slowest_permille = vehicle->speed_permille;
    }
    return legs;
}

/* most[j]: the dearest way to location j from one where a vehicle can be. */
static void dearest_ways(const vroom_reader *r, const vroom_unit *unit,
                         const bool *is_used, int64_t *most)
{
    const size_t n = r->file->problem.n_locations;

    memset(most, 0, n * sizeof *most);
    for (uint32_t f = 0; f < r->file->problem.n_profiles; f++) {
        const vroom_legs legs = legs_of(r, f, unit);

        if (legs.slowest_permille == UINT32_MAX)
            continue;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; is_used[i] && j < n; j++) {
                const int64_t cost = leg_cost(&legs, i * n + j);

                if (cost > most[j])
                    most[j] = cost;
            }
    }
}

/* What a vehicle can cost at most by its hours; INT64_MAX: they tell nothing.
 */
static int64_t hours_cost(const vroom_reader *r, const vroom_vehicle *v,
                          const vroom_unit *unit)
{
    const gb_route_profile *profile = &r->file->problem.profiles[v->profile];
    int64_t per_s, per_m, hours = INT64_MAX;

    if (profile->cost || v->per_km
        || !route_vroom_rate_of(v, profile, unit, &per_s, &per_m))
        return INT64_MAX;
    if (v->is_windowed)
        hours = v->window.late_s - v->window.early_s;
    if (v->max_travel_s && v->max_travel_s < hours)
        hours = v->max_travel_s;
    return times(hours, per_s);
}

/* Of the setup and service of a job alone, in thousandths of a point. */
int64_t route_vroom_task_cost(const vroom_job *job, int64_t per_task_hour,
                              const vroom_unit *unit)
{
    return times((job->service_s + job->setup_s) * 5 * unit->num, per_task_hour)
           / (18 * unit->den);
}

/* Vehicles with equal per_task_hour have prizes of one kind. */
void route_vroom_number_kinds(vroom_reader *r)
{
    const uint32_t n = r->own->n_vehicles;
    uint32_t n_kinds = 0;

    for (uint32_t v = 0; v < n; v++) {
        vroom_vehicle *vehicle = &r->vehicle_rows[v];
        uint32_t u = 0;

        while (r->vehicle_rows[u].per_task_hour != vehicle->per_task_hour)
            u++;
        vehicle->prize_kind = u < v ? r->vehicle_rows[u].prize_kind : n_kinds++;
        if (vehicle->per_task_hour > r->dearest_task_hour)
            r->dearest_task_hour = vehicle->per_task_hour;
    }
    r->file->problem.n_prize_kinds = r->dearest_task_hour ? n_kinds : 0;
}

/* More than a plan can cost, in points; GB_ERR_NOMEM. */
static gb_status bound_cost(const vroom_reader *r, const vroom_unit *unit,
                            int64_t *out)
{
    const vroom_file *own = r->own;
    const size_t n = r->file->problem.n_locations;
    int64_t *most = base_alloc_zeroed(r->ctx->mem, n, sizeof *most);
    bool *is_used = base_alloc_zeroed(r->ctx->mem, n, sizeof *is_used);
    int64_t by_legs = 0, by_hours = 0, others = 0, fixed;

    if (most && is_used) {
        for (uint32_t j = 0; j < own->n_jobs; j++)
            is_used[own->jobs[j].location] = true;
        for (uint32_t v = 0; v < own->n_vehicles; v++)
            if (own->vehicles[v].start != GB_ROUTE_NONE)
                is_used[own->vehicles[v].start] = true;
        dearest_ways(r, unit, is_used, most);
        for (uint32_t j = 0; j < own->n_jobs; j++) {
            by_legs = plus(by_legs, most[own->jobs[j].location]);
            others =
                plus(others, route_vroom_task_cost(&own->jobs[j],
                                                   r->dearest_task_hour, unit));
        }
        for (uint32_t v = 0; v < own->n_vehicles; v++) {
            if (own->vehicles[v].end != GB_ROUTE_NONE)
                by_legs = plus(by_legs, most[own->vehicles[v].end]);
            by_hours = plus(by_hours, hours_cost(r, &own->vehicles[v], unit));
            route_vroom_scaled(own->vehicles[v].fixed, unit, MOST_PRIZE,
                               &fixed);
            others = plus(others, times(fixed, 1000));
        }
        *out = plus(by_legs < by_hours ? by_legs : by_hours, others) / 1000
               + own->n_jobs + 1; /* what the prizes round away */
    }
    base_free(r->ctx->mem, most);
    base_free(r->ctx->mem, is_used);
    return most && is_used ? GB_OK : base_fail_nomem(r->ctx);
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        const int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* False: beyond what prizes may be. */
static bool set_prizes(const vroom_reader *r, int64_t cost,
                       vroom_prizes *prizes)
{
    const vroom_file *own = r->own;
    int64_t least = INT64_MAX, most = 0, sum = 0, all;

    prizes->step = 0;
    for (uint32_t j = 0; j < own->n_jobs; j++) {
        const int64_t priority = own->jobs[j].priority;

        least = priority < least ? priority : least;
        most = priority > most ? priority : most;
        sum += priority;
        prizes->step = gcd(prizes->step, priority);
    }
    prizes->step += prizes->step == 0;
    prizes->per_job = plus(cost, 1);
    /* All alike: the sum of priorities is the number of jobs. */
    prizes->per_priority =
        least >= most
            ? 0
            : plus(times(own->n_jobs, prizes->per_job), plus(cost, 1));
    all = plus(times(sum / prizes->step, prizes->per_priority),
               times(own->n_jobs, prizes->per_job));
    return plus(times(most / prizes->step, prizes->per_priority),
                prizes->per_job)
               <= MOST_PRIZE
           && all <= MOST_PRIZES;
}

gb_status route_vroom_choose_unit(const vroom_reader *r, vroom_unit *unit,
                                  vroom_prizes *prizes)
{
    static const vroom_unit units[] = { { 1, 1 },   { 18, 1 }, { 9, 5 },
                                        { 1, 10 },  { 9, 50 }, { 1, 100 },
                                        { 1, 1000 } };
    bool was_exact = false;

    for (size_t u = 0; u < COUNT_OF(units); u++) {
        int64_t cost = 0;
        gb_status status;

        if (!is_exact(r, &units[u]))
            continue;
        was_exact = true;
        *unit = units[u];
        status = bound_cost(r, unit, &cost);
        if (status)
            return status;
        if (set_prizes(r, cost, prizes))
            return GB_OK;
    }
    return wrong(r, r->vehicles,
                 was_exact ? base_fail(r->ctx, GB_ERR_DATA,
                                       "with so many jobs, priorities and "
                                       "costs the order (priorities, number, "
                                       "cost) is beyond 64 bits: use smaller "
                                       "costs or fewer levels of priority")
                           : base_fail(r->ctx, GB_ERR_DATA,
                                       "costs beyond what is counted: up to "
                                       "360000 per_hour, or 20000 where it is "
                                       "no multiple of 18"));
}
