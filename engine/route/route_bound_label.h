/*
 * route_bound_label.h - the best routes of a kind against multipliers, by
 * labels from both ends.
 *
 * A label is the start of a path (or, backward, its end).  One that is no
 * later, no fuller, worth no less and remembers no more than another at the
 * same node dominates it.  A strict one, of who never waits on purpose, does so
 * only where it stands for the other's clock too: its clock is a span, from
 * `clock` to `late`, and takes in those of the labels that it dominates, up to
 * some minutes.  Those behind its clock have a value of their own, the best of
 * theirs, and the way of that one.  What such a label stands for is no less
 * than the truth, and the narrower the spans, the nearer to it.
 *
 * What a label remembers is an ng-set: a visit is forgotten on leaving for a
 * node that does not have it among its neighbours, and may then be repeated.
 * That only widens the choice; the larger the neighbourhoods, the fewer
 * circles are left.
 *
 * A cut is a set of customers of whose routes with every second visit only
 * one can be chosen (subset-row cuts over three); a label carries a bit a
 * cut: an odd number of visits so far.  Off a cut's memory the bit is lost,
 * which weakens the cut and keeps it valid.
 */
#ifndef ROUTE_BOUND_LABEL_H
#define ROUTE_BOUND_LABEL_H

#include "base_array.h"
#include "route_bound_graph.h"

enum { RB_MOST_NEAR = 32, RB_MOST_CUTS = 64, RB_FORGOTTEN = 255 };

/* Whom a customer remembers: near[u * RB_MOST_NEAR + i], itself first. */
typedef struct rb_memory {
    uint32_t n;       /* customers */
    uint32_t *near;
    uint8_t *n_near;
    uint8_t *at;      /* at[u * n + x]: index of x among those of u */
} rb_memory;

typedef struct rb_cut {
    uint32_t customers[3];
    uint64_t *memory; /* bits of customers: those three among them */
} rb_cut;

/* Multipliers of the rows and of the cuts; all exact. */
typedef struct rb_duals {
    int64_t *rows;    /* n_rows of the model */
    int64_t cuts[RB_MOST_CUTS]; /* 0 or above */
} rb_duals;

typedef struct rb_label {
    int64_t value;
    uint64_t odd;
    uint32_t memory;
    int32_t clock, late;
    int64_t late_value;  /* of those in the span behind `clock` */
    uint32_t parent, next, node;
    uint32_t late_parent; /* of the best of those */
    uint16_t stops;
    uint8_t set;
    bool is_dead, is_done;
    int32_t use[RB_MOST_LIMITS];
} rb_label;

typedef struct rb_entry {
    int64_t value;
    uint64_t odd;
    int32_t clock, late;
    int64_t late_value;
    uint32_t memory, label;
    uint32_t parent, late_parent; /* the label's */
    uint16_t stops;               /* of the longest path that it stands for */
} rb_entry;

typedef BASE_ARRAY(rb_label) rb_labels;

/* The most valuable first.  What is compared most lies by itself, so that
 * many can be compared at once: RB_BLOCK more than there are can be read. */
enum { RB_BLOCK = 16 };
typedef struct rb_entries {
    rb_entry *items;
    int32_t *clocks;
    uint32_t *memories;
    size_t n, capacity;
} rb_entries;
typedef BASE_ARRAY(uint32_t) rb_stops;

enum { RB_BUCKETS = 1024 };

typedef struct rb_half {
    rb_labels labels;
    rb_entries *lists; /* a node and set: the most valuable first */
    int64_t *most;     /* greatest value of each list */
    uint32_t first[RB_BUCKETS], last[RB_BUCKETS];
} rb_half;

typedef struct rb_joint {
    int64_t value;
    uint32_t forward, backward; /* labels, or GB_ROUTE_NONE */
} rb_joint;

enum { RB_REST_STEPS = 256 };

/*
 * The most that is still to be gained by whoever may wait as he likes, by node,
 * breaks had and clock; from the labels of the backward side.  Filled in as it
 * is asked for.
 */
typedef struct rb_rest {
    const struct rb_pricer *p;
    int64_t *most;   /* of a node, set and step of the clock */
    int64_t *behind; /* likewise: the best label that far from the end */
    int64_t width;   /* of a step */
} rb_rest;

