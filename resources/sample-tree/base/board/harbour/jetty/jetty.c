// SPDX-License-Identifier: MIT

#include <board.h>
#include <console.h>

#define CLOCK_BASE	0x44e00000
#define GPIO_BASE	0x4804c000
#define GPIO_SET	0x194

const struct board_info board_info = {
	.model = "Harbour Jetty",
	.ram_base = 0x80000000,
	.ram_size = 512u << 20,
	.led_gpio = 21,
};

int board_init(void)
{
	reg_write(CLOCK_BASE + 0xac, 2);
	reg_write(GPIO_BASE + GPIO_SET, 1u << board_info.led_gpio);
	con_puts("Clock: running\n");
	return 0;
}
