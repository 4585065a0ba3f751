import { Script, type ScriptOptions } from 'node:vm';
import { readCache } from '../code-cache/read.ts';
import type { Parts } from './two-parts.ts';

/** The text of each part is the only comment of a function: V8 reads over a comment in no time. */
declare const parts: Readonly<Record<keyof Parts, () => void>>;
/** The hash of the program. */
declare const build: string;

/** The modules of the late part, once it is needed. */
let late: Record<string, () => unknown> | undefined;

/** Modules of Node.js, and those of the other part. */
function requireAny(name: string): unknown {
  if (name.startsWith('early:')) return module.exports.early[name.slice(6)]();
  if (!name.startsWith('late:')) return require(name);
  if (late === undefined) {
    const made = { exports: {} };
    run('late', made);
    late = made.exports;
  }
  return late[name.slice(5)]?.();
}

function run(name: keyof Parts, into: { exports: unknown }): void {
  const source = String(parts[name]);
  const text = source.slice(source.indexOf('//') + 2, source.lastIndexOf('\n'));
  const options: ScriptOptions = { filename: `${__filename}:${name}` };
  const cachedData = readCache(__filename, build, name, text);
  if (cachedData) options.cachedData = cachedData;
  new Script(text, options).runInThisContext()(into.exports, requireAny, into);
}

run('early', module);
