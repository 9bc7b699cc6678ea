// The queues of doctors: the keys of a case, the next case held ready, and the seconds in which a decision can be taken
// back. Without this file the same forms work with Tab, arrows and Enter, and the next case comes as a page.
const SWITCH = "tnw-assessment-keys";
// Whoever reads what is wrong types next: no letter of that is a command.
const TYPING = "textarea, select, input:not([type='checkbox'], [type='radio']), #faults";
const WRONG = "#decision .wrong :is(textarea, select, input):enabled";
// What leads to the next case; anything else that a case is sent for is a page of its own.
const ONWARD = ["decide", "refer", "examine", "skip"];
const id = (name) => document.getElementById(name);
const queue = () => id("queue");
const form = () => id("decision");

const switched = id("keys-on");
if (switched) {
  switched.checked = localStorage.getItem(SWITCH) !== "off";
  switched.addEventListener("change", () => localStorage.setItem(SWITCH, switched.checked ? "on" : "off"));
}

const tell = (text) => {
  id("said").textContent = text;
};
const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));
const say = (name, value) => document.dispatchEvent(new CustomEvent(name, { detail: value }));

// --- the seconds in which a decision can be taken back: for the eye only, the server counts for itself. Where they are over,
// it is asked what became of them: what could not be recorded stands there with its reason.
const AGAIN = 2000;
const ends = new WeakMap();
let asked = 0;
function announce(strip, which) {
  const said = strip && strip.querySelector(which);
  id("announced").textContent = said ? said.innerText : "";
}
async function settle() {
  asked = Date.now();
  try {
    const answer = await fetch(id("strip").dataset.from);
    if (answer.redirected || !answer.ok) return;
    const strip = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("strip");
    const held = document.activeElement.closest("#strip form")?.getAttribute("action");
    const folded = document.activeElement.matches("#strip summary");
    const [was, fold] = [id("strip"), strip].map((one) => one.querySelector("details"));
    if (was?.open && fold) fold.open = true;
    id("strip").replaceWith(strip);
    if (folded) (fold?.querySelector("summary") ?? document.querySelector("h1")).focus();
    if (held) (strip.querySelector(`[action="${held}"] button`) ?? document.querySelector("h1")).focus();
    announce(strip, ".fault p");
  } catch {
    // asked again, as long as it stands there
  }
}
function count() {
  let over = false;
  for (const note of document.querySelectorAll("#strip [data-left]")) {
    if (!ends.has(note)) ends.set(note, Date.now() + 1000 * Number(note.dataset.left));
    const left = Math.ceil((ends.get(note) - Date.now()) / 1000);
    const clock = note.querySelector("[data-clock]");
    clock.textContent = `${Math.max(left, 0)} s`;
    clock.hidden = false;
    over ||= left <= 0;
  }
  if (over && Date.now() - asked > AGAIN) settle();
}
count();
setInterval(count, 500);

// --- the next case, held ready in memory: it is shown only where the server still says that it comes next
let kept = null;
let at = location.pathname + location.search;
async function prepare() {
  kept = null;
  const here = queue();
  try {
    const answer = await fetch(here.dataset.ahead);
    const [url, head] = [answer.headers.get("X-Queue-Url"), answer.headers.get("X-Queue-Head")];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (url && here.isConnected) kept = { url, head, page };
  } catch {
    // Without it the next case comes with the answer to the decision.
  }
  here.dataset.ready = kept?.url ?? "";
}

function show(page, url) {
  const part = page.getElementById("queue");
  queue().replaceWith(part);
  document.title = page.title;
  if (url) history.pushState(null, "", url);
  at = location.pathname + location.search;
  window.htmx?.process(part);
  say("tnw:shown", part);
  count();
  scrollTo(0, 0);
  shut = "";
  (part.querySelector(WRONG) ?? part.querySelector("[data-focus]") ?? part.querySelector("h1")).focus();
  announce(url && part, ".pending p");
  prepare();
}

async function send(sent, submitter) {
  const body = new FormData(sent, submitter);
  if (kept) {
    body.set("ahead", kept.url);
    body.set("ahead_head", kept.head);
  }
  sent.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(sent.action, { method: "POST", body, headers: { "X-Queue": "next" } });
    if (answer.redirected) return location.reload(); // signed out: what was typed waits in its draft
    const [url, away] = [answer.headers.get("X-Queue-Url"), answer.headers.get("X-Queue-Go")];
    if ((url || away) && submitter?.value !== "skip") say("tnw:recorded", sent);
    if (away) return location.assign(away);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.headers.has("X-Queue-Ready")) {
      kept.page.getElementById("strip").replaceWith(page.getElementById("strip"));
      return show(kept.page, url);
    }
    if (page.getElementById("queue")) return show(page, url);
  } catch {
    // told below
  }
  delete sent.dataset.sent;
  sent.removeAttribute("aria-busy");
  tell(sent.dataset.lost);
}

