/*
 * call_figures.h - estimates as JSON, to as many digits as they are good for.
 */
#ifndef CALL_FIGURES_H
#define CALL_FIGURES_H

#include <gridbeat/policy.h>

#include "call_door.h"

/* To five digits; null where it cannot be told. */
json_t *call_figure(double value);
/* {value, se, low, high} under `key`. */
bool call_put_estimate(json_t *object, const char *key,
                       const gb_policy_estimate *e);

#endif
