/*
 * route_bound_graph.c - see route_bound_graph.h.
 */
#include "route_bound_graph.h"

#include <stdlib.h>
#include <string.h>

/* --- what one kind of vehicle pays and waits for --------------------------- */

typedef struct view {
    const rb_model *m;
    const gb_route_problem *p;
    const gb_route_vehicle *v;
    const gb_route_profile *profile;
    bool is_free; /* nothing costs: only musts count */
} view;

/* The shortest time of the day; GB_ROUTE_UNREACHABLE: no way. */
static int32_t leg_s(const view *w, uint32_t a, uint32_t b)
{
    const gb_route_profile *f = w->profile;
    int64_t s;

    if (a == GB_ROUTE_NONE || b == GB_ROUTE_NONE)
        return 0;
    s = f->seconds[(size_t)a * w->p->n_locations + b];
    for (uint32_t k = 0; k < f->n_bands; k++) {
        const int32_t t
            = f->band_seconds[k][(size_t)a * w->p->n_locations + b];

        if (t < s)
            s = t;
    }
    if (s == GB_ROUTE_UNREACHABLE)
        return GB_ROUTE_UNREACHABLE;
    if (w->v->speed_permille)
        s = (s * 1000 + w->v->speed_permille / 2) / w->v->speed_permille;
    return s < RB_NEVER ? (int32_t)s : GB_ROUTE_UNREACHABLE;
}

static int32_t leg_m(const view *w, uint32_t a, uint32_t b)
{
    if (a == GB_ROUTE_NONE || b == GB_ROUTE_NONE || !w->profile->metres)
        return 0;
    return w->profile->metres[(size_t)a * w->p->n_locations + b];
}

static int64_t leg_cost(const view *w, uint32_t a, uint32_t b, int32_t leg,
                        int32_t access)
{
    int64_t cost;

    if (w->is_free)
        return 0;
    cost = w->v->cost_per_s_milli * ((int64_t)leg + access)
        + w->v->cost_per_travel_s_milli * leg
        + w->v->cost_per_m_milli * leg_m(w, a, b);
    if (a != GB_ROUTE_NONE && b != GB_ROUTE_NONE && w->profile->cost)
        cost += INT64_C(1000)
            * w->profile->cost[(size_t)a * w->p->n_locations + b];
    return cost;
}

static uint32_t place_of(const view *w, uint32_t client)
{
    return w->p->client_place ? w->p->client_place[client] : GB_ROUTE_NONE;
}

/* From a client, or from GB_ROUTE_NONE: the start. */
static int32_t access_s(const view *w, uint32_t from, uint32_t client)
{
    const uint32_t place = place_of(w, client);

    if (place == GB_ROUTE_NONE
        || (from != GB_ROUTE_NONE && place_of(w, from) == place))
        return 0;
    return w->p->place_access_s[place];
}

static int32_t service_s(const view *w, uint32_t client)
{
    return w->p->client_service_s ? w->p->client_service_s[client] : 0;
}

static int64_t prize_milli(const view *w, uint32_t client, uint32_t slot)
{
    const gb_route_problem *p = w->p;
    const size_t n = p->n_slots ? p->n_slots : 1;

    if (w->is_free)
        return 1000 * (int64_t)rb_musts_of(w->m, client);
    if (p->n_prize_kinds)
        return 1000
            * p->client_kind_prize[((size_t)w->v->prize_kind * p->n_clients
                                    + client)
                                       * n
                                   + slot];
    if (p->n_slots)
        return 1000 * p->client_slot_prize[client * n + slot];
    return p->client_prize ? 1000 * p->client_prize[client] : 0;
}

/* --- breaks ---------------------------------------------------------------- */

/* The breaks of a set in one of its two orders. */
static uint32_t in_order(uint32_t set, bool is_turned, uint32_t *order)
{
    uint32_t n = 0;

    for (uint32_t k = 0; k < RB_MOST_BREAKS; k++)
        if ((set >> k) & 1)
            order[n++] = k;
    if (is_turned && n == 2) {
        order[0] = 1;
        order[1] = 0;
    }
    return n;
}

/* When a vehicle that takes these breaks first can leave, and in *last with
 * the breaks in their other order; RB_NEVER: never. */
