/*
 * route_beam.c - see route_beam.h.
 */
#include "route_beam.h"

#include <string.h>

enum {
    STEPS = 64,       /* of a shift */
    LABELS = 8,       /* at most of a step; see route_rebuild.c */
    NEAREST = 14,     /* who may come next: the nearest, */
    MOST_NEXT = 32,   /* and those that bring most for the time */
    MOST_IDLE_S = 1800 /* before a break */
};

bool route_beam_suits(const route_data *data)
{
    uint32_t n_musts = 0;

    if (data->n_loads || data->has_order || data->n_bundles
        || data->has_release || data->has_balance || data->n_groups
        || data->is_flat || data->n_clients < 2 || data->n_vehicles == 0)
        return false;
    for (uint32_t c = 0; c < data->n_clients; c++)
        n_musts += data->clients[c].n_musts > 0;
    return 2 * n_musts < data->n_clients;
}

/* --- life --- */

typedef struct ranked {
    double key; /* the greatest first */
    uint32_t client;
} ranked;

static bool is_before(const ranked *a, const ranked *b)
{
    return a->key != b->key ? a->key > b->key : a->client < b->client;
}

/* Keeps the first `n` of what is offered, in order. */
static uint32_t offer(ranked *kept, uint32_t n_kept, uint32_t n, ranked one)
{
    uint32_t i;

    if (n_kept == n && (n == 0 || !is_before(&one, &kept[n - 1])))
        return n_kept;
    for (i = n_kept < n ? n_kept++ : n - 1;
         i > 0 && is_before(&one, &kept[i - 1]); i--)
        kept[i] = kept[i - 1];
    kept[i] = one;
    return n_kept;
}

/* What d brings for the time it takes behind c. */
static double density(const route_data *data, uint32_t c, uint32_t d)
{
    const route_client *from = &data->clients[c], *to = &data->clients[d];
    const int32_t leg_s = route_leg_s(data, &data->vehicles[0],
                                      from->location, to->location);

    return (double)to->prize
        / ((double)leg_s + to->service_s
           + (from->place != to->place ? to->access_s : 0) + 60);
}

/* Those of most density behind c who are not among its nearest. */
static void find_dense(route_beam *beam, uint32_t c, uint32_t n_nearest)
{
    uint32_t *next = beam->next + (size_t)c * beam->n_next, n_kept = 0;
    ranked kept[MOST_NEXT];

    beam->n_seen++;
    beam->seen[c] = beam->n_seen;
    for (uint32_t k = 0; k < n_nearest; k++)
        beam->seen[next[k]] = beam->n_seen;
    for (uint32_t d = 0; d < beam->data->n_clients; d++)
        if (beam->seen[d] != beam->n_seen)
            n_kept = offer(kept, n_kept, beam->n_next - n_nearest,
                           (ranked){ density(beam->data, c, d), d });
    for (uint32_t i = 0; i < n_kept; i++)
        next[n_nearest + i] = kept[i].client;
}

static void find_next(route_beam *beam, const uint32_t *near, uint32_t n_near)
{
    uint32_t n_nearest = n_near < NEAREST ? n_near : NEAREST;

    if (n_nearest > beam->n_next)
        n_nearest = beam->n_next;
    for (uint32_t c = 0; c < beam->data->n_clients; c++) {
        memcpy(beam->next + (size_t)c * beam->n_next,
               near + (size_t)c * n_near, n_nearest * sizeof *near);
        find_dense(beam, c, n_nearest);
    }
}

static void copy_clients(route_beam *beam)
{
    for (uint32_t c = 0; c < beam->data->n_clients; c++) {
        const route_client *client = &beam->data->clients[c];

        beam->clients[c] = (route_beam_client){
            .location = client->location,
            .place = client->place,
            .service_s = client->service_s,
            .access_s = client->access_s,
            .early_s = client->early_s,
            .late_s = client->late_s,
        };
    }
}

