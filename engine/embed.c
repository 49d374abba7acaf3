/*
 * embed.c - write a file's bytes as a C array; run by the build.
 *
 *   embed NAME INPUT OUTPUT.c
 *
 * The array ends in a zero byte that NAME_size does not count, so that a text
 * can be used as a string.
 */
#include <stdio.h>

int main(int argc, char **argv)
{
    FILE *in, *out;
    unsigned long n = 0;
    int byte;

    if (argc != 4)
        return 2;
    in = fopen(argv[2], "rb");
    out = fopen(argv[3], "w");
    if (!in || !out)
        return 1;
    fprintf(out, "#include <stddef.h>\n"
                 "extern const unsigned char %s[];\n"
                 "extern const size_t %s_size;\n"
                 "_Alignas(8) const unsigned char %s[] = {",
            argv[1], argv[1], argv[1]);
    while ((byte = fgetc(in)) != EOF)
        fprintf(out, "%s%d,", n++ % 20 ? "" : "\n", byte);
    fprintf(out, "\n0};\nconst size_t %s_size = %lu;\n", argv[1], n);
    if (ferror(in) || fclose(out) != 0)
        return 1;
    fclose(in);
    return 0;
}
