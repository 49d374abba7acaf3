/*
 * call_route.h - what the methods of routes share: the problem of a file or of
 * the call itself, routes that are given, and a plan as JSON.
 *
 * Figures are those of the instance (gridbeat/route_file.h): a cost of 27591
 * is what the field's tables say.
 */
#ifndef CALL_ROUTE_H
#define CALL_ROUTE_H

#include <gridbeat/route_file.h>
#include <gridbeat/route_json.h>
#include <gridbeat/route_reason.h>

#include "call_door.h"

enum { CALL_ROUTE_FALSE = 1, CALL_ROUTE_MUST = 5 }; /* codes of answers */

typedef struct call_route {
    call *c;
    gb_route_file *file;
    gb_route_file_facts facts;
    const gb_route_problem *problem; /* of the file */
    bool has_clock; /* its times are seconds of a day, not a unit of length */
    int32_t goal;   /* call_route_goal: what one number says of a plan */
    int64_t constant; /* cost is this less the value, in points */
} call_route;

typedef enum call_route_goal {
    CALL_ROUTE_COST,  /* the least */
    CALL_ROUTE_PRIZE, /* the most */
    CALL_ROUTE_VALUE  /* prize less cost, the most */
} call_route_goal;

/* The parameters of call_route_open(): "file", "problem", "form", "vehicles",
 * "rounding", "scale". */
#define CALL_ROUTE_PARAMS                                                     \
    { .name = "file", .type = CALL_PATH, .is_positional = true,               \
      .help = GB_N("the problem: VRPLIB, Solomon, Cordeau, TOPTW, VROOM's "   \
                   "JSON or our own (data/ROUTES.md)") },                     \
    { .name = "problem", .type = CALL_DOCUMENT,                               \
      .help = GB_N("the same as JSON in the call") },                         \
    { .name = "form", .type = CALL_ENUM,                                      \
      .choices = "vrplib|solomon|cordeau|toptw|vroom|json",                   \
      .help = GB_N("the format of the problem; else told from its content") },\
    { .name = "vehicles", .type = CALL_INT, .min = 1, .max = 1000000,         \
      .help = GB_N("how many vehicles, where all are alike; else as the "     \
                   "file says") },                                            \
    { .name = "rounding", .type = CALL_ENUM, .choices = "nearest|down|up",    \
      .help = GB_N("how lengths become whole numbers; else as the field "     \
                   "compares this format") },                                 \
    { .name = "roads", .type = CALL_PATH,                                     \
      .help = GB_N("a road index for the travel times of VROOM's places "     \
                   "that have coordinates and no matrix") },                  \
    { .name = "scale", .type = CALL_INT, .min = 1, .max = 100000,             \
      .help = GB_N("units of cost for one unit of the file; else as the "     \
                   "field compares this format") }
/* A gb_route_travel_fn by the parameter roads; `user` is the call. */
gb_status call_route_travel(void *user, gb_context *ctx, const char *profile,
                            const double *lonlat, size_t n, int32_t *seconds,
                            int32_t *metres);
/* The parameters of call_route_give(). */
#define CALL_ROUTE_OUT_PARAMS                                                 \
    { .name = "out", .type = CALL_PATH,                                       \
      .help = GB_N("the solution, in the form that belongs to the problem: "  \
                   "CVRPLIB's .sol, VROOM's answer, our own JSON") },         \
    { .name = "write", .type = CALL_ENUM,                                     \
      .choices = "sol|vroom|json|geojson",                                    \
      .help = GB_N("the solution in this form instead") }

/* The choices of "write", in their order. */
typedef enum call_route_form {
    CALL_ROUTE_OF_FILE = -1, /* that of the problem */
    CALL_ROUTE_SOL,
    CALL_ROUTE_VROOM,
    CALL_ROUTE_JSON,
    CALL_ROUTE_GEOJSON
} call_route_form;

/* Read the problem; call_route_close() takes it in any state. */
gb_status call_route_open(call *c, call_route *r);
void call_route_close(call_route *r);

/*
 * What is left of a limit of time that is one of the whole call: less what
 * reading took, and what writing will.  At least 1; 0 where limit_ms is 0.
 */
int64_t call_route_time_left(const call_route *r, int64_t limit_ms);

/* A client, a vehicle by its name; GB_ERR_NOT_FOUND names the nearest one. */
gb_status call_route_find_client(const call_route *r, const char *name,
                                 uint32_t *out);
gb_status call_route_find_vehicle(const call_route *r, const char *name,
                                  uint32_t *out);
/*
 * The engine counts from 0: put names in the place of numbers behind "client"
 * and "vehicle".  In a text, to be freed with base_free(), NULL: no memory;
 * and in the words of an error, whose status is handed back.
 */
