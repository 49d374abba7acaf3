/*
 * gridbeat/route.h - who is visited today, by whom, in which order, at what
 * time; and for everybody else, why not.
 *
 * A vehicle is a manager on a day, a client is somebody to visit.  Some
 * clients are musts, the others are worth a prize.  The solver looks for the
 * routes that serve the most musts and, among those, have the greatest value:
 * prizes collected less the cost of time, distance and vehicles.
 *
 * Arrays in, arrays out: no geometry, no database.  All numbers are integers:
 * times in seconds of the planning day (its zero is the caller's), distances
 * in metres, prizes in points, and value and cost in thousandths of a point
 * (`_milli`), so that an hour may cost 50 points and a second still be exact.
 *
 * What happens in a route, to the second:
 *
 *  1. The clock begins at shift_start_s at the start location.  Items of the
 *     route (clients and breaks) follow in order, each as early as possible.
 *     The way to the first client begins no earlier than the last release of
 *     any client of the route; breaks may be taken before it.
 *  2. Client: travel from where the last client was (or the start); then the
 *     access time of its place, unless the client served just before in this
 *     route belongs to the same place (a break between does not end the
 *     stay); then service begins at the first instant that one of its windows
 *     allows, both ends included; then service_s.  Nobody waits on purpose
 *     for a later slot.
 *  3. Break: where the last client was, begun at the first instant of its
 *     window that is not past, then length_s.  Every route that serves a
 *     client holds all breaks of its vehicle, in any order.  Breaks before the
 *     first client are taken before leaving (one whose window closes before
 *     the shift begins was begun then, at late_s).  Breaks after the last one
 *     are taken after coming home, where the way home must end by their
 *     late_s; if it does not, the fewest of them that are needed, the first
 *     ones, are taken where the last client was.  Breaks before leaving or
 *     after coming home are no part of the route's duration.
 *  4. The way to the end location must end by shift_end_s.  With an open end
 *     the route ends with its last service.
 *  5. Departure is put off to cut idle time: to the latest time for which the
 *     route ends no later, every service starts in the same window and (where
 *     the client has prizes by slot) in the same slot, and every break in its
 *     window.  Stops are reported with this departure.
 *  6. duration_s is from departure to the end; max_duration_s limits it.
 *     field_s is duration_s less the breaks within it; the cost of time is
 *     cost_per_s_milli * field_s.
 *
 * A route without clients costs nothing, whatever its breaks.
 */
#ifndef GRIDBEAT_ROUTE_H
#define GRIDBEAT_ROUTE_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** No location, place, client, vehicle, group or slot. */
#define GB_ROUTE_NONE UINT32_MAX
/** In a matrix: no way from here to there (as GB_ROADS_UNREACHABLE). */
#define GB_ROUTE_UNREACHABLE INT32_MAX
/** An item of a route that is break `k` of its vehicle. */
#define GB_ROUTE_BREAK(k) (UINT32_C(0x80000000) | (uint32_t)(k))

/** Earliest and latest start, both included; early_s <= late_s. */
typedef struct gb_route_window {
    int32_t early_s, late_s;
} gb_route_window;

/** A break: may begin in [early_s, late_s], lasts length_s. */
typedef struct gb_route_break {
    int32_t early_s, late_s;
    int32_t length_s;
} gb_route_break;

/**
 * Travel of one kind of vehicle: n_locations rows of n_locations, from row to
 * column.  Seconds in [0, 10^7], metres in [0, 10^8], GB_ROUTE_UNREACHABLE in
 * seconds where there is no way.  Need not be symmetric nor obey the triangle
 * inequality; the diagonal is used as it stands.
 */
typedef struct gb_route_profile {
    const int32_t *seconds;
    const int32_t *metres; /* NULL: all 0 */
    const int32_t *cost;   /* points a leg, 0 to 10^8, beside what seconds and
                              metres cost; NULL: all 0 */
    /*
     * Travel by time of day.  Band b holds for departures from band_start_s[b]
     * to before band_start_s[b + 1], the first also before, the last also
     * after; band_seconds[b] is its matrix.  Who leaves later never arrives
     * earlier: a vehicle waits for the next band where that brings it there
     * sooner (and that waiting is travel).  n_bands 0: `seconds` at any time; else `seconds` is
     * band_seconds[0].
     */
    const int32_t *band_start_s;
    const int32_t *const *band_seconds;
    uint32_t n_bands; /* at most 16 */
} gb_route_profile;

