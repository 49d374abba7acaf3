/*
 * call_roads_path.c - roads.path: the way from one place to another, as a
 * list of steps, a line, a cue sheet.
 */
#include "call_roads.h"

#include <stdio.h>
#include <string.h>

#include "call_file.h"
#include "call_way.h"

enum { DAY_S = 86400, MOST_BANDS = 64 };

/* ---- at an hour ---- */

/* A time of day HH:MM, in seconds; -1: none. */
static int32_t parse_clock(const char *text)
{
    int h, m;

    if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2
        || strspn(text + 3, "0123456789") != 2)
        return -1;
    h = (text[0] - '0') * 10 + text[1] - '0';
    m = (text[3] - '0') * 10 + text[4] - '0';
    return h < 24 && m < 60 ? h * 3600 + m * 60 : -1;
}

static bool is_within(const gb_roads_band *band, int32_t day_s, int kind)
{
    const int32_t from = band->from_min * 60, to = band->to_min * 60;

    if (!(band->day_kinds & kind))
        return false;
    return from < to ? day_s >= from && day_s < to
                     : day_s >= from || day_s < to;
}

/* The first band that has an hour of such a day; false: free flow. */
static bool find_band(call *c, const gb_roads *roads, int32_t day_s, int kind,
                      gb_roads_band *out)
{
    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        *out = (gb_roads_band){ .size = sizeof *out };
        if (gb_roads_band_at(c->ctx, roads, i, out) == GB_OK
            && is_within(out, day_s, kind))
            return true;
    }
    return false;
}

/* When the band of an hour, or the lack of one, ends; the day's end at the
 * latest. */
static int32_t band_end(call *c, const gb_roads *roads, int32_t day_s,
                        int kind)
{
    int32_t end = DAY_S;

    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        gb_roads_band band = { .size = sizeof band };
        int32_t edges[2];

        if (gb_roads_band_at(c->ctx, roads, i, &band)
            || !(band.day_kinds & kind))
            continue;
        edges[0] = band.from_min * 60;
        edges[1] = band.to_min * 60;
        for (int e = 0; e < 2; e++)
            if (edges[e] > day_s && edges[e] < end)
                end = edges[e];
    }
    return end;
}

/* The travel's speeds at an hour, in place of those it has. */
static gb_status take_hour(call *c, call_travel *travel, int32_t day_s,
                           int kind, gb_roads_band *band)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *made = NULL;
    gb_status status;

    speeds.mode = (int32_t)travel->mode;
    if (find_band(c, travel->roads, day_s, kind, band))
        speeds.band = band->name;
    else
        band->name[0] = '\0';
    status = gb_roads_customise(c->ctx, travel->roads, &speeds, &made);
    if (status)
        return status;
    call_travel_close(travel);
    travel->roads = travel->own = made;
    return GB_OK;
}

typedef struct trip {
    call *c;
    call_travel travel;
    gb_roads_place from, to;
    gb_roads_directions *directions;
    int32_t depart_s, arrive_s; /* -1: no hour is asked for */
    int kind;                   /* bit of the day: 1 working, 2 rest */
    char band[32];
} trip;

/*
 * Who is on the way when the hour changes goes on at the new speed.  Hours
 * are looked at as far as the trip comes, so one search mostly does.
 */
