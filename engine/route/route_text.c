/*
 * route_text.c - see route_text.h.
 */
#include "route_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* As route_data.c has them. */
enum {
    MOST_SECONDS = 10000000,
    MOST_METRES = 100000000,
    MOST_CLOCK_S = 100000000
};
static const double MOST_LOAD = 1e12, MOST_POINTS = 1e9;
/* Decimals are not exact in binary: 0.29 * 100 is a little below 29. */
static const double HAIR = 1e-9;

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

static double rounded(double value, int32_t rounding)
{
    if (rounding == GB_ROUTE_ROUNDING_DOWN)
        return floor(value + HAIR);
    if (rounding == GB_ROUTE_ROUNDING_UP)
        return ceil(value - HAIR);
    return floor(value + 0.5);
}

double route_text_scaled(const route_text *text, double value)
{
    return rounded(value * text->scale, text->rounding);
}

/* TSPLIB 95: degrees and minutes as 12.30, on a sphere of 6378.388 km. */
static double geo_radians(double value)
{
    const double degrees = trunc(value);

    return 3.141592 * (degrees + 5.0 * (value - degrees) / 3.0) / 180.0;
}

static double geo_length(const route_text_node *a, const route_text_node *b)
{
    const double lat_a = geo_radians(a->x), lat_b = geo_radians(b->x);
    const double q1 = cos(geo_radians(a->y) - geo_radians(b->y));
    const double q2 = cos(lat_a - lat_b), q3 = cos(lat_a + lat_b);
    const double q = 0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3);

    return floor(6378.388 * acos(q > 1 ? 1 : q < -1 ? -1 : q) + 1.0);
}

double route_text_length(const route_text *text, size_t i, size_t j)
{
    const route_text_node *a = &text->nodes.items[i];
    const route_text_node *b = &text->nodes.items[j];
    const double dx = a->x - b->x, dy = a->y - b->y;

    switch (text->metric) {
    case ROUTE_METRIC_MANHATTAN:
        return fabs(dx) + fabs(dy);
    case ROUTE_METRIC_CHEBYSHEV:
        return fmax(fabs(dx), fabs(dy));
    case ROUTE_METRIC_GEO:
        return i == j ? 0 : geo_length(a, b);
    case ROUTE_METRIC_EXPLICIT:
        return text->weight(text->matrix, text->nodes.n, i, j);
    case ROUTE_METRIC_EUCLID:
    default:
        return sqrt(dx * dx + dy * dy); /* exact where it is an integer */
    }
}

static gb_status too_far(const route_text *text, size_t i, size_t j,
                         double units, int most)
{
    char number[32];

    return base_fail(text->ctx, GB_ERR_DATA,
                     "%s: from node %zu to %zu it is %s units; 0 to %d "
                     "expected: a smaller scale helps",
                     text->name, i + 1, j + 1,
                     base_real_text(number, units, 0), most);
}

/* The matrix of lengths, and the longest. */
static gb_status build_lengths(const route_text *text, gb_route_file *file,
                               int32_t rounding, double most, int32_t *matrix,
                               int32_t *longest)
{
    const size_t n = text->nodes.n;

    (void)file;
    *longest = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double units
                = rounded(route_text_length(text, i, j) * text->scale,
                          rounding);

            if (!(units >= 0 && units <= most))
                return too_far(text, i, j, units, (int)most);
            matrix[i * n + j] = (int32_t)units;
            if (matrix[i * n + j] > *longest)
                *longest = matrix[i * n + j];
        }
    return GB_OK;
}

/* Without times a clock runs all the same, and must never bind. */
static gb_status coarser_seconds(gb_context *ctx, gb_route_file *file,
                                 const int32_t *metres, int32_t longest,
                                 const int32_t **out)
{
    const size_t n = file->problem.n_locations;
    int64_t divisor = 1;
    int32_t *seconds;

    while (longest / divisor > MOST_SECONDS
           || (longest / divisor + 1) * (int64_t)(n + 1) > MOST_CLOCK_S)
        divisor *= 10;
    *out = metres;
    if (divisor == 1)
        return GB_OK;
    seconds = route_file_matrix(ctx, file);
    if (!seconds)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < n * n; i++)
        seconds[i] = (int32_t)(metres[i] / divisor);
    *out = seconds;
    return GB_OK;
}

