/*
 * store_territory_handover.h - what a manager has goes to another one on a
 * date: territories, appointments and planned visits from then on; and all
 * that the other one must know.
 *
 * In the pack people are references and nothing else.
 */
#ifndef STORE_TERRITORY_HANDOVER_H
#define STORE_TERRITORY_HANDOVER_H

#include <jansson.h>

#include "store_load.h"

typedef struct store_handover {
    const char *from, *to; /* managers */
    const char *territory; /* NULL: all of them */
    int32_t on;
    bool is_dry_run;       /* the pack alone */
} store_handover;

/*
 * Change owners, appointments and plans in one transaction, and answer the
 * pack: an object with territories, cells, appointments, stops, leads, links,
 * visits and contacts.  A day's route goes along whole: where the other one
 * has a route of his own on that day, or some of its customers stay, it is
 * left and its stops say so ("plan_again").
 * GB_ERR_NOT_FOUND, GB_ERR_ARGUMENT; GB_ERR_STATE when there is nothing to
 * hand over.
 */
gb_status store_handover_do(gb_workspace *workspace,
                            const store_handover *handover, json_t **pack);

#endif
