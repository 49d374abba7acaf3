/*
 * report_handoff.c - see report_handoff.h.
 */
#include "report_handoff.h"

#include "report_export.h"
#include "store_date.h"

enum { HOUR_S = 3600, MINUTE_S = 60 };

/* ---- GPX ---- */

static void add_at(base_text *text, const char *element, gb_lonlat at)
{
    base_text_format(text, "<%s lat=\"", element);
    base_text_real(text, at.lat_deg, 7);
    base_text_add(text, "\" lon=\"");
    base_text_real(text, at.lon_deg, 7);
    base_text_add(text, "\">");
}

static void add_way_point(base_text *text, const store_route *route,
                          const store_stop *stop)
{
    add_at(text, "wpt", stop->at);
    base_text_add(text, "<name>");
    base_text_html(text, route->manager_ref);
    base_text_format(text, " %u</name><desc>", stop->stop_no);
    base_text_html(text, stop->ref);
    base_text_add(text, "</desc></wpt>\n");
}

static void add_track(base_text *text, const store_plan *plan,
                      const store_route *route)
{
    base_text_add(text, "<trk><name>");
    base_text_html(text, route->manager_ref);
    base_text_add(text, "</name><trkseg>\n");
    for (uint32_t p = 0; p < route->n_points; p++) {
        add_at(text, "trkpt", plan->path[route->first_point + p]);
        base_text_add(text, "</trkpt>\n");
    }
    base_text_add(text, "</trkseg></trk>\n");
}

/* The schema wants all way points before the tracks. */
void report_handoff_gpx(base_text *text, const store_plan *plan)
{
    base_text_add(text,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<gpx version=\"1.1\" creator=\"gridbeat\" "
                  "xmlns=\"http://www.topografix.com/GPX/1/1\">\n");
    for (size_t r = 0; r < plan->n_routes; r++)
        for (uint32_t s = 0; s < plan->routes[r].n_stops; s++)
            add_way_point(text, &plan->routes[r],
                          &plan->stops[plan->routes[r].first_stop + s]);
    for (size_t r = 0; r < plan->n_routes; r++)
        add_track(text, plan, &plan->routes[r]);
    base_text_add(text, "</gpx>\n");
}

/* ---- ICS ---- */

static void add_time(base_text *text, const char *name, int32_t day,
                     int64_t second)
{
    const store_date date = store_date_of(day);

    base_text_format(text, "%s:%04d%02d%02dT%02d%02d%02d\r\n", name, date.year,
                     date.month, date.day, (int)(second / HOUR_S),
                     (int)(second / MINUTE_S % MINUTE_S),
                     (int)(second % MINUTE_S));
}

/* References are of [A-Za-z0-9._:-]: nothing in them needs an escape. */
static void add_event(base_text *text, const store_route *route,
                      const store_stop *stop)
{
    const store_date date = store_date_of(route->day);
    char day[16];

    /* The stamp is the plan's day: the clock of the machine is not asked. */
    base_text_format(text,
                     "BEGIN:VEVENT\r\nUID:%s-%s-%s@gridbeat\r\n"
                     "DTSTAMP:%04d%02d%02dT000000Z\r\n",
                     store_day_text(day, route->day), route->manager_ref,
                     stop->ref, date.year, date.month, date.day);
    add_time(text, "DTSTART", route->day, stop->start_s);
    add_time(text, "DTEND", route->day, stop->end_s);
    base_text_format(text, "SUMMARY:%u %s\r\nGEO:", stop->stop_no, stop->ref);
    base_text_real(text, stop->at.lat_deg, 6);
    base_text_add(text, ";");
    base_text_real(text, stop->at.lon_deg, 6);
    base_text_add(text, "\r\nEND:VEVENT\r\n");
}

void report_handoff_ics(base_text *text, const store_plan *plan)
{
    base_text_add(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                        "PRODID:-//gridbeat//plan//EN\r\n");
    for (size_t r = 0; r < plan->n_routes; r++)
        for (uint32_t s = 0; s < plan->routes[r].n_stops; s++)
            add_event(text, &plan->routes[r],
                      &plan->stops[plan->routes[r].first_stop + s]);
    base_text_add(text, "END:VCALENDAR\r\n");
}

/* ---- targets ---- */

void report_handoff_targets(base_text *text, const store_plan *plan)
{
    char day[16];

    base_text_add(text, "customer,state,reason,until,score,grade,channel,"
                        "must_rule,lon,lat\n");
    for (size_t t = 0; t < plan->n_targets; t++) {
        const store_plan_target *target = &plan->targets[t];

        report_export_ref(text, target->ref);
        base_text_format(text, ",%s,", store_plan_state_name(target->state));
        report_export_ref(text, target->reason);
        base_text_format(text, ",%s,%lld,",
                         target->until == STORE_NO_DAY
                             ? ""
                             : store_day_text(day, target->until),
                         (long long)target->score);
        report_export_ref(text, target->grade ? target->grade : "");
        base_text_add(text, ",");
        report_export_ref(text, target->channel ? target->channel : "");
        base_text_add(text, ",");
        report_export_ref(text, target->must_rule ? target->must_rule : "");
        base_text_add(text, ",");
        if (target->has_location) {
            base_text_real(text, target->at.lon_deg, 7);
            base_text_add(text, ",");
            base_text_real(text, target->at.lat_deg, 7);
        } else {
            base_text_add(text, ",");
        }
        base_text_add(text, "\n");
    }
}
