/*
 * route_case_parts.h - between the files of route_case.h.
 */
#ifndef ROUTE_CASE_PARTS_H
#define ROUTE_CASE_PARTS_H

#include "route_case.h"

/* Add what size.features says to a made case. */
void route_case_add(route_case *made, route_case_size size, case_draw_fn draw,
                    void *source);

#endif
