/* SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>
#include <stddef.h>
#include <generated/config.h>

/* What a board tells about itself. */
struct board_info {
	const char *model;
	uint32_t ram_base;
	uint32_t ram_size;
	uint8_t led_gpio;
	uint8_t led_active_low;
};

extern const struct board_info board_info;

/* Called once the console works. Returns 0, or what is wrong. */
int board_init(void);

/* Of the architecture: one character out, and the end. */
void arch_putc(char c);
void arch_stop(int code) __attribute__((noreturn));

/* Of the serial driver, where there is one. */
void serial_putc(char c);

#ifdef CONFIG_SANDBOX
/* One register of the chip that is played. */
void reg_write(uintptr_t address, uint32_t value);
uint32_t reg_read(uintptr_t address);
#else
/* One register of the chip. */
static inline void reg_write(uintptr_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static inline uint32_t reg_read(uintptr_t address)
{
	return *(volatile uint32_t *)address;
}
#endif

#endif
