import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { contextOf } from '../../../src/probes/tls/context.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Certificates, makeCertificates } from '../../support/tls-certificates.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;
let at: (name: string) => string;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
  at = (name) => join(certificates.directory, name);
  mkdirSync(at('folder'));
  const certificate = readFileSync(at('client.pem'), 'utf8');
  const middle = certificate.indexOf('\n', 200);
  writeFileSync(at('text'), 'no PEM\n');
  writeFileSync(at('empty'), '');
  writeFileSync(at('noise'), Buffer.from([0x30, 0x82, 0, 0xff, 0x0a, 0x0d]));
  writeFileSync(at('cut'), certificate.slice(0, middle));
  const broken = `${certificate.slice(0, middle)}\n!!!!${certificate.slice(middle)}`;
  writeFileSync(at('good-then-broken'), certificate + broken);
  writeFileSync(at('both'), readFileSync(at('client.key'), 'utf8') + certificate);
  await certificates.make(`
    openssl req -x509 -newkey rsa:512 -md5 -nodes -keyout weak.key -out weak.pem -subj /CN=weak
    openssl x509 -in client.pem -outform DER -out client.der
    openssl pkey -in client.key -outform DER -out client-der.key
    sed 's/ PRIVATE/ OPENSSH PRIVATE/' client.key >openssh.key
    openssl x509 -in client.pem -text -out explained.pem
    { echo '# UNENCRYPTED copy of encrypted.key'; cat client.key; } >unencrypted.key
    openssl pkcs12 -export -in client.pem -inkey client.key -name 'not ENCRYPTED' -passout pass: -out x.p12
    openssl pkcs12 -in x.p12 -passin pass: -nodes -nocerts -out bag.key
    { cat client.key; echo 'Proc-Type: 4,ENCRYPTED'; } >words-behind.key
    { echo 'words'; cat encrypted.key; } >encrypted-words.key
    sed 's/$/\r/' encrypted-old.key >encrypted-dos.key`);
});

const context = (
  files: Partial<Record<'cert' | 'key' | 'ca', string>>,
): ReturnType<typeof contextOf> =>
  contextOf({
    cert: files.cert === undefined ? undefined : at(files.cert),
    key: files.key === undefined ? undefined : at(files.key),
    ca: files.ca === undefined ? undefined : at(files.ca),
    verify: files.ca !== undefined,
  });

const good = { cert: 'client.pem', key: 'client.key' };

describe('a context is made', () => {
  test.each([
    ['without files', {}],
    ['of a certificate and its key', good],
    ['of one file that holds both', { cert: 'both', key: 'both' }],
    ['of a certificate with its issuer behind it', { cert: 'server.pem', key: 'server.key' }],
    ['of a certificate that is explained in words', { cert: 'explained.pem', key: 'client.key' }],
    ['of a key below words that it is UNENCRYPTED', { ...good, key: 'unencrypted.key' }],
    ['of a key with bag attributes that speak of ENCRYPTED', { ...good, key: 'bag.key' }],
    ['of a key above words on encryption', { ...good, key: 'words-behind.key' }],
    ['of an old certificate: RSA 1024, SHA-1', { cert: 'old.pem', key: 'old.key' }],
    ['of a weaker one: RSA 512, MD5', { cert: 'weak.pem', key: 'weak.key' }],
    ['of an authority', { ca: 'authority.pem' }],
    ['of several authorities in one file', { ...good, ca: 'server.pem' }],
  ])('%s', (_what, files) => {
    expect(context(files)).toMatchObject({ context: { context: expect.anything() } });
  });
});

describe('what is wrong with a file is shown with its name', () => {
  test.each([
    ['missing', 'cannot read', 'ENOENT'],
    ['folder', 'cannot read', 'not a regular file'],
    ['text', 'no usable', 'in PEM form'],
    ['empty', 'no usable', 'in PEM form'],
    ['noise', 'no usable', 'in PEM form'],
    ['cut', 'no usable', ''],
  ])('%s', (name, problem, reason) => {
    for (const [files, what] of [
      [{ ...good, cert: name }, 'certificate'],
      [{ ...good, key: name }, 'private key'],
      [{ ca: name }, 'certificate'],
    ] as const) {
      const message = context(files);
      expect(message).toMatch(
        `${problem} ${what} ${problem === 'cannot read' ? '' : 'in '}'${at(name)}'`,
      );
      expect(message).toMatch(reason);
      expect(message).not.toMatch('\n');
    }
  });

  test.each(['client-der.key', 'openssh.key'])('%s', (name) => {
    expect(context({ ...good, key: name })).toBe(
      `no usable private key in '${at(name)}': it has no private key in PEM form`,
    );
  });

  test.each([
    ...['encrypted.key', 'encrypted-old.key', 'encrypted-words.key', 'encrypted-dos.key'],
  ])('%s', (name) => {
    expect(context({ ...good, key: name })).toBe(
      `no usable private key in '${at(name)}': it is encrypted; a key without passphrase is needed`,
    );
  });

  test.each(['cert', 'key', 'ca'])('a file for %s that is too large', (option) => {
    writeFileSync(
      at('large'),
      `${readFileSync(at('client.pem'), 'utf8')}${'#\n'.repeat(1_100_000)}`,
    );
    expect(context({ ...good, [option]: 'large' })).toMatch(
      `'${at('large')}': it is larger than 1 MiB`,
    );
  });

  test('a key that does not fit', () => {
    expect(context({ cert: 'client.pem', key: 'server.key' })).toBe(
      `--key '${at('server.key')}' does not fit --cert '${at('client.pem')}'`,
    );
  });

  test('a certificate where the key is to be, and the reverse', () => {
    expect(context({ cert: 'client.pem', key: 'client.pem' })).toMatch(at('client.pem'));
    expect(context({ cert: 'client.key', key: 'client.key' })).toMatch(at('client.key'));
  });

  test('a certificate with a broken one behind it', () => {
    const files = { cert: 'good-then-broken', key: 'client.key' };
    expect(context(files)).toMatch(`in '${at('good-then-broken')}'`);
  });

  test('never the key itself', () => {
    const key = readFileSync(at('client.key'), 'utf8').split('\n')[1] ?? '';
    expect(key.length).toBeGreaterThan(40);
    for (const files of [{ cert: 'both', key: 'server.key' }, { ca: 'client.key' }]) {
      expect(context(files)).not.toContain(key);
    }
  });
});