bool route_beam_init(route_beam *beam, const route_data *data,
                     const uint32_t *near, uint32_t n_near)
{
    const size_t n = data->n_clients;

    memset(beam, 0, sizeof *beam);
    beam->data = data;
    beam->n_next = n - 1 < MOST_NEXT ? (uint32_t)n - 1 : MOST_NEXT;
    beam->next
        = base_alloc_array(data->mem, n * beam->n_next, sizeof *beam->next);
    beam->labels = base_alloc_array(data->mem, (STEPS + 1) * LABELS,
                                    sizeof *beam->labels);
    beam->n_labels
        = base_alloc_array(data->mem, STEPS + 1, sizeof *beam->n_labels);
    beam->least_milli
        = base_alloc_array(data->mem, STEPS + 1, sizeof *beam->least_milli);
    beam->least_at
        = base_alloc_array(data->mem, STEPS + 1, sizeof *beam->least_at);
    beam->seen = base_alloc_zeroed(data->mem, n, sizeof *beam->seen);
    beam->clients = base_alloc_array(data->mem, n, sizeof *beam->clients);
    if (beam->next && beam->labels && beam->n_labels
        && beam->least_milli && beam->least_at && beam->seen
        && beam->clients) {
        find_next(beam, near, n_near);
        copy_clients(beam);
        return true;
    }
    route_beam_clear(beam);
    return false;
}

void route_beam_clear(route_beam *beam)
{
    if (!beam->data)
        return;
    base_free(beam->data->mem, beam->next);
    base_free(beam->data->mem, beam->labels);
    base_free(beam->data->mem, beam->n_labels);
    base_free(beam->data->mem, beam->least_milli);
    base_free(beam->data->mem, beam->least_at);
    base_free(beam->data->mem, beam->seen);
    base_free(beam->data->mem, beam->clients);
    memset(beam, 0, sizeof *beam);
}

/* --- labels --- */

/* One call. */
typedef struct beam_look {
    route_beam *beam;
    const route_vehicle *vehicle;
    const route_beam_view *view;
    int64_t must_milli;
    int64_t travel_milli; /* of a second of travel, all told */
    int32_t step_s;
    uint32_t step;        /* whose labels are looked at */
    uint32_t slot;        /* in which the label ends that is followed */
    int64_t best_milli;   /* of whole routes */
    uint32_t best;        /* its last label */
} beam_look;

static void find_least(route_beam *beam, uint32_t step)
{
    const route_beam_label *labels = beam->labels + (size_t)step * LABELS;
    uint32_t least = 0;

    for (uint32_t i = 1; i < LABELS; i++)
        if (labels[i].score_milli < labels[least].score_milli)
            least = i;
    beam->least_at[step] = least;
    beam->least_milli[step] = labels[least].score_milli;
}

/* Where a label that ends then belongs; above STEPS: nowhere. */
static uint32_t step_of(const beam_look *look, int32_t clock_s)
{
    const uint32_t step
        = (uint32_t)((clock_s - look->vehicle->shift_start_s)
                     / look->step_s);

    return step > look->step ? step : look->step + 1;
}

/* Would the label be among the best of its step, if it had that score? */
static bool is_wanted(const route_beam *beam, uint32_t step,
                      int64_t score_milli)
{
    return step <= STEPS
        && (beam->n_labels[step] < LABELS
            || score_milli > beam->least_milli[step]);
}

static int64_t score_of(const beam_look *look, int64_t value_milli,
                        int32_t clock_s)
{
    return value_milli
        - look->view->second_milli * (clock_s - look->vehicle->shift_start_s);
}

