import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Variables with which a user changes what programs print or do: language, options of Node.js and npm,
 * proxies, trusted certificates, and those that lbcheck itself reads.
 */
const personal =
  /^(LANG|LANGUAGE|LC_.*|TZ|NODE_.*|npm_.*|BUN_.*|XDG_.*|.*_PROXY|CURL_.*|SSL_CERT_.*|OPENSSL_.*|PG.*|MYSQL_.*|RBL_ZONE|LISTEN_.*|GREP_.*|POSIXLY_CORRECT)$/i;

/** Gives the tests the same environment for every user, and an empty home without files such as .curlrc. */
export default function setUp(): () => void {
  for (const name of Object.keys(process.env)) if (personal.test(name)) delete process.env[name];
  const home = mkdtempSync(join(tmpdir(), 'lbcheck-home-'));
  Object.assign(process.env, { HOME: home, LANG: 'C.UTF-8' });
  return () => rmSync(home, { recursive: true, force: true });
}
