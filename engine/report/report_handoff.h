/*
 * report_handoff.h - a plan for other people's programs: GPX for navigation,
 * ICS for calendars, and the fate of every target as CSV.
 */
#ifndef REPORT_HANDOFF_H
#define REPORT_HANDOFF_H

#include "base_text.h"
#include "store_save.h"

/* GPX 1.1: a track a route, a way point a stop, named by their numbers. */
void report_handoff_gpx(base_text *text, const store_plan *plan);
/* RFC 5545: an event a stop, in local time. */
void report_handoff_ics(base_text *text, const store_plan *plan);
/* A header, then a row a target: state, reason, score, grade, place. */
void report_handoff_targets(base_text *text, const store_plan *plan);

#endif
