/** A request as it is on the wire. */
const request = (line: string, ...fields: readonly string[]) =>
  [line, ...fields, '', ''].join('\r\n');

/** What the clients of docs/clients.md and others of their kind send. */
export const knownRequests: readonly (readonly [client: string, request: string])[] = [
  ['HAProxy', request('OPTIONS / HTTP/1.0')],
  ['HAProxy with http-check', request('GET /health HTTP/1.1', 'host: dnsbl', 'connection: close')],
  [
    'HAProxy with a length',
    request('OPTIONS / HTTP/1.1', 'host: dnsbl', 'content-length: 0', 'connection: close'),
  ],
  [
    'Varnish',
    request('GET / HTTP/1.1', 'Host: 192.0.2.7', 'Connection: close', 'Accept-Encoding: gzip'),
  ],
  ['F5 BIG-IP', `${request('GET / HTTP/1.1', 'Host: lbcheck', 'Connection: close')}\r\n`],
  ['F5 BIG-IP without fields', request('GET / HTTP/1.0')],
  [
    'AWS ELB',
    request(
      'GET / HTTP/1.1',
      ...['Host: 10.0.0.7:8088', 'Connection: close', 'User-Agent: ELB-HealthChecker/2.0'],
      'Accept-Encoding: gzip, compressed',
    ),
  ],
  [
    'Route 53',
    request(
      'GET / HTTP/1.1',
      ...['Host: 192.0.2.7:8088', 'Connection: close'],
      'User-Agent: Amazon-Route53-Health-Check-Service (ref 12345678-1234; report http://amzn.to/1vsZADi)',
      ...['Accept: */*', 'Accept-Encoding: *'],
    ),
  ],
  [
    'Envoy',
    request(
      'GET / HTTP/1.1',
      ...['host: postgres', 'user-agent: Envoy/HC', 'x-envoy-expected-rq-timeout-ms: 2000'],
      ...['content-length: 0', 'x-envoy-internal: true'],
    ),
  ],
  [
    'keepalived',
    request('GET / HTTP/1.0', ...['User-Agent: KeepAliveClient', 'Host: 192.0.2.7:8092']),
  ],
  [
    'keepalived with an IPv6 address',
    request('GET / HTTP/1.0', 'User-Agent: KeepAliveClient', 'Host: [2001:db8::7]:8092'),
  ],
  [
    'monit',
    request(
      'GET / HTTP/1.1',
      ...['Host: 127.0.0.1:8088', 'Accept: */*', 'User-Agent: Monit/5.33.0', 'Connection: close'],
    ),
  ],
  [
    'kube-probe',
    request(
      'GET / HTTP/1.1',
      ...['Host: 10.1.2.3:8088', 'User-Agent: kube-probe/1.31', 'Accept: */*', 'Connection: close'],
    ),
  ],
  [
    'Consul',
    request(
      'GET / HTTP/1.1',
      ...[
        'Host: 127.0.0.1:8088',
        'User-Agent: Consul Health Check',
        'Accept: text/plain, text/*, */*',
      ],
      ...['Accept-Encoding: gzip', 'Connection: close'],
    ),
  ],
  [
    'Prometheus',
    request(
      'GET /metrics HTTP/1.1',
      ...['Host: 192.0.2.7:8088', 'User-Agent: Prometheus/3.0.0', 'Accept-Encoding: gzip'],
      'Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1',
      'X-Prometheus-Scrape-Timeout-Seconds: 5',
    ),
  ],
  [
    'check_http',
    request(
      'GET / HTTP/1.0',
      'User-Agent: check_http/v2.3.3 (monitoring-plugins 2.3.3)',
      'Connection: close',
    ),
  ],
  [
    'check_http with a host',
    request('GET / HTTP/1.1', 'Host: a.example:8088', 'Connection: close'),
  ],
  [
    'curl through a proxy',
    request('GET http://a.example/ HTTP/1.1', 'Host: a.example', 'Proxy-Connection: Keep-Alive'),
  ],
  ['NGINX', request('GET / HTTP/1.0', 'Host: upstream_name', 'Connection: close')],
  ['a send string without Host', 'GET / HTTP/1.1\r\n\r\n'],
];
