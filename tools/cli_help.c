/*
 * cli_help.c - help and completion, out of the description of the methods.
 */
#include "cli.h"

#include <ctype.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void copy_with(char *out, size_t size, const char *name, char from,
                      char to)
{
    snprintf(out, size, "%s", name);
    for (char *c = out; *c; c++)
        if (*c == from)
            *c = to;
}

void cli_spaced(char *out, size_t size, const char *name)
{
    copy_with(out, size, name, '.', ' ');
}

void cli_dashed(char *out, size_t size, const char *name)
{
    copy_with(out, size, name, '_', '-');
}

/* What stands for the value of an option: DATE, csv|geojson, FILE. */
static void value_name(char *out, size_t size, const json_t *param)
{
    static const struct {
        const char *type, *name;
    } names[] = { { "int", N_("N") },       { "real", N_("X") },
                  { "date", N_("DATE") },   { "duration", N_("TIME") },
                  { "ratio", N_("SHARE") }, { "path", N_("FILE") },
                  { "list", N_("A,B") },    { "bbox", N_("W,S,E,N") },
                  { "lonlat", N_("LON,LAT") },
                  { "document", N_("FILE") },
                  { "text", N_("TEXT") } };
    const json_t *choices = json_object_get(param, "choices");
    size_t used = 0;

    snprintf(out, size, "%s", _("VALUE"));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].type, text_of(param, "type")) == 0)
            snprintf(out, size, "%s", _(names[i].name));
    for (size_t i = 0; i < json_array_size(choices) && used + 1 < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 i ? "|" : "",
                                 json_string_value(
                                     json_array_get(choices, i)));
}

static bool is_set(const json_t *param, const char *key)
{
    return json_is_true(json_object_get(param, key));
}

