/*
 * route_vroom_write.c - a solution as VROOM's answer.  Computing times are 0:
 * equal input gives equal bytes.
 */
#include "route_vroom_walk.h"

#include <inttypes.h>
#include <string.h>

/* ---- what the file says ---- */

static const vroom_file *own_of(const gb_route_file *file)
{
    return file->facts.format == GB_ROUTE_FORMAT_VROOM ? file->own : NULL;
}

static uint64_t job_id(const vroom_writer *w, uint32_t client)
{
    return w->own ? w->own->jobs[client].id : client + UINT64_C(1);
}

static uint64_t vehicle_id(const vroom_writer *w, uint32_t v)
{
    return w->own ? w->own->vehicles[v].id : v + UINT64_C(1);
}

static bool has_distances(const vroom_writer *w)
{
    return !w->own || w->own->has_distances;
}

uint32_t route_vroom_n_measures(const vroom_writer *w)
{
    return w->own ? w->own->n_measures : w->file->problem.n_loads;
}

int64_t route_vroom_load_of(const vroom_writer *w, uint32_t client, uint32_t k)
{
    const int64_t *amounts =
        w->own ? w->own->jobs[client].amounts
        : w->file->problem.client_load
            ? &w->file->problem.client_load[client * w->file->problem.n_loads]
            : NULL;

    return amounts ? amounts[k] : 0;
}

static bool is_pickup(const vroom_writer *w, uint32_t k)
{
    return w->own && w->own->is_pickup[k];
}

/* ---- JSON ---- */

static void put_int(vroom_writer *w, const char *key, int64_t value)
{
    base_text_format(w->text, ",\"%s\":%" PRId64, key, value);
}

static void put_text(vroom_writer *w, const char *key, const char *value)
{
    if (!value)
        return;
    base_text_format(w->text, ",\"%s\":", key);
    base_text_json(w->text, value);
}

static void put_list(vroom_writer *w, const char *key, const int64_t *values,
                     uint32_t n)
{
    base_text_format(w->text, ",\"%s\":[", key);
    for (uint32_t k = 0; k < n; k++)
        base_text_format(w->text, "%s%" PRId64, k ? "," : "", values[k]);
    base_text_add(w->text, "]");
}

static void put_amounts(vroom_writer *w, const vroom_sums *sums)
{
    int64_t delivered[8] = { 0 }, picked[8] = { 0 };

    if (route_vroom_n_measures(w) == 0)
        return;
    for (uint32_t k = 0; k < route_vroom_n_measures(w); k++)
        *(is_pickup(w, k) ? &picked[k] : &delivered[k]) = sums->loads[k];
    put_list(w, "delivery", delivered, route_vroom_n_measures(w));
    put_list(w, "amount", delivered, route_vroom_n_measures(w));
    put_list(w, "pickup", picked, route_vroom_n_measures(w));
}

static void put_sums(vroom_writer *w, const vroom_sums *sums)
{
    put_amounts(w, sums);
    put_int(w, "setup", sums->setup_s);
    put_int(w, "service", sums->service_s);
    put_int(w, "duration", sums->travel_s);
    put_int(w, "waiting_time", sums->wait_s);
    put_int(w, "priority", sums->priority);
    if (has_distances(w))
        put_int(w, "distance", sums->distance_m);
}

/* Coordinates and index, as the file told them. */
static void put_place(vroom_writer *w, uint32_t location,
                      const char *coordinates)
{
    double x, y;

    if (coordinates) {
        base_text_format(w->text, ",\"location\":%s", coordinates);
    } else if (!w->own && gb_route_file_location(w->file, location, &x, &y)) {
        base_text_add(w->text, ",\"location\":[");
        base_text_real(w->text, x, 6);
        base_text_add(w->text, ",");
        base_text_real(w->text, y, 6);
        base_text_add(w->text, "]");
    }
    if (!w->own || w->own->has_indices)
        put_int(w, "location_index", location);
}

static const char *coordinates_at(const vroom_writer *w, uint32_t v,
                                  const vroom_step *step)
{
    const vroom_step *job;

    if (!w->own)
        return NULL;
    if (step->kind == STEP_JOB)
        return w->own->jobs[step->ref].coordinates;
    if (step->kind == STEP_START && w->own->vehicles[v].start != GB_ROUTE_NONE)
        return w->own->vehicles[v].start_coordinates;
    if (step->kind == STEP_END && w->own->vehicles[v].end != GB_ROUTE_NONE)
        return w->own->vehicles[v].end_coordinates;
    for (uint32_t i = 1; i + 1 < w->n_steps; i++) {
        job = &w->steps[step->kind == STEP_START ? i : w->n_steps - 1 - i];
        if (job->kind == STEP_JOB)
            return w->own->jobs[job->ref].coordinates;
    }
    return NULL;
}

