/*
 * route_vroom.h - VROOM's JSON (its docs/API.md, version 1.15): what was read,
 * for the model that is solved and for the answer that is written.
 *
 * Three steps: the file's rows (route_vroom_read.c), the problem made of them
 * (route_vroom_model.c), the answer (route_vroom_write.c), which is walked
 * anew by VROOM's own rules; where the model cannot say what VROOM means, the
 * model is the stricter one, so that every answer holds for VROOM too:
 *
 *  - VROOM pays `setup` after waiting, within the window, and not when the
 *    task before is at the same location.  A job alone at its location has it
 *    in its service.  Jobs that share one are a place, its access the longest
 *    set-up, and their windows begin so much later.
 *  - A break of VROOM may interrupt a leg; here it does not.
 *
 * Objective: VROOM's is the sum of priorities, then the number of jobs, then
 * cost.  Prizes say that: priority * P + Q with Q above all cost that a plan
 * can have and P above all Q together; see route_vroom_model.c.
 */
#ifndef ROUTE_VROOM_H
#define ROUTE_VROOM_H

#include "route_file_internal.h"
#include "route_json.h"

typedef struct vroom_window {
    int64_t early_s, late_s; /* on the file's clock */
} vroom_window;

typedef struct vroom_type_time { /* a row of service_per_type */
    const char *type;
    int64_t s;
} vroom_type_time;

typedef struct vroom_job {
    uint64_t id;
    const char *description; /* NULL: none */
    const char *coordinates; /* "[2.35,48.85]" as it stands, or NULL */
    uint32_t node;           /* in the JSON, for messages */
    uint32_t location;
    int64_t setup_s, service_s;
    int64_t priority;
    const int64_t *amounts; /* of each measure, delivered or picked up */
    const uint32_t *skills;
    uint32_t n_skills;
    uint32_t n_windows;
    const vroom_window *windows; /* in time; NULL: none */
} vroom_job;

typedef struct vroom_break {
    uint64_t id;
    const char *description;
    int64_t service_s;
    vroom_window window; /* the only one */
    bool is_windowed;
} vroom_break;

typedef struct vroom_vehicle {
    uint64_t id;
    const char *description, *profile_name, *type;
    const char *start_coordinates, *end_coordinates;
    uint32_t node;
    uint32_t profile, start, end; /* locations or GB_ROUTE_NONE */
    const int64_t *capacity;
    const uint32_t *skills;
    uint32_t n_skills;
    vroom_window window;
    bool is_windowed;
    bool is_idle; /* max_tasks is 0: no vehicle of the problem */
    uint32_t n_breaks;
    const vroom_break *breaks;
    int64_t fixed, per_hour, per_task_hour, per_km;
    bool has_per_hour;
    uint32_t speed_permille;
    int64_t max_tasks, max_travel_s, max_distance_m; /* 0: none */
    uint32_t prize_kind; /* those with equal per_task_hour */
    uint32_t steps;      /* node, or NONE */
} vroom_vehicle;

/* What the answer needs; in the file's arena. */
typedef struct vroom_file {
    gb_route_order *start; /* of the vehicles' steps; NULL: none.  First. */
    const vroom_job *jobs; /* as many as the problem has clients */
    const vroom_vehicle *vehicles; /* as the problem's */
    uint32_t n_jobs, n_vehicles;
    uint32_t n_measures;
    bool *is_pickup;  /* of each measure */
    bool has_indices; /* location_index is the user's */
    bool has_distances, has_priorities;
    int64_t clock_s; /* time 0 of the problem on the file's clock */
} vroom_file;

/* While it is read. */
typedef struct vroom_reader {
    gb_context *ctx;
    gb_route_file *file;
    vroom_file *own;
    const route_json *json;
    uint32_t jobs, vehicles, matrices, matrix; /* nodes */
    vroom_job *job_rows;
    vroom_vehicle *vehicle_rows;
    const char **profile_names;
    bool *measure_known;
    const gb_route_file_options *options;
    bool is_asked; /* travel is options->travel's; locations by coordinates */
    BASE_ARRAY(double) lonlat; /* of these, two each */
    int64_t dearest_task_hour;
} vroom_reader;

/* route_vroom_read.c: pieces of rows; NONE leaves what is there. */
gb_status route_vroom_take_text(vroom_reader *r, uint32_t node,
                                const char **out);
gb_status route_vroom_take_id(vroom_reader *r, uint32_t object, uint32_t node,
                              uint64_t *out);
gb_status route_vroom_take_skills(vroom_reader *r, uint32_t node,
                                  const uint32_t **out, uint32_t *n);
gb_status route_vroom_take_amounts(vroom_reader *r, uint32_t node,
                                   const int64_t **out);
gb_status route_vroom_take_window(const vroom_reader *r, uint32_t node,
                                  vroom_window *out);
gb_status route_vroom_take_windows(vroom_reader *r, uint32_t node,
                                   const vroom_window **out, uint32_t *n);
gb_status route_vroom_take_location(vroom_reader *r, uint32_t object,
                                    uint32_t index_node, uint32_t place_node,
                                    const char *index_key,
                                    const char *place_key, uint32_t *location,
                                    const char **coordinates);
/* route_vroom_vehicle.c */
gb_status route_vroom_take_vehicles(vroom_reader *r);

/* ---- route_vroom_prize.c ---- */

/* What of a point a unit of VROOM's cost is: num / den. */
typedef struct vroom_unit {
    int64_t num, den;
} vroom_unit;

typedef struct vroom_prizes {
    int64_t per_priority, per_job; /* P and Q */
    int64_t step;                  /* the gcd of all priorities */
} vroom_prizes;

bool route_vroom_scaled(int64_t value, const vroom_unit *unit, int64_t most,
                        int64_t *out);
bool route_vroom_rate_of(const vroom_vehicle *v,
                         const gb_route_profile *profile,
                         const vroom_unit *unit, int64_t *per_s,
                         int64_t *per_m);
void route_vroom_number_kinds(vroom_reader *r);
int64_t route_vroom_task_cost(const vroom_job *job, int64_t per_task_hour,
                              const vroom_unit *unit);
gb_status route_vroom_choose_unit(const vroom_reader *r, vroom_unit *unit,
                                  vroom_prizes *prizes);

/* Rows into the problem; the file is finished then. */
gb_status route_vroom_model(vroom_reader *r);

gb_status route_vroom_read(gb_context *ctx, const route_file_source *source,
                           gb_route_file *file);
gb_status route_vroom_write(gb_context *ctx, const gb_route_file *file,
                            const gb_route_solution *solution, base_text *text);
gb_status route_vroom_read_routes(gb_context *ctx, const gb_route_file *file,
                                  const route_file_source *source,
                                  gb_route_file_routes *routes);
gb_status route_vroom_figures(gb_context *ctx, const gb_route_file *file,
                              const gb_route_solution *solution,
                              gb_route_file_figures *out);

#endif
