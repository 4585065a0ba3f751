import { haproxy } from './haproxy/index.ts';
import { http } from './http/index.ts';
import { json } from './json.ts';
import { plugin } from './plugin.ts';
import { prometheus } from './prometheus.ts';
import type { Reply } from './reply.ts';

/** Every reply by the value of `--reply`, in the order of the help text. */
export const replies = { http, plugin, haproxy, json, prometheus } satisfies Record<string, Reply>;

/** One value of `--reply`. */
export type ReplyForm = keyof typeof replies;

/** The values of `--reply`. */
export const replyForms = Object.keys(replies) as ReplyForm[];
