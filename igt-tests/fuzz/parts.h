/* SPDX-License-Identifier: MIT */
#ifndef PARTS_H
#define PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

/* Looks at the first card; false if it can't be looked at. */
bool parts_find(void);

/* A part's id by its place; parts of all cards have the same. */
uint32_t parts_id(enum kind kind, unsigned int index);

/* The id of an object's property, or 0. */
uint32_t parts_property(uint32_t object, const char *name);

/* The path of a node of a device: "card" or "renderD"; 0 and 1 are vprime's, 2 is vgem. */
bool parts_node(unsigned int device, const char *node, char *path, size_t size);

/* Lets everyone open the nodes of all devices. */
void parts_permit(void);

/* Lets those open them again who could before. */
void parts_forbid(void);

#endif
