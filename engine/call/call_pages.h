/*
 * call_pages.h - the pages of a night: each branch's map and route sheets.
 */
#ifndef CALL_PAGES_H
#define CALL_PAGES_H

#include "call_door.h"

#include <gridbeat/roads.h>

/*
 * Writes the pages into the folder `out`, or else bank.out/DATE for bank.gb,
 * several branches side by side where the call may use threads.  Adds "pages"
 * and "folder" to the result of the night, and its time to "timing".
 */
gb_status call_pages_write(call *c, const gb_roads *roads, json_t *result);

#endif
