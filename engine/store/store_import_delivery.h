/*
 * store_import_delivery.h - a folder with manifest.json, loaded whole.
 *
 * Every file is held against what the manifest tells of it before the first
 * one is loaded: half a delivery is noticed, and yesterday's data are kept.
 */
#ifndef STORE_IMPORT_DELIVERY_H
#define STORE_IMPORT_DELIVERY_H

#include "store_import.h"

/* `settings->reject_file` is a folder here, and its datum and encoding are
 * the manifest's. */
gb_status store_import_delivery(gb_workspace *ws, const char *folder,
                                const import_settings *settings,
                                gb_import_report *report);

#endif
