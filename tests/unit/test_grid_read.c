/*
 * Files of areas: what they come to, and what each refusal says.
 *
 *      0 --- 1 --- 2     the square of most tests, with a tail
 *      |     |
 *      3 --- 4
 */
#include <gridbeat/grid.h>

#include "grid_hess.h"
#include "grid_read.h"
#include "test.h"

#include "base_check.h"

static const char SQUARE[] =
    "TG1 square n=5 m=5 k=2 components=1\n"
    "# id geoid lon lat pop vap land_km2 area_src boundary_perim\n"
    "0 a 10.00 50.01 7 5 1.0 1000000 2000\n"
    "1 b 10.01 50.01 6 5 1.0 1000000 1000\n"
    "2 c 10.02 50.01 5 5 1.0 1000000 3000\n"
    "3 d 10.00 50.00 4 5 0.5 1000000 2000\n"
    "4 e 10.01 50.00 3 5 1.0 1000000 2000\n"
    "# i j shared_perim\n"
    "0 1 1000\n"
    "2 1 900\n"
    "0 3 1000\n"
    "1 4 800\n"
    "3 4 1000\n";

static gb_context *ctx;
static gb_area_file *file;

static void set_up(void)
{
    ctx = test_context();
    file = NULL;
}

static void tear_down(void)
{
    gb_area_file_free(file);
    gb_context_free(ctx);
}

static const gb_areas *read_text(const char *text)
{
    gb_area_file_free(file);
    file = NULL;
    assert_ok(ctx, gb_areas_read(ctx, "x.tg", text, strlen(text),
                                 GB_AREA_FORMAT_ANY, &file));
    return gb_area_file_areas(file);
}

static gb_area_facts facts(void)
{
    gb_area_facts f = { .size = sizeof f };

    gb_area_file_facts(file, &f);
    return f;
}

START_TEST(a_file_comes_to_rows_with_both_ends_of_each_edge)
{
    static const uint32_t first[] = { 0, 2, 5, 6, 8, 10 };
    static const uint32_t next[] = { 1, 3, 0, 2, 4, 1, 0, 4, 1, 3 };
    static const double border[] = { 1000, 1000, 1000, 900, 800,
                                     900,  1000, 1000, 800, 1000 };
    const gb_areas *areas = read_text(SQUARE);
    const gb_area_facts f = facts();

    ck_assert_uint_eq(areas->n_areas, 5);
    ck_assert_uint_eq(areas->n_measures, 1);
    ck_assert_mem_eq(areas->first_neighbour, first, sizeof first);
    ck_assert_mem_eq(areas->neighbours, next, sizeof next);
    for (size_t i = 0; i < COUNT_OF(border); i++)
        assert_near(areas->shared_border_m[i], border[i], 0);
    assert_near(areas->activity[3], 4, 0);
    assert_near(areas->perimeters_m[1], 1000 + 1000 + 900 + 800, 0);
    assert_near(areas->areas_m2[4], 1e6, 0);
    ck_assert_str_eq(gb_area_file_ref(file, 2), "c");
    ck_assert_ptr_null(gb_area_file_ref(file, 5));
    assert_near(gb_area_file_places(file)[2].lon_deg, 10.02, 0);
    ck_assert_int_eq(f.format, GB_AREA_FORMAT_TG1);
    ck_assert_uint_eq(f.n_edges, 5);
    ck_assert_uint_eq(f.n_components, 1);
    ck_assert_uint_eq(f.n_territories, 2);
    ck_assert(f.has_places && f.has_borders && !f.is_scaled);
}
END_TEST

START_TEST(centres_lie_as_far_apart_as_the_places)
{
    const gb_areas *areas = read_text(SQUARE);
    const gb_point *at = areas->centres;

    assert_near(hypot(at[2].x_m - at[0].x_m, at[2].y_m - at[0].y_m), 1430, 5);
    assert_near(hypot(at[3].x_m - at[0].x_m, at[3].y_m - at[0].y_m), 1112, 3);
    ck_assert(at[2].x_m > at[0].x_m && at[0].y_m > at[3].y_m);
}
END_TEST

