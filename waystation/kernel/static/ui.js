/* What makes the pages pleasant. Every page works without it. ES2019, no inline code, no eval. */
(function () {
  "use strict";

  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  /* --- keys: / searches, ? helps, Esc closes, arrows walk the rows ---------------------------- */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const here = event.target;
    if (event.key === "Escape") return close(here);
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && walk(event, here)) return;
    if (event.key === " " && here.closest("tr") && here.matches("a")) return pick(event, here);
    if (typing(here)) return;
    const search = document.getElementById("search");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "?") help();
  });

  function close(here) {
    const open = document.querySelector("details[data-pop][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (location.hash === "#nav") {
      location.hash = "#main";
    } else if (here.id === "search") {
      here.blur();
    }
  }

  function walk(event, here) {
    const row = here.closest("[data-rows] tbody tr");
    if (!row || here.matches("select, textarea, input:not([type=checkbox])")) return false;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const place = here.matches("[type=checkbox]") ? "[type=checkbox]" : "a, button";
    const target = next && next.querySelector(place);
    if (!target) return false;
    event.preventDefault();
    target.focus();
    return true;
  }

  function pick(event, here) {
    const box = here.closest("tr").querySelector("input[type=checkbox]");
    if (!box) return;
    event.preventDefault();
    box.click();
  }

  function help() {
    const dialog = document.getElementById("help");
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    all("details[data-pop][open]").forEach((pop) => {
      if (!pop.contains(event.target)) pop.open = false;
    });
    if (event.target.closest("[data-help]")) help();
    const closing = event.target.closest("[data-close]");
    if (closing) closing.closest("[data-toast]").remove();
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (field) {
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus();
    }
  });

  /* --- forms ----------------------------------------------------------------------------------- */
  // A second click sends nothing; the server would know the second sending by its key anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-confirm]")) guard(event.target);
  });

  function guard(input) {
    const right = input.value.trim() === input.dataset.confirm;
    all("button:not([type=button])", input.form).forEach((button) => (button.disabled = !right));
  }

  document.addEventListener("change", (event) => {
    const element = event.target;
    if (element.matches("[data-drop] input[type=file]")) chosen(element);
    if (element.matches("[data-autosubmit]")) element.form.submit();
    if (element.matches("[data-pick-page]")) {
      boxes(element.form).forEach((box) => (box.checked = element.checked));
    }
    if (element.type === "checkbox" && element.form) count(element.form);
  });

  function chosen(input) {
    const file = input.files[0];
    const size = file && (file.size < 1e6 ? Math.ceil(file.size / 1e3) + " kB" : (file.size / 1e6).toFixed(1) + " MB");
    input.closest("[data-drop]").querySelector("[data-chosen]").textContent = file ? file.name + " · " + size : "";
  }

  ["dragenter", "dragover", "dragleave", "drop"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const place = event.target.closest && event.target.closest("[data-drop]");
      if (!place) return;
      event.preventDefault();
      place.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      const input = place.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      chosen(input);
    })
  );

  /* --- rows chosen for a batch ------------------------------------------------------------------- */
  const boxes = (form) => Array.from(form.elements).filter((box) => box.name === "pk" && box.type === "checkbox");

  function count(form) {
    const bar = document.querySelector('[data-batch="' + form.id + '"]');
    if (!bar) return;
    const rows = boxes(form);
    const picked = rows.filter((box) => box.checked).length;
    const everything = bar.querySelector("[data-pick-all]").checked;
    const shown = bar.querySelector("[data-picked]");
    shown.textContent = everything ? Number(shown.dataset.total).toLocaleString() : picked;
    const page = bar.querySelector("[data-pick-page]");
    page.checked = rows.length > 0 && picked === rows.length;
    page.indeterminate = picked > 0 && picked < rows.length;
    rows.forEach((box) => box.closest("tr").classList.toggle("is-chosen", everything || box.checked));
    all("button", bar).forEach((button) => (button.disabled = !everything && !picked));
    bar.classList.toggle("is-picked", everything || picked > 0);
  }

  /* --- toasts --------------------------------------------------------------------------------------- */
  function toast(element) {
    all("[data-close]", element).forEach((button) => (button.hidden = false));
    const seconds = Number(element.dataset.toast);
    if (!seconds) return;
    let left = seconds;
    const clock = setInterval(() => {
      // Time stands still while somebody points at it or is inside it.
      if (element.matches(":hover, :focus-within")) return;
      left -= 1;
      if (left > 0) return;
      clearInterval(clock);
      element.remove();
    }, 1000);
  }

  function failed() {
    const place = document.getElementById("toasts");
    place.appendChild(document.getElementById("toast-failed").content.cloneNode(true));
  }
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const every = event.detail.elt && event.detail.elt.getAttribute("hx-trigger");
      if (!every) failed(); // what asks again by itself stays quiet
    })
  );

  // On a phone the filters of a list are folded away; without scripts they stand open.
  const narrow = matchMedia("(max-width: 767.98px)");
  const fold = (details) => (details.open = !narrow.matches || !!details.querySelector(".ws-error"));
  narrow.addEventListener("change", () => all("[data-fold]").forEach(fold));

  // A row of tabs that is wider than the phone shows the one that is open.
  const reveal = (tab) => {
    const strip = tab.closest("ul");
    strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - 24;
  };

  /* --- at the start, and for each fragment that arrives ------------------------------------------------ */
  function arrive(root) {
    all("[data-toast]", root).forEach(toast);
    all("[data-confirm]", root).forEach(guard);
    all("[data-fold]", root).forEach(fold);
    all(".ws-tabs a[aria-current]", root).forEach(reveal);
    all("[data-help]", root).forEach((button) => (button.hidden = false));
    all("[data-batch]", root).forEach((bar) => {
      const form = document.getElementById(bar.dataset.batch);
      if (form) count(form);
    });
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }
  arrive(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) arrive(event.detail.elt);
  });
})();
