/*
 * route_bound_cuts.c - subset-row cuts: see route_bound_state.h.
 */
#include <stdlib.h>
#include <string.h>

#include "lp.h"
#include "route_bound_state.h"

enum { CUTS_A_ROUND = 16, CUTS_A_CUSTOMER = 4 };

typedef struct triple {
    double violation;
    uint32_t customers[3];
} triple;

typedef struct separation {
    rb_bound *b;
    double *pairs;        /* n x n: chosen routes with both */
    BASE_ARRAY(triple) triples;
    bool ok;
} separation;

static uint32_t times_in(const rb_bound *b, const rb_column *column,
                         const uint32_t *customers)
{
    const uint32_t *stops = b->master.stops.items + column->first;
    uint32_t n = 0;

    for (uint32_t i = 0; i < column->n; i++)
        n += stops[i] == customers[0] || stops[i] == customers[1]
            || stops[i] == customers[2];
    return n;
}

static bool is_cut_already(const rb_bound *b, const triple *t)
{
    for (uint32_t c = 0; c < b->master.n_cuts; c++)
        if (memcmp(b->master.cuts[c].customers, t->customers,
                   sizeof t->customers)
            == 0)
            return true;
    return false;
}

static void look_at(separation *s, uint32_t i, uint32_t j, uint32_t k)
{
    const size_t n = s->b->m->n_customers;
    triple t = { -1, { i, j, k } };

    if (s->pairs[i * n + j] + s->pairs[i * n + k] + s->pairs[j * n + k]
        < 1.04)
        return;
    for (size_t c = 0; c < s->b->master.columns.n; c++) {
        const rb_column *column = &s->b->master.columns.items[c];

        if (column->x > 1e-6)
            t.violation
                += column->x * (times_in(s->b, column, t.customers) / 2);
    }
    if (t.violation > .04)
        s->ok = s->ok && base_array_push(s->b->m->mem, &s->triples, t);
}

static int compare_triples(const void *a, const void *b)
{
    const triple *x = a, *y = b;

    if (x->violation != y->violation)
        return x->violation < y->violation ? 1 : -1;
    return memcmp(x->customers, y->customers, sizeof x->customers);
}

static void fill_pairs(separation *s)
{
    const size_t n = s->b->m->n_customers;

    for (size_t c = 0; c < s->b->master.columns.n; c++) {
        const rb_column *column = &s->b->master.columns.items[c];
        const uint32_t *stops = s->b->master.stops.items + column->first;

        if (column->x <= 1e-6)
            continue;
        for (uint32_t i = 0; i < column->n; i++)
            for (uint32_t k = 0; k < column->n; k++)
                s->pairs[stops[i] * n + stops[k]] += column->x;
    }
}

/* Between two visits that a cut counts, its memory has all stops. */
static void widen_memory(const rb_bound *b, rb_cut *cut)
{
    for (size_t c = 0; c < b->master.columns.n; c++) {
        const rb_column *column = &b->master.columns.items[c];
        const uint32_t *stops = b->master.stops.items + column->first;
        uint32_t last = GB_ROUTE_NONE;

        if (column->x <= 1e-6)
            continue;
        for (uint32_t i = 0; i < column->n; i++) {
            if (stops[i] != cut->customers[0] && stops[i] != cut->customers[1]
                && stops[i] != cut->customers[2])
                continue;
            if (last == GB_ROUTE_NONE) {
                last = i;
                continue;
            }
            for (uint32_t x = last; x <= i; x++)
                cut->memory[stops[x] / 64]
                    |= UINT64_C(1) << (stops[x] % 64);
            last = GB_ROUTE_NONE;
        }
    }
}

