/*
 * roads_profile_json.c - profiles out of JSON: data/PROFILES.md.
 *
 * Reading is strict: whoever misspells a member is told which one and what
 * was meant, rather than driving on with the speed that is built in.
 */
#include "roads_profile_json.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "base_near.h"

enum { MAX_JSON = 1 << 20, MAX_NAME = 48 };

#define AT(field) offsetof(roads_mode_profile, field)
#define KMH ROADS_MEMBER_KMH
#define REAL ROADS_MEMBER_REAL
#define FLAG ROADS_MEMBER_FLAG
enum { ALL = 7, EBIKE_ONLY = 1 << GB_MODE_EBIKE };

static const roads_member of_mode[] = {
    { "limit_share", REAL, ALL, AT(limit_share), 0, 1.5 },
    { "limit_raises", FLAG, ALL, AT(limit_raises), 0, 1 },
    { "push_kmh", KMH, ALL, AT(push_dkmh), 1, 25 },
    { "slowest_kmh", KMH, ALL, AT(slowest_dkmh), 1, 50 },
    { "fastest_kmh", KMH, ALL, AT(fastest_dkmh), 1, 200 },
    { "contraflow", FLAG, EBIKE_ONLY, AT(contraflow), 0, 1 },
    { "turn_aware", FLAG, ALL, AT(is_turn_aware), 0, 1 },
};

static const roads_member of_turns[] = {
    { "turn_s", REAL, ALL, AT(turns.turn_s), 0, 120 },
    { "bias", REAL, ALL, AT(turns.bias), 0.5, 2 },
    { "u_turn_s", REAL, ALL, AT(turns.u_turn_s), 0, 600 },
    { "u_turn_anywhere", FLAG, ALL, AT(turns.u_turn_anywhere), 0, 1 },
    { "signal_s", REAL, ALL, AT(turns.signal_s), 0, 120 },
};

static const roads_member of_ends[] = {
    { "private", FLAG, ALL, AT(is_end_private), 0, 1 },
    { "destination", FLAG, ALL, AT(is_end_destination), 0, 1 },
};

const roads_members roads_mode_members = { of_mode, COUNT_OF(of_mode) };
const roads_members roads_turn_members = { of_turns, COUNT_OF(of_turns) };
const roads_members roads_end_members = { of_ends, COUNT_OF(of_ends) };
const char *const roads_mode_names[GB_MODE_COUNT] = { "foot", "ebike", "car" };
const char *const roads_day_names[2] = { "working", "rest" };

/* ---- where we are ---- */

/* A name of the user's is cut, not within a letter, and kept on one line. */
size_t roads_reader_enter(roads_reader *r, const char *name)
{
    const size_t before = r->n;
    size_t n = strlen(name);

    if (n > MAX_NAME)
        n = MAX_NAME;
    while (n > 0 && (name[n] & 0xc0) == 0x80)
        n--;
    if (r->n > 0 && r->n + 1 < sizeof r->path)
        r->path[r->n++] = '.';
    for (size_t i = 0; i < n && r->n + 1 < sizeof r->path; i++)
        r->path[r->n++] = (unsigned char)name[i] < ' ' ? '?' : name[i];
    r->path[r->n] = '\0';
    return before;
}

size_t roads_reader_enter_item(roads_reader *r, size_t i)
{
    const size_t before = r->n;

    snprintf(r->path + r->n, sizeof r->path - r->n, "[%zu]", i);
    r->n = strlen(r->path);
    return before;
}

void roads_reader_leave(roads_reader *r, size_t before)
{
    r->n = before;
    r->path[before] = '\0';
}

/* ---- what is wrong ---- */

gb_status roads_unknown(const roads_reader *r, const char *name,
                        const char *const *names, size_t n)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n; i++)
        if (base_is_nearer(name, names[i], &best))
            nearest = names[i];
    if (nearest)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: there is no such name; did you mean \"%s\"?",
                         r->path, nearest);
    return base_fail(r->ctx, GB_ERR_DATA,
                     "%s: there is no such name; data/PROFILES.md lists them",
                     r->path);
}

gb_status roads_need_object(const roads_reader *r, const json_t *value)
{
    return json_is_object(value)
               ? GB_OK
               : base_fail(r->ctx, GB_ERR_DATA,
                           "%s: must be an object, as {\"name\": value}",
                           r->n ? r->path : "profile");
}

gb_status roads_take_number(const roads_reader *r, const json_t *value,
                            double low, double high, double *out)
{
    char least[32], most[32], given[32];

    *out = json_number_value(value);
    if (json_is_number(value) && *out >= low && *out <= high) {
        /* Four decimals count: so it can be written, and read back. */
        *out = (double)(int64_t)(*out * 1e4 + 0.5) / 1e4;
        return GB_OK;
    }
    base_real_text(least, low, low < 1 && low > 0 ? 2 : 0);
    base_real_text(most, high, high < 2 && high > 1 ? 1 : 0);
    if (!json_is_number(value))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be a number from %s to %s", r->path, least,
                         most);
    if (*out > 1e9 || *out < -1e9)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be from %s to %s", r->path, least, most);
    return base_fail(r->ctx, GB_ERR_DATA, "%s: is %s, must be from %s to %s",
                     r->path, base_real_text(given, *out, 3), least, most);
}

gb_status roads_take_class(const roads_reader *r, const char *name,
                           const char *also, roads_class *out)
{
    const char *names[ROADS_CLASS_COUNT + 1];

    if (roads_class_parse(name, out))
        return GB_OK;
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        names[c] = roads_class_name((roads_class)c);
    names[ROADS_CLASS_COUNT] = also;
    return roads_unknown(r, name, names,
                         ROADS_CLASS_COUNT + (also ? 1 : 0));
}

/* ---- the whole ---- */

static gb_status take_top(roads_reader *r, const char *name,
                          const json_t *value)
{
    static const char *const names[] = { "about", "foot", "ebike", "car",
                                         "bands" };

    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (strcmp(name, roads_mode_names[m]) == 0)
            return roads_take_mode(r, value, (gb_mode)m);
    if (strcmp(name, "bands") == 0)
        return roads_take_bands(r, value);
    if (strcmp(name, "about") == 0)
        return json_is_string(value)
                   ? GB_OK
                   : base_fail(r->ctx, GB_ERR_DATA, "%s: must be a text",
                               r->path);
    return roads_unknown(r, name, names, COUNT_OF(names));
}

static gb_status take_profile(roads_reader *r, const json_t *root)
{
    gb_status status = roads_need_object(r, root);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)root, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = take_top(r, name, value);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

/* What jansson quotes of a text may hold the end of a line. */
static gb_status no_json(gb_context *ctx, json_error_t *error)
{
    if (json_error_code(error) == json_error_out_of_memory)
        return base_fail_nomem(ctx);
    for (char *at = error->text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    return base_fail(ctx, GB_ERR_PARSE, "line %d, column %d: %s", error->line,
                     error->column, error->text);
}

gb_status roads_profile_parse(gb_context *ctx, const char *json,
                              roads_profile *out)
{
    roads_reader r = { .ctx = ctx, .profile = out };
    json_error_t error;
    json_t *root;
    gb_status status;

    roads_profile_default(out);
    if (strlen(json) > MAX_JSON)
        return base_fail(ctx, GB_ERR_PARSE, "longer than %d bytes", MAX_JSON);
    root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return no_json(ctx, &error);
    status = take_profile(&r, root);
    json_decref(root);
    return status;
}

