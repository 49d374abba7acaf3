/*
 * store_load.h - rows to arrays: what the module `plan` computes on.
 *
 * Each loader fills one struct whose memory is an arena of its own; indices
 * between structs are positions in the arrays given (branches, managers,
 * places), UINT32_MAX for none.  Rows come in the order of their references
 * (byte order), so that equal workspaces give equal arrays.  After a failure
 * the struct is empty, and every _clear takes an empty one.
 *
 * Degrees are WGS 84; metres those of the workspace's projected system.
 * Days are store_date.h's; times are seconds after midnight.
 * As everywhere below the door (store_db.h): between store_enter() and
 * store_leave(), errors go to workspace->run->ctx, one thread a workspace.
 */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include <gridbeat/geo.h>
#include <gridbeat/workspace.h>

#include "base_run.h"
#include "store_date.h"

#define STORE_NONE UINT32_MAX
#define STORE_NO_TIME INT32_MIN

typedef enum store_mode {
    STORE_MODE_FOOT = 0,
    STORE_MODE_EBIKE = 1,
    STORE_MODE_CAR = 2
} store_mode;

/* From best to worst; those after COMPOUND are coarse. */
typedef enum store_accuracy {
    STORE_ACCURACY_EXACT = 0,
    STORE_ACCURACY_BUILDING = 1,
    STORE_ACCURACY_COMPOUND = 2,
    STORE_ACCURACY_STREET = 3,
    STORE_ACCURACY_DISTRICT = 4,
    STORE_ACCURACY_NONE = 5
} store_accuracy;

typedef enum store_channel {
    STORE_CHANNEL_VISIT = 0,
    STORE_CHANNEL_SMS = 1,
    STORE_CHANNEL_NONE = 2
} store_channel;

/*
 * Whose rows: everything, an org node with all below it, a branch, or the
 * customers that a manager looks after.  Applied in SQL, before aggregation.
 */
typedef enum store_scope_kind {
    STORE_SCOPE_ALL = 0,
    STORE_SCOPE_ORG = 1,
    STORE_SCOPE_BRANCH = 2,
    STORE_SCOPE_MANAGER = 3,
    STORE_SCOPE_CREW = 4 /* a branch's managers and territories: of plans */
} store_scope_kind;

typedef struct store_scope {
    int32_t kind;
    int64_t id; /* of the row; 0 for all */
} store_scope;

/* "org:REF", "branch:REF", "manager:REF"; NULL or "" for all. */
gb_status store_scope_parse(gb_workspace *workspace,
                            const char *text, store_scope *out);

typedef struct store_org {
    int64_t id;
    const char *ref, *name, *level; /* name and level: "" when unknown */
    uint32_t parent;                /* of orgs */
} store_org;

typedef struct store_orgs {
    base_arena arena;
    store_org *items;
    size_t n;
} store_orgs;

typedef struct store_branch {
    int64_t id;
    const char *ref, *name;
    uint32_t org; /* of orgs, or none */
    gb_lonlat at;
} store_branch;

typedef struct store_branches {
    base_arena arena;
    store_branch *items;
    size_t n;
} store_branches;

typedef struct store_manager {
    int64_t id;
    const char *ref;
    uint32_t branch;
    int32_t mode; /* store_mode */
    int32_t shift_start_s, shift_end_s;
    int32_t break_from_s, break_to_s; /* STORE_NO_TIME without a break */
    int32_t break_s;
    int32_t hired_on;  /* day or STORE_NO_DAY */
    bool is_working;   /* on the date asked for */
} store_manager;

typedef struct store_managers {
    base_arena arena;
    store_manager *items;
    size_t n;
} store_managers;

typedef struct store_place {
    int64_t id;
    const char *ref, *name, *kind; /* compound, building, market */
    gb_lonlat at, gate;            /* the gate is the place where none is given */
    int32_t access_s;
} store_place;

typedef struct store_places {
    base_arena arena;
    store_place *items;
    size_t n;
} store_places;