static gb_status arrive(trip *t)
{
    gb_roads_hours hours[MOST_BANDS] = { { 0, 0 } };
    size_t n = 1;
    int32_t until = band_end(t->c, t->travel.roads, t->depart_s, t->kind);
    call_travel later = t->travel;
    gb_status status = GB_OK;

    later.own = NULL; /* it is the trip's */
    hours[0].travel_s = gb_roads_directions_totals(t->directions).seconds;
    t->arrive_s = gb_roads_arrival_s(hours, n, t->depart_s);
    while (!status && t->arrive_s > until && until < DAY_S
           && n < MOST_BANDS) {
        gb_roads_band band = { .size = sizeof band };
        gb_roads_path_totals totals;
        size_t n_points;

        status = take_hour(t->c, &later, until, t->kind, &band);
        if (!status)
            status = gb_roads_path(t->c->ctx, later.roads, &t->from, &t->to,
                                   0, NULL, &n_points, &totals);
        if (status == GB_ERR_BUFFER)
            status = GB_OK;
        hours[n++] = (gb_roads_hours){ until, totals.seconds };
        until = band_end(t->c, later.roads, until, t->kind);
        if (!status)
            t->arrive_s = gb_roads_arrival_s(hours, n, t->depart_s);
    }
    call_travel_close(&later);
    return status;
}

/* ---- the result ---- */

static json_t *describe_step(const trip *t, size_t i,
                             const gb_roads_step *step,
                             const int32_t totals[2])
{
    base_text words;
    json_t *object;

    base_text_init(&words, t->c->mem);
    call_way_words(t->c, t->travel.mode, step, &words);
    object = json_pack(
        "{s:I, s:o, s:i, s:i, s:o, s:s, s:I, s:I, s:I, s:I, s:f, s:[f,f], "
        "s:I, s:b}",
        "no", (json_int_t)(i + 1), "text",
        call_string(words.chars ? words.chars : ""), "turn", (int)step->turn,
        "exit", (int)step->exit, "name", call_string(step->name), "class",
        step->road_class, "metres", (json_int_t)step->metres, "seconds",
        (json_int_t)step->seconds, "total_m", (json_int_t)totals[0],
        "total_s", (json_int_t)totals[1], "bearing_deg", step->bearing_deg,
        "at", step->at.lon_deg, step->at.lat_deg, "point",
        (json_int_t)step->first_point, "pushed", (int)step->is_pushed);
    base_text_clear(&words);
    return object;
}

static bool put_steps(const trip *t, json_t *object)
{
    const gb_roads_step *steps;
    const size_t n = gb_roads_directions_steps(t->directions, &steps);
    json_t *list = json_array();
    int32_t totals[2] = { 0, 0 };

    for (size_t i = 0; i < n; i++) {
        if (!call_put(list, NULL, describe_step(t, i, &steps[i], totals))) {
            json_decref(list);
            return false;
        }
        totals[0] += steps[i].metres;
        totals[1] += steps[i].seconds;
    }
    return call_put(object, "steps", list);
}

static bool put_line(const trip *t, json_t *object)
{
    const gb_lonlat *line;
    const size_t n = gb_roads_directions_line(t->directions, &line);
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        if (!call_put(list, NULL,
                      json_pack("[f,f]", line[i].lon_deg, line[i].lat_deg))) {
            json_decref(list);
            return false;
        }
    return call_put(object, "line", list);
}

static bool put_clock(const trip *t, json_t *object)
{
    if (t->depart_s < 0)
        return true;
    return call_put(object, "depart_s", json_integer(t->depart_s))
           && call_put(object, "arrive_s", json_integer(t->arrive_s))
           && call_put(object, "travel_s",
                       json_integer(t->arrive_s - t->depart_s));
}

