/*
 * report_sheets.c - see report_sheets.h.
 */
#include "report_sheets.h"

#include <math.h>
#include <string.h>

#include "report_sketch.h"
#include "store_rows.h"

enum { SKETCH_W = 1000, SKETCH_H = 320, SKETCH_EDGE = 24, MINUTE_S = 60,
       HOUR_S = 3600 };

extern const unsigned char gb_sheet_css[];

typedef struct sheet {
    const report_data *data;
    base_text *page;
    base_lang lang;
    const store_route *route;
    report_sketch sketch;
    const store_places *places;
    const store_ids *place_ids;
} sheet;

static void add_words(sheet *s, const char *english)
{
    base_text_html(s->page, base_lang_text(s->lang, english));
}

static void add_clock(sheet *s, int64_t second)
{
    base_text_format(s->page, "%02d:%02d", (int)(second / HOUR_S),
                     (int)(second / MINUTE_S % MINUTE_S));
}

/* ---- sketch ---- */

static void fit_sketch(sheet *s)
{
    const store_plan *plan = &s->data->plan;
    gb_lonlat sw = s->data->branches.items[s->data->branch].at, ne = sw;

    for (uint32_t i = 0; i < s->route->n_points + s->route->n_stops; i++) {
        const gb_lonlat p
            = i < s->route->n_points
                  ? plan->path[s->route->first_point + i]
                  : plan->stops[s->route->first_stop + i
                                - s->route->n_points].at;

        sw = (gb_lonlat){ fmin(sw.lon_deg, p.lon_deg),
                          fmin(sw.lat_deg, p.lat_deg) };
        ne = (gb_lonlat){ fmax(ne.lon_deg, p.lon_deg),
                          fmax(ne.lat_deg, p.lat_deg) };
    }
    s->sketch = report_sketch_fit(SKETCH_W, SKETCH_H, SKETCH_EDGE, sw, ne);
}

static void add_sketch(sheet *s)
{
    const store_plan *plan = &s->data->plan;
    const gb_lonlat home = s->data->branches.items[s->data->branch].at;
    uint32_t last = 0;

    fit_sketch(s);
    base_text_format(s->page,
                     "<svg viewBox=\"0 0 %d %d\" role=\"img\">"
                     "<polyline class=\"way\" points=\"",
                     SKETCH_W, SKETCH_H);
    report_sketch_add_points(s->page, &s->sketch,
                             plan->path + s->route->first_point,
                             s->route->n_points);
    base_text_add(s->page, "\"/><rect class=\"home\" width=\"16\" "
                           "height=\"16\" transform=\"translate(-8 -8)\"");
    report_sketch_add_at(s->page, &s->sketch, "x", "y", home);
    base_text_add(s->page, "/>");
    for (uint32_t i = 0; i < s->route->n_stops; i++) {
        const store_stop *stop = &plan->stops[s->route->first_stop + i];

        if (stop->stop_no == last)
            continue;
        last = stop->stop_no;
        base_text_add(s->page, "<circle class=\"dot\" r=\"12\"");
        report_sketch_add_at(s->page, &s->sketch, "cx", "cy", stop->at);
        base_text_add(s->page, "/><text class=\"number\"");
        report_sketch_add_at(s->page, &s->sketch, "x", "y", stop->at);
        base_text_format(s->page, ">%u</text>", stop->stop_no);
    }
    base_text_add(s->page, "</svg>\n");
}

/* ---- table ---- */

static void add_fact(sheet *s, const char *english, int64_t value,
                     const char *unit)
{
    base_text_format(s->page, "<div><b>%lld%s</b>", (long long)value, unit);
    add_words(s, english);
    base_text_add(s->page, "</div>");
}

static void add_break(sheet *s)
{
    base_text_add(s->page, "<tr class=\"break\"><td></td><td>");
    add_clock(s, s->route->break_start_s);
    base_text_add(s->page, " - ");
    add_clock(s, s->route->break_end_s);
    base_text_add(s->page, "</td><td colspan=\"6\">");
    add_words(s, GB_N("Lunch break"));
    base_text_add(s->page, "</td></tr>\n");
}

/* The place's name, else its reference; and how long one waits there. */
static void add_place(sheet *s, const store_stop *stop, bool is_first)
{
    const uint32_t found = store_ids_find(s->place_ids, stop->place_id);
    const store_place *place
        = found == STORE_NONE ? NULL : &s->places->items[found];
    const int64_t access_s = place ? place->access_s : 0;
    const int64_t wait_s = stop->start_s - stop->arrive_s - access_s;

    if (place && place->name && place->name[0])
        base_text_html(s->page, place->name);
    else
        base_text_html(s->page, stop->place_ref ? stop->place_ref : "");
    if (!is_first || wait_s < MINUTE_S)
        return;
    base_text_format(s->page, " <i>%lld min ", (long long)(wait_s / MINUTE_S));
    add_words(s, GB_N("to wait"));
    base_text_add(s->page, "</i>");
}

