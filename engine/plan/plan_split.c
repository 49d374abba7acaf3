/*
 * plan_split.c - each branch's cells into its territories
 * (plan_division.h).
 *
 * Branches do not depend on each other: they are divided on several threads,
 * each by a search of its own, and what comes out is written to its own cells
 * alone.  So the answer is the same for any number of threads, unless a time
 * limit ends the searches.
 *
 * Where a branch cannot keep the tolerance among its own cells, it is divided
 * together with the branch that it has the longest border with, and so on: a
 * group of branches shares out what it has to all their managers.
 */
#include "plan_split_job.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"

/* Searches from different starts; what is still not balanced gets more. */
enum { STARTS = 2, MORE_STARTS = 8 };
/*
 * Many branches share the time that people wait: from so many on each gets
 * one start, and so many proposals a cell, but not fewer than the least; and
 * so many starts in all go to what is still not balanced.
 */
enum { FEW_JOBS = 8, PROPOSALS_A_CELL = 100, LEAST_PROPOSALS = 50000,
       STARTS_IN_ALL = 32 };
/* Branches are put together so often, and to so many territories at most. */
enum { JOININGS = 4, MOST_JOINED = 64, MOST_JOINED_OF_MANY = 20,
       SETTLINGS = 3 };

/* ---- jobs ---- */

static void clear_job(const split *s, split_job *j)
{
    gb_territories_free(j->made);
    plan_parting_clear(s->d->data->run->mem, &j->parting);
    if (j->arena.mem)
        base_arena_clear(&j->arena);
    memset(j, 0, sizeof *j);
}

/* The cells of a group, numbered from 0. */
static gb_status make_job(split *s, uint32_t group)
{
    plan_division *d = s->d;
    split_job *j = &s->jobs[group];

    clear_job(s, j);
    j->d = d;
    j->group = group;
    j->areas = (gb_areas)GB_AREAS_INIT;
    j->rules = (gb_territory_rules)GB_TERRITORY_RULES_INIT;
    j->options = (gb_territory_options)GB_TERRITORY_OPTIONS_INIT;
    for (uint32_t c = 0; c < d->data->cells.n; c++)
        if (plan_split_group(d, c) == group)
            s->local[c] = (uint32_t)j->n_cells++;
    j->cells = plan_division_take(d, j->n_cells, sizeof *j->cells);
    if (!j->cells)
        return GB_ERR_NOMEM;
    for (uint32_t c = 0; c < d->data->cells.n; c++)
        if (plan_split_group(d, c) == group)
            j->cells[s->local[c]] = c;
    return GB_OK;
}

static gb_status make_jobs(split *s)
{
    plan_division *d = s->d;
    const size_t n_branches = d->data->branches.n;
    gb_status status = GB_OK;

    s->local = plan_division_take(d, d->data->cells.n, sizeof *s->local);
    s->jobs = plan_division_take(d, n_branches, sizeof *s->jobs);
    s->todo = plan_division_take(d, n_branches, sizeof *s->todo);
    if (!s->local || !s->jobs || !s->todo)
        return GB_ERR_NOMEM;
    for (uint32_t b = 0; b < n_branches; b++)
        d->teams[b].group = b;
    for (uint32_t b = 0; b < n_branches && !status; b++) {
        if (d->teams[b].is_kept || d->teams[b].n == 0)
            continue;
        status = make_job(s, b);
        if (!status && s->jobs[b].n_cells > 0)
            s->todo[s->n_todo++] = b;
    }
    return status;
}

/* How hard each of the jobs to do is searched. */
static void set_effort(split *s, split_job *j)
{
    const gb_plan_options *given = &s->d->data->settings->given;
    const size_t n = s->n_todo;
    const uint64_t wanted = PROPOSALS_A_CELL * (uint64_t)j->n_cells;

    j->n_threads = given->n_threads / (uint32_t)n;
    j->n_starts = n > FEW_JOBS ? 1 : STARTS;
    j->n_more_starts = STARTS_IN_ALL / (uint32_t)n;
    if (j->n_more_starts > MORE_STARTS)
        j->n_more_starts = MORE_STARTS;
    if (j->n_more_starts < 1)
        j->n_more_starts = 1;
    j->n_proposals = given->grid_iterations;
    if (j->n_proposals == 0 && n > FEW_JOBS)
        j->n_proposals
            = wanted > LEAST_PROPOSALS ? wanted : LEAST_PROPOSALS;
}

