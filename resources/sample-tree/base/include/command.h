/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_H
#define COMMAND_H

/* A command of the prompt; returns 0 when it did what it was asked. */
struct command {
	const char *name;
	const char *help;
	int (*run)(int argc, const char *const argv[]);
};

extern const struct command command_mem;
extern const struct command command_net;
extern const struct command command_selftest;

#endif
