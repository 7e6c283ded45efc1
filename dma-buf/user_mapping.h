/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs' mappings of a buffer, so that a revoke reaches them.
 */
#ifndef DMABUF_USER_MAPPING_H
#define DMABUF_USER_MAPPING_H

struct dma_buf;
struct dmabuf_guard;
struct vm_area_struct;

/**
 * dmabuf_user_mmap - map a buffer into a program
 * @dmabuf: a buffer whose exporter has mmap
 * @vma: where to; its offset is in the buffer
 *
 * Faults, huge ones too, and accesses by ptrace fail once the buffer is revoked. A
 * mapping that the exporter moves to a file of its own is the exporter's to guard,
 * and so are all in the live form, which can't leave its functions in a program's
 * mappings.
 *
 * Return: 0, -ENODEV if the buffer was revoked, -ENOMEM, or what the exporter
 * says.
 */
int dmabuf_user_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma);

/**
 * dmabuf_user_mappings_zap - remove what programs have mapped
 * @dmabuf: a buffer that is marked as revoked
 *
 * Nothing is mapped afterwards but a page that a fault under way was given by its
 * exporter, to be mapped by the kernel; such a mapping holds its page. Sleeps.
 */
void dmabuf_user_mappings_zap(struct dma_buf *dmabuf);

/**
 * dmabuf_guard_free - free a buffer's guard
 * @guard: of a buffer that nobody maps any more, or NULL
 */
void dmabuf_guard_free(struct dmabuf_guard *guard);

#endif
