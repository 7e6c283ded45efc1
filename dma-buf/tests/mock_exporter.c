// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exporter for tests, of scattered pages. All suites use it. It looks at
 * nothing of the core but <linux/dma-buf.h>.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "mock_exporter.h"

#define RELEASE_TIMEOUT (10 * HZ)

static int call(struct dma_buf *dmabuf, enum mock_op op)
{
	struct mock_exporter *exporter = dmabuf->priv;

	exporter->calls[op]++;
	return exporter->calls[op] == exporter->fail_at[op] ? exporter->error[op] : 0;
}

static int mock_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	return call(dmabuf, MOCK_ATTACH);
}

static void mock_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	call(dmabuf, MOCK_DETACH);
}

static int mock_pin(struct dma_buf_attachment *attach)
{
	struct mock_exporter *exporter = attach->dmabuf->priv;

	if (exporter->moves_on_pin) {
		exporter->moves_on_pin = false;
		dma_buf_invalidate_mappings(attach->dmabuf);
	}
	return call(attach->dmabuf, MOCK_PIN);
}

static void mock_unpin(struct dma_buf_attachment *attach)
{
	call(attach->dmabuf, MOCK_UNPIN);
}

static struct sg_table *make_table(struct mock_exporter *exporter)
{
	struct sg_table *table = kzalloc_obj(*table);
	int ret;

	if (!table)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table_from_pages(table, exporter->pages, exporter->page_count,
					0, exporter->page_count << PAGE_SHIFT,
					GFP_KERNEL);
	if (!ret)
		return table;
	kfree(table);
	return ERR_PTR(ret);
}

static void free_table(struct sg_table *table)
{
	sg_free_table(table);
	kfree(table);
}

static struct sg_table *mock_map(struct dma_buf_attachment *attach,
				 enum dma_data_direction direction)
{
	struct mock_exporter *exporter = attach->dmabuf->priv;
	int ret = call(attach->dmabuf, MOCK_MAP);
	struct sg_table *table;

	if (ret)
		return ERR_PTR(ret);
	if (exporter->maps_null)
		return NULL;
	table = make_table(exporter);
	if (IS_ERR(table))
		return table;
	ret = dma_map_sgtable(attach->dev, table, direction, 0);
	if (!ret)
		return table;
	free_table(table);
	return ERR_PTR(ret);
}

static void mock_unmap(struct dma_buf_attachment *attach, struct sg_table *table,
		       enum dma_data_direction direction)
{
	call(attach->dmabuf, MOCK_UNMAP);
	dma_unmap_sgtable(attach->dev, table, direction, 0);
	free_table(table);
}

/* What an exporter that keeps its tables has in &dma_buf_attachment.priv. */
struct kept {
	struct sg_table *table;
	enum dma_data_direction direction;
};

static int keep_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct kept *kept = kzalloc_obj(*kept);

	if (!kept)
		return -ENOMEM;
	kept->direction = DMA_NONE;
	kept->table = make_table(dmabuf->priv);
	if (IS_ERR(kept->table)) {
		kfree(kept);
		return -ENOMEM;
	}
	attach->priv = kept;
	return call(dmabuf, MOCK_ATTACH);
}

static void keep_unmapped(struct device *dev, struct kept *kept)
{
	if (kept->direction != DMA_NONE)
		dma_unmap_sgtable(dev, kept->table, kept->direction, 0);
	kept->direction = DMA_NONE;
}

static void keep_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct kept *kept = attach->priv;

	call(dmabuf, MOCK_DETACH);
	keep_unmapped(attach->dev, kept);
	free_table(kept->table);
	kfree(kept);
}

static struct sg_table *keep_map(struct dma_buf_attachment *attach,
				 enum dma_data_direction direction)
{
	int ret = call(attach->dmabuf, MOCK_MAP);
	struct kept *kept = attach->priv;

	if (!ret && kept->direction != direction) {
		keep_unmapped(attach->dev, kept);
		ret = dma_map_sgtable(attach->dev, kept->table, direction, 0);
		if (!ret)
			kept->direction = direction;
	}
	return ret ? ERR_PTR(ret) : kept->table;
}

static void keep_unmap(struct dma_buf_attachment *attach, struct sg_table *table,
		       enum dma_data_direction direction)
{
	call(attach->dmabuf, MOCK_UNMAP);
}

static void mock_release_op(struct dma_buf *dmabuf)
{
	struct mock_exporter *exporter = dmabuf->priv;

	call(dmabuf, MOCK_RELEASE);
	exporter->resv_at_release = dmabuf->resv;
	complete(&exporter->released);
}

static int mock_begin(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	return call(dmabuf, MOCK_BEGIN);
}

static int mock_end(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	return call(dmabuf, MOCK_END);
}

static vm_fault_t mock_fault(struct vm_fault *vmf)
{
	struct mock_exporter *exporter = vmf->vma->vm_private_data;

	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(exporter->pages[0]));
}

static const struct vm_operations_struct vm_ops = {
	.fault = mock_fault,
};

