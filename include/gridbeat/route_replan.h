/*
 * gridbeat/route_replan.h - the day has begun and something happens: plan
 * again what is left of it, and disturb little.
 *
 * Input is the plan as it stands (a gb_route_order of a problem, see route.h)
 * and a list of changes.  Output is a solution of the changed problem and a
 * diff: every client whose vehicle or time is another one than before.
 *
 * What a replan holds to:
 *
 *  1. What began before clock_s stays as it was, to the second: services and
 *     breaks whose start is before it.  A manager who is on his way to a
 *     client at that time goes on, unless the client cancels, cannot be served
 *     any more or the manager is absent: then he sets out from where he was
 *     last, at clock_s.  Whoever has not left yet does not before clock_s.
 *  2. Everybody who is served in the plan is promised a time: the service
 *     begins at most tolerance_s earlier or later than planned, by the same
 *     vehicle.  These promises are windows of the changed problem, so that a
 *     manager with time on his hands waits.
 *  3. What must change is found first.  Clients that cancel go.  Clients that
 *     cannot keep their promise (their manager is absent or behind, the road
 *     is closed, their window is another one) lose it, the fewest that the
 *     search for them finds; they and the added ones are then served where
 *     nobody else's promise is hurt.
 *  4. Beyond these, max_changes clients may change: another vehicle, more than
 *     the tolerance earlier or later, newly served or left out, each counts as
 *     one.  They are spent first on musts and added clients, then on value.
 *  5. Locks: with GB_ROUTE_LOCK_VEHICLE nobody changes the vehicle and nobody
 *     is left out for value, only orders and times move; with
 *     GB_ROUTE_LOCK_ALL clients are put between the planned ones, whose order
 *     stays.  Clients of an absent manager are not locked.
 *
 * Visits of a bundle that are in the plan keep their days; one that is added
 * takes another day, whatever the patterns, and the others are not asked.
 */
#ifndef GRIDBEAT_ROUTE_REPLAN_H
#define GRIDBEAT_ROUTE_REPLAN_H

#include <gridbeat/route.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gb_route_change_kind {
    GB_ROUTE_CHANGE_NONE = 0,
    /* `client` is not to be served (any more). */
    GB_ROUTE_CHANGE_CANCEL = 1,
    /* `client`, so far not served, is to be: a must from here on.  Without
       this, clients that are not in the plan compete by their prize. */
    GB_ROUTE_CHANGE_ADD = 2,
    /* `vehicle` is `seconds` behind: what it does at clock_s, or was last
       doing, ends so much later; if it has not left, it leaves so much later
       than planned. */
    GB_ROUTE_CHANGE_DELAY = 3,
    /* The service of `client` takes `seconds` more, below 0: less.  Of one
       that has been served already: no effect, unless its vehicle has not gone
       on since. */
    GB_ROUTE_CHANGE_SERVICE = 4,
    /* `vehicle` serves nobody from clock_s on, but who it is with. */
    GB_ROUTE_CHANGE_ABSENT = 5,
    /* The way from location `from` to location `to` takes `seconds`, or is
       closed (GB_ROUTE_UNREACHABLE); in `profile`, or in all (GB_ROUTE_NONE),
       at any hour.  That direction only.  Ways that were driven before clock_s
       keep their time for who drove them. */
    GB_ROUTE_CHANGE_ROAD = 6,
    /* `client` can be served from early_s to late_s (start of service), in
       place of all its windows; its promise is void. */
    GB_ROUTE_CHANGE_WINDOW = 7,
    /* The shift of `vehicle` is from early_s to late_s. */
    GB_ROUTE_CHANGE_SHIFT = 8
} gb_route_change_kind;

