/*
 * route_lean_price.c - what time is worth where only prizes count.
 *
 * With prizes so much greater than what the way costs, the search would take
 * whoever fits and leave no gaps for better ones.  So each unit of the way and
 * each second of service has a price, and a client goes in if its prize is
 * more than that: it is the prize by the hour that counts.  The price is right
 * when it is what the least of those served brings: it rises while nobody who
 * is out would fit into the plan, and falls when somebody would and is refused
 * for the price alone.
 */
#include "route_lean.h"

#include <math.h>

/*
 * RAISE and LOWER at each look: some two looks of ten find somebody.  Within
 * LEAST of what all prizes come to by the unit, and that.  WAY_SHARE: at first
 * the way comes to such a part of the prizes.
 */
static const double RAISE = 0.002, LOWER = 0.008, LEAST = 0.1, WAY_SHARE = 0.2;

enum { OFFERS_A_LOOK = 24 };

/* What is used up, and what it brings. */
typedef struct lean_use {
    int64_t units, travel_s, prize;
} lean_use;

static lean_use add_up(const route_lean *s)
{
    const route_lean_model *m = s->model;
    lean_use use = { 0, 0, 0 };

    for (uint32_t i = 0; i < s->n_used; i++) {
        const uint32_t r = s->used[i], end = route_lean_end(m, r);
        const route_lean_kind *kind = route_lean_kind_of(s, r);

        for (uint32_t a = route_lean_start(m, r); a != end;
             a = s->nodes[a].next) {
            const uint32_t from = s->nodes[a].location;
            const uint32_t to = s->nodes[s->nodes[a].next].location;

            if (from != GB_ROUTE_NONE && to != GB_ROUTE_NONE) {
                use.units += kind->cost[(size_t)from * m->n_stride + to];
                use.travel_s += route_lean_seconds(m, kind, from, to);
            }
            if (a < m->n_clients)
                use.prize += m->data->clients[a].prize * m->point;
        }
    }
    return use;
}

static void set_price(route_lean *s, double price)
{
    s->time_price = price;
    s->tax = (int64_t)(price * s->tax_share);
    /* Upwards: with none at all, prizes alone would leave routes long. */
    route_lean_reprice(s, (int64_t)ceil(price), s->must_price);
}

void route_lean_first_price(route_lean *s)
{
    const route_lean_model *m = s->model;
    const lean_use use = add_up(s);
    double price;

    s->tax = 0;
    if (!m->has_prizes || use.units == 0)
        return;
    price = WAY_SHARE * (double)use.prize / (double)use.units;
    /* Where the way matters by itself its price is not touched. */
    if (price <= 10 * (double)m->kinds[0].rate)
        return;
    if (m->has_time && use.travel_s > 0)
        s->tax_share = (double)use.units / (double)use.travel_s;
    s->most_price = (double)use.prize
        / ((double)use.units + s->tax_share * (double)s->served_s);
    set_price(s, price < s->most_price ? price : s->most_price);
}

/* Is somebody out who could be served as well? */
static bool could_serve_more(route_lean *s)
{
    const int32_t until_blink = s->until_blink;
    const bool was_eager = s->is_eager;
    const uint32_t n = s->n_out < OFFERS_A_LOOK ? s->n_out : OFFERS_A_LOOK;
    uint32_t at = (uint32_t)base_rng_below(&s->rng, s->n_out);
    bool is_found = false;

    s->until_blink = INT32_MAX;
    s->is_eager = true;
    for (uint32_t i = 0; i < n && !is_found; i++) {
        const uint32_t c = s->out[at];

        at = at + 1 < s->n_out ? at + 1 : 0;
        is_found = s->model->data->clients[c].bundle == GB_ROUTE_NONE
            && route_lean_best_gap(s, c, INT64_MAX / 512, false).after
                != GB_ROUTE_NONE;
    }
    s->until_blink = until_blink;
    s->is_eager = was_eager;
    return is_found;
}

void route_lean_tune_price(route_lean *s)
{
    double price = s->time_price;

    if (s->extra == 0 || s->n_out == 0 || s->n_musts_out > 0)
        return;
    price *= could_serve_more(s) ? 1 - LOWER : 1 + RAISE;
    if (price < LEAST * s->most_price)
        price = LEAST * s->most_price;
    set_price(s, price < s->most_price ? price : s->most_price);
}
