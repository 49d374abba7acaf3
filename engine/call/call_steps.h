/*
 * call_steps.h - what the methods of the nightly steps share.
 */
#ifndef CALL_STEPS_H
#define CALL_STEPS_H

#include <gridbeat/plan.h>
#include <gridbeat/roads.h>

#include "base_run.h"
#include "call_door.h"

/*
 * The road index that the parameter "roads" names, else the one beside the
 * workspace.  Where neither is, *out is NULL and the answer GB_OK: the step
 * says whether it can do without.  Borrowed, as call_roads() says.
 */
gb_status call_step_roads(call *c, const gb_roads **out);

/* The options of a step out of the parameters that the method has. */
gb_plan_options call_plan_options(const call *c);

/* Store functions run between these two (store_db.h). */
void call_enter_store(call *c, base_run *run);
gb_status call_leave_store(call *c, base_run *run, gb_status status);

/*
 * Between them.  A day ("date") that no night has looked at has no figures,
 * rather than zeros; the last day before it that has is named.
 */
gb_status call_check_night(call *c);

/* A text as JSON, null for NULL and "". */
json_t *call_text_json(const char *text);

#endif
