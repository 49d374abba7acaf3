#include "test.h"
#include "world_date.h"

START_TEST(days_and_dates_are_inverse_over_four_hundred_years)
{
    world_ymd last = world_date_of(world_day_of((world_ymd){ 1799, 12, 31 }));
    const int32_t end = world_day_of((world_ymd){ 2200, 1, 1 });

    ck_assert_int_eq(world_day_of((world_ymd){ 1970, 1, 1 }), 0);
    ck_assert_int_eq(world_day_of((world_ymd){ 2000, 3, 1 }), 11017);
    for (int32_t day = world_day_of((world_ymd){ 1800, 1, 1 }); day < end;
         day++) {
        const world_ymd date = world_date_of(day);

        ck_assert_int_eq(world_day_of(date), day);
        ck_assert(date.day == last.day + 1
                  || (date.day == 1 && last.day >= 28));
        last = date;
    }
}
END_TEST

START_TEST(weekdays_are_right)
{
    ck_assert_int_eq(world_weekday(world_day_of((world_ymd){ 2026, 3, 2 })), 0);
    ck_assert_int_eq(world_weekday(world_day_of((world_ymd){ 2000, 1, 1 })), 5);
    ck_assert_int_eq(world_weekday(world_day_of((world_ymd){ 1969, 12, 28 })),
                     6);
}
END_TEST

START_TEST(only_dates_that_exist_are_taken)
{
    static const char *const bad[]
        = { "",           "2026-02-29", "2026-13-01", "2026-00-10",
            "2026-1-01",  "2026-01-1",  "2026-01-011", "1969-12-31",
            "2200-01-01", "2026/01/01", "2026-04-31",  " 2026-01-01",
            "20260101",   "2026-01-0x", "2026" };
    int32_t day;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!world_date_parse(bad[i], &day), "%s", bad[i]);
    ck_assert(world_date_parse("2024-02-29", &day));
    ck_assert_int_eq(day, world_day_of((world_ymd){ 2024, 2, 29 }));
}
END_TEST

START_TEST(the_calendar_of_2026_has_its_feasts_and_working_saturdays)
{
    static const struct {
        int month, day;
        bool is_working;
    } days[] = { { 3, 2, true },  { 3, 7, false },  { 4, 3, true },
                 { 4, 6, false }, { 4, 7, true },   { 5, 1, false },
                 { 5, 5, false }, { 5, 6, true },   { 5, 9, true },
                 { 5, 10, false }, { 10, 7, false }, { 10, 10, true },
                 { 1, 1, false } };

    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        ck_assert_msg(world_is_working_day(world_day_of((world_ymd){
                          2026, days[i].month, days[i].day }))
                          == days[i].is_working,
                      "2026-%d-%d", days[i].month, days[i].day);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world_date");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, days_and_dates_are_inverse_over_four_hundred_years);
    tcase_add_test(tcase, weekdays_are_right);
    tcase_add_test(tcase, only_dates_that_exist_are_taken);
    tcase_add_test(tcase,
                   the_calendar_of_2026_has_its_feasts_and_working_saturdays);
    suite_add_tcase(suite, tcase);
    return suite;
}
