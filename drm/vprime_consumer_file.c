// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of a screen consumer: who may open one, and its calls. Holding the
 * descriptor is the permission; it leads to one CRTC's screen and to nothing
 * else of the device.
 */

#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include <drm/drm_auth.h>
#include <drm/drm_crtc.h>
#include <drm/drm_print.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_feed.h"

static int vprime_consumer_file_acquire(struct file *file, void __user *user)
{
	struct drm_vprime_consumer_acquire args = {};

	if (copy_from_user(&args, user,
			   offsetofend(typeof(args), in_flags)))
		return -EFAULT;

	return vprime_consumer_acquire(file->private_data, &args, user,
				       file->f_flags & O_NONBLOCK);
}

static int vprime_consumer_file_release(struct file *file, void __user *user)
{
	struct drm_vprime_consumer_release args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.pad || args.fence_fd < -1)
		return -EINVAL;

	return vprime_consumer_release(file->private_data, args.id,
				       args.fence_fd);
}

static int vprime_consumer_file_eventfd(struct file *file, void __user *user)
{
	struct vprime_consumer *consumer = file->private_data;
	struct drm_vprime_consumer_eventfd args;
	struct eventfd_ctx *ctx = NULL;
	unsigned long flags;
	bool there;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.pad || args.fd < -1)
		return -EINVAL;
	if (args.fd != -1) {
		ctx = eventfd_ctx_fdget(args.fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	mutex_lock(&consumer->eventfd_lock);
	flags = vprime_feed_lock(consumer->feed);
	swap(ctx, consumer->eventfd);
	there = vprime_consumer_next_locked(consumer);
	vprime_feed_unlock(consumer->feed, flags);
	/* What is there already is not to be waited for in vain. */
	if (consumer->eventfd && there)
		eventfd_signal(consumer->eventfd);
	mutex_unlock(&consumer->eventfd_lock);

	if (ctx)
		eventfd_ctx_put(ctx);

	return 0;
}

static long vprime_consumer_file_ioctl(struct file *file, unsigned int cmd,
				       unsigned long arg)
{
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE:
		return vprime_consumer_file_acquire(file, user);
	case DRM_IOCTL_VPRIME_CONSUMER_RELEASE:
		return vprime_consumer_file_release(file, user);
	case DRM_IOCTL_VPRIME_CONSUMER_EVENTFD:
		return vprime_consumer_file_eventfd(file, user);
	default:
		return -ENOTTY;
	}
}

static __poll_t vprime_consumer_file_poll(struct file *file,
					  struct poll_table_struct *table)
{
	struct vprime_consumer *consumer = file->private_data;
	struct vprime_feed *feed = consumer->feed;
	unsigned long flags;
	__poll_t events = 0;

	poll_wait(file, &consumer->wait, table);

	flags = vprime_feed_lock(feed);
	if (vprime_consumer_is_gone_locked(consumer))
		events = EPOLLHUP | EPOLLERR;
	else if (vprime_consumer_next_locked(consumer) ||
		 consumer->told_on != vprime_consumer_is_on_locked(consumer))
		events = EPOLLIN | EPOLLRDNORM;
	vprime_feed_unlock(feed, flags);

	return events;
}

static void vprime_consumer_file_fdinfo(struct seq_file *m, struct file *file)
{
	struct vprime_consumer *consumer = file->private_data;
	unsigned int i, count[4] = {};
	u64 dropped, expired;
	unsigned long flags;

	flags = vprime_feed_lock(consumer->feed);
	for (i = 0; i < consumer->n_slots; i++)
		count[consumer->slots[i].state]++;
	dropped = consumer->dropped;
	expired = consumer->expired;
	vprime_feed_unlock(consumer->feed, flags);

	seq_printf(m, "crtc:\t%u\n", consumer->feed->vcrtc->base.base.id);
	seq_printf(m, "policy:\t%s\n",
		   consumer->policy == VPRIME_CONSUMER_QUEUE ? "queue" :
							       "latest");
	seq_printf(m, "deadline-ms:\t%u\n",
		   jiffies_to_msecs(consumer->deadline));
	seq_printf(m, "queued:\t%u\n", count[VPRIME_DELIVERY_QUEUED]);
	seq_printf(m, "acquired:\t%u\n", count[VPRIME_DELIVERY_ACQUIRED]);
	seq_printf(m, "releasing:\t%u\n", count[VPRIME_DELIVERY_RELEASING]);
	seq_printf(m, "dropped:\t%llu\n", dropped);
	seq_printf(m, "expired:\t%llu\n", expired);
}

