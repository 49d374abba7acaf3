/*
 * plan_territory.c - see plan_territory.h.
 */
#include "plan_territory.h"

#include <gridbeat/grid.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "base_check.h"
#include "geo_faces.h"
#include "geo_shape.h"
#include "plan_workload.h"

/* Without roads, travel is guessed: the same as in plan_workload.c. */
static const double DETOUR = 1.3;
static const double SPEED_M_PER_S = 3;
/* Farther from any street, a cell's centre does not tell of its travel. */
static const double CENTRE_SNAP_M = 5000;
/* Half by travel, half by who has the staff. */
static const double CATCHMENT_PULL = 0.5;

enum { MOST_COLOURS = 12 };

/* One branch's share of the cells. */
typedef struct district {
    uint32_t branch;
    uint32_t first_manager, n_managers; /* in territory_work.managers */
    uint32_t first_territory, n_territories;
    double max_deviation;
    size_t n_findings;
} district;

typedef struct territory_work {
    plan_data *data;
    double *work_s;         /* n_cells */
    gb_point *centres;      /* n_cells */
    double *areas_m2;
    uint32_t *managers;     /* sorted by branch, then reference */
    size_t n_managers;
    district *districts;
    size_t n_districts;
    uint32_t *branch_of;    /* n_cells: index of districts */
    uint32_t *territory_of; /* n_cells: index of items */
    uint32_t *local;        /* n_cells: number within its district */
    store_territories before;
    BASE_ARRAY(store_territory_in) items;
    base_arena texts;       /* references and findings of items */
    json_t *branches;       /* of the result */
} territory_work;

/* ---- districts: which managers work where ---- */

static double working_s(const store_manager *m)
{
    const double shift = m->shift_end_s - m->shift_start_s;

    return fmax(1, m->break_from_s == STORE_NO_TIME ? shift
                                                    : shift - m->break_s);
}

/* Managers come sorted by reference; a stable pass a branch keeps that. */
static gb_status find_districts(territory_work *w)
{
    const plan_data *data = w->data;
    base_mem *mem = data->run->mem;

    w->managers = base_alloc_array(mem, data->managers.n, sizeof *w->managers);
    w->districts
        = base_alloc_zeroed(mem, data->branches.n, sizeof *w->districts);
    if (!w->managers || !w->districts)
        return base_fail_nomem(data->run->ctx);
    for (uint32_t b = 0; b < data->branches.n; b++) {
        district *d = &w->districts[w->n_districts];

        *d = (district){ .branch = b,
                         .first_manager = (uint32_t)w->n_managers };
        for (uint32_t m = 0; m < data->managers.n; m++)
            if (data->managers.items[m].branch == b)
                w->managers[w->n_managers++] = m;
        d->n_managers = (uint32_t)w->n_managers - d->first_manager;
        if (d->n_managers > 0)
            w->n_districts++;
    }
    if (w->n_districts == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "no branch has a manager: import managers first");
    return GB_OK;
}

/* ---- travel ---- */

