// What a server shows itself with.
#pragma once

#include <string>

namespace lodestone::bindings {

struct TlsFiles {
  std::string certificate;  // PEM: the server's, then those in between up to the root. Empty: no TLS
  std::string key;          // PEM
};

}  // namespace lodestone::bindings
