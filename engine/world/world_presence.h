/*
 * world_presence.h - how likely a customer is there, by the hour: the truth
 * behind the outcomes of visits, which a bank never sees.
 *
 * By stage of life, as score cards suppose; but each place and each customer
 * differs from that, as a whole and towards the morning or the evening.
 */
#ifndef WORLD_PRESENCE_H
#define WORLD_PRESENCE_H

#include "world_customer.h"

enum { WORLD_FIRST_HOUR = 8, WORLD_HOURS = 12 }; /* 08:00 to 20:00 */

/* Of each hour, 0 to 1, on days on which the country works, or not. */
void world_presence(const world_bank *bank, const world_customer *c,
                    bool is_workday, double chances[WORLD_HOURS]);

#endif
