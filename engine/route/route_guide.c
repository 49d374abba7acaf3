/*
 * route_guide.c - what the searches of a problem share: who is near whom, and
 * the clients by prize and by density.  See route_search.h.
 */
#include "route_search.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NEAR = 40, MOST_RANKS = 1 << 20 };

typedef struct ranked {
    int64_t key; /* the least first */
    uint32_t client;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->client < y->client ? -1 : x->client > y->client;
}

/* Seconds there or back, whichever is less. */
static int64_t nearness(const route_data *data, uint32_t a, uint32_t b)
{
    const route_vehicle *vehicle = &data->vehicles[0];
    const uint32_t at = data->clients[a].location;
    const uint32_t to = data->clients[b].location;
    const int32_t there_s = route_leg_s(data, vehicle, at, to);
    const int32_t back_s = route_leg_s(data, vehicle, to, at);

    return there_s < back_s ? there_s : back_s;
}

/* Keeps the `n` least of what is offered, in order. */
static uint32_t offer(ranked *kept, uint32_t n_kept, uint32_t n, ranked one)
{
    uint32_t i;

    if (n_kept == n && compare_ranked(&one, &kept[n - 1]) > 0)
        return n_kept;
    for (i = n_kept < n ? n_kept++ : n - 1;
         i > 0 && compare_ranked(&one, &kept[i - 1]) < 0; i--)
        kept[i] = kept[i - 1];
    kept[i] = one;
    return n_kept;
}

static void find_near(route_guide *guide, const route_data *data)
{
    ranked kept[MOST_NEAR + 1];

    for (uint32_t c = 0; c < data->n_clients && guide->n_near; c++) {
        uint32_t n_kept = 0;

        for (uint32_t d = 0; d < data->n_clients; d++)
            if (d != c)
                n_kept = offer(kept, n_kept, guide->n_near,
                               (ranked){ nearness(data, c, d), d });
        for (uint32_t i = 0; i < n_kept; i++)
            guide->near[(size_t)c * guide->n_near + i] = kept[i].client;
    }
}

/* The greatest prize of the client, of that kind less 1; 0: of all. */
static int64_t most_prize(const route_data *data, uint32_t kind, uint32_t c)
{
    const size_t n_slots = data->n_slots ? data->n_slots : 1;
    const int64_t *row;
    int64_t most = 0;

    if (kind == 0)
        return data->clients[c].prize;
    row = data->kind_prizes
        + ((size_t)(kind - 1) * data->n_clients + c) * n_slots;
    for (size_t s = 0; s < n_slots; s++)
        if (row[s] > most)
            most = row[s];
    return most;
}

static void rank(const route_data *data, const int64_t *prizes, ranked *all,
                 bool by_density, uint32_t *clients)
{
    for (uint32_t c = 0; c < data->n_clients; c++) {
        const route_client *client = &data->clients[c];
        int64_t key = prizes[c];

        /* 60 s stand for the way, so that no time at all is no infinity. */
        if (by_density)
            key = key * 1000 / (client->service_s + client->access_s + 60);
        if (client->n_musts)
            key += INT64_C(1) << 60;
        all[c] = (ranked){ -key, c };
    }
    qsort(all, data->n_clients, sizeof *all, compare_ranked);
    for (uint32_t c = 0; c < data->n_clients; c++)
        clients[c] = all[c].client;
}

static void rank_kind(route_guide *guide, const route_data *data,
                      uint32_t kind, ranked *all)
{
    const size_t at = (size_t)kind * data->n_clients;

    for (uint32_t c = 0; c < data->n_clients; c++)
        guide->most_prize[at + c] = most_prize(data, kind, c);
    rank(data, guide->most_prize + at, all, false, guide->by_prize + at);
    rank(data, guide->most_prize + at, all, true, guide->by_density + at);
    for (uint32_t i = 0; i < data->n_clients; i++)
        guide->rank[at + guide->by_prize[at + i]] = i;
}

bool route_guide_init(route_guide *guide, const route_data *data)
{
    const size_t n = data->n_clients;
    ranked *all = base_alloc_array(data->mem, n, sizeof *all);
    size_t n_ranks;

    memset(guide, 0, sizeof *guide);
    guide->n_kinds = data->n_prize_kinds > 1
            && data->n_prize_kinds < MOST_RANKS / (n + 1)
        ? data->n_prize_kinds
        : 0;
    n_ranks = n * ((size_t)guide->n_kinds + 1);
    guide->n_near = n <= 1 ? 0
        : n - 1 < MOST_NEAR ? (uint32_t)(n - 1)
                            : MOST_NEAR;
    if (data->n_vehicles == 0)
        guide->n_near = 0;
    guide->near = base_alloc_array(data->mem, n * guide->n_near,
                                   sizeof *guide->near);
    guide->by_prize
        = base_alloc_array(data->mem, n_ranks, sizeof *guide->by_prize);
    guide->by_density
        = base_alloc_array(data->mem, n_ranks, sizeof *guide->by_density);
    guide->rank = base_alloc_array(data->mem, n_ranks, sizeof *guide->rank);
    guide->most_prize
        = base_alloc_array(data->mem, n_ranks, sizeof *guide->most_prize);
    if (!all || !guide->rank || !guide->near || !guide->by_prize
        || !guide->by_density || !guide->most_prize) {
        base_free(data->mem, all);
        route_guide_clear(guide, data);
        return false;
    }
    find_near(guide, data);
    for (uint32_t kind = 0; kind <= guide->n_kinds; kind++)
        rank_kind(guide, data, kind, all);
    for (uint32_t c = 0; c < data->n_clients; c++)
        guide->most_prize_milli += 1000 * data->clients[c].prize;
    base_free(data->mem, all);
    return true;
}

void route_guide_clear(route_guide *guide, const route_data *data)
{
    base_free(data->mem, guide->near);
    base_free(data->mem, guide->by_prize);
    base_free(data->mem, guide->rank);
    base_free(data->mem, guide->most_prize);
    base_free(data->mem, guide->by_density);
    memset(guide, 0, sizeof *guide);
}
