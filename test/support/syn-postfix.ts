import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory, freePort, start, until } from './programs.ts';

/** A mail server on a port of loopback. */
export interface Postfix {
  readonly port: number;
  /** The lines of the log about connections. */
  readonly connections: () => Promise<readonly string[]>;
}

const services = (port: number) => `
127.0.0.1:${port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
`;

/** Starts Postfix in its own directories. Only root can do so: Postfix uses several users. */
export async function startPostfix(
  cleanUp: CleanUp,
  more: readonly string[] = [],
): Promise<Postfix> {
  const files = await directory(cleanUp);
  const port = await freePort();
  const log = join(files, 'log');
  const settings = [
    'compatibility_level = 3.6',
    `queue_directory = ${join(files, 'queue')}`,
    `data_directory = ${join(files, 'data')}`,
    `maillog_file = ${log}`,
    `maillog_file_prefixes = ${files}`,
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'myhostname = mx.test',
    'mydestination =',
    'alias_maps =',
    'smtpd_peername_lookup = no',
    ...more,
  ];
  const etc = join(files, 'etc');
  for (const name of ['etc', 'queue']) await mkdir(join(files, name));
  execFileSync('install', ['-d', '-o', 'postfix', join(files, 'data')]);
  await writeFile(join(etc, 'main.cf'), `${settings.join('\n')}\n`);
  await writeFile(join(etc, 'master.cf'), services(port));
  execFileSync('postfix', ['-c', etc, 'check']);

  const daemons = execFileSync('postconf', ['-h', 'daemon_directory'], { encoding: 'utf8' }).trim();
  // A session of its own: at its end, master ends its whole process group.
  const args = [join(daemons, 'master'), '-c', etc, '-d'];
  const master = await start(cleanUp, 'setsid', args);
  const text = () => readFile(log, 'utf8').catch(() => '');
  await until('Postfix has started', async () => {
    if (master.hasEnded()) throw new Error(master.output() + (await text()));
    return (await text()).includes('daemon started');
  });
  const connections = async () =>
    (await text()).split('\n').filter((line) => !/^$|\/master\[/.test(line));
  return { port, connections };
}
