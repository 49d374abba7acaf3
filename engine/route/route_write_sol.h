/*
 * route_write_sol.h - answers of the text formats, in the form of CVRPLIB's
 * .sol, and their figures.
 */
#ifndef ROUTE_WRITE_SOL_H
#define ROUTE_WRITE_SOL_H

#include "route_file_internal.h"

gb_status route_sol_figures(gb_context *ctx, const gb_route_file *file,
                            const gb_route_solution *solution,
                            gb_route_file_figures *out);
gb_status route_write_sol(gb_context *ctx, const gb_route_file *file,
                          const gb_route_solution *solution, base_text *text);

#endif
