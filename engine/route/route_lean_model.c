/*
 * route_lean_model.c - what all lean searches of a problem read.
 */
#include "route_lean.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { N_NEAR = 40 };

/* --- does the lean search take it --- */

static int n_prices(const route_vehicle *v)
{
    return (v->metres && v->cost_per_m_milli > 0) + (v->cost != NULL);
}

static bool suits_vehicle(const route_vehicle *v)
{
    return v->n_breaks == 0 && v->n_bands == 0 && !v->must_use && !v->prizes
        && n_prices(v) <= 1;
}

bool route_lean_suits(const route_data *data)
{
    if (data->n_slots || data->n_prize_kinds || data->has_order
        || data->has_release || data->has_balance || data->n_clients < 2)
        return false;
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (!suits_vehicle(&data->vehicles[v]))
            return false;
    for (uint32_t c = 0; c < data->n_clients; c++) {
        const route_client *client = &data->clients[c];

        if (client->n_windows != 1 || client->access_s
            || (client->bundle != GB_ROUTE_NONE
                && client->group != GB_ROUTE_NONE))
            return false;
    }
    return data->n_vehicles > 0;
}

/* --- kinds --- */

static void fill_kind(const route_data *data, const route_vehicle *v,
                      route_lean_kind *kind)
{
    const int64_t none = INT64_MAX / 4;

    memset(kind, 0, sizeof *kind);
    kind->seconds = v->seconds;
    if (v->metres && v->cost_per_m_milli > 0) {
        kind->cost = v->metres;
        kind->rate = v->cost_per_m_milli;
    } else if (v->cost) {
        kind->cost = v->cost;
        kind->rate = 1000;
    } else {
        kind->cost = v->seconds;
        kind->rate = v->cost_per_travel_s_milli;
    }
    if (kind->cost != v->seconds || n_prices(v) > 0)
        kind->seconds_rate = v->cost_per_travel_s_milli;
    kind->duration_rate = v->cost_per_s_milli;
    kind->fixed_milli = v->fixed_milli;
    kind->start = v->start;
    kind->end = v->end;
    kind->open_s = v->shift_start_s;
    kind->close_s = v->shift_end_s;
    kind->max_duration_s = v->max_duration_s;
    kind->max_travel_s = v->max_travel_s;
    kind->max_distance_m = none;
    if (v->max_distance_m < none && v->metres) {
        kind->max_distance_m = v->max_distance_m;
        kind->metres = v->metres;
    }
    kind->max_clients = v->max_clients;
    kind->day = v->day;
    kind->capacity[0] = none;
    for (uint32_t d = 0; d < data->n_loads; d++)
        kind->capacity[d] = v->capacity ? v->capacity[d] : none;
}

static bool serve_the_same(const route_data *data, uint32_t v, uint32_t w)
{
    for (uint32_t c = 0; c < data->n_clients; c++)
        if (route_may_serve(data, v, c) != route_may_serve(data, w, c))
            return false;
    return true;
}

/* The number of vehicle v's kind, a new one where it is the first. */
static uint32_t kind_for(route_lean_model *m, uint32_t v, uint32_t *first_of)
{
    route_lean_kind kind;

    fill_kind(m->data, &m->data->vehicles[v], &kind);
    for (uint32_t k = 0; k < m->n_kinds; k++)
        if (memcmp(&kind, &m->kinds[k], sizeof kind) == 0
            && serve_the_same(m->data, v, first_of[k]))
            return k;
    first_of[m->n_kinds] = v;
    m->kinds[m->n_kinds] = kind;
    return m->n_kinds++;
}

