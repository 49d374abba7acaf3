/*
 * roads_profile_json.c - profiles as JSON, in and out: data/PROFILES.md.
 *
 * Reading is strict: whoever misspells a member is told which one and what
 * was meant, rather than driving on with the speed that is built in.
 */
#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "base_context.h"
#include "base_near.h"
#include "roads_profile.h"

enum { MAX_JSON = 1 << 20, DAY_MIN = 24 * 60, MAX_NAME = 48 };

/* ---- members that are one value ---- */

typedef enum member_kind { KMH, REAL, FLAG } member_kind;

typedef struct member {
    const char *name;
    member_kind kind;
    uint8_t modes;   /* that have it */
    size_t offset;   /* in roads_mode_profile */
    double low, high;
} member;

#define AT(field) offsetof(roads_mode_profile, field)
enum { ALL_MODES = 7, EBIKE_ONLY = 1 << GB_MODE_EBIKE };

static const member mode_members[] = {
    { "limit_share", REAL, ALL_MODES, AT(limit_share), 0, 1.5 },
    { "limit_raises", FLAG, ALL_MODES, AT(limit_raises), 0, 1 },
    { "push_kmh", KMH, ALL_MODES, AT(push_dkmh), 1, 25 },
    { "slowest_kmh", KMH, ALL_MODES, AT(slowest_dkmh), 1, 50 },
    { "fastest_kmh", KMH, ALL_MODES, AT(fastest_dkmh), 1, 200 },
    { "contraflow", FLAG, EBIKE_ONLY, AT(contraflow), 0, 1 },
    { "turn_aware", FLAG, ALL_MODES, AT(is_turn_aware), 0, 1 },
};

static const member turn_members[] = {
    { "turn_s", REAL, ALL_MODES, AT(turns.turn_s), 0, 120 },
    { "bias", REAL, ALL_MODES, AT(turns.bias), 0.5, 2 },
    { "u_turn_s", REAL, ALL_MODES, AT(turns.u_turn_s), 0, 600 },
    { "u_turn_anywhere", FLAG, ALL_MODES, AT(turns.u_turn_anywhere), 0, 1 },
    { "signal_s", REAL, ALL_MODES, AT(turns.signal_s), 0, 120 },
};

static const member end_members[] = {
    { "private", FLAG, ALL_MODES, AT(is_end_private), 0, 1 },
    { "destination", FLAG, ALL_MODES, AT(is_end_destination), 0, 1 },
};

/* Members that hold more than one value. */
static const char *const mode_groups[] = { "speed_kmh", "own_speed_kmh",
                                           "ends", "turns" };
static const char *const end_groups[] = { "classes" };
static const char *const top_names[] = { "about", "foot", "ebike", "car",
                                         "bands" };
static const char *const band_names[] = { "name", "days", "from", "to",
                                          "factor" };
static const char *const day_names[] = { "working", "rest" };
static const char *const mode_names[GB_MODE_COUNT] = { "foot", "ebike",
                                                       "car" };

/* ---- reading: where we are, and what is wrong ---- */

typedef struct reader {
    gb_context *ctx;
    roads_profile *profile;
    char path[256]; /* "car.speed_kmh.footway" and the like */
    size_t n;
} reader;

/* Enter a member; hands the length back that leave() needs.  A name of the
 * user's is cut, not within a letter, and kept on one line. */
static size_t enter(reader *r, const char *name)
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

static void leave(reader *r, size_t before)
{
    r->n = before;
    r->path[before] = '\0';
}

/* The nearest of some names, or NULL. */
static const char *nearest_of(const char *word, const char *const *names,
                              size_t n, size_t *best, const char *nearest)
{
    for (size_t i = 0; i < n; i++)
        if (base_is_nearer(word, names[i], best))
            nearest = names[i];
    return nearest;
}

/* The path ends in the unknown name. */
static gb_status unknown(const reader *r, const char *nearest)
{
    if (nearest)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: there is no such name; did you mean \"%s\"?",
                         r->path, nearest);
    return base_fail(r->ctx, GB_ERR_DATA,
                     "%s: there is no such name; data/PROFILES.md lists them",
                     r->path);
}