static gb_status add_cut(rb_bound *b, const triple *t)
{
    rb_cut *cut = &b->master.cuts[b->master.n_cuts];

    memcpy(cut->customers, t->customers, sizeof cut->customers);
    cut->memory
        = base_alloc_zeroed(b->m->mem, b->m->n_customers / 64 + 1, 8);
    if (!cut->memory)
        return base_fail_nomem(b->run->ctx);
    for (uint32_t k = 0; k < 3; k++)
        cut->memory[t->customers[k] / 64]
            |= UINT64_C(1) << (t->customers[k] % 64);
    widen_memory(b, cut);
    b->centre.cuts[b->master.n_cuts] = b->wanted.cuts[b->master.n_cuts] = 0;
    b->master.cut_place[b->master.n_cuts] = LP_BASIC;
    b->master.n_cuts++;
    return GB_OK;
}

/* Cuts that neither program nor best bound pays for. */
static void drop_idle_cuts(rb_bound *b)
{
    rb_master *t = &b->master;
    uint32_t n = 0;

    for (uint32_t c = 0; c < t->n_cuts; c++) {
        if (b->wanted.cuts[c] == 0 && b->centre.cuts[c] == 0) {
            base_free(t->mem, t->cuts[c].memory);
            continue;
        }
        b->wanted.cuts[n] = b->wanted.cuts[c];
        b->centre.cuts[n] = b->centre.cuts[c];
        t->cut_place[n] = t->cut_place[c];
        t->cuts[n++] = t->cuts[c];
    }
    t->n_cuts = n;
}

static bool may_hold(const rb_bound *b, const uint8_t *count, const triple *t)
{
    return !b->m->customers[t->customers[0]].has_patterns
        && !b->m->customers[t->customers[1]].has_patterns
        && !b->m->customers[t->customers[2]].has_patterns
        && count[t->customers[0]] < CUTS_A_CUSTOMER
        && count[t->customers[1]] < CUTS_A_CUSTOMER
        && count[t->customers[2]] < CUTS_A_CUSTOMER;
}

static gb_status take_cuts(rb_bound *b, separation *s, uint8_t *count,
                           uint32_t *n_new)
{
    gb_status status = GB_OK;

    if (s->triples.n == 0)
        return GB_OK;
    qsort(s->triples.items, s->triples.n, sizeof *s->triples.items,
          compare_triples);
    for (size_t i = 0; i < s->triples.n && *n_new < CUTS_A_ROUND
         && b->master.n_cuts < RB_MOST_CUTS && status == GB_OK;
         i++) {
        const triple *t = &s->triples.items[i];

        if (!may_hold(b, count, t) || is_cut_already(b, t))
            continue;
        status = add_cut(b, t);
        if (status)
            break;
        for (uint32_t k = 0; k < 3; k++)
            count[t->customers[k]]++;
        (*n_new)++;
    }
    return status;
}

/* Subset-row cuts over three customers; *n_new: so many were violated. */
gb_status rb_find_cuts(rb_bound *b, uint32_t *n_new)
{
    const uint32_t n = b->m->n_customers;
    separation s = { .b = b, .ok = true };
    uint8_t *count = base_alloc_zeroed(b->m->mem, n, 1);
    gb_status status = GB_OK;

    *n_new = 0;
    s.pairs = base_alloc_zeroed(b->m->mem, (size_t)n * n, sizeof(double));
    if (!count || !s.pairs) {
        base_free(b->m->mem, count);
        base_free(b->m->mem, s.pairs);
        return base_fail_nomem(b->run->ctx);
    }
    drop_idle_cuts(b);
    fill_pairs(&s);
    for (uint32_t i = 0; i < n && status == GB_OK; i++) {
        status = base_poll_many(b->run, 64);
        for (uint32_t j = i + 1; j < n; j++)
            for (uint32_t k = j + 1; k < n; k++)
                look_at(&s, i, j, k);
    }
    if (!s.ok)
        status = base_fail_nomem(b->run->ctx);
    if (status == GB_OK)
        status = take_cuts(b, &s, count, n_new);
    base_array_clear(b->m->mem, &s.triples);
    base_free(b->m->mem, count);
    base_free(b->m->mem, s.pairs);
    return status;
}

