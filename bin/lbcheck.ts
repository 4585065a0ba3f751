import { basename } from 'node:path';
import { main } from '../src/cli.ts';

const [, executable = '', ...words] = process.argv;
main(basename(executable), words).then((exitCode) => {
  process.exitCode = exitCode;
});
