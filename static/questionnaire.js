// Answers are saved while somebody types: at each choice, and every few seconds. Without this file the buttons save.
const form = document.querySelector("[data-autosave]");
if (form && window.htmx) {
  const place = document.getElementById("saved");
  const turn = form.elements.namedItem("turn"); // tells the server how far what it gets goes: what lands late is not kept
  let typed = Number(turn.value); // rises with each change
  let sent = typed; // how far what was sent last goes
  let saved = typed; // how far the server has it
  const change = () => { turn.value = typed += 1; };
  const save = () => {
    if (sent === typed) return;
    sent = typed;
    htmx.trigger(form, "autosave");
  };
  form.addEventListener("input", change);
  form.addEventListener("change", () => {
    change();
    save();
  });
  setInterval(save, 4000);
  let underway = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form) underway = sent = typed;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (event.detail.successful) {
      saved = underway;
      return;
    }
    sent = saved; // it is tried again; the number of the saved revision stays and goes along
    for (const told of place.querySelectorAll(":scope > :not(input)")) told.remove();
    const told = document.createElement("p");
    told.className = "unsaved";
    told.textContent = form.dataset.unsaved;
    place.append(told);
  });
  // What was saved by somebody else is told at the bottom; whoever is far from there sees it above.
  const clash = document.getElementById("clash");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === place) clash.hidden = !place.querySelector(".fault");
  });
  // Whoever leaves in the middle of a word takes nothing along.
  window.addEventListener("pagehide", () => {
    if (saved !== typed) fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), keepalive: true });
  });
  form.addEventListener("submit", () => { saved = sent = typed; });
}
