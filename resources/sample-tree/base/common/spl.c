// SPDX-License-Identifier: MIT
/* The first stage: wakes the board up and hands over. */

#include <board.h>
#include <console.h>

int firmware_main(void)
{
	con_puts("SPL: ");
	con_puts(board_info.model);
	con_puts("\n");
	if (board_init())
		return 1;
	reg_write(0, board_info.ram_base);
	return 0;
}