static int32_t leave_after(const view *w, uint32_t set, int32_t *last)
{
    int32_t best = RB_NEVER;

    *last = -RB_NEVER;

    for (uint32_t turn = 0; turn < 2; turn++) {
        uint32_t order[RB_MOST_BREAKS];
        const uint32_t n = in_order(set, turn, order);
        int32_t clock = w->v->shift_start_s;

        for (uint32_t i = 0; i < n && clock < RB_NEVER; i++) {
            const gb_route_break *b = &w->v->breaks[order[i]];
            const int32_t start = clock > b->early_s ? clock : b->early_s;

            if (b->late_s < w->v->shift_start_s) {
                if (b->late_s + b->length_s > clock)
                    clock = b->late_s + b->length_s;
            } else {
                clock = start > b->late_s ? RB_NEVER : start + b->length_s;
            }
        }
        if (clock < best)
            best = clock;
        if (clock < RB_NEVER && clock > *last)
            *last = clock;
    }
    return best;
}

/* The latest end of the last service, in front of these breaks and a way home
 * of so long: some on the spot, the others at home.  -RB_NEVER: none. */
static int32_t end_before(const view *w, uint32_t set, int32_t leg)
{
    int32_t best = -RB_NEVER;

    for (uint32_t turn = 0; turn < 2; turn++) {
        uint32_t order[RB_MOST_BREAKS];
        const uint32_t n = in_order(set, turn, order);

        for (uint32_t k = 0; k <= n; k++) {
            int32_t limit = w->v->shift_end_s;

            for (uint32_t i = k; i < n; i++)
                if (w->v->breaks[order[i]].late_s < limit)
                    limit = w->v->breaks[order[i]].late_s;
            limit -= leg;
            for (uint32_t i = k; i-- > 0 && limit > -RB_NEVER;) {
                const gb_route_break *b = &w->v->breaks[order[i]];

                limit -= b->length_s;
                if (b->late_s < limit)
                    limit = b->late_s;
                if (limit < b->early_s)
                    limit = -RB_NEVER;
            }
            if (limit > best)
                best = limit;
        }
    }
    return best;
}

static void lay_breaks(rb_graph *g, const view *w)
{
    g->n_breaks
        = w->v->n_breaks < RB_MOST_BREAKS ? w->v->n_breaks : RB_MOST_BREAKS;
    g->n_sets = UINT32_C(1) << g->n_breaks;
    for (uint32_t k = 0; k < g->n_breaks; k++) {
        const gb_route_break *b = &w->v->breaks[k];

        g->sides[RB_FORWARD].breaks[k] = *b;
        g->sides[RB_BACKWARD].breaks[k] = (gb_route_break){
            -(b->late_s + b->length_s), -(b->early_s + b->length_s),
            b->length_s
        };
    }
}

/* --- nodes ----------------------------------------------------------------- */

/* A release delays its own client: at least the shortest leg to it. */
static int32_t release_of(const view *w, uint32_t client)
{
    const uint32_t at = w->p->client_location[client];
    int32_t least;

    if (!w->p->client_release_s)
        return -RB_NEVER;
    least = w->v->start_location == GB_ROUTE_NONE
        ? 0
        : GB_ROUTE_UNREACHABLE;
    for (uint32_t a = 0; a < w->p->n_locations && least > 0; a++) {
        const int32_t s = leg_s(w, a, at);

        if (s < least)
            least = s;
    }
    return w->p->client_release_s[client]
        + (least < RB_NEVER ? least : 0);
}

