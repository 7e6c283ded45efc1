// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of user_mapping.c: which of the exporter's operations a program's mapping
 * still has, and that none of them is reached once the buffer is revoked, not even by
 * a fault that the revoke meets halfway.
 */

#include <kunit/test.h>

#include <linux/dma-resv.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../attachment.h"
#include "mock_exporter.h"

/**
 * struct mapper - what the operations below work with, and how often they ran
 * @exporter: whose buffer it is
 * @ops: of its mappings
 * @flags: of its mappings
 * @memory: one piece, as large as the buffer
 * @faults: of one page
 * @huge_faults: of more
 * @arounds: calls of map_pages
 * @accesses: by a debugger
 * @mkwrites: of a page that was read
 * @revokes: the next fault revokes the buffer, and goes on
 */
struct mapper {
	struct mock_exporter *exporter;
	struct vm_operations_struct ops;
	vm_flags_t flags;
	struct page *memory;
	unsigned int faults;
	unsigned int huge_faults;
	unsigned int arounds;
	unsigned int accesses;
	unsigned int mkwrites;
	bool revokes;
};

static void revoke(struct mapper *mapper)
{
	struct dma_buf *dmabuf = mapper->exporter->dmabuf;

	dma_resv_lock(dmabuf->resv, NULL);
	dmabuf_revoke(dmabuf);
	dma_resv_unlock(dmabuf->resv);
}

static unsigned long pfn_of(struct vm_fault *vmf)
{
	struct mapper *mapper = vmf->vma->vm_private_data;

	return page_to_pfn(mapper->memory) + vmf->pgoff;
}

static vm_fault_t pfn_fault(struct vm_fault *vmf)
{
	struct mapper *mapper = vmf->vma->vm_private_data;
	vm_fault_t ret;

	mapper->faults++;
	ret = vmf_insert_pfn(vmf->vma, vmf->address, pfn_of(vmf));
	if (mapper->revokes)
		revoke(mapper);
	return ret;
}

static vm_fault_t page_fault(struct vm_fault *vmf)
{
	struct mapper *mapper = vmf->vma->vm_private_data;

	mapper->faults++;
	vmf->page = pfn_to_page(pfn_of(vmf));
	get_page(vmf->page);
	if (mapper->revokes)
		revoke(mapper);
	return 0;
}

static vm_fault_t huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct mapper *mapper = vmf->vma->vm_private_data;
	vm_fault_t ret;

	if (order != PMD_ORDER)
		return VM_FAULT_FALLBACK;
	mapper->huge_faults++;
	ret = vmf_insert_pfn_pmd(vmf, page_to_pfn(mapper->memory),
				 vmf->flags & FAULT_FLAG_WRITE);
	if (mapper->revokes)
		revoke(mapper);
	return ret;
}

static vm_fault_t map_nothing(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct mapper *mapper = vmf->vma->vm_private_data;

	mapper->arounds++;
	return 0;
}

static vm_fault_t pfn_mkwrite(struct vm_fault *vmf)
{
	struct mapper *mapper = vmf->vma->vm_private_data;

	mapper->mkwrites++;
	return 0;
}

static int access(struct vm_area_struct *vma, unsigned long address, void *buffer, int length,
		  int write)
{
	struct mapper *mapper = vma->vm_private_data;

	mapper->accesses++;
	return length;
}

static int map_as_told(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct mock_exporter *exporter = dmabuf->priv;
	struct mapper *mapper = exporter->private;

	vma->vm_private_data = mapper;
	vma->vm_ops = &mapper->ops;
	vm_flags_set(vma, mapper->flags);
	return 0;
}

static void free_memory(void *memory)
{
	__free_pages(memory, PMD_ORDER);
}

/* A buffer of 2 MiB, all of it huge, and a mapper that a test gives operations. */
static struct mapper *make_mapper(struct kunit *test)
{
	struct mapper *mapper = kunit_kzalloc(test, sizeof(*mapper), GFP_KERNEL);
	struct dma_buf_export_info info;

	KUNIT_ASSERT_NOT_NULL(test, mapper);
	mapper->memory = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, PMD_ORDER);
	if (!mapper->memory)
		kunit_skip(test, "memory is in pieces");
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_memory, mapper->memory), 0);
	mapper->flags = VM_PFNMAP;
	mapper->exporter = mock_exporter_create(test, 1);
	mapper->exporter->private = mapper;
	mapper->exporter->ops.mmap = map_as_told;
	info = mock_export_info(mapper->exporter);
	info.size = PMD_SIZE;
	mapper->exporter->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mapper->exporter->dmabuf);
	mapper->exporter->held = true;
	return mapper;
}

