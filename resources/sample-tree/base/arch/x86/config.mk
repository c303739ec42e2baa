# SPDX-License-Identifier: MIT

start_objs := arch/x86/start.o
arch_cflags := -m32 -march=i586 -ffreestanding -fno-pic -fno-pie
arch_ldflags := -m32 -nostdlib -static -no-pie -Wl,-e,_start -Wl,-Ttext=$(CONFIG_TEXT_BASE)
