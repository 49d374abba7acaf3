/*
 * route_bound_memory.c - who remembers whom, and what a cut remembers: see
 * route_bound_label.h.
 */
#include "route_bound_label.h"

#include <string.h>

uint32_t rb_cut_count(const rb_cut *cut, const uint32_t *customers, size_t n)
{
    uint32_t count = 0;
    bool is_odd = false;

    for (size_t i = 0; i < n; i++) {
        const uint32_t u = customers[i];

        if (!((cut->memory[u / 64] >> (u % 64)) & 1)) {
            is_odd = false;
            continue;
        }
        for (uint32_t k = 0; k < 3; k++)
            if (cut->customers[k] == u) {
                count += is_odd;
                is_odd = !is_odd;
            }
    }
    return count;
}

static int64_t closeness(const rb_model *m, uint32_t u, uint32_t x)
{
    const gb_route_problem *p = &m->problem;
    const uint32_t a = p->client_location[m->customers[u].client];
    const uint32_t b = p->client_location[m->customers[x].client];
    const size_t n = p->n_locations;
    const int32_t *s = p->profiles[m->vehicles[0].profile].seconds;

    return (int64_t)s[a * n + b] + s[b * n + a];
}

bool rb_memory_add(rb_memory *r, uint32_t u, uint32_t x)
{
    if (r->at[(size_t)u * r->n + x] != RB_FORGOTTEN)
        return true;
    if (r->n_near[u] == RB_MOST_NEAR)
        return false;
    r->at[(size_t)u * r->n + x] = r->n_near[u];
    r->near[u * RB_MOST_NEAR + r->n_near[u]++] = x;
    return true;
}

/* The n_near nearest, itself first, in one look at all: ties to the lowest. */
static void remember_nearest(const rb_model *m, rb_memory *r, uint32_t u,
                             uint32_t n_near)
{
    int64_t key[RB_MOST_NEAR];
    uint32_t near[RB_MOST_NEAR], n = 0;

    (void)rb_memory_add(r, u, u);
    for (uint32_t x = 0; x < r->n && n_near > 1; x++) {
        const int64_t mine = closeness(m, u, x);
        uint32_t i;

        if (x == u || (n == n_near - 1 && mine >= key[n - 1]))
            continue;
        n += n < n_near - 1;
        for (i = n - 1; i > 0 && key[i - 1] > mine; i--) {
            key[i] = key[i - 1];
            near[i] = near[i - 1];
        }
        key[i] = mine;
        near[i] = x;
    }
    for (uint32_t i = 0; i < n; i++)
        (void)rb_memory_add(r, u, near[i]);
}

void rb_find_close(const rb_model *m, uint32_t n_close, uint32_t *close)
{
    for (uint32_t u = 0; u < m->n_customers; u++) {
        uint32_t *of_u = close + (size_t)u * n_close;
        uint32_t n = 0;

        for (uint32_t x = 0; x < m->n_customers; x++) {
            const int64_t far = closeness(m, u, x);
            uint32_t at = n;

            if (x == u)
                continue;
            while (at > 0 && closeness(m, u, of_u[at - 1]) > far)
                at--;
            if (at == n_close)
                continue;
            n += n < n_close;
            for (uint32_t i = n - 1; i > at; i--)
                of_u[i] = of_u[i - 1];
            of_u[at] = x;
        }
    }
}

gb_status rb_memory_init(gb_context *ctx, const rb_model *m, uint32_t n_near,
                         rb_memory *r)
{
    const size_t n = m->n_customers;

    r->n = m->n_customers;
    r->near = base_alloc_array(m->mem, n * RB_MOST_NEAR, sizeof *r->near);
    r->n_near = base_alloc_zeroed(m->mem, n, 1);
    r->at = base_alloc_array(m->mem, n * n, 1);
    if (!r->near || !r->n_near || !r->at) {
        rb_memory_clear(m->mem, r);
        return base_fail_nomem(ctx);
    }
    memset(r->at, RB_FORGOTTEN, n * n);
    for (uint32_t u = 0; u < r->n; u++)
        remember_nearest(m, r, u, n_near);
    return GB_OK;
}

void rb_memory_clear(base_mem *mem, rb_memory *r)
{
    base_free(mem, r->near);
    base_free(mem, r->n_near);
    base_free(mem, r->at);
    memset(r, 0, sizeof *r);
}

