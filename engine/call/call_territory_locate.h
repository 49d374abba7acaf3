/*
 * call_territory_locate.h - territory.solve for a file of the capacitated
 * p-median.
 */
#ifndef CALL_TERRITORY_LOCATE_H
#define CALL_TERRITORY_LOCATE_H

#include <gridbeat/grid.h>

#include "call_door.h"

gb_status call_territory_locate(call *c, const gb_area_file *file,
                                json_t **result);

#endif
