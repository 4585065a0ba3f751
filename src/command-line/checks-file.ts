import { readFileSync, statSync } from 'node:fs';
import { probes } from '../probes/index.ts';
import type { LoadedChecks, LoadResult, Sourced } from '../serve/checks.ts';
import { type CheckLine, type Mistake, readCheckLines } from './checks-text.ts';
import type { Settings } from './index.ts';
import { messageOfMisuse } from './misuse.ts';
import { readProbe } from './probe-command.ts';
import { placeholder, readTargetLine } from './target-line.ts';

/** The longest file that is read, in bytes: room for some 50,000 checks. */
const maxBytes = 4 * 1024 ** 2;

/**
 * Reads a file of checks. Never throws. A line that is the same in `earlier` is not parsed again: a file
 * of thousands is reloaded without a pause.
 */
export function readChecksFile(path: string, earlier?: LoadedChecks): LoadResult {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    return { kind: 'wrong', mistakes: [`${path}: ${(error as Error).message}`] };
  }
  const { lines, mistakes } = readCheckLines(text);
  const known = new Map(
    [...(earlier?.checks ?? []), ...(earlier?.templates ?? [])].map((entry) => [
      keyOf(entry),
      entry,
    ]),
  );
  const results = lines.map(
    (line) => known.get(keyOf({ ...line, source: sourceOf(line) })) ?? readLine(line),
  );
  const all = [...mistakes, ...results.filter((result) => 'message' in result)];
  if (all.length > 0) {
    const sorted = all.sort((a, b) => a.line - b.line);
    return { kind: 'wrong', mistakes: sorted.map((mistake) => formatMistake(path, mistake)) };
  }
  if (lines.length === 0) return { kind: 'wrong', mistakes: [`${path}: it holds no check`] };
  return {
    kind: 'loaded',
    checks: results.filter((result) => 'check' in result),
    templates: results.filter((result) => 'aim' in result),
  };
}

const formatMistake = (path: string, { line, column, message }: Mistake) =>
  `${path}:${line}:${column}: ${message}`;

function readText(path: string): string {
  const stat = statSync(path);
  // Reading anything else could block, or never end.
  if (!stat.isFile()) throw new Error('it is not a regular file');
  if (stat.size > maxBytes) throw new Error(`it has ${stat.size} bytes; allowed are ${maxBytes}`);
  const text = readFileSync(path, 'utf8');
  if (/[\0\ufffd]/.test(text)) throw new Error('it is not a text file in UTF-8');
  return text;
}

const sourceOf = ({ args }: CheckLine) => JSON.stringify(args);

const keyOf = ({ name, source }: Sourced) => `${name} ${source}`;

type LineResult = LoadedChecks['checks'][number] | LoadedChecks['templates'][number] | Mistake;

function readLine(line: CheckLine): LineResult {
  const { name, args } = line;
  const source = sourceOf(line);
  if (!args.some((argument) => argument.includes(placeholder))) {
    const settings = settingsOf(line, args);
    if ('message' in settings) return settings;
    const { check, drainFile, hold } = settings;
    return { name, source, check, drainFile, hold };
  }
  const template = readTargetLine(line, (aimed) => settingsOf(line, aimed));
  if (!('message' in template)) return { ...template, source };
  return template.message.includes(placeholder) ? mistakeAt(line, template.message) : template;
}

function settingsOf(line: CheckLine, args: readonly string[]): Settings | Mistake {
  const [probeName, ...rest] = args;
  const probe = probes.find(({ name }) => name === probeName);
  const allowed = probes.map(({ name }) => name).join(', ');
  if (probeName === undefined) return mistakeAt(line, `PROBE is missing. Allowed is ${allowed}`);
  if (!probe) return mistakeAt(line, `there is no probe '${probeName}'. Allowed is ${allowed}`);
  const result = readProbe(probe, `lbcheck ${probe.name}`, rest, 'file');
  if (result.kind === 'run') return result.settings;
  if (result.kind === 'text') return mistakeAt(line, 'help and version are no checks');
  const mistake = mistakeAt(line, result.message);
  return { ...mistake, message: messageOfMisuse(mistake.message, probe, rest) };
}

/** The column is that of the argument that the message names, or else that of the probe. */
function mistakeAt({ line, args, columns }: CheckLine, message: string): Mistake {
  const isNamed = (argument: string) =>
    argument !== '' && (message.includes(`'${argument}'`) || message.startsWith(`${argument} `));
  // An option that lacks its value, as in "option '-t, --timeout <SECONDS>' argument missing".
  const [, option = ''] = /^option '(.*?)' argument missing/.exec(message) ?? [];
  const lacks = option.split(/[, ]+/);
  const isMeant = (argument: string) => isNamed(argument) || lacks.includes(argument);
  const index = args.map(isMeant).lastIndexOf(true);
  // One line for each mistake, though commander puts its suggestion on a second one.
  const oneLine = message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
  return { line, column: columns[Math.max(0, index)] ?? 1, message: oneLine };
}
