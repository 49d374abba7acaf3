/*
 * plan_split_job.c - see plan_split_job.h.
 */
#include "plan_split_job.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"

enum { STARTS_WITHIN = 4, HALVINGS = 3 };
/* Of a share of cells that change hands, where least are to. */
static const double STAY_PUT = 60;
/* A limit of time is for three tries. */
static const double OF_TIME[3] = { 0.5, 0.6, 0.8 };

void *plan_split_take(split_job *j, size_t n, size_t size)
{
    void *block = base_arena_alloc(&j->arena, n, size);

    if (block)
        memset(block, 0, n * size);
    else
        base_fail_nomem(j->run.ctx);
    return block;
}

/* ---- the branch as areas ---- */

static gb_status take_neighbours(split_job *j, const split *s)
{
    const store_cells *all = &j->d->data->cells;
    uint32_t *first = plan_split_take(j, j->n_cells + 1, sizeof *first);
    uint32_t *neighbours, *crossings = NULL;
    uint8_t *borders;
    double *border_m;
    uint32_t n = 0;

    for (size_t a = 0; first && a < j->n_cells; a++) {
        const uint32_t c = j->cells[a];

        first[a] = n;
        for (uint32_t i = all->first_neighbour[c];
             i < all->first_neighbour[c + 1]; i++)
            n += plan_split_group(j->d, all->neighbour[i]) == j->group;
    }
    neighbours = plan_split_take(j, n, sizeof *neighbours);
    border_m = plan_split_take(j, n, sizeof *border_m);
    borders = plan_split_take(j, n, 1);
    if (j->d->crossings)
        crossings = plan_split_take(j, n, sizeof *crossings);
    if (!first || !neighbours || !border_m || !borders
        || (j->d->crossings && !crossings))
        return GB_ERR_NOMEM;
    first[j->n_cells] = n;
    n = 0;
    for (size_t a = 0; a < j->n_cells; a++) {
        const uint32_t c = j->cells[a];

        for (uint32_t i = all->first_neighbour[c];
             i < all->first_neighbour[c + 1]; i++) {
            const uint32_t other = all->neighbour[i];

            if (plan_split_group(j->d, other) != j->group)
                continue;
            neighbours[n] = s->local[other];
            border_m[n] = all->border_m[i];
            if (crossings)
                crossings[n] = j->d->crossings[i];
            borders[n] = s->area_of && s->area_of[c] != s->area_of[other];
            n++;
        }
    }
    j->areas.first_neighbour = j->ground.first_neighbour = first;
    j->areas.neighbours = j->ground.neighbour = neighbours;
    j->areas.shared_border_m = j->ground.border_m = border_m;
    j->ground.crossings = crossings;
    j->borders = borders;
    return GB_OK;
}

static gb_status take_columns(split_job *j)
{
    const plan_division *d = j->d;
    const size_t n = j->n_cells;
    gb_point *centres = plan_split_take(j, n, sizeof *centres);
    double *areas_m2 = plan_split_take(j, n, sizeof *areas_m2);
    double *perimeters_m = plan_split_take(j, n, sizeof *perimeters_m);
    double *activity = plan_split_take(j, d->measures.n * n, sizeof *activity);
    uint8_t *has_streets = plan_split_take(j, n, 1);

    if (!centres || !areas_m2 || !perimeters_m || !activity || !has_streets)
        return GB_ERR_NOMEM;
    for (size_t a = 0; a < n; a++) {
        const uint32_t c = j->cells[a];

        centres[a] = d->centres[c];
        areas_m2[a] = d->areas_m2[c];
        perimeters_m[a] = d->perimeters_m[c];
        has_streets[a] = d->has_streets && d->has_streets[c];
        for (size_t m = 0; m < d->measures.n; m++)
            activity[m * n + a] = plan_columns_value(d, m, d->branch_of[c], c);
    }
    j->areas.n_areas = j->ground.n_cells = n;
    j->areas.n_measures = d->measures.n;
    j->areas.centres = centres;
    j->areas.areas_m2 = areas_m2;
    j->areas.perimeters_m = perimeters_m;
    j->areas.activity = j->ground.work_s = activity;
    j->ground.has_streets = has_streets;
    return GB_OK;
}

