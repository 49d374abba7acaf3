/*
 * route_data_vehicle.c - the vehicles of a problem.  See route_data_take.h.
 */
#include "route_data_take.h"

#include <stddef.h>
#include <string.h>

#include "base_options.h"

enum { LEAST_SPEED = 100, MOST_SPEED = 10000 };

static gb_status check_place_and_shift(gb_context *ctx, const gb_route_problem *p,
                               uint32_t v, const gb_route_vehicle *given)
{
    if (given->profile >= p->n_profiles)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: profile %u; there are %u", v,
                         given->profile, p->n_profiles);
    if ((given->start_location != GB_ROUTE_NONE
         && given->start_location >= p->n_locations)
        || (given->end_location != GB_ROUTE_NONE
            && given->end_location >= p->n_locations))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: locations %u and %u; there are %u", v,
                         given->start_location, given->end_location,
                         p->n_locations);
    if (given->shift_start_s > given->shift_end_s
        || given->shift_start_s < -ROUTE_MOST_CLOCK_S
        || given->shift_end_s > ROUTE_MOST_CLOCK_S)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a shift from %d to %d s", v,
                         given->shift_start_s, given->shift_end_s);
    return GB_OK;
}

static gb_status check_limits(gb_context *ctx, const gb_route_problem *p,
                              uint32_t v, const gb_route_vehicle *given)
{
    if (given->max_duration_s < 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a duration of %d s at most", v,
                         given->max_duration_s);
    if (given->max_distance_m < 0 || given->max_travel_s < 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: %lld m and %d s of travel at most", v,
                         (long long)given->max_distance_m,
                         given->max_travel_s);
    if (given->speed_permille != 0
        && (given->speed_permille < LEAST_SPEED
            || given->speed_permille > MOST_SPEED))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a speed of %u thousandths; %d to %d "
                         "expected",
                         v, given->speed_permille, LEAST_SPEED, MOST_SPEED);
    if (given->day >= ROUTE_MOST_DAYS)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: day %u; 0 to %d expected", v, given->day,
                         ROUTE_MOST_DAYS - 1);
    if (p->n_prize_kinds && given->prize_kind >= p->n_prize_kinds)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: prize kind %u; there are %u", v,
                         given->prize_kind, p->n_prize_kinds);
    for (uint32_t k = 0; given->capacity && k < p->n_loads; k++)
        if (given->capacity[k] < 0)
            return base_fail(ctx, GB_ERR_DATA,
                             "vehicle %u: its capacity for load %u is %lld", v,
                             k, (long long)given->capacity[k]);
    return GB_OK;
}

static bool is_rate(int64_t rate)
{
    return rate >= 0 && rate <= ROUTE_MOST_RATE;
}

static gb_status check_costs(gb_context *ctx, uint32_t v,
                             const gb_route_vehicle *given)
{
    if (!is_rate(given->cost_per_s_milli) || !is_rate(given->cost_per_m_milli)
        || !is_rate(given->cost_per_travel_s_milli))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: costs of %lld a second, %lld a metre, "
                         "%lld a second of travel; 0 to %d expected",
                         v, (long long)given->cost_per_s_milli,
                         (long long)given->cost_per_m_milli,
                         (long long)given->cost_per_travel_s_milli,
                         ROUTE_MOST_RATE);
    if (given->fixed_cost < 0 || given->fixed_cost > ROUTE_MOST_PRIZE)
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: a fixed cost of %lld; 0 to %lld "
                         "expected",
                         v, (long long)given->fixed_cost,
                         (long long)ROUTE_MOST_PRIZE);
    return GB_OK;
}

static gb_status check_breaks(gb_context *ctx, uint32_t v,
                              const gb_route_vehicle *given)
{
    if (given->n_breaks > ROUTE_MOST_BREAKS
        || (given->n_breaks && !given->breaks))
        return base_fail(ctx, GB_ERR_DATA,
                         "vehicle %u: %u breaks, or none given; %d at most",
                         v, given->n_breaks, ROUTE_MOST_BREAKS);
    for (uint32_t k = 0; k < given->n_breaks; k++) {
        const gb_route_break *b = &given->breaks[k];

        if (b->early_s > b->late_s || b->length_s < 0
            || b->length_s > ROUTE_MOST_SECONDS || b->early_s < -ROUTE_MOST_CLOCK_S
            || b->late_s > ROUTE_MOST_CLOCK_S)
            return base_fail(ctx, GB_ERR_DATA,
                             "vehicle %u: break %u of %d s begins between %d "
                             "and %d s",
                             v, k, b->length_s, b->early_s, b->late_s);
    }
    return GB_OK;
}