document.addEventListener("submit", (event) => {
  const act = event.submitter?.value ?? "decide";
  if (event.defaultPrevented || event.target !== form() || !ONWARD.includes(act)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
// Back and forward ask the server anew: what was seen there may be decided since. Within a page nothing is asked.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== at) location.reload();
});
document.querySelector(WRONG)?.focus();
if (queue()) prepare();

// --- the keys
// Whoever asks for what cannot be had decides nothing: what was chosen before it does not wait for Enter.
let shut = "";
function refuse(choices, radio) {
  shut = radio.closest("label").innerText;
  const before = choices.querySelector(":checked");
  const box = form().elements.refer;
  if (box) box.checked = false;
  if (before) {
    before.checked = false;
    changed(before);
  }
  choices.focus();
  tell(shut);
  return false;
}

// What stands already is not chosen again by a key: what comes after it is the referral.
function referInstead() {
  const chosen = form().querySelector("[data-choices] :checked");
  if (chosen) {
    chosen.checked = false;
    changed(chosen);
  }
  form().querySelector("button[value='refer']").focus();
  tell(id("stands").innerText);
  return true;
}

function choose(number) {
  const choices = form().querySelector("[data-choices]");
  const radio = choices.querySelectorAll("input[type='radio']")[number - 1];
  if (!radio) return false;
  if (radio.matches(":disabled")) return refuse(choices, radio);
  if (radio.value === choices.dataset.stands) return referInstead();
  shut = "";
  radio.checked = true;
  radio.focus();
  changed(radio);
  form().elements[choices.dataset.then?.split("|")[number - 1]]?.focus();
  return true;
}

function refer() {
  const first = form().querySelector("button.btn-primary");
  if (first?.value === "refer") {
    first.focus();
    return;
  }
  const box = form().elements.refer;
  if (!box) return;
  if (box.disabled) {
    tell(id("why-not-refer")?.innerText ?? "");
    return;
  }
  if (box.checked) {
    box.checked = false;
  } else if (choose(4)) {
    box.checked = true;
  }
  changed(box);
}

function contact() {
  const select = form().elements.contact;
  if (!select) return;
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  tell(`${select.labels[0].innerText}: ${select.selectedOptions[0].text}`);
  changed(select);
}

function examine() {
  if (!id("examine")) return;
  id("examine").open = true;
  form().elements.day.focus();
}

// What Enter means: the decision where something is chosen, otherwise what the screen was opened for.
function decide() {
  const chosen = form().querySelector("[data-choices] :checked");
  if (!chosen && shut) return tell(shut);
  const button = chosen ? id("decide") : form().querySelector("button.btn-primary");
  if (button && !button.disabled) form().requestSubmit(button);
}

const takeBack = () => document.querySelector("#strip .back button")?.click();
const acts = {
  t: () => form().querySelector("textarea").focus(),
  r: refer,
  m: contact,
  e: examine,
  s: () => form().requestSubmit(id("skip")),
  "?": () => id("keys").showModal(),
};
for (const number of [1, 2, 3, 4]) acts[number] = () => choose(number);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || id("keys")?.open || event.altKey) return;
  const { target, key } = event;
  const held = event.ctrlKey || event.metaKey;
  const typing = target.closest(TYPING);
  const single = !held && !typing && switched?.checked !== false;
  if (!typing && ((held && key === "z") || (single && key === "u"))) {
    event.preventDefault();
    if (!event.repeat) takeBack();
  } else if (!form()) {
    return;
  } else if (key === "Enter" && target.closest("#examine input")) {
    event.preventDefault();
    form().requestSubmit(document.querySelector("#examine button"));
  } else if (key === "Enter" && (held || !target.closest(`${TYPING}, button, a, summary`))) {
    event.preventDefault();
    if (!event.repeat) decide();
  } else if (key === "Escape" && target.matches("textarea, #faults")) {
    (form().querySelector("[data-choices] :checked") ?? id("decide")).focus();
  } else if (single && acts[key]) {
    event.preventDefault();
    acts[key]();
  }
});
