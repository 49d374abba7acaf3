/*
 * route_lean_state.c - see route_lean.h.
 */
#include "route_lean.h"

#include <string.h>

#include "base_check.h"

/* --- life --- */

static void *room(route_lean *s, size_t n, size_t size)
{
    return base_alloc_zeroed(s->model->data->mem, n, size);
}

static bool take_memory(route_lean *s)
{
    const route_lean_model *m = s->model;
    const size_t n = m->n_clients, n_routes = m->n_routes;
    const size_t n_nodes = n + 2 * n_routes;

    s->nodes = room(s, n_nodes, sizeof *s->nodes);
    s->kept_nodes = room(s, n_nodes, sizeof *s->kept_nodes);
    s->kept_ids = room(s, n_nodes, sizeof *s->kept_ids);
    s->best_next = room(s, n_nodes, sizeof *s->best_next);
    if (m->has_duration) {
        s->to = room(s, n_nodes, sizeof *s->to);
        s->from = room(s, n_nodes, sizeof *s->from);
        s->kept_to = room(s, n_nodes, sizeof *s->kept_to);
        s->kept_from = room(s, n_nodes, sizeof *s->kept_from);
        if (!s->to || !s->from || !s->kept_to || !s->kept_from)
            return false;
    }
    s->routes = room(s, n_routes, sizeof *s->routes);
    s->kept_routes = room(s, n_routes, sizeof *s->kept_routes);
    s->route_loads = room(s, n_routes * m->n_loads, sizeof *s->route_loads);
    s->seats = room(s, n, sizeof *s->seats);
    s->rooms = room(s, n_routes, sizeof *s->rooms);
    s->kept_loads = room(s, n_routes * m->n_loads, sizeof *s->kept_loads);
    s->used = room(s, n_routes, sizeof *s->used);
    s->free = room(s, n_routes, sizeof *s->free);
    s->free_at = room(s, n_routes, sizeof *s->free_at);
    s->n_free = room(s, m->n_kinds, sizeof *s->n_free);
    s->out = room(s, n, sizeof *s->out);
    s->out_at = room(s, n, sizeof *s->out_at);
    s->changed = room(s, n, sizeof *s->changed);
    s->change = room(s, n, sizeof *s->change);
    s->queue = room(s, n, sizeof *s->queue);
    s->pool = room(s, n, sizeof *s->pool);
    s->served_of = room(s, m->data->n_groups, sizeof *s->served_of);
    return s->nodes && s->kept_nodes && s->kept_ids && s->best_next
        && s->routes && s->kept_routes && s->route_loads && s->kept_loads
        && s->seats && s->rooms
        && s->used && s->free && s->free_at && s->n_free && s->out
        && s->out_at && s->changed && s->change && s->queue && s->pool
        && s->served_of;
}

static void begin_client(route_lean *s, uint32_t c)
{
    const route_client *client = &s->model->data->clients[c];
    route_lean_node *node = &s->nodes[c];

    node->location = client->location;
    node->early_s = client->early_s;
    node->late_s = client->late_s;
    node->service_s = client->service_s;
    node->load = s->model->n_loads
        ? s->model->loads[(size_t)c * s->model->n_loads]
        : 0;
    node->worth = client->prize * s->model->point;
    node->n_musts = client->n_musts;
    node->route = GB_ROUTE_NONE;
    s->seats[c] = (route_lean_seat){ ROUTE_LEAN_NO_REACH, 0 };
    s->n_musts_out += client->n_musts;
    s->out_at[c] = s->n_out;
    s->out[s->n_out++] = c;
}

