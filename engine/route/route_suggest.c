/*
 * route_suggest.c - see route_suggest.h.
 */
#include "route_suggest.h"

#include <string.h>

#include "base_check.h"

typedef struct offer {
    route_replan_choice choice;
    uint32_t day;
    gb_route_window window;
} offer;

/* The client's own windows within `cell`, at most as many; their number. */
static uint32_t cut(const route_own_windows *own, const gb_route_window *cell,
                    gb_route_window *out)
{
    uint32_t n = 0;

    if (own->n == 0)
        out[n++] = *cell;
    for (uint32_t w = 0; w < own->n; w++) {
        const gb_route_window *given = &own->windows[w];

        if (given->late_s < cell->early_s || given->early_s > cell->late_s)
            continue;
        out[n].early_s = given->early_s > cell->early_s ? given->early_s
                                                        : cell->early_s;
        out[n++].late_s
            = given->late_s < cell->late_s ? given->late_s : cell->late_s;
    }
    return n;
}

static bool offer_only(route_replan *r, uint32_t c,
                       const gb_route_window *cell, gb_route_window *scratch)
{
    route_client *client = &r->data.clients[c];
    const uint32_t n = cut(&r->changes->own[c], cell, scratch);

    if (n == 0)
        return false;
    client->windows = scratch;
    client->n_windows = n;
    client->early_s = scratch[0].early_s;
    client->late_s = scratch[0].late_s;
    return true;
}

/* Into the list of the best, if it is one of them; equals stay behind. */
static void keep(offer *offers, size_t capacity, size_t *n, const offer *new)
{
    size_t at = *n;

    while (at > 0
           && route_worth_compare(&new->choice.change,
                                  &offers[at - 1].choice.change)
               > 0)
        at--;
    if (at >= capacity)
        return;
    if (*n < capacity)
        (*n)++;
    memmove(&offers[at + 1], &offers[at], (*n - 1 - at) * sizeof *offers);
    offers[at] = *new;
}

/* When the vehicles of a day are at work; false: there are none. */
static bool hours_of(const route_data *data, uint32_t day, int32_t *from_s,
                     int32_t *until_s)
{
    bool is_any = false;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_vehicle *vehicle = &data->vehicles[v];

        if (vehicle->day != day)
            continue;
        if (!is_any || vehicle->shift_start_s < *from_s)
            *from_s = vehicle->shift_start_s;
        if (!is_any || vehicle->shift_end_s > *until_s)
            *until_s = vehicle->shift_end_s;
        is_any = true;
    }
    return is_any;
}

static int32_t step_down(int32_t at_s, int32_t step_s)
{
    const int32_t over_s = at_s % step_s;

    return at_s - (over_s < 0 ? over_s + step_s : over_s);
}

static gb_status offer_day(route_replan *r, uint32_t c, uint32_t day,
                           const gb_route_suggest_options *options,
                           gb_route_window *scratch, offer *offers,
                           size_t capacity, size_t *n)
{
    const bool is_within = options->from_s != 0 || options->until_s != 0;
    int32_t from_s = 0, until_s = 0, at_s;
    gb_status status = GB_OK;

    if (!hours_of(&r->data, day, &from_s, &until_s))
        return GB_OK;
    at_s = step_down(from_s, options->step_s);
    if (is_within) {
        at_s = at_s > options->from_s
            ? at_s
            : step_down(options->from_s + options->step_s - 1,
                        options->step_s);
        until_s = until_s < options->until_s ? until_s : options->until_s;
    }
    for (; at_s < until_s && status == GB_OK; at_s += options->step_s) {
        offer this = { .day = day, .choice = { .vehicle = GB_ROUTE_NONE } };

        this.window = (gb_route_window){ at_s, at_s + options->length_s - 1 };
        if ((is_within && at_s + options->length_s > options->until_s)
            || !offer_only(r, c, &this.window, scratch))
            continue;
        for (uint32_t v = 0; v < r->data.n_vehicles; v++)
            if (r->data.vehicles[v].day == day)
                (void)route_replan_gap(r, &r->plan, v, c, &this.choice);
        if (this.choice.vehicle != GB_ROUTE_NONE)
            keep(offers, capacity, n, &this);
        status = base_poll_many(r->run, 64);
    }
    return status;
}

/* Drive it, to tell the times. */
static void tell(route_replan *r, uint32_t c, const offer *from,
                 gb_route_window *scratch, gb_route_suggestion *out)
{
    const uint32_t v = from->choice.vehicle;
    const route_tour *before = &r->plan.tours[v];
    const route_tour *after = &r->trial.tours[v];
    gb_route_totals totals;
    gb_route_suggestion s = { .size = sizeof s };

    (void)offer_only(r, c, &from->window, scratch);
    route_plan_copy(&r->trial, &r->plan, NULL);
    (void)ALWAYS(route_plan_insert(&r->trial, v, from->choice.gap, c));
    memset(&totals, 0, sizeof totals);
    route_result_schedule(&r->data, after, r->stops, &totals);
    s.day = from->day;
    s.vehicle = v;
    s.position = from->choice.gap;
    s.early_s = from->window.early_s;
    s.late_s = from->window.late_s;
    s.start_s = r->stops[from->choice.gap].start_s;
    s.extra_s
        = (int32_t)(after->end.worth.field_s - before->end.worth.field_s);
    s.extra_m = (int32_t)(after->end.metres - before->end.metres);
    s.prize = after->end.prize - before->end.prize;
    s.gain_milli = from->choice.change.value_milli;
    *out = s;
}

gb_status route_suggest(route_replan *r, uint32_t c,
                        const gb_route_suggest_options *options,
                        gb_route_suggestion *out, size_t capacity, size_t *n)
{
    const uint32_t n_own = r->changes->own[c].n;
    offer *offers
        = base_alloc_array(r->run->mem, capacity + 1, sizeof *offers);
    gb_route_window *scratch = base_alloc_array(
        r->run->mem, n_own ? n_own : 1, sizeof *scratch);
    gb_status status = GB_OK;

    *n = 0;
    if (!offers || !scratch)
        status = base_fail_nomem(r->run->ctx);
    for (uint32_t day = 0; day < ROUTE_MOST_DAYS && status == GB_OK; day++)
        if (options->days == 0 || (options->days >> day & 1))
            status = offer_day(r, c, day, options, scratch, offers, capacity,
                               n);
    for (size_t i = 0; i < *n && status == GB_OK; i++)
        tell(r, c, &offers[i], scratch, &out[i]);
    base_free(r->run->mem, scratch);
    base_free(r->run->mem, offers);
    return status;
}
