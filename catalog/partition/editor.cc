#include "catalog/partition/editor.h"
