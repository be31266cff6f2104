#include "bindings/hive/type_names.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace lodestone::hive {

std::string LastNameOf(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                         &std::free);
  std::string_view name = status == 0 ? demangled.get() : type.name();
  constexpr std::string_view kEnum = "::type";
  if (name.ends_with(kEnum)) name.remove_suffix(kEnum.size());
  const std::size_t last = name.rfind("::");
  return std::string(last == std::string_view::npos ? name : name.substr(last + 2));
}

}  // namespace lodestone::hive
