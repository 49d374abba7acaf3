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
#include "plan_parting.h"
#include "plan_travel.h"
#include "plan_workload.h"

/* Searches from different starts; what is still not balanced gets more. */
enum { STARTS = 4, MORE_STARTS = 24 };

enum { MOST_COLOURS = 12 };

typedef struct territory_work {
    plan_data *data;
    plan_how how;
    double *work_s;         /* n_cells */
    gb_point *centres;      /* n_cells */
    double *areas_m2;
    uint32_t *managers;     /* by branch, then reference */
    size_t n_managers;
    uint32_t *territory_of; /* n_cells: index of items */
    plan_parting parting;
    store_territories before;
    BASE_ARRAY(store_territory_in) items; /* one a manager, in their order */
    base_arena texts;       /* references and findings of items */
    double max_deviation;
    size_t n_moved;
    bool is_balanced;
} territory_work;

/* ---- managers ---- */

static double working_s(const store_manager *m)
{
    const double shift = m->shift_end_s - m->shift_start_s;

    return fmax(1, m->break_from_s == STORE_NO_TIME ? shift
                                                    : shift - m->break_s);
}

static const store_manager *manager_of(const territory_work *w, size_t i)
{
    return &w->data->managers.items[w->managers[i]];
}

/* Managers come sorted by reference; a pass a branch keeps that within it. */
static gb_status order_managers(territory_work *w)
{
    const plan_data *data = w->data;

    w->managers = base_alloc_array(data->run->mem, data->managers.n,
                                   sizeof *w->managers);
    if (!w->managers)
        return base_fail_nomem(data->run->ctx);
    for (uint32_t b = 0; b < data->branches.n; b++)
        for (uint32_t m = 0; m < data->managers.n; m++)
            if (data->managers.items[m].branch == b)
                w->managers[w->n_managers++] = m;
    if (w->n_managers == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "no branch has a manager: import managers first");
    if (w->n_managers > data->cells.n)
        w->n_managers = data->cells.n;
    return GB_OK;
}

/* Yesterday's territories by the manager who owns them. */
static void find_previous(const territory_work *w, uint32_t *previous)
{
    for (size_t c = 0; c < w->data->cells.n; c++) {
        const uint32_t t = w->before.of_cell[c];

        previous[c] = GB_GRID_NONE;
        for (uint32_t i = 0; i < w->n_managers && t != STORE_NONE; i++)
            if (w->managers[i] == w->before.items[t].owner)
                previous[c] = i;
    }
}

/* ---- the partition ---- */

/*
 * The heaviest cell in a territory or beside it: what balance fails by, where
 * it fails by something that cannot be parted.
 */
static uint32_t heaviest_near(const territory_work *w, const uint32_t *owners,
                              uint32_t territory)
{
    const store_cells *cells = &w->data->cells;
    uint32_t heaviest = STORE_NONE;

    for (uint32_t c = 0; c < cells->n; c++) {
        bool is_near = owners[c] == territory;

        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++)
            is_near |= owners[cells->neighbour[i]] == territory;
        if (is_near
            && (heaviest == STORE_NONE
                || w->work_s[c] > w->work_s[heaviest]))
            heaviest = c;
    }
    return heaviest;
}

/* The place in a cell at which there is most to do; NULL: none has a place. */
static gb_status heaviest_place(const territory_work *w, uint32_t cell,
                                const char **ref)
{
    plan_data *data = w->data;
    double *work_s = base_alloc_zeroed(data->run->mem, data->places.n,
                                       sizeof *work_s);
    uint32_t most = STORE_NONE;

    if (!work_s)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < data->targets.n; t++) {
        const store_target *target = &data->targets.items[t];

        if (target->cell != cell || target->place == STORE_NONE
            || !plan_is_field_target(target))
            continue;
        work_s[target->place] += plan_service_s(data, t);
        if (most == STORE_NONE || work_s[target->place] > work_s[most])
            most = target->place;
    }
    *ref = most == STORE_NONE ? NULL : data->places.items[most].ref;
    base_free(data->run->mem, work_s);
    return GB_OK;
}

