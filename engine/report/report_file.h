/*
 * report_file.h - a file that is there whole or not at all.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "base_context.h"
#include "base_text.h"

/* Write beside `path`, flush to the disk, rename over it. */
gb_status report_file_write(gb_context *ctx, const char *path,
                            const base_text *text);

#endif
