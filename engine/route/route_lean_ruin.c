/*
 * route_lean_ruin.c - what an iteration does to the plan; see route_lean.h.
 */
#include "route_lean.h"

#include "base_check.h"

/*
 * As in the paper: ten clients are taken out on average, no string is longer
 * than ten.  Half of the strings leave a gap of some clients within.
 */
static const double MEAN_OUT = 10, LONGEST_STRING = 10;
/* Fewer where only prizes count: chosen on the bank's day and ten like it. */
static const double FLAT_MEAN_OUT = 7, FLAT_LONGEST_STRING = 6;
enum {
    MOST_ROUTES = 32,
    MOST_OFFERS = 400, /* of an iteration */
    ALL_OFFERS = 10,   /* so few that are out are all offered */
    NEAR_OFFERS = 3,   /* beside each client that was taken out */
    NEAR_TAILS = 20,
    DETOUR_OFFERS = 16, /* around whoever it is made for */
    SCATTER_OF_256 = 16,
    DEPOTS_SCATTER_OF_256 = 100, /* with windows and several depots */
    WHOLE_OF_256 = 12 /* where there are windows: a route goes entirely */
};

/* 512 of them add up. */
static const int64_t ANY_PRICE = INT64_MAX / 512;

static uint32_t below(route_lean *s, uint32_t bound)
{
    return (uint32_t)base_rng_below(&s->rng, bound);
}

/* --- ruin --- */

/* The other visits of those that went out go as well. */
static void complete_bundles(route_lean *s)
{
    const route_data *data = s->model->data;

    for (uint32_t i = 0; i < s->n_changed; i++) {
        const uint32_t bundle = data->clients[s->changed[i]].bundle;

        if (bundle == GB_ROUTE_NONE)
            continue;
        for (uint32_t k = data->first_member[bundle];
             k < data->first_member[bundle + 1]; k++) {
            const uint32_t c = data->members[k];

            if (s->nodes[c].route != GB_ROUTE_NONE)
                route_lean_unlink(s, c, c);
        }
    }
}

/* A string of `n` clients with c in it, of which `kept` within stay. */
static void take_string(route_lean *s, uint32_t c, uint32_t n, uint32_t kept)
{
    const route_lean_node *nodes = s->nodes;
    const uint32_t n_clients = s->model->n_clients, total = n + kept;
    uint32_t before = below(s, total), first = c, last, count = 1, cut;

    while (before > 0 && nodes[first].prev < n_clients) {
        first = nodes[first].prev;
        before--;
    }
    for (last = first; count < total && nodes[last].next < n_clients; count++)
        last = nodes[last].next;
    for (; count < total && nodes[first].prev < n_clients; count++)
        first = nodes[first].prev;
    if (!kept) {
        route_lean_unlink(s, first, last);
        return;
    }
    cut = 1 + below(s, n - 1);
    {
        uint32_t a = first, b;

        for (uint32_t i = 1; i < cut; i++)
            a = nodes[a].next;
        b = nodes[a].next;
        for (uint32_t i = 0; i < kept; i++)
            b = nodes[b].next;
        route_lean_unlink(s, b, last);
        /* What lies before may have gone with it. */
        if (nodes[a].route != GB_ROUTE_NONE
            && nodes[first].route != GB_ROUTE_NONE)
            route_lean_unlink(s, first, a);
    }
}

static void ruin_route(route_lean *s, uint32_t c, double longest)
{
    const uint32_t n = s->routes[s->nodes[c].route].n_clients;
    const double most = n < longest ? n : longest;
    uint32_t length = (uint32_t)(base_rng_unit(&s->rng) * most + 1);
    uint32_t kept = 0;

    if (length > n)
        length = n;
    if (length > 1 && length < n && below(s, 2)) {
        kept = 1;
        while (length + kept < n && below(s, 2))
            kept++;
    }
    take_string(s, c, length, kept);
}

/* Some of those near the seed, whatever route they are on. */
static void scatter(route_lean *s, uint32_t seed)
{
    const route_lean_model *m = s->model;
    uint32_t n = 1 + below(s, 2 * (uint32_t)MEAN_OUT);

    if (s->nodes[seed].route != GB_ROUTE_NONE)
        route_lean_unlink(s, seed, seed);
    for (uint32_t i = m->first_near[seed]; i < m->first_near[seed + 1] && n > 0;
         i++) {
        const uint32_t c = m->near[i].client;

        if (s->nodes[c].route == GB_ROUTE_NONE || below(s, 2))
            continue;
        route_lean_unlink(s, c, c);
        n--;
    }
}