/* Seconds from some branches to some cells by a mode; NONE: unreachable. */
static gb_status travel_table(territory_work *w, gb_mode mode,
                              const uint32_t *branches, size_t n_branches,
                              const uint32_t *cells, size_t n_cells,
                              uint32_t *seconds)
{
    plan_data *data = w->data;
    base_mem *mem = data->run->mem;
    const size_t n = n_branches + n_cells;
    const gb_snap_options snap = { sizeof snap, CENTRE_SNAP_M };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_lonlat *at = base_alloc_array(mem, n, sizeof *at);
    gb_point *metres = base_alloc_array(mem, n_cells, sizeof *metres);
    gb_roads_place *places = base_alloc_array(mem, n, sizeof *places);
    int32_t *table
        = base_alloc_array(mem, n_branches * n_cells, sizeof *table);
    gb_status status = at && metres && places && table
                           ? GB_OK
                           : base_fail_nomem(data->run->ctx);

    for (size_t b = 0; b < n_branches && !status; b++)
        at[b] = data->branches.items[branches[b]].at;
    for (size_t c = 0; c < n_cells && !status; c++)
        metres[c] = w->centres[cells[c]];
    if (!status)
        status = plan_take(data, gb_crs_unproject(&data->quiet, data->crs,
                                                  metres, n_cells,
                                                  at + n_branches));
    if (!status)
        status = plan_take(data, gb_roads_snap(&data->quiet, data->roads, mode,
                                               at, n, &snap, places));
    query.mode = (int32_t)mode;
    query.n_threads = data->settings->given.n_threads;
    query.from = places;
    query.n_from = n_branches;
    query.to = places ? places + n_branches : NULL;
    query.n_to = n_cells;
    if (!status)
        status = plan_take(data, gb_roads_table(&data->quiet, data->roads,
                                                &query, table, NULL));
    for (size_t i = 0; i < n_branches * n_cells && !status; i++)
        seconds[i] = table[i] == GB_ROADS_UNREACHABLE
                         ? GB_GRID_UNREACHABLE
                         : (uint32_t)table[i];
    base_free(mem, at);
    base_free(mem, metres);
    base_free(mem, places);
    base_free(mem, table);
    return status;
}

/* Without roads: straight lines at the speed of the approximation. */
static void straight_table(territory_work *w, const gb_point *starts,
                           size_t n_starts, const uint32_t *cells,
                           size_t n_cells, uint32_t *seconds)
{
    for (size_t b = 0; b < n_starts; b++)
        for (size_t c = 0; c < n_cells; c++) {
            const gb_point at = w->centres[cells[c]];

            seconds[b * n_cells + c] = (uint32_t)(
                hypot(at.x_m - starts[b].x_m, at.y_m - starts[b].y_m) * DETOUR
                / SPEED_M_PER_S);
        }
}

static gb_status branch_travel(territory_work *w, gb_mode mode,
                               const uint32_t *branches, size_t n_branches,
                               const uint32_t *cells, size_t n_cells,
                               uint32_t *seconds)
{
    plan_data *data = w->data;
    gb_lonlat *at;
    gb_point *starts;
    gb_status status;

    if (data->roads)
        return travel_table(w, mode, branches, n_branches, cells, n_cells,
                            seconds);
    at = base_alloc_array(data->run->mem, n_branches, sizeof *at);
    starts = base_alloc_array(data->run->mem, n_branches, sizeof *starts);
    status = at && starts ? GB_OK : base_fail_nomem(data->run->ctx);
    for (size_t b = 0; b < n_branches && !status; b++)
        at[b] = data->branches.items[branches[b]].at;
    if (!status)
        status = plan_project(data, at, n_branches, starts);
    if (!status)
        straight_table(w, starts, n_branches, cells, n_cells, seconds);
    base_free(data->run->mem, at);
    base_free(data->run->mem, starts);
    return status;
}

/* ---- cells to branches ---- */

static gb_areas areas_of_cells(const territory_work *w)
{
    const store_cells *cells = &w->data->cells;
    gb_areas areas = GB_AREAS_INIT;

    areas.n_areas = cells->n;
    areas.n_measures = 1;
    areas.centres = w->centres;
    areas.areas_m2 = w->areas_m2;
    areas.first_neighbour = cells->first_neighbour;
    areas.neighbours = cells->neighbour;
    areas.shared_border_m = cells->border_m;
    areas.activity = w->work_s;
    return areas;
}

/* With a version in force the branches keep what they have. */
static void lock_to_before(const territory_work *w, uint32_t *locks)
{
    for (size_t c = 0; c < w->data->cells.n; c++) {
        const uint32_t t = w->before.of_cell[c];

        locks[c] = GB_GRID_NONE;
        for (uint32_t d = 0; d < w->n_districts && t != STORE_NONE; d++)
            if (w->districts[d].branch == w->before.items[t].branch)
                locks[c] = d;
    }
}

