// Pool tags of the framework: four characters in the order in which Windows tools print them.
#pragma once

#include <wdm.h>

namespace gpioclx::framework {

constexpr ULONG make_tag(const char (&text)[5]) {
    ULONG tag = 0;
    for (int i = 3; i >= 0; --i) tag = tag << 8 | static_cast<unsigned char>(text[i]);
    return tag;
}

}  // namespace gpioclx::framework
