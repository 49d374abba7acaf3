/*
 * route_lean_search.c - see route_lean.h.
 */
#include "route_lean.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "route_lean_pool.h"

/*
 * The annealing begins at HOT times the clients of a route, by what a client
 * costs in the first plan, and ends at COLD of that cost: long routes ask for
 * more, and small problems have the time.  Where only prizes count it begins
 * and ends higher.  Chosen on X n303, n783, Gehring-Homberger R2_8_4, RC1_6_8,
 * prizes R1_10_2, RC2_10_4 and the bank's day, a seed or two each.
 */
static const double HOT = 0.05, COLD = 0.003, LEAST_HOT = 0.3, MOST_HOT = 3;
static const double FLAT_HOT = 1, FLAT_COLD = 0.1;
/*
 * With windows which routes there are is settled early, and below a hundredth
 * nothing moves any more; depots ask for more, for routes change them while it
 * is warm.  Chosen on Gehring-Homberger RC1_2_4, R1_4_4, R2_4_8, RC1_6_8,
 * C2_6_4 at 500,000 iterations, a seed each, and MDVRPTW PR11A, PR17A at
 * 600,000, three seeds each.
 */
static const double TIMED_HOT = 1, TIMED_COLD = 0.02, DEPOTS_COLD = 0.05;
/* Where plans are joined in the end: colder ones have little to exchange. */
static const double POOLED_COLD = 0.09;
/* Who is served, too, is settled while it is warm. */
static const double PRIZES_HOT = 2;

enum {
    TAILS_OF_256 = 51,
    TIMED_TAILS_OF_256 = 35, /* with windows, where few fit */
    DEPOTS_OF_256 = 5,   /* where vehicles differ */
    GROW_OF_256 = 16, /* where there are prizes: a route is begun anew, */
    DETOURS_OF_256 = 32, /* or a detour made, so often at most */
    BOLD_OF_256 = 64,
    DARING_OF_256 = 16,
    EAGER_OF_256 = 16,
    SWAPS_OF_256 = 256, /* of those who are out, where only prizes count */
    ENDS_OF_256 = 64, /* without windows and prizes: at most so often, */
    MEAN_ENDS = 20    /* and not more of them, on average */
};

/* --- the beginning --- */

void route_lean_offer_all(route_lean *s)
{
    bool is_done = false;

    while (!is_done) {
        const uint32_t n_before = s->n_out;

        for (uint32_t c = 0; c < s->model->n_clients; c++)
            s->pool[c] = c;
        base_rng_shuffle(&s->rng, s->pool, s->model->n_clients);
        for (uint32_t i = 0; i < s->model->n_clients; i++)
            if (s->nodes[s->pool[i]].route == GB_ROUTE_NONE)
                (void)route_lean_insert(s, s->pool[i], false);
        is_done = s->n_out >= n_before;
    }
}

/* The routes of a plan that was given. */
static void take_start(route_lean *s, const route_plan *start)
{
    for (uint32_t v = 0; v < s->model->n_routes; v++) {
        const route_tour *tour = &start->tours[v];

        route_lean_put(s, s->model->route_of[v], tour->items, tour->n_items);
    }
}

/* What a must is worth: more than any way to it. */
static int64_t price_of_musts(const route_lean_model *m)
{
    int64_t most = 1000;

    if (!m->n_musts)
        return 0;
    for (uint32_t c = 0; c < m->n_clients; c++)
        if (m->data->clients[c].prize * m->point > most)
            most = m->data->clients[c].prize * m->point;
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];
        int64_t far = 0;

        for (uint32_t c = 0; c < m->n_clients; c++)
            if (m->from_depot[c] > far)
                far = m->from_depot[c];
        far = far * (2 * kind->rate + 2 * kind->seconds_rate
                     + 4 * kind->duration_rate)
            + kind->fixed_milli;
        if (far > most)
            most = far;
    }
    /* All of them, raised as far as they are, stay within the integers. */
    return most < INT64_MAX / 32 / m->n_musts ? 4 * most
                                              : INT64_MAX / 8 / m->n_musts;
}

static int64_t mean_round_trip(const route_lean *s)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = &m->kinds[0];
    int64_t units = 0;

    for (uint32_t c = 0; c < m->n_clients; c++)
        units += m->from_depot[c];
    return 2 * units / m->n_clients
        * (kind->rate + s->extra + kind->seconds_rate)
        + kind->fixed_milli;
}