static gb_status assign_branches(territory_work *w)
{
    plan_data *data = w->data;
    base_mem *mem = data->run->mem;
    const size_t n = data->cells.n;
    const gb_areas areas = areas_of_cells(w);
    gb_catchment_options options = GB_CATCHMENT_OPTIONS_INIT;
    uint32_t *travel = base_alloc_array(mem, w->n_districts * n,
                                        sizeof *travel);
    uint32_t *branches = base_alloc_array(mem, w->n_districts,
                                          sizeof *branches);
    uint32_t *all = base_alloc_array(mem, n, sizeof *all);
    uint32_t *locks = base_alloc_array(mem, n, sizeof *locks);
    double *shares = base_alloc_zeroed(mem, w->n_districts, sizeof *shares);
    gb_status status = travel && branches && all && locks && shares
                           ? GB_OK
                           : base_fail_nomem(data->run->ctx);

    for (size_t d = 0; d < w->n_districts && !status; d++) {
        branches[d] = w->districts[d].branch;
        for (uint32_t m = 0; m < w->districts[d].n_managers; m++)
            shares[d] += working_s(
                &data->managers
                     .items[w->managers[w->districts[d].first_manager + m]]);
    }
    for (uint32_t c = 0; c < n && !status; c++)
        all[c] = c;
    if (!status)
        status = branch_travel(w, GB_MODE_EBIKE, branches, w->n_districts, all,
                               n, travel);
    options.shares = shares;
    options.pull = CATCHMENT_PULL;
    if (!status && w->before.version) {
        lock_to_before(w, locks);
        options.locks = locks;
    }
    if (!status)
        status = plan_take(data, gb_catchment_build(&data->quiet, &areas,
                                                    w->n_districts, travel,
                                                    &options, w->branch_of));
    base_free(mem, travel);
    base_free(mem, branches);
    base_free(mem, all);
    base_free(mem, locks);
    base_free(mem, shares);
    return status;
}

/* ---- the cells of one branch ---- */

/* The part of the areas that one district has, as arrays of its own. */
typedef struct sub_areas {
    base_arena arena;
    gb_areas areas;
    uint32_t *cells; /* of each area */
} sub_areas;

static gb_status cut_areas(territory_work *w, uint32_t d, sub_areas *sub)
{
    const store_cells *cells = &w->data->cells;
    size_t n = 0, n_links = 0, link = 0;
    gb_point *centres;
    double *areas_m2, *border_m, *activity;
    uint32_t *first, *neighbours;

    for (uint32_t c = 0; c < cells->n; c++)
        if (w->branch_of[c] == d) {
            w->local[c] = (uint32_t)n++;
            n_links += cells->first_neighbour[c + 1]
                       - cells->first_neighbour[c];
        }
    sub->cells = base_arena_alloc(&sub->arena, n, sizeof *sub->cells);
    centres = base_arena_alloc(&sub->arena, n, sizeof *centres);
    areas_m2 = base_arena_alloc(&sub->arena, n, sizeof *areas_m2);
    activity = base_arena_alloc(&sub->arena, n, sizeof *activity);
    first = base_arena_alloc(&sub->arena, n + 1, sizeof *first);
    neighbours = base_arena_alloc(&sub->arena, n_links, sizeof *neighbours);
    border_m = base_arena_alloc(&sub->arena, n_links, sizeof *border_m);
    if (!sub->cells || !centres || !areas_m2 || !activity || !first
        || !neighbours || !border_m)
        return base_fail_nomem(w->data->run->ctx);
    for (uint32_t c = 0, a = 0; c < cells->n; c++) {
        if (w->branch_of[c] != d)
            continue;
        sub->cells[a] = c;
        centres[a] = w->centres[c];
        areas_m2[a] = w->areas_m2[c];
        activity[a] = w->work_s[c];
        first[a++] = (uint32_t)link;
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++)
            if (w->branch_of[cells->neighbour[i]] == d) {
                neighbours[link] = w->local[cells->neighbour[i]];
                border_m[link++] = cells->border_m[i];
            }
    }
    first[n] = (uint32_t)link;
    sub->areas = (gb_areas)GB_AREAS_INIT;
    sub->areas.n_areas = n;
    sub->areas.n_measures = 1;
    sub->areas.centres = centres;
    sub->areas.areas_m2 = areas_m2;
    sub->areas.first_neighbour = first;
    sub->areas.neighbours = neighbours;
    sub->areas.shared_border_m = border_m;
    sub->areas.activity = activity;
    return GB_OK;
}

