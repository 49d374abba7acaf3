/*
 * report_sheets.h - route sheets: one HTML file, a page of A4 a manager.
 */
#ifndef REPORT_SHEETS_H
#define REPORT_SHEETS_H

#include "report_data.h"

/* `manager` NULL: all of the branch; GB_ERR_NOT_FOUND for one without a
 * route that day. */
gb_status report_sheets(report_data *data, const char *manager,
                        base_text *page);

#endif
