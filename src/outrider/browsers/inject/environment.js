// What the origin of this document keeps in the browser, and whether the page shows a logged-in user.

const LOG_OUT = new RegExp(
  '\\b(log|sign) ?-?(out|off)\\b|abmelden|ausloggen|déconnexion|se déconnecter|cerrar sesión|disconnetti|^esci$|^sair$' +
  '|uitloggen|afmelden|logga ut|log ud|logg ut|kirjaudu ulos|wyloguj|odhlásit|выйти|ログアウト|退出|登出|로그아웃', 'i');
const LOG_OUT_ADDRESS = /\/(log|sign)[-_]?(out|off)\b/i;
const LOG_IN = new RegExp(
  '^(log|sign) ?-?(in|on)$|^login\\b|^(anmelden|einloggen|connexion|se connecter|iniciar sesión|accedi|entrar|inloggen)$',
  'i');
const CONTROLS = 'a[href],button,input[type=submit],input[type=button],[role=button],[role=menuitem],[role=link]';
const CONTROLS_LIMIT = 3000;
const LOG_OUT_TEXT_LIMIT = 60;

// `patience`: milliseconds to wait for the control by which a user logs out, which scripts may draw late.
api.survey = async (patience) => {
  const top = window === window.top;
  const logOut = top ? await within(patience, logOutControl) : '';
  return {
    origin: location.origin,
    within: around(),
    title: document.title.toWellFormed(),
    log_out: logOut,
    asks_log_in: top && !logOut && asksLogIn(),
    local: kept(() => localStorage),
    session: kept(() => sessionStorage),
    databases: await listed(async () => (await indexedDB.databases()).map((database) => database.name)),
    workers: await listed(async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)),
    caches: await listed(() => caches.keys()),
  };

  // A document without an origin of its own (sandboxed, data:) may have none of these.
  function kept(area) {
    try {
      return Object.fromEntries(Object.entries(area()));
    } catch {
      return {};
    }
  }

  async function listed(ask) {
    try {
      return await ask();
    } catch {
      return [];
    }
  }
};

// Puts back what `survey` found, by place: the document's origin and those around it. Session storage is only filled
// when no other document of the place has written to it yet; local storage of frames is in the browser's files.
api.restore = (places) => {
  const saved = places[[location.origin, ...around()].join(' ')];
  if (!saved) return;
  const fill = (area, items) => { for (const [key, value] of Object.entries(items)) area.setItem(key, value); };
  try {
    if (!sessionStorage.length) fill(sessionStorage, saved.session);
    if (saved.local && window === window.top) { localStorage.clear(); fill(localStorage, saved.local); }
  } catch { /* a document without storage */ }
};

// A browser keeps what an embedded frame stores apart by what it is embedded in.
function around() {
  const origins = [...location.ancestorOrigins];
  return origins.every((origin) => origin === location.origin) ? [] : origins;
}

function logOutControl() {
  const controls = [...document.querySelectorAll(CONTROLS)].slice(0, CONTROLS_LIMIT);
  const control = controls.find((one) => LOG_OUT.test(wordsOf(one)))
    ?? controls.find((one) => LOG_OUT_ADDRESS.test(one.getAttribute('href') ?? one.form?.getAttribute('action') ?? ''));
  return control ? clip(wordsOf(control) || control.getAttribute('href') || 'log out', LOG_OUT_TEXT_LIMIT) : '';
}

function asksLogIn() {
  if ([...document.querySelectorAll('input[type=password]')].some((field) => field.checkVisibility(VISIBLE))) return true;
  const controls = [...document.querySelectorAll(CONTROLS)].slice(0, CONTROLS_LIMIT);
  return controls.some((one) => LOG_IN.test(wordsOf(one)) && one.checkVisibility(VISIBLE));
}

const wordsOf = (control) =>
  tidy(control.getAttribute('aria-label') || control.textContent || control.value || control.title || '');

// The first result of `look` that is not empty, looked for at every change of the document until time is up.
function within(milliseconds, look) {
  const found = look();
  if (found || !milliseconds) return found;
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => finish(look()));
    const timer = later(() => finish(look(), true), milliseconds);
    observer.observe(document, { childList: true, subtree: true });
    function finish(result, late = false) {
      if (!result && !late) return;
      observer.disconnect();
      clearTimeout(timer);
      resolve(result);
    }
  });
}
