/*
 * store_load_shapes.h - outlines of places as shapes in metres.
 */
#ifndef STORE_LOAD_SHAPES_H
#define STORE_LOAD_SHAPES_H

#include <gridbeat/workspace.h>

#include "geo_shape.h"

/*
 * The polygons of compounds and markets, one shape each in the order of the
 * places' references, by `crs`.  `out` is initialised by the caller; broken
 * BLOBs are GB_ERR_INTEGRITY and name the place.
 */
gb_status store_load_outlines(gb_workspace *workspace, gb_crs *crs,
                              geo_shapes *out);

#endif