/*
 * Is the seed's route to go as a whole?  Its string alone leaves a stump, for
 * which the vehicle must set out all the same; where windows scatter what lies
 * together over many routes, those are hardly ever closed one by one.
 */
static bool draws_whole(route_lean *s)
{
    return route_lean_is_timed(s) && below(s, 256) < WHOLE_OF_256;
}

static void take_strings(route_lean *s, uint32_t seed)
{
    const route_lean_model *m = s->model;
    const bool is_whole = draws_whole(s);
    const uint32_t n_in = m->n_clients - s->n_out;
    const double mean_out = s->extra ? FLAT_MEAN_OUT : MEAN_OUT;
    double longest = s->n_used ? (double)n_in / s->n_used : 1;
    uint32_t ruined[MOST_ROUTES], n_ruined = 0, n_wanted;

    if (longest > (s->extra ? FLAT_LONGEST_STRING : LONGEST_STRING))
        longest = s->extra ? FLAT_LONGEST_STRING : LONGEST_STRING;
    n_wanted = (uint32_t)(base_rng_unit(&s->rng)
                              * (4 * mean_out / (1 + longest) - 1)
                          + 1);
    if (n_wanted > MOST_ROUTES)
        n_wanted = MOST_ROUTES;
    for (uint32_t i = m->first_near[seed];
         i <= m->first_near[seed + 1] && n_ruined < n_wanted; i++) {
        /* The seed itself comes first. */
        const uint32_t c
            = i == m->first_near[seed] ? seed : m->near[i - 1].client;
        const uint32_t r = s->nodes[c].route;
        uint32_t k = 0;

        if (r == GB_ROUTE_NONE)
            continue;
        while (k < n_ruined && ruined[k] != r)
            k++;
        if (k < n_ruined)
            continue;
        if (is_whole && n_ruined == 0)
            route_lean_unlink(s, s->nodes[route_lean_start(m, r)].next,
                              s->nodes[route_lean_end(m, r)].prev);
        else
            ruin_route(s, c, longest);
        ruined[n_ruined++] = r;
    }
}

/*
 * Between depots, near clients are on routes that leave in all directions: a
 * string of each moves few of them.  MDVRPTW, all 14, seeds 1 to 4, a search
 * of 1,000,000 iterations: 100 of 256 are better than 16 by .21 % of the best
 * known (standard error .06) at a tenth more time, 160 by .22 (.06) at a fifth
 * more, none worse by .22 (.07).  With one depot more is no better: 64 are
 * worse by .24 % (.10), 32 no different (Gehring-Homberger, the 36 of 400 and
 * 600 clients, 500,000 iterations).
 */
static uint32_t scatter_of_256(const route_lean *s)
{
    return route_lean_is_timed(s) && s->model->has_depots
        ? DEPOTS_SCATTER_OF_256
        : SCATTER_OF_256;
}

void route_lean_ruin(route_lean *s, uint32_t seed)
{
    if (below(s, 256) < scatter_of_256(s))
        scatter(s, seed);
    else
        take_strings(s, seed);
    if (s->model->has_bundles)
        complete_bundles(s);
}

/* --- recreation --- */

typedef enum offer_order {
    BY_CHANCE,
    BY_LOAD,
    FAR_FIRST,
    NEAR_FIRST,
    NARROW_FIRST,
    EARLY_FIRST,
    LATE_FIRST,
    DEAR_FIRST,
    DENSE_FIRST
} offer_order;

/* How often of 32, without and with windows, without and with prizes. */
static const uint8_t weights[2][2][9] = {
    { { 12, 12, 5, 3, 0, 0, 0, 0, 0 }, { 8, 3, 2, 3, 0, 0, 0, 8, 8 } },
    { { 8, 8, 4, 2, 4, 3, 3, 0, 0 }, { 7, 2, 2, 2, 3, 2, 2, 6, 6 } }
};

static offer_order draw_order(route_lean *s)
{
    const uint8_t *weight
        = weights[s->model->has_time][s->model->has_prizes];
    uint32_t at = below(s, 32), kind = 0;

    while (at >= weight[kind])
        at -= weight[kind++];
    return (offer_order)kind;
}