/* ---- what is asked ---- */

/* With fewer cells than grids the last of them get none. */
static gb_status take_grids(split_job *j)
{
    const plan_division *d = j->d;
    double *shares;

    j->grids = plan_split_take(j, d->grids.n, sizeof *j->grids);
    shares = plan_split_take(j, d->grids.n, sizeof *shares);
    if (!j->grids || !shares)
        return GB_ERR_NOMEM;
    for (uint32_t g = 0; g < d->grids.n && j->n_grids < j->n_cells; g++) {
        const plan_grid *grid = &d->grids.items[g];

        if (d->teams[grid->branch].group != j->group)
            continue;
        shares[j->n_grids] = grid->share_s;
        j->grids[j->n_grids++] = g;
    }
    j->rules.n_territories = j->n_grids;
    j->rules.shares = j->ground.shares = shares;
    j->ground.n_shares = j->n_grids;
    j->rules.tolerances = d->measures.tolerances;
    j->ground.tolerance = d->measures.tolerances[0];
    return GB_OK;
}

/* The job's number of a grid; none where it is not of this job. */
static uint32_t own_number(const split_job *j, uint32_t grid)
{
    for (uint32_t g = 0; g < j->n_grids; g++)
        if (j->grids[g] == grid)
            return g;
    return STORE_NONE;
}

/* What was before; else, of branches put together, what each came to. */
static gb_status take_previous(split_job *j)
{
    const plan_division *d = j->d;
    uint32_t *previous = plan_split_take(j, j->n_cells, sizeof *previous);
    bool is_any = false;

    if (!previous)
        return GB_ERR_NOMEM;
    for (size_t a = 0; a < j->n_cells; a++) {
        const uint32_t c = j->cells[a];
        const uint32_t g = d->has_previous && !j->is_settling
                               ? d->previous[c]
                               : d->grid_of[c];
        const uint32_t own = own_number(j, g);

        if (g != STORE_NONE && own != STORE_NONE)
            previous[a] = own;
        else if (g != STORE_NONE && g >= d->grids.n)
            previous[a] = (uint32_t)j->n_grids; /* has left */
        else
            previous[a] = GB_GRID_NONE;
        is_any |= previous[a] < j->n_grids;
    }
    if (is_any)
        j->options.previous = previous;
    return GB_OK;
}

/* Seconds from the branch by the way that the owner goes. */
static gb_status take_travel(split_job *j)
{
    const plan_division *d = j->d;
    uint32_t *travel_s
        = plan_split_take(j, j->n_grids * j->n_cells, sizeof *travel_s);

    if (!travel_s)
        return GB_ERR_NOMEM;
    for (size_t g = 0; g < j->n_grids; g++) {
        const plan_grid *grid = &d->grids.items[j->grids[g]];
        const uint32_t owner = grid->owner;
        const uint32_t *row
            = owner == STORE_NONE
                  ? NULL
                  : d->travel[d->data->managers.items[owner].mode];

        for (size_t a = 0; a < j->n_cells; a++) {
            const uint32_t c = j->cells[a];
            const double there_s
                = row ? row[(size_t)grid->branch * d->data->cells.n + c]
                      : plan_columns_there_s(d, grid->branch, c);

            travel_s[g * j->n_cells + a]
                = there_s < GB_GRID_UNREACHABLE ? (uint32_t)there_s
                                                : GB_GRID_UNREACHABLE;
        }
    }
    j->options.travel_s = travel_s;
    return GB_OK;
}

/* In units of measure 0: the part of the cell's customers whom he knows. */
static gb_status take_familiarity(split_job *j, const split *s)
{
    const plan_division *d = j->d;
    double *known = NULL;
    bool is_any = false;

    if (d->data->settings->given.familiarity_weight < 0)
        return GB_OK;
    known = plan_split_take(j, j->n_grids * j->n_cells, sizeof *known);
    if (!known)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < d->known.n_pairs; i++) {
        const store_known_pair *pair = &d->known.pairs[i];
        const uint32_t a = s->local[pair->cell];

        if (plan_split_group(d, pair->cell) != j->group)
            continue;
        for (size_t g = 0; g < j->n_grids; g++)
            if (d->grids.items[j->grids[g]].owner == pair->manager) {
                known[g * j->n_cells + a] = pair->customers;
                is_any = true;
            }
    }
    if (is_any)
        j->options.familiarity = known;
    return GB_OK;
}