static gb_status need_object(const reader *r, const json_t *value)
{
    return json_is_object(value)
               ? GB_OK
               : base_fail(r->ctx, GB_ERR_DATA,
                           "%s: must be an object, as {\"name\": value}",
                           r->n ? r->path : "profile");
}

static gb_status take_number(const reader *r, const json_t *value, double low,
                             double high, double *out)
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

static gb_status take_kmh(const reader *r, const json_t *value, double low,
                          double high, uint16_t *dkmh)
{
    double kmh;
    gb_status status = take_number(r, value, low, high, &kmh);

    if (!status)
        *dkmh = (uint16_t)(kmh * 10 + 0.5);
    return status;
}

static gb_status take_member(const reader *r, const member *m,
                             const json_t *value, roads_mode_profile *out)
{
    unsigned char *at = (unsigned char *)out + m->offset;
    double real = 0;
    uint16_t dkmh = 0;
    gb_status status = GB_OK;

    if (m->kind == FLAG) {
        if (!json_is_boolean(value))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: must be true or false", r->path);
        *at = json_is_true(value);
    } else if (m->kind == KMH) {
        status = take_kmh(r, value, m->low, m->high, &dkmh);
        if (!status)
            memcpy(at, &dkmh, sizeof dkmh);
    } else {
        status = take_number(r, value, m->low, m->high, &real);
        if (!status)
            memcpy(at, &real, sizeof real);
    }
    return status;
}

/*
 * Find a value among the members of one value; *found tells whether it was
 * one.  `groups` are those that the caller reads itself.
 */
static gb_status take_one(const reader *r, const char *name,
                          const json_t *value, gb_mode mode,
                          const member *members, size_t n_members,
                          const char *const *groups, size_t n_groups)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n_members; i++) {
        if (!(members[i].modes >> mode & 1))
            continue;
        if (strcmp(name, members[i].name) == 0)
            return take_member(r, &members[i], value,
                               &r->profile->modes[mode]);
        nearest = nearest_of(name, &members[i].name, 1, &best, nearest);
    }
    return unknown(r, nearest_of(name, groups, n_groups, &best, nearest));
}

/* ---- classes ---- */

static gb_status take_class(const reader *r, const char *name,
                            const char *also, roads_class *out)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    if (roads_class_parse(name, out))
        return GB_OK;
    for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
        const char *known = roads_class_name((roads_class)c);

        nearest = nearest_of(name, &known, 1, &best, nearest);
    }
    if (also)
        nearest = nearest_of(name, &also, 1, &best, nearest);
    return unknown(r, nearest);
}

static gb_status take_speed(const reader *r, const char *name,
                            const json_t *value, gb_mode mode, bool is_own)
{
    roads_mode_profile *m = &r->profile->modes[mode];
    roads_class class;
    uint16_t dkmh;
    gb_status status = take_class(r, name, NULL, &class);

    if (!status)
        status = take_kmh(r, value, 0, 200, &dkmh);
    if (status)
        return status;
    if (dkmh > 0 && !roads_class_can(class, mode, is_own))
        return roads_class_can(class, mode, true)
                   ? base_fail(r->ctx, GB_ERR_DATA,
                               "%s: only a tag of its own opens this class to "
                               "the mode: say 0 here, or set own_speed_kmh",
                               r->path)
                   : base_fail(r->ctx, GB_ERR_DATA,
                               "%s: the mode can never use this class: leave "
                               "it out, or say 0", r->path);
    if (is_own)
        m->own_dkmh[class] = dkmh;
    else
        m->speed_dkmh[class] = dkmh;
    /* Who sets one speed means it for tagged streets too. */
    if (!is_own && dkmh > 0)
        m->own_dkmh[class] = dkmh;
    return GB_OK;
}

