/*
 * store_plan.c - a plan into the workspace and back.
 */
#include "store_query.h"
#include "store_rows.h"
#include "store_save.h"

#include "base_check.h"
#include "geo_codec.h"

#include <stdio.h>
#include <string.h>

static const char *const state_names[STORE_N_STATES]
    = { "planned",     "other_channel", "deferred",
        "crowded_out", "impossible",    "set_aside" };

const char *store_plan_state_name(int32_t state)
{
    return state >= 0 && state < STORE_N_STATES ? state_names[state] : "";
}

/* ---------------------------------------------------------------- check -- */

/* The targets' rows of the plan's date, by customer. */
typedef struct target_row {
    int64_t customer, target;
} target_row;

typedef struct target_rows {
    target_row *items;
    store_ids ids;
    size_t n;
} target_rows;

static gb_status read_targets(gb_workspace *ws, const char *as_of,
                              target_rows *rows)
{
    store_statement *st = NULL;
    size_t capacity = 0;
    bool has_row;
    gb_status status = store_prepare(
        ws, "SELECT count(*) FROM target WHERE as_of = ?1", &st);

    if (status)
        return status;
    store_bind_text(st, 1, as_of);
    status = store_step(ws, st, &has_row);
    if (!status)
        capacity = (size_t)store_column_int(st, 0);
    store_finalize(st);
    st = NULL;
    rows->items = base_alloc_array(ws->mem, capacity, sizeof *rows->items);
    if (!status && !rows->items)
        status = base_fail_nomem(ws->run->ctx);
    if (!status)
        status = store_prepare(
            ws, "SELECT customer_id, id FROM target WHERE as_of = ?1", &st);
    if (!status)
        store_bind_text(st, 1, as_of);
    while (store_next(ws, st, &status) && rows->n < capacity)
        rows->items[rows->n++]
            = (target_row){ store_column_int(st, 0), store_column_int(st, 1) };
    store_finalize(st);
    if (!status)
        status = store_ids_build(ws, rows->items, rows->n,
                                 sizeof *rows->items, &rows->ids);
    return status;
}

static gb_status fail_count(gb_workspace *ws, const char *what, int64_t id)
{
    return base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                     "the plan does not add up: %s, customer %lld", what,
                     (long long)id);
}

/* Each target once, each stop that of one planned target. */
static gb_status check_counts(gb_workspace *ws, const store_plan *plan,
                              const target_rows *rows)
{
    bool *seen = base_alloc_zeroed(ws->mem, rows->n + plan->n_stops, 1);
    bool *visited = seen ? seen + rows->n : NULL;
    gb_status status = seen ? GB_OK : base_fail_nomem(ws->run->ctx);
    size_t n_planned = 0;

    for (size_t i = 0; i < plan->n_targets && !status; i++) {
        const store_plan_target *t = &plan->targets[i];
        const uint32_t row = store_ids_find(&rows->ids, t->customer_id);

        if (row == STORE_NONE || seen[row])
            status = fail_count(ws, row == STORE_NONE
                                        ? "no target of the date"
                                        : "in it twice", t->customer_id);
        else if ((t->state == STORE_PLANNED) != (t->stop != STORE_NONE))
            status = fail_count(ws, "planned without a stop, or a stop "
                                    "without a plan", t->customer_id);
        else if (t->stop != STORE_NONE
                 && (t->stop >= plan->n_stops || visited[t->stop]
                     || plan->stops[t->stop].customer_id != t->customer_id))
            status = fail_count(ws, "at a stop of another", t->customer_id);
        if (status)
            break;
        seen[row] = true;
        if (t->stop != STORE_NONE) {
            visited[t->stop] = true;
            n_planned++;
        }
    }
    base_free(ws->mem, seen);
    if (!status && plan->n_targets != rows->n)
        status = base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                           "the plan does not add up: %zu of %zu targets have "
                           "a state",
                           plan->n_targets, rows->n);
    if (!status && n_planned != plan->n_stops)
        status = base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                           "the plan does not add up: %zu stops for %zu "
                           "planned targets",
                           plan->n_stops, n_planned);
    return status;
}

/* ----------------------------------------------------------------- save -- */

