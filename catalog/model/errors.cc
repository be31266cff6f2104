#include "catalog/errors.h"
