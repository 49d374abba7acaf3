/*
 * plan_territory.c - see plan_territory.h.
 */
#include "plan_territory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo_faces.h"
#include "plan_division.h"

enum { MOST_COLOURS = 12 };

void *plan_division_take(plan_division *d, size_t n, size_t size)
{
    void *block = base_arena_alloc(&d->arena, n, size);

    if (block)
        memset(block, 0, n * size);
    else
        base_fail_nomem(d->data->run->ctx);
    return block;
}

/* ---- colours ---- */

/* Which territories have a border in common: n rows of n. */
static void find_neighbours(const plan_division *d, uint8_t *are_neighbours)
{
    const store_cells *cells = &d->data->cells;

    for (size_t c = 0; c < cells->n; c++)
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++) {
            const uint32_t a = d->grid_of[c];
            const uint32_t b = d->grid_of[cells->neighbour[i]];

            if (a != STORE_NONE && b != STORE_NONE)
                are_neighbours[a * d->grids.n + b] = 1;
        }
}

/*
 * Within a branch each has a colour of its own as long as there are enough;
 * between branches, one that no neighbour before it has.
 */
static gb_status colour(plan_division *d, int32_t *colours)
{
    const size_t n = d->grids.n;
    uint8_t *are_neighbours = plan_division_take(d, n * n, 1);

    if (!are_neighbours)
        return GB_ERR_NOMEM;
    find_neighbours(d, are_neighbours);
    for (size_t t = 0; t < n; t++) {
        const size_t first = d->teams[d->grids.items[t].branch].first;
        uint32_t near = 0, taken = 0; /* by neighbours, by the branch */

        for (size_t other = 0; other < t; other++) {
            if (are_neighbours[t * n + other])
                near |= UINT32_C(1) << colours[other];
            if (other >= first)
                taken |= UINT32_C(1) << colours[other];
        }
        taken |= near;
        if (taken == (UINT32_C(1) << MOST_COLOURS) - 1)
            taken = near; /* not enough for all: neighbours must differ */
        colours[t] = (int32_t)(t - first) % MOST_COLOURS;
        for (int32_t k = 0; k < MOST_COLOURS && (taken >> colours[t] & 1); k++)
            colours[t] = (colours[t] + 1) % MOST_COLOURS;
    }
    return GB_OK;
}

/* ---- saving ---- */

/* Does any measure lie beyond its tolerance? */
static bool exceeds(const plan_division *d, size_t g)
{
    for (size_t m = 0; m < d->measures.n; m++)
        if (fabs(d->deviation[m * d->grids.n + g])
            > d->measures.tolerances[m] + 1e-9)
            return true;
    return false;
}

/* What is said of one territory, and of none. */
static gb_status findings_of(plan_division *d, const char *ref,
                             const char **out)
{
    json_t *own = json_array();
    size_t i;
    json_t *row;
    char *text = NULL, *kept = NULL;

    json_array_foreach(d->findings, i, row) {
        const char *of = json_string_value(json_object_get(row, "territory"));

        if (!of || strcmp(of, ref) == 0)
            json_array_append(own, row);
    }
    text = own ? json_dumps(own, JSON_COMPACT) : NULL;
    if (text)
        kept = plan_division_take(d, strlen(text) + 1, 1);
    if (kept)
        strcpy(kept, text);
    free(text);
    json_decref(own);
    *out = kept;
    return kept ? GB_OK : base_fail_nomem(d->data->run->ctx);
}

static gb_status make_items(plan_division *d, store_territory_in *items)
{
    int32_t *colours
        = plan_division_take(d, d->grids.n, sizeof *colours);
    gb_status status = colours ? colour(d, colours) : GB_ERR_NOMEM;

    for (size_t g = 0; g < d->grids.n && !status; g++) {
        const plan_grid *grid = &d->grids.items[g];

        items[g].ref = grid->ref;
        items[g].branch_id = d->data->branches.items[grid->branch].id;
        items[g].owner_id
            = grid->owner == STORE_NONE
                  ? 0
                  : d->data->managers.items[grid->owner].id;
        items[g].colour = colours[g];
        items[g].activity = d->has[PLAN_WORKLOAD][g];
        if (exceeds(d, g))
            status = findings_of(d, grid->ref, &items[g].exceeds_json);
    }
    return status;
}

