/*
 * route_text_clients.c - see route_text.h: nodes that are no depots.
 */
#include "route_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MOST_LOAD = 1e12;

/* A value of a node in units, within [low, most]. */
static gb_status check_units(const route_text *text, size_t node,
                             const char *what, double units, double low,
                             double most, double *out)
{
    char number[32], low_text[32], most_text[32];

    *out = units;
    if (*out >= low && *out <= most)
        return GB_OK;
    return base_fail(text->ctx, GB_ERR_DATA,
                     "%s: node %zu: %s is %s units; %s to %s expected",
                     text->name, node + 1, what,
                     base_real_text(number, *out, 0),
                     base_real_text(low_text, low, 0),
                     base_real_text(most_text, most, 0));
}

static gb_status take_units(const route_text *text, size_t node,
                            const char *what, double value, double low,
                            double most, double *out)
{
    return check_units(text, node, what, route_text_scaled(text, value), low,
                       most, out);
}

static gb_status take_prize(const route_text *text, size_t node, double value,
                            int64_t *out)
{
    const uint32_t scale = text->prize_scale ? text->prize_scale
                                             : text->scale;
    double units;
    gb_status status = check_units(text, node, "PRIZE",
                                   route_text_rounded(value * scale,
                                                      text->rounding),
                                   0, ROUTE_TEXT_MOST_POINTS, &units);

    *out = status ? 0 : (int64_t)units;
    return status;
}

/* Loads with decimals are counted in thousandths. */
double route_text_load_scale(const route_text *text)
{
    for (size_t i = 0; i < text->nodes.n; i++)
        for (uint32_t k = 0; k < text->n_loads; k++) {
            const double demand = text->nodes.items[i].demand[k];

            if (floor(demand) < demand)
                return 1000;
        }
    for (size_t v = 0; v < text->vehicles.n; v++)
        for (uint32_t k = 0; k < text->n_loads; k++) {
            const double capacity = text->vehicles.items[v].capacity[k];

            if (floor(capacity) < capacity)
                return 1000;
        }
    return 1;
}

static gb_status take_loads(const route_text *text, gb_route_file *file,
                            size_t node, double scale,
                            route_file_client *client)
{
    const route_text_node *from = &text->nodes.items[node];
    int64_t *loads = route_file_alloc(text->ctx, file, ROUTE_TEXT_LOADS,
                                      sizeof *loads);

    if (!loads)
        return GB_ERR_NOMEM;
    for (uint32_t k = 0; k < text->n_loads; k++) {
        const double load = floor(from->demand[k] * scale + 0.5);

        if (!(load >= 0 && load <= MOST_LOAD)) {
            char number[32];

            return base_fail(text->ctx, GB_ERR_DATA,
                             "%s: node %zu: a demand of %s; 0 to 10^12 "
                             "expected",
                             text->name, node + 1,
                             base_real_text(number, load, 0));
        }
        loads[k] = (int64_t)load;
    }
    client->loads = loads;
    return GB_OK;
}

static int by_early(const gb_route_window *a, const gb_route_window *b)
{
    return a->early_s < b->early_s ? -1 : a->early_s > b->early_s;
}

/* Insertion: there are a few. */
static void sort_windows(gb_route_window *windows, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t j = i;
             j > 0 && by_early(&windows[j], &windows[j - 1]) < 0; j--) {
            const gb_route_window swap = windows[j];

            windows[j] = windows[j - 1];
            windows[j - 1] = swap;
        }
}

gb_status route_text_window_of(const route_text *text, size_t node,
                               double early, double late,
                               gb_route_window *out)
{
    double units;
    gb_status status = take_units(text, node, "TIME_WINDOW", early,
                                  -ROUTE_TEXT_MOST_CLOCK_S, ROUTE_TEXT_MOST_CLOCK_S, &units);

    if (status)
        return status;
    out->early_s = (int32_t)units;
    status = take_units(text, node, "TIME_WINDOW", late, -ROUTE_TEXT_MOST_CLOCK_S,
                        ROUTE_TEXT_MOST_CLOCK_S, &units);
    if (status)
        return status;
    out->late_s = (int32_t)units;
    if (out->early_s > out->late_s)
        return base_fail(text->ctx, GB_ERR_DATA,
                         "%s: node %zu: time window ends (%d units) before "
                         "it begins (%d units)",
                         text->name, node + 1, out->late_s, out->early_s);
    return GB_OK;
}

