/** A UDP socket, connected to one address, on a port that the system chose at random. */
export interface UdpSocket {
  /** Errors come to `onError`. */
  send(bytes: Uint8Array): void;
  close(): void;
}

/** What an open socket tells. */
export interface UdpEvents {
  readonly onMessage: (bytes: Buffer) => void;
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

/** Opens a socket to a literal address; rejects when it cannot be made or connected. */
export async function openUdpSocket(
  address: string,
  port: number,
  events: UdpEvents,
): Promise<UdpSocket> {
  // The builds know the condition, and leave the other branch out.
  const { connectUdp } =
    process.versions.bun === undefined
      ? await import('./udp-node.ts')
      : await import('./udp-bun.ts');
  return connectUdp(address, port, events);
}