static int vprime_consumer_file_close(struct inode *inode, struct file *file)
{
	vprime_consumer_close(file->private_data);

	return 0;
}

static const struct file_operations vprime_consumer_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vprime_consumer_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = vprime_consumer_file_poll,
	.release = vprime_consumer_file_close,
	.show_fdinfo = vprime_consumer_file_fdinfo,
	.llseek = noop_llseek,
};

static int vprime_consumer_check(const struct drm_vprime_consumer_open *args)
{
	const u32 known = VPRIME_CONSUMER_CLOEXEC | VPRIME_CONSUMER_NONBLOCK |
			  VPRIME_CONSUMER_CURSOR_SEPARATE |
			  VPRIME_CONSUMER_YUV | VPRIME_CONSUMER_COMPOSED;

	if (args->flags & ~known || args->pad)
		return -EINVAL;
	if (!args->deadline_ms ||
	    args->deadline_ms > VPRIME_CONSUMER_MAX_DEADLINE_MS)
		return -EINVAL;

	switch (args->policy) {
	case VPRIME_CONSUMER_LATEST:
		return args->queue ? -EINVAL : 0;
	case VPRIME_CONSUMER_QUEUE:
		return !args->queue ||
				       args->queue > VPRIME_CONSUMER_MAX_QUEUE ?
			       -EINVAL :
			       0;
	default:
		return -EINVAL;
	}
}

static struct file *
vprime_consumer_file_create(struct drm_device *dev, struct drm_crtc *crtc,
			    struct drm_master *master,
			    const struct drm_vprime_consumer_open *args)
{
	struct vprime_consumer *consumer;
	int flags = O_RDWR;
	struct file *file;

	consumer = vprime_consumer_create(dev, &to_vprime_crtc(crtc)->feed,
					  master, args);
	if (IS_ERR(consumer))
		return ERR_CAST(consumer);

	if (args->flags & VPRIME_CONSUMER_NONBLOCK)
		flags |= O_NONBLOCK;
	file = anon_inode_getfile("[vprime-consumer]", &vprime_consumer_fops,
				  consumer, flags);
	if (IS_ERR(file))
		vprime_consumer_close(consumer);

	return file;
}

static int vprime_consumer_open(struct drm_device *dev, struct drm_file *file,
				struct drm_master *master,
				struct drm_vprime_consumer_open *args)
{
	struct drm_crtc *crtc;
	struct file *opened;
	int fd;

	if (vprime_consumer_check(args))
		return -EINVAL;
	crtc = drm_crtc_find(dev, file, args->crtc_id);
	if (!crtc)
		return -ENOENT;

	fd = get_unused_fd_flags(args->flags & VPRIME_CONSUMER_CLOEXEC ?
					 O_CLOEXEC :
					 0);
	if (fd < 0)
		return fd;
	opened = vprime_consumer_file_create(dev, crtc, master, args);
	if (IS_ERR(opened)) {
		put_unused_fd(fd);
		return PTR_ERR(opened);
	}
	args->fd = fd;
	fd_install(fd, opened);

	return 0;
}

/**
 * vprime_consumer_open_ioctl - DRM_IOCTL_VPRIME_CONSUMER_OPEN
 * @dev: device
 * @data: struct drm_vprime_consumer_open
 * @file: whose call it is
 *
 * Return: 0; -EACCES for who is neither master nor CAP_SYS_ADMIN; -EINVAL;
 * -ENOENT for what is no CRTC of the caller's; -ENOSPC if the master has as many
 * consumers as it may; -EMFILE; -ENOMEM; -ENODEV.
 */
int vprime_consumer_open_ioctl(struct drm_device *dev, void *data,
			       struct drm_file *file)
{
	struct drm_master *master;
	int ret;

	/* What is on a screen is private: its master's, or the administrator's. */
	if (capable(CAP_SYS_ADMIN))
		return vprime_consumer_open(dev, file, NULL, data);
	if (!drm_is_current_master(file))
		return -EACCES;

	master = drm_file_get_master(file);
	if (!master)
		return -EACCES;
	ret = vprime_consumer_open(dev, file, master, data);
	drm_master_put(&master);

	return ret;
}