/* A vma without an address space is a test's own: nothing to map into. */
static int mock_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct mock_exporter *exporter = dmabuf->priv;
	int ret = call(dmabuf, MOCK_MMAP);

	if (ret || !vma->vm_mm)
		return ret;
	if (exporter->faults_in) {
		vma->vm_private_data = exporter;
		vma->vm_ops = &vm_ops;
		vm_flags_set(vma, VM_PFNMAP);
		return 0;
	}
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(exporter->pages[0]),
			       PAGE_SIZE, vma->vm_page_prot);
}

static int mock_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct mock_exporter *exporter = dmabuf->priv;
	int ret = call(dmabuf, MOCK_VMAP);
	void *address;

	if (ret || exporter->vmaps_null)
		return ret;
	address = vmap(exporter->pages, exporter->page_count, VM_MAP, PAGE_KERNEL);
	if (!address)
		return -ENOMEM;
	iosys_map_set_vaddr(map, address);
	return 0;
}

static void mock_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	call(dmabuf, MOCK_VUNMAP);
	vunmap(map->vaddr);
}

static const struct dma_buf_ops all_ops = {
	.attach = mock_attach,
	.detach = mock_detach,
	.map_dma_buf = mock_map,
	.unmap_dma_buf = mock_unmap,
	.release = mock_release_op,
	.begin_cpu_access = mock_begin,
	.end_cpu_access = mock_end,
	.mmap = mock_mmap,
	.vmap = mock_vmap,
	.vunmap = mock_vunmap,
};

/* Work items drop the last reference of what a kernel thread closes. */
static bool wait_for_release(struct mock_exporter *exporter)
{
	exporter->held = false;
	flush_delayed_fput();
	return wait_for_completion_timeout(&exporter->released, RELEASE_TIMEOUT);
}

static bool drop(struct mock_exporter *exporter)
{
	dma_buf_put(exporter->dmabuf);
	return wait_for_release(exporter);
}

/* A test that failed can leave references: better lost memory than used twice. */
static void end_exporter(void *data)
{
	struct mock_exporter *exporter = data;
	unsigned int i;

	if (exporter->held && !drop(exporter))
		return;
	for (i = 0; i < exporter->page_count; i++)
		__free_page(exporter->pages[i]);
	kfree(exporter->pages);
	kfree(exporter);
}

struct mock_exporter *mock_exporter_create(struct kunit *test, unsigned int pages)
{
	struct mock_exporter *exporter = kzalloc_obj(*exporter);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, exporter);
	exporter->ops = all_ops;
	exporter->name = MOCK_EXPORTER;
	init_completion(&exporter->released);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, end_exporter, exporter), 0);

	exporter->pages = kcalloc(pages, sizeof(*exporter->pages), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, exporter->pages);
	while (exporter->page_count < pages) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, page);
		exporter->pages[exporter->page_count++] = page;
	}
	return exporter;
}

void mock_exporter_add_pin(struct mock_exporter *exporter)
{
	exporter->ops.pin = mock_pin;
	exporter->ops.unpin = mock_unpin;
}

void mock_exporter_keep_table(struct mock_exporter *exporter)
{
	exporter->ops.attach = keep_attach;
	exporter->ops.detach = keep_detach;
	exporter->ops.map_dma_buf = keep_map;
	exporter->ops.unmap_dma_buf = keep_unmap;
}

void mock_fail(struct mock_exporter *exporter, enum mock_op op, unsigned int nth,
	       int error)
{
	exporter->fail_at[op] = exporter->calls[op] + nth;
	exporter->error[op] = error;
}

struct dma_buf_export_info mock_export_info(struct mock_exporter *exporter)
{
	return (struct dma_buf_export_info){
		.exp_name = exporter->name,
		.owner = THIS_MODULE,
		.ops = &exporter->ops,
		.size = (size_t)exporter->page_count << PAGE_SHIFT,
		.flags = O_RDWR,
		.priv = exporter,
	};
}

struct dma_buf *mock_export(struct kunit *test, struct mock_exporter *exporter)
{
	struct dma_buf_export_info info = mock_export_info(exporter);
	struct dma_buf *dmabuf = dma_buf_export(&info);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	exporter->dmabuf = dmabuf;
	exporter->held = true;
	return dmabuf;
}

void mock_release(struct kunit *test, struct mock_exporter *exporter)
{
	KUNIT_ASSERT_TRUE(test, exporter->held);
	KUNIT_ASSERT_TRUE_MSG(test, drop(exporter), "the exporter was not told");
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_RELEASE], 1);
}

void mock_await_release(struct kunit *test, struct mock_exporter *exporter)
{
	KUNIT_ASSERT_TRUE_MSG(test, wait_for_release(exporter),
			      "the exporter was not told");
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_RELEASE], 1);
}

struct mock_exporter *mock_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	mock_export(test, exporter);
	return exporter;
}

struct mock_exporter *mock_movable_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	mock_exporter_add_pin(exporter);
	mock_export(test, exporter);
	return exporter;
}

MODULE_DESCRIPTION("KUnit tests for vprime's dma-buf core");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("DMA_BUF");
MODULE_IMPORT_NS("DMABUF_KUNIT");