static void add_stop(sheet *s, const store_stop *stop, bool is_first)
{
    base_text_format(s->page, "<tr%s><td>",
                     stop->is_must ? " class=\"must\"" : "");
    if (is_first)
        base_text_format(s->page, "%u", stop->stop_no);
    base_text_add(s->page, "</td><td>");
    add_clock(s, stop->start_s);
    base_text_add(s->page, " - ");
    add_clock(s, stop->end_s);
    base_text_add(s->page, "</td><td>");
    add_place(s, stop, is_first);
    base_text_add(s->page, "</td><td>");
    base_text_html(s->page, stop->ref);
    base_text_add(s->page, "</td><td>");
    base_text_html(s->page, stop->grade);
    if (stop->is_must) {
        base_text_add(s->page, " <b>");
        add_words(s, GB_N("must"));
        base_text_add(s->page, "</b>");
    }
    base_text_format(s->page, "</td><td class=\"n\">%lld</td>",
                     (long long)stop->prize);
    base_text_format(s->page,
                     "<td class=\"n\">%lld</td><td class=\"done\"></td></tr>\n",
                     (long long)((stop->travel_s + MINUTE_S - 1) / MINUTE_S));
}

static void add_table(sheet *s)
{
    static const char *const heads[]
        = { GB_N("No."),   GB_N("Time"),  GB_N("Place"),
            GB_N("Customer"), GB_N("Grade"), GB_N("Points"),
            GB_N("Way, min"), GB_N("Met / result") };
    const store_plan *plan = &s->data->plan;
    bool has_break = s->route->break_start_s != STORE_NO_TIME
                     && s->route->break_start_s >= s->route->leave_s;
    uint32_t last = 0;

    base_text_add(s->page, "<table><thead><tr>");
    for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
        base_text_add(s->page, h == 5 || h == 6 ? "<th class=\"n\">" : "<th>");
        add_words(s, heads[h]);
        base_text_add(s->page, "</th>");
    }
    base_text_add(s->page, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < s->route->n_stops; i++) {
        const store_stop *stop = &plan->stops[s->route->first_stop + i];

        if (has_break && stop->start_s >= s->route->break_end_s) {
            add_break(s);
            has_break = false;
        }
        add_stop(s, stop, stop->stop_no != last);
        last = stop->stop_no;
    }
    if (has_break)
        add_break(s);
    base_text_add(s->page, "</tbody></table>\n");
}

static void add_sheet(sheet *s)
{
    static const char *const modes[]
        = { GB_N("on foot"), GB_N("e-bike"), GB_N("car") };
    const store_branch *branch
        = &s->data->branches.items[s->data->branch];
    char day[16];

    base_text_add(s->page, "<section>\n<h1>");
    add_words(s, GB_N("Route sheet"));
    base_text_add(s->page, " · ");
    base_text_html(s->page, s->route->manager_ref);
    base_text_add(s->page, "</h1>\n<p class=\"sub\">");
    base_text_html(s->page,
                   branch->name && branch->name[0] ? branch->name
                                                   : branch->ref);
    base_text_format(s->page, " · %s · ",
                     store_day_text(day, s->data->on));
    add_words(s, modes[s->route->mode]);
    base_text_add(s->page, " · ");
    add_clock(s, s->route->leave_s);
    base_text_add(s->page, " - ");
    add_clock(s, s->route->back_s);
    base_text_add(s->page, "</p>\n<div class=\"facts\">");
    add_fact(s, GB_N("visits"), s->route->n_stops, "");
    add_fact(s, GB_N("points"), s->route->prize, "");
    add_fact(s, GB_N("on the way"), s->route->travel_s / MINUTE_S, " min");
    add_fact(s, GB_N("distance"), (s->route->travel_m + 500) / 1000, " km");
    base_text_add(s->page, "</div>\n");
    add_sketch(s);
    add_table(s);
    base_text_add(s->page, "<footer>");
    add_words(s, GB_N("Map data © OpenStreetMap contributors, ODbL"));
    base_text_add(s->page, "</footer>\n</section>\n");
}

void report_sheet_head(base_text *page, base_lang lang, const char *title)
{
    base_text_format(page,
                     "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
                     "<meta charset=\"utf-8\">\n<title>",
                     base_lang_name(lang));
    base_text_html(page, base_lang_text(lang, title));
    base_text_add(page, "</title>\n<style>\n");
    base_text_add(page, (const char *)gb_sheet_css);
    base_text_add(page, "</style>\n</head>\n<body>\n");
}

static size_t add_sheets(sheet *s, const char *manager)
{
    size_t n = 0;

    report_sheet_head(s->page, s->lang, GB_N("Route sheet"));
    for (size_t r = 0; r < s->data->plan.n_routes; r++) {
        s->route = &s->data->plan.routes[r];
        if (!report_has_route(s->data, r)
            || (manager && strcmp(manager, s->route->manager_ref) != 0))
            continue;
        add_sheet(s);
        n++;
    }
    base_text_add(s->page, "</body>\n</html>\n");
    return n;
}

gb_status report_sheets(report_data *data, const char *manager,
                        base_text *page)
{
    store_places places = { 0 };
    store_ids ids = { 0 };
    sheet s = { .data = data, .page = page, .lang = data->run->ctx->lang,
                .places = &places, .place_ids = &ids };
    size_t n = 0;
    gb_status status = store_load_places(data->ws, &places);

    if (!status)
        status = store_ids_build(data->ws, places.items, places.n,
                                 sizeof *places.items, &ids);
    if (!status)
        n = add_sheets(&s, manager);
    if (!status && manager && n == 0)
        status = base_fail(data->run->ctx, GB_ERR_NOT_FOUND,
                           "manager \"%s\" has no route that day", manager);
    if (!status && page->is_short)
        status = base_fail_nomem(data->run->ctx);
    store_ids_clear(&ids);
    store_places_clear(&places);
    return status;
}
