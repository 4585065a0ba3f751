import type { Command } from '@commander-js/extra-typings';
import { hostSyntax } from '../net/host-names.ts';
import { parseHost, parsePort } from './values.ts';

/** Where a probe asks when the user names no server; without it HOST and PORT are required. */
interface TargetDefaults {
  readonly host: string;
  readonly port: number;
}

/**
 * Declares HOST and PORT and, by plugin convention, `-H` and `-p` for the same. The returned
 * function reads them after the parse, and ends in `command.error` when one is missing or given twice.
 */
export function declareTarget(command: Command, defaults?: TargetDefaults) {
  const declared = command
    .argument('[HOST]', 'address or name of the server', parseHost, defaults?.host)
    .argument('[PORT]', 'its port', parsePort, defaults?.port)
    .option('-H, --hostname <HOST>', 'HOST, by plugin convention', parseHost)
    .option('-p, --port <PORT>', 'PORT, by plugin convention', parsePort);

  return () => {
    const options = declared.opts();
    const [host, port] = declared.processedArgs;
    const given = declared.args.length;
    for (const [name, option, count] of [
      ['HOST', options.hostname, 1],
      ['PORT', options.port, 2],
    ] as const) {
      if (option !== undefined && given >= count) {
        declared.error(
          `error: ${name} is given twice: '${declared.args[count - 1]}' and '${option}'`,
        );
      }
    }
    return {
      host: options.hostname ?? host ?? missing(declared, 'HOST', hostSyntax),
      port: options.port ?? port ?? missing(declared, 'PORT', 'one number from 1 to 65535'),
    };
  };
}

function missing(command: { error(message: string): never }, name: string, syntax: string): never {
  return command.error(`error: ${name} is missing. Needed is ${syntax}.`);
}
