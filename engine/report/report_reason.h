/*
 * report_reason.h - why a target ended in its state, as a sentence.
 *
 * A plan stores a code and figures (store_plan_target); here the code has its
 * sentence, with {name} where a figure belongs.
 */
#ifndef REPORT_REASON_H
#define REPORT_REASON_H

#include "base_lang.h"
#include "base_text.h"
#include "store_save.h"

/* Append the sentence; an unknown code stands for itself. */
void report_reason(base_text *text, base_lang lang,
                   const store_plan_target *target);
/* The name of a state. */
const char *report_state_title(base_lang lang, int32_t state);

#endif