static gb_status take_speeds(reader *r, const json_t *speeds, gb_mode mode,
                             bool is_own)
{
    gb_status status = need_object(r, speeds);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)speeds, name, value) {
        const size_t before = enter(r, name);

        status = take_speed(r, name, value, mode, is_own);
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

static gb_status take_end_classes(reader *r, const json_t *classes,
                                  gb_mode mode)
{
    uint8_t *is_end = r->profile->modes[mode].is_end;
    size_t i;
    json_t *value;

    if (!json_is_array(classes))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be a list of classes, as [\"service\"]",
                         r->path);
    memset(is_end, 0, ROADS_CLASS_COUNT);
    json_array_foreach(classes, i, value) {
        const char *name = json_is_string(value) ? json_string_value(value)
                                                 : "?";
        const size_t before = enter(r, name);
        roads_class class;
        gb_status status = take_class(r, name, NULL, &class);

        if (status)
            return status;
        is_end[class] = 1;
        leave(r, before);
    }
    return GB_OK;
}

/* ---- modes ---- */

static gb_status take_ends(reader *r, const json_t *ends, gb_mode mode)
{
    gb_status status = need_object(r, ends);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)ends, name, value) {
        const size_t before = enter(r, name);

        status = strcmp(name, "classes") == 0
                     ? take_end_classes(r, value, mode)
                     : take_one(r, name, value, mode, end_members,
                                COUNT_OF(end_members), end_groups,
                                COUNT_OF(end_groups));
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

static gb_status take_turns(reader *r, const json_t *turns, gb_mode mode)
{
    gb_status status = need_object(r, turns);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)turns, name, value) {
        const size_t before = enter(r, name);

        status = take_one(r, name, value, mode, turn_members,
                          COUNT_OF(turn_members), NULL, 0);
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

static gb_status take_mode_member(reader *r, const char *name,
                                  const json_t *value, gb_mode mode)
{
    if (strcmp(name, "speed_kmh") == 0)
        return take_speeds(r, value, mode, false);
    if (strcmp(name, "own_speed_kmh") == 0)
        return GB_OK; /* behind speed_kmh: see take_mode */
    if (strcmp(name, "ends") == 0)
        return take_ends(r, value, mode);
    if (strcmp(name, "turns") == 0)
        return take_turns(r, value, mode);
    return take_one(r, name, value, mode, mode_members,
                    COUNT_OF(mode_members), mode_groups,
                    COUNT_OF(mode_groups));
}

static gb_status check_mode(const reader *r, const roads_mode_profile *m)
{
    return m->slowest_dkmh <= m->fastest_dkmh
               ? GB_OK
               : base_fail(r->ctx, GB_ERR_DATA,
                           "%s: slowest_kmh is above fastest_kmh: lower it",
                           r->path);
}

static gb_status take_mode(reader *r, const json_t *object, gb_mode mode)
{
    const json_t *own = json_object_get(object, "own_speed_kmh");
    gb_status status = need_object(r, object);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        const size_t before = enter(r, name);

        status = take_mode_member(r, name, value, mode);
        if (status)
            return status;
        leave(r, before);
    }
    if (own) {
        const size_t before = enter(r, "own_speed_kmh");

        status = take_speeds(r, own, mode, true);
        if (status)
            return status;
        leave(r, before);
    }
    return check_mode(r, &r->profile->modes[mode]);
}

/* ---- bands ---- */

static gb_status take_band_name(const reader *r, const json_t *value,
                                roads_band *band)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    const size_t n = strlen(text);

    if (n == 0 || n >= ROADS_MAX_BAND_NAME
        || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be 1 to %d of a-z, 0-9 and _, as "
                         "\"morning_peak\"", r->path,
                         ROADS_MAX_BAND_NAME - 1);
    memcpy(band->name, text, n + 1);
    return GB_OK;
}

static gb_status take_days(const reader *r, const json_t *value,
                           roads_band *band)
{
    size_t i;
    json_t *day;

    band->day_kinds = 0;
    json_array_foreach(value, i, day)
        for (int k = 0; k < 2; k++)
            if (json_is_string(day)
                && strcmp(json_string_value(day), day_names[k]) == 0)
                band->day_kinds |= (uint8_t)(1 << k);
    if (band->day_kinds == 0
        || json_array_size(value)
               != (size_t)(band->day_kinds == 3 ? 2 : 1))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be [\"working\"], [\"rest\"] or "
                         "[\"working\", \"rest\"]", r->path);
    return GB_OK;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static gb_status take_clock(const reader *r, const json_t *value,
                            uint16_t *out)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";

    if (strlen(text) == 5 && is_digit(text[0]) && is_digit(text[1])
        && text[2] == ':' && text[3] >= '0' && text[3] < '6'
        && is_digit(text[4])) {
        *out = (uint16_t)(((text[0] - '0') * 10 + text[1] - '0') * 60
                          + (text[3] - '0') * 10 + text[4] - '0');
        if (*out <= DAY_MIN)
            return GB_OK;
    }
    return base_fail(r->ctx, GB_ERR_DATA,
                     "%s: must be a time of the day from \"00:00\" to "
                     "\"24:00\"", r->path);
}