static void begin_route(route_lean *s, uint32_t r)
{
    const route_lean_model *m = s->model;
    const uint32_t k = m->kind_of[r];
    const route_lean_kind *kind = &m->kinds[k];
    const uint32_t start = route_lean_start(m, r), end = start + 1;
    const int32_t t_s = route_lean_seconds(m, kind, kind->start, kind->end);

    s->routes[r].kind = k;
    s->routes[r].at = GB_ROUTE_NONE;
    s->rooms[r].spare = kind->capacity[0];
    s->free_at[r] = s->n_free[k];
    s->free[kind->first_route + s->n_free[k]++] = r;
    for (uint32_t e = start; e <= end; e++) {
        route_lean_node *node = &s->nodes[e];

        node->location = e == start ? kind->start : kind->end;
        node->route = r;
        node->early_s = node->first_s = kind->open_s;
        node->late_s = node->last_s = kind->close_s;
        if (s->to)
            s->to[e] = s->from[e] = route_lean_piece_of(node);
    }
    s->nodes[start].next = end;
    s->nodes[end].prev = start;
    /* An empty route stands still: nobody minds if its ends are far apart. */
    if (s->to
        && (t_s == GB_ROUTE_UNREACHABLE
            || !route_lean_join(s->to[start], s->from[end], t_s,
                                &s->to[end])))
        s->to[end] = s->to[start];
}

bool route_lean_init(route_lean *s, const route_lean_model *model,
                     uint64_t seed, uint64_t number)
{
    memset(s, 0, sizeof *s);
    s->model = model;
    s->rng = base_rng_stream(seed, number);
    s->number = number;
    s->blink_mean = 100;
    if (!take_memory(s) || !route_lean_breed_init(s)
        || !route_lean_weave_init(s)) {
        route_lean_clear(s);
        return false;
    }
    for (uint32_t c = 0; c < model->n_clients; c++)
        begin_client(s, c);
    /* From the last on: the lowest of a kind lies on top. */
    for (uint32_t r = model->n_routes; r-- > 0;)
        begin_route(s, r);
    return true;
}

void route_lean_clear(route_lean *s)
{
    base_mem *mem;

    if (!s->model)
        return;
    mem = s->model->data->mem;
    route_lean_breed_clear(s);
    route_lean_weave_clear(s);
    base_free(mem, s->nodes);
    base_free(mem, s->kept_nodes);
    base_free(mem, s->kept_ids);
    base_free(mem, s->best_next);
    base_free(mem, s->to);
    base_free(mem, s->from);
    base_free(mem, s->kept_to);
    base_free(mem, s->kept_from);
    base_free(mem, s->routes);
    base_free(mem, s->kept_routes);
    base_free(mem, s->route_loads);
    base_free(mem, s->seats);
    base_free(mem, s->rooms);
    base_free(mem, s->kept_loads);
    base_free(mem, s->used);
    base_free(mem, s->free);
    base_free(mem, s->free_at);
    base_free(mem, s->n_free);
    base_free(mem, s->out);
    base_free(mem, s->out_at);
    base_free(mem, s->changed);
    base_free(mem, s->change);
    base_free(mem, s->queue);
    base_free(mem, s->pool);
    base_free(mem, s->served_of);
    memset(s, 0, sizeof *s);
}

/* --- who is out, which routes are used --- */

static void count_group(route_lean *s, uint32_t c, int sign)
{
    const route_data *data = s->model->data;

    if (data->n_groups && data->clients[c].group != GB_ROUTE_NONE)
        s->served_of[data->clients[c].group] += (uint32_t)sign;
}

void route_lean_set_out(route_lean *s, uint32_t c)
{
    route_lean_node *node = &s->nodes[c];

    node->route = GB_ROUTE_NONE;
    s->seats[c] = (route_lean_seat){ ROUTE_LEAN_NO_REACH, 0 };
    s->out_at[c] = s->n_out;
    s->out[s->n_out++] = c;
    s->n_musts_out += node->n_musts;
    s->served_s -= node->service_s;
    count_group(s, c, -1);
}

void route_lean_set_in(route_lean *s, uint32_t c)
{
    const route_lean_node *node = &s->nodes[c];
    const uint32_t at = s->out_at[c], last = s->out[--s->n_out];

    s->out[at] = last;
    s->out_at[last] = at;
    s->n_musts_out -= node->n_musts;
    s->served_s += node->service_s;
    count_group(s, c, 1);
}

