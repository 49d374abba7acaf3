#include <gridbeat/gridbeat.h>

#include "test.h"

/* --- the figures of R: spdep and dbscan --- */

enum { N_COUNTIES = 100, N_COLUMNS = 50, N_ROWS = 25,
       N_CELLS = N_COLUMNS * N_ROWS, MOST_POINTS = 10000 };

typedef struct lists {
    uint32_t first[N_CELLS + 1], areas[8 * N_CELLS];
    gb_neighbours near;
} lists;

/* The counties stand in the file in the order of the reference. */
static void read_gal(const char *text, lists *out)
{
    static uint32_t codes[N_COUNTIES], rows[N_COUNTIES][16], n_of[N_COUNTIES];
    const char *at = strchr(text, '\n');
    uint32_t n = 0;
    char *end;

    for (uint32_t i = 0; i < N_COUNTIES; i++, at = end) {
        codes[i] = (uint32_t)strtoul(at, &end, 10);
        n_of[i] = (uint32_t)strtoul(end, &end, 10);
        for (uint32_t k = 0; k < n_of[i]; k++)
            rows[i][k] = (uint32_t)strtoul(end, &end, 10);
    }
    for (uint32_t i = 0; i < N_COUNTIES; i++) {
        out->first[i] = n;
        for (uint32_t k = 0; k < n_of[i]; k++)
            for (uint32_t other = 0; other < N_COUNTIES; other++)
                if (codes[other] == rows[i][k])
                    out->areas[n++] = other;
    }
    out->first[N_COUNTIES] = n;
    out->near = (gb_neighbours){ sizeof out->near, N_COUNTIES, out->first,
                                 out->areas, NULL };
}

static char *read_shared(const char *name)
{
    const char *path = test_shared_path(name);

    return path ? test_read_file(path, NULL) : NULL;
}

/* The next line's numbers behind commas; false at the end. */
static bool next_row(const char **at, double *row, size_t n)
{
    const char *line = strchr(*at, '\n');
    char *end;

    if (!line || !line[1])
        return false;
    *at = ++line;
    for (size_t i = 0; i < n; i++, line = *end == ',' ? end + 1 : end)
        row[i] = strtod(line, &end);
    return true;
}

START_TEST(counties_have_the_figures_of_spdep)
{
    char *gal = read_shared("data/score/areas/sids2/sids2.gal");
    char *text = read_shared("data/score/reference/sids2_local_stats.csv");
    gb_context *ctx = test_context();
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    gb_moran moran = { .size = sizeof moran };
    double values[N_COUNTIES], rows[N_COUNTIES][8];
    gb_spot got[N_COUNTIES];
    const char *at = text;
    lists l;

    if (!gal || !text)
        return;
    read_gal(gal, &l);
    for (size_t i = 0; i < N_COUNTIES; i++) {
        ck_assert(next_row(&at, rows[i], 8));
        values[i] = rows[i][3];
    }
    assert_ok(ctx, gb_spots_moran(ctx, values, &l.near, &options, &moran));
    assert_near(moran.i, 0.2477252, 1e-7); /* as it is printed */
    for (options.stat = 0; options.stat < 3; options.stat++) {
        assert_ok(ctx, gb_spots(ctx, values, &l.near, &options, got));
        for (size_t i = 0; i < N_COUNTIES; i++) {
            const double stat = options.stat == GB_SPOT_MORAN ? rows[i][4]
                : options.stat == GB_SPOT_GI ? rows[i][6] : rows[i][7];

            assert_near(got[i].stat, stat, 1e-8 * (1 + fabs(stat)));
            if (options.stat == GB_SPOT_MORAN)
                assert_near(got[i].z, rows[i][5], 1e-8);
        }
    }
    gb_context_free(ctx);
    free(gal);
    free(text);
}
END_TEST

static void queens(lists *out)
{
    uint32_t n = 0;

    for (int i = 0; i < N_CELLS; i++) {
        const int row = i / N_COLUMNS, column = i % N_COLUMNS;

        out->first[i] = n;
        for (int r = row - 1; r <= row + 1; r++)
            for (int c = column - 1; c <= column + 1; c++)
                if (r >= 0 && r < N_ROWS && c >= 0 && c < N_COLUMNS
                    && (r != row || c != column))
                    out->areas[n++] = (uint32_t)(r * N_COLUMNS + c);
    }
    out->first[N_CELLS] = n;
    out->near = (gb_neighbours){ sizeof out->near, N_CELLS, out->first,
                                 out->areas, NULL };
}

