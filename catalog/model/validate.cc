#include "catalog/model/validate.h"
