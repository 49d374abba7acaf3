/*
 * call_roads_info.c - roads.info, roads.profile: what a road index holds.
 */
#include "call_roads.h"

#include <stdio.h>

#include "call_file.h"
#include "roads_index.h"

enum { HASH_BYTES = 16 };

json_t *call_describe_mode(gb_mode mode, const gb_roads_mode_report *r)
{
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "mode",
                     gb_mode_name(mode), "nodes", (json_int_t)r->nodes,
                     "links", (json_int_t)r->links, "ends",
                     (json_int_t)r->ends, "arcs", (json_int_t)r->arcs,
                     "edges", (json_int_t)r->edges, "open_m",
                     (json_int_t)r->open_m, "routable_m",
                     (json_int_t)r->routable_m, "routable_ratio",
                     r->open_m > 0 ? (double)r->routable_m / (double)r->open_m
                                   : 0.0);
}

/* What the profile says of a mode as a whole. */
static json_t *describe_mode(gb_mode mode, const gb_roads *roads,
                             const gb_roads_mode_info *info)
{
    const roads_mode_profile *p = &roads->profile.modes[mode];
    const gb_roads_mode_report as_report = {
        .nodes = info->nodes, .arcs = info->arcs, .links = info->links,
        .edges = info->edges, .open_m = info->open_m,
        .routable_m = info->routable_m
    };
    const int32_t band = roads->modes[mode].band;
    json_t *object = call_describe_mode(mode, &as_report);

    if (!object)
        return NULL;
    json_object_del(object, "ends"); /* of a build only */
    call_put(object, "shortcuts", json_integer((json_int_t)info->shortcuts));
    call_put(object, "turns", json_boolean(info->is_turn_aware));
    call_put(object, "turn_s", json_real(p->turns.turn_s));
    call_put(object, "u_turn_s", json_real(p->turns.u_turn_s));
    call_put(object, "signal_s", json_real(p->turns.signal_s));
    call_put(object, "contraflow", json_boolean(p->contraflow));
    call_put(object, "band",
             band >= 0 && band < roads->profile.n_bands
                 ? json_string(roads->profile.bands[band].name)
                 : json_null());
    return object;
}

static json_t *describe_modes(const gb_roads *roads,
                              const gb_roads_facts *facts)
{
    json_t *modes = json_array();

    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (!call_put(modes, NULL,
                      describe_mode((gb_mode)m, roads, &facts->modes[m]))) {
            json_decref(modes);
            return NULL;
        }
    return modes;
}

/* Speeds by class, as a rule; null where a mode may not go. */
static json_t *describe_speeds(const gb_roads *roads)
{
    json_t *list = json_array();

    for (int k = 0; k < ROADS_CLASS_COUNT; k++) {
        json_t *row = json_pack("{s:s}", "class",
                                roads_class_name((roads_class)k));

        for (int m = 0; row && m < GB_MODE_COUNT; m++) {
            const int dkmh = roads->profile.modes[m].speed_dkmh[k];

            call_put(row, gb_mode_name((gb_mode)m),
                     dkmh ? json_real(dkmh / 10.0) : json_null());
        }
        if (!row || !call_put(list, NULL, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* The factors of all classes of a mode, from the lowest to the highest. */
static json_t *describe_factors(const roads_band *band, gb_mode mode)
{
    double low = band->factor[mode][0], high = low;

    for (int k = 1; k < ROADS_CLASS_COUNT; k++) {
        low = band->factor[mode][k] < low ? band->factor[mode][k] : low;
        high = band->factor[mode][k] > high ? band->factor[mode][k] : high;
    }
    return json_pack("[f,f]", low, high);
}

static json_t *describe_bands(call *c, const gb_roads *roads)
{
    static const char *const days[] = { "", GB_N("working days"),
                                        GB_N("rest days"), GB_N("all days") };
    json_t *list = json_array();

    for (int b = 0; b < roads->profile.n_bands; b++) {
        const roads_band *band = &roads->profile.bands[b];
        json_t *row = json_pack(
            "{s:s, s:i, s:s, s:i, s:i, s:o, s:o, s:o}", "band", band->name,
            "day_kinds", (int)band->day_kinds, "days",
            call_words(c, days[band->day_kinds & 3]), "from_s",
            band->from_min * 60, "to_s", band->to_min * 60, "foot_factor",
            describe_factors(band, GB_MODE_FOOT), "ebike_factor",
            describe_factors(band, GB_MODE_EBIKE), "car_factor",
            describe_factors(band, GB_MODE_CAR));

        if (!row || !call_put(list, NULL, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *describe_facts(call *c, const gb_roads *roads,
                              const gb_roads_facts *facts)
{
    char hash[2 * sizeof facts->hash + 1];
    size_t n = sizeof facts->hash;

    while (n > HASH_BYTES && facts->hash[n - 1] == 0)
        n--; /* there is room for longer ones */
    for (size_t i = 0; i < n; i++)
        snprintf(hash + 2 * i, 3, "%02x", facts->hash[i]);
    return json_pack(
        "{s:i, s:s, s:b, s:[f,f,f,f], s:I, s:I, s:I, s:I, s:I, s:o, s:o, "
        "s:o}",
        "format", (int)facts->version, "hash", hash, "ebike_contraflow",
        (int)(facts->ebike_contraflow != 0), "bbox",
        facts->south_west.lon_deg, facts->south_west.lat_deg,
        facts->north_east.lon_deg, facts->north_east.lat_deg, "lines",
        (json_int_t)facts->lines, "links", (json_int_t)facts->links, "names",
        (json_int_t)facts->names, "restrictions",
        (json_int_t)facts->restrictions, "bytes",
        (json_int_t)facts->file_bytes, "modes",
        describe_modes(roads, facts), "speeds", describe_speeds(roads),
        "bands", describe_bands(c, roads));
}

gb_status call_roads_info(call *c, json_t **result)
{
    gb_roads_facts facts = { .size = sizeof facts };
    const gb_roads *roads = NULL;
    gb_status status = call_roads(c, call_text(c, "roads"), &roads);

    if (!status)
        status = gb_roads_info(c->ctx, roads, &facts);
    return status ? status
                  : call_result(c, result, describe_facts(c, roads, &facts));
}

/* ---- roads.profile ---- */

static gb_status write_profile(call *c, const gb_roads *roads, base_text *out)
{
    char *text = NULL;
    size_t n = 0;
    gb_status status = gb_roads_profile_json(c->ctx, roads, 0, NULL, &n);

    if (status != GB_ERR_BUFFER)
        return status;
    text = base_alloc(c->mem, n);
    status = text ? gb_roads_profile_json(c->ctx, roads, n, text, &n)
                  : base_fail_nomem(c->ctx);
    if (!status)
        base_text_append(out, text, n - 1);
    base_free(c->mem, text);
    return status;
}

gb_status call_roads_profile(call *c, json_t **result)
{
    const gb_roads *roads = NULL;
    json_t *object = json_object();
    base_text text;
    gb_status status = GB_OK;

    base_text_init(&text, c->mem);
    if (call_has(c, "roads"))
        status = call_roads(c, call_text(c, "roads"), &roads);
    if (!status)
        status = write_profile(c, roads, &text);
    if (!status)
        status = object ? call_file_give(c, object, &text)
                        : base_fail_nomem(c->ctx);
    base_text_clear(&text);
    if (!status)
        return call_result(c, result, object);
    json_decref(object);
    return status;
}
