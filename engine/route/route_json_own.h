/*
 * route_json_own.h - our own JSON of problems, routes and solutions; the
 * schema is in data/ROUTE_JSON.md.
 *
 * What is one number of a client or a vehicle stands in a table that reading
 * and writing share (route_json_own.c); lists and matrices are each their own.
 */
#ifndef ROUTE_JSON_OWN_H
#define ROUTE_JSON_OWN_H

#include "route_file_internal.h"
#include "route_json.h"

#define ROUTE_JSON_PROBLEM "gridbeat-route"
#define ROUTE_JSON_SOLUTION "gridbeat-route-solution"
enum { ROUTE_JSON_VERSION = 1 };

/* What a file of our own keeps; in its arena. */
typedef struct route_json_file {
    gb_route_order *start;       /* NULL: none.  First, as in vroom_file. */
    const char **location_names; /* NULL: none has one */
    bool is_lonlat;              /* xy are degrees */
} route_json_file;

typedef enum route_json_number {
    ROUTE_JSON_INT32,
    ROUTE_JSON_UINT32,
    ROUTE_JSON_INT64,
    ROUTE_JSON_FLAG
} route_json_number;

/* A member that is one number. */
typedef struct route_json_field {
    const char *key;
    route_json_number type;
    size_t offset;
    int64_t low, high;
    int64_t absent; /* what it is without the key, and not written */
    bool is_needed;
} route_json_field;

typedef struct route_json_fields {
    const route_json_field *items;
    size_t n;
} route_json_fields;

extern const route_json_fields ROUTE_JSON_CLIENT;  /* of route_file_client */
extern const route_json_fields ROUTE_JSON_VEHICLE; /* of gb_route_vehicle */

/* The keys beside those, in the order of their numbers. */
enum {
    CLIENT_NAME,
    CLIENT_WINDOWS,
    CLIENT_VEHICLES,
    CLIENT_LOADS,
    CLIENT_SKILLS,
    CLIENT_SLOT_PRIZES,
    CLIENT_KIND_PRIZES,
    CLIENT_N
};
enum {
    VEHICLE_NAME,
    VEHICLE_BREAKS,
    VEHICLE_CAPACITY,
    VEHICLE_SKILLS,
    VEHICLE_N
};
extern const char *const ROUTE_JSON_CLIENT_KEYS[CLIENT_N];
extern const char *const ROUTE_JSON_VEHICLE_KEYS[VEHICLE_N];

int64_t route_json_load(const route_json_field *field, const void *row);
void route_json_store(const route_json_field *field, void *row, int64_t value);

gb_status route_own_read(gb_context *ctx, const route_file_source *source,
                         gb_route_file *file);
gb_status route_own_read_routes(gb_context *ctx, const gb_route_file *file,
                                const route_file_source *source,
                                gb_route_file_routes *routes);
/* Routes of a list, into order arrays from base_alloc; the file is finished. */
typedef struct route_own_routes {
    BASE_ARRAY(uint32_t) vehicles; /* of each item */
    BASE_ARRAY(uint32_t) items;
    uint32_t *n_frozen; /* of each vehicle */
    bool has_frozen;
} route_own_routes;
gb_status route_own_take_routes(gb_context *ctx, const gb_route_file *file,
                                const route_json *json, uint32_t list,
                                route_own_routes *out);
void route_own_clear_routes(gb_context *ctx, route_own_routes *routes);

/* A solution of any file; route_own_write_problem() of a checked problem,
 * `file` (names and places) may be NULL. */
gb_status route_own_write(gb_context *ctx, const gb_route_file *file,
                          const gb_route_solution *solution, base_text *text);
gb_status route_own_write_problem(gb_context *ctx,
                                  const gb_route_problem *problem,
                                  const gb_route_file *file, base_text *text);

/* As GeoJSON; the file's places are degrees. */
void route_own_write_geo(const gb_route_file *file,
                         const gb_route_solution *solution, base_text *text);
bool route_own_is_lonlat(const gb_route_file *file);

#endif
