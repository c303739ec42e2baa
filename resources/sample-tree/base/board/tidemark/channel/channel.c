// SPDX-License-Identifier: MIT

#include <board.h>
#include <console.h>

#ifdef CONFIG_CMD_MEM
#define CHANNEL_MODEL	"Tidemark Channel"
#else
#define CHANNEL_MODEL	"Tidemark Channel Lite"
#endif
#define POWER_BASE	0x30340000

const struct board_info board_info = {
	.model = CHANNEL_MODEL,
	.ram_base = 0x40000000,
	.ram_size = 2048u << 20,
	.led_gpio = 11,
};

int board_init(void)
{
	for (uintptr_t rail = 0; rail < 6; rail++)
		reg_write(POWER_BASE + 16 * rail, 1);
	con_puts("Power: 6 rails\n");
	return 0;
}
