import { relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** The program in two parts, each the text of one CommonJS module. */
export interface Parts {
  /** What a plain check of a list server needs. */
  readonly early: string;
  /** The rest. It gives a module when it is asked for. */
  readonly late: string;
}

/** The modules loaded late that belong to the early part: a plain check needs them. */
const earlyModules = ['src/system/sockets/stream-node.ts', 'src/system/sockets/udp-node.ts'];

/**
 * Bundles the entry point in two parts: before V8 runs the first function of a text, it parses all of
 * them. Each module is in one part only; those in both are in the early one. A part asks for a module of the
 * other by `require('late:PATH')` and `require('early:PATH')`.
 */
export async function bundleInTwo(entryPoint: string, options: BuildOptions): Promise<Parts> {
  const lateModules = new Set<string>();
  const { all, atStart } = await earlyInputs(entryPoint, options, lateModules);
  const missing = earlyModules.filter((path) => !all.has(path));
  if (missing.length > 0) throw new Error(`not in the bundle: ${missing.join(', ')}`);
  const shared = new Set<string>();
  const given = sorted(lateModules).map(
    (path) => `${JSON.stringify(path)}: () => require("./${path}")`,
  );
  const late = await bundle(`module.exports = {${given.join(',\n')}}`, options, [
    earlyPlugin(all, shared),
  ]);
  const entry = `${await earlyRegistry(shared, atStart)}\nimport './${entryPoint}';`;
  return { early: await bundle(entry, options, [latePlugin(lateModules)]), late };
}

/** The modules of the early part, and those of them that every start runs. */
async function earlyInputs(entryPoint: string, options: BuildOptions, late: Set<string>) {
  const { metafile } = await build({
    ...options,
    ...{ entryPoints: [entryPoint], write: false, metafile: true, plugins: [latePlugin(late)] },
  });
  const { inputs } = metafile;
  const atStart = new Set<string>();
  const add = (module: string) => {
    if (atStart.has(module)) return;
    atStart.add(module);
    const imports = inputs[module]?.imports ?? [];
    for (const { path, kind } of imports)
      if (kind !== 'dynamic-import' && path in inputs) add(path);
  };
  add(entryPoint);
  return { all: new Set(Object.keys(inputs)), atStart };
}

/**
 * Source of an object that gives a module when it is asked for. Made from its exports: for whole modules,
 * esbuild would define every export of each of them at every start.
 */
async function earlyRegistry(
  modules: ReadonlySet<string>,
  atStart: ReadonlySet<string>,
): Promise<string> {
  const { metafile } = await build({
    ...{ entryPoints: sorted(modules), write: false, metafile: true, format: 'esm', outdir: '.' },
  });
  const members: string[] = [];
  const imports: string[] = [];
  for (const { entryPoint = '', exports } of Object.values(metafile.outputs)) {
    const local = (name: string) => `_${imports.length}_${name}`;
    const named = exports.map((name) => `${name}: ${local(name)}`).join(', ');
    const isAtStart = atStart.has(entryPoint);
    const value = isAtStart ? `({ ${named} })` : `require("./${entryPoint}")`;
    members.push(`${JSON.stringify(entryPoint)}: () => ${value}`);
    if (isAtStart)
      imports.push(`import { ${named.replaceAll(':', ' as')} } from './${entryPoint}';`);
  }
  return `${imports.join('\n')}\nexport const early = {${members.join(',\n')}};`;
}

/** esbuild finds modules in any order, and the same source must give the same bundle. */
const sorted = (modules: ReadonlySet<string>) => [...modules].sort();

async function bundle(contents: string, options: BuildOptions, plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    ...{ ...options, write: false, plugins },
    stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
  });
  return outputFiles?.[0]?.text ?? '';
}

/** Leaves out of the early part what is loaded late. */
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

/** Leaves out of the late part what is in the early one. */
const earlyPlugin = (early: ReadonlySet<string>, shared: Set<string>): Plugin => ({
  name: 'early',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const module = relative(process.cwd(), resolve(resolveDir, path));
      if (!early.has(module)) return undefined;
      shared.add(module);
      return { path: `early:${module}`, external: true };
    }),
});
