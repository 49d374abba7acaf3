/*
 * plan_kept.c - what a version keeps of the measures that made it: each cell's
 * part, and what each territory should have.  So people can see it later, and
 * what a move by hand would do.
 */
#include "plan_division.h"
#include "store_save.h"

/* What each territory should have: its share of what its group has. */
static double *fair_parts(plan_division *d, size_t m)
{
    const double *has = d->has[d->measures.which[m]];
    const size_t n = d->data->branches.n;
    double *all = plan_division_take(d, 2 * n, sizeof *all);
    double *fair = plan_division_take(d, d->grids.n, sizeof *fair);

    if (!all || !fair)
        return NULL;
    for (size_t g = 0; g < d->grids.n; g++) {
        const uint32_t group = d->teams[d->grids.items[g].branch].group;

        all[group] += has[g];
        all[n + group] += d->grids.items[g].share_s;
    }
    for (size_t g = 0; g < d->grids.n; g++) {
        const uint32_t group = d->teams[d->grids.items[g].branch].group;

        fair[g] = all[group] * d->grids.items[g].share_s / all[n + group];
    }
    return fair;
}

static double *cell_parts(plan_division *d, size_t m)
{
    double *of_cell
        = plan_division_take(d, d->data->cells.n, sizeof *of_cell);

    for (uint32_t c = 0; of_cell && c < d->data->cells.n; c++)
        if (d->grid_of[c] < d->grids.n)
            of_cell[c] = plan_columns_value(
                d, m, d->grids.items[d->grid_of[c]].branch, c);
    return of_cell;
}

gb_status plan_kept_find(plan_division *d, const store_measure_in **out)
{
    store_measure_in *list
        = plan_division_take(d, d->measures.n, sizeof *list);

    for (size_t m = 0; list && m < d->measures.n; m++) {
        const plan_activity which = d->measures.which[m];

        list[m].name = which == PLAN_WORKLOAD ? "work_s"
                                              : plan_activity_names[which];
        list[m].tolerance = d->measures.tolerances[m];
        list[m].of_cell = cell_parts(d, m);
        list[m].fair = fair_parts(d, m);
        if (!list[m].of_cell || !list[m].fair)
            return GB_ERR_NOMEM;
    }
    *out = list;
    return list ? GB_OK : GB_ERR_NOMEM;
}
