import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CleanUp } from './clean-up.ts';
import { directory, type Program, start, until } from './programs.ts';

/** What HAProxy tells of one server, by the names of its statistics. */
export type ServerState = Readonly<Record<string, unknown>>;

export interface Haproxy extends Program {
  /** The state of `proxy/server` (HAProxy management guide, section 9.1). */
  readonly state: (name: string) => Promise<ServerState>;
  /** One command of the runtime API (section 9.3). */
  readonly tell: (command: string) => Promise<string>;
}

/** One value of "show stat json". */
interface Statistic {
  readonly field: { readonly name: string };
  readonly value: { readonly value: unknown };
}

/** Starts HAProxy with sections of a configuration that sets the ports of its frontends. */
export async function startHaproxy(cleanUp: CleanUp, sections: string): Promise<Haproxy> {
  const files = await directory(cleanUp);
  const socket = join(files, 'stats');
  const configuration = await directory(cleanUp, {
    'haproxy.cfg': `
global
    stats socket ${socket} mode 600 level admin
defaults
    mode tcp
    timeout connect 1s
    timeout client 10s
    timeout server 10s
${sections}
`,
  });
  const args = ['-db', '-f', join(configuration, 'haproxy.cfg')];
  const program = await start(cleanUp, 'haproxy', args);
  const tell = async (command: string) => {
    const client = connect({ path: socket, allowHalfOpen: true });
    client.end(`${command}\n`);
    return text(client);
  };
  await until('HAProxy has started', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return tell('show info').then(
      () => true,
      () => false,
    );
  });
  const state = async (name: string) => {
    const lists: readonly (readonly Statistic[])[] = JSON.parse(await tell('show stat json'));
    const states = lists.map((list) =>
      Object.fromEntries(list.map(({ field, value }) => [field.name, value.value])),
    );
    return states.find(({ pxname, svname }) => `${pxname}/${svname}` === name) ?? {};
  };
  return { ...program, state, tell };
}
