/*
 * cli_lang.c - the language of a run.
 *
 * gettext translates nothing while the locale of messages is C, and looks at
 * LANGUAGE in any other.  C.UTF-8 is another, and always there; so that is
 * the locale where the wanted one is not installed, and LANGUAGE picks the
 * catalogue.
 */
#include "cli.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *known_lang(const char *name)
{
    if (strncmp(name, "zh", 2) == 0 && strchr("_.-@:", name[2]))
        return "zh";
    if (strncmp(name, "en", 2) == 0 && strchr("_.-@:", name[2]))
        return "en";
    return NULL;
}

static bool is_c(const char *locale)
{
    return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* As gettext does it: the locale, and before it LANGUAGE unless that is C. */
static const char *lang_of_environment(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    const char *locale = NULL, *language = getenv("LANGUAGE"), *lang;

    for (size_t i = 0; i < 3 && !(locale && locale[0]); i++)
        locale = getenv(names[i]);
    if (!locale || !locale[0] || is_c(locale))
        return "en";
    while (language && language[0]) {
        lang = known_lang(language);
        if (lang)
            return lang;
        language = strchr(language, ':');
        language = language ? language + 1 : NULL;
    }
    lang = known_lang(locale);
    return lang ? lang : "en";
}

/*
 * Where the catalogues are, from where the command is: po/ beside it in a
 * build folder, ../share/locale where it is installed.
 */
static void bind_catalogue(void)
{
    static const char *const places[] = { "po", "../share/locale" };
    char self[3072], path[4096], probe[4200];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;

    if (n <= 0)
        return;
    self[n] = '\0';
    slash = strrchr(self, '/');
    if (!slash)
        return;
    *slash = '\0';
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", self, places[i]);
        snprintf(probe, sizeof probe, "%s/zh_CN/LC_MESSAGES/gridbeat.mo",
                 path);
        if (access(probe, R_OK) == 0) {
            bindtextdomain("gridbeat", path);
            break;
        }
    }
    bind_textdomain_codeset("gridbeat", "UTF-8");
    textdomain("gridbeat");
}

const char *cli_lang_choose(const char *wanted)
{
    const char *lang = wanted ? known_lang(wanted) : lang_of_environment();

    setlocale(LC_CTYPE, "C.UTF-8"); /* what is written is UTF-8 */
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", lang && strcmp(lang, "zh") == 0 ? "zh_CN" : "en", 1);
    bind_catalogue();
    return lang;
}
