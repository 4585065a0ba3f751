import { probeTls, type TlsCheck } from '../../src/probes/tls/probe.ts';
import { requirements } from '../../src/probes/tls/requirements.ts';

/** A target that may have a name instead of an address. */
interface Server {
  readonly address: string;
  readonly port: number;
}

/** Checks a server as `lbcheck tls` does by default, unless `changes` say otherwise. */
export function checkTls(server: Server, changes: Partial<TlsCheck> = {}, seconds = 10) {
  const check: TlsCheck = {
    ...{ host: server.address, port: server.port, servername: undefined, requirement: 'answer' },
    ...{ verify: false, days: undefined, cert: undefined, key: undefined, ca: undefined },
    ...{ scope: 'chain', timeout: seconds },
    ...changes,
  };
  return probeTls(check, AbortSignal.timeout(seconds * 1000));
}

/** The statuses of a server under each requirement, from the least to the most, and their summaries. */
export async function checkEach(server: Server, seconds = 10, changes: Partial<TlsCheck> = {}) {
  const outcomes = await Promise.all(
    requirements.map((requirement) => checkTls(server, { ...changes, requirement }, seconds)),
  );
  return {
    statuses: outcomes.map(({ status }) => status).join(' '),
    summaries: outcomes.map(({ summary }) => summary),
  };
}