/* A finding with the names of what it is about. */
static gb_status word_finding(territory_work *w, const uint32_t *owners,
                              const gb_territory_finding *f, json_t **out)
{
    const uint32_t cell = f->area < w->data->cells.n
                              ? f->area
                          : f->territory < w->n_managers
                              ? heaviest_near(w, owners, f->territory)
                              : STORE_NONE;
    const char *place = NULL;
    char text[512];
    gb_status status = plan_take(
        w->data, gb_territory_finding_text(&w->data->quiet, f, text,
                                           sizeof text, NULL));

    if (!status && cell != STORE_NONE)
        status = heaviest_place(w, cell, &place);
    if (status)
        return status;
    return plan_json(
        w->data->run,
        json_pack("{s:s, s:s?, s:s?, s:s?, s:I, s:f}", "text", text,
                  "manager",
                  f->territory < w->n_managers
                      ? manager_of(w, f->territory)->ref
                      : NULL,
                  "cell",
                  cell == STORE_NONE ? NULL : w->data->cells.refs[cell],
                  "place", place, "cell_work_s",
                  cell == STORE_NONE ? (json_int_t)0
                                     : (json_int_t)w->work_s[cell],
                  "mend", f->mend),
        out);
}

/* What the rules could not keep, as a JSON array of sentences with names. */
static gb_status word_findings(territory_work *w,
                               const gb_territories *territories,
                               json_t **out)
{
    size_t n = 0;
    const gb_territory_finding *findings
        = gb_territories_findings(territories, &n);
    json_t *list = json_array();
    gb_status status = list ? GB_OK : base_fail_nomem(w->data->run->ctx);

    for (size_t i = 0; i < n && !status; i++) {
        json_t *row = NULL;

        status = word_finding(w, gb_territories_owners(territories),
                              &findings[i], &row);
        if (!status && json_array_append_new(list, row))
            status = base_fail_nomem(w->data->run->ctx);
    }
    if (!status)
        status = plan_parting_tell(w->data, &w->parting,
                                   gb_territories_owners(territories), list);
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

/* b01-g01, b01-g02, ...: by the manager's place among those of his branch. */
static gb_status add_items(territory_work *w, const double *activity,
                           const double *deviation, const char *exceeds)
{
    const double tolerance = w->data->settings->given.tolerance;
    uint32_t number = 0;

    for (size_t i = 0; i < w->n_managers; i++) {
        const store_manager *m = manager_of(w, i);
        const store_branch *branch = &w->data->branches.items[m->branch];
        store_territory_in item = { 0 };
        char ref[96];

        number = i > 0 && manager_of(w, i - 1)->branch == m->branch
                     ? number + 1
                     : 1;
        snprintf(ref, sizeof ref, "%.80s-g%02u", branch->ref, number);
        item.ref = keep_text(w, ref);
        item.branch_id = branch->id;
        item.owner_id = m->id;
        item.activity = activity[i];
        item.exceeds_json
            = fabs(deviation[i]) > tolerance + 1e-9 ? exceeds : NULL;
        w->max_deviation = fmax(w->max_deviation, fabs(deviation[i]));
        if (!item.ref
            || !base_array_push(w->data->run->mem, &w->items, item))
            return base_fail_nomem(w->data->run->ctx);
    }
    return GB_OK;
}

typedef struct partition_arrays {
    base_arena arena;
    uint32_t *travel, *previous;
    double *shares, *activity, *deviation;
    gb_territory_measure *measures;
} partition_arrays;

static gb_status get_arrays(territory_work *w, partition_arrays *a)
{
    const size_t n = w->n_managers, n_cells = w->data->cells.n;

    base_arena_init(&a->arena, w->data->run->mem);
    a->travel = base_arena_alloc(&a->arena, n * n_cells, sizeof *a->travel);
    a->previous = base_arena_alloc(&a->arena, n_cells, sizeof *a->previous);
    a->shares = base_arena_alloc(&a->arena, n, sizeof *a->shares);
    a->activity = base_arena_alloc(&a->arena, n, sizeof *a->activity);
    a->deviation = base_arena_alloc(&a->arena, n, sizeof *a->deviation);
    a->measures = base_arena_alloc(&a->arena, n, sizeof *a->measures);
    return a->travel && a->previous && a->shares && a->activity
                   && a->deviation && a->measures
               ? GB_OK
               : base_fail_nomem(w->data->run->ctx);
}

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
    areas.barriers = w->parting.barriers;
    areas.activity = w->work_s;
    return areas;
}