/* Keep it, if it is among the best of its step. */
static void keep(beam_look *look, uint32_t step, route_beam_label *label)
{
    route_beam *beam = look->beam;
    route_beam_label *labels;
    uint32_t n;

    label->score_milli
        = score_of(look, label->value_milli, label->clock_s);
    if (!is_wanted(beam, step, label->score_milli))
        return;
    n = beam->n_labels[step];
    labels = beam->labels + (size_t)step * LABELS;
    for (uint32_t i = 0; i < n; i++)
        if (labels[i].item == label->item
            && labels[i].breaks == label->breaks) {
            if (labels[i].score_milli >= label->score_milli)
                return;
            labels[i] = *label;
            if (n == LABELS && i == beam->least_at[step])
                find_least(beam, step);
            return;
        }
    if (n == LABELS) {
        labels[beam->least_at[step]] = *label;
    } else {
        labels[n] = *label;
        beam->n_labels[step] = ++n;
    }
    if (n == LABELS)
        find_least(beam, step);
}

/* Would a break that was not taken be too late? */
static bool is_late(const route_vehicle *vehicle, uint32_t breaks,
                    int32_t clock_s)
{
    for (uint32_t k = 0; k < vehicle->n_breaks; k++)
        if (!(breaks >> k & 1) && clock_s > vehicle->breaks[k].late_s)
            return true;
    return false;
}

/* When service begins behind the label; later than last_s: not in time. */
static int32_t start_at(const route_data *data, uint32_t c,
                        const route_beam_client *client, int32_t ready_s)
{
    int32_t late_s;

    if (ready_s <= client->late_s)
        return ready_s > client->early_s ? ready_s : client->early_s;
    return data->clients[c].n_windows == 1
        ? ROUTE_NEVER
        : route_first_start(&data->clients[c], ready_s, &late_s);
}

/* The prize of a start after the label's end, as the noise has it. */
static int64_t prize_of(const beam_look *look, uint32_t c, int32_t start_s)
{
    const route_data *data = look->beam->data;
    const int64_t *prizes = route_prizes_of(data, look->vehicle, c);
    uint32_t slot = look->slot;

    if (!prizes)
        return data->clients[c].prize * look->beam->clients[c].noise;
    while (slot + 1 < data->n_slots && data->slot_start_s[slot + 1] <= start_s)
        slot++;
    return prizes[slot] * look->beam->clients[c].noise;
}

/*
 * Most labels lose by what they bring for their time already, before the
 * prices of the way are looked up.
 */
static void add_client(beam_look *look, const route_beam_label *from,
                       uint32_t from_at, uint32_t c)
{
    const route_data *data = look->beam->data;
    const route_vehicle *vehicle = look->vehicle;
    const route_beam_client *client = &look->beam->clients[c];
    const int32_t leg_s
        = route_leg_s(data, vehicle, from->location, client->location);
    route_beam_label label;
    int32_t start_s;
    uint32_t step;

    if (leg_s == GB_ROUTE_UNREACHABLE)
        return;
    start_s = start_at(data, c, client,
                       from->clock_s + leg_s
                           + (client->place != from->place ? client->access_s
                                                           : 0));
    if (start_s > client->last_s)
        return;
    label.clock_s = start_s + client->service_s;
    if (is_late(vehicle, from->breaks, label.clock_s))
        return;
    step = step_of(look, label.clock_s);
    label.value_milli = from->value_milli + prize_of(look, c, start_s)
        + data->clients[c].n_musts * look->must_milli
        - vehicle->cost_per_s_milli * (label.clock_s - from->clock_s)
        - look->travel_milli * leg_s;
    if (!is_wanted(look->beam, step,
                   score_of(look, label.value_milli, label.clock_s)))
        return;
    label.value_milli -= vehicle->cost_per_m_milli
            * route_leg_m(data, vehicle, from->location, client->location)
        + 1000
            * (int64_t)route_leg_cost(data, vehicle, from->location,
                                      client->location);
    label.item = c;
    label.parent = from_at;
    label.location = client->location;
    label.place = client->place;
    label.n_clients = (uint16_t)(from->n_clients + 1);
    label.breaks = from->breaks;
    keep(look, step, &label);
}

