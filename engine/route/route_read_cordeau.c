/*
 * route_read_cordeau.c - the text of Cordeau, Gendreau and Laporte (1997):
 *
 *   type m n t         type, vehicles (of each depot or day), customers, depots
 *                      or days
 *   D Q                t lines: longest duration (0: any), capacity (0: any)
 *   i x y d q f a list [e l]
 *                      service d, demand q, f visits, by one of a patterns
 *
 * MDVRP (2) and MDVRPTW (6) have their depots behind the customers, all
 * others one depot before them.  In a pattern the first day is the highest of
 * t bits.  A few files are at odds with themselves: n may count the depot of
 * a PVRP, and f may be 0 where patterns follow (then these count).
 */
#include "route_read.h"

#include <stdio.h>
#include <string.h>

#include "route_scan.h"
#include "route_text.h"

typedef enum cordeau_type {
    CORDEAU_VRP = 0,
    CORDEAU_PVRP = 1,
    CORDEAU_MDVRP = 2,
    CORDEAU_SDVRP = 3,
    CORDEAU_VRPTW = 4,
    CORDEAU_PVRPTW = 5,
    CORDEAU_MDVRPTW = 6,
    CORDEAU_SDVRPTW = 7
} cordeau_type;

typedef struct cordeau {
    gb_context *ctx;
    gb_route_file *file;
    const gb_route_file_options *options;
    route_scan scan;
    route_text text;
    int64_t type, n_vehicles, n_customers, n_parts;
    BASE_ARRAY(double) duration;
    BASE_ARRAY(double) capacity;
} cordeau;

static const char *const VARIANTS[]
    = { "VRP", "PVRP", "MDVRP", "SDVRP", "VRPTW", "PVRPTW", "MDVRPTW",
        "SDVRPTW" };

static bool has_depots_last(const cordeau *k)
{
    return k->type == CORDEAU_MDVRP || k->type == CORDEAU_MDVRPTW;
}

static bool is_periodic(const cordeau *k)
{
    return k->type == CORDEAU_PVRP || k->type == CORDEAU_PVRPTW;
}

static bool has_windows(const cordeau *k)
{
    return k->type >= CORDEAU_VRPTW;
}

static gb_status missing_line(cordeau *k, const char *what)
{
    const route_word end = route_scan_word(&k->scan);

    return route_scan_at(&k->scan, &end,
                         base_fail(k->ctx, GB_ERR_PARSE,
                                   "%s is missing: the file ends here", what));
}

static gb_status take_head(cordeau *k)
{
    route_word word;
    gb_status status;

    if (!route_scan_line(&k->scan))
        return missing_line(k, "type m n t");
    word = route_scan_peek(&k->scan);
    status = route_scan_whole(&k->scan, "type", 0, CORDEAU_SDVRPTW, &k->type);
    if (status == GB_OK
        && (k->type == CORDEAU_SDVRP || k->type == CORDEAU_SDVRPTW))
        return route_scan_at(&k->scan, &word,
                             base_fail(k->ctx, GB_ERR_DATA,
                                       "%s is not read yet",
                                       VARIANTS[k->type]));
    if (status == GB_OK)
        status = route_scan_whole(&k->scan, "m", 1, 100000, &k->n_vehicles);
    if (status == GB_OK)
        status = route_scan_whole(&k->scan, "n", 0, ROUTE_FILE_MOST_LOCATIONS,
                                  &k->n_customers);
    if (status == GB_OK)
        status = route_scan_whole(&k->scan, "t", 1,
                                  is_periodic(k) ? 64 : 1000, &k->n_parts);
    if (status == GB_OK)
        status = route_scan_end_line(&k->scan, "type m n t");
    k->file->facts.variant = VARIANTS[k->type];
    return status;
}

static gb_status take_limits(cordeau *k)
{
    for (int64_t part = 0; part < k->n_parts; part++) {
        double duration, capacity;
        gb_status status;

        if (!route_scan_line(&k->scan))
            return missing_line(k, "D Q");
        status = route_scan_amount(&k->scan, "D", &duration);
        if (status == GB_OK)
            status = route_scan_amount(&k->scan, "Q", &capacity);
        if (status == GB_OK)
            status = route_scan_end_line(&k->scan, "D Q");
        if (status)
            return status;
        if (!base_array_push(k->text.mem, &k->duration, duration)
            || !base_array_push(k->text.mem, &k->capacity, capacity))
            return base_fail_nomem(k->ctx);
        if (duration > 0)
            k->text.has_time = true;
    }
    return GB_OK;
}

static uint64_t reversed(uint64_t code, int64_t n_days)
{
    uint64_t days = 0;

    for (int64_t d = 0; d < n_days; d++)
        if (code >> (n_days - 1 - d) & 1)
            days |= UINT64_C(1) << d;
    return days;
}