/* What it was made by, so that a later night knows by what to judge it. */
static char *options_text(const plan_division *d)
{
    json_t *measures = json_object();
    json_t *options = json_pack("{s:O}", "measures", measures);
    char *text;

    for (size_t m = 0; m < d->measures.n; m++)
        json_object_set_new(measures,
                            plan_activity_names[d->measures.which[m]],
                            json_real(d->measures.tolerances[m]));
    text = options ? json_dumps(options, JSON_COMPACT
                                             | JSON_REAL_PRECISION(12))
                   : NULL;
    json_decref(options);
    json_decref(measures);
    return text;
}

static gb_status save_with(plan_division *d, const geo_shapes *outlines,
                           int64_t *version)
{
    const gb_shapes view = geo_shapes_view(outlines);
    store_territory_in *items
        = plan_division_take(d, d->grids.n, sizeof *items);
    char *options = options_text(d);
    store_territories_in in = { 0 };
    gb_status status = !items     ? GB_ERR_NOMEM
                       : !options ? base_fail_nomem(d->data->run->ctx)
                                  : make_items(d, items);

    in.items = items;
    in.n = d->grids.n;
    in.of_cell = d->grid_of;
    in.outlines = &view;
    in.owner_from = d->data->settings->on;
    in.measure = "work_s";
    in.options_json = options;
    in.made_from = d->before.version;
    in.n_measures = d->measures.n;
    if (!status)
        status = plan_kept_find(d, &in.measures);
    if (!status)
        status = store_save_territories(d->data->ws, &d->data->cells, &in,
                                        version);
    free(options);
    return status;
}

static gb_status save(plan_division *d, int64_t *version)
{
    geo_edges edges = { 0 };
    geo_shapes outlines;
    gb_status status;

    geo_shapes_init(&outlines, d->data->run->mem);
    edges.mem = d->data->run->mem;
    status = geo_edges_build(d->data->run->ctx, &d->data->cells.shapes,
                             &edges);
    if (!status)
        status = geo_dissolve(d->data->run->ctx, &edges, d->grid_of,
                              d->grids.n, &outlines);
    if (!status)
        status = save_with(d, &outlines, version);
    geo_edges_clear(&edges);
    geo_shapes_clear(&outlines);
    return status;
}

/* ---- the answer ---- */

static double round_ratio(double ratio)
{
    return round(ratio * 1e6) / 1e6;
}

static json_t *describe_grid(const plan_division *d, size_t g)
{
    const plan_grid *grid = &d->grids.items[g];
    double off = 0;

    for (size_t m = 0; m < d->measures.n; m++)
        if (fabs(d->deviation[m * d->grids.n + g]) > fabs(off))
            off = d->deviation[m * d->grids.n + g];
    return json_pack(
        "{s:s, s:s, s:s?, s:I, s:I, s:I, s:I, s:I, s:f}", "territory",
        grid->ref, "branch", d->data->branches.items[grid->branch].ref,
        "manager",
        grid->owner == STORE_NONE
            ? NULL
            : d->data->managers.items[grid->owner].ref,
        "cells", (json_int_t)d->n_cells_of[g], "work_s",
        (json_int_t)d->has[PLAN_WORKLOAD][g], "targets",
        (json_int_t)d->has[PLAN_TARGETS][g], "value",
        (json_int_t)d->has[PLAN_VALUE][g], "customers",
        (json_int_t)d->has[PLAN_CUSTOMERS][g], "deviation",
        round_ratio(off));
}

static json_t *describe_grids(const plan_division *d)
{
    json_t *list = json_array();

    for (size_t g = 0; g < d->grids.n; g++)
        json_array_append_new(list, describe_grid(d, g));
    return list;
}

