/*
 * store_import_shape.h - a GeoJSON geometry to what the table keeps.
 */
#ifndef STORE_IMPORT_SHAPE_H
#define STORE_IMPORT_SHAPE_H

#include "store_import_write.h"

void import_shape_clear(import_shape *shape, base_mem *mem);

/*
 * A polygon in the declared datum, checked: rings closed and simple, within
 * the box.  `crs` NULL keeps degrees of WGS 84, else it is projected.  A
 * fault of the row is answered as such; another failure by *status.
 */
import_code import_shape_read(gb_context *ctx, const void *json,
                              gb_datum datum, const import_box *box,
                              gb_crs *crs, import_shape *shape,
                              import_fault *fault, gb_status *status);

#endif
