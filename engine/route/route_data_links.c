/*
 * route_data_links.c - clients that depend on each other: who comes after
 * whom, and the visits of a bundle.  See route_data_take.h.
 */
#include "route_data_take.h"

#include <string.h>

/* --- order --- */

static gb_status check_after(gb_context *ctx, const route_data *data,
                             uint32_t c)
{
    const uint32_t before = data->clients[c].after;

    if (before >= data->n_clients)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: after client %u; there are %u", c,
                         before, data->n_clients);
    if (data->clients[c].bundle != GB_ROUTE_NONE
        || data->clients[before].bundle != GB_ROUTE_NONE)
        return base_fail(ctx, GB_ERR_DATA,
                         "client %u: after client %u; visits of a bundle are "
                         "in no order",
                         c, before);
    return GB_OK;
}

/*
 * Each client has one predecessor at most, so going back from anywhere ends,
 * or comes back to what this walk has seen: a circle.
 */
static gb_status find_circle(gb_context *ctx, const route_data *data)
{
    uint32_t *seen = base_alloc_zeroed(data->mem, data->n_clients,
                                       sizeof *seen); /* by walk c + 1 */
    gb_status status = seen ? GB_OK : base_fail_nomem(ctx);

    for (uint32_t c = 0; c < data->n_clients && status == GB_OK; c++) {
        uint32_t at = c;

        while (at != GB_ROUTE_NONE && seen[at] == 0) {
            seen[at] = c + 1;
            at = data->clients[at].after;
        }
        if (at != GB_ROUTE_NONE && seen[at] == c + 1)
            status = base_fail(ctx, GB_ERR_DATA,
                               "client %u comes after itself: client_after "
                               "goes round in a circle",
                               at);
    }
    base_free(data->mem, seen);
    return status;
}

/* Lists of clients by a number each: those of k from first[k] on. */
static void list_by(const route_data *data, bool by_bundle, uint32_t n_lists,
                    uint32_t *first, uint32_t *list)
{
    memset(first, 0, ((size_t)n_lists + 1) * sizeof *first);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t c = data->n_clients; c-- > 0;) {
            const uint32_t key = by_bundle ? data->clients[c].bundle
                                           : data->clients[c].after;

            if (key == GB_ROUTE_NONE)
                continue;
            if (pass == 0)
                first[key]++;
            else
                list[--first[key]] = c;
        }
        /* The ends of the lists, which the second pass counts down. */
        for (uint32_t k = 1; pass == 0 && k <= n_lists; k++)
            first[k] += first[k - 1];
    }
}

gb_status route_take_order(gb_context *ctx, route_data *data)
{
    gb_status status = GB_OK;
    uint32_t n = 0;

    for (uint32_t c = 0; c < data->n_clients && status == GB_OK; c++)
        if (data->clients[c].after != GB_ROUTE_NONE) {
            n++;
            status = check_after(ctx, data, c);
        }
    if (status || n == 0)
        return status;
    data->has_order = true;
    data->first_follower
        = base_alloc_array(data->mem, (size_t)data->n_clients + 1,
                           sizeof *data->first_follower);
    data->followers
        = base_alloc_array(data->mem, n, sizeof *data->followers);
    if (!data->first_follower || !data->followers)
        return base_fail_nomem(ctx);
    list_by(data, false, data->n_clients, data->first_follower,
            data->followers);
    return find_circle(ctx, data);
}

/* --- bundles --- */

static gb_status check_patterns(gb_context *ctx, const gb_route_problem *p)
{
    if (!p->client_bundle || !p->bundle_first_pattern)
        return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s",
                         "client_bundle or bundle_first_pattern");
    for (uint32_t b = 0; b < p->n_bundles; b++) {
        const uint32_t from = p->bundle_first_pattern[b];
        const uint32_t to = p->bundle_first_pattern[b + 1];

        if (from > to)
            return base_fail(ctx, GB_ERR_DATA,
                             "bundle %u: its patterns run from %u to %u", b,
                             from, to);
        if (from < to && !p->patterns)
            return base_fail(ctx, GB_ERR_ARGUMENT, "the problem has no %s",
                             "patterns");
        for (uint32_t k = from; k < to; k++)
            if (p->patterns[k] == 0)
                return base_fail(ctx, GB_ERR_DATA,
                                 "bundle %u: pattern %u is of no day", b,
                                 k - from);
    }
    return GB_OK;
}