/* Each manager's way to each area of the district, by his own mode. */
static gb_status manager_travel(territory_work *w, const district *d,
                                const sub_areas *sub, uint32_t n_territories,
                                uint32_t *travel)
{
    const size_t n = sub->areas.n_areas;
    uint32_t by_mode[GB_MODE_COUNT]; /* the territory that has the row */
    gb_status status = GB_OK;

    for (size_t mode = 0; mode < GB_MODE_COUNT; mode++)
        by_mode[mode] = GB_GRID_NONE;
    for (uint32_t t = 0; t < n_territories && !status; t++) {
        const store_manager *m
            = &w->data->managers.items[w->managers[d->first_manager + t]];
        const uint32_t known = by_mode[m->mode];

        if (known != GB_GRID_NONE) {
            memcpy(travel + t * n, travel + known * n, n * sizeof *travel);
            continue;
        }
        by_mode[m->mode] = t;
        status = branch_travel(w, (gb_mode)m->mode, &d->branch, 1, sub->cells,
                               n, travel + t * n);
    }
    return status;
}

/* Yesterday's territories by the manager who owns them. */
static void find_previous(const territory_work *w, const district *d,
                          const sub_areas *sub, uint32_t n_territories,
                          uint32_t *previous)
{
    for (size_t a = 0; a < sub->areas.n_areas; a++) {
        const uint32_t t = w->before.of_cell[sub->cells[a]];

        previous[a] = GB_GRID_NONE;
        for (uint32_t i = 0; i < n_territories && t != STORE_NONE; i++)
            if (w->managers[d->first_manager + i] == w->before.items[t].owner)
                previous[a] = i;
    }
}

/*
 * What the rules could not keep, as a JSON array of sentences; areas are
 * named by their cells.
 */
static gb_status word_findings(territory_work *w, const sub_areas *sub,
                               const gb_territories *territories,
                               json_t **out)
{
    size_t n = 0;
    const gb_territory_finding *findings
        = gb_territories_findings(territories, &n);
    json_t *list = json_array();
    gb_status status = list ? GB_OK : base_fail_nomem(w->data->run->ctx);

    for (size_t i = 0; i < n && !status; i++) {
        char text[512];
        const uint32_t area = findings[i].area;

        status = plan_take(w->data,
                           gb_territory_finding_text(&w->data->quiet,
                                                     &findings[i], text,
                                                     sizeof text, NULL));
        if (!status
            && json_array_append_new(
                list, json_pack("{s:s, s:s?, s:f}", "text", text, "cell",
                                area < sub->areas.n_areas
                                    ? w->data->cells.refs[sub->cells[area]]
                                    : NULL,
                                "mend", findings[i].mend)))
            status = base_fail_nomem(w->data->run->ctx);
    }
    if (status) {
        json_decref(list);
        list = NULL;
    }
    *out = list;
    return status;
}

static char *keep_text(territory_work *w, const char *text)
{
    char *copy = base_arena_alloc(&w->texts, strlen(text) + 1, 1);

    if (copy)
        strcpy(copy, text);
    return copy;
}

