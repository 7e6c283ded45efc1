// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of misuse.c and of those who write in its book: every kind of misuse is
 * done twice from one place, and has to be survived, counted twice under the
 * right names and printed once. The book keeps the first 64 places, so this
 * suite is the first to run.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>

#include "../attachment.h"
#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

#define TIMES 2

/* Not known to the compiler, which else does it twice, from two places. */
static unsigned int times = TIMES;

/* The buffer and the devices of one test. */
struct scene {
	struct mock_exporter *exporter;
	struct dma_buf *dmabuf;
	struct mock_importer *fixed;
	struct mock_importer *dynamic;
	struct expectation expected;
};

static void make_scene(struct kunit *test, struct scene *scene)
{
	scene->exporter = mock_exporter_create(test, 1);
	mock_exporter_add_pin(scene->exporter);
	scene->exporter->name = test->name;
	scene->dmabuf = mock_export(test, scene->exporter);
	scene->fixed = mock_attach_static(test, scene->exporter);
	scene->dynamic = mock_attach_dynamic(test, scene->exporter);
}

static void end_scene(struct kunit *test, struct scene *scene)
{
	mock_detach_importer(scene->fixed);
	mock_detach_importer(scene->dynamic);
	mock_release(test, scene->exporter);
}

/* Do it twice, reported for the test's exporter, @dev_ and the calling test. */
#define EXPECT_MISUSE(scene_, what_, exporter_, dev_, doing_)                             \
	do {                                                                              \
		book_expect(test, &(scene_)->expected, what_, exporter_, dev_, __func__); \
		for (unsigned int n_ = READ_ONCE(times); n_; n_--) {                      \
			doing_;                                                           \
		}                                                                         \
		book_check(test, &(scene_)->expected, TIMES);                             \
	} while (0)

static void bad_export(struct kunit *test)
{
	struct dma_buf_export_info info = {};
	struct scene scene;

	EXPECT_MISUSE(&scene, DMABUF_BAD_EXPORT, "", NULL,
		      KUNIT_EXPECT_TRUE(test, IS_ERR(dma_buf_export(&info))));
}

static void bad_argument(struct kunit *test)
{
	struct scene scene;

	EXPECT_MISUSE(&scene, DMABUF_BAD_ARGUMENT, "", NULL,
		      KUNIT_EXPECT_TRUE(test, IS_ERR(dma_buf_attach(NULL, NULL))));
}

static void bad_direction(struct kunit *test)
{
	struct scene scene;
	struct sg_table *table;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_BAD_DIRECTION, test->name, scene.fixed->dev,
		      table = dma_buf_map_attachment_unlocked(scene.fixed->attach, 99);
		      KUNIT_EXPECT_TRUE(test, IS_ERR(table)));
	end_scene(test, &scene);
}

/* A detached attachment is known for one while it is kept. */
static struct dma_buf_attachment *detached(struct kunit *test, struct scene *scene)
{
	struct dma_buf_attachment *attach;

	mock_user_strict(test, true);
	attach = dma_buf_attach(scene->dmabuf, scene->fixed->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	dma_buf_detach(scene->dmabuf, attach);
	return attach;
}

static void map_detached(struct kunit *test)
{
	struct dma_buf_attachment *attach;
	struct sg_table *table;
	struct scene scene;

	make_scene(test, &scene);
	attach = detached(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_MAP_DETACHED, "", NULL,
		      table = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
		      KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -EINVAL));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_MAP], 0);
	end_scene(test, &scene);
}

static void detach_twice(struct kunit *test)
{
	struct dma_buf_attachment *attach;
	struct scene scene;

	make_scene(test, &scene);
	attach = detached(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_DETACH_TWICE, "", NULL,
		      dma_buf_detach(scene.dmabuf, attach));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_DETACH], 1);
	end_scene(test, &scene);
}

static void unmap_unmapped(struct kunit *test)
{
	struct sg_table table = {};
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_UNMAP_UNMAPPED, test->name, scene.fixed->dev,
		      dma_buf_unmap_attachment_unlocked(scene.fixed->attach, &table,
							DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNMAP], 0);
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNPIN], 0);
	end_scene(test, &scene);
}

/* Given back as it was mapped: the exporter sees nothing wrong. */
static void unmap_direction(struct kunit *test)
{
	struct sg_table *table;
	struct scene scene;

	make_scene(test, &scene);
	mock_user_strict(test, true);
	EXPECT_MISUSE(&scene, DMABUF_UNMAP_DIRECTION, test->name, scene.fixed->dev,
		      table = dma_buf_map_attachment_unlocked(scene.fixed->attach,
							      DMA_TO_DEVICE);
		      KUNIT_EXPECT_FALSE(test, IS_ERR(table));
		      dma_buf_unmap_attachment_unlocked(scene.fixed->attach, table,
							DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNMAP], 2);
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNPIN], 2);
	end_scene(test, &scene);
}

static void detach_mapped(struct kunit *test)
{
	struct dma_buf_attachment *attach;
	struct sg_table *table;
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_DETACH_MAPPED, test->name, scene.fixed->dev,
		      attach = dma_buf_attach(scene.dmabuf, scene.fixed->dev);
		      KUNIT_EXPECT_FALSE(test, IS_ERR(attach));
		      table = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
		      KUNIT_EXPECT_FALSE(test, IS_ERR(table));
		      dma_buf_detach(scene.dmabuf, attach));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNMAP], 2);
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNPIN], 2);
	end_scene(test, &scene);
}