static bool have_equal_prizes(const gb_route_problem *p, uint32_t c,
                              uint32_t d)
{
    const size_t n = p->n_slots ? p->n_slots : 1;
    const uint32_t n_kinds = p->n_prize_kinds ? p->n_prize_kinds : 1;
    const int64_t *prizes = p->n_prize_kinds ? p->client_kind_prize
        : p->n_slots                         ? p->client_slot_prize
                                             : p->client_prize;

    for (uint32_t k = 0; prizes && k < n_kinds; k++)
        if (memcmp(prizes + ((size_t)k * p->n_clients + c) * n,
                   prizes + ((size_t)k * p->n_clients + d) * n,
                   n * sizeof *prizes)
            != 0)
            return false;
    return true;
}

static bool are_alike(const gb_route_problem *p, const route_data *data,
                      uint32_t c, uint32_t d)
{
    const route_client *a = &data->clients[c], *b = &data->clients[d];

    return a->location == b->location && a->place == b->place
        && a->service_s == b->service_s && a->release_s == b->release_s
        && a->group == b->group && a->is_must == b->is_must
        && a->n_windows == b->n_windows
        && memcmp(a->windows, b->windows, a->n_windows * sizeof *a->windows)
        == 0
        && (!a->load
            || memcmp(a->load, b->load, data->n_loads * sizeof *a->load) == 0)
        && memcmp(&data->allowed[c * data->n_words],
                  &data->allowed[d * data->n_words],
                  data->n_words * sizeof *data->allowed)
        == 0
        && have_equal_prizes(p, c, d);
}

static gb_status check_bundles(gb_context *ctx, const gb_route_problem *p,
                               const route_data *data)
{
    for (uint32_t b = 0; b < data->n_bundles; b++)
        for (uint32_t i = data->first_member[b] + 1;
             i < data->first_member[b + 1]; i++) {
            const uint32_t c = data->members[data->first_member[b]];

            if (!are_alike(p, data, c, data->members[i]))
                return base_fail(ctx, GB_ERR_DATA,
                                 "clients %u and %u are of bundle %u and "
                                 "differ: place, times, prizes, loads or "
                                 "vehicles",
                                 c, data->members[i], b);
        }
    return GB_OK;
}

gb_status route_take_bundles(gb_context *ctx, const gb_route_problem *p,
                             route_data *data)
{
    uint32_t n = 0;
    gb_status status;

    for (uint32_t c = 0; c < data->n_clients; c++) {
        const uint32_t b = data->clients[c].bundle;

        if (b == GB_ROUTE_NONE)
            continue;
        n++;
        if (b >= p->n_bundles)
            return base_fail(ctx, GB_ERR_DATA,
                             "client %u: bundle %u; there are %u", c, b,
                             p->n_bundles);
    }
    if (p->n_bundles == 0)
        return GB_OK;
    status = check_patterns(ctx, p);
    if (status)
        return status;
    data->n_bundles = p->n_bundles;
    data->first_pattern = p->bundle_first_pattern;
    data->patterns = p->patterns;
    data->first_member
        = base_alloc_array(data->mem, (size_t)p->n_bundles + 1,
                           sizeof *data->first_member);
    data->members = base_alloc_array(data->mem, n, sizeof *data->members);
    if (!data->first_member || !data->members)
        return base_fail_nomem(ctx);
    list_by(data, true, p->n_bundles, data->first_member, data->members);
    return check_bundles(ctx, p, data);
}