void route_lean_set_used(route_lean *s, uint32_t r)
{
    const route_lean_kind *kind = route_lean_kind_of(s, r);
    uint32_t *stack = &s->free[kind->first_route];
    const uint32_t at = s->free_at[r];
    const uint32_t last = stack[--s->n_free[s->routes[r].kind]];

    stack[at] = last;
    s->free_at[last] = at;
    s->routes[r].at = s->n_used;
    s->used[s->n_used++] = r;
}

void route_lean_set_free(route_lean *s, uint32_t r)
{
    const route_lean_kind *kind = route_lean_kind_of(s, r);
    const uint32_t at = s->routes[r].at, last = s->used[--s->n_used];
    uint32_t *n_free = &s->n_free[s->routes[r].kind];

    s->used[at] = last;
    s->routes[last].at = at;
    s->free_at[r] = *n_free;
    s->free[kind->first_route + (*n_free)++] = r;
    s->routes[r].at = GB_ROUTE_NONE;
}

/* --- the journal --- */

void route_lean_open(route_lean *s)
{
    s->stamp++;
    s->n_kept_nodes = s->n_kept_routes = s->n_changed = 0;
    s->kept_cost = s->cost;
    s->kept_units = s->units;
}

void route_lean_keep(route_lean *s)
{
    for (uint32_t i = 0; i < s->n_changed; i++)
        s->change[s->changed[i]] = 0;
    s->n_changed = 0;
}

void route_lean_note_route(route_lean *s, uint32_t r)
{
    const route_lean_model *m = s->model;
    const uint32_t end = route_lean_end(m, r), n_loads = m->n_loads;
    uint32_t k = s->n_kept_nodes;

    if (s->rooms[r].stamp == s->stamp)
        return;
    s->rooms[r].stamp = s->stamp;
    if (n_loads > 1)
        memcpy(&s->kept_loads[(size_t)s->n_kept_routes * n_loads],
               &s->route_loads[(size_t)r * n_loads],
               n_loads * sizeof *s->kept_loads);
    s->kept_routes[s->n_kept_routes++]
        = (route_lean_kept){ r, s->routes[r] };
    for (uint32_t a = route_lean_start(m, r);; a = s->nodes[a].next) {
        s->kept_ids[k] = a;
        s->kept_nodes[k] = s->nodes[a];
        if (s->to) {
            s->kept_to[k] = s->to[a];
            s->kept_from[k] = s->from[a];
        }
        k++;
        if (a == end)
            break;
    }
    s->n_kept_nodes = k;
}

void route_lean_note_client(route_lean *s, uint32_t c)
{
    if (s->change[c])
        return;
    s->change[c] = s->nodes[c].route == GB_ROUTE_NONE ? 2 : 1;
    s->changed[s->n_changed++] = c;
}

void route_lean_undo(route_lean *s)
{
    const uint32_t n_loads = s->model->n_loads;

    for (uint32_t i = 0; i < s->n_changed; i++) {
        const uint32_t c = s->changed[i];
        const bool is_out = s->nodes[c].route == GB_ROUTE_NONE;

        if (s->change[c] == 2 && !is_out)
            route_lean_set_out(s, c);
        else if (s->change[c] == 1 && is_out)
            route_lean_set_in(s, c);
    }
    for (uint32_t i = 0; i < s->n_kept_nodes; i++) {
        const uint32_t a = s->kept_ids[i];

        s->nodes[a] = s->kept_nodes[i];
        /* Its route is kept as it was driven: the one before came before. */
        if (a < s->model->n_clients) {
            const int32_t in = s->kept_nodes[i - 1].way;
            const int32_t on = s->kept_nodes[i].way;

            s->seats[a].reach = in > on ? in : on;
            s->seats[a].route = s->kept_nodes[i].route;
        }
        if (s->to) {
            s->to[a] = s->kept_to[i];
            s->from[a] = s->kept_from[i];
        }
    }
    for (uint32_t i = 0; i < s->n_kept_routes; i++) {
        const route_lean_kept *kept = &s->kept_routes[i];
        const uint32_t r = kept->route;
        uint32_t at;

        if (kept->was.n_clients && s->routes[r].at == GB_ROUTE_NONE)
            route_lean_set_used(s, r);
        else if (!kept->was.n_clients && s->routes[r].at != GB_ROUTE_NONE)
            route_lean_set_free(s, r);
        at = s->routes[r].at;
        s->routes[r] = kept->was;
        s->routes[r].at = at;
        s->rooms[r].spare
            = route_lean_kind_of(s, r)->capacity[0] - kept->was.load;
        if (n_loads > 1)
            memcpy(&s->route_loads[(size_t)r * n_loads],
                   &s->kept_loads[(size_t)i * n_loads],
                   n_loads * sizeof *s->kept_loads);
    }
    s->cost = s->kept_cost;
    s->units = s->kept_units;
    route_lean_keep(s);
}