static gb_status run_jobs(split *s)
{
    for (size_t i = 0; i < s->n_todo; i++)
        set_effort(s, &s->jobs[s->todo[i]]);
    return base_parallel(s->d->data->run, s->n_todo, plan_split_divide, s);
}

/* What has been found, to the cells; a cell goes with its grid's branch. */
static void take_answer(plan_division *d, const split_job *j)
{
    const uint32_t *owners = j->owners;

    for (size_t a = 0; a < j->n_cells; a++) {
        const uint32_t c = j->cells[a];

        d->grid_of[c]
            = owners[a] < j->n_grids ? j->grids[owners[a]] : STORE_NONE;
        if (d->grid_of[c] != STORE_NONE)
            d->branch_of[c] = d->grids.items[d->grid_of[c]].branch;
    }
}

/* ---- branches put together ---- */

static size_t grids_in(const plan_division *d, uint32_t group)
{
    size_t n = 0;

    for (size_t b = 0; b < d->data->branches.n; b++)
        n += d->teams[b].group == group ? d->teams[b].n : 0;
    return n;
}

/* The group with the longest border that it may be put together with. */
static uint32_t nearest_group(const split *s, uint32_t group, double *border_m)
{
    const plan_division *d = s->d;
    const store_cells *cells = &d->data->cells;
    const size_t n = grids_in(d, group);
    const size_t most = d->data->branches.n > FEW_JOBS ? MOST_JOINED_OF_MANY
                                                       : MOST_JOINED;
    uint32_t best = STORE_NONE;

    memset(border_m, 0, d->data->branches.n * sizeof *border_m);
    for (uint32_t c = 0; c < cells->n; c++)
        for (uint32_t i = cells->first_neighbour[c];
             plan_split_group(d, c) == group
             && i < cells->first_neighbour[c + 1];
             i++)
            border_m[plan_split_group(d, cells->neighbour[i])]
                += cells->border_m[i];
    for (uint32_t b = 0; b < d->data->branches.n; b++)
        if (b != group && border_m[b] > 0 && s->jobs[b].owners
            && n + grids_in(d, b) <= most
            && (best == STORE_NONE || border_m[b] > border_m[best]))
            best = b;
    return best;
}

/* The two as one job, at the lower number. */
static gb_status join_groups(split *s, uint32_t a, uint32_t b)
{
    plan_division *d = s->d;
    const uint32_t low = a < b ? a : b, high = a < b ? b : a;

    for (size_t t = 0; t < d->data->branches.n; t++)
        if (d->teams[t].group == high)
            d->teams[t].group = low;
    clear_job(s, &s->jobs[high]);
    return make_job(s, low);
}

/* Each group out of balance with its nearest one; the new ones are to do. */
static gb_status join_unbalanced(split *s)
{
    plan_division *d = s->d;
    const size_t n_branches = d->data->branches.n;
    double *border_m = plan_division_take(d, n_branches, sizeof *border_m);
    gb_status status = border_m ? GB_OK : GB_ERR_NOMEM;

    for (uint32_t b = 0; b < n_branches && !status; b++) {
        uint32_t other;

        if (!s->jobs[b].owners || s->jobs[b].verdict.is_balanced)
            continue;
        other = nearest_group(s, b, border_m);
        if (other != STORE_NONE)
            status = join_groups(s, b, other);
    }
    s->n_todo = 0;
    for (uint32_t b = 0; b < n_branches; b++)
        if (s->jobs[b].d && s->jobs[b].n_cells > 0 && !s->jobs[b].owners)
            s->todo[s->n_todo++] = b;
    return status;
}

static gb_status put_together(split *s)
{
    gb_status status = GB_OK;

    const int rounds = s->n_todo > FEW_JOBS ? JOININGS / 2 : JOININGS;

    for (int round = 0; round < rounds && !status; round++) {
        status = join_unbalanced(s);
        if (status || s->n_todo == 0)
            break;
        status = run_jobs(s);
        for (size_t i = 0; i < s->n_todo && !status; i++)
            take_answer(s->d, &s->jobs[s->todo[i]]);
    }
    return status;
}