static void lay_out(const gb_route_problem *p, const gb_route_vehicle *given,
                    route_vehicle *vehicle)
{
    const size_t n_prizes
        = (size_t)p->n_clients * (p->n_slots ? p->n_slots : 1);

    vehicle->start = given->start_location;
    vehicle->end = given->end_location;
    vehicle->shift_start_s = given->shift_start_s;
    vehicle->shift_end_s = given->shift_end_s;
    vehicle->max_duration_s
        = given->max_duration_s ? given->max_duration_s : ROUTE_NEVER;
    vehicle->max_travel_s
        = given->max_travel_s ? given->max_travel_s : ROUTE_NEVER;
    vehicle->max_distance_m
        = given->max_distance_m ? given->max_distance_m : INT64_MAX;
    vehicle->max_clients = given->max_clients ? given->max_clients : UINT32_MAX;
    vehicle->cost_per_s_milli = given->cost_per_s_milli;
    vehicle->cost_per_m_milli = given->cost_per_m_milli;
    vehicle->cost_per_travel_s_milli = given->cost_per_travel_s_milli;
    vehicle->fixed_milli = given->fixed_cost * 1000;
    vehicle->capacity = p->n_loads ? given->capacity : NULL;
    vehicle->skills = given->skills;
    vehicle->day = given->day;
    vehicle->prize_kind = given->prize_kind;
    vehicle->must_use = given->must_use != 0;
    if (p->n_prize_kinds)
        vehicle->prizes = p->client_kind_prize + given->prize_kind * n_prizes;
    else if (p->n_slots)
        vehicle->prizes = p->client_slot_prize;
    while (vehicle->first_slot + 1 < p->n_slots
           && p->slot_start_s[vehicle->first_slot + 1]
               <= vehicle->shift_start_s)
        vehicle->first_slot++;
    vehicle->n_breaks = given->n_breaks;
    for (uint32_t k = 0; k < given->n_breaks; k++)
        vehicle->breaks[k] = given->breaks[k];
}

static gb_status take(gb_context *ctx, const gb_route_problem *p, uint32_t v,
                      gb_route_vehicle *given)
{
    const size_t stride = p->vehicles->size;
    const char *raw = (const char *)p->vehicles + v * stride;
    size_t size;

    memcpy(&size, raw, sizeof size);
    if (size != stride)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "vehicle %u: its size is %zu, that of the first %zu",
                         v, size, stride);
    return base_options_take(ctx, given, sizeof *given, raw,
                             offsetof(gb_route_vehicle,
                                      cost_per_travel_s_milli));
}

gb_status route_take_vehicle(gb_context *ctx, const gb_route_problem *p,
                             uint32_t v, route_data *data)
{
    route_vehicle *vehicle = &data->vehicles[v];
    gb_route_vehicle given;
    gb_status status = take(ctx, p, v, &given);

    if (status == GB_OK)
        status = check_place_and_shift(ctx, p, v, &given);
    if (status == GB_OK)
        status = check_limits(ctx, p, v, &given);
    if (status == GB_OK)
        status = check_costs(ctx, v, &given);
    if (status == GB_OK)
        status = check_breaks(ctx, v, &given);
    if (status)
        return status;
    lay_out(p, &given, vehicle);
    status = route_take_travel(ctx, p, &given, data, vehicle);
    if (vehicle->cost_per_s_milli || vehicle->cost_per_m_milli
        || vehicle->cost_per_travel_s_milli || vehicle->fixed_milli
        || vehicle->cost)
        data->is_flat = false;
    return status;
}

gb_status route_take_days(gb_context *ctx, route_data *data)
{
    int64_t fixed = 0;
    uint32_t n = 0;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        fixed += data->vehicles[v].fixed_milli / 1000;
        if (fixed > ROUTE_MOST_SUM)
            return base_fail(ctx, GB_ERR_DATA,
                             "the fixed costs of the vehicles add up to more "
                             "than %lld",
                             (long long)ROUTE_MOST_SUM);
    }
    data->by_day
        = base_alloc_array(data->mem, data->n_vehicles, sizeof *data->by_day);
    if (!data->by_day)
        return base_fail_nomem(ctx);
    for (uint32_t day = 0; day < ROUTE_MOST_DAYS; day++) {
        data->first_of_day[day] = n;
        for (uint32_t v = 0; v < data->n_vehicles; v++)
            if (data->vehicles[v].day == day)
                data->by_day[n++] = v;
    }
    data->first_of_day[ROUTE_MOST_DAYS] = n;
    return GB_OK;
}
