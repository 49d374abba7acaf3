/*
 * plan_cells.c - see plan_cells.h.
 */
#include "plan_cells.h"

#include <gridbeat/cells.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo_index.h"
#include "geo_shape.h"
#include "plan_cells_told.h"
#include "store_load_shapes.h"

/*
 * The heaviest cell allowed, as a share of what a manager's territory may be
 * off its target: so that territories can be balanced by moving cells.
 */
static const double HEAVIEST_OF_TOLERANCE = 0.5;
/* Cells lighter than this share of the heaviest are joined. */
static const double LIGHTEST_OF_HEAVIEST = 0.25;

/* Located customers: where they are, and what work they are. */
typedef struct customers {
    store_customer_points rows;
    gb_point *at;
    double *work_s;
    uint32_t *cell;
    int64_t *ids;
    size_t n;
} customers;

bool plan_cells_are_made(const plan_data *data)
{
    return data->cells.n > 0
           && (data->cells.n_neighbours > 0 || data->cells.n == 1);
}

static void clear_customers(plan_data *data, customers *c)
{
    base_free(data->run->mem, c->at);
    base_free(data->run->mem, c->work_s);
    base_free(data->run->mem, c->cell);
    base_free(data->run->mem, c->ids);
    store_customer_points_clear(&c->rows);
}

typedef struct work_of {
    int64_t id;
    double work_s;
} work_of;

static int by_id(const void *a, const void *b)
{
    const work_of *p = a, *q = b;

    return (p->id > q->id) - (p->id < q->id);
}

/*
 * What each target's visit takes; other customers are no work.  Where nobody
 * is to be visited yet, all count alike, so that the ground is parted at all.
 */
static gb_status weigh(plan_data *data, customers *c)
{
    const store_targets *targets = &data->targets;
    work_of *list
        = base_alloc_array(data->run->mem, targets->n, sizeof *list);
    size_t n = 0;

    if (!list)
        return base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < targets->n; t++)
        if (plan_is_field_target(&targets->items[t]))
            list[n++] = (work_of){ targets->items[t].id,
                                   plan_service_s(data, t) };
    qsort(list, n, sizeof *list, by_id);
    for (size_t i = 0; i < c->n; i++) {
        const work_of key = { c->ids[i], 0 };
        const work_of *found = bsearch(&key, list, n, sizeof key, by_id);

        c->work_s[i] = n == 0 ? 1 : found ? found->work_s : 0;
    }
    base_free(data->run->mem, list);
    return GB_OK;
}

static gb_status load_customers(plan_data *data, customers *c)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    base_mem *mem = data->run->mem;
    gb_lonlat *degrees = NULL;
    gb_status status;

    memset(c, 0, sizeof *c);
    status = store_load_customer_points(data->ws, &data->branches, all,
                                        data->settings->on, &c->rows);
    if (status)
        return status;
    c->n = c->rows.n;
    degrees = base_alloc_array(mem, c->n, sizeof *degrees);
    c->at = base_alloc_array(mem, c->n, sizeof *c->at);
    c->work_s = base_alloc_array(mem, c->n, sizeof *c->work_s);
    c->cell = base_alloc_array(mem, c->n, sizeof *c->cell);
    c->ids = base_alloc_array(mem, c->n, sizeof *c->ids);
    if (!degrees || !c->at || !c->work_s || !c->cell || !c->ids)
        status = base_fail_nomem(data->run->ctx);
    for (size_t i = 0; i < c->n && !status; i++) {
        degrees[i] = c->rows.items[i].at;
        c->ids[i] = c->rows.items[i].id;
    }
    if (!status)
        status = plan_project(data, degrees, c->n, c->at);
    if (!status)
        status = weigh(data, c);
    base_free(mem, degrees);
    return status;
}

/* ---- input ---- */

/* The lines of the road index in metres. */
static gb_status load_lines(plan_data *data, gb_roads_line_set *set,
                            gb_point **points)
{
    gb_status status;

    memset(set, 0, sizeof *set);
    *points = NULL;
    if (!data->roads)
        return GB_OK; /* then the ground is parted by its customers alone */
    status = plan_take(data, gb_roads_lines(&data->quiet, data->roads, set));
    if (status)
        return status;
    *points
        = base_alloc_array(data->run->mem, set->n_points, sizeof **points);
    if (!*points)
        return base_fail_nomem(data->run->ctx);
    return plan_project(data, set->points, set->n_points, *points);
}

static gb_cells_options weight_limits(const plan_data *data,
                                      const customers *c)
{
    gb_cells_options options = GB_CELLS_OPTIONS_INIT;
    double work_s = 0;

    for (size_t i = 0; i < c->n; i++)
        work_s += c->work_s[i];
    if (data->managers.n > 0)
        options.max_weight = work_s / (double)data->managers.n
                             * data->settings->given.tolerance
                             * HEAVIEST_OF_TOLERANCE;
    options.min_weight = options.max_weight * LIGHTEST_OF_HEAVIEST;
    return options;
}

