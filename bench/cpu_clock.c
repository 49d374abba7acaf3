/*
 * cpu_clock.c - to be preloaded: the steady clock of a process becomes its own
 * CPU time, so that a time limit of 30 s is one of 30 CPU seconds, whatever
 * else the machine does.  For one thread: several run it as many times faster.
 *
 *   LD_PRELOAD=build/bench/libcpu_clock.so gridbeat route solve ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *out)
{
    static int (*real)(clockid_t, struct timespec *);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock == CLOCK_MONOTONIC ? CLOCK_PROCESS_CPUTIME_ID : clock,
                out);
}
