/*
 * plan_data.c - see plan_data.h.
 */
#include "plan_data.h"

#include <string.h>

#include "store_days.h"

gb_status plan_take(plan_data *data, gb_status status)
{
    if (status)
        return base_context_adopt(data->run->ctx, &data->quiet);
    return GB_OK;
}

bool plan_is_located(const store_target *target)
{
    return target->has_location
           && target->accuracy <= STORE_ACCURACY_COMPOUND;
}

bool plan_is_field_target(const store_target *t)
{
    return plan_is_located(t) && t->channel == STORE_CHANNEL_VISIT
           && !t->do_not_visit;
}

bool plan_is_must(const store_target *t)
{
    return t->must_rule[0] != '\0' || t->appointment_from_s != STORE_NO_TIME;
}

int32_t plan_service_s(const plan_data *data, size_t target)
{
    const int32_t own_s = data->targets.items[target].service_s;

    return own_s == STORE_NO_TIME ? data->settings->given.service_s : own_s;
}

gb_status plan_json(base_run *run, json_t *made, json_t **out)
{
    *out = made;
    return made ? GB_OK : base_fail_nomem(run->ctx);
}

static gb_status open_crs(plan_data *data)
{
    const int32_t epsg = gb_workspace_epsg(data->ws);

    if (epsg == 0)
        return base_fail(data->run->ctx, GB_ERR_STATE,
                         "the workspace has no projected system yet: import "
                         "branches first");
    return plan_take(data, gb_crs_open(&data->quiet, epsg, &data->crs));
}

gb_status plan_project(plan_data *data, const gb_lonlat *from, size_t n,
                       gb_point *to)
{
    if (n == 0)
        return GB_OK;
    return plan_take(data,
                     gb_crs_project(&data->quiet, data->crs, from, n, to));
}

/* The located targets to metres, in one batch. */
static gb_status project_targets(plan_data *data)
{
    const size_t n = data->targets.n;
    gb_lonlat *degrees = base_alloc_array(data->run->mem, n, sizeof *degrees);
    gb_point *metres = base_alloc_array(data->run->mem, n, sizeof *metres);
    size_t n_located = 0;
    gb_status status = GB_OK;

    data->target_at
        = base_alloc_zeroed(data->run->mem, n, sizeof *data->target_at);
    if (!degrees || !metres || !data->target_at)
        status = base_fail_nomem(data->run->ctx);
    for (size_t t = 0; t < n && !status; t++)
        if (data->targets.items[t].has_location)
            degrees[n_located++] = data->targets.items[t].at;
    if (!status)
        status = plan_project(data, degrees, n_located, metres);
    n_located = 0;
    for (size_t t = 0; t < n && !status; t++)
        if (data->targets.items[t].has_location)
            data->target_at[t] = metres[n_located++];
    base_free(data->run->mem, degrees);
    base_free(data->run->mem, metres);
    return status;
}

gb_status plan_data_load(plan_data *data, gb_workspace *ws, base_run *run,
                         const gb_roads *roads, const plan_settings *settings,
                         unsigned needs)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    int32_t targets_on = settings->on;
    gb_status status;

    memset(data, 0, sizeof *data);
    data->ws = ws;
    data->run = run;
    data->roads = roads;
    data->settings = settings;
    base_context_fork(&data->quiet, run->ctx);
    status = open_crs(data);
    if (!status)
        status = store_load_branches(ws, NULL, &data->branches);
    if (!status)
        status = store_load_managers(ws, &data->branches, settings->on,
                                     &data->managers);
    if (!status)
        status = store_load_places(ws, &data->places);
    if (!status && (needs & PLAN_NEEDS_CELLS))
        status = store_load_cells(ws, &data->cells);
    if (!status && (needs & PLAN_NEEDS_RECENT))
        status = store_target_day_until(ws, settings->on, &targets_on);
    if (targets_on == STORE_NO_DAY)
        targets_on = settings->on;
    if (!status && (needs & PLAN_NEEDS_TARGETS))
        status = store_load_targets(
            ws, &data->branches, &data->managers, &data->places,
            needs & PLAN_NEEDS_CELLS ? &data->cells : NULL, all, targets_on,
            &data->targets);
    if (!status && (needs & PLAN_NEEDS_TARGETS))
        status = project_targets(data);
    return status;
}

gb_status plan_data_customers(plan_data *data, gb_workspace *ws, base_run *run,
                              const plan_settings *settings,
                              store_scope scope, const char *only_ref)
{
    gb_status status;

    memset(data, 0, sizeof *data);
    data->ws = ws;
    data->run = run;
    data->settings = settings;
    base_context_fork(&data->quiet, run->ctx);
    status = store_load_branches(ws, NULL, &data->branches);
    if (!status)
        status = store_load_managers(ws, &data->branches, settings->on,
                                     &data->managers);
    if (!status)
        status = store_load_places(ws, &data->places);
    if (!status)
        status = store_load_customers(ws, &data->branches, &data->managers,
                                      &data->places, scope, only_ref,
                                      settings->on, &data->targets);
    return status;
}

void plan_data_resume(plan_data *data, base_run *run)
{
    data->run = run;
    data->chance_shift = 0; /* each step finds its own */
}

void plan_data_clear(plan_data *data)
{
    if (!data->run)
        return;
    base_free(data->run->mem, data->target_at);
    store_targets_clear(&data->targets);
    store_cells_clear(&data->cells);
    store_places_clear(&data->places);
    store_managers_clear(&data->managers);
    store_branches_clear(&data->branches);
    gb_crs_free(data->crs);
    base_context_join(&data->quiet);
    memset(data, 0, sizeof *data);
}
