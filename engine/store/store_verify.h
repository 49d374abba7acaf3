/*
 * store_verify.h - is the file whole?
 *
 * A broken geometry crashes libspatialite (TRAPS), so every one is read here
 * by our own strict reader, as bytes, and nothing of SpatiaLite is called.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store_db.h"

/* GB_ERR_INTEGRITY naming the first thing that is broken. */
gb_status store_verify(gb_workspace *ws);

#endif
