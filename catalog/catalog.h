// Lodestone's public interface: one include for all of it.
#pragma once

#include "catalog/bulk_input.h"
#include "catalog/bulk_load.h"
#include "catalog/errors.h"
#include "catalog/events.h"
#include "catalog/filter.h"
#include "catalog/metastore.h"
#include "catalog/names.h"
#include "catalog/options.h"
#include "catalog/partition_batch.h"
#include "catalog/session.h"
