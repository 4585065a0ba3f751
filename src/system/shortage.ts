/** What an error of a client socket means. */
export interface SocketFailure {
  /**
   * `no-room` and `no-permission`: this machine could not ask, and nothing is known about the target.
   * `unreachable`: nothing can be sent there, or nothing listens.
   */
  readonly kind: 'no-room' | 'no-permission' | 'unreachable';
  /** The name of the error, as in errno(3). */
  readonly code: string;
}

/** No descriptors, no memory, or no free local port: none of our sockets asks for a certain port. */
const noRoom = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN', 'EADDRINUSE'];

/**
 * Tells whether this machine or the target caused the error of a socket. `address` is the literal address
 * that was asked.
 */
export async function classifySocketError(
  error: NodeJS.ErrnoException,
  address: string,
): Promise<SocketFailure> {
  const code = await errnoOf(error, address);
  return { kind: await kindOf(code, address), code };
}

async function kindOf(code: string, address: string): Promise<SocketFailure['kind']> {
  const isIPv4 = !address.includes(':');
  if (noRoom.includes(code)) return 'no-room';
  // With IPv4 it means that every local port is taken; with IPv6 also that IPv6 is switched off.
  if (code === 'EADDRNOTAVAIL' && isIPv4) return 'no-room';
  if (code === 'EPERM') return 'no-permission';
  if (code !== 'EACCES') return 'unreachable';
  // If a router forbids it, the error is EHOSTUNREACH with IPv4, but EACCES with IPv6, the same as if
  // this machine forbids it.
  return isIPv4 || (await udpError(address, 'bind')) ? 'no-permission' : 'unreachable';
}

/** Why a target was not asked, for a summary. `server` is an endpoint. */
export function whyUnasked({ kind, code }: Omit<SocketFailure, 'unreachable'>, server: string) {
  return kind === 'no-room'
    ? `there was no room to ask ${server} (${code})`
    : `there was no permission to ask ${server} (${code})`;
}

/**
 * The name of an error. Bun calls every failed connection refused, and has no name for the error when a
 * UDP socket cannot connect. A UDP socket to the same address gets the same error, and sends nothing.
 */
async function errnoOf(error: NodeJS.ErrnoException, address: string): Promise<string> {
  const { code = '', message, syscall } = error;
  const isVague = code === '' || (code === 'ECONNREFUSED' && syscall === 'connect');
  const isDoubtful = process.versions.bun !== undefined && isVague;
  if (!isDoubtful) return code || message;
  const refusal = await udpError(address, 'connect');
  if (refusal === undefined) return code || message;
  // If the connect fails, the send fails too, and Bun names the error of a send.
  return refusal.code ?? (await udpError(address, 'send'))?.code ?? (code || message);
}

/** The error of the first steps of a UDP socket; undefined when there is none. */
async function udpError(
  address: string,
  step: 'bind' | 'connect' | 'send',
): Promise<NodeJS.ErrnoException | undefined> {
  // Late, since most probes never need it.
  const { createSocket } = await import('node:dgram');
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    lookup: (literal, _options, done) => done(null, literal, family),
  });
  return new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const settle = (error?: Error | null) => resolve(error ?? undefined);
    socket.on('error', settle);
    if (step === 'bind') socket.bind({ port: 0, exclusive: true }, settle);
    // The port does not matter, since nothing is sent to it.
    else if (step === 'connect') socket.connect(9, address, settle);
    else socket.send('', 9, address, settle);
  }).finally(() => socket.close());
}
