import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startPostfix } from '../support/syn-postfix.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import * as daemons from '../support/tls-daemons.ts';
import { ask } from '../support/tls-plugin.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;
beforeAll(async () => { certificates = await makeCertificates(cleanUp); });

const at = (port: number) => ({ address: '127.0.0.1', port });

test('all', async () => {
  const { server } = certificates;
  const report: string[] = [];
  const go = async (protocol: string, start: () => Promise<{ port: number; log: () => Promise<string> }>) => {
    try {
      const s = await start();
      const before = (await s.log()).length;
      const r = await ask(at(s.port), '--starttls', protocol, '--servername', 'leaf.test', '--require', 'handshake', '--cert-days', '1', '-t', '5');
      await new Promise((r) => setTimeout(r, 800));
      report.push(`### ${protocol} ${JSON.stringify(r)}\n${(await s.log()).slice(before)}`);
    } catch (e) { report.push(`### ${protocol} FAILS ${String(e)} ${(e as Error).stack}`); }
  };
  if (0) await go('smtp', async () => {
    const p = await startPostfix(cleanUp, [`smtpd_tls_cert_file=${server.cert}`, `smtpd_tls_key_file=${server.key}`, 'smtpd_tls_security_level=may', 'smtpd_tls_loglevel=1']);
    return { port: p.port, log: async () => (await p.connections()).join('\n') };
  });
  let d: Awaited<ReturnType<typeof daemons.startDovecot>> | undefined;
  if (0) for (const p of ['imap', 'pop3', 'lmtp', 'sieve'] as const)
    await go(p, async () => { d ??= await daemons.startDovecot(cleanUp, server); return { port: d.ports[p], log: d.log }; });
  await go('ldap', () => daemons.startSlapd(cleanUp, server));
  await go('xmpp', () => daemons.startProsody(cleanUp, server));
  await go('ftp', () => daemons.startVsftpd(cleanUp, server));
  if (0) await go('postgres', () => daemons.startPostgresqlTls(cleanUp, server));
  if (0) await go('mysql', () => daemons.startMariadbTls(cleanUp, server));
  console.log(report.join('\n'));
}, 200_000);
void describe; void expect;
