// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of buffer.c: buffers are made, referred to and given back.
 */

#include <kunit/test.h>

#include <linux/anon_inodes.h>
#include <linux/dma-resv.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>

#include "../buffer.h"
#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_user.h"

static const struct file_operations other_fops = {};

static struct file *other_file(struct kunit *test)
{
	struct file *file = anon_inode_getfile("other", &other_fops, NULL, O_RDWR);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

static void export_keeps_what_it_is_told(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 3);
	struct dma_buf *dmabuf = mock_export(test, exporter);

	KUNIT_EXPECT_EQ(test, dmabuf->size, 3 * PAGE_SIZE);
	KUNIT_EXPECT_STREQ(test, dmabuf->exp_name, MOCK_EXPORTER);
	KUNIT_EXPECT_PTR_EQ(test, dmabuf->ops, (const struct dma_buf_ops *)&exporter->ops);
	KUNIT_EXPECT_PTR_EQ(test, dmabuf->priv, (void *)exporter);
	KUNIT_EXPECT_NOT_NULL(test, dmabuf->resv);
	KUNIT_EXPECT_TRUE(test, list_empty(&dmabuf->attachments));
	KUNIT_EXPECT_EQ(test, i_size_read(file_inode(dmabuf->file)), 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, dmabuf->file->f_flags & O_ACCMODE, O_RDWR);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 1);
	mock_release(test, exporter);
}

static void export_uses_the_exporters_reservation(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct dma_buf_export_info info = mock_export_info(exporter);
	struct dma_resv resv;

	dma_resv_init(&resv);
	info.resv = &resv;
	exporter->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, exporter->dmabuf);
	exporter->held = true;
	KUNIT_EXPECT_PTR_EQ(test, exporter->dmabuf->resv, &resv);
	mock_release(test, exporter);
	dma_resv_fini(&resv);
}

static void no_unpin(struct dma_buf_attachment *attach)
{
}

static void expect_refused(struct kunit *test, const struct dma_buf_export_info *info)
{
	u64 before = dmabuf_misuse_total(DMABUF_BAD_EXPORT);
	struct dma_buf *dmabuf = dma_buf_export(info);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), -EINVAL);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_BAD_EXPORT), before + 1);
}

static void export_refuses_incomplete_info(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	const struct dma_buf_export_info whole = mock_export_info(exporter);
	const struct dma_buf_ops ops = exporter->ops;
	struct dma_buf_export_info info;

	info = whole;
	info.priv = NULL;
	expect_refused(test, &info);
	info = whole;
	info.ops = NULL;
	expect_refused(test, &info);

	exporter->ops.map_dma_buf = NULL;
	expect_refused(test, &whole);
	exporter->ops = ops;
	exporter->ops.unmap_dma_buf = NULL;
	expect_refused(test, &whole);
	exporter->ops = ops;
	exporter->ops.release = NULL;
	expect_refused(test, &whole);
	exporter->ops = ops;
	exporter->ops.unpin = no_unpin;
	expect_refused(test, &whole);
	mock_exporter_add_pin(exporter);
	exporter->ops.unpin = NULL;
	expect_refused(test, &whole);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_RELEASE], 0);
}

static void export_refuses_a_leaving_module(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct dma_buf_export_info info = mock_export_info(exporter);
	struct module *leaving;

	if (!IS_ENABLED(CONFIG_MODULES))
		kunit_skip(test, "this kernel has no modules");
	leaving = kunit_kzalloc(test, sizeof(*leaving), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, leaving);
	leaving->state = MODULE_STATE_GOING;
	info.owner = leaving;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_export(&info)), -ENOENT);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_RELEASE], 0);
}

static void a_buffer_holds_its_exporters_module(struct kunit *test)
{
	struct mock_exporter *exporter;
	int before;

	if (!IS_MODULE(CONFIG_DMABUF_VPRIME_KUNIT))
		kunit_skip(test, "the suites are built in");
	before = module_refcount(THIS_MODULE);
	exporter = mock_buffer(test);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before + 1);
	mock_release(test, exporter);
	/* The module is put after the exporter was told. */
	flush_delayed_fput();
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before);
}

static void an_fd_takes_the_reference(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_buf *dmabuf = exporter->dmabuf, *again;
	int fd;

	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 1);
	again = dma_buf_get(fd);
	KUNIT_EXPECT_PTR_EQ(test, again, dmabuf);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
	dma_buf_put(again);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_RELEASE], 0);
	KUNIT_EXPECT_EQ(test, close_fd(fd), 0);
	mock_await_release(test, exporter);
}

static void an_fd_reserved_before_takes_it_too(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	int fd = get_unused_fd_flags(0);

	KUNIT_ASSERT_GE(test, fd, 0);
	dma_buf_fd_install(exporter->dmabuf, fd);
	KUNIT_EXPECT_EQ(test, close_fd(fd), 0);
	mock_await_release(test, exporter);
}

static void without_an_fd_the_reference_stays(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	unsigned long limit = mock_user_fd_limit(0);
	int fd = dma_buf_fd(exporter->dmabuf, 0);

	mock_user_fd_limit(limit);
	KUNIT_EXPECT_EQ(test, fd, -EMFILE);
	KUNIT_EXPECT_EQ(test, file_count(exporter->dmabuf->file), 1);
	KUNIT_EXPECT_EQ(test, dma_buf_fd(NULL, 0), -EINVAL);
	mock_release(test, exporter);
}

static void get_wants_a_buffers_fd(struct kunit *test)
{
	struct file *file = other_file(test);
	int fd = get_unused_fd_flags(0);

	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_get(fd)), -EBADF);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_get(-1)), -EBADF);
	fd_install(fd, file);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_get(fd)), -EINVAL);
	KUNIT_EXPECT_EQ(test, file_count(file), 1);
	close_fd(fd);
}

static void a_file_is_known_as_a_buffers(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct file *file = other_file(test);

	KUNIT_EXPECT_TRUE(test, dmabuf_is_file(exporter->dmabuf->file));
	KUNIT_EXPECT_FALSE(test, dmabuf_is_file(file));
	KUNIT_EXPECT_EQ(test, dmabuf_file_release(file_inode(file), file), -EINVAL);
	fput(file);
	mock_release(test, exporter);
}

static void put_of_nothing_is_survived(struct kunit *test)
{
	u64 before = dmabuf_misuse_total(DMABUF_BAD_ARGUMENT);

	dma_buf_put(NULL);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_BAD_ARGUMENT), before + 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(export_keeps_what_it_is_told),
	KUNIT_CASE(export_uses_the_exporters_reservation),
	KUNIT_CASE(export_refuses_incomplete_info),
	KUNIT_CASE(export_refuses_a_leaving_module),
	KUNIT_CASE(a_buffer_holds_its_exporters_module),
	KUNIT_CASE(an_fd_takes_the_reference),
	KUNIT_CASE(an_fd_reserved_before_takes_it_too),
	KUNIT_CASE(without_an_fd_the_reference_stays),
	KUNIT_CASE(get_wants_a_buffers_fd),
	KUNIT_CASE(a_file_is_known_as_a_buffers),
	KUNIT_CASE(put_of_nothing_is_survived),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-buffer",
	.test_cases = cases,
};

kunit_test_suite(suite);