/** Something that happened.  Begin with GB_ROUTE_CHANGE_INIT. */
typedef struct gb_route_change {
    size_t size;             /* one for all of an array */
    int32_t kind;            /* gb_route_change_kind */
    uint32_t client, vehicle;
    uint32_t from, to, profile;
    int32_t seconds;
    int32_t early_s, late_s;
    int32_t reserved;        /* 0 */
} gb_route_change;
#define GB_ROUTE_CHANGE_INIT { sizeof(gb_route_change), 0, GB_ROUTE_NONE,     \
                               GB_ROUTE_NONE, GB_ROUTE_NONE, GB_ROUTE_NONE,   \
                               GB_ROUTE_NONE, 0, 0, 0, 0 }

/** "cancel", "add", "delay" and so on, for files; NULL for what is unknown. */
GB_API const char *gb_route_change_name(int32_t kind);
/** The kind of that name; false when there is none. */
GB_API bool gb_route_change_parse(const char *name, int32_t *kind);

typedef enum gb_route_lock {
    GB_ROUTE_LOCK_NONE = 0,
    GB_ROUTE_LOCK_VEHICLE = 1,
    GB_ROUTE_LOCK_ALL = 2
} gb_route_lock;

typedef struct gb_route_replan_options {
    size_t size;
    int32_t clock_s;         /* now, on the clock of the problem */
    uint32_t clock_day;      /* vehicles of earlier days are frozen, those of
                                later days have not begun */
    int32_t lock;            /* gb_route_lock */
    uint32_t max_changes;    /* 0: only what must change */
    int32_t tolerance_s;     /* 0 = 900; below 0: times are promised to nobody
                                and count for nothing */
    uint32_t reserved;       /* 0 */
    uint64_t max_iterations; /* of the search for what to do with the changes
                                that are allowed; 0 = 2000 */
    int64_t time_limit_ms;   /* 0 = none; makes the answer unrepeatable */
    uint64_t seed;
    bool skip_reasons;       /* true: unserved clients get no reason */
} gb_route_replan_options;
#define GB_ROUTE_REPLAN_OPTIONS_INIT                                          \
    { sizeof(gb_route_replan_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What became other than it was.  Immutable. */
typedef struct gb_route_diff gb_route_diff;

typedef enum gb_route_difference_kind {
    GB_ROUTE_DIFFERENCE_NONE = 0,
    GB_ROUTE_DIFFERENCE_OUT = 1,     /* was served, is not */
    GB_ROUTE_DIFFERENCE_IN = 2,      /* was not, is */
    GB_ROUTE_DIFFERENCE_VEHICLE = 3, /* by another one */
    GB_ROUTE_DIFFERENCE_TIME = 4     /* at another time */
} gb_route_difference_kind;

typedef struct gb_route_difference {
    size_t size;
    uint32_t client;
    int32_t kind;      /* gb_route_difference_kind */
    /* Named by a change or unable to keep its promise: outside the budget. */
    bool is_forced;
    /* Counts as one of max_changes: not forced, and by another vehicle, out,
       in, or moved by more than the tolerance. */
    bool is_counted;
    uint32_t vehicle_before, vehicle_after; /* or GB_ROUTE_NONE */
    uint32_t item_before, item_after;
    int32_t start_before_s, start_after_s;  /* of service; 0 where unserved */
} gb_route_difference;

typedef struct gb_route_diff_summary {
    size_t size;
    uint32_t n_differences, n_forced, n_counted;
    uint32_t n_added_unserved; /* of GB_ROUTE_CHANGE_ADD */
    int64_t value_before_milli; /* of the plan before all changes */
    int64_t value_after_milli;
    uint64_t iterations;
} gb_route_diff_summary;

/**
 * Plan again after changes.
 *
 * @param problem  As the plan `now` has it.  Borrowed: its arrays for as long
 *                 as the diff lives (see gb_route_diff_problem()).
 * @param now      The plan as it stands; n_frozen of it stays frozen as well.
 * @param changes  In the order in which they happened; NULL when there are
 *                 none, which plans the rest of the day with the budget.
 * @param options  NULL for all defaults.
 * @param out      The solution of the changed problem; free it with
 *                 gb_route_solution_free().
 * @param diff     NULL: not asked for; free it with gb_route_diff_free().
 * @return GB_OK; GB_ERR_INFEASIBLE when `now` cannot be driven, or when what
 *         began already contradicts a change, naming the vehicle;
 *         GB_ERR_ARGUMENT, GB_ERR_DATA (naming the change), GB_ERR_OPTIONS,
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM.  *out and *diff are NULL on failure.
 *
 * Repeatable: equal bytes for equal input, but with a time limit.
 * Threads: one; the problem is only read.
 * Cost: twice that of reading the problem, and some 5 microseconds an
 *   iteration for a branch-day of 10 managers.  A change of roads copies the
 *   matrices of its profile.
 * Since: 0.1.
 */
GB_API gb_status gb_route_replan(gb_context *ctx,
                                 const gb_route_problem *problem,
                                 const gb_route_order *now,
                                 const gb_route_change *changes,
                                 size_t n_changes,
                                 const gb_route_replan_options *options,
                                 gb_route_solution **out,
                                 gb_route_diff **diff);

/** Free a diff; NULL is taken. */
GB_API void gb_route_diff_free(gb_route_diff *diff);
/** False when out->size is of no known version. */
GB_API bool gb_route_diff_summarize(const gb_route_diff *diff,
                                    gb_route_diff_summary *out);
/** The i-th difference, in the order of clients; false: there is none. */
GB_API bool gb_route_diff_get(const gb_route_diff *diff, size_t i,
                              gb_route_difference *out);
/**
 * The changed problem, promises and all, which gb_route_check() wants.  It
 * shares arrays with the problem given to gb_route_replan().
 */
GB_API const gb_route_problem *gb_route_diff_problem(
    const gb_route_diff *diff);

typedef struct gb_route_suggest_options {
    size_t size;
    int32_t clock_s;     /* as in gb_route_replan_options */
    uint32_t clock_day;
    int32_t tolerance_s; /* 0 = 900; below 0: as windows allow */
    int32_t step_s;      /* 0 = 1800: windows begin at its multiples */
    int32_t length_s;    /* 0 = step_s: starts of service in a window */
    int32_t from_s, until_s; /* windows within; both 0: at any time */
    uint64_t days;       /* bit d: day d is offered; 0: all */
} gb_route_suggest_options;
#define GB_ROUTE_SUGGEST_OPTIONS_INIT                                         \
    { sizeof(gb_route_suggest_options), 0, 0, 0, 0, 0, 0, 0, 0 }

/** A window to offer to a customer who calls. */
typedef struct gb_route_suggestion {
    size_t size;
    uint32_t day, vehicle;
    uint32_t position;        /* before this item of the vehicle's route as it
                                 is without the client */
    int32_t early_s, late_s;  /* both included */
    int32_t start_s;          /* of the service */
    int32_t extra_s;          /* field time that it adds to the route */
    int32_t extra_m;
    int64_t prize;            /* that it brings there */
    int64_t gain_milli;       /* change of the value, may be below 0 */
} gb_route_suggestion;

/**
 * The best windows for one client, each priced exactly: the client is taken
 * out of the plan if it is in it, and put between the others, of whom nobody
 * changes vehicle or order or moves by more than the tolerance.
 *
 * @param out       The best ones first (most musts, greatest gain, earliest):
 *                  three entries, say.  out->size tells their size.
 * @param n         How many were found, at most `capacity`; 0: nobody has room
 *                  for the client.
 * @return as gb_route_replan().
 *
 * Cost: windows x vehicles x items, some milliseconds for a branch-day.
 * Since: 0.1.
 */
GB_API gb_status gb_route_suggest(gb_context *ctx,
                                  const gb_route_problem *problem,
                                  const gb_route_order *order,
                                  uint32_t client,
                                  const gb_route_suggest_options *options,
                                  gb_route_suggestion *out, size_t capacity,
                                  size_t *n);

#ifdef __cplusplus
}
#endif
#endif