/* Write the starts that earn the same down; those of a client, by time. */
static uint32_t lay_options(const view *w, uint32_t client, int32_t from,
                            int32_t to, rb_option *out)
{
    static const gb_route_window ANY = { -RB_NEVER, RB_NEVER };
    const gb_route_problem *p = w->p;
    const int64_t off = w->is_free
        ? 0
        : w->v->cost_per_s_milli * service_s(w, client);
    const uint32_t n_slots = p->n_slots ? p->n_slots : 1;
    uint32_t first = 0, last = 0, n = 0;
    int32_t shut = -RB_NEVER; /* when the window before has closed */

    if (p->client_first_window) {
        first = p->client_first_window[client];
        last = p->client_first_window[client + 1];
    }
    for (uint32_t i = first; i == first || i < last; i++) {
        const gb_route_window *window = first < last ? &p->windows[i] : &ANY;

        for (uint32_t s = 0; s < n_slots; s++) {
            rb_option o = { window->early_s, window->late_s, 0,
                            prize_milli(w, client, s) - off };

            if (s > 0 && p->slot_start_s[s] > o.early)
                o.early = p->slot_start_s[s];
            if (s + 1 < n_slots && p->slot_start_s[s + 1] - 1 < o.late)
                o.late = p->slot_start_s[s + 1] - 1;
            if (o.early < from)
                o.early = from;
            if (o.late > to)
                o.late = to;
            if (o.early > o.late)
                continue;
            o.door = o.early == window->early_s || o.early == from ? shut
                                                                   : o.early;
            if (n > 0 && out[n - 1].gain_milli == o.gain_milli
                && out[n - 1].late + 1 == o.early)
                out[n - 1].late = o.late;
            else
                out[n++] = o;
        }
        if (n > 0)
            shut = out[n - 1].late + 1;
    }
    return n;
}

/* Whether a visit can count at all; its begin clocks on both sides. */
static bool begin_node(rb_graph *g, const view *w, uint32_t client,
                       uint32_t node)
{
    const uint32_t at = w->p->client_location[client];
    const int32_t there = leg_s(w, w->v->start_location, at);
    const int32_t back = leg_s(w, at, w->v->end_location);
    rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];

    /* A way there over others may exist where none leads from the start. */
    for (uint32_t s = 0; s < g->n_sets; s++) {
        int32_t last, end = -RB_NEVER;
        const int32_t leave = leave_after(w, s, &last);
        const bool is_way = there < RB_NEVER && leave < RB_NEVER;
        const int32_t ahead
            = is_way ? there + access_s(w, GB_ROUTE_NONE, client) : 0;

        f->begin[s][node] = is_way ? leave + ahead : RB_NEVER;
        f->begin_last[s][node] = is_way ? last + ahead : RB_NEVER;
        if (back < RB_NEVER)
            end = end_before(w, s, back);
        b->begin[s][node]
            = end <= -RB_NEVER ? RB_NEVER : service_s(w, client) - end;
    }
    f->begin_cost[node] = there >= RB_NEVER
        ? 0
        : leg_cost(w, w->v->start_location, at, there,
                   access_s(w, GB_ROUTE_NONE, client))
            + (w->is_free ? 0 : 1000 * w->v->fixed_cost);
    b->begin_cost[node] = back >= RB_NEVER
        ? 0
        : leg_cost(w, at, w->v->end_location, back, 0);
    return true;
}

static void lay_nodes(rb_graph *g, const view *w)
{
    const rb_model *m = w->m;
    rb_side *f = &g->sides[RB_FORWARD];
    uint32_t n_options = 0;

    g->n = 0;
    for (uint32_t u = 0; u < m->n_customers; u++) {
        const uint32_t client = m->customers[u].client;
        int32_t from = w->v->shift_start_s;
        const int32_t release = release_of(w, client);
        uint32_t n;

        g->node_of[u] = GB_ROUTE_NONE;
        if (!rb_serves(m, g->kind, client)
            || !begin_node(g, w, client, g->n))
            continue;
        if (release > from)
            from = release;
        n = lay_options(w, client, from,
                        w->v->shift_end_s - service_s(w, client),
                        f->options + n_options);
        if (n == 0)
            continue;
        g->customer[g->n] = u;
        g->node_of[u] = g->n;
        g->service[g->n] = service_s(w, client);
        f->first_option[g->n++] = n_options;
        n_options += n;
    }
    f->first_option[g->n] = n_options;
}

static void lay_arcs(rb_graph *g, const view *w)
{
    const size_t n = g->n;
    rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const uint32_t from = w->m->customers[g->customer[i]].client;
            const uint32_t to = w->m->customers[g->customer[j]].client;
            const uint32_t x = w->p->client_location[from];
            const uint32_t y = w->p->client_location[to];
            const int32_t leg = leg_s(w, x, y);
            const int32_t access = access_s(w, from, to);
            const bool is_arc = i != j && leg < RB_NEVER;

            f->ahead[i * n + j] = b->ahead[j * n + i]
                = is_arc ? g->service[i] + leg + access : RB_NEVER;
            f->cost[i * n + j] = b->cost[j * n + i]
                = is_arc ? leg_cost(w, x, y, leg, access) : 0;
        }
}

