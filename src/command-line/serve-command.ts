import { type Network, parseNetworks } from '../options/networks.ts';
import { parsePath } from '../options/values.ts';
import { groups } from './groups.ts';
import { helpBelowServe } from './help.ts';
import { parse } from './parse.ts';
import { declareServingOptions, type ServingSettings } from './serving-options.ts';
import { type ParseFailure, parseWith } from './with-commander.ts';

/** The description in the help. */
export const serveDescription = 'answer for all checks of a file on one port';

/** What `lbcheck serve` is to do. */
export interface ServeSettings extends ServingSettings {
  /** The path of the file of checks. */
  readonly file: string;
  /** True when the file is only tested, and nothing is served. */
  readonly isTest: boolean;
  /** Which targets a client may name. */
  readonly allowedTargets: readonly Network[];
}

/** Reads the command line of `lbcheck serve`; `name` is what messages call it. */
export function readServe(
  name: string,
  args: readonly string[],
): { readonly kind: 'serve'; readonly settings: ServeSettings } | ParseFailure {
  return parseWith(name, (command) => {
    const declared = command
      .description(serveDescription)
      .argument('<FILE>', 'file of checks, such as /etc/lbcheck/checks', parsePath)
      .optionsGroup(groups.serve)
      .option('--test', 'read the file, print what it would do, and serve nothing')
      .addOption(
        command
          .createOption(
            '--allow-targets <CIDR,...>',
            'networks whose addresses /probe may ask (default: none)',
          )
          .argParser(parseNetworks),
      );
    const serving = declareServingOptions(command);
    command.addHelpText('after', helpBelowServe);
    parse(command, args);
    const { test, allowTargets } = declared.opts();
    const [file] = declared.processedArgs;
    const settings = {
      ...serving(),
      ...{ file, isTest: test === true, allowedTargets: allowTargets ?? [] },
    };
    return { kind: 'serve', settings };
  });
}
