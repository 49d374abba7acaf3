/*
 * plan_bound.c - see plan_bound.h.
 */
#include "plan_bound.h"

#include <math.h>
#include <string.h>

#include "geo_shape.h"

static const double DEFAULT_TOLERANCE = 0.05;
/* The version's own deviation is counted again elsewhere. */
static const double ROUNDING = 1e-9;

typedef struct preparing {
    base_run *run;
    const store_figures *f;
    const char *branch;
    size_t measure;      /* n_measures: customers */
    plan_bound_ground *g;
    uint32_t *area_of;   /* a cell; STORE_NONE: not of these */
    uint32_t *number_of; /* a territory */
} preparing;

static bool is_meant(const preparing *p, uint32_t territory)
{
    return territory != STORE_NONE
        && (!p->branch
            || strcmp(p->f->items[territory].branch, p->branch) == 0);
}

/* Territories and cells that are meant get numbers, in their order. */
static gb_status number(preparing *p)
{
    const store_figures *f = p->f;
    plan_bound_ground *g = p->g;

    p->area_of = base_arena_alloc(&g->arena, f->cells.n, sizeof *p->area_of);
    p->number_of = base_arena_alloc(&g->arena, f->n, sizeof *p->number_of);
    if (!p->area_of || !p->number_of)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t t = 0; t < f->n; t++)
        p->number_of[t] = is_meant(p, t) && f->items[t].n_cells > 0
            ? (uint32_t)g->rules.n_territories++ : STORE_NONE;
    for (uint32_t c = 0; c < f->cells.n; c++)
        p->area_of[c] = is_meant(p, f->of_cell[c])
            ? (uint32_t)g->areas.n_areas++ : STORE_NONE;
    if (g->areas.n_areas > 0)
        return GB_OK;
    if (p->branch)
        return base_fail(p->run->ctx, GB_ERR_NOT_FOUND,
                         "version %lld has no territory of branch %s",
                         (long long)f->version, p->branch);
    return base_fail(p->run->ctx, GB_ERR_STATE,
                     "version %lld has no cells", (long long)f->version);
}

/* The cells as areas, with their neighbours among them. */
static gb_status lay_out(preparing *p)
{
    const store_cells *cells = &p->f->cells;
    plan_bound_ground *g = p->g;
    const size_t n = g->areas.n_areas;
    gb_point *centres = base_arena_alloc(&g->arena, n, sizeof *centres);
    uint32_t *first = base_arena_alloc(&g->arena, n + 1, sizeof *first);
    uint32_t *to = base_arena_alloc(&g->arena, cells->n_neighbours + 1,
                                    sizeof *to);
    double *border = base_arena_alloc(&g->arena, cells->n_neighbours + 1,
                                      sizeof *border);
    double *activity = base_arena_alloc(&g->arena, n, sizeof *activity);
    uint32_t at = 0;

    g->owners = base_arena_alloc(&g->arena, n, sizeof *g->owners);
    if (!centres || !first || !to || !border || !activity || !g->owners)
        return base_fail_nomem(p->run->ctx);
    for (uint32_t c = 0; c < cells->n; c++) {
        const uint32_t a = p->area_of[c];

        if (a == STORE_NONE)
            continue;
        centres[a] = geo_shape_centroid(&cells->shapes, c);
        activity[a] = p->measure < p->f->n_measures
            ? fmax(0, p->f->cell_activity[p->measure * cells->n + c])
            : (double)p->f->customers_of_cell[c];
        g->owners[a] = p->number_of[p->f->of_cell[c]];
        first[a] = at;
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++)
            if (p->area_of[cells->neighbour[i]] != STORE_NONE) {
                border[at] = cells->border_m[i];
                to[at++] = p->area_of[cells->neighbour[i]];
            }
    }
    first[n] = at;
    g->areas.centres = centres;
    g->areas.first_neighbour = first;
    g->areas.neighbours = to;
    g->areas.shared_border_m = border;
    g->areas.activity = activity;
    return GB_OK;
}

/* Shares by what each should have, where that is known of all. */
static gb_status take_shares(preparing *p)
{
    const store_figures *f = p->f;
    plan_bound_ground *g = p->g;
    double *shares = base_arena_alloc(&g->arena, g->rules.n_territories,
                                      sizeof *shares);
    bool is_known = true;

    if (!shares)
        return base_fail_nomem(p->run->ctx);
    for (size_t t = 0; t < f->n; t++) {
        const double fair = p->measure < f->n_measures
            ? f->items[t].fair[p->measure] : (double)NAN;

        if (p->number_of[t] == STORE_NONE)
            continue;
        is_known = is_known && isfinite(fair) && fair > 0;
        shares[p->number_of[t]] = fair;
    }
    g->rules.shares = is_known ? shares : NULL;
    return GB_OK;
}

static gb_status take_tolerance(preparing *p, double tolerance)
{
    plan_bound_ground *g = p->g;
    const size_t k = g->rules.n_territories;
    double *sums = base_arena_alloc(&g->arena, k, sizeof *sums);
    double total = 0, shares = 0;

    if (!sums)
        return base_fail_nomem(p->run->ctx);
    memset(sums, 0, k * sizeof *sums);
    for (size_t a = 0; a < g->areas.n_areas; a++) {
        sums[g->owners[a]] += g->areas.activity[a];
        total += g->areas.activity[a];
    }
    for (size_t t = 0; t < k; t++)
        shares += g->rules.shares ? g->rules.shares[t] : 1;
    for (size_t t = 0; t < k && total > 0; t++) {
        const double target
            = (g->rules.shares ? g->rules.shares[t] : 1) / shares * total;

        g->worst = fmax(g->worst, fabs(sums[t] / target - 1));
    }
    g->tolerance = tolerance;
    if (tolerance < 0) {
        g->tolerance = p->measure < p->f->n_measures
            ? p->f->measures[p->measure].tolerance : (double)NAN;
        if (!isfinite(g->tolerance))
            g->tolerance = DEFAULT_TOLERANCE;
    }
    g->tolerance = fmax(g->tolerance, g->worst + ROUNDING);
    g->rules.tolerances = &g->tolerance;
    return GB_OK;
}

gb_status plan_bound_prepare(base_run *run, const store_figures *f,
                             const char *branch, double tolerance,
                             plan_bound_ground *g)
{
    preparing p = { .run = run, .f = f, .branch = branch, .g = g };
    gb_status status;

    memset(g, 0, sizeof *g);
    base_arena_init(&g->arena, run->mem);
    g->areas = (gb_areas)GB_AREAS_INIT;
    g->areas.n_measures = 1;
    g->rules = (gb_territory_rules)GB_TERRITORY_RULES_INIT;
    while (p.measure < f->n_measures && !f->measures[p.measure].is_of_cells)
        p.measure++;
    g->measure = p.measure < f->n_measures ? f->measures[p.measure].name
                                           : "customers";
    status = number(&p);
    if (!status)
        status = lay_out(&p);
    if (!status)
        status = take_shares(&p);
    if (!status)
        status = take_tolerance(&p, tolerance);
    return status;
}

void plan_bound_clear(plan_bound_ground *g)
{
    base_arena_clear(&g->arena);
}
