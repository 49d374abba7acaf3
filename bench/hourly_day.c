/*
 * hourly_day.c - see hourly_day.h.
 */
#include "hourly_day.h"

#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 9, HOUR = 3600, OPENS = 8 * HOUR + HOUR / 2,
       CLOSES = 17 * HOUR, DAY = 24 * HOUR };

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % bound);
}

static void *room(size_t n, size_t size)
{
    void *block = calloc(n ? n : 1, size);

    if (!block) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return block;
}

/* Metres on a square of 12 km, rides at 20 km/h with a bend. */
static void lay_roads(hourly_day *d, uint32_t n)
{
    int32_t *x = room(n, sizeof *x), *y = room(n, sizeof *y);

    d->seconds = room((size_t)n * n, sizeof *d->seconds);
    for (uint32_t i = 0; i < n; i++) {
        x[i] = (int32_t)below(12000);
        y[i] = (int32_t)below(12000);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++)
            d->seconds[(size_t)i * n + k]
                = (abs(x[i] - x[k]) + abs(y[i] - y[k])) * 18 / 100;
    free(x);
    free(y);
}

/* At home in the evening, in a shop all day, at a desk in the morning; later
 * days bring a little less. */
static void draw_prizes(hourly_day *d, uint32_t c, uint32_t n_days)
{
    const uint32_t worth = 5 + below(96), kind = below(3);

    for (uint32_t s = 0; s < SLOTS * n_days; s++) {
        const uint32_t at_home[SLOTS] = { 3, 2, 2, 3, 4, 3, 3, 5, 8 };
        const uint32_t at_desk[SLOTS] = { 7, 9, 9, 6, 2, 5, 7, 6, 3 };
        const uint32_t hour = s % SLOTS, late = s / SLOTS;
        const uint32_t there
            = kind == 0 ? at_home[hour] : kind == 1 ? at_desk[hour] : 8;

        d->prize[(size_t)c * SLOTS * n_days + s]
            = (int64_t)worth * there * (50 - late) / (9 * 50);
    }
}

static void draw_clients(hourly_day *d, uint32_t n, uint32_t n_days,
                         uint32_t n_compounds)
{
    uint32_t n_windows = 0;

    for (uint32_t c = 0; c < n; c++) {
        const uint32_t compound = n_compounds ? below(n_compounds) : c;

        d->place[c] = n_compounds ? compound : GB_ROUTE_NONE;
        d->location[c] = compound + 2;
        d->service_s[c] = (int32_t)(900 + 300 * below(7));
        d->first_window[c] = n_windows;
        if (below(2)) {
            const int32_t early = (int32_t)(OPENS + 1800 * below(12));

            for (uint32_t day = 0; day < n_days; day++)
                d->windows[n_windows++] = (gb_route_window){
                    early + (int32_t)(day * DAY),
                    early + 2 * HOUR + (int32_t)(day * DAY)
                };
        }
        draw_prizes(d, c, n_days);
    }
    d->first_window[n] = n_windows;
}

static void engage(hourly_day *d, uint32_t n_days, uint32_t n_a_day,
                   uint32_t n_breaks)
{
    const gb_route_vehicle manager = GB_ROUTE_VEHICLE_INIT;

    d->managers = room((size_t)n_days * n_a_day, sizeof *d->managers);
    d->breaks = room(n_days, 2 * sizeof *d->breaks);
    for (uint32_t day = 0; day < n_days; day++) {
        const int32_t zero = (int32_t)(day * DAY);

        d->breaks[2 * day] = (gb_route_break){ zero + 11 * HOUR + HOUR / 2,
                                               zero + 13 * HOUR, HOUR };
        d->breaks[2 * day + 1]
            = (gb_route_break){ zero + 14 * HOUR + HOUR / 2, zero + 16 * HOUR,
                                HOUR / 4 };
        for (uint32_t i = 0; i < n_a_day; i++) {
            gb_route_vehicle *v = &d->managers[day * n_a_day + i];

            *v = manager;
            v->start_location = v->end_location = i % 2;
            v->shift_start_s = zero + OPENS;
            v->shift_end_s = zero + CLOSES;
            v->breaks = &d->breaks[2 * day];
            v->n_breaks = n_breaks;
            v->cost_per_s_milli = 3;
            v->day = day;
        }
    }
}

