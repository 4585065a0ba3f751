/** Mistakes of `lbcheck syn`: what must be named in the answer, and what is typed. */
export const synMistakes: readonly (readonly [string, readonly string[]])[] = [
  ['HOST is missing. Needed is one IPv4 or IPv6 address', ['syn']],
  ['PORT is missing. Needed is one number from 1 to 65535.', ['syn', '192.0.2.7']],
  ['too many arguments', ['syn', '192.0.2.7', '25', '26']],
  ["unknown option '-iL'", ['syn', '-iL', '25']],
  [
    "HOST 'fe80::1%lo' has a zone id, which --engine nmap cannot take",
    ['syn', 'fe80::1%lo', '25', '--engine', 'nmap'],
  ],
  [
    "argument 'raw' is invalid. Allowed choices are auto, nmap, kernel.",
    ['syn', '192.0.2.7', '25', '--engine', 'raw'],
  ],
  [
    "value '10.0.0.0/8' is invalid for argument 'HOST'. Allowed is one IPv4 or IPv6 address",
    ['syn', '10.0.0.0/8', '25'],
  ],
  [
    "value '25-26' is invalid for argument 'PORT'. Allowed is one number from 1 to 65535.",
    ['syn', '192.0.2.7', '25-26'],
  ],
  [
    "argument 'perhaps' is invalid. Allowed choices are auto, never, always.",
    ['syn', '192.0.2.7', '25', '--adjacent', 'perhaps'],
  ],
  ...['', ' ', '-sT'].map(
    (path) =>
      [
        `--nmap '${path}' is invalid. Allowed is a path, or a name in PATH.`,
        ['syn', '192.0.2.7', '25', `--nmap=${path}`],
      ] as const,
  ),
];
