#include "catalog/store/rocksdb/rocksdb_store.h"
