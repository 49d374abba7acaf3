/*
 * route_exact.c - see route_exact.h.
 */
#include "route_exact.h"

#include <string.h>

#include "base_check.h"

#define NO_LABEL UINT32_MAX
enum { MILLI = 1000, MOST_ORDERS = 6 };

typedef struct label {
    route_state state;
    uint32_t before;  /* label that it extends */
    uint32_t next;    /* of the same set and last client */
    uint32_t item;
    int64_t base_milli; /* value so far without the cost of time */
} label;

typedef struct maze {
    const route_data *data;
    const route_vehicle *vehicle;
    route_exact *exact;
    const uint32_t *clients;
    uint32_t n, n_bits;          /* clients; clients and breaks */
    uint32_t last;               /* label of the best route */
    uint32_t order[ROUTE_EXACT_BREAKS], n_order; /* breaks behind it */
    uint32_t n_musts;            /* of all clients */
    bool has_best, has_limits;
    uint32_t behind[ROUTE_EXACT_CLIENTS]; /* bits of who comes after it */
    int64_t loss_milli[ROUTE_EXACT_CLIENTS]; /* service and the nearest way */
    int64_t *best_prize;         /* of clients from a slot on */
    bool is_flat[ROUTE_EXACT_CLIENTS]; /* one prize, one window */
    uint32_t *heads;             /* sets x (clients + none) */
    label *labels;
    uint32_t n_labels;
    bool is_full;
} maze;

bool route_exact_suits(const route_data *data, uint32_t v, uint32_t n_clients)
{
    const route_vehicle *vehicle = &data->vehicles[v];

    return n_clients > 0 && n_clients <= ROUTE_EXACT_CLIENTS
           && vehicle->n_breaks <= ROUTE_EXACT_BREAKS && vehicle->n_bands == 0
           && !data->has_release && !data->has_balance;
}

/* ---- bounds ---- */

static int64_t leg_milli(const maze *m, uint32_t from, uint32_t to)
{
    const route_vehicle *v = m->vehicle;
    const int64_t s = route_leg_s(m->data, v, from, to);
    const size_t at = (size_t)from * m->data->n_locations + to;
    int64_t milli
        = (v->cost_per_s_milli + v->cost_per_travel_s_milli) * s
          + v->cost_per_m_milli * route_leg_m(m->data, v, from, to);

    if (v->cost && from != GB_ROUTE_NONE && to != GB_ROUTE_NONE)
        milli += MILLI * (int64_t)v->cost[at];
    return milli;
}

/* What serving a client costs at least, wherever it comes from. */
static int64_t least_loss(const maze *m, uint32_t i)
{
    const route_client *c = &m->data->clients[m->clients[i]];
    int64_t least = leg_milli(m, m->vehicle->start, c->location);

    for (uint32_t j = 0; j < m->n; j++) {
        const uint32_t from = m->data->clients[m->clients[j]].location;
        const int64_t milli = leg_milli(m, from, c->location);

        if (j != i && milli < least)
            least = milli;
    }
    return least + m->vehicle->cost_per_s_milli * c->service_s;
}

static void fill_prizes(maze *m, uint32_t i)
{
    const uint32_t c = m->clients[i], n_slots = m->data->n_slots;
    const int64_t *prizes = route_prizes_of(m->data, m->vehicle, c);
    int64_t *best = m->best_prize + (size_t)i * (n_slots ? n_slots : 1);

    m->is_flat[i] = m->data->clients[c].n_windows == 1;
    if (!prizes || n_slots == 0) {
        best[0] = prizes ? prizes[0] : m->data->clients[c].prize;
        for (uint32_t s = 1; s < n_slots; s++)
            best[s] = best[0];
        return;
    }
    for (uint32_t s = n_slots; s-- > 0;) {
        best[s] = prizes[s];
        if (s + 1 < n_slots && best[s + 1] > best[s])
            best[s] = best[s + 1];
        m->is_flat[i] &= prizes[s] == prizes[0];
    }
}

static void look_at_clients(maze *m)
{
    m->n_musts = m->vehicle->must_use;
    for (uint32_t i = 0; i < m->n; i++) {
        const route_client *c = &m->data->clients[m->clients[i]];

        m->n_musts += c->n_musts;
        m->loss_milli[i] = least_loss(m, i);
        m->behind[i] = 0;
        for (uint32_t j = 0; j < m->n; j++)
            if (m->data->clients[m->clients[j]].after == m->clients[i])
                m->behind[i] |= 1u << j;
        fill_prizes(m, i);
    }
}

/* Seconds on the way, at places and with customers so far. */
static int32_t work_s(const route_state *s)
{
    return s->clock_s - s->base_s - s->idle_s;
}

