/*
 * gridbeat/behaviour.h - who will come back, how often, and for how much:
 * models of customers who may fall silent without a word.
 *
 * A customer is known by four figures of the transactions that he started
 * himself: x, how many came after the first; t_x, the time from the first to
 * the last; T, the time from the first to the end of the record; m, the mean
 * amount of the repeats.  A model is fitted on those of many customers, and
 * then says of each how likely he is to start any transaction within a time
 * to come, which is what ranks him; how likely he is "alive"; and how many
 * transactions, of what amount, are to be expected.
 *
 * Times are in one unit, the caller's; so are amounts.  data/BEHAVIOUR.md has
 * the formulas, their sources and the conventions.
 */
#ifndef GRIDBEAT_BEHAVIOUR_H
#define GRIDBEAT_BEHAVIOUR_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The models, by their names in the literature. */
typedef enum gb_behaviour_kind {
    GB_BEHAVIOUR_BGNBD = 0,  /* r, alpha, a, b: may drop out after a repeat */
    GB_BEHAVIOUR_MBGNBD = 1, /* the same, and after the first as well */
    GB_BEHAVIOUR_PARETONBD = 2, /* r, alpha, s, beta: may drop out any time */
    GB_BEHAVIOUR_GAMMAGAMMA = 3 /* p, q, gamma: the mean amount */
} gb_behaviour_kind;

enum { GB_BEHAVIOUR_MOST_PARAMS = 4 };

/** "bgnbd", "mbgnbd", "paretonbd", "gammagamma"; NULL: no such kind. */
GB_API const char *gb_behaviour_name(int32_t kind);
/** The other way; false and *kind untouched when there is no such name. */
GB_API bool gb_behaviour_parse(const char *name, int32_t *kind);
/** The name of a parameter, as "alpha"; NULL past the last one. */
GB_API const char *gb_behaviour_param(int32_t kind, size_t i);

/** Customers as figures.  Borrowed for the call. */
typedef struct gb_behaviour_rows {
    size_t size;
    size_t n;
    const double *x;   /* whole numbers, 0 to 1e9 */
    const double *t_x; /* 0 to T; 0 where x is 0.  NULL for Gamma-Gamma */
    const double *T;   /* 0 to 1e12.  NULL for Gamma-Gamma */
    const double *m;   /* 0 to 1e15, where x > 0.  NULL unless Gamma-Gamma */
} gb_behaviour_rows;

/** A model with its parameters, and how it came to them. */
typedef struct gb_behaviour_model {
    size_t size;
    int32_t kind;         /* gb_behaviour_kind */
    bool is_converged;    /* the gradient has vanished */
    double params[GB_BEHAVIOUR_MOST_PARAMS]; /* all above 0 */
    double loglik;        /* at params, without the penalty */
    double penalty;       /* what running to an edge cost, in the same unit */
    double gradient;      /* largest part at the end, by log of a parameter
                             and a customer */
    uint32_t at_edge;     /* bit i: parameter i ran to 0 or without end: the
                             rows do not tell it */
    uint32_t n_evaluations; /* of the likelihood of all rows */
    uint64_t n;           /* rows that count: Gamma-Gamma takes x > 0, m > 0 */
    uint64_t n_distinct;  /* of those, unlike each other */
} gb_behaviour_model;
#define GB_BEHAVIOUR_MODEL_INIT { .size = sizeof(gb_behaviour_model) }

typedef struct gb_behaviour_options {
    size_t size;
    uint32_t max_iterations; /* steps of the search; 0 = 500 */
    uint32_t reserved;       /* 0 */
} gb_behaviour_options;
#define GB_BEHAVIOUR_OPTIONS_INIT { sizeof(gb_behaviour_options), 0, 0 }

