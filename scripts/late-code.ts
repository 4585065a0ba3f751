import { relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** The modules that a plain check loads late: all others that are loaded late stand apart, as a string. */
const earlyModules = [
  'src/probes/rbl/probe.ts',
  'src/serve/socket-connection.ts',
  'src/system/socket.ts',
  'src/system/sockets/udp-node.ts',
];

/**
 * Bundles the entry point in two parts. V8 parses all functions of a file before it runs the first one, but
 * reads over a string: what few checks need stands in a string, and is compiled when it is asked for. Each
 * module is in one of the parts; what both use is in the first.
 */
export async function bundleInTwo(entryPoint: string, options: BuildOptions): Promise<string> {
  const late = new Set<string>();
  const early = await inputsOf(entryPoint, options, late);
  const shared = new Set<string>();
  const second = await bundle(registryOf(late), options, [sharedPlugin(early, shared)]);
  const entry = `export const shared = ${registryOf(shared, '')};\nimport ${JSON.stringify(`./${entryPoint}`)};`;
  const first = await bundle(entry, options, [latePlugin(late)]);
  return loader(JSON.stringify(`"use strict";${second}`)) + first;
}

async function inputsOf(entryPoint: string, options: BuildOptions, late: Set<string>) {
  const { metafile } = await build({
    ...{ ...options, banner: {}, footer: {} },
    ...{ entryPoints: [entryPoint], write: false, metafile: true, plugins: [latePlugin(late)] },
  });
  return new Set(Object.keys(metafile?.inputs ?? {}));
}

/** Source of an object that gives each module when it is asked for. */
function registryOf(modules: ReadonlySet<string>, before = 'module.exports = '): string {
  // esbuild finds them in any order.
  const entries = [...modules]
    .sort()
    .map((path) => `${JSON.stringify(path)}: () => require("./${path}")`);
  return `${before}{${entries.join(',\n')}}`;
}

async function bundle(contents: string, options: BuildOptions, plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    ...{ ...options, banner: {}, footer: {}, write: false, plugins },
    stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
  });
  return outputFiles?.[0]?.text ?? '';
}

/** Leaves out of the first part what is loaded late. */
const latePlugin = (late: Set<string>): Plugin => ({
  name: 'late',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const module = relative(process.cwd(), resolve(resolveDir, path));
      if (kind !== 'dynamic-import' || earlyModules.includes(module)) return undefined;
      late.add(module);
      return { path: `late:${module}`, external: true };
    }),
});

/** Leaves out of the second part what is in the first. */
const sharedPlugin = (early: ReadonlySet<string>, shared: Set<string>): Plugin => ({
  name: 'shared',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const module = relative(process.cwd(), resolve(resolveDir, path));
      if (!early.has(module)) return undefined;
      shared.add(module);
      return { path: `shared:${module}`, external: true };
    }),
});

/** Finds the modules of both parts; `exports` are those of the first. */
const loader = (code: string) => `"use strict";var lateCode=${code},late,nodeRequire=require;
require=function(name){
if(name.startsWith("shared:"))return module.exports.shared[name.slice(7)]();
if(!name.startsWith("late:"))return nodeRequire(name);
if(!late){var made=late={exports:{}};nodeRequire("vm").compileFunction(lateCode,["module","exports","require"],{filename:__filename+".late"})(made,made.exports,require)}
return late.exports[name.slice(5)]()};
`;