static void detach_pinned(struct kunit *test)
{
	struct dma_buf_attachment *attach;
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_DETACH_PINNED, test->name, scene.dynamic->dev,
		      attach = dma_buf_dynamic_attach(scene.dmabuf, scene.dynamic->dev,
						      &scene.dynamic->ops,
						      scene.dynamic);
		      KUNIT_EXPECT_FALSE(test, IS_ERR(attach));
		      dma_resv_lock(scene.dmabuf->resv, NULL);
		      KUNIT_EXPECT_EQ(test, dma_buf_pin(attach), 0);
		      dma_resv_unlock(scene.dmabuf->resv);
		      dma_buf_detach(scene.dmabuf, attach));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNPIN], 2);
	end_scene(test, &scene);
}

static void pin_static(struct kunit *test)
{
	struct scene scene;

	make_scene(test, &scene);
	dma_resv_lock(scene.dmabuf->resv, NULL);
	EXPECT_MISUSE(&scene, DMABUF_PIN_STATIC, test->name, scene.fixed->dev,
		      KUNIT_EXPECT_EQ(test, dma_buf_pin(scene.fixed->attach), 0));
	dma_buf_unpin(scene.fixed->attach);
	dma_buf_unpin(scene.fixed->attach);
	dma_resv_unlock(scene.dmabuf->resv);
	end_scene(test, &scene);
}

static void pin_busy(struct kunit *test)
{
	struct sg_table *table;
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_PIN_BUSY, test->name, scene.fixed->dev,
		      mock_fail(scene.exporter, MOCK_PIN, 1, -EBUSY);
		      table = dma_buf_map_attachment_unlocked(scene.fixed->attach,
							      DMA_TO_DEVICE);
		      KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -EBUSY));
	end_scene(test, &scene);
}

static void unpin_unpinned(struct kunit *test)
{
	struct scene scene;

	make_scene(test, &scene);
	dma_resv_lock(scene.dmabuf->resv, NULL);
	EXPECT_MISUSE(&scene, DMABUF_UNPIN_UNPINNED, test->name, scene.dynamic->dev,
		      dma_buf_unpin(scene.dynamic->attach));
	dma_resv_unlock(scene.dmabuf->resv);
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_UNPIN], 0);
	end_scene(test, &scene);
}

static void vmap_nothing(struct kunit *test)
{
	struct iosys_map address;
	struct scene scene;

	make_scene(test, &scene);
	scene.exporter->vmaps_null = true;
	EXPECT_MISUSE(&scene, DMABUF_VMAP_NOTHING, test->name, NULL,
		      KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(scene.dmabuf, &address),
				      -ENOMEM));
	end_scene(test, &scene);
}

static void vunmap_unmapped(struct kunit *test)
{
	struct iosys_map address = IOSYS_MAP_INIT_VADDR(test);
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_VUNMAP_UNMAPPED, test->name, NULL,
		      dma_buf_vunmap_unlocked(scene.dmabuf, &address));
	KUNIT_EXPECT_EQ(test, scene.exporter->calls[MOCK_VUNMAP], 0);
	end_scene(test, &scene);
}

static void end_unbegun(struct kunit *test)
{
	struct scene scene;
	int ret;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_END_UNBEGUN, test->name, NULL,
		      ret = dma_buf_end_cpu_access(scene.dmabuf, DMA_TO_DEVICE);
		      KUNIT_EXPECT_EQ(test, ret, 0));
	end_scene(test, &scene);
}

static void not_locked(struct kunit *test)
{
	struct scene scene;

	make_scene(test, &scene);
	EXPECT_MISUSE(&scene, DMABUF_NOT_LOCKED, test->name, NULL,
		      dma_buf_invalidate_mappings(scene.dmabuf));
	end_scene(test, &scene);
}

/* Each function that wants the lock held says so, and does its work all the same. */
static void not_locked_anywhere(struct kunit *test)
{
	u64 before = dmabuf_misuse_total(DMABUF_NOT_LOCKED);
	struct iosys_map address;
	struct sg_table *table;
	struct scene scene;

	make_scene(test, &scene);
	table = dma_buf_map_attachment(scene.fixed->attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_FALSE(test, IS_ERR(table));
	dma_buf_unmap_attachment(scene.fixed->attach, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, dma_buf_pin(scene.dynamic->attach), 0);
	dma_buf_unpin(scene.dynamic->attach);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap(scene.dmabuf, &address), 0);
	dma_buf_vunmap(scene.dmabuf, &address);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_NOT_LOCKED), before + 6);
	end_scene(test, &scene);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(bad_export),
	KUNIT_CASE(bad_argument),
	KUNIT_CASE(bad_direction),
	KUNIT_CASE(map_detached),
	KUNIT_CASE(detach_twice),
	KUNIT_CASE(unmap_unmapped),
	KUNIT_CASE(unmap_direction),
	KUNIT_CASE(detach_mapped),
	KUNIT_CASE(detach_pinned),
	KUNIT_CASE(pin_static),
	KUNIT_CASE(pin_busy),
	KUNIT_CASE(unpin_unpinned),
	KUNIT_CASE(vmap_nothing),
	KUNIT_CASE(vunmap_unmapped),
	KUNIT_CASE(end_unbegun),
	KUNIT_CASE(not_locked),
	KUNIT_CASE(not_locked_anywhere),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-misuse",
	.test_cases = cases,
};

kunit_test_suite(suite);
