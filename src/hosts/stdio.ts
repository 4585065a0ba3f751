import { fstatSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Peer } from '../conversation.ts';
import type { Status } from '../outcome.ts';

/**
 * One asker on fds 0 and 1, whatever they are. Nothing is ever printed on stderr, since xinetd puts
 * the asker's socket there too.
 */
export async function stdio(converse: (peer: Peer) => Promise<Status>): Promise<Status> {
  process.removeAllListeners('warning');
  process.on('uncaughtException', () => {});
  const [stdin, stdout] = [fstatSync(0), fstatSync(1)];
  if (stdin.isSocket() && stdin.dev === stdout.dev && stdin.ino === stdout.ino) {
    return withSocket(converse);
  }
  return withStreams(converse, stdin);
}

/** xinetd's way: one socket; its answer goes out though the asker has closed its side. */
async function withSocket(converse: (peer: Peer) => Promise<Status>): Promise<Status> {
  const socket = new Socket({ fd: 0, readable: true, writable: true, allowHalfOpen: true });
  socket.on('error', ignore);
  try {
    return await converse({ input: () => socket, output: socket, isSocket: true });
  } finally {
    socket.destroy();
  }
}

async function withStreams(
  converse: (peer: Peer) => Promise<Status>,
  stdin: Stats,
): Promise<Status> {
  let opened: Readable | undefined;
  const input = () => {
    opened ??= openStdin(stdin).on('error', ignore);
    return opened;
  };
  const output = process.stdout.on('error', ignore);
  try {
    return await converse({ input, output, isSocket: false });
  } finally {
    opened?.destroy();
  }
}

/**
 * A pipe is read as a socket is: process.stdin would have a thread read it, and a thread blocked in
 * read(2) holds the exit up. A datagram socket is taken by process.stdin, as one without content.
 */
function openStdin(stdin: Stats): Readable {
  if (!stdin.isSocket() && !stdin.isFIFO()) return process.stdin;
  try {
    return new Socket({ fd: 0, readable: true, writable: false, allowHalfOpen: true });
  } catch {
    return process.stdin;
  }
}

/** An asker that goes away is no failure of ours. */
function ignore(): void {}
