// SPDX-License-Identifier: MIT

#include <board.h>
#include <console.h>

#define MEMORY_BASE	0x3d400000

const struct board_info board_info = {
	.model = "Northsea Rig",
	.ram_base = 0x40000000,
	.ram_size = 4095u << 20,
	.led_gpio = 30,
	.led_active_low = 1,
};

int board_init(void)
{
	/* The controller answers once it has trained all lanes. */
	reg_write(MEMORY_BASE, 1);
	con_puts("Lanes: ");
	con_dec(reg_read(MEMORY_BASE + 4) & 15);
	con_puts("\n");
	return 0;
}
