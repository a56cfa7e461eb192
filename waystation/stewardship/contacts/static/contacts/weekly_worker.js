/* Keeps the page of the weekly five readable without signal. It holds that page and its looks, nothing else. */
(function () {
  "use strict";

  const STORE = "waystation-weekly";
  const PAGE = new URL("./", self.location.href).pathname;

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

  self.addEventListener("message", (event) => {
    const asked = event.data || {};
    if (asked.wipe) event.waitUntil(caches.delete(STORE));
    if (asked.keep) event.waitUntil(keep(asked.keep));
  });

  async function keep(addresses) {
    const store = await caches.open(STORE);
    await Promise.all(addresses.map((address) => store.add(address).catch(() => undefined)));
  }

  self.addEventListener("fetch", (event) => {
    const request = event.request;
    const address = new URL(request.url);
    if (request.method !== "GET" || address.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (address.pathname === PAGE) event.respondWith(page(request));
    } else {
      event.respondWith(fetch(request).catch(() => stored(request.url)));
    }
  });

  async function page(request) {
    let answer;
    try {
      answer = await fetch(request);
    } catch (problem) {
      return stored(PAGE);
    }
    const store = await caches.open(STORE);
    // Whoever was signed out meanwhile leaves no page behind.
    if (answer.ok && !answer.redirected) await store.put(PAGE, answer.clone());
    else await store.delete(PAGE);
    return answer;
  }

  async function stored(address) {
    const store = await caches.open(STORE);
    return (await store.match(address)) || Response.error();
  }
})();