static void set_options(split_job *j)
{
    const gb_plan_options *given = &j->d->data->settings->given;

    j->options.barrier_weight = given->barrier_weight;
    j->options.travel_weight = given->travel_weight;
    j->options.familiarity_weight = given->familiarity_weight;
    j->options.stay_price
        = j->d->how == PLAN_MOVE_LEAST || j->is_settling ? STAY_PUT
          : j->d->has_previous                           ? given->stay_price
                                                         : -1;
    j->options.seed = given->seed + j->group;
}

/* ---- the search ---- */

/* What parts the ground, and the borders of named areas beside it. */
static void set_barriers(split_job *j, const plan_parting *parting)
{
    const size_t n = j->areas.first_neighbour[j->n_cells];
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        j->barriers[i] = parting->barriers ? parting->barriers[i] : 0;
        if (j->barriers[i] == GB_BARRIER_NONE && j->borders[i])
            j->barriers[i] = GB_BARRIER_SOFT;
        is_any |= j->barriers[i] != GB_BARRIER_NONE;
    }
    j->areas.barriers = is_any ? j->barriers : NULL;
}

static gb_status search(split_job *j, uint32_t n_starts, int attempt,
                        gb_territories **out)
{
    gb_territory_options options = j->options;
    gb_status status;

    options.n_starts = n_starts;
    options.max_iterations = j->n_proposals;
    options.n_threads = j->n_threads;
    options.seed += (uint64_t)attempt << 32;
    if (j->deadline_s > 0) {
        const double left_s = j->deadline_s - base_clock_s();

        options.time_limit_ms
            = (int64_t)fmax(left_s * OF_TIME[attempt < 3 ? attempt : 0] * 1000,
                            1);
    }
    status = gb_territory_build(&j->quiet, &j->areas, &j->rules, &options,
                                out);
    return status ? base_context_adopt(j->run.ctx, &j->quiet) : GB_OK;
}

static split_verdict verdict_of(const gb_territories *made)
{
    gb_territory_summary summary = { .size = sizeof summary };

    gb_territories_summary(made, &summary);
    return (split_verdict){ summary.is_valid, summary.is_balanced,
                            summary.max_deviation, summary.n_moved };
}

/* Fewer breaches, then less out of balance, then fewer moves. */
static bool is_better(const split_verdict *a, const split_verdict *b)
{
    if (a->is_valid != b->is_valid)
        return a->is_valid;
    if (!a->is_valid && fabs(a->max_deviation - b->max_deviation) > 1e-9)
        return a->max_deviation < b->max_deviation;
    return a->n_moved < b->n_moved;
}

/* Search, and take what is found where it is better than what is there. */
static gb_status search_for_better(split_job *j, uint32_t n_starts,
                                   int attempt, bool *is_taken)
{
    gb_territories *other = NULL;
    const gb_status status = search(j, n_starts, attempt, &other);
    split_verdict verdict;

    if (status)
        return status;
    verdict = verdict_of(other);
    *is_taken = !j->owners || is_better(&verdict, &j->verdict);
    gb_territories_free(*is_taken ? j->made : other);
    if (*is_taken) {
        j->made = other;
        j->owners = gb_territories_owners(other);
        j->verdict = verdict;
    }
    return GB_OK;
}