/* The states by a statement of their own: a cascade takes twice as long. */
static gb_status delete_drafts(gb_workspace *ws, const char *from,
                               const char *to)
{
#define DRAFTS "plan WHERE from_date = ?1 AND to_date = ?2 AND state = 'draft'"
    static const char *const steps[] = {
        "DELETE FROM plan_state WHERE plan_id IN (SELECT id FROM " DRAFTS ")",
        "DELETE FROM " DRAFTS,
    };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++) {
        store_statement *st = NULL;

        status = store_prepare(ws, steps[i], &st);
        if (!status) {
            store_bind_text(st, 1, from);
            store_bind_text(st, 2, to);
            status = store_run(ws, st);
        }
        store_finalize(st);
    }
    return status;
}

static gb_status insert_plan(gb_workspace *ws, const store_plan *plan,
                             int64_t *id)
{
    store_statement *st = NULL;
    char from[16], to[16], as_of[16];
    gb_status status
        = delete_drafts(ws, store_day_text(from, plan->from),
                        store_day_text(to, plan->to));

    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO plan(from_date, to_date, as_of, "
            "territory_version_id, seed, input_digest, options_json, "
            "summary_json) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, from);
    store_bind_text(st, 2, to);
    store_bind_text(st, 3, store_day_text(as_of, plan->as_of));
    store_bind_id(st, 4, plan->territory_version);
    store_bind_int(st, 5, (int64_t)plan->seed);
    store_bind_text_or(st, 6, plan->input_digest, "");
    store_bind_text_or(st, 7, plan->options_json, "{}");
    store_bind_text_or(st, 8, plan->summary_json, "{}");
    status = store_run(ws, st);
    if (!status)
        *id = store_last_id(ws);
    store_finalize(st);
    return status;
}

static gb_status bind_path(gb_workspace *ws, store_statement *st, int index,
                           const gb_lonlat *path, size_t n, geo_bytes *bytes)
{
    gb_point *points;
    bool is_written;

    store_bind_null(st, index);
    if (n < 2)
        return GB_OK;
    points = base_alloc_array(ws->mem, n, sizeof *points);
    if (!points)
        return base_fail_nomem(ws->run->ctx);
    for (size_t i = 0; i < n; i++)
        points[i] = (gb_point){ path[i].lon_deg, path[i].lat_deg };
    bytes->n = 0;
    is_written = geo_write_blob_line(ws->mem, points, n, 4326, bytes);
    base_free(ws->mem, points);
    if (!is_written)
        return base_fail_nomem(ws->run->ctx);
    store_bind_blob(st, index, bytes->items, bytes->n);
    return GB_OK;
}

static gb_status insert_route(gb_workspace *ws, store_statement *st,
                              const store_plan *plan, const store_route *route,
                              int64_t plan_id, geo_bytes *bytes, int64_t *id)
{
    char day[16];
    gb_status status;

    if (route->mode < 0 || route->mode > STORE_MODE_CAR
        || (size_t)route->first_point + route->n_points > plan->n_path)
        return base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                         "a route of manager %lld is out of range",
                         (long long)route->manager_id);
    store_bind_int(st, 1, plan_id);
    store_bind_text(st, 2, store_day_text(day, route->day));
    store_bind_int(st, 3, route->manager_id);
    store_bind_int(st, 4, route->branch_id);
    store_bind_text(st, 5, store_mode_names[route->mode]);
    store_bind_int(st, 6, route->leave_s);
    store_bind_int(st, 7, route->back_s);
    if (route->break_start_s == STORE_NO_TIME) {
        store_bind_null(st, 8);
        store_bind_null(st, 9);
    } else {
        store_bind_int(st, 8, route->break_start_s);
        store_bind_int(st, 9, route->break_end_s);
    }
    store_bind_int(st, 10, route->travel_s);
    store_bind_int(st, 11, route->travel_m);
    store_bind_int(st, 12, route->service_s);
    store_bind_int(st, 13, route->wait_s);
    store_bind_int(st, 14, route->prize);
    store_bind_text_or(st, 15, route->figures_json, "{}");
    status = bind_path(ws, st, 16,
                       plan->path ? plan->path + route->first_point : NULL,
                       route->n_points, bytes);
    if (!status)
        status = store_run(ws, st);
    *id = store_last_id(ws);
    return status;
}

