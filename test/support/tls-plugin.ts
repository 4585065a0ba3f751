import { expect } from 'vitest';
import { lbcheck } from './executable.ts';

interface Target {
  readonly address: string;
  readonly port: number;
}

/** What the executable, as a plugin, says of a target; nothing else may be said. */
export async function ask({ address, port }: Target, ...args: readonly string[]) {
  const command = ['tls', address, String(port), '--reply', 'plugin', '-t', '10', ...args];
  const { code, stdout, stderr } = await lbcheck(command);
  expect(stderr).toBe('');
  return { code, summary: /^TLS [A-Z]+ - (.*?)(?: \|.*)?\n$/.exec(stdout)?.[1] ?? stdout };
}