/* The smallest is offered first; below 2^32. */
static uint64_t rank_of(route_lean *s, uint32_t c, offer_order order)
{
    const route_lean_node *node = &s->nodes[c];
    const route_client *client = &s->model->data->clients[c];
    double dear;

    switch (order) {
    case BY_CHANCE: break;
    case BY_LOAD:
        return node->load > UINT32_MAX ? 0
                                       : UINT32_MAX - (uint64_t)node->load;
    case FAR_FIRST:
        return (uint64_t)(INT32_MAX - s->model->from_depot[c]);
    case NEAR_FIRST: return (uint64_t)s->model->from_depot[c];
    case NARROW_FIRST: return (uint64_t)((int64_t)node->late_s
                                         - node->early_s);
    case EARLY_FIRST:
        return (uint64_t)((int64_t)node->early_s + INT32_MAX);
    case LATE_FIRST: return (uint64_t)(INT32_MAX - (int64_t)node->late_s);
    case DEAR_FIRST:
    case DENSE_FIRST:
        if (node->n_musts)
            return 0;
        dear = (double)client->prize
            * (0.7 + 0.6 * base_rng_unit(&s->rng));
        if (order == DENSE_FIRST)
            dear = dear / (node->service_s + s->mean_leg_s + 1);
        return dear >= 1e9 ? 0
            : order == DENSE_FIRST
            ? (uint64_t)(4e9 / (1 + dear))
            : (uint64_t)(4e9 - 4 * dear);
    }
    return base_rng_next(&s->rng) >> 32;
}

/* Shell's sort: some dozen offers, and qsort() would ask for memory. */
static void sort_offers(uint64_t *offers, uint32_t n)
{
    static const uint32_t steps[] = { 301, 132, 57, 23, 10, 4, 1 };

    for (size_t s = 0; s < COUNT_OF(steps); s++)
        for (uint32_t i = steps[s]; i < n; i++) {
            const uint64_t next = offers[i];
            uint32_t k = i;

            for (; k >= steps[s] && offers[k - steps[s]] > next; k -= steps[s])
                offers[k] = offers[k - steps[s]];
            offers[k] = next;
        }
}

/* Who is offered: all that are out, or those near what was taken out. */
static uint32_t gather(route_lean *s, uint32_t seed)
{
    const route_lean_model *m = s->model;
    uint32_t n = 0, n_taken;

    if (s->n_out <= ALL_OFFERS
        || (s->n_out <= MOST_OFFERS && below(s, 8) == 0)) {
        for (uint32_t i = 0; i < s->n_out; i++)
            s->pool[n++] = s->out[i];
        return n;
    }
    n_taken = s->n_changed;
    for (uint32_t i = 0; i <= n_taken; i++) {
        const uint32_t from = i < n_taken ? s->changed[i] : seed;
        uint32_t end = m->first_near[from] + NEAR_OFFERS;

        if (i < n_taken)
            s->pool[n++] = from;
        if (end > m->first_near[from + 1])
            end = m->first_near[from + 1];
        for (uint32_t k = m->first_near[from]; k < end; k++) {
            const uint32_t c = m->near[k].client;

            if (s->nodes[c].route != GB_ROUTE_NONE || s->change[c]
                || n >= MOST_OFFERS - n_taken)
                continue;
            s->change[c] = 2; /* so that it comes once */
            s->changed[s->n_changed++] = c;
            s->pool[n++] = c;
        }
    }
    return n;
}

/*
 * Those that are out, the near ones of the near ones first, into the pool
 * behind its first n, until there are so many.
 */
static uint32_t gather_around(route_lean *s, uint32_t seed, uint32_t n,
                              uint32_t most)
{
    const route_lean_model *m = s->model;
    uint32_t i = n;

    s->pool[n++] = seed;
    if (!s->change[seed]) {
        s->change[seed] = 2;
        s->changed[s->n_changed++] = seed;
    }
    for (; i < n && n < most; i++)
        for (uint32_t k = m->first_near[s->pool[i]];
             k < m->first_near[s->pool[i] + 1] && n < most; k++) {
            const uint32_t c = m->near[k].client;

            if (s->nodes[c].route != GB_ROUTE_NONE || s->change[c])
                continue;
            s->change[c] = 2;
            s->changed[s->n_changed++] = c;
            s->pool[n++] = c;
        }
    return n;
}

