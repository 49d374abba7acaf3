/*
 * route_lean_bonus.c - why many are served while the search is warm.
 *
 * While it is warm, routes are in disorder: everybody's way is longer than it
 * will be, few pay for it, and whoever is far out goes, with all his
 * neighbours.  None of those comes back alone when it is cold, though together
 * they would pay for a vehicle.  So at first serving anybody is worth more than
 * its prize, and nearly all are in; this bonus is taken away before the routes
 * settle, and who goes then are those who do not pay where the routes really
 * run.  A little of it stays in proportion to the warmth, and to how many are
 * out.  The best plan is chosen without.
 *
 * How many vehicles set out is settled early too, and mostly by chance: more
 * of them leave more ways to go while it is warm, and the best known plans have
 * fewer and fuller ones.  Where several searches race, each therefore charges
 * a toll of its own on every vehicle that sets out, in proportion to the warmth;
 * those that are behind go on from the plan of the best.
 */
#include "route_lean.h"

#include "base_check.h"

/*
 * FIRST is in parts of what a client costs, UNTIL of the search, WARM_SHARE of
 * the warmth if nobody is served: where nearly all are, as in C2_10_2, a bonus
 * in the cold serves too many; where half are not, as in R2_10_2, none serves
 * too few.  Chosen on these, R2_10_4, RC2_10_4 and RC2_10_6, with prizes, at
 * 500,000 iterations, a seed each.  UNTIL later, when detours came: on those
 * and RC2_10_2, R2_10_6, C2_10_4, 20 CPU seconds, seed 5, .79 % above the best
 * known on average, and 1.14 with .2; seed 6, .87, and 1.06 with .04, .96
 * without a bonus of this kind.
 */
static const double FIRST = 3, UNTIL = 0.1, WARM_SHARE = 0.75;
/* In parts of the warmth; a search alone charges nothing. */
static const double TOLLS[] = { 0, 3, 6 };

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

void route_lean_set_toll(route_lean *s, int64_t toll)
{
    s->cost += (toll - s->toll) * (int64_t)s->n_used;
    s->toll = toll;
}

static int64_t toll_of(const route_lean *s)
{
    const double toll = TOLLS[s->number % COUNT_OF(TOLLS)] * s->warmth;

    return (int64_t)(toll < (double)s->round_trip ? toll
                                                  : (double)s->round_trip);
}

void route_lean_tune_bonus(route_lean *s, double progress)
{
    double bonus
        = WARM_SHARE * s->n_out / s->model->n_clients * s->warmth;

    if (!s->model->has_prizes || s->extra > 0)
        return;
    if (progress < UNTIL)
        bonus += FIRST * s->scale * (1 - progress / UNTIL);
    route_lean_set_bonus(s, (int64_t)bonus);
    route_lean_set_toll(s, toll_of(s));
}