/* How much work the exact pricing of a kind is, from one time to the next. */
typedef struct rb_effort {
    uint32_t n_remembered; /* neighbours, of the labels from behind; 0: nor
                              limits nor cuts */
    uint32_t most_remembered;
    uint32_t lift;         /* what is asked for, between known and possible */
    uint64_t patience;     /* labels from the front */
    uint32_t bold_lift;    /* as lift, without proof */
    int32_t slack;         /* of the spans of strict labels, in seconds */
    bool is_sure;          /* the best of the last time is its labels' */
    bool is_strict;
} rb_effort;

enum { RB_FIRST_REMEMBERED = 0, RB_STRICT_REMEMBERED = 4, RB_FIRST_PATIENCE = 40000,
       RB_FIRST_SLACK = 60, RB_LEAD = 60, RB_MOST_CLOSE = 32 };

typedef struct rb_pricer {
    rb_graph graph;
    const rb_memory *memory;
    uint64_t most_labels;
    int32_t *split;      /* of each kind: where the sides meet */
    bool *has_split;
    rb_half halves[2];
    rb_joint *joints;    /* 2 a node: the best that goes on from it, the best
                            that begins with it; of labels from the front
                            alone: that ends with it, that comes by it */
    int64_t *reward;     /* of a node */
    uint64_t *hit, *keep; /* cuts of a node; cuts that remember it */
    uint32_t n_cuts;
    int64_t cut_duals[RB_MOST_CUTS];
    rb_effort *efforts;  /* of each kind */
    uint32_t mask;       /* of what is remembered */
    bool is_rough;       /* nothing but clock and value is looked at */
    uint32_t *close;     /* customers by closeness, n_close each */
    uint32_t n_close;
    bool is_near;        /* without proof: go on to who is close alone */
    const uint8_t *is_taken; /* of a customer: none goes there; NULL: all may */
    bool is_quick;       /* a bound is wanted soon, whatever it is */
    bool wants_strict;   /* nobody waits on purpose, where that matters */
    bool is_strict;      /* of the labels at hand */
    bool wants_bold;     /* without proof: routes for plans */
    bool is_bold;        /* likewise: who is earlier stands for the later
                            one, by RB_LEAD at most, as if prizes never rose */
    rb_rest rest;
    bool is_exact;
    uint64_t n_labels;   /* of all pricing so far */
    uint32_t most_stops;
} rb_pricer;

typedef enum rb_price_end {
    RB_PRICE_DONE,
    RB_PRICE_TOO_MANY, /* labels or stops: no bound is known */
    RB_PRICE_LATE
} rb_price_end;

gb_status rb_pricer_init(gb_context *ctx, const rb_model *model,
                         const rb_memory *memory, rb_pricer *pricer);
void rb_pricer_clear(rb_pricer *pricer);

/*
 * The routes of a kind of greatest value against the multipliers, none of 0
 * or below: pricer->joints.  With is_exact, *best is no less than the value of
 * any route there is, and than 0; without, it is a route's.
 *
 * @param known  the value of some route of the kind, or 0: better ones are
 *               asked for; without proof hardly worse ones too
 */
gb_status rb_price(base_run *run, rb_pricer *pricer, uint32_t kind,
                   const rb_duals *duals, const rb_cut *cuts, uint32_t n_cuts,
                   bool is_exact, int64_t known, rb_price_end *end,
                   int64_t *best);

/* The next exact pricing of a kind is to bring a better bound: by more labels,
 * or by strict ones of shorter spans.  False: by neither. */
bool rb_try_harder(rb_pricer *pricer, uint32_t kind);

/*
 * What the stops are worth in this order to who never waits on purpose, as
 * the graph at hand has it; INT64_MIN: they cannot be driven.
 */
int64_t rb_worth(const rb_graph *graph, const uint32_t *customers, size_t n);

/* The customers of a joint, in order, behind what is in `stops`. */
bool rb_joint_stops(const rb_pricer *pricer, const rb_joint *joint,
                    rb_stops *stops);

/* How often a cut counts a route: at least what its labels paid for. */
uint32_t rb_cut_count(const rb_cut *cut, const uint32_t *customers, size_t n);

gb_status rb_memory_init(gb_context *ctx, const rb_model *model,
                         uint32_t n_near, rb_memory *memory);
void rb_memory_clear(base_mem *mem, rb_memory *memory);
/* Those closest to each customer, n_close of them, itself left out. */
void rb_find_close(const rb_model *model, uint32_t n_close, uint32_t *close);
/* Let `u` remember `x`; false: it has no room. */
bool rb_memory_add(rb_memory *memory, uint32_t u, uint32_t x);

#endif
