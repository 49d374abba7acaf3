/*
 * route_vrplib_rows.c - see route_vrplib.h: one row of a section.
 */
#include "route_vrplib.h"

#include <string.h>

/* The node of this row: its number, then from 0. */
static gb_status row_node(vrplib *v, uint32_t *node)
{
    int64_t number;
    gb_status status = route_scan_whole(&v->scan, v->name, 1, v->n_nodes,
                                        &number);

    *node = status ? 0 : (uint32_t)number - 1;
    return status;
}

static gb_status twice(vrplib *v, const route_word *word, uint32_t number)
{
    return route_scan_at(&v->scan, word,
                         base_fail(v->ctx, GB_ERR_DATA,
                                   "%s: number %u is there twice", v->name,
                                   number));
}

/* Once a node and section. */
static gb_status row_once(vrplib *v, uint8_t flag, route_text_node **out)
{
    const route_word word = route_scan_peek(&v->scan);
    uint32_t node;
    gb_status status = row_node(v, &node);

    if (status)
        return status;
    *out = &v->text.nodes.items[node];
    if ((*out)->seen & flag)
        return twice(v, &word, node + 1);
    (*out)->seen |= flag;
    return GB_OK;
}

static gb_status row_xy(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, VRPLIB_SEEN_XY, &node);

    if (status == GB_OK)
        status = route_scan_real(&v->scan, v->name, &node->x);
    if (status == GB_OK)
        status = route_scan_real(&v->scan, v->name, &node->y);
    return status;
}

/* Coordinates to draw with, of a matrix; nothing is computed from them. */
static gb_status row_display(vrplib *v)
{
    double ignored;
    uint32_t node;
    gb_status status = row_node(v, &node);

    for (int k = 0; k < 2 && status == GB_OK; k++)
        status = route_scan_real(&v->scan, v->name, &ignored);
    return status;
}

static gb_status row_demand(vrplib *v)
{
    route_text_node *node;
    uint32_t n = 0;
    gb_status status = row_once(v, VRPLIB_SEEN_DEMAND, &node);

    while (status == GB_OK && n < ROUTE_TEXT_LOADS
           && (n == 0 || route_scan_peek(&v->scan).n))
        status = route_scan_amount(&v->scan, v->name, &node->demand[n++]);
    if (n > v->text.n_loads)
        v->text.n_loads = n;
    return status;
}

static gb_status row_service(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, VRPLIB_SEEN_SERVICE, &node);

    return status ? status
                  : route_scan_amount(&v->scan, v->name, &node->service);
}

static gb_status row_release(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, VRPLIB_SEEN_RELEASE, &node);

    v->text.has_time = true;
    return status ? status
                  : route_scan_real(&v->scan, v->name, &node->release);
}

/* A prize of 0 is no prize: such a client is a must. */
static gb_status row_prize(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, VRPLIB_SEEN_PRIZE, &node);

    if (status == GB_OK)
        status = route_scan_amount(&v->scan, v->name, &node->prize);
    if (status == GB_OK && node->prize > 0)
        node->is_must = false;
    return status;
}

/* Another row of the same node is another window. */
static gb_status row_window(vrplib *v)
{
    route_text_window window = { 0, 0, 0 };
    route_text_node *node;
    gb_status status = row_node(v, &window.node);

    v->text.has_time = true;
    if (status == GB_OK)
        status = route_scan_window(&v->scan, v->name, v->name, &window.early,
                                   &window.late);
    if (status)
        return status;
    node = &v->text.nodes.items[window.node];
    if (!node->has_window) {
        node->has_window = true;
        node->early = window.early;
        node->late = window.late;
        return GB_OK;
    }
    node->n_more_windows++;
    if (!base_array_push(v->text.mem, &v->text.windows, window))
        return base_fail_nomem(v->ctx);
    return GB_OK;
}

static gb_status row_depot(vrplib *v)
{
    const route_word word = route_scan_peek(&v->scan);
    route_text_node *node;
    gb_status status;

    if (route_word_is(&word, "-1")) {
        route_scan_word(&v->scan);
        return GB_OK;
    }
    status = row_once(v, VRPLIB_SEEN_DEPOT, &node);
    if (status == GB_OK)
        node->is_depot = v->has_depots = true;
    return status;
}

static gb_status row_group(vrplib *v)
{
    int64_t group;
    gb_status status = route_scan_whole(&v->scan, v->name, 1, v->n_nodes,
                                        &group);

    v->text.has_groups = true;
    while (status == GB_OK && route_scan_peek(&v->scan).n) {
        uint32_t node;

        status = row_node(v, &node);
        if (status == GB_OK) {
            v->text.nodes.items[node].group = (uint32_t)group - 1;
            v->text.nodes.items[node].is_must = false;
        }
    }
    return status;
}

static gb_status row_weights(vrplib *v)
{
    gb_status status = GB_OK;

    while (status == GB_OK && route_scan_peek(&v->scan).n) {
        double number;

        status = route_scan_amount(&v->scan, v->name, &number);
        if (status == GB_OK
            && !base_array_push(v->text.mem, &v->weights.numbers, number))
            status = base_fail_nomem(v->ctx);
    }
    return status;
}

