#include "base_rng.h"
#include "store_date.h"
#include "store_segment_sets.h"
#include "test.h"

/* ----------------------------------------------------------- the calendar -- */

/* The plain twin: walks the calendar a day or a month at a time. */
static store_date next_day(store_date d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30,
                                31, 31, 30, 31, 30, 31 };
    const bool is_leap
        = d.year % 400 == 0 || (d.year % 4 == 0 && d.year % 100 != 0);
    const int last = days[d.month - 1] + (d.month == 2 && is_leap);

    if (++d.day > last) {
        d.day = 1;
        if (++d.month > 12) {
            d.month = 1;
            d.year++;
        }
    }
    return d;
}

static bool is_before(store_date a, store_date b)
{
    return a.year != b.year     ? a.year < b.year
           : a.month != b.month ? a.month < b.month : a.day < b.day;
}

static bool is_last_of_month(store_date d)
{
    return next_day(d).day == 1;
}

/* `d` moved by months, to the month's end where it must. */
static store_date moved(store_date d, int months)
{
    store_date to = { d.year, d.month, 1 };

    for (int i = 0; i < months; i++) {
        if (++to.month > 12) {
            to.month = 1;
            to.year++;
        }
    }
    while (to.day < d.day && !is_last_of_month(to))
        to = next_day(to);
    return to;
}

static int plain_months(store_date from, store_date to)
{
    int months = 0;

    while (!is_before(to, moved(from, months + 1)))
        months++;
    return months;
}

START_TEST(days_are_numbered_one_by_one_and_weekdays_turn)
{
    store_date date = { 1970, 1, 1 };

    for (int32_t day = 0; day < 60000; day++) {
        const store_date back = store_date_of(day);
        char text[16];

        ck_assert_int_eq(store_day_of(date), day);
        ck_assert(back.year == date.year && back.month == date.month
                  && back.day == date.day);
        ck_assert_int_eq(store_weekday(day), (day + 3) % 7 + 1);
        ck_assert_int_eq(store_day_parse(store_day_text(text, day)), day);
        date = next_day(date);
    }
    date = (store_date){ 1600, 1, 1 };
    for (int32_t day = store_day_of(date); day < 0; day++) {
        ck_assert_int_eq(store_day_of(date), day);
        ck_assert_int_eq(store_date_of(day).day, date.day);
        ck_assert_int_eq(store_weekday(day), ((day + 3) % 7 + 7) % 7 + 1);
        date = next_day(date);
    }
    ck_assert_int_eq(date.year, 1970);
}
END_TEST