static void put_step(vroom_writer *w, uint32_t v, const vroom_step *step,
                     int64_t travel_s, int64_t distance_m, const int64_t *loads)
{
    static const char *const types[] = { "start", "job", "break", "end" };

    base_text_format(w->text, "\n{\"type\":\"%s\"", types[step->kind]);
    if (w->own && step->kind == STEP_JOB)
        put_text(w, "description", w->own->jobs[step->ref].description);
    if (w->own && step->kind == STEP_BREAK)
        put_text(w, "description",
                 w->own->vehicles[v].breaks[step->ref].description);
    if (step->kind != STEP_BREAK)
        put_place(w, step->location, coordinates_at(w, v, step));
    if (step->kind == STEP_JOB)
        base_text_format(w->text, ",\"id\":%" PRIu64 ",\"job\":%" PRIu64,
                         job_id(w, step->ref), job_id(w, step->ref));
    if (step->kind == STEP_BREAK)
        base_text_format(w->text, ",\"id\":%" PRIu64,
                         w->own ? w->own->vehicles[v].breaks[step->ref].id
                                : step->ref + UINT64_C(1));
    put_int(w, "setup", step->setup_s);
    put_int(w, "service", step->service_s);
    put_int(w, "waiting_time", step->wait_s);
    if (route_vroom_n_measures(w))
        put_list(w, "load", loads, route_vroom_n_measures(w));
    put_int(w, "arrival", step->arrival_s);
    put_int(w, "duration", travel_s);
    if (step->late_s > 0)
        base_text_format(w->text,
                         ",\"violations\":[{\"cause\":\"delay\","
                         "\"duration\":%" PRId64 "}]",
                         step->late_s);
    else
        base_text_add(w->text, ",\"violations\":[]");
    if (has_distances(w))
        put_int(w, "distance", distance_m);
    base_text_add(w->text, "}");
}

static void put_steps(vroom_writer *w, uint32_t v, const vroom_sums *sums)
{
    int64_t travel_s = 0, distance_m = 0, loads[8] = { 0 };

    for (uint32_t k = 0; k < route_vroom_n_measures(w); k++)
        loads[k] = is_pickup(w, k) ? 0 : sums->loads[k];
    base_text_add(w->text, ",\"steps\":[");
    for (uint32_t i = 0; i < w->n_steps; i++) {
        const vroom_step *step = &w->steps[i];

        travel_s += step->leg_s;
        distance_m += step->leg_m;
        for (uint32_t k = 0;
             step->kind == STEP_JOB && k < route_vroom_n_measures(w); k++)
            loads[k] += is_pickup(w, k) ? route_vroom_load_of(w, step->ref, k)
                                        : -route_vroom_load_of(w, step->ref, k);
        if (i > 0)
            base_text_add(w->text, ",");
        put_step(w, v, step, travel_s, distance_m, loads);
    }
    base_text_add(w->text, "]");
}

static void put_route(vroom_writer *w, uint32_t v, const vroom_sums *sums)
{
    base_text_format(w->text, "{\"vehicle\":%" PRIu64 ",\"cost\":%" PRId64,
                     vehicle_id(w, v), sums->cost);
    if (w->own)
        put_text(w, "description", w->own->vehicles[v].description);
    put_sums(w, sums);
    put_steps(w, v, sums);
    base_text_add(w->text, ",\"violations\":[]}");
}

static void put_unassigned(vroom_writer *w, uint32_t n)
{
    base_text_add(w->text, ",\n\"unassigned\":[");
    for (uint32_t i = 0; i < n; i++) {
        gb_route_reason reason = { .size = sizeof reason };
        uint32_t c;

        gb_route_solution_reason(w->solution, i, &reason);
        c = reason.client;
        base_text_format(w->text, "%s{\"id\":%" PRIu64, i ? ",\n" : "\n",
                         job_id(w, c));
        put_place(w, w->file->clients.items[c].location,
                  w->own ? w->own->jobs[c].coordinates : NULL);
        base_text_add(w->text, ",\"type\":\"job\"");
        if (w->own)
            put_text(w, "description", w->own->jobs[c].description);
        base_text_add(w->text, "}");
    }
    base_text_add(w->text, "]");
}

