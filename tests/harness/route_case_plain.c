#include "route_case.h"

#include <stdlib.h>
#include <string.h>

typedef struct maker {
    route_case *made;
    case_draw_fn draw;
    void *source;
    case_family family;
    uint32_t n, n_vehicles, n_depots;
} maker;

static uint32_t draw(maker *m, uint32_t bound)
{
    return m->draw(m->source, bound);
}

static void make_plane(maker *m)
{
    route_case *made = m->made;
    const uint32_t n_other = CASE_LOCATIONS - m->n_depots;
    const uint32_t n = m->n_depots + (m->n < n_other ? m->n : n_other);
    int32_t x[CASE_LOCATIONS], y[CASE_LOCATIONS];

    for (uint32_t i = 0; i < n; i++) {
        x[i] = (int32_t)draw(m, 1000);
        y[i] = (int32_t)draw(m, 1000);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            const uint32_t at = i * n + j;

            made->metres[at] = abs(x[i] - x[j]) + abs(y[i] - y[j]);
            made->seconds[0][at] = made->metres[at];
        }
    made->profiles[0].seconds = made->seconds[0];
    made->profiles[0].metres = made->metres;
    made->problem.n_locations = n;
    made->problem.n_profiles = 1;
    made->problem.profiles = made->profiles;
}

static bool has_windows(const maker *m)
{
    return m->family == CASE_VRPTW || m->family == CASE_PCVRPTW
        || m->family == CASE_TOPTW;
}

static void make_client(maker *m, uint32_t c)
{
    route_case *made = m->made;
    const uint32_t n_other = made->problem.n_locations - m->n_depots;

    made->location[c] = m->n_depots + c % n_other;
    made->load[c] = 1 + draw(m, 20);
    made->must[c] = m->family != CASE_PCVRPTW && m->family != CASE_TOPTW;
    made->prize[c] = made->must[c] ? 0 : 1 + draw(m, 1500);
    if (has_windows(m) || m->family == CASE_DURATION)
        made->service_s[c] = (int32_t)draw(m, 200);
    made->first_window[c] = c;
    made->windows[c].early_s = (int32_t)draw(m, 4000);
    made->windows[c].late_s
        = made->windows[c].early_s + 100 + (int32_t)draw(m, 2000);
    made->first_window[c + 1] = c + 1;
    made->bundle[c] = GB_ROUTE_NONE;
}

static void make_vehicle(maker *m, uint32_t v)
{
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    int64_t *capacity = m->made->capacity[v];

    vehicle.start_location = vehicle.end_location
        = m->family == CASE_MDVRP ? v % m->n_depots : 0;
    vehicle.shift_end_s = has_windows(m) ? 7000 : 1000000;
    vehicle.cost_per_m_milli = m->family == CASE_TOPTW ? 0 : 1000;
    capacity[0] = 12 * (int64_t)m->n / m->n_vehicles + 12;
    if (m->family != CASE_TOPTW)
        vehicle.capacity = capacity;
    if (m->family == CASE_DURATION)
        vehicle.max_duration_s = 2500 + (int32_t)draw(m, 3000);
    if (m->family == CASE_PVRP)
        vehicle.day = v % CASE_DAYS;
    if (m->family == CASE_HFVRP) {
        capacity[0] = 10 + draw(m, 60);
        vehicle.fixed_cost = draw(m, 800);
        vehicle.cost_per_m_milli = 800 + draw(m, 800);
    }
    m->made->vehicles[v] = vehicle;
}

/* Customers of one to three visits, on any days or with a gap between. */
static void make_bundles(maker *m)
{
    route_case *made = m->made;
    gb_route_problem *p = &made->problem;
    uint32_t n_patterns = 0;

    for (uint32_t c = 0; c < m->n;) {
        uint32_t n_visits = 1 + draw(m, 3);

        if (n_visits > m->n - c)
            n_visits = m->n - c;
        made->first_pattern[p->n_bundles] = n_patterns;
        for (uint64_t days = 1; days < 1 << CASE_DAYS; days++) {
            const uint32_t n_days = (uint32_t)((days & 1) + (days >> 1 & 1)
                                               + (days >> 2 & 1));

            if (n_days == n_visits
                && (n_visits != 2 || draw(m, 4) || days == 6))
                made->patterns[n_patterns++] = days;
        }
        for (uint32_t i = 0; i < n_visits; i++, c++) {
            made->bundle[c] = p->n_bundles;
            made->location[c] = made->location[c - i];
            made->load[c] = made->load[c - i];
        }
        made->first_pattern[++p->n_bundles] = n_patterns;
    }
    p->client_bundle = made->bundle;
    p->bundle_first_pattern = made->first_pattern;
    p->patterns = made->patterns;
}

