#include "catalog/names.h"
