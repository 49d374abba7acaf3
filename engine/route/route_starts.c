/*
 * route_starts.c - a search that begins more than once.
 *
 * Which district a day goes to, and on which side of an appointment a place
 * comes, is settled while the annealing is hot; later it hardly changes, for
 * within the habit what lies between two such plans is dear.  Where one run
 * ends is luck: of six runs one may be a tenth better.  So a part of the
 * iterations goes to several short annealings from the first plan, each
 * through all of the heat, and the rest to the best plan that any of them
 * found, from a lesser heat on.
 */
#include "route_search.h"

/*
 * 30 days of managers of two synthetic counties (some 300 candidates, within
 * the habit, 4,000 iterations): 26,669 points net with one start, the mean of
 * ten seeds, and 26,754 with six, that of eight, at equal CPU; the same five
 * seeds gave 26,653 and 26,770.  With one start 40,000 iterations brought
 * 26,823.  At 500 iterations two starts were no better than one.
 */
enum { MOST_STARTS = 6, LEAST_ITERATIONS = 400 };
static const double STARTS_SHARE = 0.6, LESS_HEAT = 0.3;

void route_starts_init(route_search *search, uint64_t iterations)
{
    const double most
        = STARTS_SHARE * (double)iterations / LEAST_ITERATIONS;

    search->n_starts = 1;
    if (!search->within_habit || search->data->n_vehicles != 1)
        return;
    if (iterations == 0 || most > MOST_STARTS)
        search->n_starts = MOST_STARTS;
    else if (most >= 2)
        search->n_starts = (uint32_t)most;
}

void route_starts_begin(route_search *search)
{
    if (search->n_starts < 2)
        return;
    route_plan_copy(&search->first, &search->current, NULL);
    search->first_excess_s = search->excess_s;
}

/* The search goes on from that plan, as if it were the first. */
static void go_on_from(route_search *search, const route_plan *plan,
                       int64_t excess_s)
{
    route_plan_copy(&search->current, plan, NULL);
    route_plan_copy(&search->candidate, plan, NULL);
    for (uint32_t v = 0; v < search->data->n_vehicles; v++)
        search->is_stale[v] = 1;
    search->excess_s = excess_s;
    search->excess_milli = 2 * search->second_milli;
    search->strict_of_8 = 2;
    search->n_looks = search->n_kept_to = 0;
}

double route_starts_progress(route_search *search, double progress)
{
    const uint32_t n = search->n_starts;
    const double runs = n * progress / STARTS_SHARE;
    const uint32_t run = runs < n ? (uint32_t)runs : n;

    if (n < 2)
        return progress;
    if (run > search->run_no && run < n)
        go_on_from(search, &search->first, search->first_excess_s);
    else if (run > search->run_no)
        go_on_from(search, &search->best, search->best_excess_s);
    search->run_no = run;
    return run < n ? runs - run
                   : LESS_HEAT
            + (1 - LESS_HEAT) * (progress - STARTS_SHARE)
                / (1 - STARTS_SHARE);
}