/** A manager on a day.  Begin with GB_ROUTE_VEHICLE_INIT. */
typedef struct gb_route_vehicle {
    size_t size;             /* sizeof of the caller's; one for all vehicles */
    uint32_t profile;
    uint32_t start_location; /* GB_ROUTE_NONE: begins at its first client */
    uint32_t end_location;   /* GB_ROUTE_NONE: ends at its last client */
    int32_t shift_start_s, shift_end_s;
    const gb_route_break *breaks; /* in their order; NULL when none */
    uint32_t n_breaks;            /* at most 8 */
    uint32_t max_clients;         /* 0: no limit */
    int32_t max_duration_s;       /* 0: no limit but the shift */
    int32_t reserved;             /* 0 */
    int64_t cost_per_s_milli;     /* per second of field time; 0 to 10^5 */
    int64_t cost_per_m_milli;     /* per metre; 0 to 10^5 */
    int64_t fixed_cost;           /* points, once it serves a client; 0 to
                                     10^12, 4 * 10^15 of all together */
    int64_t cost_per_travel_s_milli; /* per second of travel; 0 to 10^5 */
    const int64_t *capacity;      /* n_loads limits; NULL: none */
    int64_t max_distance_m;       /* 0: no limit */
    int32_t max_travel_s;         /* 0: no limit */
    uint32_t speed_permille;      /* 0 = 1000; legs take seconds * 1000 / this,
                                     rounded to the nearest, halves up;
                                     100 to 10000 */
    uint64_t skills;              /* bits */
    uint32_t day;                 /* 0 to 63: see patterns */
    uint32_t prize_kind;          /* row of client_kind_prize */
    uint8_t must_use;             /* 1: serves a client, before any value */
    uint8_t reserved_bytes[7];    /* 0 */
} gb_route_vehicle;
#define GB_ROUTE_VEHICLE_INIT { sizeof(gb_route_vehicle), 0, 0, 0, 0, 0, 0,   \
                                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  \
                                0, { 0 } }

/**
 * A routing problem.  Arrays with one entry a client may be NULL where a
 * default is given.  Everything is borrowed for the time of a call.
 */
typedef struct gb_route_problem {
    size_t size; /* sizeof of the caller's struct */

    uint32_t n_locations, n_profiles;
    const gb_route_profile *profiles;

    uint32_t n_places;
    uint32_t n_clients; /* below 2^31 */
    const int32_t *place_access_s;

    const uint32_t *client_location;
    const uint32_t *client_place;    /* NULL or GB_ROUTE_NONE: no place */
    const int32_t *client_service_s; /* NULL: 0 */
    const uint8_t *client_must;      /* NULL: all optional; else 0 or 1 */
    const int64_t *client_prize;     /* points, 0 to 10^12, the greatest of all
                                        clients 4 * 10^15 together; NULL: 0 */
    const uint32_t *client_group;    /* at most one of a group is served;
                                        NULL or GB_ROUTE_NONE: no group */
    /*
     * Windows for the start of service, in time and apart: those of client c
     * are windows[first_window[c]] up to before first_window[c + 1].  None: at
     * any time.  NULL: none has any.
     */
    const uint32_t *client_first_window;
    const gb_route_window *windows;
    /*
     * Prizes by the slot in which service starts.  Slot s runs from
     * slot_start_s[s] to before slot_start_s[s + 1]; the first also holds all
     * before, the last all after.  slot_prize has n_slots entries a client and
     * replaces client_prize.  n_slots 0: no slots.
     */
    uint32_t n_slots;
    uint32_t n_vehicles;
    const int32_t *slot_start_s;
    const int64_t *client_slot_prize;
    /*
     * Vehicles that may serve client c: allowed_vehicles[first_allowed[c]] up
     * to before first_allowed[c + 1]; none there: none may.  NULL: all may.
     */
    const uint32_t *client_first_allowed;
    const uint32_t *allowed_vehicles;

    const gb_route_vehicle *vehicles;

    /* Loads: those of the clients of a route add up to its capacity at most. */
    uint32_t n_loads; /* at most 8 */
    /*
     * Prizes that differ by vehicle: n_prize_kinds tables, each of n_clients
     * rows of n_slots (1 without slots); they replace client_prize and
     * client_slot_prize.  0: no kinds.
     */
    uint32_t n_prize_kinds;
    const int64_t *client_load;      /* n_loads a client, 0 to 10^12 */
    const int64_t *client_kind_prize;
    const uint64_t *client_skills;   /* all of these bits its vehicle has */
    const int32_t *client_release_s; /* its vehicle leaves no earlier */
    /*
     * client_after[c], where both are served, is on the same route, anywhere
     * before c; chains are allowed, circles are not, nor visits of bundles.
     * GB_ROUTE_NONE: free.
     */
    const uint32_t *client_after;
    /* Of group g: 1: leaving all of it out is a must left out (once); a group
       that nobody is in does not count. */
    const uint8_t *group_must;
    /*
     * Several visits to one customer are clients of one bundle, alike in all
     * but their number.  The days (gb_route_vehicle.day) of those that are
     * served are a pattern of the bundle, one visit a day, or none is served.
     * Those of bundle b are patterns[bundle_first_pattern[b]] up to before
     * bundle_first_pattern[b + 1], bit d for day d.  Musts count each visit.
     */
    uint32_t n_bundles;
    uint32_t reserved;
    const uint32_t *client_bundle; /* GB_ROUTE_NONE: alone */
    const uint32_t *bundle_first_pattern;
    const uint64_t *patterns;
    /* Balance: a price on the field time of the longest route, and on the
     * difference between longest and shortest among the vehicles used. */
    int64_t longest_per_s_milli, spread_per_s_milli; /* 0 to 10^5 */
} gb_route_problem;
#define GB_ROUTE_PROBLEM_INIT { sizeof(gb_route_problem), 0, 0, 0, 0, 0, 0,   \
                                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  \
                                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * The patterns of n_visits days out of n_days (at most 64) that keep min_gap
 * to max_gap days between neighbouring visits (1: the next day; max_gap 0: any
 * gap), in rising order.  With is_cyclic also between the last visit and the
 * first of the next round.
 *
 * @return GB_OK; GB_ERR_BUFFER when capacity < *needed, with *needed set (at
 *         most 2^20: GB_ERR_LIMIT-like refusals are GB_ERR_ARGUMENT).
 */