/* What a served client costs, and how far it is to the next. */
static void measure(route_lean *s)
{
    const route_lean_model *m = s->model;
    const uint32_t n_in = m->n_clients - s->n_out;
    int64_t worth = 0;
    double travel_s = 0;

    for (uint32_t c = 0; c < m->n_clients; c++) {
        const route_lean_node *node = &s->nodes[c];

        if (node->route == GB_ROUTE_NONE)
            continue;
        worth += node->worth;
        travel_s += route_lean_seconds(m, route_lean_kind_of(s, node->route),
                                       node->location,
                                       s->nodes[node->next].location);
    }
    s->round_trip = mean_round_trip(s);
    s->scale = (double)s->round_trip;
    if (n_in == 0)
        return;
    s->scale = (double)(s->cost + worth) / n_in;
    s->mean_leg_s = travel_s / n_in;
}

static void choose_heat(route_lean *s)
{
    const uint32_t n = s->model->n_clients;
    const double small = n >= 400 ? 1 : n <= 167 ? 2.4 : 400.0 / n;
    const double mean = s->n_used ? (double)(n - s->n_out) / s->n_used : 1;

    if (s->extra > 0) {
        s->hot = FLAT_HOT;
        s->cold = FLAT_COLD;
        return;
    }
    s->cold = COLD;
    s->hot = HOT * small * mean;
    s->hot = s->hot < LEAST_HOT ? LEAST_HOT : s->hot;
    if (s->model->has_prizes)
        s->hot *= PRIZES_HOT;
    if (route_lean_is_timed(s)) {
        s->cold = s->model->n_kinds > 1 ? DEPOTS_COLD : TIMED_COLD;
        if (route_lean_pools(s->model) && route_lean_pool_takes(s))
            s->cold = POOLED_COLD;
        s->hot = s->hot < TIMED_HOT ? TIMED_HOT : s->hot;
    }
    s->hot = s->hot > MOST_HOT ? MOST_HOT : s->hot;
}

/* Whoever is worth a bonus as well: how long routes may become. */
static void offer_with_bonus(route_lean *s)
{
    route_lean_tune_bonus(s, 0);
    if (s->bonus == 0)
        return;
    route_lean_open(s);
    s->bold = mean_round_trip(s);
    route_lean_offer_all(s);
    s->bold = 0;
    route_lean_keep(s);
}

void route_lean_begin(route_lean *s, const route_plan *start)
{
    route_lean_reprice(s, 0, price_of_musts(s->model));
    s->scale = 1;
    route_lean_open(s);
    if (start)
        take_start(s, start);
    s->bold = s->model->has_prizes ? mean_round_trip(s) : 0;
    s->is_eager = true;
    route_lean_offer_all(s);
    s->bold = 0;
    route_lean_keep(s);
    measure(s);
    if (s->model->has_prizes) {
        route_lean_first_price(s);
        measure(s);
    }
    if (s->scale < 1)
        s->scale = 1;
    route_lean_take_best(s);
    offer_with_bonus(s);
    choose_heat(s);
}

/* --- iterations --- */

static bool is_better(const route_lean *s)
{
    if (s->n_musts_out != s->best_musts_out)
        return s->n_musts_out < s->best_musts_out;
    return route_lean_true_cost(s) < s->best_cost;
}

/* Shall the ends of all routes be looked at? */
static bool draws_ends(const route_lean *s, uint64_t luck)
{
    const uint32_t mean = 256 * MEAN_ENDS / (2 * s->n_used + 1);

    return !s->model->has_prizes
        && luck < (mean < ENDS_OF_256 ? mean : ENDS_OF_256);
}

static uint32_t tails_of_256(const route_lean *s)
{
    return route_lean_is_timed(s) ? TIMED_TAILS_OF_256 : TAILS_OF_256;
}

/*
 * Is somebody to be served at a loss, so that others follow?  As often as
 * clients are out, up to a limit.  Without, clusters that have gone out stay
 * out: PCVRPTW R2 and RC2 (_2, _4, _6), C2_10_2 and C2_10_4 end 1.3 to 1.6 %
 * above the best known in 30 CPU seconds; with it, and UNTIL of the bonus as it
 * is, .8 to .9 in 20.
 */
static bool draws_detour(const route_lean *s, uint64_t luck)
{
    return s->model->has_prizes && s->extra == 0 && luck < DETOURS_OF_256
        && luck * s->model->n_clients < 256 * (uint64_t)s->n_out;
}