typedef struct store_target {
    int64_t id; /* customer row */
    const char *ref;
    uint32_t branch, manager, place; /* manager: who looks after them */
    bool has_location;
    gb_lonlat at; /* 0, 0 without a location */
    int32_t accuracy;
    int64_t balance_fen, peak_24m_fen; /* peak is never below the balance */
    int32_t last_txn_on, opened_on;    /* days */
    int32_t last_visit_on;             /* before the date; or none */
    bool was_absent;                   /* at that visit */
    int32_t next_maturity_on;          /* of deposits, on or after the date */
    int64_t next_maturity_fen;         /* maturing on that day */
    int32_t n_products;                /* held on the date */
    bool has_fees;                     /* are they known? */
    int64_t fees_12m_fen;
    int32_t promised_on;               /* by when to be seen; or none */
    int32_t window_from_s, window_to_s; /* STORE_NO_TIME: any time */
    int32_t service_s;                 /* STORE_NO_TIME: the plan's default */
    bool do_not_visit, reach_sms;
    int32_t appointment_from_s, appointment_to_s; /* STORE_NO_TIME: none */
    uint32_t appointment_manager;
    uint32_t assigned;                 /* whose, whatever the territory: by an
                                          override, else as the lead; none */
    const char *grade, *grade_clause;  /* "" when not graded */
    int32_t channel;                   /* store_channel */
    const char *channel_rule, *suggest;
    const char *must_rule;             /* "" when not a must */
    int64_t score;                     /* prize points; 0 when not scored */
    double card_chance;                /* of success when met, as the card has
                                          it; NaN: not known */
    int64_t target_id;                 /* row of target */
    uint32_t first_tag, n_tags;        /* into tags of the struct */
    uint32_t cell;                     /* of cells; none when not assigned */
} store_target;

/* `tag` or `tag=value`, in byte order within a target. */
typedef struct store_targets {
    base_arena arena;
    store_target *items;
    const char **tags;
    size_t n, n_tags;
    int32_t on; /* the date */
} store_targets;

/* An appointment of a day to come: the customer's next one. */
typedef struct store_promise {
    uint32_t target;  /* index of targets */
    uint32_t manager; /* index of managers, STORE_NONE: whose target it is */
    int32_t day;
    int32_t from_s, to_s;
} store_promise;

typedef struct store_promises {
    base_arena arena;
    store_promise *items; /* at most one a target */
    size_t n;
} store_promises;

/*
 * The active set of basic areas, shapes in metres of the workspace's system.  The neighbours of cell c are
 * neighbour[first_neighbour[c]] up to first_neighbour[c + 1], each pair in
 * both directions, with the length of the common border.
 */
typedef struct store_cells {
    base_arena arena;
    int64_t set; /* cell_set row; 0 when there are no cells */
    size_t n, n_neighbours;
    int64_t *ids;
    const char **refs;
    const double *area_m2;
    gb_shapes shapes;
    const uint32_t *first_neighbour; /* n + 1 */
    const uint32_t *neighbour;
    const double *border_m;
} store_cells;

typedef struct store_territory {
    int64_t id;
    const char *ref;
    uint32_t branch, owner; /* of branches, of managers; on the date asked for */
    int32_t colour;         /* an index; neighbours differ */
    double activity;        /* in the version's measure */
    double fair;            /* what it should have of it; 0: not known */
    double area_m2;
    const char *exceeds_json; /* why the tolerance is not kept, or "" */
} store_territory;

typedef enum store_version_status {
    STORE_VERSION_DRAFT = 0,
    STORE_VERSION_APPROVED = 1,
    STORE_VERSION_ACTIVE = 2,
    STORE_VERSION_RETIRED = 3
} store_version_status;

typedef struct store_territories {
    base_arena arena;
    int64_t version; /* 0 when there is none */
    int32_t status;  /* store_version_status */
    int32_t active_from, active_until; /* days; until: first day no longer */
    store_territory *items;
    size_t n;
    const uint32_t *of_cell; /* index into items for each cell, or none */
    size_t n_cells;
} store_territories;

