/*
 * route_lean_breed_tour.c - see route_lean_breed.h.
 */
#include "route_lean_breed.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

enum { MOST_LOAD_OF_2 = 3, RAISES = 40 };

static const double TURN = 6.283185307179586;

/* --- where clients lie --- */

static double apart(const route_lean_breed *b, uint32_t i, uint32_t j)
{
    return b->cost[(size_t)i * b->n_stride + j];
}

static double from_depot(const route_lean_breed *b, uint32_t c)
{
    return apart(b, b->depot, b->stops[c].location);
}

static uint16_t angle_of(double x, double y)
{
    const double turn = atan2(y, x) / TURN;

    return (uint16_t)((int32_t)floor(turn * 65536) & 0xffff);
}

/*
 * The farthest client gives the one axis, who is farthest from this axis the
 * other: plane geometry, as well as the matrix is plane.
 */
void breed_locate(route_lean_breed *b)
{
    uint32_t far = 0, aside = 0;
    double d_far, most = 0;

    for (uint32_t c = 1; c < b->n; c++)
        if (from_depot(b, c) > from_depot(b, far))
            far = c;
    d_far = from_depot(b, far) > 0 ? from_depot(b, far) : 1;
    for (uint32_t c = 0; c < b->n; c++) {
        const double d = from_depot(b, c);
        const double e = apart(b, b->stops[far].location,
                               b->stops[c].location);
        const double x = (d * d + d_far * d_far - e * e) / (2 * d_far);

        b->x[c] = x;
        b->y[c] = d > fabs(x) ? sqrt(d * d - x * x) : 0;
        if (b->y[c] > most) {
            most = b->y[c];
            aside = c;
        }
    }
    for (uint32_t c = 0; c < b->n && most > 0; c++) {
        const double e = apart(b, b->stops[aside].location,
                               b->stops[c].location);
        const double dx = b->x[c] - b->x[aside];

        /* On its side, or on the other? */
        if (fabs(hypot(dx, b->y[c] + most) - e)
            < fabs(hypot(dx, b->y[c] - most) - e))
            b->y[c] = -b->y[c];
    }
    for (uint32_t c = 0; c < b->n; c++)
        b->angle[c] = angle_of(b->x[c], b->y[c]);
}

/* --- crossing --- */

void breed_cross(route_lean_breed *b, const breed_plan *mother,
                 const breed_plan *father, breed_plan *child)
{
    const uint32_t n = b->n;
    const uint32_t first = (uint32_t)base_rng_below(b->rng, n);
    uint32_t last = (uint32_t)base_rng_below(b->rng, n - 1), at;
    uint8_t *is_in = (uint8_t *)b->list;

    last += last >= first;
    memset(is_in, 0, n);
    for (at = first;; at = (at + 1) % n) {
        child->tour[at] = mother->tour[at];
        is_in[child->tour[at]] = 1;
        if (at == last)
            break;
    }
    at = (last + 1) % n;
    for (uint32_t i = 1; i <= n; i++) {
        const uint32_t c = father->tour[(last + i) % n];

        if (is_in[c])
            continue;
        child->tour[at] = c;
        at = (at + 1) % n;
    }
}

/* --- cutting --- */

/*
 * The cheapest cuts (C. Prins, C&OR 31 (2004), 1985-2002), each route costing
 * `fixed` besides: how many routes there are.
 */
static uint32_t cut(route_lean_breed *b, const uint32_t *tour, int64_t fixed)
{
    const uint32_t n = b->n;
    const int64_t most = b->capacity * MOST_LOAD_OF_2 / 2;
    uint32_t n_cuts = 0;

    b->least[0] = 0;
    for (uint32_t j = 1; j <= n; j++)
        b->least[j] = INT64_MAX;
    for (uint32_t i = 0; i < n; i++) {
        int64_t load = 0, way = 0;

        for (uint32_t j = i; j < n && load <= most; j++) {
            const breed_stop *stop = &b->stops[tour[j]];
            const int32_t *row = b->cost + stop->location * b->n_stride;
            int64_t price;

            load += stop->load;
            way += row[j == i ? b->depot : b->stops[tour[j - 1]].location];
            price = b->least[i] + 1000 * (way + row[b->depot])
                + breed_penalty(b, load) + fixed;
            if (price < b->least[j + 1]) {
                b->least[j + 1] = price;
                b->from[j + 1] = i;
            }
        }
    }
    for (uint32_t j = n; j > 0; j = b->from[j])
        n_cuts++;
    for (uint32_t j = n, k = n_cuts; j > 0; j = b->from[j])
        b->cuts[--k] = b->from[j];
    return n_cuts;
}