static gb_status add_items(territory_work *w, district *d,
                           const double *activity, const double *deviation,
                           const char *exceeds)
{
    const store_branch *branch = &w->data->branches.items[d->branch];
    const double tolerance = w->data->settings->given.tolerance;

    for (uint32_t t = 0; t < d->n_territories; t++) {
        char ref[96];
        store_territory_in item = { 0 };

        snprintf(ref, sizeof ref, "%.80s-g%02u", branch->ref, t + 1);
        item.ref = keep_text(w, ref);
        item.branch_id = branch->id;
        item.owner_id
            = w->data->managers.items[w->managers[d->first_manager + t]].id;
        item.activity = activity[t];
        item.exceeds_json
            = fabs(deviation[t]) > tolerance + 1e-9 ? exceeds : NULL;
        d->max_deviation = fmax(d->max_deviation, fabs(deviation[t]));
        if (!item.ref
            || !base_array_push(w->data->run->mem, &w->items, item))
            return base_fail_nomem(w->data->run->ctx);
    }
    return GB_OK;
}

static gb_status note_branch(territory_work *w, const district *d,
                             const sub_areas *sub,
                             const gb_territory_summary *summary,
                             const double *activity, json_t *findings)
{
    json_t *grids = json_array();
    json_t *row;

    for (uint32_t t = 0; t < d->n_territories; t++)
        json_array_append_new(
            grids, json_pack("{s:s, s:s, s:I}", "territory",
                             w->items.items[d->first_territory + t].ref,
                             "manager",
                             w->data->managers
                                 .items[w->managers[d->first_manager + t]]
                                 .ref,
                             "work_s", (json_int_t)activity[t]));
    row = json_pack(
        "{s:s, s:I, s:I, s:f, s:b, s:I, s:o, s:O}", "branch",
        w->data->branches.items[d->branch].ref, "cells",
        (json_int_t)sub->areas.n_areas, "territories",
        (json_int_t)d->n_territories, "max_deviation",
        round(d->max_deviation * 1e6) / 1e6, "balanced",
        (int)summary->is_balanced, "moved_cells",
        (json_int_t)summary->n_moved, "grids", grids, "findings", findings);
    return json_array_append_new(w->branches, row)
               ? base_fail_nomem(w->data->run->ctx)
               : GB_OK;
}

typedef struct district_arrays {
    uint32_t *travel, *previous;
    double *shares, *activity, *deviation;
    gb_territory_measure *measures;
} district_arrays;

static bool get_arrays(base_arena *arena, size_t n_areas, size_t n,
                       district_arrays *a)
{
    a->travel = base_arena_alloc(arena, n * n_areas, sizeof *a->travel);
    a->previous = base_arena_alloc(arena, n_areas, sizeof *a->previous);
    a->shares = base_arena_alloc(arena, n, sizeof *a->shares);
    a->activity = base_arena_alloc(arena, n, sizeof *a->activity);
    a->deviation = base_arena_alloc(arena, n, sizeof *a->deviation);
    a->measures = base_arena_alloc(arena, n, sizeof *a->measures);
    return a->travel && a->previous && a->shares && a->activity
           && a->deviation && a->measures;
}

static gb_status build_district(territory_work *w, district *d,
                                const sub_areas *sub, district_arrays *a,
                                gb_territories **out)
{
    const gb_plan_options *given = &w->data->settings->given;
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_status status = manager_travel(w, d, sub, d->n_territories, a->travel);

    if (status)
        return status;
    for (uint32_t t = 0; t < d->n_territories; t++)
        a->shares[t] = working_s(
            &w->data->managers.items[w->managers[d->first_manager + t]]);
    rules.n_territories = d->n_territories;
    rules.shares = a->shares;
    rules.tolerances = &given->tolerance;
    options.travel_s = a->travel;
    options.seed = given->seed;
    options.max_iterations = given->grid_iterations;
    options.n_starts = 4;
    options.n_threads = given->n_threads;
    if (w->before.version) {
        find_previous(w, d, sub, d->n_territories, a->previous);
        options.previous = a->previous;
    }
    status = plan_take(w->data,
                       gb_territory_build(&w->data->quiet, &sub->areas, &rules,
                                          &options, out));
    if (!status)
        status = plan_take(
            w->data, gb_territory_measures(&w->data->quiet, &sub->areas,
                                           &rules,
                                           gb_territories_owners(*out),
                                           a->measures, a->activity,
                                           a->deviation));
    return status;
}

