/*
 * call_roads_reach.c - roads.reach and roads.catchments: what is near by
 * travel time.
 */
#include "call_roads.h"

#include <math.h>
#include <string.h>

#include "call_file.h"
#include "call_shape.h"
#include "call_travel.h"

enum { MOST_LIMITS = 64 };

/* ---- reach ---- */

typedef struct reach {
    call *c;
    call_travel travel;
    gb_lonlat at;
    gb_roads_place from;
    int32_t limits_s[MOST_LIMITS];
    size_t n_limits;
    gb_roads_reached *reached;
} reach;

static gb_status take_limits(reach *r)
{
    call *c = r->c;

    r->n_limits = call_list_size(c, "minutes");
    if (r->n_limits == 0 || r->n_limits > MOST_LIMITS)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "%zu limits in \"minutes\": 1 to %d expected",
                         r->n_limits, (int)MOST_LIMITS);
    for (size_t i = 0; i < r->n_limits; i++) {
        const char *text = call_list_item(c, "minutes", i);
        double minutes;

        if (!base_parse_real(text, &minutes) || !(minutes > 0)
            || minutes > 1440)
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "\"%.32s\" in \"minutes\" is not a number "
                             "above 0 and up to 1440",
                             text);
        r->limits_s[i] = (int32_t)(minutes * 60 + 0.5);
        if (r->limits_s[i] < 1)
            r->limits_s[i] = 1;
        if (i > 0 && r->limits_s[i] <= r->limits_s[i - 1])
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "the numbers in \"minutes\" do not ascend");
    }
    return GB_OK;
}

/* Square metres of an area in degrees, by metres at its own latitude. */
static double square_m(const gb_shapes *areas, size_t shape, double lat_deg)
{
    const double radian = 3.14159265358979323846 / 180;
    const double phi = lat_deg * radian;
    const double y = 111132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi);
    const double x = 111412.84 * cos(phi) - 93.5 * cos(3 * phi);
    double sum = 0;

    for (uint32_t r = areas->shape_first_ring[shape];
         r < areas->shape_first_ring[shape + 1]; r++)
        sum += call_ring_area(areas->points + areas->ring_first_point[r],
                       areas->ring_first_point[r + 1]
                           - areas->ring_first_point[r]);
    return sum * x * y;
}

/* The widest first, so that the others are drawn upon it. */
static void put_collection(const reach *r, const gb_shapes *areas,
                           base_text *out)
{
    base_text_add(out, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t k = r->n_limits; k-- > 0;) {
        base_text_add(out, k + 1 < r->n_limits ? ",\n" : "\n");
        base_text_add(out, "{\"type\":\"Feature\",\"geometry\":");
        call_shape_geojson(areas, k, out);
        base_text_format(out, ",\n\"properties\":{\"mode\":\"%s\",\"minutes\":",
                         gb_mode_name(r->travel.mode));
        base_text_real(out, r->limits_s[k] / 60.0,
                       r->limits_s[k] % 60 ? 2 : 0);
        base_text_format(out, ",\"seconds\":%ld,\"street_m\":%lld,\"area_m2\":",
                         (long)r->limits_s[k],
                         (long long)gb_roads_reached_m(r->reached, k));
        base_text_real(out, square_m(areas, k, r->at.lat_deg), 0);
        base_text_add(out, "}}");
    }
    base_text_add(out, "]}\n");
}

static json_t *describe_reach(const reach *r, const gb_shapes *areas)
{
    json_t *limits = json_array();

    for (size_t i = 0; i < r->n_limits; i++)
        if (!call_put(limits, NULL,
                      json_pack("{s:f, s:I, s:I, s:f}", "minutes",
                                r->limits_s[i] / 60.0, "seconds",
                                (json_int_t)r->limits_s[i], "street_m",
                                (json_int_t)gb_roads_reached_m(r->reached, i),
                                "area_km2",
                                round(square_m(areas, i, r->at.lat_deg) / 1e4)
                                    / 100))) {
            json_decref(limits);
            return NULL;
        }
    return json_pack("{s:b, s:s, s:f, s:o}", "found", 1, "mode",
                     gb_mode_name(r->travel.mode), "distance_m",
                     r->from.distance_m, "limits", limits);
}