START_TEST(places_on_both_sides_of_the_date_line_are_near_each_other)
{
    const gb_areas *areas = read_text(
        "TG1 n=2 m=1\n# id lon lat pop\n0 179.99 -17 1\n1 -179.99 -17 1\n"
        "# i j\n0 1\n");

    assert_near(fabs(areas->centres[0].x_m - areas->centres[1].x_m), 2127,
                10);
}
END_TEST

START_TEST(kilometres_and_degrees_are_told_by_the_column_of_land)
{
    const gb_areas *areas = read_text(
        "TG1 n=2 m=1\n# id pop land area bp\n0 1 2 2 4\n1 1 2 2 4\n"
        "# i j shared_perim\n0 1 1.5\n");

    assert_near(areas->areas_m2[0], 2e6, 0);
    assert_near(areas->perimeters_m[0], 5500, 1e-9);
    assert_near(areas->shared_border_m[0], 1500, 1e-9);
    ck_assert(!facts().is_scaled);
    areas = read_text(
        "TG1 n=2 m=1\n# id pop land area bp\n0 1 1000 0.1 0.8\n"
        "1 1 1000 0.1 0.8\n# i j shared_perim\n0 1 0.3\n");
    assert_near(areas->areas_m2[0], 1e9, 1e-3);
    assert_near(areas->shared_border_m[0], 30000, 1e-3);
    ck_assert(facts().is_scaled);
}
END_TEST

START_TEST(without_places_neighbours_are_drawn_near_each_other)
{
    const gb_areas *areas = read_text(
        "TG1 fl n=4 m=3 k=2\n# id geoid pop vap\n0 p 1 1 \n1 q 1 1 \n"
        "2 r 1 1 \n3 s 1 1 \n# i j\n0 1 \n1 2 \n2 3 \n"
        "# known values, some day\n# tol 0.1 3\n");
    const double x[] = { areas->centres[0].x_m, areas->centres[1].x_m,
                         areas->centres[2].x_m, areas->centres[3].x_m };

    ck_assert(!facts().has_places && !facts().has_borders);
    ck_assert_ptr_null(areas->shared_border_m);
    ck_assert_ptr_null(gb_area_file_places(file));
    ck_assert((x[0] < x[1] && x[1] < x[2] && x[2] < x[3])
              || (x[0] > x[1] && x[1] > x[2] && x[2] > x[3]));
}
END_TEST

START_TEST(line_ends_blanks_and_a_byte_order_mark_make_no_difference)
{
    const gb_areas *areas = read_text(
        "\xef\xbb\xbfTG1 n=2 m=1\r\n\r\n#id   pop\r\n\r\n0\t1\r\n 1 2\r\n"
        "# i j\r\n\r\n1 0");

    assert_near(areas->activity[1], 2, 0);
    ck_assert_uint_eq(areas->neighbours[0], 1);
}
END_TEST

typedef struct refusal {
    const char *text, *says;
    gb_status status;
} refusal;

