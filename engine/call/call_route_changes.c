/*
 * call_route_changes.c - see call_route_day.h: what happened on a day, from
 * the options of the command line or as JSON.
 */
#include "call_route_day.h"

#include <stdlib.h>
#include <string.h>

#include "call_file.h"

gb_status call_route_day_begin(call *c, call_route_day *d)
{
    gb_status status = call_route_open(c, &d->r);

    return status ? status : call_route_read(&d->r, "solution", &d->routes);
}

void call_route_day_end(call_route_day *d)
{
    gb_route_solution_free(d->plan);
    gb_route_diff_free(d->diff);
    gb_route_file_routes_free(d->routes);
    base_free(d->r.c->mem, d->changes.items);
    call_route_close(&d->r);
}

/* A time of day that a parameter tells; *out stays where it is absent. */
gb_status call_route_take_clock(const call *c, const char *name, int32_t *out)
{
    if (!call_has(c, name) || call_route_clock(call_text(c, name), out))
        return GB_OK;
    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "%s = \"%.32s\": a time of day as 10:30 expected", name,
                     call_text(c, name));
}

gb_status call_route_take_day(const call_route *r, uint32_t *out)
{
    const int64_t number = call_int(r->c, "day");

    if (!call_has(r->c, "day"))
        return GB_OK;
    if (number > r->facts.n_days)
        return base_fail(r->c->ctx, GB_ERR_ARGUMENT,
                         "day %lld; the problem has %u", (long long)number,
                         r->facts.n_days);
    *out = (uint32_t)number - 1;
    return GB_OK;
}

/* ---- what happened ---- */

static gb_status add(call_route_day *d, const gb_route_change *change)
{
    return base_array_push(d->r.c->mem, &d->changes, *change)
               ? GB_OK : base_fail_nomem(d->r.c->ctx);
}

static gb_status add_clients(call_route_day *d, const char *param, int32_t kind)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, param); i++) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        change.kind = kind;
        status = call_route_find_client(&d->r, call_list_item(c, param, i),
                                        &change.client);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

static gb_status add_absent(call_route_day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "absent"); i++) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        change.kind = GB_ROUTE_CHANGE_ABSENT;
        status = call_route_find_vehicle(
            &d->r, call_list_item(c, "absent", i), &change.vehicle);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

/* "m7=900": so many seconds behind. */
static gb_status add_delays(call_route_day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "delay"); i++) {
        const char *item = call_list_item(c, "delay", i);
        const char *equals = strrchr(item, '=');
        gb_route_change change = GB_ROUTE_CHANGE_INIT;
        int64_t seconds = 0;
        char name[256];

        if (!equals || !base_parse_int(equals + 1, &seconds) || seconds < 0
            || seconds > 86400)
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "delay = \"%.64s\": a vehicle and its seconds as "
                             "m7=900 expected", item);
        snprintf(name, sizeof name, "%.*s", (int)(equals - item), item);
        change.kind = GB_ROUTE_CHANGE_DELAY;
        change.seconds = (int32_t)seconds;
        status = call_route_find_vehicle(&d->r, name, &change.vehicle);
        if (!status)
            status = add(d, &change);
    }
    return status;
}

static gb_status find_location(call_route_day *d, const char *name, uint32_t *out)
{
    uint32_t client = 0;
    const gb_status status = call_route_find_client(&d->r, name, &client);

    if (!status)
        *out = d->r.problem->client_location[client];
    return status;
}

/* "a/b": the way between two clients, both ways. */
static gb_status add_closed(call_route_day *d)
{
    const call *c = d->r.c;
    gb_status status = GB_OK;

    for (size_t i = 0; !status && i < call_list_size(c, "closed"); i++) {
        const char *item = call_list_item(c, "closed", i);
        const char *slash = strchr(item, '/');
        gb_route_change change = GB_ROUTE_CHANGE_INIT;
        char name[256];

        if (!slash)
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "closed = \"%.64s\": two clients as 7/12 "
                             "expected", item);
        snprintf(name, sizeof name, "%.*s", (int)(slash - item), item);
        change.kind = GB_ROUTE_CHANGE_ROAD;
        change.seconds = GB_ROUTE_UNREACHABLE;
        status = find_location(d, name, &change.from);
        if (!status)
            status = find_location(d, slash + 1, &change.to);
        if (!status)
            status = add(d, &change);
        if (!status) {
            const uint32_t from = change.from;

            change.from = change.to;
            change.to = from;
            status = add(d, &change);
        }
    }
    return status;
}

