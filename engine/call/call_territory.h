/*
 * call_territory.h - what the methods of territories share: versions and
 * territories as JSON.
 */
#ifndef CALL_TERRITORY_H
#define CALL_TERRITORY_H

#include "call_steps.h"
#include "store_territory_figures.h"

enum { CALL_CODE_FALSE = 1, CALL_CODE_MUST = 5 };

/* "draft", "approved", "active", "retired". */
const char *call_version_state(int32_t state);
/* A day as text, null for STORE_NO_DAY. */
json_t *call_day_json(int32_t day);
/* The day of a parameter; STORE_NO_DAY where it is absent. */
int32_t call_day(const call *c, const char *name);
/* null for what is no number. */
json_t *call_real_json(double value);

/* Its measures, an array of name, activity, fair, deviation. */
json_t *call_measures_json(const store_figures *f, const store_figure *g);
/* The measure that is furthest from its fair part; NAN: none is known. */
double call_worst_deviation(const store_figures *f, const store_figure *g);
/* number, state, from, to, made_from, note. */
json_t *call_version_json(const store_figures *f);

#endif
