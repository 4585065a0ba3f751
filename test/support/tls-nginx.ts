import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory, freePort, start, until } from './programs.ts';
import type { Credentials } from './tls-certificates.ts';

/** nginx with HTTPS behind the PROXY protocol, and all that it logs. */
export async function startNginx(cleanUp: CleanUp, { cert, key }: Credentials) {
  const files = await directory(cleanUp);
  const port = await freePort();
  const settings = `
    daemon off;
    pid ${join(files, 'pid')};
    error_log ${join(files, 'log')} info;
    events {}
    http {
      access_log ${join(files, 'access')};
      client_body_temp_path ${join(files, 'body')};
      proxy_temp_path ${join(files, 'proxy')};
      fastcgi_temp_path ${join(files, 'fastcgi')};
      uwsgi_temp_path ${join(files, 'uwsgi')};
      scgi_temp_path ${join(files, 'scgi')};
      server {
        listen 127.0.0.1:${port} ssl http2 proxy_protocol;
        ssl_certificate ${cert};
        ssl_certificate_key ${key};
      }
    }`;
  const configuration = await directory(cleanUp, { 'nginx.conf': settings });
  const args = ['-c', join(configuration, 'nginx.conf'), '-e', join(files, 'log')];
  const nginx = await start(cleanUp, 'nginx', args);
  const log = async () =>
    nginx.output() + (await readFile(join(files, 'log'), 'utf8').catch(() => ''));
  await until('nginx has started', async () => (await log()).includes('start worker process '));
  return { address: '127.0.0.1', port, log };
}