/* One factor, or one a class, the others as "other" or 1. */
static gb_status take_mode_factors(reader *r, const json_t *value,
                                   double factor[ROADS_CLASS_COUNT])
{
    static const double least = 0.05, most = 2;
    const json_t *other = json_is_object(value)
                              ? json_object_get(value, "other")
                              : value;
    double all = 1;
    const char *name;
    json_t *one;
    gb_status status = GB_OK;

    if (other) {
        const size_t before = other == value ? r->n : enter(r, "other");

        status = take_number(r, other, least, most, &all);
        if (status)
            return status;
        leave(r, before);
    }
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        factor[c] = all;
    if (!json_is_object(value))
        return GB_OK;
    json_object_foreach((json_t *)(uintptr_t)value, name, one) {
        const size_t before = enter(r, name);
        roads_class class;

        if (strcmp(name, "other") != 0) {
            status = take_class(r, name, "other", &class);
            if (!status)
                status = take_number(r, one, least, most, &factor[class]);
        }
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

static gb_status take_factors(reader *r, const json_t *value, roads_band *band)
{
    gb_status status = need_object(r, value);
    const char *name;
    json_t *one;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)value, name, one) {
        const size_t before = enter(r, name);
        int mode = 0;

        while (mode < GB_MODE_COUNT && strcmp(name, mode_names[mode]) != 0)
            mode++;
        if (mode == GB_MODE_COUNT)
            return unknown(r, nearest_of(name, mode_names, GB_MODE_COUNT,
                                         &(size_t){ SIZE_MAX }, NULL));
        status = take_mode_factors(r, one, band->factor[mode]);
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

static gb_status take_band_member(reader *r, const char *name,
                                  const json_t *value, roads_band *band)
{
    if (strcmp(name, "name") == 0)
        return take_band_name(r, value, band);
    if (strcmp(name, "days") == 0)
        return take_days(r, value, band);
    if (strcmp(name, "from") == 0)
        return take_clock(r, value, &band->from_min);
    if (strcmp(name, "to") == 0)
        return take_clock(r, value, &band->to_min);
    if (strcmp(name, "factor") == 0)
        return take_factors(r, value, band);
    return unknown(r, nearest_of(name, band_names, COUNT_OF(band_names),
                                 &(size_t){ SIZE_MAX }, NULL));
}

static gb_status take_band(reader *r, const json_t *object, roads_band *band)
{
    gb_status status = need_object(r, object);
    const char *name;
    json_t *value;

    if (status)
        return status;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            band->factor[m][c] = 1;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        const size_t before = enter(r, name);

        status = take_band_member(r, name, value, band);
        if (status)
            return status;
        leave(r, before);
    }
    for (size_t i = 0; i + 1 < COUNT_OF(band_names); i++) /* no factor: 1 */
        if (!json_object_get(object, band_names[i]))
            return base_fail(r->ctx, GB_ERR_DATA, "%s: has no \"%s\"",
                             r->path, band_names[i]);
    return GB_OK;
}

static bool is_in_band(const roads_band *band, int kind, int minute)
{
    if (!(band->day_kinds >> kind & 1))
        return false;
    return band->from_min < band->to_min
               ? minute >= band->from_min && minute < band->to_min
               : minute >= band->from_min || minute < band->to_min;
}

/* Each minute of each kind of day is in one band. */
static gb_status check_minute(const reader *r, int kind, int minute)
{
    const roads_profile *p = r->profile;
    int first = -1;

    for (int b = 0; b < p->n_bands; b++) {
        if (!is_in_band(&p->bands[b], kind, minute))
            continue;
        if (first >= 0)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "bands: \"%s\" and \"%s\" overlap at %02d:%02d "
                             "on days of kind \"%s\": let one end where the "
                             "other begins", p->bands[first].name,
                             p->bands[b].name, minute / 60, minute % 60,
                             day_names[kind]);
        first = b;
    }
    if (first >= 0)
        return GB_OK;
    return base_fail(r->ctx, GB_ERR_DATA,
                     "bands: none holds %02d:%02d on days of kind \"%s\": the "
                     "whole day must be covered", minute / 60, minute % 60,
                     day_names[kind]);
}

