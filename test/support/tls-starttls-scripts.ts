import type { Socket } from 'node:net';
import { startTlsProtocols } from '../../src/probes/tls/starttls/protocols.ts';

export { startTlsProtocols };
export type Protocol = (typeof startTlsProtocols)[number];

/** What a good server says, turn by turn, until it is ready for TLS. */
export interface Script {
  /** What its protocol is called in messages. */
  readonly name: string;
  readonly first: 'client' | 'server';
  readonly turns: readonly (string | Buffer)[];
  /** The last turn but one of a server that has no TLS, and the last of one that refuses it. */
  readonly without: string | Buffer;
  readonly refusal: string | Buffer;
}

const mail = (name: string): Script => ({
  ...{ name, first: 'server' },
  turns: [
    '220-mx.test\r\n220 ESMTP\r\n',
    '250-mx.test\r\n250-STARTTLS\r\n250 HELP\r\n',
    '220 go\r\n',
  ],
  without: '250-mx.test\r\n250-XSTARTTLS\r\n250 HELP STARTTLS\r\n',
  refusal: '454 TLS not available\r\n',
});

/** A MySQL greeting: version, thread, salt, capabilities. */
function mysqlGreeting(capabilities: number): Buffer {
  const low = Buffer.alloc(2);
  low.writeUInt16LE(capabilities);
  const body = Buffer.concat([
    Buffer.from('\x0a10.11.6-MariaDB\0', 'latin1'),
    ...[Buffer.alloc(4, 1), Buffer.alloc(8, 0x41), Buffer.alloc(1), low, Buffer.alloc(20)],
  ]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
}

const ldapResult = (code: number) =>
  Buffer.from(`300c02010178070a01${code.toString(16).padStart(2, '0')}04000400`, 'hex');

const stream = "<?xml version='1.0'?><stream:stream id='x' version='1.0'>";

export const scripts: Readonly<Record<Protocol, Script>> = {
  smtp: mail('SMTP'),
  lmtp: mail('LMTP'),
  imap: {
    ...{ name: 'IMAP', first: 'server' },
    turns: ['* OK ready\r\n', '* CAPABILITY IMAP4rev1 STARTTLS\r\na OK done\r\n', 'b OK go\r\n'],
    without: '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na OK STARTTLS\r\n',
    refusal: 'b NO later\r\n',
  },
  pop3: {
    ...{ name: 'POP3', first: 'server' },
    turns: ['+OK ready\r\n', '+OK list\r\nTOP\r\nSTLS\r\n.\r\n', '+OK go\r\n'],
    without: '+OK list\r\nTOP\r\n.\r\n',
    refusal: '-ERR later\r\n',
  },
  ftp: {
    ...{ name: 'FTP', first: 'server' },
    turns: ['220-hello\r\n 220 not yet\r\n220 ready\r\n', '234 go\r\n'],
    without: '530 Please login\r\n',
    refusal: '530 Please login\r\n',
  },
  sieve: {
    ...{ name: 'ManageSieve', first: 'server' },
    turns: ['"IMPLEMENTATION" "x"\r\n"STARTTLS"\r\nOK "ready"\r\n', 'OK "go"\r\n'],
    without: '"SASL" "STARTTLS"\r\nOK "ready"\r\n',
    refusal: 'NO "later"\r\n',
  },
  ldap: {
    ...{ name: 'LDAP', first: 'client' },
    turns: [ldapResult(0)],
    without: ldapResult(2),
    refusal: ldapResult(52),
  },
  xmpp: {
    ...{ name: 'XMPP', first: 'client' },
    turns: [
      `${stream}<stream:features><starttls xmlns='urn:x'/></stream:features>`,
      "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ],
    without: `${stream}<stream:features/>`,
    refusal: "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  },
  postgres: {
    ...{ name: 'PostgreSQL', first: 'client' },
    turns: ['S'],
    without: 'N',
    refusal: 'E',
  },
  mysql: {
    ...{ name: 'MySQL', first: 'server' },
    turns: [mysqlGreeting(0xffff)],
    without: mysqlGreeting(0xf7ff),
    refusal: Buffer.from([23, 0, 0, 0, 0xff, 0x10, 0x04, ...Buffer.from('Too many connections')]),
  },
};

/** A server that takes so many turns, in as many parts as `split` makes, and then does something. */
export function takingTurns(
  { first, turns }: Pick<Script, 'first' | 'turns'>,
  then: (socket: Socket) => void = () => {},
  split = (turn: Buffer): readonly Buffer[] => [turn],
) {
  return (socket: Socket) => {
    socket.on('error', () => {});
    const queue = turns.map((turn) => Buffer.from(turn));
    const next = () => {
      const turn = queue.shift();
      for (const part of turn ? split(turn) : []) socket.write(part);
      if (queue.length === 0) {
        socket.off('data', next);
        then(socket);
      }
    };
    if (first === 'client' && turns.length === 0) socket.once('data', () => then(socket));
    else if (first === 'client') socket.on('data', next);
    else {
      socket.on('data', next);
      next();
    }
  };
}
