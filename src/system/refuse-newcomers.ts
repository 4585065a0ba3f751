import { spawn } from 'node:child_process';

/** How long perl may take to start and do its work, in seconds. */
const perlSeconds = 0.5;

/** How long handshakes that have begun may take, in seconds. */
const handshakeSeconds = 0.2;

/**
 * Attaches a filter to the socket on fd 3 (socket(7), SO_ATTACH_FILTER) that drops packets with SYN and
 * without ACK. Its steps: load byte 13 of the TCP header; bitwise AND with 0x12; if the result is 2, drop
 * the packet, else keep it.
 */
const perlScript = `
open my $socket, '+<&=', 3 or exit 1;
my $filter = join '', map { pack 'SCCL', @$_ }
  [0x30, 0, 0, 13], [0x54, 0, 0, 0x12], [0x15, 0, 1, 2], [6, 0, 0, 0], [6, 0, 0, 0xffffffff];
setsockopt($socket, 1, 26, pack 'Sx6P', 5, $filter) or exit 1`;

/**
 * Stops new connections to a listening TCP socket, by its descriptor, and waits until those that have begun are accepted. If
 * the socket closed with a connection in its queue, the kernel would reset a client that believes it is
 * connected. Neither runtime has a call for this; without perl it resolves at once.
 */
export async function refuseNewcomers(fd: number | undefined): Promise<void> {
  if (fd === undefined || fd <= 2 || !(await attachFilter(fd))) return;
  await new Promise((over) => setTimeout(over, handshakeSeconds * 1000));
}

function attachFilter(fd: number): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const stdio = ['ignore', 'ignore', 'ignore', fd] as const;
      const perl = spawn('perl', ['-e', perlScript], { stdio: [...stdio], env: {} });
      const limit = setTimeout(() => perl.kill('SIGKILL'), perlSeconds * 1000);
      const end = (isDone: boolean) => {
        clearTimeout(limit);
        resolve(isDone);
      };
      perl.on('error', () => end(false)).on('exit', (code) => end(code === 0));
    } catch {
      resolve(false);
    }
  });
}
