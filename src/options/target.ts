import type { Command } from '@commander-js/extra-typings';
import { hostSyntax, isAddress } from '../net/host-names.ts';
import { type Family, familyOf, withoutMapping } from '../net/ip-address.ts';
import { parseHost, parsePort } from './values.ts';

/** The target if the user names none; without these defaults HOST and PORT are required. */
interface TargetDefaults {
  readonly host: string;
  readonly port: number;
}

/**
 * Declares HOST and PORT, and `-H` and `-p`, which mean the same by plugin convention. The returned
 * function reads them after the parse, or calls `command.error` if one is missing or given twice.
 */
export function declareTarget(command: Command, defaults?: TargetDefaults) {
  const declared = command
    .argument('[HOST]', 'address or name of the server', parseHost, defaults?.host)
    .argument('[PORT]', 'its port', parsePort, defaults?.port)
    .option('-H, --hostname <HOST>', 'HOST, by plugin convention', parseHost)
    .option('-p, --port <PORT>', 'PORT, by plugin convention', parsePort)
    .addOption(
      command
        .createOption('-4, --ipv4', 'the IPv4 address of a HOST that is a name')
        .conflicts('ipv6'),
    )
    .option('-6, --ipv6', 'its IPv6 address');

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
    const target = options.hostname ?? host ?? missing(declared, 'HOST', hostSyntax);
    const family: Family | undefined = options.ipv4 ? 4 : options.ipv6 ? 6 : undefined;
    if (family && isAddress(target) && familyOf(withoutMapping(target)) !== family) {
      declared.error(`error: -${family} is given, and HOST '${target}' is no IPv${family} address`);
    }
    return {
      host: target,
      family,
      port: options.port ?? port ?? missing(declared, 'PORT', 'one number from 1 to 65535'),
    };
  };
}

function missing(command: { error(message: string): never }, name: string, syntax: string): never {
  return command.error(`error: ${name} is missing. Needed is ${syntax}.`);
}
