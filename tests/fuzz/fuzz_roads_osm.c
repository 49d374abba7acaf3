/*
 * Any bytes as a map: text as .osm, all else as .osm.pbf.  Refused, or read
 * into arrays that hold together, features and an index as well.
 */
#include <gridbeat/roads.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "roads_osm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char map[300], out[300];

static void remove_files(void)
{
    unlink(map);
    unlink(out);
}

static const char *write_map(const uint8_t *data, size_t size)
{
    const char *folder = getenv("TMPDIR");
    static bool is_set_up;
    FILE *file;

    if (is_set_up)
        remove_files();
    else
        atexit(remove_files);
    is_set_up = true;
    folder = folder ? folder : "/tmp";
    snprintf(map, sizeof map, "%s/fuzz_roads_%ld.%s", folder, (long)getpid(),
             size && (data[0] == '<' || data[0] == ' ') ? "osm" : "osm.pbf");
    snprintf(out, sizeof out, "%s/fuzz_roads_%ld.roads", folder,
             (long)getpid());
    file = fopen(map, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
    return map;
}

static void check_features(const roads_features *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->first_point[i] > f->first_point[i + 1]
            || f->first_point[i + 1] > f->n_points || !f->items[i].value
            || f->items[i].class >= ROADS_FEATURE_CLASS_COUNT)
            abort();
    for (size_t l = 0; l < f->lines.n_lines; l++)
        if (f->lines.first_point[l + 1] - f->lines.first_point[l] < 2)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_roads *roads = NULL;
    roads_features features;
    base_run run;
    gb_status status;

    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    write_map(data, size);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = roads_features_read(&run, map, &features);
    if (!status)
        check_features(&features);
    else if (status != GB_ERR_PARSE && status != GB_ERR_DATA)
        abort();
    roads_features_clear(run.mem, &features);

    /* What is written can be opened. */
    if (!status)
        status = gb_roads_build(ctx, map, out, NULL, NULL);
    if (!status && gb_roads_open(ctx, out, &roads) != GB_OK) {
        fprintf(stderr, "%s\n", gb_last_error(ctx));
        abort();
    }
    gb_roads_close(roads);
    gb_context_free(ctx);
    return 0;
}