char *call_route_name_in(const call_route *r, const char *text);
gb_status call_route_named(const call_route *r, gb_status status);
/* A time of day, as 10:30 or in seconds; false when it is absent or none. */
bool call_route_clock(const char *text, int32_t *out_s);

/* The routes that a CALL_DOCUMENT names or is; NULL where it is absent. */
gb_status call_route_read(const call_route *r, const char *param,
                          gb_route_file_routes **out);

/*
 * What a value (thousandths of a point, upper: that no plan is above) says of
 * the figure of the goal; exact where the goal is not the prize alone.
 */
double call_route_figure(const call_route *r, double value_milli);
/* A prize in points as people know it. */
int64_t call_route_prize(const call_route *r, int64_t points);
/* A change of the value, as that: the cost is left out where prizes come
 * before it. */
int64_t call_route_gain(const call_route *r, int64_t milli);
json_t *call_route_bound_json(const call_route *r, int64_t upper_milli);

/* Progress in figures of the instance, between these two. */
typedef struct call_route_telling {
    const call_route *r;
    gb_progress_fn told; /* the caller's */
    void *user;
} call_route_telling;
void call_route_begin_telling(const call_route *r, call_route_telling *t);
void call_route_end_telling(call_route_telling *t);

/*
 * call_route_bound.c: prove how much better than *plan (or, where that is
 * NULL, at all) any plan could be, and describe it: bound, gap, closed, ...
 * *plan is replaced when a better one was met.
 */
gb_status call_route_prove(const call_route *r, int64_t time_limit_ms,
                           gb_route_solution **plan, json_t **described);

/* ---- a plan as JSON ---- */

/* Names as the file has them, as numbers where they are numbers. */
json_t *call_route_client(const call_route *r, uint32_t client);
json_t *call_route_vehicle(const call_route *r, uint32_t vehicle);
/* Thousandths of a point in points. */
json_t *call_route_points(int64_t milli);

/* Sums, routes with their stops, and who is not served; NULL: no memory. */
json_t *call_route_describe(const call_route *r,
                            const gb_route_solution *solution,
                            const gb_route_file_figures *figures);

/* call_route_words.c: why a client is not served, or is as it is; as data and
 * as a line. */
json_t *call_route_reason_json(const call_route *r,
                               const gb_route_reason *reason);
json_t *call_route_served_json(const call_route *r,
                               const gb_route_served_reason *reason);
/* Who is not served, each with the reason. */
json_t *call_route_unserved_json(const call_route *r,
                                 const gb_route_solution *solution);

/*
 * Write the solution where "out" says, and read it again: what was written is
 * what the answer tells.  Without "out" it is a document where "write" names
 * its form, else nothing.
 */
gb_status call_route_give(const call_route *r,
                          const gb_route_solution *solution, json_t *result);

/* The blocks that show what call_route_describe() made. */
extern const call_column call_route_clock_columns[];
extern const call_column call_route_plain_columns[];
extern const call_column call_route_sum_columns[];
extern const call_column call_route_time_columns[];
extern const call_column call_route_unserved_columns[];
enum {
    CALL_ROUTE_N_CLOCK = 9,
    CALL_ROUTE_N_PLAIN = 7,
    CALL_ROUTE_N_SUM = 5,
    CALL_ROUTE_N_TIME = 4,
    CALL_ROUTE_N_UNSERVED = 3,
    CALL_ROUTE_SHOWN = 10 /* of those who are not served */
};
#define CALL_ROUTE_BLOCKS                                                     \
    { .when = "clock", .rows = "routes",                                      \
      .columns = call_route_clock_columns, .n_columns = CALL_ROUTE_N_CLOCK }, \
    { .when = "plain", .rows = "routes",                                      \
      .columns = call_route_plain_columns, .n_columns = CALL_ROUTE_N_PLAIN }, \
    { .when = "unserved", .rows = "unserved", .most = CALL_ROUTE_SHOWN,       \
      .text = GB_N("not served: {n_unserved}"),                               \
      .columns = call_route_unserved_columns,                                 \
      .n_columns = CALL_ROUTE_N_UNSERVED },                                   \
    { .columns = call_route_sum_columns, .n_columns = CALL_ROUTE_N_SUM },     \
    { .when = "clock",                                                        \
      .columns = call_route_time_columns, .n_columns = CALL_ROUTE_N_TIME }
/* What call_route_give() did; and last, where the eye is, who is missing. */
#define CALL_ROUTE_LAST_BLOCKS                                                \
    { .when = "document", .text = GB_N("{document}") },                       \
    { .when = "file", .text = GB_N("written: {file}") },                      \
    { .when = "musts_unserved",                                               \
      .text = GB_N("WARNING: {musts_unserved} who must be served are not") }

#endif
