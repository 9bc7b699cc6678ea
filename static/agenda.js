// The agenda by keys and by dragging. Everything works without this file: each appointment has a link that moves it.
const agenda = document.querySelector("[data-agenda]");
const told = document.querySelector("[data-told]");
const dialog = document.getElementById("keys");
const stops = () => [...document.querySelectorAll("[data-stop]")].filter((stop) => stop.checkVisibility());
const place = (stop) => stop.closest("section, td");
const across = (element) => Math.round(element.getBoundingClientRect().left);
const along = (element) => element.getBoundingClientRect().top;

// On a day along its lines; in a month, where a day has but one, to the week above or below.
function vertical(from, down) {
  const within = stops().filter((stop) => place(stop) === place(from));
  const next = within[within.indexOf(from) + (down ? 1 : -1)];
  if (next) return next;
  const beyond = stops().filter(
    (stop) => place(stop) !== place(from) && across(place(stop)) === across(place(from))
      && (down ? along(stop) > along(from) : along(stop) < along(from)),
  );
  return down ? beyond[0] : beyond.at(-1);
}

// To the nearest day that has something, there to what is about as late.
function sideways(from, on) {
  const here = across(place(from));
  const that = stops().filter((stop) => (on ? across(place(stop)) > here : across(place(stop)) < here));
  const near = that.reduce(
    (best, stop) => (best === null || Math.abs(across(place(stop)) - here) < Math.abs(best - here) ? across(place(stop)) : best),
    null,
  );
  return that
    .filter((stop) => across(place(stop)) === near)
    .sort((one, other) => Math.abs(along(one) - along(from)) - Math.abs(along(other) - along(from)))[0];
}

function goes(event, stop) {
  event.preventDefault();
  stop?.focus();
}

const WAYS = {
  ArrowDown: (from) => vertical(from, true),
  ArrowUp: (from) => vertical(from, false),
  ArrowRight: (from) => sideways(from, true),
  ArrowLeft: (from) => sideways(from, false),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  if (event.target.closest("textarea, select, input, [contenteditable]")) return;
  const here = document.activeElement.closest("[data-stop]");
  if (WAYS[event.key] && agenda) {
    // Nothing chosen yet: begin at the first, but leave the page to scroll where there is nothing.
    const to = here ? WAYS[event.key](here) : document.activeElement === document.body && stops()[0];
    if (here || to) goes(event, to);
    return;
  }
  const link = document.querySelector(
    event.key === "Escape" ? "[data-escape]" : `[data-key="${CSS.escape(event.key)}"]`,
  );
  if (link) {
    event.preventDefault();
    location.assign(link.href);
  } else if (event.key === "m" && here?.dataset.move) {
    event.preventDefault();
    location.assign(here.dataset.move);
  } else if (event.key === "?" && dialog) {
    event.preventDefault();
    dialog.showModal();
  }
});

// Dragging proposes only: it opens the form of moving with that moment filled in.
const hours = agenda?.querySelector(".hours .track");
let dragged = null;
let target = null;

function forget() {
  target?.remove();
  target = null;
}

function moment(day, y) {
  const grid = hours.getBoundingClientRect();
  const rows = Number(agenda.dataset.rows);
  const row = Math.floor(((y - dragged.grip - grid.top) / grid.height) * rows + 0.5);
  const at = Math.max(0, Math.min(row, rows - 1));
  const hour = Number(agenda.dataset.first) + Math.floor(at / 4);
  return { at, time: `${String(hour).padStart(2, "0")}:${String((at % 4) * 15).padStart(2, "0")}`, day: day.dataset.day };
}

if (hours) {
  for (const entry of agenda.querySelectorAll("[data-drag]")) {
    entry.draggable = true;
    entry.addEventListener("dragstart", (event) => {
      if (!hours.checkVisibility()) return event.preventDefault();
      dragged = { entry, grip: event.clientY - along(entry) };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", entry.innerText);
      entry.classList.add("dragged");
    });
    entry.addEventListener("dragend", () => {
      entry.classList.remove("dragged");
      dragged = null;
      forget();
    });
  }
  for (const day of agenda.querySelectorAll("[data-day]")) {
    day.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const here = moment(day, event.clientY);
      if (target?.parentElement !== day) {
        forget();
        target = document.createElement("div");
        target.className = "track target";
        target.append(document.createElement("div"));
        day.append(target);
      }
      target.firstChild.className = `ghost r${here.at + 1} s${dragged.entry.dataset.span}`;
      target.firstChild.textContent = here.time;
    });
    day.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const here = moment(day, event.clientY);
      told.textContent = `${agenda.dataset.said} ${here.day} ${here.time}`;
      const form = new URL(dragged.entry.dataset.drag, location.href);
      form.searchParams.set("day", here.day);
      form.searchParams.set("time", here.time);
      location.assign(form);
    });
  }
}
