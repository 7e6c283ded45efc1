// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of attachment.c: devices attach and detach, pin and unpin.
 */

#include <kunit/test.h>

#include <linux/dma-resv.h>

#include "../quarantine.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

static bool is_listed(struct mock_exporter *exporter, struct mock_importer *importer)
{
	struct dma_buf_attachment *attach;
	bool found = false;

	dma_resv_lock(exporter->dmabuf->resv, NULL);
	list_for_each_entry(attach, &exporter->dmabuf->attachments, node)
		found |= attach == importer->attach;
	dma_resv_unlock(exporter->dmabuf->resv);
	return found;
}

static void a_static_importer_attaches(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);

	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_ATTACH], 1);
	KUNIT_EXPECT_PTR_EQ(test, importer->attach->dmabuf, exporter->dmabuf);
	KUNIT_EXPECT_PTR_EQ(test, importer->attach->dev, importer->dev);
	KUNIT_EXPECT_NULL(test, importer->attach->importer_ops);
	KUNIT_EXPECT_FALSE(test, importer->attach->peer2peer);
	KUNIT_EXPECT_FALSE(test, dma_buf_attach_revocable(importer->attach));
	KUNIT_EXPECT_TRUE(test, is_listed(exporter, importer));

	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&exporter->dmabuf->attachments));
	mock_release(test, exporter);
}

static void a_dynamic_importer_attaches(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *first = mock_attach_dynamic(test, exporter);
	struct mock_importer *peer = mock_importer_create(test);

	KUNIT_EXPECT_PTR_EQ(test, first->attach->importer_priv, (void *)first);
	KUNIT_EXPECT_TRUE(test, dma_buf_attach_revocable(first->attach));
	KUNIT_EXPECT_FALSE(test, first->attach->peer2peer);

	peer->ops.allow_peer2peer = true;
	peer->ops.invalidate_mappings = NULL;
	peer->attach = dma_buf_dynamic_attach(exporter->dmabuf, peer->dev,
					      &peer->ops, peer);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, peer->attach);
	KUNIT_EXPECT_TRUE(test, peer->attach->peer2peer);
	KUNIT_EXPECT_FALSE(test, dma_buf_attach_revocable(peer->attach));

	mock_detach_importer(first);
	KUNIT_EXPECT_TRUE(test, is_listed(exporter, peer));
	mock_detach_importer(peer);
	mock_release(test, exporter);
}

static void attach_wants_a_buffer_and_a_device(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_attach(NULL, importer->dev)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_attach(ERR_PTR(-EBADF), importer->dev)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dma_buf_attach(exporter->dmabuf, NULL)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_ATTACH], 0);
	mock_release(test, exporter);
}

static void the_exporter_may_refuse_to_attach(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);
	struct dma_buf_attachment *attach;

	mock_fail(exporter, MOCK_ATTACH, 1, -EBUSY);
	attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attach), -EBUSY);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&exporter->dmabuf->attachments));
	mock_release(test, exporter);
}

static void an_exporter_needs_neither_attach_nor_detach(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	exporter->ops.attach = NULL;
	exporter->ops.detach = NULL;
	mock_export(test, exporter);
	mock_detach_importer(mock_attach_static(test, exporter));
	mock_release(test, exporter);
}

static int pin(struct mock_importer *importer)
{
	int ret;

	dma_resv_lock(importer->attach->dmabuf->resv, NULL);
	ret = dma_buf_pin(importer->attach);
	dma_resv_unlock(importer->attach->dmabuf->resv);
	return ret;
}

static void unpin(struct mock_importer *importer)
{
	dma_resv_lock(importer->attach->dmabuf->resv, NULL);
	dma_buf_unpin(importer->attach);
	dma_resv_unlock(importer->attach->dmabuf->resv);
}

static void each_pin_is_the_exporters(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *importer;

	mock_exporter_add_pin(exporter);
	mock_export(test, exporter);
	importer = mock_attach_dynamic(test, exporter);
	KUNIT_EXPECT_EQ(test, pin(importer), 0);
	KUNIT_EXPECT_EQ(test, pin(importer), 0);
	mock_fail(exporter, MOCK_PIN, 1, -ENOMEM);
	KUNIT_EXPECT_EQ(test, pin(importer), -ENOMEM);
	unpin(importer);
	unpin(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 3);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 2);
	KUNIT_EXPECT_EQ(test, dma_buf_pin(NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_pin(ERR_PTR(-ENOMEM)), -EINVAL);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 2);
	mock_release(test, exporter);
}

static void a_buffer_that_never_moves_is_pinned_by_nothing(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);

	KUNIT_EXPECT_EQ(test, pin(importer), 0);
	unpin(importer);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* More than are kept; what fell out and what is kept must both be freed. */
static void detached_attachments_are_kept_for_a_while(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);
	unsigned int i;

	mock_user_strict(test, true);
	for (i = 0; i < 200; i++) {
		importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
		mock_detach_importer(importer);
	}
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_DETACH], 200);
	dmabuf_quarantine_end();
	dmabuf_quarantine_end();
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_static_importer_attaches),
	KUNIT_CASE(a_dynamic_importer_attaches),
	KUNIT_CASE(attach_wants_a_buffer_and_a_device),
	KUNIT_CASE(the_exporter_may_refuse_to_attach),
	KUNIT_CASE(an_exporter_needs_neither_attach_nor_detach),
	KUNIT_CASE(each_pin_is_the_exporters),
	KUNIT_CASE(a_buffer_that_never_moves_is_pinned_by_nothing),
	KUNIT_CASE(detached_attachments_are_kept_for_a_while),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-attachment",
	.test_cases = cases,
};

kunit_test_suite(suite);
