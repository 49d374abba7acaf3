/*
 * small_town.c - see small_town.h.
 */
#include "small_town.h"
#include "test.h"

/* About 100 m. */
static const double BLOCK_LON = 0.00104, BLOCK_LAT = 0.0009;
static const double WEST = 104.06, SOUTH = 30.66;

typedef struct town {
    FILE *file;
    int n, next_node, next_way;
} town;

static int add_node(town *t, double x, double y, const char *key,
                    const char *value)
{
    const long lon_e7 = lround((WEST + x * BLOCK_LON) * 1e7);
    const long lat_e7 = lround((SOUTH + y * BLOCK_LAT) * 1e7);
    const int id = t->next_node++;

    fprintf(t->file, "<node id=\"%d\" lat=\"%ld.%07ld\" lon=\"%ld.%07ld\"", id,
            lat_e7 / 10000000, lat_e7 % 10000000, lon_e7 / 10000000,
            lon_e7 % 10000000);
    if (key)
        fprintf(t->file, "><tag k=\"%s\" v=\"%s\"/></node>\n", key, value);
    else
        fprintf(t->file, "/>\n");
    return id;
}

static void add_way(town *t, int first, int n, int step, bool is_closed,
                    const char *key, const char *value)
{
    fprintf(t->file, "<way id=\"%d\">", t->next_way++);
    for (int i = 0; i < n; i++)
        fprintf(t->file, "<nd ref=\"%d\"/>", first + i * step);
    if (is_closed)
        fprintf(t->file, "<nd ref=\"%d\"/>", first);
    fprintf(t->file, "<tag k=\"%s\" v=\"%s\"/></way>\n", key, value);
}

/* The corners of a rectangle; answers the first. */
static int add_corners(town *t, double x, double y, double w, double h)
{
    const int first = add_node(t, x, y, NULL, NULL);

    add_node(t, x + w, y, NULL, NULL);
    add_node(t, x + w, y + h, NULL, NULL);
    add_node(t, x, y + h, NULL, NULL);
    return first;
}

void small_town_write(const char *path, int n_blocks)
{
    town t = { fopen(path, "w"), n_blocks, 1, 1 };
    const int side = n_blocks + 1;
    int first_corner;

    ck_assert_msg(t.file != NULL, "cannot write %s", path);
    fprintf(t.file, "<?xml version='1.0' encoding='UTF-8'?>\n"
                    "<osm version=\"0.6\">\n");
    for (int i = 0; i < side * side; i++)
        add_node(&t, i % side, i / side, NULL, NULL);
    add_node(&t, 0.5, 0.02, "amenity", "bank");
    add_node(&t, n_blocks - 0.5, n_blocks - 0.02, "amenity", "bank");
    add_node(&t, n_blocks - 0.5, 0.1, "place", "village");
    add_node(&t, 0.5, n_blocks - 0.1, "amenity", "marketplace");
    first_corner = t.next_node;
    for (int b = 0; b < n_blocks * n_blocks; b++) {
        const double x = b % n_blocks, y = b / n_blocks;

        if (b % 5 == 2)
            add_corners(&t, x + 0.1, y + 0.1, 0.8, 0.8);
        else
            for (int k = 0; k < 3; k++)
                add_corners(&t, x + 0.1 + 0.3 * k, y + 0.1, 0.15, 0.2);
    }
    for (int i = 0; i < side; i++) {
        add_way(&t, 1 + i * side, side, 1, false, "highway", "residential");
        add_way(&t, 1 + i, side, side, false, "highway", "residential");
    }
    for (int b = 0; b < n_blocks * n_blocks; b++)
        for (int k = 0; k < (b % 5 == 2 ? 1 : 3); k++, first_corner += 4)
            add_way(&t, first_corner, 4, 1, true,
                    b % 5 == 2 ? "landuse" : "building",
                    b % 5 == 2 ? "residential" : "yes");
    fprintf(t.file, "</osm>\n");
    ck_assert_int_eq(fclose(t.file), 0);
}
