import { join, resolve } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { executable } from './executable.ts';
import { directory, freePort, start, until } from './programs.ts';
import { isListening } from './xinetd.ts';

/** A web server that is started again when it ends, and its check. */
export interface Restartable {
  readonly port: number;
  /** Where its check answers. */
  readonly checkPort: number;
  readonly drainFile: string;
  /** A command that restarts it, and ends when it serves again. */
  readonly restart: readonly [string, ...string[]];
}

/** Starts a web server, and a resident that asks it in a form. */
export async function startRestartable(cleanUp: CleanUp, form: string): Promise<Restartable> {
  const files = await directory(cleanUp);
  const [pid, drainFile] = [join(files, 'pid'), join(files, 'drain')];
  const [port, checkPort] = [await freePort(), await freePort()];
  const server = resolve(import.meta.dirname, '../fixtures/web-server.cjs');
  const supervise = `trap 'kill $child; exit' TERM; while :; do ${process.execPath} ${server} ${port} & child=$!; echo $child >${pid}; wait $child; done`;
  await start(cleanUp, 'sh', ['-c', supervise]);
  await start(cleanUp, executable, [
    ...['exec', '--reply', form, '--listen', `127.0.0.1:${checkPort}`, '--drain-file', drainFile],
    ...['--', 'curl', '-sS', `http://127.0.0.1:${port}/`],
  ]);
  await until('both listen', async () => (await isListening(port)) && isListening(checkPort));
  const ask = `curl -fs -o /dev/null http://127.0.0.1:${port}/`;
  const script = `old=$(cat ${pid}); kill $old; until [ $(cat ${pid}) != $old ] && ${ask}; do sleep 0.1; done`;
  return { port, checkPort, drainFile, restart: ['sh', '-c', script] };
}