#define NODES "# id pop\n0 1\n1 2\n"
static const refusal REFUSALS[] = {
    { "", "x.tg:1: a TG1 file begins with", GB_ERR_PARSE },
    { "TG2 n=1 m=0\n", "x.tg:1: a TG1 file begins with", GB_ERR_PARSE },
    { "TG1 a m=0\n", "x.tg:1: the header needs n=", GB_ERR_PARSE },
    { "TG1 a n=0 m=0\n", "x.tg:1: the header needs n=", GB_ERR_PARSE },
    { "TG1 a n=2 m=0 q=3\n", "x.tg:1: the header has \"q=\"", GB_ERR_PARSE },
    { "TG1 n=two m=0\n", "n is \"two\", not a whole number", GB_ERR_PARSE },
    { "TG1 n=-2 m=0\n", "n is \"-2\", not a whole number", GB_ERR_PARSE },
    { "TG1 n=999999999 m=0\n", "at most 268435456 is possible",
      GB_ERR_DATA },
    { "TG1 n=5000 m=0\n" NODES, "x.tg:1: n=5000 and m=0, but the file has",
      GB_ERR_DATA },
    { "TG1 n=2 m=0\n", "x.tg:2: 0 lines here, the header says n=2",
      GB_ERR_PARSE },
    { "TG1 n=2 m=0\n0 1\n1 2\n",
      "x.tg:2: no comment line above names the column \"id\"", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id people\n0 1\n1 2\n",
      "names the column \"pop\"", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop pop\n0 1 1\n1 2 1\n",
      "x.tg:2: the comment line names the column \"pop\" twice",
      GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id lon pop\n0 1 1\n1 2 1\n",
      "\"lon\" and \"lat\" go together", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop\n0 1\n2 2\n",
      "x.tg:4: the id is \"2\", 1 is next", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop\n0 1\n1 two\n",
      "x.tg:4: pop is \"two\", not a number", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop\n0 1\n1 nan\n",
      "x.tg:4: pop is \"nan\", not a number", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop\n0 1\n1 -2\n",
      "x.tg:4: pop is -2, not between 0 and", GB_ERR_DATA },
    { "TG1 n=2 m=0\n# id pop lon lat\n0 1 181 0\n1 1 0 0\n",
      "x.tg:3: lon is 181, not between -180 and 180", GB_ERR_DATA },
    { "TG1 n=2 m=0\n# id pop lon lat\n0 1 0 91\n1 1 0 0\n",
      "x.tg:3: lat is 91, not between -90 and 90", GB_ERR_DATA },
    { "TG1 n=2 m=0\n# id pop\n0 1\n1\n",
      "x.tg:4: 1 words in a line of 2 columns", GB_ERR_PARSE },
    { "TG1 n=2 m=0\n# id pop\n0 1 7\n1 2\n",
      "x.tg:3: 3 words in a line of 2 columns", GB_ERR_PARSE },
    { "TG1 n=2 m=1\n# id pop\n0 1\n# i j\n0 1\n",
      "x.tg:4: 1 lines here, the header says n=2", GB_ERR_PARSE },
    { "TG1 n=2 m=1\n" NODES, "0 lines here, the header says m=1",
      GB_ERR_PARSE },
    { "TG1 n=2 m=1\n" NODES "0 1\n",
      "x.tg:5: no comment line above names the column \"i\"", GB_ERR_PARSE },
    { "TG1 n=2 m=1\n" NODES "# i k\n0 1\n", "names the column \"j\"",
      GB_ERR_PARSE },
    { "TG1 n=2 m=1\n" NODES "# i j\n0 2\n",
      "x.tg:6: j is 2, at most 1 is possible", GB_ERR_DATA },
    { "TG1 n=2 m=1\n" NODES "# i j\n1 1\n",
      "x.tg:6: the edge 1 1 leads from an area to itself", GB_ERR_DATA },
    { "TG1 n=2 m=1\n" NODES "# i j shared_perim\n0 1 -3\n",
      "x.tg:6: shared_perim is -3", GB_ERR_DATA },
    { "TG1 n=2 m=2\n" NODES "# i j\n0 1\n1 0\n",
      "stands in line 6 already", GB_ERR_DATA },
    { "TG1 n=2 m=2\n" NODES "# i j\n0 1\n",
      "1 lines here, the header says m=2", GB_ERR_PARSE },
    { "TG1 n=2 m=1\n" NODES "# i j\n0 1\n1 0\n",
      "x.tg:7: more lines of edges than the m=1", GB_ERR_PARSE },
    { "TG1 n=2 m=1 components=2\n" NODES "# i j\n0 1\n",
      "x.tg:1: the header says components=2, the edges make 1",
      GB_ERR_DATA },
    { "TG1 n=2 m=1\n# id pop\n0 1\n1 \xff\n# i j\n0 1\n",
      "x.tg:1: this is no text in UTF-8", GB_ERR_PARSE },
};

START_TEST(a_file_that_breaks_the_form_is_refused_with_its_line)
{
    const refusal *r = &REFUSALS[_i];

    assert_status(ctx, r->status,
                  gb_areas_read(ctx, "x.tg", r->text, strlen(r->text),
                                GB_AREA_FORMAT_TG1, &file));
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(gb_last_error(ctx), r->says) != NULL,
                  "\"%s\" does not say \"%s\"", gb_last_error(ctx), r->says);
}
END_TEST