static gb_status check_bands(const reader *r)
{
    const roads_profile *p = r->profile;
    gb_status status = GB_OK;

    for (int b = 1; b < p->n_bands; b++)
        for (int a = 0; a < b; a++)
            if (strcmp(p->bands[a].name, p->bands[b].name) == 0)
                return base_fail(r->ctx, GB_ERR_DATA,
                                 "bands: two are called \"%s\"",
                                 p->bands[a].name);
    for (int kind = 0; !status && kind < 2 && p->n_bands > 0; kind++)
        for (int minute = 0; !status && minute < DAY_MIN; minute++)
            status = check_minute(r, kind, minute);
    return status;
}

static gb_status take_bands(reader *r, const json_t *list)
{
    size_t i;
    json_t *value;

    if (!json_is_array(list) || json_array_size(list) > ROADS_MAX_BANDS)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: must be a list of at most %d bands", r->path,
                         ROADS_MAX_BANDS);
    memset(r->profile->bands, 0, sizeof r->profile->bands);
    r->profile->n_bands = (int)json_array_size(list);
    json_array_foreach(list, i, value) {
        const size_t before = r->n;
        gb_status status;

        snprintf(r->path + r->n, sizeof r->path - r->n, "[%zu]", i);
        r->n = strlen(r->path);
        status = take_band(r, value, &r->profile->bands[i]);
        if (status)
            return status;
        leave(r, before);
    }
    return check_bands(r);
}

/* ---- the whole ---- */

static gb_status take_top(reader *r, const char *name, const json_t *value)
{
    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (strcmp(name, mode_names[m]) == 0)
            return take_mode(r, value, (gb_mode)m);
    if (strcmp(name, "bands") == 0)
        return take_bands(r, value);
    if (strcmp(name, "about") == 0)
        return json_is_string(value)
                   ? GB_OK
                   : base_fail(r->ctx, GB_ERR_DATA, "%s: must be a text",
                               r->path);
    return unknown(r, nearest_of(name, top_names, COUNT_OF(top_names),
                                 &(size_t){ SIZE_MAX }, NULL));
}

static gb_status take_profile(reader *r, const json_t *root)
{
    gb_status status = need_object(r, root);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)root, name, value) {
        const size_t before = enter(r, name);

        status = take_top(r, name, value);
        if (status)
            return status;
        leave(r, before);
    }
    return GB_OK;
}

gb_status roads_profile_parse(gb_context *ctx, const char *json,
                              roads_profile *out)
{
    reader r = { .ctx = ctx, .profile = out };
    json_error_t error;
    json_t *root;
    gb_status status;

    roads_profile_default(out);
    if (strlen(json) > MAX_JSON)
        return base_fail(ctx, GB_ERR_PARSE, "longer than %d bytes", MAX_JSON);
    root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return json_error_code(&error) == json_error_out_of_memory
                   ? base_fail_nomem(ctx)
                   : base_fail(ctx, GB_ERR_PARSE, "line %d, column %d: %s",
                               error.line, error.column, error.text);
    status = take_profile(&r, root);
    json_decref(root);
    return status;
}

/* ---- writing ---- */

/* With as many digits as it needs, of the four that count. */
static void write_real(base_text *out, double value)
{
    int64_t digits = (int64_t)(value * 1e4 + 0.5);
    int decimals = 4;

    for (; decimals > 0 && digits % 10 == 0; decimals--)
        digits /= 10;
    base_text_real(out, value, decimals);
}

