#include "catalog/partition/page_writer.h"