START_TEST(a_zero_byte_a_long_word_and_many_columns_are_refused)
{
    char text[2000] = "TG1 n=2 m=0\n#";

    assert_status(ctx, GB_ERR_PARSE,
                  gb_areas_read(ctx, "x", "TG1\0n=1", 7, 0, &file));
    for (int i = 0; i < 65; i++)
        strcat(text, " a");
    strcat(text, "\n0 1\n");
    assert_status(ctx, GB_ERR_PARSE,
                  gb_areas_read(ctx, "x", text, strlen(text), 0, &file));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "more than 64 columns"));
    memset(text, 'a', sizeof text);
    assert_status(ctx, GB_ERR_PARSE,
                  gb_areas_read(ctx, "x", text, sizeof text, 0, &file));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "2000 bytes"));
}
END_TEST

START_TEST(a_file_cut_off_anywhere_is_refused_or_whole)
{
    for (size_t n = 0; n < sizeof SQUARE; n++) {
        const gb_status status
            = gb_areas_read(ctx, "x", SQUARE, n, 0, &file);

        ck_assert((status == GB_OK) == (file != NULL));
        /* The last edge may lose digits and still be one. */
        ck_assert(status != GB_OK || n + 5 >= sizeof SQUARE);
        gb_area_file_free(file);
        file = NULL;
    }
}
END_TEST

static double km(double lon1, double lat1, double lon2, double lat2)
{
    const grid_spot a = grid_spot_at((gb_lonlat){ lon1, lat1 });
    const grid_spot b = grid_spot_at((gb_lonlat){ lon2, lat2 });

    return sqrt(grid_spot_km2(&a, &b));
}

/* The length of a meridian, by its curvature. */
static double meridian_km(double south, double north)
{
    const double a = 6378.137, f = 1 / 298.257222101, e2 = f * (2 - f);
    const double rad = 3.14159265358979323846 / 180;
    const int n = 10000;
    double sum = 0;

    for (int i = 0; i < n; i++) {
        const double lat = (south + (north - south) * (i + 0.5) / n) * rad;

        sum += a * (1 - e2) / pow(1 - e2 * sin(lat) * sin(lat), 1.5);
    }
    return sum * (north - south) * rad / n;
}

START_TEST(distances_are_those_of_the_ellipsoid)
{
    assert_near(km(0, 0, 5, 0), 6378.137 * 5 * 3.14159265358979323846 / 180,
                1e-5 * 556);
    assert_near(km(8, 45, 8, 46), meridian_km(45, 46), 1e-6 * 111);
    assert_near(km(8, 45, 8, 54), meridian_km(45, 54), 2e-5 * 1000);
    assert_near(km(-3, 0, -3, 4), meridian_km(0, 4), 1e-5 * 442);
    assert_near(km(2, 50, 2, 50), 0, 0);
    assert_near(km(179.5, 10, -179.5, 10), km(0, 10, 1, 10), 1e-9);
}
END_TEST

START_TEST(the_moment_is_about_the_best_area_of_each_territory)
{
    static const uint32_t owners[] = { 0, 0, 0, 1, 1 };
    static const uint32_t one_away[] = { 0, 0, 2, 1, 1 };
    const gb_areas *areas = read_text(SQUARE);
    const gb_lonlat *at = gb_area_file_places(file);
    const double east = km(10, 50.01, 10.01, 50.01);
    const double south = km(10, 50, 10.01, 50);
    uint32_t centres[3];
    double moment;

    assert_ok(ctx, gb_territory_moment(ctx, areas, at, 2, owners, centres,
                                       &moment));
    ck_assert_uint_eq(centres[0], 1); /* 7 + 5 about it: 28 + 6 or more */
    ck_assert_uint_eq(centres[1], 3);
    assert_near(moment, 12 * east * east + 3 * south * south, 1e-6);
    assert_ok(ctx, gb_territory_moment(ctx, areas, at, 2, one_away, centres,
                                       &moment));
    ck_assert_uint_eq(centres[0], 0);
    assert_near(moment, 6 * east * east + 3 * south * south, 1e-6);
    assert_ok(ctx, gb_territory_moment(ctx, areas, at, 5, owners, NULL,
                                       &moment));
}
END_TEST

