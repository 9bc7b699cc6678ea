// The keys of a list: j and k go along its lines, n takes the next step, w says why, x selects, / searches, ? tells all.
// A block, so that its names are nobody else's.
{
  const rows = document.querySelector("[data-rows]");
  const keys = document.getElementById("keys");
  const lines = () => [...(rows?.querySelectorAll("tbody th[scope='row'] a") ?? [])];
  const line = () => document.activeElement?.closest("[data-rows] tbody tr");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.matches(".date")) line().querySelector("th a").focus();
    if (!keys || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("textarea, select, input:not([type='checkbox']), [contenteditable]")) return;
    const links = lines();
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const acts = {
      j: () => links[Math.min(at + 1, links.length - 1)]?.focus(),
      k: () => links[Math.max(at - 1, 0)]?.focus(),
      n: () => line()?.querySelector("a.step")?.click(),
      w: () => line()?.querySelector(".date")?.focus(),
      x: () => line()?.querySelector("input[type='checkbox']")?.click(),
      "/": () => document.querySelector(".find input[type='search']")?.focus(),
      "?": () => keys.showModal(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  // Why on that day comes into view with its date.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".date")) target.nextElementSibling.scrollIntoView({ block: "nearest" });
  });

  document.querySelector("label:has([data-check-all])")?.removeAttribute("hidden");

  // How many are selected stands beside what can be done with them, which follows the page once there are some.
  const told = document.querySelector("[data-chosen]");
  if (rows && told) {
    const boxes = [...rows.querySelectorAll("tbody input[type='checkbox']")];
    const tell = () => {
      const number = new Set(boxes.filter((box) => box.checked).map((box) => box.value)).size;
      told.querySelector("b").textContent = number;
      told.hidden = !number;
      told.parentElement.classList.toggle("some", number > 0);
    };
    rows.addEventListener("change", () => setTimeout(tell)); // after all of them were checked at once
    tell();
  }
}
