import { InvalidArgumentError } from '../../check/invalid-argument.ts';
import { rcodeNames } from '../../net/dns/rcodes.ts';
import { recordTypes } from '../../net/dns/record-types.ts';
import { canonicalValue, valueSyntax } from '../../net/dns/record-value.ts';
import { pointerName } from '../../net/dns/reverse.ts';
import { endpoint, isAddress } from '../../net/host-names.ts';
import { declareDnsOptions } from '../../options/dns.ts';
import { declareTarget } from '../../options/target.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import type { DnsCheck } from './probe.ts';

/** Does a DNS server answer a question as it should? */
export const dns: ProbeDeclaration = {
  name: 'dns',
  plugin: 'check_dns_answer',
  namesFrom: { option: '--query' },
  description: 'ask a DNS server one question, and judge its answer',
  examples: [
    '192.0.2.7 --query www.example.org --expect 192.0.2.80',
    '192.0.2.7 --query example.org --type SOA --max-age 2d',
    '192.0.2.7 --query absent.example.org --expect-rcode NXDOMAIN',
  ],

  declare(command) {
    const targetOf = declareTarget(command, { host: '127.0.0.1', port: 53 });
    const declared = command
      .requiredOption(
        '--query <NAME>',
        'the name to ask for; an address with --type PTR',
        parseName,
      )
      .addOption(
        command
          .createOption('--type <TYPE>', 'type of record')
          .choices(recordTypes)
          .default('A' as const),
      )
      .option('--expect <VALUE>', 'value that a record must have; repeat it for more', add)
      .addOption(
        command
          .createOption('--expect-rcode <RCODE>', 'the answer that is ok, with or without a record')
          .choices(rcodeNames),
      )
      .option('--authoritative', 'critical when the answer is not authoritative');
    const dnsOptionsOf = declareDnsOptions(command);

    return ({ timeout }) => {
      const { host, port, family } = targetOf();
      const { query, type, expect = [], expectRcode, authoritative } = declared.opts();
      const dnsOptions = dnsOptionsOf();
      const { maxAge, primary } = dnsOptions;
      if ((maxAge !== undefined || primary !== undefined) && type !== 'SOA') {
        declared.error(
          `error: --${primary === undefined ? 'max-age' : 'primary'} needs --type SOA`,
        );
      }
      const name = type === 'PTR' && isAddress(query) ? pointerName(query) : query;
      const check: DnsCheck = {
        ...{ host, port, family, ...dnsOptions, resendAfter: timeout / 2 },
        question: { name, type },
        expect: expect.map((text) => {
          const canonical = canonicalValue(type, text);
          if (canonical !== undefined) return { text, canonical };
          return declared.error(
            `error: --expect '${text}' is invalid. Allowed is one value of type ${type}: ${valueSyntax(type)}. For more values repeat --expect.`,
          );
        }),
        rcode: expectRcode,
        isAuthoritative: authoritative === true,
      };
      return {
        target: endpoint(host, port),
        // Every name ends with the root, and so it has nothing to hide.
        names: name === '.' ? [] : [name],
        // Late, since it loads node:dgram.
        probe: async (signal, trace) => (await import('./probe.ts')).probeDns(check, signal, trace),
      };
    };
  },
};

/** Reads a name that can be asked for: it need not be the name of a host. */
function parseName(text: string): string {
  const name = text.length > 1 ? text.replace(/\.$/, '') : text;
  const labels = name === '.' ? [] : name.split('.');
  if (name.length > 253 || !labels.every((label) => /^[!-[\]-~]{1,63}$/.test(label))) {
    throw new InvalidArgumentError(
      'Allowed is a domain name: labels of 1 to 63 printable ASCII characters, joined by dots, 253 characters at most.',
    );
  }
  return name;
}

function add(text: string, values: readonly string[] = []): readonly string[] {
  return [...values, text];
}
