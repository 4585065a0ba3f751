/** Every protocol of `--starttls`, apart from their code, which is loaded when one is asked for. */
export const startTlsProtocols = [
  'smtp',
  'lmtp',
  'imap',
  'pop3',
  'ftp',
  'ldap',
  'sieve',
  'xmpp',
  'postgres',
  'mysql',
] as const;
/** One of them. */
export type StartTlsProtocol = (typeof startTlsProtocols)[number];
