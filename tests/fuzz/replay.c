/*
 * replay.c - run a fuzz target over the files of its corpus, in the order of
 * their names.  A folder without a file is an error: a replay of nothing
 * proves nothing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *folder, const char *name)
{
    char path[4096];
    uint8_t *bytes;
    FILE *file;
    size_t n;
    long size;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        fprintf(stderr, "cannot read %s\n", path);
        return 1;
    }
    rewind(file);
    bytes = malloc(size ? (size_t)size : 1);
    n = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    if (bytes)
        LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    return bytes ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    int n, failed = 0;

    if (argc != 2)
        return 2;
    n = scandir(argv[1], &names, is_file, alphasort);
    for (int i = 0; i < n; i++) {
        failed += replay(argv[1], names[i]->d_name);
        free(names[i]);
    }
    free(names);
    printf("%d inputs replayed\n", n);
    return n > 0 && failed == 0 ? 0 : 1;
}
