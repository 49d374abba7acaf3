/*
 * route_file_build.c - see route_file_internal.h: from rows to the arrays of a
 * problem.
 */
#include "route_file_internal.h"

#include <stdio.h>
#include <string.h>

void *route_file_alloc(gb_context *ctx, gb_route_file *file, size_t count,
                       size_t size)
{
    void *block = base_arena_alloc(&file->arena, count ? count : 1, size);

    if (!block) {
        base_fail_nomem(ctx);
        return NULL;
    }
    memset(block, 0, (count ? count : 1) * size);
    return block;
}

char *route_file_strndup(gb_context *ctx, gb_route_file *file,
                         const char *text, size_t n)
{
    char *copy = route_file_alloc(ctx, file, n + 1, 1);

    if (copy && n)
        memcpy(copy, text, n);
    return copy;
}

int32_t *route_file_matrix(gb_context *ctx, gb_route_file *file)
{
    const size_t n = file->problem.n_locations;

    return route_file_alloc(ctx, file, n * n, sizeof(int32_t));
}

gb_status route_file_add_client(gb_context *ctx, gb_route_file *file,
                                const route_file_client *client)
{
    if (!base_array_push(file->mem, &file->clients, *client))
        return base_fail_nomem(ctx);
    return GB_OK;
}

gb_status route_file_add_vehicle(gb_context *ctx, gb_route_file *file,
                                 const gb_route_vehicle *vehicle,
                                 const char *name)
{
    if (!base_array_push(file->mem, &file->vehicles, *vehicle)
        || !base_array_push(file->mem, &file->vehicle_names, name))
        return base_fail_nomem(ctx);
    return GB_OK;
}

/* Which columns are not all default. */
typedef struct columns {
    bool place, group, after, bundle, service, release, prize, skills, must;
    bool windows, allowed, loads;
} columns;

static columns find_columns(const gb_route_file *file)
{
    columns has = { 0 };

    for (size_t c = 0; c < file->clients.n; c++) {
        const route_file_client *client = &file->clients.items[c];

        has.place |= client->place != GB_ROUTE_NONE;
        has.group |= client->group != GB_ROUTE_NONE;
        has.after |= client->after != GB_ROUTE_NONE;
        has.bundle |= client->bundle != GB_ROUTE_NONE;
        has.service |= client->service_s != 0;
        has.release |= client->release_s != 0;
        has.prize |= client->prize != 0;
        has.skills |= client->skills != 0;
        has.must |= client->is_must;
        has.windows |= client->n_windows > 0;
        has.allowed |= client->is_limited;
        has.loads |= client->loads != NULL;
    }
    return has;
}

/* A column of the 32-bit field at `offset` of each row. */
static gb_status ids_column(gb_context *ctx, gb_route_file *file, bool wanted,
                            size_t offset, const uint32_t **out)
{
    const size_t n = file->clients.n;
    uint32_t *column;

    if (!wanted)
        return GB_OK;
    column = route_file_alloc(ctx, file, n, sizeof *column);
    if (!column)
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < n; c++)
        memcpy(&column[c], (const char *)&file->clients.items[c] + offset,
               sizeof *column);
    *out = column;
    return GB_OK;
}

static gb_status seconds_column(gb_context *ctx, gb_route_file *file,
                                bool wanted, size_t offset,
                                const int32_t **out)
{
    const uint32_t *column = NULL;
    gb_status status = ids_column(ctx, file, wanted, offset, &column);

    *out = (const int32_t *)column; /* the same bytes */
    return status;
}

static gb_status fill_ids(gb_context *ctx, gb_route_file *file,
                          const columns *has)
{
    gb_route_problem *p = &file->problem;
    gb_status status;

    status = ids_column(ctx, file, true, offsetof(route_file_client, location),
                        &p->client_location);
    if (status == GB_OK)
        status = ids_column(ctx, file, has->place,
                            offsetof(route_file_client, place),
                            &p->client_place);
    if (status == GB_OK)
        status = ids_column(ctx, file, has->group,
                            offsetof(route_file_client, group),
                            &p->client_group);
    if (status == GB_OK)
        status = ids_column(ctx, file, has->after,
                            offsetof(route_file_client, after),
                            &p->client_after);
    if (status == GB_OK)
        status = ids_column(ctx, file, has->bundle,
                            offsetof(route_file_client, bundle),
                            &p->client_bundle);
    if (status == GB_OK)
        status = seconds_column(ctx, file, has->service,
                                offsetof(route_file_client, service_s),
                                &p->client_service_s);
    if (status == GB_OK)
        status = seconds_column(ctx, file, has->release,
                                offsetof(route_file_client, release_s),
                                &p->client_release_s);
    return status;
}

