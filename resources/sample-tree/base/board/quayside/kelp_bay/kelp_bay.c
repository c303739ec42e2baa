// SPDX-License-Identifier: MIT

#include <board.h>

#define SOUTH_BASE	0xfed1c000

const struct board_info board_info = {
	.model = "Quayside Kelp Bay",
	.ram_base = 0x00000000,
	.ram_size = 1024u << 20,
	.led_gpio = 4,
};

int board_init(void)
{
	reg_write(SOUTH_BASE + 0x3410, 0x20);
	return 0;
}
