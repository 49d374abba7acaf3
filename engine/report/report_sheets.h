/*
 * report_sheets.h - route sheets: one HTML file, a page of A4 a manager.
 */
#ifndef REPORT_SHEETS_H
#define REPORT_SHEETS_H

#include "base_lang.h"
#include "report_data.h"

/* `manager` NULL: all of the branch; GB_ERR_NOT_FOUND for one without a
 * route that day. */
gb_status report_sheets(report_data *data, const char *manager,
                        base_text *page);

/* Doctype, title and styles, up to where the first section begins. */
void report_sheet_head(base_text *page, base_lang lang, const char *title);

/*
 * A page a territory of `manager`: border, streets, named places, targets,
 * counts.  `roads` NULL: no streets.  GB_ERR_NOT_FOUND for a manager without
 * a territory.  report_territory.c.
 */
gb_status report_territory_sheets(report_data *data, const gb_roads *roads,
                                  const char *manager, base_text *page);

#endif
