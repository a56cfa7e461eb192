/* Taps on the weekly five: kept in order on this phone, each with a key of its own, and sent once there is signal.
   Without this program the same buttons send the same forms. ES2019, no inline code. */
(function () {
  "use strict";

  const root = document.querySelector("[data-weekly]");
  if (!root || !window.fetch || !window.localStorage) return;
  const words = root.dataset;
  const QUEUE = "waystation-weekly-queue";
  const waiting = root.querySelector("[data-waiting]");
  const said = root.querySelector("[data-said]");
  let sending = false;

  /* --- the queue: no names, only which card was tapped, how and when ---------------------------------- */
  function read() {
    try {
      const held = JSON.parse(localStorage.getItem(QUEUE)) || {};
      return held.user === words.user ? held.taps : [];
    } catch (problem) {
      return [];
    }
  }

  function write(taps) {
    if (taps.length) localStorage.setItem(QUEUE, JSON.stringify({ user: words.user, taps: taps }));
    else localStorage.removeItem(QUEUE);
    show(taps);
  }

  function show(taps) {
    waiting.hidden = !taps.length;
    waiting.textContent = words.wordsLeft + " " + taps.length;
    taps.forEach((tap) => {
      const tag = document.querySelector('[data-due="' + tap.due + '"] [data-state]');
      if (!tag) return;
      tag.hidden = false;
      tag.className = "tag warn";
      tag.textContent = tap.label + " · " + words.wordsWaiting;
    });
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function tell(text) {
    const line = document.createElement("li");
    line.textContent = text;
    said.appendChild(line);
    while (said.children.length > 5) said.firstChild.remove();
  }

  /* --- a tap -------------------------------------------------------------------------------------------- */
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark-form] button[name=outcome]");
    if (!button) return;
    event.preventDefault();
    const due = button.form.elements.due.value;
    const tap = { key: newKey(), due: due, outcome: button.value, label: button.textContent.trim(), at: new Date().toISOString() };
    write(read().concat([tap]));
    send();
  });

  /* --- sending, one after the other ----------------------------------------------------------------------- */
  async function send() {
    if (sending) return;
    sending = true;
    try {
      let taps = read();
      while (taps.length && (await sent(taps[0]))) {
        const done = taps[0].key;
        taps = read().filter((tap) => tap.key !== done);
        write(taps);
      }
    } finally {
      sending = false;
    }
  }

  // True when the server has answered about this tap, whatever the answer was.
  async function sent(tap) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("due", tap.due);
    body.append("key", tap.key);
    body.append("outcome", tap.outcome);
    body.append("tapped_at", tap.at);
    let answer;
    try {
      answer = await fetch(words.mark, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    } catch (problem) {
      tell(words.wordsOffline);
      return false;
    }
    const kind = answer.headers.get("Content-Type") || "";
    if (answer.status === 404) {
      mark(tap, "due");
      tell(words.wordsFailed + " " + tap.label);
      return true;
    }
    if (!answer.ok || answer.redirected || kind.indexOf("application/json") !== 0) {
      tell(words.wordsSignin);
      return false;
    }
    const told = await answer.json();
    const good = ["phoned", "met", "visited", "planned"].indexOf(tap.outcome) >= 0;
    mark(tap, told.status === "refused" ? "due" : good ? "ok" : "warn");
    tell(told.words);
    return true;
  }

  function mark(tap, tone) {
    const tag = document.querySelector('[data-due="' + tap.due + '"] [data-state]');
    if (!tag) return;
    tag.hidden = false;
    tag.className = "tag " + tone;
    tag.textContent = tap.label;
  }

  /* --- leaving: nothing stays on the phone ------------------------------------------------------------------- */
  let warned = false;
  document.addEventListener("submit", (event) => {
    if (!/logout/.test(event.target.action)) return;
    if (read().length && !warned) {
      event.preventDefault();
      warned = true;
      tell(words.wordsUnsent);
      send();
      return;
    }
    localStorage.removeItem(QUEUE);
    if (window.caches) caches.delete("waystation-weekly");
  });

  /* --- the page without signal -------------------------------------------------------------------------------- */
  function used() {
    const links = Array.from(document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]"));
    const icons = Array.from(document.querySelectorAll("svg use")).map((use) => use.getAttribute("href").split("#")[0]);
    const all = links.map((element) => element.href || element.src).concat(icons, [words.worker.replace(/worker\.js$/, "")]);
    return Array.from(new Set(all));
  }

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker
      .register(words.worker)
      .then(() => navigator.serviceWorker.ready)
      .then((registration) => {
        registration.active.postMessage({ keep: used() });
        root.dataset.kept = "1";
      })
      .catch(() => undefined); // an old browser or an address without encryption: the page works with signal
  }

  window.addEventListener("online", send);
  show(read());
  send();
})();
