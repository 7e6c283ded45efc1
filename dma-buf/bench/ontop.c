// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module dmabuf_ontop: a livepatch of one function of the core, which does what the
 * function did. For the tests of the core's live form, whose neighbour it is.
 */

#include <linux/dma-buf.h>
#include <linux/livepatch.h>
#include <linux/module.h>

static bool ontop_attach_revocable(struct dma_buf_attachment *attach)
{
	return attach->importer_ops && attach->importer_ops->invalidate_mappings;
}

static struct klp_func ontop_funcs[] = {
	{ .old_name = "dma_buf_attach_revocable", .new_func = ontop_attach_revocable },
	{}
};

static struct klp_object ontop_objects[] = {
	{ .funcs = ontop_funcs },
	{}
};

static struct klp_patch ontop_patch = {
	.mod = THIS_MODULE,
	.objs = ontop_objects,
};

static int __init ontop_init(void)
{
	return klp_enable_patch(&ontop_patch);
}
module_init(ontop_init);

static void __exit ontop_exit(void)
{
}
module_exit(ontop_exit);

MODULE_DESCRIPTION("A livepatch beside vprime's dma-buf core, for tests");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
