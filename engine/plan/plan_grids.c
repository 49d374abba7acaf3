/*
 * plan_grids.c - who is to have how many territories, and what they go on
 * from (plan_division.h).
 */
#include "plan_division.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_NUMBERS = 1000000 };

/* ---- managers ---- */

static double working_s(const store_manager *m)
{
    const double shift = m->shift_end_s - m->shift_start_s;

    return fmax(1, m->break_from_s == STORE_NO_TIME ? shift
                                                    : shift - m->break_s);
}

/* Is the reference among those of the list, which has commas? */
static bool is_listed(const char *list, const char *ref)
{
    const size_t n = strlen(ref);

    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ",");

        if (length == n && memcmp(at, ref, n) == 0)
            return true;
        at += length + (at[length] == ',');
    }
    return false;
}

/* Each reference of the list must be a manager's. */
static gb_status check_left(const plan_division *d)
{
    const store_managers *managers = &d->data->managers;

    for (const char *at = d->data->settings->given.left; at && *at;) {
        const size_t n = strcspn(at, ",");
        bool is_there = false;

        for (size_t m = 0; m < managers->n; m++)
            is_there |= strlen(managers->items[m].ref) == n
                        && memcmp(managers->items[m].ref, at, n) == 0;
        if (!is_there)
            return base_fail(d->data->run->ctx, GB_ERR_NOT_FOUND,
                             "there is no manager \"%.*s\"",
                             (int)(n < 64 ? n : 64), at);
        at += n + (at[n] == ',');
    }
    return GB_OK;
}

/* A week in seconds; who has left, is yet to come or never works is off. */
static gb_status find_weeks(plan_division *d)
{
    const store_managers *managers = &d->data->managers;
    const int32_t on = d->data->settings->on;

    d->week_s = plan_division_take(d, managers->n, sizeof *d->week_s);
    d->is_off = plan_division_take(d, managers->n, 1);
    if (!d->week_s || !d->is_off)
        return GB_ERR_NOMEM;
    for (size_t m = 0; m < managers->n; m++) {
        const store_manager *manager = &managers->items[m];

        d->week_s[m] = working_s(manager) * d->known.days_a_week[m];
        d->is_off[m]
            = d->week_s[m] <= 0 || manager->branch == STORE_NONE
              || (manager->hired_on != STORE_NO_DAY && manager->hired_on > on)
              || is_listed(d->data->settings->given.left, manager->ref);
    }
    return check_left(d);
}

/* ---- teams ---- */

/* How its managers go, by their hours. */
static void mix_team(plan_division *d, uint32_t branch)
{
    const store_managers *managers = &d->data->managers;
    plan_team *team = &d->teams[branch];
    double day_s = 0;
    size_t n = 0;

    for (size_t m = 0; m < managers->n; m++) {
        if (managers->items[m].branch != branch || d->is_off[m])
            continue;
        team->week_s += d->week_s[m];
        team->mix.of_mode[managers->items[m].mode] += d->week_s[m];
        day_s += working_s(&managers->items[m]);
        n++;
    }
    for (int mode = 0; mode < GB_MODE_COUNT && n > 0; mode++)
        team->mix.of_mode[mode] /= team->week_s;
    team->mix.day_s = n > 0 ? day_s / (double)n : 1;
}

static gb_status find_teams(plan_division *d)
{
    const plan_data *data = d->data;
    const char *only = data->settings->given.branch;
    bool is_there = only == NULL, is_any = false;

    d->teams = plan_division_take(d, data->branches.n, sizeof *d->teams);
    if (!d->teams)
        return GB_ERR_NOMEM;
    for (uint32_t b = 0; b < data->branches.n; b++) {
        const bool is_it
            = only && strcmp(data->branches.items[b].ref, only) == 0;

        mix_team(d, b);
        d->teams[b].is_kept = only && !is_it;
        is_there |= is_it;
        is_any |= d->teams[b].week_s > 0;
    }
    if (!is_there)
        return base_fail(data->run->ctx, GB_ERR_NOT_FOUND,
                         "there is no branch \"%s\"", only);
    if (only && d->before.version == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "there are no territories of the other branches to "
                         "keep: divide all branches first");
    if (!is_any)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "no branch has a manager: import managers first");
    return GB_OK;
}

/* ---- references ---- */

static bool is_taken(const plan_division *d, const char *ref)
{
    for (size_t t = 0; t < d->before.n; t++)
        if (strcmp(d->before.items[t].ref, ref) == 0)
            return true;
    for (size_t g = 0; g < d->grids.n; g++)
        if (d->grids.items[g].ref
            && strcmp(d->grids.items[g].ref, ref) == 0)
            return true;
    return false;
}

/* b01-g01, b01-g02, ...: the first that nobody has, or has had before. */
static const char *new_ref(plan_division *d, uint32_t branch)
{
    char *ref = plan_division_take(d, 112, 1);

    for (uint32_t k = 1; ref && k < MOST_NUMBERS; k++) {
        snprintf(ref, 112, "%.80s-g%02u", d->data->branches.items[branch].ref,
                 k);
        if (!is_taken(d, ref))
            break;
    }
    return ref;
}

static gb_status add_grid(plan_division *d, plan_grid grid)
{
    grid.ref = grid.before != STORE_NONE
                   ? d->before.items[grid.before].ref
                   : new_ref(d, grid.branch);
    if (!grid.ref)
        return GB_ERR_NOMEM;
    d->teams[grid.branch].n++;
    return base_array_push(d->data->run->mem, &d->grids, grid)
               ? GB_OK
               : base_fail_nomem(d->data->run->ctx);
}

/* ---- grids ---- */

