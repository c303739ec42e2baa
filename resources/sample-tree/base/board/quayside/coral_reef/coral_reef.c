// SPDX-License-Identifier: MIT

#include <board.h>

#ifdef CONFIG_CORAL_LOW_MEMORY
#define CORAL_MEMORY	256u
#else
#define CORAL_MEMORY	2048u
#endif
#define SOUTH_BASE	0xfed1c000

const struct board_info board_info = {
	.model = "Quayside Coral Reef",
	.ram_base = 0x00000000,
	.ram_size = CORAL_MEMORY << 20,
	.led_gpio = 7,
};

int board_init(void)
{
	const int fitted = reg_read(SOUTH_BASE);

	reg_write(SOUTH_BASE + 4, 1u << board_info.led_gpio);
#ifdef CONFIG_CORAL_LOW_MEMORY
	if (fitted < board_info.ram_size >> 20)
		reg_write(SOUTH_BASE + 8, fitted);
#endif
	return fitted < 0;
}
