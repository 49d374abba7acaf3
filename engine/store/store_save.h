/*
 * store_save.h - arrays to rows: cells, territories, scores, density, plans.
 *
 * Each save is one write transaction: after a failure, whatever it is, the
 * workspace is as it was.  Saving the same thing again replaces it, and gives
 * the same rows.  Ids are those of the loaders (store_load.h).
 */
#ifndef STORE_SAVE_H
#define STORE_SAVE_H

#include "store_load.h"

/* Shapes in metres of the workspace's system. Borrowed during the call. */
typedef struct store_cells_in {
    const char *source;         /* "given", "roads" or "raster" */
    const char *input_digest;   /* NULL = "" */
    size_t n;
    const char *const *refs;    /* NULL: cell00001, cell00002, ... */
    gb_shapes shapes;           /* n_shapes = n */
    const uint32_t *first_neighbour; /* n + 1; each pair in both directions */
    const uint32_t *neighbour;
    const double *border_m;
    const gb_shapes *region;    /* one shape; NULL: the union of the cells */
} store_cells_in;

/*
 * A new active set of cells; the one until now stays for the territory
 * versions that rest on it, and goes when there are none.
 */
gb_status store_save_cells(gb_workspace *workspace,
                           const store_cells_in *cells);

/*
 * Which cell each customer lies in: customer ids and indices of `cells`,
 * STORE_NONE for outside.  Replaces the whole table.
 */
gb_status store_save_customer_cells(gb_workspace *workspace,
                                    const store_cells *cells,
                                    const int64_t *customers,
                                    const uint32_t *cell, size_t n);

typedef struct store_territory_in {
    const char *ref;        /* stable between versions: "b01-g03" */
    int64_t branch_id;
    int64_t owner_id;       /* manager; 0: none yet */
    int32_t colour;
    double activity;
    const char *exceeds_json; /* NULL or "": the tolerance is kept */
} store_territory_in;

/* What a version was balanced by. */
typedef struct store_measure_in {
    const char *name;         /* "workload_s", "targets", "value_fen", ... */
    double tolerance;         /* as a ratio; below 0: none */
    const double *of_cell;    /* one a cell */
    const double *fair;       /* what each territory should have; NULL: as
                                 much as all others */
} store_measure_in;

typedef struct store_territories_in {
    const store_territory_in *items;
    size_t n;
    const uint32_t *of_cell;  /* an index of items for each cell, STORE_NONE
                                 where there is none: the check will say so */
    const gb_shapes *outlines; /* one a territory in metres; NULL: none */
    int32_t owner_from;       /* the day from which owners own */
    const char *options_json, *input_digest, *measure; /* NULL: defaults */
    const store_measure_in *measures; /* kept for show, diff and edit */
    size_t n_measures;
    int64_t made_from;        /* the version it was made out of; 0: none */
    const char *note;         /* why; NULL: "" */
} store_territories_in;

/* Save a draft; answers its version. */
gb_status store_save_territories(gb_workspace *workspace,
                                 const store_cells *cells,
                                 const store_territories_in *territories,
                                 int64_t *version);
/* A draft becomes approved; GB_ERR_STATE for any other. */
gb_status store_territory_approve(gb_workspace *workspace,
                                  int64_t version);
/*
 * An approved version is in force from day `on`; the one in force until then
 * ends there, and later ones are retired: any date has one version at most.
 */
gb_status store_territory_activate(gb_workspace *workspace,
                                   int64_t version, int32_t on);
/* What no plan can be below, as JSON; NULL takes it away. */
gb_status store_territory_set_bound(gb_workspace *workspace, int64_t version,
                                    const char *bound_json);
/* A territory's owner from day `on` on, in place of the one until then. */
gb_status store_territory_set_owner(gb_workspace *workspace,
                                    int64_t territory_id, int64_t manager_id,
                                    int32_t on);

/* The parts of score i are parts[i * n_parts ...]: they sum up to values[i],
 * or to the card's points where the card prices visits (store_values).
 * With the card also what it saw: of score i seen[i * n_columns ...], NaN for
 * what is not known. */
typedef struct store_scores {
    int32_t on;
    size_t n, n_parts;
    const char *const *part_names; /* plain words: they become JSON keys */
    const int64_t *customers;
    const int64_t *values;
    const int64_t *parts;
    const char *card_json; /* NULL: what was kept before stays */
    size_t n_columns;
    const char *const *columns;
    const double *seen;
} store_scores;

/* GB_ERR_NOT_FOUND for a customer who is no target of that day. */
gb_status store_save_scores(gb_workspace *workspace,
                            const store_scores *scores);

/* What visits to the targets of a day are worth, as gridbeat/value.h has it.
 * Parts of row i are at i * n_...; all borrowed. */
typedef struct store_values {
    int32_t on;
    size_t n;
    const int64_t *customers;
    const int64_t *card_points, *contribution_fen, *at_stake_fen;
    const double *chance, *urgency; /* chance NaN: none */
    const double *card_chance;      /* before calibration; NaN: none */
    const int32_t *loyalty;         /* below 0: none */
    const char *const *box;         /* NULL: none */
    size_t n_contribution, n_loyalty, n_urgency;
    const char *const *contribution_names, *const *loyalty_names,
        *const *urgency_names;
    const int64_t *contribution_parts, *at_stake_parts;
    const int32_t *loyalty_parts;
    const double *urgency_parts;
} store_values;

/* Replaces those of that day; GB_ERR_NOT_FOUND for a customer who is no
 * target of it. */
gb_status store_save_values(gb_workspace *workspace,
                            const store_values *values);

