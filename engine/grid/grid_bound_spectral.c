/*
 * grid_bound_spectral.c - see grid_bound_spectral.h.
 */
#include "grid_bound_spectral.h"

#include <math.h>
#include <string.h>

/* What is known of an eigenvalue: it is in [low, high], to within a share. */
static const double CLOSE = 0.01;
static const double ROUNDING = 1e-6;
/* Areas without weight get that share of the mean: it only lowers the bound. */
static const double LEAST_WEIGHT = 1e-4;
/* A pivot below that share of the diagonal says nothing sure. */
static const double LEAST_PIVOT = 1e-9;
/* Beyond that many numbers the factors are too many to hold. */
enum { MOST_ENTRIES = 50000000, MOST_TRIES = 4 };

typedef struct factors {
    base_run *run;
    const grid_bound_task *task;
    size_t n;
    uint32_t *order, *place;  /* the i-th area; where an area stands */
    uint32_t *left;           /* n; the first column of row i */
    size_t *row;              /* n + 1; entries of row i, from left[i] to i - 1 */
    double *fixed, *entry;    /* C, then L, below the diagonal */
    double *cost, *pivot;     /* n; of C and D */
    double *weight;           /* n; in the order */
} factors;

static bool is_open(const gb_areas *areas, size_t arc)
{
    return !areas->barriers || areas->barriers[arc] != GB_BARRIER_HARD;
}

static double cost_of(const grid_bound_task *task, size_t arc)
{
    const gb_areas *areas = task->areas;

    return task->options->objective == GB_TERRITORY_BORDER
            && areas->shared_border_m
        ? areas->shared_border_m[arc] : 1;
}

/* Breadth first from `start`, appended at `at`; where it ends. */
static size_t sweep(factors *x, uint32_t start, size_t at)
{
    const gb_areas *areas = x->task->areas;
    size_t head = at;

    x->place[start] = (uint32_t)at;
    x->order[at++] = start;
    while (head < at) {
        const uint32_t a = x->order[head++];

        for (size_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++) {
            const uint32_t b = areas->neighbours[i];

            if (!is_open(areas, i) || x->place[b] != GB_GRID_NONE)
                continue;
            x->place[b] = (uint32_t)at;
            x->order[at++] = b;
        }
    }
    return at;
}

/* Each component from one of its ends, so that rows are short. */
static void find_order(factors *x)
{
    size_t at = 0;

    memset(x->place, 0xff, x->n * sizeof *x->place);
    for (uint32_t a = 0; a < x->n; a++) {
        const size_t from = at;
        uint32_t end;

        if (x->place[a] != GB_GRID_NONE)
            continue;
        at = sweep(x, a, from);
        end = x->order[at - 1];
        for (size_t i = from; i < at; i++)
            x->place[x->order[i]] = GB_GRID_NONE;
        at = sweep(x, end, from);
    }
}

static void find_rows(factors *x)
{
    const gb_areas *areas = x->task->areas;

    x->row[0] = 0;
    for (size_t i = 0; i < x->n; i++) {
        const uint32_t a = x->order[i];

        x->left[i] = (uint32_t)i;
        for (size_t j = areas->first_neighbour[a];
             j < areas->first_neighbour[a + 1]; j++)
            if (is_open(areas, j)
                && x->place[areas->neighbours[j]] < x->left[i])
                x->left[i] = x->place[areas->neighbours[j]];
        x->row[i + 1] = x->row[i] + (i - x->left[i]);
    }
}

static void fill_rows(factors *x)
{
    const gb_areas *areas = x->task->areas;
    double total = 0;

    for (size_t a = 0; a < x->n; a++)
        total += areas->activity[a];
    for (size_t i = 0; i < x->n; i++) {
        const uint32_t a = x->order[i];

        x->weight[i] = fmax(areas->activity[a],
                            LEAST_WEIGHT * total / (double)x->n);
        x->cost[i] = 0;
        for (size_t j = areas->first_neighbour[a];
             j < areas->first_neighbour[a + 1]; j++) {
            const uint32_t to = x->place[areas->neighbours[j]];

            if (!is_open(areas, j))
                continue;
            x->cost[i] += cost_of(x->task, j);
            if (to < i)
                x->fixed[x->row[i] + (to - x->left[i])]
                    = -cost_of(x->task, j);
        }
    }
}