/* ---- ctdp ---- */

static const char DESIGN[] = "3\r\n0 0 0 5 50\r\n1 3 4 6 60\r\n2 6 8 7 70\r\n"
                             "2\r\n0 1\r\n1 2\r\n2 2 0.05 0.1\r\n"
                             "semilla: 7\r\n";

START_TEST(a_design_has_a_count_before_its_measures_and_tolerances_for_each)
{
    static const uint32_t owners[] = { 0, 0, 1 };
    const gb_areas *areas = read_text(DESIGN);
    const double *tolerances = gb_area_file_tolerances(file);
    uint32_t centres[2];
    double sum;

    ck_assert_int_eq(facts().format, GB_AREA_FORMAT_CTDP);
    ck_assert_uint_eq(areas->n_measures, 3);
    for (size_t a = 0; a < 3; a++) {
        assert_near(areas->activity[a], 1, 0);
        assert_near(areas->activity[3 + a], 5.0 + (double)a, 0);
        assert_near(areas->activity[6 + a], 10 * (5.0 + (double)a), 0);
    }
    ck_assert(tolerances[0] >= 1e6);
    assert_near(tolerances[1], 0.05, 0);
    assert_near(tolerances[2], 0.1, 0);
    ck_assert(facts().is_counted && !facts().has_places);
    ck_assert_uint_eq(facts().n_territories, 2);
    assert_near(areas->centres[2].y_m, 8, 0);
    assert_ok(ctx, gb_territory_median(ctx, areas, NULL, 2, owners, centres,
                                       &sum));
    assert_near(sum, 5, 0);
    ck_assert_uint_eq(centres[1], 2);
    assert_ok(ctx, gb_territory_moment(ctx, areas, NULL, 2, owners, NULL,
                                       &sum));
    assert_near(sum, 25, 0);
}
END_TEST

