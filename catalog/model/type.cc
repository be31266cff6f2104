#include "catalog/model/type.h"
