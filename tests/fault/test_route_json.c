#include <gridbeat/route_json.h>

#include "faulty_loop.h"
#include "test.h"

/* Small files with something of everything that takes memory. */
static const char VROOM[] =
    "{\"matrices\":{\"car\":{\"durations\":[[0,9],[9,0]],"
    "\"distances\":[[0,9],[9,0]],\"costs\":[[0,1],[1,0]]}},"
    "\"vehicles\":[{\"id\":1,\"start_index\":0,\"capacity\":[4],"
    "\"description\":\"a\",\"type\":\"t\",\"skills\":[1,2],"
    "\"start\":[104.0,30.5],\"breaks\":[{\"id\":1,\"description\":\"b\","
    "\"time_windows\":[[0,9]]}],\"costs\":{\"per_task_hour\":5},"
    "\"time_window\":[0,999],\"steps\":[{\"type\":\"job\",\"id\":1}]},"
    "{\"id\":2,\"end_index\":1,\"capacity\":[4]}],"
    "\"jobs\":[{\"id\":1,\"location_index\":1,\"setup\":3,\"skills\":[2],"
    "\"delivery\":[1],\"time_windows\":[[5,99]],\"description\":\"c\"},"
    "{\"id\":2,\"location_index\":1,\"setup\":3,\"delivery\":[9]}]}";

static const char OWN[] =
    "{\"format\":\"gridbeat-route\",\"version\":1,\"name\":\"n\","
    "\"n_loads\":1,\"n_prize_kinds\":1,\"slot_start_s\":[0],"
    "\"locations\":[{\"name\":\"l\",\"lon_deg\":1,\"lat_deg\":2}],"
    "\"profiles\":[{\"bands\":[{\"start_s\":0,\"seconds\":[[0]]}],"
    "\"metres\":[[0]]}],\"places\":[{\"access_s\":1}],"
    "\"groups\":[{\"must\":true}],\"bundles\":[{\"patterns\":[[0]]}],"
    "\"vehicles\":[{\"name\":\"v\",\"shift_end_s\":99,\"capacity\":[3],"
    "\"breaks\":[{\"early_s\":0,\"late_s\":9,\"length_s\":1}]}],"
    "\"clients\":[{\"name\":\"c\",\"location\":0,\"windows_s\":[[0,9]],"
    "\"vehicles\":[0],\"loads\":[1],\"slot_prizes\":[1],\"release_s\":0,"
    "\"kind_prizes\":[[2]],\"group\":0},{\"location\":0,\"bundle\":0,"
    "\"loads\":[99],\"vehicles\":[0]}],"
    "\"start\":{\"routes\":[{\"vehicle\":0,\"items\":[0],\"n_frozen\":1}]}}";

/* The text of size *needed by `write`; NULL: no memory. */
#define TEXT(status, text, needed, call)                                      \
    do {                                                                      \
        char *buffer = NULL;                                                  \
        size_t capacity = 0;                                                  \
        (status) = (call);                                                    \
        if ((status) == GB_ERR_BUFFER) {                                      \
            capacity = (needed);                                              \
            buffer = malloc(capacity);                                        \
            (status) = (call);                                                \
        }                                                                     \
        (text) = buffer;                                                      \
    } while (0)

static gb_status write_all(gb_context *ctx, const gb_route_file *file,
                           const gb_route_solution *solution, int32_t format)
{
    gb_route_file_routes *routes = NULL;
    gb_route_file_figures figures = { .size = sizeof figures };
    char *text = NULL;
    size_t needed = 0;
    gb_status status;

    TEXT(status, text, needed,
         gb_route_file_solution_text(ctx, file, solution, format, buffer,
                                     capacity, &needed));
    if (!status)
        status = gb_route_file_read_solution_memory(ctx, file, text,
                                                    needed - 1, "s", &routes);
    ck_assert(!status || !routes);
    gb_route_file_routes_free(routes);
    free(text);
    if (!status)
        status = gb_route_file_figures_get(ctx, file, solution, &figures);
    if (status)
        return status;
    TEXT(status, text, needed,
         gb_route_problem_text(ctx, gb_route_file_problem(file), file, buffer,
                               capacity, &needed));
    free(text);
    if (status)
        return status;
    TEXT(status, text, needed,
         gb_route_solution_geojson(ctx, file, solution, buffer, capacity,
                                   &needed));
    free(text);
    return status;
}

static int which; /* of the calls */

static gb_status call(gb_context *ctx)
{
    const char *text = which ? OWN : VROOM;
    gb_route_file *file = NULL;
    gb_route_solution *solution = NULL;
    gb_status status = gb_route_file_read_memory(ctx, text, strlen(text), "f",
                                                 NULL, &file);

    ck_assert((file == NULL) == (status != GB_OK));
    if (!status)
        status = gb_route_evaluate(ctx, gb_route_file_problem(file),
                                   gb_route_file_start(file), &solution);
    for (int32_t format = GB_ROUTE_FORMAT_VROOM;
         !status && format <= GB_ROUTE_FORMAT_JSON; format++)
        status = write_all(ctx, file, solution, format);
    gb_route_solution_free(solution);
    gb_route_file_free(file);
    return status;
}

START_TEST(lack_of_memory_is_survived)
{
    which = _i / 2;
    faulty_loop(call, (faulty_way)(_i % 2), 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_json");
    TCase *tcase = tcase_create("memory");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, lack_of_memory_is_survived, 0, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