START_TEST(cells_of_trees_have_the_figures_of_spdep)
{
    char *text = read_shared("data/score/reference/bei_grid_gistar.csv");
    gb_context *ctx = test_context();
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    static double values[N_CELLS], expected[N_CELLS][7];
    static gb_spot got[N_CELLS];
    static lists l;
    const char *at = text;
    double row[7];

    if (!text)
        return;
    queens(&l);
    /* The reference's lines, though they run down the columns, were laid out
     * row by row when its neighbours were made. */
    for (size_t i = 0; next_row(&at, row, 7); i++) {
        ck_assert_uint_lt(i, N_CELLS);
        values[i] = row[2];
        memcpy(expected[i], row, sizeof row);
    }
    options.is_fdr = 1;
    assert_ok(ctx, gb_spots(ctx, values, &l.near, &options, got));
    for (size_t i = 0; i < N_CELLS; i++) {
        assert_near(got[i].z, expected[i][3], 1e-8);
        assert_near(got[i].p, expected[i][4], 1e-8);
        assert_near(got[i].p_fdr, expected[i][5], 1e-8);
        ck_assert_int_eq(got[i].spot_class,
                         got[i].p_fdr > 0.05 ? GB_SPOT_NONE
                         : got[i].z > 0 ? GB_SPOT_HOT : GB_SPOT_COLD);
    }
    options.stat = GB_SPOT_MORAN;
    assert_ok(ctx, gb_spots(ctx, values, &l.near, &options, got));
    for (size_t i = 0; i < N_CELLS; i++)
        assert_near(got[i].z, expected[i][6], 1e-8);
    gb_context_free(ctx);
    free(text);
}
END_TEST

typedef struct cloud {
    const char *reference;
    double radius_m; /* that of the reference */
    uint32_t min_points;
} cloud;

/* What R's dbscan was called with. */
static const cloud clouds[]
    = { { "data/score/reference/bei_clusters.csv", 15, 10 },
        { "data/score/reference/clm_clusters.csv", 5, 10 } };

START_TEST(cores_and_noise_are_those_of_dbscan)
{
    char *text = read_shared(clouds[_i].reference);
    gb_context *ctx = test_context();
    gb_clusters_options options = GB_CLUSTERS_OPTIONS_INIT;
    static gb_point points[MOST_POINTS];
    static double rows[MOST_POINTS][4];
    static uint32_t clusters[MOST_POINTS];
    static uint32_t number_of[MOST_POINTS];
    static uint8_t cores[MOST_POINTS];
    const char *at = text;
    uint32_t n_clusters;
    double most = 0;
    size_t n = 0;

    if (!text)
        return;
    for (; next_row(&at, rows[n], 4); n++) {
        points[n] = (gb_point){ rows[n][0], rows[n][1] };
        most = fmax(most, rows[n][2]);
    }
    options.radius_m = clouds[_i].radius_m;
    options.min_points = clouds[_i].min_points;
    assert_ok(ctx, gb_clusters(ctx, points, n, &options, clusters, cores,
                               &n_clusters));
    ck_assert_uint_eq(n_clusters, (uint32_t)most);
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(cores[i], rows[i][3] > 0);
        ck_assert((clusters[i] == 0) == (rows[i][2] <= 0));
        if (!cores[i])
            continue;
        /* The same parts: numbers go together, one to one. */
        if (number_of[(size_t)rows[i][2]] == 0)
            number_of[(size_t)rows[i][2]] = clusters[i];
        ck_assert_uint_eq(number_of[(size_t)rows[i][2]], clusters[i]);
    }
    gb_context_free(ctx);
    free(text);
}
END_TEST

/* --- refusals --- */

