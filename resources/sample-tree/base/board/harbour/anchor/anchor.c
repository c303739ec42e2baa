// SPDX-License-Identifier: MIT

#include <board.h>

#ifdef CONFIG_ARCH_RV32I
#define ANCHOR_MODEL	"Harbour Anchor (32 bits)"
#else
#define ANCHOR_MODEL	"Harbour Anchor (64 bits)"
#endif
#define TIMER_BASE	0x02000000

const struct board_info board_info = {
	.model = ANCHOR_MODEL,
	.ram_base = 0x80000000,
	.ram_size = 256u << 20,
	.led_gpio = 1,
};

int board_init(void)
{
	reg_write(TIMER_BASE + 0x4000, 0xffffffff);
	return 0;
}