/* ---- a list of changes as JSON ---- */

/* A name in JSON: a text, or a number that stands for one. */
static const char *name_of(const json_t *value, char buffer[32])
{
    if (json_is_integer(value)) {
        snprintf(buffer, 32, "%lld", (long long)json_integer_value(value));
        return buffer;
    }
    return json_string_value(value);
}

static gb_status take_seconds(call_route_day *d, const json_t *value, const char *key,
                              int32_t *out)
{
    if (json_is_integer(value) && json_integer_value(value) >= -86400
        && json_integer_value(value) <= 100000000) {
        *out = (int32_t)json_integer_value(value);
        return GB_OK;
    }
    if (json_is_string(value)
        && call_route_clock(json_string_value(value), out))
        return GB_OK;
    return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                     "changes[%zu].%s: seconds expected", d->changes.n, key);
}

static gb_status take_member(call_route_day *d, const char *key, const json_t *value,
                             gb_route_change *change)
{
    static const char *const known[]
        = { "kind", "client", "vehicle", "from", "to", "seconds", "closed",
            "early_s", "late_s" };
    const char *nearest = NULL;
    char buffer[32];
    const char *name = name_of(value, buffer);
    size_t best = SIZE_MAX;

    if (strcmp(key, "kind") == 0 && name
        && gb_route_change_parse(name, &change->kind))
        return GB_OK;
    if (strcmp(key, "client") == 0 && name)
        return call_route_find_client(&d->r, name, &change->client);
    if (strcmp(key, "vehicle") == 0 && name)
        return call_route_find_vehicle(&d->r, name, &change->vehicle);
    if (strcmp(key, "from") == 0 && name)
        return find_location(d, name, &change->from);
    if (strcmp(key, "to") == 0 && name)
        return find_location(d, name, &change->to);
    if (strcmp(key, "seconds") == 0)
        return take_seconds(d, value, key, &change->seconds);
    if (strcmp(key, "early_s") == 0)
        return take_seconds(d, value, key, &change->early_s);
    if (strcmp(key, "late_s") == 0)
        return take_seconds(d, value, key, &change->late_s);
    if (strcmp(key, "closed") == 0 && json_is_true(value)) {
        change->seconds = GB_ROUTE_UNREACHABLE;
        return GB_OK;
    }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (base_is_nearer(key, known[i], &best))
            nearest = known[i];
    if (nearest && best > 0)
        call_note(d->r.c, GB_N("did you mean \"%s\"?"), nearest);
    return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                     "changes[%zu].%.64s: not known, or of another type",
                     d->changes.n, key);
}

static gb_status add_list(call_route_day *d, const json_t *list)
{
    gb_status status = GB_OK;
    json_t *object, *value;
    const char *key;
    size_t i;

    if (!json_is_array(list))
        return base_fail(d->r.c->ctx, GB_ERR_ARGUMENT,
                         "the changes are an array under \"changes\"");
    json_array_foreach(list, i, object) {
        gb_route_change change = GB_ROUTE_CHANGE_INIT;

        json_object_foreach(object, key, value)
            if (!status)
                status = take_member(d, key, value, &change);
        if (!status)
            status = add(d, &change);
        if (status)
            return status;
    }
    return GB_OK;
}

static gb_status add_document(call_route_day *d)
{
    call *c = d->r.c;
    const json_t *given = call_document(c, "changes");
    json_error_t error;
    json_t *read = NULL;
    char *text = NULL;
    gb_status status = GB_OK;

    if (!call_has(c, "changes"))
        return GB_OK;
    if (!given) {
        status = call_file_text(c, "changes", &text);
        if (!status) {
            read = json_loads(text, JSON_REJECT_DUPLICATES, &error);
            if (!read)
                status = base_fail(c->ctx, GB_ERR_PARSE,
                                   "%s, line %d, column %d: %s",
                                   call_text(c, "changes"), error.line,
                                   error.column, error.text);
        }
    }
    if (!status)
        status = add_list(d, json_object_get(given ? given : read,
                                             "changes"));
    json_decref(read);
    base_free(c->mem, text);
    return status;
}

gb_status call_route_take_changes(call_route_day *d)
{
    gb_status status = add_clients(d, "cancel", GB_ROUTE_CHANGE_CANCEL);

    if (!status)
        status = add_absent(d);
    if (!status)
        status = add_delays(d);
    if (!status)
        status = add_closed(d);
    if (!status)
        status = add_clients(d, "add", GB_ROUTE_CHANGE_ADD);
    return status ? status : add_document(d);
}
