/*
 * plan_crossings.h - how many streets lead on foot from cell to cell.
 *
 * A street that runs along a border belongs to both its sides: cells are cut
 * along streets.  So a point of a street is in the lowest and in the highest
 * of the cells within a metre of it, and a street crosses from a to b where
 * one point of it is in a and the next one in b, by either.
 */
#ifndef PLAN_CROSSINGS_H
#define PLAN_CROSSINGS_H

#include "plan_data.h"

/*
 * data must have roads.  crossings: as cells.neighbour; has_streets: for each
 * cell, whether any street of those on foot comes into it.
 */
gb_status plan_crossings(plan_data *data, uint32_t *crossings,
                         uint8_t *has_streets);

#endif
