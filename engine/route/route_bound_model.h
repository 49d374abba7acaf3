/*
 * route_bound_model.h - a routing problem as the bound sees it: a choice of
 * routes, one a vehicle at most, so that each customer is visited at most
 * once, or on the days of one of its patterns.
 *
 * A customer is a client, or all the visits of a bundle.  A kind is a set of
 * vehicles that differ in nothing that a route feels.  A row is a sum over the
 * chosen routes that is limited, and has a multiplier (dual):
 *
 *   cover   one a customer without patterns, one a customer and day with
 *           patterns: how often it is visited
 *   group   how often one of a group is visited: at most once
 *   musts   how many musts are visited, where not all of them have to be
 *
 * For any multipliers, the sum of them and of what each vehicle can gain
 * against them is no less than the value of any plan: the bound.  Multipliers
 * and values are integers, in thousandths of a point; so the bound is exact.
 */
#ifndef ROUTE_BOUND_MODEL_H
#define ROUTE_BOUND_MODEL_H

#include <gridbeat/route_bound.h>

#include "base_run.h"
#include "route_data.h"

enum { RB_MOST_BREAKS = 2, RB_MOST_LIMITS = 4 };

typedef struct rb_customer {
    uint32_t client;        /* the first of its visits */
    uint32_t n_visits;
    uint32_t row;           /* its first cover row */
    uint32_t group;         /* group row, or GB_ROUTE_NONE */
    uint32_t musts;         /* that one visit of it counts for */
    bool is_must;           /* has to be visited: all musts are asked for */
    bool can_visit;         /* some kind can: set by the bound, from graphs */
    bool has_patterns;
    uint32_t min_bits;      /* only patterns of so many days will do */
    uint32_t first_pattern, n_patterns;
    int64_t most_milli;     /* greatest prize of a visit */
    int64_t most_net_milli; /* likewise less the service and the cheapest way
                               there: set by the bound, from graphs */
} rb_customer;

typedef struct rb_kind {
    uint32_t vehicle; /* the first of them */
    uint32_t count;
    uint32_t day;     /* index of its day among the days of all kinds */
} rb_kind;

typedef struct rb_model {
    base_mem *mem;
    gb_route_problem problem;   /* the caller's, of full size */
    gb_route_vehicle *vehicles; /* likewise */
    uint32_t n_kinds, n_customers, n_days;
    rb_kind *kinds;
    uint32_t *kind_of;          /* of each vehicle */
    uint64_t *serves;           /* n_words a kind: bit per client */
    size_t n_words;
    rb_customer *customers;
    uint32_t *customer_of;      /* of each client */
    uint32_t days[64];          /* in rising order */
    uint64_t *patterns;         /* of days by their index */
    uint32_t n_cover, n_groups, n_rows; /* n_rows = n_cover + n_groups + 1 */
    uint8_t *group_is_must;     /* has to be visited */
    uint32_t n_musts;           /* asked for */
    uint32_t musts_sum;         /* of all that can be visited */
    bool is_all_musts;          /* n_musts == musts_sum: no musts row */
    bool counts_musts;          /* a must is worth 1000, all else nothing */
    int64_t grain;              /* every value is a multiple */
    uint32_t relaxed;
} rb_model;

/* The problem is valid: route_data_build() took it. */
gb_status rb_model_build(gb_context *ctx, const gb_route_problem *given,
                         rb_model *model);
void rb_model_clear(rb_model *model);

/* With can_visit set: find musts_sum. */
void rb_model_count_musts(rb_model *model);
/* Ask for so many musts at least, out of model->musts_sum. */
void rb_model_ask(rb_model *model, uint32_t n_musts);
/* Visits with this client count for so many musts. */
uint32_t rb_musts_of(const rb_model *model, uint32_t client);

static inline bool rb_serves(const rb_model *model, uint32_t kind,
                             uint32_t client)
{
    return (model->serves[kind * model->n_words + client / 64]
            >> (client % 64)) & 1;
}

static inline uint32_t rb_cover_row(const rb_model *model, uint32_t customer,
                                    uint32_t kind)
{
    const rb_customer *c = &model->customers[customer];

    return c->row + (c->has_patterns ? model->kinds[kind].day : 0);
}

static inline uint32_t rb_musts_row(const rb_model *model)
{
    return model->n_rows - 1;
}

#endif