/* How the work of a branch compares with the hours of its managers. */
static json_t *describe_branches(const plan_division *d)
{
    json_t *list = json_array();
    double work_s = 0, week_s = 0;

    for (size_t g = 0; g < d->grids.n; g++)
        work_s += d->has[PLAN_WORKLOAD][g];
    for (size_t b = 0; b < d->data->branches.n; b++)
        week_s += d->teams[b].n > 0 ? d->teams[b].week_s : 0;
    for (size_t b = 0; b < d->data->branches.n; b++) {
        const plan_team *team = &d->teams[b];
        double own_s = 0;

        for (uint32_t g = team->first; g < team->first + team->n; g++)
            own_s += d->has[PLAN_WORKLOAD][g];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:I, s:f}", "branch",
                      d->data->branches.items[b].ref, "shares_with",
                      d->data->branches.items[team->group].ref, "territories",
                      (json_int_t)team->n, "work_s", (json_int_t)own_s,
                      "deviation",
                      team->n > 0 && work_s > 0
                          ? round_ratio(own_s * week_s
                                            / (work_s * team->week_s)
                                        - 1)
                          : 0.0));
    }
    return list;
}

static json_t *describe_measures(const plan_division *d)
{
    json_t *list = json_array();

    for (size_t m = 0; m < d->measures.n; m++) {
        double most = 0;

        for (size_t g = 0; g < d->grids.n; g++)
            most = fmax(most, fabs(d->deviation[m * d->grids.n + g]));
        json_array_append_new(
            list, json_pack("{s:s, s:f, s:f}", "measure",
                            plan_activity_names[d->measures.which[m]],
                            "tolerance", d->measures.tolerances[m],
                            "max_deviation", round_ratio(most)));
    }
    return list;
}

/* Territories that go on under another manager. */
static json_t *describe_handovers(const plan_division *d)
{
    json_t *list = json_array();

    for (size_t g = 0; g < d->grids.n; g++) {
        const plan_grid *grid = &d->grids.items[g];
        uint32_t from;

        if (grid->before == STORE_NONE || grid->owner == STORE_NONE)
            continue;
        from = d->before.items[grid->before].owner;
        if (from != grid->owner)
            json_array_append_new(
                list,
                json_pack("{s:s, s:s?, s:s}", "territory", grid->ref, "from",
                          from == STORE_NONE
                              ? NULL
                              : d->data->managers.items[from].ref,
                          "to", d->data->managers.items[grid->owner].ref));
    }
    return list;
}

static gb_status describe_rebuild(plan_division *d, json_t *made)
{
    json_t *moves = NULL;
    const gb_status status = plan_moves_tell(d, &moves);

    if (status) {
        json_decref(moves);
        return status;
    }
    json_object_set_new(made, "from_version",
                        json_integer((json_int_t)d->before.version));
    json_object_set_new(made, "chosen", json_integer((json_int_t)d->n_chosen));
    json_object_set_new(made, "forced", json_integer((json_int_t)d->n_forced));
    json_object_set_new(
        made, "budget",
        d->budget == UINT64_MAX ? json_null()
                                : json_integer((json_int_t)d->budget));
    json_object_set_new(
        made, "enough",
        d->n_enough > 0
            ? json_real(ceil((double)d->n_enough / (double)d->data->cells.n
                             * 1e4)
                        / 1e4)
            : json_null());
    json_object_set_new(made, "moves", moves);
    return GB_OK;
}

static gb_status describe(plan_division *d, int64_t version, json_t **out)
{
    const plan_data *data = d->data;
    gb_status status = plan_json(
        data->run,
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:f, s:I, s:O, s:o, s:o, "
                  "s:o, s:o}",
                  "version", (json_int_t)version, "territories",
                  (json_int_t)d->grids.n, "cells", (json_int_t)data->cells.n,
                  "hard_barriers", (json_int_t)d->n_hard, "soft_barriers",
                  (json_int_t)d->n_soft, "balanced", (int)d->is_balanced,
                  "max_deviation", round_ratio(d->max_deviation),
                  "moved_cells", (json_int_t)(d->n_chosen + d->n_forced),
                  "findings", d->findings, "grids", describe_grids(d),
                  "branches", describe_branches(d), "measures",
                  describe_measures(d), "handovers", describe_handovers(d)),
        out);

    if (!status && d->how == PLAN_MOVE_LEAST)
        status = describe_rebuild(d, *out);
    if (status) {
        json_decref(*out);
        *out = NULL;
    }
    return status;
}

/* ---- the whole ---- */

