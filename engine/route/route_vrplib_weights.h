/*
 * route_vrplib_weights.h - EDGE_WEIGHT_SECTION: the numbers as the file has
 * them, and where that of a pair stands.
 */
#ifndef ROUTE_VRPLIB_WEIGHTS_H
#define ROUTE_VRPLIB_WEIGHTS_H

#include "base_array.h"
#include "route_scan.h"

/* TSPLIB 95: which triangle, by rows or by columns, with its diagonal. */
typedef enum route_weight_form {
    ROUTE_WEIGHT_NONE = 0,
    ROUTE_WEIGHT_FULL,
    ROUTE_WEIGHT_LOWER,      /* rows: (1,0) (2,0) (2,1) ... */
    ROUTE_WEIGHT_LOWER_DIAG, /* (0,0) (1,0) (1,1) ... */
    ROUTE_WEIGHT_UPPER,      /* (0,1) (0,2) ... (1,2) ... */
    ROUTE_WEIGHT_UPPER_DIAG
} route_weight_form;

typedef struct route_weights {
    route_weight_form form;
    BASE_ARRAY(double) numbers;
} route_weights;

/* The form of that name; false when there is none, then *nearest is the one
 * that may be meant, or NULL. */
bool route_weight_form_parse(const char *name, route_weight_form *out,
                             const char **nearest);
/* How many numbers a file of n nodes has. */
size_t route_weights_expected(route_weight_form form, size_t n);
double route_weights_at(const void *weights, size_t n, size_t i, size_t j);

#endif
