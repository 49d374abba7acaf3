/*
 * cli_args.c - the command line, read by the description of the methods.
 *
 * First the words that name a method are found, as many as still begin the
 * name of one; then all that is left is options and words of that method.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

const cli_global cli_globals[] = {
    { "workspace", 'w', N_("FILE"),
      N_("the workspace; default: the environment's GRIDBEAT_WORKSPACE") },
    { "as", '\0', N_("SCOPE"),
      N_("see only what org:REF, branch:REF or manager:REF may see") },
    { "json", '\0', NULL, N_("print the answer as JSON") },
    { "quiet", 'q', NULL, N_("print errors only") },
    { "lang", '\0', N_("zh|en"),
      N_("the language; default: that of the locale") },
    { "help", 'h', NULL, N_("print this help") },
    { "version", 'V', NULL, N_("print the version") },
};
const size_t cli_n_globals = sizeof cli_globals / sizeof cli_globals[0];

static const cli_global *find_global(const char *token)
{
    const size_t n = strcspn(token, "=");

    for (size_t i = 0; i < cli_n_globals; i++) {
        const cli_global *g = &cli_globals[i];

        if (token[0] == '-' && g->letter && token[1] == g->letter
            && token[2] == '\0')
            return g;
        if (n > 2 && token[1] == '-' && strlen(g->name) == n - 2
            && strncmp(token + 2, g->name, n - 2) == 0)
            return g;
    }
    return NULL;
}

static bool is_option(const char *token)
{
    return token[0] == '-' && token[1] != '\0';
}

/* The value of the option at argv[*i]: behind =, or the next one. */
static const char *take_value(int argc, char **argv, int *i)
{
    const char *equals = strchr(argv[*i], '=');

    if (equals)
        return equals + 1;
    return *i + 1 < argc ? argv[++*i] : NULL;
}

static int usage_error(const char *format, const char *word)
{
    char words[512];

    snprintf(words, sizeof words, format, word);
    cli_error("E2100", words);
    return 2;
}

static void mean(const char *nearest)
{
    char words[256];

    snprintf(words, sizeof words, _("did you mean \"%s\"?"), nearest);
    cli_note(words);
}

const char *cli_find_lang(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strncmp(argv[i], "--lang=", 7) == 0
            || strcmp(argv[i], "--lang") == 0)
            return take_value(argc, argv, &i);
    return NULL;
}