/* His j-th territory before, in his branch; none. */
static uint32_t before_of(const plan_division *d, uint32_t manager, size_t j)
{
    for (uint32_t t = 0; t < d->before.n; t++)
        if (d->before.items[t].owner == manager
            && d->before.items[t].branch
                   == d->data->managers.items[manager].branch
            && j-- == 0)
            return t;
    return STORE_NONE;
}

static size_t n_before(const plan_division *d, uint32_t manager)
{
    size_t n = 0;

    for (size_t t = 0; t < d->before.n; t++)
        n += d->before.items[t].owner == manager;
    return n;
}

/* So many for each manager. */
static gb_status grids_of_managers(plan_division *d, uint32_t branch)
{
    const store_managers *managers = &d->data->managers;
    const uint32_t given = d->data->settings->given.grids_per_manager;
    const uint32_t each = given ? given : 1;
    gb_status status = GB_OK;

    for (uint32_t m = 0; m < managers->n; m++)
        for (uint32_t j = 0; j < each && !status; j++)
            if (managers->items[m].branch == branch && !d->is_off[m])
                status = add_grid(d, (plan_grid){ branch, m,
                                                  before_of(d, m, j),
                                                  d->week_s[m] / each, false,
                                                  NULL });
    return status;
}

/* So many for the branch, of one size; whose they are comes later. */
static gb_status grids_of_branch(plan_division *d, uint32_t branch, uint32_t n)
{
    uint32_t t = 0;
    gb_status status = GB_OK;

    for (uint32_t j = 0; j < n && !status; j++) {
        while (t < d->before.n && d->before.items[t].branch != branch)
            t++;
        status = add_grid(d, (plan_grid){ branch, STORE_NONE,
                                          t < d->before.n ? t++ : STORE_NONE,
                                          d->teams[branch].week_s / n, false,
                                          NULL });
    }
    return status;
}

/* Those before, as far as their owners are there; in a branch that is kept,
 * all of them. */
static gb_status grids_before(plan_division *d, uint32_t branch)
{
    gb_status status = GB_OK;

    for (uint32_t t = 0; t < d->before.n && !status; t++) {
        const uint32_t owner = d->before.items[t].owner;
        const bool is_there = owner != STORE_NONE && !d->is_off[owner];

        if (d->before.items[t].branch != branch
            || (!is_there && !d->teams[branch].is_kept))
            continue;
        status = add_grid(
            d, (plan_grid){ branch, owner, t,
                            is_there ? d->week_s[owner]
                                           / (double)n_before(d, owner)
                                     : 1,
                            false, NULL });
    }
    return status;
}

/* A territory of the branch whose owner is gone and that nobody goes on from;
 * none. */
static uint32_t left_behind(const plan_division *d, uint32_t branch)
{
    for (uint32_t t = 0; t < d->before.n; t++) {
        bool is_taken = d->before.items[t].branch != branch;

        for (size_t g = 0; g < d->grids.n; g++)
            is_taken |= d->grids.items[g].before == t;
        if (!is_taken)
            return t;
    }
    return STORE_NONE;
}

/* Who has none yet goes on from what another one left, or gets a new one. */
static gb_status grids_of_joiners(plan_division *d, uint32_t branch)
{
    const store_managers *managers = &d->data->managers;
    gb_status status = GB_OK;

    for (uint32_t m = 0; m < managers->n && !status; m++)
        if (managers->items[m].branch == branch && !d->is_off[m]
            && n_before(d, m) == 0)
            status = add_grid(d, (plan_grid){ branch, m,
                                              left_behind(d, branch),
                                              d->week_s[m], true, NULL });
    return status;
}

static gb_status grids_of_team(plan_division *d, uint32_t branch)
{
    const uint32_t per_branch = d->data->settings->given.grids_per_branch;
    plan_team *team = &d->teams[branch];
    gb_status status;

    team->first = (uint32_t)d->grids.n;
    if (team->is_kept)
        return grids_before(d, branch);
    if (d->how == PLAN_MOVE_LEAST) {
        status = grids_before(d, branch);
        return status ? status : grids_of_joiners(d, branch);
    }
    if (per_branch > 0 && team->week_s > 0)
        return grids_of_branch(d, branch, per_branch);
    return grids_of_managers(d, branch);
}

/* From the territories before to the grids that go on from them. */
static gb_status find_previous(plan_division *d)
{
    const size_t n_cells = d->data->cells.n;
    uint32_t *grid_of = plan_division_take(d, d->before.n, sizeof *grid_of);

    d->previous = plan_division_take(d, n_cells, sizeof *d->previous);
    if (!d->previous || !grid_of)
        return GB_ERR_NOMEM;
    for (size_t t = 0; t < d->before.n; t++)
        grid_of[t] = (uint32_t)d->grids.n;
    for (uint32_t g = 0; g < d->grids.n; g++)
        if (d->grids.items[g].before != STORE_NONE)
            grid_of[d->grids.items[g].before] = g;
    for (size_t c = 0; c < n_cells; c++) {
        const uint32_t t = d->before.version ? d->before.of_cell[c]
                                             : STORE_NONE;

        d->previous[c] = t == STORE_NONE ? GB_GRID_NONE : grid_of[t];
        d->has_previous |= d->previous[c] != GB_GRID_NONE;
    }
    return GB_OK;
}

gb_status plan_grids_find(plan_division *d)
{
    gb_status status = find_weeks(d);

    if (!status)
        status = find_teams(d);
    for (uint32_t b = 0; b < d->data->branches.n && !status; b++)
        status = grids_of_team(d, b);
    return status ? status : find_previous(d);
}
