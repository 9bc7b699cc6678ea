// The picture explains itself where it is pointed at, touched or reached by the keyboard; without this file each mark
// leads to its line in the list below it.
const SIGNS = ".timeline [data-pane] .sign";
let leaving;

const signsOf = (timeline) => [...timeline.querySelectorAll("[data-pane] .sign")];

function reach(timeline, sign) {
  for (const other of signsOf(timeline)) other.setAttribute("tabindex", other === sign ? "0" : "-1");
}

function hush(timeline) {
  timeline.querySelector("[data-told]").hidden = true;
  timeline.querySelector(".sign.shown")?.classList.remove("shown");
}

// The words are those of the list, so that both say the same.
function explain(sign) {
  clearTimeout(leaving);
  const timeline = sign.closest(".timeline");
  const told = timeline.querySelector("[data-told]");
  hush(timeline);
  sign.classList.add("shown");
  const keys = (sign.dataset.of ?? sign.getAttribute("href").slice(1)).split(" ");
  told.replaceChildren(
    ...keys.map((key) => {
      const one = document.createElement("div");
      one.append(...[...document.getElementById(key).children].map((part) => part.cloneNode(true)));
      for (const part of one.querySelectorAll("[id]")) part.removeAttribute("id");
      return one;
    }),
  );
  told.hidden = false;
  told.scrollTop = 0;
  const frame = timeline.querySelector(".frame").getBoundingClientRect();
  const box = (sign.querySelector(":scope > :not(.stem, text)") ?? sign).getBoundingClientRect();
  told.style.left = told.style.top = told.style.maxHeight = "";
  if (matchMedia("(max-width: 47.99rem)").matches) {
    // There it stands at the bottom of the window, and covers nothing of what it explains.
    const covered = box.bottom + 8 - told.getBoundingClientRect().top;
    if (covered > 0) scrollBy(0, covered);
    return;
  }
  const left = Math.max(0, Math.min(box.left - frame.left - 12, frame.width - told.offsetWidth));
  told.style.left = `${left}px`;
  // Below the sign, or above it where there is more room; never beyond the window.
  const roof = Math.max(document.querySelector(".who")?.getBoundingClientRect().bottom ?? 0, 0);
  const [below, above] = [innerHeight - box.bottom - 18, box.top - roof - 18];
  const under = told.offsetHeight <= below || below >= above;
  told.style.maxHeight = `${Math.min(told.offsetHeight, Math.max(under ? below : above, 96))}px`;
  const top = under ? box.bottom + 10 : box.top - 10 - told.offsetHeight;
  told.style.top = `${top - frame.top}px`;
}

// A narrow window begins with today in the middle.
function begin(timeline) {
  const pane = timeline.querySelector("[data-pane]");
  const start = timeline.querySelector(".sign[data-start]");
  if (start) reach(timeline, start);
  const today = timeline.querySelector(".today-line") ?? start;
  if (today && pane.scrollWidth > pane.clientWidth) {
    const at = today.getBoundingClientRect().left - pane.getBoundingClientRect().left + pane.scrollLeft;
    pane.scrollLeft = at - pane.clientWidth / 2;
  }
}

document.addEventListener("focusin", (event) => {
  const sign = event.target.closest?.(SIGNS);
  if (sign) {
    reach(sign.closest(".timeline"), sign);
    if (sign.matches(":focus-visible")) explain(sign);
  }
});
document.addEventListener("focusout", (event) => {
  const timeline = event.target.closest?.(".timeline");
  if (event.target.closest?.(SIGNS) && !timeline.contains(event.relatedTarget)) hush(timeline);
});
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const sign = event.target.closest?.(SIGNS);
  if (sign) return explain(sign);
  if (event.target.closest?.("[data-told]")) clearTimeout(leaving);
});
document.addEventListener("pointerout", (event) => {
  const within = event.target.closest?.(`${SIGNS}, [data-told]`);
  if (!within || event.pointerType === "touch" || within.contains(event.relatedTarget)) return;
  const timeline = within.closest(".timeline");
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    const focused = document.activeElement?.closest?.(SIGNS);
    if (focused?.matches(":focus-visible")) explain(focused);
    else hush(timeline);
  }, 250);
});
document.addEventListener("click", (event) => {
  const sign = event.target.closest?.(SIGNS);
  const timeline = document.querySelector(".timeline");
  if (sign) {
    event.preventDefault();
    reach(timeline, sign);
    explain(sign);
  } else if (timeline && !event.target.closest?.("[data-told]")) hush(timeline);
});
document.addEventListener("keydown", (event) => {
  const timeline = document.querySelector(".timeline");
  if (event.key === "Escape" && timeline) hush(timeline);
  const sign = event.target.closest?.(SIGNS);
  if (!sign || event.ctrlKey || event.metaKey || event.altKey) return;
  const signs = signsOf(timeline);
  const at = signs.indexOf(sign);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: signs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  signs[Math.max(0, Math.min(to, signs.length - 1))].focus();
});
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.(".timeline")) begin(event.target);
});
for (const timeline of document.querySelectorAll(".timeline")) begin(timeline);