GB_API gb_status gb_route_patterns(uint32_t n_days, uint32_t n_visits,
                                   uint32_t min_gap, uint32_t max_gap,
                                   bool is_cyclic, uint64_t *patterns,
                                   size_t capacity, size_t *needed);

/**
 * Routes given by hand: to start from, to freeze, to price.  The items of
 * vehicle v are items[first[v]] up to before first[v + 1]: client numbers and
 * GB_ROUTE_BREAK(k).  Breaks that are missing are put where they cost least.
 */
typedef struct gb_route_order {
    size_t size;
    const uint32_t *first; /* n_vehicles + 1 */
    const uint32_t *items;
    const uint32_t *n_frozen; /* of each vehicle: so many first items stay as
                                 they are and nothing gets before or between
                                 them; NULL: none */
} gb_route_order;
#define GB_ROUTE_ORDER_INIT { sizeof(gb_route_order), 0, 0, 0 }

typedef struct gb_route_options {
    size_t size;
    uint64_t max_iterations; /* of all searches together; 0 = 20000, or no
                                limit when time_limit_ms is set */
    int64_t time_limit_ms;   /* 0 = none; makes the answer unrepeatable */
    uint64_t seed;
    uint32_t n_threads;      /* 0 = 1; changes the time, never the answer */
    uint32_t n_searches;     /* independent searches that share the iterations,
                                the best one wins; 0 = 2, or with a time limit
                                and no max_iterations n_threads, and more where
                                the time is long for the problem */
    const gb_route_order *start; /* to start from; NULL = from nothing */
    bool skip_reasons;       /* true: unserved clients get no reason */
    /*
     * true: no route travels longer than the habit would through the same
     * places, which is to go from its start always on to the nearest one
     * (ties: lowest location), whatever the hours, then to its end.  Comes
     * behind musts and before value: where musts make a way what it is, it is
     * over that by as little as was found.  No certificate is given then.
     */
    bool within_habit;
} gb_route_options;
#define GB_ROUTE_OPTIONS_INIT                                                 \
    { sizeof(gb_route_options), 0, 0, 0, 0, 0, 0, 0, 0 }

/** Fill in the defaults. GB_ERR_OPTIONS, GB_ERR_ARGUMENT as gb_route_solve. */
GB_API gb_status gb_route_options_resolved(gb_context *ctx,
                                           const gb_route_options *options,
                                           gb_route_options *out);

