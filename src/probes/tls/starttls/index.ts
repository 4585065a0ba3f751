import type { Socket } from 'node:net';
import type { Trace } from '../../../check/trace.ts';
import type { AbortSignalLike } from '../../../system/abort.ts';
import { farewellSeconds } from '../leave.ts';
import { ftp } from './ftp.ts';
import { imap } from './imap.ts';
import { ldap } from './ldap.ts';
import { lmtp, smtp } from './mail.ts';
import { mysql } from './mysql.ts';
import { pop3 } from './pop3.ts';
import { postgres } from './postgres.ts';
import type { StartTlsProtocol } from './protocols.ts';
import {
  Declined,
  Interrupted,
  type Names,
  type OpenSession,
  openSession,
  type StartTls,
} from './session.ts';
import { sieve } from './sieve.ts';
import { xmpp } from './xmpp.ts';

const protocols = {
  ...{ smtp, lmtp, imap, pop3, ftp, ldap, sieve, xmpp, postgres, mysql },
} satisfies Record<StartTlsProtocol, StartTls>;

/** The result of the plain text before TLS. */
export type StartTlsResult =
  | { readonly kind: 'ready' }
  /** The server sent nothing before the deadline. */
  | { readonly kind: 'silent' }
  /** It sent or did something else; the text follows its name. */
  | { readonly kind: 'answered'; readonly reason: string };

/** Asks a server for TLS in its own protocol. A server that does not start it is left in order. */
export async function startTls(
  socket: Socket,
  { protocol, names }: { readonly protocol: StartTlsProtocol; readonly names: Names },
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<StartTlsResult> {
  const { ask, goodbye } = protocols[protocol];
  const opened = openSession(socket, signal, trace);
  try {
    await ask(opened.session, names);
    // A client would take this plain text for a part of the encrypted session (CVE-2011-0411).
    if (opened.unread() === 0) return { kind: 'ready' };
    return {
      kind: 'answered',
      reason: 'sends plain text after it has agreed to TLS: injected, or broken',
    };
  } catch (error) {
    if (error instanceof Interrupted) return interrupted(error, opened.received());
    if (!(error instanceof Declined)) throw error;
    await leave(socket, opened, goodbye, signal);
    return { kind: 'answered', reason: error.message };
  } finally {
    opened.release();
  }
}

/** What a client sends inside TLS before it leaves. */
export function goodbyeInTls(protocol: StartTlsProtocol): string | Buffer | undefined {
  const { goodbye, goodbyeInTls: other }: StartTls = protocols[protocol];
  return other ?? goodbye;
}

function interrupted({ reason }: Interrupted, received: number): StartTlsResult {
  if (reason === 'late' && received === 0) return { kind: 'silent' };
  const reasons = {
    late: 'began to speak, and was not ready for TLS in time',
    ended:
      received === 0
        ? 'closed the connection without a word'
        : 'closed the connection before it was ready for TLS',
    'too-much': 'says more than a server has to say before TLS',
  } as const;
  return { kind: 'answered', reason: reasons[reason] };
}

/** Says goodbye, and lets the server close the connection. Otherwise its last text would cause a reset. */
async function leave(
  socket: Socket,
  { release }: OpenSession,
  goodbye: string | Buffer | undefined,
  signal: AbortSignalLike,
): Promise<void> {
  release();
  if (socket.destroyed || signal.aborted) return;
  socket.resume();
  if (goodbye === undefined) socket.end();
  else socket.end(goodbye);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, farewellSeconds * 1000);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
