import type { DemoPerson } from '../../services/identity/embedded/demo-people.ts';
import { escapeHtml, type PageLanguage, pageOf, wordsOf } from './pages.ts';

/** Where somebody says who they are: a person of the demonstration, or login and passphrase. */
export function loginForm(
  language: PageLanguage,
  uid: string,
  demo: readonly DemoPerson[],
  refusal?: string,
): string {
  const words = wordsOf(language);
  const action = `/oidc/interaction/${encodeURIComponent(uid)}`;
  const alert = refusal === undefined ? '' : `<p role="alert">${escapeHtml(refusal)}</p>`;
  const body = demo.length > 0 ? people(words.role, demo) : fields(words);
  const lead = demo.length > 0 ? words.demo : words.lead;
  return pageOf(
    language,
    words.title,
    `<p>${escapeHtml(lead)}</p>${alert}<form method="post" action="${action}">${body}</form>
<form method="post" action="${action}/abort"><button type="submit" class="quiet">${escapeHtml(words.cancel)}</button></form>`,
  );
}

/** Where somebody chooses a passphrase with the code that an operator gave them. */
export function passphraseForm(language: PageLanguage, state: 'ask' | 'refused' | 'done'): string {
  const words = wordsOf(language);
  if (state === 'done')
    return pageOf(language, words.choose, `<p role="status">${escapeHtml(words.chosen)}</p>`);
  const alert = state === 'refused' ? `<p role="alert">${escapeHtml(words.refusedCode)}</p>` : '';
  return pageOf(
    language,
    words.choose,
    `${alert}<form method="post" action="/oidc/passphrase">
<label for="code">${escapeHtml(words.code)}</label><input id="code" name="code" autocomplete="off" required>
<label for="passphrase">${escapeHtml(words.newPassphrase)}</label><input id="passphrase" name="passphrase" type="password" autocomplete="new-password" minlength="12" required>
<button type="submit">${escapeHtml(words.save)}</button></form>`,
  );
}

function people(roles: Readonly<Record<string, string>>, demo: readonly DemoPerson[]): string {
  return demo
    .map(
      ({ subject, name, role }) =>
        `<button type="submit" name="person" value="${escapeHtml(subject)}">${escapeHtml(name)} <span>${escapeHtml(roles[role] ?? role)}</span></button>`,
    )
    .join('\n');
}

function fields(words: ReturnType<typeof wordsOf>): string {
  return `<label for="login">${escapeHtml(words.login)}</label><input id="login" name="login" autocomplete="username" required>
<label for="passphrase">${escapeHtml(words.passphrase)}</label><input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required>
<button type="submit">${escapeHtml(words.title)}</button>`;
}