/** Routes with their times.  Immutable: any thread may read it. */
typedef struct gb_route_solution gb_route_solution;

/**
 * Plan the routes.
 *
 * Musts first: of two solutions the one that serves more musts is better, then
 * the one of greater value, then the one of less field time, then of less
 * travel.  A must that is left out stands among the unserved with its reason;
 * that is GB_OK.  On the stops that it serves no route is worse, by this
 * order, than the same stops in nearest-neighbour order.  At the end no
 * left-out client can be inserted anywhere at a gain (with within_habit: at a
 * gain, and without a longer excess).
 *
 * @param problem  Borrowed for the call.
 * @param options  NULL for all defaults.
 * @param out      The solution.  On GB_ERR_CANCELLED the best so far, whole
 *                 and valid, or NULL when there is none yet; NULL on any
 *                 other failure.
 * @return GB_OK, also when a limit ended the search: see the summary's
 *         outcome.  GB_ERR_OPTIONS for a struct of no known size;
 *         GB_ERR_ARGUMENT for a missing array or an option out of range;
 *         GB_ERR_DATA for data that is wrong in itself, naming client or
 *         vehicle; GB_ERR_INFEASIBLE when options->start cannot be driven;
 *         GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Ownership: free *out with gb_route_solution_free().
 * Threads: one thread a context; the problem is only read.
 * Repeatable: equal problem, options and seed give equal bytes for any
 *   n_threads, unless time_limit_ms ends the search.
 * Cost: an iteration prices some thousand insertions, O(1) each; 10,000
 *   iterations take about a second on a manager's day.  Memory O(clients +
 *   vehicles); matrices are not copied, but for those of other speeds and the
 *   least of all bands, once for each profile and speed.
 * Method: ruin of adjacent strings and recreation with blinks, J. Christiaens
 *   and G. Vanden Berghe, Slack induction by string removals, Transp. Sci. 54
 *   (2020), doi:10.1287/trsc.2019.0914, with optional clients by prize
 *   density, local search on changed routes and annealed acceptance.
 * Since: 0.1.
 */
GB_API gb_status gb_route_solve(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_options *options,
                                gb_route_solution **out);

/**
 * Drive routes as they are given: times, prizes and costs of them.
 *
 * @return as gb_route_solve(); GB_ERR_INFEASIBLE names the vehicle, the item
 *         and what it breaks.
 */
GB_API gb_status gb_route_evaluate(gb_context *ctx,
                                   const gb_route_problem *problem,
                                   const gb_route_order *order,
                                   gb_route_solution **out);

/**
 * The habit to beat: walk down a list (by balance, say) and put each client
 * at the end of the first vehicle's route that still has time for it.
 *
 * @param clients  Client numbers, each once; others are not served.
 * @return as gb_route_solve().
 */
GB_API gb_status gb_route_greedy(gb_context *ctx,
                                 const gb_route_problem *problem,
                                 const uint32_t *clients, size_t n_clients,
                                 gb_route_solution **out);

/**
 * The stops of each route of a solution, in nearest-neighbour order: always
 * on to the client that is fewest seconds away (ties: lowest number) among
 * those that can still be served.  Stops that cannot all be served in that
 * order are unserved in *out.
 */
GB_API gb_status gb_route_nearest_neighbour(gb_context *ctx,
                                            const gb_route_problem *problem,
                                            const gb_route_solution *solution,
                                            gb_route_solution **out);

/** Free a solution; NULL is taken. */
GB_API void gb_route_solution_free(gb_route_solution *solution);

/** A solution in figures.  Set size before asking. */
typedef struct gb_route_summary {
    size_t size;
    int32_t outcome; /* gb_outcome of the search; NONE when there was none */
    uint32_t n_served, n_unserved;
    uint32_t n_musts_unserved; /* clients and groups that are musts, vehicles
                                  that must be used and are not */
    uint32_t n_routes;     /* vehicles that serve somebody */
    bool is_certified;     /* no unserved client can be inserted at a gain */
    int64_t prize;         /* points */
    int64_t cost_milli;    /* of time, distance and vehicles */
    int64_t value_milli;   /* 1000 * prize - cost_milli */
    int64_t duration_s, field_s, travel_s, service_s, access_s, wait_s;
    int64_t distance_m;
    uint64_t iterations;   /* done by all searches */
    uint64_t moves_priced; /* insertions, exchanges and turns looked at */
    int64_t balance_milli; /* part of cost_milli, of no route: the price of
                              the longest one and of the spread */
} gb_route_summary;