static gb_status load_before(plan_division *d)
{
    const plan_data *data = d->data;
    const int64_t version = data->settings->given.from_version;
    gb_status status;

    if (data->settings->given.rebuild && d->how == PLAN_AFRESH)
        return GB_OK;
    status = store_load_territories(data->ws, &data->branches,
                                    &data->managers, &data->cells, version,
                                    data->settings->on, &d->before);
    if (!status && d->before.version == 0
        && (version != 0 || d->how == PLAN_MOVE_LEAST))
        status = base_fail(data->run->ctx, GB_ERR_STATE,
                           "there are no territories to start from on %s",
                           data->settings->given.date);
    return status;
}

static gb_status begin(plan_division *d)
{
    plan_data *data = d->data;
    const gb_plan_options *given = &data->settings->given;
    gb_status status;

    base_arena_init(&d->arena, data->run->mem);
    if (data->cells.n == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "there are no cells to divide: build cells first");
    if (given->time_limit_ms > 0)
        d->deadline_s = base_clock_s() + (double)given->time_limit_ms / 1000;
    d->budget = given->max_moved > 0
                    ? (uint64_t)(given->max_moved * (double)data->cells.n)
                    : UINT64_MAX;
    d->findings = json_array();
    d->grid_of
        = plan_division_take(d, data->cells.n, sizeof *d->grid_of);
    if (!d->findings || !d->grid_of)
        return base_fail_nomem(data->run->ctx);
    status = plan_measures_parse(data->run->ctx, given->measures,
                                 given->tolerance, &d->measures);
    if (!status)
        status = load_before(d);
    return status ? status
                  : store_load_known(data->ws, &data->cells, &data->managers,
                                     data->settings->on, &d->known);
}

static void end(plan_division *d)
{
    plan_work_clear(&d->work);
    store_known_clear(&d->known);
    store_ground_rules_clear(&d->rules);
    store_territories_clear(&d->before);
    base_array_clear(d->data->run->mem, &d->grids);
    base_arena_clear(&d->arena);
    json_decref(d->findings);
}

/* Nothing is saved: what is in force stays. */
static gb_status stay(plan_division *d, int64_t *version, json_t **result)
{
    *version = 0;
    return plan_json(
        d->data->run,
        json_pack("{s:I, s:I, s:I, s:b, s:f, s:b}", "version",
                  (json_int_t)d->before.version, "territories",
                  (json_int_t)d->before.n, "cells",
                  (json_int_t)d->data->cells.n, "balanced",
                  (int)d->is_balanced, "max_deviation",
                  round_ratio(d->max_deviation), "kept", 1),
        result);
}

/* Is the new one better than what is in force by what may move it? */
static bool is_worth_it(const plan_division *d)
{
    bool is_forced = d->n_forced > 0;

    for (size_t g = 0; g < d->grids.n; g++)
        is_forced |= d->grids.items[g].has_joined;
    for (size_t c = 0; c < d->data->cells.n; c++)
        is_forced |= d->previous[c] == GB_GRID_NONE;
    return is_forced || (d->is_balanced && d->n_chosen > 0);
}

static gb_status divide(plan_division *d)
{
    gb_status status = plan_branches_find(d);

    if (!status)
        status = plan_streets_find(d);
    if (!status)
        status = plan_split(d);
    if (!status)
        status = plan_moves_measure(d);
    return status ? status : plan_deal(d);
}

gb_status plan_territories(plan_data *data, plan_how how, int64_t *version,
                           json_t **result)
{
    const bool is_asked = how == PLAN_IF_DRIFTED;
    plan_division d = { .data = data,
                        .how = is_asked ? PLAN_MOVE_LEAST : how };
    bool may_stay = false;
    gb_status status = begin(&d);

    if (!status)
        status = plan_grids_find(&d);
    if (!status)
        status = plan_rules_find(&d);
    if (!status)
        status = plan_columns_find(&d);
    if (!status && is_asked)
        status = plan_moves_may_stay(&d, &may_stay);
    d.is_balanced = may_stay;
    if (!status && !may_stay) {
        status = divide(&d);
        may_stay = is_asked && !is_worth_it(&d);
    }
    if (!status && may_stay)
        status = stay(&d, version, result);
    if (!status && !may_stay)
        status = save(&d, version);
    if (!status && !may_stay)
        status = describe(&d, *version, result);
    end(&d);
    return status;
}
