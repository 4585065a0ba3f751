import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { directory, freePort, start, until } from '../../test/support/programs.ts';
import { isListening } from '../../test/support/xinetd.ts';
import { executables, type Kind, type List, peers, scripts } from './contestants.ts';
import type { ServedContestant } from './served-race.ts';
import { startService } from './service.ts';

/** The names of lbcheck's rows. */
export const served = {
  resident: (kind: Kind) => `lbcheck resident (${kind})`,
  oneShot: (kind: Kind) => `lbcheck, a process each (${kind})`,
};

const expected = 'RBL is running.';

/** Starts all programs that answer over HTTP whether a list works. */
export async function servedContestants(
  cleanUp: CleanUp,
  list: List,
): Promise<readonly ServedContestant[]> {
  const check = ['rbl', '127.0.0.1', list.port, '--zone', list.zone];
  // It must not end while the others take their turns.
  const stay = ['--listen', 'inetd', '--idle-exit', '300'];
  const underXinetd = async (name: string, server: string, args: readonly string[]) => {
    const isResident = args.includes('--listen');
    const { pid, port } = await startService(cleanUp, server, args, isResident);
    return { name, url: `http://127.0.0.1:${port}/`, expected, pid, isResident };
  };

  const contestants: ServedContestant[] = [];
  for (const { kind, path } of executables) {
    contestants.push(await underXinetd(served.resident(kind), path, [...check, ...stay]));
  }
  for (const { kind, path } of executables) {
    contestants.push(await underXinetd(served.oneShot(kind), path, check));
  }
  contestants.push(await underXinetd(peers.shell, scripts.usual, [list.port, list.zone]));
  contestants.push(await underXinetd(peers.leanShell, scripts.lean, [list.port, list.zone]));
  contestants.push(await underXinetd(peers.floor, await compileFloor(cleanUp), []));
  return [...contestants, await startBlackbox(cleanUp, list)];
}

async function compileFloor(cleanUp: CleanUp): Promise<string> {
  const program = join(await directory(cleanUp), 'floor');
  const source = resolve(import.meta.dirname, 'floor.c');
  execFileSync('gcc', ['-static', '-O2', '-Wall', '-o', program, source]);
  return program;
}

/** Prometheus's blackbox_exporter, which asks only for the test entry. */
async function startBlackbox(cleanUp: CleanUp, list: List): Promise<ServedContestant> {
  const dns = [
    `query_name: 2.0.0.127.${list.zone}`,
    'query_type: A',
    'transport_protocol: udp',
    'preferred_ip_protocol: ip4',
    'valid_rcodes: [NOERROR]',
  ];
  const config = `modules: { rbl: { prober: dns, timeout: 1.5s, dns: { ${dns.join(', ')} } } }\n`;
  const file = join(await directory(cleanUp, { 'blackbox.yml': config }), 'blackbox.yml');
  const port = await freePort();
  const program = await start(cleanUp, 'prometheus-blackbox-exporter', [
    ...[`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
  ]);
  await until('blackbox_exporter listens', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return isListening(port);
  });
  const url = `http://127.0.0.1:${port}/probe?module=rbl&target=127.0.0.1:${list.port}`;
  return {
    ...{ name: peers.blackbox, url, expected: 'probe_success 1' },
    ...{ pid: program.pid, isResident: false },
  };
}
