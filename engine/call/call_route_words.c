/*
 * call_route_words.c - see call_route.h: why a client is served as it is, or
 * not at all, as data and as a line in the caller's language.
 */
#include "call_route.h"

static const char *kind_name(int32_t kind)
{
    static const char *const names[]
        = { "none", "impossible", "crowded_out", "unprofitable" };

    return kind > 0 && kind < (int32_t)COUNT_OF(names) ? names[kind]
                                                       : names[0];
}

static const char *kind_words(int32_t kind)
{
    static const char *const words[]
        = { GB_N("not asked for"),
            GB_N("impossible, even alone"),
            GB_N("others are worth more in its place"),
            GB_N("costs more than it brings") };

    return kind > 0 && kind < (int32_t)COUNT_OF(words) ? words[kind]
                                                       : words[0];
}

static json_t *vehicle_json(const call_route *r, uint32_t vehicle)
{
    return vehicle == GB_ROUTE_NONE ? NULL : call_route_vehicle(r, vehicle);
}

json_t *call_route_reason_json(const call_route *r,
                               const gb_route_reason *reason)
{
    const uint8_t *musts = r->problem->client_must;
    const bool is_must = musts && musts[reason->client];
    const bool is_impossible = reason->kind == GB_ROUTE_REASON_IMPOSSIBLE;
    const bool is_crowded = reason->kind == GB_ROUTE_REASON_CROWDED_OUT;

    return json_pack(
        "{s:o, s:b, s:I, s:s, s:s, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, "
        "s:o*, s:o*, s:o*, s:o}",
        "client", call_route_client(r, reason->client), "must", (int)is_must,
        "prize", (json_int_t)call_route_prize(r, reason->prize), "kind", kind_name(reason->kind),
        "constraint", gb_route_constraint_name(reason->constraint),
        "vehicle", vehicle_json(r, reason->vehicle), "mend",
        is_impossible ? json_integer(reason->mend) : NULL, "needed",
        is_impossible ? json_integer(reason->needed) : NULL, "limit",
        is_impossible ? json_integer(reason->limit) : NULL, "extra_s",
        is_impossible ? NULL : json_integer(reason->extra_s), "extra_m",
        is_impossible ? NULL : json_integer(reason->extra_m), "displaced",
        is_crowded ? json_integer((json_int_t)reason->n_displaced) : NULL,
        "displaced_prize",
        is_crowded ? json_integer(call_route_prize(
                         r, reason->displaced_prize)) : NULL, "gain",
        is_impossible ? NULL : call_route_points(
                         call_route_gain(r, reason->gain_milli)), "rough",
        reason->is_rough ? json_true() : NULL, "text",
        json_string(call_words(r->c, kind_words(reason->kind))));
}
