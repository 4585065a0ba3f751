import { Option } from '@commander-js/extra-typings';
import { domainNameSyntax, endpoint, isDomainName } from '../../net/host-names.ts';
import { declareTarget } from '../../options/target.ts';
import { parseDomainName, parseDuration } from '../../options/values.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import { serialFormats } from './age.ts';
import { parseCodes } from './codes.ts';
import { listTypes, mistakeInEntries, standardEntries } from './entries.ts';
import type { RblCheck } from './probe.ts';

/** Does the DNS blocklist list its test entry, truthfully? */
export const rbl: ProbeDeclaration = {
  name: 'rbl',
  plugin: 'check_dnsbl',
  pluginAlias: 'check_rbl',
  namesFrom: { option: '--zone', variable: 'RBL_ZONE' },
  description: 'ask a DNS blocklist server for the test entry of its zones (RFC 5782)',
  examples: [
    '--zone dnsbl.example.org',
    '192.0.2.7 53 --zone dnsbl.example.org --max-age 2h',
    '--zone dbl.example.org --type name --timeout 0.8',
  ],

  declare(command) {
    const targetOf = declareTarget(command, { host: '127.0.0.1', port: 53 });
    const declared = command
      .option(
        '--zone <ZONE>',
        'zone to ask for; repeat it for more; all must pass (env: RBL_ZONE)',
        addZone,
      )
      .addOption(
        new Option('--type <TYPE>', 'what the list holds')
          .choices(listTypes)
          .default('ip4' as const),
      )
      .option(
        '--test-entry <ENTRY>',
        "entry that must be listed (default: RFC 5782's for the type)",
      )
      .option(
        '--control <ENTRY>',
        "entry that must not be listed (default: RFC 5782's for the type)",
      )
      .option('--no-control', 'ask for no entry that must not be listed')
      .option(
        '--expect <CODES>',
        'what the test entry may be listed as: addresses, networks (default: any in 127.0.0.0/8)',
        parseCodes,
      )
      .option(
        '--max-age <DURATION>',
        'critical when the zone data is older by its SOA serial',
        parseDuration,
      )
      .addOption(
        new Option('--serial-format <FORMAT>', 'how the serial says its time').choices(
          serialFormats,
        ),
      )
      .option('--tcp', 'ask over TCP at once');

    return ({ timeout }) => {
      const { host, port, family } = targetOf();
      const { zone, testEntry, control: givenControl, tcp, ...options } = declared.opts();
      const zones = zone ?? zonesInEnvironment(declared);
      const standard = standardEntries[options.type];
      const test = testEntry ?? standard.test;
      const control = givenControl === false ? undefined : (givenControl ?? standard.control);
      const mistake = mistakeInEntries(options.type, test, control, zones);
      if (mistake !== undefined) declared.error(`error: ${mistake}`);
      if (options.serialFormat !== undefined && options.maxAge === undefined) {
        declared.error('error: --serial-format needs --max-age');
      }
      const isTcp = tcp === true;
      const server = { host, port, family, isTcp, isRecursive: true, resendAfter: timeout / 2 };
      const check: RblCheck = { ...server, ...options, zones, test, control };
      return {
        target: endpoint(host, port),
        names: zones,
        // Late, since it loads node:dgram.
        probe: async (signal, trace) => (await import('./probe.ts')).probeRbl(check, signal, trace),
      };
    };
  },
};

function addZone(text: string, zones: readonly string[] = []): readonly string[] {
  return [...new Set([...zones, parseDomainName(text).toLowerCase()])];
}

/** RBL_ZONE holds zones, separated by commas or blanks. */
function zonesInEnvironment(command: { error(message: string): never }): readonly string[] {
  const named = (process.env.RBL_ZONE ?? '').split(/[\s,]+/).filter((zone) => zone !== '');
  if (named.length === 0) {
    command.error('error: --zone is missing. Needed is at least one zone, there or in RBL_ZONE.');
  }
  const wrong = named.find((zone) => !isDomainName(zone));
  if (wrong !== undefined) {
    command.error(`error: zone '${wrong}' in RBL_ZONE is invalid. Allowed is ${domainNameSyntax}.`);
  }
  return named.reduce((zones, zone) => addZone(zone, zones), [] as readonly string[]);
}