/* --- limits ---------------------------------------------------------------- */

typedef enum measure {
    MEASURE_LOAD,
    MEASURE_COUNT,
    MEASURE_DISTANCE,
    MEASURE_TRAVEL,
    MEASURE_BUSY
} measure;

/* Of an arc alone; GB_ROUTE_NONE stands for start or end. */
static int64_t arc_use(const view *w, measure what, uint32_t from,
                       uint32_t to)
{
    const gb_route_problem *p = w->p;
    const uint32_t x = from == GB_ROUTE_NONE ? w->v->start_location
                                             : p->client_location[from];
    const uint32_t y = to == GB_ROUTE_NONE ? w->v->end_location
                                           : p->client_location[to];
    int64_t s;

    if (what == MEASURE_LOAD || what == MEASURE_COUNT)
        return 0;
    if (what == MEASURE_DISTANCE)
        return leg_m(w, x, y);
    s = leg_s(w, x, y);
    if (what == MEASURE_BUSY && to != GB_ROUTE_NONE)
        s += access_s(w, from, to);
    return s;
}

static int64_t node_use(const view *w, measure what, uint32_t load,
                        uint32_t client)
{
    if (what == MEASURE_LOAD)
        return w->p->client_load
            ? w->p->client_load[(size_t)client * w->p->n_loads + load]
            : 0;
    if (what == MEASURE_COUNT)
        return 1;
    return what == MEASURE_BUSY ? service_s(w, client) : 0;
}

/* Sums of quotients rounded down stay below the quotient of the sum. */
static int32_t scaled(int64_t use, int64_t unit)
{
    use /= unit;
    return use < RB_NEVER / 2 ? (int32_t)use : RB_NEVER / 2;
}

static void add_limit(rb_graph *g, const view *w, measure what, uint32_t load,
                      int64_t limit)
{
    const int64_t unit = limit / (RB_NEVER / 4) + 1;
    const size_t n = g->n;
    const uint32_t r = g->n_limits;

    if (r == RB_MOST_LIMITS) {
        g->drops_limits = true;
        return;
    }
    g->n_limits++;
    g->limits[r] = (int32_t)(limit / unit);
    for (size_t i = 0; i < n; i++) {
        const uint32_t c = w->m->customers[g->customer[i]].client;

        g->node_use[r][i] = scaled(node_use(w, what, load, c), unit);
        g->sides[RB_FORWARD].begin_use[r][i]
            = scaled(arc_use(w, what, GB_ROUTE_NONE, c), unit)
            + g->node_use[r][i];
        g->sides[RB_BACKWARD].begin_use[r][i]
            = scaled(arc_use(w, what, c, GB_ROUTE_NONE), unit)
            + g->node_use[r][i];
        for (size_t j = 0; j < n; j++) {
            const uint32_t d = w->m->customers[g->customer[j]].client;
            const int32_t use
                = i == j ? 0 : scaled(arc_use(w, what, c, d), unit);

            g->sides[RB_FORWARD].use[r][i * n + j] = use;
            g->sides[RB_BACKWARD].use[r][j * n + i] = use;
        }
    }
}

static void lay_limits(rb_graph *g, const view *w)
{
    const int64_t span
        = (int64_t)w->v->shift_end_s - w->v->shift_start_s;

    g->n_limits = 0;
    for (uint32_t l = 0; w->v->capacity && l < w->p->n_loads; l++) {
        int64_t sum = 0;

        for (uint32_t i = 0; i < g->n && sum <= w->v->capacity[l]; i++)
            sum += node_use(w, MEASURE_LOAD, l,
                            w->m->customers[g->customer[i]].client);
        if (sum > w->v->capacity[l])
            add_limit(g, w, MEASURE_LOAD, l, w->v->capacity[l]);
    }
    if (w->v->max_clients && w->v->max_clients < g->n)
        add_limit(g, w, MEASURE_COUNT, 0, w->v->max_clients);
    if (w->v->max_distance_m)
        add_limit(g, w, MEASURE_DISTANCE, 0, w->v->max_distance_m);
    if (w->v->max_travel_s && w->v->max_travel_s < span)
        add_limit(g, w, MEASURE_TRAVEL, 0, w->v->max_travel_s);
    if (w->v->max_duration_s && w->v->max_duration_s < span)
        add_limit(g, w, MEASURE_BUSY, 0, w->v->max_duration_s);
}

