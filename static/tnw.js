// Everything works without this file; it only spares a step.
document.querySelector("[data-focus]:not(.specimens *)")?.focus();
// What was refused is the answer to a form, which no browser shows again: who comes back to it, or loads it once more, gets
// the form itself, with what was typed.
const again = [...document.querySelectorAll("main form[method=post]")].some(
  (form) => new URL(form.getAttribute("action") || location.href, location).pathname === location.pathname,
);
if (again && document.querySelector("main .fault[role=alert]:not(.specimens *)")) {
  history.replaceState(history.state, "", location.href);
}
// Tabs that do not fit beside each other: the one where we are is in view.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 40;

for (const all of document.querySelectorAll("[data-check-all]")) {
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.checkAll}"]`)) box.checked = all.checked;
  });
  all.hidden = false;
}

// Where the session ended meanwhile, the answer is the sign-in page: go there instead of putting it in a corner.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL).pathname.startsWith("/account/")) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// A menu closes when one looks elsewhere.
const openMenus = () => [...document.querySelectorAll("details.menu[open]")];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// Nobody is called at an address: by phone it makes room for a number, and otherwise comes back.
document.addEventListener("change", ({ target }) => {
  const place = target.name === "how" && target.form?.elements.place;
  if (!place) return;
  if (target.value === "phone") {
    if (!/^\+?(?:[\s./()-]*\d){3,}[\s./()-]*$/.test(place.value.trim())) {
      place.dataset.address = place.value;
      place.value = "";
    }
  } else if (!place.value) {
    place.value = place.dataset.address ?? "";
  }
});

// A button that opens a dialog.
for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
  opener.hidden = false;
}

// What is typed into an act stays with this tab until it is recorded: the end of a session loses nothing. It knows whose
// it is, goes with the tab, with the sign-out, and as soon as it is recorded.
const DRAFT = "draft ";
const SENT = "sent";
const here = () => location.pathname + location.search;
const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT));
const owner = `${DRAFT}${document.body.dataset.user} `;
const sent = sessionStorage.getItem(SENT);
if (sent && !location.pathname.startsWith("/account/")) {
  // Recorded, we are led elsewhere, where that is said; refused or failed, the answer stands at the same address. Where
  // no answer came at all, any page may be the next: what was typed stays.
  if (!sent.endsWith(` ${here()}`) && document.querySelector("main .note.good")) sessionStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
}
// Where nobody is signed in the session may just have ended: what was typed waits for whoever typed it.
if (document.body.dataset.user) {
  for (const other of drafts()) if (!other.startsWith(owner)) sessionStorage.removeItem(other);
}

function putBack(form, kept) {
  const typed = new Map();
  for (const [name, value] of JSON.parse(kept)) typed.set(name, [...(typed.get(name) ?? []), value]);
  // Where only this person recorded something since, there is nobody to conflict with; but what was sent already and
  // never answered may be recorded: that the server finds by the old number.
  const own = Number(typed.get("seen")?.[0]) >= Number(form.dataset.theirs);
  if (own && !typed.has(SENT)) typed.delete("seen");
  for (const input of form.elements) {
    if (!input.name || input.type === "submit" || input.type === "file" || input.name === "csrfmiddlewaretoken") continue;
    const values = typed.get(input.name) ?? [];
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else if (values.length) input.value = values[0];
  }
  form.querySelector("[data-restored]")?.removeAttribute("hidden");
}

// Of a form as it comes to the screen, at the address that it then has.
function keepDraft(form) {
  const key = owner + here();
  const kept = form.hasAttribute("data-fresh") && sessionStorage.getItem(key);
  form.dataset.key = key;
  if (kept) putBack(form, kept);
  form.addEventListener("input", () => {
    const typed = [...new FormData(form)].filter(
      ([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string",
    );
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    location.assign(here());
  });
  // Without a network the browser would put a page of its own in the place of what was typed: first it is asked for.
  const unanswered = form.querySelector("[data-unanswered]");
  async function reach(submitter) {
    if (form.dataset.asking) return;
    form.dataset.asking = "yes";
    unanswered.hidden = true;
    try {
      await fetch(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store" });
      form.dataset.reached = "yes";
    } catch {
      unanswered.hidden = false;
      unanswered.scrollIntoView({ block: "nearest" });
    }
    delete form.dataset.asking;
    if (form.dataset.reached) form.requestSubmit(submitter);
  }
  form.addEventListener("submit", (event) => {
    if (["preview", "pdf"].includes(event.submitter?.name)) return;
    // A second click sends nothing; where no answer comes, it can be sent again.
    if (form.dataset.sent) return event.preventDefault();
    if (unanswered && !form.dataset.reached) {
      event.preventDefault();
      return reach(event.submitter);
    }
    delete form.dataset.reached;
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000);
    // Passed over or left, nothing is decided: what was typed waits.
    if (["skip", "leave"].includes(event.submitter?.value)) return;
    sessionStorage.setItem(SENT, key);
    const typed = sessionStorage.getItem(key);
    if (typed) sessionStorage.setItem(key, JSON.stringify([...JSON.parse(typed), [SENT, "yes"]]));
  });
}

const draftIn = (part) => {
  const form = part.querySelector("form[data-draft]");
  if (form) keepDraft(form);
};
draftIn(document);
// Where a screen is put in place of another without a new page: what came to it, and what was recorded there.
document.addEventListener("tnw:shown", (event) => {
  sessionStorage.removeItem(SENT); // it was answered: refused, where nothing was recorded
  draftIn(event.detail);
});
document.addEventListener("tnw:recorded", (event) => {
  sessionStorage.removeItem(event.detail.dataset.key);
  sessionStorage.removeItem(SENT);
});
for (const out of document.querySelectorAll("form[action*='/account/logout']")) {
  out.addEventListener("submit", () => drafts().forEach((key) => sessionStorage.removeItem(key)));
}