/* Routes are vehicles in the order of their kinds. */
static bool number_routes(route_lean_model *m)
{
    base_mem *mem = m->data->mem;
    const uint32_t n = m->n_routes;
    uint32_t *kind_of = base_alloc_array(mem, n, sizeof *kind_of);
    uint32_t *first_of = base_alloc_array(mem, n, sizeof *first_of);
    uint32_t at = 0;
    bool ok = false;

    m->kinds = base_alloc_zeroed(mem, n, sizeof *m->kinds);
    m->kind_of = base_alloc_array(mem, n, sizeof *m->kind_of);
    m->vehicle_of = base_alloc_array(mem, n, sizeof *m->vehicle_of);
    m->route_of = base_alloc_array(mem, n, sizeof *m->route_of);
    if (!kind_of || !first_of || !m->kinds || !m->kind_of || !m->vehicle_of
        || !m->route_of)
        goto done;
    for (uint32_t v = 0; v < n; v++)
        kind_of[v] = kind_for(m, v, first_of);
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        m->kinds[k].first_route = at;
        for (uint32_t v = 0; v < n; v++)
            if (kind_of[v] == k) {
                m->kind_of[at] = k;
                m->vehicle_of[at] = v;
                m->route_of[v] = at++;
            }
        m->kinds[k].n_routes = at - m->kinds[k].first_route;
    }
    ok = true;
done:
    base_free(mem, kind_of);
    base_free(mem, first_of);
    return ok;
}

static bool lay_out_clients(route_lean_model *m)
{
    const route_data *data = m->data;

    m->n_kind_words = (m->n_kinds + 63) / 64;
    m->may_serve = base_alloc_zeroed(data->mem,
                                     m->n_clients * m->n_kind_words,
                                     sizeof *m->may_serve);
    m->loads = base_alloc_zeroed(data->mem,
                                 (size_t)m->n_clients * m->n_loads,
                                 sizeof *m->loads);
    m->from_depot = base_alloc_zeroed(data->mem, m->n_clients,
                                      sizeof *m->from_depot);
    if (!m->may_serve || !m->loads || !m->from_depot)
        return false;
    for (uint32_t c = 0; c < m->n_clients; c++) {
        const route_client *client = &data->clients[c];
        int32_t least = INT32_MAX;

        for (uint32_t k = 0; k < m->n_kinds; k++) {
            const route_lean_kind *kind = &m->kinds[k];
            const uint32_t v = m->vehicle_of[kind->first_route];
            const uint32_t home
                = kind->start != GB_ROUTE_NONE ? kind->start : kind->end;

            if (route_may_serve(data, v, c))
                m->may_serve[c * m->n_kind_words + k / 64]
                    |= UINT64_C(1) << (k % 64);
            if (home != GB_ROUTE_NONE) {
                const int32_t far
                    = kind->cost[(size_t)home * m->n_stride
                                 + client->location];

                least = far < least ? far : least;
            }
        }
        m->from_depot[c] = least == INT32_MAX ? 0 : least;
        for (uint32_t d = 0; d < m->n_loads; d++)
            m->loads[(size_t)c * m->n_loads + d] = client->load[d];
        m->n_musts += client->n_musts;
        m->has_prizes |= client->n_musts == 0;
        m->has_bundles |= client->bundle != GB_ROUTE_NONE;
    }
    return true;
}

/* --- what kind of problem --- */

static int32_t longest_leg(const route_lean_model *m,
                           const route_lean_kind *kind)
{
    const size_t n = m->n_stride;
    int32_t most = 0;

    for (size_t i = 0; i < n * n; i++)
        if (kind->seconds[i] > most)
            most = kind->seconds[i];
    return most;
}

/* No route can be late, wherever it goes. */
static bool is_timeless(const route_lean_model *m)
{
    const route_data *data = m->data;
    int64_t work_s = 0;
    int32_t leg_s = 0;

    for (uint32_t c = 0; c < m->n_clients; c++)
        work_s += data->clients[c].service_s;
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];
        int64_t end_s;

        if (kind->max_duration_s < ROUTE_NEVER || kind->duration_rate)
            return false;
        if (k == 0 || kind->seconds != m->kinds[k - 1].seconds)
            leg_s = longest_leg(m, kind);
        end_s = kind->open_s + work_s + (int64_t)leg_s * (m->n_clients + 1);
        if (leg_s == GB_ROUTE_UNREACHABLE || end_s > kind->close_s)
            return false;
        for (uint32_t c = 0; c < m->n_clients; c++)
            if (data->clients[c].early_s > kind->open_s
                || data->clients[c].late_s < end_s)
                return false;
    }
    return true;
}

