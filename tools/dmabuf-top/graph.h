/* SPDX-License-Identifier: MIT */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdio.h>

#include "snapshot.h"

/* Exporter, buffer, importer from left to right, for dot(1) of Graphviz. */
void graph_print(FILE *file, const struct snapshot *snapshot);

#endif