/*
 * Insert those of the queue, who are worth so much together.  If all that are
 * left came in for nothing and the plan would still not stand, they need not
 * be looked at; nor need gaps that are too dear for it.  Most iterations end
 * here before everybody is in.
 */
static void offer_musts(route_lean *s, uint32_t n, int64_t worth)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t c = (uint32_t)s->queue[i];
        const int64_t left = s->most_cost - s->cost + worth;

        if (left < 0)
            return;
        (void)route_lean_insert_must(s, c, left + 1);
        worth -= s->nodes[c].worth;
    }
}

/* Of a bundle its first visit stands for all. */
static bool is_first_visit(const route_data *data, uint32_t c)
{
    const uint32_t bundle = data->clients[c].bundle;

    return bundle == GB_ROUTE_NONE
        || data->members[data->first_member[bundle]] == c;
}

/* Insert those of the pool that are out, where it pays. */
static void offer(route_lean *s, uint32_t n)
{
    const route_data *data = s->model->data;
    const offer_order order = draw_order(s);
    const uint32_t skip = s->model->has_prizes ? below(s, 3) * 8 : 0;
    uint32_t n_offers = 0;
    int64_t worth = 0;

    for (uint32_t i = 0; i < n; i++) {
        const uint32_t c = s->pool[i];

        if (s->nodes[c].route != GB_ROUTE_NONE
            || (s->model->has_bundles && !is_first_visit(data, c))
            || (skip && !s->nodes[c].n_musts && below(s, 256) < skip))
            continue;
        s->queue[n_offers++] = rank_of(s, c, order) << 32 | c;
        worth += s->nodes[c].worth;
    }
    sort_offers(s->queue, n_offers);
    if (!s->model->has_prizes && !s->model->has_bundles) {
        offer_musts(s, n_offers, worth);
        return;
    }
    for (uint32_t i = 0; i < n_offers; i++)
        (void)route_lean_insert(s, (uint32_t)s->queue[i], false);
}

void route_lean_grow(route_lean *s, uint32_t seed)
{
    const uint32_t r = s->nodes[seed].route;

    if (r != GB_ROUTE_NONE)
        route_lean_unlink(s, s->nodes[route_lean_start(s->model, r)].next,
                          s->nodes[route_lean_end(s->model, r)].prev);
    if (s->model->has_bundles)
        complete_bundles(s);
    s->bold = 2 * s->round_trip + s->toll;
    (void)route_lean_insert(s, seed, false);
    s->bold = 0;
    offer(s, gather_around(s, seed, 0, MOST_OFFERS));
}

/* Those that were taken out, into the pool. */
static uint32_t gather_taken(route_lean *s)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->n_changed; i++)
        if (s->nodes[s->changed[i]].route == GB_ROUTE_NONE)
            s->pool[n++] = s->changed[i];
    return n;
}

/*
 * A cluster pays for the way to it, and none of its clients alone does.  So one
 * of them is served whatever it costs, in every other case where strings of the
 * routes near by made room, and then those around him who pay from there.
 */
void route_lean_detour(route_lean *s)
{
    const uint32_t seed = s->out[below(s, s->n_out)];
    uint32_t n;

    if (below(s, 2))
        take_strings(s, seed);
    if (s->model->has_bundles)
        complete_bundles(s);
    s->daring = ANY_PRICE;
    (void)route_lean_insert(s, seed, true);
    s->daring = 0;
    n = gather_taken(s);
    offer(s, gather_around(s, seed, n, n + DETOUR_OFFERS));
}

void route_lean_recreate(route_lean *s, uint32_t seed)
{
    offer(s, gather(s, seed));
}

/* --- tails --- */

static int64_t tail_load(const route_lean *s, uint32_t a)
{
    int64_t load = 0;

    for (; a < s->model->n_clients; a = s->nodes[a].next)
        load += s->nodes[a].load;
    return load;
}

/* c goes on with d's tail and what is before d with c's: what it changes. */
typedef struct lean_tails {
    uint32_t c, d, before, behind, r, q;
    bool is_mixed; /* the routes are of two kinds, with ends of their own */
} lean_tails;

