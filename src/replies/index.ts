import type { Reply } from '../reply.ts';
import { http } from './http/index.ts';
import { plugin } from './plugin.ts';

/** Every reply by the value of `--reply`, in the order of the help text. */
export const replies = { http, plugin } satisfies Record<string, Reply>;

/** One value of `--reply`. */
export type Form = keyof typeof replies;

/** The values of `--reply`. */
export const forms = Object.keys(replies) as Form[];
