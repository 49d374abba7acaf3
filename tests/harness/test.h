/*
 * test.h - what every test file shares.
 *
 * A test file defines `Suite *test_suite(void)`; main() is the harness's.  A
 * test's name is the sentence it proves.  Random tests take their seed from
 * test_seed(), which GB_SEED overrides, and print it when they fail.
 */
#ifndef TEST_H
#define TEST_H

#include <gridbeat/base.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *test_suite(void);

/* A context with the default options; fails the test when there is none. */
gb_context *test_context(void);

/* The path of a file of data/, or of ../shared; into a buffer that lives. */
const char *test_data_path(const char *name);
/* NULL, with one line that says the test is skipped, where it is absent. */
const char *test_shared_path(const char *name);

/* A new empty folder that is removed with all in it when the test ends. */
const char *test_folder(void);

/* The whole file with a '\0' behind it; free() it.  Fails when unreadable. */
char *test_read_file(const char *path, size_t *size);
void test_write_file(const char *path, const void *bytes, size_t size);

/* Cases of a random test: `few`, or a hundred times as many under
 * GB_THOROUGH. */
int test_cases(int few);
uint64_t test_seed(void);

#define assert_status(ctx, expected, call)                                    \
    do {                                                                      \
        const gb_status got_ = (call);                                        \
        ck_assert_msg(got_ == (expected), "%s: %s, expected %s: %s", #call,   \
                      gb_status_name(got_), gb_status_name(expected),         \
                      gb_last_error(ctx));                                    \
    } while (0)
#define assert_ok(ctx, call) assert_status(ctx, GB_OK, call)

/* Unlike Check's own, a tolerance of 0 asks for equality. */
#define assert_near(a, b, tolerance)                                          \
    do {                                                                      \
        const double a_ = (a), b_ = (b), tolerance_ = (tolerance);            \
        ck_assert_msg(fabs(a_ - b_) <= tolerance_,                            \
                      "%s is %.17g, not within %g of %.17g", #a, a_,          \
                      tolerance_, b_);                                        \
    } while (0)

#endif
