// SPDX-License-Identifier: MIT

#include <board.h>

#define WATCHDOG_BASE	0x44e35000
#define WATCHDOG_STOP	0x48

const struct board_info board_info = {
	.model = "Harbour Mooring",
	.ram_base = 0x80000000,
	.ram_size = 256u << 20,
	.led_gpio = 3,
	.led_active_low = 1,
};

int board_init(void)
{
	reg_write(WATCHDOG_BASE + WATCHDOG_STOP, 0xaaaa);
	reg_write(WATCHDOG_BASE + WATCHDOG_STOP, 0x5555);
	return 0;
}