/* What customers are worth, targets or not: replaces those of them all.  Of
 * `values` no parts, urgency and chance are looked at. */
gb_status store_save_customer_values(gb_workspace *workspace,
                                     const store_values *values);

/* One target's row; that there is none is no error. */
typedef struct store_value {
    bool is_there;
    int64_t score, card_points, contribution_fen, at_stake_fen;
    double chance, urgency; /* chance NaN: none */
    int32_t loyalty;        /* below 0: none */
    const char *box, *parts_json; /* in the arena; box "": none */
} store_value;
gb_status store_load_value(gb_workspace *workspace, int32_t on,
                           const char *customer_ref, base_arena *arena,
                           store_value *out);

/* A kernel density on a raster, on the cells, or both. */
typedef struct store_density {
    base_arena arena; /* of a loaded one */
    const char *layer, *kernel;
    int32_t on, epsg;
    double bandwidth_m;
    const char *weight;     /* what a customer weighs: "count", "fen" */
    uint64_t n_points;
    double min_x_m, min_y_m, pixel_m; /* the south-west corner, not a centre */
    uint32_t n_columns, n_rows;
    const double *per_km2;  /* n_rows * n_columns, rows from the south */
    const double *cell_per_km2; /* one a cell of the active set, or NULL */
    size_t n_cells;
} store_density;

/* Replaces the layer of that name and date. */
gb_status store_save_density(gb_workspace *workspace,
                             const store_density *density);
/* GB_ERR_NOT_FOUND when there is no such layer on that date. */
gb_status store_load_density(gb_workspace *workspace,
                             const char *layer, int32_t on,
                             store_density *out);
void store_density_clear(store_density *density);

/* The one state in which every target ends (DESIGN 4.9). */
typedef enum store_plan_state {
    STORE_PLANNED = 0,
    STORE_OTHER_CHANNEL = 1,
    STORE_DEFERRED = 2,
    STORE_CROWDED_OUT = 3,
    STORE_IMPOSSIBLE = 4,
    STORE_SET_ASIDE = 5,
    STORE_N_STATES = 6
} store_plan_state;

/* "planned", "other_channel", ... */
const char *store_plan_state_name(int32_t state);

/* A visit; those of one place in a row share a stop_no and its access. */
typedef struct store_stop {
    int64_t customer_id;
    const char *ref;      /* filled by the loader, ignored by the save */
    int64_t place_id;     /* 0: none */
    const char *place_ref; /* filled by the loader, "" for none */
    uint32_t stop_no;     /* 1, 2, ... within the route */
    gb_lonlat at;
    int64_t travel_s, travel_m;       /* from the stop before; 0 within one */
    int64_t arrive_s, start_s, end_s; /* start: of service */
    int64_t prize;
    bool is_must;
    const char *grade;    /* filled by the loader */
} store_stop;

typedef struct store_route {
    int64_t manager_id, branch_id;
    const char *manager_ref, *branch_ref; /* filled by the loader */
    int32_t day;
    int32_t mode;               /* store_mode */
    int64_t leave_s, back_s;
    int64_t break_start_s, break_end_s; /* STORE_NO_TIME: none */
    int64_t travel_s, travel_m; /* with the way home */
    int64_t service_s, wait_s;  /* service with access */
    int64_t prize;
    const char *figures_json;   /* NULL or "" = "{}" */
    uint32_t first_stop, n_stops;   /* into stops, in order of the visits */
    uint32_t first_point, n_points; /* into path; fewer than two: no line */
} store_route;

typedef struct store_plan_target {
    int64_t customer_id;
    const char *ref;      /* filled by the loader */
    int32_t state;        /* store_plan_state */
    uint32_t stop;        /* of stops; STORE_NONE unless planned */
    int32_t until;        /* day, of the deferred; else STORE_NO_DAY */
    int64_t manager_id;   /* whose target it is; 0: nobody's */
    int64_t territory_id; /* 0: none */
    int64_t score;        /* filled by the loader */
    const char *channel, *grade, *must_rule; /* filled by the loader */
    gb_lonlat at;         /* filled by the loader, with has_location */
    bool has_location;
    int32_t accuracy;     /* store_accuracy; filled by the loader */
    const char *reason;   /* a stable code: "sms_main", "no_time", ... */
    const char *reason_json; /* its figures; NULL or "" = "{}" */
} store_plan_target;

typedef struct store_plan {
    base_arena arena; /* of a loaded one */
    int64_t id;       /* of a loaded one */
    int32_t from, to; /* days, both included */
    int32_t as_of;    /* of its targets */
    uint64_t seed;
    int64_t territory_version; /* 0: none */
    const char *input_digest, *options_json, *summary_json; /* NULL: default */
    store_route *routes;
    store_stop *stops;
    store_plan_target *targets;
    gb_lonlat *path;
    size_t n_routes, n_stops, n_targets, n_path;
} store_plan;

/*
 * Replace the draft of the same days.  Refuses with GB_ERR_INTERNAL a plan
 * whose targets are not exactly the targets of `as_of`, each once, or whose
 * stops are not those of its planned targets: counts that do not add up never
 * reach the file.
 */
gb_status store_save_plan(gb_workspace *workspace,
                          const store_plan *plan);
/*
 * The plan that has day `on`: routes of all its days by day and manager
 * reference, targets by reference.  GB_ERR_NOT_FOUND.
 */
gb_status store_load_plan(gb_workspace *workspace, int32_t on,
                          store_scope scope, store_plan *out);
/* The same without its targets. */
gb_status store_load_routes(gb_workspace *workspace, int32_t on,
                            store_scope scope, store_plan *out);
void store_plan_clear(store_plan *plan);

#endif
