# SPDX-License-Identifier: MIT
#
# usage: awk -v tree=DIR -v mode=config|savedefconfig -f conf.awk SETTINGS...
#
# Evaluates the Kconfig files of the tree (the part of the language that they
# use: config, choice, menu, if, source, depends on, default, select, help;
# types bool, string, hex and int) with the given settings, and writes .config,
# include/config/auto.conf, include/autoconf.mk and include/generated/autoconf.h.
#
# Every property keeps the condition it stands under. Values are computed over
# and over until none changes, which settles selects and forward references.

BEGIN {
	for (i = 1; i < ARGC; i++) read_settings(ARGV[i])
	ARGC = 1
	read_kconfig("Kconfig")
	for (round = 0; round < 30; round++) if (!evaluate_all()) break
	if (mode == "savedefconfig") save_defconfig()
	else write_config()
}

function die(text) { printf "conf.awk: %s\n", text >"/dev/stderr"; failed = 1; exit 1 }

# ---- What was asked for

function read_settings(file,    line, name, at, got) {
	while ((got = (getline line <file)) > 0) {
		if (line ~ /^CONFIG_[A-Za-z0-9_]+=/) {
			at = index(line, "=")
			name = substr(line, 8, at - 8)
			asked[name] = unquote(substr(line, at + 1))
		} else if (line ~ /^# CONFIG_[A-Za-z0-9_]+ is not set/) {
			name = line
			sub(/^# CONFIG_/, "", name)
			sub(/ .*/, "", name)
			asked[name] = "n"
		} else continue
		asked_at[name] = ++asked_count
	}
	if (got < 0) die("cannot read " file)
	close(file)
}

function unquote(text) {
	if (text !~ /^".*"$/) return text
	text = substr(text, 2, length(text) - 2)
	gsub(/\\"/, "\"", text)
	return text
}

# ---- The language

function both(a, b) { return a == "" ? b : b == "" ? a : "(" a ") && (" b ")" }

function read_kconfig(path,    line, indent, word, rest, symbol, in_help, help_indent, here, got) {
	while ((got = (getline line <(tree "/" path))) > 0) {
		here++
		match(line, /^[ \t]*/)
		indent = RLENGTH
		if (line ~ /^[ \t]*(#|$)/) continue
		if (in_help) {
			if (!help_indent) help_indent = indent
			if (indent >= help_indent && indent > 0) continue
			in_help = 0
		}
		sub(/^[ \t]+/, "", line)
		word = line
		sub(/[ \t].*/, "", word)
		rest = substr(line, length(word) + 1)
		sub(/^[ \t]+/, "", rest)

		if (word == "config") { symbol = rest; open_symbol(symbol) }
		else if (word == "choice") { symbol = ""; choice = "choice" ++choices; under[choice] = conditions() }
		else if (word == "endchoice") choice = ""
		else if (word == "if") { depth++; stack[depth] = rest; symbol = "" }
		else if (word == "menu") { depth++; stack[depth] = ""; symbol = "" }
		else if (word == "endif" || word == "endmenu") { depth--; symbol = "" }
		else if (word == "source") { symbol = ""; read_kconfig(unquote(rest)) }
		else if (word == "help") { in_help = 1; help_indent = 0 }
		else if (word == "mainmenu") title = unquote(rest)
		else if (word == "comment") symbol = ""
		else if (word ~ /^(bool|string|hex|int)$/) { type[symbol] = word; if (rest != "") prompt(symbol) }
		else if (word == "prompt") prompt(symbol)
		else if (word == "depends") { sub(/^on[ \t]+/, "", rest); depend(symbol, rest) }
		else if (word == "default") add_default(symbol, rest)
		else if (word == "select") add_select(symbol, rest)
		else die(path ":" here ": unknown keyword \"" word "\"")
	}
	if (got < 0) die("cannot read " path)
	close(tree "/" path)
}

function conditions(    i, all) {
	all = ""
	for (i = 1; i <= depth; i++) all = both(all, stack[i])
	return all
}

# A symbol may be defined in several places; each place has its own conditions.
function open_symbol(name) {
	if (!(name in seen)) { seen[name] = 1; symbols[++symbol_count] = name; places[name] = 0 }
	place = ++places[name]
	under[name, place] = conditions()
	if (choice != "") {
		under[name, place] = both(under[choice], under[name, place])
		choice_of[name] = choice
		members[choice] = members[choice] " " name
	}
}

function prompt(name) { if (name != "") prompted[name, place] = 1; }

function depend(name, condition) {
	if (name == "") under[choice] = both(under[choice], condition)
	else under[name, place] = both(under[name, place], condition)
}

function split_if(text,    at) {
	condition = ""
	at = match(text, /[ \t]if[ \t]/)
	if (!at) return text
	condition = substr(text, at + 4)
	text = substr(text, 1, at - 1)
	sub(/[ \t]+$/, "", text)
	return text
}

function add_default(name, text,    n) {
	text = split_if(text)
	if (name == "") { choice_default[choice] = text; return }
	n = ++defaults[name]
	default_value[name, n] = text
	default_if[name, n] = condition
	default_place[name, n] = place
}

function add_select(name, text,    n) {
	text = split_if(text)
	n = ++selects[text]
	selector[text, n] = name
	select_if[text, n] = condition
}

# ---- Expressions: ||, &&, !, =, !=, brackets, symbols, quoted text

function holds(text) {
	if (text == "") return 1
	if (!(text in tokens_of)) tokens_of[text] = tokenise(text)
	token_count = split(tokens_of[text], tokens, "\001")
	token_at = 1
	return either()
}

function tokenise(text,    out, piece) {
	out = ""
	while (match(text, /^[ \t]*(&&|\|\||!=|=|!|\(|\)|"[^"]*"|[A-Za-z0-9_]+)/)) {
		piece = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		sub(/^[ \t]+/, "", piece)
		out = out (out == "" ? "" : "\001") piece
	}
	return out
}

function either(    result) {
	result = all_of()
	while (tokens[token_at] == "||") { token_at++; if (all_of()) result = 1 }
	return result
}

function all_of(    result) {
	result = single()
	while (tokens[token_at] == "&&") { token_at++; if (!single()) result = 0 }
	return result
}

function single(    result, left, sign) {
	if (tokens[token_at] == "!") { token_at++; return !single() }
	if (tokens[token_at] == "(") { token_at++; result = either(); token_at++; return result }
	left = operand(tokens[token_at++])
	sign = tokens[token_at]
	if (sign != "=" && sign != "!=") return left == "y"
	token_at++
	result = left == operand(tokens[token_at++])
	return sign == "=" ? result : !result
}

function operand(token) {
	if (token ~ /^"/) return unquote(token)
	if (token in seen) return value[token]
	return token
}

# ---- Values

function evaluate_all(    i, name, changed) {
	changed = 0
	for (i = 1; i <= symbol_count; i++) {
		name = symbols[i]
		if (evaluate(name)) changed = 1
	}
	return changed
}

function evaluate(name,    before, i) {
	before = value[name] SUBSEP written[name]
	visible[name] = 0
	for (i = 1; i <= places[name]; i++)
		if ((name, i) in prompted && holds(under[name, i])) visible[name] = 1
	plain[name] = default_of(name)
	value[name] = plain[name]
	written[name] = visible[name] || had_default
	if (name in choice_of) value[name] = picked(choice_of[name]) == name ? "y" : "n"
	else if (visible[name] && name in asked) value[name] = asked[name]
	if (is_selected(name)) { value[name] = "y"; plain[name] = "y"; written[name] = 1 }
	return value[name] SUBSEP written[name] != before
}

function default_of(name,    i) {
	had_default = 0
	for (i = 1; i <= defaults[name]; i++)
		if (holds(under[name, default_place[name, i]]) && holds(default_if[name, i])) {
			had_default = 1
			if (default_value[name, i] ~ /^"/) return unquote(default_value[name, i])
			if (type[name] == "bool") return holds(default_value[name, i]) ? "y" : "n"
			return operand(default_value[name, i])
		}
	return type[name] == "bool" ? "n" : ""
}

function is_selected(name,    i) {
	for (i = 1; i <= selects[name]; i++)
		if (value[selector[name, i]] == "y" && holds(select_if[name, i])) return 1
	return 0
}

# The member that was asked for last, else the choice's default, else the first.
function picked(group,    names, n, i, best, first) {
	best = ""
	first = ""
	n = split(members[group], names, " ")
	for (i = 1; i <= n; i++) {
		if (!visible[names[i]]) continue
		if (first == "" || names[i] == choice_default[group]) first = names[i]
		if (asked[names[i]] == "y" && (best == "" || asked_at[names[i]] > asked_at[best])) best = names[i]
	}
	return best == "" ? first : best
}

# ---- Files

function shown(name) { return type[name] == "string" ? "\"" escaped(value[name]) "\"" : value[name] }
function escaped(text) { gsub(/"/, "\\\"", text); return text }

function write_config(    i, name, config, conf, header) {
	config = ".config.new"
	conf = "include/config/auto.conf.new"
	header = "include/generated/autoconf.h.new"
	printf "#\n# Automatically generated file; DO NOT EDIT.\n# %s Configuration\n#\n", title >config
	printf "# Automatically generated file; DO NOT EDIT.\n" >conf
	printf "/* Automatically generated file; DO NOT EDIT. */\n" >header
	for (i = 1; i <= symbol_count; i++) {
		name = symbols[i]
		if (!written[name]) continue
		if (type[name] == "bool" && value[name] != "y") {
			printf "# CONFIG_%s is not set\n", name >config
			continue
		}
		if (value[name] == "" && type[name] != "string") continue
		printf "CONFIG_%s=%s\n", name, shown(name) >config
		printf "CONFIG_%s=%s\n", name, shown(name) >conf
		printf "#define CONFIG_%s %s\n", name, type[name] == "bool" ? 1 : shown(name) >header
	}
	close(config); close(conf); close(header)
	# autoconf.h keeps its time when nothing changed, so that nothing is compiled again.
	system("mv .config.new .config && cp include/config/auto.conf.new include/autoconf.mk && " \
	       "{ cmp -s " header " include/generated/autoconf.h && rm " header " || " \
	       "mv " header " include/generated/autoconf.h; } && " \
	       "mv include/config/auto.conf.new include/config/auto.conf")
}

function save_defconfig(    i, name) {
	printf "" >"defconfig"
	for (i = 1; i <= symbol_count; i++) {
		name = symbols[i]
		if (!visible[name]) continue
		if (name in choice_of) {
			if (value[name] == "y" && name != choice_default[choice_of[name]])
				printf "CONFIG_%s=y\n", name >"defconfig"
		} else if (value[name] != plain[name]) {
			if (type[name] == "bool" && value[name] != "y")
				printf "# CONFIG_%s is not set\n", name >"defconfig"
			else printf "CONFIG_%s=%s\n", name, shown(name) >"defconfig"
		}
	}
	close("defconfig")
}
