// SPDX-License-Identifier: MIT

#include <board.h>
#include <command.h>
#include <console.h>
#include <crc32.h>
#include <env.h>

static int run_selftest(int argc, const char *const argv[])
{
	const int wrong = crc32(0, "123456789", 9) != 0xcbf43926 || !*env_get("board");

	con_puts(wrong ? "selftest: FAILED\n" : "selftest: passed\n");
	return wrong;
}

const struct command command_selftest = { "selftest", "check the library", run_selftest };
