/*
 * route_json_geo.c - a solution as GeoJSON (RFC 7946): a line a route, straight
 * from stop to stop, and a point a client, served or not.
 */
#include "route_json_own.h"

#include <inttypes.h>

typedef struct geo_writer {
    const gb_route_file *file;
    const gb_route_solution *solution;
    base_text *text;
    bool is_first;
} geo_writer;

static void begin(geo_writer *g, const char *type)
{
    base_text_format(g->text,
                     "%s{\"type\":\"Feature\",\"geometry\":{\"type\":\"%s\","
                     "\"coordinates\":",
                     g->is_first ? "\n" : ",\n", type);
    g->is_first = false;
}

static bool put_point(geo_writer *g, uint32_t location, const char *before)
{
    double x, y;

    if (location == GB_ROUTE_NONE
        || !gb_route_file_location(g->file, location, &x, &y))
        return false;
    base_text_add(g->text, before);
    base_text_add(g->text, "[");
    base_text_real(g->text, x, 6);
    base_text_add(g->text, ",");
    base_text_real(g->text, y, 6);
    base_text_add(g->text, "]");
    return true;
}

static bool is_placed(const geo_writer *g, uint32_t location)
{
    double x, y;

    return location != GB_ROUTE_NONE
           && gb_route_file_location(g->file, location, &x, &y);
}

/* Where the route leads in turn: start, clients, end; NONE past the last. */
static uint32_t point_at(const geo_writer *g, uint32_t v,
                         const gb_route_totals *totals, uint32_t i)
{
    gb_route_stop stop = { .size = sizeof stop };

    if (i == 0)
        return g->file->vehicles.items[v].start_location;
    if (i == totals->n_items + 1)
        return g->file->vehicles.items[v].end_location;
    gb_route_solution_stop(g->solution, v, i - 1, &stop);
    return stop.kind == GB_ROUTE_STOP_CLIENT ? stop.location : GB_ROUTE_NONE;
}

static void put_line(geo_writer *g, uint32_t v, const gb_route_totals *totals)
{
    uint32_t n = 0, last = GB_ROUTE_NONE;

    for (uint32_t i = 0; i <= totals->n_items + 1; i++)
        n += is_placed(g, point_at(g, v, totals, i));
    if (n == 0)
        return;
    begin(g, "LineString");
    base_text_add(g->text, "[");
    n = 0;
    for (uint32_t i = 0; i <= totals->n_items + 1; i++) {
        const uint32_t location = point_at(g, v, totals, i);

        if (put_point(g, location, n ? "," : "")) {
            last = location;
            n++;
        }
    }
    if (n == 1) /* a line has two points */
        put_point(g, last, ",");
    base_text_format(g->text,
                     "]},\"properties\":{\"kind\":\"route\",\"vehicle\":%u,"
                     "\"name\":",
                     v);
    base_text_json(g->text, gb_route_file_vehicle_name(g->file, v));
    base_text_format(g->text,
                     ",\"depart_s\":%d,\"end_s\":%d,\"clients\":%u,"
                     "\"distance_m\":%" PRId64 ",\"prize\":%" PRId64 "}}",
                     totals->depart_s, totals->end_s, totals->n_clients,
                     totals->distance_m, totals->prize);
}

static void put_stop(geo_writer *g, uint32_t v, uint32_t i, uint32_t rank)
{
    gb_route_stop stop = { .size = sizeof stop };

    gb_route_solution_stop(g->solution, v, i, &stop);
    if (stop.kind != GB_ROUTE_STOP_CLIENT || !is_placed(g, stop.location))
        return;
    begin(g, "Point");
    put_point(g, stop.location, "");
    base_text_format(g->text,
                     "},\"properties\":{\"kind\":\"stop\",\"vehicle\":%u,"
                     "\"rank\":%u,\"client\":%u,\"name\":",
                     v, rank, stop.client);
    base_text_json(g->text, gb_route_file_client_name(g->file, stop.client));
    base_text_format(g->text,
                     ",\"arrival_s\":%d,\"start_s\":%d,\"end_s\":%d,"
                     "\"prize\":%" PRId64 "}}",
                     stop.arrival_s, stop.start_s, stop.end_s, stop.prize);
}

static void put_unserved(geo_writer *g, uint32_t i)
{
    gb_route_reason reason = { .size = sizeof reason };
    uint32_t location;

    gb_route_solution_reason(g->solution, i, &reason);
    location = g->file->clients.items[reason.client].location;
    if (!is_placed(g, location))
        return;
    begin(g, "Point");
    put_point(g, location, "");
    base_text_format(g->text,
                     "},\"properties\":{\"kind\":\"unserved\",\"client\":%u,"
                     "\"name\":",
                     reason.client);
    base_text_json(g->text, gb_route_file_client_name(g->file, reason.client));
    base_text_add(g->text, "}}");
}

void route_own_write_geo(const gb_route_file *file,
                         const gb_route_solution *solution, base_text *text)
{
    geo_writer g = { file, solution, text, true };
    gb_route_summary summary = { .size = sizeof summary };

    base_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (uint32_t v = 0; v < file->problem.n_vehicles; v++) {
        gb_route_totals totals = { .size = sizeof totals };
        uint32_t rank = 0;

        if (!gb_route_solution_totals(solution, v, &totals)
            || totals.n_clients == 0)
            continue;
        put_line(&g, v, &totals);
        for (uint32_t i = 0; i < totals.n_items; i++)
            put_stop(&g, v, i, ++rank);
    }
    gb_route_solution_summary(solution, &summary);
    for (uint32_t i = 0; i < summary.n_unserved; i++)
        put_unserved(&g, i);
    base_text_add(text, "\n]}\n");
}
