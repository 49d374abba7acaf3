/*
 * call_streets.h - `density --streets`: how thick points stand along streets.
 */
#ifndef CALL_STREETS_H
#define CALL_STREETS_H

#include "call_door.h"

gb_status call_streets(call *c, json_t **result);

#endif
