/*
 * plan_way.c - see plan_way.h.
 */
#include "plan_way.h"

#include <math.h>
#include <string.h>

/* Neighbouring clients of one location: the piece that is left out. */
typedef struct stay {
    size_t first, end;
} stay;

static const stay none = { SIZE_MAX, SIZE_MAX };

static bool is_within(stay s, size_t i)
{
    return i >= s.first && i < s.end;
}

static uint32_t location_of(const plan_problem *p, const plan_way *w, size_t i)
{
    return p->problem.client_location[w->clients[i]];
}

/*
 * The way from the branch through the same stops and back, always on to the
 * nearest one, whatever its hours: the habit.
 */
static int64_t habit_s(const plan_problem *p, plan_way *w, stay without)
{
    const size_t n = p->n_locations;
    const int32_t *seconds = p->profile.seconds;
    uint32_t here = 0;
    int64_t travel_s = 0;

    for (size_t i = 0; i < w->n; i++)
        if (!is_within(without, i))
            w->is_left[location_of(p, w, i)] = true;
    for (;;) {
        uint32_t next = GB_ROUTE_NONE;

        for (uint32_t l = 1; l < n; l++)
            if (w->is_left[l]
                && (next == GB_ROUTE_NONE
                    || seconds[here * n + l] < seconds[here * n + next]))
                next = l;
        if (next == GB_ROUTE_NONE)
            return travel_s + seconds[here * n];
        travel_s += seconds[here * n + next];
        w->is_left[next] = false;
        here = next;
    }
}

/* The way in the order of the route. */
static int64_t ordered_s(const plan_problem *p, const plan_way *w, stay without)
{
    const size_t n = p->n_locations;
    uint32_t here = 0;
    int64_t travel_s = 0;

    for (size_t i = 0; i < w->n; i++) {
        const uint32_t to = location_of(p, w, i);

        if (is_within(without, i) || to == here)
            continue;
        travel_s += p->profile.seconds[here * n + to];
        here = to;
    }
    return travel_s + p->profile.seconds[here * n];
}

/* The stay that begins at i; its prize, or -1 when a must is in it. */
static stay stay_at(const plan_problem *p, const plan_way *w, size_t i,
                    int64_t *prize)
{
    stay s = { i, i };

    *prize = 0;
    while (s.end < w->n && location_of(p, w, s.end) == location_of(p, w, i)) {
        const uint32_t c = w->clients[s.end++];

        if (p->problem.client_must[c])
            *prize = -1;
        else if (*prize >= 0)
            *prize += p->flat_prize[c * p->prizes->n_slots];
    }
    return s;
}

/*
 * The stay to leave out: the one that costs least a second saved, or, where
 * nothing saves any, the one that costs least; `none` when all have musts.
 */
static stay worst_stay(const plan_problem *p, plan_way *w)
{
    const int64_t way_s = ordered_s(p, w, none);
    const int64_t excess_s = way_s - habit_s(p, w, none);
    stay worst = none, cheapest = none, s;
    double best = INFINITY;
    int64_t prize, least = INT64_MAX;

    for (size_t i = 0; i < w->n; i = s.end) {
        int64_t saved_s;
        double price;

        s = stay_at(p, w, i, &prize);
        if (prize < 0)
            continue;
        if (prize < least) {
            least = prize;
            cheapest = s;
        }
        /* seconds of detour count, and a little those of the way */
        saved_s = 8 * (excess_s - ordered_s(p, w, s) + habit_s(p, w, s))
                  + way_s - ordered_s(p, w, s);
        price = (double)(prize + 1) / (double)saved_s;
        if (saved_s <= 0 || price >= best)
            continue;
        best = price;
        worst = s;
    }
    return worst.first == SIZE_MAX ? cheapest : worst;
}

bool plan_way_cut(const plan_problem *p, plan_way *w)
{
    while (w->n > 0 && ordered_s(p, w, none) > habit_s(p, w, none)) {
        const stay worst = worst_stay(p, w);

        if (worst.first == SIZE_MAX)
            return false; /* appointments make the way what it is */
        memmove(w->clients + worst.first, w->clients + worst.end,
                (w->n - worst.end) * sizeof *w->clients);
        w->n -= worst.end - worst.first;
    }
    return true;
}

int64_t plan_way_habit_s(const plan_problem *p, plan_way *w)
{
    return habit_s(p, w, none);
}

gb_status plan_way_read(plan_problem *p, const gb_route_solution *solution,
                          plan_way *w)
{
    gb_route_totals totals = { .size = sizeof totals };

    (void)gb_route_solution_totals(solution, 0, &totals);
    w->clients = plan_problem_take(p, totals.n_clients, sizeof *w->clients);
    w->is_left = plan_problem_take(p, p->n_locations, sizeof *w->is_left);
    if (!w->clients || !w->is_left)
        return base_fail_nomem(p->run->ctx);
    memset(w->is_left, 0, p->n_locations * sizeof *w->is_left);
    for (uint32_t i = 0; i < totals.n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            w->clients[w->n++] = stop.client;
    }
    return GB_OK;
}
