/*
 * report_data.h - what a page of one branch is made of.
 *
 * "Of the branch" is whatever its managers answer for: their territories,
 * their routes, and the targets that the plan gave to them.
 */
#ifndef REPORT_DATA_H
#define REPORT_DATA_H

#include <gridbeat/report.h>

#include "base_run.h"
#include "store_db.h"
#include "store_load.h"
#include "store_query.h"
#include "store_save.h"

/* What the map pages of all branches show alike on a day: read once, lent to
 * the pages of any threads. */
typedef struct report_bank {
    store_found_list maturing; /* whose deposits mature soon */
} report_bank;

/* On ws while it is entered; a zeroed struct may be cleared. */
gb_status report_bank_load(gb_workspace *ws, store_scope scope, int32_t on,
                           report_bank *out);
void report_bank_clear(report_bank *bank);

typedef struct report_data {
    gb_workspace *ws;
    base_run *run;
    const report_bank *bank; /* borrowed; NULL: the page reads its own */
    int32_t on;
    store_scope scope;     /* of options->scope */
    const char *before, *after; /* of options: borrowed, or NULL */
    uint32_t branch;       /* of branches */
    store_branches branches;
    store_managers managers;
    store_plan plan;       /* of the branch, and no more; sheets: no targets */
    uint32_t *manager_of;  /* of plan.targets: index of managers, or none */
    uint32_t *route_manager; /* of plan.routes: index of managers */
} report_data;

/*
 * Load for options->branch on options->date.  GB_ERR_NOT_FOUND,
 * GB_ERR_SCOPE.  A zeroed struct may be cleared.
 */
gb_status report_data_load(report_data *data, gb_workspace *ws, base_run *run,
                           const gb_report_options *options,
                           bool has_targets);
void report_data_clear(report_data *data);

/* Does the target or route belong to the branch? */
bool report_has_target(const report_data *data, size_t target);
bool report_has_route(const report_data *data, size_t route);

#endif
