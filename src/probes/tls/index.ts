import type { Command } from '@commander-js/extra-typings';
import { endpoint, isAddress } from '../../net/host-names.ts';
import { declareTarget } from '../../options/target.ts';
import { parseDomainName } from '../../options/values.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import { certificateScopes } from './certificate-scopes.ts';
import { parseAlpn, parseDays } from './option-values.ts';
import type { TlsCheck } from './probe.ts';
import { proxyVersions } from './proxy-header.ts';
import { requirements } from './requirements.ts';
import { startTlsProtocols } from './starttls/protocols.ts';

/** Does a TLS server answer, without being held up by the question? */
export const tls: ProbeDeclaration = {
  name: 'tls',
  plugin: 'check_tls',
  description: 'shake hands with a TLS server, once, and never leave it blocked',
  examples: [
    '192.0.2.7 27000',
    'license.example.org 443 --require handshake --cert-days 30,7',
    'mail.example.org 25 --starttls smtp --cert-days 14',
    '192.0.2.7 5053 --cert c.pem --key c.key --verify --ca ca.pem',
  ],

  declare(command) {
    const targetOf = declareTarget(command);
    const connection = declareConnection(command);
    const certificates = declareCertificates(command);

    return ({ timeout }) => {
      const { host, port, family } = targetOf();
      const { servername, starttls, ehlo, alpn, proxyProtocol, ...options } = connection.opts();
      const { cert, key, ca, verify, certDays, certOf } = certificates.opts();
      if ((cert === undefined) !== (key === undefined)) {
        command.error(`error: --cert and --key need each other: ${cert ?? key} stands alone`);
      }
      if (ca !== undefined && !verify) command.error('error: --ca needs --verify');
      if (ehlo !== undefined && starttls !== 'smtp' && starttls !== 'lmtp') {
        command.error('error: --ehlo needs --starttls smtp or --starttls lmtp');
      }
      const names = { client: ehlo, server: servername ?? host };
      const check: TlsCheck = {
        ...{ host, port, family, timeout, requirement: options.require, alpn, proxyProtocol },
        ...{ cert, key, ca, verify: verify === true, days: certDays, scope: certOf },
        startTls: starttls && { protocol: starttls, names },
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

/** What is sent on the connection, and what a healthy server does then. */
function declareConnection(command: Command) {
  const level = command.createOption('--require <LEVEL>', 'what a healthy server does');
  const starttls = command.createOption(
    '--starttls <PROTOCOL>',
    'plain words first, as the protocol has them',
  );
  const proxy = command.createOption(
    '--proxy-protocol <VERSION>',
    "the header of HAProxy's protocol first",
  );
  return command
    .addOption(level.choices(requirements).default('answer' as const))
    .addOption(starttls.choices(startTlsProtocols))
    .option(
      '--ehlo <NAME>',
      'our name for smtp and lmtp (default: the name of this machine)',
      parseDomainName,
    )
    .addOption(proxy.choices(proxyVersions))
    .option('--alpn <NAME[,NAME]>', 'protocols to offer, such as h2,http/1.1', parseAlpn)
    .option(
      '--servername <NAME>',
      'name for SNI (default: HOST when it is a name)',
      parseDomainName,
    );
}

/** Our certificate, and what is asked of the server's. */
function declareCertificates(command: Command) {
  const scope = command.createOption(
    '--cert-of <SCOPE>',
    'whose dates count: its own, or its whole chain',
  );
  return command
    .option('--cert <FILE>', 'client certificate, PEM')
    .option('--key <FILE>', 'its private key, PEM')
    .option('--verify', 'critical when the certificate does not verify')
    .option('--ca <FILE>', 'whom --verify trusts, PEM')
    .option(
      '--cert-days <W[,C]>',
      'warning or critical below so many days left, or hours: 12h',
      parseDays,
    )
    .addOption(scope.choices(certificateScopes).default('chain' as const));
}
