/*
 * route_read_solomon.c - the text of Solomon (1987) and of Gehring and
 * Homberger: a name, VEHICLE with their number and capacity, CUSTOMER with
 * seven columns.  The first row is the depot.
 */
#include "route_read.h"

#include <string.h>

#include "route_scan.h"
#include "route_text.h"

static gb_status expect_word(route_scan *scan, const char *expected)
{
    const route_word word = route_scan_word(scan);
    char shown[48];

    if (route_word_is(&word, expected))
        return GB_OK;
    return route_scan_at(scan, &word,
                         base_fail(scan->ctx, GB_ERR_PARSE,
                                   "\"%s\" expected, not \"%s\"", expected,
                                   route_word_text(&word, shown)));
}

static gb_status next_line(route_scan *scan, const char *expected)
{
    if (route_scan_line(scan))
        return GB_OK;
    {
        const route_word end = route_scan_word(scan);

        return route_scan_at(scan, &end,
                             base_fail(scan->ctx, GB_ERR_PARSE,
                                       "%s is missing: the file ends here",
                                       expected));
    }
}

static gb_status take_name(route_scan *scan, gb_route_file *file)
{
    gb_status status = next_line(scan, "VEHICLE");
    route_word name;

    if (status)
        return status;
    name = route_scan_rest(scan);
    if (name.n < 256 && base_is_utf8(name.text, name.n)) {
        file->facts.name
            = route_file_strndup(scan->ctx, file, name.text, name.n);
        if (!file->facts.name)
            return GB_ERR_NOMEM;
    }
    return GB_OK;
}

static gb_status take_vehicles(route_scan *scan, int64_t *n, double *capacity)
{
    gb_status status = next_line(scan, "VEHICLE");

    if (status == GB_OK)
        status = expect_word(scan, "VEHICLE");
    if (status == GB_OK)
        status = next_line(scan, "NUMBER");
    if (status == GB_OK)
        status = expect_word(scan, "NUMBER");
    if (status == GB_OK)
        status = expect_word(scan, "CAPACITY");
    if (status == GB_OK)
        status = next_line(scan, "NUMBER");
    if (status == GB_OK)
        status = route_scan_whole(scan, "NUMBER", 1, 100000, n);
    if (status == GB_OK)
        status = route_scan_amount(scan, "CAPACITY", capacity);
    if (status == GB_OK)
        status = route_scan_end_line(scan, "VEHICLE");
    return status;
}

static gb_status take_customer(route_scan *scan, route_text *text)
{
    static const char *const COLUMNS[3] = { "XCOORD", "YCOORD", "DEMAND" };
    double values[3];
    route_text_node node;
    int64_t number;
    gb_status status;

    memset(&node, 0, sizeof node);
    status = route_scan_whole(scan, "CUST", (int64_t)text->nodes.n,
                              (int64_t)text->nodes.n, &number);
    for (int k = 0; k < 3 && status == GB_OK; k++)
        status = route_scan_real(scan, COLUMNS[k], &values[k]);
    if (status == GB_OK)
        status = route_scan_window(scan, "READY", "DUE", &node.early,
                                   &node.late);
    if (status == GB_OK)
        status = route_scan_real(scan, "SERVICE", &node.service);
    if (status == GB_OK)
        status = route_scan_end_line(scan, "CUSTOMER");
    if (status)
        return status;
    node.x = values[0];
    node.y = values[1];
    node.demand[0] = values[2];
    node.number = (uint32_t)number;
    node.group = GB_ROUTE_NONE;
    node.visits = 1;
    node.has_window = node.is_must = true;
    node.is_depot = text->nodes.n == 0;
    if (text->nodes.n >= ROUTE_FILE_MOST_LOCATIONS)
        return base_fail(scan->ctx, GB_ERR_DATA, "%s: above %d locations",
                         scan->name, ROUTE_FILE_MOST_LOCATIONS);
    if (!base_array_push(text->mem, &text->nodes, node))
        return base_fail_nomem(scan->ctx);
    return GB_OK;
}

static gb_status take_customers(route_scan *scan, route_text *text)
{
    gb_status status = next_line(scan, "CUSTOMER");

    if (status == GB_OK)
        status = expect_word(scan, "CUSTOMER");
    if (status == GB_OK)
        status = next_line(scan, "CUST");
    if (status == GB_OK)
        status = expect_word(scan, "CUST");
    while (status == GB_OK && route_scan_line(scan))
        status = take_customer(scan, text);
    if (status == GB_OK && text->nodes.n == 0)
        status = next_line(scan, "CUST NO. 0");
    return status;
}

static gb_status add_vehicles(route_text *text, uint32_t n, double capacity)
{
    route_text_vehicle vehicle;

    memset(&vehicle, 0, sizeof vehicle);
    vehicle.capacity[0] = capacity;
    vehicle.per_length = 1;
    for (uint32_t v = 0; v < n; v++)
        if (!base_array_push(text->mem, &text->vehicles, vehicle))
            return base_fail_nomem(text->ctx);
    return GB_OK;
}

gb_status route_read_solomon(gb_context *ctx, const route_file_source *source,
                             gb_route_file *file)
{
    const gb_route_file_options *options = &source->options;
    route_scan scan;
    route_text text;
    double capacity = 0;
    int64_t n = 0;
    gb_status status;

    route_text_init(&text, ctx, source->name);
    route_scan_init(&scan, ctx, source->name, source->bytes, source->n);
    text.has_time = true;
    text.scale = options->scale ? options->scale : 10;
    text.rounding = options->rounding ? options->rounding
                                      : GB_ROUTE_ROUNDING_DOWN;
    file->facts.variant = "VRPTW";
    file->facts.published_per = text.scale;
    status = take_name(&scan, file);
    if (status == GB_OK)
        status = take_vehicles(&scan, &n, &capacity);
    if (status == GB_OK)
        status = take_customers(&scan, &text);
    if (status == GB_OK)
        status = add_vehicles(&text,
                              options->n_vehicles ? options->n_vehicles
                                                  : (uint32_t)n,
                              capacity);
    if (status == GB_OK)
        status = route_text_build(&text, file);
    route_text_clear(&text);
    return status;
}
