#include "catalog/model/pattern.h"
