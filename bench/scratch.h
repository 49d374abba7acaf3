/*
 * scratch.h - a folder for a bench, removed at the end; the clock; memory.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdint.h>

/* A new folder in TMPDIR; exits where there is none. */
const char *scratch_folder(void);
void scratch_remove(void);

double scratch_clock_s(void); /* monotonic */
double scratch_peak_mb(void); /* of this process so far, in 10^6 bytes */

#endif