static gb_status build_profile(const route_text *text, gb_route_file *file)
{
    gb_context *ctx = text->ctx;
    gb_route_profile *profile;
    int32_t *metres, *seconds, longest;
    gb_status status;

    file->problem.n_locations = (uint32_t)text->nodes.n;
    profile = route_file_alloc(ctx, file, 1, sizeof *profile);
    metres = route_file_matrix(ctx, file);
    if (!profile || !metres)
        return GB_ERR_NOMEM;
    status = build_lengths(text, file, text->rounding,
                           text->has_time ? MOST_SECONDS : MOST_METRES,
                           metres, &longest);
    if (status)
        return status;
    profile->metres = profile->seconds = metres;
    if (!text->has_time) {
        status = coarser_seconds(ctx, file, metres, longest,
                                 &profile->seconds);
    } else if (text->round_time_up
               && text->rounding != GB_ROUTE_ROUNDING_UP) {
        seconds = route_file_matrix(ctx, file);
        if (!seconds)
            return GB_ERR_NOMEM;
        status = build_lengths(text, file, GB_ROUTE_ROUNDING_UP, MOST_SECONDS,
                               seconds, &longest);
        profile->seconds = seconds;
    }
    file->problem.profiles = profile;
    file->problem.n_profiles = 1;
    return status;
}

/* A value of a node in units, within [low, most]. */
static gb_status check_units(const route_text *text, size_t node,
                             const char *what, double units, double low,
                             double most, double *out)
{
    char number[32], low_text[32], most_text[32];

    *out = units;
    if (*out >= low && *out <= most)
        return GB_OK;
    return base_fail(text->ctx, GB_ERR_DATA,
                     "%s: node %zu: %s is %s units; %s to %s expected",
                     text->name, node + 1, what,
                     base_real_text(number, *out, 0),
                     base_real_text(low_text, low, 0),
                     base_real_text(most_text, most, 0));
}

static gb_status take_units(const route_text *text, size_t node,
                            const char *what, double value, double low,
                            double most, double *out)
{
    return check_units(text, node, what, route_text_scaled(text, value), low,
                       most, out);
}

static gb_status take_prize(const route_text *text, size_t node, double value,
                            int64_t *out)
{
    const uint32_t scale = text->prize_scale ? text->prize_scale
                                             : text->scale;
    double units;
    gb_status status = check_units(text, node, "PRIZE",
                                   rounded(value * scale, text->rounding), 0,
                                   MOST_POINTS, &units);

    *out = status ? 0 : (int64_t)units;
    return status;
}

/* Loads with decimals are counted in thousandths. */
static double load_scale(const route_text *text)
{
    for (size_t i = 0; i < text->nodes.n; i++)
        for (uint32_t k = 0; k < text->n_loads; k++) {
            const double demand = text->nodes.items[i].demand[k];

            if (floor(demand) < demand)
                return 1000;
        }
    for (size_t v = 0; v < text->vehicles.n; v++)
        for (uint32_t k = 0; k < text->n_loads; k++) {
            const double capacity = text->vehicles.items[v].capacity[k];

            if (floor(capacity) < capacity)
                return 1000;
        }
    return 1;
}

static gb_status take_loads(const route_text *text, gb_route_file *file,
                            size_t node, double scale,
                            route_file_client *client)
{
    const route_text_node *from = &text->nodes.items[node];
    int64_t *loads = route_file_alloc(text->ctx, file, ROUTE_TEXT_LOADS,
                                      sizeof *loads);

    if (!loads)
        return GB_ERR_NOMEM;
    for (uint32_t k = 0; k < text->n_loads; k++) {
        const double load = floor(from->demand[k] * scale + 0.5);

        if (!(load >= 0 && load <= MOST_LOAD)) {
            char number[32];

            return base_fail(text->ctx, GB_ERR_DATA,
                             "%s: node %zu: a demand of %s; 0 to 10^12 "
                             "expected",
                             text->name, node + 1,
                             base_real_text(number, load, 0));
        }
        loads[k] = (int64_t)load;
    }
    client->loads = loads;
    return GB_OK;
}

static int by_early(const gb_route_window *a, const gb_route_window *b)
{
    return a->early_s < b->early_s ? -1 : a->early_s > b->early_s;
}

/* Insertion: there are a few. */
static void sort_windows(gb_route_window *windows, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t j = i;
             j > 0 && by_early(&windows[j], &windows[j - 1]) < 0; j--) {
            const gb_route_window swap = windows[j];

            windows[j] = windows[j - 1];
            windows[j - 1] = swap;
        }
}

