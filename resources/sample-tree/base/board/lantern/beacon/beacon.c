// SPDX-License-Identifier: MIT

#include <board.h>

#define LAMP_BASE	0xf8034000

const struct board_info board_info = {
	.model = "Lantern Beacon",
	.ram_base = 0x20000000,
	.ram_size = 128u << 20,
	.led_gpio = 5,
};

int board_init(void)
{
#ifdef CONFIG_BEACON_V2
	reg_write(LAMP_BASE + 4, board_info.led_brightness);
#endif
	reg_write(LAMP_BASE, 1u << board_info.led_gpio);
	return 0;
}
