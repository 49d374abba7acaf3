/*
 * plan_branches.c - which branch has which cell (plan_division.h).
 *
 * First by travel time, with a pull towards each branch's part of the work;
 * then, with the whole pull, as territories of their own: so that all
 * managers, whatever their branch, come to about the same hours.
 */
#include "plan_division.h"

#include <math.h>
#include <string.h>

/* Travel counts more between branches than within one. */
static const double BRANCH_TRAVEL_WEIGHT = 2;
/* With many cells a look at each has to do: the catchments are a good start. */
enum { STARTS = 2, MANY_CELLS = 2000, PROPOSALS_A_CELL = 20 };

/* Branches that are to have cells. */
typedef struct branch_search {
    plan_division *d;
    uint32_t *branches; /* n: of data->branches */
    uint32_t *number;   /* n_branches: the other way; none */
    size_t n;
    uint32_t *fixed;    /* n_cells: number of the branch before; none */
    uint32_t *locks;    /* n_cells: number of the branch it must go to; none */
    bool is_any_fixed, is_all_fixed;
    uint32_t *travel_s; /* n rows of n_cells */
    double *work;       /* n_cells */
    double *shares;     /* n */
    uint32_t *owners;   /* n_cells */
    gb_areas areas;
} branch_search;

static gb_status find_branches(branch_search *s)
{
    const plan_division *d = s->d;
    const size_t n_branches = d->data->branches.n;

    s->branches = plan_division_take(s->d, n_branches, sizeof *s->branches);
    s->number = plan_division_take(s->d, n_branches, sizeof *s->number);
    s->shares = plan_division_take(s->d, n_branches, sizeof *s->shares);
    if (!s->branches || !s->number || !s->shares)
        return GB_ERR_NOMEM;
    for (uint32_t b = 0; b < n_branches; b++) {
        s->number[b] = STORE_NONE;
        if (d->teams[b].n == 0)
            continue;
        s->shares[s->n] = fmax(d->teams[b].week_s, 1);
        s->number[b] = (uint32_t)s->n;
        s->branches[s->n++] = b;
    }
    return s->n > 0 ? GB_OK
                    : base_fail(d->data->run->ctx, GB_ERR_STATE,
                                "no branch has a manager: import managers "
                                "first");
}

/* The branch that had a cell, where it still is one with territories. */
static gb_status find_fixed(branch_search *s)
{
    const plan_division *d = s->d;

    s->fixed = plan_division_take(s->d, d->data->cells.n, sizeof *s->fixed);
    if (!s->fixed)
        return GB_ERR_NOMEM;
    s->is_all_fixed = true;
    for (size_t c = 0; c < d->data->cells.n; c++) {
        const uint32_t t
            = d->before.version ? d->before.of_cell[c] : STORE_NONE;

        s->fixed[c] = t == STORE_NONE ? STORE_NONE
                                      : s->number[d->before.items[t].branch];
        s->is_any_fixed |= s->fixed[c] != STORE_NONE;
        s->is_all_fixed &= s->fixed[c] != STORE_NONE;
    }
    return GB_OK;
}

/* Cells that are locked go with the branch of their territory. */
static gb_status find_locks(branch_search *s)
{
    const plan_division *d = s->d;

    s->locks = plan_division_take(s->d, d->data->cells.n, sizeof *s->locks);
    if (!s->locks)
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < d->data->cells.n; c++) {
        const uint32_t g = d->lock_of[c];

        s->locks[c] = g == STORE_NONE ? STORE_NONE
                                      : s->number[d->grids.items[g].branch];
        if (s->locks[c] != STORE_NONE && s->fixed[c] != STORE_NONE)
            s->fixed[c] = s->locks[c];
    }
    return GB_OK;
}

static uint32_t nearest(const branch_search *s, uint32_t cell)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < s->n; i++)
        if (s->travel_s[i * s->d->data->cells.n + cell]
            < s->travel_s[best * s->d->data->cells.n + cell])
            best = i;
    return best;
}

