// SPDX-License-Identifier: MIT

#include <board.h>

#define CLOCK_BASE	0x30380000

#warning "the clocks of the Platform are still those of the Rig"

const struct board_info board_info = {
	.model = "Northsea Platform",
	.ram_base = 0x40000000,
	.ram_size = 2048u << 20,
	.led_gpio = 14,
};

int board_init(void)
{
	reg_write(CLOCK_BASE + 0x8000, 0x11000000);
	return 0;
}
