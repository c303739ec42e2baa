// SPDX-License-Identifier: MIT

#include <board.h>

#define PIO_BASE	0xfffff400
#define PIO_ENABLE	0x00
#define PIO_OUTPUT	0x10

const struct board_info board_info = {
	.model = "Tidemark Buoy",
	.ram_base = 0x20000000,
	.ram_size = 64u << 20,
	.led_gpio = 17,
};

int board_init(void)
{
	reg_write(PIO_BASE + PIO_ENABLE, 1u << board_info.led_gpio);
	reg_write(PIO_BASE + PIO_OUTPUT, 1u << board_info.led_gpio);
	return 0;
}
