/*
 * route_read_vrplib.c - CVRPLIB's and VRPLIB's text: "KEY : VALUE" lines, then
 * sections of rows.  What is understood is in ROUTE_VRPLIB_SPECS and
 * ROUTE_VRPLIB_SECTIONS; anything else is refused, with the word that may have
 * been meant.
 */
#include "route_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base_near.h"
#include "route_vrplib.h"

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
    for (size_t k = 0; k < ROUTE_VRPLIB_N_SPECS; k++)
        if (base_is_nearer(v->name, ROUTE_VRPLIB_SPECS[k].name, &best))
            nearest = ROUTE_VRPLIB_SPECS[k].name;
    for (size_t k = 0; k < ROUTE_VRPLIB_N_SECTIONS; k++)
        if (base_is_nearer(v->name, ROUTE_VRPLIB_SECTIONS[k].name, &best))
            nearest = ROUTE_VRPLIB_SECTIONS[k].name;
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
        status = ROUTE_VRPLIB_SECTIONS[k].take(v);
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
    for (size_t k = 0; k < ROUTE_VRPLIB_N_SPECS; k++)
        if (strcmp(v->name, ROUTE_VRPLIB_SPECS[k].name) == 0) {
            status = take_once(v, &v->seen_specs, k);
            return status ? status : ROUTE_VRPLIB_SPECS[k].take(v);
        }
    for (size_t k = 0; k < ROUTE_VRPLIB_N_SECTIONS; k++)
        if (strcmp(v->name, ROUTE_VRPLIB_SECTIONS[k].name) == 0) {
            status = take_once(v, &v->seen_sections, k);
            v->section_key[k] = v->key;
            return status ? status : take_section(v, k);
        }
    return unknown_key(v);
}

static gb_status whole(vrplib *v, gb_status status)
{
    char prefix[320];

    snprintf(prefix, sizeof prefix, "%.255s: ", v->scan.name);
    base_fail_prefix(v->ctx, prefix);
    return status;
}

/* What is wrong with a section: told where it begins, if it is there. */
static gb_status at_section(vrplib *v, const char *section, gb_status status)
{
    for (size_t k = 0; k < ROUTE_VRPLIB_N_SECTIONS; k++)
        if (strcmp(section, ROUTE_VRPLIB_SECTIONS[k].name) == 0
            && v->section_key[k].n)
            return route_scan_at(&v->scan, &v->section_key[k], status);
    return whole(v, status);
}

static gb_status missing_row(vrplib *v, const char *section, size_t node)
{
    return at_section(v, section, base_fail(v->ctx, GB_ERR_DATA,
                                            "%s has no row for node %zu",
                                            section, node + 1));
}

static gb_status check_weights(vrplib *v)
{
    const size_t expected
        = route_weights_expected(v->weights.form, v->n_nodes);

    if (v->weights.form == ROUTE_WEIGHT_NONE)
        return whole(v, base_fail(v->ctx, GB_ERR_PARSE,
                                  "EDGE_WEIGHT_FORMAT is missing"));
    if (v->weights.numbers.n != expected)
        return at_section(v, "EDGE_WEIGHT_SECTION",
                          base_fail(v->ctx, GB_ERR_DATA,
                                    "EDGE_WEIGHT_SECTION has %zu numbers; "
                                    "%zu expected",
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
            && !(node->seen & VRPLIB_SEEN_XY))
            return missing_row(v, "NODE_COORD_SECTION", i);
        if (has_demand && !(node->seen & VRPLIB_SEEN_DEMAND) && !node->is_depot)
            return missing_row(v, "DEMAND_SECTION", i);
        if (node->is_depot) {
            for (uint32_t k = 0; k < ROUTE_TEXT_LOADS; k++)
                if (node->demand[k] < 0 || node->demand[k] > 0)
                    return at_section(v, "DEMAND_SECTION",
                                      base_fail(v->ctx, GB_ERR_DATA,
                                                "node %zu is a depot and has "
                                                "a demand",
                                                i + 1));
            if (node->n_more_windows)
                return at_section(v, "TIME_WINDOW_SECTION",
                                  base_fail(v->ctx, GB_ERR_DATA,
                                            "node %zu is a depot and has "
                                            "several time windows",
                                            i + 1));
        } else if (!(node->seen & VRPLIB_SEEN_SERVICE)) {
            node->service = v->has_service ? v->service : 0;
        }
    }
    return GB_OK;
}

static bool is_whole(double value)
{
    return floor(value) >= value;
}

/* A matrix of whole numbers was rounded by who wrote it. */
static bool has_units(const vrplib *v)
{
    if (v->text.metric != ROUTE_METRIC_EXPLICIT)
        return false;
    for (size_t i = 0; i < v->weights.numbers.n; i++)
        if (!is_whole(v->weights.numbers.items[i]))
            return false;
    for (size_t i = 0; i < v->text.windows.n; i++)
        if (!is_whole(v->text.windows.items[i].early)
            || !is_whole(v->text.windows.items[i].late))
            return false;
    for (size_t i = 0; i < v->text.nodes.n; i++) {
        const route_text_node *node = &v->text.nodes.items[i];

        if (!is_whole(node->early) || !is_whole(node->late)
            || !is_whole(node->service) || !is_whole(node->release)
            || !is_whole(node->prize))
            return false;
    }
    return true;
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
    if (has_units(v)) {
        v->text.scale = 1;
    } else if (n_depots > 1 || has_limits || vehicles_have || v->is_exact) {
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