/* The left column: "SEGMENT", "--as-of DATE", "--dry-run". */
static void param_name(char *out, size_t size, const json_t *param)
{
    char name[64], value[160];

    cli_dashed(name, sizeof name, text_of(param, "name"));
    value_name(value, sizeof value, param);
    if (is_set(param, "positional")) {
        for (char *c = name; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        snprintf(out, size, "%s", name);
    } else if (strcmp(text_of(param, "type"), "bool") == 0) {
        snprintf(out, size, "--%s", name);
    } else {
        snprintf(out, size, "--%s %s", name, value);
    }
}

static void print_row(FILE *out, const char *name, size_t width,
                      const char *help)
{
    fputs("  ", out);
    cli_pad(out, name, width, false);
    fprintf(out, "  %s", help);
}

static void print_param(FILE *out, const json_t *param, size_t width)
{
    const json_t *choices = json_object_get(param, "choices");
    const char *fallback = text_of(param, "default");
    char name[256], value[160];

    param_name(name, sizeof name, param);
    print_row(out, name, width, text_of(param, "help"));
    if (text_of(param, "unit")[0])
        fprintf(out, " (%s)", text_of(param, "unit"));
    if (choices && is_set(param, "positional")) {
        value_name(value, sizeof value, param);
        fprintf(out, " (%s)", value);
    }
    if (fallback[0])
        fprintf(out, _(" (default: %s)"), fallback);
    if (is_set(param, "required") && !is_set(param, "positional"))
        fprintf(out, " (%s)", _("needed"));
    fputc('\n', out);
}

static void grow(size_t *width, const char *text)
{
    const size_t own = cli_width(text);

    if (own > *width && own < 40)
        *width = own;
}

static size_t params_width(const json_t *params, size_t width)
{
    json_t *param;
    size_t i;

    json_array_foreach(params, i, param) {
        char name[256];

        param_name(name, sizeof name, param);
        grow(&width, name);
    }
    return width;
}

static void global_name(char *out, size_t size, const cli_global *g)
{
    const char letter[] = { '-', g->letter, ',', ' ', '\0' };

    snprintf(out, size, "%s--%s%s%s", g->letter ? letter : "", g->name,
             g->value ? " " : "", g->value ? _(g->value) : "");
}

static void print_common(FILE *out, const json_t *description, size_t width)
{
    const json_t *common = json_object_get(description, "common");
    json_t *param;
    size_t i;

    fprintf(out, "\n%s\n", _("Options of every command:"));
    json_array_foreach(common, i, param)
        print_param(out, param, width);
    for (i = 0; i < cli_n_globals; i++) {
        char name[128];

        global_name(name, sizeof name, &cli_globals[i]);
        print_row(out, name, width, _(cli_globals[i].help));
        fputc('\n', out);
    }
}

static size_t common_width(const json_t *description)
{
    size_t width
        = params_width(json_object_get(description, "common"), 8);

    for (size_t i = 0; i < cli_n_globals; i++) {
        char name[128];

        global_name(name, sizeof name, &cli_globals[i]);
        grow(&width, name);
    }
    return width;
}

static bool is_in_group(const char *name, const char *group)
{
    const size_t n = strlen(group);

    return n == 0 || (strncmp(name, group, n) == 0
                      && (name[n] == '\0' || name[n] == '.'));
}

static void print_methods(FILE *out, const json_t *description,
                          const char *group)
{
    const json_t *methods = json_object_get(description, "methods");
    size_t width = 8, i;
    json_t *method;
    char name[256];

    json_array_foreach(methods, i, method) {
        cli_spaced(name, sizeof name, text_of(method, "name"));
        if (is_in_group(text_of(method, "name"), group))
            grow(&width, name);
    }
    json_array_foreach(methods, i, method) {
        if (!is_in_group(text_of(method, "name"), group))
            continue;
        cli_spaced(name, sizeof name, text_of(method, "name"));
        print_row(out, name, width, text_of(method, "help"));
        fputc('\n', out);
    }
}

void cli_help_all(FILE *out, const json_t *description)
{
    fprintf(out, "%s\n\n%s\n",
            _("usage: gridbeat VERB [NOUN] [WORD]... [OPTION]..."),
            _("Commands:"));
    print_methods(out, description, "");
    print_common(out, description, common_width(description));
    fprintf(out, "\n%s\n%s\n",
            _("gridbeat VERB --help tells more; gridbeat methods --json tells "
              "programs."),
            _("gridbeat completion prints a script for bash."));
}

void cli_help_group(FILE *out, const json_t *description, const char *group)
{
    char name[256];

    cli_spaced(name, sizeof name, group);
    fprintf(out, _("usage: gridbeat %s NOUN [WORD]... [OPTION]..."), name);
    fprintf(out, "\n\n%s\n", _("Commands:"));
    print_methods(out, description, group);
}

static void print_usage(FILE *out, const json_t *method)
{
    char name[256];
    json_t *param;
    size_t i;

    cli_spaced(name, sizeof name, text_of(method, "name"));
    fprintf(out, "%s gridbeat %s", _("usage:"), name);
    json_array_foreach(json_object_get(method, "params"), i, param) {
        const bool is_list = strcmp(text_of(param, "type"), "list") == 0;

        param_name(name, sizeof name, param);
        if (is_set(param, "required"))
            fprintf(out, " %s", name);
        else if (is_set(param, "positional"))
            fprintf(out, " [%s]", name);
        if (is_list && is_set(param, "positional"))
            fputs("...", out);
    }
    fprintf(out, " %s\n", _("[OPTION]..."));
}

/* Those that are positional, or those that are not, under a heading. */
static void print_params(FILE *out, const json_t *params, bool is_positional,
                         const char *heading, size_t width)
{
    bool is_first = true;
    json_t *param;
    size_t i;

    json_array_foreach(params, i, param) {
        if (is_set(param, "positional") != is_positional)
            continue;
        if (is_first)
            fprintf(out, "\n%s\n", heading);
        is_first = false;
        print_param(out, param, width);
    }
}

void cli_help_method(FILE *out, const json_t *description,
                     const json_t *method)
{
    const json_t *params = json_object_get(method, "params");
    const size_t width = params_width(params, common_width(description));

    print_usage(out, method);
    fprintf(out, "\n%s\n", text_of(method, "help"));
    print_params(out, params, true, _("Words:"), width);
    print_params(out, params, false, _("Options:"), width);
    print_common(out, description, width);
}

static void print_options(FILE *out, const json_t *params)
{
    json_t *param;
    size_t i;

    json_array_foreach(params, i, param) {
        char name[128];

        cli_dashed(name, sizeof name, text_of(param, "name"));
        if (!is_set(param, "positional"))
            fprintf(out, " --%s", name);
    }
}

/* The words that may follow `group` in the names of methods. */
static void print_next_words(FILE *out, const json_t *methods,
                             const char *group)
{
    const size_t n = strlen(group);
    char last[128] = "";
    json_t *method;
    size_t i;

    json_array_foreach(methods, i, method) {
        const char *name = text_of(method, "name");
        char word[128];

        if (!is_in_group(name, group) || !name[n])
            continue;
        name += n ? n + 1 : 0;
        snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "."), name);
        if (strcmp(word, last) != 0)
            fprintf(out, " %s", word);
        memcpy(last, word, sizeof word);
    }
}

