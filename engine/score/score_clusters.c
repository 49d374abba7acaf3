/*
 * score_clusters.c - see score_clusters.h.
 */
#include "score_clusters.h"

#include <math.h>
#include <stdlib.h>

#include "score_order.h"

enum { REACH = 2, N_ROWS = 2 * REACH + 1 }; /* cells to each side */

/* Below the half square of the radius, so that rounding parts no neighbours
 * inside a cell. */
static const double SIDE = 0.70710678118654752440 * (1 - 1e-9);

typedef struct place {
    double x, y;
    uint32_t n;       /* points at it */
    uint32_t cell;
    uint32_t nearest; /* a border's core; else NONE */
    bool is_core;
} place;

typedef struct cell {
    int64_t x, y;
    uint32_t first, n;   /* its places */
    uint64_t n_points;
    uint32_t near[N_ROWS]; /* in each row about: the first cell that is not
                              too far to the west */
    uint32_t parent;     /* of the forest of joined cells */
    bool has_core;
} cell;

typedef struct work {
    base_run *run;
    double radius2;
    uint32_t min_points;
    const gb_point *points;
    size_t n_points, n_places, n_cells;
    uint32_t *order;    /* points by cell, then by y, x */
    uint32_t *place_of; /* a point's */
    place *places;
    cell *cells;
} work;

static const uint32_t NONE = UINT32_MAX;

static double distance2(const place *a, const place *b)
{
    const double dx = a->x - b->x, dy = a->y - b->y;

    return dx * dx + dy * dy;
}

/* --- places and cells --- */

static int64_t cell_of(double at, double side)
{
    return (int64_t)floor(at / side);
}

/* Sort by one key after another, the last first: each sort keeps the order
 * of equals. */
static gb_status sort_by(work *w, uint64_t *keys, uint32_t *places,
                         uint64_t (*key)(const gb_point *, double),
                         double side)
{
    gb_status status;

    for (size_t i = 0; i < w->n_points; i++)
        keys[i] = key(&w->points[w->order[i]], side);
    status = score_order(w->run->ctx, keys, w->n_points, places);
    for (size_t i = 0; !status && i < w->n_points; i++)
        places[i] = w->order[places[i]];
    for (size_t i = 0; !status && i < w->n_points; i++)
        w->order[i] = places[i];
    return status ? status : base_poll_many(w->run, w->n_points);
}

static uint64_t by_x(const gb_point *p, double side)
{
    (void)side;
    return score_order_key(p->x_m);
}

static uint64_t by_y(const gb_point *p, double side)
{
    (void)side;
    return score_order_key(p->y_m);
}

static uint64_t by_cell_x(const gb_point *p, double side)
{
    return (uint64_t)cell_of(p->x_m, side) + (UINT64_C(1) << 63);
}

static uint64_t by_cell_y(const gb_point *p, double side)
{
    return (uint64_t)cell_of(p->y_m, side) + (UINT64_C(1) << 63);
}

static gb_status sort_points(work *w, double side)
{
    uint64_t (*const keys_of[])(const gb_point *, double)
        = { by_x, by_y, by_cell_x, by_cell_y };
    base_mem *mem = w->run->mem;
    uint64_t *keys = base_alloc_array(mem, w->n_points, sizeof *keys);
    uint32_t *room = base_alloc_array(mem, w->n_points, sizeof *room);
    gb_status status = keys && room ? GB_OK : base_fail_nomem(w->run->ctx);

    for (size_t i = 0; i < w->n_points; i++)
        w->order[i] = (uint32_t)i;
    for (size_t k = 0; !status && k < sizeof keys_of / sizeof *keys_of; k++)
        status = sort_by(w, keys, room, keys_of[k], side);
    base_free(mem, keys);
    base_free(mem, room);
    return status;
}

static void add_point(work *w, uint32_t point, double side)
{
    const gb_point p = w->points[point];
    const int64_t x = cell_of(p.x_m, side), y = cell_of(p.y_m, side);
    cell *at = w->n_cells > 0 ? &w->cells[w->n_cells - 1] : NULL;
    place *last = w->n_places > 0 ? &w->places[w->n_places - 1] : NULL;

    if (!at || at->x != x || at->y != y) {
        at = &w->cells[w->n_cells];
        *at = (cell){ .x = x, .y = y, .first = (uint32_t)w->n_places,
                      .parent = (uint32_t)w->n_cells++ };
        last = NULL;
    }
    if (!last || last->x != p.x_m || last->y != p.y_m) {
        last = &w->places[w->n_places++];
        *last = (place){ .x = p.x_m, .y = p.y_m, .nearest = NONE,
                         .cell = (uint32_t)w->n_cells - 1 };
        at->n++;
    }
    last->n++;
    at->n_points++;
    w->place_of[point] = (uint32_t)(last - w->places);
}

