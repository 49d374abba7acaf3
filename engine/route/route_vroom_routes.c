/*
 * route_vroom_routes.c - routes out of an answer of VROOM's: of its own
 * writing or of another program's, so keys that do not matter are passed over.
 */
#include "route_vroom.h"

#include <string.h>

typedef struct answer_reader {
    gb_context *ctx;
    const gb_route_file *file;
    const vroom_file *own; /* NULL: of another format: numbers from 1 */
    const route_json *json;
    BASE_ARRAY(uint32_t) vehicles; /* of each item */
    BASE_ARRAY(uint32_t) items;
    bool *is_driven; /* vehicles that have a route */
    uint32_t *slots; /* jobs by id: a hash table, GB_ROUTE_NONE where free */
    size_t n_slots;  /* a power of two */
} answer_reader;

static gb_status wrong(const answer_reader *r, uint32_t node, gb_status status)
{
    return route_json_wrong(r->json, node, status);
}

static uint64_t id_of(const answer_reader *r, uint32_t job)
{
    return r->own ? r->own->jobs[job].id : job + UINT64_C(1);
}

/* Where the id is, or would be. */
static size_t slot_of(const answer_reader *r, uint64_t id)
{
    size_t slot =
        (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (r->n_slots - 1);

    while (r->slots[slot] != GB_ROUTE_NONE && id_of(r, r->slots[slot]) != id)
        slot = (slot + 1) & (r->n_slots - 1);
    return slot;
}

static gb_status index_jobs(answer_reader *r)
{
    const uint32_t n = r->file->problem.n_clients;

    for (r->n_slots = 16; r->n_slots < (size_t)n * 2; r->n_slots *= 2)
        ;
    r->slots = base_alloc_array(r->ctx->mem, r->n_slots, sizeof *r->slots);
    r->is_driven = base_alloc_zeroed(r->ctx->mem, r->file->problem.n_vehicles,
                                     sizeof *r->is_driven);
    if (!r->slots || !r->is_driven)
        return base_fail_nomem(r->ctx);
    memset(r->slots, 0xff, r->n_slots * sizeof *r->slots);
    for (uint32_t j = 0; j < n; j++)
        r->slots[slot_of(r, id_of(r, j))] = j;
    return GB_OK;
}

/* The first vehicle of that id without a route. */
static gb_status take_vehicle(answer_reader *r, uint32_t route, uint32_t *out)
{
    const uint32_t node = route_json_get(r->json, route, "vehicle");
    uint64_t id = 0;
    gb_status status;
    bool is_known = false;

    if (node == ROUTE_JSON_NONE)
        return route_json_missing(r->json, route, "vehicle");
    status = route_json_uint64(r->json, node, &id);
    if (status)
        return status;
    for (uint32_t v = 0; v < r->file->problem.n_vehicles; v++) {
        if ((r->own ? r->own->vehicles[v].id : v + UINT64_C(1)) != id)
            continue;
        is_known = true;
        if (r->is_driven[v])
            continue;
        r->is_driven[v] = true;
        *out = v;
        return GB_OK;
    }
    return wrong(r, node,
                 is_known ? base_fail(r->ctx, GB_ERR_DATA,
                                      "the vehicle %llu has a route already",
                                      (unsigned long long)id)
                          : base_fail(r->ctx, GB_ERR_DATA,
                                      "there is no vehicle %llu",
                                      (unsigned long long)id));
}

static gb_status find_break(const answer_reader *r, uint32_t node, uint32_t v,
                            uint64_t id, uint32_t *item)
{
    const uint32_t n = r->file->vehicles.items[v].n_breaks;

    for (uint32_t k = 0; k < n; k++)
        if ((r->own ? r->own->vehicles[v].breaks[k].id : k + UINT64_C(1))
            == id) {
            *item = GB_ROUTE_BREAK(k);
            return GB_OK;
        }
    return wrong(r, node,
                 base_fail(r->ctx, GB_ERR_DATA, "the vehicle has no break %llu",
                           (unsigned long long)id));
}

static gb_status find_job(const answer_reader *r, uint32_t node, uint64_t id,
                          uint32_t *item)
{
    *item = r->slots[slot_of(r, id)];
    return *item != GB_ROUTE_NONE
               ? GB_OK
               : wrong(r, node,
                       base_fail(r->ctx, GB_ERR_DATA, "there is no job %llu",
                                 (unsigned long long)id));
}

static gb_status take_step(answer_reader *r, uint32_t step, uint32_t v)
{
    const uint32_t type = route_json_get(r->json, step, "type");
    uint32_t node = route_json_get(r->json, step, "id"), item = 0;
    uint64_t id = 0;
    bool is_break;
    gb_status status;

    if (type == ROUTE_JSON_NONE)
        return route_json_missing(r->json, step, "type");
    is_break = route_json_is(r->json, type, "break");
    if (!is_break && !route_json_is(r->json, type, "job"))
        return route_json_is(r->json, type, "start")
                       || route_json_is(r->json, type, "end")
                   ? GB_OK
                   : wrong(r, type,
                           base_fail(r->ctx, GB_ERR_DATA,
                                     "a step is \"start\", \"job\", "
                                     "\"break\" or \"end\""));
    if (node == ROUTE_JSON_NONE)
        node = route_json_get(r->json, step, "job");
    if (node == ROUTE_JSON_NONE)
        return route_json_missing(r->json, step, "id");
    status = route_json_uint64(r->json, node, &id);
    if (!status)
        status = is_break ? find_break(r, node, v, id, &item)
                          : find_job(r, node, id, &item);
    if (status)
        return status;
    return base_array_push(r->ctx->mem, &r->vehicles, v)
                   && base_array_push(r->ctx->mem, &r->items, item)
               ? GB_OK
               : base_fail_nomem(r->ctx);
}

static gb_status take_route(answer_reader *r, uint32_t route)
{
    const uint32_t steps = route_json_get(r->json, route, "steps");
    uint32_t v = 0;
    gb_status status = take_vehicle(r, route, &v);

    if (!status && steps == ROUTE_JSON_NONE)
        status = route_json_missing(r->json, route, "steps");
    if (!status)
        status = route_json_need(r->json, steps, ROUTE_JSON_ARRAY);
    if (status)
        return status;
    for (uint32_t i = route_json_first(r->json, steps);
         !status && i < route_json_end(r->json, steps);
         i = route_json_next(r->json, i))
        status = take_step(r, i, v);
    return status;
}

/* What it says of itself: the priority where that is compared, or the cost. */
static void take_told(const answer_reader *r, gb_route_file_routes *routes)
{
    const uint32_t summary = route_json_get(r->json, 0, "summary");
    uint32_t node = ROUTE_JSON_NONE;

    if (summary != ROUTE_JSON_NONE)
        node = route_json_get(r->json, summary,
                              r->file->facts.is_prize && r->own ? "priority"
                                                                : "cost");
    routes->has_told =
        route_json_try_int(r->json, node, 0, INT64_MAX, &routes->told);
}

static gb_status read_answer(answer_reader *r, gb_route_file_routes *routes)
{
    gb_status status = route_json_need(r->json, 0, ROUTE_JSON_OBJECT);
    uint32_t list;

    if (status)
        return status;
    list = route_json_get(r->json, 0, "routes");
    if (list == ROUTE_JSON_NONE)
        return route_json_missing(r->json, 0, "routes");
    status = route_json_need(r->json, list, ROUTE_JSON_ARRAY);
    if (!status)
        status = index_jobs(r);
    if (status)
        return status;
    for (uint32_t i = route_json_first(r->json, list);
         !status && i < route_json_end(r->json, list);
         i = route_json_next(r->json, i))
        status = take_route(r, i);
    take_told(r, routes);
    return status ? status
                  : route_file_routes_fill(r->ctx, r->file, r->vehicles.items,
                                           r->items.items, r->items.n, routes);
}

gb_status route_vroom_read_routes(gb_context *ctx, const gb_route_file *file,
                                  const route_file_source *source,
                                  gb_route_file_routes *routes)
{
    route_json json = { 0 };
    answer_reader r = { 0 };
    gb_status status;

    r.ctx = ctx;
    r.file = file;
    r.own = file->facts.format == GB_ROUTE_FORMAT_VROOM ? file->own : NULL;
    r.json = &json;
    status =
        route_json_parse(ctx, source->name, source->bytes, source->n, &json);
    if (!status)
        status = read_answer(&r, routes);
    base_array_clear(ctx->mem, &r.vehicles);
    base_array_clear(ctx->mem, &r.items);
    base_free(ctx->mem, r.is_driven);
    base_free(ctx->mem, r.slots);
    route_json_clear(&json);
    return status;
}
