// Everything works without this file; it only spares a step.
document.querySelector("[data-focus]")?.focus();

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
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.me[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.me[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

// The keys of a list: j and k go along its lines, / searches, ? tells which keys there are.
const rows = document.querySelector("[data-rows]");
const keys = document.getElementById("keys");
for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
  opener.hidden = false;
}
document.addEventListener("keydown", (event) => {
  if (!keys || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, select, input:not([type='checkbox']), [contenteditable]")) return;
  const links = [...(rows?.querySelectorAll("tbody th[scope='row'] a") ?? [])];
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const acts = {
    j: () => links[Math.min(at + 1, links.length - 1)]?.focus(),
    k: () => links[Math.max(at - 1, 0)]?.focus(),
    "/": () => document.querySelector(".find input[type='search']")?.focus(),
    "?": () => keys.showModal(),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});

// What is typed into an act stays with this tab until it is recorded: the end of a session loses nothing. It knows whose
// it is, goes with the tab, with the sign-out, and as soon as it is recorded.
const DRAFT = "draft ";
const here = location.pathname + location.search;
const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT));
const draftForm = document.querySelector("form[data-draft]");
const sent = sessionStorage.getItem("sent");
if (sent && !location.pathname.startsWith("/account/")) {
  // Recorded, we are led elsewhere; refused or failed, the answer stands at the same address.
  if (!sent.endsWith(` ${here}`)) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
}
// Where nobody is signed in the session may just have ended: what was typed waits for whoever typed it.
const owner = `${DRAFT}${document.body.dataset.user} `;
if (document.body.dataset.user) {
  for (const other of drafts()) if (!other.startsWith(owner)) sessionStorage.removeItem(other);
}
if (draftForm) {
  const key = owner + here;
  const kept = draftForm.hasAttribute("data-fresh") && sessionStorage.getItem(key);
  if (kept) {
    const typed = new Map();
    for (const [name, value] of JSON.parse(kept)) typed.set(name, [...(typed.get(name) ?? []), value]);
    for (const input of draftForm.elements) {
      if (!input.name || input.type === "submit" || input.name === "csrfmiddlewaretoken") continue;
      const values = typed.get(input.name) ?? [];
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    }
    draftForm.querySelector("[data-restored]")?.removeAttribute("hidden");
  }
  draftForm.addEventListener("input", () => {
    const typed = [...new FormData(draftForm)].filter(([name]) => name !== "csrfmiddlewaretoken");
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  draftForm.querySelector("[data-discard]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    location.assign(here);
  });
  draftForm.addEventListener("submit", (event) => {
    if (event.submitter?.name === "preview") return;
    // A second click sends nothing; where no answer comes, it can be sent again.
    if (draftForm.dataset.sent) return event.preventDefault();
    draftForm.dataset.sent = "yes";
    setTimeout(() => delete draftForm.dataset.sent, 5000);
    sessionStorage.setItem("sent", key);
  });
}
for (const out of document.querySelectorAll("form[action*='/account/logout']")) {
  out.addEventListener("submit", () => drafts().forEach((key) => sessionStorage.removeItem(key)));
}
