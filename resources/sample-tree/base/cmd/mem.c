// SPDX-License-Identifier: MIT

#include <board.h>
#include <command.h>
#include <console.h>

static int run_mem(int argc, const char *const argv[])
{
	const uint32_t *word = (const uint32_t *)(uintptr_t)board_info.ram_base;

	for (int i = 0; i < 16; i++) {
		if ((i & 3) == 0)
			con_puts(i ? "\n" : "");
		con_hex(word[i], 8);
		con_puts(" ");
	}
	con_puts("\n");
	return 0;
}

const struct command command_mem = { "md", "show memory", run_mem };
