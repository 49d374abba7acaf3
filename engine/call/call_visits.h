/*
 * call_visits.h - visits that were tried, out of a CSV file.
 *
 * Columns go by name: customer, date, at (09:30), outcome (met, refused,
 * absent), perhaps place and segment.  A row that is not as it should be is
 * told and left out; visits at an hour outside all slots are counted.
 */
#ifndef CALL_VISITS_H
#define CALL_VISITS_H

#include "call_names.h"
#include "call_score_csv.h"

enum { VISIT_MOST_SLOTS = 96, VISIT_KINDS = 2 }; /* workday, weekend */
#define VISIT_NONE UINT32_MAX /* no such unit is named */

typedef struct visit {
    uint32_t customer, place, segment;
    int32_t day;    /* after 1970-01-01 */
    uint16_t band;  /* kind of day times n_slots, and slot */
    uint8_t is_met; /* who refuses was there */
} visit;

typedef struct visits {
    int32_t borders_s[VISIT_MOST_SLOTS + 1]; /* rising, set by the caller */
    size_t n_slots;
    call_names customers, places, segments;
    BASE_ARRAY(visit) all; /* by day, then customer */
    score_rejects rejects;
    size_t n_outside;
} visits;

void visits_init(visits *all, base_mem *mem);
void visits_clear(visits *all);
/* Of an open file, which stays open. */
gb_status visits_take(gb_context *ctx, base_csv *csv, const char *path,
                      visits *out);

/* Seconds after midnight of HH:MM or HH:MM:SS, up to 24:00; -1: none. */
int32_t visit_time(const char *text);

#endif
