import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds the executable once, so that every test drives what the source says now. */
export default function build(): void {
  const root = resolve(import.meta.dirname, '../..');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}
