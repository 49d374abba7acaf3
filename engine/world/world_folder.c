/*
 * world_folder.c - see world_folder.h.
 */
#include "world_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base_check.h"

enum { FLUSH_BYTES = 1 << 16 };

static const char *const known_files[] = {
    "manifest.json",    "orgs.csv",      "branches.csv",  "managers.csv",
    "calendar.csv",     "products.csv",  "tags.csv",      "places.csv",
    "outlines.geojson", "areas.geojson", "customers.csv", "holdings.csv",
    "appointments.csv", "visits.csv"
};

static gb_status io_fail(world_folder *folder, const char *format,
                         const char *path)
{
    return base_fail(folder->run->ctx, GB_ERR_IO, format, path,
                     strerror(errno));
}

static bool ends_in(const char *text, const char *tail)
{
    const size_t n = strlen(text), k = strlen(tail);

    return n >= k && strcmp(text + n - k, tail) == 0;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(known_files); i++)
        if (strcmp(name, known_files[i]) == 0)
            return true;
    return ends_in(name, ".osm.pbf") || ends_in(name, ".osm");
}

static char *join(base_mem *mem, const char *a, const char *b, const char *c)
{
    base_text text;

    base_text_init(&text, mem);
    base_text_add(&text, a);
    base_text_add(&text, b);
    base_text_add(&text, c);
    return base_text_take(&text);
}

/* ---- folders ---- */

/* Is there nothing in it but files of a delivery?  Names one that is not. */
static gb_status look_through(world_folder *folder, const char *path)
{
    DIR *dir = opendir(path);
    gb_status status = GB_OK;
    struct dirent *entry;

    if (!dir)
        return errno == ENOENT
                   ? GB_OK
                   : io_fail(folder, GB_N("%s: cannot be opened: %s"), path);
    while (!status && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0
            && !is_known(entry->d_name))
            status = base_fail(folder->run->ctx, GB_ERR_STATE,
                               "%s: holds \"%s\", which is no file of a "
                               "delivery; nothing was replaced",
                               path, entry->d_name);
    closedir(dir);
    return status;
}

/* Remove a folder that look_through() found harmless; false: see errno. */
static bool remove_quietly(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        return errno == ENOENT;
    while ((entry = readdir(dir)))
        if (is_known(entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    return rmdir(path) == 0;
}

static gb_status remove_folder(world_folder *folder, const char *path)
{
    return remove_quietly(path)
               ? GB_OK
               : io_fail(folder, GB_N("%s: cannot be removed: %s"), path);
}

gb_status world_folder_open(base_run *run, const char *out,
                            world_folder *folder)
{
    size_t n = strlen(out);
    gb_status status;

    *folder = (world_folder){ .run = run };
    base_text_init(&folder->text, run->mem);
    while (n > 1 && out[n - 1] == '/')
        n--;
    folder->out = base_strndup(run->mem, out, n);
    if (!folder->out)
        return base_fail_nomem(run->ctx);
    folder->part = join(run->mem, folder->out, ".part", "");
    folder->old = join(run->mem, folder->out, ".old", "");
    if (!folder->part || !folder->old)
        return base_fail_nomem(run->ctx);
    if (sodium_init() < 0)
        return base_fail(run->ctx, GB_ERR_LIBRARY, "libsodium does not start");
    status = look_through(folder, folder->out);
    if (!status)
        status = look_through(folder, folder->part);
    if (!status)
        status = look_through(folder, folder->old);
    if (!status)
        status = remove_folder(folder, folder->part);
    if (status)
        return status;
    if (mkdir(folder->part, 0777))
        return io_fail(folder, GB_N("%s: cannot be made: %s"), folder->part);
    folder->is_made = true;
    return GB_OK;
}

void world_folder_clear(world_folder *folder)
{
    base_mem *mem;

    if (!folder->run)
        return;
    mem = folder->run->mem;
    if (folder->stream)
        fclose(folder->stream);
    if (folder->is_made)
        remove_quietly(folder->part);
    base_text_clear(&folder->text);
    base_free(mem, folder->out);
    base_free(mem, folder->part);
    base_free(mem, folder->old);
    base_free(mem, folder->extract_name);
    *folder = (world_folder){ 0 };
}

uint64_t world_folder_bytes(const world_folder *folder)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < folder->n_files; i++)
        sum += folder->files[i].n_bytes;
    return sum;
}

