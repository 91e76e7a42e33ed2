/* check_interpreter on any bytes: no segment of what it accepts reaches out of the range that will be mapped for it. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { PAGE = 4096 };
	u8 *bytes = copy_of(data, size);
	const struct elf_header *header = (const void *)bytes;
	word alignment = PAGE;
	word end = check_interpreter(header, size, &alignment);

	if (end != NOT_EXECUTABLE) {
		const struct program_header *segment = (const void *)(bytes + header->e_phoff);
		word last = 0;
		require(end > 0 && end < (word)1 << 31 && alignment >= PAGE && alignment < (word)1 << 30);
		for (word i = 0; i < header->e_phnum; i++, segment++) {
			if (segment->p_type != PT_LOAD)
				continue;
			require(segment->p_vaddr >= last && segment->p_memsz <= end &&
			        segment->p_vaddr <= end - segment->p_memsz && segment->p_filesz <= segment->p_memsz &&
			        segment->p_align <= alignment);
			last = segment->p_vaddr + segment->p_memsz;
		}
	}
	free(bytes);
	return 0;
}
