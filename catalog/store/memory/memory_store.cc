#include "catalog/store/memory/memory_store.h"
