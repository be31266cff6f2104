// The certificate that the server shows.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "absl/status/statusor.h"
#include "bindings/http/server.h"

namespace lodestone::http {

// TLS 1.2 and 1.3. InvalidArgument: a file can't be read, or key and certificate are not of one another.
absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> LoadTls(const TlsFiles& files);

}  // namespace lodestone::http
