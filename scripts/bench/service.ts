import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { directory, freePort, type Program, start, until } from '../../test/support/programs.ts';
import { isListening } from '../../test/support/xinetd.ts';

/** A service, and an xinetd that has no other service. */
export interface Service extends Program {
  readonly port: number;
}

/** Runs a service without limits: a limit would measure xinetd, not the service. */
export async function startService(
  cleanUp: CleanUp,
  server: string,
  args: readonly string[],
  isResident: boolean,
): Promise<Service> {
  const port = await freePort();
  const attributes = {
    ...{ type: 'UNLISTED', bind: '127.0.0.1', port, socket_type: 'stream', protocol: 'tcp' },
    ...{ wait: isResident ? 'yes' : 'no', user: userInfo().username },
    ...{ server, ...(args.length > 0 && { server_args: args.join(' ') }) },
    ...{ cps: '100000 1', instances: 'UNLIMITED', per_source: 'UNLIMITED' },
    // As in the shipped services.
    ...{ passenv: '', env: `PATH=${process.env.PATH} BUN_JSC_useDFGJIT=0` },
    ...{ log_on_success: '', log_on_failure: '' },
  };
  const lines = Object.entries(attributes).map(([name, value]) => `\t${name} = ${value}\n`);
  const root = await directory(cleanUp, {
    'xinetd.conf': `service bench\n{\n${lines.join('')}}\n`,
  });
  const log = join(root, 'log');
  const program = await start(cleanUp, 'xinetd', [
    ...['-dontfork', '-f', join(root, 'xinetd.conf')],
    ...['-pidfile', join(root, 'pid'), '-filelog', log],
  ]);
  await until('xinetd listens', async () => {
    if (program.hasEnded()) throw new Error(program.output() + (await readFile(log, 'utf8')));
    return isListening(port);
  });
  return { ...program, port };
}
