/*
 * route_json_write.c - a problem and a solution as our own JSON:
 * data/ROUTE_JSON.md.  What is default is left out.
 */
#include "route_json_own.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <gridbeat/route_json.h>

typedef struct own_writer {
    const gb_route_problem *p;
    const gb_route_file *file; /* names and places; NULL: none */
    base_text *text;
    bool is_first; /* nothing stands yet where a comma would */
} own_writer;

/* ---- pieces ---- */

static void comma(own_writer *w)
{
    if (!w->is_first)
        base_text_add(w->text, ", ");
    w->is_first = false;
}

static void key(own_writer *w, const char *name)
{
    comma(w);
    base_text_format(w->text, "\"%s\": ", name);
}

static void put_int(own_writer *w, const char *name, int64_t value)
{
    key(w, name);
    base_text_format(w->text, "%" PRId64, value);
}

static void put_some(own_writer *w, const char *name, int64_t value)
{
    if (value != 0)
        put_int(w, name, value);
}

static void put_text(own_writer *w, const char *name, const char *value)
{
    key(w, name);
    base_text_json(w->text, value);
}

static void put_numbers(own_writer *w, const int64_t *numbers, size_t n)
{
    base_text_add(w->text, "[");
    for (size_t i = 0; i < n; i++)
        base_text_format(w->text, "%s%" PRId64, i ? ", " : "", numbers[i]);
    base_text_add(w->text, "]");
}

static void put_bits(own_writer *w, uint64_t bits)
{
    const char *before = "";

    base_text_add(w->text, "[");
    for (int b = 0; b < 64; b++)
        if (bits >> b & 1) {
            base_text_format(w->text, "%s%d", before, b);
            before = ", ";
        }
    base_text_add(w->text, "]");
}

static void put_fields(own_writer *w, const route_json_fields *fields,
                       const void *row)
{
    for (size_t f = 0; f < fields->n; f++) {
        const route_json_field *field = &fields->items[f];
        const int64_t value = route_json_load(field, row);

        if (value == field->absent)
            continue;
        if (field->type == ROUTE_JSON_FLAG) {
            key(w, field->key);
            base_text_add(w->text, value ? "true" : "false");
        } else {
            put_int(w, field->key, value);
        }
    }
}

/* "name": [ with each of n items, one a line, by `put`. */
typedef void (*put_item)(own_writer *w, uint32_t i);

static void put_list(own_writer *w, const char *name, uint32_t n, put_item put)
{
    base_text_format(w->text, ",\n\"%s\": [", name);
    for (uint32_t i = 0; i < n; i++) {
        base_text_add(w->text, i ? ",\n  {" : "\n  {");
        w->is_first = true;
        put(w, i);
        base_text_add(w->text, "}");
    }
    base_text_add(w->text, "]");
}

/* ---- what is not a client or vehicle ---- */

static void put_matrix(own_writer *w, const char *name, const int32_t *matrix,
                       const int32_t *seconds)
{
    const size_t n = w->p->n_locations;

    if (!matrix)
        return;
    key(w, name);
    base_text_add(w->text, "[");
    for (size_t i = 0; i < n; i++) {
        base_text_add(w->text, i ? ",\n    [" : "\n    [");
        for (size_t j = 0; j < n; j++) {
            const bool is_way = seconds[i * n + j] != GB_ROUTE_UNREACHABLE;

            if (j)
                base_text_add(w->text, ",");
            if (matrix == seconds && !is_way)
                base_text_add(w->text, "null");
            else
                base_text_format(w->text, "%d", is_way ? matrix[i * n + j] : 0);
        }
        base_text_add(w->text, "]");
    }
    base_text_add(w->text, "]");
}

static void put_bands(own_writer *w, const gb_route_profile *profile)
{
    key(w, "bands");
    base_text_add(w->text, "[");
    for (uint32_t b = 0; b < profile->n_bands; b++) {
        base_text_add(w->text, b ? ",\n   {" : "\n   {");
        w->is_first = true;
        put_int(w, "start_s", profile->band_start_s[b]);
        put_matrix(w, "seconds", profile->band_seconds[b],
                   profile->band_seconds[b]);
        base_text_add(w->text, "}");
    }
    base_text_add(w->text, "]");
    w->is_first = false;
}

static void put_profile(own_writer *w, uint32_t f)
{
    const gb_route_profile *profile = &w->p->profiles[f];
    const int32_t *seconds =
        profile->n_bands ? profile->band_seconds[0] : profile->seconds;

    if (profile->n_bands)
        put_bands(w, profile);
    else
        put_matrix(w, "seconds", seconds, seconds);
    put_matrix(w, "metres", profile->metres, seconds);
    put_matrix(w, "cost", profile->cost, seconds);
}

static const route_json_file *own_of(const gb_route_file *file)
{
    return file && file->facts.format == GB_ROUTE_FORMAT_JSON ? file->own
                                                              : NULL;
}

bool route_own_is_lonlat(const gb_route_file *file)
{
    const route_json_file *own = own_of(file);

    return own ? own->is_lonlat
               : file && file->xy
                     && file->facts.format == GB_ROUTE_FORMAT_VROOM;
}