/* Where least is to move and what is there keeps all rules, it stays. */
static gb_status keep_as_before(split_job *j)
{
    gb_territory_rules rules = j->rules;
    size_t n_found = 1;
    gb_status status;

    rules.frozen = NULL; /* they are as they were */
    if (j->d->how != PLAN_MOVE_LEAST || j->owners || !j->options.previous)
        return GB_OK;
    for (size_t a = 0; a < j->n_cells; a++)
        if (j->options.previous[a] >= j->n_grids)
            return GB_OK;
    status = gb_territory_check(&j->quiet, &j->areas, &rules,
                                j->options.previous, NULL, 0, &n_found);
    if (status)
        return base_context_adopt(j->run.ctx, &j->quiet);
    if (n_found > 0)
        return GB_OK;
    j->owners = j->options.previous;
    j->verdict = (split_verdict){ true, true, 0, 0 };
    return GB_OK;
}

/* Where what no street crosses is only better not crossed. */
static gb_status search_lifted(split_job *j)
{
    plan_parting lifted = { 0 };
    bool is_taken = false;
    gb_status status
        = plan_parting_lift(&j->run, &j->ground, &j->parting, &lifted);

    if (!status) {
        set_barriers(j, &lifted);
        status = search_for_better(j, j->n_starts, 2, &is_taken);
    }
    if (!status && is_taken) {
        const plan_parting kept = j->parting;

        j->parting = lifted;
        lifted = kept;
    }
    set_barriers(j, &j->parting);
    plan_parting_clear(j->run.mem, &lifted);
    return status;
}

/* With so many moves at most; *is_enough when that is valid, and taken. */
static gb_status search_within(split_job *j, uint64_t most, bool *is_enough)
{
    j->options.max_moved = most;
    return search_for_better(j, STARTS_WITHIN, 3, is_enough);
}

/*
 * The fewest moves that will do: 1, 2, 4, ... allowed and no more, then
 * halving.  What is allowed little is searched the closer, so the fewest come
 * first.
 */
static gb_status search_fewer_moves(split_job *j)
{
    const uint64_t allowed = j->options.max_moved;
    uint64_t too_few = 0;
    bool is_enough = false;
    gb_status status = GB_OK;

    for (uint64_t most = 1; j->verdict.is_valid && most < j->verdict.n_moved
                            && !is_enough && !status;
         most *= 2) {
        status = search_within(j, most, &is_enough);
        if (!is_enough)
            too_few = most;
    }
    for (int k = 0; j->verdict.is_valid && k < HALVINGS
                    && j->verdict.n_moved > too_few + 1 && !status;
         k++) {
        const uint64_t most
            = too_few + (j->verdict.n_moved - too_few) / 2;

        status = search_within(j, most, &is_enough);
        if (!is_enough)
            too_few = most;
    }
    j->options.max_moved = allowed;
    return status;
}

/* From the best that there is, where nothing before is to be kept to. */
static gb_status search_on(split_job *j, bool *is_taken)
{
    const uint32_t *previous = j->options.previous;
    const double stay_price = j->options.stay_price;
    gb_status status;

    *is_taken = false;
    if (j->d->how == PLAN_MOVE_LEAST || j->rules.frozen)
        return GB_OK;
    j->options.previous = j->owners;
    j->options.stay_price = -1;
    status = search_for_better(j, j->n_starts, 2, is_taken);
    j->options.previous = previous;
    j->options.stay_price = stay_price;
    return status;
}

/* Harder and harder. */
static gb_status search_at_last(split_job *j)
{
    bool is_taken;
    gb_status status = keep_as_before(j);

    if (!status && !j->owners)
        status = search_for_better(j, j->n_starts, 0, &is_taken);
    if (status)
        return status;
    if (j->is_whole_effort && !j->verdict.is_valid)
        status = search_for_better(j, j->n_more_starts, 1, &is_taken);
    if (!status && j->n_more_starts > 1 && j->is_whole_effort
        && !j->verdict.is_valid)
        status = search_on(j, &is_taken);
    if (!status && j->is_whole_effort && !j->verdict.is_balanced
        && j->parting.n_hard > 0)
        status = search_lifted(j);
    if (!status && j->d->how == PLAN_MOVE_LEAST)
        status = search_fewer_moves(j);
    return status;
}

