#include "catalog/filter/filter.h"
