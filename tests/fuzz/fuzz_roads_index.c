/*
 * Any bytes as a road index, with the size and checksum put right, so that
 * the checks behind these are reached.  Refused, or it can be asked anything.
 */
#include <gridbeat/roads.h>

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N_BYTES_AT = 16, HASH_AT = 24, HASH_SIZE = 32 }; /* of the header */

static char path[300];

static void remove_file(void)
{
    unlink(path);
}

static void put_right(uint8_t *bytes, size_t size)
{
    const uint64_t n = size;

    memcpy(bytes + N_BYTES_AT, &n, sizeof n);
    memset(bytes + HASH_AT, 0, HASH_SIZE);
    crypto_generichash(bytes + HASH_AT, HASH_SIZE, bytes, size, NULL, 0);
}

static void write_index(const uint8_t *data, size_t size)
{
    const char *folder = getenv("TMPDIR");
    uint8_t *bytes = malloc(size + 1);
    FILE *file;

    if (!path[0])
        atexit(remove_file);
    snprintf(path, sizeof path, "%s/fuzz_roads_index_%ld.roads",
             folder ? folder : "/tmp", (long)getpid());
    file = fopen(path, "wb");
    if (!bytes || !file)
        abort();
    memcpy(bytes, data, size);
    if (size >= HASH_AT + HASH_SIZE)
        put_right(bytes, size);
    if (fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    free(bytes);
}

static void ask(gb_context *ctx, const gb_roads *roads)
{
    const gb_lonlat points[3] = { { 104, 30 }, { 104.001, 30.0005 },
                                  { 104.003, 30.001 } };
    gb_snap_options options = { sizeof options, 100000 };
    gb_roads_facts facts = { .size = sizeof facts };
    gb_roads_line_set lines;
    double sum = 0;

    if (gb_roads_info(ctx, roads, &facts) || gb_roads_lines(ctx, roads, &lines))
        abort();
    for (size_t l = 0; l < lines.n_lines; l++)
        for (uint32_t p = lines.first_point[l]; p < lines.first_point[l + 1];
             p++)
            sum += lines.points[p].lon_deg;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
        gb_roads_place places[3];
        int32_t seconds[9], metres[9];
        gb_lonlat line[64];
        gb_roads_path_totals totals;
        size_t n;

        if (gb_roads_snap(ctx, roads, (gb_mode)m, points, 3, &options, places))
            abort();
        query.mode = m;
        query.from = places;
        query.n_from = 3;
        if (gb_roads_table(ctx, roads, &query, seconds, metres))
            abort();
        for (int i = 0; i < 9; i++) {
            const gb_status status =
                gb_roads_path(ctx, roads, &places[i / 3], &places[i % 3], 64,
                              line, &n, &totals);

            if ((status && status != GB_ERR_BUFFER)
                || totals.seconds != seconds[i] || totals.metres != metres[i])
                abort();
            sum += (double)n;
        }
    }
    if (sum < -1e18) /* so that all was read */
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_roads *roads = NULL;

    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    write_index(data, size);
    if (gb_roads_open(ctx, path, &roads) == GB_OK)
        ask(ctx, roads);
    gb_roads_close(roads);
    gb_context_free(ctx);
    return 0;
}
