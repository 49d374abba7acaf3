/*
 * call_route_words.c - see call_route.h: why a client is served as it is, or
 * not at all, as data and as a line in the caller's language.
 */
#include "call_route.h"

#include <gridbeat/route_reason.h>

enum { LONGEST_LINE = 2048 };

static const char *kind_name(int32_t kind)
{
    static const char *const names[]
        = { "none", "impossible", "crowded_out", "unprofitable" };

    return kind > 0 && kind < (int32_t)COUNT_OF(names) ? names[kind]
                                                       : names[0];
}

static const char *client_name(void *user, uint32_t client)
{
    return gb_route_file_client_name(user, client);
}

static const char *vehicle_name(void *user, uint32_t vehicle)
{
    return gb_route_file_vehicle_name(user, vehicle);
}

static gb_route_names names_of(const call_route *r)
{
    return (gb_route_names){ sizeof(gb_route_names), client_name,
                             vehicle_name, r->file };
}

/* Prizes as people know them. */
static json_t *unserved_line(const call_route *r,
                             const gb_route_reason *reason)
{
    gb_context *ctx = r->c->ctx;
    const gb_route_names names = names_of(r);
    gb_route_reason told = *reason;
    char text[LONGEST_LINE] = "";
    size_t needed;

    told.prize = call_route_prize(r, reason->prize);
    told.displaced_prize = call_route_prize(r, reason->displaced_prize);
    told.gain_milli = call_route_gain(r, reason->gain_milli);
    (void)gb_route_reason_text(ctx, &told, gb_context_lang(ctx), &names, text,
                               sizeof text, &needed);
    return call_string(text);
}

static void tell_alternative(const call_route *r, gb_route_alternative *a)
{
    a->prize = call_route_prize(r, a->prize);
    a->change_milli = call_route_gain(r, a->change_milli);
}

static json_t *served_line(const call_route *r,
                           const gb_route_served_reason *reason)
{
    gb_context *ctx = r->c->ctx;
    const gb_route_names names = names_of(r);
    gb_route_served_reason told = *reason;
    char text[LONGEST_LINE] = "";
    size_t needed;

    told.prize = call_route_prize(r, reason->prize);
    tell_alternative(r, &told.left_out);
    tell_alternative(r, &told.other_time);
    tell_alternative(r, &told.other_vehicle);
    tell_alternative(r, &told.other_day);
    (void)gb_route_served_text(ctx, &told, gb_context_lang(ctx), &names, text,
                               sizeof text, &needed);
    return call_string(text);
}

static json_t *vehicle_json(const call_route *r, uint32_t vehicle)
{
    return vehicle == GB_ROUTE_NONE ? NULL : call_route_vehicle(r, vehicle);
}

/* What the client is worth at most. */
static int64_t most_prize(const gb_route_problem *p, uint32_t client)
{
    const size_t n_slots = p->n_slots ? p->n_slots : 1;
    int64_t most = 0;

    for (size_t k = 0; k < p->n_prize_kinds && p->client_kind_prize; k++)
        for (size_t s = 0; s < n_slots; s++) {
            const int64_t prize
                = p->client_kind_prize[(k * p->n_clients + client) * n_slots
                                       + s];

            most = prize > most ? prize : most;
        }
    if (p->n_prize_kinds && p->client_kind_prize)
        return most;
    for (size_t s = 0; s < p->n_slots && p->client_slot_prize; s++)
        if (p->client_slot_prize[client * n_slots + s] > most)
            most = p->client_slot_prize[client * n_slots + s];
    if (p->n_slots && p->client_slot_prize)
        return most;
    return p->client_prize ? p->client_prize[client] : 0;
}

json_t *call_route_reason_json(const call_route *r,
                               const gb_route_reason *reason)
{
    const uint8_t *musts = r->problem->client_must;
    const bool is_must = musts && musts[reason->client];
    const bool is_impossible = reason->kind == GB_ROUTE_REASON_IMPOSSIBLE;
    const bool is_crowded = reason->kind == GB_ROUTE_REASON_CROWDED_OUT;
    const int64_t prize = is_crowded
            || reason->kind == GB_ROUTE_REASON_UNPROFITABLE
        ? reason->prize : most_prize(r->problem, reason->client);

    return json_pack(
        "{s:o, s:b, s:I, s:s, s:s, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, "
        "s:o*, s:o*, s:o*, s:o}",
        "client", call_route_client(r, reason->client), "must", (int)is_must,
        "prize", (json_int_t)call_route_prize(r, prize), "kind",
        kind_name(reason->kind), "constraint", gb_route_constraint_name(reason->constraint),
        "vehicle", vehicle_json(r, reason->vehicle), "mend",
        is_impossible ? json_integer(reason->mend) : NULL, "needed",
        is_impossible ? json_integer(reason->needed) : NULL, "limit",
        is_impossible ? json_integer(reason->limit) : NULL, "extra_s",
        is_impossible ? NULL : json_integer(reason->extra_s), "extra_m",
        is_impossible ? NULL : json_integer(reason->extra_m), "displaced",
        is_crowded ? json_integer((json_int_t)reason->n_displaced) : NULL,
        "displaced_prize",
        is_crowded
            ? json_integer(call_route_prize(r, reason->displaced_prize))
            : NULL,
        "gain",
        is_impossible
            ? NULL
            : call_route_points(call_route_gain(r, reason->gain_milli)),
        "rough",
        reason->is_rough ? json_true() : NULL, "text",
        unserved_line(r, reason));
}

/* Null where there is none. */
static json_t *alternative_json(const call_route *r,
                                const gb_route_alternative *a, bool is_place)
{
    if (!a->is_possible)
        return json_null();
    return json_pack("{s:o*, s:o*, s:o*, s:o*, s:i, s:o}", "vehicle",
                     is_place ? vehicle_json(r, a->vehicle) : NULL, "day",
                     is_place && r->facts.n_days > 1
                         ? json_integer((json_int_t)a->day + 1) : NULL,
                     "start_s", is_place ? json_integer(a->start_s) : NULL,
                     "prize", is_place ? json_integer(
                         call_route_prize(r, a->prize)) : NULL,
                     "field_s", (int)a->field_s, "change",
                     call_route_points(
                         call_route_gain(r, a->change_milli)));
}

json_t *call_route_served_json(const call_route *r,
                               const gb_route_served_reason *reason)
{
    return json_pack(
        "{s:o, s:o*, s:i, s:I, s:o, s:o, s:o, s:o, s:o}", "client",
        call_route_client(r, reason->client), "vehicle",
        vehicle_json(r, reason->vehicle), "start_s", (int)reason->start_s,
        "prize", (json_int_t)call_route_prize(r, reason->prize), "left_out",
        alternative_json(r, &reason->left_out, false), "other_time",
        alternative_json(r, &reason->other_time, true), "other_vehicle",
        alternative_json(r, &reason->other_vehicle, true), "other_day",
        alternative_json(r, &reason->other_day, true), "text",
        served_line(r, reason));
}
