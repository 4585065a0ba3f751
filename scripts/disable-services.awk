# Writes a file of /etc/xinetd.d (xinetd.conf(5)) with "disable = yes" in each service that runs `server`.
# Exit code 1 if there is none to disable.

function runs_server(text, at, after) {
	at = index(text, server)
	after = substr(text, at + length(server), 1)
	return at > 0 && text !~ /^[ \t]*#/ && after ~ /^[ \t]?$/
}

function print_service(line, is_changed) {
	is_changed = is_ours && !is_disabled
	has_changed = has_changed || is_changed
	for (line = 1; line <= count; line++) {
		if (is_changed && lines[line] ~ /^[ \t]*disable[ \t]*=/) continue
		print lines[line]
		if (is_changed && lines[line] ~ /^[^#]*\{/) print "\tdisable\t\t= yes"
	}
	is_inside = 0
}

/^[ \t]*service[ \t]/ {
	is_inside = 1
	is_ours = is_disabled = count = 0
}

!is_inside {
	print
	next
}

{ lines[++count] = $0 }
runs_server($0) { is_ours = 1 }
/^[ \t]*disable[ \t]*=/ { is_disabled = $0 ~ /=[ \t]*yes[ \t]*$/ }
/^[ \t]*\}/ { print_service() }
END {
	if (is_inside) print_service()
	exit !has_changed
}