static int64_t price_tails(const route_lean *s, const lean_tails *x)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes;
    const route_lean_kind *mine = route_lean_kind_of(s, x->r);
    const route_lean_kind *other = route_lean_kind_of(s, x->q);
    const bool has_head = x->before < m->n_clients;
    const bool has_tail = x->behind < m->n_clients;
    int64_t change
        = route_lean_leg(s, mine, nodes[x->c].location, nodes[x->d].location)
        - route_lean_leg_on(s, x->c) - route_lean_leg_on(s, x->before);

    if (has_head || has_tail)
        change += route_lean_leg(s, other, nodes[x->before].location,
                                 has_tail ? nodes[x->behind].location
                                          : other->end);
    else
        change -= route_lean_fixed(s, other);
    if (x->is_mixed) {
        const uint32_t r_last = nodes[route_lean_end(m, x->r)].prev;
        const uint32_t q_last = nodes[route_lean_end(m, x->q)].prev;

        change += route_lean_leg(s, mine, nodes[q_last].location, mine->end)
            - route_lean_leg_on(s, q_last);
        if (has_tail)
            change += route_lean_leg(s, other, nodes[r_last].location,
                                     other->end)
                - route_lean_leg_on(s, r_last);
    }
    return change;
}

/* The part of a route up to a, as far as its times are known. */
static route_lean_piece head_piece(const route_lean *s, uint32_t a)
{
    const route_lean_node *node = &s->nodes[a];

    return s->to ? s->to[a]
                 : (route_lean_piece){ node->service_s, node->first_s,
                                       node->first_s };
}

static bool tails_fit(const route_lean *s, const lean_tails *x,
                      int64_t *duration_cost)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes;
    int64_t first, second;
    bool ok;

    if (!x->is_mixed)
        ok = route_lean_can_follow(s, x->c, x->d, &first)
            && route_lean_can_follow(s, x->before, x->behind, &second);
    else
        ok = route_lean_may_all(m, nodes, x->d, s->routes[x->r].kind)
            && route_lean_may_all(m, nodes, x->behind, s->routes[x->q].kind)
            && route_lean_can_end(s, head_piece(s, x->c),
                                  nodes[x->c].location, x->d, x->r, &first)
            && route_lean_can_end(s, head_piece(s, x->before),
                                  nodes[x->before].location, x->behind,
                                  x->q, &second);
    if (ok)
        *duration_cost = first
            + (x->before < m->n_clients || x->behind < m->n_clients ? second
                                                                    : 0);
    return ok;
}

bool route_lean_try_tails(route_lean *s, uint32_t c, int64_t limit)
{
    const route_lean_model *m = s->model;
    const route_lean_node *nodes = s->nodes;
    const uint32_t r = nodes[c].route;
    uint32_t other = GB_ROUTE_NONE, end = m->first_near[c] + NEAR_TAILS;
    int64_t tail = -1;

    if (r == GB_ROUTE_NONE || m->n_loads > 1 || m->has_limits)
        return false;
    if (end > m->first_near[c + 1])
        end = m->first_near[c + 1];
    for (uint32_t i = m->first_near[c]; i < end; i++) {
        const uint32_t d = m->near[i].client, q = nodes[d].route;
        lean_tails x = { c, d, nodes[d].prev, nodes[c].next, r, q, false };
        const route_lean_kind *mine, *its;
        int64_t change, other_tail, duration_cost = 0;

        if (q == GB_ROUTE_NONE || q == r)
            continue;
        x.is_mixed = s->routes[q].kind != s->routes[r].kind;
        if (x.is_mixed
            && !route_lean_are_alike(m, s->routes[q].kind, s->routes[r].kind))
            continue;
        mine = route_lean_kind_of(s, r);
        its = route_lean_kind_of(s, q);
        s->priced++;
        change = price_tails(s, &x);
        if (change >= limit && !mine->duration_rate)
            continue;
        if (tail < 0)
            tail = tail_load(s, x.behind);
        other_tail = tail_load(s, d);
        if (s->routes[r].load - tail + other_tail > mine->capacity[0]
            || s->routes[q].load - other_tail + tail > its->capacity[0]
            || !tails_fit(s, &x, &duration_cost))
            continue;
        if (mine->duration_rate)
            change += duration_cost - s->routes[r].duration_cost
                - s->routes[q].duration_cost;
        if (change < limit) {
            limit = change;
            other = x.before;
        }
    }
    if (other == GB_ROUTE_NONE)
        return false;
    limit += s->cost;
    route_lean_swap_tails(s, c, other);
    assert(s->cost == limit);
    return true;
}