static gb_status fill_flags(gb_context *ctx, gb_route_file *file,
                            const columns *has)
{
    gb_route_problem *p = &file->problem;
    const size_t n = file->clients.n;
    const route_file_client *rows = file->clients.items;
    uint8_t *must = NULL;
    int64_t *prize = NULL;
    uint64_t *skills = NULL;

    if ((has->must && !(must = route_file_alloc(ctx, file, n, sizeof *must)))
        || (has->prize
            && !(prize = route_file_alloc(ctx, file, n, sizeof *prize)))
        || (has->skills
            && !(skills = route_file_alloc(ctx, file, n, sizeof *skills))))
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < n; c++) {
        if (must)
            must[c] = rows[c].is_must;
        if (prize)
            prize[c] = rows[c].prize;
        if (skills)
            skills[c] = rows[c].skills;
    }
    p->client_must = must;
    p->client_prize = prize;
    p->client_skills = skills;
    return GB_OK;
}

static gb_status fill_windows(gb_context *ctx, gb_route_file *file)
{
    gb_route_problem *p = &file->problem;
    const size_t n = file->clients.n;
    const route_file_client *rows = file->clients.items;
    uint32_t *first = route_file_alloc(ctx, file, n + 1, sizeof *first);
    gb_route_window *windows;
    size_t n_all = 0;

    for (size_t c = 0; c < n; c++)
        n_all += rows[c].n_windows;
    if (n_all > UINT32_MAX)
        return base_fail_nomem(ctx);
    windows = route_file_alloc(ctx, file, n_all, sizeof *windows);
    if (!first || !windows)
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < n; c++) {
        if (rows[c].n_windows)
            memcpy(&windows[first[c]], rows[c].windows,
                   rows[c].n_windows * sizeof *windows);
        first[c + 1] = first[c] + rows[c].n_windows;
    }
    p->client_first_window = first;
    p->windows = windows;
    return GB_OK;
}

static gb_status fill_allowed(gb_context *ctx, gb_route_file *file)
{
    gb_route_problem *p = &file->problem;
    const size_t n = file->clients.n, n_vehicles = file->vehicles.n;
    const route_file_client *rows = file->clients.items;
    uint32_t *first = route_file_alloc(ctx, file, n + 1, sizeof *first);
    uint32_t *allowed;
    size_t n_all = 0;

    for (size_t c = 0; c < n; c++)
        n_all += rows[c].is_limited ? rows[c].n_allowed : n_vehicles;
    if (n_all > UINT32_MAX)
        return base_fail_nomem(ctx);
    allowed = route_file_alloc(ctx, file, n_all, sizeof *allowed);
    if (!first || !allowed)
        return GB_ERR_NOMEM;
    n_all = 0;
    for (size_t c = 0; c < n; c++) {
        if (!rows[c].is_limited) {
            for (size_t v = 0; v < n_vehicles; v++)
                allowed[n_all++] = (uint32_t)v;
        } else if (rows[c].n_allowed) {
            memcpy(&allowed[n_all], rows[c].allowed,
                   rows[c].n_allowed * sizeof *allowed);
            n_all += rows[c].n_allowed;
        }
        first[c + 1] = (uint32_t)n_all;
    }
    p->client_first_allowed = first;
    p->allowed_vehicles = allowed;
    return GB_OK;
}

/* Tables of `width` numbers a client. */
static gb_status fill_table(gb_context *ctx, gb_route_file *file, size_t width,
                            size_t offset, const int64_t **out)
{
    const size_t n = file->clients.n;
    int64_t *table = route_file_alloc(ctx, file, n * width, sizeof *table);

    if (!table)
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < n; c++) {
        const int64_t *row;

        memcpy(&row, (const char *)&file->clients.items[c] + offset,
               sizeof row);
        if (row)
            memcpy(&table[c * width], row, width * sizeof *table);
    }
    *out = table;
    return GB_OK;
}

/* Prizes by kind stand kind by kind, by client in each. */
static gb_status fill_kinds(gb_context *ctx, gb_route_file *file)
{
    gb_route_problem *p = &file->problem;
    const size_t n = file->clients.n, n_slots = p->n_slots ? p->n_slots : 1;
    int64_t *table = route_file_alloc(ctx, file, n * n_slots * p->n_prize_kinds,
                                      sizeof *table);

    if (!table)
        return GB_ERR_NOMEM;
    for (size_t k = 0; k < p->n_prize_kinds; k++)
        for (size_t c = 0; c < n; c++)
            if (file->clients.items[c].kind_prizes)
                memcpy(&table[(k * n + c) * n_slots],
                       &file->clients.items[c].kind_prizes[k * n_slots],
                       n_slots * sizeof *table);
    p->client_kind_prize = table;
    return GB_OK;
}

