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
#include "plan_division.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_threads.h"

/* Searches from different starts; what is still not balanced gets more. */
enum { STARTS = 2, STARTS_WITHIN = 4, MORE_STARTS = 8, HALVINGS = 3 };
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
/* Of a share of cells that change hands, where least are to. */
static const double STAY_PUT = 60;
/* A limit of time is for three tries. */
static const double OF_TIME[3] = { 0.5, 0.6, 0.8 };

typedef struct split_verdict {
    bool is_valid, is_balanced;
    double max_deviation;
    uint64_t n_moved;
} split_verdict;

/* One branch, or a group of them, as areas of its own. */
typedef struct split_job {
    plan_division *d;
    uint32_t group; /* the lowest of its branches */
    bool is_settling; /* goes on from grid_of, not from what was before */
    bool is_whole_effort;
    base_arena arena;
    gb_context quiet;
    base_run run;
    uint32_t *cells;   /* of data->cells */
    uint32_t *grids;   /* of d->grids: those that get cells */
    size_t n_cells, n_grids;
    gb_areas areas;
    gb_territory_rules rules;
    gb_territory_options options;
    plan_ground ground;
    plan_parting parting;
    uint8_t *barriers; /* what parts, and what is better not crossed */
    const uint8_t *borders; /* as areas.neighbours: 1 between named areas */
    double *measured;
    double deadline_s;
    uint32_t n_threads, n_starts, n_more_starts;
    uint64_t n_proposals; /* a start; 0: the module's own */
    gb_territories *made;   /* the best so far; NULL: as before, or none */
    const uint32_t *owners; /* n_cells: of `made`, or as before; NULL: none */
    split_verdict verdict;  /* of owners */
} split_job;

typedef struct split {
    plan_division *d;
    split_job *jobs;   /* n_branches: the job of a group at its number */
    uint32_t *todo;    /* n_todo: the groups to divide now */
    size_t n_todo;
    uint32_t *local; /* n_cells: number of a cell within its group */
    uint32_t *area_of; /* n_cells: the named area of a cell; NULL: none asked */
} split;

static uint32_t group_of(const plan_division *d, uint32_t cell)
{
    return d->teams[d->branch_of[cell]].group;
}

static void *take(split_job *j, size_t n, size_t size)
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
    uint32_t *first = take(j, j->n_cells + 1, sizeof *first);
    uint32_t *neighbours, *crossings = NULL;
    uint8_t *borders;
    double *border_m;
    uint32_t n = 0;

    for (size_t a = 0; first && a < j->n_cells; a++) {
        const uint32_t c = j->cells[a];

        first[a] = n;
        for (uint32_t i = all->first_neighbour[c];
             i < all->first_neighbour[c + 1]; i++)
            n += group_of(j->d, all->neighbour[i]) == j->group;
    }
    neighbours = take(j, n, sizeof *neighbours);
    border_m = take(j, n, sizeof *border_m);
    borders = take(j, n, 1);
    if (j->d->crossings)
        crossings = take(j, n, sizeof *crossings);
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

            if (group_of(j->d, other) != j->group)
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
    gb_point *centres = take(j, n, sizeof *centres);
    double *areas_m2 = take(j, n, sizeof *areas_m2);
    double *perimeters_m = take(j, n, sizeof *perimeters_m);
    double *activity = take(j, d->measures.n * n, sizeof *activity);
    uint8_t *has_streets = take(j, n, 1);

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

    j->grids = take(j, d->grids.n, sizeof *j->grids);
    shares = take(j, d->grids.n, sizeof *shares);
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
    uint32_t *previous = take(j, j->n_cells, sizeof *previous);
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
        = take(j, j->n_grids * j->n_cells, sizeof *travel_s);

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
    known = take(j, j->n_grids * j->n_cells, sizeof *known);
    if (!known)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < d->known.n_pairs; i++) {
        const store_known_pair *pair = &d->known.pairs[i];
        const uint32_t a = s->local[pair->cell];

        if (group_of(d, pair->cell) != j->group)
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
            = (int64_t)fmax(left_s * OF_TIME[attempt < 3 ? attempt : 0] * 1000, 1);
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
    uint32_t *locks = take(j, j->n_cells, sizeof *locks);
    uint8_t *frozen = take(j, j->n_grids, 1);
    uint32_t *apart = take(j, 2 * all->n, sizeof *apart);
    uint32_t *barred = take(j, 2 * all->n * j->n_grids, sizeof *barred);
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

        if (rule->cell == STORE_NONE || group_of(d, rule->cell) != j->group)
            continue;
        if (rule->kind == STORE_RULE_APART && rule->other != STORE_NONE
            && group_of(d, rule->other) == j->group) {
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
    j->barriers = take(j, j->areas.first_neighbour[j->n_cells], 1);
    if (!j->barriers)
        return GB_ERR_NOMEM;
    status = plan_parting_find(&j->run, &j->ground, &j->parting);
    set_barriers(j, &j->parting);
    return status;
}

static gb_status divide_group(base_run *worker, size_t thread, size_t i,
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
        if (group_of(d, c) == group)
            s->local[c] = (uint32_t)j->n_cells++;
    j->cells = plan_division_take(d, j->n_cells, sizeof *j->cells);
    if (!j->cells)
        return GB_ERR_NOMEM;
    for (uint32_t c = 0; c < d->data->cells.n; c++)
        if (group_of(d, c) == group)
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
    return base_parallel(s->d->data->run, s->n_todo, divide_group, s);
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
             group_of(d, c) == group && i < cells->first_neighbour[c + 1];
             i++)
            border_m[group_of(d, cells->neighbour[i])] += cells->border_m[i];
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
    uint8_t *frozen = take(j, j->n_grids, 1);

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