#define AREAS "2\n0 0 0 5\n1 3 4 6\n"
static const refusal NO_DESIGNS[] = {
    { "9 7\n", "x.tg:1: the number of nodes is 9, at most 4",
      GB_ERR_DATA },
    { "2 7\n", "x.tg:1: the number of medians is 7, at most 2",
      GB_ERR_DATA },
    { "2 7\n0 0 9 1\n1 1 9 1\n",
      "x.tg:1: the number of medians is 7, at most 2", GB_ERR_DATA },
    { "0 0\n", "x.tg:1: no nodes", GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n", "the file ends where a node should stand",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n1 1 9\n", "x.tg:3: the line ends where a demand",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n1 1 9 1 1\n", "x.tg:3: \"1\" where the line should end",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n1 1 9 1.5\n", "x.tg:3: a demand is \"1.5\", not a whole",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 -1\n1 1 9 1\n", "x.tg:2: a demand is \"-1\", not a whole",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n1 north 9 1\n", "x.tg:3: y is \"north\", not a number",
      GB_ERR_PARSE },
    { "2 1\n0 0 9 1\n1 1 9 1\n2 2 9 1\n",
      "x.tg:4: more lines than the 2 nodes", GB_ERR_PARSE },
    { "0\n", "x.tg:1: no areas", GB_ERR_PARSE },
    { "900\n0 0 0 1\n", "x.tg:1: the number of areas is 900, at most",
      GB_ERR_DATA },
    { "2\n0 0 0 5\n", "the file ends where an area should stand",
      GB_ERR_PARSE },
    { "2\n1 0 0 5\n0 3 4 6\n", "x.tg:2: the id is \"1\", 0 is next",
      GB_ERR_PARSE },
    { "2\n0 0\n1 3 4 6\n", "x.tg:2: the line ends where y should stand",
      GB_ERR_PARSE },
    { "2\n0 0 zero 5\n1 3 4 6\n", "x.tg:2: y is \"zero\", not a number",
      GB_ERR_PARSE },
    { "2\n0 0 0\n1 3 4\n", "x.tg:2: 0 measures behind x and y",
      GB_ERR_PARSE },
    { "2\n0 0 0 5\n1 3 4 6 7\n",
      "x.tg:3: 2 measures behind x and y, the first area has 1",
      GB_ERR_PARSE },
    { "1\n0 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n0\n1 1\n",
      "x.tg:2: \"1\" where the line should end", GB_ERR_PARSE },
    { "2\n0 0 0 -5\n1 3 4 6\n", "x.tg:2: a measure is -5", GB_ERR_DATA },
    { AREAS "1\n0 2\n2 2 .1\n", "x.tg:5: j is 2, at most 1", GB_ERR_DATA },
    { AREAS "1\n1 1\n2 2 .1\n", "x.tg:5: the edge 1 1 leads", GB_ERR_DATA },
    { AREAS "1\n0 1 3\n2 2 .1\n", "x.tg:5: \"3\" where the line should end",
      GB_ERR_PARSE },
    { AREAS "2\n0 1\n0 1\n2 2 .1\n", "stands in line 5 already",
      GB_ERR_DATA },
    { AREAS "1\n0 1\n", "ends where the number of territories should stand",
      GB_ERR_PARSE },
    { AREAS "1\n0 1\n3 3 .1\n", "x.tg:6: territories is 3, at most 2",
      GB_ERR_DATA },
    { AREAS "1\n0 1\n2 2\n", "x.tg:6: the line ends where a tolerance",
      GB_ERR_PARSE },
    { AREAS "1\n0 1\n2 2 .1 .1\n", "x.tg:6: \".1\" where the line should",
      GB_ERR_PARSE },
    { AREAS "1\n0 1\n2 2 5\n", "x.tg:6: a tolerance is 5, not between 0",
      GB_ERR_DATA },
    { AREAS "1\n0 1\n2 2 .1\n3 1\n1 3\n",
      "the file ends where a row of distances should stand", GB_ERR_PARSE },
    { AREAS "1\n0 1\n2 2 .1\n3 1\n1\n",
      "x.tg:8: the line ends where a familiarity", GB_ERR_PARSE },
    { AREAS "1\n0 1\n1 1 .1\n3 1\n0 5\n5 -1\n",
      "x.tg:9: a distance is -1, not between", GB_ERR_DATA },
    { AREAS "1\n0 1\n1 1 .1\n3 1\n0 5\n5 0\n7\n",
      "x.tg:10: the file should have ended", GB_ERR_PARSE },
    { AREAS "1\n0 1\n1 1 .1\nsemilla: 1\n7\n",
      "x.tg:8: the file should have ended", GB_ERR_PARSE },
};

START_TEST(nodes_of_a_median_have_capacities_and_no_neighbours)
{
    const gb_areas *areas = read_text("2\t1\t \t\r\n605.5 7 9 1\n1 1 8 3\n\n");

    ck_assert_int_eq(facts().format, GB_AREA_FORMAT_CPMP);
    ck_assert_uint_eq(areas->n_areas, 2);
    ck_assert_uint_eq(facts().n_territories, 1);
    ck_assert_uint_eq(facts().n_components, 2);
    assert_near(areas->centres[0].x_m, 605.5, 0);
    assert_near(areas->activity[1], 3, 0);
    assert_near(gb_area_file_capacities(file)[1], 8, 0);
    ck_assert_ptr_null(gb_area_file_tolerances(file));
    ck_assert_ptr_null(gb_area_file_familiarity(file));
}
END_TEST

START_TEST(a_design_may_give_each_edge_from_both_ends_but_all_or_none)
{
    const gb_areas *areas = read_text("3\n0 0 0 5\n1 3 4 6\n2 1 1 6\n"
                                      "4\n2 1\n0 1\n1 2\n1 0\n2 2 .1\n");

    ck_assert_uint_eq(facts().n_edges, 2);
    ck_assert_uint_eq(areas->first_neighbour[3], 4);
    ck_assert_uint_eq(facts().n_components, 1);
    gb_area_file_free(file);
    assert_status(ctx, GB_ERR_DATA,
                  gb_areas_read(ctx, "x.tg", "3\n0 0 0 5\n1 3 4 6\n2 1 1 6\n"
                                "3\n2 1\n0 1\n1 2\n2 2 .1\n", 47,
                                GB_AREA_FORMAT_ANY, &file));
}
END_TEST

