#include "catalog/warehouse.h"

namespace lodestone {

namespace {

class NoWarehouse final : public Warehouse {
 public:
  bool Handles(std::string_view) const override { return false; }
  absl::StatusOr<std::vector<int>> MakeFolders(std::span<const std::string> locations) override {
    return std::vector<int>(locations.size());
  }
  absl::StatusOr<int> RemoveEmptyFolders(std::string_view, int) override { return 0; }
  absl::Status RemoveFolder(std::string_view, Removal) override { return absl::OkStatus(); }
  absl::Status ClearFolder(std::string_view, Removal) override { return absl::OkStatus(); }
  absl::StatusOr<int> MoveFolder(std::string_view, std::string_view) override { return 0; }
  absl::StatusOr<std::optional<FolderContent>> Measure(std::string_view, Depth) override {
    return std::optional<FolderContent>();
  }
  absl::StatusOr<bool> Exists(std::string_view) override { return false; }
  absl::StatusOr<bool> IsEmpty(std::string_view) override { return true; }
};

}  // namespace

std::unique_ptr<Warehouse> NewNoWarehouse() { return std::make_unique<NoWarehouse>(); }

}  // namespace lodestone
