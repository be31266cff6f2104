#include "catalog/metastore.h"