static void write_members(base_text *out, const roads_mode_profile *m,
                          gb_mode mode, const member *members, size_t n,
                          const char *indent)
{
    bool is_first = true;

    for (size_t i = 0; i < n; i++) {
        const unsigned char *at = (const unsigned char *)m + members[i].offset;
        uint16_t dkmh;
        double real;

        if (!(members[i].modes >> mode & 1))
            continue;
        base_text_format(out, "%s%s\"%s\": ", is_first ? "" : ",", indent,
                         members[i].name);
        is_first = false;
        memcpy(&dkmh, at, sizeof dkmh);
        if (members[i].kind == FLAG) {
            base_text_add(out, *at ? "true" : "false");
        } else if (members[i].kind == KMH) {
            write_real(out, dkmh / 10.0);
        } else {
            memcpy(&real, at, sizeof real);
            write_real(out, real);
        }
    }
}

static void write_speeds(base_text *out, const char *name,
                         const uint16_t dkmh[ROADS_CLASS_COUNT])
{
    base_text_format(out, "    \"%s\": {", name);
    for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
        base_text_format(out, "%s\n      \"%s\": ", c ? "," : "",
                         roads_class_name((roads_class)c));
        write_real(out, dkmh[c] / 10.0);
    }
    base_text_add(out, "\n    },\n");
}

static void write_mode(base_text *out, const roads_mode_profile *m,
                       gb_mode mode)
{
    bool is_first = true;

    base_text_format(out, "  \"%s\": {\n", mode_names[mode]);
    write_speeds(out, "speed_kmh", m->speed_dkmh);
    write_speeds(out, "own_speed_kmh", m->own_dkmh);
    base_text_add(out, "    \"ends\": { \"classes\": [");
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        if (m->is_end[c]) {
            base_text_format(out, "%s\"%s\"", is_first ? "" : ", ",
                             roads_class_name((roads_class)c));
            is_first = false;
        }
    base_text_add(out, "],");
    write_members(out, m, mode, end_members, COUNT_OF(end_members), " ");
    base_text_add(out, " },");
    write_members(out, m, mode, mode_members, COUNT_OF(mode_members),
                  "\n    ");
    base_text_add(out, ",\n    \"turns\": {");
    write_members(out, m, mode, turn_members, COUNT_OF(turn_members), " ");
    base_text_add(out, " }\n  },\n");
}

/* Only the classes whose factor is not 1. */
static void write_factors(base_text *out, const roads_band *band)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        bool is_first = true;

        base_text_format(out, "%s\n        \"%s\": {", m ? "," : "",
                         mode_names[m]);
        for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
            if (band->factor[m][c] == 1)
                continue;
            base_text_format(out, "%s \"%s\": ", is_first ? "" : ",",
                             roads_class_name((roads_class)c));
            write_real(out, band->factor[m][c]);
            is_first = false;
        }
        base_text_add(out, is_first ? "}" : " }");
    }
}

static void write_band(base_text *out, const roads_band *band)
{
    static const char *const days[] = { "", "\"working\"", "\"rest\"",
                                        "\"working\", \"rest\"" };

    base_text_format(out,
                     "    {\n      \"name\": \"%s\", \"days\": [%s], "
                     "\"from\": \"%02d:%02d\", \"to\": \"%02d:%02d\",\n"
                     "      \"factor\": {",
                     band->name, days[band->day_kinds & 3],
                     band->from_min / 60, band->from_min % 60,
                     band->to_min / 60, band->to_min % 60);
    write_factors(out, band);
    base_text_add(out, "\n      }\n    }");
}

void roads_profile_write(const roads_profile *profile, base_text *out)
{
    base_text_add(out, "{\n");
    for (int m = 0; m < GB_MODE_COUNT; m++)
        write_mode(out, &profile->modes[m], (gb_mode)m);
    base_text_add(out, "  \"bands\": [");
    for (int b = 0; b < profile->n_bands; b++) {
        base_text_add(out, b ? ",\n" : "\n");
        write_band(out, &profile->bands[b]);
    }
    base_text_add(out, profile->n_bands ? "\n  ]\n}\n" : "]\n}\n");
}