/* ---- files ---- */

static world_file *open_file(world_folder *folder)
{
    return &folder->files[folder->n_files - 1];
}

static gb_status write_bytes(world_folder *folder, const void *bytes, size_t n)
{
    world_file *file = open_file(folder);

    if (n && fwrite(bytes, 1, n, folder->stream) != n)
        return io_fail(folder, GB_N("%s: cannot be written: %s"), file->name);
    crypto_hash_sha256_update(&file->sha, bytes, n);
    file->n_bytes += n;
    return GB_OK;
}

static gb_status flush(world_folder *folder)
{
    gb_status status;

    if (folder->text.is_short)
        return base_fail_nomem(folder->run->ctx);
    status = write_bytes(folder, folder->text.chars, folder->text.n);
    base_text_reset(&folder->text);
    return status;
}

gb_status world_file_open(world_folder *folder, const char *kind,
                          const char *name, const char *encoding)
{
    char *path = join(folder->run->mem, folder->part, "/", name);
    world_file *file;

    if (!path)
        return base_fail_nomem(folder->run->ctx);
    assert(folder->n_files < WORLD_FILES && !folder->stream);
    file = &folder->files[folder->n_files++];
    *file = (world_file){ .kind = kind, .name = name, .encoding = encoding };
    crypto_hash_sha256_init(&file->sha);
    folder->stream = fopen(path, "wbx");
    base_free(folder->run->mem, path);
    if (!folder->stream)
        return io_fail(folder, GB_N("%s: cannot be made: %s"), name);
    if (strcmp(encoding, "utf-8-bom") == 0) {
        file->encoding = "utf-8";
        return write_bytes(folder, "\xef\xbb\xbf", 3);
    }
    return GB_OK;
}

gb_status world_file_row(world_folder *folder)
{
    open_file(folder)->n_rows++;
    if (folder->text.n < FLUSH_BYTES
        || strcmp(open_file(folder)->encoding, "gb18030") == 0)
        return base_poll(folder->run);
    if (flush(folder))
        return gb_last_status(folder->run->ctx);
    return base_poll(folder->run);
}

/* The text of the open file from UTF-8 to GB18030. */
static gb_status convert(world_folder *folder)
{
    base_run *run = folder->run;
    const size_t room = 2 * folder->text.n + 16;
    char *to = base_alloc(run->mem, room), *at = to;
    char *from = folder->text.chars;
    size_t n_from = folder->text.n, n_left = room;
    iconv_t cd = (iconv_t)-1;
    gb_status status = GB_OK;

    if (!to || folder->text.is_short) {
        base_free(run->mem, to);
        return base_fail_nomem(run->ctx);
    }
    cd = iconv_open("GB18030", "UTF-8");
    if (cd == (iconv_t)-1
        || iconv(cd, &from, &n_from, &at, &n_left) == (size_t)-1)
        status = base_fail(run->ctx, GB_ERR_LIBRARY, "iconv to GB18030: %s",
                           strerror(errno));
    else
        status = write_bytes(folder, to, room - n_left);
    if (cd != (iconv_t)-1)
        iconv_close(cd);
    base_text_reset(&folder->text);
    base_free(run->mem, to);
    return status;
}