/* --- the clock ------------------------------------------------------------- */

/* Whether no route, however long, comes near the end of its time. */
static bool time_is_free(const rb_graph *g, const view *w)
{
    const rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];
    int64_t latest = w->v->shift_start_s, sum = 0;

    if (g->n_breaks > 0)
        return false;
    for (uint32_t i = 0; i < g->n; i++) {
        const rb_option *o = &f->options[f->first_option[i]];
        int32_t most = 0;

        if (f->first_option[i + 1] - f->first_option[i] != 1
            || o->early > w->v->shift_start_s
            || o->late < w->v->shift_end_s - g->service[i])
            return false;
        for (uint32_t j = 0; j < g->n; j++) {
            const int32_t ahead = f->ahead[(size_t)i * g->n + j];

            if (ahead < RB_NEVER && ahead > most)
                most = ahead;
        }
        sum += most;
        if (f->begin[0][i] < RB_NEVER && f->begin[0][i] > latest)
            latest = f->begin[0][i];
    }
    for (uint32_t i = 0; i < g->n; i++)
        if (b->begin[0][i] < RB_NEVER
            && latest + sum > -(int64_t)b->begin[0][i])
            return false;
    return true;
}

/* Let the limit that the fewest stops fill be the clock. */
static void clock_by_limit(rb_graph *g)
{
    uint32_t best = 0;
    double tightest = 0;
    const size_t n = g->n;

    for (uint32_t r = 0; r < g->n_limits; r++) {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += (double)g->sides[RB_FORWARD].begin_use[r][i];
        if (sum / ((double)g->limits[r] + 1) > tightest) {
            tightest = sum / ((double)g->limits[r] + 1);
            best = r;
        }
    }
    for (size_t i = 0; i < n; i++) {
        rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];

        if (f->begin[0][i] < RB_NEVER)
            f->begin[0][i] = f->begin_use[best][i];
        if (b->begin[0][i] < RB_NEVER)
            b->begin[0][i] = b->begin_use[best][i] - g->node_use[best][i]
                - g->limits[best];
        f->options[f->first_option[i]].early = 0;
        f->options[f->first_option[i]].door = 0;
        f->options[f->first_option[i]].late = g->limits[best];
        for (size_t j = 0; j < n; j++)
            if (f->ahead[i * n + j] < RB_NEVER)
                f->ahead[i * n + j] = b->ahead[j * n + i]
                    = f->use[best][i * n + j] + g->node_use[best][j];
        g->service[i] = 0;
    }
    g->from = 0;
    g->to = g->limits[best];
    g->is_load = true;
    /* The clock keeps it: it is no further limit. */
    g->n_limits--;
    for (uint32_t d = 0; d < 2; d++) {
        rb_side *s = &g->sides[d];
        int32_t *use = s->use[best], *begin = s->begin_use[best];

        s->use[best] = s->use[g->n_limits];
        s->use[g->n_limits] = use;
        s->begin_use[best] = s->begin_use[g->n_limits];
        s->begin_use[g->n_limits] = begin;
    }
    {
        int32_t *node = g->node_use[best];

        g->node_use[best] = g->node_use[g->n_limits];
        g->node_use[g->n_limits] = node;
        g->limits[best] = g->limits[g->n_limits];
    }
}

/* The last clock at which a client is worth more than it was before. */
static int32_t find_last_jump(const rb_graph *g)
{
    const rb_side *f = &g->sides[RB_FORWARD];
    int32_t jump = -RB_NEVER;

    for (uint32_t i = 0; i < g->n; i++) {
        int64_t least = INT64_MAX;

        for (uint32_t o = f->first_option[i]; o < f->first_option[i + 1];
             o++) {
            if (f->options[o].gain_milli <= least)
                least = f->options[o].gain_milli;
            else if (f->options[o].early > jump)
                jump = f->options[o].early;
        }
    }
    return jump;
}

