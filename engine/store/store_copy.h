/*
 * store_copy.h - a workspace as a whole: how much is in it, and a copy of it.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store_db.h"

enum { STORE_N_TALLIES = 10 };

/* Rows of a table; `what` is a key, as "customers". */
typedef struct store_tally {
    const char *what;
    int64_t n;
} store_tally;

/* The counts are of one moment. */
gb_status store_tally_rows(gb_workspace *ws, store_tally out[STORE_N_TALLIES]);

/*
 * Copy the workspace as it is at this moment, writers or not, packed.  The
 * copy is written under another name and renamed when it is whole and on the
 * disk.  GB_ERR_STATE when `path` exists already; GB_ERR_IO.
 */
gb_status store_copy_to(gb_workspace *ws, const char *path);

#endif