static gb_status build_from_roads(plan_data *data, const customers *c,
                                  gb_cells **out)
{
    const gb_cells_options options = weight_limits(data, c);
    gb_cells_input input = GB_CELLS_INPUT_INIT;
    gb_roads_line_set set;
    gb_point *points = NULL;
    gb_lines lines;
    gb_shapes compounds;
    geo_shapes outlines;
    gb_status status;

    geo_shapes_init(&outlines, data->run->mem);
    status = load_lines(data, &set, &points);
    if (!status)
        status = store_load_outlines(data->ws, data->crs, &outlines);
    if (!status) {
        lines = (gb_lines){ set.n_lines, set.n_points, set.first_point,
                            points };
        compounds = geo_shapes_view(&outlines);
        input.lines = set.n_lines > 0 ? &lines : NULL;
        input.line_classes = set.classes;
        input.atomic = compounds.n_shapes > 0 ? &compounds : NULL;
        input.points = c->at;
        input.weights = c->work_s;
        input.n_points = c->n;
        status = plan_take(data, gb_cells_build(&data->quiet, &input,
                                                &options, out));
    }
    base_free(data->run->mem, points);
    geo_shapes_clear(&outlines);
    return status;
}

static gb_status build_from_given(plan_data *data, const customers *c,
                                  gb_cells **out)
{
    const gb_cells_options options = weight_limits(data, c);
    gb_cells_input input = GB_CELLS_INPUT_INIT;

    input.points = c->at;
    input.weights = c->work_s;
    input.n_points = c->n;
    return plan_take(data, gb_cells_from_shapes(&data->quiet,
                                                &data->cells.shapes, &input,
                                                &options, out));
}

/* ---- output ---- */

static gb_status check(plan_data *data, const gb_cells_view *view)
{
    gb_cells_finding first;
    size_t n = 0;
    const gb_status status
        = plan_take(data, gb_cells_check(&data->quiet, view, &first, 1, &n));

    if (!status && n > 0)
        return base_fail(data->run->ctx, GB_ERR_INTERNAL,
                         "cells do not check: %zu findings, the first of "
                         "kind %d at cell %u",
                         n, first.kind, first.a);
    return status;
}

/* What people call the cells: their own polygons keep their references. */
typedef struct naming {
    base_arena arena;
    const char **given; /* by polygon; NULL: none were given */
    const char **refs;  /* by cell */
} naming;

static const char *keep_text(naming *names, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = base_arena_alloc(&names->arena, size, 1);

    return copy ? memcpy(copy, text, size) : NULL;
}

static const char *number_name(naming *names, const char *format, size_t n)
{
    char name[32];

    snprintf(name, sizeof name, format, n);
    return keep_text(names, name);
}

static bool is_taken(const naming *names, size_t n_given, const char *name)
{
    for (size_t s = 0; s < n_given; s++)
        if (strcmp(names->given[s], name) == 0)
            return true;
    return false;
}

static gb_status name_cells(plan_data *data, const gb_cells_view *view,
                            bool is_given, naming *names)
{
    const size_t n_given = is_given ? data->cells.n : 0;
    size_t n_gaps = 0;

    base_arena_init(&names->arena, data->run->mem);
    names->refs = base_arena_alloc(&names->arena, view->n_cells,
                                   sizeof *names->refs);
    names->given = base_arena_alloc(&names->arena, n_given + 1,
                                    sizeof *names->given);
    if (!names->refs || !names->given)
        return base_fail_nomem(data->run->ctx);
    for (size_t s = 0; s < n_given; s++) {
        names->given[s] = keep_text(names, data->cells.refs[s]);
        if (!names->given[s])
            return base_fail_nomem(data->run->ctx);
    }
    for (size_t c = 0; c < view->n_cells; c++) {
        if (!is_given)
            names->refs[c] = number_name(names, "cell%05zu", c + 1);
        else if (view->sources[c] != GB_CELL_NONE)
            names->refs[c] = names->given[view->sources[c]];
        else
            do
                names->refs[c] = number_name(names, "gap%03zu", ++n_gaps);
            while (names->refs[c] && is_taken(names, n_given, names->refs[c]));
        if (!names->refs[c])
            return base_fail_nomem(data->run->ctx);
    }
    return GB_OK;
}

/* Saved cells come back by reference: where each has gone. */
static gb_status renumber(plan_data *data, const gb_cells_view *view,
                          const naming *names, const customers *c)
{
    uint32_t *place = base_alloc_array(data->run->mem, view->n_cells,
                                       sizeof *place);

    if (!place)
        return base_fail_nomem(data->run->ctx);
    for (size_t i = 0; i < view->n_cells; i++) {
        size_t from = 0, to = data->cells.n;

        while (from + 1 < to) {
            const size_t middle = from + (to - from) / 2;

            if (strcmp(data->cells.refs[middle], names->refs[i]) <= 0)
                from = middle;
            else
                to = middle;
        }
        place[i] = (uint32_t)from;
    }
    for (size_t p = 0; p < c->n; p++)
        c->cell[p] = view->cell_of_point[p] == GB_CELL_NONE
                         ? STORE_NONE
                         : place[view->cell_of_point[p]];
    base_free(data->run->mem, place);
    return GB_OK;
}

