#include "catalog/bulk_load.h"
