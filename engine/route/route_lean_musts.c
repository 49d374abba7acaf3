/*
 * route_lean_musts.c - musts that stay out press harder and harder.
 *
 * Where the fleet is tight, some musts are hard to place.  Whatever is out
 * again and again is worth more each time, so that it goes in for others that
 * are easier (after Christiaens and Vanden Berghe's sums of absences).  As
 * soon as all are in, they are worth the same again.
 */
#include "route_lean.h"

enum { RAISE_SHARE = 4 };

static int64_t raise_of(const route_lean *s, uint32_t c)
{
    return s->nodes[c].worth - route_lean_worth(s, c);
}

int64_t route_lean_raised(const route_lean *s)
{
    int64_t served = s->raised;

    for (uint32_t i = 0; s->raised && s->n_musts_out && i < s->n_out; i++)
        served -= raise_of(s, s->out[i]);
    return served;
}

void route_lean_press(route_lean *s)
{
    const int64_t more = (int64_t)(s->scale / RAISE_SHARE) + 1;

    if (s->n_musts_out == 0) {
        if (s->raised)
            route_lean_reprice(s, s->extra, s->must_price);
        return;
    }
    for (uint32_t i = 0; i < s->n_out; i++) {
        const uint32_t c = s->out[i];

        if (!s->nodes[c].n_musts
            || raise_of(s, c) > s->must_price)
            continue;
        s->nodes[c].worth += more;
        s->raised += more;
    }
}
