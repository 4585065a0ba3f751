import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds both executables once, so that every test drives what the source says now. */
export default function build(): void {
  const root = resolve(import.meta.dirname, '../..');
  for (const script of ['build', 'build:native']) {
    execFileSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
  }
}
