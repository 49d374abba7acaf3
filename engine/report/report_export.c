/*
 * report_export.c - see report_export.h.
 */
#include "report_export.h"

#include <string.h>

#include "store_date.h"

static const char *const modes[] = { "foot", "ebike", "car" };

static void add_degrees(base_text *text, gb_lonlat at, const char *between)
{
    base_text_real(text, at.lon_deg, 7);
    base_text_add(text, between);
    base_text_real(text, at.lat_deg, 7);
}

/* A reference that a spreadsheet would run as a formula gets an apostrophe. */
void report_export_ref(base_text *text, const char *ref)
{
    base_text guarded;

    if (!ref[0] || !strchr("=+-@\t", ref[0])) {
        base_text_csv(text, ref);
        return;
    }
    base_text_init(&guarded, text->mem);
    base_text_format(&guarded, "'%s", ref);
    if (guarded.is_short)
        text->is_short = true;
    else
        base_text_csv(text, guarded.chars);
    base_text_clear(&guarded);
}

static void add_row(base_text *text, const store_route *route,
                    const store_stop *stop)
{
    char day[16];

    report_export_ref(text, route->branch_ref);
    base_text_add(text, ",");
    report_export_ref(text, route->manager_ref);
    base_text_format(text, ",%s,%s,%u,", store_day_text(day, route->day),
                     modes[route->mode], stop->stop_no);
    report_export_ref(text, stop->place_ref ? stop->place_ref : "");
    base_text_add(text, ",");
    report_export_ref(text, stop->ref);
    base_text_add(text, ",");
    add_degrees(text, stop->at, ",");
    base_text_format(text, ",%lld,%lld,%lld,%lld,%lld,%lld,%d\n",
                     (long long)stop->travel_s, (long long)stop->travel_m,
                     (long long)stop->arrive_s, (long long)stop->start_s,
                     (long long)stop->end_s, (long long)stop->prize,
                     stop->is_must);
}

void report_export_csv(base_text *text, const store_plan *plan)
{
    base_text_add(text,
                  "branch,manager,date,mode,stop,place,customer,lon,lat,"
                  "travel_s,travel_m,arrive_s,start_s,end_s,prize,must\n");
    for (size_t r = 0; r < plan->n_routes; r++) {
        const store_route *route = &plan->routes[r];

        for (uint32_t s = 0; s < route->n_stops; s++)
            add_row(text, route, &plan->stops[route->first_stop + s]);
    }
}

static void add_line(base_text *text, const store_plan *plan,
                     const store_route *route)
{
    char day[16];

    base_text_add(text, "{\"type\":\"Feature\",\"geometry\":");
    if (route->n_points >= 2) {
        base_text_add(text, "{\"type\":\"LineString\",\"coordinates\":[");
        for (uint32_t p = 0; p < route->n_points; p++) {
            base_text_add(text, p ? ",[" : "[");
            add_degrees(text, plan->path[route->first_point + p], ",");
            base_text_add(text, "]");
        }
        base_text_add(text, "]}");
    } else {
        base_text_add(text, "null");
    }
    base_text_add(text, ",\"properties\":{\"kind\":\"route\",\"branch\":");
    base_text_json(text, route->branch_ref);
    base_text_add(text, ",\"manager\":");
    base_text_json(text, route->manager_ref);
    base_text_format(text,
                     ",\"date\":\"%s\",\"mode\":\"%s\",\"leave_s\":%lld,"
                     "\"back_s\":%lld,\"travel_s\":%lld,\"travel_m\":%lld,"
                     "\"prize\":%lld,\"visits\":%u}}",
                     store_day_text(day, route->day), modes[route->mode],
                     (long long)route->leave_s, (long long)route->back_s,
                     (long long)route->travel_s, (long long)route->travel_m,
                     (long long)route->prize, route->n_stops);
}

static void add_point(base_text *text, const store_route *route,
                      const store_stop *stop)
{
    base_text_add(text, ",\n{\"type\":\"Feature\",\"geometry\":{\"type\":"
                        "\"Point\",\"coordinates\":[");
    add_degrees(text, stop->at, ",");
    base_text_add(text, "]},\"properties\":{\"kind\":\"stop\",\"manager\":");
    base_text_json(text, route->manager_ref);
    base_text_format(text, ",\"stop\":%u,\"customer\":", stop->stop_no);
    base_text_json(text, stop->ref);
    base_text_add(text, ",\"place\":");
    base_text_json(text, stop->place_ref ? stop->place_ref : "");
    base_text_format(text,
                     ",\"start_s\":%lld,\"end_s\":%lld,\"prize\":%lld,"
                     "\"must\":%s}}",
                     (long long)stop->start_s, (long long)stop->end_s,
                     (long long)stop->prize,
                     stop->is_must ? "true" : "false");
}

void report_export_geojson(base_text *text, const store_plan *plan)
{
    base_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t r = 0; r < plan->n_routes; r++) {
        const store_route *route = &plan->routes[r];

        if (r > 0)
            base_text_add(text, ",\n");
        add_line(text, plan, route);
        for (uint32_t s = 0; s < route->n_stops; s++)
            add_point(text, route, &plan->stops[route->first_stop + s]);
    }
    base_text_add(text, "\n]}\n");
}
