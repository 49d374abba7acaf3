/*
 * plan_workload.c - see plan_workload.h.
 */
#include "plan_workload.h"

#include <math.h>
#include <stdlib.h>

static const double TOUR_CONSTANT = 0.7124;
/* Between a walk (1.4 m/s) and an e-bike (6 m/s), as most managers go. */
static const double SPEED_M_PER_S = 3;
/* Cells reach into woods and hills; places do not spread out that far. */
static const double MOST_M2_A_PLACE = 250000;

typedef struct target_place {
    uint32_t cell, place;
    double x_m, y_m; /* of a target without a place */
} target_place;

static int by_cell_and_place(const void *a, const void *b)
{
    const target_place *p = a, *q = b;

    if (p->cell != q->cell)
        return p->cell < q->cell ? -1 : 1;
    if (p->place != q->place)
        return p->place < q->place ? -1 : 1;
    if (p->place != STORE_NONE)
        return 0;
    if (p->x_m < q->x_m || p->x_m > q->x_m)
        return p->x_m < q->x_m ? -1 : 1;
    return (p->y_m > q->y_m) - (p->y_m < q->y_m);
}

gb_status plan_workload(plan_data *data, double *work_s)
{
    const store_targets *targets = &data->targets;
    target_place *spots
        = base_alloc_array(data->run->mem, targets->n, sizeof *spots);
    double *n_spots
        = base_alloc_zeroed(data->run->mem, data->cells.n, sizeof *n_spots);
    size_t n = 0;

    if (!spots || !n_spots) {
        base_free(data->run->mem, spots);
        base_free(data->run->mem, n_spots);
        return base_fail_nomem(data->run->ctx);
    }
    for (size_t c = 0; c < data->cells.n; c++)
        work_s[c] = 0;
    for (size_t t = 0; t < targets->n; t++) {
        const store_target *target = &targets->items[t];

        if (!plan_is_field_target(target) || target->cell == STORE_NONE)
            continue;
        work_s[target->cell] += plan_service_s(data, t);
        spots[n++] = (target_place){ target->cell, target->place,
                                     data->target_at[t].x_m,
                                     data->target_at[t].y_m };
    }
    qsort(spots, n, sizeof *spots, by_cell_and_place);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && by_cell_and_place(&spots[i - 1], &spots[i]) == 0)
            continue;
        n_spots[spots[i].cell]++;
        if (spots[i].place != STORE_NONE)
            work_s[spots[i].cell]
                += data->places.items[spots[i].place].access_s;
    }
    for (size_t c = 0; c < data->cells.n; c++) {
        const double area_m2 = fmin(data->cells.area_m2[c],
                                    n_spots[c] * MOST_M2_A_PLACE);

        work_s[c] += TOUR_CONSTANT * sqrt(n_spots[c] * area_m2) * PLAN_DETOUR
                     / SPEED_M_PER_S;
        work_s[c] = floor(work_s[c] + 0.5);
    }
    base_free(data->run->mem, spots);
    base_free(data->run->mem, n_spots);
    return GB_OK;
}