static void put_real(own_writer *w, const char *name, double value)
{
    char text[32];
    size_t n;

    base_real_text(text, value, 9);
    n = strlen(text);
    while (n > 2 && text[n - 1] == '0' && text[n - 2] != '.')
        n--;
    key(w, name);
    base_text_append(w->text, text, n);
}

static void put_location(own_writer *w, uint32_t i)
{
    const route_json_file *own = own_of(w->file);
    double x, y;

    if (own && own->location_names && own->location_names[i])
        put_text(w, "name", own->location_names[i]);
    if (!gb_route_file_location(w->file, i, &x, &y))
        return;
    put_real(w, route_own_is_lonlat(w->file) ? "lon_deg" : "x_m", x);
    put_real(w, route_own_is_lonlat(w->file) ? "lat_deg" : "y_m", y);
}

static void put_place(own_writer *w, uint32_t k)
{
    put_int(w, "access_s", w->p->place_access_s[k]);
}

static uint32_t count_groups(const gb_route_problem *p)
{
    uint32_t n = 0;

    for (uint32_t c = 0; p->client_group && c < p->n_clients; c++)
        if (p->client_group[c] != GB_ROUTE_NONE && p->client_group[c] >= n)
            n = p->client_group[c] + 1;
    return n;
}

static void put_group(own_writer *w, uint32_t g)
{
    if (!w->p->group_must || !w->p->group_must[g])
        return;
    key(w, "must");
    base_text_add(w->text, "true");
}

static void put_bundle(own_writer *w, uint32_t b)
{
    const uint32_t from = w->p->bundle_first_pattern[b];

    key(w, "patterns");
    base_text_add(w->text, "[");
    for (uint32_t k = from; k < w->p->bundle_first_pattern[b + 1]; k++) {
        if (k > from)
            base_text_add(w->text, ", ");
        put_bits(w, w->p->patterns[k]);
    }
    base_text_add(w->text, "]");
}

/* ---- clients ---- */

static uint32_t id_of(const uint32_t *column, uint32_t c)
{
    return column ? column[c] : GB_ROUTE_NONE;
}

static route_file_client client_of(const gb_route_problem *p, uint32_t c)
{
    route_file_client client = ROUTE_FILE_CLIENT_INIT;

    client.location = p->client_location[c];
    client.place = id_of(p->client_place, c);
    client.group = id_of(p->client_group, c);
    client.after = id_of(p->client_after, c);
    client.bundle = id_of(p->client_bundle, c);
    client.service_s = p->client_service_s ? p->client_service_s[c] : 0;
    client.release_s =
        p->client_release_s ? p->client_release_s[c] : -100000000;
    client.is_must = p->client_must && p->client_must[c];
    client.prize = p->client_prize ? p->client_prize[c] : 0;
    return client;
}

/* The name, unless it is the one that it has without being told. */
static void put_name(own_writer *w, const char *name, uint32_t number)
{
    char usual[24];

    snprintf(usual, sizeof usual, "%u", number);
    if (name && strcmp(name, usual) != 0)
        put_text(w, "name", name);
}

static void put_windows(own_writer *w, uint32_t c)
{
    const uint32_t *first = w->p->client_first_window;

    if (!first || first[c] == first[c + 1])
        return;
    key(w, "windows_s");
    for (uint32_t k = first[c]; k < first[c + 1]; k++)
        base_text_format(w->text, "%s[%d, %d]", k > first[c] ? ", " : "[",
                         w->p->windows[k].early_s, w->p->windows[k].late_s);
    base_text_add(w->text, "]");
}

static void put_allowed(own_writer *w, uint32_t c)
{
    const uint32_t *first = w->p->client_first_allowed;

    if (!first)
        return;
    key(w, "vehicles");
    base_text_add(w->text, "[");
    for (uint32_t k = first[c]; k < first[c + 1]; k++)
        base_text_format(w->text, "%s%u", k > first[c] ? ", " : "",
                         w->p->allowed_vehicles[k]);
    base_text_add(w->text, "]");
}

static void put_prizes(own_writer *w, uint32_t c)
{
    const gb_route_problem *p = w->p;
    const size_t n = p->n_slots ? p->n_slots : 1;

    if (p->n_slots && p->client_slot_prize) {
        key(w, "slot_prizes");
        put_numbers(w, p->client_slot_prize + c * n, n);
    }
    if (p->n_prize_kinds == 0)
        return;
    key(w, "kind_prizes");
    base_text_add(w->text, "[");
    for (size_t k = 0; k < p->n_prize_kinds; k++) {
        const int64_t *row = p->client_kind_prize + (k * p->n_clients + c) * n;

        if (k)
            base_text_add(w->text, ", ");
        if (p->n_slots)
            put_numbers(w, row, n);
        else
            base_text_format(w->text, "%" PRId64, *row);
    }
    base_text_add(w->text, "]");
}

