import type { Trace } from '../../check/trace.ts';
import type { Question } from './message.ts';

/** The server of an exchange, and how it is asked. */
export interface DnsServer {
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  /** Whether a resolver is asked to look further (RD); an authoritative server may refuse that. */
  readonly isRecursive: boolean;
  readonly trace?: Trace | undefined;
}

/** A socket to one server, on which questions are asked. */
export interface Exchange<Answer> {
  /** Asks now. Never rejects. */
  ask(question: Question): Promise<Answer>;
  close(): void;
}

/** A question that is not answered yet. */
export interface OpenQuestion<Answer> {
  readonly question: Question;
  readonly settle: (answer: Answer) => void;
}
