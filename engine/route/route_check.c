/*
 * route_check.c - is this solution what it says?  See route_check.h.
 */
#include "route_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base_options.h"
#include "route_data.h"

void check_note(gb_route_findings *findings, const char *format, ...)
{
    char line[256];
    va_list args;
    char *copy;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    copy = base_strdup(findings->mem, line);
    if (!copy || !base_array_push(findings->mem, &findings->lines, copy)) {
        base_free(findings->mem, copy);
        findings->is_short = true;
    }
}

static void expect(check *k, uint32_t v, const char *what, int64_t said,
                   int64_t found)
{
    if (said != found)
        check_note(k->findings,
                   "vehicle %" PRIu32 ": %s is given as %" PRId64
                   ", it is %" PRId64,
                   v, what, said, found);
}

static void compare_stop(check *k, uint32_t v, const gb_route_stop *said,
                         const check_visit *x)
{
    if (x->is_break) {
        if (!x->is_at_home) {
            expect(k, v, "start of a break", said->start_s, x->start);
            expect(k, v, "end of a break", said->end_s, x->end);
        }
        return;
    }
    expect(k, v, "travel", said->travel_s, x->travel);
    expect(k, v, "distance", said->distance_m, x->metres);
    expect(k, v, "arrival", said->arrival_s, x->arrival);
    expect(k, v, "access", said->access_s, x->access);
    expect(k, v, "wait", said->wait_s, x->start - x->arrival - x->access);
    expect(k, v, "start", said->start_s, x->start);
    expect(k, v, "end", said->end_s, x->end);
    expect(k, v, "slot", said->slot, x->slot);
    expect(k, v, "prize", said->prize, x->prize);
    expect(k, v, "location", said->location,
           k->problem->client_location[said->client]);
}

/* A client of the route: who else of its group, on which day of its bundle. */
static void read_client(check *k, uint32_t v, uint32_t i, uint32_t c,
                        const gb_route_vehicle *vehicle)
{
    const gb_route_problem *p = k->problem;
    const uint32_t g = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;
    const uint32_t b = p->client_bundle ? p->client_bundle[c] : GB_ROUTE_NONE;
    const uint64_t day = UINT64_C(1) << vehicle->day;
    uint32_t said_vehicle, said_item;

    if (k->vehicle_of[c] != GB_ROUTE_NONE)
        check_note(k->findings, "client %" PRIu32 " is served twice", c);
    else if (g != GB_ROUTE_NONE && k->group_client[g] != GB_ROUTE_NONE)
        check_note(k->findings,
                   "clients %" PRIu32 " and %" PRIu32
                   " of one group are both served",
                   k->group_client[g], c);
    else if (b != GB_ROUTE_NONE && (k->bundle_days[b] & day))
        check_note(k->findings,
                   "client %" PRIu32 " is the second of bundle %" PRIu32
                   " on day %" PRIu32,
                   c, b, vehicle->day);
    if (!check_may_serve(p, v, c))
        check_note(k->findings,
                   "vehicle %" PRIu32 " may not serve client %" PRIu32, v, c);
    if (!gb_route_solution_find(k->solution, c, &said_vehicle, &said_item)
        || said_vehicle != v || said_item != i)
        check_note(k->findings,
                   "client %" PRIu32 " is not found where it is served", c);
    k->vehicle_of[c] = v;
    k->item_of[c] = i;
    if (g != GB_ROUTE_NONE)
        k->group_client[g] = c;
    if (b != GB_ROUTE_NONE)
        k->bundle_days[b] |= day;
}

