/*
 * call_territory_familiar.h - territory.solve for a file that says who knows
 * which area.
 */
#ifndef CALL_TERRITORY_FAMILIAR_H
#define CALL_TERRITORY_FAMILIAR_H

#include <gridbeat/grid.h>

#include "call_door.h"

gb_status call_territory_familiar(call *c, const gb_area_file *file,
                                  json_t **result);

#endif
