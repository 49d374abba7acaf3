/*
 * route_json_routes.c - routes out of our own JSON: those to start from in a
 * problem, and those of a solution, of which only the order matters.
 */
#include "route_json_own.h"

#include <string.h>

static gb_status wrong(const route_json *json, uint32_t node, gb_status status)
{
    return route_json_wrong(json, node, status);
}

/* A client's number; {"client": 3, ...} or {"break": 0, ...}. */
static gb_status take_item(const gb_route_file *file, const route_json *json,
                           uint32_t node, uint32_t v, uint32_t *item)
{
    const uint32_t rest = route_json_get(json, node, "break");
    const uint32_t client = route_json_get(json, node, "client");
    int64_t number = 0;
    gb_status status;

    if (rest != ROUTE_JSON_NONE) {
        status = route_json_int(json, rest, 0,
                                (int64_t)file->vehicles.items[v].n_breaks - 1,
                                &number);
        *item = GB_ROUTE_BREAK(number);
        return status;
    }
    status = route_json_int(json, client == ROUTE_JSON_NONE ? node : client, 0,
                            (int64_t)file->problem.n_clients - 1, &number);
    *item = (uint32_t)number;
    return status;
}

static gb_status take_items(gb_context *ctx, const gb_route_file *file,
                            const route_json *json, uint32_t list, uint32_t v,
                            route_own_routes *out)
{
    gb_status status = route_json_need(json, list, ROUTE_JSON_ARRAY);

    if (status)
        return status;
    for (uint32_t i = route_json_first(json, list);
         !status && i < route_json_end(json, list);
         i = route_json_next(json, i)) {
        uint32_t item = 0;

        status = take_item(file, json, i, v, &item);
        if (!status
            && (!base_array_push(ctx->mem, &out->vehicles, v)
                || !base_array_push(ctx->mem, &out->items, item)))
            status = base_fail_nomem(ctx);
    }
    return status;
}

static gb_status take_route(gb_context *ctx, const gb_route_file *file,
                            const route_json *json, uint32_t route,
                            bool *is_driven, route_own_routes *out)
{
    const uint32_t frozen = route_json_get(json, route, "n_frozen");
    uint32_t node = route_json_get(json, route, "vehicle"), v, list;
    const size_t before = out->items.n;
    int64_t vehicle = 0, n_frozen = 0;
    gb_status status = route_json_need(json, route, ROUTE_JSON_OBJECT);

    if (!status && node == ROUTE_JSON_NONE)
        status = route_json_missing(json, route, "vehicle");
    if (!status)
        status = route_json_int(json, node, 0, (int64_t)file->vehicles.n - 1,
                                &vehicle);
    if (status)
        return status;
    v = (uint32_t)vehicle;
    if (is_driven[v])
        return wrong(json, node,
                     base_fail(ctx, GB_ERR_DATA,
                               "the vehicle %u has a route already", v));
    is_driven[v] = true;
    list = route_json_get(json, route, "items");
    if (list == ROUTE_JSON_NONE)
        list = route_json_get(json, route, "stops");
    if (list == ROUTE_JSON_NONE)
        return route_json_missing(json, route, "items");
    status = take_items(ctx, file, json, list, v, out);
    if (!status && frozen != ROUTE_JSON_NONE)
        status = route_json_int(json, frozen, 0,
                                (int64_t)(out->items.n - before), &n_frozen);
    out->n_frozen[v] = (uint32_t)n_frozen;
    out->has_frozen = out->has_frozen || n_frozen > 0;
    return status;
}

gb_status route_own_take_routes(gb_context *ctx, const gb_route_file *file,
                                const route_json *json, uint32_t list,
                                route_own_routes *out)
{
    bool *is_driven =
        base_alloc_zeroed(ctx->mem, file->vehicles.n, sizeof *is_driven);
    gb_status status = route_json_need(json, list, ROUTE_JSON_ARRAY);

    out->n_frozen =
        base_alloc_zeroed(ctx->mem, file->vehicles.n, sizeof *out->n_frozen);
    if (!is_driven || !out->n_frozen)
        status = base_fail_nomem(ctx);
    for (uint32_t i = route_json_first(json, list);
         !status && i < route_json_end(json, list);
         i = route_json_next(json, i))
        status = take_route(ctx, file, json, i, is_driven, out);
    base_free(ctx->mem, is_driven);
    return status;
}

void route_own_clear_routes(gb_context *ctx, route_own_routes *routes)
{
    base_array_clear(ctx->mem, &routes->vehicles);
    base_array_clear(ctx->mem, &routes->items);
    base_free(ctx->mem, routes->n_frozen);
    routes->n_frozen = NULL;
}

static gb_status read_solution(gb_context *ctx, const gb_route_file *file,
                               const route_json *json, route_own_routes *taken,
                               gb_route_file_routes *routes)
{
    const uint32_t list = route_json_get(json, 0, "routes");
    const uint32_t format = route_json_get(json, 0, "format");
    gb_status status;

    if (format == ROUTE_JSON_NONE
        || !route_json_is(json, format, ROUTE_JSON_SOLUTION))
        return wrong(json, format == ROUTE_JSON_NONE ? 0 : format,
                     base_fail(ctx, GB_ERR_DATA,
                               "\"format\": \"%s\" is expected",
                               ROUTE_JSON_SOLUTION));
    if (list == ROUTE_JSON_NONE)
        return route_json_missing(json, 0, "routes");
    status = route_own_take_routes(ctx, file, json, list, taken);
    routes->has_told = route_json_try_int(
        json, route_json_get(json, 0, file->facts.is_prize ? "prize" : "cost"),
        0, INT64_MAX, &routes->told);
    if (!status)
        status =
            route_file_routes_fill(ctx, file, taken->vehicles.items,
                                   taken->items.items, taken->items.n, routes);
    if (!status && taken->has_frozen) {
        routes->frozen = taken->n_frozen;
        routes->order.n_frozen = routes->frozen;
        taken->n_frozen = NULL;
    }
    return status;
}

gb_status route_own_read_routes(gb_context *ctx, const gb_route_file *file,
                                const route_file_source *source,
                                gb_route_file_routes *routes)
{
    route_json json = { 0 };
    route_own_routes taken = { BASE_ARRAY_INIT, BASE_ARRAY_INIT, NULL, false };
    gb_status status =
        route_json_parse(ctx, source->name, source->bytes, source->n, &json);

    if (!status)
        status = route_json_need(&json, 0, ROUTE_JSON_OBJECT);
    if (!status)
        status = read_solution(ctx, file, &json, &taken, routes);
    route_own_clear_routes(ctx, &taken);
    route_json_clear(&json);
    return status;
}
