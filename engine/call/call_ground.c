/*
 * call_ground.c - see call_ground.h.
 */
#include "call_ground.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gridbeat/spots.h>

#include "base_check.h"

/* ---- sums ---- */

static const char *label_of(const store_cell_sum *s, call_ground_of of)
{
    return of == CALL_OF_CELLS ? s->ref
           : of == CALL_OF_GRIDS ? s->grid
                                 : s->branch;
}

static void begin_row(call_ground_row *row, const store_cell_sum *s,
                      call_ground_of of, uint32_t number)
{
    *row = (call_ground_row){ .ref = label_of(s, of),
                              .grid = of == CALL_OF_CELLS ? s->grid : "",
                              .branch = of == CALL_OF_BRANCHES ? "" : s->branch,
                              .per_km2 = NAN, .z = NAN, .number = number,
                              .spot_class = GB_SPOT_UNKNOWN,
                              .moran_class = GB_SPOT_UNKNOWN };
}

/* per_km2 is a sum over targets until end_row(). */
static void add_cell(call_ground_row *row, const store_cell_sum *s)
{
    const double here = s->per_km2 * (double)s->targets;

    row->area_m2 += s->area_m2;
    row->customers += s->customers;
    row->balance_fen += s->balance_fen;
    row->targets += s->targets;
    row->value += s->value;
    row->unvisited += s->unvisited;
    row->cells++;
    row->hot += s->spot_class == GB_SPOT_HOT;
    row->cold += s->spot_class == GB_SPOT_COLD;
    if (!isnan(here))
        row->per_km2 = isnan(row->per_km2) ? here : row->per_km2 + here;
    row->z = s->z;
    row->spot_class = s->spot_class;
    row->moran_class = s->moran_class;
}

static void end_row(call_ground_row *row, call_ground_of of)
{
    row->per_km2 = row->targets > 0 ? row->per_km2 / (double)row->targets
                                    : (double)NAN;
    if (of == CALL_OF_CELLS)
        return;
    row->z = NAN;
    row->spot_class = row->moran_class = GB_SPOT_UNKNOWN;
}

/* Sums in the order of their label, each label a run. */
typedef struct labelled {
    const char *label;
    size_t sum;
} labelled;

static int by_label(const void *a, const void *b)
{
    const labelled *p = a, *q = b;
    const int order = strcmp(p->label, q->label);

    return order ? order : (p->sum > q->sum) - (p->sum < q->sum);
}

static gb_status add_up(call *c, call_ground *g)
{
    const size_t n = g->sums.n;
    labelled *sorted = base_alloc_array(c->mem, n, sizeof *sorted);

    g->rows = base_alloc_array(c->mem, n, sizeof *g->rows);
    g->of_cell = base_alloc_array(c->mem, n, sizeof *g->of_cell);
    if (!sorted || !g->rows || !g->of_cell) {
        base_free(c->mem, sorted);
        return base_fail_nomem(c->ctx);
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = (labelled){ label_of(&g->sums.items[i], g->of), i };
    if (n > 0)
        qsort(sorted, n, sizeof *sorted, by_label);
    for (size_t i = 0; i < n; i++) {
        const store_cell_sum *s = &g->sums.items[sorted[i].sum];

        if (i == 0 || strcmp(sorted[i].label, sorted[i - 1].label) != 0) {
            begin_row(&g->rows[g->n], s, g->of, (uint32_t)g->n);
            g->n++;
        }
        add_cell(&g->rows[g->n - 1], s);
        g->of_cell[sorted[i].sum] = (uint32_t)g->n - 1;
    }
    for (size_t r = 0; r < g->n; r++) {
        end_row(&g->rows[r], g->of);
        g->value += g->rows[r].value;
    }
    base_free(c->mem, sorted);
    return GB_OK;
}

/* ---- ranks ---- */

static double ratio(int64_t a, int64_t b)
{
    return b ? (double)a / (double)b : 0;
}

/* Unknown comes last. */
static double or_least(double value)
{
    return isnan(value) ? -HUGE_VAL : value;
}

static double key_of(const call_ground_row *row, call_ground_by by)
{
    switch (by) {
    case CALL_BY_TARGETS:
        return (double)row->targets;
    case CALL_BY_BALANCE:
        return (double)row->balance_fen;
    case CALL_BY_DENSITY:
        return or_least(row->per_km2);
    case CALL_BY_UNVISITED:
        return (double)row->unvisited;
    case CALL_BY_HOT:
        return row->cells > 1 || isnan(row->z) ? ratio(row->hot, row->cells)
                                               : row->z;
    case CALL_BY_POTENTIAL:
    default:
        return (double)row->value;
    }
}

typedef struct ranked {
    double key;
    call_ground_row row;
} ranked;

static int falling(double a, double b)
{
    return (a < b) - (a > b);
}

static int by_rank(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    int order = falling(p->key, q->key);

    if (order == 0)
        order = falling((double)p->row.value, (double)q->row.value);
    if (order == 0)
        order = falling((double)p->row.balance_fen, (double)q->row.balance_fen);
    return order ? order : strcmp(p->row.ref, q->row.ref);
}

gb_status call_ground_rank(call *c, call_ground_by by, call_ground *g)
{
    ranked *sorted = NULL;
    gb_status status = add_up(c, g);

    if (status)
        return status;
    sorted = base_alloc_array(c->mem, g->n, sizeof *sorted);
    if (!sorted)
        return base_fail_nomem(c->ctx);
    for (size_t r = 0; r < g->n; r++)
        sorted[r] = (ranked){ key_of(&g->rows[r], by), g->rows[r] };
    if (g->n > 0)
        qsort(sorted, g->n, sizeof *sorted, by_rank);
    for (size_t r = 0; r < g->n; r++)
        g->rows[r] = sorted[r].row;
    base_free(c->mem, sorted);
    return GB_OK;
}

void call_ground_clear(base_mem *mem, call_ground *g)
{
    base_free(mem, g->rows);
    base_free(mem, g->of_cell);
    store_cell_sums_clear(&g->sums);
    memset(g, 0, sizeof *g);
}
