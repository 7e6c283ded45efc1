// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of revoke.c: a buffer that moves, one that is taken back, and one that
 * goes while devices are attached.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "../attachment.h"
#include "../mapping.h"
#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

static void revoke(struct mock_exporter *exporter)
{
	dma_resv_lock(exporter->dmabuf->resv, NULL);
	dmabuf_revoke(exporter->dmabuf);
	dma_resv_unlock(exporter->dmabuf->resv);
}

static void a_move_is_told_to_those_who_follow(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *fixed = mock_attach_static(test, exporter);
	struct mock_importer *first = mock_attach_dynamic(test, exporter);
	struct mock_importer *second = mock_attach_dynamic(test, exporter);

	second->ops.invalidate_mappings = NULL;
	dma_resv_lock(exporter->dmabuf->resv, NULL);
	dma_buf_invalidate_mappings(exporter->dmabuf);
	dma_buf_invalidate_mappings(exporter->dmabuf);
	dma_resv_unlock(exporter->dmabuf->resv);
	KUNIT_EXPECT_EQ(test, first->invalidations, 2);
	KUNIT_EXPECT_EQ(test, second->invalidations, 0);
	KUNIT_EXPECT_EQ(test, fixed->invalidations, 0);
	KUNIT_EXPECT_FALSE(test, dmabuf_is_revoked(exporter->dmabuf));
	mock_detach_importer(second);
	mock_detach_importer(first);
	mock_detach_importer(fixed);
	mock_release(test, exporter);
}

static void a_revoke_is_told_once(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);

	KUNIT_EXPECT_FALSE(test, dmabuf_is_revoked(exporter->dmabuf));
	revoke(exporter);
	revoke(exporter);
	KUNIT_EXPECT_TRUE(test, dmabuf_is_revoked(exporter->dmabuf));
	KUNIT_EXPECT_EQ(test, importer->invalidations, 1);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void nothing_new_after_a_revoke(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);
	struct dma_buf *dmabuf = exporter->dmabuf;
	struct vm_area_struct vma = { .vm_end = PAGE_SIZE };
	struct iosys_map address;
	struct sg_table *table;
	int pinned, vmapped;

	vma.vm_file = get_file(dmabuf->file);

	revoke(exporter);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_attach(dmabuf, importer->dev)),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_TO_DEVICE)), -ENODEV);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &address), -ENODEV);
	KUNIT_EXPECT_TRUE(test, iosys_map_is_null(&address));
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_TO_DEVICE), -ENODEV);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, &vma, 0), -ENODEV);
	fput(vma.vm_file);
	dma_resv_lock(dmabuf->resv, NULL);
	pinned = dma_buf_pin(importer->attach);
	vmapped = dma_buf_vmap(dmabuf, &address);
	table = dma_buf_map_attachment(importer->attach, DMA_TO_DEVICE);
	dma_resv_unlock(dmabuf->resv);
	KUNIT_EXPECT_EQ(test, pinned, -ENODEV);
	KUNIT_EXPECT_EQ(test, vmapped, -ENODEV);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -ENODEV);

	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MMAP], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_ATTACH], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VMAP], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_BEGIN], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void what_is_held_can_be_given_back_after_a_revoke(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct dma_buf *dmabuf = exporter->dmabuf;
	struct sg_table *table = mock_map(importer, DMA_TO_DEVICE);
	struct iosys_map address;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_ASSERT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &address), 0);
	KUNIT_ASSERT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_TO_DEVICE), 0);
	revoke(exporter);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);

	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(dmabuf, DMA_TO_DEVICE), 0);
	dma_buf_vunmap_unlocked(dmabuf, &address);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VUNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_END], 1);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void idle_mappings_end_by_a_revoke(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;

	mock_user_strict(test, false);
	table = mock_map(importer, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	revoke(exporter);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void expect_unreachable(struct kunit *test, bool faults_in)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	unsigned long address;
	int value = 0;

	exporter->faults_in = faults_in;
	mock_export(test, exporter);
	*(int *)page_address(exporter->pages[0]) = 42;
	address = kunit_vm_mmap(test, exporter->dmabuf->file, 0, PAGE_SIZE,
				PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	KUNIT_ASSERT_NE(test, address, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(address));
	KUNIT_EXPECT_EQ(test, get_user(value, (int __user *)address), 0);
	KUNIT_EXPECT_EQ(test, value, 42);
	revoke(exporter);
	KUNIT_EXPECT_EQ(test, get_user(value, (int __user *)address), -EFAULT);
	KUNIT_EXPECT_EQ(test, put_user(value, (int __user *)address), -EFAULT);
	vm_munmap(address, PAGE_SIZE);

	address = kunit_vm_mmap(test, exporter->dmabuf->file, 0, PAGE_SIZE,
				PROT_READ, MAP_SHARED, 0);
	KUNIT_EXPECT_EQ(test, (long)address, -ENODEV);
	mock_release(test, exporter);
}

static void a_programs_mapping_ends_by_a_revoke(struct kunit *test)
{
	expect_unreachable(test, false);
}

static void a_programs_faults_fail_after_a_revoke(struct kunit *test)
{
	expect_unreachable(test, true);
}

static void a_buffer_released_while_attached_stays_until_detach(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *first = mock_attach_static(test, exporter);
	struct mock_importer *second = mock_attach_dynamic(test, exporter);
	u64 before = dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED);
	struct sg_table *table = mock_map(first, DMA_TO_DEVICE);
	struct iosys_map address;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_release(test, exporter);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_RELEASE_ATTACHED), before + 2);
	/* The exporter is done with it: all that it was asked for is undone. */
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 2);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(first, DMA_TO_DEVICE)), -ENODEV);
	KUNIT_EXPECT_LT(test, dma_buf_vmap_unlocked(first->attach->dmabuf, &address), 0);
	mock_unmap(first, table, DMA_TO_DEVICE);
	mock_detach_importer(first);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(second, DMA_TO_DEVICE)), -ENODEV);
	mock_detach_importer(second);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
}

