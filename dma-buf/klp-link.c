// SPDX-License-Identifier: GPL-2.0-only
/*
 * klp-link MODULE.ko: let livepatch resolve what SECTION refers to.
 *
 * Run once a livepatch module is linked, by whoever builds it. The relocations
 * of SECTION are renamed and flagged as livepatch's own, and the symbols they
 * refer to, all named .klp.sym.vmlinux.NAME,POSITION, are marked for it: then the
 * module loader looks them up among all the kernel's symbols. The format is in
 * the kernel's Documentation/livepatch/module-elf-format.rst. A module that is
 * done already is left as it is.
 */

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/elf.h>

/* Headers older than these. */
#ifndef SHF_RELA_LIVEPATCH
#define SHF_RELA_LIVEPATCH 0x00100000
#endif
#ifndef SHN_LIVEPATCH
#define SHN_LIVEPATCH 0xff20
#endif

static char *file;
static struct elf64_shdr *sections;
static unsigned int section_count;

static const char *section_name(const struct elf64_shdr *section)
{
	const struct elf64_hdr *header = (struct elf64_hdr *)file;

	return file + sections[header->e_shstrndx].sh_offset + section->sh_name;
}

static void read_module(const char *path)
{
	const struct elf64_hdr *header;
	struct stat status;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &status))
		err(1, "%s", path);
	file = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		err(1, "%s", path);
	close(fd);

	header = (struct elf64_hdr *)file;
	if (status.st_size < (off_t)sizeof(*header) ||
	    memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64)
		errx(1, "%s: no 64-bit ELF file", path);
	sections = (struct elf64_shdr *)(file + header->e_shoff);
	section_count = header->e_shnum;
}

/* The relocations of the section called name, or NULL. */
static struct elf64_shdr *find_relocations(const char *name)
{
	unsigned int i;

	for (i = 0; i < section_count; i++)
		if (sections[i].sh_type == SHT_RELA &&
		    !strcmp(section_name(&sections[sections[i].sh_info]), name))
			return &sections[i];
	return NULL;
}

static void mark_symbols(const struct elf64_shdr *relocations)
{
	const struct elf64_rela *relocation = (struct elf64_rela *)(file + relocations->sh_offset);
	const struct elf64_shdr *table = &sections[relocations->sh_link];
	struct elf64_sym *symbols = (struct elf64_sym *)(file + table->sh_offset), *symbol;
	const char *names = file + sections[table->sh_link].sh_offset;
	size_t i, count = relocations->sh_size / sizeof(*relocation);

	for (i = 0; i < count; i++) {
		symbol = &symbols[ELF64_R_SYM(relocation[i].r_info)];
		if (strncmp(names + symbol->st_name, ".klp.sym.vmlinux.", 17))
			errx(1, "symbol %s is not livepatch's", names + symbol->st_name);
		symbol->st_shndx = SHN_LIVEPATCH;
		symbol->st_info = STB_GLOBAL << 4 | STT_NOTYPE;
	}
}

/* The file with the new name in section names that were moved to its end. */
static void write_module(const char *path, size_t length, struct elf64_shdr *relocations,
			 const char *name)
{
	struct elf64_hdr *header = (struct elf64_hdr *)file;
	struct elf64_shdr *names = &sections[header->e_shstrndx];
	const char *old = file + names->sh_offset;
	size_t old_size = names->sh_size;
	FILE *out;

	relocations->sh_name = old_size;
	names->sh_offset = length;
	names->sh_size += strlen(name) + 1;

	unlink(path);
	out = fopen(path, "w");
	if (!out || fwrite(file, length, 1, out) != 1 ||
	    fwrite(old, old_size, 1, out) != 1 ||
	    fwrite(name, strlen(name) + 1, 1, out) != 1 || fclose(out))
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct elf64_shdr *relocations;
	struct stat status;
	char name[256];

	if (argc != 3)
		errx(1, "usage: klp-link MODULE.ko SECTION");
	read_module(argv[1]);
	relocations = find_relocations(argv[2]);
	if (!relocations)
		errx(1, "%s: nothing to relocate in %s", argv[1], argv[2]);
	if (relocations->sh_flags & SHF_RELA_LIVEPATCH)
		return 0;

	mark_symbols(relocations);
	relocations->sh_flags |= SHF_RELA_LIVEPATCH | SHF_ALLOC;
	snprintf(name, sizeof(name), ".klp.rela.vmlinux.%s", argv[2]);
	if (stat(argv[1], &status))
		err(1, "%s", argv[1]);
	write_module(argv[1], status.st_size, relocations, name);
	return 0;
}
