// SPDX-License-Identifier: MIT

#include <board.h>

const struct board_info board_info = {
	.model = "Sandbox",
	.ram_base = 0x00000000,
	.ram_size = 128u << 20,
	.led_gpio = 0,
};

int board_init(void)
{
	return 0;
}