/* Is somebody's window narrower than every shift? */
static bool has_narrow(const route_lean_model *m)
{
    int32_t open_s = INT32_MIN, close_s = INT32_MAX;

    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];

        open_s = kind->open_s > open_s ? kind->open_s : open_s;
        close_s = kind->close_s < close_s ? kind->close_s : close_s;
    }
    for (uint32_t c = 0; c < m->n_clients; c++) {
        const route_client *client = &m->data->clients[c];

        if (client->early_s > open_s && client->late_s < close_s)
            return true;
    }
    return false;
}

/* Is there always a way; *is_symmetric stays if it is as long as back. */
static bool is_whole(const route_lean_model *m, const int32_t *matrix,
                     bool *is_symmetric)
{
    const size_t n = m->n_stride;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (matrix[i * n + j] == GB_ROUTE_UNREACHABLE
                || matrix[j * n + i] == GB_ROUTE_UNREACHABLE)
                return false;
            if (matrix[i * n + j] != matrix[j * n + i])
                *is_symmetric = false;
        }
    return true;
}

/* Where nothing costs anything, a price of the way needs finer units. */
static int64_t fine_point(const route_lean_model *m)
{
    int64_t point = 1000, sum = 0;

    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];

        if (kind->rate || kind->seconds_rate || kind->duration_rate
            || kind->fixed_milli)
            return point;
    }
    for (uint32_t c = 0; c < m->n_clients; c++)
        sum += m->data->clients[c].prize;
    while (sum < (INT64_C(1) << 50) / point && point < 1000000)
        point *= 10;
    return point;
}

static void classify(route_lean_model *m)
{
    const route_lean_kind *first = &m->kinds[0];

    m->point = fine_point(m);
    m->has_time = !is_timeless(m);
    m->has_windows = m->has_time && !m->has_bundles && has_narrow(m);
    m->is_plain = m->n_loads <= 1 && !m->has_bundles;
    m->comes_home = true;
    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const route_lean_kind *kind = &m->kinds[k];

        m->has_duration |= kind->duration_rate > 0
            || kind->max_duration_s < ROUTE_NEVER;
        m->comes_home &= kind->start == kind->end;
        m->has_depots |= kind->start != first->start;
        m->has_limits |= kind->max_travel_s < ROUTE_NEVER || kind->metres;
        if (kind->cost != first->cost || kind->seconds != first->seconds
            || kind->rate != first->rate || kind->seconds_rate
            || kind->duration_rate
            || kind->max_clients != UINT32_MAX
            || kind->start == GB_ROUTE_NONE || kind->end == GB_ROUTE_NONE)
            m->is_plain = false;
        for (uint32_t c = 0; c < m->n_clients && m->is_plain; c++)
            m->is_plain = m->may_serve[c * m->n_kind_words + k / 64]
                    >> (k % 64)
                & 1;
        if (kind->day >= m->n_days)
            m->n_days = kind->day + 1;
    }
    m->is_symmetric = true;
    m->is_plain = m->is_plain && !m->has_limits
        && is_whole(m, first->cost, &m->is_symmetric)
        && (first->seconds == first->cost
            || is_whole(m, first->seconds, &m->is_symmetric));
    m->is_symmetric = m->is_symmetric && m->is_plain;
}

/* --- near clients --- */

/*
 * How far c is from d: the way, and what windows make one wait (a fifth) or be
 * late, in the better of both orders (T. Vidal et al., 2013, section 4.5).
 */