static void mirror_options(rb_graph *g)
{
    const rb_side *f = &g->sides[RB_FORWARD];
    rb_side *b = &g->sides[RB_BACKWARD];

    for (uint32_t i = 0; i <= g->n; i++)
        b->first_option[i] = f->first_option[i];
    for (uint32_t i = 0; i < g->n; i++) {
        const uint32_t first = f->first_option[i];
        const uint32_t last = f->first_option[i + 1];

        for (uint32_t o = first; o < last; o++) {
            const rb_option *from = &f->options[last - 1 - (o - first)];

            b->options[o] = (rb_option){ -from->late, -from->early, 0,
                                         from->gain_milli };
        }
    }
}

static void find_most_step(rb_graph *g)
{
    const rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];
    int64_t most = 0, arc = 0;

    for (uint32_t o = 0; o < f->first_option[g->n]; o++) {
        const int64_t gain = llabs((long long)f->options[o].gain_milli);

        if (gain > most)
            most = gain;
    }
    for (size_t i = 0; i < (size_t)g->n * g->n; i++)
        if (f->cost[i] > arc)
            arc = f->cost[i];
    for (uint32_t i = 0; i < g->n; i++) {
        if (f->begin_cost[i] > arc)
            arc = f->begin_cost[i];
        if (b->begin_cost[i] > arc)
            arc = b->begin_cost[i];
    }
    g->most_step = most + arc;
}

void rb_graph_build(rb_graph *g, uint32_t kind)
{
    const rb_model *m = g->model;
    const gb_route_vehicle *v = &m->vehicles[m->kinds[kind].vehicle];
    const view w = { m, &m->problem, v, &m->problem.profiles[v->profile],
                     m->counts_musts };

    g->kind = kind;
    g->from = v->shift_start_s;
    g->to = v->shift_end_s;
    g->is_load = false;
    lay_breaks(g, &w);
    lay_nodes(g, &w);
    lay_arcs(g, &w);
    lay_limits(g, &w);
    if (g->n > 0 && g->n_limits == 0 && time_is_free(g, &w))
        add_limit(g, &w, MEASURE_COUNT, 0, g->n);
    if (g->n > 0 && g->n_limits > 0 && time_is_free(g, &w))
        clock_by_limit(g);
    mirror_options(g);
    g->last_jump = find_last_jump(g);
    g->is_loose = g->is_load || v->n_breaks > RB_MOST_BREAKS
        || m->problem.client_release_s
        || w.profile->n_bands || g->last_jump == -RB_NEVER;
    find_most_step(g);
}

static int32_t ready(const rb_graph *g, uint32_t side, uint32_t i,
                     int32_t clock, uint32_t breaks, bool is_turned,
                     uint32_t j, bool is_latest)
{
    const rb_side *s = &g->sides[side];
    const int32_t ahead = s->ahead[(size_t)i * g->n + j];
    uint32_t order[RB_MOST_BREAKS];
    const uint32_t n = in_order(breaks, is_turned, order);
    int32_t before, now;

    if (ahead >= RB_NEVER)
        return RB_NEVER;
    if (breaks == 0)
        return clock + ahead;
    before = side == RB_FORWARD ? g->service[i] : ahead - g->service[j];
    now = clock + before;
    for (uint32_t k = 0; k < n && now < RB_NEVER; k++) {
        const gb_route_break *b = &s->breaks[order[k]];

        if (now < b->early_s)
            now = b->early_s;
        if (is_latest && now > b->late_s)
            now = b->late_s;
        now = now > b->late_s ? RB_NEVER : now + b->length_s;
    }
    return now < RB_NEVER ? now + ahead - before : RB_NEVER;
}

int32_t rb_graph_ready_in(const rb_graph *g, uint32_t side, uint32_t i,
                          int32_t clock, uint32_t breaks, bool is_turned,
                          uint32_t j)
{
    return ready(g, side, i, clock, breaks, is_turned, j, false);
}

int32_t rb_graph_ready_latest(const rb_graph *g, uint32_t side, uint32_t i,
                              int32_t clock, uint32_t breaks, bool is_turned,
                              uint32_t j)
{
    return ready(g, side, i, clock, breaks, is_turned, j, true);
}

