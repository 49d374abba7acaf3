/*
 * plan_drive.c - see plan_drive.h.
 */
#include "plan_drive.h"

#include <string.h>

#include "base_array.h"
#include "base_text.h"

static store_stop make_stop(const plan_problem *p, const gb_route_stop *from)
{
    const uint32_t candidate = p->candidate_of[from->client];
    const store_target *t = plan_problem_target(p, candidate);
    const uint32_t place = t->place;

    return (store_stop){
        .customer_id = t->id, .ref = t->ref,
        .place_id
        = place == STORE_NONE ? 0 : p->data->places.items[place].id,
        .at = p->at[from->location], .travel_s = from->travel_s,
        .travel_m = from->distance_m, .arrive_s = from->arrival_s,
        .start_s = from->start_s, .end_s = from->end_s,
        .prize = plan_problem_prize(p, from), .is_must = plan_is_must(t)
    };
}

static gb_status read_stops(plan_problem *p, const gb_route_solution *solution,
                            const gb_route_totals *totals)
{
    plan_manager_day *day = p->day;
    uint32_t last_location = GB_ROUTE_NONE, number = 0;

    day->stops = base_arena_alloc(&day->arena, totals->n_clients,
                                  sizeof *day->stops);
    if (!day->stops)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t i = 0; i < totals->n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_BREAK) {
            day->route.break_start_s = stop.start_s;
            day->route.break_end_s = stop.end_s;
            continue;
        }
        p->is_open[p->candidate_of[stop.client]] = false;
        number += stop.location != last_location;
        last_location = stop.location;
        day->stops[day->n_stops] = make_stop(p, &stop);
        day->stops[day->n_stops].stop_no = number;
        day->prize += day->stops[day->n_stops].prize;
        day->met_permille += plan_problem_chance(p, &stop);
        day->fates[p->candidate_of[stop.client]]
            = (plan_fate){ day->candidates[p->candidate_of[stop.client]],
                           STORE_PLANNED, (uint32_t)day->n_stops,
                           STORE_NO_DAY, "planned", NULL };
        day->n_stops++;
    }
    return GB_OK;
}

typedef BASE_ARRAY(gb_lonlat) path_points;

/* Append the way between two locations; its first point is the last one. */
static gb_status add_leg(plan_problem *p, uint32_t from, uint32_t to,
                         path_points *path)
{
    size_t n = 0;
    gb_status status;

    if (from == to)
        return GB_OK;
    if (!p->data->roads)
        return base_array_push(p->run->mem, path, p->at[from])
                       && base_array_push(p->run->mem, path, p->at[to])
                   ? GB_OK
                   : base_fail_nomem(p->run->ctx);
    do {
        const size_t room = path->capacity - path->n;

        status = gb_roads_path(p->run->ctx, p->data->roads, &p->snapped[from],
                               &p->snapped[to], room,
                               room ? path->items + path->n : NULL, &n, NULL);
        if (status == GB_ERR_BUFFER
            && !base_array_reserve(p->run->mem, path, n))
            return base_fail_nomem(p->run->ctx);
    } while (status == GB_ERR_BUFFER);
    if (!status)
        path->n += n;
    return status;
}

static gb_status draw_path(plan_problem *p, const gb_route_solution *solution,
                           const gb_route_totals *totals)
{
    path_points path = BASE_ARRAY_INIT;
    uint32_t here = 0;
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < totals->n_items && !status; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_BREAK)
            continue;
        status = add_leg(p, here, stop.location, &path);
        here = stop.location;
    }
    if (!status)
        status = add_leg(p, here, 0, &path);
    if (!status && path.n > 0) {
        p->day->path = base_arena_alloc(&p->day->arena, path.n,
                                        sizeof *p->day->path);
        if (!p->day->path)
            status = base_fail_nomem(p->run->ctx);
        else
            memcpy(p->day->path, path.items, path.n * sizeof *path.items);
        p->day->n_path = status ? 0 : path.n;
    }
    base_array_clear(p->run->mem, &path);
    return status;
}

static void word_crowded(const plan_problem *p, const gb_route_reason *r,
                         base_text *json)
{
    base_text_format(json, "{\"extra_s\":%d,\"extra_m\":%d,\"prize\":%lld",
                     r->extra_s, r->extra_m, (long long)r->prize);
    if (r->n_displaced > 0 && r->displaced_client < p->problem.n_clients) {
        base_text_add(json, ",\"displaces\":");
        base_text_json(json,
                       plan_problem_target(p, p->candidate_of[r->displaced_client])->ref);
        base_text_format(json, ",\"n_displaced\":%u,\"displaced_prize\":%lld",
                         r->n_displaced, (long long)r->displaced_prize);
    }
    base_text_format(json, ",\"gain_milli\":%lld}", (long long)r->gain_milli);
}

/* Why a client is not served, as a state, a code and its figures. */
static gb_status read_reason(plan_problem *p, const gb_route_reason *r)
{
    const uint32_t candidate = p->candidate_of[r->client];
    plan_fate fate = { .target = p->day->candidates[candidate],
                       .stop = STORE_NONE, .until = STORE_NO_DAY };
    base_text json;

    base_text_init(&json, p->run->mem);
    if (r->kind == GB_ROUTE_REASON_IMPOSSIBLE) {
        fate.state = STORE_IMPOSSIBLE;
        p->is_open[candidate] = false; /* tomorrow is no different */
        fate.reason = gb_route_constraint_name(r->constraint);
        base_text_format(&json, "{\"mend_s\":%d}", r->mend_s);
    } else {
        fate.state = STORE_CROWDED_OUT;
        fate.reason = r->gain_milli > 0 ? "detour" /* longer than the habit */
                      : r->kind == GB_ROUTE_REASON_UNPROFITABLE
                          ? "not_worth_the_way"
                          : "no_time";
        word_crowded(p, r, &json);
    }
    fate.json = plan_problem_text(p, &json);
    if (!fate.json)
        return base_fail_nomem(p->run->ctx);
    p->day->fates[candidate] = fate;
    p->day->n_musts_missed += plan_is_must(plan_problem_target(p, candidate));
    return GB_OK;
}

gb_status plan_drive_reasons(plan_problem *p,
                              const gb_route_solution *solution)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_status status = GB_OK;

    (void)gb_route_solution_summary(solution, &summary);
    for (uint32_t i = 0; i < summary.n_unserved && !status; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        (void)gb_route_solution_reason(solution, i, &reason);
        status = read_reason(p, &reason);
    }
    return status;
}

gb_status plan_drive_route(plan_problem *p, const gb_route_solution *solution)
{
    plan_manager_day *day = p->day;
    gb_route_totals totals = { .size = sizeof totals };
    gb_status status;

    (void)gb_route_solution_totals(solution, 0, &totals);
    status = read_stops(p, solution, &totals);
    if (!status)
        status = draw_path(p, solution, &totals);
    day->field_s = totals.field_s;
    day->travel_s = totals.travel_s;
    day->route.leave_s = totals.depart_s;
    day->route.back_s = totals.end_s;
    day->route.travel_s = totals.travel_s;
    day->route.travel_m = totals.distance_m;
    day->route.service_s = totals.service_s + totals.access_s;
    day->route.wait_s = totals.wait_s;
    day->route.prize = day->prize;
    return status;
}