static gb_status take_windows(const route_text *text, gb_route_file *file,
                              size_t node, route_file_client *client)
{
    const route_text_node *from = &text->nodes.items[node];
    gb_route_window *windows;
    gb_status status;

    if (!from->has_window)
        return GB_OK;
    windows = route_file_alloc(text->ctx, file, 1 + from->n_more_windows,
                               sizeof *windows);
    if (!windows)
        return GB_ERR_NOMEM;
    client->windows = windows;
    status = route_text_window_of(text, node, from->early, from->late, &windows[0]);
    client->n_windows = 1;
    for (size_t w = 0; from->n_more_windows && w < text->windows.n; w++)
        if (status == GB_OK && text->windows.items[w].node == node)
            status = route_text_window_of(text, node, text->windows.items[w].early,
                                 text->windows.items[w].late,
                                 &windows[client->n_windows++]);
    if (status)
        return status;
    sort_windows(windows, client->n_windows);
    for (uint32_t w = 1; w < client->n_windows; w++)
        if (windows[w].early_s <= windows[w - 1].late_s)
            return base_fail(text->ctx, GB_ERR_DATA,
                             "%s: node %zu: time window at %d units begins "
                             "before the one before it ends (%d units)",
                             text->name, node + 1, windows[w].early_s,
                             windows[w - 1].late_s);
    return GB_OK;
}

/* Vehicles that may serve the node, where some are limited to others. */
static gb_status take_allowed(const route_text *text, gb_route_file *file,
                              size_t node, const uint8_t *is_limited,
                              route_file_client *client)
{
    uint32_t *allowed;

    if (text->allowed_vehicle.n == 0)
        return GB_OK;
    allowed = route_file_alloc(text->ctx, file, text->vehicles.n,
                               sizeof *allowed);
    if (!allowed)
        return GB_ERR_NOMEM;
    for (uint32_t v = 0; v < text->vehicles.n; v++) {
        bool may = !is_limited[v];

        for (size_t k = 0; !may && k < text->allowed_vehicle.n; k++)
            may = text->allowed_vehicle.items[k] == v
                  && text->allowed_node.items[k] == node;
        if (may)
            allowed[client->n_allowed++] = v;
    }
    client->allowed = allowed;
    client->is_limited = true;
    return GB_OK;
}

static gb_status name_visit(gb_context *ctx, gb_route_file *file,
                            uint32_t visit, route_file_client *client)
{
    char name[32];

    if (visit == 0)
        return GB_OK;
    snprintf(name, sizeof name, "%u#%u", client->number, visit + 1);
    client->name = route_file_strndup(ctx, file, name, strlen(name));
    return client->name ? GB_OK : GB_ERR_NOMEM;
}

static gb_status add_client(const route_text *text, gb_route_file *file,
                            size_t node, double scale,
                            const uint8_t *is_limited, uint32_t *n_bundles)
{
    const route_text_node *from = &text->nodes.items[node];
    route_file_client client = ROUTE_FILE_CLIENT_INIT;
    double service, release;
    gb_status status;

    client.location = (uint32_t)node;
    client.number = from->number;
    client.is_must = from->is_must;
    client.group = from->group;
    status = take_units(text, node, "SERVICE_TIME", from->service, 0,
                        ROUTE_TEXT_MOST_SECONDS, &service);
    if (status == GB_OK)
        status = take_prize(text, node, from->prize, &client.prize);
    if (status == GB_OK)
        status = take_units(text, node, "RELEASE_TIME", from->release,
                            -ROUTE_TEXT_MOST_CLOCK_S, ROUTE_TEXT_MOST_CLOCK_S, &release);
    if (status)
        return status;
    client.service_s = (int32_t)service;
    client.release_s = (int32_t)release;
    if (from->n_patterns)
        client.bundle = (*n_bundles)++;
    status = take_loads(text, file, node, scale, &client);
    if (status == GB_OK)
        status = take_windows(text, file, node, &client);
    if (status == GB_OK)
        status = take_allowed(text, file, node, is_limited, &client);
    for (uint32_t k = 0; k < from->visits && status == GB_OK; k++) {
        status = name_visit(text->ctx, file, k, &client);
        if (status == GB_OK)
            status = route_file_add_client(text->ctx, file, &client);
    }
    return status;
}

