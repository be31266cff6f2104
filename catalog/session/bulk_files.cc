#include "catalog/bulk_input.h"
