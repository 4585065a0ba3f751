import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CleanUp } from './clean-up.ts';
import { directory } from './programs.ts';

/** Files of a certificate and its private key. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly directory: string;
  /** Of the authority that signed `server` and `client`; 30 days. */
  readonly authority: Credentials;
  /** For server.test, localhost and 127.0.0.1; 90 days. The file holds the authority's too. */
  readonly server: Credentials;
  readonly client: Credentials;
  /** RSA 2048, its own issuer, for self.test; 10 days. */
  readonly selfSigned: Credentials;
  /** RSA 1024 and SHA-1, its own issuer. */
  readonly old: Credentials;
  /** Expired yesterday, its own issuer, for expired.test. */
  readonly expired: Credentials;
  /** Keys that need a passphrase: PKCS #8 (RFC 5958), and OpenSSL's form of old. */
  readonly encryptedKeys: readonly string[];
  /** Makes more in the same directory, with a script of sh. */
  readonly make: (script: string) => Promise<void>;
}

const script = `
subject() { openssl req -new -key $1.key -subj /CN=$2 -out $1.csr; }
sign() { openssl x509 -req -in $1.csr -CA authority.pem -CAkey authority.key -set_serial $2 "$3" $4 \
  -extfile $1.ext -out $1.pem; }
for name in authority server client; do
  openssl ecparam -genkey -name prime256v1 -noout | openssl pkcs8 -topk8 -nocrypt -out $name.key
done
openssl req -x509 -new -key authority.key -subj '/CN=authority.test' -days 30 -out authority.pem
echo 'subjectAltName=DNS:server.test,DNS:localhost,IP:127.0.0.1' > server.ext
echo 'extendedKeyUsage=clientAuth' > client.ext
subject server server.test && sign server 2 -days 90
subject client client.test && sign client 3 -days 90
cat authority.pem >> server.pem
openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem -days 10 -subj /CN=self.test
openssl req -x509 -newkey rsa:1024 -sha1 -nodes -keyout old.key -out old.pem -days 9 -subj /CN=old.test
cp self.key expired.key
subject expired expired.test
openssl x509 -req -in expired.csr -signkey expired.key -days -1 -out expired.pem
openssl pkcs8 -topk8 -in client.key -passout pass:secret -out encrypted.key
openssl ec -in client.key -aes128 -passout pass:secret -out encrypted-old.key
`;

/** Makes certificates with the openssl command. */
export async function makeCertificates(cleanUp: CleanUp): Promise<Certificates> {
  const path = await directory(cleanUp);
  const make = async (lines: string) => {
    await promisify(execFile)('sh', ['-ec', lines], { cwd: path });
  };
  await make(script);
  const named = (name: string) => ({
    cert: join(path, `${name}.pem`),
    key: join(path, `${name}.key`),
  });
  return {
    directory: path,
    authority: named('authority'),
    server: named('server'),
    client: named('client'),
    selfSigned: named('self'),
    old: named('old'),
    expired: named('expired'),
    encryptedKeys: [join(path, 'encrypted.key'), join(path, 'encrypted-old.key')],
    make,
  };
}
