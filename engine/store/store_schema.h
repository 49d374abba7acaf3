/*
 * store_schema.h - the tables of a workspace and their versions.
 *
 * schema.sql is the newest version, views.sql what rules are written over;
 * both are compiled in.  PRAGMA user_version counts; a file of an older
 * version is migrated forward, a version a transaction, when it is opened for
 * writing.  STRICT tables declare `geom BLOB` and are registered with
 * RecoverGeometryColumn; those in the projected system once it is known.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store_db.h"

#define STORE_SCHEMA_VERSION 3
#define STORE_APPLICATION_ID 0x47425754 /* "GBWT" */

/* Make everything in an empty file, in one transaction. */
gb_status store_schema_create(gb_workspace *ws);

/*
 * Check that the file is a workspace, migrate it when it is older, and read
 * its epsg.  GB_ERR_SCHEMA when it is no workspace, newer than this library,
 * or older and opened read-only.
 */
gb_status store_schema_open(gb_workspace *ws);

/*
 * Choose the projected system, once: registers the geometry of cells and
 * territories in it.  Inside a transaction of the caller.  GB_ERR_STATE when
 * another one is chosen already.
 */
gb_status store_schema_set_epsg(gb_workspace *ws, int32_t epsg);

/*
 * The spatial index of a table's geom; nothing is done when it is there.
 * Inside a transaction of the caller.  store_rtree.h fills one at a stroke.
 */
gb_status store_index_make(gb_workspace *ws, const char *table);

#endif
