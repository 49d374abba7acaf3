#include "route_case.h"
#include "route_case_parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct maker {
    route_case *made;
    case_draw_fn draw;
    void *source;
} maker;

static uint32_t draw(maker *m, uint32_t bound)
{
    return m->draw(m->source, bound);
}

static int32_t seconds(maker *m, uint32_t least, uint32_t bound)
{
    return (int32_t)(least + draw(m, bound));
}

static void make_matrices(maker *m, uint32_t n)
{
    route_case *made = m->made;
    const bool has_gaps = draw(m, 4) == 0, is_skewed = draw(m, 3) == 0;
    uint32_t x[CASE_LOCATIONS], y[CASE_LOCATIONS];

    for (uint32_t i = 0; i < n; i++) {
        x[i] = draw(m, 2000);
        y[i] = draw(m, 2000);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            const uint32_t at = i * n + j;
            const int32_t far = abs((int32_t)x[i] - (int32_t)x[j])
                + abs((int32_t)y[i] - (int32_t)y[j]);

            made->metres[at] = far;
            made->seconds[0][at] = far;
            made->seconds[1][at] = far / 2;
            if (is_skewed && i != j)
                made->seconds[0][at] += seconds(m, 0, 900);
            if (has_gaps && i != j && draw(m, 20) == 0)
                made->seconds[0][at] = GB_ROUTE_UNREACHABLE;
        }
    made->profiles[0].seconds = made->seconds[0];
    made->profiles[0].metres = made->metres;
    made->profiles[1].seconds = made->seconds[1];
    made->problem.n_locations = n;
    made->problem.n_profiles = 2;
    made->problem.profiles = made->profiles;
}

static void make_windows(maker *m, uint32_t c)
{
    route_case *made = m->made;
    uint32_t n = made->first_window[c];
    const uint32_t kind = draw(m, 5);

    if (kind >= 2) {
        gb_route_window *w = &made->windows[n];

        w[0].early_s = seconds(m, 0, 9000);
        w[0].late_s = w[0].early_s + seconds(m, 0, 4000);
        n++;
        if (kind == 4) {
            w[1].early_s = w[0].late_s + seconds(m, 1, 3000);
            w[1].late_s = w[1].early_s + seconds(m, 0, 3000);
            n++;
        }
    }
    made->first_window[c + 1] = n;
}

static void make_client(maker *m, uint32_t c, uint32_t n_places, bool is_flat)
{
    route_case *made = m->made;
    uint32_t n = made->first_allowed[c];

    made->location[c] = draw(m, made->problem.n_locations);
    made->place[c] = n_places && draw(m, 3) ? draw(m, n_places)
                                            : GB_ROUTE_NONE;
    made->group[c] = draw(m, 6) == 0 ? draw(m, (c + 2) / 2) : GB_ROUTE_NONE;
    made->service_s[c] = seconds(m, 0, 1500);
    made->must[c] = draw(m, 5) == 0;
    made->prize[c] = draw(m, 100);
    for (uint32_t s = 0; s < CASE_SLOTS; s++)
        made->slot_prize[c * CASE_SLOTS + s] = draw(m, 100);
    make_windows(m, c);
    for (uint32_t v = 0; v < made->problem.n_vehicles; v++)
        if (is_flat || draw(m, 8))
            made->allowed[n++] = v;
    made->first_allowed[c + 1] = n;
}

static void make_vehicle(maker *m, uint32_t v)
{
    route_case *made = m->made;
    gb_route_vehicle vehicle = GB_ROUTE_VEHICLE_INIT;
    const uint32_t n = made->problem.n_locations;

    vehicle.profile = draw(m, 4) == 0;
    vehicle.start_location = draw(m, 8) ? draw(m, n) : GB_ROUTE_NONE;
    vehicle.end_location = draw(m, 5) ? draw(m, n) : GB_ROUTE_NONE;
    vehicle.shift_start_s = seconds(m, 0, 1500);
    vehicle.shift_end_s = vehicle.shift_start_s + seconds(m, 2000, 10000);
    vehicle.n_breaks = draw(m, 4);
    if (vehicle.n_breaks == 3)
        vehicle.n_breaks = 1;
    for (uint32_t k = 0; k < vehicle.n_breaks; k++) {
        gb_route_break *b = &made->breaks[v][k];

        b->early_s = seconds(m, 0, 6000) + (int32_t)k * 3000;
        b->late_s = b->early_s + seconds(m, 0, 3000);
        b->length_s = seconds(m, 0, 1500);
    }
    vehicle.breaks = made->breaks[v];
    vehicle.max_clients = draw(m, 4) ? 0 : 1 + draw(m, 4);
    vehicle.max_duration_s = draw(m, 3) ? 0 : seconds(m, 1000, 8000);
    vehicle.cost_per_s_milli = draw(m, 2) ? 0 : draw(m, 30);
    vehicle.cost_per_m_milli = draw(m, 3) ? 0 : draw(m, 20);
    vehicle.fixed_cost = draw(m, 4) ? 0 : draw(m, 60);
    made->vehicles[v] = vehicle;
}

void route_case_make(route_case *made, route_case_size size,
                     case_draw_fn draw_fn, void *source)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    maker m = { made, draw_fn, source };
    gb_route_problem *p = &made->problem;
    const uint32_t n_places = draw(&m, 3) * 2;
    const bool is_flat = draw(&m, 2) == 0;

    memset(made, 0, sizeof *made);
    *p = none;
    make_matrices(&m, 1 + draw(&m, size.n_clients < CASE_LOCATIONS - 2
                                   ? size.n_clients + 1
                                   : CASE_LOCATIONS - 1));
    p->n_clients = size.n_clients;
    p->n_vehicles = size.n_vehicles;
    p->n_places = n_places;
    p->place_access_s = made->access_s;
    for (uint32_t k = 0; k < n_places; k++)
        made->access_s[k] = seconds(&m, 0, 800);
    for (uint32_t c = 0; c < size.n_clients; c++)
        make_client(&m, c, n_places, is_flat);
    for (uint32_t v = 0; v < size.n_vehicles; v++)
        make_vehicle(&m, v);
    p->client_location = made->location;
    p->client_place = n_places ? made->place : NULL;
    p->client_service_s = made->service_s;
    p->client_must = draw(&m, 2) ? made->must : NULL;
    p->client_prize = made->prize;
    p->client_group = draw(&m, 3) == 0 ? made->group : NULL;
    p->client_first_window = draw(&m, 4) ? made->first_window : NULL;
    p->windows = made->windows;
    if (draw(&m, 2)) {
        p->n_slots = CASE_SLOTS;
        for (uint32_t s = 1; s < CASE_SLOTS; s++)
            made->slot_start_s[s]
                = made->slot_start_s[s - 1] + seconds(&m, 1, 4000);
        p->slot_start_s = made->slot_start_s;
        p->client_slot_prize = made->slot_prize;
    }
    p->client_first_allowed = is_flat ? NULL : made->first_allowed;
    p->allowed_vehicles = made->allowed;
    p->vehicles = made->vehicles;
    route_case_add(made, size, draw_fn, source);
}