void route_case_make_plain(route_case *made, case_family family,
                           route_case_size size, case_draw_fn draw_fn,
                           void *source)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    maker m = { made, draw_fn, source, family, size.n_clients,
                size.n_vehicles, family == CASE_MDVRP ? 2 : 1 };
    gb_route_problem *p = &made->problem;

    memset(made, 0, sizeof *made);
    *p = none;
    make_plane(&m);
    p->n_clients = size.n_clients;
    p->n_vehicles = size.n_vehicles;
    for (uint32_t c = 0; c < size.n_clients; c++)
        make_client(&m, c);
    for (uint32_t v = 0; v < size.n_vehicles; v++)
        make_vehicle(&m, v);
    p->vehicles = made->vehicles;
    p->client_location = made->location;
    p->client_service_s = made->service_s;
    p->client_must = made->must;
    p->client_prize = made->prize;
    if (has_windows(&m)) {
        p->client_first_window = made->first_window;
        p->windows = made->windows;
    }
    if (family != CASE_TOPTW) {
        p->n_loads = 1;
        p->client_load = made->load;
    }
    if (family == CASE_PVRP && size.n_clients > 0)
        make_bundles(&m);
}

/* --- turned round --- */

#define TURN(array, width)                                                    \
    for (uint32_t c = 0; c < n; c++)                                          \
    memcpy(&turned->array[(size_t)c * (width)],                               \
           &from->array[(size_t)(n - 1 - c) * (width)],                       \
           (width) * sizeof *from->array)

static void turn_after(const route_case *from, route_case *turned, uint32_t n)
{
    TURN(after, 1);
    for (uint32_t c = 0; c < n; c++)
        if (turned->after[c] != GB_ROUTE_NONE)
            turned->after[c] = n - 1 - turned->after[c];
}

static void turn_rows(const route_case *from, route_case *turned, uint32_t n)
{
    uint32_t n_windows = 0, n_allowed = 0;

    for (uint32_t c = 0; c < n; c++) {
        const uint32_t b = n - 1 - c;

        turned->first_window[c] = n_windows;
        for (uint32_t i = from->first_window[b]; i < from->first_window[b + 1];
             i++)
            turned->windows[n_windows++] = from->windows[i];
        turned->first_allowed[c] = n_allowed;
        for (uint32_t i = from->first_allowed[b];
             i < from->first_allowed[b + 1]; i++)
            turned->allowed[n_allowed++] = from->allowed[i];
    }
    turned->first_window[n] = n_windows;
    turned->first_allowed[n] = n_allowed;
}

/* An array of `from` as that of `turned`; whatever else, as it is. */
#define SAME(field, type)                                                     \
    if ((const void *)turned->problem.field)                                  \
    turned->problem.field = (const type *)(const void *)                      \
        ((const char *)turned                                                 \
         + ((const char *)(const void *)from->problem.field                   \
            - (const char *)from))

void route_case_turn(const route_case *from, route_case *turned)
{
    const uint32_t n = from->problem.n_clients;
    const size_t n_slots = from->problem.n_slots ? CASE_SLOTS : 1;
    const size_t n_loads = from->problem.n_loads ? from->problem.n_loads : 1;

    *turned = *from;
    TURN(location, 1);
    TURN(place, 1);
    TURN(group, 1);
    TURN(service_s, 1);
    TURN(must, 1);
    TURN(prize, 1);
    TURN(slot_prize, CASE_SLOTS);
    TURN(load, n_loads);
    TURN(skills, 1);
    TURN(release_s, 1);
    TURN(bundle, 1);
    turn_after(from, turned, n);
    turn_rows(from, turned, n);
    for (uint32_t k = 0; k < CASE_KINDS; k++)
        for (uint32_t c = 0; c < n && from->problem.n_prize_kinds; c++)
            memcpy(&turned->kind_prize[(k * n + c) * n_slots],
                   &from->kind_prize[(k * n + n - 1 - c) * n_slots],
                   n_slots * sizeof *from->kind_prize);
    SAME(client_location, uint32_t);
    SAME(client_place, uint32_t);
    SAME(client_group, uint32_t);
    SAME(client_service_s, int32_t);
    SAME(client_must, uint8_t);
    SAME(client_prize, int64_t);
    SAME(client_slot_prize, int64_t);
    SAME(client_load, int64_t);
    SAME(client_skills, uint64_t);
    SAME(client_release_s, int32_t);
    SAME(client_bundle, uint32_t);
    SAME(client_after, uint32_t);
    SAME(client_kind_prize, int64_t);
    SAME(client_first_window, uint32_t);
    SAME(windows, gb_route_window);
    SAME(client_first_allowed, uint32_t);
    SAME(allowed_vehicles, uint32_t);
}
