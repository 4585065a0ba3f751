import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { isNative } from '../support/executable.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import { ask } from '../support/tls-plugin.ts';
import { startOpenssl } from '../support/tls-server.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
  await certificates.make(`
    openssl req -x509 -newkey rsa-pss -nodes -keyout pss.key -out pss.pem -days 9 -subj /CN=pss
    openssl req -x509 -newkey ed448 -nodes -keyout ed448.key -out ed448.pem -days 9 -subj /CN=ed448
    openssl req -x509 -newkey ed25519 -nodes -keyout ed25519.key -out ed25519.pem -days 9 -subj /CN=e
    openssl dsaparam -out dsa.params 2048
    openssl req -x509 -newkey dsa:dsa.params -nodes -keyout dsa.key -out dsa.pem -days 9 -subj /CN=d
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes \\
      -keyout brainpool.key -out brainpool.pem -days 9 -subj /CN=brainpool`);
});

const weak = '@SECLEVEL=0';
const ecdhe = ['-tls1_2', '-cipher', 'ECDHE'];

describe('a server that has only this completes its handshake', () => {
  test.each<[string, string, readonly string[], 'both' | 'bundle']>([
    ['the group X25519', 'self', ['-tls1_3', '-groups', 'X25519'], 'both'],
    ['the group P-521', 'self', ['-tls1_3', '-groups', 'P-521'], 'both'],
    ['the group X448', 'self', ['-tls1_3', '-groups', 'X448'], 'bundle'],
    ['the group ffdhe2048', 'self', ['-tls1_3', '-groups', 'ffdhe2048'], 'bundle'],
    ['the group ffdhe8192', 'self', ['-tls1_3', '-groups', 'ffdhe8192'], 'bundle'],
    ['the group secp256k1', 'self', [...ecdhe, '-groups', 'secp256k1'], 'bundle'],
    ['the group brainpoolP256r1', 'self', [...ecdhe, '-groups', 'brainpoolP256r1'], 'bundle'],
    ['the group brainpoolP384r1', 'self', [...ecdhe, '-groups', 'brainpoolP384r1'], 'bundle'],
    ['the group brainpoolP512r1', 'self', [...ecdhe, '-groups', 'brainpoolP512r1'], 'bundle'],
    ['CCM', 'self', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256'], 'bundle'],
    ['CCM8', 'self', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256'], 'bundle'],
    ['CCM in TLS 1.2', 'self', ['-tls1_2', '-cipher', 'AES128-CCM'], 'bundle'],
    ['CCM8 in TLS 1.2', 'self', ['-tls1_2', '-cipher', `AES128-CCM8:${weak}`], 'bundle'],
    ['Camellia', 'self', ['-tls1_2', '-cipher', `CAMELLIA128-SHA:${weak}`], 'bundle'],
    ['ARIA', 'self', ['-tls1_2', '-cipher', 'ARIA128-GCM-SHA256'], 'bundle'],
    ['ChaCha20', 'self', ['-tls1_2', '-cipher', 'CHACHA20'], 'both'],
    ['an RSA-PSS key', 'pss', ['-tls1_3'], 'bundle'],
    ['an Ed25519 key', 'ed25519', ['-tls1_3'], 'both'],
    ['an Ed448 key', 'ed448', ['-tls1_3'], 'bundle'],
    ['a DSA key', 'dsa', ['-tls1_2', '-cipher', `ALL:${weak}`], 'bundle'],
    [
      'a brainpool key',
      'brainpool',
      ['-tls1_2', '-cipher', `ALL:${weak}`, '-groups', 'brainpoolP256r1'],
      'bundle',
    ],
  ])('%s', async (_what, name, args, who) => {
    const { directory } = certificates;
    const credentials = { cert: `${directory}/${name}.pem`, key: `${directory}/${name}.key` };
    const server = await startOpenssl(cleanUp, credentials, ...args);
    const { code, summary } = await ask(server, '--require', 'handshake');
    const completes = who === 'both' || !isNative;
    expect(summary).toMatch(completes ? /handshake completed/ : /TLS/);
    expect(code).toBe(completes ? 0 : 2);
    // What it cannot complete is an answer.
    if (!completes) expect(await ask(server)).toMatchObject({ code: 0 });
  });
});