static gb_status build_clients(const route_text *text, gb_route_file *file,
                               double scale)
{
    uint8_t *is_limited = base_alloc_zeroed(text->mem, text->vehicles.n, 1);
    uint32_t n_bundles = 0;
    gb_status status = is_limited ? GB_OK : base_fail_nomem(text->ctx);

    for (size_t k = 0; status == GB_OK && k < text->allowed_vehicle.n; k++)
        is_limited[text->allowed_vehicle.items[k]] = 1;
    for (size_t i = 0; i < text->nodes.n && status == GB_OK; i++) {
        if (text->nodes.items[i].is_depot)
            continue;
        if (text->nodes.items[i].visits == 0)
            continue;
        status = add_client(text, file, i, scale, is_limited, &n_bundles);
        file->facts.n_customers++;
    }
    file->problem.n_bundles = n_bundles;
    base_free(text->mem, is_limited);
    return status;
}

static gb_status build_bundles(const route_text *text, gb_route_file *file)
{
    const uint32_t n_bundles = file->problem.n_bundles;
    uint32_t *first, b = 0;
    uint64_t *patterns;

    if (n_bundles == 0)
        return GB_OK;
    first = route_file_alloc(text->ctx, file, n_bundles + 1, sizeof *first);
    patterns = route_file_alloc(text->ctx, file, text->patterns.n,
                                sizeof *patterns);
    if (!first || !patterns)
        return GB_ERR_NOMEM;
    for (size_t i = 0; i < text->nodes.n; i++) {
        const route_text_node *node = &text->nodes.items[i];

        if (node->is_depot || node->n_patterns == 0)
            continue;
        memcpy(&patterns[first[b]],
               &text->patterns.items[node->first_pattern],
               node->n_patterns * sizeof *patterns);
        first[b + 1] = first[b] + node->n_patterns;
        b++;
    }
    file->problem.bundle_first_pattern = first;
    file->problem.patterns = patterns;
    return GB_OK;
}

static gb_status build_groups(const route_text *text, gb_route_file *file)
{
    uint8_t *must;
    uint32_t n = 0;

    if (!text->has_groups)
        return GB_OK;
    for (size_t i = 0; i < text->nodes.n; i++)
        if (text->nodes.items[i].group != GB_ROUTE_NONE
            && text->nodes.items[i].group >= n)
            n = text->nodes.items[i].group + 1;
    must = route_file_alloc(text->ctx, file, n, 1);
    if (!must)
        return GB_ERR_NOMEM;
    memset(must, 1, n);
    file->problem.group_must = must;
    return GB_OK;
}

/* Files leave numbers of groups out; the model has none between. */
static gb_status number_groups(route_text *text)
{
    uint32_t *number, n = 0;

    if (!text->has_groups)
        return GB_OK;
    number = base_alloc_array(text->mem, text->nodes.n, sizeof *number);
    if (!number)
        return base_fail_nomem(text->ctx);
    for (size_t i = 0; i < text->nodes.n; i++)
        number[i] = GB_ROUTE_NONE;
    for (size_t i = 0; i < text->nodes.n; i++) {
        uint32_t *group = &text->nodes.items[i].group;

        if (text->nodes.items[i].is_depot || *group >= text->nodes.n) {
            *group = GB_ROUTE_NONE;
            continue;
        }
        if (number[*group] == GB_ROUTE_NONE)
            number[*group] = n++;
        *group = number[*group];
    }
    text->has_groups = n > 0;
    base_free(text->mem, number);
    return GB_OK;
}

gb_status route_text_clients(route_text *text, gb_route_file *file,
                             double scale)
{
    gb_status status = number_groups(text);

    if (status == GB_OK)
        status = build_clients(text, file, scale);
    if (status == GB_OK)
        status = build_bundles(text, file);
    return status ? status : build_groups(text, file);
}
