/*
 * store_days.h - days that the workspace itself knows: what is meant when a
 * caller names none.
 */
#ifndef STORE_DAYS_H
#define STORE_DAYS_H

#include <gridbeat/workspace.h>

/* The first day of the territories that are active; 1970-01-01 without. */
gb_status store_territory_active_from(gb_workspace *workspace, int32_t *day);

/* The last day up to `on` for which there are targets; STORE_NO_DAY: none. */
gb_status store_target_day_until(gb_workspace *workspace, int32_t on,
                                 int32_t *day);

/* The last day for which there are targets.  GB_ERR_STATE without any. */
gb_status store_last_target_day(gb_workspace *workspace, int32_t *day);

#endif
