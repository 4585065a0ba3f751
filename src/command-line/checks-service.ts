import { type LoadedChecks, type LoadResult, summarizeMistakes } from '../serve/checks.ts';
import type { Service } from '../serve/service.ts';
import { writeStderr, writeStdout } from '../system/standard-streams.ts';
import { readChecksFile } from './checks-file.ts';
import { checksTable } from './checks-table.ts';
import { settingsOfMisuse } from './misuse.ts';
import type { ServeSettings } from './serve-command.ts';

/** What `lbcheck serve` serves. If the file is wrong, this is one check that could not be made. */
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
  const loaded = load();
  if (loaded.kind === 'wrong') {
    const misuse = summarizeMistakes(loaded.mistakes);
    const failed = settingsOfMisuse('checks', misuse, []);
    return { settings, service: { kind: 'one', ...failed }, misuse };
  }
  const { allowedTargets } = settings;
  return { settings, service: { kind: 'many', loaded, load, allowedTargets }, misuse: undefined };
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