static gb_status tell(reach *r, json_t **result)
{
    const gb_shapes areas = gb_roads_reached_areas(r->reached);
    base_text text;
    gb_status status = call_result(r->c, result, describe_reach(r, &areas));

    /* Without a file the console shows the table; --json is for programs. */
    if (status || !call_has(r->c, "out"))
        return status;
    base_text_init(&text, r->c->mem);
    put_collection(r, &areas, &text);
    status = call_file_give(r->c, *result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status search(reach *r)
{
    gb_roads_reach_query query = GB_ROADS_REACH_QUERY_INIT;

    query.from = &r->from;
    query.n_from = 1;
    query.limits_s = r->limits_s;
    query.n_limits = r->n_limits;
    query.width_m = call_real(r->c, "width_m");
    return gb_roads_reach(r->c->ctx, r->travel.roads, &query, &r->reached);
}

gb_status call_roads_reach(call *c, json_t **result)
{
    reach r = { .c = c };
    gb_status status = take_limits(&r);

    call_lonlat(c, "from", &r.at);
    if (!status)
        status = call_travel_open(c, &r.travel);
    if (!status)
        status = call_travel_snap(c, &r.travel, &r.at, 1, &r.from);
    if (!status && r.from.status != GB_SNAP_OK) {
        c->code = 1;
        status = call_result(c, result,
                             json_pack("{s:b, s:s}", "found", 0, "reason",
                                       call_snap_word(r.from.status)));
    } else if (!status) {
        status = search(&r);
        if (!status)
            status = tell(&r, result);
    }
    gb_roads_reached_free(r.reached);
    call_travel_close(&r.travel);
    return status;
}

/* ---- catchments ---- */

typedef struct catchments {
    call *c;
    call_travel travel;
    call_points centres, points;
    gb_roads_place *centre_places, *point_places;
    uint32_t *owner;
    int32_t *seconds;
} catchments;

static gb_status read_both(catchments *k)
{
    call *c = k->c;
    gb_status status =
        call_points_read(c, call_text(c, "centres"), &k->centres);

    if (!status)
        status = call_points_read(c, call_text(c, "points"), &k->points);
    if (!status)
        status = call_travel_snap_all(c, &k->travel, &k->centres,
                                      &k->centre_places);
    if (!status)
        status = call_travel_snap_all(c, &k->travel, &k->points,
                                      &k->point_places);
    if (status)
        return status;
    k->owner = base_alloc_array(c->mem, k->points.n, sizeof *k->owner);
    k->seconds = base_alloc_array(c->mem, k->points.n, sizeof *k->seconds);
    return k->owner && k->seconds ? GB_OK : base_fail_nomem(c->ctx);
}

static void put_rows(const catchments *k, base_text *out)
{
    base_text_add(out, "point,centre,seconds\n");
    for (size_t i = 0; i < k->points.n; i++) {
        const bool has_one = k->owner[i] < k->centres.n;

        base_text_csv(out, k->points.ids[i]);
        base_text_add(out, ",");
        base_text_csv(out, has_one ? k->centres.ids[k->owner[i]] : "");
        if (has_one)
            base_text_format(out, ",%ld\n", (long)k->seconds[i]);
        else
            base_text_add(out, ",\n");
    }
}

/* What falls to a centre. */
typedef struct share {
    json_int_t n, sum_s, most_s;
} share;

static void add_up(const catchments *k, share *shares)
{
    for (size_t i = 0; i < k->points.n; i++) {
        share *s;

        if (k->owner[i] >= k->centres.n)
            continue;
        s = &shares[k->owner[i]];
        s->n++;
        s->sum_s += k->seconds[i];
        s->most_s = k->seconds[i] > s->most_s ? k->seconds[i] : s->most_s;
    }
}

/* NULL: no memory. */
static json_t *describe_centres(const catchments *k)
{
    share *shares = base_alloc_zeroed(k->c->mem, k->centres.n, sizeof *shares);
    json_t *list = shares ? json_array() : NULL;

    if (shares)
        add_up(k, shares);
    for (size_t i = 0; list && i < k->centres.n; i++) {
        const share *s = &shares[i];

        if (!call_put(list, NULL,
                      json_pack("{s:o, s:I, s:I, s:I}", "centre",
                                call_string(k->centres.ids[i]), "points",
                                s->n, "mean_s",
                                s->n ? (s->sum_s + s->n / 2) / s->n : 0,
                                "most_s", s->most_s))) {
            json_decref(list);
            list = NULL;
        }
    }
    base_free(k->c->mem, shares);
    return list;
}

static json_t *describe_catchments(const catchments *k)
{
    json_t *list = describe_centres(k), *set_aside = json_array();
    json_int_t n_none = 0;
    const bool is_put = list && call_put_set_aside(set_aside, &k->centres,
                                     k->centre_places)
                        && call_put_set_aside(set_aside, &k->points,
                                              k->point_places);

    for (size_t i = 0; i < k->points.n; i++)
        n_none += k->owner[i] >= k->centres.n;
    if (!is_put) {
        json_decref(list);
        json_decref(set_aside);
        return NULL;
    }
    return json_pack("{s:I, s:I, s:o, s:o}", "points",
                     (json_int_t)k->points.n, "unreached", n_none, "centres",
                     list, "set_aside", set_aside);
}

static gb_status write_catchments(const catchments *k, json_t **result)
{
    base_text text;
    gb_status status = call_result(k->c, result, describe_catchments(k));

    if (status)
        return status;
    base_text_init(&text, k->c->mem);
    put_rows(k, &text);
    status = call_file_give(k->c, *result, &text);
    base_text_clear(&text);
    return status;
}

gb_status call_roads_catchments(call *c, json_t **result)
{
    catchments k = { .c = c };
    gb_status status;

    base_arena_init(&k.centres.arena, c->mem);
    base_arena_init(&k.points.arena, c->mem);
    status = call_travel_open(c, &k.travel);
    if (!status)
        status = read_both(&k);
    if (!status)
        status = gb_roads_catchments(c->ctx, k.travel.roads, k.travel.mode,
                                     k.centre_places, k.centres.n,
                                     k.point_places, k.points.n, k.owner,
                                     k.seconds);
    if (!status)
        status = write_catchments(&k, result);
    base_free(c->mem, k.owner);
    base_free(c->mem, k.seconds);
    base_free(c->mem, k.centre_places);
    base_free(c->mem, k.point_places);
    call_points_clear(c, &k.centres);
    call_points_clear(c, &k.points);
    call_travel_close(&k.travel);
    return status;
}
