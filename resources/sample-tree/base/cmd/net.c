// SPDX-License-Identifier: MIT
/* Getting a file over the network; the packets, not yet the wire. */

#include <board.h>
#include <command.h>
#include <console.h>
#include <env.h>

struct request {
	uint16_t opcode;
	char name[30];
};

static struct request request;

static int run_net(int argc, const char *const argv[])
{
	const char *file = env_get("bootfile");
	unsigned int length = 0;

	request.opcode = 1;
	while (file[length] && length < sizeof(request.name) - 1) {
		request.name[length] = file[length];
		length++;
	}
	request.name[length] = 0;
	con_puts("asking for ");
	con_puts(request.name);
	con_puts("\n");
	return 0;
}

const struct command command_net = { "net", "get a file from the network", run_net };