/**
 * Find the parameters under which the rows are likeliest.
 *
 * Where the rows do not hold a parameter (all customers alike, nobody came
 * back), the likelihood has no maximum: a penalty on parameters far from the
 * scale of the data then stops the search, and `at_edge` names them.  Within
 * that the answer is that of plain maximum likelihood.
 *
 * @param rows  At least one that counts.
 * @param out   Its `size` is set; filled.
 * @return GB_OK, also when the search did not converge: see is_converged.
 *         GB_ERR_DATA for a figure out of its range, with its row (from 0),
 *         or when no row counts; GB_ERR_ARGUMENT; GB_ERR_OPTIONS;
 *         GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Repeatable: to the byte, and whatever the
 *   order of the rows.
 * Cost: O(n log n) for sorting; then some 50 times O(distinct rows), of which
 *   a Pareto/NBD row takes some 30 times that of the others.
 * Method: quasi-Newton (BFGS) by exact gradients on logs of the parameters.
 *   P. Fader, B. Hardie, K. Lee, Marketing Science 24 (2005) 275-284,
 *   doi:10.1287/mksc.1040.0098 (BG/NBD); E. Batislam, M. Denizel,
 *   A. Filiztekin, IJRM 24 (2007) 201-209, doi:10.1016/j.ijresmar.2006.12.005
 *   (MBG/NBD); D. Schmittlein, D. Morrison, R. Colombo, Management Science 33
 *   (1987) 1-24, doi:10.1287/mnsc.33.1.1 (Pareto/NBD); P. Fader, B. Hardie,
 *   The Gamma-Gamma model of monetary value (2013).
 * Since: 0.1.
 */
GB_API gb_status gb_behaviour_fit(gb_context *ctx, int32_t kind,
                                  const gb_behaviour_rows *rows,
                                  const gb_behaviour_options *options,
                                  gb_behaviour_model *out);

/**
 * The log-likelihood of rows under a model.
 *
 * @param model     Of it, only kind and params are read.
 * @param each      rows->n values, or NULL.  0 for a row that does not count.
 * @param sum       Their sum, or NULL.
 * @param gradient  Of the sum, by each parameter; or NULL.
 * @return As gb_behaviour_fit().
 *
 * Threads, Since: as there.  Cost: O(n).
 */
GB_API gb_status gb_behaviour_loglik(gb_context *ctx,
                                     const gb_behaviour_model *model,
                                     const gb_behaviour_rows *rows,
                                     double *each, double *sum,
                                     double *gradient);

/** What a model foretells, each rows->n values or NULL when not wanted. */
typedef struct gb_behaviour_outlook {
    size_t size;
    double *p_any;    /* any transaction within the time: rank by this */
    double *p_alive;  /* not dropped out: no rank; see data/BEHAVIOUR.md */
    double *expected; /* transactions within the time */
} gb_behaviour_outlook;
#define GB_BEHAVIOUR_OUTLOOK_INIT { sizeof(gb_behaviour_outlook), 0, 0, 0 }

/**
 * Foretell each customer's next `within` units of time.
 *
 * @param within  Above 0, at most 1e12, in the rows' unit of time.
 * @return As gb_behaviour_fit(); GB_ERR_ARGUMENT also for Gamma-Gamma, which
 *         knows no time.
 *
 * Threads, Since: as gb_behaviour_fit().
 * Cost: O(n), about 1 us a row where `within` is no longer than T.
 */
GB_API gb_status gb_behaviour_predict(gb_context *ctx,
                                      const gb_behaviour_model *model,
                                      const gb_behaviour_rows *rows,
                                      double within,
                                      const gb_behaviour_outlook *out);

/**
 * The mean amount that each customer's transactions are expected to have.
 *
 * @param model  Of the kind Gamma-Gamma.
 * @param out    rows->n values.  A row with x = 0 has that of a customer of
 *               whom nothing is known.  Infinite where p x + q <= 1: then
 *               amounts have no mean.
 * @return As gb_behaviour_fit().
 */
GB_API gb_status gb_behaviour_spend(gb_context *ctx,
                                    const gb_behaviour_model *model,
                                    const gb_behaviour_rows *rows,
                                    double *out);

/** Transactions that customers started themselves, in any order. */
typedef struct gb_behaviour_events {
    size_t size;
    size_t n;
    size_t n_customers;
    const uint32_t *customer; /* below n_customers */
    const int32_t *day;       /* a count of days */
    const double *amount;     /* finite, or NULL: then m is 0 */
} gb_behaviour_events;

/** Figures by customer, each n_customers values or NULL. */
typedef struct gb_behaviour_summary {
    size_t size;
    double *x, *t_x, *T, *m; /* T is -1 for one with no transaction by then */
} gb_behaviour_summary;