/* Is this name the beginning of another, as `import` of `import all`? */
static bool is_beginning(const json_t *methods, const char *name)
{
    json_t *method;
    size_t i;

    json_array_foreach(methods, i, method)
        if (is_in_group(text_of(method, "name"), name)
            && strcmp(text_of(method, "name"), name) != 0)
            return true;
    return false;
}

/* A case of bash for each method; those that begin others come last. */
static void print_cases(FILE *out, const json_t *methods, bool is_last)
{
    json_t *method;
    size_t i;

    json_array_foreach(methods, i, method) {
        const char *own = text_of(method, "name");
        char name[256];

        if (is_beginning(methods, own) != is_last)
            continue;
        cli_spaced(name, sizeof name, own);
        fprintf(out, "    \"%s\"|\"%s \"*) all=\"", name, name);
        print_next_words(out, methods, own);
        print_options(out, json_object_get(method, "params"));
        fputs("\" ;;\n", out);
    }
}

void cli_completion(FILE *out, const json_t *description)
{
    const json_t *methods = json_object_get(description, "methods");
    char last[128] = "";
    json_t *method;
    size_t i;

    fputs("# bash completion of gridbeat: eval \"$(gridbeat completion)\"\n"
          "_gridbeat() {\n"
          "  local word words= name= all=\n"
          "  COMPREPLY=()\n"
          "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "    [[ $word == -* ]] || words=\"$words${words:+ }$word\"\n"
          "  done\n"
          "  case \"$words\" in\n",
          out);
    print_cases(out, methods, false);
    print_cases(out, methods, true);
    json_array_foreach(methods, i, method) {
        const char *whole = text_of(method, "name");
        char group[128];

        snprintf(group, sizeof group, "%.*s", (int)strcspn(whole, "."), whole);
        if (!strchr(whole, '.') || strcmp(group, last) == 0)
            continue;
        memcpy(last, group, sizeof group);
        fprintf(out, "    %s) all=\"", group);
        print_next_words(out, methods, group);
        fputs("\" ;;\n", out);
    }
    fputs("    \"\") all=\"", out);
    print_next_words(out, methods, "");
    fputs("\" ;;\n  esac\n  all=\"$all", out);
    print_options(out, json_object_get(description, "common"));
    for (i = 0; i < cli_n_globals; i++)
        fprintf(out, " --%s", cli_globals[i].name);
    fputs("\"\n"
          "  COMPREPLY=($(compgen -W \"$all\" -- "
          "\"${COMP_WORDS[COMP_CWORD]}\"))\n"
          "}\n"
          "complete -o default -F _gridbeat gridbeat\n",
          out);
}
