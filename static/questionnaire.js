// Answers are saved while somebody types: at each choice, and every few seconds. Without this file the buttons save.
const form = document.querySelector("[data-autosave]");
if (form && window.htmx) {
  let changed = false;
  const save = () => {
    if (!changed) return;
    changed = false;
    htmx.trigger(form, "autosave");
  };
  const later = (event) => {
    if (event.detail.elt !== form) return;
    changed = true;
    // The number of the saved revision stays: it goes along with the next try.
    for (const told of document.querySelectorAll("#saved > :not(input)")) told.remove();
    const told = document.createElement("p");
    told.className = "unsaved";
    told.textContent = form.dataset.unsaved;
    document.getElementById("saved").append(told);
  };
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => {
    changed = true;
    save();
  });
  setInterval(save, 4000);
  document.addEventListener("htmx:sendError", later);
  document.addEventListener("htmx:responseError", later);
  // Whoever leaves in the middle of a word takes nothing along.
  window.addEventListener("pagehide", () => {
    if (changed) fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), keepalive: true });
  });
  form.addEventListener("submit", () => { changed = false; });
}
