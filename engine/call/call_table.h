/*
 * call_table.h - the method roads.table; its row is in call_roads.c.
 */
#ifndef CALL_TABLE_H
#define CALL_TABLE_H

#include "call_door.h"

gb_status call_roads_table(call *c, json_t **result);

#endif
