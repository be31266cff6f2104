#include "catalog/partition/reader.h"
