import { connect } from 'node:net';
import type { AbortSignalLike } from '../../system/abort.ts';
import { classifySocketError } from '../../system/shortage.ts';
import type { DnsServer, Exchange, OpenQuestion } from './exchange.ts';
import { type Answer, encodeQuery, freshId, idOf, readMessage } from './message.ts';
import { takeMessages, withLength } from './stream.ts';

/** More messages than these that answer nothing: the stream is not DNS. */
const maxStrangers = 16;

/**
 * Opens an exchange over TCP. All its questions share one connection, since servers limit the
 * connections of a client, and may be answered in any order (RFC 7766 section 6.2.1). A server that ends
 * the connection after some of its answers is asked the rest on another. At the abort open questions end
 * as silence.
 */
export function openTcp(server: DnsServer, signal: AbortSignalLike): Exchange<Answer> {
  let current: Connection | undefined;
  // Set when a connection brought no answer: no other is tried.
  let broken: Answer | undefined;
  const ask = (question: OpenQuestion<Answer>) => {
    if (broken) return question.settle(broken);
    current ??= openConnection(server, (reason, rest) => {
      current = undefined;
      broken = reason;
      rest.forEach(ask);
    });
    return current.ask(question);
  };
  const silence = () => current?.abandon();
  signal.addEventListener('abort', silence, { once: true });
  return {
    ask: (question) =>
      signal.aborted
        ? Promise.resolve({ kind: 'silence', ignored: 0 })
        : new Promise((settle) => ask({ question, settle })),
    close() {
      signal.removeEventListener('abort', silence);
      current?.close();
    },
  };
}

interface Connection {
  readonly ask: (question: OpenQuestion<Answer>) => void;
  /** Ends the open questions as silence. */
  readonly abandon: () => void;
  readonly close: () => void;
}

/** Called with why a connection brought no answer, if it brought none, and with its open questions. */
type OnEnd = (reason: Answer | undefined, rest: readonly OpenQuestion<Answer>[]) => void;

function openConnection(server: DnsServer, onEnd: OnEnd): Connection {
  const open = new Map<number, OpenQuestion<Answer>>();
  const used = new Set<number>();
  let [answers, ignored] = [0, 0];
  let state: 'connecting' | 'connected' | 'failing' | 'ended' = 'connecting';

  const socket = connect({ host: server.address, port: server.port });
  const end = (reason: Answer) => {
    if (state === 'ended') return;
    state = 'ended';
    socket.destroy();
    const rest = [...open.values()];
    open.clear();
    const goesOn = reason.kind === 'closed' && answers > 0;
    onEnd(goesOn ? undefined : reason, rest);
  };
  const receive = (message: Buffer) => {
    const id = idOf(message);
    const asked = open.get(id);
    const reading = asked ? readMessage(message, asked.question) : { kind: 'stranger' as const };
    if (!asked || reading.kind === 'stranger') {
      ignored += 1;
      if (ignored > maxStrangers) end({ kind: 'malformed' });
      return;
    }
    answers += 1;
    open.delete(id);
    // There is nowhere left to ask for the rest of a truncated answer.
    asked.settle(reading.kind === 'truncated' ? { kind: 'malformed' } : reading);
  };

  socket.on('connect', () => {
    state = 'connected';
    // A question does not wait for the TCP acknowledgement of the one before it.
    socket.setNoDelay(true);
  });
  socket.on('data', takeMessages(receive));
  socket.on('close', () => state === 'failing' || end({ kind: 'closed' }));
  socket.on('error', async (error) => {
    if (state === 'connected') return end({ kind: 'closed' });
    if (state !== 'connecting') return undefined;
    state = 'failing';
    const failure = await classifySocketError(error, server.address);
    return end({ kind: 'failed', transport: 'TCP', failure });
  });
  return {
    ask(question) {
      const id = freshId(used);
      used.add(id);
      open.set(id, question);
      // After a failed connect it only waits for the reason.
      if (state !== 'failing')
        socket.write(withLength(encodeQuery(id, question.question, server.isRecursive)));
    },
    abandon: () => end({ kind: 'silence', ignored }),
    close() {
      // The server should see an orderly end, and may take its time over it: nobody waits for it.
      if (state === 'connected' && open.size === 0) socket.destroySoon();
      else socket.destroy();
    },
  };
}
