// The keys of the assessment screen. Without this file the same form works with Tab, arrows and Enter.
const decision = document.getElementById("decision");
const said = document.getElementById("said");
const help = document.getElementById("keys");
const switched = document.getElementById("keys-on");
const SWITCH = "tnw-assessment-keys";
const TYPING = "textarea, select, input:not([type='checkbox'], [type='radio'])";

switched.checked = localStorage.getItem(SWITCH) !== "off";
switched.addEventListener("change", () => localStorage.setItem(SWITCH, switched.checked ? "on" : "off"));

const tell = (text) => {
  said.textContent = text;
};
const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

function choose(category) {
  const radio = decision.querySelector(`[name="category"][value="${category}"]`);
  if (radio.matches(":disabled")) {
    tell(radio.closest("label").innerText);
    return false;
  }
  radio.checked = true;
  radio.focus();
  changed(radio);
  return true;
}

function refer() {
  const first = decision.querySelector("button.btn-primary");
  if (first?.value === "refer") {
    first.focus();
    return;
  }
  const box = decision.elements.refer;
  if (box.disabled) {
    tell(document.getElementById("why-not-refer")?.innerText ?? "");
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
  const select = decision.elements.contact;
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  tell(`${select.labels[0].innerText}: ${select.selectedOptions[0].text}`);
  changed(select);
}

function examine() {
  document.getElementById("examine").open = true;
  decision.elements.day.focus();
}

// What Enter means: the decision where a category is chosen, otherwise what the screen was opened for.
function decide() {
  const chosen = decision.querySelector('[name="category"]:checked');
  const button = chosen ? document.getElementById("decide") : decision.querySelector("button.btn-primary");
  if (button && !button.disabled) decision.requestSubmit(button);
}

const acts = {
  1: () => choose(1),
  2: () => choose(2) && decision.elements.reason.focus(),
  3: () => choose(3) && decision.elements.reason.focus(),
  4: () => choose(4),
  t: () => decision.elements.reason.focus(),
  r: refer,
  m: contact,
  e: examine,
  s: () => decision.requestSubmit(document.getElementById("skip")),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || help.open || event.altKey) return;
  const { target, key } = event;
  const held = event.ctrlKey || event.metaKey;
  if (key === "Enter" && target.closest("#examine input")) {
    event.preventDefault();
    decision.requestSubmit(document.querySelector("#examine button"));
  } else if (key === "Enter" && (held || !target.closest(`${TYPING}, button, a, summary`))) {
    event.preventDefault();
    if (!event.repeat) decide();
  } else if (key === "Escape" && target === decision.elements.reason) {
    (decision.querySelector('[name="category"]:checked') ?? document.getElementById("decide")).focus();
  } else if (!held && switched.checked && !target.closest(TYPING) && acts[key]) {
    event.preventDefault();
    acts[key]();
  }
});