static gb_status save(plan_data *data, const gb_cells_view *view,
                      const customers *c, const naming *names,
                      const char *source)
{
    const store_cells_in in
        = { .source = source, .refs = names->refs, .n = view->n_cells,
            .shapes = *view->shapes,
            .first_neighbour = view->first_neighbour,
            .neighbour = view->neighbours,
            .border_m = view->shared_border_m };
    gb_status status = store_save_cells(data->ws, &in);

    if (status)
        return status;
    store_cells_clear(&data->cells);
    memset(&data->cells, 0, sizeof data->cells);
    status = store_load_cells(data->ws, &data->cells);
    if (!status)
        status = renumber(data, view, names, c);
    if (!status)
        status = store_save_customer_cells(data->ws, &data->cells, c->ids,
                                           c->cell, c->n);
    return status;
}

static gb_status tell(plan_data *data, const gb_cells *cells,
                      const gb_cells_view *view, const customers *c,
                      const naming *names, bool is_given, json_t **result)
{
    const plan_cells_telling telling
        = { data, cells, view, is_given ? names->given : NULL, names->refs,
            weight_limits(data, c).max_weight };
    json_t *repairs = NULL;
    gb_status status = plan_cells_repairs(&telling, &repairs);

    if (status) {
        json_decref(repairs);
        return status;
    }
    return plan_json(
        data->run,
        json_pack("{s:b, s:I, s:I, s:s, s:o, s:o, s:o}", "built", 1, "cells",
                  (json_int_t)view->n_cells, "customers", (json_int_t)c->n,
                  "source", is_given ? "given" : "roads", "findings",
                  plan_cells_counts(&telling), "figures",
                  plan_cells_figures(&telling), "repairs", repairs),
        result);
}

gb_status plan_cells(plan_data *data, json_t **result)
{
    const bool is_given = data->cells.n > 0 && !plan_cells_are_made(data);
    gb_cells_view view = GB_CELLS_VIEW_INIT;
    gb_cells *cells = NULL;
    naming names = { 0 };
    customers c;
    gb_status status = load_customers(data, &c);

    if (!status)
        status = is_given ? build_from_given(data, &c, &cells)
                          : build_from_roads(data, &c, &cells);
    if (!status)
        status = plan_take(data, gb_cells_get(&data->quiet, cells, &view));
    if (!status)
        status = check(data, &view);
    if (!status)
        status = name_cells(data, &view, is_given, &names);
    if (!status)
        status = save(data, &view, &c, &names, is_given ? "given" : "roads");
    if (!status)
        status = tell(data, cells, &view, &c, &names, is_given, result);
    if (names.arena.mem)
        base_arena_clear(&names.arena);
    gb_cells_free(cells);
    clear_customers(data, &c);
    return status;
}

/* ---- customers into cells ---- */

typedef struct looking {
    const gb_shapes *shapes;
    gb_point at;
    uint32_t found;
} looking;

static bool is_inside(void *user, uint32_t cell)
{
    looking *l = user;

    if (cell < l->found && geo_shape_contains(l->shapes, cell, l->at))
        l->found = cell;
    return true; /* the lowest of all that hold it */
}

static gb_status locate(plan_data *data, customers *c, size_t *n_outside)
{
    const gb_shapes *shapes = &data->cells.shapes;
    gb_box *boxes
        = base_alloc_array(data->run->mem, data->cells.n, sizeof *boxes);
    geo_index *index = NULL;
    gb_status status = boxes ? GB_OK : base_fail_nomem(data->run->ctx);

    for (size_t s = 0; s < data->cells.n && !status; s++)
        boxes[s] = geo_shape_box(shapes, s);
    if (!status)
        status = geo_index_build(data->run->ctx, boxes, data->cells.n, &index);
    *n_outside = 0;
    for (size_t i = 0; i < c->n && !status; i++) {
        looking l = { shapes, c->at[i], STORE_NONE };
        const gb_box here = { c->at[i].x_m, c->at[i].y_m, c->at[i].x_m,
                              c->at[i].y_m };

        (void)geo_index_in_box(index, here, is_inside, &l);
        c->cell[i] = l.found;
        *n_outside += l.found == STORE_NONE;
        status = base_poll(data->run);
    }
    geo_index_free(index);
    base_free(data->run->mem, boxes);
    return status;
}

gb_status plan_cells_locate(plan_data *data, size_t *n_outside,
                            json_t **result)
{
    customers c;
    gb_status status = load_customers(data, &c);

    if (!status)
        status = locate(data, &c, n_outside);
    if (!status)
        status = store_save_customer_cells(data->ws, &data->cells, c.ids,
                                           c.cell, c.n);
    if (!status)
        status = plan_json(data->run,
                           json_pack("{s:b, s:I, s:I, s:I}", "built", 0,
                                     "cells", (json_int_t)data->cells.n,
                                     "customers", (json_int_t)c.n, "outside",
                                     (json_int_t)*n_outside),
                           result);
    clear_customers(data, &c);
    return status;
}
