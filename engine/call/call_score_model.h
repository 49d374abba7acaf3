/*
 * call_score_model.h - behaviour models as JSON.
 */
#ifndef CALL_SCORE_MODEL_H
#define CALL_SCORE_MODEL_H

#include <gridbeat/behaviour.h>

#include "call_score_csv.h"

/* {model, params{}, loglik, converged, n, ...}; NULL: no memory. */
json_t *score_model_json(const gb_behaviour_model *model);
/* Write a result of that form to the file that a parameter names, if any. */
gb_status score_model_write(call *c, const char *param, json_t *result);
/* The model that a CALL_DOCUMENT is or names: its kind and parameters. */
gb_status score_model_take(call *c, const char *param,
                           gb_behaviour_model *out);

/* The same, and the whole object, which the caller drops; NULL on failure. */
gb_status score_model_json_take(call *c, const char *param,
                                gb_behaviour_model *out, json_t **json);

#endif
