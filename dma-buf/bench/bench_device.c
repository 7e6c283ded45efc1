// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module dmabuf_bench: /dev/dmabuf_bench, through which tools/dmabuf-bench
 * measures the dma-buf core that runs, ours or the stock one. For the lab, and
 * for root only. What is exported is bench_exporter.c's, what is timed
 * bench_loops.c's, what is done wrong on purpose bench_misuse.c's, what devices write
 * bench_transfer.c's.
 */

#include <linux/capability.h>
#include <linux/device/faux.h>
#include <linux/dma-mapping.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/uaccess.h>

#include "bench_exporter.h"
#include "bench_loops.h"
#include "bench_misuse.h"
#include "bench_transfer.h"
#include "dmabuf_bench.h"

static char *importer;
module_param(importer, charp, 0444);
MODULE_PARM_DESC(importer, "PCI device to map buffers for, such as 0000:00:01.0");

/* The one that buffers are mapped for: a PCI device, or one of our own. */
static struct device *importing;
static struct faux_device *own;

static int bench_open(struct inode *inode, struct file *file)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	file->private_data = bench_transfers_begin();
	return file->private_data ? 0 : -ENOMEM;
}

static int bench_release(struct inode *inode, struct file *file)
{
	bench_transfers_end(file->private_data);
	return 0;
}

/* Without the copy back the fd is lost to the program, but not to its table. */
static long export(void __user *user)
{
	struct dmabuf_bench_export arg;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.pad || !arg.pages || arg.pages > DMABUF_BENCH_PAGES ||
	    arg.flags & ~(DMABUF_BENCH_CLOEXEC | DMABUF_BENCH_MOVABLE))
		return -EINVAL;
	arg.fd = bench_export(arg.pages, arg.flags & DMABUF_BENCH_MOVABLE,
			      arg.flags & DMABUF_BENCH_CLOEXEC ? O_CLOEXEC : 0);
	if (arg.fd < 0)
		return arg.fd;
	return copy_to_user(user, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static long loop(void __user *user)
{
	struct dmabuf_bench_loop arg;
	int ret;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	ret = bench_loop(&arg, importing);
	if (ret)
		return ret;
	return copy_to_user(user, &arg, sizeof(arg)) ? -EFAULT : 0;
}

static long misuse(const void __user *user)
{
	struct dmabuf_bench_misuse arg;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	return bench_misuse(&arg, importing);
}

static long transfer(struct file *file, void __user *user)
{
	struct dmabuf_bench_transfer arg;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	return bench_transfer(file->private_data, &arg);
}

static long bench_ioctl(struct file *file, unsigned int command,
			unsigned long argument)
{
	switch (command) {
	case DMABUF_BENCH_EXPORT:
		return export((void __user *)argument);
	case DMABUF_BENCH_LOOP:
		return loop((void __user *)argument);
	case DMABUF_BENCH_MISUSE:
		return misuse((void __user *)argument);
	case DMABUF_BENCH_TRANSFER:
		return transfer(file, (void __user *)argument);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = bench_open,
	.release = bench_release,
	.unlocked_ioctl = bench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dmabuf_bench",
	.fops = &fops,
	.mode = 0600,
};

static void drop_importer(void)
{
	if (own)
		faux_device_destroy(own);
	else
		put_device(importing);
}

static int find_importer(void)
{
	if (importer) {
		importing = bus_find_device_by_name(&pci_bus_type, NULL,
						    importer);
		return importing ? 0 : -ENODEV;
	}
	own = faux_device_create("dmabuf_bench", NULL, NULL);
	if (!own)
		return -ENODEV;
	importing = &own->dev;
	return dma_coerce_mask_and_coherent(importing, DMA_BIT_MASK(64));
}

static int __init bench_init(void)
{
	int ret = bench_exporter_init();

	if (ret)
		return ret;
	ret = find_importer();
	if (ret)
		goto drop_importer;
	ret = bench_transfer_init();
	if (ret)
		goto drop_importer;
	ret = misc_register(&device);
	if (ret)
		goto end_transfers;
	return 0;

end_transfers:
	bench_transfer_exit();
drop_importer:
	drop_importer();
	bench_exporter_exit();
	return ret;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	misc_deregister(&device);
	bench_misuse_exit();
	bench_transfer_exit();
	drop_importer();
	bench_exporter_exit();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Measures the dma-buf core");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("DMA_BUF");
