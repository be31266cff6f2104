#include "catalog/event/event_log.h"
