/*
 * fuzz_score_table.c - any bytes as a table of customers; before a zero byte
 * may stand a condition.  Refused in one line, or a card is learnt from it,
 * or refused; nothing is written, and no condition costs more than it may.
 */
#include <gridbeat/gridbeat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 1 << 14 };

static void hold(bool is_right)
{
    if (!is_right)
        abort();
}

static void write_file(const char *path, const uint8_t *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    hold(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0);
}

/* As JSON text, or NULL for what no caller could write. */
static char *quote(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);
    size_t to = 0;

    hold(text != NULL);
    for (size_t i = 0; i < n; i++)
        if (bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '"'
            && bytes[i] != '\\')
            text[to++] = (char)bytes[i];
    text[to] = '\0';
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    const size_t n = end ? (size_t)(end - data) : 0;
    gb_context *ctx = NULL;
    gb_session *session = NULL;
    char path[64], *where, *json;
    const char *told;

    if (size > MOST_BYTES)
        return 0;
    snprintf(path, sizeof path, "/tmp/gb_fuzz_table_%d.csv", (int)getpid());
    write_file(path, end ? end + 1 : data, size - (end ? n + 1 : 0));
    where = quote(data, n);
    json = malloc(n + 400);
    hold(json != NULL);
    snprintf(json, n + 400,
             *where ? "{\"in\":\"%s\",\"target\":\"y\",\"train_where\":\"%s\"}"
                    : "{\"in\":\"%s\",\"target\":\"y\"}",
             path, where);
    hold(gb_context_new(NULL, &ctx) == GB_OK);
    hold(gb_session_open(ctx, NULL, &session) == GB_OK);
    hold(gb_call(session, "score.card.fit", json, &told) != GB_ERR_INTERNAL);
    hold(told && told[0] == '{');
    gb_session_close(session);
    gb_context_free(ctx);
    remove(path);
    free(where);
    free(json);
    return 0;
}
