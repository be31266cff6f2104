// The types of handlers as the interface description writes them: `list<string>`, `Table`. For what compares the two.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <typeinfo>
#include <vector>

#include "bindings/hive/wire.h"

namespace lodestone::hive {

// The last part of the name of a C++ type: of a generated struct, or of the enumeration in a generated wrapper.
std::string LastNameOf(const std::type_info& type);

template <typename T>
std::string TypeName() {
  if constexpr (std::is_void_v<T>) {
    return "void";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_same_v<T, int8_t>) {
    return "i8";
  } else if constexpr (std::is_same_v<T, int16_t>) {
    return "i16";
  } else if constexpr (std::is_same_v<T, int32_t>) {
    return "i32";
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return "i64";
  } else if constexpr (std::is_same_v<T, double>) {
    return "double";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "string";
  } else if constexpr (internal::IsVector<T>::value) {
    return "list<" + TypeName<typename T::value_type>() + ">";
  } else if constexpr (internal::IsSet<T>::value) {
    return "set<" + TypeName<typename T::value_type>() + ">";
  } else if constexpr (internal::IsMap<T>::value) {
    return "map<" + TypeName<typename T::key_type>() + "," + TypeName<typename T::mapped_type>() + ">";
  } else {
    return LastNameOf(typeid(T));
  }
}

namespace internal {

// An argument, and its default as ` = -1`.
template <typename T>
struct ArgumentName {
  static std::string Get() { return TypeName<typename Plain<T>::Type>(); }
};
template <typename T, T kDefault>
struct ArgumentName<Or<T, kDefault>> {
  static std::string Get() { return TypeName<T>() + " = " + std::to_string(kDefault); }
};

template <typename Tuple>
struct ArgumentNames;
template <typename... Args>
struct ArgumentNames<std::tuple<Args...>> {
  static std::vector<std::string> Get() { return {ArgumentName<Args>::Get()...}; }
};

}  // namespace internal

// The result's, then the arguments'.
template <typename Result, typename Arguments>
std::vector<std::string> TypeNames() {
  std::vector<std::string> names = internal::ArgumentNames<Arguments>::Get();
  names.insert(names.begin(), TypeName<Result>());
  return names;
}

}  // namespace lodestone::hive
