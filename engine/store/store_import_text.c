#include "store_import_text.h"

#include "base_check.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

bool import_encoding_parse(const char *name, import_encoding *out)
{
    static const struct {
        const char *name;
        import_encoding encoding;
    } names[] = { { "utf-8", IMPORT_UTF8 },     { "utf8", IMPORT_UTF8 },
                  { "gb18030", IMPORT_GB18030 }, { "gbk", IMPORT_GB18030 },
                  { "gb2312", IMPORT_GB18030 },
                  { "auto", IMPORT_BY_CONTENT } };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcasecmp(name, names[i].name) == 0) {
            *out = names[i].encoding;
            return true;
        }
    }
    return false;
}

bool import_is_ascii(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)bytes[i] & 0x80)
            return false;
    return true;
}

import_encoding import_detect(const char *bytes, size_t n)
{
    size_t n_utf8 = 0, n_other = 0;

    for (size_t from = 0, to; from < n; from = to + 1) {
        const char *end = memchr(bytes + from, '\n', n - from);

        to = end ? (size_t)(end - bytes) : n;
        /* The last line may be cut in the middle of a character. */
        if ((!end && from > 0) || import_is_ascii(bytes + from, to - from))
            continue;
        if (base_is_utf8(bytes + from, to - from))
            n_utf8++;
        else
            n_other++;
    }
    return n_other > n_utf8 ? IMPORT_GB18030 : IMPORT_UTF8;
}

import_encoding import_detect_lines(const base_lines *lines)
{
    size_t n;
    const char *bytes = base_lines_peek(lines, &n);

    return import_detect(bytes, n);
}

void import_decoder_clear(import_decoder *decoder)
{
    if (decoder->iconv)
        iconv_close((iconv_t)decoder->iconv);
    decoder->iconv = NULL;
}

bool import_decode(import_decoder *decoder, const char *bytes, size_t n,
                   base_text *out)
{
    char piece[512];
    char *in;

    if (!decoder->iconv) {
        iconv_t opened = iconv_open("UTF-8", "GB18030");

        if (opened == (iconv_t)-1)
            return false;
        decoder->iconv = (void *)opened;
    }
    iconv((iconv_t)decoder->iconv, NULL, NULL, NULL, NULL);
    /* iconv's interface has lost a const. */
    memcpy(&in, &bytes, sizeof in);
    while (n > 0) {
        char *to = piece;
        size_t left = sizeof piece;
        const size_t done
            = iconv((iconv_t)decoder->iconv, &in, &n, &to, &left);

        base_text_append(out, piece, sizeof piece - left);
        if (done == (size_t)-1 && errno != E2BIG)
            return false;
    }
    return true;
}

/* -------------------------------------------------------- personal data -- */

bool import_is_personal_column(const char *name)
{
    /* Whole names, and parts of names; after '_', '-', '.', ' ' are gone and
     * capitals made small. */
    static const char *const whole[] = { "name",  "tel",  "mail",   "xm",
                                         "sjh",   "sfz",  "sfzh",   "kh",
                                         "zh",    "sex",  "gender", "qq" };
    static const char *const parts[] = {
        "phone", "mobile", "telno", "idcard", "idno", "idnum", "identity",
        "passport", "account", "acctno", "acctnum", "accno", "cardno",
        "cardnum", "iban", "email", "wechat", "address", "surname",
        "firstname", "lastname", "fullname", "custname", "customername",
        "clientname", "birth", "ssn", "姓名", "名字", "客户名", "户名",
        "电话", "手机", "身份证", "证件", "账号", "帐号", "账户号", "卡号",
        "联系方式", "联系人", "地址", "住址", "邮箱", "微信", "生日",
        "出生", "护照" };
    char plain[128];
    size_t n = 0;

    for (; *name && n < sizeof plain - 1; name++) {
        if (strchr("_-. ", *name))
            continue;
        plain[n++] = (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a'
                                                         : *name);
    }
    plain[n] = '\0';
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        if (strcmp(plain, whole[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (strstr(plain, parts[i]))
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_mobile(const char *digits, size_t n)
{
    if (n == 13 && digits[0] == '8' && digits[1] == '6')
        return is_mobile(digits + 2, 11);
    if (n == 15 && strncmp(digits, "0086", 4) == 0)
        return is_mobile(digits + 4, 11);
    return n == 11 && digits[0] == '1' && digits[1] >= '3';
}

/* GB 11643: weights 2^(17 - i) mod 11; the last is a digit or X. */
static bool is_identity(const char *digits, char last)
{
    static const int weights[17]
        = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;

    for (size_t i = 0; i < 17; i++)
        sum += weights[i] * (digits[i] - '0');
    return "10X98765432"[sum % 11] == (last == 'x' ? 'X' : last);
}

/* UnionPay, Visa, Mastercard, JCB, American Express by their first digits. */
static bool is_card(const char *digits, size_t n)
{
    int sum = 0;

    if (!((n >= 16 && n <= 19 && digits[0] == '6')
          || (n == 16 && digits[0] >= '3' && digits[0] <= '5')
          || (n == 15 && digits[0] == '3')))
        return false;
    for (size_t i = 0; i < n; i++) {
        int d = digits[n - 1 - i] - '0';

        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

/* A run of digits, with `after` the character behind it. */
static bool is_personal_run(const char *digits, size_t n, char after)
{
    if (is_mobile(digits, n) || is_card(digits, n))
        return true;
    if (n == 18 && is_identity(digits, digits[17]))
        return true;
    return n == 17 && (after == 'x' || after == 'X')
        && is_identity(digits, after);
}

bool import_is_personal_value(const char *value)
{
    char run[32];
    size_t n = 0;

    /* "138-1234 5678" is one run; a point or a letter ends one. */
    for (;; value++) {
        if (is_digit(*value)) {
            if (n < sizeof run)
                run[n] = *value;
            n++;
            continue;
        }
        if ((*value == '-' || *value == ' ') && n > 0)
            continue;
        if (n <= sizeof run && is_personal_run(run, n, *value))
            return true;
        if (!*value)
            return false;
        n = 0;
    }
}