int32_t rb_graph_ready(const rb_graph *g, uint32_t side, uint32_t i,
                       int32_t clock, uint32_t breaks, uint32_t j)
{
    const int32_t one
        = rb_graph_ready_in(g, side, i, clock, breaks, false, j);
    const int32_t other = rb_has_turns(breaks)
        ? rb_graph_ready_in(g, side, i, clock, breaks, true, j)
        : one;

    return one < other ? one : other;
}

/* --- memory ---------------------------------------------------------------- */

static bool allot_side(rb_graph *g, rb_side *s, size_t n, size_t n_options)
{
    base_mem *mem = g->mem;
    bool ok;

    s->ahead = base_alloc_array(mem, n * n, sizeof *s->ahead);
    s->cost = base_alloc_array(mem, n * n, sizeof *s->cost);
    s->options = base_alloc_array(mem, n_options, sizeof *s->options);
    s->first_option = base_alloc_array(mem, n + 1, sizeof *s->first_option);
    s->begin_cost = base_alloc_array(mem, n, sizeof *s->begin_cost);
    ok = s->ahead && s->cost && s->options && s->first_option
        && s->begin_cost;
    for (uint32_t k = 0; k < RB_MOST_SETS && ok; k++) {
        s->begin[k] = base_alloc_array(mem, n, sizeof **s->begin);
        s->begin_last[k] = base_alloc_array(mem, n, sizeof **s->begin_last);
        ok = s->begin[k] && s->begin_last[k];
    }
    for (uint32_t r = 0; r < RB_MOST_LIMITS && ok; r++) {
        s->begin_use[r] = base_alloc_array(mem, n, sizeof **s->begin_use);
        s->use[r] = base_alloc_array(mem, n * n, sizeof **s->use);
        ok = s->begin_use[r] && s->use[r];
    }
    return ok;
}

gb_status rb_graph_init(gb_context *ctx, const rb_model *m, rb_graph *g)
{
    const size_t n = m->n_customers;
    const gb_route_problem *p = &m->problem;
    const size_t n_slots = p->n_slots ? p->n_slots : 1;
    size_t n_options = n * n_slots;
    bool ok;

    memset(g, 0, sizeof *g);
    g->mem = m->mem;
    g->model = m;
    if (p->client_first_window)
        n_options
            += p->client_first_window[p->n_clients] * n_slots;
    g->customer = base_alloc_array(g->mem, n, sizeof *g->customer);
    g->node_of = base_alloc_array(g->mem, n, sizeof *g->node_of);
    g->service = base_alloc_array(g->mem, n, sizeof *g->service);
    ok = g->customer && g->node_of && g->service;
    for (uint32_t r = 0; r < RB_MOST_LIMITS && ok; r++) {
        g->node_use[r] = base_alloc_array(g->mem, n, sizeof **g->node_use);
        ok = g->node_use[r] != NULL;
    }
    for (uint32_t d = 0; d < 2 && ok; d++)
        ok = allot_side(g, &g->sides[d], n, n_options);
    if (ok)
        return GB_OK;
    rb_graph_clear(g);
    return base_fail_nomem(ctx);
}

void rb_graph_clear(rb_graph *g)
{
    for (uint32_t d = 0; d < 2; d++) {
        rb_side *s = &g->sides[d];

        base_free(g->mem, s->ahead);
        base_free(g->mem, s->cost);
        base_free(g->mem, s->options);
        base_free(g->mem, s->first_option);
        base_free(g->mem, s->begin_cost);
        for (uint32_t k = 0; k < RB_MOST_SETS; k++) {
            base_free(g->mem, s->begin[k]);
            base_free(g->mem, s->begin_last[k]);
        }
        for (uint32_t r = 0; r < RB_MOST_LIMITS; r++) {
            base_free(g->mem, s->begin_use[r]);
            base_free(g->mem, s->use[r]);
        }
    }
    for (uint32_t r = 0; r < RB_MOST_LIMITS; r++)
        base_free(g->mem, g->node_use[r]);
    base_free(g->mem, g->customer);
    base_free(g->mem, g->node_of);
    base_free(g->mem, g->service);
    memset(g, 0, sizeof *g);
}