/*
 * Is what each grid has now, every cell at its present branch, within the
 * tolerance?
 */
static gb_status is_settled(const split *s, const split_job *j, bool *out)
{
    plan_division *d = s->d;
    double *has = base_alloc_array(d->data->run->mem, d->grids.n,
                                   sizeof *has);

    *out = has != NULL;
    for (size_t m = 0; m < d->measures.n && *out; m++) {
        double all = 0, shares = 0;

        memset(has, 0, d->grids.n * sizeof *has);
        for (size_t a = 0; a < j->n_cells; a++) {
            const uint32_t c = j->cells[a];
            const double value
                = plan_columns_value(d, m, d->branch_of[c], c);

            all += value;
            if (d->grid_of[c] != STORE_NONE)
                has[d->grid_of[c]] += value;
        }
        for (size_t g = 0; g < j->n_grids; g++)
            shares += j->rules.shares[g];
        for (size_t g = 0; g < j->n_grids; g++) {
            const double goal = all * j->rules.shares[g] / shares;

            *out &= fabs(has[j->grids[g]] - goal)
                    <= goal * d->measures.tolerances[m] * (1 + 1e-9);
        }
    }
    base_free(d->data->run->mem, has);
    return has ? GB_OK : base_fail_nomem(d->data->run->ctx);
}

/*
 * A cell that goes to another branch is farther from it, or nearer: its work
 * is another.  So groups of several branches are divided again with what the
 * cells are now, from what they are, until that keeps the tolerance, too.
 */
static gb_status settle(split *s)
{
    plan_division *d = s->d;
    gb_status status = GB_OK;

    for (int round = 0; round < SETTLINGS && !status; round++) {
        s->n_todo = 0;
        for (uint32_t b = 0; b < d->data->branches.n && !status; b++) {
            bool is_done = true;

            if (s->jobs[b].owners
                && grids_in(d, b) > d->teams[b].n /* a group of several */
                && s->jobs[b].verdict.is_balanced)
                status = is_settled(s, &s->jobs[b], &is_done);
            if (status || is_done)
                continue;
            status = make_job(s, b);
            s->jobs[b].is_settling = d->how == PLAN_AFRESH;
            s->todo[s->n_todo++] = b;
        }
        if (status || s->n_todo == 0)
            break;
        status = run_jobs(s);
        for (size_t i = 0; i < s->n_todo && !status; i++)
            take_answer(d, &s->jobs[s->todo[i]]);
    }
    return status;
}

/* ---- a budget of moves ---- */

/* Is there a grid that has no cell to begin from? */
static bool has_joiner(const split_job *j)
{
    for (size_t g = 0; g < j->n_grids; g++)
        if (j->d->grids.items[j->grids[g]].before == STORE_NONE)
            return true;
    return false;
}

/* No cell may change hands that has somebody. */
static gb_status freeze_all(split_job *j)
{
    uint8_t *frozen = plan_split_take(j, j->n_grids, 1);

    for (size_t a = 0; a < j->n_cells; a++)
        if (!j->options.previous || j->options.previous[a] >= j->n_grids) {
            j->options.max_moved = 1; /* cells without anybody: the least */
            return frozen ? GB_OK : GB_ERR_NOMEM;
        }
    if (!frozen)
        return GB_ERR_NOMEM;
    memset(frozen, 1, j->n_grids);
    j->rules.frozen = frozen;
    return GB_OK;
}

static gb_status limit_moves(split_job *j, uint64_t most)
{
    gb_territories_free(j->made);
    j->made = NULL;
    j->owners = NULL;
    j->options.max_moved = most;
    return most > 0 ? GB_OK : freeze_all(j);
}

/*
 * Where more would change hands than may: to each group its part, in
 * proportion to what it would take; who has joined gets one cell at least.
 */