/**
 * Sum transactions up to the figures that the models take.
 *
 * All of one customer on one day count as one transaction, their amounts
 * added.  Transactions after `end_day` are passed over; T counts to the end
 * of that day from that of the first: (end_day - first day) / unit_days.
 * m is the mean over repeat transactions, 0 where there are none.
 *
 * @param unit_days  Days to the unit of time, above 0: 7 for weeks.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_DATA for an amount that is not
 *         finite or a sum out of range; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  Repeatable, whatever the order of events.
 * Cost: O(n log n) time, O(n) memory.  Since: 0.1.
 */
GB_API gb_status gb_behaviour_summarize(gb_context *ctx,
                                        const gb_behaviour_events *events,
                                        int32_t end_day, double unit_days,
                                        const gb_behaviour_summary *out);

/** Weights of a rule of return: of 1, and of the figures below. */
enum { GB_BEHAVIOUR_RETURN_WEIGHTS = 6 };

/** "constant", "any", "silence", "repeats", "span", "amount"; NULL past it. */
GB_API const char *gb_behaviour_return_weight(size_t i);

/**
 * Who comes back after a silence: log odds as a weighted sum of the log odds
 * of any transaction by a behaviour model, and of ln(1 + v), v being the days
 * of silence, the repeats, the days from first to last, and the amount of all
 * by amount_scale.
 */
typedef struct gb_behaviour_return {
    size_t size;
    int32_t kind;          /* of the behaviour model; not Gamma-Gamma */
    bool is_converged;
    double params[GB_BEHAVIOUR_MOST_PARAMS]; /* its parameters ... */
    double unit_days;      /* ... by this unit of time */
    double within_days;    /* within which time to come */
    double dormant_days;   /* silent for at least */
    double amount_scale;   /* mean amount of a customer */
    double weights[GB_BEHAVIOUR_RETURN_WEIGHTS];
    uint64_t n_examples, n_returned; /* what it was learnt from */
    uint32_t n_dates;
} gb_behaviour_return;
#define GB_BEHAVIOUR_RETURN_INIT { .size = sizeof(gb_behaviour_return) }

typedef struct gb_behaviour_return_options {
    size_t size;
    int32_t kind;        /* gb_behaviour_kind plus 1; 0 = MBG/NBD */
    uint32_t n_dates;    /* of the past; 0 = 8 */
    double within_days;  /* 0 = 90 */
    double dormant_days; /* 0 = 182; negative: silent or not */
    double step_days;    /* from date to date; 0 = a sixth of within_days */
    double unit_days;    /* 0 = 7 */
} gb_behaviour_return_options;
#define GB_BEHAVIOUR_RETURN_OPTIONS_INIT                                      \
    { .size = sizeof(gb_behaviour_return_options) }

/**
 * Learn from the past who comes back.
 *
 * The behaviour model is fitted to the record up to `end_day`.  Then, at
 * n_dates dates, the last within_days before the end: of those who had been
 * silent for dormant_days, who came within within_days?  Nothing after
 * end_day is looked at.
 *
 * @param out  Its `size` is set; filled.
 * @return GB_OK; GB_ERR_DATA also when at those dates nobody, or everybody,
 *         came back; else as gb_behaviour_summarize().
 *
 * Threads: one thread a context.  Repeatable, whatever the order of events.
 * Cost: that of a fit, and O(n_dates (n + 60 customers)) time.  Since: 0.1.
 */
GB_API gb_status gb_behaviour_return_fit(
    gb_context *ctx, const gb_behaviour_events *events, int32_t end_day,
    const gb_behaviour_return_options *options, gb_behaviour_return *out);

/**
 * The chance that each silent customer comes back within the model's time.
 *
 * @param p       n_customers values; NaN for who is not silent for so long by
 *                `day`, or has no transaction by then.
 * @param p_any   The same by the behaviour model alone; or NULL.
 * @param silent  Days since the last transaction, NaN without one; or NULL.
 * @return As gb_behaviour_summarize().
 */
GB_API gb_status gb_behaviour_return_predict(
    gb_context *ctx, const gb_behaviour_return *model,
    const gb_behaviour_events *events, int32_t day, double *p, double *p_any,
    double *silent);

#ifdef __cplusplus
}
#endif
#endif
