/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the two forms of the core: built into a kernel, where it
 * is the core from the start, and live, where it takes over from the stock core
 * and hands back to it, so that some buffers and attachments were made by the
 * other one.
 */
#ifndef DMABUF_FORM_H
#define DMABUF_FORM_H

#include <linux/types.h>

struct dentry_operations;
struct dma_buf;
struct dma_buf_attachment;
struct dmabuf_attach_state;
struct dmabuf_attachment;
struct dmabuf_buffer;
struct dmabuf_state;
struct file;
struct file_operations;
struct inode;
struct vfsmount;
struct work_struct;

#ifdef DMABUF_LIVE
#define DMABUF_IS_LIVE true
#else
#define DMABUF_IS_LIVE false
#endif

/**
 * dmabuf_form_buffer - memory for a buffer
 * @inode: of its file, from alloc_anon_inode() on dmabuf_form_mount()
 *
 * Return: the memory, zero up to &dmabuf_state.created, for dmabuf_form_free(), or
 * NULL. It may outlive the inode, and the inode it.
 */
struct dmabuf_buffer *dmabuf_form_buffer(struct inode *inode);

/**
 * dmabuf_form_free - free it
 * @buffer: from dmabuf_form_buffer(); in the live form, or made by the stock core
 */
void dmabuf_form_free(struct dmabuf_buffer *buffer);

/**
 * dmabuf_form_attachment - memory for an attachment
 * @dmabuf: its buffer, with a reference
 *
 * Return: the memory, all zero but perhaps &dmabuf_attach_state.spare, for
 * dmabuf_form_free_attachment(), or NULL.
 */
struct dmabuf_attachment *dmabuf_form_attachment(struct dma_buf *dmabuf);

/**
 * dmabuf_form_free_attachment - free it
 * @attach: the attachment, off its buffer's list; the buffer is still there, or
 *	the attachment is no spare. In the live form, or made by the stock core
 */
void dmabuf_form_free_attachment(struct dma_buf_attachment *attach);

/**
 * dmabuf_has_file - is there a file behind this buffer?
 * @dmabuf: the buffer
 *
 * Return: false if it was released and is kept for those who are still attached.
 */
#define dmabuf_has_file(dmabuf) \
	((dmabuf)->file && (dmabuf)->file != dmabuf_form_no_file())

#ifdef DMABUF_LIVE
/**
 * dmabuf_form_no_file - what a buffer has in the place of a file it lost
 *
 * Return: NULL, or in the live form a file that is nobody's: the stock core's trace
 * event of a detach looks at its inode.
 */
struct file *dmabuf_form_no_file(void);

/**
 * dmabuf_form_queue - have a worker do something
 * @work: what; it may wait. In the live form the module stays until it is done
 */
void dmabuf_form_queue(struct work_struct *work);

/**
 * dmabuf_form_mount - where the files of buffers live
 *
 * Return: the pseudo file system's only mount, for as long as the core is there.
 */
struct vfsmount *dmabuf_form_mount(void);

/**
 * dmabuf_form_first_ino - before the number of the first buffer
 *
 * Return: a number such that those above it were given to no buffer that lives.
 */
u64 dmabuf_form_first_ino(void);

/**
 * dmabuf_form_fops - the operations by which a buffer's file is known
 *
 * Return: what &file.f_op of every buffer's file points to, in both forms the
 * same for all buffers.
 */
const struct file_operations *dmabuf_form_fops(void);

/**
 * dmabuf_state - what the core keeps of a buffer
 * @dmabuf: the buffer, with a reference
 *
 * Return: the state, valid as long as @dmabuf is, or NULL while the core is
 * being put in or taken out: then nothing is counted and nothing is checked.
 */
struct dmabuf_state *dmabuf_state(struct dma_buf *dmabuf);

/**
 * dmabuf_own_state - the state of a buffer whose whole life is known
 * @dmabuf: the buffer, with a reference or attached to
 *
 * Return: as dmabuf_state(), but NULL if it was made by the stock core, or before
 * this core was put in: that one frees a buffer without asking who is attached.
 */
struct dmabuf_state *dmabuf_own_state(struct dma_buf *dmabuf);

/**
 * dmabuf_attach_state - what the core keeps of an attachment
 * @attach: the attachment, not detached
 *
 * Return: the state, valid as long as @attach is, or NULL as in dmabuf_state().
 */
struct dmabuf_attach_state *dmabuf_attach_state(struct dma_buf_attachment *attach);

/**
 * dmabuf_form_attached - remember where the state of a new attachment is
 * @attach: an attachment of this core that came on its buffer's list just now;
 *	the reservation lock is still held. Without memory it has no state
 */
void dmabuf_form_attached(struct dma_buf_attachment *attach);

/**
 * dmabuf_form_exported - remember where the state of a new buffer is
 * @dmabuf: a buffer of this core that was put in the registry just now. Without
 *	memory it has no state
 */
void dmabuf_form_exported(struct dma_buf *dmabuf);

/**
 * dmabuf_form_released - free what a buffer of the stock core was given
 * @dmabuf: the buffer, without references
 */
void dmabuf_form_released(struct dma_buf *dmabuf);

/**
 * dmabuf_form_poll - poll a buffer that has no state
 * @dmabuf: the buffer; its reservation lock is held
 * @events: EPOLLIN, EPOLLOUT, or both
 *
 * Return: as dmabuf_poll().
 */
__poll_t dmabuf_form_poll(struct dma_buf *dmabuf, __poll_t events);
#else
#include <linux/workqueue.h>

#include "state.h"

static inline struct file *dmabuf_form_no_file(void)
{
	return NULL;
}

static inline void dmabuf_form_queue(struct work_struct *work)
{
	queue_work(system_dfl_long_wq, work);
}

/** dmabuf_builtin_mount - where the files of buffers live */
extern struct vfsmount *dmabuf_builtin_mount;

/** dmabuf_builtin_fops - of every buffer's file */
extern const struct file_operations dmabuf_builtin_fops;

static inline struct vfsmount *dmabuf_form_mount(void)
{
	return dmabuf_builtin_mount;
}

static inline u64 dmabuf_form_first_ino(void)
{
	return 0;
}

static inline const struct file_operations *dmabuf_form_fops(void)
{
	return &dmabuf_builtin_fops;
}

static inline struct dmabuf_state *dmabuf_state(struct dma_buf *dmabuf)
{
	return &container_of(dmabuf, struct dmabuf_buffer, base)->state;
}

static inline struct dmabuf_state *dmabuf_own_state(struct dma_buf *dmabuf)
{
	return dmabuf_state(dmabuf);
}

static inline struct dmabuf_attach_state *
dmabuf_attach_state(struct dma_buf_attachment *attach)
{
	return &container_of(attach, struct dmabuf_attachment, base)->state;
}

static inline void dmabuf_form_attached(struct dma_buf_attachment *attach)
{
}

static inline void dmabuf_form_exported(struct dma_buf *dmabuf)
{
}

static inline void dmabuf_form_released(struct dma_buf *dmabuf)
{
}

static inline __poll_t dmabuf_form_poll(struct dma_buf *dmabuf, __poll_t events)
{
	return 0;
}
#endif

#endif
