#include "catalog/record/format.h"
