import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds both executables once, so that every test drives the current source. */
export default function build(): void {
  const root = resolve(import.meta.dirname, '../..');
  // Without npm, which reads a configuration of the user's.
  for (const script of ['build', 'build-native']) {
    const command = ['--import', 'tsx', `scripts/${script}.ts`];
    execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  }
}
