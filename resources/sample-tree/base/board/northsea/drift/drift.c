// SPDX-License-Identifier: MIT

#include <board.h>

#define PLL_BASE	0x10000000

#ifdef CONFIG_RISCV
static int drift_pll_lock(void)
{
	reg_write(PLL_BASE + 4, 0x82110dc0);
	return (reg_read(PLL_BASE + 4) >> 31) ^ 1;
}
#else
int drift_pll_lock(void);
#endif

const struct board_info board_info = {
	.model = "Northsea Drift",
	.ram_base = 0x80000000,
	.ram_size = 1024u << 20,
	.led_gpio = 6,
};

int board_init(void)
{
	return drift_pll_lock();
}