static int compare_cells(const cell *a, int64_t x, int64_t y)
{
    if (a->y != y)
        return a->y < y ? -1 : 1;
    return a->x < x ? -1 : a->x > x;
}

/* Cells rise, so that what is looked for rises in each of the rows. */
static void find_near(work *w)
{
    for (int row = 0; row < N_ROWS; row++) {
        uint32_t k = 0;

        for (size_t i = 0; i < w->n_cells; i++) {
            cell *at = &w->cells[i];

            while (k < w->n_cells
                   && compare_cells(&w->cells[k], at->x - REACH,
                                    at->y + row - REACH) < 0)
                k++;
            at->near[row] = k;
        }
    }
}

/* The next of the cells about `at`; NONE: no more.  `row` begins at 0 and
 * `k` at near[0]. */
static uint32_t next_near(const work *w, const cell *at, int *row,
                          uint32_t *k)
{
    for (;;) {
        const uint32_t found = *k;

        if (found < w->n_cells && w->cells[found].y == at->y + *row - REACH
            && w->cells[found].x <= at->x + REACH) {
            ++*k;
            return found;
        }
        if (++*row == N_ROWS)
            return NONE;
        *k = at->near[*row];
    }
}

/* --- cores --- */

static bool is_core(const work *w, const place *p)
{
    const cell *at = &w->cells[p->cell];
    uint64_t n = at->n_points;
    uint32_t k = at->near[0], other;
    int row = 0;

    while (n < w->min_points
           && (other = next_near(w, at, &row, &k)) != NONE) {
        const cell *c = &w->cells[other];

        for (uint32_t q = c->first;
             c != at && q < c->first + c->n && n < w->min_points; q++)
            if (distance2(p, &w->places[q]) <= w->radius2)
                n += w->places[q].n;
    }
    return n >= w->min_points;
}

static gb_status find_cores(work *w)
{
    for (size_t i = 0; i < w->n_places; i++) {
        place *p = &w->places[i];
        const gb_status status = base_poll(w->run);

        if (status)
            return status;
        p->is_core = is_core(w, p);
        w->cells[p->cell].has_core |= p->is_core;
    }
    return GB_OK;
}

/* --- joining --- */

static uint32_t root_of(work *w, uint32_t c)
{
    while (w->cells[c].parent != c)
        c = w->cells[c].parent = w->cells[w->cells[c].parent].parent;
    return c;
}

static bool are_near(const work *w, const cell *a, const cell *b)
{
    for (uint32_t i = a->first; i < a->first + a->n; i++)
        for (uint32_t k = b->first;
             w->places[i].is_core && k < b->first + b->n; k++)
            if (w->places[k].is_core
                && distance2(&w->places[i], &w->places[k]) <= w->radius2)
                return true;
    return false;
}

static void join_about(work *w, uint32_t i)
{
    const cell *at = &w->cells[i];
    uint32_t k = at->near[0], other;
    int row = 0;

    while ((other = next_near(w, at, &row, &k)) != NONE) {
        const uint32_t a = root_of(w, i), b = root_of(w, other);

        if (other <= i || !w->cells[other].has_core || a == b)
            continue;
        if (are_near(w, at, &w->cells[other]))
            w->cells[a < b ? b : a].parent = a < b ? a : b;
    }
}

static gb_status join_cells(work *w)
{
    for (size_t i = 0; i < w->n_cells; i++) {
        const gb_status status = base_poll(w->run);

        if (status)
            return status;
        if (w->cells[i].has_core)
            join_about(w, (uint32_t)i);
    }
    return GB_OK;
}

static bool is_before(const place *a, const place *b)
{
    return a->y < b->y || (a->y <= b->y && a->x < b->x);
}

static void find_nearest(work *w, place *p)
{
    const cell *at = &w->cells[p->cell];
    double least = w->radius2;
    uint32_t k = at->near[0], other;
    int row = 0;

    while ((other = next_near(w, at, &row, &k)) != NONE) {
        const cell *c = &w->cells[other];

        for (uint32_t q = c->first; c->has_core && q < c->first + c->n; q++) {
            const place *core = &w->places[q];
            const double d2 = distance2(p, core);

            if (!core->is_core || d2 > least)
                continue;
            if (d2 < least || p->nearest == NONE
                || is_before(core, &w->places[p->nearest]))
                p->nearest = q;
            least = d2;
        }
    }
}

