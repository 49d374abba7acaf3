/*
 * bench_import.c - load customers from CSV into a new workspace.
 *
 *   bench_import [rows] [folder]
 *
 * Prints rows a second with all indexes made, of a first load and of a second
 * one of the same file, and the peak memory of the process.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t state = 1;

/* splitmix64 */
static uint64_t chance(uint64_t bound)
{
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % bound;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
        + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static const char *in(const char *folder, const char *name)
{
    static char path[1024];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static FILE *begin(const char *folder, const char *name, const char *header)
{
    FILE *out = fopen(in(folder, name), "w");

    if (!out) {
        perror(name);
        exit(1);
    }
    fputs(header, out);
    return out;
}

enum { BRANCHES = 100, PLACES = 20000 };

static void write_files(const char *folder, long rows)
{
    FILE *out = begin(folder, "branches.csv", "branch_ref,lon,lat\n");

    for (int b = 0; b < BRANCHES; b++)
        fprintf(out, "b%03d,%.6f,%.6f\n", b, 103.8 + 0.005 * b,
                30.4 + 0.005 * (b % 20));
    fclose(out);
    out = begin(folder, "places.csv", "place_ref,kind,lon,lat,access_s\n");
    for (int p = 0; p < PLACES; p++)
        fprintf(out, "p%06d,compound,%.6f,%.6f,120\n", p,
                103.7 + 1e-6 * (double)chance(700000),
                30.3 + 1e-6 * (double)chance(700000));
    fclose(out);
    out = begin(folder, "tags.csv", "tag,values\nvip,\nindustry,a;b;c\n");
    fclose(out);
    out = begin(folder, "customers.csv",
                "customer_ref,branch_ref,place_ref,lon,lat,accuracy,"
                "balance_fen,peak_24m_fen,last_txn_on,opened_on,"
                "do_not_visit,tags\n");
    for (long c = 0; c < rows; c++) {
        fprintf(out, "c%08ld,b%03d,", c, (int)chance(BRANCHES));
        if (chance(2))
            fprintf(out, "p%06d,,,compound,", (int)chance(PLACES));
        else
            fprintf(out, ",%.6f,%.6f,building,",
                    103.7 + 1e-6 * (double)chance(700000),
                    30.3 + 1e-6 * (double)chance(700000));
        fprintf(out, "%d,%d,20%02d-%02d-%02d,2015-03-%02d,0,%s\n",
                (int)chance(10000000), (int)chance(100000000),
                20 + (int)chance(6), 1 + (int)chance(12),
                1 + (int)chance(28), 1 + (int)chance(28),
                chance(5) ? "" : chance(2) ? "vip" : "industry=b");
    }
    fclose(out);
}

static void load(gb_context *ctx, gb_workspace *ws, const char *folder,
                 const char *kind)
{
    char name[64];
    gb_import_report *report;

    snprintf(name, sizeof name, "%s.csv", kind);
    if (gb_import(ctx, ws, kind, in(folder, name), NULL, &report)) {
        fprintf(stderr, "%s\n", gb_last_error(ctx));
        exit(1);
    }
    gb_import_report_free(report);
}

static void load_customers(gb_context *ctx, gb_workspace *ws,
                           const char *folder, long rows, const char *what)
{
    const double start = seconds(), cpu = cpu_seconds();

    load(ctx, ws, folder, "customers");
    printf("%s_rows_per_s %.0f rows/s\n", what,
           (double)rows / (seconds() - start));
    printf("%s_cpu %.2f s\n", what, cpu_seconds() - cpu);
}

int main(int argc, char **argv)
{
    const long rows = argc > 1 ? atol(argv[1]) : 1000000;
    char folder[256];
    gb_context *ctx;
    gb_workspace *ws;
    struct rusage used;

    snprintf(folder, sizeof folder, "%s",
             argc > 2 ? argv[2] : "/tmp/bench_import_XXXXXX");
    if (argc <= 2 && !mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    write_files(folder, rows);
    if (gb_context_new(NULL, &ctx))
        return 1;
    if (gb_workspace_create(ctx, in(folder, "bank.gb"), NULL, &ws)) {
        fprintf(stderr, "%s\n", gb_last_error(ctx));
        return 1;
    }
    load(ctx, ws, folder, "branches");
    load(ctx, ws, folder, "places");
    load(ctx, ws, folder, "tags");
    load_customers(ctx, ws, folder, rows, "import");
    load_customers(ctx, ws, folder, rows, "reimport");
    getrusage(RUSAGE_SELF, &used);
    printf("import_peak %.0f MB\n", (double)used.ru_maxrss / 1024);
    gb_workspace_close(ws);
    gb_context_free(ctx);
    if (argc <= 2) {
        static const char *const names[] = { "branches.csv", "places.csv",
                                             "tags.csv", "customers.csv",
                                             "bank.gb", "bank.gb-wal",
                                             "bank.gb-shm" };

        for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
            unlink(in(folder, names[n]));
        rmdir(folder);
    }
    return 0;
}
