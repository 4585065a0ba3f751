const shortages = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** True for an error (errno(3)) of a system without room for another socket: it tells nothing of the peer. */
export function isShortage(code: string): boolean {
  return shortages.includes(code);
}