static gb_status take_pattern(cordeau *k, uint32_t *n_days)
{
    const double most = k->n_parts >= 53
                            ? 9e15
                            : (double)((UINT64_C(1) << k->n_parts) - 1);
    uint64_t days;
    int64_t code;
    gb_status status
        = route_scan_whole(&k->scan, "list", 1, (int64_t)most, &code);

    if (status)
        return status;
    days = reversed((uint64_t)code, k->n_parts);
    *n_days = (uint32_t)__builtin_popcountll(days);
    if (!base_array_push(k->text.mem, &k->text.patterns, days))
        return base_fail_nomem(k->ctx);
    return GB_OK;
}

/* f a list: f visits, on the days of one of a patterns. */
static gb_status take_patterns(cordeau *k, route_text_node *node)
{
    const route_word word = route_scan_peek(&k->scan);
    int64_t visits, n = 0;
    gb_status status = route_scan_whole(&k->scan, "f", 0, 64, &visits);

    if (status == GB_OK)
        status = route_scan_whole(&k->scan, "a", 0, 1 << 16, &n);
    node->visits = 1;
    node->first_pattern = (uint32_t)k->text.patterns.n;
    for (int64_t i = 0; i < n && status == GB_OK; i++) {
        uint32_t n_days = 0;

        if (!is_periodic(k)) { /* depots that may serve: all of them may */
            double ignored;

            status = route_scan_real(&k->scan, "list", &ignored);
            continue;
        }
        status = take_pattern(k, &n_days);
        if (visits == 0)
            visits = n_days;
        if (status == GB_OK && n_days != visits)
            return route_scan_at(&k->scan, &word,
                                 base_fail(k->ctx, GB_ERR_DATA,
                                           "%u visits, but a pattern of %u "
                                           "days",
                                           (uint32_t)visits, n_days));
        node->n_patterns++;
    }
    if (!is_periodic(k) || status)
        return status;
    if (n == 0 && visits > 0)
        return route_scan_at(&k->scan, &word,
                             base_fail(k->ctx, GB_ERR_DATA,
                                       "%u visits, but no pattern of days",
                                       (uint32_t)visits));
    node->visits = (uint32_t)visits;
    return GB_OK;
}

static gb_status take_windows(cordeau *k, route_text_node *node)
{
    gb_status status;

    if (!has_windows(k) || route_scan_peek(&k->scan).n == 0)
        return GB_OK;
    status = route_scan_window(&k->scan, "e", "l", &node->early, &node->late);
    node->has_window = true;
    k->text.has_time = true;
    return status;
}

static gb_status take_row(cordeau *k)
{
    static const char *const COLUMNS[] = { "x", "y", "d", "q" };
    double values[4];
    route_text_node node;
    int64_t number;
    gb_status status;

    memset(&node, 0, sizeof node);
    status = route_scan_whole(&k->scan, "i", 0, 10 * ROUTE_FILE_MOST_LOCATIONS,
                              &number);
    for (int i = 0; i < 4 && status == GB_OK; i++)
        status = route_scan_real(&k->scan, COLUMNS[i], &values[i]);
    if (status)
        return status;
    node.number = (uint32_t)number;
    node.x = values[0];
    node.y = values[1];
    node.service = values[2];
    node.demand[0] = values[3];
    node.group = GB_ROUTE_NONE;
    node.is_must = true;
    status = take_patterns(k, &node);
    if (status == GB_OK)
        status = take_windows(k, &node);
    if (status == GB_OK)
        status = route_scan_end_line(&k->scan, "i x y d q f a list");
    if (status)
        return status;
    if (k->text.nodes.n >= ROUTE_FILE_MOST_LOCATIONS)
        return base_fail(k->ctx, GB_ERR_DATA, "%s: above %d locations",
                         k->scan.name, ROUTE_FILE_MOST_LOCATIONS);
    if (!base_array_push(k->text.mem, &k->text.nodes, node))
        return base_fail_nomem(k->ctx);
    return GB_OK;
}

static gb_status refuse_count(cordeau *k, size_t n)
{
    return base_fail(k->ctx, GB_ERR_DATA,
                     "%s: %zu rows of customers and depots, but n is %u",
                     k->scan.name, n, (uint32_t)k->n_customers);
}

/* Which of the nodes are depots; they serve nobody. */
static gb_status mark_depots(cordeau *k)
{
    const size_t n = k->text.nodes.n, n_customers = (size_t)k->n_customers;
    size_t first = 0, n_depots = 1;

    if (has_depots_last(k)) {
        n_depots = (size_t)k->n_parts;
        first = n_customers;
        if (n != n_customers + n_depots)
            return refuse_count(k, n);
    } else if (n == 0 || (n != n_customers + 1 && n != n_customers)) {
        return refuse_count(k, n);
    }
    for (size_t i = first; i < first + n_depots; i++) {
        route_text_node *node = &k->text.nodes.items[i];

        node->is_depot = true;
        node->n_patterns = 0;
        node->service = node->demand[0] = 0;
    }
    return GB_OK;
}

