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
