#include "catalog/filter/value.h"