/** The route of one vehicle in figures. */
typedef struct gb_route_totals {
    size_t size;
    uint32_t n_clients, n_items; /* items: clients and breaks; 0: not used */
    int32_t depart_s, end_s;
    int32_t duration_s, field_s, travel_s, service_s, access_s, wait_s;
    int32_t break_s;             /* of breaks within the duration */
    int64_t distance_m;
    int64_t prize, cost_milli, value_milli;
    uint32_t n_frozen;           /* first items that options->start froze */
} gb_route_totals;

typedef enum gb_route_stop_kind {
    GB_ROUTE_STOP_CLIENT = 0,
    GB_ROUTE_STOP_BREAK = 1
} gb_route_stop_kind;

/** One item of a route.  arrival + access + wait = start, + service = end. */
typedef struct gb_route_stop {
    size_t size;
    int32_t kind;       /* gb_route_stop_kind */
    uint32_t client;    /* or the number of the break */
    uint32_t location;  /* GB_ROUTE_NONE: a break before any location */
    uint32_t slot;      /* of a client with prizes by slot, else NONE */
    int32_t travel_s;   /* from the stop before */
    int32_t distance_m;
    int32_t arrival_s;
    int32_t access_s;   /* paid here for the place */
    int32_t wait_s;
    int32_t start_s, end_s; /* of the service, or of the break */
    int64_t prize;
} gb_route_stop;

/** What kind of answer a left-out client gets. */
typedef enum gb_route_reason_kind {
    GB_ROUTE_REASON_NONE = 0,       /* not asked for */
    GB_ROUTE_REASON_IMPOSSIBLE = 1, /* not even alone; see `constraint` */
    GB_ROUTE_REASON_CROWDED_OUT = 2, /* fits only in place of others */
    GB_ROUTE_REASON_UNPROFITABLE = 3 /* fits, but costs more than it brings */
} gb_route_reason_kind;

/** What makes a client impossible.  Relaxing just that makes it possible. */
typedef enum gb_route_constraint {
    GB_ROUTE_CONSTRAINT_NONE = 0,
    GB_ROUTE_CONSTRAINT_VEHICLE = 1,     /* no vehicle may serve it */
    GB_ROUTE_CONSTRAINT_UNREACHABLE = 2, /* no way there, or none back */
    GB_ROUTE_CONSTRAINT_WINDOW = 3,      /* its last window closes too early */
    GB_ROUTE_CONSTRAINT_SHIFT = 4,       /* the shift ends too early */
    GB_ROUTE_CONSTRAINT_DURATION = 5,    /* max_duration_s is too short */
    GB_ROUTE_CONSTRAINT_BREAK = 6,       /* a break cannot begin in time */
    GB_ROUTE_CONSTRAINT_SEVERAL = 7,     /* more than one of these */
    GB_ROUTE_CONSTRAINT_FROZEN = 8,      /* frozen stops leave no way */
    GB_ROUTE_CONSTRAINT_GROUP = 9,       /* another one of its group is served */
    GB_ROUTE_CONSTRAINT_SKILLS = 10,     /* those who may lack skills */
    GB_ROUTE_CONSTRAINT_LOAD = 11,       /* more than any of them can carry */
    GB_ROUTE_CONSTRAINT_DISTANCE = 12,   /* max_distance_m is too short */
    GB_ROUTE_CONSTRAINT_TRAVEL = 13,     /* max_travel_s is too short */
    GB_ROUTE_CONSTRAINT_RELEASE = 14,    /* it is released too late */
    GB_ROUTE_CONSTRAINT_ORDER = 15,      /* who comes before or after it is on
                                            another route */
    GB_ROUTE_CONSTRAINT_PATTERN = 16     /* no pattern of its bundle has days
                                            on which all visits are possible,
                                            or that is not taken already */
} gb_route_constraint;

/** "window", "shift" and so on, for files; "none" for what is unknown. */
GB_API const char *gb_route_constraint_name(int32_t constraint);

