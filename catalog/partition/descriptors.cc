#include "catalog/partition/descriptors.h"
