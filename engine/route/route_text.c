/*
 * route_text.c - see route_text.h.
 */
#include "route_text.h"

#include <math.h>
#include <string.h>

void route_text_init(route_text *text, gb_context *ctx, const char *name)
{
    memset(text, 0, sizeof *text);
    text->ctx = ctx;
    text->mem = ctx->mem;
    text->name = name;
    text->n_loads = 1;
    text->n_days = 1;
    text->has_cost = true;
    text->scale = 1;
    text->rounding = GB_ROUTE_ROUNDING_NEAREST;
}

void route_text_clear(route_text *text)
{
    base_array_clear(text->mem, &text->nodes);
    base_array_clear(text->mem, &text->vehicles);
    base_array_clear(text->mem, &text->windows);
    base_array_clear(text->mem, &text->patterns);
    base_array_clear(text->mem, &text->allowed_vehicle);
    base_array_clear(text->mem, &text->allowed_node);
}

static gb_status vehicle_limit(const route_text *text, size_t v,
                               const char *what, double value, double most,
                               double *out)
{
    char number[32], most_text[32];

    *out = route_text_rounded(value * text->scale,
                              text->round_time_up ? GB_ROUTE_ROUNDING_DOWN
                                                  : text->rounding);
    if (*out >= 0 && *out <= most)
        return GB_OK;
    return base_fail(text->ctx, GB_ERR_DATA,
                     "%s: vehicle %zu: %s is %s units; 0 to %s expected",
                     text->name, v + 1, what, base_real_text(number, *out, 0),
                     base_real_text(most_text, most, 0));
}

static gb_status take_limits(const route_text *text, size_t v,
                             gb_route_vehicle *vehicle)
{
    const route_text_vehicle *from = &text->vehicles.items[v];
    double duration, distance, fixed;
    const double per = from->per_length * 1000;
    gb_status status;

    status = vehicle_limit(text, v, "MAX_DURATION", from->duration,
                           ROUTE_TEXT_MOST_CLOCK_S, &duration);
    if (status == GB_OK)
        status = vehicle_limit(text, v, "MAX_DISTANCE", from->distance, 1e15,
                               &distance);
    if (status == GB_OK)
        status = vehicle_limit(text, v, "FIXED_COST", from->fixed, ROUTE_TEXT_MOST_POINTS,
                               &fixed);
    if (status)
        return status;
    if (!(per >= 0 && per <= 100000))
        return base_fail(text->ctx, GB_ERR_DATA,
                         "%s: vehicle %zu: UNIT_DISTANCE_COST; 0 to 100 "
                         "expected",
                         text->name, v + 1);
    vehicle->max_duration_s = (int32_t)duration;
    vehicle->max_distance_m = (int64_t)distance;
    vehicle->fixed_cost = (int64_t)fixed;
    vehicle->cost_per_m_milli = text->has_cost ? (int64_t)(per + 0.5) : 0;
    return GB_OK;
}

static gb_status take_shift(const route_text *text, const uint32_t depot,
                            gb_route_vehicle *vehicle)
{
    const route_text_node *node = &text->nodes.items[depot];
    gb_route_window window;
    gb_status status;

    vehicle->shift_start_s = 0;
    vehicle->shift_end_s = ROUTE_TEXT_MOST_CLOCK_S;
    if (!node->has_window)
        return GB_OK;
    status = route_text_window_of(text, depot, node->early, node->late, &window);
    vehicle->shift_start_s = window.early_s;
    vehicle->shift_end_s = window.late_s;
    return status;
}

static gb_status add_vehicle(const route_text *text, gb_route_file *file,
                             size_t v, double scale)
{
    const route_text_vehicle *from = &text->vehicles.items[v];
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    int64_t *capacity = route_file_alloc(text->ctx, file, ROUTE_TEXT_LOADS,
                                         sizeof *capacity);
    gb_status status;

    if (!capacity)
        return GB_ERR_NOMEM;
    vehicle.start_location = vehicle.end_location = from->depot;
    vehicle.day = from->day;
    status = take_shift(text, from->depot, &vehicle);
    if (status == GB_OK)
        status = take_limits(text, v, &vehicle);
    for (uint32_t k = 0; k < text->n_loads; k++) {
        const double limit = floor(from->capacity[k] * scale + 0.5);

        capacity[k] = limit < 0 || limit > 1e15 ? (int64_t)1e15
                                                : (int64_t)limit;
    }
    vehicle.capacity = capacity;
    return status ? status
                  : route_file_add_vehicle(text->ctx, file, &vehicle, NULL);
}

static bool is_alike(const route_text_vehicle *a, const route_text_vehicle *b)
{
    return a->depot == b->depot && a->day == b->day
           && memcmp(a->capacity, b->capacity, sizeof a->capacity) == 0
           && memcmp(&a->duration, &b->duration, sizeof a->duration) == 0
           && memcmp(&a->distance, &b->distance, sizeof a->distance) == 0
           && memcmp(&a->fixed, &b->fixed, sizeof a->fixed) == 0
           && memcmp(&a->per_length, &b->per_length, sizeof a->per_length)
                  == 0;
}

static gb_status build_vehicles(const route_text *text, gb_route_file *file,
                                double scale)
{
    gb_status status = GB_OK;

    for (size_t v = 0; v < text->vehicles.n && status == GB_OK; v++) {
        status = add_vehicle(text, file, v, scale);
        if (v > 0
            && !is_alike(&text->vehicles.items[v], &text->vehicles.items[0]))
            file->has_numbered_vehicles = true;
    }
    if (text->allowed_vehicle.n)
        file->has_numbered_vehicles = true;
    return status;
}

static gb_status build_places(const route_text *text, gb_route_file *file)
{
    double *xy = route_file_alloc(text->ctx, file, 2 * text->nodes.n,
                                  sizeof *xy);

    if (!xy)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < text->nodes.n; i++) {
        xy[2 * i] = text->nodes.items[i].x;
        xy[2 * i + 1] = text->nodes.items[i].y;
        if (text->nodes.items[i].is_depot)
            file->facts.n_depots++;
    }
    if (text->metric != ROUTE_METRIC_EXPLICIT)
        file->xy = xy;
    return GB_OK;
}

uint32_t route_text_free_fleet(const route_text *text, const double *capacity)
{
    double least = 0, n_clients = 0;

    for (uint32_t k = 0; k < text->n_loads; k++) {
        double sum = 0;

        for (size_t i = 0; i < text->nodes.n; i++)
            sum += text->nodes.items[i].demand[k];
        if (capacity[k] > 0 && sum / capacity[k] > least)
            least = sum / capacity[k];
    }
    for (size_t i = 0; i < text->nodes.n; i++)
        n_clients += !text->nodes.items[i].is_depot;
    least = ceil(1.3 * least) + 10;
    if (text->has_time || least > n_clients)
        least = n_clients;
    return least < 1 ? 1 : (uint32_t)least;
}

gb_status route_text_build(route_text *text, gb_route_file *file)
{
    const double scale = route_text_load_scale(text);
    gb_status status = build_places(text, file);

    file->facts.scale = text->scale;
    file->facts.rounding = text->rounding;
    file->facts.n_days = text->n_days;
    file->problem.n_loads = text->n_loads;
    if (status == GB_OK)
        status = route_text_profile(text, file);
    if (status == GB_OK)
        status = build_vehicles(text, file, scale);
    if (status == GB_OK)
        status = route_text_clients(text, file, scale);
    return status ? status : route_file_finish(text->ctx, file);
}