static void lay(route_lean_breed *b, uint32_t r, const uint32_t *clients,
                uint32_t n)
{
    const uint32_t start = breed_start(b, r), end = start + 1;
    uint32_t before = start;

    for (uint32_t i = 0; i < n; i++) {
        b->stops[before].next = clients[i];
        b->stops[clients[i]].prev = before;
        before = clients[i];
    }
    b->stops[before].next = end;
    b->stops[end].prev = before;
    breed_refresh(b, r);
}

static void forget(route_lean_breed *b)
{
    b->stamp++;
    b->way = b->penalties = 0;
    b->first_empty = 0;
    memset(b->routes, 0, b->n_routes * sizeof *b->routes);
}

void breed_load(route_lean_breed *b, const breed_plan *plan)
{
    uint32_t n_cuts = cut(b, plan->tour, 0);
    int64_t fixed = 1000;

    /* More routes than vehicles: routes cost more until there are fewer. */
    for (uint32_t i = 0; i < RAISES && n_cuts > b->n_routes; i++) {
        n_cuts = cut(b, plan->tour, fixed);
        fixed *= 2;
    }
    forget(b);
    for (uint32_t r = 0; r < b->n_routes; r++) {
        const uint32_t from = r < n_cuts ? b->cuts[r] : b->n;
        const uint32_t to
            = r + 1 < n_cuts && r + 1 < b->n_routes ? b->cuts[r + 1] : b->n;

        lay(b, r, plan->tour + from, to - from);
    }
}

bool breed_take(route_lean_breed *b, const uint32_t *next)
{
    const route_lean_model *m = b->model;
    uint32_t n_used = 0;

    forget(b);
    for (uint32_t r = 0; r < m->n_routes; r++) {
        const uint32_t end = route_lean_end(m, r);
        uint32_t n = 0;

        for (uint32_t a = next[route_lean_start(m, r)]; a != end; a = next[a])
            b->list[n++] = a;
        if (n == 0)
            continue;
        if (n_used == b->n_routes)
            return false;
        lay(b, n_used++, b->list, n);
    }
    while (n_used < b->n_routes)
        lay(b, n_used++, NULL, 0);
    return true;
}

/* --- storing --- */

/* Routes in the order of where they lie, as a hand of a clock meets them. */
static uint32_t order_routes(route_lean_breed *b)
{
    uint32_t n = 0;

    for (uint32_t r = 0; r < b->n_routes; r++) {
        const uint32_t start = breed_start(b, r);
        double x = 0, y = 0;
        uint32_t i;

        if (!b->routes[r].n_clients)
            continue;
        for (uint32_t c = b->stops[start].next; c < b->n;
             c = b->stops[c].next) {
            x += b->x[c];
            y += b->y[c];
        }
        b->bearing[r] = atan2(y, x);
        for (i = n++; i > 0
             && b->bearing[b->cuts[i - 1]] > b->bearing[r]; i--)
            b->cuts[i] = b->cuts[i - 1];
        b->cuts[i] = r;
    }
    return n;
}

void breed_store(route_lean_breed *b, breed_plan *plan)
{
    const uint32_t n_used = order_routes(b);
    uint32_t at = 0;

    plan->way = b->way;
    plan->excess = 0;
    for (uint32_t i = 0; i < n_used; i++) {
        const breed_route *route = &b->routes[b->cuts[i]];
        const uint32_t start = breed_start(b, b->cuts[i]);

        if (route->load > b->capacity)
            plan->excess += route->load - b->capacity;
        for (uint32_t c = b->stops[start].next; c < b->n;
             c = b->stops[c].next) {
            const breed_stop *stop = &b->stops[c];

            plan->tour[at++] = c;
            plan->next[c] = stop->next < b->n ? stop->next : GB_ROUTE_NONE;
            plan->prev[c] = stop->prev < b->n ? stop->prev : GB_ROUTE_NONE;
        }
    }
    assert(at == b->n);
}