static gb_status take_window(const route_text *text, size_t node, double early,
                             double late, gb_route_window *out)
{
    double units;
    gb_status status = take_units(text, node, "TIME_WINDOW", early,
                                  -MOST_CLOCK_S, MOST_CLOCK_S, &units);

    if (status)
        return status;
    out->early_s = (int32_t)units;
    status = take_units(text, node, "TIME_WINDOW", late, -MOST_CLOCK_S,
                        MOST_CLOCK_S, &units);
    if (status)
        return status;
    out->late_s = (int32_t)units;
    if (out->early_s > out->late_s)
        return base_fail(text->ctx, GB_ERR_DATA,
                         "%s: node %zu: time window ends (%d units) before "
                         "it begins (%d units)",
                         text->name, node + 1, out->late_s, out->early_s);
    return GB_OK;
}

static gb_status take_windows(const route_text *text, gb_route_file *file,
                              size_t node, route_file_client *client)
{
    const route_text_node *from = &text->nodes.items[node];
    gb_route_window *windows;
    gb_status status;

    if (!from->has_window)
        return GB_OK;
    windows = route_file_alloc(text->ctx, file, 1 + from->n_more_windows,
                               sizeof *windows);
    if (!windows)
        return GB_ERR_NOMEM;
    client->windows = windows;
    status = take_window(text, node, from->early, from->late, &windows[0]);
    client->n_windows = 1;
    for (size_t w = 0; from->n_more_windows && w < text->windows.n; w++)
        if (status == GB_OK && text->windows.items[w].node == node)
            status = take_window(text, node, text->windows.items[w].early,
                                 text->windows.items[w].late,
                                 &windows[client->n_windows++]);
    if (status)
        return status;
    sort_windows(windows, client->n_windows);
    for (uint32_t w = 1; w < client->n_windows; w++)
        if (windows[w].early_s <= windows[w - 1].late_s)
            return base_fail(text->ctx, GB_ERR_DATA,
                             "%s: node %zu: time window at %d units begins "
                             "before the one before it ends (%d units)",
                             text->name, node + 1, windows[w].early_s,
                             windows[w - 1].late_s);
    return GB_OK;
}

/* Vehicles that may serve the node, where some are limited to others. */
static gb_status take_allowed(const route_text *text, gb_route_file *file,
                              size_t node, const uint8_t *is_limited,
                              route_file_client *client)
{
    uint32_t *allowed;

    if (text->allowed_vehicle.n == 0)
        return GB_OK;
    allowed = route_file_alloc(text->ctx, file, text->vehicles.n,
                               sizeof *allowed);
    if (!allowed)
        return GB_ERR_NOMEM;
    for (uint32_t v = 0; v < text->vehicles.n; v++) {
        bool may = !is_limited[v];

        for (size_t k = 0; !may && k < text->allowed_vehicle.n; k++)
            may = text->allowed_vehicle.items[k] == v
                  && text->allowed_node.items[k] == node;
        if (may)
            allowed[client->n_allowed++] = v;
    }
    client->allowed = allowed;
    client->is_limited = true;
    return GB_OK;
}

static gb_status name_visit(gb_context *ctx, gb_route_file *file,
                            uint32_t visit, route_file_client *client)
{
    char name[32];

    if (visit == 0)
        return GB_OK;
    snprintf(name, sizeof name, "%u#%u", client->number, visit + 1);
    client->name = route_file_strndup(ctx, file, name, strlen(name));
    return client->name ? GB_OK : GB_ERR_NOMEM;
}

static gb_status add_client(const route_text *text, gb_route_file *file,
                            size_t node, double scale,
                            const uint8_t *is_limited, uint32_t *n_bundles)
{
    const route_text_node *from = &text->nodes.items[node];
    route_file_client client = ROUTE_FILE_CLIENT_INIT;
    double service, release;
    gb_status status;

    client.location = (uint32_t)node;
    client.number = from->number;
    client.is_must = from->is_must;
    client.group = from->group;
    status = take_units(text, node, "SERVICE_TIME", from->service, 0,
                        MOST_SECONDS, &service);
    if (status == GB_OK)
        status = take_prize(text, node, from->prize, &client.prize);
    if (status == GB_OK)
        status = take_units(text, node, "RELEASE_TIME", from->release,
                            -MOST_CLOCK_S, MOST_CLOCK_S, &release);
    if (status)
        return status;
    client.service_s = (int32_t)service;
    client.release_s = (int32_t)release;
    if (from->n_patterns)
        client.bundle = (*n_bundles)++;
    status = take_loads(text, file, node, scale, &client);
    if (status == GB_OK)
        status = take_windows(text, file, node, &client);
    if (status == GB_OK)
        status = take_allowed(text, file, node, is_limited, &client);
    for (uint32_t k = 0; k < from->visits && status == GB_OK; k++) {
        status = name_visit(text->ctx, file, k, &client);
        if (status == GB_OK)
            status = route_file_add_client(text->ctx, file, &client);
    }
    return status;
}