static gb_status find_borders(work *w)
{
    for (size_t i = 0; i < w->n_places; i++) {
        const gb_status status = base_poll(w->run);

        if (status)
            return status;
        if (!w->places[i].is_core)
            find_nearest(w, &w->places[i]);
    }
    return GB_OK;
}

/* --- numbers --- */

typedef struct cluster {
    uint32_t root, first_core; /* a cell; a place */
    uint64_t n_points;
    const place *places;
} cluster;

static int by_size(const void *a, const void *b)
{
    const cluster *one = a, *other = b;
    const place *p = &one->places[one->first_core];
    const place *q = &other->places[other->first_core];

    if (one->n_points != other->n_points)
        return one->n_points > other->n_points ? -1 : 1;
    return is_before(p, q) ? -1 : is_before(q, p);
}

/* The root cell of a place's cluster; NONE: noise. */
static uint32_t root_of_place(work *w, const place *p)
{
    if (p->is_core)
        return root_of(w, p->cell);
    return p->nearest == NONE ? NONE
                              : root_of(w, w->places[p->nearest].cell);
}

static void measure(work *w, cluster *of_root)
{
    for (size_t i = 0; i < w->n_places; i++) {
        const place *p = &w->places[i];
        const uint32_t root = root_of_place(w, p);
        cluster *c = root == NONE ? NULL : &of_root[root];

        if (!c)
            continue;
        if (p->is_core
            && (!c->places || is_before(p, &w->places[c->first_core]))) {
            c->first_core = (uint32_t)i;
            c->places = w->places;
            c->root = root;
        }
        c->n_points += p->n;
    }
}

static gb_status give(work *w, uint32_t *clusters, uint8_t *cores,
                      uint32_t *n_clusters)
{
    base_mem *mem = w->run->mem;
    cluster *found = base_alloc_zeroed(mem, w->n_cells, sizeof *found);
    uint32_t *number = base_alloc_array(mem, w->n_cells, sizeof *number);
    uint32_t n = 0;

    if (found && number) {
        measure(w, found);
        for (size_t i = 0; i < w->n_cells; i++)
            if (found[i].places)
                found[n++] = found[i];
        qsort(found, n, sizeof *found, by_size);
        for (uint32_t i = 0; i < n; i++)
            number[found[i].root] = i + 1;
        for (size_t i = 0; i < w->n_points; i++) {
            const place *p = &w->places[w->place_of[i]];
            const uint32_t root = root_of_place(w, p);

            clusters[i] = root == NONE ? 0 : number[root];
            if (cores)
                cores[i] = p->is_core;
        }
    }
    *n_clusters = n;
    base_free(mem, found);
    base_free(mem, number);
    return found && number ? GB_OK : base_fail_nomem(w->run->ctx);
}

static gb_status allocate(work *w)
{
    base_mem *mem = w->run->mem;
    const size_t n = w->n_points;

    w->order = base_alloc_array(mem, n, sizeof *w->order);
    w->place_of = base_alloc_array(mem, n, sizeof *w->place_of);
    w->places = base_alloc_array(mem, n, sizeof *w->places);
    w->cells = base_alloc_array(mem, n, sizeof *w->cells);
    return w->order && w->place_of && w->places && w->cells
        ? GB_OK : base_fail_nomem(w->run->ctx);
}

gb_status score_clusters(base_run *run, const gb_point *points, size_t n,
                         double radius_m, uint32_t min_points,
                         uint32_t *clusters, uint8_t *cores,
                         uint32_t *n_clusters)
{
    const double side = radius_m * SIDE;
    work w = { .run = run, .radius2 = radius_m * radius_m,
               .min_points = min_points, .points = points, .n_points = n };
    gb_status status = allocate(&w);

    base_run_phase(run, GB_N("finding clusters"), 0, 1, 9 * n);
    if (!status)
        status = sort_points(&w, side);
    for (size_t i = 0; !status && i < n; i++)
        add_point(&w, w.order[i], side);
    if (!status) {
        find_near(&w);
        status = find_cores(&w);
    }
    if (!status)
        status = join_cells(&w);
    if (!status)
        status = find_borders(&w);
    if (!status)
        status = give(&w, clusters, cores, n_clusters);
    base_free(run->mem, w.order);
    base_free(run->mem, w.place_of);
    base_free(run->mem, w.places);
    base_free(run->mem, w.cells);
    return status;
}
