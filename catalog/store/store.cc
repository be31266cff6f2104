#include "catalog/store/store.h"
