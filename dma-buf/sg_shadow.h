/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scatterlists without pages, for importers that are watched.
 */
#ifndef DMABUF_SG_SHADOW_H
#define DMABUF_SG_SHADOW_H

struct sg_table;

/**
 * dmabuf_sg_shadow - copy what an importer may see of a scatterlist
 * @table: mapped
 *
 * Return: a table with the same addresses and lengths for the device and no
 * pages, so that who looks for them faults, or NULL without memory.
 */
struct sg_table *dmabuf_sg_shadow(struct sg_table *table);

/**
 * dmabuf_sg_shadow_free - free a shadow
 * @shadow: from dmabuf_sg_shadow()
 */
void dmabuf_sg_shadow_free(struct sg_table *shadow);

#endif
