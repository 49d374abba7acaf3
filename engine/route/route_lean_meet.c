/*
 * route_lean_meet.c - which searches of a race go on, and from where.
 *
 * A search that is so far behind that its annealing will hardly make it good
 * goes on from the best plan of all.  What is far goes by its warmth: cooled
 * to five sixths, as in an epoch, a plan that is dearer by three times the
 * warmth counts about half as much as the best (J. Machta, Phys. Rev. E 82
 * (2010), 026704, doi:10.1103/PhysRevE.82.026704: population annealing).
 */
#include "route_lean.h"

/* One that has not begun, as others took their turn, is behind all. */
static bool is_before(const route_lean *a, const route_lean *b)
{
    if (!a->has_best || !b->has_best)
        return a->has_best && !b->has_best;
    if (a->best_musts_out != b->best_musts_out)
        return a->best_musts_out < b->best_musts_out;
    return a->best_cost < b->best_cost;
}

route_lean *route_lean_best_of(route_lean *searches, uint32_t n)
{
    route_lean *best = &searches[0];

    for (uint32_t i = 1; i < n; i++)
        if (is_before(&searches[i], best))
            best = &searches[i];
    return best;
}

void route_lean_meet(route_lean *searches, uint32_t n, double warmths)
{
    const route_lean *best = route_lean_best_of(searches, n);

    for (uint32_t i = 0; i < n; i++) {
        route_lean *s = &searches[i];

        if (s != best && route_lean_weave_is_busy(s)) {
            route_lean_weave_invite(s, best);
            continue;
        }
        if (s == best
            || (double)(s->best_cost - best->best_cost) < warmths * s->warmth)
            continue;
        route_lean_return_to(s, best->best_next);
        route_lean_take_best(s);
    }
}
