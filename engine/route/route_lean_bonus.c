/*
 * route_lean_bonus.c - why many are served while the search is warm.
 *
 * While it is warm, routes are in disorder: everybody's way is longer than it
 * will be, few pay for it, and whoever is far out goes, with all his
 * neighbours.  None of those comes back alone when it is cold, though together
 * they would pay for a vehicle.  So at first serving anybody is worth more than
 * its prize, and nearly all are in; this bonus is taken away before the routes
 * settle, and who goes then are those who do not pay where the routes really
 * run.  A little of it stays in proportion to the warmth.  The best plan is
 * chosen without.
 */
#include "route_lean.h"

/*
 * FIRST is in parts of what a client costs, UNTIL of the search, WARM_SHARE of
 * the warmth where windows are as narrow as can be.  Without the last, prizes
 * R2_10_2 ends with 370 clients, with 0.3 of the warmth 438 (the best known
 * plan has 499); R2_10_4 with 813 and 851 (822).  Chosen on these, RC2_10_4 and
 * RC2_10_6, at 500,000 iterations, a seed each.
 */
static const double FIRST = 3, UNTIL = 0.2, WARM_SHARE = 0.4;

void route_lean_set_bonus(route_lean *s, int64_t bonus)
{
    const int64_t more = bonus - s->bonus;

    if (more == 0)
        return;
    s->bonus = bonus;
    for (uint32_t c = 0; c < s->model->n_clients; c++)
        s->nodes[c].worth += more;
    s->cost -= more
        * ((int64_t)s->model->n_clients - (int64_t)s->n_out);
}

void route_lean_tune_bonus(route_lean *s, double progress)
{
    double bonus = WARM_SHARE * s->model->tightness * s->warmth;

    if (!s->model->has_prizes || s->extra > 0)
        return;
    if (progress < UNTIL)
        bonus += FIRST * s->scale * (1 - progress / UNTIL);
    route_lean_set_bonus(s, (int64_t)bonus);
}