static void put_client(own_writer *w, uint32_t c)
{
    const gb_route_problem *p = w->p;
    const route_file_client client = client_of(p, c);

    if (w->file)
        put_name(w, gb_route_file_client_name(w->file, c), c + 1);
    put_fields(w, &ROUTE_JSON_CLIENT, &client);
    put_windows(w, c);
    put_allowed(w, c);
    if (p->n_loads && p->client_load) {
        key(w, "loads");
        put_numbers(w, p->client_load + (size_t)c * p->n_loads, p->n_loads);
    }
    if (p->client_skills && p->client_skills[c]) {
        key(w, "skills");
        put_bits(w, p->client_skills[c]);
    }
    put_prizes(w, c);
}

/* ---- vehicles ---- */

static gb_route_vehicle vehicle_of(const gb_route_problem *p, uint32_t v)
{
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const size_t size = p->vehicles[0].size;

    memcpy(&vehicle, (const char *)p->vehicles + v * size,
           size < sizeof vehicle ? size : sizeof vehicle);
    return vehicle;
}

static void put_breaks(own_writer *w, const gb_route_vehicle *vehicle)
{
    if (vehicle->n_breaks == 0)
        return;
    key(w, "breaks");
    for (uint32_t k = 0; k < vehicle->n_breaks; k++)
        base_text_format(w->text,
                         "%s{\"early_s\": %d, \"late_s\": %d, \"length_s\": "
                         "%d}",
                         k ? ", " : "[", vehicle->breaks[k].early_s,
                         vehicle->breaks[k].late_s,
                         vehicle->breaks[k].length_s);
    base_text_add(w->text, "]");
}

static void put_vehicle(own_writer *w, uint32_t v)
{
    const gb_route_vehicle vehicle = vehicle_of(w->p, v);

    if (w->file)
        put_name(w, gb_route_file_vehicle_name(w->file, v), v + 1);
    put_fields(w, &ROUTE_JSON_VEHICLE, &vehicle);
    put_breaks(w, &vehicle);
    if (vehicle.capacity && w->p->n_loads) {
        key(w, "capacity");
        put_numbers(w, vehicle.capacity, w->p->n_loads);
    }
    if (vehicle.skills) {
        key(w, "skills");
        put_bits(w, vehicle.skills);
    }
}

/* ---- a problem ---- */

static void put_start(own_writer *w)
{
    const gb_route_order *start = gb_route_file_start(w->file);
    bool is_first = true;

    if (!start)
        return;
    base_text_add(w->text, ",\n\"start\": {\"routes\": [");
    for (uint32_t v = 0; v < w->p->n_vehicles; v++) {
        if (start->first[v] == start->first[v + 1])
            continue;
        base_text_format(w->text, "%s{\"vehicle\": %u, \"items\": [",
                         is_first ? "\n  " : ",\n  ", v);
        is_first = false;
        for (uint32_t i = start->first[v]; i < start->first[v + 1]; i++) {
            const uint32_t item = start->items[i];

            base_text_add(w->text, i > start->first[v] ? ", " : "");
            base_text_format(
                w->text, item >= GB_ROUTE_BREAK(0) ? "{\"break\": %u}" : "%u",
                item & UINT32_C(0x7fffffff));
        }
        base_text_add(w->text, "]");
        if (start->n_frozen && start->n_frozen[v])
            base_text_format(w->text, ", \"n_frozen\": %u", start->n_frozen[v]);
        base_text_add(w->text, "}");
    }
    base_text_add(w->text, "]}");
}

gb_status route_own_write_problem(gb_context *ctx,
                                  const gb_route_problem *problem,
                                  const gb_route_file *file, base_text *text)
{
    const gb_route_problem *p = problem;
    own_writer w = { p, file, text, true };

    (void)ctx;
    base_text_add(text, "{");
    put_text(&w, "format", ROUTE_JSON_PROBLEM);
    put_int(&w, "version", ROUTE_JSON_VERSION);
    if (file && file->facts.name)
        put_text(&w, "name", file->facts.name);
    put_some(&w, "n_loads", p->n_loads);
    put_some(&w, "n_prize_kinds", p->n_prize_kinds);
    put_some(&w, "longest_per_s_milli", p->longest_per_s_milli);
    put_some(&w, "spread_per_s_milli", p->spread_per_s_milli);
    if (p->n_slots) {
        key(&w, "slot_start_s");
        for (uint32_t s = 0; s < p->n_slots; s++)
            base_text_format(text, "%s%d", s ? ", " : "[", p->slot_start_s[s]);
        base_text_add(text, "]");
    }
    put_list(&w, "locations", p->n_locations, put_location);
    put_list(&w, "profiles", p->n_profiles, put_profile);
    if (p->n_places)
        put_list(&w, "places", p->n_places, put_place);
    if (p->group_must)
        put_list(&w, "groups", count_groups(p), put_group);
    if (p->n_bundles)
        put_list(&w, "bundles", p->n_bundles, put_bundle);
    put_list(&w, "vehicles", p->n_vehicles, put_vehicle);
    put_list(&w, "clients", p->n_clients, put_client);
    put_start(&w);
    base_text_add(text, "}\n");
    return GB_OK;
}
