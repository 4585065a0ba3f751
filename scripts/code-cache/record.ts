import { renameSync, writeFileSync } from 'node:fs';
import vm from 'node:vm';
import { cachePath, headOf } from './file.ts';

/**
 * Runs the bundle in this process, as if Node.js had started it, and at its end writes the code of each part
 * that V8 has compiled until then.
 */
export function recordRun([bundle = '', build = '', ...args]: readonly string[]): void {
  process.umask(0o022);
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(text: string, options: vm.ScriptOptions) {
      super(text, options);
      const part = /:(early|late)$/.exec(options.filename ?? '')?.[1];
      if (part === undefined) return;
      process.on('exit', () => {
        const code = this.createCachedData();
        replace(cachePath(bundle, build, part), Buffer.concat([headOf(text), code, code]));
      });
    }
  };
  process.argv = [process.execPath, bundle, ...args];
  require(bundle);
}

/** Nobody ever finds half of a file. */
function replace(path: string, content: Buffer): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content, { mode: 0o644, flag: 'wx' });
  renameSync(unfinished, path);
}