gb_status store_load_orgs(gb_workspace *workspace,
                          store_orgs *out);
/* `orgs` may be NULL: then every branch's org is none. */
gb_status store_load_branches(gb_workspace *workspace,
                              const store_orgs *orgs, store_branches *out);
/* With the working state on day `on`; a line for one beats one for all. */
gb_status store_load_managers(gb_workspace *workspace,
                              const store_branches *branches, int32_t on,
                              store_managers *out);
gb_status store_load_places(gb_workspace *workspace,
                            store_places *out);
/*
 * The targets that gb_segment_select() made for day `on`, of a scope.
 * `cells` may be NULL.
 */
gb_status store_load_targets(gb_workspace *workspace,
                             const store_branches *branches,
                             const store_managers *managers,
                             const store_places *places,
                             const store_cells *cells, store_scope scope,
                             int32_t on, store_targets *out);
/*
 * All customers of a scope, or the one of that reference, as if they were the
 * targets of that day: without grade, channel, rules and score.
 */
gb_status store_load_customers(gb_workspace *workspace,
                               const store_branches *branches,
                               const store_managers *managers,
                               const store_places *places, store_scope scope,
                               const char *only_ref, int32_t on,
                               store_targets *out);
/* The next appointments of targets, after their day and up to `until`. */
gb_status store_load_promises(gb_workspace *workspace,
                              const store_managers *managers,
                              const store_targets *targets, int32_t until,
                              store_promises *out);
void store_promises_clear(store_promises *promises);
/*
 * Whose visit did the last plan before their day put off to that day, or to
 * one that has passed?  is_foretold: one a target.
 */
gb_status store_load_foretold(gb_workspace *workspace,
                              const store_targets *targets,
                              bool *is_foretold);
gb_status store_load_cells(gb_workspace *workspace,
                           store_cells *out);
/* The same of another set than the active one. */
gb_status store_load_cells_of(gb_workspace *workspace, int64_t set,
                              store_cells *out);
/* The set of cells that a version of territories rests on; 0: no such one. */
gb_status store_load_set_of(gb_workspace *workspace, int64_t version,
                            int64_t *set);
/*
 * A version, or with version 0 the one in force on day `on`; without one the
 * answer is GB_OK and out->version 0.
 */
gb_status store_load_territories(gb_workspace *workspace,
                                 const store_branches *branches,
                                 const store_managers *managers,
                                 const store_cells *cells, int64_t version,
                                 int32_t on, store_territories *out);

void store_orgs_clear(store_orgs *orgs);
void store_branches_clear(store_branches *branches);
void store_managers_clear(store_managers *managers);
void store_places_clear(store_places *places);
void store_targets_clear(store_targets *targets);
void store_cells_clear(store_cells *cells);
void store_territories_clear(store_territories *territories);

/* All located customers, for territory workloads and density. */
typedef struct store_customer_point {
    int64_t id;
    uint32_t branch;
    gb_lonlat at;
    int64_t balance_fen;
    int64_t place_id; /* 0: none */
    int32_t accuracy; /* store_accuracy */
    bool is_target; /* of the date given */
} store_customer_point;

typedef struct store_customer_points {
    base_arena arena;
    store_customer_point *items;
    size_t n;
} store_customer_points;

gb_status store_load_customer_points(gb_workspace *workspace,
                                     const store_branches *branches,
                                     store_scope scope, int32_t on,
                                     store_customer_points *out);
/* Those between the two corners, borders included, and hardly any others. */
gb_status store_load_customer_points_in(gb_workspace *workspace,
                                        const store_branches *branches,
                                        store_scope scope, int32_t on,
                                        gb_lonlat south_west,
                                        gb_lonlat north_east,
                                        store_customer_points *out);
void store_customer_points_clear(store_customer_points *points);

#endif
