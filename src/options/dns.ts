import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from '../check/invalid-argument.ts';
import type { Primary } from '../net/dns/primary.ts';
import { serialFormats } from '../net/dns/zone-age.ts';
import { isHost } from '../net/host-names.ts';
import { isIPv6 } from '../net/ip-address.ts';
import { parseDuration, parsePort } from './values.ts';

/**
 * Declares the options for how a DNS server is asked, and for the serial of a zone. The returned function
 * reads the values after the parse, or calls `command.error` if they contradict each other.
 */
export function declareDnsOptions(command: Command) {
  const declared = command
    .option(
      '--max-age <DURATION>',
      'critical when the zone data is older by its SOA serial',
      parseDuration,
    )
    .addOption(
      command
        .createOption('--serial-format <FORMAT>', 'the format of the time in the serial')
        .choices(serialFormats),
    )
    .option(
      '--primary <HOST[:PORT]>',
      'critical when the SOA serial is behind that of this server',
      parsePrimary,
    )
    .option('--no-recurse', 'ask without the bit "recursion desired"')
    .option('--tcp', 'ask over TCP at once');

  return () => {
    const { tcp, recurse, ...limits } = declared.opts();
    if (limits.serialFormat !== undefined && limits.maxAge === undefined) {
      declared.error('error: --serial-format needs --max-age');
    }
    return { isTcp: tcp === true, isRecursive: recurse, ...limits };
  };
}

/** Reads `192.0.2.1`, `name:5353`, `2001:db8::1` or `[2001:db8::1]:53`; the port is 53 by default. */
export function parsePrimary(text: string): Primary {
  const [, bracketed, bracketedPort] = /^\[(.+)\](?::(.*))?$/.exec(text) ?? [];
  const [, plain = '', plainPort] = isIPv6(text)
    ? [text, text]
    : (/^([^:]*)(?::(.*))?$/.exec(text) ?? []);
  const host = bracketed ?? plain;
  const isRight = bracketed === undefined ? isHost(host) : isIPv6(host);
  if (!isRight) {
    throw new InvalidArgumentError(
      'Allowed is one address or host name, and a port if it is not 53: 192.0.2.1, name:5353, [2001:db8::1]:53.',
    );
  }
  const port = bracketedPort ?? plainPort;
  return { host, port: port === undefined ? 53 : parsePort(port) };
}
