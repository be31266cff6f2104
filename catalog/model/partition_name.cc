#include "catalog/model/partition_name.h"