static gb_status divide_branch(territory_work *w, uint32_t number)
{
    district *d = &w->districts[number];
    sub_areas sub = { 0 };
    district_arrays arrays;
    gb_territory_summary summary = { .size = sizeof summary };
    gb_territories *territories = NULL;
    json_t *findings = NULL;
    char *exceeds = NULL;
    gb_status status;

    base_arena_init(&sub.arena, w->data->run->mem);
    status = cut_areas(w, number, &sub);
    if (status || sub.areas.n_areas == 0)
        goto done;
    d->first_territory = (uint32_t)w->items.n;
    d->n_territories = (uint32_t)(sub.areas.n_areas < d->n_managers
                                      ? sub.areas.n_areas
                                      : d->n_managers);
    if (!get_arrays(&sub.arena, sub.areas.n_areas, d->n_territories,
                    &arrays)) {
        status = base_fail_nomem(w->data->run->ctx);
        goto done;
    }
    status = build_district(w, d, &sub, &arrays, &territories);
    if (!status)
        status = word_findings(w, &sub, territories, &findings);
    if (status)
        goto done;
    gb_territories_summary(territories, &summary);
    exceeds = json_dumps(findings, JSON_COMPACT);
    status = exceeds ? add_items(w, d, arrays.activity, arrays.deviation,
                                 keep_text(w, exceeds))
                     : base_fail_nomem(w->data->run->ctx);
    for (size_t a = 0; a < sub.areas.n_areas && !status; a++)
        w->territory_of[sub.cells[a]]
            = d->first_territory + gb_territories_owners(territories)[a];
    if (!status)
        status = note_branch(w, d, &sub, &summary, arrays.activity, findings);

done:
    free(exceeds);
    json_decref(findings);
    gb_territories_free(territories);
    base_arena_clear(&sub.arena);
    return status;
}

/* ---- the whole ---- */

/* Do two territories have a border in common? */
static bool are_neighbours(const territory_work *w, uint32_t t, uint32_t other)
{
    const store_cells *cells = &w->data->cells;

    for (size_t c = 0; c < cells->n; c++)
        for (uint32_t i = cells->first_neighbour[c];
             w->territory_of[c] == t && i < cells->first_neighbour[c + 1]; i++)
            if (w->territory_of[cells->neighbour[i]] == other)
                return true;
    return false;
}

/*
 * Within a branch each has a colour of its own as long as there are enough;
 * between branches, one that no neighbour before it has.
 */
static void colour_territories(territory_work *w)
{
    for (size_t d = 0; d < w->n_districts; d++)
        for (uint32_t i = 0; i < w->districts[d].n_territories; i++) {
            const uint32_t first = w->districts[d].first_territory;
            uint32_t taken = 0;
            int32_t colour = (int32_t)i % MOST_COLOURS;

            for (uint32_t other = 0; other < first + i; other++)
                if (other >= first ? i < MOST_COLOURS
                                   : are_neighbours(w, first + i, other))
                    taken |= UINT32_C(1) << w->items.items[other].colour;
            for (int32_t k = 0; k < MOST_COLOURS && (taken >> colour & 1); k++)
                colour = (colour + 1) % MOST_COLOURS;
            w->items.items[first + i].colour = colour;
        }
}

