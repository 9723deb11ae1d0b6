#include "kernel/um/local_function.h"

#include <algorithm>
#include <array>

namespace gpioclx::kernel::um {
namespace {

// In byte order.
constexpr std::array<std::string_view, 56> functions = {
    "_stricmp", "_strlwr",   "_strnicmp", "_strrev", "_strupr", "_wcsicmp", "_wcslwr",  "_wcsnicmp",
    "_wcsupr",  "abs",       "atoi",      "atol",    "bsearch", "isalnum",  "isalpha",  "iscntrl",
    "isdigit",  "islower",   "isprint",   "ispunct", "isspace", "isupper",  "iswalpha", "iswdigit",
    "iswspace", "iswxdigit", "isxdigit",  "memchr",  "memcmp",  "memcpy",   "memmove",  "memset",
    "qsort",    "strcat",    "strchr",    "strcmp",  "strcpy",  "strcspn",  "strlen",   "strncat",
    "strncmp",  "strncpy",   "strnlen",   "strrchr", "strspn",  "strstr",   "tolower",  "toupper",
    "towlower", "towupper",  "wcscat",    "wcscmp",  "wcscpy",  "wcslen",   "wcsncmp",  "wcsnlen",
};
static_assert(std::is_sorted(functions.begin(), functions.end()));

}  // namespace

bool is_local(std::string_view function) {
    return std::binary_search(functions.begin(), functions.end(), function);
}

}  // namespace gpioclx::kernel::um
