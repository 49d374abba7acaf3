/*
 * route_reason_api.c - implements gridbeat/route_reason.h, but for the
 * sentences (route_reason_text.c).
 */
#include <gridbeat/route_reason.h>

#include <string.h>

#include "base_run.h"
#include "route_build.h"
#include "route_served.h"

static gb_status explain(base_run *run, const route_plan *plan,
                         const uint32_t *clients, size_t n_clients,
                         gb_route_served_reason *out)
{
    const size_t size = out->size;
    route_served served;
    gb_status status = GB_OK;

    if (!route_served_init(&served, plan))
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < n_clients && status == GB_OK; i++) {
        gb_route_served_reason reason;

        if (clients[i] >= plan->data->n_clients) {
            status = base_fail(run->ctx, GB_ERR_ARGUMENT,
                               "client %u; there are %u", clients[i],
                               plan->data->n_clients);
            break;
        }
        memset(&reason, 0, sizeof reason);
        route_served_explain(&served, clients[i], &reason);
        reason.size = size;
        memcpy((char *)out + i * size, &reason, sizeof reason);
        status = base_poll_many(run, 64);
    }
    route_served_clear(&served);
    return status;
}

gb_status gb_route_explain_served(gb_context *ctx,
                                  const gb_route_problem *problem,
                                  const gb_route_order *order,
                                  const uint32_t *clients, size_t n_clients,
                                  gb_route_served_reason *out)
{
    route_data data;
    route_plan plan;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!order || (n_clients && (!clients || !out)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no order, no clients or no `out` is given");
    if (n_clients == 0)
        return GB_OK;
    if (out->size < sizeof *out)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "a reason of %zu bytes; %zu expected", out->size,
                         sizeof *out);
    base_run_begin(&run, ctx, (base_limits){ .n_threads = 1 });
    status = route_data_build(ctx, problem, &data);
    if (status)
        return status;
    if (!route_plan_init(&plan, &data)) {
        route_data_clear(&data);
        return base_fail_nomem(ctx);
    }
    status = route_build_order(ctx, order, &plan);
    if (status == GB_OK)
        status = explain(&run, &plan, clients, n_clients, out);
    route_plan_clear(&plan);
    route_data_clear(&data);
    return base_run_end(&run, status);
}