/* So much of the time as falls to this round of this thread. */
static void set_deadline(split_job *j, base_run *worker, size_t i, size_t n)
{
    const size_t n_threads = base_parallel_threads(worker, n);
    const size_t rounds = (n - i + n_threads - 1) / n_threads;
    const double now_s = base_clock_s();

    if (j->d->deadline_s > 0)
        j->deadline_s
            = now_s + (j->d->deadline_s - now_s) / (double)rounds;
}

/* Locks, bars, pairs and freezes, as far as they are about this job. */
static gb_status take_rules(split_job *j, const split *s)
{
    const plan_division *d = j->d;
    const store_ground_rules *all = &d->rules;
    uint32_t *locks = plan_split_take(j, j->n_cells, sizeof *locks);
    uint8_t *frozen = plan_split_take(j, j->n_grids, 1);
    uint32_t *apart = plan_split_take(j, 2 * all->n, sizeof *apart);
    uint32_t *barred
        = plan_split_take(j, 2 * all->n * j->n_grids, sizeof *barred);
    bool is_locked = false, is_frozen = false;

    if (!locks || !frozen || !apart || !barred)
        return GB_ERR_NOMEM;
    for (size_t a = 0; a < j->n_cells; a++) {
        locks[a] = d->lock_of[j->cells[a]] == STORE_NONE
                       ? GB_GRID_NONE
                       : own_number(j, d->lock_of[j->cells[a]]);
        is_locked |= locks[a] != GB_GRID_NONE;
    }
    for (size_t g = 0; g < j->n_grids; g++) {
        frozen[g] = d->is_frozen[j->grids[g]];
        is_frozen |= frozen[g];
    }
    for (size_t i = 0; i < all->n; i++) {
        const store_ground_rule *rule = &all->items[i];

        if (rule->cell == STORE_NONE
            || plan_split_group(d, rule->cell) != j->group)
            continue;
        if (rule->kind == STORE_RULE_APART && rule->other != STORE_NONE
            && plan_split_group(d, rule->other) == j->group) {
            apart[2 * j->rules.n_apart] = s->local[rule->cell];
            apart[2 * j->rules.n_apart++ + 1] = s->local[rule->other];
        }
        for (uint32_t g = 0;
             g < j->n_grids && rule->kind == STORE_RULE_BARRED; g++) {
            if (d->grids.items[j->grids[g]].owner != rule->manager
                || rule->manager == STORE_NONE)
                continue;
            barred[2 * j->rules.n_barred] = s->local[rule->cell];
            barred[2 * j->rules.n_barred++ + 1] = g;
        }
    }
    j->rules.locks = is_locked ? locks : NULL;
    j->rules.frozen = is_frozen && j->options.previous ? frozen : NULL;
    j->rules.apart = j->rules.n_apart > 0 ? apart : NULL;
    j->rules.barred = j->rules.n_barred > 0 ? barred : NULL;
    return GB_OK;
}

static gb_status prepare(split_job *j, const split *s)
{
    gb_status status = take_neighbours(j, s);

    if (!status)
        status = take_columns(j);
    if (!status)
        status = take_grids(j);
    if (!status)
        status = take_previous(j);
    if (!status)
        status = take_travel(j);
    if (!status)
        status = take_familiarity(j, s);
    if (!status)
        status = take_rules(j, s);
    if (status)
        return status;
    set_options(j);
    j->barriers = plan_split_take(j, j->areas.first_neighbour[j->n_cells], 1);
    if (!j->barriers)
        return GB_ERR_NOMEM;
    status = plan_parting_find(&j->run, &j->ground, &j->parting);
    set_barriers(j, &j->parting);
    return status;
}

gb_status plan_split_divide(base_run *worker, size_t thread, size_t i,
                            void *user)
{
    const split *s = user;
    split_job *j = &s->jobs[s->todo[i]];
    gb_status status = GB_OK;

    (void)thread;
    j->run = *worker;
    base_context_fork(&j->quiet, worker->ctx);
    if (!j->arena.mem) { /* the first time */
        base_arena_init(&j->arena, worker->mem);
        status = prepare(j, s);
    }
    set_deadline(j, worker, i, s->n_todo);
    if (!status)
        status = search_at_last(j);
    base_context_join(&j->quiet);
    return status;
}
