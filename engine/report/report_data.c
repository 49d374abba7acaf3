/*
 * report_data.c - see report_data.h.
 */
#include "report_data.h"

#include <stdlib.h>
#include <string.h>

/* By its own reference, or else by that of one of its managers. */
static gb_status find_branch(report_data *data, const char *ref,
                             const char *manager)
{
    for (size_t m = 0; !ref && m < data->managers.n; m++)
        if (strcmp(data->managers.items[m].ref, manager) == 0) {
            data->branch = data->managers.items[m].branch;
            return GB_OK;
        }
    if (!ref)
        return base_fail(data->run->ctx, GB_ERR_NOT_FOUND,
                         "there is no manager \"%s\"", manager);
    for (uint32_t b = 0; b < data->branches.n; b++)
        if (strcmp(data->branches.items[b].ref, ref) == 0) {
            data->branch = b;
            return GB_OK;
        }
    return base_fail(data->run->ctx, GB_ERR_NOT_FOUND,
                     "there is no branch \"%s\"", ref);
}

static bool is_manager(const report_data *data, int64_t id, const char *ref)
{
    for (size_t m = 0; ref && m < data->managers.n; m++)
        if (data->managers.items[m].id == id)
            return strcmp(data->managers.items[m].ref, ref) == 0;
    return false;
}

/*
 * Everybody's branch is within everything; else it must be the scope's.  What
 * is about one manager is within that manager's own scope.
 */
static gb_status check_scope(report_data *data, const char *text,
                             const char *manager)
{
    store_scope scope;
    store_branches seen;
    bool is_within = false;
    gb_status status = store_scope_parse(data->ws, text, &scope);

    data->scope = scope;
    if (status || scope.kind == STORE_SCOPE_ALL)
        return status;
    if (scope.kind == STORE_SCOPE_MANAGER)
        is_within = is_manager(data, scope.id, manager);
    if (scope.kind == STORE_SCOPE_BRANCH)
        is_within = scope.id == data->branches.items[data->branch].id;
    if (scope.kind == STORE_SCOPE_ORG) {
        store_orgs orgs;

        memset(&orgs, 0, sizeof orgs);
        memset(&seen, 0, sizeof seen);
        status = store_load_orgs(data->ws, &orgs);
        if (!status)
            status = store_load_branches(data->ws, &orgs, &seen);
        if (!status)
            for (uint32_t org = seen.items[data->branch].org;
                 org != STORE_NONE && !is_within; org = orgs.items[org].parent)
                is_within = orgs.items[org].id == scope.id;
        store_branches_clear(&seen);
        store_orgs_clear(&orgs);
        if (status)
            return status;
    }
    return is_within ? GB_OK
                     : base_fail(data->run->ctx, GB_ERR_SCOPE,
                                 "branch \"%s\" lies outside the scope",
                                 data->branches.items[data->branch].ref);
}

typedef struct by_id {
    int64_t id;
    uint32_t manager;
} by_id;

static int compare_ids(const void *a, const void *b)
{
    const by_id *p = a, *q = b;

    return (p->id > q->id) - (p->id < q->id);
}

static gb_status find_managers(report_data *data)
{
    const size_t n = data->managers.n;
    by_id *ids = base_alloc_array(data->run->mem, n, sizeof *ids);

    data->manager_of = base_alloc_array(data->run->mem, data->plan.n_targets,
                                        sizeof *data->manager_of);
    data->route_manager = base_alloc_array(
        data->run->mem, data->plan.n_routes, sizeof *data->route_manager);
    if (!ids || !data->manager_of || !data->route_manager) {
        base_free(data->run->mem, ids);
        return base_fail_nomem(data->run->ctx);
    }
    for (uint32_t m = 0; m < n; m++)
        ids[m] = (by_id){ data->managers.items[m].id, m };
    qsort(ids, n, sizeof *ids, compare_ids);
    for (size_t t = 0; t < data->plan.n_targets; t++) {
        const by_id key = { data->plan.targets[t].manager_id, 0 };
        const by_id *found = bsearch(&key, ids, n, sizeof *ids, compare_ids);

        data->manager_of[t] = found ? found->manager : STORE_NONE;
    }
    for (size_t r = 0; r < data->plan.n_routes; r++) {
        const by_id key = { data->plan.routes[r].manager_id, 0 };
        const by_id *found = bsearch(&key, ids, n, sizeof *ids, compare_ids);

        data->route_manager[r] = found ? found->manager : STORE_NONE;
    }
    base_free(data->run->mem, ids);
    return GB_OK;
}

gb_status report_data_load(report_data *data, gb_workspace *ws, base_run *run,
                           const gb_report_options *options,
                           bool has_targets)
{
    store_scope crew = { STORE_SCOPE_CREW, 0 };
    gb_status status;

    memset(data, 0, sizeof *data);
    data->ws = ws;
    data->run = run;
    data->on = store_day_parse(options->date);
    data->before = options->before;
    data->after = options->after;
    status = store_load_branches(ws, NULL, &data->branches);
    if (!status)
        status = store_load_managers(ws, &data->branches, data->on,
                                     &data->managers);
    if (!status)
        status = find_branch(data, options->branch, options->manager);
    if (!status)
        status = check_scope(data, options->scope, options->manager);
    if (!status) {
        crew.id = data->branches.items[data->branch].id;
        status = has_targets
            ? store_load_plan(ws, data->on, crew, &data->plan)
            : store_load_routes(ws, data->on, crew, &data->plan);
    }
    if (!status)
        status = find_managers(data);
    return status;
}

void report_data_clear(report_data *data)
{
    if (!data->run)
        return;
    base_free(data->run->mem, data->manager_of);
    base_free(data->run->mem, data->route_manager);
    store_plan_clear(&data->plan);
    store_managers_clear(&data->managers);
    store_branches_clear(&data->branches);
    memset(data, 0, sizeof *data);
}

bool report_has_target(const report_data *data, size_t target)
{
    const uint32_t manager = data->manager_of[target];

    return manager != STORE_NONE
           && data->managers.items[manager].branch == data->branch;
}

bool report_has_route(const report_data *data, size_t route)
{
    const uint32_t manager = data->route_manager[route];

    return manager != STORE_NONE && data->plan.routes[route].day == data->on
           && data->managers.items[manager].branch == data->branch;
}
