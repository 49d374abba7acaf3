/*
 * route_read.h - the readers of the text formats; see route_file_internal.h
 * for what they fill.
 */
#ifndef ROUTE_READ_H
#define ROUTE_READ_H

#include "route_file_internal.h"

gb_status route_read_vrplib(gb_context *ctx, const route_file_source *source,
                            gb_route_file *file);
gb_status route_read_solomon(gb_context *ctx, const route_file_source *source,
                             gb_route_file *file);
gb_status route_read_cordeau(gb_context *ctx, const route_file_source *source,
                             gb_route_file *file);
gb_status route_read_toptw(gb_context *ctx, const route_file_source *source,
                           gb_route_file *file);
/* A solution of any of them. */
gb_status route_read_sol(gb_context *ctx, const gb_route_file *file,
                         const route_file_source *source,
                         gb_route_file_routes *routes);

#endif
