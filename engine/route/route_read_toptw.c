/*
 * route_read_toptw.c - the text that KU Leuven gives out for the team
 * orienteering problem with time windows (Vansteenwegen et al. 2009, after
 * Righini and Salani): "k v N t", "D Q", then rows of
 *
 *   i x y d S f a list O C    visit d, profit S, opening O, closing C
 *
 * The first row is where all paths begin and end, and its C is the budget.
 */
#include "route_read.h"

#include <math.h>
#include <string.h>

#include "route_scan.h"
#include "route_text.h"

/* "k v N t" and "D Q": only how many points follow the first one counts. */
static gb_status take_head(route_scan *scan, int64_t *n)
{
    for (int line = 0; line < 2; line++) {
        double ignored;

        if (!route_scan_line(scan)) {
            const route_word end = route_scan_word(scan);

            return route_scan_at(scan, &end,
                                 base_fail(scan->ctx, GB_ERR_PARSE,
                                           "%s is missing: the file ends "
                                           "here",
                                           line ? "D Q" : "k v N t"));
        }
        for (int k = 0; k < (line ? 2 : 4); k++) {
            gb_status status = !line && k == 2
                ? route_scan_whole(scan, "N", 0, ROUTE_FILE_MOST_LOCATIONS, n)
                : route_scan_real(scan, line ? "D Q" : "k v N t", &ignored);

            if (status)
                return status;
        }
    }
    return GB_OK;
}

/* f a list: of no matter here. */
static gb_status skip_list(route_scan *scan)
{
    double ignored;
    int64_t n = 0;
    gb_status status = route_scan_real(scan, "f", &ignored);

    if (status == GB_OK)
        status = route_scan_whole(scan, "a", 0, 1 << 16, &n);
    while (n-- > 0 && status == GB_OK)
        status = route_scan_real(scan, "list", &ignored);
    return status;
}

static gb_status take_row(route_scan *scan, route_text *text)
{
    static const char *const COLUMNS[] = { "x", "y", "d", "S" };
    double values[4];
    route_text_node node;
    int64_t number;
    gb_status status;

    memset(&node, 0, sizeof node);
    status = route_scan_whole(scan, "i", (int64_t)text->nodes.n,
                              (int64_t)text->nodes.n, &number);
    for (int i = 0; i < 4 && status == GB_OK; i++)
        status = route_scan_real(scan, COLUMNS[i], &values[i]);
    /* The first row of some files has neither list nor its length. */
    if (status == GB_OK)
        status = skip_list(scan);
    if (status == GB_OK)
        status = route_scan_window(scan, "O", "C", &node.early, &node.late);
    if (status == GB_OK)
        status = route_scan_end_line(scan, "i x y d S f a list O C");
    if (status)
        return status;
    node.number = (uint32_t)number;
    node.x = values[0];
    node.y = values[1];
    node.service = values[2];
    node.prize = values[3];
    node.group = GB_ROUTE_NONE;
    node.visits = 1;
    node.has_window = true;
    node.is_depot = text->nodes.n == 0;
    if (text->nodes.n >= ROUTE_FILE_MOST_LOCATIONS)
        return base_fail(scan->ctx, GB_ERR_DATA, "%s: above %d locations",
                         scan->name, ROUTE_FILE_MOST_LOCATIONS);
    if (!base_array_push(text->mem, &text->nodes, node))
        return base_fail_nomem(scan->ctx);
    return GB_OK;
}

/* Solomon's points are integers and counted in tenths, Cordeau's have
 * decimals and are counted in hundredths. */
static uint32_t choose_scale(const route_text *text)
{
    for (size_t i = 0; i < text->nodes.n; i++)
        if (floor(text->nodes.items[i].x) < text->nodes.items[i].x
            || floor(text->nodes.items[i].y) < text->nodes.items[i].y)
            return 100;
    return 10;
}

static gb_status complete(route_text *text, int64_t n_points,
                          const gb_route_file_options *options)
{
    const uint32_t n = options->n_vehicles ? options->n_vehicles : 1;
    route_text_vehicle vehicle;

    if (text->nodes.n == 0)
        return base_fail(text->ctx, GB_ERR_PARSE, "%s: has no points",
                         text->name);
    if (text->nodes.n != (uint64_t)n_points + 1)
        return base_fail(text->ctx, GB_ERR_DATA,
                         "%s: %zu points behind the first one, but N is %u",
                         text->name, text->nodes.n - 1, (uint32_t)n_points);
    text->scale = options->scale ? options->scale : choose_scale(text);
    text->rounding = options->rounding ? options->rounding
                                       : GB_ROUTE_ROUNDING_DOWN;
    text->nodes.items[0].service = text->nodes.items[0].prize = 0;
    memset(&vehicle, 0, sizeof vehicle);
    vehicle.per_length = 1;
    for (uint32_t v = 0; v < n; v++)
        if (!base_array_push(text->mem, &text->vehicles, vehicle))
            return base_fail_nomem(text->ctx);
    return GB_OK;
}

gb_status route_read_toptw(gb_context *ctx, const route_file_source *source,
                           gb_route_file *file)
{
    route_scan scan;
    route_text text;
    int64_t n = 0;
    gb_status status;

    route_text_init(&text, ctx, source->name);
    route_scan_init(&scan, ctx, source->name, source->bytes, source->n);
    text.n_loads = 0;
    text.has_time = true;
    text.has_cost = false;
    text.prize_scale = 1;
    file->facts.variant = "TOPTW";
    file->facts.is_prize = true;
    file->facts.is_fleet_free = source->options.n_vehicles == 0;
    status = take_head(&scan, &n);
    while (status == GB_OK && route_scan_line(&scan))
        status = take_row(&scan, &text);
    if (status == GB_OK)
        status = complete(&text, n, &source->options);
    if (status == GB_OK)
        status = route_text_build(&text, file);
    route_text_clear(&text);
    return status;
}
