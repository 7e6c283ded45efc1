/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An importer for tests: a device, and what a dynamic importer is told.
 */
#ifndef DMABUF_MOCK_IMPORTER_H
#define DMABUF_MOCK_IMPORTER_H

#include <linux/dma-buf.h>

struct kunit;
struct mock_exporter;

/**
 * struct mock_importer - a device that shares one buffer
 * @ops: for a dynamic attachment
 * @dev: the device. Reaches all memory, with no need of syncs
 * @attach: its attachment, while there is one
 * @invalidations: how often it was told that the buffer moves
 */
struct mock_importer {
	struct dma_buf_attach_ops ops;
	struct device *dev;
	struct dma_buf_attachment *attach;
	unsigned int invalidations;
};

/**
 * mock_importer_create - an importer without a buffer
 * @test: at whose end it goes
 *
 * Return: the importer; the test ends if it can't be made.
 */
struct mock_importer *mock_importer_create(struct kunit *test);

/**
 * mock_importer_reach - limit what the device reaches
 * @test: ends if that can't be
 * @importer: not attached
 * @bits: of an address
 */
void mock_importer_reach(struct kunit *test, struct mock_importer *importer,
			 unsigned int bits);

/**
 * mock_attach_static - attach as an importer that can't follow moves
 * @test: ends if that fails
 * @exporter: of the buffer
 *
 * Return: a new importer, attached.
 */
struct mock_importer *mock_attach_static(struct kunit *test,
					 struct mock_exporter *exporter);

/**
 * mock_attach_dynamic - attach as one that can
 * @test: ends if that fails
 * @exporter: of the buffer
 *
 * Return: a new importer, attached.
 */
struct mock_importer *mock_attach_dynamic(struct kunit *test,
					  struct mock_exporter *exporter);

/**
 * mock_detach_importer - end the attachment
 * @importer: attached
 */
void mock_detach_importer(struct mock_importer *importer);

/**
 * mock_map - map the buffer
 * @importer: attached
 * @direction: of the transfers
 *
 * Return: the table, for mock_unmap(), or an ERR_PTR.
 */
struct sg_table *mock_map(struct mock_importer *importer,
			  enum dma_data_direction direction);

/**
 * mock_unmap - give a table back
 * @importer: attached
 * @table: from mock_map()
 * @direction: as it was mapped
 */
void mock_unmap(struct mock_importer *importer, struct sg_table *table,
		enum dma_data_direction direction);

#endif
