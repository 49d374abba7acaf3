/*
 * grid_door.h - what a caller of gridbeat/grid.h gives, checked and copied:
 * behind the door nothing is checked again.
 *
 * Each fills *to with `from` of any version, its defaults in their places.
 */
#ifndef GRID_DOOR_H
#define GRID_DOOR_H

#include <gridbeat/grid.h>

#include "base_check.h"

/* Ids and arcs stay well inside of 32 bits; branches and territories too. */
enum { GRID_MOST_AREAS = 1 << 28 };

gb_status grid_door_areas(gb_context *ctx, gb_areas *to,
                          const gb_areas *from);
gb_status grid_door_rules(gb_context *ctx, const gb_areas *areas,
                          gb_territory_rules *to,
                          const gb_territory_rules *from);
/* After areas and rules, which it asks how many there are. */
gb_status grid_door_options(gb_context *ctx, const gb_areas *areas,
                            const gb_territory_rules *rules,
                            gb_territory_options *to,
                            const gb_territory_options *from);
/* Rules with a frozen territory mean something only beside the plan before. */
gb_status grid_door_needs_previous(gb_context *ctx,
                                   const gb_territory_rules *rules,
                                   const uint32_t *previous);
gb_status grid_door_catchment(gb_context *ctx, const gb_areas *areas,
                              size_t n_branches, gb_catchment_options *to,
                              const gb_catchment_options *from);

#endif
