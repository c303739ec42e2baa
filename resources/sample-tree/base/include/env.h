/* SPDX-License-Identifier: MIT */
#ifndef ENV_H
#define ENV_H

/* NAME=value strings, one after the other; an empty one ends them. */
extern const char default_environment[];

const char *env_get(const char *name);

#endif