/* Who is in it, and in which role; false: there is no driving that. */
static bool read_route(check *k, uint32_t v, uint32_t n,
                       const gb_route_vehicle *vehicle)
{
    uint32_t held = 0, n_clients = 0;

    for (uint32_t i = 0; i < n; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        if (!gb_route_solution_stop(k->solution, v, i, &stop)) {
            check_note(k->findings, "vehicle %" PRIu32 ": stop %" PRIu32
                       " is missing", v, i);
            return false;
        }
        if (stop.kind == GB_ROUTE_STOP_BREAK) {
            if (stop.client >= vehicle->n_breaks
                || (held >> stop.client & 1)) {
                check_note(k->findings, "vehicle %" PRIu32 ": break %" PRIu32
                           " comes twice or does not exist", v, stop.client);
                return false;
            }
            held |= 1u << stop.client;
            k->items[i] = GB_ROUTE_BREAK(stop.client);
            continue;
        }
        k->items[i] = stop.client;
        if (stop.client >= k->problem->n_clients) {
            check_note(k->findings, "vehicle %" PRIu32 ": there is no client %"
                       PRIu32, v, stop.client);
            return false;
        }
        n_clients++;
        read_client(k, v, i, stop.client, vehicle);
    }
    if (held != (1u << vehicle->n_breaks) - 1 || n_clients == 0) {
        check_note(k->findings,
                   "vehicle %" PRIu32 " lacks a break or a client", v);
        return false;
    }
    return true;
}

static void add_to_sum(gb_route_summary *sum, const check_figures *f)
{
    sum->n_served += f->n_clients;
    sum->n_routes++;
    sum->duration_s += f->duration;
    sum->field_s += f->field;
    sum->travel_s += f->travel;
    sum->service_s += f->service;
    sum->access_s += f->access;
    sum->wait_s += f->wait;
    sum->distance_m += f->metres;
    sum->prize += f->prize;
    sum->cost_milli += f->cost_milli;
}

static void compare_totals(check *k, uint32_t v, const gb_route_totals *t,
                           const check_figures *f)
{
    expect(k, v, "number of clients", t->n_clients, f->n_clients);
    expect(k, v, "departure", t->depart_s, f->depart);
    expect(k, v, "end", t->end_s, f->end);
    expect(k, v, "duration", t->duration_s, f->duration);
    expect(k, v, "field time", t->field_s, f->field);
    expect(k, v, "breaks", t->break_s, f->breaks);
    expect(k, v, "waiting", t->wait_s, f->wait);
    expect(k, v, "travel", t->travel_s, f->travel);
    expect(k, v, "service", t->service_s, f->service);
    expect(k, v, "access", t->access_s, f->access);
    expect(k, v, "distance", t->distance_m, f->metres);
    expect(k, v, "prize", t->prize, f->prize);
    expect(k, v, "cost", t->cost_milli, f->cost_milli);
    expect(k, v, "value", t->value_milli, f->value_milli);
}

static void check_route(check *k, uint32_t v)
{
    gb_route_totals t = { .size = sizeof t };
    check_drive d = { .problem = k->problem,
                      .vehicle = check_vehicle_of(k->problem, v),
                      .visits = k->visits,
                      .more = k->more };
    check_figures f;

    k->field[v] = -1;
    if (!gb_route_solution_totals(k->solution, v, &t)) {
        check_note(k->findings, "vehicle %" PRIu32 " has no totals", v);
        return;
    }
    if (t.n_items == 0) {
        expect(k, v, "value of an empty route", t.value_milli, 0);
        expect(k, v, "cost of an empty route", t.cost_milli, 0);
        expect(k, v, "number of clients", t.n_clients, 0);
        return;
    }
    if (!read_route(k, v, t.n_items, &d.vehicle))
        return;
    if (!check_drive_route(&d, k->items, t.n_items, &f)) {
        check_note(k->findings,
                   "vehicle %" PRIu32 ": %s (item %" PRIu32 ")", v, d.fault,
                   d.fault_item);
        return;
    }
    for (uint32_t i = 0; i < t.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(k->solution, v, i, &stop);
        compare_stop(k, v, &stop, &d.visits[i]);
    }
    compare_totals(k, v, &t, &f);
    k->field[v] = f.field;
    add_to_sum(&k->sum, &f);
}

static void check_bundles(check *k)
{
    const gb_route_problem *p = k->problem;

    for (uint32_t b = 0; b < p->n_bundles; b++) {
        bool is_one = k->bundle_days[b] == 0;

        for (uint32_t i = p->bundle_first_pattern[b];
             i < p->bundle_first_pattern[b + 1]; i++)
            is_one |= p->patterns[i] == k->bundle_days[b];
        if (!is_one)
            check_note(k->findings,
                       "bundle %" PRIu32 " is visited on days %#" PRIx64
                       ", no pattern of it",
                       b, k->bundle_days[b]);
    }
}