static gb_status keep_to_budget(split *s)
{
    plan_division *d = s->d;
    const uint32_t n_branches = (uint32_t)d->data->branches.n;
    uint64_t n_moved = 0, left = d->budget;
    bool is_balanced = true;
    gb_status status = GB_OK;

    for (uint32_t b = 0; b < n_branches; b++)
        if (s->jobs[b].owners) {
            n_moved += s->jobs[b].verdict.n_moved;
            is_balanced &= s->jobs[b].verdict.is_balanced;
        }
    if (n_moved <= d->budget)
        return GB_OK;
    d->n_enough = is_balanced ? n_moved : 0;
    for (uint32_t b = 0; b < n_branches; b++)
        left -= s->jobs[b].owners && has_joiner(&s->jobs[b]) && left > 0;
    s->n_todo = 0;
    for (uint32_t b = 0; b < n_branches && !status; b++) {
        split_job *j = &s->jobs[b];
        const uint64_t wanted = j->owners ? j->verdict.n_moved : 0;
        const uint64_t first = j->owners && has_joiner(j);
        const uint64_t part
            = n_moved > 0 ? left * wanted / n_moved : 0;

        n_moved -= wanted;
        left -= part;
        if (part + first >= wanted)
            continue;
        j->run.ctx = d->data->run->ctx;
        status = limit_moves(j, part + first);
        s->todo[s->n_todo++] = b;
    }
    return status ? status : run_jobs(s);
}

/* ---- the whole ---- */

/* The cells of branches that are kept stay as they are. */
static void take_kept(const plan_division *d)
{
    for (size_t c = 0; c < d->data->cells.n; c++)
        d->grid_of[c] = d->teams[d->branch_of[c]].is_kept
                                && d->previous[c] < d->grids.n
                            ? d->previous[c]
                            : STORE_NONE;
}

static gb_status tell_job(split *s, split_job *j)
{
    plan_division *d = s->d;
    size_t n = 0;
    const gb_territory_finding *findings
        = j->made ? gb_territories_findings(j->made, &n) : NULL;
    gb_status status = GB_OK;

    for (size_t i = 0; i < n && !status; i++)
        status = plan_told_add(d, &findings[i], j->cells, j->n_cells,
                               j->grids, j->n_grids);
    for (size_t i = 0; i < j->parting.joined.n; i++) {
        plan_joined *joined = &j->parting.joined.items[i];

        joined->a = j->cells[joined->a];
        joined->b = j->cells[joined->b];
    }
    d->n_hard += j->parting.n_hard;
    d->n_soft += j->parting.n_soft;
    d->is_balanced &= j->verdict.is_balanced;
    return status ? status
                  : plan_parting_tell(d->data, &j->parting, d->grid_of,
                                      d->findings);
}

static void find_unbalanced(split *s)
{
    s->n_todo = 0;
    for (uint32_t b = 0; b < s->d->data->branches.n; b++)
        if (s->jobs[b].owners && !s->jobs[b].verdict.is_valid) {
            s->jobs[b].is_whole_effort = true;
            s->todo[s->n_todo++] = b;
        }
}

static void take_answers(const split *s)
{
    for (uint32_t b = 0; b < s->d->data->branches.n; b++)
        if (s->jobs[b].owners)
            take_answer(s->d, &s->jobs[b]);
}

static gb_status split_all(split *s)
{
    plan_division *d = s->d;
    const bool is_alone = d->data->settings->given.branch != NULL;
    gb_status status;

    take_kept(d);
    status = run_jobs(s);
    take_answers(s);
    if (!status && !is_alone)
        status = put_together(s);
    if (!status) {
        find_unbalanced(s);
        status = run_jobs(s);
    }
    take_answers(s);
    if (!status && !is_alone)
        status = settle(s);
    if (!status && d->how == PLAN_MOVE_LEAST)
        status = keep_to_budget(s);
    take_answers(s);
    d->is_balanced = true;
    for (uint32_t b = 0; b < d->data->branches.n && !status; b++)
        if (s->jobs[b].owners)
            status = tell_job(s, &s->jobs[b]);
    return status;
}

gb_status plan_split(plan_division *d)
{
    split s = { .d = d };
    gb_status status = make_jobs(&s);

    if (!status)
        status = plan_borders_find(d, &s.area_of);
    if (!status) {
        base_run_phase(d->data->run, GB_N("dividing cells among managers"), 0,
                       1, s.n_todo);
        status = split_all(&s);
    }
    for (uint32_t b = 0; s.jobs && b < d->data->branches.n; b++)
        clear_job(&s, &s.jobs[b]);
    return status;
}
