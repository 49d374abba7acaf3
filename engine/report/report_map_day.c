/*
 * report_map_day.c - routes and figures of a map page.
 */
#include "report_map_work.h"

enum { HOUR_S = 3600, PERMILLE = 1000 };

static int32_t route_colour(const map_work *w, uint32_t manager)
{
    for (size_t t = 0; t < w->territories.n; t++)
        if (w->territories.items[t].owner == manager)
            return w->territories.items[t].colour;
    return 0;
}

/* Visits of one place in a row are one stop on the map. */
static const char *place_name(const map_work *w, int64_t id)
{
    for (size_t p = 0; id && p < w->places.n; p++)
        if (w->places.items[p].id == id)
            return w->places.items[p].name ? w->places.items[p].name : "";
    return "";
}

static void add_stops(map_work *w, const store_route *route)
{
    const store_stop *stops = w->data->plan.stops + route->first_stop;

    base_text_add(w->json, "[");
    for (uint32_t i = 0; i < route->n_stops;) {
        uint32_t end = i + 1;
        int64_t value = stops[i].prize;
        bool is_must = stops[i].is_must;

        base_text_format(w->json, "%s{\"refs\":[", i ? "," : "");
        base_text_json(w->json, stops[i].ref);
        for (; end < route->n_stops && stops[end].stop_no == stops[i].stop_no;
             end++) {
            base_text_add(w->json, ",");
            base_text_json(w->json, stops[end].ref);
            value += stops[end].prize;
            is_must = is_must || stops[end].is_must;
        }
        base_text_format(w->json,
                         "],\"from_s\":%lld,\"to_s\":%lld,\"value\":%lld,"
                         "\"must\":%d,",
                         (long long)stops[i].start_s,
                         (long long)stops[end - 1].end_s, (long long)value,
                         is_must);
        if (place_name(w, stops[i].place_id)[0]) {
            base_text_add(w->json, "\"place\":");
            base_text_json(w->json, place_name(w, stops[i].place_id));
            base_text_add(w->json, ",");
        }
        base_text_add(w->json, "\"at\":");
        report_add_point(w->json, &w->pen, stops[i].at);
        base_text_add(w->json, "}");
        i = end;
    }
    base_text_add(w->json, "]");
}

static void add_routes(map_work *w)
{
    static const char *const modes[] = { "foot", "ebike", "car" };
    const store_plan *plan = &w->data->plan;
    const char *comma = "";

    report_map_key(w->json, "routes");
    base_text_add(w->json, "[");
    for (size_t r = 0; r < plan->n_routes; r++) {
        const store_route *route = &plan->routes[r];
        int64_t field_s = route->back_s - route->leave_s;

        if (!report_has_route(w->data, r))
            continue;
        if (route->break_start_s != STORE_NO_TIME
            && route->break_start_s >= route->leave_s
            && route->break_end_s <= route->back_s)
            field_s -= route->break_end_s - route->break_start_s;
        base_text_format(w->json, "%s{\"manager\":", comma);
        base_text_json(w->json, route->manager_ref);
        base_text_format(
            w->json,
            ",\"mode\":\"%s\",\"colour\":%d,\"depart_s\":%lld,\"back_s\":%lld,"
            "\"value\":%lld,\"travel_permille\":%lld,\"value_per_h\":",
            modes[route->mode], route_colour(w, w->data->route_manager[r]),
            (long long)route->leave_s, (long long)route->back_s,
            (long long)route->prize,
            (long long)(field_s > 0 ? route->travel_s * PERMILLE / field_s
                                    : 0));
        base_text_real(w->json,
                       field_s > 0 ? (double)route->prize * HOUR_S
                                         / (double)field_s
                                   : 0,
                       1);
        if (route->break_start_s != STORE_NO_TIME)
            base_text_format(w->json, ",\"lunch\":[%lld,%lld]",
                             (long long)route->break_start_s,
                             (long long)route->break_end_s);
        base_text_add(w->json, ",\"p\":");
        report_add_points(w->json, &w->pen, plan->path + route->first_point,
                          route->n_points);
        base_text_add(w->json, ",\"stops\":");
        add_stops(w, route);
        base_text_add(w->json, "}");
        comma = ",";
    }
    base_text_add(w->json, "]");
}

static void add_figure(map_work *w, const char *comma, const char *english,
                       int64_t value)
{
    base_text_format(w->json, "%s{\"label\":[", comma);
    base_text_json(w->json, english);
    base_text_add(w->json, ",");
    base_text_json(w->json, base_lang_text(BASE_LANG_ZH, english));
    base_text_format(w->json, "],\"value\":\"%lld\"}", (long long)value);
}

static void add_figures(map_work *w)
{
    const store_plan *plan = &w->data->plan;
    int64_t visits = 0, value = 0, targets = 0, musts = 0, travel_s = 0;

    for (size_t t = 0; t < plan->n_targets; t++)
        targets += report_has_target(w->data, t);
    for (size_t r = 0; r < plan->n_routes; r++) {
        if (!report_has_route(w->data, r))
            continue;
        visits += plan->routes[r].n_stops;
        value += plan->routes[r].prize;
        travel_s += plan->routes[r].travel_s;
        for (uint32_t s = 0; s < plan->routes[r].n_stops; s++)
            musts += plan->stops[plan->routes[r].first_stop + s].is_must;
    }
    report_map_key(w->json, "figures");
    base_text_add(w->json, "[");
    add_figure(w, "", GB_N("targets"), targets);
    add_figure(w, ",", GB_N("visits planned"), visits);
    add_figure(w, ",", GB_N("of them musts"), musts);
    add_figure(w, ",", GB_N("value of the day, points"), value);
    add_figure(w, ",", GB_N("minutes on the way"), travel_s / 60);
    base_text_add(w->json, "]");
}

void report_map_day(map_work *w)
{
    add_routes(w);
    add_figures(w);
}
