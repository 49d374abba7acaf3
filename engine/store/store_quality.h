/*
 * store_quality.h - what is doubtful in the data that were loaded.
 *
 * Not what import refuses, one row at a time, but what only shows when all is
 * there: likely duplicates, customers nobody can find, fields left empty.  A
 * finding is a SELECT of the references concerned, in their order.
 */
#ifndef STORE_QUALITY_H
#define STORE_QUALITY_H

#include "store_db.h"

enum { STORE_QUALITY_SAMPLES = 5 };

/* The findings as a JSON array; those with nothing found too, count 0. */
gb_status store_quality_json(gb_workspace *ws, base_text *json);

#endif