START_TEST(a_design_may_say_who_knows_which_area)
{
    read_text(AREAS "1\n0 1\n2 2 .1\n3 1\n1 2\n0 5\n6 0\n");
    ck_assert(facts().has_familiarity);
    assert_near(gb_area_file_familiarity(file)[1], 1, 0);
    assert_near(gb_area_file_familiarity(file)[3], 2, 0);
    assert_near(gb_area_file_distances(file)[2], 6, 0);
    ck_assert_ptr_null(gb_area_file_capacities(file));
    read_text(AREAS "1\n0 1\n2 2 .1\nsemilla: 1\n");
    ck_assert(!facts().has_familiarity);
}
END_TEST

START_TEST(a_design_that_breaks_the_form_is_refused_with_its_line)
{
    const refusal *r = &NO_DESIGNS[_i];

    assert_status(ctx, r->status,
                  gb_areas_read(ctx, "x.tg", r->text, strlen(r->text),
                                GB_AREA_FORMAT_ANY, &file));
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(gb_last_error(ctx), r->says) != NULL,
                  "\"%s\" does not say \"%s\"", gb_last_error(ctx), r->says);
}
END_TEST

START_TEST(given_graphs_are_read_as_their_headers_say)
{
    static const char *const names[] = {
        "data/grid/synth/syn10k.tg", "data/grid/us2010/PA_tract.tg",
        "data/grid/us2010/ID_county.tg", "data/grid/exact/fl25.txt",
        "data/grid/ctdp/2DU60-05-1.dat"
    };
    static const size_t n_areas[] = { 10000, 3217, 44, 25, 60 };
    static const size_t n_edges[] = { 29581, 8967, 102, 51, 103 };
    static const bool is_scaled[] = { false, false, true, false, false };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *path = test_shared_path(names[i]);
        char *text = path ? test_read_file(path, NULL) : NULL;

        if (!text)
            continue;
        read_text(text);
        ck_assert_uint_eq(facts().n_areas, n_areas[i]);
        ck_assert_uint_eq(facts().n_edges, n_edges[i]);
        ck_assert_int_eq(facts().is_scaled, is_scaled[i]);
        free(text);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("grid_read");
    TCase *c = tcase_create("tg1");

    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, a_file_comes_to_rows_with_both_ends_of_each_edge);
    tcase_add_test(c, centres_lie_as_far_apart_as_the_places);
    tcase_add_test(c,
                   places_on_both_sides_of_the_date_line_are_near_each_other);
    tcase_add_test(c, kilometres_and_degrees_are_told_by_the_column_of_land);
    tcase_add_test(c, without_places_neighbours_are_drawn_near_each_other);
    tcase_add_test(c,
                   line_ends_blanks_and_a_byte_order_mark_make_no_difference);
    tcase_add_loop_test(c,
                        a_file_that_breaks_the_form_is_refused_with_its_line,
                        0, (int)COUNT_OF(REFUSALS));
    tcase_add_test(c, a_zero_byte_a_long_word_and_many_columns_are_refused);
    tcase_add_test(c, a_file_cut_off_anywhere_is_refused_or_whole);
    tcase_add_test(c, distances_are_those_of_the_ellipsoid);
    tcase_add_test(c, the_moment_is_about_the_best_area_of_each_territory);
    tcase_add_test(
        c, a_design_has_a_count_before_its_measures_and_tolerances_for_each);
    tcase_add_test(c, nodes_of_a_median_have_capacities_and_no_neighbours);
    tcase_add_test(c, a_design_may_say_who_knows_which_area);
    tcase_add_test(
        c, a_design_may_give_each_edge_from_both_ends_but_all_or_none);
    tcase_add_loop_test(c,
                        a_design_that_breaks_the_form_is_refused_with_its_line,
                        0, (int)COUNT_OF(NO_DESIGNS));
    tcase_add_test(c, given_graphs_are_read_as_their_headers_say);
    suite_add_tcase(suite, c);
    return suite;
}
