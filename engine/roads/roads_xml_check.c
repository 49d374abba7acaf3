/*
 * roads_xml_check.c - is this a .osm that libreadosm reads rightly?
 *
 * libreadosm 1.1.0a takes the length of an attribute that is not there (a tag
 * without a value, a member without a role), reads junk as the number 0, and
 * loses its parser, hence memory, where the text is not well-formed.  So the
 * file goes through expat once by itself before.
 */
#include "roads_osm_check.h"

#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "base_text.h"

typedef struct xml {
    XML_Parser parser;
    int depth;
    bool in_element; /* a node, way or relation */
    const char *why;
} xml;

static void bad(xml *x, const char *why)
{
    if (x->why)
        return;
    x->why = why;
    XML_StopParser(x->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static void need_int(xml *x, const char **attributes, const char *name)
{
    const char *text = attribute(attributes, name);
    int64_t value;

    if (!text || !base_parse_int(text, &value))
        bad(x, GB_N("an element without its id, or one that is no number"));
}

/* Deleted nodes have no coordinates: they may be absent, but not junk. */
static void allow_real(xml *x, const char **attributes, const char *name)
{
    const char *text = attribute(attributes, name);
    double value;

    if (text && !base_parse_real(text, &value))
        bad(x, GB_N("a coordinate that is no number"));
}

static bool is_element(const char *name)
{
    return strcmp(name, "node") == 0 || strcmp(name, "way") == 0
           || strcmp(name, "relation") == 0;
}

static void check_part(xml *x, const char *name, const char **attributes)
{
    if (strcmp(name, "tag") == 0
        && (!attribute(attributes, "k") || !attribute(attributes, "v")))
        bad(x, GB_N("a tag without a key or a value"));
    if (strcmp(name, "nd") == 0)
        need_int(x, attributes, "ref");
    if (strcmp(name, "member") == 0) {
        need_int(x, attributes, "ref");
        if (!attribute(attributes, "type") || !attribute(attributes, "role"))
            bad(x, GB_N("a member without a type or a role"));
    }
}

static void XMLCALL start(void *user, const char *name,
                          const char **attributes)
{
    xml *x = user;
    const int depth = x->depth++;

    if (depth == 0 && strcmp(name, "osm") != 0)
        bad(x, GB_N("not an OSM file: its outermost element is not <osm>"));
    else if (is_element(name) && depth != 1)
        bad(x, GB_N("a node, way or relation inside of another element"));
    if (depth == 1) {
        x->in_element = is_element(name);
        if (x->in_element)
            need_int(x, attributes, "id");
        if (strcmp(name, "node") == 0) {
            allow_real(x, attributes, "lat");
            allow_real(x, attributes, "lon");
        }
    } else if (x->in_element) {
        check_part(x, name, attributes);
    }
}

static void XMLCALL end(void *user, const char *name)
{
    xml *x = user;

    (void)name;
    x->depth--;
}

static gb_status refuse(base_run *run, const xml *x, const char *path)
{
    const enum XML_Error code = XML_GetErrorCode(x->parser);
    const char *why = x->why ? base_lang_text(run->ctx->lang, x->why)
                             : XML_ErrorString(code);

    if (!x->why && code == XML_ERROR_NO_MEMORY)
        return base_fail_nomem(run->ctx);
    return base_fail(run->ctx, GB_ERR_PARSE, "%s: line %llu, byte %llu: %s",
                     path,
                     (unsigned long long)XML_GetCurrentLineNumber(x->parser),
                     (unsigned long long)XML_GetCurrentByteIndex(x->parser),
                     why);
}

static gb_status check_file(base_run *run, xml *x, FILE *file,
                            const char *path)
{
    char buffer[16384];

    for (;;) {
        const size_t n = fread(buffer, 1, sizeof buffer, file);
        const bool is_last = n < sizeof buffer;
        gb_status status = base_poll(run);

        if (status)
            return status;
        if (ferror(file))
            return base_fail(run->ctx, GB_ERR_IO, "%s: cannot be read: %s",
                             path, strerror(errno));
        if (XML_Parse(x->parser, buffer, (int)n, is_last) != XML_STATUS_OK)
            return refuse(run, x, path);
        if (is_last)
            return GB_OK;
    }
}

gb_status roads_xml_check(base_run *run, const char *path)
{
    gb_status status;
    FILE *file = NULL;
    xml x = { 0 };

    x.parser = XML_ParserCreate(NULL);
    if (!x.parser) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    file = fopen(path, "rb");
    if (!file) {
        status = base_fail(run->ctx, GB_ERR_IO, "%s: cannot be read: %s",
                           path, strerror(errno));
        goto done;
    }
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, start, end);
    status = check_file(run, &x, file, path);

done:
    if (file)
        fclose(file);
    if (x.parser)
        XML_ParserFree(x.parser);
    return status;
}
