#include "catalog/record/keys.h"