static int64_t apart(const route_lean_model *m, uint32_t c, uint32_t d)
{
    const route_client *a = &m->data->clients[c], *b = &m->data->clients[d];
    const route_lean_kind *kind = &m->kinds[0];
    const size_t ab = (size_t)a->location * m->n_stride + b->location;
    const size_t ba = (size_t)b->location * m->n_stride + a->location;
    const int64_t way
        = ((int64_t)kind->cost[ab] + (int64_t)kind->cost[ba]) / 2;
    int64_t wait_s[2], late_s[2], less;

    if (!m->has_time)
        return way;
    for (int turn = 0; turn < 2; turn++) {
        const route_client *x = turn ? b : a, *y = turn ? a : b;
        const int64_t t_s
            = (int64_t)x->service_s + kind->seconds[turn ? ba : ab];

        wait_s[turn] = (int64_t)y->early_s - x->late_s - t_s;
        late_s[turn] = x->early_s + t_s - (int64_t)y->late_s;
        wait_s[turn] = wait_s[turn] > 0 ? wait_s[turn] / 5 : 0;
        late_s[turn] = late_s[turn] > 0 ? late_s[turn] : 0;
    }
    less = wait_s[0] + late_s[0] < wait_s[1] + late_s[1]
        ? wait_s[0] + late_s[0]
        : wait_s[1] + late_s[1];
    return way + less;
}

typedef struct neighbour {
    int64_t apart;
    uint32_t client;
} neighbour;

/* The nearest of all others into list; those of its own bundle are none. */
static uint32_t find_near(const route_lean_model *m, uint32_t c, uint32_t most,
                          neighbour *list)
{
    const route_client *clients = m->data->clients;
    uint32_t n = 0;

    for (uint32_t d = 0; d < m->n_clients; d++) {
        neighbour next = { 0, d };
        uint32_t i;

        if (d == c
            || (clients[d].bundle != GB_ROUTE_NONE
                && clients[d].bundle == clients[c].bundle))
            continue;
        next.apart = apart(m, c, d);
        if (n == most && next.apart >= list[n - 1].apart)
            continue;
        for (i = n < most ? n++ : n - 1; i > 0; i--) {
            if (list[i - 1].apart <= next.apart)
                break;
            list[i] = list[i - 1];
        }
        list[i] = next;
    }
    return n;
}

static gb_status lay_out_near(gb_context *ctx, route_lean_model *m)
{
    base_mem *mem = m->data->mem;
    const uint32_t mean = m->has_bundles ? 3 : 1;
    const uint32_t most = m->n_clients - 1 < N_NEAR * mean ? m->n_clients - 1
                                                           : N_NEAR * mean;
    neighbour *list = base_alloc_array(mem, most, sizeof *list);
    gb_status status = GB_OK;
    uint32_t at = 0;

    m->first_near = base_alloc_array(mem, (size_t)m->n_clients + 1,
                                     sizeof *m->first_near);
    m->near = base_alloc_array(mem, (size_t)m->n_clients * most,
                               sizeof *m->near);
    if (!list || !m->first_near || !m->near)
        status = base_fail_nomem(ctx);
    for (uint32_t c = 0; c < m->n_clients && !status; c++) {
        const uint32_t n = find_near(m, c, most, list);

        m->first_near[c] = at;
        for (uint32_t i = 0; i < n; i++)
            m->near[at++] = (route_lean_near){ list[i].client, 0 };
        m->first_near[c + 1] = at;
    }
    base_free(mem, list);
    return status;
}

/* --- all of it --- */

gb_status route_lean_model_init(gb_context *ctx, const route_data *data,
                                route_lean_model *model)
{
    gb_status status;

    memset(model, 0, sizeof *model);
    model->data = data;
    model->n_clients = data->n_clients;
    model->n_routes = data->n_vehicles;
    model->n_loads = data->n_loads;
    model->n_stride = data->n_locations;
    if (!number_routes(model) || !lay_out_clients(model))
        status = base_fail_nomem(ctx);
    else {
        classify(model);
        status = lay_out_near(ctx, model);
        if (!status && model->is_plain)
            route_lean_find_least(model);
    }
    if (status)
        route_lean_model_clear(model);
    return status;
}

void route_lean_model_clear(route_lean_model *m)
{
    base_mem *mem = m->data->mem;

    base_free(mem, m->kinds);
    base_free(mem, m->kind_of);
    base_free(mem, m->vehicle_of);
    base_free(mem, m->route_of);
    base_free(mem, m->may_serve);
    base_free(mem, m->loads);
    base_free(mem, m->first_near);
    base_free(mem, m->near);
    base_free(mem, m->from_depot);
    memset(m, 0, sizeof *m);
}