/* Two customers of one number could not be told apart in a solution. */
static gb_status check_numbers(cordeau *k)
{
    const size_t most = 10 * (size_t)ROUTE_FILE_MOST_LOCATIONS + 1;
    uint8_t *seen = base_alloc_zeroed(k->text.mem, most, 1);
    gb_status status = seen ? GB_OK : base_fail_nomem(k->ctx);

    for (size_t i = 0; status == GB_OK && i < k->text.nodes.n; i++)
        if (seen[k->text.nodes.items[i].number]++)
            status = base_fail(k->ctx, GB_ERR_DATA,
                               "%s: number %u is there twice", k->scan.name,
                               k->text.nodes.items[i].number);
    base_free(k->text.mem, seen);
    return status;
}

static gb_status add_vehicles(cordeau *k)
{
    const uint32_t n = k->options->n_vehicles ? k->options->n_vehicles
                                              : (uint32_t)k->n_vehicles;
    const bool has_depots = has_depots_last(k);

    if ((uint64_t)n * (uint64_t)k->n_parts > 1000000)
        return base_fail(k->ctx, GB_ERR_DATA, "%s: above a million vehicles",
                         k->scan.name);
    for (int64_t part = 0; part < k->n_parts; part++) {
        route_text_vehicle vehicle;

        if (part > 0 && !has_depots && !is_periodic(k))
            break;
        memset(&vehicle, 0, sizeof vehicle);
        vehicle.per_length = 1;
        vehicle.duration = k->duration.items[part];
        vehicle.capacity[0]
            = k->capacity.items[part] > 0 ? k->capacity.items[part] : -1;
        if (has_depots)
            vehicle.depot = (uint32_t)(k->n_customers + part);
        vehicle.depot_number = has_depots ? (uint32_t)part + 1 : 0;
        vehicle.day = is_periodic(k) ? (uint32_t)part : 0;
        for (uint32_t v = 0; v < n; v++)
            if (!base_array_push(k->text.mem, &k->text.vehicles, vehicle))
                return base_fail_nomem(k->ctx);
    }
    return GB_OK;
}

/* What a solution tells of each route. */
static gb_status tell_parts(cordeau *k)
{
    const size_t n = k->text.vehicles.n;
    uint32_t *part = route_file_alloc(k->ctx, k->file, n, sizeof *part);

    if (!part)
        return GB_ERR_NOMEM;
    for (size_t v = 0; v < n; v++)
        part[v] = has_depots_last(k) ? k->text.vehicles.items[v].depot_number
                                     : k->text.vehicles.items[v].day + 1;
    if (has_depots_last(k))
        k->file->vehicle_depot = part;
    else if (is_periodic(k))
        k->file->vehicle_of_day = part;
    return GB_OK;
}

static gb_status complete(cordeau *k)
{
    gb_status status = mark_depots(k);
    bool has_capacity = false;

    if (status == GB_OK)
        status = check_numbers(k);
    if (status == GB_OK)
        status = add_vehicles(k);
    if (status == GB_OK)
        status = tell_parts(k);
    for (size_t part = 0; part < k->capacity.n; part++)
        has_capacity |= k->capacity.items[part] > 0;
    k->text.n_loads = has_capacity;
    k->text.n_days = is_periodic(k) ? (uint32_t)k->n_parts : 1;
    k->text.scale = k->options->scale ? k->options->scale : 10000;
    k->text.rounding = k->options->rounding ? k->options->rounding
                                            : GB_ROUTE_ROUNDING_NEAREST;
    k->text.round_time_up = true;
    k->file->facts.published_per = k->text.scale;
    return status;
}

gb_status route_read_cordeau(gb_context *ctx, const route_file_source *source,
                             gb_route_file *file)
{
    cordeau k;
    gb_status status;

    memset(&k, 0, sizeof k);
    k.ctx = ctx;
    k.file = file;
    k.options = &source->options;
    route_text_init(&k.text, ctx, source->name);
    route_scan_init(&k.scan, ctx, source->name, source->bytes, source->n);
    status = take_head(&k);
    if (status == GB_OK)
        status = take_limits(&k);
    while (status == GB_OK && route_scan_line(&k.scan))
        status = take_row(&k);
    if (status == GB_OK)
        status = complete(&k);
    if (status == GB_OK)
        status = route_text_build(&k.text, file);
    base_array_clear(ctx->mem, &k.duration);
    base_array_clear(ctx->mem, &k.capacity);
    route_text_clear(&k.text);
    return status;
}
