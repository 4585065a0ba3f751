import type { Report, Status } from '../check/outcome.ts';
import type { Input } from '../system/sockets/inbox.ts';

/** One form of answer: turns a report into text, and never judges it again. */
export interface Reply {
  /** The exit code of the process. */
  readonly exitCodes: Readonly<Record<Status, number>>;
  /**
   * Reads what the client must send before it can be answered. A reply that answers at once does not
   * touch the input, which is opened by the first receiver. Never rejects: a bad request is refused.
   */
  readonly readRequest: (input: Input, onLate: OnLate) => Promise<RequestResult>;
}

/** Takes what ends the reading when the request does not come in time. */
export type OnLate = (act: () => void) => void;

/** Which checks a request asks for. */
export interface RequestedChecks {
  /** Path and query, as in an HTTP request: `/`, `/dnsbl`, `/metrics`. */
  readonly path: string;
  /** How long the client waits for the answer, in seconds; undefined if that is not known. */
  readonly limitSeconds?: number | undefined;
}

/** The answer to a request, before it is rendered. */
export type Answer = { readonly kind: 'report'; readonly report: Report } | Rejection;

/** No check was run: the path cannot be read, is not allowed, or names no check. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  /** Holds the reason, for replies that have no code. */
  readonly report: Report;
}

/** RFC 9110 sections 15.5.1, 15.5.4 and 15.5.5. */
export type RejectionCode = 400 | 403 | 404;

/** The result of reading a request: it is accepted, or refused at once. */
export type RequestResult =
  | {
      readonly kind: 'accepted';
      readonly requested: RequestedChecks;
      readonly render: (report: Report) => string;
      /** Renders a rejection; a reply without it renders the report of the rejection. */
      readonly reject?: (rejection: Rejection) => string;
    }
  | { readonly kind: 'refused'; readonly text: string };
