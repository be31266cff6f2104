// TLS over Thrift's sockets.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "bindings/common/tls_files.h"

namespace apache::thrift::transport {
class TSSLSocketFactory;
}

namespace lodestone::hive {

// Makes the server's side of connections with this certificate: TLS 1.2 and 1.3. InvalidArgument: a file can't be read,
// or key and certificate are not of one another.
absl::StatusOr<std::shared_ptr<apache::thrift::transport::TSSLSocketFactory>> LoadTls(const bindings::TlsFiles& files);

}  // namespace lodestone::hive
