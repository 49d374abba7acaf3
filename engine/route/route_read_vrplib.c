/*
 * route_read_vrplib.c - CVRPLIB's and VRPLIB's text: "KEY : VALUE" lines, then
 * sections of rows.  What is understood is in SPECS and SECTIONS; anything
 * else is refused, with the word that may have been meant.
 */
#include "route_read.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_near.h"
#include "route_scan.h"
#include "route_text.h"
#include "route_vrplib_weights.h"

enum {
    MOST_VEHICLES = 100000,
    SEEN_XY = 1,
    SEEN_DEMAND = 2,
    SEEN_SERVICE = 4,
    SEEN_PRIZE = 8,
    SEEN_RELEASE = 16,
    SEEN_DEPOT = 32
};

typedef struct vrplib {
    gb_context *ctx;
    route_scan scan;
    route_text text;
    route_weights weights;
    gb_route_file *file;
    const gb_route_file_options *options;
    route_word key; /* of the line or section at hand */
    char name[48];  /* the same as text */
    uint64_t seen_specs, seen_sections;
    uint32_t n_nodes, n_vehicles; /* 0: untold */
    double capacity[ROUTE_TEXT_LOADS], duration, distance, fixed, per_length;
    uint32_t n_capacities;
    bool has_capacity, has_service, is_explicit, is_exact, has_depots;
    bool has_best;
    double best, service;
    int32_t type_rounding; /* of EUC_2D, CEIL_2D, FLOOR_2D */
} vrplib;

/* ------------------------------------------------------------ the head */

static gb_status take_rest(vrplib *v, char *value, size_t size)
{
    route_word rest = route_scan_rest(&v->scan);

    while (rest.n >= 2 && rest.text[0] == '"' && rest.text[rest.n - 1] == '"') {
        rest.text++;
        rest.n -= 2;
    }
    if (rest.n >= size)
        rest.n = size - 1;
    memcpy(value, rest.text, rest.n);
    value[rest.n] = '\0';
    return GB_OK;
}

static gb_status spec_name(vrplib *v)
{
    char value[256];
    gb_status status = take_rest(v, value, sizeof value);

    if (status == GB_OK && value[0] && base_is_utf8(value, strlen(value))) {
        v->file->facts.name
            = route_file_strndup(v->ctx, v->file, value, strlen(value));
        if (!v->file->facts.name)
            return GB_ERR_NOMEM;
    }
    return status;
}

/* "Optimal value: 784", "Best value: 375" in the older sets. */
static gb_status spec_comment(vrplib *v)
{
    char value[1024];
    const char *at;
    gb_status status = take_rest(v, value, sizeof value);

    at = strstr(value, "ptimal value");
    if (!at)
        at = strstr(value, "est value");
    if (status || !at)
        return status;
    at += strcspn(at, "0123456789");
    if (*at) {
        char number[32];
        size_t n = strspn(at, "0123456789.");

        if (n > 0 && at[n - 1] == '.')
            n--;
        if (n < sizeof number) {
            memcpy(number, at, n);
            number[n] = '\0';
            v->has_best = base_parse_real(number, &v->best);
        }
    }
    return GB_OK;
}

static gb_status spec_type(vrplib *v)
{
    char value[64];
    gb_status status = take_rest(v, value, sizeof value);

    if (status)
        return status;
    for (size_t i = 0; value[i]; i++)
        if (!isalnum((unsigned char)value[i]) && value[i] != '-'
            && value[i] != '_')
            value[i] = '?';
    v->file->facts.variant
        = route_file_strndup(v->ctx, v->file, value, strlen(value));
    return v->file->facts.variant ? GB_OK : GB_ERR_NOMEM;
}

