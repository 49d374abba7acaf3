#include "base_lines.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PIECE = 1 << 16 };

static gb_status fail_reading(base_lines *lines)
{
    return base_fail(lines->ctx, GB_ERR_IO, "%s: cannot be read: %s",
                     lines->path, strerror(errno));
}

/* Move what is unread to the front and read one more piece behind it. */
static gb_status fill(base_lines *lines)
{
    size_t got;

    if (lines->from > 0) {
        memmove(lines->buffer, lines->buffer + lines->from,
                lines->n - lines->from);
        lines->n -= lines->from;
        lines->from = 0;
    }
    if (lines->capacity - lines->n < PIECE) {
        const size_t wanted = lines->capacity * 2 + PIECE;
        char *grown = base_realloc_array(lines->ctx->mem, lines->buffer,
                                         wanted, 1);

        if (!grown)
            return base_fail_nomem(lines->ctx);
        lines->buffer = grown;
        lines->capacity = wanted;
    }
    got = fread(lines->buffer + lines->n, 1, PIECE, lines->file);
    if (got < PIECE && ferror(lines->file))
        return fail_reading(lines);
    lines->n += got;
    lines->is_at_end = got < PIECE;
    return GB_OK;
}

static gb_status look_at_start(base_lines *lines)
{
    gb_status status = fill(lines);

    if (status)
        return status;
    if (lines->n >= 2
        && (memcmp(lines->buffer, "\xff\xfe", 2) == 0
            || memcmp(lines->buffer, "\xfe\xff", 2) == 0))
        return base_fail(lines->ctx, GB_ERR_PARSE,
                         "%s: is UTF-16; save it as UTF-8", lines->path);
    if (lines->n >= 3 && memcmp(lines->buffer, "\xef\xbb\xbf", 3) == 0) {
        lines->from = 3;
        lines->offset = 3;
    }
    return GB_OK;
}

gb_status base_lines_take(gb_context *ctx, FILE *file, const char *name,
                            int64_t size, base_lines *lines)
{
    gb_status status;

    memset(lines, 0, sizeof *lines);
    lines->ctx = ctx;
    lines->file = file;
    lines->size = size;
    lines->line = 1;
    lines->max_line = BASE_MAX_LINE;
    lines->path = base_strdup(ctx->mem, name);
    status = lines->path ? look_at_start(lines) : base_fail_nomem(ctx);
    if (status)
        base_lines_close(lines);
    return status;
}

gb_status base_lines_open(gb_context *ctx, const char *path,
                            base_lines *lines)
{
    FILE *file = fopen(path, "rb");
    struct stat about;

    memset(lines, 0, sizeof *lines);
    if (!file)
        return base_fail(ctx, errno == ENOENT ? GB_ERR_NOT_FOUND : GB_ERR_IO,
                         "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fileno(file), &about) == 0 && !S_ISDIR(about.st_mode))
        return base_lines_take(ctx, file, path, about.st_size, lines);
    fclose(file);
    return base_fail(ctx, GB_ERR_IO, "%s: is no file that can be read", path);
}

void base_lines_close(base_lines *lines)
{
    if (!lines->ctx)
        return;
    if (lines->file)
        fclose(lines->file);
    base_free(lines->ctx->mem, lines->buffer);
    base_free(lines->ctx->mem, lines->path);
    memset(lines, 0, sizeof *lines);
}

static void take(base_lines *lines, size_t n)
{
    lines->from += n;
    lines->offset += (int64_t)n;
}

gb_status base_lines_next(base_lines *lines, base_line *line)
{
    size_t seen = 0;

    *line = (base_line){ .line = lines->line };
    for (;;) {
        const size_t unread = lines->n - lines->from;
        const char *start = lines->buffer + lines->from;
        const char *end = unread > seen
            ? memchr(start + seen, '\n', unread - seen) : NULL;
        gb_status status;

        if (end || lines->is_at_end) {
            line->bytes = start;
            line->n = end ? (size_t)(end - start) + 1 : unread;
            take(lines, line->n);
            lines->line += end != NULL;
            if (line->n > lines->max_line || line->is_too_long) {
                line->is_too_long = true;
                line->n = 1; /* something, so that it is not the end */
            }
            return GB_OK;
        }
        if (unread > lines->max_line) {
            line->is_too_long = true;
            take(lines, unread);
        }
        seen = lines->n - lines->from;
        status = fill(lines);
        if (status)
            return status;
    }
}

gb_status base_lines_seek(base_lines *lines, int64_t offset,
                            uint64_t line)
{
    clearerr(lines->file);
    if (fseeko(lines->file, (off_t)offset, SEEK_SET) != 0)
        return fail_reading(lines);
    lines->from = lines->n = 0;
    lines->offset = offset;
    lines->line = line;
    lines->is_at_end = false;
    return GB_OK;
}