/* The vehicle of this row; there are as many as rows where it is untold. */
static gb_status row_vehicle(vrplib *v, route_text_vehicle **out)
{
    const uint32_t most = v->n_vehicles ? v->n_vehicles : VRPLIB_MOST_VEHICLES;
    const route_word word = route_scan_peek(&v->scan);
    route_text_vehicle vehicle;
    int64_t number;
    gb_status status = route_scan_whole(&v->scan, v->name, 1, most, &number);

    if (status)
        return status;
    if (!v->n_vehicles && (uint64_t)number > v->text.vehicles.n + 1)
        return route_scan_at(
            &v->scan, &word,
            base_fail(v->ctx, GB_ERR_DATA,
                      "%s: vehicle %u comes after vehicle %zu", v->name,
                      (uint32_t)number, v->text.vehicles.n));
    memset(&vehicle, 0, sizeof vehicle);
    vehicle.depot = GB_ROUTE_NONE;
    /* Marks for what the head says of all. */
    vehicle.duration = vehicle.distance = vehicle.fixed = vehicle.per_length
        = -1;
    for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
        vehicle.capacity[k] = -1;
    while (v->text.vehicles.n < (uint64_t)number)
        if (!base_array_push(v->text.mem, &v->text.vehicles, vehicle))
            return base_fail_nomem(v->ctx);
    *out = &v->text.vehicles.items[number - 1];
    return GB_OK;
}

static gb_status row_vehicle_depot(vrplib *v)
{
    route_text_vehicle *vehicle;
    uint32_t depot;
    gb_status status = row_vehicle(v, &vehicle);

    if (status == GB_OK)
        status = row_node(v, &depot);
    if (status == GB_OK)
        vehicle->depot = depot;
    return status;
}

static gb_status row_vehicle_capacity(vrplib *v)
{
    route_text_vehicle *vehicle;
    uint32_t n = 0;
    gb_status status = row_vehicle(v, &vehicle);

    while (status == GB_OK && n < ROUTE_TEXT_LOADS
           && (n == 0 || route_scan_peek(&v->scan).n))
        status = route_scan_amount(&v->scan, v->name, &vehicle->capacity[n++]);
    v->has_capacity = true;
    return status;
}

static gb_status vehicle_number(vrplib *v, size_t offset)
{
    route_text_vehicle *vehicle;
    double number;
    gb_status status = row_vehicle(v, &vehicle);

    if (status == GB_OK)
        status = route_scan_amount(&v->scan, v->name, &number);
    if (status == GB_OK)
        memcpy((char *)vehicle + offset, &number, sizeof number);
    return status;
}

static gb_status row_vehicle_duration(vrplib *v)
{
    return vehicle_number(v, offsetof(route_text_vehicle, duration));
}

static gb_status row_vehicle_distance(vrplib *v)
{
    return vehicle_number(v, offsetof(route_text_vehicle, distance));
}

static gb_status row_vehicle_fixed(vrplib *v)
{
    return vehicle_number(v, offsetof(route_text_vehicle, fixed));
}

static gb_status row_vehicle_per_length(vrplib *v)
{
    return vehicle_number(v, offsetof(route_text_vehicle, per_length));
}

static gb_status row_vehicle_allowed(vrplib *v)
{
    route_text_vehicle *vehicle;
    gb_status status = row_vehicle(v, &vehicle);

    while (status == GB_OK && route_scan_peek(&v->scan).n) {
        uint32_t node;

        status = row_node(v, &node);
        if (status == GB_OK
            && (!base_array_push(
                    v->text.mem, &v->text.allowed_vehicle,
                    (uint32_t)(vehicle - v->text.vehicles.items))
                || !base_array_push(v->text.mem, &v->text.allowed_node,
                                    node)))
            status = base_fail_nomem(v->ctx);
    }
    return status;
}

const vrplib_keyword ROUTE_VRPLIB_SECTIONS[] = {
    { "NODE_COORD_SECTION", row_xy },
    { "DEMAND_SECTION", row_demand },
    { "DEPOT_SECTION", row_depot },
    { "EDGE_WEIGHT_SECTION", row_weights },
    { "SERVICE_TIME_SECTION", row_service },
    { "TIME_WINDOW_SECTION", row_window },
    { "PRIZE_SECTION", row_prize },
    { "RELEASE_TIME_SECTION", row_release },
    { "MUTUALLY_EXCLUSIVE_GROUP_SECTION", row_group },
    { "DISPLAY_DATA_SECTION", row_display },
    { "CAPACITY_SECTION", row_vehicle_capacity },
    { "VEHICLES_CAPACITY_SECTION", row_vehicle_capacity },
    { "VEHICLES_DEPOT_SECTION", row_vehicle_depot },
    { "VEHICLES_MAX_DURATION_SECTION", row_vehicle_duration },
    { "VEHICLES_MAX_DISTANCE_SECTION", row_vehicle_distance },
    { "VEHICLES_FIXED_COST_SECTION", row_vehicle_fixed },
    { "VEHICLES_UNIT_DISTANCE_COST_SECTION", row_vehicle_per_length },
    { "VEHICLES_ALLOWED_CLIENTS_SECTION", row_vehicle_allowed },
};
const size_t ROUTE_VRPLIB_N_SECTIONS
    = sizeof ROUTE_VRPLIB_SECTIONS / sizeof *ROUTE_VRPLIB_SECTIONS;
