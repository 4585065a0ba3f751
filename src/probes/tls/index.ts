import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { endpoint, isAddress } from '../../net/host-names.ts';
import { declareTarget } from '../../options/target.ts';
import { parseDomainName } from '../../options/values.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import type { CertificateDays } from './certificate.ts';
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
      .option('--cert-days <W[,C]>', 'warning or critical below so many days left', parseDays);

    return () => {
      const { host, port, family } = targetOf();
      const { require: requirement, cert, key, ca, servername, certDays, verify } = declared.opts();
      if ((cert === undefined) !== (key === undefined)) {
        declared.error(`error: --cert and --key need each other: ${cert ?? key} stands alone`);
      }
      if (ca !== undefined && !verify) declared.error('error: --ca needs --verify');
      const check: TlsCheck = {
        ...{
          host,
          port,
          family,
          requirement,
          cert,
          key,
          ca,
          days: certDays,
          verify: verify === true,
        },
        // RFC 6066 section 3: a literal address is no server name.
        servername: servername ?? (isAddress(host) ? undefined : host.replace(/\.$/, '')),
      };
      return {
        target: endpoint(host, port),
        // Late, since it loads node:tls.
        probe: async (signal) => (await import('./probe.ts')).probeTls(check, signal),
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