/* --- the best --- */

int64_t route_lean_true_cost(const route_lean *s)
{
    return s->cost - s->extra * s->units - s->tax * s->served_s
        + s->bonus * ((int64_t)s->model->n_clients - (int64_t)s->n_out)
        - s->toll * (int64_t)s->n_used + route_lean_raised(s)
        + s->must_price
        * ((int64_t)s->model->n_musts - (int64_t)s->n_musts_out);
}

void route_lean_take_best(route_lean *s)
{
    const route_lean_model *m = s->model;
    const uint32_t n_nodes = m->n_clients + 2 * m->n_routes;

    for (uint32_t a = 0; a < n_nodes; a++)
        s->best_next[a] = a < m->n_clients && s->nodes[a].route == GB_ROUTE_NONE
            ? a
            : s->nodes[a].next;
    s->best_cost = route_lean_true_cost(s);
    s->best_musts_out = s->n_musts_out;
    s->has_best = true;
}

/* --- the twin --- */

static bool is_seat_sound(const route_lean *s, uint32_t a)
{
    const int32_t in = s->nodes[s->nodes[a].prev].way, on = s->nodes[a].way;

    return s->seats[a].reach == (in > on ? in : on)
        && s->seats[a].route == s->nodes[a].route;
}

static bool is_route_sound(const route_lean *s, uint32_t r, int64_t *cost,
                           uint32_t *n_served)
{
    const route_lean_model *m = s->model;
    const route_lean_kind *kind = route_lean_kind_of(s, r);
    const uint32_t end = route_lean_end(m, r);
    int64_t load = 0, clock_s = kind->open_s;
    uint32_t n = 0;

    for (uint32_t a = route_lean_start(m, r); a != end;
         a = s->nodes[a].next) {
        const route_lean_node *node = &s->nodes[a];
        const route_lean_node *next = &s->nodes[node->next];

        if (next->prev != a || node->route != r
            || (a < m->n_clients && !is_seat_sound(s, a)))
            return false;
        *cost += route_lean_leg(s, kind, node->location, next->location);
        clock_s += node->service_s
            + route_lean_seconds(m, kind, node->location, next->location);
        if (clock_s < next->early_s)
            clock_s = next->early_s;
        if (m->has_time && clock_s > next->late_s)
            return false;
        if (a < m->n_clients) {
            load += node->load;
            *cost -= node->worth;
            n++;
        }
    }
    *cost += route_lean_fixed(s, kind) + s->routes[r].duration_cost;
    *n_served += n;
    return n > 0 && n == s->routes[r].n_clients && load == s->routes[r].load
        && s->rooms[r].spare == kind->capacity[0] - load
        && (m->n_loads == 0 || load <= kind->capacity[0]);
}

bool route_lean_is_sound(const route_lean *s)
{
    int64_t cost = 0;
    uint32_t n_served = 0;

    for (uint32_t i = 0; i < s->n_used; i++)
        if (!is_route_sound(s, s->used[i], &cost, &n_served))
            return false;
    for (uint32_t i = 0; i < s->n_out; i++)
        if (s->nodes[s->out[i]].route != GB_ROUTE_NONE
            || s->seats[s->out[i]].reach != ROUTE_LEAN_NO_REACH)
            return false;
    return cost == s->cost && n_served + s->n_out == s->model->n_clients;
}
