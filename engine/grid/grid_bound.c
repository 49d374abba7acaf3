/*
 * grid_bound.c - see grid_bound.h.
 */
#include "grid_bound.h"

#include "grid_check.h"
#include "grid_hess.h"

static double border_of(const gb_areas *areas, const uint32_t *owners)
{
    double border = 0;

    for (size_t a = 0; a < areas->n_areas; a++)
        for (size_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++)
            if (areas->neighbours[i] > a
                && owners[a] != owners[areas->neighbours[i]])
                border += areas->shared_border_m ? areas->shared_border_m[i]
                                                 : 1;
    return border;
}

gb_status grid_bound_value(base_run *run, const grid_bound_task *task,
                           const uint32_t *owners, size_t *n_found,
                           double *value)
{
    const gb_areas *areas = task->areas;
    const grid_plan plan = { .owners = owners };
    grid_findings found = BASE_ARRAY_INIT;
    gb_status status = grid_check(run, areas, task->rules, &plan, &found);
    double barrier_m;

    *n_found = found.n;
    *value = 0;
    base_array_clear(run->mem, &found);
    if (status || *n_found > 0)
        return status;
    if (grid_bound_is_about(task))
        return grid_hess_sum(run, areas, task->places,
                             task->rules->n_territories, owners,
                             task->options->objective == GB_TERRITORY_MOMENT,
                             NULL, value);
    *value = task->options->objective == GB_TERRITORY_CUT
        ? (double)grid_count_cut(areas, owners, &barrier_m)
        : border_of(areas, owners);
    return GB_OK;
}
