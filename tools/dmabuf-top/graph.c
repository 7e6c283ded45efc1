// SPDX-License-Identifier: MIT
/*
 * Buffers as a graph for Graphviz: exporters on the left, importing devices on the
 * right, buffers between. A bold edge is a mapping in use.
 */
#include "graph.h"

#include <stdlib.h>

#include "order.h"
#include "text.h"

/* A node for each text; same text, same node. */
static void put_id(FILE *file, const char *kind, const char *text)
{
	fprintf(file, "\"%s ", kind);
	text_dot(file, text);
	putc('"', file);
}

static void put_node(FILE *file, const char *kind, const char *text, const char *shape)
{
	putc('\t', file);
	put_id(file, kind, text);
	fputs(" [label=\"", file);
	text_dot(file, text);
	fprintf(file, "\", shape=%s];\n", shape);
}

static void put_attachment(FILE *file, const struct buffer *buffer,
			   const struct attachment *attachment)
{
	put_node(file, "importer", attachment->device, "box");
	fprintf(file, "\tbuffer%llu -> ", (unsigned long long)buffer->inode);
	put_id(file, "importer", attachment->device);
	if (attachment->counted)
		fprintf(file, " [label=\"%u maps\"%s]", attachment->maps,
			attachment->maps ? ", style=bold" : "");
	fputs(";\n", file);
}

static void put_buffer(FILE *file, const struct buffer *buffer)
{
	const unsigned long long inode = buffer->inode;
	char size[16];

	put_node(file, "exporter", buffer->exporter, "house");
	fprintf(file, "\tbuffer%llu [label=\"%llu\\n", inode, inode);
	if (*buffer->name) {
		text_dot(file, buffer->name);
		fputs("\\n", file);
	}
	fprintf(file, "%s\", shape=ellipse%s];\n\t",
		text_size(buffer->size, size, sizeof(size)),
		buffer->revoked ? ", style=dotted" : "");
	put_id(file, "exporter", buffer->exporter);
	fprintf(file, " -> buffer%llu;\n", inode);
	for (size_t i = 0; i < buffer->num_attachments; i++)
		put_attachment(file, buffer, &buffer->attachments[i]);
}

void graph_print(FILE *file, const struct snapshot *snapshot)
{
	const struct buffer **sorted = order_sort(snapshot, ORDER_INODE, false);

	fputs("digraph dmabufs {\n\trankdir=LR;\n", file);
	for (size_t i = 0; i < snapshot->num_buffers; i++)
		put_buffer(file, sorted[i]);
	fputs("}\n", file);
	free(sorted);
}
