/*
 * measure.c - runs a command and tells what it took.
 *
 *   measure NAME COMMAND [ARGUMENT]...
 *
 * The command's standard output is passed through; then come three lines,
 * `NAME.seconds`, `NAME.cpu` and `NAME.peak_memory`.  Exits as the command.
 */
#define _GNU_SOURCE /* wait4 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

int main(int argc, char **argv)
{
    const double began_s = scratch_clock_s();
    struct rusage usage;
    int status;
    pid_t child;

    if (argc < 3) {
        fprintf(stderr, "usage: measure NAME COMMAND [ARGUMENT]...\n");
        return 2;
    }
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("measure");
        return 1;
    }
    printf("%s.seconds %.2f s\n", argv[1], scratch_clock_s() - began_s);
    printf("%s.cpu %.2f s\n", argv[1],
           seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    printf("%s.peak_memory %.1f MB\n", argv[1],
           (double)usage.ru_maxrss * 1024 / 1e6);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