/** Why a client is not served. */
typedef struct gb_route_reason {
    size_t size;
    uint32_t client;
    int32_t kind;       /* gb_route_reason_kind */
    int32_t constraint; /* gb_route_constraint, when IMPOSSIBLE; GROUP, ORDER
                           and PATTERN also when CROWDED_OUT by its group, by
                           who it comes after, by its bundle */
    uint32_t vehicle;   /* the one that comes nearest; or NONE */
    /* IMPOSSIBLE: so many seconds more of the constraint make it possible, and
       one fewer does not: a later window end, shift end or break begin, a
       longer duration.  0 where seconds do not help. */
    int32_t mend_s;
    /* CROWDED_OUT, UNPROFITABLE: the cheapest insertion into the routes as
       they are, time limits aside. */
    uint32_t position;  /* before this item of the vehicle's route */
    int32_t extra_s;    /* travel, access and service that it adds */
    int32_t extra_m;
    /* CROWDED_OUT: the stops that it would have to replace. */
    uint32_t displaced_vehicle;
    uint32_t displaced_first, n_displaced; /* items of that route; 0: none
                                              such run was found */
    uint32_t displaced_client; /* the one of them with the greatest prize */
    int64_t displaced_prize;   /* of all of them */
    int64_t prize;             /* that it would bring there */
    /* Change of the value by that replacement or, UNPROFITABLE, insertion: not
       above 0, unless musts would be lost for it. */
    int64_t gain_milli;
    /*
     * IMPOSSIBLE, in the unit of the constraint: so much more (RELEASE: less)
     * makes it possible with `vehicle`, and one less does not.  Seconds as in
     * mend_s; metres; load; SKILLS: the bits that are lacking, all of them;
     * PATTERN: the days that as a further pattern make it possible.  Of the
     * vehicles and constraints the one with the least mend is named: seconds
     * before metres, load, skills, a missing way, patterns.
     */
    int64_t mend;
    /* What would be needed, and what is allowed: a start against a window's
       end, an end against that of the shift, a load against a capacity. */
    int64_t needed, limit;
    uint32_t load;      /* LOAD: which one */
    bool is_rough;      /* there was no time to look at everything: true as it
                           stands, but smaller mends, cheaper gaps and fewer
                           displaced stops may exist */
} gb_route_reason;

/*
 * Questions to a solution: false when the number is out of range or out->size
 * is of no known version.  Any thread; O(1).
 */
GB_API bool gb_route_solution_summary(const gb_route_solution *solution,
                                      gb_route_summary *out);
GB_API bool gb_route_solution_totals(const gb_route_solution *solution,
                                     uint32_t vehicle, gb_route_totals *out);
GB_API bool gb_route_solution_stop(const gb_route_solution *solution,
                                   uint32_t vehicle, uint32_t item,
                                   gb_route_stop *out);
/** The i-th unserved client, in the order of their numbers. */
GB_API bool gb_route_solution_reason(const gb_route_solution *solution,
                                     uint32_t i, gb_route_reason *out);
/** Where a client is served; *vehicle is GB_ROUTE_NONE when it is not. */
GB_API bool gb_route_solution_find(const gb_route_solution *solution,
                                   uint32_t client, uint32_t *vehicle,
                                   uint32_t *item);

/**
 * The routes as a gb_route_order wants them: `first` takes n_vehicles + 1
 * entries, `items` *needed of them.
 *
 * @return GB_OK; GB_ERR_BUFFER when capacity < *needed, with *needed set.
 */
GB_API gb_status gb_route_solution_order(const gb_route_solution *solution,
                                         uint32_t *first, uint32_t *items,
                                         size_t capacity, size_t *needed);

/** What gb_route_check() found.  Immutable. */
typedef struct gb_route_findings gb_route_findings;

/**
 * Check a solution against its problem: everything is recomputed from
 * nothing, by code that shares none with the search.
 *
 * @param out  The findings; none when all is right.
 * @return GB_OK, also with findings; GB_ERR_ARGUMENT, GB_ERR_DATA as
 *         gb_route_solve(), and when the solution has other numbers of
 *         clients or vehicles; GB_ERR_NOMEM.
 *
 * Ownership: free *out with gb_route_findings_free().
 * Cost: O(items * log shift); for a certified solution also O(unserved *
 *   items^2).
 */
GB_API gb_status gb_route_check(gb_context *ctx,
                                const gb_route_problem *problem,
                                const gb_route_solution *solution,
                                gb_route_findings **out);
GB_API size_t gb_route_findings_count(const gb_route_findings *findings);
/** A line such as "vehicle 3: ends at 61300 s, after its shift"; or NULL. */
GB_API const char *gb_route_findings_text(const gb_route_findings *findings,
                                          size_t i);
GB_API void gb_route_findings_free(gb_route_findings *findings);

#ifdef __cplusplus
}
#endif
#endif
