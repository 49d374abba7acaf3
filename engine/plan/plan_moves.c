/*
 * plan_moves.c - what each territory has, and who changes hands, and why
 * (plan_division.h).
 */
#include "plan_division.h"

#include <math.h>
#include <string.h>

/* Rows of moves that are handed over; the counts are of all. */
enum { MOST_MOVES = 2000 };

/* ---- figures ---- */

static gb_status take_figures(plan_division *d)
{
    const size_t n = d->grids.n;

    d->max_deviation = 0;
    for (int k = 0; k < PLAN_N_ACTIVITIES; k++) {
        d->has[k] = plan_division_take(d, n, sizeof **d->has);
        if (!d->has[k])
            return GB_ERR_NOMEM;
    }
    d->deviation
        = plan_division_take(d, d->measures.n * n, sizeof *d->deviation);
    d->n_cells_of = plan_division_take(d, n, sizeof *d->n_cells_of);
    return d->deviation && d->n_cells_of ? GB_OK : GB_ERR_NOMEM;
}

static void add_up(plan_division *d)
{
    plan_division only = *d; /* the workload whatever is shared out */

    only.measures.which[0] = PLAN_WORKLOAD;
    for (uint32_t c = 0; c < d->data->cells.n; c++) {
        const uint32_t g = d->grid_of[c];

        if (g == STORE_NONE)
            continue;
        d->n_cells_of[g]++;
        d->has[PLAN_WORKLOAD][g]
            += plan_columns_value(&only, 0, d->grids.items[g].branch, c);
        for (int k = PLAN_TARGETS; k < PLAN_N_ACTIVITIES; k++)
            d->has[k][g] += d->counts[k][c];
    }
}

/* From the share of what all territories of the group have. */
static gb_status compare(plan_division *d, size_t m)
{
    const double *has = d->has[d->measures.which[m]];
    const size_t n = d->data->branches.n;
    double *all = plan_division_take(d, 2 * n, sizeof *all);
    double *shares = all + n;

    if (!all)
        return GB_ERR_NOMEM;
    for (size_t g = 0; g < d->grids.n; g++) {
        const uint32_t group = d->teams[d->grids.items[g].branch].group;

        all[group] += has[g];
        shares[group] += d->grids.items[g].share_s;
    }
    for (size_t g = 0; g < d->grids.n; g++) {
        const plan_grid *grid = &d->grids.items[g];
        const uint32_t group = d->teams[grid->branch].group;
        const double goal = all[group] * grid->share_s / shares[group];
        const double off = goal > 0 ? has[g] / goal - 1 : 0;

        d->deviation[m * d->grids.n + g] = off;
        if (!d->teams[grid->branch].is_kept)
            d->max_deviation = fmax(d->max_deviation, fabs(off));
    }
    return GB_OK;
}

static bool was_owned(const plan_division *d, uint32_t cell)
{
    return d->previous[cell] != GB_GRID_NONE
           && d->previous[cell] < d->grids.n;
}

static void count_moves(plan_division *d)
{
    d->n_chosen = d->n_forced = 0;
    for (uint32_t c = 0; c < d->data->cells.n; c++) {
        if (was_owned(d, c))
            d->n_chosen += d->previous[c] != d->grid_of[c];
        else if (d->previous[c] != GB_GRID_NONE)
            d->n_forced++; /* its territory is no more */
    }
}

gb_status plan_moves_measure(plan_division *d)
{
    gb_status status = take_figures(d);

    if (status)
        return status;
    add_up(d);
    for (size_t m = 0; m < d->measures.n && !status; m++)
        status = compare(d, m);
    count_moves(d);
    return status;
}

gb_status plan_moves_may_stay(plan_division *d, bool *out)
{
    gb_status status;

    *out = d->has_previous;
    for (size_t c = 0; c < d->data->cells.n; c++)
        *out &= was_owned(d, (uint32_t)c);
    for (size_t g = 0; g < d->grids.n; g++) {
        const plan_grid *grid = &d->grids.items[g];

        *out &= grid->before != STORE_NONE
                && d->before.items[grid->before].owner == grid->owner;
    }
    if (!*out)
        return GB_OK;
    for (size_t b = 0; b < d->data->branches.n; b++)
        d->teams[b].group = (uint32_t)b;
    memcpy(d->grid_of, d->previous, d->data->cells.n * sizeof *d->grid_of);
    status = plan_moves_measure(d);
    for (size_t m = 0; m < d->measures.n && !status; m++)
        for (size_t g = 0; g < d->grids.n; g++)
            *out &= fabs(d->deviation[m * d->grids.n + g])
                    <= d->measures.tolerances[m] + 1e-9;
    d->max_deviation = *out ? d->max_deviation : 0;
    return status;
}

/* ---- the list ---- */

static const char *owner_ref(const plan_division *d, uint32_t owner)
{
    return owner == STORE_NONE ? NULL : d->data->managers.items[owner].ref;
}

static const char *reason_of(const plan_division *d, uint32_t cell)
{
    const uint32_t g = d->grid_of[cell];

    if (!was_owned(d, cell))
        return "left";
    if (g != STORE_NONE && d->grids.items[g].has_joined)
        return "joined";
    return "balance";
}

static json_t *describe_move(const plan_division *d, uint32_t cell)
{
    const uint32_t g = d->grid_of[cell];
    const store_territory *from
        = &d->before.items[d->before.of_cell[cell]];
    plan_division only = *d;

    only.measures.which[0] = PLAN_WORKLOAD;
    return json_pack(
        "{s:s, s:s, s:s?, s:s?, s:s?, s:I, s:I, s:s}", "cell",
        d->data->cells.refs[cell], "from", from->ref, "from_manager",
        owner_ref(d, from->owner), "to",
        g == STORE_NONE ? NULL : d->grids.items[g].ref, "to_manager",
        g == STORE_NONE ? NULL : owner_ref(d, d->grids.items[g].owner),
        "customers", (json_int_t)d->known.customers[cell], "work_s",
        (json_int_t)plan_columns_value(&only, 0, d->branch_of[cell], cell),
        "reason", reason_of(d, cell));
}

gb_status plan_moves_tell(plan_division *d, json_t **out)
{
    json_t *list = json_array();
    gb_status status = list ? GB_OK : base_fail_nomem(d->data->run->ctx);

    for (uint32_t c = 0; c < d->data->cells.n && !status; c++) {
        if (d->previous[c] == GB_GRID_NONE || d->previous[c] == d->grid_of[c]
            || json_array_size(list) >= MOST_MOVES)
            continue;
        if (json_array_append_new(list, describe_move(d, c)))
            status = base_fail_nomem(d->data->run->ctx);
    }
    *out = list;
    return status;
}