static void put_summary(vroom_writer *w, uint32_t n_unserved)
{
    base_text_format(w->text,
                     "{\"code\":0,\n\"summary\":{\"cost\":%" PRId64
                     ",\"routes\":%u,\"unassigned\":%u",
                     w->all.cost, w->all.n_routes, n_unserved);
    put_sums(w, &w->all);
    base_text_add(w->text, ",\"violations\":[],\"computing_times\":"
                           "{\"loading\":0,\"solving\":0,\"routing\":0}}");
}

/* ---- for route_file.h ---- */

static void add_sums(vroom_sums *all, const vroom_sums *sums)
{
    all->n_routes += sums->n_routes;
    all->cost += sums->cost;
    all->setup_s += sums->setup_s;
    all->service_s += sums->service_s;
    all->travel_s += sums->travel_s;
    all->wait_s += sums->wait_s;
    all->distance_m += sums->distance_m;
    all->priority += sums->priority;
    for (int k = 0; k < 8; k++)
        all->loads[k] += sums->loads[k];
}

static void clear_writer(vroom_writer *w)
{
    base_free(w->ctx->mem, w->steps);
    base_free(w->ctx->mem, w->jobs);
    base_free(w->ctx->mem, w->earliest);
}

static gb_status start_writer(gb_context *ctx, const gb_route_file *file,
                              const gb_route_solution *solution,
                              base_text *text, vroom_writer *w)
{
    size_t most = 2;

    memset(w, 0, sizeof *w);
    w->ctx = ctx;
    w->file = file;
    w->own = own_of(file);
    w->solution = solution;
    w->text = text;
    for (uint32_t v = 0; v < file->problem.n_vehicles; v++) {
        gb_route_totals totals = { .size = sizeof totals };

        if (gb_route_solution_totals(solution, v, &totals)
            && totals.n_items + (size_t)(2 + VROOM_MOST_BREAKS) > most)
            most = totals.n_items + (size_t)(2 + VROOM_MOST_BREAKS);
    }
    w->steps = base_alloc_zeroed(ctx->mem, most, sizeof *w->steps);
    w->jobs = base_alloc_zeroed(ctx->mem, most, sizeof *w->jobs);
    w->earliest = base_alloc_zeroed(ctx->mem, most * (VROOM_MOST_BREAKS + 1),
                                    sizeof *w->earliest);
    if (!w->steps || !w->jobs || !w->earliest) {
        clear_writer(w);
        return base_fail_nomem(ctx);
    }
    for (uint32_t v = 0; v < file->problem.n_vehicles; v++) {
        vroom_sums sums;

        if (route_vroom_make_route(w, v, &sums))
            add_sums(&w->all, &sums);
    }
    return GB_OK;
}

static gb_route_summary summary_of(const gb_route_solution *solution)
{
    gb_route_summary summary = { .size = sizeof summary };

    gb_route_solution_summary(solution, &summary);
    return summary;
}

gb_status route_vroom_write(gb_context *ctx, const gb_route_file *file,
                            const gb_route_solution *solution, base_text *text)
{
    const gb_route_summary summary = summary_of(solution);
    vroom_writer w;
    gb_status status = start_writer(ctx, file, solution, text, &w);
    bool is_first = true;

    if (status)
        return status;
    put_summary(&w, summary.n_unserved);
    put_unassigned(&w, summary.n_unserved);
    base_text_add(text, ",\n\"routes\":[");
    for (uint32_t v = 0; v < file->problem.n_vehicles; v++) {
        vroom_sums sums;

        if (!route_vroom_make_route(&w, v, &sums))
            continue;
        base_text_add(text, is_first ? "\n" : ",\n");
        is_first = false;
        put_route(&w, v, &sums);
    }
    base_text_add(text, "]}\n");
    clear_writer(&w);
    return GB_OK;
}

gb_status route_vroom_figures(gb_context *ctx, const gb_route_file *file,
                              const gb_route_solution *solution,
                              gb_route_file_figures *out)
{
    const gb_route_summary summary = summary_of(solution);
    vroom_writer w;
    const gb_status status = start_writer(ctx, file, solution, NULL, &w);
    int64_t all = 0;

    if (status)
        return status;
    clear_writer(&w);
    for (uint32_t j = 0; j < w.own->n_jobs; j++)
        all += w.own->jobs[j].priority;
    out->cost = w.all.cost;
    out->length = w.all.distance_m;
    out->prize = w.all.priority;
    out->uncollected = all - w.all.priority;
    out->figure = file->facts.is_prize ? out->prize : out->cost;
    out->n_routes = w.all.n_routes;
    out->n_unserved = summary.n_unserved;
    out->n_musts_unserved = summary.n_musts_unserved;
    return GB_OK;
}
