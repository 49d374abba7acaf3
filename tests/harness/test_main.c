/*
 * test_main.c - see test.h.
 */
#define _GNU_SOURCE /* nftw */
#include "test.h"

#include <ftw.h>
#include <unistd.h>

static char folder[256];
static pid_t folder_owner;

static int remove_entry(const char *path, const struct stat *info, int kind,
                        struct FTW *position)
{
    (void)info, (void)kind, (void)position;
    return remove(path);
}

static void remove_folder(void)
{
    if (folder[0] && folder_owner == getpid())
        nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *test_folder(void)
{
    const char *base = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/gb_test_XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder))
        ck_abort_msg("no temporary folder");
    folder_owner = getpid();
    atexit(remove_folder);
    return folder;
}

gb_context *test_context(void)
{
    gb_context *ctx = NULL;

    ck_assert_int_eq(gb_context_new(NULL, &ctx), GB_OK);
    return ctx;
}

static const char *path_under(const char *variable, const char *fallback,
                              const char *name)
{
    static char buffers[8][1024];
    static unsigned next;
    const char *root = getenv(variable);
    char *buffer = buffers[next++ % 8];

    snprintf(buffer, sizeof buffers[0], "%s/%s", root ? root : fallback, name);
    return buffer;
}

const char *test_data_path(const char *name)
{
    return path_under("GB_DATA", "data", name);
}

const char *test_shared_path(const char *name)
{
    const char *path = path_under("GB_SHARED", "../shared", name);

    if (access(path, R_OK) == 0)
        return path;
    printf("# skipped: %s is absent\n", path);
    return NULL;
}

char *test_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes;
    long n;

    ck_assert_msg(file != NULL, "cannot open %s", path);
    fseek(file, 0, SEEK_END);
    n = ftell(file);
    rewind(file);
    bytes = malloc((size_t)n + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)n, file), (size_t)n);
    bytes[n] = '\0';
    fclose(file);
    if (size)
        *size = (size_t)n;
    return bytes;
}

void test_write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    ck_assert_msg(file != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

int test_cases(int few)
{
    return getenv("GB_THOROUGH") ? few * 100 : few;
}

uint64_t test_seed(void)
{
    const char *seed = getenv("GB_SEED");

    return seed ? strtoull(seed, NULL, 10) : 1;
}

int main(void)
{
    SRunner *runner = srunner_create(test_suite());
    int n_run, n_failed;

    srunner_run_all(runner, CK_ENV);
    n_run = srunner_ntests_run(runner);
    n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_run > 0 && n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