/* Eigenvalues below s; n when a pivot is too near to 0 to tell. */
static size_t count_below(factors *x, double s)
{
    size_t n_below = 0;

    for (size_t i = 0; i < x->n; i++) {
        double *row = x->entry + x->row[i];
        const double *fixed = x->fixed + x->row[i];
        const uint32_t left = x->left[i];
        double pivot = x->cost[i] - s * x->weight[i];

        /* first u_ij = l_ij d_j, then l_ij */
        for (uint32_t j = left; j < i; j++) {
            const double *other = x->entry + x->row[j];
            const uint32_t from = x->left[j] > left ? x->left[j] : left;
            double u = fixed[j - left];

            for (uint32_t k = from; k < j; k++)
                u -= row[k - left] * other[k - x->left[j]];
            row[j - left] = u;
        }
        for (uint32_t j = left; j < i; j++) {
            const double u = row[j - left];

            row[j - left] = u / x->pivot[j];
            pivot -= u * row[j - left];
        }
        if (fabs(pivot) <= LEAST_PIVOT * (x->cost[i] + s * x->weight[i]))
            return x->n;
        x->pivot[i] = pivot;
        n_below += pivot < 0;
    }
    return n_below;
}

/* Between eigenvalues that is sure somewhere near. */
static gb_status count_near(factors *x, double *s, size_t *n_below)
{
    gb_status status = GB_OK;

    for (int i = 0; i < MOST_TRIES; i++) {
        status = base_poll_many(x->run, 1 + x->row[x->n] / 1000);
        *n_below = count_below(x, *s);
        if (status || *n_below < x->n)
            break;
        *s *= 1 - 1e-4;
    }
    return status;
}

/* at_least[i]: the i-th least eigenvalue is not below. */
static gb_status find_eigenvalues(factors *x, size_t k, double *at_least,
                                  double *at_most)
{
    double top = 1e-6 * x->cost[0] / x->weight[0];
    size_t n_below = 0;
    gb_status status = GB_OK;

    for (size_t i = 0; i < k; i++) {
        at_least[i] = 0;
        at_most[i] = INFINITY;
    }
    while (!status && n_below < k && !x->run->is_late) {
        top *= 4;
        status = count_near(x, &top, &n_below);
        for (size_t i = 0; i < k; i++)
            if (i < n_below)
                at_most[i] = fmin(at_most[i], top);
            else
                at_least[i] = fmax(at_least[i], top);
    }
    for (size_t i = k; !status && i-- > 0;)
        while (!status && !x->run->is_late
               && at_most[i] - at_least[i] > CLOSE * at_most[i]
               && at_most[i] > 1e-6 * top) {
            double s = (at_least[i] + at_most[i]) / 2;

            status = count_near(x, &s, &n_below);
            if (n_below == x->n)
                break;
            for (size_t j = 0; j < k; j++)
                if (j < n_below)
                    at_most[j] = fmin(at_most[j], s);
                else
                    at_least[j] = fmax(at_least[j], s);
        }
    return status;
}

static gb_status make(factors *x)
{
    base_mem *mem = x->run->mem;
    const size_t n = x->n;

    x->order = base_alloc_array(mem, n, sizeof *x->order);
    x->place = base_alloc_array(mem, n, sizeof *x->place);
    x->left = base_alloc_array(mem, n, sizeof *x->left);
    x->row = base_alloc_array(mem, n + 1, sizeof *x->row);
    x->cost = base_alloc_array(mem, n, sizeof *x->cost);
    x->pivot = base_alloc_array(mem, n, sizeof *x->pivot);
    x->weight = base_alloc_array(mem, n, sizeof *x->weight);
    if (!x->order || !x->place || !x->left || !x->row || !x->cost
        || !x->pivot || !x->weight)
        return base_fail_nomem(x->run->ctx);
    find_order(x);
    find_rows(x);
    if (x->row[n] > MOST_ENTRIES)
        return GB_OK;
    x->fixed = base_alloc_zeroed(mem, x->row[n], sizeof *x->fixed);
    x->entry = base_alloc_array(mem, x->row[n], sizeof *x->entry);
    if (!x->fixed || !x->entry)
        return base_fail_nomem(x->run->ctx);
    fill_rows(x);
    return GB_OK;
}

static void clear(factors *x)
{
    base_mem *mem = x->run->mem;

    base_free(mem, x->order);
    base_free(mem, x->place);
    base_free(mem, x->left);
    base_free(mem, x->row);
    base_free(mem, x->fixed);
    base_free(mem, x->entry);
    base_free(mem, x->cost);
    base_free(mem, x->pivot);
    base_free(mem, x->weight);
}

gb_status grid_bound_spectral(base_run *run, const grid_bound_task *task,
                              double *lower)
{
    const size_t k = task->rules->n_territories;
    factors x = { .run = run, .task = task, .n = task->areas->n_areas };
    double *at_least = base_alloc_array(run->mem, 2 * k, sizeof *at_least);
    double sum = 0;
    gb_status status = at_least ? make(&x) : base_fail_nomem(run->ctx);

    *lower = 0;
    if (!status && x.fixed)
        status = find_eigenvalues(&x, k, at_least, at_least + k);
    if (!status && x.fixed)
        for (size_t i = 0; i < k; i++)
            sum += at_least[i];
    *lower = task->low * sum / 2 * (1 - ROUNDING);
    clear(&x);
    base_free(run->mem, at_least);
    return status;
}
