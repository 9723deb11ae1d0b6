// The same headers inside the project's own C++: the standard library before and after them, no
// name of either side lost.
#include <algorithm>
#include <string>
#include <vector>

#include <ntddk.h>
#include <acpiioct.h>
#include <gpio.h>
#include <intrin.h>
#include <ntstrsafe.h>
#include <reshub.h>
#include <spb.h>
#include <strsafe.h>
#include <wdmsec.h>

#include <functional>
#include <iostream>
#include <locale>
#include <map>
#include <memory>
#include <regex>

static_assert(sizeof(wchar_t) == 2 && sizeof(ULONG) == 4);
static_assert(std::is_same_v<SIZE_T, std::size_t>);
static_assert(std::is_same_v<ULONG64, ULONG_PTR> && std::is_same_v<ULONG64, std::uint64_t>);

int smaller(int a, int b) {
    std::vector<int> values{a, b};
    return std::min(values.front(), *std::max_element(values.begin(), values.end()));
}
