import {
  type FirstChecks,
  type LoadedChecks,
  type LoadResult,
  summarizeMistakes,
} from '../serve/checks.ts';
import type { Service } from '../serve/service.ts';
import { writeStderr, writeStdout } from '../system/standard-streams.ts';
import { readChecksFile } from './checks-file.ts';
import { checksTable } from './checks-table.ts';
import { settingsOfMisuse } from './misuse.ts';
import type { ServeSettings } from './serve-command.ts';

/** What `lbcheck serve` serves. If the file is wrong, a check that says so. */
export function openChecks(settings: ServeSettings): {
  readonly settings: ServeSettings;
  readonly service: Service;
  readonly misuse: string | undefined;
} {
  let latest: LoadedChecks | undefined;
  const load = (): LoadResult => {
    const result = readChecksFile(settings.file, latest);
    if (result.kind === 'loaded') latest = result;
    return result;
  };
  const result = load();
  const misuse = result.kind === 'wrong' ? summarizeMistakes(result.mistakes) : undefined;
  const first: FirstChecks =
    result.kind === 'wrong'
      ? {
          kind: 'failed',
          check: settingsOfMisuse('checks', summarizeMistakes(result.mistakes), []),
        }
      : result;
  const { allowedTargets } = settings;
  return { settings, service: { kind: 'many', first, load, allowedTargets }, misuse };
}

/** Prints the checks of the file, or all its mistakes; returns the exit code. */
export async function testChecks(file: string): Promise<number> {
  const loaded = readChecksFile(file);
  if (loaded.kind === 'loaded') {
    await writeStdout(checksTable(loaded));
    return 0;
  }
  writeStderr(loaded.mistakes.map((mistake) => `${mistake}\n`).join(''));
  return 3;
}
