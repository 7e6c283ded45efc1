/* SPDX-License-Identifier: MIT */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

#include "order.h"
#include "snapshot.h"

/* The snapshot as one object. Its keys are documented in dmabuf-top(1). */
void json_print(FILE *file, const struct snapshot *snapshot, enum order order, bool reverse);

#endif
