/*
 * roads_profile_bands.c - the time bands of a profile that is read.
 */
#include <string.h>

#include "base_check.h"
#include "roads_profile_json.h"

enum { DAY_MIN = 24 * 60 };

static const char *const band_names[] = { "name", "days", "from", "to",
                                          "factor" };

static gb_status take_band_name(const roads_reader *r, const json_t *value,
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

static gb_status take_days(const roads_reader *r, const json_t *value,
                           roads_band *band)
{
    size_t i;
    json_t *day;

    band->day_kinds = 0;
    json_array_foreach(value, i, day)
        for (int k = 0; k < 2; k++)
            if (json_is_string(day)
                && strcmp(json_string_value(day), roads_day_names[k]) == 0)
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

static gb_status take_clock(const roads_reader *r, const json_t *value,
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
static gb_status take_mode_factors(roads_reader *r, const json_t *value,
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
        const size_t before = other == value ? r->n
                                             : roads_reader_enter(r, "other");

        status = roads_take_number(r, other, least, most, &all);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        factor[c] = all;
    if (!json_is_object(value))
        return GB_OK;
    json_object_foreach((json_t *)(uintptr_t)value, name, one) {
        const size_t before = roads_reader_enter(r, name);
        roads_class class;

        if (strcmp(name, "other") != 0) {
            status = roads_take_class(r, name, "other", &class);
            if (!status)
                status = roads_take_number(r, one, least, most, &factor[class]);
        }
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

static gb_status take_factors(roads_reader *r, const json_t *value,
                              roads_band *band)
{
    gb_status status = roads_need_object(r, value);
    const char *name;
    json_t *one;

    if (status)
        return status;
    json_object_foreach((json_t *)(uintptr_t)value, name, one) {
        const size_t before = roads_reader_enter(r, name);
        int mode = 0;

        while (mode < GB_MODE_COUNT
               && strcmp(name, roads_mode_names[mode]) != 0)
            mode++;
        if (mode == GB_MODE_COUNT)
            return roads_unknown(r, name, roads_mode_names, GB_MODE_COUNT);
        status = take_mode_factors(r, one, band->factor[mode]);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return GB_OK;
}

static gb_status take_band_member(roads_reader *r, const char *name,
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
    return roads_unknown(r, name, band_names, COUNT_OF(band_names));
}

static gb_status take_band(roads_reader *r, const json_t *object,
                           roads_band *band)
{
    gb_status status = roads_need_object(r, object);
    const char *name;
    json_t *value;

    if (status)
        return status;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            band->factor[m][c] = 1;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        const size_t before = roads_reader_enter(r, name);

        status = take_band_member(r, name, value, band);
        if (status)
            return status;
        roads_reader_leave(r, before);
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
static gb_status check_minute(const roads_reader *r, int kind, int minute)
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
                             roads_day_names[kind]);
        first = b;
    }
    if (first >= 0)
        return GB_OK;
    return base_fail(r->ctx, GB_ERR_DATA,
                     "bands: none holds %02d:%02d on days of kind \"%s\": the "
                     "whole day must be covered", minute / 60, minute % 60,
                     roads_day_names[kind]);
}

static gb_status check_bands(const roads_reader *r)
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

gb_status roads_take_bands(roads_reader *r, const json_t *list)
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
        const size_t before = roads_reader_enter_item(r, i);
        gb_status status = take_band(r, value, &r->profile->bands[i]);
        if (status)
            return status;
        roads_reader_leave(r, before);
    }
    return check_bands(r);
}