gb_status world_file_close(world_folder *folder)
{
    world_file *file = open_file(folder);
    unsigned char hash[crypto_hash_sha256_BYTES];
    gb_status status = strcmp(file->encoding, "gb18030") == 0 ? convert(folder)
                                                              : flush(folder);
    FILE *stream = folder->stream;

    if (status)
        return status;
    folder->stream = NULL;
    crypto_hash_sha256_final(&file->sha, hash);
    sodium_bin2hex(file->sha256, sizeof file->sha256, hash, sizeof hash);
    if (fflush(stream) || fsync(fileno(stream)))
        status = io_fail(folder, GB_N("%s: cannot be written: %s"), file->name);
    if (fclose(stream) && !status)
        status = io_fail(folder, GB_N("%s: cannot be written: %s"), file->name);
    return status;
}

gb_status world_folder_copy(world_folder *folder, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const bool is_pbf = ends_in(name, ".pbf");
    FILE *from = fopen(path, "rb");
    gb_status status;
    char bytes[8192];
    size_t n;

    if (!from)
        return io_fail(folder, GB_N("%s: cannot be opened: %s"), path);
    folder->extract_name =
        ends_in(name, ".osm.pbf") || ends_in(name, ".osm")
            ? base_strdup(folder->run->mem, name)
            : join(folder->run->mem, "roads.osm", is_pbf ? ".pbf" : "", "");
    status = folder->extract_name
                 ? world_file_open(folder, "roads", folder->extract_name, "")
                 : base_fail_nomem(folder->run->ctx);
    while (!status && (n = fread(bytes, 1, sizeof bytes, from)) > 0) {
        status = write_bytes(folder, bytes, n);
        if (!status)
            status = base_poll(folder->run);
    }
    if (!status && ferror(from))
        status = io_fail(folder, GB_N("%s: cannot be read: %s"), path);
    fclose(from);
    return status ? status : world_file_close(folder);
}

/* ---- the end ---- */

static void add_entry(base_text *text, const world_file *file)
{
    base_text_add(text, "    {\"kind\": ");
    base_text_json(text, file->kind);
    base_text_add(text, ", \"file\": ");
    base_text_json(text, file->name);
    if (file->encoding[0])
        base_text_format(text, ", \"rows\": %llu",
                         (unsigned long long)file->n_rows);
    base_text_format(text, ",\n     \"sha256\": \"%s\"", file->sha256);
    if (file->encoding[0])
        base_text_format(text, ", \"encoding\": \"%s\"", file->encoding);
    base_text_add(text, "}");
}

/* The new folder takes the place of the old one, which then goes. */
static gb_status take_its_place(world_folder *folder)
{
    gb_status status = remove_folder(folder, folder->old);
    bool had_one = true;

    if (status)
        return status;
    if (rename(folder->out, folder->old)) {
        if (errno != ENOENT)
            return io_fail(folder, GB_N("%s: cannot be renamed: %s"),
                           folder->out);
        had_one = false;
    }
    if (rename(folder->part, folder->out)) {
        status =
            io_fail(folder, GB_N("%s: cannot be renamed: %s"), folder->part);
        if (had_one && rename(folder->old, folder->out))
            return status; /* the old one lies whole in `old` */
        return status;
    }
    folder->is_made = false;
    return had_one ? remove_folder(folder, folder->old) : GB_OK;
}

gb_status world_folder_finish(world_folder *folder, const char *as_of,
                              const char *datum)
{
    const uint32_t n = folder->n_files;
    gb_status status =
        world_file_open(folder, "manifest", "manifest.json", "utf-8");
    base_text *text = &folder->text;

    if (status)
        return status;
    base_text_format(text,
                     "{\"format\": \"gridbeat-delivery\", \"version\": 1,\n"
                     " \"as_of\": \"%s\", \"datum\": \"%s\",\n \"files\": [\n",
                     as_of, datum);
    for (uint32_t i = 0; i < n; i++) {
        add_entry(text, &folder->files[i]);
        base_text_add(text, i + 1 < n ? ",\n" : "\n");
    }
    base_text_add(text, " ]}\n");
    status = world_file_close(folder);
    return status ? status : take_its_place(folder);
}