static gb_status spec_dimension(vrplib *v)
{
    route_text_node node;
    int64_t n;
    gb_status status = route_scan_whole(&v->scan, v->name, 1,
                                        ROUTE_FILE_MOST_LOCATIONS, &n);

    if (status)
        return status;
    memset(&node, 0, sizeof node);
    node.group = GB_ROUTE_NONE;
    node.is_must = true;
    node.visits = 1;
    v->n_nodes = (uint32_t)n;
    for (uint32_t i = 0; i < v->n_nodes; i++) {
        node.number = i;
        if (!base_array_push(v->text.mem, &v->text.nodes, node))
            return base_fail_nomem(v->ctx);
    }
    return route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_vehicles(vrplib *v)
{
    int64_t n;
    gb_status status
        = route_scan_whole(&v->scan, v->name, 1, MOST_VEHICLES, &n);

    v->n_vehicles = status ? 0 : (uint32_t)n;
    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_capacity(vrplib *v)
{
    gb_status status = GB_OK;

    while (status == GB_OK && route_scan_peek(&v->scan).n
           && v->n_capacities < ROUTE_TEXT_LOADS)
        status = route_scan_real(&v->scan, v->name,
                                 &v->capacity[v->n_capacities++]);
    if (status == GB_OK && v->n_capacities == 0)
        status = route_scan_real(&v->scan, v->name, &v->capacity[0]);
    v->has_capacity = true;
    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status one_number(vrplib *v, double *out)
{
    gb_status status = route_scan_real(&v->scan, v->name, out);

    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_service(vrplib *v)
{
    v->has_service = true;
    return one_number(v, &v->service);
}

static gb_status spec_duration(vrplib *v)
{
    return one_number(v, &v->duration);
}

static gb_status spec_distance(vrplib *v)
{
    return one_number(v, &v->distance);
}

static gb_status spec_fixed(vrplib *v)
{
    return one_number(v, &v->fixed);
}

static gb_status spec_per_length(vrplib *v)
{
    return one_number(v, &v->per_length);
}

static gb_status refuse_value(vrplib *v, const route_word *word,
                              const char *nearest, const char *expected)
{
    char shown[48];

    route_word_text(word, shown);
    if (nearest)
        return route_scan_at(&v->scan, word,
                             base_fail(v->ctx, GB_ERR_PARSE,
                                       "%s: \"%s\" is unknown; did you mean "
                                       "\"%s\"?",
                                       v->name, shown, nearest));
    return route_scan_at(&v->scan, word,
                         base_fail(v->ctx, GB_ERR_PARSE,
                                   "%s: \"%s\" is unknown; one of %s expected",
                                   v->name, shown, expected));
}

static const struct {
    const char *name;
    route_metric metric;
    int32_t rounding;
    bool is_exact;
} METRICS[] = {
    { "EUC_2D", ROUTE_METRIC_EUCLID, 0, false },
    { "CEIL_2D", ROUTE_METRIC_EUCLID, GB_ROUTE_ROUNDING_UP, false },
    { "FLOOR_2D", ROUTE_METRIC_EUCLID, GB_ROUTE_ROUNDING_DOWN, false },
    { "EXACT_2D", ROUTE_METRIC_EUCLID, 0, true },
    { "MAN_2D", ROUTE_METRIC_MANHATTAN, 0, false },
    { "MAX_2D", ROUTE_METRIC_CHEBYSHEV, 0, false },
    { "GEO", ROUTE_METRIC_GEO, 0, false },
    { "EXPLICIT", ROUTE_METRIC_EXPLICIT, 0, false },
};

static gb_status spec_metric(vrplib *v)
{
    const route_word word = route_scan_word(&v->scan);
    const char *nearest = NULL;
    char shown[48];
    size_t best = SIZE_MAX;

    route_word_text(&word, shown);
    for (size_t k = 0; k < sizeof METRICS / sizeof *METRICS; k++) {
        if (strcmp(shown, METRICS[k].name) == 0) {
            v->text.metric = METRICS[k].metric;
            v->type_rounding = METRICS[k].rounding;
            v->is_exact = METRICS[k].is_exact;
            return route_scan_end_line(&v->scan, v->name);
        }
        if (base_is_nearer(shown, METRICS[k].name, &best))
            nearest = METRICS[k].name;
    }
    return refuse_value(v, &word, nearest,
                        "EUC_2D, CEIL_2D, FLOOR_2D, EXACT_2D, MAN_2D, "
                        "MAX_2D, GEO, EXPLICIT");
}

static gb_status spec_form(vrplib *v)
{
    const route_word word = route_scan_word(&v->scan);
    const char *nearest;
    char shown[48];

    route_word_text(&word, shown);
    if (strcmp(shown, "FUNCTION") == 0
        || route_weight_form_parse(shown, &v->weights.form, &nearest))
        return route_scan_end_line(&v->scan, v->name);
    return refuse_value(v, &word, nearest,
                        "FULL_MATRIX, LOWER_ROW, UPPER_ROW, LOWER_DIAG_ROW");
}

static gb_status spec_ignored(vrplib *v)
{
    route_scan_rest(&v->scan);
    return GB_OK;
}

/* -------------------------------------------------------- the sections */

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
    gb_status status = row_once(v, SEEN_XY, &node);

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
    gb_status status = row_once(v, SEEN_DEMAND, &node);

    while (status == GB_OK && n < ROUTE_TEXT_LOADS
           && (n == 0 || route_scan_peek(&v->scan).n))
        status = route_scan_real(&v->scan, v->name, &node->demand[n++]);
    if (n > v->text.n_loads)
        v->text.n_loads = n;
    return status;
}

static gb_status row_service(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, SEEN_SERVICE, &node);

    return status ? status
                  : route_scan_real(&v->scan, v->name, &node->service);
}

static gb_status row_release(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, SEEN_RELEASE, &node);

    v->text.has_time = true;
    return status ? status
                  : route_scan_real(&v->scan, v->name, &node->release);
}

/* A prize of 0 is no prize: such a client is a must. */
static gb_status row_prize(vrplib *v)
{
    route_text_node *node;
    gb_status status = row_once(v, SEEN_PRIZE, &node);

    if (status == GB_OK)
        status = route_scan_real(&v->scan, v->name, &node->prize);
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
        status = route_scan_real(&v->scan, v->name, &window.early);
    if (status == GB_OK)
        status = route_scan_real(&v->scan, v->name, &window.late);
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
    status = row_once(v, SEEN_DEPOT, &node);
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

        status = route_scan_real(&v->scan, v->name, &number);
        if (status == GB_OK
            && !base_array_push(v->text.mem, &v->weights.numbers, number))
            status = base_fail_nomem(v->ctx);
    }
    return status;
}

