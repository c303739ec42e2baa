// SPDX-License-Identifier: MIT
/* From the first line on the console to the prompt. */

#include <board.h>
#include <command.h>
#include <console.h>
#include <env.h>

extern const char version_string[];

static const struct command *const commands[] = {
#ifdef CONFIG_CMD_MEM
	&command_mem,
#endif
#ifdef CONFIG_CMD_NET
	&command_net,
#endif
#ifdef CONFIG_CMD_SELFTEST
	&command_selftest,
#endif
	0,
};

static void show_memory(void)
{
	con_puts("RAM:   ");
	con_dec(board_info.ram_size >> 20);
	con_puts(" MiB at 0x");
	con_hex(board_info.ram_base, 8);
	con_puts("\n");
}

static void show_commands(void)
{
	for (const struct command *const *command = commands; *command; command++) {
		con_puts("  ");
		con_puts((*command)->name);
		con_puts(" - ");
		con_puts((*command)->help);
		con_puts("\n");
	}
}

static int run(const char *name)
{
	const char *const argv[] = { name };

	for (const struct command *const *command = commands; *command; command++)
		if ((*command)->name[0] == name[0])
			return (*command)->run(1, argv);
	return 0;
}

int firmware_main(void)
{
	int error;

	con_puts("\n");
	con_puts(version_string);
	con_puts("\nModel: ");
	con_puts(board_info.model);
	con_puts("\n");
	show_memory();
	error = board_init();
	if (error) {
		con_puts("Board: does not start\n");
		return error;
	}
	show_commands();
	con_puts("bootcmd=");
	con_puts(env_get("bootcmd"));
	con_puts("\n");
	return run("selftest");
}