/*
 * All managers of all branches at once: so work is even between branches too,
 * and who has little round his own branch helps the next one.
 */
static gb_status build(territory_work *w, const gb_areas *areas,
                       const gb_territory_rules *rules,
                       const partition_arrays *a, uint32_t n_starts,
                       gb_territories **out)
{
    const gb_plan_options *given = &w->data->settings->given;
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;

    options.travel_s = a->travel;
    options.previous = w->before.version ? a->previous : NULL;
    options.seed = given->seed;
    options.max_iterations = given->grid_iterations;
    options.n_starts = n_starts;
    options.n_threads = given->n_threads;
    return plan_take(w->data, gb_territory_build(&w->data->quiet, areas, rules,
                                                 &options, out));
}

/* Build again, and take that when it keeps the tolerance, or else as is said;
 * *out is there. */
static gb_status build_again(territory_work *w, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const partition_arrays *a, uint32_t n_starts,
                             bool is_anyway, gb_territories **out,
                             bool *is_taken)
{
    gb_territory_summary summary = { .size = sizeof summary };
    gb_territories *other = NULL;
    const gb_status status = build(w, areas, rules, a, n_starts, &other);

    if (status)
        return status;
    gb_territories_summary(other, &summary);
    *is_taken = is_anyway || summary.is_balanced;
    if (*is_taken) {
        gb_territories_free(*out);
        *out = other;
    } else {
        gb_territories_free(other);
    }
    return GB_OK;
}

static bool is_balanced(const gb_territories *territories)
{
    gb_territory_summary summary = { .size = sizeof summary };

    gb_territories_summary(territories, &summary);
    return summary.is_balanced;
}

/* Harder and harder: few starts, more, and then once more where what no street
 * crosses is only better not crossed; that is taken if it helps. */
static gb_status build_at_last(territory_work *w, gb_areas *areas,
                               const gb_territory_rules *rules,
                               const partition_arrays *a,
                               gb_territories **out)
{
    plan_parting lifted = { 0 };
    bool is_taken = true;
    gb_status status = build(w, areas, rules, a, STARTS, out);

    if (!status && !is_balanced(*out))
        status = build_again(w, areas, rules, a, MORE_STARTS, true, out,
                             &is_taken);
    if (status || is_balanced(*out) || w->parting.n_hard == 0)
        return status;
    status = plan_parting_lift(w->data, &w->parting, &lifted);
    areas->barriers = lifted.barriers;
    if (!status)
        status = build_again(w, areas, rules, a, STARTS, false, out,
                             &is_taken);
    if (!status && is_taken) {
        const plan_parting kept = w->parting;

        w->parting = lifted;
        lifted = kept;
    }
    areas->barriers = w->parting.barriers;
    plan_parting_clear(w->data->run->mem, &lifted);
    return status;
}

static gb_status build_balanced(territory_work *w, partition_arrays *a,
                                gb_territories **out)
{
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_territory_summary summary = { .size = sizeof summary };
    gb_areas areas;
    gb_status status = plan_travel(w->data, w->managers, w->n_managers,
                                   w->centres, a->travel);

    if (status)
        return status;
    for (size_t i = 0; i < w->n_managers; i++)
        a->shares[i] = working_s(manager_of(w, i));
    rules.n_territories = w->n_managers;
    rules.shares = a->shares;
    rules.tolerances = &w->data->settings->given.tolerance;
    if (w->before.version)
        find_previous(w, a->previous);
    status = plan_parting_find(w->data, w->work_s, a->shares, w->n_managers,
                               &w->parting);
    areas = areas_of_cells(w);
    if (!status)
        status = build_at_last(w, &areas, &rules, a, out);
    if (status)
        return status;
    gb_territories_summary(*out, &summary);
    w->is_balanced = summary.is_balanced;
    w->n_moved = summary.n_moved;
    return plan_take(w->data,
                     gb_territory_measures(&w->data->quiet, &areas, &rules,
                                           gb_territories_owners(*out),
                                           a->measures, a->activity,
                                           a->deviation));
}