static json_t *describe(const trip *t)
{
    const gb_roads_path_totals totals =
        gb_roads_directions_totals(t->directions);
    json_t *object = json_pack(
        "{s:b, s:s, s:I, s:I, s:f, s:f}", "found", 1, "mode",
        gb_mode_name(t->travel.mode), "seconds", (json_int_t)totals.seconds,
        "metres", (json_int_t)totals.metres, "from_distance_m",
        t->from.distance_m, "to_distance_m", t->to.distance_m);

    if (object
        && !((!t->band[0]
              || call_put(object, "band", json_string(t->band)))
             && put_clock(t, object) && put_steps(t, object)
             && put_line(t, object))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static gb_status add_document(const trip *t, json_t *object)
{
    call *c = t->c;
    const char *format = call_text(c, "format");
    const call_way way = { .travel = &t->travel, .directions = t->directions,
                           .depart_s = t->depart_s, .arrive_s = t->arrive_s };
    base_text text;
    gb_status status;

    if (strcmp(format, "text") == 0 && !call_has(c, "out"))
        return call_put(object, "listed", json_true())
                   ? GB_OK
                   : base_fail_nomem(c->ctx);
    base_text_init(&text, c->mem);
    if (strcmp(format, "geojson") == 0)
        call_way_geojson(c, &way, &text);
    else if (strcmp(format, "cue") == 0)
        call_way_cue(c, &way, &text);
    else
        call_way_text(c, &way, &text);
    status = call_file_give(c, object, &text);
    base_text_clear(&text);
    return status;
}

/* ---- roads.path ---- */

/* Neither place nor way: an answer, with the exit code 1. */
static gb_status answer_none(const trip *t, json_t **result)
{
    const gb_roads_place *lost = t->from.status ? &t->from : &t->to;
    json_t *object = json_pack("{s:b, s:s}", "found", 0, "mode",
                               gb_mode_name(t->travel.mode));
    const char *key = t->from.status ? "from_lost"
                      : t->to.status ? "to_lost"
                                     : "no_way";

    t->c->code = 1;
    if (object)
        call_put(object, key, json_string(lost->status
                                              ? call_snap_word(lost->status)
                                              : "no_way"));
    return call_result(t->c, result, object);
}

static gb_status take_depart(trip *t)
{
    call *c = t->c;
    gb_roads_band band = { .size = sizeof band };
    gb_status status;

    t->depart_s = t->arrive_s = -1;
    t->kind = call_flag(c, "rest_day") ? 2 : 1;
    if (call_has(c, "band"))
        snprintf(t->band, sizeof t->band, "%s", call_text(c, "band"));
    if (!call_has(c, "depart"))
        return GB_OK;
    if (call_has(c, "band"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "either \"%s\" or \"%s\" is given, not both",
                         "depart", "band");
    t->depart_s = parse_clock(call_text(c, "depart"));
    if (t->depart_s < 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "depart = \"%.32s\": a time of day as 08:30 "
                         "expected",
                         call_text(c, "depart"));
    status = take_hour(c, &t->travel, t->depart_s, t->kind, &band);
    if (!status)
        snprintf(t->band, sizeof t->band, "%s", band.name);
    return status;
}

static gb_status find(trip *t, bool *is_found)
{
    call *c = t->c;
    gb_lonlat ends[2] = { { 0, 0 }, { 0, 0 } };
    gb_roads_place places[2];
    gb_status status;

    *is_found = false;
    call_lonlat(c, "from", &ends[0]);
    call_lonlat(c, "to", &ends[1]);
    status = call_travel_snap(c, &t->travel, ends, 2, places);
    if (status)
        return status;
    t->from = places[0];
    t->to = places[1];
    if (t->from.status || t->to.status)
        return GB_OK;
    status = gb_roads_direct(c->ctx, t->travel.roads, &t->from, &t->to,
                             &t->directions);
    if (status == GB_ERR_INFEASIBLE)
        return GB_OK;
    *is_found = !status;
    return status;
}

gb_status call_roads_path_find(call *c, json_t **result)
{
    trip t = { .c = c };
    bool is_found = false;
    gb_status status = call_travel_open(c, &t.travel);

    if (!status)
        status = take_depart(&t);
    if (!status)
        status = find(&t, &is_found);
    if (!status && is_found && t.depart_s >= 0)
        status = arrive(&t);
    if (!status && !is_found)
        status = answer_none(&t, result);
    else if (!status)
        status = call_result(c, result, describe(&t));
    if (!status && is_found)
        status = add_document(&t, *result);
    gb_roads_directions_free(t.directions);
    call_travel_close(&t.travel);
    return status;
}
