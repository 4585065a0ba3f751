import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Run } from './runs.ts';

/** Servers on 127.0.0.1, and the runs of lbcheck that ask them. */
export interface Peers {
  readonly runs: readonly Run[];
  close(): void;
}

const zone = 'list.example';

export async function startPeers(): Promise<Peers> {
  const list = createSocket('udp4');
  list.on('message', (query, from) => list.send(answerTo(query), from.port, from.address));
  await new Promise<void>((listening) => list.bind(0, '127.0.0.1', listening));
  // A TLS server that wants another version: an alert proves that it answers.
  const refusal = Buffer.from([0x15, 3, 3, 0, 2, 2, 70]);
  const tls = createServer((socket) => socket.on('error', () => {}).end(refusal));
  await new Promise<void>((listening) => tls.listen(0, '127.0.0.1', listening));
  const bound = tls.address();
  const tlsPort = typeof bound === 'object' ? bound?.port : undefined;

  const rbl = ['rbl', '127.0.0.1', `${list.address().port}`, '--zone', zone, '--timeout', '10'];
  const dns = ['dns', '127.0.0.1', `${list.address().port}`, '--query', `2.0.0.127.${zone}`];
  const target = ['127.0.0.1', `${tlsPort}`, '--timeout', '10'];
  return {
    runs: [
      { args: rbl, stdin: 'pipe', expected: /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*RBL is running\.\n/ },
      { args: rbl, stdin: 'socket', expected: /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*RBL is running\.\n/ },
      { args: rbl, stdin: 'null', expected: /^RBL OK - / },
      { args: dns, stdin: 'socket', expected: /^HTTP\/1\.1 200 OK\r\n/ },
      { args: ['tls', ...target], stdin: 'socket', expected: /^HTTP\/1\.1 200 OK\r\n/ },
      { args: ['tls', ...target], stdin: 'null', expected: /^TLS OK - / },
      // Without perl it is UNKNOWN.
      { args: ['syn', ...target, '--engine', 'kernel'], stdin: 'null', expected: /^SYN / },
      { args: ['exec', '--', '/bin/echo', 'fine'], stdin: 'null', expected: /^EXEC OK - fine/ },
    ],
    close() {
      list.close();
      tls.close();
    },
  };
}

/** An A record for the test entry, NXDOMAIN for every other name (RFC 1035 section 4.1). */
function answerTo(query: Buffer): Buffer {
  const isListed = query.subarray(12, 14).toString('latin1') === '\x012';
  const header = Buffer.from([0, 0, 0x84, isListed ? 0 : 3, 0, 1, 0, isListed ? 1 : 0, 0, 0, 0, 0]);
  query.copy(header, 0, 0, 2);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 2]);
  return Buffer.concat([header, query.subarray(12), ...(isListed ? [record] : [])]);
}
