// SPDX-License-Identifier: MIT

#include <board.h>
#include <env.h>

#define TEXT(x) #x
#define VALUE(x) TEXT(x)

const char default_environment[] =
	"bootcmd=" CONFIG_BOOTCOMMAND "\0"
	"bootdelay=" VALUE(CONFIG_BOOTDELAY) "\0"
	"board=" CONFIG_SYS_BOARD "\0"
#ifdef CFG_EXTRA_ENV
	CFG_EXTRA_ENV
#endif
	"\0";

/* The text after NAME= where entry is that variable, else a null pointer. */
static const char *value_of(const char *entry, const char *name)
{
	while (*name && *entry == *name) {
		entry++;
		name++;
	}
	return *name == 0 && *entry == '=' ? entry + 1 : 0;
}

const char *env_get(const char *name)
{
	const char *entry = default_environment;

	while (*entry) {
		const char *value = value_of(entry, name);

		if (value)
			return value;
		while (*entry++)
			;
	}
	return "";
}