static gb_status insert_stop(gb_workspace *ws, store_statement *st,
                             const store_stop *stop, int64_t route_id,
                             uint32_t seq, int64_t *id)
{
    uint8_t point[GEO_BLOB_POINT_SIZE];
    gb_status status;

    geo_write_blob_point((gb_point){ stop->at.lon_deg, stop->at.lat_deg },
                         4326, point);
    store_bind_int(st, 1, route_id);
    store_bind_int(st, 2, seq);
    store_bind_int(st, 3, stop->stop_no);
    store_bind_int(st, 4, stop->customer_id);
    store_bind_id(st, 5, stop->place_id);
    store_bind_int(st, 6, stop->travel_s);
    store_bind_int(st, 7, stop->travel_m);
    store_bind_int(st, 8, stop->arrive_s);
    store_bind_int(st, 9, stop->start_s);
    store_bind_int(st, 10, stop->end_s);
    store_bind_int(st, 11, stop->prize);
    store_bind_int(st, 12, stop->is_must);
    store_bind_blob(st, 13, point, sizeof point);
    status = store_run(ws, st);
    *id = store_last_id(ws);
    return status;
}

/* Fills stop_ids with the row of each stop. */
static gb_status insert_routes(gb_workspace *ws, const store_plan *plan,
                               int64_t plan_id, int64_t *stop_ids)
{
    store_statement *route_st = NULL, *stop_st = NULL;
    geo_bytes bytes = BASE_ARRAY_INIT;
    size_t n_stops = 0;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO plan_route(plan_id, day, manager_id, branch_id, mode, "
        "leave_s, back_s, break_start_s, break_end_s, travel_s, travel_m, "
        "service_s, wait_s, prize, figures_json, geom) VALUES(?1, ?2, ?3, "
        "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &route_st);

    if (!status)
        status = store_prepare(
            ws,
            "INSERT INTO plan_stop(plan_route_id, seq, stop_no, customer_id, "
            "place_id, travel_s, travel_m, arrive_s, start_s, end_s, prize, "
            "is_must, geom) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
            "?11, ?12, ?13)",
            &stop_st);
    for (size_t r = 0; r < plan->n_routes && !status; r++) {
        const store_route *route = &plan->routes[r];
        int64_t route_id = 0;

        if ((size_t)route->first_stop + route->n_stops > plan->n_stops) {
            status = base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                               "a route of manager %lld is out of range",
                               (long long)route->manager_id);
            break;
        }
        status = insert_route(ws, route_st, plan, route, plan_id, &bytes,
                              &route_id);
        for (uint32_t i = 0; i < route->n_stops && !status; i++, n_stops++)
            status = insert_stop(ws, stop_st,
                                 &plan->stops[route->first_stop + i],
                                 route_id, i + 1,
                                 &stop_ids[route->first_stop + i]);
        if (!status)
            status = base_poll(ws->run);
    }
    if (!status && n_stops != plan->n_stops)
        status = base_fail(ws->run->ctx, GB_ERR_INTERNAL,
                           "the plan does not add up: %zu of %zu stops lie on "
                           "a route",
                           n_stops, plan->n_stops);
    base_array_clear(ws->mem, &bytes);
    store_finalize(route_st);
    store_finalize(stop_st);
    return status;
}

