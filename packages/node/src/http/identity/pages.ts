import { CodedError } from '@federome/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from 'oidc-provider';
import type { ProviderPages } from '../../services/identity/embedded/embedded-provider.ts';
import { problemOf } from '../problem.ts';
import { WORDS } from './words.ts';

export type PageLanguage = keyof typeof WORDS;

export const PAGE_STYLE = `:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { background: light-dark(#f7f9f8, #0e1719); color: light-dark(#14262b, #e6efef); margin: 0; }
main { margin: 3rem auto; max-inline-size: 28rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
form { display: grid; gap: 0.6rem; margin-block: 1rem; }
button, input { border: 1px solid light-dark(#5b6f74, #8fa5aa); border-radius: 0.4rem; font: inherit; min-block-size: 2.75rem; padding: 0 0.9rem; }
button { background: light-dark(#0b4a57, #bfe3ea); color: light-dark(#fff, #06222a); cursor: pointer; text-align: start; }
button.quiet { background: transparent; color: inherit; }
button span { float: inline-end; }
:focus-visible { outline: 3px solid light-dark(#b45309, #ffcb52); outline-offset: 2px; }
a { color: inherit; }
[role="alert"] { border-inline-start: 4px solid #c2410c; padding-inline-start: 0.8rem; }
`;

/** Goes on by itself where nothing is left to ask. */
export const PAGE_SCRIPT = `document.querySelector('[data-go-on] [name="logout"]')?.click();
`;

/** A page of the provider: plain HTML, without scripts or styles of its own. */
export function pageOf(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Federome</title><link rel="stylesheet" href="/oidc/page.css"></head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

export function wordsOf(language: PageLanguage): (typeof WORDS)[PageLanguage] {
  return WORDS[language];
}

/** The first language of a request that the pages speak, else English. */
export function languageOf({ headers }: { readonly headers: FastifyRequest['headers'] }): PageLanguage {
  for (const tag of (headers['accept-language'] ?? '').split(',')) {
    const language = tag.trim().slice(0, 2).toLowerCase();
    if (isPageLanguage(language)) return language;
  }
  return 'en';
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What the provider shows by itself. */
export const PROVIDER_PAGES: ProviderPages = {
  loggingOut: (context, form, isSure) => {
    const language = languageOf(context.req);
    const { logOut, logOutLead, stay } = wordsOf(language);
    const stays = isSure
      ? ''
      : `<button class="quiet" type="submit" form="op.logoutForm">${escapeHtml(stay)}</button>`;
    return pageOf(
      language,
      logOut,
      `<p>${escapeHtml(logOutLead)}</p>${form}<form${isSure ? ' data-go-on' : ''}><button type="submit" form="op.logoutForm" name="logout" value="yes">${escapeHtml(logOut)}</button>${stays}</form>${isSure ? '<script src="/oidc/page.js"></script>' : ''}`,
    );
  },
  loggedOut: (context) => {
    const language = languageOf(context.req);
    const { loggedOut, back } = wordsOf(language);
    return pageOf(language, loggedOut, `<p><a href="/portal/">${escapeHtml(back)}</a></p>`);
  },
  failure: (context: Context, { error, error_description: why }) =>
    failureText(languageOf(context.req), why ?? error, error),
};

/** A page that says why a browser that was sent here cannot go on. */
export function failurePage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, detail, code } = problemOf(error);
  if (!(error instanceof CodedError)) request.log.error({ code }, 'unexpected error');
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(failureText(languageOf(request), detail, code));
}

function failureText(language: PageLanguage, why: string, code: string): string {
  const { failed, back } = wordsOf(language);
  return pageOf(
    language,
    failed,
    `<p role="alert">${escapeHtml(why)}</p><p><code>${escapeHtml(code)}</code></p><p><a href="/portal/">${escapeHtml(back)}</a></p>`,
  );
}

function isPageLanguage(text: string): text is PageLanguage {
  return Object.hasOwn(WORDS, text);
}
