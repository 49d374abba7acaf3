/*
 * bench_bank.c - a large bank made, loaded and looked through.
 *
 *   bench_bank EXTRACT [CUSTOMERS [BRANCHES]]
 *
 * Makes a delivery of so many customers (1,000,000) around the extract, loads
 * it into a new workspace, and previews the segment of the dormant.  Peak
 * memory is that of the whole process, which making does not raise.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scratch.h"

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int fail(gb_context *ctx, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, gb_last_error(ctx));
    return 1;
}

static int make(gb_context *ctx, const char *osm, const char *out,
                uint32_t n_customers, uint32_t n_branches)
{
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    gb_world_report report = GB_WORLD_REPORT_INIT;
    const double began_s = scratch_clock_s(), cpu_began_s = cpu_s();
    double took_s;

    options.osm = osm;
    options.out = out;
    options.n_customers = n_customers;
    options.n_branches = n_branches;
    if (gb_world_make(ctx, &options, &report))
        return fail(ctx, "world make");
    took_s = scratch_clock_s() - began_s;
    printf("bank.make.seconds %.2f s\n", took_s);
    printf("bank.make.cpu %.2f s\n", cpu_s() - cpu_began_s);
    printf("bank.make.rate %.0f customers/s\n", n_customers / took_s);
    printf("bank.make.bytes %.1f MB\n", (double)report.n_bytes / 1e6);
    printf("bank.make.peak_memory %.1f MB\n", scratch_peak_mb());
    return 0;
}

static void print_counts(const gb_import_report *report)
{
    for (size_t f = 0; f < gb_import_report_n_files(report); f++) {
        const char *kind = gb_import_report_kind(report, f);
        gb_import_counts counts = { .size = sizeof counts };

        gb_import_report_counts(report, f, &counts);
        printf("bank.import.%s.rows %llu -\n", kind,
               (unsigned long long)counts.n_rows);
        printf("bank.import.%s.rejected %llu -\n", kind,
               (unsigned long long)counts.n_rejected);
    }
}

/* The file of customers on its own, after all that it refers to. */
static int load_customers(gb_context *ctx, gb_workspace *workspace,
                          const char *folder, uint32_t n_customers)
{
    static const char *const kinds[][2]
        = { { "orgs", "orgs.csv" },         { "branches", "branches.csv" },
            { "managers", "managers.csv" }, { "tags", "tags.csv" },
            { "places", "places.csv" },     { "customers", "customers.csv" } };

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        gb_import_report *report = NULL;
        const double began_s = scratch_clock_s(), cpu_began_s = cpu_s();
        char path[1024];
        double took_s;

        snprintf(path, sizeof path, "%s/%s", folder, kinds[k][1]);
        if (gb_import(ctx, workspace, kinds[k][0], path, NULL, &report))
            return fail(ctx, path);
        gb_import_report_free(report);
        took_s = scratch_clock_s() - began_s;
        if (strcmp(kinds[k][0], "customers") == 0) {
            printf("bank.import.customers.seconds %.2f s\n", took_s);
            printf("bank.import.customers.cpu %.2f s\n", cpu_s() - cpu_began_s);
            printf("bank.import.customers.rate %.0f rows/s\n",
                   n_customers / took_s);
        }
    }
    return 0;
}

static int load_all(gb_context *ctx, gb_workspace *workspace,
                    const char *folder)
{
    gb_import_report *report = NULL;
    const double began_s = scratch_clock_s(), cpu_began_s = cpu_s();

    if (gb_import_delivery(ctx, workspace, folder, NULL, &report))
        return fail(ctx, "import");
    printf("bank.import.delivery.seconds %.2f s\n", scratch_clock_s() - began_s);
    printf("bank.import.delivery.cpu %.2f s\n", cpu_s() - cpu_began_s);
    print_counts(report);
    gb_import_report_free(report);
    return 0;
}

/* The second time counts: the first brings the file into memory. */
static int preview(gb_context *ctx, gb_workspace *workspace)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    double took_s = 0;

    options.as_of = "2026-03-02";
    options.name = "dormant_6m";
    for (int i = 0; i < 2; i++) {
        gb_segment_result *result = NULL;
        const double began_s = scratch_clock_s();

        if (gb_segment_preview(ctx, workspace, &options, &result))
            return fail(ctx, "segment preview");
        took_s = scratch_clock_s() - began_s;
        printf("bank.preview.%s %.3f s\n", i ? "seconds" : "first", took_s);
        if (i)
            printf("bank.preview.kept %lld customers\n",
                   (long long)gb_segment_result_kept(result));
        gb_segment_result_free(result);
    }
    return 0;
}

static int run(gb_context *ctx, const char *osm, uint32_t n_customers,
               uint32_t n_branches)
{
    gb_workspace *workspace = NULL;
    char delivery[600], path[600];
    const char *folder = scratch_folder();
    int failed;

    snprintf(delivery, sizeof delivery, "%s/delivery", folder);
    snprintf(path, sizeof path, "%s/bank.gb", folder);
    failed = make(ctx, osm, delivery, n_customers, n_branches);
    if (!failed && gb_workspace_create(ctx, path, NULL, &workspace))
        failed = fail(ctx, "init");
    failed = failed
             || load_customers(ctx, workspace, delivery, n_customers)
             || load_all(ctx, workspace, delivery) || preview(ctx, workspace);
    gb_workspace_close(workspace);
    scratch_remove();
    printf("bank.import.peak_memory %.1f MB\n", scratch_peak_mb());
    return failed;
}

int main(int argc, char **argv)
{
    const uint32_t n_customers
        = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000000;
    const uint32_t n_branches
        = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 16;
    gb_context *ctx = NULL;
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: bench_bank EXTRACT [CUSTOMERS [BRANCHES]]\n");
        return 2;
    }
    if (gb_context_new(NULL, &ctx))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    failed = run(ctx, argv[1], n_customers, n_branches);
    gb_context_free(ctx);
    return failed;
}
