/** Mistakes of `lbcheck tls`: what must be named in the answer, and what is typed. */
export const tlsMistakes: readonly (readonly [string, readonly string[]])[] = [
  ['HOST is missing. Needed is one IPv4 or IPv6 address', ['tls']],
  ['HOST is missing. Needed is one IPv4 or IPv6 address', ['tls', '-p', '443']],
  ['PORT is missing. Needed is one number from 1 to 65535.', ['tls', 'h.example']],
  ['PORT is missing. Needed is one number from 1 to 65535.', ['tls', '-H', '::1']],
  ['too many arguments', ['tls', 'h.example', '443', '444']],
  ...['0', '65536', '25-26', 'http', ''].map(
    (port) =>
      [
        `value '${port}' is invalid for argument 'PORT'. Allowed is one number from 1 to 65535.`,
        ['tls', 'h.example', port],
      ] as const,
  ),
  ...['10.0.0.0/8', 'a,b', '', '[::1]', '*'].map(
    (host) =>
      [
        `value '${host}' is invalid for argument 'HOST'. Allowed is one IPv4 or IPv6 address`,
        ['tls', host, '443'],
      ] as const,
  ),
  ["unknown option '-iL'", ['tls', '-iL', '443']],
  ["argument '-iL' is invalid", ['tls', '-H', '-iL', '-p', '443']],
  [
    "option '--require <LEVEL>' argument 'tls' is invalid. Allowed choices are connect, answer, handshake.",
    ['tls', 'h.example', '443', '--require', 'tls'],
  ],
  [
    '--cert and --key need each other: client.pem stands alone',
    ['tls', 'h.example', '443', '--cert', 'client.pem'],
  ],
  [
    '--cert and --key need each other: client.key stands alone',
    ['tls', 'h.example', '443', '--key', 'client.key'],
  ],
  [
    "option '--cert-of <SCOPE>' argument 'root' is invalid. Allowed choices are leaf, chain.",
    ['tls', 'h.example', '443', '--cert-of', 'root'],
  ],
  [
    "option '--starttls <PROTOCOL>' argument 'http' is invalid. Allowed choices are smtp, lmtp, imap,",
    ['tls', 'h.example', '443', '--starttls', 'http'],
  ],
  [
    "option '--proxy-protocol <VERSION>' argument '3' is invalid. Allowed choices are 1, 2.",
    ['tls', 'h.example', '443', '--proxy-protocol', '3'],
  ],
  ...[[], ['--starttls', 'imap']].map(
    (args) =>
      [
        '--ehlo needs --starttls smtp or --starttls lmtp',
        ['tls', 'h.example', '25', '--ehlo', 'a.example', ...args],
      ] as const,
  ),
  [
    "option '--ehlo <NAME>' argument 'a b' is invalid. Allowed is a domain name",
    ['tls', 'h.example', '25', '--starttls', 'smtp', '--ehlo', 'a b'],
  ],
  ...['', 'h2,', ',h2', 'h 2'].map(
    (names) =>
      [
        `argument '${names}' is invalid. Allowed are names of protocols`,
        ['tls', 'h.example', '443', '--alpn', names],
      ] as const,
  ),
  ['--ca needs --verify', ['tls', 'h.example', '443', '--ca', 'ca.pem']],
  ...['7,30', 'soon', '-1', '30,', '12m', '1h,1d', '1.5'].map(
    (days) =>
      [
        `argument '${days}' is invalid. Allowed are whole days or hours`,
        ['tls', 'h.example', '443', '--cert-days', days],
      ] as const,
  ),
  ...['192.0.2.1', 'a..b', ''].map(
    (name) =>
      [
        `option '--servername <NAME>' argument '${name}' is invalid. Allowed is a domain name`,
        ['tls', 'h.example', '443', '--servername', name],
      ] as const,
  ),
];