static gb_status insert_states(gb_workspace *ws, const store_plan *plan,
                               int64_t plan_id, const target_rows *rows,
                               const int64_t *stop_ids)
{
    store_statement *st = NULL;
    store_ids customers = { 0 };
    gb_status status = store_prepare(
        ws,
        "INSERT INTO plan_state(plan_id, target_id, state, reason, "
        "reason_json, until_date, manager_id, territory_id, plan_stop_id) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &st);

    if (!status)
        status = store_ids_build(ws, plan->targets, plan->n_targets,
                                 sizeof *plan->targets, &customers);
    for (size_t k = 0; k < customers.n && !status; k++) {
        const store_plan_target *t
            = &plan->targets[customers.items[k].place];
        const uint32_t row = store_ids_find(&rows->ids, t->customer_id);
        char until[16];

        store_bind_int(st, 1, plan_id);
        store_bind_int(st, 2, rows->items[row].target);
        store_bind_text(st, 3, store_plan_state_name(t->state));
        store_bind_text_or(st, 4, t->reason, "");
        store_bind_text_or(st, 5, t->reason_json, "{}");
        store_bind_day(st, 6, t->until, until);
        store_bind_id(st, 7, t->manager_id);
        store_bind_id(st, 8, t->territory_id);
        store_bind_id(st, 9, t->stop == STORE_NONE ? 0 : stop_ids[t->stop]);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_ids_clear(&customers);
    store_finalize(st);
    return status;
}

static gb_status save(gb_workspace *ws, const store_plan *plan,
                      int64_t *stop_ids, target_rows *rows)
{
    char as_of[16];
    int64_t plan_id = 0;
    gb_status status
        = read_targets(ws, store_day_text(as_of, plan->as_of), rows);

    if (!status)
        status = check_counts(ws, plan, rows);
    if (!status)
        status = insert_plan(ws, plan, &plan_id);
    if (!status)
        status = insert_routes(ws, plan, plan_id, stop_ids);
    if (!status)
        status = insert_states(ws, plan, plan_id, rows, stop_ids);
    return status;
}

gb_status store_save_plan(gb_workspace *ws, const store_plan *plan)
{
    target_rows rows = { 0 };
    int64_t *stop_ids;
    gb_status status;

    stop_ids = base_alloc_zeroed(ws->mem, plan->n_stops, sizeof *stop_ids);
    if (!stop_ids)
        return base_fail_nomem(ws->run->ctx);
    status = store_begin(ws);
    if (!status)
        status = store_end(ws, save(ws, plan, stop_ids, &rows));
    store_ids_clear(&rows.ids);
    base_free(ws->mem, rows.items);
    base_free(ws->mem, stop_ids);
    return status;
}

/* ----------------------------------------------------------------- load -- */

static gb_status load_head(gb_workspace *ws, int32_t on, store_plan *out)
{
    store_statement *st = NULL;
    char day[16];
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT id, from_date, to_date, as_of, seed, territory_version_id, "
        "input_digest, options_json, summary_json FROM plan "
        "WHERE from_date <= ?1 AND to_date >= ?1 AND state <> 'replaced' "
        "ORDER BY state = 'published' DESC, id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, on));
    status = store_step(ws, st, &has_row);
    if (!status && !has_row)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no plan for %s", day);
    if (!status) {
        out->id = store_column_int(st, 0);
        out->from = store_row_day(st, 1);
        out->to = store_row_day(st, 2);
        out->as_of = store_row_day(st, 3);
        out->seed = (uint64_t)store_column_int(st, 4);
        out->territory_version = store_column_int(st, 5);
        out->input_digest = store_row_text(&out->arena, st, 6);
        out->options_json = store_row_text(&out->arena, st, 7);
        out->summary_json = store_row_text(&out->arena, st, 8);
        if (!out->input_digest || !out->options_json || !out->summary_json)
            status = base_fail_nomem(ws->run->ctx);
    }
    store_finalize(st);
    return status;
}

/* A query about the plan, with the scope on an alias; ?1 is the plan. */
static gb_status prepare(gb_workspace *ws, const char *head, const char *alias,
                         store_scope scope, const char *tail, int64_t plan,
                         store_statement **st)
{
    const gb_status status
        = store_scope_prepare(ws, head, alias, scope, tail, st);

    if (!status)
        store_bind_int(*st, 1, plan);
    return status;
}

static gb_status reserve(gb_workspace *ws, store_plan *plan, const char *table,
                         size_t size, void **items, size_t *capacity)
{
    char sql[160];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s %lld", table,
             (long long)plan->id);
    return store_rows_reserve(ws, &plan->arena, sql, size, items, capacity);
}

typedef BASE_ARRAY(gb_lonlat) paths;

static gb_status take_path(gb_workspace *ws, store_statement *st, int column,
                           store_route *route, paths *path)
{
    size_t n = 0;
    const void *blob = store_column_blob(st, column, &n);
    geo_geometry line;
    gb_shapes view;
    gb_status status;

    route->first_point = (uint32_t)path->n;
    if (!blob)
        return GB_OK;
    status = geo_read_blob(ws->run->ctx, blob, n, &line);
    if (status)
        return status;
    view = geo_shapes_view(&line.parts);
    route->n_points = (uint32_t)view.n_points;
    for (size_t i = 0; i < view.n_points && !status; i++) {
        const gb_lonlat at = { view.points[i].x_m, view.points[i].y_m };

        if (!base_array_push(ws->mem, path, at))
            status = base_fail_nomem(ws->run->ctx);
    }
    geo_geometry_clear(&line);
    return status;
}

static gb_status take_route(gb_workspace *ws, store_statement *st,
                            store_plan *out, paths *path)
{
    store_route *r = &out->routes[out->n_routes++];

    r->manager_id = store_column_int(st, 1);
    r->branch_id = store_column_int(st, 2);
    r->manager_ref = store_row_text(&out->arena, st, 3);
    r->branch_ref = store_row_text(&out->arena, st, 4);
    r->day = store_row_day(st, 5);
    r->mode = (int32_t)store_name_index(store_column_text(st, 6),
                                        store_mode_names, 3);
    r->leave_s = store_column_int(st, 7);
    r->back_s = store_column_int(st, 8);
    r->break_start_s = store_row_time(st, 9);
    r->break_end_s = store_row_time(st, 10);
    r->travel_s = store_column_int(st, 11);
    r->travel_m = store_column_int(st, 12);
    r->service_s = store_column_int(st, 13);
    r->wait_s = store_column_int(st, 14);
    r->prize = store_column_int(st, 15);
    r->figures_json = store_row_text(&out->arena, st, 16);
    if (!r->manager_ref || !r->branch_ref || !r->figures_json)
        return base_fail_nomem(ws->run->ctx);
    return take_path(ws, st, 17, r, path);
}

static gb_status load_routes(gb_workspace *ws, store_scope scope,
                             store_plan *out)
{
    store_statement *st = NULL;
    paths path = BASE_ARRAY_INIT;
    size_t capacity = 0;
    void *items = NULL;
    gb_status status = reserve(ws, out, "plan_route WHERE plan_id =",
                               sizeof *out->routes, &items, &capacity);

    out->routes = items;
    if (!status)
        status = prepare(
            ws,
            "SELECT r.id, r.manager_id, r.branch_id, m.ref, b.ref, r.day, "
            "r.mode, r.leave_s, r.back_s, r.break_start_s, r.break_end_s, "
            "r.travel_s, r.travel_m, r.service_s, r.wait_s, r.prize, "
            "r.figures_json, r.geom FROM plan_route r "
            "JOIN manager m ON m.id = r.manager_id "
            "JOIN branch b ON b.id = r.branch_id WHERE r.plan_id = ?1",
            "r", scope, " ORDER BY r.day, m.ref", out->id, &st);
    while (store_next(ws, st, &status) && out->n_routes < capacity)
        status = take_route(ws, st, out, &path);
    store_finalize(st);
    if (!status && path.n > 0) {
        out->path = base_arena_alloc(&out->arena, path.n, sizeof *out->path);
        if (out->path)
            memcpy(out->path, path.items, path.n * sizeof *path.items);
        else
            status = base_fail_nomem(ws->run->ctx);
        out->n_path = path.n;
    }
    base_array_clear(ws->mem, &path);
    return status;
}

static gb_status take_stop(gb_workspace *ws, store_statement *st,
                           store_plan *out)
{
    store_stop *s = &out->stops[out->n_stops++];
    bool is_there;

    s->customer_id = store_column_int(st, 3);
    s->ref = store_row_text(&out->arena, st, 4);
    s->place_id = store_column_int(st, 5);
    s->place_ref = store_row_text(&out->arena, st, 6);
    s->stop_no = (uint32_t)store_column_int(st, 7);
    s->travel_s = store_column_int(st, 8);
    s->travel_m = store_column_int(st, 9);
    s->arrive_s = store_column_int(st, 10);
    s->start_s = store_column_int(st, 11);
    s->end_s = store_column_int(st, 12);
    s->prize = store_column_int(st, 13);
    s->is_must = store_column_int(st, 14) != 0;
    s->grade = store_row_text(&out->arena, st, 16);
    if (!s->ref || !s->place_ref || !s->grade)
        return base_fail_nomem(ws->run->ctx);
    return store_row_point(ws, st, 15, &s->at, &is_there);
}

/* Stops come in the order of the routes; stop_ids holds their rows. */
static gb_status load_stops(gb_workspace *ws, store_scope scope,
                            store_plan *out, int64_t **stop_ids)
{
    store_statement *st = NULL;
    size_t capacity = 0, r = 0;
    void *items = NULL;
    gb_status status
        = reserve(ws, out,
                  "plan_stop s JOIN plan_route r ON r.id = s.plan_route_id "
                  "WHERE r.plan_id =",
                  sizeof *out->stops, &items, &capacity);

    out->stops = items;
    if (!status) {
        *stop_ids = base_alloc_array(ws->mem, capacity, sizeof **stop_ids);
        status = *stop_ids
            ? prepare(ws,
                      "SELECT s.id, r.manager_id, r.day, s.customer_id, "
                      "c.ref, s.place_id, p.ref, s.stop_no, s.travel_s, "
                      "s.travel_m, s.arrive_s, s.start_s, s.end_s, s.prize, "
                      "s.is_must, s.geom, t.grade FROM plan_stop s "
                      "JOIN plan_route r ON r.id = s.plan_route_id "
                      "JOIN manager m ON m.id = r.manager_id "
                      "JOIN customer c ON c.id = s.customer_id "
                      "LEFT JOIN place p ON p.id = s.place_id "
                      "LEFT JOIN plan_state x ON x.plan_stop_id = s.id "
                      "LEFT JOIN target t ON t.id = x.target_id "
                      "WHERE r.plan_id = ?1",
                      "r", scope, " ORDER BY r.day, m.ref, s.seq", out->id,
                      &st)
            : base_fail_nomem(ws->run->ctx);
    }
    while (store_next(ws, st, &status) && out->n_stops < capacity) {
        const int64_t manager = store_column_int(st, 1);
        const int32_t day = store_row_day(st, 2);

        while (r < out->n_routes
               && (out->routes[r].manager_id != manager
                   || out->routes[r].day != day)) {
            r++;
            if (r < out->n_routes)
                out->routes[r].first_stop = (uint32_t)out->n_stops;
        }
        if (r == out->n_routes)
            break;
        out->routes[r].n_stops++;
        (*stop_ids)[out->n_stops] = store_column_int(st, 0);
        status = take_stop(ws, st, out);
    }
    store_finalize(st);
    return status;
}

static gb_status take_state(gb_workspace *ws, store_statement *st,
                            const store_ids *stops, store_plan *out)
{
    store_plan_target *t = &out->targets[out->n_targets++];
    base_arena *arena = &out->arena;

    t->customer_id = store_column_int(st, 0);
    t->ref = store_row_text(arena, st, 1);
    t->state = (int32_t)store_name_index(store_column_text(st, 2),
                                         state_names, STORE_N_STATES);
    t->reason = store_row_text(arena, st, 3);
    t->reason_json = store_row_text(arena, st, 4);
    t->until = store_row_day(st, 5);
    t->manager_id = store_column_int(st, 6);
    t->territory_id = store_column_int(st, 7);
    t->stop = store_ids_find(stops, store_column_int(st, 8));
    t->score = store_column_int(st, 9);
    t->channel = store_row_text(arena, st, 10);
    t->grade = store_row_text(arena, st, 11);
    t->must_rule = store_row_text(arena, st, 12);
    t->accuracy = (int32_t)store_name_index(store_column_text(st, 14),
                                            store_accuracy_names,
                                            COUNT_OF(store_accuracy_names));
    if (!t->ref || !t->reason || !t->reason_json || !t->channel || !t->grade
        || !t->must_rule)
        return base_fail_nomem(ws->run->ctx);
    return store_row_point(ws, st, 13, &t->at, &t->has_location);
}

static const store_scope everybody = { STORE_SCOPE_ALL, 0 };

#define STATES                                                                \
    "SELECT c.id, c.ref, x.state, x.reason, x.reason_json, "                  \
    "x.until_date, x.manager_id, x.territory_id, x.plan_stop_id, "            \
    "t.score, t.channel, t.grade, t.must_rule, c.geom, c.accuracy "           \
    "FROM plan_state x JOIN target t ON t.id = x.target_id "                  \
    "JOIN customer c ON c.id = t.customer_id WHERE x.plan_id = ?1"

/*
 * Of a crew: what its managers were given, and what lies in its territories.
 * By an index each: a county has a million targets and a page for each branch.
 */
static gb_status prepare_crew(gb_workspace *ws, const char *head,
                              int64_t branch, const char *tail, int64_t plan,
                              store_statement **st)
{
    char crew[512];

    snprintf(crew, sizeof crew,
             "(SELECT y.target_id FROM plan_state y "
             "WHERE y.plan_id = ?1 AND y.manager_id IN (SELECT id FROM "
             "manager WHERE branch_id = %lld) UNION SELECT y.target_id "
             "FROM plan_state y WHERE y.plan_id = ?1 AND y.territory_id IN "
             "(SELECT id FROM territory WHERE branch_id = %lld))%s",
             (long long)branch, (long long)branch, tail);
    return prepare(ws, head, "", everybody, crew, plan, st);
}

static gb_status prepare_states(gb_workspace *ws, store_scope scope,
                                int64_t plan, store_statement **st)
{
    if (scope.kind == STORE_SCOPE_CREW)
        return prepare_crew(ws, STATES " AND x.target_id IN ", scope.id,
                            " ORDER BY c.ref", plan, st);
    /* Whose target it is counts here, not who looks after them. */
    return prepare(ws, STATES,
                   scope.kind == STORE_SCOPE_MANAGER ? "x" : "c", scope,
                   " ORDER BY c.ref", plan, st);
}

/* Room for the crew's states, or else for all of the plan. */
static gb_status reserve_states(gb_workspace *ws, store_scope scope,
                                store_plan *out, size_t *capacity)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status
        = scope.kind == STORE_SCOPE_CREW
              ? prepare_crew(ws, "SELECT count(*) FROM ", scope.id, "",
                             out->id, &st)
              : prepare(ws, "SELECT count(*) FROM plan_state "
                            "WHERE plan_id = ?1", "", everybody, "", out->id,
                        &st);

    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status)
        *capacity = (size_t)store_column_int(st, 0);
    store_finalize(st);
    out->targets = base_arena_alloc(&out->arena, *capacity,
                                    sizeof *out->targets);
    return status || out->targets ? status : base_fail_nomem(ws->run->ctx);
}

