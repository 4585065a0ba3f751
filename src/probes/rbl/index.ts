import { InvalidArgumentError } from '../../check/invalid-argument.ts';
import { domainNameSyntax, endpoint, isDomainName } from '../../net/host-names.ts';
import { declareDnsOptions } from '../../options/dns.ts';
import { declareTarget } from '../../options/target.ts';
import { parseDomainName } from '../../options/values.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import { parseCodes } from './codes.ts';
import { listTypes, mistakeInEntries, standardEntries } from './entries.ts';
import { probeRbl, type RblCheck } from './probe.ts';

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
        command
          .createOption('--type <TYPE>', 'what the list holds')
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
      .option('--max-rate <NUMBER>', 'questions a second, at most', parseRate);
    const dnsOptionsOf = declareDnsOptions(command);

    return ({ timeout }) => {
      const { host, port, family } = targetOf();
      const { zone, testEntry, control: givenControl, ...options } = declared.opts();
      const zones = zone ?? zonesInEnvironment(declared);
      const standard = standardEntries[options.type];
      const test = testEntry ?? standard.test;
      const control = givenControl === false ? undefined : (givenControl ?? standard.control);
      const mistake = mistakeInEntries(options.type, test, control, zones);
      if (mistake !== undefined) declared.error(`error: ${mistake}`);
      const dnsOptions = dnsOptionsOf();
      const asksSerial = dnsOptions.maxAge !== undefined || dnsOptions.primary !== undefined;
      const count = zones.length * (1 + Number(control !== undefined) + Number(asksSerial));
      if (options.maxRate !== undefined && count >= options.maxRate * timeout) {
        declared.error(
          `error: --max-rate ${options.maxRate} is too low for ${count} questions within --timeout ${timeout}`,
        );
      }
      const server = { host, port, family, ...dnsOptions, resendAfter: timeout / 2 };
      const check: RblCheck = { ...server, ...options, zones, test, control };
      return {
        target: endpoint(host, port),
        names: zones,
        probe: (signal, trace) => probeRbl(check, signal, trace),
      };
    };
  },
};

/** Reads a number of questions a second. */
function parseRate(text: string): number {
  const rate = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (rate < 1) throw new InvalidArgumentError('Allowed is a whole number from 1 to 99999.');
  return rate;
}

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