static gb_status find_columns(branch_search *s)
{
    const plan_division *d = s->d;
    const store_cells *cells = &d->data->cells;

    s->travel_s
        = plan_division_take(s->d, s->n * cells->n, sizeof *s->travel_s);
    s->work = plan_division_take(s->d, cells->n, sizeof *s->work);
    s->owners = plan_division_take(s->d, cells->n, sizeof *s->owners);
    if (!s->travel_s || !s->work || !s->owners)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < s->n; i++)
        for (uint32_t c = 0; c < cells->n; c++) {
            const double there_s = plan_columns_there_s(d, s->branches[i], c);

            s->travel_s[i * cells->n + c] = there_s < GB_GRID_UNREACHABLE
                                                ? (uint32_t)there_s
                                                : GB_GRID_UNREACHABLE;
        }
    for (uint32_t c = 0; c < cells->n; c++)
        s->work[c] = plan_columns_value(d, 0, s->branches[nearest(s, c)], c);
    s->areas = (gb_areas)GB_AREAS_INIT;
    s->areas.n_areas = cells->n;
    s->areas.n_measures = 1;
    s->areas.centres = d->centres;
    s->areas.areas_m2 = d->areas_m2;
    s->areas.first_neighbour = cells->first_neighbour;
    s->areas.neighbours = cells->neighbour;
    s->areas.shared_border_m = cells->border_m;
    s->areas.activity = s->work;
    return GB_OK;
}

static gb_status by_travel(branch_search *s, const uint32_t *locks)
{
    plan_data *data = s->d->data;
    const double pull = data->settings->given.pull;
    gb_catchment_options options = GB_CATCHMENT_OPTIONS_INIT;

    options.locks = locks;
    options.shares = pull < 0 ? NULL : s->shares;
    options.pull = pull < 0 ? 0 : pull > 0 ? pull : 1;
    return plan_take(data,
                     gb_catchment_build(&data->quiet, &s->areas, s->n,
                                        s->travel_s, &options, s->owners));
}

/* As territories: even, compact, near; from what is there. */
static gb_status by_balance(branch_search *s)
{
    plan_data *data = s->d->data;
    const gb_plan_options *given = &data->settings->given;
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_territories *made = NULL;
    gb_status status;

    rules.n_territories = s->n;
    rules.shares = s->shares;
    rules.tolerances = s->d->measures.tolerances;
    rules.locks = s->locks;
    options.travel_s = s->travel_s;
    options.travel_weight = BRANCH_TRAVEL_WEIGHT;
    options.previous = s->is_any_fixed ? s->fixed : s->owners;
    options.stay_price = s->is_any_fixed ? given->stay_price : -1;
    options.seed = given->seed;
    options.max_iterations = given->grid_iterations;
    options.n_starts = STARTS;
    if (options.max_iterations == 0 && data->cells.n > MANY_CELLS) {
        options.max_iterations = PROPOSALS_A_CELL * (uint64_t)data->cells.n;
        options.n_starts = 1;
    }
    options.n_threads = given->n_threads;
    if (s->d->deadline_s > 0)
        options.time_limit_ms = (int64_t)fmax(
            (s->d->deadline_s - base_clock_s()) * 1000 / 4, 1);
    status = plan_take(data, gb_territory_build(&data->quiet, &s->areas,
                                                &rules, &options, &made));
    if (!status)
        memcpy(s->owners, gb_territories_owners(made),
               data->cells.n * sizeof *s->owners);
    gb_territories_free(made);
    return status;
}

gb_status plan_branches_find(plan_division *d)
{
    const gb_plan_options *given = &d->data->settings->given;
    const bool is_held = d->how == PLAN_MOVE_LEAST || given->branch;
    const bool is_even = !(given->pull < 0) && !(given->pull > 0 && given->pull < 1);
    branch_search s = { .d = d };
    gb_status status = find_branches(&s);

    if (!status)
        status = find_fixed(&s);
    if (!status)
        status = find_locks(&s);
    if (!status)
        status = find_columns(&s);
    d->branch_of = plan_division_take(d, d->data->cells.n,
                                      sizeof *d->branch_of);
    if (!status && !d->branch_of)
        status = GB_ERR_NOMEM;
    if (!status && is_held && s.is_all_fixed)
        memcpy(s.owners, s.fixed, d->data->cells.n * sizeof *s.owners);
    else if (!status)
        status = by_travel(&s, is_held ? s.fixed : s.locks);
    if (!status && !is_held && is_even && s.n > 1 && s.n <= d->data->cells.n)
        status = by_balance(&s);
    for (size_t c = 0; c < d->data->cells.n && !status; c++)
        d->branch_of[c] = s.branches[s.owners[c]];
    return status;
}