static gb_status load_states(gb_workspace *ws, store_scope scope,
                             const int64_t *stop_ids, store_plan *out)
{
    store_statement *st = NULL;
    store_ids stops = { 0 };
    size_t capacity = 0;
    gb_status status = store_ids_build(ws, stop_ids, out->n_stops,
                                       sizeof *stop_ids, &stops);

    if (!status)
        status = reserve_states(ws, scope, out, &capacity);
    if (!status)
        status = prepare_states(ws, scope, out->id, &st);
    while (store_next(ws, st, &status) && out->n_targets < capacity) {
        status = take_state(ws, st, &stops, out);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    store_ids_clear(&stops);
    return status;
}

static gb_status load(gb_workspace *ws, int32_t on, store_scope scope,
                      bool has_targets, store_plan *out)
{
    int64_t *stop_ids = NULL;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = load_head(ws, on, out);
    if (!status)
        status = load_routes(ws, scope, out);
    if (!status)
        status = load_stops(ws, scope, out, &stop_ids);
    if (!status && has_targets)
        status = load_states(ws, scope, stop_ids, out);
    base_free(ws->mem, stop_ids);
    if (status)
        store_plan_clear(out);
    return status;
}

gb_status store_load_plan(gb_workspace *ws, int32_t on, store_scope scope,
                          store_plan *out)
{
    return load(ws, on, scope, true, out);
}

gb_status store_load_routes(gb_workspace *ws, int32_t on, store_scope scope,
                            store_plan *out)
{
    return load(ws, on, scope, false, out);
}

void store_plan_clear(store_plan *plan)
{
    if (plan->arena.mem)
        base_arena_clear(&plan->arena);
    memset(plan, 0, sizeof *plan);
}