/* Can routes that begin so be better than what is known? */
static bool is_hopeful(const maze *m, const label *l, uint32_t set)
{
    const uint32_t n_slots = m->data->n_slots;
    const uint32_t slot
        = n_slots ? route_slot_at(m->data, l->state.clock_s) : 0;
    const bool needs_all
        = m->exact->worth.n_musts == m->n_musts && m->n_musts > 0;
    int64_t milli = l->base_milli
                    - m->vehicle->cost_per_s_milli
                          * (work_s(&l->state) - l->state.break_s);

    if (!m->has_best || m->exact->worth.n_musts < m->n_musts)
        return true;
    for (uint32_t i = 0; i < m->n; i++) {
        const route_client *c = &m->data->clients[m->clients[i]];
        int64_t gain;

        if (set >> i & 1)
            continue;
        gain = MILLI * m->best_prize[(size_t)i * (n_slots ? n_slots : 1) + slot]
               - m->loss_milli[i];
        if (gain > 0 || !m->exact->may_drop || (needs_all && c->n_musts > 0))
            milli += gain;
    }
    return milli >= m->exact->worth.value_milli;
}

/* ---- labels ---- */

/* Whatever follows b, behind a it is no worse. */
static bool dominates(const maze *m, const label *a, const label *b,
                      bool is_flat)
{
    const route_state *p = &a->state, *q = &b->state;

    if (p->clock_s > q->clock_s || (!is_flat && p->clock_s < q->clock_s))
        return false;
    if (route_is_break(a->item) && !route_is_break(b->item))
        return false; /* b may end here */
    return a->base_milli >= b->base_milli && p->travel_s <= q->travel_s
           && work_s(p) <= work_s(q) && p->break_s >= q->break_s
           && (int64_t)p->base_s + p->put_off_s
                  >= (int64_t)q->base_s + q->put_off_s
           && (!m->has_limits || p->metres <= q->metres);
}

static void keep(maze *m, uint32_t set, uint32_t last, const label *fresh)
{
    uint32_t *at = &m->heads[(size_t)set * (m->n + 1) + last];
    bool is_flat = true;

    for (uint32_t i = 0; i < m->n; i++)
        is_flat &= (set >> i & 1) || m->is_flat[i];
    for (uint32_t l = *at; l != NO_LABEL; l = m->labels[l].next)
        if (dominates(m, &m->labels[l], fresh, is_flat))
            return;
    for (uint32_t *link = at; *link != NO_LABEL;) {
        if (dominates(m, fresh, &m->labels[*link], is_flat))
            *link = m->labels[*link].next;
        else
            link = &m->labels[*link].next;
    }
    if (m->n_labels == m->exact->most_labels) {
        m->is_full = true;
        return;
    }
    m->labels[m->n_labels] = *fresh;
    m->labels[m->n_labels].next = *at;
    *at = m->n_labels++;
}

static int64_t base_milli(const maze *m, const route_state *s)
{
    return MILLI * (s->prize - s->leg_cost)
           - m->vehicle->cost_per_m_milli * s->metres
           - m->vehicle->cost_per_travel_s_milli * s->travel_s
           - m->vehicle->fixed_milli;
}

static void extend(maze *m, uint32_t set, uint32_t last, uint32_t l,
                   uint32_t bit)
{
    const uint32_t item
        = bit < m->n ? m->clients[bit] : GB_ROUTE_BREAK(bit - m->n);
    label fresh = { .state = m->labels[l].state, .before = l, .item = item };

    m->exact->n_tried++;
    if (bit < m->n && (m->behind[bit] & set))
        return;
    if (!route_walk_item(m->data, m->vehicle, &fresh.state, item)
        || fresh.state.n_clients > m->vehicle->max_clients)
        return;
    fresh.base_milli = base_milli(m, &fresh.state);
    if (is_hopeful(m, &fresh, set | 1u << bit))
        keep(m, set | 1u << bit, bit < m->n ? bit : last, &fresh);
}

/* ---- ends ---- */

static void try_end(maze *m, uint32_t l, const uint32_t *breaks, uint32_t n)
{
    route_end end;

    if (!route_walk_end(m->data, m->vehicle, &m->labels[l].state, breaks, n,
                        &end)
        || (m->has_best
            && route_worth_compare(&end.worth, &m->exact->worth) <= 0))
        return;
    m->has_best = m->exact->is_found = true;
    m->exact->worth = end.worth;
    m->last = l;
    m->n_order = n;
    memcpy(m->order, breaks, n * sizeof *breaks);
}

/* Home from here, with what is left of the breaks in any order. */
static void end_here(maze *m, uint32_t set, uint32_t l)
{
    uint32_t breaks[ROUTE_EXACT_BREAKS], n = 0;
    static const uint8_t orders[MOST_ORDERS][ROUTE_EXACT_BREAKS]
        = { { 0, 1, 2 }, { 1, 0, 2 }, { 0, 2, 1 },
            { 2, 0, 1 }, { 1, 2, 0 }, { 2, 1, 0 } };
    static const uint32_t n_orders[ROUTE_EXACT_BREAKS + 1] = { 1, 1, 2, 6 };

    if (route_is_break(m->labels[l].item)
        || (!m->exact->may_drop
            && m->labels[l].state.n_clients < m->n))
        return;
    for (uint32_t k = 0; k < m->vehicle->n_breaks; k++)
        if (!(set >> (m->n + k) & 1))
            breaks[n++] = GB_ROUTE_BREAK(k);
    for (uint32_t o = 0; o < n_orders[n]; o++) {
        uint32_t turned[ROUTE_EXACT_BREAKS];

        for (uint32_t k = 0; k < n; k++)
            turned[k] = breaks[orders[o][k]];
        try_end(m, l, turned, n);
    }
}

