// SPDX-License-Identifier: MIT

#include <board.h>

#define PIO_BASE	0xfffff600

const struct board_info board_info = {
	.model = "Tidemark Pontoon",
	.ram_base = 0x20000000,
	.ram_size = 64u << 20,
	.led_gpio = 9,
};

int board_init(void)
{
	int revision = reg_read(PIO_BASE) & 7;
	uint32_t lamp;

	reg_write(PIO_BASE, 1u << board_info.led_gpio);
	return 0;
}
