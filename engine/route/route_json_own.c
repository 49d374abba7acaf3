/*
 * route_json_own.c - see route_json_own.h: what reading and writing share.
 */
#include "route_json_own.h"

#include <stddef.h>
#include <string.h>

#include "base_check.h"

#define CLOCK 100000000
#define RATE 100000
#define PRIZE INT64_C(1000000000000)
#define IDS (UINT32_MAX - INT64_C(1))
#define NONE GB_ROUTE_NONE
#define C(field) offsetof(route_file_client, field)
#define V(field) offsetof(gb_route_vehicle, field)
#define I32 ROUTE_JSON_INT32
#define U32 ROUTE_JSON_UINT32
#define I64 ROUTE_JSON_INT64
#define FLAG ROUTE_JSON_FLAG

static const route_json_field of_client[] = {
    { "location", U32, C(location), 0, IDS, NONE, true },
    { "place", U32, C(place), 0, IDS, NONE, false },
    { "service_s", I32, C(service_s), 0, 10000000, 0, false },
    { "must", FLAG, C(is_must), 0, 1, 0, false },
    { "prize", I64, C(prize), 0, PRIZE, 0, false },
    { "release_s", I32, C(release_s), -CLOCK, CLOCK, -CLOCK, false },
    { "group", U32, C(group), 0, IDS, NONE, false },
    { "after", U32, C(after), 0, IDS, NONE, false },
    { "bundle", U32, C(bundle), 0, IDS, NONE, false },
};

static const route_json_field of_vehicle[] = {
    { "profile", U32, V(profile), 0, IDS, 0, false },
    { "start_location", U32, V(start_location), 0, IDS, NONE, false },
    { "end_location", U32, V(end_location), 0, IDS, NONE, false },
    { "shift_start_s", I32, V(shift_start_s), -CLOCK, CLOCK, 0, false },
    { "shift_end_s", I32, V(shift_end_s), -CLOCK, CLOCK, INT32_MIN, true },
    { "max_clients", U32, V(max_clients), 1, UINT32_MAX, 0, false },
    { "max_duration_s", I32, V(max_duration_s), 1, INT32_MAX, 0, false },
    { "max_travel_s", I32, V(max_travel_s), 1, INT32_MAX, 0, false },
    { "max_distance_m", I64, V(max_distance_m), 1, INT64_MAX, 0, false },
    { "speed_permille", U32, V(speed_permille), 100, 10000, 0, false },
    { "cost_per_s_milli", I64, V(cost_per_s_milli), 0, RATE, 0, false },
    { "cost_per_travel_s_milli", I64, V(cost_per_travel_s_milli), 0, RATE, 0,
      false },
    { "cost_per_m_milli", I64, V(cost_per_m_milli), 0, RATE, 0, false },
    { "fixed_cost", I64, V(fixed_cost), 0, PRIZE, 0, false },
    { "day", U32, V(day), 0, 63, 0, false },
    { "prize_kind", U32, V(prize_kind), 0, IDS, 0, false },
    { "must_use", FLAG, V(must_use), 0, 1, 0, false },
};

const route_json_fields ROUTE_JSON_CLIENT = { of_client, COUNT_OF(of_client) };
const route_json_fields ROUTE_JSON_VEHICLE = { of_vehicle,
                                               COUNT_OF(of_vehicle) };

const char *const ROUTE_JSON_CLIENT_KEYS[CLIENT_N] = {
    "name",   "windows_s",   "vehicles",   "loads",
    "skills", "slot_prizes", "kind_prizes"
};
const char *const ROUTE_JSON_VEHICLE_KEYS[VEHICLE_N] = { "name", "breaks",
                                                         "capacity", "skills" };

int64_t route_json_load(const route_json_field *field, const void *row)
{
    const char *at = (const char *)row + field->offset;
    int32_t i32;
    uint32_t u32;
    int64_t i64 = 0;

    switch (field->type) {
    case ROUTE_JSON_INT32:
        memcpy(&i32, at, sizeof i32);
        return i32;
    case ROUTE_JSON_UINT32:
        memcpy(&u32, at, sizeof u32);
        return u32;
    case ROUTE_JSON_INT64:
        memcpy(&i64, at, sizeof i64);
        break;
    case ROUTE_JSON_FLAG:
        return *(const uint8_t *)at;
    }
    return i64;
}

void route_json_store(const route_json_field *field, void *row, int64_t value)
{
    char *at = (char *)row + field->offset;
    const int32_t i32 = (int32_t)value;
    const uint32_t u32 = (uint32_t)value;

    switch (field->type) {
    case ROUTE_JSON_INT32:
        memcpy(at, &i32, sizeof i32);
        break;
    case ROUTE_JSON_UINT32:
        memcpy(at, &u32, sizeof u32);
        break;
    case ROUTE_JSON_INT64:
        memcpy(at, &value, sizeof value);
        break;
    case ROUTE_JSON_FLAG:
        *(uint8_t *)at = value != 0;
        break;
    }
}

int32_t route_json_guess(const char *bytes, size_t n)
{
    static const char mark[] = "\"" ROUTE_JSON_PROBLEM;
    const size_t length = sizeof mark - 1;

    for (size_t i = 0; i + length <= n; i++) {
        const char *found = memchr(bytes + i, '"', n - length - i + 1);

        if (!found)
            break;
        if (memcmp(found, mark, length) == 0)
            return GB_ROUTE_FORMAT_JSON;
        i = (size_t)(found - bytes);
    }
    return GB_ROUTE_FORMAT_VROOM;
}
