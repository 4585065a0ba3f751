import { commandsOf, type HelpItem, optionsOf, readHelp } from './help.ts';

/** The completion of bash for `lbcheck`, from the help of the executable. */
export function completion(executable: string): string {
  const main = readHelp(executable);
  const commands = commandsOf(main).map(({ term }) => term);
  const options = commands.map((command) => ({
    command,
    options: optionsOf(readHelp(executable, command)),
  }));
  const values = options.flatMap(({ command, options: ofCommand }) =>
    ofCommand.flatMap((option) => valueCase(command, option)),
  );
  const names = options.map(
    ({ command, options: ofCommand }) =>
      `\t\t${command}) words='${namesOf(ofCommand).join(' ')}' ;;`,
  );
  const own = namesOf(optionsOf(main)).join(' ');
  return template
    .replaceAll('@COMMANDS@', commands.join(' '))
    .replace('@VALUES@', values.join('\n'))
    .replace('@OPTIONS@', [...names, `\t\t*) words='${own}' ;;`].join('\n'));
}

/** Both spellings of every option. */
const namesOf = (options: readonly HelpItem[]) => options.flatMap(({ term }) => spellings(term));

const spellings = (term: string) =>
  term.split(/,? /).filter((word) => /^--?[A-Za-z0-9][A-Za-z0-9-]*$/.test(word));

/** What may follow an option that takes a value. */
function valueCase(command: string, { term, description }: HelpItem): readonly string[] {
  const [, value] = /[<[]([^>\]]+)[>\]]/.exec(term) ?? [];
  if (value === undefined) return [];
  const pattern = spellings(term)
    .map((name) => `'${command} ${name}'`)
    .join(' | ');
  return [`\t\t${pattern}) ${action(value, description)} ;;`];
}

function action(value: string, description: string): string {
  const [, choices] = /choices: ((?:"[^"]*"|\d+)(?:, (?:"[^"]*"|\d+))*)/.exec(description) ?? [];
  if (choices !== undefined) return `words='${choices.replace(/"|,(?= )/g, '')}'`;
  if (/^(PATH|FILE|DIR)/.test(value)) return "kind='file'";
  if (/^HOST/.test(value)) return "kind='hostname'";
  if (value === 'WHERE') return "words='inetd systemd'";
  return "kind='none'";
}

const template = `# Completion of bash for lbcheck, made from its help.
_lbcheck() {
	local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
	local command='' words='' kind='' index
	COMPREPLY=()
	# Bash takes the = of --option=value for a word of its own.
	if [ "$option" = = ]; then
		option=\${COMP_WORDS[COMP_CWORD-2]}
	elif [ "$current" = = ]; then
		current=
	fi
	if [ "$COMP_CWORD" -gt 1 ]; then command=\${COMP_WORDS[1]}; fi

	# Behind -- comes a command of its own.
	for ((index = 2; index < COMP_CWORD; index++)); do
		if [ "\${COMP_WORDS[index]}" = -- ]; then
			if declare -F _command_offset >/dev/null; then
				_command_offset $((index + 1))
			elif [ "$COMP_CWORD" = $((index + 1)) ]; then
				mapfile -t COMPREPLY < <(compgen -c -- "$current")
			else
				mapfile -t COMPREPLY < <(compgen -f -- "$current")
			fi
			return
		fi
	done

	case "$command $option" in
@VALUES@
	esac
	if [ -z "$words$kind" ]; then
		case "$current" in
		-*)
			case $command in
@OPTIONS@
			esac
			;;
		*)
			case $command in
			'') words='@COMMANDS@ help' ;;
			help) if [ "$COMP_CWORD" = 2 ]; then words='@COMMANDS@'; else kind='none'; fi ;;
			serve) kind='file' ;;
			*) kind='hostname' ;;
			esac
			;;
		esac
	fi
	case $kind in
	file)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
		;;
	hostname) mapfile -t COMPREPLY < <(compgen -A hostname -- "$current") ;;
	none) ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
	esac
}
complete -F _lbcheck lbcheck
`;