static gb_status divide(territory_work *w, json_t **findings)
{
    partition_arrays a = { 0 };
    gb_territories *territories = NULL;
    char *exceeds = NULL;
    gb_status status = get_arrays(w, &a);

    if (!status)
        status = build_balanced(w, &a, &territories);
    if (!status)
        status = word_findings(w, territories, findings);
    if (!status) {
        memcpy(w->territory_of, gb_territories_owners(territories),
               w->data->cells.n * sizeof *w->territory_of);
        exceeds = json_dumps(*findings, JSON_COMPACT);
        status = exceeds ? add_items(w, a.activity, a.deviation,
                                     keep_text(w, exceeds))
                         : base_fail_nomem(w->data->run->ctx);
    }
    free(exceeds);
    gb_territories_free(territories);
    base_arena_clear(&a.arena);
    return status;
}

static json_t *describe_items(const territory_work *w)
{
    json_t *list = json_array();

    for (size_t i = 0; i < w->items.n; i++) {
        const store_manager *m = manager_of(w, i);

        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:I}", "territory",
                      w->items.items[i].ref, "branch",
                      w->data->branches.items[m->branch].ref, "manager",
                      m->ref, "work_s",
                      (json_int_t)w->items.items[i].activity));
    }
    return list;
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
    uint32_t first = 0; /* of the branch */

    for (uint32_t t = 0; t < w->items.n; t++) {
        uint32_t taken = 0;
        int32_t colour;

        if (manager_of(w, t)->branch != manager_of(w, first)->branch)
            first = t;
        for (uint32_t other = 0; other < t; other++)
            if (other >= first ? t - first < MOST_COLOURS
                               : are_neighbours(w, t, other))
                taken |= UINT32_C(1) << w->items.items[other].colour;
        colour = (int32_t)(t - first) % MOST_COLOURS;
        for (int32_t k = 0; k < MOST_COLOURS && (taken >> colour & 1); k++)
            colour = (colour + 1) % MOST_COLOURS;
        w->items.items[t].colour = colour;
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
    w->territory_of = base_alloc_array(mem, cells->n, sizeof *w->territory_of);
    if (!w->work_s || !w->centres || !w->areas_m2 || !w->territory_of)
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
    base_free(mem, w->territory_of);
    base_free(mem, w->managers);
    plan_parting_clear(mem, &w->parting);
    base_array_clear(mem, &w->items);
    base_arena_clear(&w->texts);
    store_territories_clear(&w->before);
}

static gb_status load_before(territory_work *w)
{
    const plan_data *data = w->data;

    if (data->settings->given.rebuild)
        return GB_OK;
    return store_load_territories(data->ws, &data->branches, &data->managers,
                                  &data->cells,
                                  data->settings->given.from_version,
                                  data->settings->on, &w->before);
}

gb_status plan_territories(plan_data *data, plan_how how, int64_t *version,
                           json_t **result)
{
    territory_work w = { .data = data, .how = how };
    json_t *findings = NULL;
    gb_status status;

    base_arena_init(&w.texts, data->run->mem);
    if (data->cells.n == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "there are no cells to divide: build cells first");
    status = get_work_arrays(&w);
    if (!status)
        status = load_before(&w);
    if (!status && how == PLAN_MOVE_LEAST && w.before.version == 0)
        status = base_fail(data->run->ctx, GB_ERR_STATE,
                           "there are no territories to start from on %s",
                           data->settings->given.date);
    if (!status)
        status = plan_workload(data, w.work_s);
    if (!status)
        status = order_managers(&w);
    base_run_phase(data->run, GB_N("dividing cells among managers"), 0, 1,
                   w.n_managers);
    if (!status)
        status = divide(&w, &findings);
    if (!status) {
        colour_territories(&w);
        status = save(&w, version);
    }
    if (!status)
        status = plan_json(
            data->run,
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:f, s:I, s:O, s:o}",
                      "version",
                      (json_int_t)*version, "territories",
                      (json_int_t)w.items.n, "cells",
                      (json_int_t)data->cells.n, "hard_barriers",
                      (json_int_t)w.parting.n_hard, "soft_barriers",
                      (json_int_t)w.parting.n_soft, "balanced",
                      (int)w.is_balanced, "max_deviation",
                      round(w.max_deviation * 1e6) / 1e6, "moved_cells",
                      (json_int_t)w.n_moved, "findings", findings, "grids",
                      describe_items(&w)),
            result);
    json_decref(findings);
    clear_work(&w);
    return status;
}