static void take_room(hourly_day *d, size_t n, size_t n_days)
{
    d->location = room(n, sizeof *d->location);
    d->place = room(n, sizeof *d->place);
    d->first_window = room(n + 1, sizeof *d->first_window);
    d->windows = room(n * n_days, sizeof *d->windows);
    d->service_s = room(n, sizeof *d->service_s);
    d->prize = room(n * n_days * SLOTS, sizeof *d->prize);
    d->slot_start_s = room(n_days * SLOTS, sizeof *d->slot_start_s);
}

static void point_at(hourly_day *d, uint32_t n_slots)
{
    gb_route_problem *p = &d->problem;

    d->profile = (gb_route_profile){ .seconds = d->seconds };
    p->n_profiles = 1;
    p->profiles = &d->profile;
    p->client_location = d->location;
    p->client_service_s = d->service_s;
    p->client_first_window = d->first_window;
    p->windows = d->windows;
    p->n_slots = n_slots;
    p->slot_start_s = d->slot_start_s;
    p->client_slot_prize = d->prize;
    p->vehicles = d->managers;
}

/* The mean of the first day's hours, at any time. */
static void flatten(hourly_day *d)
{
    gb_route_problem *p = &d->problem;

    d->flat_prize = room(p->n_clients, sizeof *d->flat_prize);
    for (uint32_t c = 0; c < p->n_clients; c++) {
        int64_t sum = 0;

        for (uint32_t s = 0; s < SLOTS; s++)
            sum += d->prize[(size_t)c * p->n_slots + s];
        d->flat_prize[c] = sum / SLOTS;
    }
    p->n_slots = 0;
    p->slot_start_s = NULL;
    p->client_slot_prize = NULL;
    p->client_prize = d->flat_prize;
}

void hourly_day_make(hourly_day *d, uint64_t seed, const hourly_size *size)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const uint32_t n_days = size->days ? size->days : 1;
    gb_route_problem *p = &d->problem;
    uint32_t managers;

    state = seed * 77 + 5;
    *p = none;
    d->flat_prize = NULL;
    p->n_clients = 100 + below(81);
    managers = 5 + below(6);
    if (size->clients && size->managers) {
        p->n_clients = size->clients;
        managers = size->managers;
    }
    p->n_vehicles = managers * n_days;
    p->n_locations
        = (size->compounds ? size->compounds : p->n_clients) + 2;
    take_room(d, p->n_clients, n_days);
    lay_roads(d, p->n_locations);
    draw_clients(d, p->n_clients, n_days, size->compounds);
    d->access_s = room(size->compounds, sizeof *d->access_s);
    for (uint32_t k = 0; k < size->compounds; k++)
        d->access_s[k] = 60 + (int32_t)below(300);
    if (size->compounds) {
        p->n_places = size->compounds;
        p->place_access_s = d->access_s;
        p->client_place = d->place;
    }
    engage(d, n_days, managers, size->tea ? 2 : 1);
    for (uint32_t s = 0; s < SLOTS * n_days; s++)
        d->slot_start_s[s]
            = (int32_t)((s / SLOTS) * DAY + (8 + s % SLOTS) * HOUR);
    point_at(d, SLOTS * n_days);
    if (size->flat)
        flatten(d);
}

void hourly_day_clear(hourly_day *d)
{
    free(d->breaks);
    free(d->seconds);
    free(d->managers);
    free(d->location);
    free(d->place);
    free(d->first_window);
    free(d->windows);
    free(d->service_s);
    free(d->access_s);
    free(d->slot_start_s);
    free(d->prize);
    free(d->flat_prize);
}
