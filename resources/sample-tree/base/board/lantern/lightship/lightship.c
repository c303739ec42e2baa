// SPDX-License-Identifier: MIT

#include <board.h>
#include <crc32.h>

#define FUSE_BASE	0x30350400

const struct board_info board_info = {
	.model = "Lantern Lightship",
	.ram_base = 0x40000000,
	.ram_size = 1024u << 20,
	.led_gpio = 2,
};

static const uint32_t serial_seed = 0x4c534850;

int board_init(void)
{
	const uint32_t words[2] = { reg_read(FUSE_BASE), reg_read(FUSE_BASE + 16) };

	reg_write(FUSE_BASE + 32, crc32(serial_seed, words, sizeof(words)));
	return 0;
}
