/*
 * route_json_own.h - our own JSON of problems, routes and solutions; the
 * schema is in data/ROUTE_JSON.md.
 */
#ifndef ROUTE_JSON_OWN_H
#define ROUTE_JSON_OWN_H

#include "route_file_internal.h"
#include "route_json.h"

#define ROUTE_JSON_FORMAT "gridbeat-route"

/* What a file of our own keeps; in its arena. */
typedef struct route_json_file {
    gb_route_order *start; /* NULL: none.  First, as in vroom_file. */
} route_json_file;

#endif
