/*
 * grid_measure.c - the figures of any plan; see grid_check.h.
 */
#include <math.h>
#include <string.h>

#include "grid_check.h"

static const double PI = 3.14159265358979323846;

static double border_of(const gb_areas *areas, size_t arc)
{
    return areas->shared_border_m ? areas->shared_border_m[arc] : 1;
}

uint64_t grid_count_cut(const gb_areas *areas, const uint32_t *owners,
                        double *barrier_m)
{
    uint64_t n_cut = 0;

    *barrier_m = 0;
    for (size_t a = 0; a < areas->n_areas; a++)
        for (size_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++) {
            if (areas->neighbours[i] < a)
                continue;
            if (owners[areas->neighbours[i]] != owners[a])
                n_cut++;
            else if (areas->barriers
                     && areas->barriers[i] == GB_BARRIER_SOFT)
                *barrier_m += border_of(areas, i);
        }
    return n_cut;
}

typedef struct measuring {
    const gb_areas *areas;
    const gb_territory_rules *rules;
    const uint32_t *owners;
    gb_territory_measure *measures;
} measuring;

/* Border with others, and what of the outline is no shared border. */
static void add_outline(const measuring *x, size_t a)
{
    const gb_areas *areas = x->areas;
    gb_territory_measure *m = &x->measures[x->owners[a]];
    double shared = 0, border = 0;

    for (size_t i = areas->first_neighbour[a];
         i < areas->first_neighbour[a + 1]; i++) {
        shared += border_of(areas, i);
        if (x->owners[areas->neighbours[i]] != x->owners[a])
            border += border_of(areas, i);
    }
    m->border_m += border;
    m->perimeter_m += border;
    if (areas->perimeters_m && areas->perimeters_m[a] > shared)
        m->perimeter_m += areas->perimeters_m[a] - shared;
    m->area_m2 += areas->areas_m2 ? areas->areas_m2[a] : 0;
    m->n_areas++;
}

/* Where nothing has weight, the plain mean. */
static void find_centres(const measuring *x, double *weight)
{
    const gb_areas *areas = x->areas;
    const size_t k = x->rules->n_territories;

    for (size_t t = 0; t < k; t++)
        weight[t] = 0;
    for (size_t a = 0; a < areas->n_areas; a++)
        if (x->owners[a] < k)
            weight[x->owners[a]] += areas->activity[a];
    for (size_t a = 0; a < areas->n_areas; a++) {
        const uint32_t t = x->owners[a];
        double part;

        if (t >= k)
            continue;
        part = weight[t] > 0 ? areas->activity[a] / weight[t]
                             : 1 / (double)x->measures[t].n_areas;
        x->measures[t].centre.x_m += part * areas->centres[a].x_m;
        x->measures[t].centre.y_m += part * areas->centres[a].y_m;
    }
}

static void add_moments(const measuring *x)
{
    const gb_areas *areas = x->areas;

    for (size_t a = 0; a < areas->n_areas; a++) {
        gb_territory_measure *m;
        double dx, dy;

        if (x->owners[a] >= x->rules->n_territories)
            continue;
        m = &x->measures[x->owners[a]];
        dx = areas->centres[a].x_m - m->centre.x_m;
        dy = areas->centres[a].y_m - m->centre.y_m;
        m->moment += areas->activity[a] * (dx * dx + dy * dy);
    }
}

static double share_sum(const gb_territory_rules *rules)
{
    double sum = 0;

    for (size_t t = 0; t < rules->n_territories; t++)
        sum += rules->shares ? rules->shares[t] : 1;
    return sum;
}

static void sum_measure(const measuring *x, size_t measure, double *activity,
                        double *deviation, double *sums)
{
    const size_t n = x->areas->n_areas, n_measures = x->areas->n_measures;
    const double *column = x->areas->activity + measure * n;
    const double shares = share_sum(x->rules);
    double total = 0;

    for (size_t t = 0; t < x->rules->n_territories; t++)
        sums[t] = 0;
    for (size_t a = 0; a < n; a++) {
        total += column[a];
        if (x->owners[a] < x->rules->n_territories)
            sums[x->owners[a]] += column[a];
    }
    for (size_t t = 0; t < x->rules->n_territories; t++) {
        const double share
            = (x->rules->shares ? x->rules->shares[t] : 1) / shares;

        if (activity)
            activity[t * n_measures + measure] = sums[t];
        if (deviation)
            deviation[t * n_measures + measure]
                = total > 0 ? sums[t] / (total * share) - 1 : 0;
    }
}

/* The parts, as the check finds them. */
static gb_status count_parts(base_run *run, const measuring *x)
{
    const grid_plan plan = { x->owners, NULL, 0 };
    grid_findings findings = BASE_ARRAY_INIT;
    gb_status status
        = grid_check(run, x->areas, x->rules, &plan, &findings);

    for (size_t t = 0; t < x->rules->n_territories; t++)
        x->measures[t].n_parts = x->measures[t].n_areas > 0;
    for (size_t i = 0; i < findings.n && !status; i++)
        if (findings.items[i].kind == GB_FINDING_SPLIT)
            x->measures[findings.items[i].territory].n_parts++;
    base_array_clear(run->mem, &findings);
    return status;
}

gb_status grid_measure(base_run *run, const gb_areas *areas,
                       const gb_territory_rules *rules,
                       const uint32_t *owners, gb_territory_measure *measures,
                       double *activity, double *deviation)
{
    const measuring x = { areas, rules, owners, measures };
    const size_t k = rules->n_territories;
    double *sums = base_alloc_array(run->mem, k, sizeof *sums);
    gb_status status;

    if (!sums)
        return base_fail_nomem(run->ctx);
    memset(measures, 0, k * sizeof *measures);
    for (size_t a = 0; a < areas->n_areas; a++)
        if (owners[a] < k)
            add_outline(&x, a);
    find_centres(&x, sums);
    add_moments(&x);
    for (size_t t = 0; t < k; t++)
        if (measures[t].perimeter_m > 0)
            measures[t].polsby_popper = 4 * PI * measures[t].area_m2
                / (measures[t].perimeter_m * measures[t].perimeter_m);
    for (size_t m = 0; m < areas->n_measures; m++)
        sum_measure(&x, m, activity, deviation, sums);
    status = count_parts(run, &x);
    base_free(run->mem, sums);
    return status;
}