/* In one route; whether in the right order is seen when it is driven. */
static void check_after(check *k)
{
    const uint32_t *after = k->problem->client_after;

    for (uint32_t c = 0; c < k->problem->n_clients && after; c++)
        if (after[c] != GB_ROUTE_NONE && k->vehicle_of[c] != GB_ROUTE_NONE
            && k->vehicle_of[after[c]] != GB_ROUTE_NONE
            && k->vehicle_of[after[c]] != k->vehicle_of[c])
            check_note(k->findings,
                       "client %" PRIu32 " is not on the route of client %"
                       PRIu32 ", which it comes after",
                       c, after[c]);
}

static void count_musts(check *k)
{
    const gb_route_problem *p = k->problem;

    for (uint32_t c = 0; c < p->n_clients; c++)
        k->sum.n_musts_unserved += p->client_must && p->client_must[c]
            && k->vehicle_of[c] == GB_ROUTE_NONE;
    for (uint32_t v = 0; v < p->n_vehicles; v++)
        k->sum.n_musts_unserved
            += check_vehicle_of(p, v).must_use && k->field[v] < 0;
    /* Each group once: by the first of its clients. */
    for (uint32_t c = 0; c < p->n_clients && p->group_must; c++) {
        const uint32_t g
            = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;

        if (g == GB_ROUTE_NONE || k->group_client[g] != GB_ROUTE_NONE)
            continue;
        k->sum.n_musts_unserved += p->group_must[g] != 0;
        k->group_client[g] = c;
    }
    for (uint32_t c = 0; c < p->n_clients && p->group_must; c++)
        if (p->client_group && p->client_group[c] != GB_ROUTE_NONE
            && k->vehicle_of[c] == GB_ROUTE_NONE
            && k->group_client[p->client_group[c]] == c)
            k->group_client[p->client_group[c]] = GB_ROUTE_NONE;
}

static void check_unserved(check *k)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < k->problem->n_clients; c++) {
        gb_route_reason reason = { .size = sizeof reason };

        if (k->vehicle_of[c] != GB_ROUTE_NONE)
            continue;
        if (!gb_route_solution_reason(k->solution, n, &reason)
            || reason.client != c)
            check_note(k->findings,
                       "client %" PRIu32 " is neither served nor listed", c);
        n++;
    }
    k->sum.n_unserved = n;
    count_musts(k);
}

static void check_summary(check *k)
{
    gb_route_summary said = { .size = sizeof said };
    gb_route_summary *sum = &k->sum;

    sum->cost_milli += check_balance(k->problem, k->field);
    sum->value_milli = 1000 * sum->prize - sum->cost_milli;
    if (!gb_route_solution_summary(k->solution, &said)) {
        check_note(k->findings, "there is no summary");
        return;
    }
#define FIGURE(name)                                                          \
    do {                                                                      \
        if ((int64_t)said.name != (int64_t)sum->name)                         \
            check_note(k->findings,                                           \
                       "the summary's " #name " is %" PRId64                  \
                       ", it is %" PRId64,                                    \
                       (int64_t)said.name, (int64_t)sum->name);               \
    } while (0)
    FIGURE(n_served);
    FIGURE(n_unserved);
    FIGURE(n_musts_unserved);
    FIGURE(n_routes);
    FIGURE(prize);
    FIGURE(cost_milli);
    FIGURE(value_milli);
    FIGURE(duration_s);
    FIGURE(field_s);
    FIGURE(travel_s);
    FIGURE(service_s);
    FIGURE(access_s);
    FIGURE(wait_s);
    FIGURE(distance_m);
#undef FIGURE
}

