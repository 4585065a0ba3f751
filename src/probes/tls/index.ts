import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { endpoint, isAddress } from '../../net/host-names.ts';
import { declareTarget } from '../../options/target.ts';
import { parseDomainName } from '../../options/values.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import { type CertificateDays, certificateScopes } from './expiry.ts';
import type { TlsCheck } from './probe.ts';
import { requirements } from './verdict.ts';

/** Does a TLS server answer, without being held up by the question? */
export const tls: ProbeDeclaration = {
  name: 'tls',
  plugin: 'check_tls',
  description: 'shake hands with a TLS server, once, and never leave it blocked',
  examples: [
    '192.0.2.7 27000',
    'license.example.org 443 --require handshake --cert-days 30,7',
    '192.0.2.7 5053 --cert c.pem --key c.key --verify --ca ca.pem',
  ],

  declare(command) {
    const targetOf = declareTarget(command);
    const declared = command
      .addOption(
        new Option('--require <LEVEL>', 'what a healthy server does')
          .choices(requirements)
          .default('answer' as const),
      )
      .option('--cert <FILE>', 'client certificate, PEM')
      .option('--key <FILE>', 'its private key, PEM')
      .option(
        '--servername <NAME>',
        'name for SNI (default: HOST when it is a name)',
        parseDomainName,
      )
      .option('--verify', 'critical when the certificate does not verify')
      .option('--ca <FILE>', 'whom --verify trusts, PEM')
      .option('--cert-days <W[,C]>', 'warning or critical below so many days left', parseDays)
      .addOption(
        new Option('--cert-of <SCOPE>', 'whose dates count: the certificate alone, or its chain')
          .choices(certificateScopes)
          .default('chain' as const),
      );

    return ({ timeout }) => {
      const target = targetOf();
      const { cert, key, ca, servername, ...options } = declared.opts();
      if ((cert === undefined) !== (key === undefined)) {
        declared.error(`error: --cert and --key need each other: ${cert ?? key} stands alone`);
      }
      if (ca !== undefined && !options.verify) declared.error('error: --ca needs --verify');
      const { host, port } = target;
      const check: TlsCheck = {
        ...{ ...target, timeout, requirement: options.require },
        ...{ cert, key, ca, verify: options.verify === true },
        ...{ days: options.certDays, scope: options.certOf },
        // RFC 6066 section 3: a literal address is no server name.
        servername: servername ?? (isAddress(host) ? undefined : host.replace(/\.$/, '')),
      };
      return {
        target: endpoint(host, port),
        // Late, since it loads node:tls.
        probe: async (signal, trace) => (await import('./probe.ts')).probeTls(check, signal, trace),
      };
    };
  },
};

function parseDays(text: string): CertificateDays {
  const [, warning, critical] = /^(\d{1,5})(?:,(\d{1,5}))?$/.exec(text) ?? [];
  const days = {
    warning: Number(warning),
    critical: critical === undefined ? undefined : Number(critical),
  };
  if (warning === undefined || (days.critical ?? 0) > days.warning) {
    throw new InvalidArgumentError(
      'Allowed are whole days: 30, or 30,7 with the second not above the first.',
    );
  }
  return days;
}
