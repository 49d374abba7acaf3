/*
 * call_route_reasons.c - route.reasons: why clients of a plan are served as
 * they are, and why others are not.
 */
#include "call_groups.h"

#include "call_route.h"

typedef struct asked {
    call_route r;
    gb_route_file_routes *routes;
    gb_route_solution *plan; /* with the reasons of those who are not served */
    bool is_one;             /* a client is asked for, else all */
    uint32_t client;
    uint32_t *clients;       /* who is served, of those asked for */
    gb_route_served_reason *served;
    size_t n_served;
} asked;

static gb_status take_client(asked *a)
{
    call *c = a->r.c;

    a->is_one = call_has(c, "client");
    return a->is_one ? call_route_find_client(
                           &a->r, call_text(c, "client"), &a->client)
                     : GB_OK;
}

static bool is_asked(const asked *a, uint32_t client)
{
    return !a->is_one || a->client == client;
}

static gb_status explain_served(asked *a)
{
    call *c = a->r.c;
    const uint32_t n = a->r.problem->n_clients;

    a->clients = base_alloc_array(c->mem, n, sizeof *a->clients);
    a->served = base_alloc_zeroed(c->mem, n, sizeof *a->served);
    if (n > 0 && (!a->clients || !a->served))
        return base_fail_nomem(c->ctx);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t vehicle = GB_ROUTE_NONE, item;

        if (is_asked(a, i)
            && gb_route_solution_find(a->plan, i, &vehicle, &item)
            && vehicle != GB_ROUTE_NONE)
            a->clients[a->n_served++] = i;
    }
    if (a->n_served == 0)
        return GB_OK;
    a->served[0].size = sizeof *a->served;
    return gb_route_explain_served(c->ctx, a->r.problem,
                                   gb_route_file_routes_order(a->routes),
                                   a->clients, a->n_served, a->served);
}

static json_t *describe_served(const asked *a)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < a->n_served; i++)
        if (!call_put(list, NULL,
                      call_route_served_json(&a->r, &a->served[i]))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *describe_unserved(const asked *a)
{
    gb_route_reason reason = { .size = sizeof reason };
    json_t *list = json_array();

    for (uint32_t i = 0;
         list && gb_route_solution_reason(a->plan, i, &reason); i++)
        if (is_asked(a, reason.client)
            && !call_put(list, NULL, call_route_reason_json(&a->r, &reason))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static gb_status run(call *c, json_t **result)
{
    asked a = { 0 };
    gb_status status = call_route_open(c, &a.r);

    if (!status)
        status = call_route_read(&a.r, "solution", &a.routes);
    if (!status)
        status = take_client(&a);
    if (!status)
        status = gb_route_explain(c->ctx, a.r.problem,
                                  gb_route_file_routes_order(a.routes),
                                  &a.plan);
    status = call_route_named(&a.r, status);
    if (!status)
        status = explain_served(&a);
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:b, s:o, s:o}", "clock",
                                       (int)a.r.has_clock, "served",
                                       describe_served(&a), "unserved",
                                       describe_unserved(&a)));
    base_free(c->mem, a.served);
    base_free(c->mem, a.clients);
    gb_route_solution_free(a.plan);
    gb_route_file_routes_free(a.routes);
    call_route_close(&a.r);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    CALL_ROUTE_PARAMS,
    { .name = "solution", .type = CALL_DOCUMENT, .is_positional = true,
      .is_required = true, .help = GB_N("the plan to explain") },
    { .name = "client", .type = CALL_TEXT, .is_positional = true,
      .help = GB_N("whom to explain; else everybody") },
};
static const call_column served_columns[] = {
    { "client", GB_N("client"), CALL_SHOW_ID },
    { "vehicle", GB_N("vehicle"), CALL_SHOW_ID },
    { "text", GB_N("why so"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "served", .rows = "served", CALL_COLUMNS(served_columns) },
    { .when = "unserved", .rows = "unserved",
      .columns = call_route_unserved_columns,
      .n_columns = CALL_ROUTE_N_UNSERVED },
};

static const call_method methods[] = {
    { .name = "route.reasons",
      .help = GB_N("Say why each client is served by whom and when, or is not "
                   "served"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_route_reasons_group = CALL_GROUP(methods);
