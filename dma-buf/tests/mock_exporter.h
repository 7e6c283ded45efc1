/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An exporter for tests: it counts calls, fails when told, moves and takes back.
 */
#ifndef DMABUF_MOCK_EXPORTER_H
#define DMABUF_MOCK_EXPORTER_H

#include <linux/completion.h>
#include <linux/dma-buf.h>

struct kunit;

/** MOCK_EXPORTER - what mock_exporter_create() calls an exporter */
#define MOCK_EXPORTER "mock"

/* The exporter's operations, as indices. */
enum mock_op {
	MOCK_ATTACH,
	MOCK_DETACH,
	MOCK_PIN,
	MOCK_UNPIN,
	MOCK_MAP,
	MOCK_UNMAP,
	MOCK_RELEASE,
	MOCK_BEGIN,
	MOCK_END,
	MOCK_MMAP,
	MOCK_VMAP,
	MOCK_VUNMAP,
	MOCK_OPS
};

/**
 * struct mock_exporter - one exporter with at most one buffer
 * @ops: its operations, all but pin and unpin. A test takes away or adds some
 *	before it exports
 * @name: the exporter's; MOCK_EXPORTER unless a test sets it
 * @calls: how often each was called
 * @fail_at: the call of each that fails, 0 for none
 * @error: what it fails with
 * @pages: the memory
 * @page_count: how much
 * @dmabuf: the buffer. Not to be used after its release
 * @held: the reference from the export is still the test's
 * @moves_on_pin: the next pin moves the buffer
 * @faults_in: mmap maps nothing, a fault handler does. Before the first mmap
 * @maps_null: map gives NULL
 * @vmaps_null: vmap succeeds with no address
 * @private: a test's own
 * @resv_at_release: the buffer's reservation object when its release was told
 * @released: done by the release
 */
struct mock_exporter {
	struct dma_buf_ops ops;
	const char *name;
	unsigned int calls[MOCK_OPS];
	unsigned int fail_at[MOCK_OPS];
	int error[MOCK_OPS];
	struct page **pages;
	unsigned int page_count;
	struct dma_buf *dmabuf;
	bool held;
	bool moves_on_pin;
	bool faults_in;
	bool maps_null;
	bool vmaps_null;
	void *private;
	const struct dma_resv *resv_at_release;
	struct completion released;
};

/**
 * mock_exporter_create - an exporter that works
 * @test: at whose end it goes, and a buffer that the test left with it
 * @pages: how many its buffer will have
 *
 * Return: the exporter; the test ends if there is no memory.
 */
struct mock_exporter *mock_exporter_create(struct kunit *test, unsigned int pages);

/**
 * mock_exporter_add_pin - make it one whose buffer may move unless pinned
 * @exporter: before its export
 */
void mock_exporter_add_pin(struct mock_exporter *exporter);

/**
 * mock_exporter_keep_table - make it one that maps as V4L2's exporters do
 * @exporter: before its export
 *
 * Every map of an attachment gives the same table, which is mapped in the
 * direction asked for last; unmap does nothing, detach unmaps.
 */
void mock_exporter_keep_table(struct mock_exporter *exporter);

/**
 * mock_fail - let a call fail
 * @exporter: whose
 * @op: which
 * @nth: 1 for the next one
 * @error: what it gives back
 */
void mock_fail(struct mock_exporter *exporter, enum mock_op op, unsigned int nth,
	       int error);

/**
 * mock_export_info - what the exporter says of a buffer
 * @exporter: whose
 *
 * Return: it, complete.
 */
struct dma_buf_export_info mock_export_info(struct mock_exporter *exporter);

/**
 * mock_export - make the buffer
 * @test: ends if that fails
 * @exporter: one without a buffer
 *
 * Return: the buffer with a reference, for mock_release().
 */
struct dma_buf *mock_export(struct kunit *test, struct mock_exporter *exporter);

/**
 * mock_release - drop the test's reference, which is the last one
 * @test: fails if the exporter is not told in time
 * @exporter: whose buffer
 */
void mock_release(struct kunit *test, struct mock_exporter *exporter);

/**
 * mock_await_release - expect that nobody has a reference any more
 * @test: fails if the exporter is not told in time
 * @exporter: whose buffer; the test's own reference is gone
 */
void mock_await_release(struct kunit *test, struct mock_exporter *exporter);

/**
 * mock_buffer - mock_exporter_create() and mock_export() of one page
 * @test: as there
 *
 * Return: the exporter with its buffer.
 */
struct mock_exporter *mock_buffer(struct kunit *test);

/**
 * mock_movable_buffer - mock_buffer() of an exporter with pin and unpin
 * @test: as there
 *
 * Return: the exporter with its buffer.
 */
struct mock_exporter *mock_movable_buffer(struct kunit *test);

#endif