static bool make_room(check *k)
{
    const gb_route_problem *p = k->problem;
    base_mem *mem = k->findings->mem;
    const size_t most = (size_t)p->n_clients + ROUTE_MOST_BREAKS + 1;

    k->items = base_alloc_array(mem, most, sizeof *k->items);
    k->trial = base_alloc_array(mem, most, sizeof *k->trial);
    k->visits = base_alloc_zeroed(mem, most, sizeof *k->visits);
    k->more = base_alloc_zeroed(mem, most, sizeof *k->more);
    k->vehicle_of
        = base_alloc_array(mem, p->n_clients, sizeof *k->vehicle_of);
    k->item_of = base_alloc_zeroed(mem, p->n_clients, sizeof *k->item_of);
    k->group_client
        = base_alloc_array(mem, p->n_clients, sizeof *k->group_client);
    k->bundle_days
        = base_alloc_zeroed(mem, p->n_bundles, sizeof *k->bundle_days);
    k->field = base_alloc_zeroed(mem, p->n_vehicles, sizeof *k->field);
    if (!k->items || !k->trial || !k->visits || !k->more || !k->vehicle_of
        || !k->item_of || !k->group_client || !k->bundle_days || !k->field)
        return false;
    for (uint32_t c = 0; c < p->n_clients; c++)
        k->vehicle_of[c] = k->group_client[c] = GB_ROUTE_NONE;
    return true;
}

static gb_status run_check(check *k, bool is_certified)
{
    base_mem *mem = k->findings->mem;
    gb_status status = GB_ERR_NOMEM;

    if (!make_room(k))
        goto done;
    for (uint32_t v = 0; v < k->problem->n_vehicles; v++)
        check_route(k, v);
    check_bundles(k);
    check_after(k);
    check_unserved(k);
    if (k->findings->lines.n == 0) /* else its sums are wrong anyway */
        check_summary(k);
    if (is_certified && k->findings->lines.n == 0)
        check_certificate(k);
    status = k->findings->is_short ? GB_ERR_NOMEM : GB_OK;
done:
    base_free(mem, k->items);
    base_free(mem, k->trial);
    base_free(mem, k->visits);
    base_free(mem, k->more);
    base_free(mem, k->vehicle_of);
    base_free(mem, k->item_of);
    base_free(mem, k->group_client);
    base_free(mem, k->bundle_days);
    base_free(mem, k->field);
    return status;
}

gb_status route_check(gb_context *ctx, const gb_route_problem *given,
                      const gb_route_solution *solution, bool skip_certificate,
                      gb_route_findings **out)
{
    gb_route_problem problem;
    gb_route_summary said = { .size = sizeof said };
    check k = { .problem = &problem, .solution = solution };
    route_data data;
    gb_status status;
    uint32_t vehicle, item;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no `out` is given");
    *out = NULL;
    if (!solution)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no solution is given");
    status = route_data_build(ctx, given, &data);
    if (status)
        return status;
    route_data_clear(&data);
    status = base_options_take(ctx, &problem, sizeof problem, given,
                               offsetof(gb_route_problem, n_loads));
    if (status)
        return status;
    if (!gb_route_solution_summary(solution, &said)
        || said.n_served + said.n_unserved != problem.n_clients
        || (problem.n_clients > 0
            && !gb_route_solution_find(solution, problem.n_clients - 1,
                                       &vehicle, &item)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "the solution is of another problem");
    k.findings = base_alloc_zeroed(ctx->mem, 1, sizeof *k.findings);
    if (!k.findings)
        return base_fail_nomem(ctx);
    k.findings->mem = base_mem_ref(ctx->mem);
    status = run_check(&k, said.is_certified && !skip_certificate);
    if (status) {
        gb_route_findings_free(k.findings);
        return base_fail_nomem(ctx);
    }
    *out = k.findings;
    return GB_OK;
}

gb_status gb_route_check(gb_context *ctx, const gb_route_problem *problem,
                         const gb_route_solution *solution,
                         gb_route_findings **out)
{
    return route_check(ctx, problem, solution, false, out);
}

size_t gb_route_findings_count(const gb_route_findings *findings)
{
    return findings ? findings->lines.n : 0;
}

const char *gb_route_findings_text(const gb_route_findings *findings, size_t i)
{
    return findings && i < findings->lines.n ? findings->lines.items[i]
                                             : NULL;
}

void gb_route_findings_free(gb_route_findings *findings)
{
    base_mem *mem;

    if (!findings)
        return;
    mem = findings->mem;
    for (size_t i = 0; i < findings->lines.n; i++)
        base_free(mem, findings->lines.items[i]);
    base_array_clear(mem, &findings->lines);
    base_free(mem, findings);
    base_mem_unref(mem);
}
