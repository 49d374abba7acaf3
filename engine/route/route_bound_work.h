/*
 * route_bound_work.h - what the parts of a pricing share.
 */
#ifndef ROUTE_BOUND_WORK_H
#define ROUTE_BOUND_WORK_H

#include "route_bound_label.h"

/* One side at work. */
typedef struct rb_work {
    rb_pricer *p;
    const rb_graph *g;
    const rb_side *s;
    rb_half *h;
    uint32_t side;
    uint32_t n_limits;   /* looked at */
    bool is_flat;        /* clock and value alone are compared */
    int32_t from, limit; /* no label has a clock above the limit */
    int64_t width;       /* of a bucket */
    int32_t step;        /* of the clock, of rough labels; 0: none */
    int32_t slack;       /* the longest span of a strict label */
    uint64_t n_blocks;   /* looked at for one that dominates */
    rb_rest *rest;       /* NULL: every path may lead to something */
    int64_t least;       /* paths that come to no more are dropped */
    int64_t most;        /* none can come to more; 0 or above */
    uint64_t most_labels; /* those set apart not counted */
    uint64_t n_apart;
    bool is_full;
} rb_work;

static inline uint32_t rb_list_of(const rb_graph *g, uint32_t node, uint32_t set)
{
    return node * g->n_sets + set;
}

static inline int64_t rb_price_of_bits(const rb_pricer *p, uint64_t bits)
{
    int64_t sum = 0;

    for (; bits; bits &= bits - 1)
        sum += p->cut_duals[__builtin_ctzll(bits)];
    return sum;
}

/* The memory of node i as node j has it, without j. */
static inline uint32_t rb_remember(const rb_pricer *p, uint32_t i, uint32_t j,
                                uint32_t memory)
{
    const rb_memory *m = p->memory;
    const uint32_t u = p->graph.customer[i];
    const uint8_t *at = m->at + (size_t)p->graph.customer[j] * m->n;
    uint32_t kept = 0;

    for (; memory; memory &= memory - 1) {
        const uint32_t x
            = m->near[u * RB_MOST_NEAR + (uint32_t)__builtin_ctz(memory)];

        if (at[x] != RB_FORGOTTEN)
            kept |= UINT32_C(1) << at[x];
    }
    return kept;
}

static inline bool rb_remembers(const rb_pricer *p, uint32_t i, uint32_t memory,
                             uint32_t j)
{
    const rb_memory *m = p->memory;
    const uint8_t at = m->at[(size_t)p->graph.customer[i] * m->n
                             + p->graph.customer[j]];

    return at != RB_FORGOTTEN && ((memory >> at) & 1);
}

/* Put a label among those of its node, unless one of them dominates it;
 * false: no memory. */
bool rb_settle(rb_work *w, const rb_label *label);

/*
 * Labels of one side up to a clock.  With `rest` those are dropped that come
 * to no more than `least`, and *most is what none can surpass.
 */
gb_status rb_label_side(base_run *run, rb_pricer *p, uint32_t side,
                        int32_t limit, rb_rest *rest, int64_t least,
                        uint64_t most_labels, rb_price_end *end,
                        int64_t *most);

/* What a path of one side alone gains: it ends, or begins, with node i.
 * INT64_MIN: it cannot. */
int64_t rb_end_value(const rb_pricer *p, uint32_t side, uint32_t i,
                     uint32_t set, const rb_entry *e);

void rb_clear_joints(rb_pricer *p);
int64_t rb_best_joint(const rb_pricer *p);

/* The most that whoever enters node j from this clock on gains there and
 * behind it, with these breaks behind it. */
static inline int64_t rb_behind(const rb_rest *rest, uint32_t j,
                                uint32_t after, int32_t clock)
{
    const int64_t k = ((int64_t)clock - rest->p->graph.from) / rest->width;
    const size_t step = k < 0               ? 0
        : k >= RB_REST_STEPS ? RB_REST_STEPS - 1
                             : (size_t)k;

    return rest->behind[rb_list_of(&rest->p->graph, j, after) * RB_REST_STEPS
                        + step];
}

/* The most that a path can still gain from node i at this clock on. */
int64_t rb_rest_of(rb_rest *rest, uint32_t i, uint32_t set, int32_t clock);

/* The best routes by labels from the front alone, of who never waits on
 * purpose; few labels, no proof. */
gb_status rb_price_strictly(base_run *run, rb_pricer *p, rb_price_end *end,
                            int64_t *best);
/* Likewise those that are worth as much as `known`, or hardly less. */
gb_status rb_price_boldly(base_run *run, rb_pricer *p, int64_t known,
                          rb_price_end *end, int64_t *best);

/* Lay out a kind with these prices. */
void rb_begin_pricing(rb_pricer *p, uint32_t kind, const rb_duals *duals,
                      const rb_cut *cuts, uint32_t n_cuts);

/* Likewise, without cuts; then rb_rest_of() may be asked. */
gb_status rb_price_from_behind(base_run *run, rb_pricer *p, uint32_t kind,
                               const rb_duals *duals, rb_price_end *end);

/* No route gains more than *best; as rb_price(). */
gb_status rb_price_exact(base_run *run, rb_pricer *p, int64_t known,
                         rb_price_end *end, int64_t *best);

#endif