static void pins_are_undone_when_a_pinned_buffer_goes(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);
	int ret;

	dma_resv_lock(exporter->dmabuf->resv, NULL);
	ret = dma_buf_pin(importer->attach);
	dma_resv_unlock(exporter->dmabuf->resv);
	KUNIT_ASSERT_EQ(test, ret, 0);
	mock_release(test, exporter);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
}

/* The reservation object was the exporter's, and is gone with it. */
static void an_orphan_has_a_reservation_of_its_own(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct dma_buf_export_info info = mock_export_info(exporter);
	struct mock_importer *importer;
	struct dma_resv *resv;

	resv = kunit_kzalloc(test, sizeof(*resv), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, resv);
	dma_resv_init(resv);
	info.resv = resv;
	exporter->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, exporter->dmabuf);
	exporter->held = true;
	importer = mock_attach_static(test, exporter);
	mock_release(test, exporter);
	/* Until it was told it may still move the buffer, and locks this one for it. */
	KUNIT_EXPECT_PTR_EQ(test, exporter->resv_at_release, resv);
	dma_resv_fini(resv);
	kunit_kfree(test, resv);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_TO_DEVICE)), -ENODEV);
	mock_detach_importer(importer);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_move_is_told_to_those_who_follow),
	KUNIT_CASE(a_revoke_is_told_once),
	KUNIT_CASE(nothing_new_after_a_revoke),
	KUNIT_CASE(what_is_held_can_be_given_back_after_a_revoke),
	KUNIT_CASE(idle_mappings_end_by_a_revoke),
	KUNIT_CASE(a_programs_mapping_ends_by_a_revoke),
	KUNIT_CASE(a_programs_faults_fail_after_a_revoke),
	KUNIT_CASE(a_buffer_released_while_attached_stays_until_detach),
	KUNIT_CASE(pins_are_undone_when_a_pinned_buffer_goes),
	KUNIT_CASE(an_orphan_has_a_reservation_of_its_own),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-revoke",
	.test_cases = cases,
};

kunit_test_suite(suite);