static int take_global(cli_line *line, const cli_global *g, int argc,
                       char **argv, int *i)
{
    const char *value = NULL;

    if (g->value) {
        value = take_value(argc, argv, i);
        if (!value)
            return usage_error(_("the option --%s needs a value"), g->name);
    } else if (strchr(argv[*i], '=')) {
        return usage_error(_("the option --%s takes no value"), g->name);
    }
    if (strcmp(g->name, "workspace") == 0)
        line->workspace = value;
    else if (strcmp(g->name, "as") == 0)
        line->scope = value;
    else if (strcmp(g->name, "lang") == 0)
        line->lang = value;
    line->is_json |= strcmp(g->name, "json") == 0;
    line->is_quiet |= strcmp(g->name, "quiet") == 0;
    line->is_help |= strcmp(g->name, "help") == 0;
    line->is_version |= strcmp(g->name, "version") == 0;
    return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

/* The method of that name, and whether the name begins that of others. */
static json_t *find_method(const json_t *description, const char *name,
                           bool *begins)
{
    const size_t n = strlen(name);
    json_t *found = NULL, *method;
    size_t i;

    *begins = false;
    json_array_foreach(json_object_get(description, "methods"), i, method) {
        const char *other = text_of(method, "name");

        if (strcmp(other, name) == 0)
            found = method;
        else if (strncmp(other, name, n) == 0 && other[n] == '.')
            *begins = true;
    }
    return found;
}

static int unknown_verb(const json_t *description, const char *name,
                        const char *word)
{
    const size_t behind = strlen(name); /* "segment" of "segment.prevew" */
    char tried[256], nearest[256] = "", spaced[256];
    size_t best = SIZE_MAX, i;
    json_t *method;

    snprintf(tried, sizeof tried, "%s%s%s", name, behind ? "." : "", word);
    cli_spaced(spaced, sizeof spaced, tried);
    json_array_foreach(json_object_get(description, "methods"), i, method) {
        const char *other = text_of(method, "name");
        const char *from = other + (behind ? behind + 1 : 0);
        char part[128];

        if (behind && (strncmp(other, name, behind) || other[behind] != '.'))
            continue;
        snprintf(part, sizeof part, "%.*s", (int)strcspn(from, "."), from);
        if (cli_is_nearer(word, part, &best))
            snprintf(nearest, sizeof nearest, "%.*s%s", (int)(from - other),
                     other, part);
    }
    usage_error(_("there is no command \"%s\""), spaced);
    if (nearest[0]) {
        cli_spaced(spaced, sizeof spaced, nearest);
        mean(spaced);
    }
    cli_note(_("gridbeat --help lists all commands"));
    return 2;
}

/*
 * Take the words of the method's name from argv[*i] on.  Options before it
 * must be the command's own.
 */
static int read_name(cli_line *line, const json_t *description, int argc,
                     char **argv, int *i)
{
    char tried[sizeof line->name];
    bool begins = true;

    while (*i < argc && begins) {
        const char *token = argv[*i];
        const cli_global *g = is_option(token) ? find_global(token) : NULL;
        json_t *method;
        int code;

        if (g) {
            code = take_global(line, g, argc, argv, i);
            if (code)
                return code;
            ++*i;
            continue;
        }
        if (is_option(token)) {
            if (line->method || line->name[0])
                break;
            return usage_error(_("the option %s stands before the command"),
                               token);
        }
        if (strlen(line->name) + strlen(token) + 2 > sizeof tried)
            return unknown_verb(description, line->name, token);
        strcpy(tried, line->name);
        strcat(strcat(tried, line->name[0] ? "." : ""), token);
        method = find_method(description, tried, &begins);
        if (!method && !begins) {
            if (line->method)
                return 0; /* its first word */
            return unknown_verb(description, line->name, token);
        }
        memcpy(line->name, tried, sizeof tried);
        line->method = method;
        ++*i;
    }
    line->is_group = !line->method && line->name[0];
    return 0;
}

static json_t *find_param(const json_t *params, const char *name, size_t n)
{
    json_t *param;
    size_t i;

    json_array_foreach(params, i, param) {
        const char *own = text_of(param, "name");
        size_t k = 0;

        while (k < n && own[k]
               && (own[k] == name[k] || (own[k] == '_' && name[k] == '-')))
            k++;
        if (k == n && !own[k])
            return param;
    }
    return NULL;
}

static json_t *find_option(const cli_line *line, const json_t *description,
                           const char *name, size_t n)
{
    json_t *param
        = find_param(json_object_get(line->method, "params"), name, n);

    return param ? param
                 : find_param(json_object_get(description, "common"), name, n);
}

static void nearest_of(const json_t *params, const char *word, size_t *best,
                       char nearest[128])
{
    json_t *param;
    size_t i;

    json_array_foreach(params, i, param) {
        char dashed[128];

        cli_dashed(dashed, sizeof dashed, text_of(param, "name"));
        if (cli_is_nearer(word, dashed, best))
            memcpy(nearest, dashed, sizeof dashed);
    }
}

static void note_usage(const cli_line *line)
{
    char name[256], words[512];

    cli_spaced(name, sizeof name, text_of(line->method, "name"));
    snprintf(words, sizeof words, _("see gridbeat %s --help"), name);
    cli_note(words);
}

static int unknown_option(const cli_line *line, const json_t *description,
                          const char *token)
{
    char word[128], nearest[128] = "", option[160];
    size_t best = SIZE_MAX;

    snprintf(word, sizeof word, "%.*s",
             (int)strcspn(token, "="), token);
    usage_error(_("there is no option %s"), word);
    memmove(word, word + strspn(word, "-"),
            strlen(word + strspn(word, "-")) + 1);
    nearest_of(json_object_get(line->method, "params"), word, &best, nearest);
    nearest_of(json_object_get(description, "common"), word, &best, nearest);
    for (size_t i = 0; i < cli_n_globals; i++)
        if (cli_is_nearer(word, cli_globals[i].name, &best))
            snprintf(nearest, sizeof nearest, "%s", cli_globals[i].name);
    snprintf(option, sizeof option, "--%s", nearest);
    if (nearest[0])
        mean(option);
    note_usage(line);
    return 2;
}

static bool is_type(const json_t *param, const char *type)
{
    return strcmp(text_of(param, "type"), type) == 0;
}

/* Lists gather; of anything else the last one counts. */
static void set_param(cli_line *line, const json_t *param, const char *value)
{
    const char *name = text_of(param, "name");
    json_t *list = json_object_get(line->params, name);

    if (!is_type(param, "list") || !list) {
        json_object_set_new(line->params, name, json_string(value));
        return;
    }
    if (json_is_string(list)) { /* a,b and then c: text as the first was */
        char *joined = malloc(json_string_length(list) + strlen(value) + 2);

        if (!joined)
            return;
        sprintf(joined, "%s,%s", json_string_value(list), value);
        json_object_set_new(line->params, name, json_string(joined));
        free(joined);
    }
}

static int take_option(cli_line *line, const json_t *description, int argc,
                       char **argv, int *i)
{
    const char *token = argv[*i], *name = token + 2, *value;
    const size_t n = strcspn(name, "=");
    json_t *param = NULL;

    if (token[1] == '-')
        param = find_option(line, description, name, n);
    if (!param && token[1] == '-' && n > 3 && strncmp(name, "no-", 3) == 0
        && name[n] == '\0') {
        param = find_option(line, description, name + 3, n - 3);
        if (param && is_type(param, "bool")) {
            set_param(line, param, "false");
            return 0;
        }
        param = NULL;
    }
    if (!param)
        return unknown_option(line, description, token);
    if (is_type(param, "bool") && name[n] == '\0') {
        set_param(line, param, "true");
        return 0;
    }
    value = take_value(argc, argv, i);
    if (!value) {
        usage_error(_("the option %s needs a value"), token);
        note_usage(line);
        return 2;
    }
    set_param(line, param, value);
    return 0;
}

/* The words fill the positional parameters in order, a list takes the rest */
static int place_words(cli_line *line)
{
    const json_t *params = json_object_get(line->method, "params");
    size_t word = 0, i;
    json_t *param;

    json_array_foreach(params, i, param) {
        if (!json_is_true(json_object_get(param, "positional")))
            continue;
        while (word < line->n_words) {
            set_param(line, param, line->words[word++]);
            if (!is_type(param, "list"))
                break;
        }
    }
    if (word == line->n_words)
        return 0;
    usage_error(_("what is \"%s\" for?"), line->words[word]);
    note_usage(line);
    return 2;
}

/* Does no value follow argv[i], in it or behind it? */
static bool is_last(int argc, char **argv, int i)
{
    return !strchr(argv[i], '=')
           && (i + 1 == argc || is_option(argv[i + 1]));
}

static int read_rest(cli_line *line, const json_t *description, int argc,
                     char **argv, int i)
{
    bool is_open = true; /* no -- yet */
    int code = 0;

    for (; i < argc && !code; i++) {
        const char *token = argv[i];
        const cli_global *g = NULL;

        if (is_open && strcmp(token, "--") == 0) {
            is_open = false;
            continue;
        }
        if (is_open && is_option(token)) {
            /*
             * A method's own option beats the command's of that name, where
             * a value follows: `territory show --version` alone is ours.
             */
            if (token[1] != '-' || is_last(argc, argv, i)
                || !find_option(line, description, token + 2,
                                strcspn(token + 2, "=")))
                g = find_global(token);
            code = g ? take_global(line, g, argc, argv, &i)
                     : take_option(line, description, argc, argv, &i);
        } else if (line->n_words < CLI_MOST_WORDS) {
            line->words[line->n_words++] = token;
        } else {
            code = usage_error(_("what is \"%s\" for?"), token);
        }
    }
    return code;
}

/* What goes to the library must be UTF-8, names of files as well. */
static int check_letters(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        json_t *text = json_string(argv[i]);

        if (!text) {
            char place[16];

            snprintf(place, sizeof place, "%d", i);
            return usage_error(_("word %s of the command is not UTF-8"),
                               place);
        }
        json_decref(text);
    }
    return 0;
}

int cli_read_line(cli_line *line, json_t *description, int argc, char **argv)
{
    int i = 1, code = check_letters(argc, argv);

    if (code)
        return code;
    if (i < argc && strcmp(argv[i], "help") == 0) {
        line->is_help = true;
        i++;
    }
    code = read_name(line, description, argc, argv, &i);
    if (code)
        return code;
    if (!line->method) {
        for (; i < argc; i++) { /* gridbeat segment --help */
            const cli_global *g
                = is_option(argv[i]) ? find_global(argv[i]) : NULL;

            if (!g)
                return unknown_verb(description, line->name, argv[i]);
            code = take_global(line, g, argc, argv, &i);
            if (code)
                return code;
        }
        return 0;
    }
    code = read_rest(line, description, argc, argv, i);
    if (code || line->is_help || line->is_version)
        return code;
    return place_words(line);
}
