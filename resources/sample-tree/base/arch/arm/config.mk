# SPDX-License-Identifier: MIT

start_objs := arch/arm/start.o
ifdef CONFIG_ARM64
arch_cflags := -march=armv8-a -mgeneral-regs-only
else ifdef CONFIG_CPU_V7
arch_cflags := -march=armv7-a -marm -mfloat-abi=soft
else
arch_cflags := -march=armv5te -marm -mfloat-abi=soft
endif
arch_cflags += -ffreestanding -fno-pic -fno-pie
arch_ldflags := -nostdlib -static -no-pie -Wl,-e,_start -Wl,-Ttext=$(CONFIG_TEXT_BASE)
