// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's native buffers in debugfs: vprime_buffers lists them, and what is
 * written to vprime_move moves them, so that importers can be tested: the inode
 * of a dma-buf, as fstat() tells it, or "all".
 */

#include <linux/debugfs.h>
#include <linux/dma-resv.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_file.h>

#include "vprime_drv.h"
#include "vprime_gem.h"
#include "vprime_gem_debugfs.h"
#include "vprime_move.h"
#include "vprime_pages.h"

/* The one after @last on the list, with a reference; takes that of @last. */
static struct vprime_gem *vprime_gem_debugfs_next(struct vprime_device *vdev,
						  struct vprime_gem *last)
{
	struct vprime_gem *gem = NULL;

	mutex_lock(&vdev->gem.lock);
	gem = list_prepare_entry(last, &vdev->gem.objects, link);
	list_for_each_entry_continue(gem, &vdev->gem.objects, link)
		if (kref_get_unless_zero(&gem->base.base.refcount))
			goto out_unlock;
	gem = NULL;
out_unlock:
	mutex_unlock(&vdev->gem.lock);
	if (last)
		drm_gem_object_put(&last->base.base);

	return gem;
}

static int vprime_gem_buffers_show(struct seq_file *seq, void *unused)
{
	struct vprime_device *vdev = seq->private;
	struct vprime_gem *gem = NULL;

	seq_puts(seq, "size\tpieces\tusers\tpins\tmoves\tinode\n");
	while ((gem = vprime_gem_debugfs_next(vdev, gem))) {
		struct drm_gem_object *obj = &gem->base.base;
		unsigned int pieces = 0;

		dma_resv_lock(obj->resv, NULL);
		if (gem->pages)
			pieces = vprime_pages_segments(gem->pages, obj->size);
		seq_printf(seq, "%zu\t%u\t%u\t%u\t%u\t%llu\n", obj->size,
			   pieces, gem->users, gem->pins, gem->moves,
			   gem->inode);
		dma_resv_unlock(obj->resv);
	}

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vprime_gem_buffers);

static bool vprime_gem_debugfs_matches(struct vprime_gem *gem, u64 inode)
{
	bool matches;

	if (!inode)
		return true;

	dma_resv_lock(gem->base.base.resv, NULL);
	matches = gem->inode == inode;
	dma_resv_unlock(gem->base.base.resv);

	return matches;
}

/* @inode 0: all of them; the first error is told, the others are moved. */
static int vprime_gem_debugfs_move(struct vprime_device *vdev, u64 inode)
{
	int ret = inode ? -ENOENT : 0, error = 0;
	struct vprime_gem *gem = NULL;

	while ((gem = vprime_gem_debugfs_next(vdev, gem))) {
		if (!vprime_gem_debugfs_matches(gem, inode))
			continue;
		ret = vprime_move(gem);
		if (ret && !error)
			error = ret;
	}

	return error ?: ret;
}

static ssize_t vprime_gem_move_write(struct file *file, const char __user *user,
				     size_t count, loff_t *pos)
{
	struct vprime_device *vdev = file->private_data;
	u64 inode = 0;
	char text[32] = "";
	int ret;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, user, count))
		return -EFAULT;
	if (!sysfs_streq(text, "all")) {
		ret = kstrtou64(text, 0, &inode);
		if (ret)
			return ret;
		if (!inode)
			return -EINVAL;
	}

	ret = vprime_gem_debugfs_move(vdev, inode);

	return ret ?: count;
}

static const struct file_operations vprime_gem_move_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = vprime_gem_move_write,
};

/**
 * vprime_gem_debugfs_init - &drm_driver.debugfs_init
 * @minor: the device's node; its debugfs files go with it
 */
void vprime_gem_debugfs_init(struct drm_minor *minor)
{
	struct vprime_device *vdev = to_vprime_device(minor->dev);
	struct dentry *root = minor->dev->debugfs_root;

	if (minor->type != DRM_MINOR_PRIMARY)
		return;

	debugfs_create_file("vprime_buffers", 0400, root, vdev,
			    &vprime_gem_buffers_fops);
	debugfs_create_file("vprime_move", 0200, root, vdev,
			    &vprime_gem_move_fops);
}
