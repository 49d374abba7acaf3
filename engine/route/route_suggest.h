/*
 * route_suggest.h - windows to offer to a customer who calls.
 *
 * The plan stands, with its promises; the client is put into each gap once for
 * each window of a grid, its own windows cut to it, and priced exactly.
 */
#ifndef ROUTE_SUGGEST_H
#define ROUTE_SUGGEST_H

#include "route_replan.h"

/* `replan` is repaired, and client c in none of its routes. */
gb_status route_suggest(route_replan *replan, uint32_t c,
                        const gb_route_suggest_options *options,
                        gb_route_suggestion *out, size_t capacity, size_t *n);

#endif