static void add_break(beam_look *look, const route_beam_label *from,
                      uint32_t from_at, uint32_t k)
{
    const gb_route_break *b = &look->vehicle->breaks[k];
    route_beam_label label = *from;

    if (b->early_s - from->clock_s > MOST_IDLE_S
        || from->clock_s > b->late_s)
        return;
    if (b->early_s > from->clock_s) {
        if (from->n_clients > 0)
            label.value_milli -= look->vehicle->cost_per_s_milli
                * (b->early_s - from->clock_s);
        label.clock_s = b->early_s;
    }
    label.clock_s += b->length_s;
    label.item = GB_ROUTE_BREAK(k);
    label.parent = from_at;
    label.breaks |= (uint8_t)(1u << k);
    if (!is_late(look->vehicle, label.breaks, label.clock_s))
        keep(look, step_of(look, label.clock_s), &label);
}

/* The route that ends here. */
static void go_home(beam_look *look, const route_beam_label *label,
                    uint32_t at)
{
    const route_data *data = look->beam->data;
    const route_vehicle *vehicle = look->vehicle;
    const int32_t leg_s
        = route_leg_s(data, vehicle, label->location, vehicle->end);
    const int64_t value_milli = label->value_milli
        - (vehicle->cost_per_s_milli + look->travel_milli) * leg_s
        - vehicle->cost_per_m_milli
            * route_leg_m(data, vehicle, label->location, vehicle->end)
        - 1000
            * (int64_t)route_leg_cost(data, vehicle, label->location,
                                      vehicle->end);

    if (label->n_clients == 0 || value_milli <= look->best_milli
        || is_late(vehicle, label->breaks, label->clock_s + leg_s))
        return;
    look->best_milli = value_milli;
    look->best = at;
}

/* Whoever came before this label is not to come again. */
static void mark_seen(route_beam *beam, uint32_t at)
{
    const route_beam_label *label = &beam->labels[at];

    beam->n_seen++;
    while (label->parent != at) {
        if (!route_is_break(label->item))
            beam->seen[label->item] = beam->n_seen;
        at = label->parent;
        label = &beam->labels[at];
    }
}

static void expand(beam_look *look, uint32_t at)
{
    route_beam *beam = look->beam;
    const route_beam_label *label = &beam->labels[at];
    const route_beam_label *last = label;

    look->slot = route_slot_of(beam->data, look->vehicle, label->clock_s);
    go_home(look, label, at);
    for (uint32_t k = 0; k < look->vehicle->n_breaks; k++)
        if (!(label->breaks >> k & 1))
            add_break(look, label, at, k);
    if (label->n_clients >= look->vehicle->max_clients
        || label->n_clients == UINT16_MAX)
        return;
    mark_seen(beam, at);
    while (route_is_break(last->item) && last->n_clients > 0)
        last = &beam->labels[last->parent];
    if (last->n_clients == 0) {
        for (uint32_t c = 0; c < beam->data->n_clients; c++)
            if (beam->clients[c].noise)
                add_client(look, label, at, c);
        return;
    }
    for (uint32_t i = 0; i < beam->n_next; i++) {
        const uint32_t c = beam->next[(size_t)last->item * beam->n_next + i];

        if (beam->clients[c].noise && beam->seen[c] != beam->n_seen)
            add_client(look, label, at, c);
    }
}

/* --- a call --- */

/* The latest start from which the client is left in time to be home. */
static int32_t last_start(const beam_look *look,
                          const route_beam_client *client)
{
    const int32_t home_s = route_leg_s(look->beam->data, look->vehicle,
                                       client->location, look->vehicle->end);

    return home_s == GB_ROUTE_UNREACHABLE
        ? -ROUTE_NEVER
        : look->vehicle->shift_end_s - home_s - client->service_s;
}