START_TEST(months_agree_with_a_walk_through_the_calendar)
{
    base_rng rng = base_rng_seeded(test_seed());

    for (int i = 0; i < test_cases(20000); i++) {
        const int32_t from_day = (int32_t)base_rng_below(&rng, 40000);
        const int32_t to_day
            = from_day + (int32_t)base_rng_below(&rng, i % 2 ? 70 : 1500);
        const store_date from = store_date_of(from_day);
        const store_date to = store_date_of(to_day);

        ck_assert_msg(store_months_between(from, to) == plain_months(from, to),
                      "seed %llu: %d-%d-%d to %d-%d-%d: %d, plain %d",
                      (unsigned long long)test_seed(), from.year, from.month,
                      from.day, to.year, to.month, to.day,
                      store_months_between(from, to), plain_months(from, to));
    }
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
    static const char *const bad[] = {
        "", "2026-3-02", "2026-02-29", "2100-02-29", "2026-13-01",
        "2026-00-10", "2026-01-00", "2026-04-31", "2026/01/01", "20260101",
        "2026-01-011", " 2026-01-01", "2026-01-1x", "0000-01-01",
        "-026-01-01", "２０２６-01-01",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(store_day_parse(bad[i]) == STORE_NO_DAY, "%s", bad[i]);
    ck_assert_int_ne(store_day_parse("2000-02-29"), STORE_NO_DAY);
    ck_assert_int_eq(store_day_parse(NULL), STORE_NO_DAY);
}
END_TEST

/* -------------------------------------------------------------- the areas -- */

/* The plain twin: the sum of the angles under which a ring is seen. */
static int winding(const gb_point *ring, int n, gb_point p)
{
    double sum = 0.0;

    for (int i = 0; i < n; i++) {
        const gb_point a = ring[i], b = ring[(i + 1) % n];
        const double ax = a.x_m - p.x_m, ay = a.y_m - p.y_m;
        const double bx = b.x_m - p.x_m, by = b.y_m - p.y_m;

        sum += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return (int)lround(sum / 6.283185307179586);
}

/* A star-shaped ring round a centre, counter-clockwise. */
static void make_ring(base_rng *rng, gb_point centre, double radius, int n,
                      gb_point *ring)
{
    for (int i = 0; i < n; i++) {
        const double angle = 6.283185307179586 * i / n;
        const double r
            = radius * (0.5 + (double)base_rng_below(rng, 1000) / 2000.0);

        ring[i] = (gb_point){ centre.x_m + r * cos(angle),
                              centre.y_m + r * sin(angle) };
    }
}

START_TEST(points_in_areas_agree_with_the_sum_of_angles)
{
    enum { N = 24 };
    gb_context *ctx = test_context();
    base_mem *mem = base_mem_new(NULL);
    base_rng rng = base_rng_seeded(test_seed());

    for (int i = 0; i < test_cases(300); i++) {
        const gb_point centre = { 114.3, 30.5 };
        gb_point outer[N], hole[N];
        store_area_set area = { 0 };
        geo_geometry shape = { .kind = GEO_POLYGONS };
        gb_shapes view;

        geo_shapes_init(&shape.parts, mem);
        make_ring(&rng, centre, 0.02, N, outer);
        make_ring(&rng, centre, 0.008, N, hole);
        for (int k = 0; k < N; k++)
            ck_assert(geo_shapes_add_point(&shape.parts, outer[k]));
        ck_assert(geo_shapes_end_ring(&shape.parts));
        for (int k = N - 1; k >= 0; k--)
            ck_assert(geo_shapes_add_point(&shape.parts, hole[k]));
        ck_assert(geo_shapes_end_ring(&shape.parts));
        ck_assert(geo_shapes_end_shape(&shape.parts));
        view = geo_shapes_view(&shape.parts);
        ck_assert(base_array_push(mem, &area.boxes, geo_shape_box(&view, 0)));
        ck_assert(base_array_push(mem, &area.shapes, shape));
        for (int k = 0; k < 100; k++) {
            const gb_point p
                = { centre.x_m - 0.025
                        + 0.00005 * (double)base_rng_below(&rng, 1000),
                    centre.y_m - 0.025
                        + 0.00005 * (double)base_rng_below(&rng, 1000) };

            ck_assert_msg(store_area_contains(&area, p)
                              == (winding(outer, N, p) != 0
                                  && winding(hole, N, p) == 0),
                          "seed %llu, case %d: %.6f %.6f",
                          (unsigned long long)test_seed(), i, p.x_m, p.y_m);
        }
        for (int k = 0; k < N; k++) { /* corners and middles of edges are in */
            const gb_point *ring = k % 2 ? outer : hole;
            const gb_point a = ring[k], c = ring[(k + 1) % N];

            ck_assert(store_area_contains(&area, a));
            ck_assert(store_area_contains(
                &area, (gb_point){ (a.x_m + c.x_m) / 2,
                                   (a.y_m + c.y_m) / 2 }));
        }
        geo_geometry_clear(&area.shapes.items[0]);
        base_array_clear(mem, &area.shapes);
        base_array_clear(mem, &area.boxes);
    }
    base_mem_unref(mem);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, days_are_numbered_one_by_one_and_weekdays_turn);
    tcase_add_test(tcase, months_agree_with_a_walk_through_the_calendar);
    tcase_add_test(tcase, what_is_no_date_is_refused);
    tcase_add_test(tcase, points_in_areas_agree_with_the_sum_of_angles);
    suite_add_tcase(suite, tcase);
    return suite;
}