/* ---- the search ---- */

static void walk_sets(maze *m)
{
    const uint32_t n_sets = 1u << m->n_bits;

    for (uint32_t set = 0; set < n_sets && !m->is_full; set++)
        for (uint32_t last = 0; last <= m->n; last++) {
            uint32_t l = m->heads[(size_t)set * (m->n + 1) + last];

            for (; l != NO_LABEL && !m->is_full; l = m->labels[l].next) {
                if (last < m->n)
                    end_here(m, set, l);
                if (!is_hopeful(m, &m->labels[l], set))
                    continue;
                for (uint32_t bit = 0; bit < m->n_bits; bit++)
                    if (!(set >> bit & 1))
                        extend(m, set, last, l, bit);
            }
        }
}

static void read_items(maze *m)
{
    route_exact *exact = m->exact;
    uint32_t n = 0;

    for (uint32_t l = m->last; l != 0; l = m->labels[l].before)
        n++;
    exact->n_items = n + m->n_order;
    memcpy(exact->items + n, m->order, m->n_order * sizeof *m->order);
    for (uint32_t l = m->last; l != 0; l = m->labels[l].before)
        exact->items[--n] = m->labels[l].item;
}

static void begin(maze *m)
{
    label first = { .state = route_walk_begin(m->vehicle), .before = 0,
                    .next = NO_LABEL, .item = GB_ROUTE_BREAK(0) };

    first.base_milli = base_milli(m, &first.state);
    memset(m->heads, 0xff,
           ((size_t)1 << m->n_bits) * (m->n + 1) * sizeof *m->heads);
    m->labels[0] = first;
    m->n_labels = 1;
    m->heads[m->n] = 0;
    look_at_clients(m);
}

/* ---- room ---- */

struct route_exact_room {
    uint32_t *heads;
    label *labels;
    int64_t *best_prize;
};

static void give_room(const route_data *data, struct route_exact_room *room)
{
    base_free(data->mem, room->heads);
    base_free(data->mem, room->labels);
    base_free(data->mem, room->best_prize);
}

/* For so many clients and breaks together, n of them clients. */
static bool take_room(const route_data *data, uint32_t n_bits, uint32_t n,
                      const route_exact *exact,
                      struct route_exact_room *room)
{
    room->heads = base_alloc_array(
        data->mem, ((size_t)1 << n_bits) * (n + 1), sizeof *room->heads);
    room->labels = base_alloc_array(
        data->mem, (size_t)exact->most_labels + 1, sizeof *room->labels);
    room->best_prize = base_alloc_array(
        data->mem, (size_t)n * (data->n_slots ? data->n_slots : 1),
        sizeof *room->best_prize);
    return room->heads && room->labels && room->best_prize;
}

bool route_exact_take_room(const route_data *data, route_exact *exact)
{
    exact->room = base_alloc_zeroed(data->mem, 1, sizeof *exact->room);
    if (exact->room
        && take_room(data, ROUTE_EXACT_ITEMS, ROUTE_EXACT_CLIENTS, exact,
                     exact->room))
        return true;
    route_exact_give_room(data, exact);
    return false;
}

void route_exact_give_room(const route_data *data, route_exact *exact)
{
    if (exact->room)
        give_room(data, exact->room);
    base_free(data->mem, exact->room);
    exact->room = NULL;
}

bool route_exact_solve(const route_data *data, uint32_t v,
                       const uint32_t *clients, uint32_t n,
                       const route_worth *known, route_exact *exact)
{
    maze m = { .data = data, .vehicle = &data->vehicles[v], .exact = exact,
               .clients = clients, .n = n };
    struct route_exact_room own = { NULL, NULL, NULL };
    bool has_memory;

    m.n_bits = n + m.vehicle->n_breaks;
    m.has_best = known != NULL;
    m.has_limits = m.vehicle->max_distance_m != INT64_MAX;
    exact->is_proven = exact->is_found = false;
    exact->n_items = 0;
    exact->n_tried = 0;
    memset(&exact->worth, 0, sizeof exact->worth);
    if (known)
        exact->worth = *known;
    has_memory = exact->room || take_room(data, m.n_bits, n, exact, &own);
    if (exact->room)
        own = *exact->room;
    m.heads = own.heads;
    m.labels = own.labels;
    m.best_prize = own.best_prize;
    if (has_memory) {
        begin(&m);
        walk_sets(&m);
        if (exact->is_found)
            read_items(&m);
        exact->is_proven = !m.is_full;
        exact->n_labels = m.n_labels;
    }
    if (!exact->room)
        give_room(data, &own);
    return has_memory;
}