static gb_status fill_tables(gb_context *ctx, gb_route_file *file,
                             const columns *has)
{
    gb_route_problem *p = &file->problem;
    gb_status status = GB_OK;

    if (p->n_loads && has->loads)
        status = fill_table(ctx, file, p->n_loads,
                            offsetof(route_file_client, loads),
                            &p->client_load);
    if (status == GB_OK && p->n_slots)
        status = fill_table(ctx, file, p->n_slots,
                            offsetof(route_file_client, slot_prizes),
                            &p->client_slot_prize);
    if (status == GB_OK && p->n_prize_kinds)
        status = fill_kinds(ctx, file);
    if (status == GB_OK && has->windows)
        status = fill_windows(ctx, file);
    if (status == GB_OK && has->allowed)
        status = fill_allowed(ctx, file);
    return status;
}

/* Every client has a name and a number. */
static gb_status name_clients(gb_context *ctx, gb_route_file *file)
{
    for (size_t c = 0; c < file->clients.n; c++) {
        route_file_client *client = &file->clients.items[c];
        char number[16];

        if (client->number == 0)
            client->number = (uint32_t)c + 1;
        if (client->name)
            continue;
        snprintf(number, sizeof number, "%u", client->number);
        client->name = route_file_strndup(ctx, file, number, strlen(number));
        if (!client->name)
            return GB_ERR_NOMEM;
    }
    for (size_t v = 0; v < file->vehicles.n; v++) {
        char number[24];

        if (file->vehicle_names.items[v])
            continue;
        snprintf(number, sizeof number, "%zu", v + 1);
        file->vehicle_names.items[v]
            = route_file_strndup(ctx, file, number, strlen(number));
        if (!file->vehicle_names.items[v])
            return GB_ERR_NOMEM;
    }
    return GB_OK;
}

gb_status route_file_finish(gb_context *ctx, gb_route_file *file)
{
    gb_route_problem *p = &file->problem;
    const columns has = find_columns(file);
    gb_status status;

    p->n_clients = (uint32_t)file->clients.n;
    p->n_vehicles = (uint32_t)file->vehicles.n;
    p->vehicles = file->vehicles.items;
    status = name_clients(ctx, file);
    if (status == GB_OK)
        status = fill_ids(ctx, file, &has);
    if (status == GB_OK)
        status = fill_flags(ctx, file, &has);
    if (status == GB_OK)
        status = fill_tables(ctx, file, &has);
    return status;
}

static void no_routes(gb_route_file_routes *routes)
{
    base_free(routes->mem, routes->first);
    base_free(routes->mem, routes->items);
    routes->first = routes->items = NULL;
}

static gb_status refuse_twice(gb_context *ctx, const gb_route_file *file,
                              const uint32_t *items, size_t n)
{
    const uint32_t n_clients = file->problem.n_clients;
    uint8_t *seen = base_alloc_zeroed(ctx->mem, n_clients, 1);
    gb_status status = GB_OK;

    if (!seen)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < n && status == GB_OK; i++) {
        if (items[i] >= GB_ROUTE_BREAK(0))
            continue;
        if (items[i] >= n_clients)
            status = base_fail(ctx, GB_ERR_DATA,
                               "the solution serves client %u; there are %u",
                               items[i], n_clients);
        else if (seen[items[i]]++)
            status = base_fail(ctx, GB_ERR_DATA,
                               "the solution serves client %s twice",
                               file->clients.items[items[i]].name);
    }
    base_free(ctx->mem, seen);
    return status;
}

gb_status route_file_routes_fill(gb_context *ctx, const gb_route_file *file,
                                 const uint32_t *vehicle,
                                 const uint32_t *items, size_t n,
                                 gb_route_file_routes *routes)
{
    const gb_route_order order = GB_ROUTE_ORDER_INIT;
    const size_t n_vehicles = file->vehicles.n;
    gb_status status = refuse_twice(ctx, file, items, n);

    if (status)
        return status;
    routes->first = base_alloc_zeroed(routes->mem, n_vehicles + 2,
                                      sizeof *routes->first);
    routes->items = base_alloc_array(routes->mem, n, sizeof *routes->items);
    if (!routes->first || !routes->items) {
        no_routes(routes);
        return base_fail_nomem(ctx);
    }
    /* Counted two places on, so that filling leaves first[v] in its place. */
    for (size_t i = 0; i < n; i++)
        routes->first[vehicle[i] + 2]++;
    for (size_t v = 2; v < n_vehicles + 2; v++)
        routes->first[v] += routes->first[v - 1];
    for (size_t i = 0; i < n; i++)
        routes->items[routes->first[vehicle[i] + 1]++] = items[i];
    routes->order = order;
    routes->order.first = routes->first;
    routes->order.items = routes->items;
    return GB_OK;
}