/* Who may be had, and as what. */
static void look_round(beam_look *look, const route_plan *plan, uint32_t v,
                       base_rng *rng)
{
    const uint32_t most = look->view->noise_permille;
    uint64_t bits = 0;

    for (uint32_t c = 0; c < look->beam->data->n_clients; c++) {
        route_beam_client *client = &look->beam->clients[c];

        if (c % 4 == 0)
            bits = base_rng_next(rng);
        client->noise = 0;
        if (plan->tour_of[c] == GB_ROUTE_NONE
            && route_may_serve(look->beam->data, v, c)) {
            client->noise
                = (uint16_t)(1000 - most
                             + (2 * most + 1) * (uint32_t)(bits & 0xffff)
                                 / 0x10000);
            client->last_s = last_start(look, client);
        }
        bits >>= 16;
    }
}

uint32_t route_beam_kept(const route_tour *tour)
{
    return route_behind_last(tour->items, tour->n_items) > 0 ? tour->n_items
                                                             : 0;
}

/* The label of what the route has already; false: no time is left behind it. */
static bool begin(beam_look *look, const route_tour *tour)
{
    const uint32_t n_kept = route_beam_kept(tour);
    route_beam *beam = look->beam;
    route_state state = route_walk_begin(look->vehicle);
    route_beam_label *label = beam->labels;

    memset(beam->n_labels, 0, (STEPS + 1) * sizeof *beam->n_labels);
    memset(label, 0, sizeof *label);
    label->item = GB_ROUTE_BREAK(0);
    for (uint32_t i = 0; i < n_kept; i++) {
        if (route_is_break(tour->items[i]))
            label->breaks
                |= (uint8_t)(1u << route_break_of(tour->items[i]));
        else
            label->item = tour->items[i];
    }
    if (n_kept > 0)
        state = tour->states[n_kept];
    label->clock_s = state.clock_s;
    label->location = state.location;
    label->place = state.place;
    label->n_clients = (uint16_t)state.n_clients;
    beam->n_labels[0] = 1;
    return state.clock_s < ROUTE_NEVER && state.n_clients < UINT16_MAX;
}

static uint32_t write_items(const beam_look *look, uint32_t *items)
{
    const route_beam *beam = look->beam;
    const route_beam_label *last = &beam->labels[look->best];
    uint32_t n = 0;

    for (uint32_t at = look->best; at != 0; at = beam->labels[at].parent)
        items[n++] = beam->labels[at].item;
    for (uint32_t i = 0; i < n / 2; i++) {
        const uint32_t item = items[i];

        items[i] = items[n - 1 - i];
        items[n - 1 - i] = item;
    }
    for (uint32_t k = 0; k < look->vehicle->n_breaks; k++)
        if (!(last->breaks >> k & 1))
            items[n++] = GB_ROUTE_BREAK(k);
    return n;
}

uint32_t route_beam_find(route_beam *beam, const route_plan *plan, uint32_t v,
                         const route_beam_view *view, base_rng *rng,
                         uint32_t *items)
{
    const route_vehicle *vehicle = &beam->data->vehicles[v];
    beam_look look = { .beam = beam,
                       .vehicle = vehicle,
                       .view = view,
                       .must_milli = INT64_C(1) << 40,
                       .travel_milli = vehicle->cost_per_travel_s_milli
                           + view->travel_milli,
                       .best_milli = INT64_MIN };

    look.step_s
        = (vehicle->shift_end_s - vehicle->shift_start_s) / STEPS + 1;
    look_round(&look, plan, v, rng);
    if (!begin(&look, &plan->tours[v]))
        return 0;
    for (look.step = 0; look.step <= STEPS; look.step++)
        for (uint32_t i = 0; i < beam->n_labels[look.step]; i++)
            expand(&look, look.step * LABELS + i);
    return look.best_milli == INT64_MIN ? 0 : write_items(&look, items);
}