/* The vehicle of this row; there are as many as rows where it is untold. */
static gb_status row_vehicle(vrplib *v, route_text_vehicle **out)
{
    const uint32_t most = v->n_vehicles ? v->n_vehicles : MOST_VEHICLES;
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
        status = route_scan_real(&v->scan, v->name, &vehicle->capacity[n++]);
    v->has_capacity = true;
    return status;
}

static gb_status vehicle_number(vrplib *v, size_t offset)
{
    route_text_vehicle *vehicle;
    double number;
    gb_status status = row_vehicle(v, &vehicle);

    if (status == GB_OK)
        status = route_scan_real(&v->scan, v->name, &number);
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

/* -------------------------------------------------- which word is what */

typedef struct keyword {
    const char *name;
    gb_status (*take)(vrplib *v);
} keyword;

static const keyword SPECS[] = {
    { "NAME", spec_name },
    { "COMMENT", spec_comment },
    { "TYPE", spec_type },
    { "DIMENSION", spec_dimension },
    { "CAPACITY", spec_capacity },
    { "VEHICLES", spec_vehicles },
    { "SERVICE_TIME", spec_service },
    { "DISTANCE", spec_duration },
    { "VEHICLES_MAX_DURATION", spec_duration },
    { "VEHICLES_MAX_DISTANCE", spec_distance },
    { "VEHICLES_FIXED_COST", spec_fixed },
    { "VEHICLES_UNIT_DISTANCE_COST", spec_per_length },
    { "EDGE_WEIGHT_TYPE", spec_metric },
    { "EDGE_WEIGHT_FORMAT", spec_form },
    { "NODE_COORD_TYPE", spec_ignored },
    { "DISPLAY_DATA_TYPE", spec_ignored },
};
static const keyword SECTIONS[] = {
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
enum {
    N_SPECS = sizeof SPECS / sizeof *SPECS,
    N_SECTIONS = sizeof SECTIONS / sizeof *SECTIONS
};
/* Known to others, not in the model. */
static const char *const FOREIGN[] = {
    "BACKHAUL_SECTION", "LINEHAUL_SECTION", "PICKUP_SECTION",
    "PICKUP_AND_DELIVERY_SECTION", "STANDTIME_SECTION",
    "VEHICLES_RELOAD_DEPOT_SECTION", "VEHICLES_MAX_RELOADS",
    "VEHICLES_MAX_RELOADS_SECTION", "STATIONS_COORD_SECTION",
    "ENERGY_CAPACITY",
};

/* The key of this line: up to a colon or a blank. */
static void take_key(vrplib *v)
{
    v->key = route_scan_word(&v->scan);
    for (size_t i = 0; i < v->key.n; i++)
        if (v->key.text[i] == ':') {
            v->scan.at = v->key.text + i + 1;
            v->key.n = i;
            break;
        }
    if (route_scan_peek(&v->scan).n
        && route_scan_peek(&v->scan).text[0] == ':') {
        v->scan.at = route_scan_peek(&v->scan).text + 1;
    }
    route_word_text(&v->key, v->name);
}

static gb_status at_key(vrplib *v, gb_status status)
{
    return route_scan_at(&v->scan, &v->key, status);
}

static gb_status unknown_key(vrplib *v)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (size_t k = 0; k < sizeof FOREIGN / sizeof *FOREIGN; k++)
        if (strcmp(v->name, FOREIGN[k]) == 0)
            return at_key(v, base_fail(v->ctx, GB_ERR_DATA,
                                       "%s is not in the model", v->name));
    for (size_t k = 0; k < N_SPECS; k++)
        if (base_is_nearer(v->name, SPECS[k].name, &best))
            nearest = SPECS[k].name;
    for (size_t k = 0; k < N_SECTIONS; k++)
        if (base_is_nearer(v->name, SECTIONS[k].name, &best))
            nearest = SECTIONS[k].name;
    if (nearest)
        return at_key(v, base_fail(v->ctx, GB_ERR_PARSE,
                                   "\"%s\" is unknown; did you mean \"%s\"?",
                                   v->name, nearest));
    return at_key(v, base_fail(v->ctx, GB_ERR_PARSE, "\"%s\" is unknown",
                               v->name));
}

static gb_status take_once(vrplib *v, uint64_t *seen, size_t k)
{
    if (*seen & (UINT64_C(1) << k))
        return at_key(v, base_fail(v->ctx, GB_ERR_PARSE, "%s is there twice",
                                   v->name));
    *seen |= UINT64_C(1) << k;
    return GB_OK;
}

/* Rows up to the next line that begins with a letter. */
static gb_status take_section(vrplib *v, size_t k)
{
    gb_status status = route_scan_end_line(&v->scan, v->name);

    if (status)
        return status;
    if (v->n_nodes == 0)
        return at_key(v, base_fail(v->ctx, GB_ERR_PARSE,
                                   "%s comes before DIMENSION", v->name));
    for (;;) {
        const route_scan before = v->scan;
        route_word word;

        if (!route_scan_line(&v->scan))
            return GB_OK;
        word = route_scan_peek(&v->scan);
        if (!route_word_is_number(&word)) {
            v->scan = before;
            return GB_OK;
        }
        status = SECTIONS[k].take(v);
        if (status == GB_OK)
            status = route_scan_end_line(&v->scan, v->name);
        if (status)
            return status;
    }
}

static gb_status take_line(vrplib *v, bool *is_end)
{
    gb_status status;

    take_key(v);
    if (route_word_is(&v->key, "EOF")) {
        *is_end = true;
        return GB_OK;
    }
    for (size_t k = 0; k < N_SPECS; k++)
        if (strcmp(v->name, SPECS[k].name) == 0) {
            status = take_once(v, &v->seen_specs, k);
            return status ? status : SPECS[k].take(v);
        }
    for (size_t k = 0; k < N_SECTIONS; k++)
        if (strcmp(v->name, SECTIONS[k].name) == 0) {
            status = take_once(v, &v->seen_sections, k);
            return status ? status : take_section(v, k);
        }
    return unknown_key(v);
}

/* ------------------------------------------------------- the whole of it */

static gb_status whole(vrplib *v, gb_status status)
{
    char prefix[320];

    snprintf(prefix, sizeof prefix, "%.255s: ", v->scan.name);
    base_fail_prefix(v->ctx, prefix);
    return status;
}

static gb_status missing_row(vrplib *v, const char *section, size_t node)
{
    return whole(v, base_fail(v->ctx, GB_ERR_DATA,
                              "%s has no row for node %zu", section,
                              node + 1));
}

static gb_status check_weights(vrplib *v)
{
    const size_t expected
        = route_weights_expected(v->weights.form, v->n_nodes);

    if (v->weights.form == ROUTE_WEIGHT_NONE)
        return whole(v, base_fail(v->ctx, GB_ERR_PARSE,
                                  "EDGE_WEIGHT_FORMAT is missing"));
    if (v->weights.numbers.n != expected)
        return whole(v, base_fail(v->ctx, GB_ERR_DATA,
                                  "EDGE_WEIGHT_SECTION has %zu numbers; %zu "
                                  "expected",
                                  v->weights.numbers.n, expected));
    v->text.matrix = &v->weights;
    v->text.weight = route_weights_at;
    return GB_OK;
}

static gb_status check_nodes(vrplib *v)
{
    const bool has_demand = v->has_capacity;

    for (size_t i = 0; i < v->text.nodes.n; i++) {
        route_text_node *node = &v->text.nodes.items[i];

        if (v->text.metric != ROUTE_METRIC_EXPLICIT
            && !(node->seen & SEEN_XY))
            return missing_row(v, "NODE_COORD_SECTION", i);
        if (has_demand && !(node->seen & SEEN_DEMAND) && !node->is_depot)
            return missing_row(v, "DEMAND_SECTION", i);
        if (node->is_depot) {
            for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
                if (node->demand[k] < 0 || node->demand[k] > 0)
                    return whole(v, base_fail(v->ctx, GB_ERR_DATA,
                                              "node %zu is a depot and has a "
                                              "demand",
                                              i + 1));
            if (node->n_more_windows)
                return whole(v, base_fail(v->ctx, GB_ERR_DATA,
                                          "node %zu is a depot and has "
                                          "several time windows",
                                          i + 1));
        } else if (!(node->seen & SEEN_SERVICE)) {
            node->service = v->has_service ? v->service : 0;
        }
    }
    return GB_OK;
}

/* Lengths count as the head of route_file.h says. */
static void choose_units(vrplib *v, size_t n_depots)
{
    const bool has_limits = v->duration > 0 || v->distance > 0;
    bool vehicles_have = false, has_prizes = false;

    for (size_t k = 0; k < v->text.vehicles.n; k++)
        vehicles_have |= v->text.vehicles.items[k].duration > 0
                         || v->text.vehicles.items[k].distance > 0;
    for (size_t i = 0; i < v->text.nodes.n; i++)
        has_prizes |= v->text.nodes.items[i].prize > 0;
    v->text.scale = 1;
    v->text.rounding = GB_ROUTE_ROUNDING_NEAREST;
    if (n_depots > 1 || has_limits || vehicles_have || v->is_exact) {
        v->text.scale = 1000;
    } else if (v->text.has_time) {
        v->text.scale = 10;
        v->text.rounding = GB_ROUTE_ROUNDING_DOWN;
    }
    if (v->type_rounding)
        v->text.rounding = v->type_rounding;
    if (v->options->scale)
        v->text.scale = v->options->scale;
    if (v->options->rounding)
        v->text.rounding = v->options->rounding;
    v->file->facts.published_per
        = has_prizes || n_depots > 1 ? 1 : v->text.scale;
    v->file->counts_uncollected = true;
    if (has_limits || vehicles_have)
        v->text.has_time = true;
}

static void inherit(const vrplib *v, uint32_t depot,
                    route_text_vehicle *vehicle)
{
    for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
        if (vehicle->capacity[k] < 0)
            vehicle->capacity[k] = k < v->n_capacities ? v->capacity[k] : -1;
    if (vehicle->depot == GB_ROUTE_NONE)
        vehicle->depot = depot;
    if (vehicle->duration < 0)
        vehicle->duration = v->duration;
    if (vehicle->distance < 0)
        vehicle->distance = v->distance;
    if (vehicle->fixed < 0)
        vehicle->fixed = v->fixed;
    if (vehicle->per_length < 0)
        vehicle->per_length = v->per_length;
}

/* Vehicles untold of are those of the head, at the first depot. */
static gb_status complete_vehicles(vrplib *v, uint32_t depot)
{
    route_text_vehicle vehicle;
    uint32_t n = v->n_vehicles;

    if (n == 0 && v->text.vehicles.n == 0) {
        n = route_text_free_fleet(&v->text, v->capacity);
        v->file->facts.is_fleet_free = true;
    }
    if (v->options->n_vehicles) {
        if (v->text.vehicles.n)
            return whole(v, base_fail(v->ctx, GB_ERR_ARGUMENT,
                                      "its vehicles differ: their number "
                                      "cannot be chosen"));
        n = v->options->n_vehicles;
    }
    memset(&vehicle, 0, sizeof vehicle);
    vehicle.depot = GB_ROUTE_NONE;
    vehicle.duration = vehicle.distance = vehicle.fixed = vehicle.per_length
        = -1;
    for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
        vehicle.capacity[k] = -1;
    while (v->text.vehicles.n < n)
        if (!base_array_push(v->text.mem, &v->text.vehicles, vehicle))
            return base_fail_nomem(v->ctx);
    for (size_t k = 0; k < v->text.vehicles.n; k++) {
        inherit(v, depot, &v->text.vehicles.items[k]);
        if (!v->text.nodes.items[v->text.vehicles.items[k].depot].is_depot)
            return whole(v, base_fail(v->ctx, GB_ERR_DATA,
                                      "vehicle %zu starts at node %u, which "
                                      "is no depot",
                                      k + 1,
                                      v->text.vehicles.items[k].depot + 1));
    }
    return GB_OK;
}

static gb_status complete(vrplib *v)
{
    uint32_t first = GB_ROUTE_NONE;
    size_t n_depots = 0;
    gb_status status;

    if (v->n_nodes == 0)
        return whole(v, base_fail(v->ctx, GB_ERR_PARSE,
                                  "DIMENSION is missing"));
    if (!v->has_depots) /* as CVRPLIB has it */
        v->text.nodes.items[0].is_depot = true;
    for (uint32_t i = 0; i < v->n_nodes; i++)
        if (v->text.nodes.items[i].is_depot) {
            first = first == GB_ROUTE_NONE ? i : first;
            n_depots++;
        }
    if (!v->has_capacity)
        v->text.n_loads = 0;
    if (v->n_capacities > v->text.n_loads)
        v->text.n_loads = v->n_capacities;
    status = check_nodes(v);
    if (status == GB_OK && v->text.metric == ROUTE_METRIC_EXPLICIT)
        status = check_weights(v);
    if (status)
        return status;
    choose_units(v, n_depots);
    if (v->has_best) {
        v->file->facts.has_best_known = true;
        v->file->facts.best_known
            = (int64_t)floor(v->best * v->file->facts.published_per + 0.5);
    }
    if (!v->file->facts.variant)
        v->file->facts.variant = "VRP";
    return complete_vehicles(v, first);
}

gb_status route_read_vrplib(gb_context *ctx, const route_file_source *source,
                            gb_route_file *file)
{
    vrplib v;
    bool is_end = false;
    gb_status status = GB_OK;

    memset(&v, 0, sizeof v);
    v.ctx = ctx;
    v.file = file;
    v.options = &source->options;
    v.per_length = 1;
    for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
        v.capacity[k] = -1;
    route_text_init(&v.text, ctx, source->name);
    route_scan_init(&v.scan, ctx, source->name, source->bytes, source->n);
    while (status == GB_OK && !is_end && route_scan_line(&v.scan))
        status = take_line(&v, &is_end);
    if (status == GB_OK)
        status = complete(&v);
    if (status == GB_OK)
        status = route_text_build(&v.text, file);
    base_array_clear(ctx->mem, &v.weights.numbers);
    route_text_clear(&v.text);
    return status;
}