/* The whole buffer where a huge page fits. To be unmapped by the test. */
static int __user *map_buffer(struct kunit *test, struct mapper *mapper)
{
	unsigned long room, address;

	room = kunit_vm_mmap(test, NULL, 0, 2 * PMD_SIZE, PROT_NONE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_TRUE(test, room && !IS_ERR_VALUE(room));
	address = kunit_vm_mmap(test, mapper->exporter->dmabuf->file, ALIGN(room, PMD_SIZE),
				PMD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 0);
	KUNIT_ASSERT_EQ(test, address, ALIGN(room, PMD_SIZE));
	return (int __user *)address;
}

static void end_mapper(struct kunit *test, struct mapper *mapper, int __user *map)
{
	vm_munmap((unsigned long)map, PMD_SIZE);
	mock_release(test, mapper->exporter);
}

static int __user *page_of(int __user *map, unsigned int page)
{
	return map + page * PAGE_SIZE / sizeof(*map);
}

static void huge_faults_stay_huge(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);
	int __user *map;
	unsigned int i;
	int value;

	if (!has_transparent_hugepage())
		kunit_skip(test, "no huge pages");
	mapper->ops.fault = pfn_fault;
	mapper->ops.huge_fault = huge_fault;
	map = map_buffer(test, mapper);
	for (i = 0; i < PTRS_PER_PMD; i++)
		KUNIT_EXPECT_EQ(test, get_user(value, page_of(map, i)), 0);
	KUNIT_EXPECT_EQ(test, mapper->huge_faults, 1);
	KUNIT_EXPECT_EQ(test, mapper->faults, 0);

	revoke(mapper);
	KUNIT_EXPECT_EQ(test, get_user(value, map), -EFAULT);
	KUNIT_EXPECT_EQ(test, put_user(1, page_of(map, 7)), -EFAULT);
	KUNIT_EXPECT_EQ(test, mapper->huge_faults + mapper->faults, 1);
	end_mapper(test, mapper, map);
}

/* What a fault maps while the buffer is revoked does not stay. */
static void expect_nothing_mapped(struct kunit *test, struct mapper *mapper)
{
	int __user *map = map_buffer(test, mapper);
	int refs = page_count(mapper->memory);
	int value;

	mapper->revokes = true;
	KUNIT_EXPECT_EQ(test, get_user(value, map), -EFAULT);
	KUNIT_EXPECT_EQ(test, mapper->faults + mapper->huge_faults, 1);
	KUNIT_EXPECT_EQ(test, get_user(value, map), -EFAULT);
	KUNIT_EXPECT_EQ(test, mapper->faults + mapper->huge_faults, 1);
	KUNIT_EXPECT_EQ(test, page_count(mapper->memory), refs);
	end_mapper(test, mapper, map);
}

static void a_fault_during_a_revoke_maps_nothing(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);

	mapper->ops.fault = pfn_fault;
	expect_nothing_mapped(test, mapper);
}

static void a_huge_fault_during_a_revoke_maps_nothing(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);

	if (!has_transparent_hugepage())
		kunit_skip(test, "no huge pages");
	mapper->ops.fault = pfn_fault;
	mapper->ops.huge_fault = huge_fault;
	expect_nothing_mapped(test, mapper);
}

static void a_page_returned_during_a_revoke_is_dropped(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);

	mapper->flags = 0;
	mapper->ops.fault = page_fault;
	expect_nothing_mapped(test, mapper);
}

static void pages_are_mapped_by_the_way_until_a_revoke(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);
	int __user *map;
	int value;

	mapper->ops.fault = pfn_fault;
	mapper->ops.map_pages = map_nothing;
	map = map_buffer(test, mapper);
	KUNIT_EXPECT_EQ(test, get_user(value, map), 0);
	KUNIT_EXPECT_EQ(test, mapper->arounds, 1);
	revoke(mapper);
	KUNIT_EXPECT_EQ(test, get_user(value, map), -EFAULT);
	KUNIT_EXPECT_EQ(test, mapper->arounds, 1);
	KUNIT_EXPECT_EQ(test, mapper->faults, 1);
	end_mapper(test, mapper, map);
}

/* As the kernel does for ptrace and /proc/PID/mem, where there is no page. */
static int access_as_debugger(int __user *map)
{
	unsigned long address = (unsigned long)map;
	struct vm_area_struct *vma;
	int ret = -EFAULT, value;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, address);
	if (vma && vma->vm_ops && vma->vm_ops->access)
		ret = vma->vm_ops->access(vma, address, &value, sizeof(value), 0);
	mmap_read_unlock(current->mm);
	return ret;
}

static void a_debugger_is_refused_after_a_revoke(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);
	int __user *map;

	/* It needs no fault to be dangerous. */
	mapper->ops.access = access;
	map = map_buffer(test, mapper);
	KUNIT_EXPECT_EQ(test, access_as_debugger(map), sizeof(int));
	revoke(mapper);
	KUNIT_EXPECT_EQ(test, access_as_debugger(map), -ENODEV);
	KUNIT_EXPECT_EQ(test, mapper->accesses, 1);
	end_mapper(test, mapper, map);
}

static void writes_are_told_of(struct kunit *test)
{
	struct mapper *mapper = make_mapper(test);
	int __user *map;
	int value;

	mapper->ops.fault = pfn_fault;
	mapper->ops.pfn_mkwrite = pfn_mkwrite;
	map = map_buffer(test, mapper);
	KUNIT_EXPECT_EQ(test, get_user(value, map), 0);
	KUNIT_EXPECT_EQ(test, put_user(1, map), 0);
	KUNIT_EXPECT_EQ(test, mapper->mkwrites, 1);
	revoke(mapper);
	KUNIT_EXPECT_EQ(test, put_user(1, map), -EFAULT);
	KUNIT_EXPECT_EQ(test, mapper->mkwrites, 1);
	end_mapper(test, mapper, map);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(huge_faults_stay_huge),
	KUNIT_CASE(a_fault_during_a_revoke_maps_nothing),
	KUNIT_CASE(a_huge_fault_during_a_revoke_maps_nothing),
	KUNIT_CASE(a_page_returned_during_a_revoke_is_dropped),
	KUNIT_CASE(pages_are_mapped_by_the_way_until_a_revoke),
	KUNIT_CASE(a_debugger_is_refused_after_a_revoke),
	KUNIT_CASE(writes_are_told_of),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-user-mapping",
	.test_cases = cases,
};

kunit_test_suite(suite);