static gb_status save(territory_work *w, int64_t *version)
{
    const store_cells *cells = &w->data->cells;
    store_territories_in in = { 0 };
    geo_edges edges = { 0 };
    geo_shapes outlines;
    gb_shapes view;
    gb_status status;

    geo_shapes_init(&outlines, w->data->run->mem);
    edges.mem = w->data->run->mem;
    status = geo_edges_build(w->data->run->ctx, &cells->shapes, &edges);
    if (!status)
        status = geo_dissolve(w->data->run->ctx, &edges, w->territory_of,
                              w->items.n, &outlines);
    if (!status) {
        view = geo_shapes_view(&outlines);
        in.items = w->items.items;
        in.n = w->items.n;
        in.of_cell = w->territory_of;
        in.outlines = &view;
        in.owner_from = w->data->settings->on;
        in.measure = "work_s";
        status = store_save_territories(w->data->ws, cells, &in, version);
    }
    geo_edges_clear(&edges);
    geo_shapes_clear(&outlines);
    return status;
}

static gb_status get_work_arrays(territory_work *w)
{
    const store_cells *cells = &w->data->cells;
    base_mem *mem = w->data->run->mem;

    w->work_s = base_alloc_array(mem, cells->n, sizeof *w->work_s);
    w->centres = base_alloc_array(mem, cells->n, sizeof *w->centres);
    w->areas_m2 = base_alloc_array(mem, cells->n, sizeof *w->areas_m2);
    w->branch_of = base_alloc_array(mem, cells->n, sizeof *w->branch_of);
    w->territory_of = base_alloc_array(mem, cells->n, sizeof *w->territory_of);
    w->local = base_alloc_zeroed(mem, cells->n, sizeof *w->local);
    w->branches = json_array();
    if (!w->work_s || !w->centres || !w->areas_m2 || !w->branch_of
        || !w->territory_of || !w->local || !w->branches)
        return base_fail_nomem(w->data->run->ctx);
    for (size_t c = 0; c < cells->n; c++) {
        w->centres[c] = geo_shape_centroid(&cells->shapes, c);
        w->areas_m2[c] = cells->area_m2[c];
        w->territory_of[c] = STORE_NONE;
    }
    return GB_OK;
}

static void clear_work(territory_work *w)
{
    base_mem *mem = w->data->run->mem;

    base_free(mem, w->work_s);
    base_free(mem, w->centres);
    base_free(mem, w->areas_m2);
    base_free(mem, w->branch_of);
    base_free(mem, w->territory_of);
    base_free(mem, w->local);
    base_free(mem, w->managers);
    base_free(mem, w->districts);
    base_array_clear(mem, &w->items);
    base_arena_clear(&w->texts);
    store_territories_clear(&w->before);
    json_decref(w->branches);
}

static gb_status load_before(territory_work *w)
{
    const plan_data *data = w->data;

    if (data->settings->given.rebuild)
        return GB_OK;
    return store_load_territories(data->ws, &data->branches, &data->managers,
                                  &data->cells, 0, data->settings->on,
                                  &w->before);
}

gb_status plan_territories(plan_data *data, int64_t *version, json_t **result)
{
    territory_work w = { .data = data };
    gb_status status;

    base_arena_init(&w.texts, data->run->mem);
    if (data->cells.n == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "there are no cells to divide: build cells first");
    status = get_work_arrays(&w);
    if (!status)
        status = load_before(&w);
    if (!status)
        status = plan_workload(data, w.work_s);
    if (!status)
        status = find_districts(&w);
    base_run_phase(data->run, GB_N("dividing cells among managers"), 0, 1,
                   w.n_districts + 1);
    if (!status)
        status = assign_branches(&w);
    for (uint32_t d = 0; d < w.n_districts && !status; d++) {
        status = divide_branch(&w, d);
        if (!status)
            status = base_poll(data->run);
    }
    if (!status) {
        colour_territories(&w);
        status = save(&w, version);
    }
    if (!status)
        status = plan_json(data->run,
                           json_pack("{s:I, s:I, s:I, s:O}", "version",
                                     (json_int_t)*version, "territories",
                                     (json_int_t)w.items.n, "cells",
                                     (json_int_t)data->cells.n, "branches",
                                     w.branches),
                           result);
    clear_work(&w);
    return status;
}
