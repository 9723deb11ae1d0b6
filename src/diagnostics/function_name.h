// Names of C++ functions as people say them.
#pragma once

#include <string>
#include <string_view>

namespace gpioclx {

// "gpioclx::transfer" for "int gpioclx::(anonymous namespace)::transfer<int (void*)>(void*,
// long&)": no return type, parameters, template arguments or anonymous namespaces. Names of C
// functions stay as they are.
std::string short_function_name(std::string_view demangled);

}  // namespace gpioclx
