import { onTestFinished } from 'vitest';
import { type DnsServer, type Responder, startDnsServer } from './dns-server.ts';
import { startTarget, type Target, type TargetKind } from './targets.ts';

/** A DNS server that closes with its test. */
export async function openDnsServer(respond: Responder, address?: string): Promise<DnsServer> {
  const server = await startDnsServer(respond, address);
  onTestFinished(() => server.close());
  return server;
}

/** A bad target that closes with its test. */
export async function openTarget(kind: TargetKind): Promise<Target> {
  const target = await startTarget(kind);
  onTestFinished(() => target.close());
  return target;
}
