#include "catalog/session.h"