START_TEST(what_is_no_map_is_refused_with_its_place)
{
    gb_context *ctx = test_context();
    double values[] = { 1, 2, 3, 4 };
    double weights[] = { 1, 1 };
    uint32_t first[] = { 0, 1, 2, 2, 2 }, areas[] = { 1, 0 };
    gb_neighbours near = { sizeof near, 4, first, areas, weights };
    gb_spots_options options = GB_SPOTS_OPTIONS_INIT;
    gb_moran moran = { .size = sizeof moran };
    gb_spot out[4];

    assert_ok(ctx, gb_spots(ctx, values, &near, NULL, out));
    assert_ok(ctx, gb_spots_moran(ctx, values, &near, NULL, &moran));
    areas[1] = 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, out));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "area 1"));
    areas[1] = 4;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, out));
    areas[1] = 0;
    weights[0] = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, out));
    weights[0] = 1;
    values[2] = INFINITY;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, out));
    values[2] = values[3] = NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, out));
    values[2] = 1;
    options.stat = 3;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, &options, out));
    options.stat = 0;
    options.level = 1.5;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, &options, out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots(ctx, values, &near, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots_moran(ctx, values, &near, NULL, NULL));
    first[1] = first[2] = first[3] = first[4] = 0;
    values[3] = 2;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots_moran(ctx, values, &near, NULL, &moran));
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_no_point_or_chance_is_refused)
{
    gb_context *ctx = test_context();
    gb_point points[] = { { 0, 0 }, { 1, NAN } };
    gb_clusters_options options = GB_CLUSTERS_OPTIONS_INIT;
    uint32_t clusters[2], n;
    double p[] = { 0.5, 1.5 };

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_clusters(ctx, points, 2, NULL, clusters, NULL, &n));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "point 1"));
    points[1].y_m = 1e300;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_clusters(ctx, points, 2, NULL, clusters, NULL, &n));
    assert_ok(ctx, gb_clusters(ctx, points, 1, NULL, clusters, NULL, &n));
    assert_ok(ctx, gb_clusters(ctx, NULL, 0, NULL, NULL, NULL, &n));
    options.radius_m = -1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_clusters(ctx, points, 1, &options, clusters, NULL, &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_clusters(ctx, points, 1, NULL, clusters, NULL, NULL));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_false_discovery(ctx, p, 2, p));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "test 1"));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_false_discovery(ctx, NULL, 1, p));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_hundred_thousand_at_one_address_are_one_cluster)
{
    enum { N = 100000 };
    gb_context *ctx = test_context();
    gb_clusters_options options = GB_CLUSTERS_OPTIONS_INIT;
    gb_point *points = calloc(N, sizeof *points);
    uint32_t *clusters = malloc(N * sizeof *clusters), n;

    options.min_points = N - 1;
    points[N - 1] = (gb_point){ 1000, 0 };
    assert_ok(ctx, gb_clusters(ctx, points, N, &options, clusters, NULL, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(clusters[0], 1);
    ck_assert_uint_eq(clusters[N - 1], 0);
    free(points);
    free(clusters);
    gb_context_free(ctx);
}
END_TEST

/* By hand: the share of all is .1, the variance between areas .0075. */
START_TEST(shares_are_told_in_deviations_of_so_many_people)
{
    const double events[] = { 1, 3, 0, 0 }, people[] = { 10, 10, 20, 0 };
    gb_context *ctx = test_context();
    double out[4];

    assert_ok(ctx, gb_spots_rates(ctx, events, people, 4, out));
    assert_near(out[0], 0, 1e-15);
    assert_near(out[1], 0.2 / sqrt(0.0175), 1e-12);
    assert_near(out[2], -0.1 / sqrt(0.0125), 1e-12);
    ck_assert(isnan(out[3]));
    gb_context_free(ctx);
}
END_TEST

/* Nothing differs but by chance: only how many people stand behind counts. */
START_TEST(a_share_of_few_is_no_news)
{
    const double events[] = { 1, 100, 49 }, people[] = { 1, 200, 99 };
    const double none[] = { 0, 0, 0 };
    gb_context *ctx = test_context();
    double out[3];

    assert_ok(ctx, gb_spots_rates(ctx, events, people, 3, out));
    assert_near(out[0], 0.5 / sqrt(0.5), 1e-12);
    ck_assert(out[0] < 1);
    assert_ok(ctx, gb_spots_rates(ctx, none, people, 3, out));
    for (int i = 0; i < 3; i++)
        assert_near(out[i], 0, 0);
    assert_ok(ctx, gb_spots_rates(ctx, none, none, 3, out));
    ck_assert(isnan(out[0]) && isnan(out[1]) && isnan(out[2]));
    gb_context_free(ctx);
}
END_TEST

START_TEST(what_is_no_share_is_refused)
{
    static const double bad[][2]
        = { { 2, 1 }, { -1, 5 }, { (double)NAN, 5 }, { 1, (double)NAN },
            { 0, 1e300 }, { 0, -1 }, { 0, (double)INFINITY } };
    gb_context *ctx = test_context();
    double out;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(ctx, GB_ERR_ARGUMENT,
                      gb_spots_rates(ctx, &bad[i][0], &bad[i][1], 1, &out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_spots_rates(ctx, NULL, &bad[0][0], 1, &out));
    assert_ok(ctx, gb_spots_rates(ctx, NULL, NULL, 0, NULL));
    ck_assert_int_eq(gb_spots_rates(NULL, NULL, NULL, 0, NULL),
                     GB_ERR_ARGUMENT);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("spots");
    TCase *tcase = tcase_create("spots");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, counties_have_the_figures_of_spdep);
    tcase_add_test(tcase, cells_of_trees_have_the_figures_of_spdep);
    tcase_add_loop_test(tcase, cores_and_noise_are_those_of_dbscan, 0,
                        sizeof clouds / sizeof *clouds);
    tcase_add_test(tcase, what_is_no_map_is_refused_with_its_place);
    tcase_add_test(tcase, what_is_no_point_or_chance_is_refused);
    tcase_add_test(tcase, shares_are_told_in_deviations_of_so_many_people);
    tcase_add_test(tcase, a_share_of_few_is_no_news);
    tcase_add_test(tcase, what_is_no_share_is_refused);
    tcase_add_test(tcase, a_hundred_thousand_at_one_address_are_one_cluster);
    suite_add_tcase(suite, tcase);
    return suite;
}
