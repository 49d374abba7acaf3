/*
 * tiny_roads.h - road indexes of hand-written maps, for tests.
 */
#ifndef TINY_ROADS_H
#define TINY_ROADS_H

#include <gridbeat/roads.h>

#include "test.h"

/* Where tests write: one folder a test. */
static inline const char *tiny_path(const char *name)
{
    static char folder[400], paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];

    if (!folder[0])
        snprintf(folder, sizeof folder, "%s", test_folder());
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* The index of a map given as the elements inside of <osm>. */
static inline gb_status tiny_build(gb_context *ctx, const char *elements,
                                   const gb_roads_options *options,
                                   gb_roads **out)
{
    const size_t size = strlen(elements) + 32;
    char *text = malloc(size);
    gb_status status;

    ck_assert_ptr_nonnull(text);
    snprintf(text, size, "<osm>%s</osm>", elements);
    test_write_file(tiny_path("tiny.osm"), text, strlen(text));
    free(text);
    status = gb_roads_build(ctx, tiny_path("tiny.osm"),
                            tiny_path("tiny.roads"), options, NULL);
    if (status)
        return status;
    return gb_roads_open(ctx, tiny_path("tiny.roads"), out);
}

#endif
