/*
 * roads_profile_modes.c - what a profile that is read says about a mode.
 */
#include <string.h>

#include "base_check.h"
#include "roads_profile_json.h"

enum { MAX_NAMES = 16 }; /* of one object, but for classes */

static gb_status take_kmh(const roads_reader *r, const json_t *value,
                          double low, double high, uint16_t *dkmh)
{
    double kmh;
    gb_status status = roads_take_number(r, value, low, high, &kmh);

    if (!status)
        *dkmh = (uint16_t)(kmh * 10 + 0.5);
    return status;
}

static gb_status take_member(const roads_reader *r, const roads_member *m,
                             const json_t *value, roads_mode_profile *out)
{
    unsigned char *at = (unsigned char *)out + m->offset;
    double real = 0;
    uint16_t dkmh = 0;
    gb_status status = GB_OK;

    if (m->kind == ROADS_MEMBER_FLAG) {
        if (!json_is_boolean(value))
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s: must be true or false", r->path);
        *at = json_is_true(value);
    } else if (m->kind == ROADS_MEMBER_KMH) {
        status = take_kmh(r, value, m->low, m->high, &dkmh);
        if (!status)
            memcpy(at, &dkmh, sizeof dkmh);
    } else {
        status = roads_take_number(r, value, m->low, m->high, &real);
        if (!status)
            memcpy(at, &real, sizeof real);
    }
    return status;
}

/*
 * A value among the members of one value, or an unknown name; `groups` are
 * known names that the caller has read itself.
 */
static gb_status take_one(const roads_reader *r, const char *name,
                          const json_t *value, gb_mode mode,
                          roads_members members, const char *const *groups,
                          size_t n_groups)
{
    const char *names[MAX_NAMES];
    size_t n = 0;

    for (size_t i = 0; i < members.n; i++) {
        if (!(members.items[i].modes >> mode & 1))
            continue;
        if (strcmp(name, members.items[i].name) == 0)
            return take_member(r, &members.items[i], value,
                               &r->profile->modes[mode]);
        names[n++] = members.items[i].name;
    }
    for (size_t i = 0; i < n_groups; i++)
        names[n++] = groups[i];
    return roads_unknown(r, name, names, n);
}

/* ---- classes ---- */

static gb_status take_speed(const roads_reader *r, const char *name,
                            const json_t *value, gb_mode mode, bool is_own)
{
    roads_mode_profile *m = &r->profile->modes[mode];
    roads_class class;
    uint16_t dkmh;
    gb_status status = roads_take_class(r, name, NULL, &class);

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

static gb_status take_speeds(roads_reader *r, const json_t *speeds,
                             gb_mode mode, bool is_own)
{
    gb_status status = roads_need_object(r, speeds);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)speeds, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = take_speed(r, name, value, mode, is_own);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

static gb_status take_end_classes(roads_reader *r, const json_t *classes,
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
        const size_t before = roads_reader_enter(r, name);
        roads_class class;
        gb_status status = roads_take_class(r, name, NULL, &class);

        if (status)
            return status;
        is_end[class] = 1;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

/* ---- modes ---- */

static gb_status take_ends(roads_reader *r, const json_t *ends, gb_mode mode)
{
    static const char *const groups[] = { "classes" };
    gb_status status = roads_need_object(r, ends);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)ends, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = strcmp(name, "classes") == 0
                     ? take_end_classes(r, value, mode)
                     : take_one(r, name, value, mode, roads_end_members, groups,
                                COUNT_OF(groups));
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

static gb_status take_turns(roads_reader *r, const json_t *turns, gb_mode mode)
{
    gb_status status = roads_need_object(r, turns);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)turns, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = take_one(r, name, value, mode, roads_turn_members, NULL, 0);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

static gb_status take_mode_member(roads_reader *r, const char *name,
                                  const json_t *value, gb_mode mode)
{
    static const char *const groups[] = { "speed_kmh", "own_speed_kmh",
                                          "ends", "turns" };

    if (strcmp(name, "speed_kmh") == 0)
        return take_speeds(r, value, mode, false);
    if (strcmp(name, "own_speed_kmh") == 0)
        return GB_OK; /* behind speed_kmh: see roads_take_mode */
    if (strcmp(name, "ends") == 0)
        return take_ends(r, value, mode);
    if (strcmp(name, "turns") == 0)
        return take_turns(r, value, mode);
    return take_one(r, name, value, mode, roads_mode_members, groups,
                    COUNT_OF(groups));
}

static gb_status check_speeds(const roads_reader *r, const char *name,
                              const uint16_t dkmh[ROADS_CLASS_COUNT],
                              uint16_t fastest_dkmh)
{
    char given[32], bound[32];

    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        if (dkmh[c] > fastest_dkmh)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "%s.%s.%s: %s is above fastest_kmh, %s: raise "
                             "that too", r->path, name,
                             roads_class_name((roads_class)c),
                             base_real_text(given, dkmh[c] / 10.0, 1),
                             base_real_text(bound, fastest_dkmh / 10.0, 1));
    return GB_OK;
}

static gb_status check_mode(const roads_reader *r,
                            const roads_mode_profile *m)
{
    gb_status status;

    if (m->slowest_dkmh > m->fastest_dkmh)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "%s: slowest_kmh is above fastest_kmh: lower it",
                         r->path);
    status = check_speeds(r, "speed_kmh", m->speed_dkmh, m->fastest_dkmh);
    if (!status)
        status = check_speeds(r, "own_speed_kmh", m->own_dkmh,
                              m->fastest_dkmh);
    return status;
}

gb_status roads_take_mode(roads_reader *r, const json_t *object, gb_mode mode)
{
    const json_t *own = json_object_get(object, "own_speed_kmh");
    gb_status status = roads_need_object(r, object);
    const char *name;
    json_t *value;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = take_mode_member(r, name, value, mode);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    if (own) {
        const size_t before = roads_reader_enter(r, "own_speed_kmh");

        status = take_speeds(r, own, mode, true);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return check_mode(r, &r->profile->modes[mode]);
}