static gb_status build_clients(const route_text *text, gb_route_file *file,
                               double scale)
{
    uint8_t *is_limited = base_alloc_zeroed(text->mem, text->vehicles.n, 1);
    uint32_t n_bundles = 0;
    gb_status status = is_limited ? GB_OK : base_fail_nomem(text->ctx);

    for (size_t k = 0; status == GB_OK && k < text->allowed_vehicle.n; k++)
        is_limited[text->allowed_vehicle.items[k]] = 1;
    for (size_t i = 0; i < text->nodes.n && status == GB_OK; i++) {
        if (text->nodes.items[i].is_depot)
            continue;
        if (text->nodes.items[i].visits == 0)
            continue;
        status = add_client(text, file, i, scale, is_limited, &n_bundles);
        file->facts.n_customers++;
    }
    file->problem.n_bundles = n_bundles;
    base_free(text->mem, is_limited);
    return status;
}

static gb_status build_bundles(const route_text *text, gb_route_file *file)
{
    const uint32_t n_bundles = file->problem.n_bundles;
    uint32_t *first, b = 0;
    uint64_t *patterns;

    if (n_bundles == 0)
        return GB_OK;
    first = route_file_alloc(text->ctx, file, n_bundles + 1, sizeof *first);
    patterns = route_file_alloc(text->ctx, file, text->patterns.n,
                                sizeof *patterns);
    if (!first || !patterns)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < text->nodes.n; i++) {
        const route_text_node *node = &text->nodes.items[i];

        if (node->is_depot || node->n_patterns == 0)
            continue;
        memcpy(&patterns[first[b]],
               &text->patterns.items[node->first_pattern],
               node->n_patterns * sizeof *patterns);
        first[b + 1] = first[b] + node->n_patterns;
        b++;
    }
    file->problem.bundle_first_pattern = first;
    file->problem.patterns = patterns;
    return GB_OK;
}

static gb_status build_groups(const route_text *text, gb_route_file *file)
{
    uint8_t *must;
    uint32_t n = 0;

    if (!text->has_groups)
        return GB_OK;
    for (size_t i = 0; i < text->nodes.n; i++)
        if (text->nodes.items[i].group != GB_ROUTE_NONE
            && text->nodes.items[i].group >= n)
            n = text->nodes.items[i].group + 1;
    must = route_file_alloc(text->ctx, file, n, 1);
    if (!must)
        return GB_ERR_NOMEM;
    memset(must, 1, n);
    file->problem.group_must = must;
    return GB_OK;
}

static gb_status vehicle_limit(const route_text *text, size_t v,
                               const char *what, double value, double most,
                               double *out)
{
    char number[32], most_text[32];

    *out = rounded(value * text->scale,
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
                           MOST_CLOCK_S, &duration);
    if (status == GB_OK)
        status = vehicle_limit(text, v, "MAX_DISTANCE", from->distance, 1e15,
                               &distance);
    if (status == GB_OK)
        status = vehicle_limit(text, v, "FIXED_COST", from->fixed, MOST_POINTS,
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
    vehicle->shift_end_s = MOST_CLOCK_S;
    if (!node->has_window)
        return GB_OK;
    status = take_window(text, depot, node->early, node->late, &window);
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
    const double scale = load_scale(text);
    gb_status status = build_places(text, file);

    file->facts.scale = text->scale;
    file->facts.rounding = text->rounding;
    file->facts.n_days = text->n_days;
    file->problem.n_loads = text->n_loads;
    if (status == GB_OK)
        status = build_profile(text, file);
    if (status == GB_OK)
        status = build_vehicles(text, file, scale);
    if (status == GB_OK)
        status = build_clients(text, file, scale);
    if (status == GB_OK)
        status = build_bundles(text, file);
    if (status == GB_OK)
        status = build_groups(text, file);
    return status ? status : route_file_finish(text->ctx, file);
}
