"""WCAG as axe checks it, on the page as it stands.

Three quarters of its time went into contrast, for hundreds of cells and labels in the same few styles. Here each
style of text on each ground is looked at until one in it has passed, and then no more in this run.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What passes is not told: it would be most of the answer. No rule of these looks into style sheets.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
SCRIPT = Axe().axe_script
FAULTS = """async ([options, passed]) => {
  const told = (result) => result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target} ${node.failureSummary}`));
  const faults = told(await axe.run(document, {...options, rules: {"color-contrast": {enabled: false}}}));

  const NOTHING = "rgba(0, 0, 0, 0),none,1,none,normal,static";
  const grounds = new Map([[null, ""]]);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const own = String([style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode, style.position]);
      grounds.set(element, ground(element.parentElement) + (own === NOTHING ? "" : `/${own}`));
    }
    return grounds.get(element);
  };
  const look = (element) => {
    const style = getComputedStyle(element);
    const off = (one) => one?.matches(":disabled, [aria-disabled=true]");
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, off(element),
      off(element.closest("label")?.control), element.placeholder && !element.value, ground(element)].join();
  };
  const written = (element) => element.matches("input, select, textarea, button")
    || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0
      && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };
  const unknown = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!written(element) || !seen(element)) continue;
    const one = look(element);
    if (!passed.includes(one)) unknown.set(one, [...(unknown.get(one) || []), element]);
  }
  // One of each look; where that could not be told, as above a picture, all the others of that look.
  const found = new Set();
  for (const pick of [(all) => all.slice(0, 1), (all) => all.slice(1)]) {
    const include = [...unknown].filter(([one]) => !found.has(one)).flatMap(([, all]) => pick(all));
    if (!include.length) continue;
    const result = await axe.run({include}, {
      runOnly: {type: "rule", values: ["color-contrast"]}, resultTypes: ["violations", "passes"],
      elementRef: true, preload: false,
    });
    faults.push(...told(result));
    for (const check of result.passes) for (const node of check.nodes) found.add(look(node.element));
    for (const check of result.violations) for (const node of check.nodes) found.delete(look(node.element));
  }
  return [faults, [...found]];
}"""

# What passed in this run, by look.
_passed: list[str] = []


def violations(page: Page) -> list[str]:
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    faults, passed = page.evaluate(FAULTS, [OPTIONS, _passed])
    _passed.extend(passed)
    return faults