/* False: nothing was done. */
static bool change(route_lean *s, uint32_t seed, double most)
{
    const uint64_t luck = base_rng_next(&s->rng);

    if ((luck & 255) < tails_of_256(s))
        return route_lean_try_tails(s, seed, (int64_t)most + 1);
    if (s->model->n_kinds > 1 && (luck >> 32 & 255) < DEPOTS_OF_256)
        return route_lean_try_depots(s, seed, (int64_t)most + 1);
    if (s->extra > 0 && s->nodes[seed].route == GB_ROUTE_NONE
        && (luck >> 48 & 255) < SWAPS_OF_256)
        return route_lean_try_swap(s, seed, (int64_t)most + 1);
    if (s->model->has_prizes && s->extra == 0
        && (luck >> 8 & 255) < GROW_OF_256) {
        route_lean_grow(s, seed);
        return true;
    }
    if (draws_detour(s, luck >> 56)) {
        route_lean_detour(s);
        return true;
    }
    /* Several may pay for together what none pays for alone. */
    if (s->model->has_prizes && s->extra == 0
        && (luck >> 16 & 255) < BOLD_OF_256)
        s->bold = (int64_t)base_rng_below(&s->rng,
                                          (uint64_t)s->round_trip + 1);
    if (s->model->has_prizes && (luck >> 24 & 255) < DARING_OF_256)
        s->daring = (int64_t)base_rng_below(&s->rng,
                                            (uint64_t)s->scale + 1);
    s->is_eager = (luck >> 40 & 255) < EAGER_OF_256;
    s->most_cost = s->cost + (int64_t)most;
    s->sees_ends = draws_ends(s, luck >> 48 & 255);
    route_lean_ruin(s, seed);
    route_lean_recreate(s, seed);
    s->bold = s->daring = 0;
    return true;
}

/* A child may be the best from its birth. */
static double weave(route_lean *s, double progress)
{
    progress = route_lean_weave_turn(s, progress);
    if (is_better(s))
        route_lean_take_best(s);
    return progress;
}

void route_lean_step(route_lean *s, double progress)
{
    uint32_t seed;
    double most;

    if (s->breed && !route_lean_breed_waits(s, &progress)) {
        if (route_lean_breed_step(s) && is_better(s))
            route_lean_take_best(s);
        return;
    }
    if (s->iterations++ % 64 == 0) {
        assert(route_lean_is_sound(s));
        if (s->weave)
            progress = weave(s, progress);
        s->warmth = s->scale * s->hot * pow(s->cold / s->hot, progress);
        route_lean_press(s);
        route_lean_tune_bonus(s, progress);
        route_lean_tune_price(s);
    }
    route_lean_open(s);
    seed = s->weave
        ? route_lean_weave_seed(s)
        : (uint32_t)base_rng_below(&s->rng, s->model->n_clients);
    /* How much worse the plan may become. */
    most = -s->warmth * log(1 - base_rng_unit(&s->rng));
    if (!change(s, seed, most))
        return;
    if ((double)(s->cost - s->kept_cost) > most) {
        route_lean_undo(s);
        return;
    }
    route_lean_keep(s);
    if (is_better(s))
        route_lean_take_best(s);
}

/* --- the end --- */

/* Clients that cost more than they bring go. */
static bool drop_losses(route_lean *s)
{
    bool is_changed = false;

    for (uint32_t c = 0; c < s->model->n_clients; c++) {
        const route_client *client = &s->model->data->clients[c];
        const int64_t before = s->cost;

        if (s->nodes[c].route == GB_ROUTE_NONE || client->n_musts
            || client->bundle != GB_ROUTE_NONE)
            continue;
        route_lean_open(s);
        route_lean_unlink(s, c, c);
        if (s->cost < before) {
            route_lean_keep(s);
            is_changed = true;
        } else {
            route_lean_undo(s);
        }
    }
    return is_changed;
}

static bool insert_gains(route_lean *s)
{
    bool is_changed = false;

    for (uint32_t c = 0; c < s->model->n_clients; c++)
        if (s->nodes[c].route == GB_ROUTE_NONE) {
            route_lean_open(s);
            is_changed |= route_lean_insert(s, c, true);
            route_lean_keep(s);
        }
    return is_changed;
}

void route_lean_finish(route_lean *s)
{
    route_lean_return_to(s, s->best_next);
    s->tax = s->bonus = s->toll = 0;
    route_lean_reprice(s, 0, s->must_price);
    do
        while (drop_losses(s))
            ;
    while (insert_gains(s));
    if (is_better(s))
        route_lean_take_best(s);
}
